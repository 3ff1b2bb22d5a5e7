#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: agent
short_description: Sign an agent in to hunt groups, or out of them, on PortaSwitch
version_added: 0.1.0
description:
  - Signs the agent of one account in to hunt groups, or out of them. Sign-ins that already match are not touched, so the
    sign-in history stays correct.
  - Only the backend V(portaswitch) supports this.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes
  - telephony.pbx.connection
options:
  account:
    description: The account of the agent, by its record number (IAccount).
    type: int
  hunt_groups:
    description: The hunt groups, by number. All that the agent is a member of, if left out.
    type: list
    elements: str
  wrapup:
    description:
      - Whether a wrap-up time is meant. Only for all hunt groups of an agent together.
      - It cannot be read, so it is sent only when the sign-in itself changes.
    type: bool
  service_password:
    description: Sign in with the agent's own service password instead of the License. Needs O(environment_id).
    type: str
  environment_id:
    description: The record number of the environment (IEnv), for O(service_password).
    type: int
  hashed_account:
    description: Sign in with the hash of the account instead of the License.
    type: str
  state:
    description: Whether the agent shall be signed in.
    type: str
    choices: [logged_in, logged_out]
    default: logged_in
seealso:
  - module: telephony.pbx.hunt_group
"""

EXAMPLES = r"""
- name: Sign an agent in to all hunt groups
  telephony.pbx.agent:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    account: 700004
    state: logged_in

- name: Sign an agent out of one hunt group
  telephony.pbx.agent:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    account: 700002
    hunt_groups:
      - "200"
    state: logged_out
"""

RETURN = r"""
agent:
  description: The account and its hunt groups, each with its sign-in after the run, in check mode as it would be.
  returned: when it could be read
  type: dict
  sample:
    account: 700004
    sign_ins:
      - {id: "99999", logged_in: true}
plan:
  description: What was to be done, and what became of it, one entry per object.
  returned: always
  type: list
  elements: dict
  contains:
    resource:
      description: The kind of object.
      type: str
    id:
      description: What identifies it.
      type: str
    action:
      description: One of C(create), C(update), C(delete) and C(unchanged).
      type: str
    changes:
      description: The fields that differ, each with C(field), C(before) and C(after).
      type: list
      elements: dict
    status:
      description: One of C(unchanged), C(planned) (in check mode), C(done) and C(failed).
      type: str
    error:
      description: What went wrong, what was done all the same and what was not.
      type: str
summary:
  description: How many objects were, or in check mode would be, created, updated, deleted, left unchanged, or failed.
  returned: when the state could be read
  type: dict
  sample: {create: 0, update: 1, delete: 0, unchanged: 0, failed: 0}
verdict:
  description:
    - V(clean) when nothing differs, V(drift) when something does in check mode, V(applied) when it was put right, and
      V(incomplete) when something could not be read or written.
  returned: always
  type: str
requests:
  description: How many requests were sent, logins and repetitions included.
  returned: always
  type: int
"""

from ansible_collections.telephony.pbx.plugins.module_utils.entry import ansible as module


def main() -> None:
    module.main("agent")


if __name__ == "__main__":
    main()
