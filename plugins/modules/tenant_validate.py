#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_validate
short_description: Check the declaration of a tenant without a server
version_added: 1.0.0
description:
  - Checks a declaration without a server, for example for a number that is used twice, a member that no extension defines,
    weights that do not total 100, or overflow in a loop. All findings are returned at once.
  - With O(backend), the declaration is also checked against what that backend can express.
  - Fails when there is an error among the findings.
author:
  - telephony.pbx contributors (@telephony-pbx)
attributes:
  check_mode:
    description: Does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing.
    support: N/A
options:
  extensions:
    description:
      - The extensions, each with the options of M(telephony.pbx.extension).
    type: list
    elements: dict
  hunt_groups:
    description:
      - The hunt groups, each with the options of M(telephony.pbx.hunt_group).
    type: list
    elements: dict
  follow_me:
    description:
      - The destinations and forwarding of accounts, each with the options of M(telephony.pbx.follow_me).
    type: list
    elements: dict
  purge:
    description:
      - The lists whose undeclared objects are deleted. By default no undeclared object is deleted.
      - A list that is purged has to be declared. An empty list deletes all its objects.
    type: list
    elements: str
    choices:
      - extensions
      - hunt_groups
      - follow_me
    default: []
  rules:
    description:
      - Additional rules, besides those of the collection.
      - A rule is a dictionary with C(id), C(resource) (V(extensions), V(hunt_groups) or V(follow_me)), C(field) and C(matches),
        a regular expression for the whole value of the field. Optional are C(where), a dictionary of fields and values
        that selects objects, C(severity) (V(error) or V(warning)), C(message) and C(hint).
      - Alternatively, a dictionary with C(python), the path of a Python file with a function C(check(tenant)) that yields
        dictionaries with C(id), C(path), C(message), C(severity) and C(hint).
    type: list
    elements: dict
    default: []
  ignore_rules:
    description:
      - Rule IDs, or patterns such as V(*), whose errors count as warnings.
    type: list
    elements: str
    default: []
  expectations:
    description:
      - What must happen to calls. Each expectation is a dictionary as in the guide to call flows.
      - They are tested against the declaration before the first request. One that is not met is an error, as of a rule,
        with the ID C(expectation-not-met).
      - Who rings depends on the backend. Without a backend only the spelling of the expectations is checked.
    type: list
    elements: dict
  expectations_undecided:
    description:
      - Whether an expectation that the declaration cannot decide is a warning or an error, with the ID C(expectation-undecided).
      - An option that is not declared is not known, so a complete declaration decides more.
    type: str
    choices:
      - warn
      - fail
    default: warn
  call_zone:
    description:
      - The time zone of expectations that do not name one, such as V(Europe/Brussels).
    type: str
  call_assumptions:
    description:
      - Values for what no document of the system tells, as in P(telephony.pbx.who_rings#filter).
    type: dict
  advice:
    description:
      - Whether to look for what works and is probably not intended, such as a hunt group without members or a loop of forwards.
      - The rules are in R(the advice guide, ansible_collections.telephony.pbx.docsite.advice). Advice only reads, and it
        changes neither verdict nor plan.
      - Here it is on the declaration, and needs O(backend). What is left out in the declaration gives no advice.
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
  backend:
    description:
      - The kind of system, V(apio), V(portaswitch) or V(vodia). With it, all checks of that backend apply, settings included.
      - Without it, only checks that hold for every backend apply.
    type: str
  country_code:
    description:
      - The country whose national numbers the server shows, as in M(telephony.pbx.tenant).
    type: str
  variables:
    description:
      - The names of the variables of a host.
      - A variable that begins with C(pbx_) and that no module and no role of this collection reads is a warning. A host
        that declares no list is an error.
    type: list
    elements: str
  from_variables:
    description:
      - Whether to take each option that the task leaves out from the variable C(pbx_OPTION) of the host, where it has one,
        and O(variables) from all of its variables.
    type: bool
    default: false
seealso:
  - module: telephony.pbx.tenant
"""

EXAMPLES = r"""
- name: Check a declaration for PortaSwitch
  telephony.pbx.tenant_validate:
    backend: portaswitch
    country_code: "32"
    extensions:
      - {id: "101", name: Alice, account: 700001}
    hunt_groups:
      - id: "200"
        name: Sales
        members:
          - extension: "101"
    rules:
      - id: group-names
        resource: hunt_groups
        field: name
        matches: "[A-Z].*"
        message: names of hunt groups begin with a capital letter
    call_zone: Europe/Brussels
    expectations:
      - name: Alice rings first
        call: "200"
        first: ["101"]

- name: Check what the variables of each host declare
  telephony.pbx.tenant_validate:
    from_variables: true
"""

RETURN = r"""
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
    module.main("tenant_validate")


if __name__ == "__main__":
    main()
