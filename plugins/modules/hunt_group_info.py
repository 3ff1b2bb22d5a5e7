#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group_info
short_description: Read hunt groups from PortaSwitch, Vodia PBX or BroadWorks
version_added: 0.1.0
description:
  - Returns hunt groups in the form that M(telephony.pbx.hunt_group) accepts.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
options:
  id:
    description: Only the hunt group with this number (on C(apio) with this serviceUserId).
    type: str
  name:
    description: Only the hunt group with this name. More than one match is an error.
    type: str
  account:
    description: On C(portaswitch), only hunt groups that this account (IAccount) is a member of.
    type: int
  available_members:
    description: On C(apio), whether to return the users that a hunt group can have as members too.
    type: bool
  same_group_only:
    description: With O(available_members), only users of the same group, not of the whole enterprise.
    type: bool
  department:
    description: With O(available_members), only users of the department with this name.
    type: str
  sign_in_history_from:
    description:
      - On C(portaswitch), return also who signed in and out since this day, written like V(2026-01-31).
    type: str
seealso:
  - module: telephony.pbx.hunt_group
"""

EXAMPLES = r"""
- name: Read all hunt groups of a Vodia domain
  telephony.pbx.hunt_group_info:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
  register: found

- name: Read one hunt group of a PortaSwitch customer
  telephony.pbx.hunt_group_info:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    id: "200"
"""

RETURN = r"""
hunt_groups:
  description: The hunt groups found; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  sample:
    - id: "1002"
      name: Hunt
      members:
        - {extension: "444", stage: 1}
      overflow_to: "8572665588"
      enabled: true
      settings: {melody: ringer6, st1_dur: 5}
available_members:
  description: The users that a hunt group can have as members.
  returned: with O(available_members)
  type: list
  elements: dict
  sample:
    - extension: ApioUserTest2@sip.netaxis.be
      name: Test2 Test2
      number: "5002"
      phone_number: "+3225126779"
      department: ""
sign_in_history:
  description: Who signed in and out, with times as the server writes them. A sign-in that lasts has no end.
  returned: with O(sign_in_history_from)
  type: list
  elements: dict
  sample:
    - hunt_group: "200"
      account: 700002
      name: Sales
      signed_in: "2026-01-05 08:00:00"
      signed_out: ""
      active: true
requests:
  description: How many requests were sent, logins and repetitions included.
  returned: always
  type: int
"""

from ansible_collections.telephony.pbx.plugins.module_utils.entry import ansible as module


def main() -> None:
    module.main("hunt_group_info")


if __name__ == "__main__":
    main()
