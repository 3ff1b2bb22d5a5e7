#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group_weights
short_description: Manage the weights of hunt group members on BroadWorks
version_added: 0.1.0
description:
  - Declares the share of calls that each member of a hunt group gets. Members are never added or removed.
  - Every member has to be declared, because the server sets the weight of any other member to 0.
  - Only the backend V(apio) supports this.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes
  - telephony.pbx.connection
options:
  hunt_group:
    description: The hunt group, by its serviceUserId or its name.
    type: str
  weights:
    description: The weight of every member. They have to total 100.
    type: list
    elements: dict
    suboptions:
      extension:
        description: The member, by user ID, extension or phone number.
        type: str
        required: true
      weight:
        description: Its share of calls in percent, 0 to 100.
        type: int
        required: true
  allow_any_total:
    description: Whether the weights may total something else than 100.
    type: bool
  ensure_policy:
    description:
      - Whether to set the policy of the hunt group to weighted, where it is not.
      - Without it, a hunt group with another policy is an error, because weights would have no effect.
    type: bool
seealso:
  - module: telephony.pbx.hunt_group
  - module: telephony.pbx.hunt_group_weights_info
"""

EXAMPLES = r"""
- name: Give one member two calls of three
  telephony.pbx.hunt_group_weights:
    backend: apio
    url: https://apio.example/api/v01/p1
    tenant: ApioSpTest
    group: ApioGrpTest
    token: "{{ apio_machine_token }}"
    hunt_group: ApioWeighted@sip.netaxis.be
    weights:
      - extension: ApioUserTest1@sip.netaxis.be
        weight: 67
      - extension: "5002"
        weight: 33
"""

RETURN = r"""
hunt_group_weights:
  description: The hunt group, its policy and the weights after the run, in check mode as they would be.
  returned: when they could be read
  type: dict
  sample:
    hunt_group: ApioWeighted@sip.netaxis.be
    policy: weighted
    weights:
      - {extension: ApioUserTest1@sip.netaxis.be, weight: 67}
      - {extension: ApioUserTest2@sip.netaxis.be, weight: 33}
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
    module.main("hunt_group_weights")


if __name__ == "__main__":
    main()
