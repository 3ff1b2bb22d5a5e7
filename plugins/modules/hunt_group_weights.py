#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group_weights
short_description: Manage the weights of hunt group members on BroadWorks
version_added: 1.0.0
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
    description:
      - The hunt group, by its serviceUserId or its name.
    type: str
  weights:
    description:
      - The weight of every member. They total 100.
    type: list
    elements: dict
    suboptions:
      extension:
        description:
          - The member, by user ID, extension or phone number.
        type: str
        required: true
      weight:
        description:
          - The share of calls in percent.
          - From 0 to 100.
        type: int
        required: true
  allow_any_total:
    description:
      - Whether the weights may total something other than 100.
    type: bool
  ensure_policy:
    description:
      - Whether to set the policy of the hunt group to C(weighted).
      - Without it, a hunt group with another policy is an error, because weights have no effect there.
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
  description: The hunt group, its policy and the weights after the run, or in check mode as a run would leave them.
  returned: when they could be read
  type: dict
  sample:
    hunt_group: ApioWeighted@sip.netaxis.be
    policy: weighted
    weights:
      - extension: ApioUserTest1@sip.netaxis.be
        weight: 67
      - extension: ApioUserTest2@sip.netaxis.be
        weight: 33
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
    module.main("hunt_group_weights")


if __name__ == "__main__":
    main()
