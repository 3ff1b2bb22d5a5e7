#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant
short_description: Manage a whole tenant in one call
version_added: 0.1.0
description:
  - Brings extensions, hunt groups and follow-me of a tenant to their declared state, with one login and one read of each
    list.
  - Everything is checked, read and planned before the first write. The order of writes follows from the references between
    objects. Extensions come before the hunt groups that ring them, a number is freed before another object takes it, and
    deletions come last.
  - Before the first write, the state of everything that changes is written to a journal. O(restore_from) applies it.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes
  - telephony.pbx.connection
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
  purge:
    description:
      - The lists whose undeclared objects are deleted. Without it nothing is deleted that is not declared.
    type: list
    elements: str
    choices: [extensions, hunt_groups, follow_me]
    default: []
  protect:
    description: Numbers or names, or patterns like V(99*), of objects that O(purge) never deletes.
    type: list
    elements: str
    default: []
  max_deletions:
    description:
      - How many objects may be deleted, as a number or as a percentage of those present, like V(10%).
      - When it would be more, the run stops before the first write. No limit if left out.
    type: str
  on_error:
    description:
      - With V(stop) nothing is written when an object cannot be read or resolved, and nothing more after a failure.
      - With V(continue) the other objects are brought to their state all the same.
    type: str
    choices: [stop, continue]
    default: stop
  backup:
    description: A file for the whole tenant as it was before the change. Written only when something changes.
    type: path
  journal:
    description:
      - A file for the changed objects as they were. If left out, a new file under C(telephony_pbx/journal) in Ansible's
        home directory. An empty value means no journal.
    type: path
  rules:
    description:
      - Rules of your own, besides those that come with the collection.
      - A rule is a dictionary with C(id), C(resource) (V(extensions), V(hunt_groups) or V(follow_me)), C(field) and
        C(matches), a regular expression for the whole value of the field; and if you like C(where) (a dictionary of
        fields and values that says which objects are meant), C(severity) (V(error) or V(warning)), C(message) and
        C(hint).
      - Or a dictionary with C(python), the path of a Python file with a function C(check(tenant)) that yields
        dictionaries with C(id), C(path), C(message), C(severity) and C(hint).
    type: list
    elements: dict
    default: []
  ignore_rules:
    description:
      - Ids of rules, or patterns like V(*), whose errors shall only be warnings in this run. Needed to bring back what a
        server held although a rule is against it.
    type: list
    elements: str
    default: []
notes:
  - Files are written on the machine that runs the task, readable by their owner only.
  - When an extension is deleted that a hunt group still rings after the run, the run stops before the first write.
seealso:
  - module: telephony.pbx.tenant_info
  - module: telephony.pbx.tenant_validate
"""

EXAMPLES = r"""
- name: The whole domain
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    hunt_groups:
      - id: "1002"
        name: Hunt
        members:
          - extension: "444"
            stage: 1
          - extension: "445"
            stage: 2
        overflow_to: "8572665588"
      - id: "1003"
        name: Hunt_2
        members: []
        enabled: false
    purge:
      - hunt_groups
    protect:
      - "10*"
    max_deletions: 10%
"""

RETURN = r"""
backup:
  description: The file with the whole tenant as it was.
  returned: when O(backup) is given and something changed
  type: str
journal:
  description: The file with the changed objects as they were.
  returned: when something changed
  type: str
findings:
  description: What the rules found in the declaration, errors first.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Which rule it was.
      type: str
      sample: overflow-loop
    severity:
      description: C(error) or C(warning).
      type: str
    path:
      description: Where in the declaration.
      type: str
      sample: hunt_groups[1].overflow_to
    message:
      description: What is wrong.
      type: str
    hint:
      description: What to do.
      type: str
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
      description: One of C(unchanged), C(planned) (in check mode), C(done), C(failed) and C(skipped) (not begun).
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
    module.main("tenant")


if __name__ == "__main__":
    main()
