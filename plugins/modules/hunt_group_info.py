#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group_info
short_description: Read hunt groups from PortaSwitch, Vodia PBX or BroadWorks
version_added: 1.0.0
description:
  - Returns hunt groups in the form that M(telephony.pbx.hunt_group) accepts.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
options:
  id:
    description:
      - Return only the hunt group with this number (on V(apio) this serviceUserId).
    type: str
  name:
    description:
      - Return only the hunt group with this name. More than one match is an error.
    type: str
  account:
    description:
      - Return only hunt groups that have this account (IAccount) as a member.
      - Only on V(portaswitch). From 1 to 2147483647.
    type: int
  available_members:
    description:
      - Whether to return the users that a hunt group can have as members.
      - Only on V(apio).
    type: bool
  same_group_only:
    description:
      - With O(available_members), return only users of the same group instead of the whole enterprise.
      - Only on V(apio).
    type: bool
  department:
    description:
      - With O(available_members), return only users of the department with this name.
      - Only on V(apio). At most 50 characters.
    type: str
  sign_in_history_from:
    description:
      - Return the sign-ins and sign-outs of agents since this date, such as V(2026-01-31).
      - Only on V(portaswitch).
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
  description: The hunt groups. An empty list when there is none.
  returned: success
  type: list
  elements: dict
  sample:
    - id: "1002"
      name: Hunt
      members:
        - extension: "444"
          stage: 1
      overflow_to: "8572665588"
      enabled: true
      settings:
        melody: ringer6
        st1_dur: 5
available_members:
  description: The users that a hunt group can have as members.
  returned: with O(available_members)
  type: list
  elements: dict
  sample:
    - extension: ApioUserTest2@sip.netaxis.be
      name: Test2 Test2
      number: "5002"
      phone_number: '+3225126779'
      department: ""
sign_in_history:
  description: Sign-ins and sign-outs, with times as the server shows them. C(signed_out) is empty while the agent is signed
    in.
  returned: with O(sign_in_history_from)
  type: list
  elements: dict
  sample:
    - hunt_group: "200"
      account: 700002
      name: Sales
      signed_in: '2026-01-05 08:00:00'
      signed_out: ""
      active: true
requests:
  description: The number of requests that were sent, with logins and retries.
  returned: when a connection could be configured
  type: int
  sample: 6
error_class:
  description: The class of the error, such as C(InvalidOption), C(Unsupported), C(Conflict), C(Incomplete) or C(TransportError).
    C(Defect) is a defect of this collection.
  returned: on failure
  type: str
  sample: Conflict
exception:
  description: The traceback of a defect of this collection.
  returned: on a defect of this collection
  type: str
"""

from ansible_collections.telephony.pbx.plugins.module_utils.entry import object_module as module


def main() -> None:
    module.main("hunt_group_info")


if __name__ == "__main__":
    main()
