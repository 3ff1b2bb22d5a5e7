#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_info
short_description: Read a whole tenant
version_added: 1.0.0
description:
  - Returns what M(telephony.pbx.tenant) accepts. Applying an export changes nothing.
  - Only lists that the backend can write are returned. Secrets and the sign-ins of agents are never part of them.
  - A list that the server does not offer is left out, and a warning says so.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
options:
  resources:
    description:
      - The lists to return. By default all lists that the backend can write.
      - Reading follow-me takes one request for each extension, on V(apio) three for each user.
    type: list
    elements: str
    choices:
      - extensions
      - hunt_groups
      - follow_me
  probe:
    description:
      - Whether to return RV(probe) instead of the tenant, a check of the system's answers that has nothing of a customer
        in it.
      - Everything that the backend can read is read, also what O(resources) by default leaves out. Nothing is written.
    type: bool
    default: false
  advice:
    description:
      - Whether to look for what works and is probably not intended, such as a hunt group without members or a loop of forwards.
      - The rules are in R(the advice guide, ansible_collections.telephony.pbx.docsite.advice). Advice only reads, and it
        changes neither verdict nor plan.
      - The lists in O(resources) are looked at, by default all that the backend has. The advice is in RV(findings).
    type: bool
    default: false
  advice_severities:
    description:
      - A severity for rules of the advice, as a dictionary of rule IDs and V(error), V(warning), V(info) or V(off).
    type: dict
  advice_thresholds:
    description:
      - Thresholds of the advice, a dictionary with C(least_members) and C(least_signed_in), both 2 if they are left out.
    type: dict
  advice_waivers:
    description:
      - Advice that is accepted, a list of dictionaries with C(id), C(object), C(reason) and C(expires).
      - C(object) is a key or pattern such as V(hunt_groups/200) or V(extensions/1*). C(expires) is the last day, such as
        V(2027-06-30).
      - An expired waiver no longer counts. One that matches no advice is reported.
    type: list
    elements: dict
seealso:
  - module: telephony.pbx.tenant
"""

EXAMPLES = r"""
- name: Read the whole tenant
  telephony.pbx.tenant_info:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
  register: exported
"""

RETURN = r"""
probe:
  description:
    - How the system answers. C(passed) tells whether everything could be read and understood, C(checks) has an entry for
      each kind of object, and C(routes) the keys, types and lengths in the answers of each route.
    - It has no names, numbers, domains or credentials. What went wrong is in the warnings, with names and numbers.
  returned: when O(probe=true)
  type: dict
extensions:
  description: The extensions, sorted by number.
  returned: when the backend can write extensions and the server lists them
  type: list
  elements: dict
  sample:
    - id: "101"
      name: Alice Reception
      account: 700001
hunt_groups:
  description: The hunt groups, sorted by number.
  returned: when the backend can write hunt groups
  type: list
  elements: dict
  sample:
    - id: "1002"
      name: Hunt
      members:
        - extension: "444"
          stage: 1
follow_me:
  description: The accounts whose calls are forwarded.
  returned: when the server lists them
  type: list
  elements: dict
  sample:
    - account: "700001"
      destinations:
        - name: Mobile
          number: "32470123456"
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

from ansible_collections.telephony.pbx.plugins.module_utils.entry import tenant_module as module


def main() -> None:
    module.main("tenant_info")


if __name__ == "__main__":
    main()
