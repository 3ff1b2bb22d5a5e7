# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of a hunt group's options, shared by the modules that take one."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  id:
    description:
      - What identifies the hunt group. On V(portaswitch) and V(vodia) the number that is dialled, on V(apio) the
        serviceUserId.
      - At least one of O(id) and O(name) is needed. With both, O(id) identifies the group and O(name) is managed.
      - On V(apio) a group may be created without it where the server generates ids. It is then found again by O(name).
    type: str
  name:
    description:
      - The name of the hunt group.
      - Without O(id) the group is looked up by it, and more than one match is an error.
    type: str
  policy:
    description:
      - How calls are given to the members. V(portaswitch) has V(regular), V(random), V(simultaneous) and V(least_used).
        V(apio) has V(regular), V(circular), V(simultaneous), V(uniform) and V(weighted). V(vodia) has none, it rings
        members by their stage.
      - With V(regular) and V(circular) the order of O(members) matters.
    type: str
    choices: [regular, circular, simultaneous, uniform, weighted, random, least_used]
  members:
    description:
      - Who is rung. An empty list removes all members.
      - Members that are new are added before others are removed. What is not written about a member stays as it is.
    type: list
    elements: dict
    suboptions:
      extension:
        description:
          - The number of the member. On V(apio) a user ID (with C(@)), or an extension or phone number of exactly one
            user whom the group can ring. On V(vodia) also an external number.
        type: str
        required: true
      weight:
        description: On V(apio) the share of calls in percent, 0 to 100. The weights of a group have to total 100.
        type: int
      stage:
        description:
          - On V(vodia) the stage in which the member rings, 1 to 3. Members of one stage ring together.
          - A new member without it rings in the first stage.
        type: int
      ring_delay:
        description: On V(portaswitch) how many seconds the member waits before it rings.
        type: int
      ring_time:
        description: On V(portaswitch) how many seconds the member rings, V(0) without end.
        type: int
      huntstop:
        description: On V(portaswitch) whether the member's own forwarding and voicemail are ignored.
        type: bool
      primary:
        description: On V(portaswitch) whether this is the primary group of the member. A member has one at most.
        type: bool
      logged_in:
        description:
          - On V(portaswitch) whether the agent is signed in to the group. That is the agent's own business, so it is
            managed only where it is written.
        type: bool
  membership:
    description:
      - With V(exact) the group has exactly the members that are written. With V(at_least) members added by others stay,
        and are listed under C(kept) in RV(ignore:plan).
    type: str
    choices: [exact, at_least]
    default: exact
  overflow_to:
    description:
      - Where a call goes that nobody answers. On V(apio) the number for forwarding after the timeout, on V(vodia) the
        final stage. An empty value clears it.
      - V(portaswitch) has no such destination.
    type: str
  overflow_after:
    description: On V(apio) after how many seconds a call overflows, 0 to 7200.
    type: int
  enabled:
    description: Whether the group takes calls. Not on V(portaswitch).
    type: bool
  extension:
    description: On V(apio) the group's own extension. Elsewhere O(id) is the number. An empty value clears it.
    type: str
  phone_number:
    description:
      - On V(apio) the group's own number, best in E.164 format. Elsewhere O(id) is the number. An empty value clears it.
    type: str
  settings:
    description:
      - Everything else that the backend knows of a hunt group, in its own field names, for example C(melody) and
        C(st1_dur) on V(vodia), C(noAnswerNumberOfRings) and C(serviceInstanceProfile) on V(apio),
        C(HuntKeepOriginalCli) and C(PickupAllowed) on V(portaswitch). Only what is written is managed.
      - Names and values are checked before the first request. The guides list them all.
    type: dict
  state:
    description: Whether the hunt group shall be there.
    type: str
    choices: [present, absent]
    default: present
"""
