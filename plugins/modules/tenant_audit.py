#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_audit
short_description: Compare one tenant with its declaration, and test what must happen to its calls
version_added: 1.0.0
description:
  - Says what M(telephony.pbx.tenant) would change, whether the expectations of the tenant are met, and which objects are
    there without being declared. It sends reading requests only, whatever the mode of the play is.
  - It is the one task of a host in the role P(telephony.pbx.audit#role), whose M(telephony.pbx.audit_report) makes one report
    of the results of all hosts.
  - The task fails when the comparison is not complete, for example when the server cannot be reached, refuses the
    credentials, or when the declaration is wrong. Drift does not fail it.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
attributes:
  action:
    description: Runs on the controller. With another connection than C(local) it sends the modules that it needs to the host.
    support: full
  async:
    description: Cannot run in the background.
    support: none
  bypass_host_loop:
    description: Runs once for each host.
    support: none
options:
  extensions:
    description: The extensions, each with the options of M(telephony.pbx.extension).
    type: list
    elements: dict
  hunt_groups:
    description: The hunt groups, each with the options of M(telephony.pbx.hunt_group).
    type: list
    elements: dict
  follow_me:
    description: Accounts with their destinations, each with the options of M(telephony.pbx.follow_me).
    type: list
    elements: dict
  only:
    description: Keys or patterns, such as V(hunt_groups/200), of the only objects that are compared.
    type: list
    elements: str
    default: []
  purge:
    description: The lists whose undeclared objects are to be deleted, so that they are drift.
    type: list
    elements: str
    choices: [extensions, hunt_groups, follow_me]
    default: []
  protect:
    description: Numbers or names, or patterns like V(99*), of objects that O(purge) does not mean.
    type: list
    elements: str
    default: []
  max_deletions:
    description: As in M(telephony.pbx.tenant). A plan that deletes more has a finding that says so.
    type: str
  remove_from_hunt_groups:
    description: As in M(telephony.pbx.tenant).
    type: bool
    default: false
  leave_references:
    description: As in M(telephony.pbx.tenant).
    type: bool
    default: false
  allow_irreversible:
    description: As in M(telephony.pbx.tenant).
    type: bool
    default: false
  rules:
    description: Rules of your own, as in M(telephony.pbx.tenant).
    type: list
    elements: dict
    default: []
  ignore_rules:
    description: Ids of rules, or patterns like V(*), whose errors are only warnings.
    type: list
    elements: str
    default: []
  advice:
    description: Whether to look for what works and is probably not intended, as in M(telephony.pbx.tenant). Errors are drift.
    type: bool
    default: false
  advice_severities:
    description: As in M(telephony.pbx.tenant).
    type: dict
  advice_thresholds:
    description: As in M(telephony.pbx.tenant).
    type: dict
  advice_waivers:
    description: As in M(telephony.pbx.tenant).
    type: list
    elements: dict
  expectations:
    description:
      - What must happen to calls, as in the guide to call flows. They are tested against what the server has.
      - An expectation that is met now, and is not met once the declaration is applied, is reported with the document
        V(planned).
      - The whole tenant is read once more for it.
    type: list
    elements: dict
  expectations_undecided:
    description: Whether an expectation that cannot be decided is only reported, or is drift.
    type: str
    choices: [warn, fail]
    default: warn
  call_zone:
    description: The time zone of expectations that do not name one, such as V(Europe/Brussels).
    type: str
  call_assumptions:
    description: Values for what no document of the system can tell, as in P(telephony.pbx.who_rings#filter).
    type: dict
  unmanaged:
    description: Whether undeclared objects of the declared kinds are left out, reported, or drift.
    type: str
    choices: [ignore, warn, fail]
    default: warn
  pictures:
    description: Whether to draw the first three hunt groups that differ, for the HTML report.
    type: bool
    default: true
  from_variables:
    description:
      - Whether to take each option that the task leaves out from the variable C(pbx_OPTION) of the host, where it has one.
      - A variable C(pbx_*) that nothing reads is then a finding. A variable of an option that cannot be evaluated fails the task.
      - O(advice) is then V(true), and pictures are drawn where C(pbx_report_formats) has C(html), unless task or variable say
        otherwise.
    type: bool
    default: false
seealso:
  - module: telephony.pbx.audit_report
  - module: telephony.pbx.tenant
"""

EXAMPLES = r"""
- name: Compare the tenant with its declaration
  telephony.pbx.tenant_audit:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    hunt_groups: "{{ pbx_hunt_groups }}"
    expectations:
      - name: The front desk falls over to the partner
        call: "1002"
        first: ["444"]
        end: {is: forwarded, to: "8572665588"}
  register: audit__result
  ignore_errors: true
"""

RETURN = r"""
verdict:
  description: V(clean), V(drift), or V(incomplete) when something could not be read or is wrong in the declaration.
  returned: always
  type: str
message:
  description: One sentence about what differs; empty when nothing does.
  returned: when the comparison is complete
  type: str
  sample: 2 objects differ, 1 object is not declared
reasons:
  description:
    - Why it is drift, any of V(plan), V(expectations), V(findings), V(unmanaged) and V(undecided).
  returned: when the comparison is complete
  type: list
  elements: str
backend:
  description: The kind of system.
  returned: always
  type: str
url:
  description: The address of the system, without credentials.
  returned: always
  type: str
tenant:
  description: The tenant on that system.
  returned: always
  type: str
group:
  description: The group of the tenant, where there are groups.
  returned: always
  type: str
plan:
  description: The objects that differ, as in M(telephony.pbx.tenant).
  returned: always
  type: list
  elements: dict
plan_id:
  description: A digest of system, tenant and plan, for O(telephony.pbx.tenant#module:expect_plan).
  returned: when a plan could be made
  type: str
unchanged:
  description: The declared objects that do not differ, each with C(resource), C(id) and C(name).
  returned: when a plan could be made
  type: list
  elements: dict
unmanaged:
  description: The objects that are there and not declared, each with C(resource), C(id) and C(name).
  returned: always
  type: list
  elements: dict
findings:
  description: What rules found, what looks wrong, and variables that nothing reads.
  returned: always
  type: list
  elements: dict
expectations:
  description:
    - What became of each expectation, with C(name), C(status) (V(passed), V(failed) or V(unknown)), C(message),
      C(expected), C(actual), C(because) and C(hint).
  returned: when there are expectations
  type: list
  elements: dict
pictures:
  description: Pictures of groups that differ, each with C(group), C(title), C(svg), and C(words) that say the same.
  returned: when something differs and O(pictures) is V(true)
  type: list
  elements: dict
requests:
  description: How many requests were sent, logins and repetitions included.
  returned: always
  type: int
seconds:
  description: How long the task took.
  returned: always
  type: float
"""
