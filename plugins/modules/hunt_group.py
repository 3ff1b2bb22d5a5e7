#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group
short_description: Manage a hunt group on PortaSwitch, Vodia PBX or BroadWorks
version_added: 0.1.0
description:
  - Creates, updates and deletes one hunt group. Options that are left out are not managed. Empty values clear.
  - Options that the backend cannot express are refused before the first request.
  - After a change the hunt group is read again. A value that the server accepted but did not store is an error.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes
  - telephony.pbx.connection
options:
seealso:
  - module: telephony.pbx.hunt_group_info
"""

EXAMPLES = r"""
- name: Create a hunt group on BroadWorks with overflow to a mobile number
  telephony.pbx.hunt_group:
    backend: apio
    url: https://apio.example/api/v01/p1
    tenant: ApioSpTest
    group: ApioGrpTest
    token: "{{ apio_machine_token }}"
    id: APIOTestHuntGroup@sip.netaxis.be
    name: APIO Test Hunt Group
    policy: regular
    members:
      - extension: ApioUserTest@sip.netaxis.be
      - extension: "5001"
    overflow_to: "+3225126999"
    overflow_after: 20
    settings:
      noAnswerNumberOfRings: 4
      serviceInstanceProfile:
        language: French

- name: Create a hunt group on Vodia with two stages and a final number
  telephony.pbx.hunt_group:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    id: "1002"
    name: Hunt
    members:
      - extension: "444"
        stage: 1
      - extension: "445"
        stage: 2
    overflow_to: "8572665588"
    settings:
      melody: ringer6
      st1_dur: 5

- name: Create a hunt group on PortaSwitch where the second member rings after ten seconds
  telephony.pbx.hunt_group:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    id: "200"
    name: Sales
    policy: simultaneous
    members:
      - extension: "101"
      - extension: "102"
        ring_delay: 10
        ring_time: 20
        huntstop: true

- name: The group is no longer needed
  telephony.pbx.hunt_group:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    id: "1004"
    state: absent
"""

RETURN = r"""
hunt_group:
  description:
    - The hunt group after the run, in the words of the options, or null when there is none.
    - In check mode as it would be. What a server fills in by itself at creation is not known then.
  returned: when the hunt group could be read
  type: dict
  sample:
    id: "1002"
    name: Hunt
    members:
      - {extension: "444", stage: 1}
    overflow_to: "8572665588"
    enabled: true
    settings: {melody: ringer6, st1_dur: 5}
plan:
  description: What was to be done, and what became of it, one entry per object.
  returned: always
  type: list
  elements: dict
  contains:
    resource:
      description: The kind of object.
      type: str
      sample: hunt_group
    id:
      description: What identifies it.
      type: str
      sample: "1002"
    action:
      description: One of C(create), C(update), C(delete) and C(unchanged).
      type: str
    changes:
      description: The fields that differ, each with C(field), C(before) and C(after).
      type: list
      elements: dict
    kept:
      description: Members that are not declared and stay, with O(membership=at_least).
      type: list
      elements: str
    status:
      description: One of C(unchanged), C(planned) (in check mode), C(done) and C(failed).
      type: str
    error:
      description: What went wrong, what was done all the same and what was not.
      type: str
summary:
  description: How many objects were, or in check mode would be, created, updated, deleted, left unchanged; and how many failed.
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
    module.main("hunt_group")


if __name__ == "__main__":
    main()
