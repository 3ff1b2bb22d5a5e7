#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: extension
short_description: Manage an extension on PortaSwitch or Vodia PBX
version_added: 0.1.0
description:
  - Creates, updates and deletes one extension. Options that are left out are not managed.
  - A number is unique among extensions and hunt groups. This is checked before anything is written.
  - V(apio) is refused, because its users are not managed. V(vodia) goes beyond the vendor page of its hunt groups. Its guide
    states what the vendor documents and what is inferred.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes
  - telephony.pbx.connection
options:
  id:
    description: The number of the extension. Put it in quotes, so that a leading zero stays.
    type: str
  name:
    description:
      - The name of the extension. On C(portaswitch) it is needed to create one.
      - C(vodia) keeps a given name and a surname. Written as one, the first word becomes the given name; write
        C(first_name) and C(display_name) (the surname) in O(settings) to divide it otherwise.
    type: str
  account:
    description:
      - The account (phone line) behind the extension, by its record number (IAccount). C(portaswitch) needs it to create
        an extension, C(vodia) has none.
    type: int
  remove_from_hunt_groups:
    description:
      - With O(state=absent), whether to take the extension out of the hunt groups that ring it first.
      - Without it, deleting an extension that a hunt group still rings is an error that names the groups.
    type: bool
  settings:
    description:
      - Further settings in the backend's own field names, for example C(email_address) on C(vodia). Only what is written
        is managed. C(portaswitch) has none.
    type: dict
  state:
    description: Whether the extension shall be there.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: telephony.pbx.extension_info
"""

EXAMPLES = r"""
- name: Create an extension on PortaSwitch
  telephony.pbx.extension:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    id: "0112"
    name: Hanna Support
    account: 700009

- name: Create an extension on Vodia
  telephony.pbx.extension:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    id: "447"
    settings:
      first_name: Hanna
      display_name: Support
      email_address: hanna@example.com
      alias: ["8447"]

- name: The desk is given up, whoever still rings it
  telephony.pbx.extension:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    id: "107"
    state: absent
    remove_from_hunt_groups: true
"""

RETURN = r"""
extension:
  description: The extension after the run (in check mode as it would be), or null when there is none.
  returned: when the extension could be read
  type: dict
  sample: {id: "0112", name: Hanna Support, account: 700009, settings: {}}
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
    module.main("extension")


if __name__ == "__main__":
    main()
