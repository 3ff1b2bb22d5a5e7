#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group
short_description: Manage a hunt group on PortaSwitch, Vodia PBX or BroadWorks
version_added: 1.0.0
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
  id:
    description:
      - The identifier of the hunt group. On V(portaswitch) and V(vodia) the number that callers dial, on V(apio) the serviceUserId.
      - At least one of O(id) and O(name) is required. With both, O(id) identifies the hunt group and O(name) is managed.
      - On V(apio) a hunt group can be created without O(id) when the server generates identifiers. It is then looked up
        by O(name).
      - Put numbers in quotes to keep leading zeros.
    type: str
  name:
    description:
      - The name of the hunt group.
      - Without O(id), the hunt group is looked up by its name. More than one match is an error.
    type: str
  policy:
    description:
      - How calls are distributed to the members.
      - With V(regular) and V(circular) the order of O(members) is significant.
      - V(vodia) has no policy. Its members ring by stage.
      - Only on V(apio) and V(portaswitch). V(apio) has V(regular), V(circular), V(simultaneous), V(uniform), V(weighted).
        V(portaswitch) has V(regular), V(random), V(simultaneous), V(least_used).
    type: str
    choices:
      - regular
      - circular
      - simultaneous
      - uniform
      - weighted
      - random
      - least_used
  members:
    description:
      - The members that ring. An empty list removes all members.
      - Options of a member that are left out keep their values. New members are added before others are removed.
    type: list
    elements: dict
    suboptions:
      extension:
        description:
          - The number of the member. On V(vodia) an external number is possible.
          - On V(apio) a user ID (with C(@)), or the extension or phone number of exactly one user that the hunt group can
            have as a member.
        type: str
        required: true
      weight:
        description:
          - The share of calls in percent, for the policy V(weighted). The weights of a hunt group total 100.
          - Only on V(apio). From 0 to 100.
        type: int
      stage:
        description:
          - The stage in which the member rings. Members of one stage ring together.
          - A new member without O(members[].stage) rings in the first stage.
          - Only on V(vodia). From 1 to 3.
        type: int
      ring_delay:
        description:
          - Seconds before the member starts to ring.
          - Only on V(portaswitch). From 0 to 3600.
        type: int
      ring_time:
        description:
          - Seconds that the member rings. V(0) means without end.
          - Only on V(portaswitch). From 0 to 3600.
        type: int
      huntstop:
        description:
          - Whether the own forwarding and voicemail of the member are ignored.
          - Only on V(portaswitch).
        type: bool
      primary:
        description:
          - Whether this is the primary hunt group of the member. A member has at most one.
          - Only on V(portaswitch).
        type: bool
      logged_in:
        description:
          - Whether the agent is signed in to the hunt group. Managed only where it is declared. Exports leave it out.
          - Only on V(portaswitch).
        type: bool
  membership:
    description:
      - With V(exact), the hunt group has exactly the declared members.
      - With V(at_least), members that are not declared stay. The plan lists them under C(kept).
    type: str
    choices:
      - exact
      - at_least
    default: exact
  overflow_to:
    description:
      - The number that receives calls that no member answers.
      - On V(apio) the number for forwarding after a timeout, on V(vodia) the final stage, which can have several numbers
        separated by blanks.
      - Only on V(apio) and V(vodia).
    type: str
  overflow_after:
    description:
      - Seconds after which a call overflows to O(overflow_to).
      - Only on V(apio). From 0 to 7200.
    type: int
  enabled:
    description:
      - Whether the hunt group accepts calls.
      - Only on V(apio) and V(vodia).
    type: bool
  extension:
    description:
      - The extension of the hunt group. On other backends O(id) is the number.
      - Only on V(apio).
    type: str
  phone_number:
    description:
      - The phone number of the hunt group, preferably in E.164 format. On other backends O(id) is the number.
      - Only on V(apio).
    type: str
  settings:
    description:
      - Other settings of the hunt group in the field names of the backend, such as C(melody) and C(st1_dur) on V(vodia),
        C(noAnswerNumberOfRings) and C(serviceInstanceProfile) on V(apio), and C(HuntKeepOriginalCli) and C(PickupAllowed)
        on V(portaswitch). Only declared settings are managed.
      - Names and values are checked before the first request. The guide of each backend lists all settings.
    type: dict
  remove_from_hunt_groups:
    description:
      - With O(state=absent), whether to remove the hunt group from other hunt groups that have it as a member.
    type: bool
  leave_references:
    description:
      - With O(state=absent), whether to delete the hunt group although other objects still lead to it.
      - Without it, the run fails before the first write and names each reference.
    type: bool
  state:
    description:
      - Whether the hunt group exists.
    type: str
    choices:
      - present
      - absent
    default: present
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

- name: Delete a hunt group that is a member of other hunt groups
  telephony.pbx.hunt_group:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    id: "1004"
    state: absent
    remove_from_hunt_groups: true

- name: Delete a hunt group although calls still overflow to it
  telephony.pbx.hunt_group:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    list_limit: 0
    id: "210"
    state: absent
    leave_references: true
"""

RETURN = r"""
hunt_group:
  description:
    - The hunt group after the run, in the form of the options. Null when it does not exist.
    - In check mode, the hunt group as a run would leave it. Values that the server sets on creation are not known then.
  returned: when the hunt group could be read
  type: dict
  sample:
    id: "1002"
    name: Hunt
    members:
      - extension: "444"
        stage: 1
    overflow_to: "8572665588"
    enabled: true
    settings:
      melody: ringer6
      st1_dur: 5
plan:
  description: One entry for each object that differs from its declaration, or that could not be processed. Unchanged objects
    are not listed.
  returned: always
  type: list
  elements: dict
  contains:
    resource:
      description: The kind of object.
      type: str
      sample: hunt_group
    id:
      description: The key that identifies the object on the server.
      type: str
      sample: "200"
    name:
      description: The name of the object before the run.
      type: str
      sample: Sales
    action:
      description: C(create), C(update), C(delete), or C(unchanged) for an object that could not be processed.
      type: str
    changes:
      description: One entry for each value that differs.
      type: list
      elements: dict
      contains:
        field:
          description: The address of the value, such as C(overflow_to), C(settings.st1_dur) or C(members[106].ring_time).
          type: str
        before:
          description: The value on the server. Null for something that is added.
          type: raw
        after:
          description: The declared value. Null for something that is removed.
          type: raw
    status:
      description: C(planned) in check mode, C(done), C(failed), C(skipped) when the run did not get to it, or C(unchanged).
      type: str
    error:
      description: Why it failed or was skipped, and what was changed before the failure. Null when there was no error.
      type: str
    error_class:
      description: The class of the error.
      returned: when the object failed
      type: str
    kept:
      description: List items that are not declared and stay, because of C(membership=at_least).
      returned: when there are any
      type: list
      elements: str
    how:
      description: Side effects of the write, such as a member that is removed and added again.
      returned: when there are any
      type: list
      elements: str
    origin:
      description: C(purge), or the deletion that makes this change necessary.
      returned: when the object is not declared
      type: str
  sample:
    - resource: hunt_group
      id: "200"
      name: Sales
      action: update
      changes:
        - field: members[106].ring_time
          before: 15
          after: 25
      status: done
      error: null
summary:
  description:
    - The number of objects for each action (C(create), C(update), C(delete), C(unchanged)). In check mode, what a run would
      do.
    - C(failed) counts objects that could not be read or written, C(skipped) those that the run did not get to, and C(unmanaged)
      those that are on the server and not declared.
  returned: always
  type: dict
  sample:
    create: 0
    update: 1
    delete: 0
    unchanged: 4
    failed: 0
    skipped: 0
    unmanaged: 0
verdict:
  description:
    - C(clean) when nothing differs. C(drift) when something differs in check mode. C(applied) when a run changed everything
      that differed.
    - C(incomplete) when something could not be read or written.
  returned: always
  type: str
  sample: applied
plan_id:
  description: A digest of system, tenant and plan. The same plan has the same digest, in check mode and in a real run.
  returned: when a plan was made
  type: str
  sample: 3f0c8a5b9d1e4f7a8b2c6d0e1f3a5b7c
findings:
  description: What is wrong or looks wrong in the declaration or the plan, and the advice if it is asked for.
  returned: when the declaration could be read; in an info module when advice is asked for
  type: list
  elements: dict
  contains:
    id:
      description: The rule or check.
      type: str
      sample: overflow-loop
    severity:
      description: C(error), C(warning) or C(info).
      type: str
    path:
      description: The place in the declaration, or the object of an advice, such as C(hunt_groups/200).
      type: str
      sample: hunt_groups[1].overflow_to
    message:
      description: What is wrong.
      type: str
    hint:
      description: What to write instead.
      type: str
diff:
  description: The differences, one line for each value, each with its object.
  returned: when something differs
  type: dict
  contains:
    prepared:
      description: The text that C(--diff) shows.
      type: str
      sample: 'hunt_group 200 (Sales): members[106].ring_time: 15 -> 25

        '
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
    module.main("hunt_group")


if __name__ == "__main__":
    main()
