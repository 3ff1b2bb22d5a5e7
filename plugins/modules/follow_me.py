#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: follow_me
short_description: Manage follow-me destinations and call forwarding
version_added: 1.0.0
description:
  - Declares the ordered list of destinations of one account, or its call forwarding. Destinations that are renamed,
    renumbered or moved are updated in place where the server allows it. New destinations are added before others are deleted.
  - On V(portaswitch) a destination is identified by its name, or else by its number and domain; on V(apio) by its number.
  - On V(vodia) calls are forwarded with O(forwarding). On V(apio) destinations are the locations of the service Sequential
    Ring of the user, and O(forwarding) stands for Call Forwarding Always and Call Forwarding Busy. The guides state what the
    vendor documents and what is inferred.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes
  - telephony.pbx.connection
options:
  account:
    description:
      - Whose calls are forwarded.
      - On V(portaswitch) the record number of the account (IAccount), on V(vodia) the number of the extension, on V(apio)
        a user ID, or the extension or phone number of exactly one user.
      - On V(apio) at most 161 characters. On V(portaswitch) from 1 to 2147483647. On V(vodia) at most 64 characters.
    type: str
  forwarding:
    description:
      - Where calls go in which case. Cases that are left out keep their values. An empty value ends the forwarding.
      - Only on V(apio) and V(vodia).
    type: dict
    suboptions:
      always:
        description:
          - The number that receives all calls. It takes precedence over the other cases.
          - At most 161 characters.
        type: str
      busy:
        description:
          - The number that receives calls while the line is busy.
          - At most 161 characters.
        type: str
      no_answer:
        description:
          - The number that receives calls that are not answered.
          - Only on V(vodia). At most 161 characters.
        type: str
      no_answer_after:
        description:
          - Seconds after which a call counts as not answered. An empty value means the default of the server.
          - Only on V(vodia). From 1 to 3600.
        type: raw
      not_registered:
        description:
          - The number that receives calls while no phone is registered.
          - Only on V(vodia). At most 161 characters.
        type: str
  destinations:
    description:
      - The destinations, in this order. An empty list removes all destinations.
      - V(apio) has at most five, and rings them only while a criterion of the service is active on the server.
      - Only on V(apio) and V(portaswitch).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the destination. A new destination without it is named after its number.
          - Only on V(portaswitch). At most 128 characters. Cannot be cleared.
        type: str
      number:
        description:
          - The number to call. Required for a new destination.
          - Cannot be cleared.
        type: str
      timeout:
        description:
          - Seconds that the destination rings. A new destination without it gets the default of the account.
          - Only on V(portaswitch). From 0 to 3600.
        type: int
      active:
        description:
          - Whether the destination is used. New destinations are active by default.
          - Only on V(portaswitch).
        type: bool
      domain:
        description:
          - The domain in which the number is called.
          - Only on V(portaswitch). At most 255 characters.
        type: str
      keep_original_cld:
        description:
          - Whether the destination sees the number that was called first.
          - Only on V(portaswitch).
        type: bool
      keep_original_cli:
        description:
          - What the destination sees as the caller.
          - V(caller) is the number and name of the caller, V(forwarder) those of the forwarding account, V(caller_number)
            the number of the caller with the name of the account.
          - Only on V(portaswitch).
        type: str
        choices:
          - caller
          - forwarder
          - caller_number
      period:
        description:
          - When the destination is used, such as V(hr{8-18} wd{mo-fri}). Separate several periods with commas.
          - V(Always) and an empty value both mean always.
          - Only on V(portaswitch). At most 1000 characters.
        type: str
      period_description:
        description:
          - A description of the period.
          - Only on V(portaswitch). At most 255 characters.
        type: str
      rings:
        description:
          - How many times the destination rings, V(0) or V(2) to V(20).
          - Only on V(apio). From 0 to 20.
        type: int
      answer_confirmation:
        description:
          - Whether the person who answers has to press a key.
          - Only on V(apio).
        type: bool
  membership:
    description:
      - With V(exact), the account has exactly the declared destinations.
      - With V(at_least), other destinations stay, after the declared ones where their places cannot be kept.
    type: str
    choices:
      - exact
      - at_least
    default: exact
  settings:
    description:
      - Other settings in the field names of the backend, such as C(callerMayStopSearch). Only declared settings are managed.
      - Only on V(apio).
    type: dict
  state:
    description:
      - With V(absent), all destinations are removed and calls are no longer forwarded.
    type: str
    choices:
      - present
      - absent
    default: present
seealso:
  - module: telephony.pbx.follow_me_info
"""

EXAMPLES = r"""
- name: Forward calls to a mobile in office hours, and home always
  telephony.pbx.follow_me:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    account: 700001
    destinations:
      - name: Mobile
        number: "+32470123456"
        timeout: 20
        keep_original_cli: caller
        period: hr{8-18} wd{mo-fri}
        period_description: Office hours
      - name: Home
        number: "3227654321"
        timeout: 25

- name: Forward calls to the front desk when nobody answers
  telephony.pbx.follow_me:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    account: "444"
    forwarding:
      no_answer: "1002"
      no_answer_after: 20

- name: Ring the mobile after the desk
  telephony.pbx.follow_me:
    backend: apio
    url: https://apio.example/api/v01/p1
    tenant: ApioSpTest
    group: ApioGrpTest
    token: "{{ apio_machine_token }}"
    account: ApioUserTest@sip.netaxis.be
    destinations:
      - number: "+32470123456"
        rings: 5
    settings:
      ringBaseLocationFirst: true

- name: Remove all destinations
  telephony.pbx.follow_me:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    account: 700001
    state: absent
"""

RETURN = r"""
follow_me:
  description: The destinations and forwarding after the run, or in check mode as a run would leave them.
  returned: when they could be read
  type: dict
  sample:
    account: "700001"
    destinations:
      - name: Mobile
        number: "32470123456"
        timeout: 20
        active: true
        period: Always
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
    module.main("follow_me")


if __name__ == "__main__":
    main()
