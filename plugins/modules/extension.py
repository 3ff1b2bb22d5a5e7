#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: extension
short_description: Manage an extension on PortaSwitch or Vodia PBX
version_added: 1.0.0
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
    description:
      - The number of the extension. Put it in quotes to keep leading zeros.
    type: str
  name:
    description:
      - The name of the extension. On V(portaswitch) it is required to create one.
      - V(vodia) stores a given name and a surname. The first word of O(name) becomes the given name. To split the name
        differently, declare C(first_name) and C(display_name) (the surname) in O(settings).
      - Cannot be cleared.
    type: str
  account:
    description:
      - The account (phone line) of the extension, by its record number (IAccount). Required to create an extension.
      - Only on V(portaswitch). From 1 to 2147483647.
    type: int
  settings:
    description:
      - Other settings of the extension in the field names of the backend, such as C(email_address). Only declared settings
        are managed.
      - Names and values are checked before the first request. The guide of the backend lists all settings.
      - Only on V(vodia).
    type: dict
  remove_from_hunt_groups:
    description:
      - With O(state=absent), whether to remove the extension from the hunt groups that have it as a member.
      - Without it, deleting an extension that is still a member fails and names the hunt groups.
    type: bool
  leave_references:
    description:
      - With O(state=absent), whether to delete the extension although other objects still lead to it.
      - Without it, the run fails before the first write and names each reference.
    type: bool
  state:
    description:
      - Whether the extension exists.
    type: str
    choices:
      - present
      - absent
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

- name: Delete an extension and remove it from all hunt groups
  telephony.pbx.extension:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    id: "107"
    state: absent
    remove_from_hunt_groups: true

- name: Delete an extension although other objects still lead to it
  telephony.pbx.extension:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    id: "447"
    state: absent
    leave_references: true
"""

RETURN = r"""
extension:
  description: The extension after the run, or in check mode as a run would leave it. Null when it does not exist.
  returned: when the extension could be read
  type: dict
  sample:
    id: "0112"
    name: Hanna Support
    account: 700009
    settings: {}
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
    module.main("extension")


if __name__ == "__main__":
    main()
