#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: follow_me
short_description: Manage follow-me destinations and call forwarding
version_added: 0.1.0
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
      - Whose calls follow. On C(portaswitch) the record number of the account (IAccount), on C(vodia) the number of the
        extension, on C(apio) a user ID, or the extension or phone number of exactly one user.
    type: str
  forwarding:
    description:
      - Where calls go in which case. Cases that are left out stay as they are, an empty value ends the forwarding.
      - C(vodia) has all of them, C(apio) has V(always) and V(busy).
    type: dict
    suboptions:
      always:
        description: Where all calls go. This comes before the other cases.
        type: str
      busy:
        description: Where calls go while the line is busy.
        type: str
      no_answer:
        description: Where calls go that nobody answers.
        type: str
      no_answer_after:
        description: After how many seconds a call counts as not answered. An empty value means the server's default.
        type: raw
      not_registered:
        description: Where calls go while no phone is registered.
        type: str
  destinations:
    description:
      - Where calls go, in this order. An empty list removes all destinations.
      - C(apio) has five places at most, and rings them only while a criterion of the service is active there.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the destination (C(portaswitch)). A new one without it is named after its number.
        type: str
      number:
        description: The number to call. Needed for a new destination.
        type: str
      timeout:
        description:
          - How many seconds it rings there (C(portaswitch)). A new destination without it gets the account's default.
        type: int
      active:
        description: Whether the destination is used. A new destination is, unless told otherwise.
        type: bool
      domain:
        description: The domain to call the number in. An empty value clears it.
        type: str
      keep_original_cld:
        description: Whether the number that was called first stays visible.
        type: bool
      keep_original_cli:
        description:
          - What the destination sees as the caller. V(caller) is the number and name of who calls, V(forwarder) those
            of the forwarding account, V(caller_number) the number of who calls with the name of the account.
        type: str
        choices: [caller, forwarder, caller_number]
      period:
        description:
          - When the destination is used, for example V(hr{8-18} wd{mo-fri}). Several are separated by commas.
          - V(Always) and an empty value mean always.
        type: str
      period_description:
        description: A text for people that describes the period.
        type: str
      rings:
        description: How often it rings there, 0 or 2 to 20 times (C(apio)).
        type: int
      answer_confirmation:
        description: Whether who answers there has to press a key first (C(apio)).
        type: bool
  membership:
    description:
      - With V(exact) the account has exactly these destinations. With V(at_least) others stay, behind these where their
        places cannot be kept.
    type: str
    choices: [exact, at_least]
    default: exact
  settings:
    description:
      - Further settings in the backend's own field names. Only what is written is managed. C(apio) has those of the
        services, for example C(callerMayStopSearch).
    type: dict
  state:
    description: With V(absent) all destinations are removed, and calls are not forwarded any more.
    type: str
    choices: [present, absent]
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
  description: The destinations after the run, in check mode as they would be.
  returned: when they could be read
  type: dict
  sample:
    account: 700001
    destinations:
      - {name: Mobile, number: "32470123456", timeout: 20, active: true, period: Always}
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
    module.main("follow_me")


if __name__ == "__main__":
    main()
