#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: audit_report
short_description: Write one report of the audits of all hosts
version_added: 1.0.0
description:
  - Makes one report of what M(telephony.pbx.tenant_audit) found on every host of a play, as an HTML page, JSON, JUnit, CSV and
    Markdown. Or merges earlier reports into one.
  - A host without a result, one that could not be reached, and one whose task failed are in the report as
    C(incomplete), with the message.
  - Drift does not fail the task. It fails when a file could not be made, once all other files are written.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.controller
attributes:
  bypass_host_loop:
    description: Runs for each host; use it with C(run_once).
    support: none
  check_mode:
    description: Writes the report in check mode too, because an audit is a run in check mode.
    support: none
  diff_mode:
    description: Changes nothing but the report.
    support: none
options:
  hosts:
    description:
      - The hosts of the audit, such as C(ansible_play_hosts_all).
      - Either this or O(sources) is needed.
    type: list
    elements: str
  variable:
    description: The variable in which each host registered the result of M(telephony.pbx.tenant_audit).
    type: str
    default: audit__result
  sources:
    description:
      - The C(audit.json) of earlier reports to merge, as paths or patterns like V(slices/*/audit.json).
      - A tenant that is in several of them is taken from the newest. Pictures are not part of a merged report.
    type: list
    elements: str
  report_dir:
    description: The directory of the files. It is made, and begins in the working directory unless it is absolute.
    type: path
    default: pbx-report
  formats:
    description:
      - V(html) writes C(audit.html), a page that needs no other file and sends no request.
      - V(json) writes C(audit.json), as in the collection's C(docs/audit.schema.json).
      - V(junit) writes C(audit.junit.xml), with a suite for each tenant and a case for each object.
      - V(csv) writes C(audit.csv), with a row for each changed leaf. No cell is run as a formula.
      - V(md) writes C(audit.md), which fits a comment of a merge request.
    type: list
    elements: str
    choices: [html, json, junit, csv, md]
    default: [html, json, junit, csv, md]
  previous:
    description:
      - The C(audit.json) of an earlier report. The new report then says what is new, still open and resolved.
      - It may be the file that this report replaces. If it does not exist, a warning says so.
    type: path
seealso:
  - module: telephony.pbx.tenant_audit
"""

EXAMPLES = r"""
- name: Write the report of the whole play
  telephony.pbx.audit_report:
    hosts: "{{ ansible_play_hosts_all }}"
    report_dir: reports/tonight
    previous: reports/last-night/audit.json
  run_once: true

- name: Merge the reports of the slices of one job
  telephony.pbx.audit_report:
    sources:
      - slices/*/audit.json
    formats: [html, md]
"""

RETURN = r"""
verdict:
  description: The gravest verdict of all tenants, V(clean), V(drift) or V(incomplete).
  returned: when a report could be made
  type: str
summary:
  description: How many tenants have which verdict, and how many objects of all of them differ or are not declared.
  returned: when a report could be made
  type: dict
  sample: {tenants: 3, clean: 1, drift: 1, incomplete: 1, create: 0, update: 2, delete: 0, unmanaged: 1, findings: 0}
files:
  description: The files that were written, by format.
  returned: when a report could be made
  type: dict
  sample: {json: /srv/pbx-report/audit.json}
report_dir:
  description: The directory of the files.
  returned: when a report could be made
  type: str
stats:
  description:
    - What the role publishes with M(ansible.builtin.set_stats). It has C(verdict), C(summary), C(report_dir), and C(plan_ids) of
      drifted tenants by host. C(plan_ids_left_out) says how many of them did not fit.
  returned: when a report could be made
  type: dict
table:
  description: One line for each tenant, then the changed leaves, cut with a count.
  returned: when a report could be made
  type: list
  elements: str
sentences:
  description: One sentence for each tenant that is not clean, cut with a count.
  returned: when a report could be made
  type: list
  elements: str
"""
