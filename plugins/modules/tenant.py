#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant
short_description: Manage a whole tenant in one call
version_added: 1.0.0
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
  protect:
    description:
      - Numbers, names or patterns such as V(99*) of objects that O(purge) never deletes.
    type: list
    elements: str
    default: []
  max_deletions:
    description:
      - The number of objects that O(purge) may delete, or a share of the objects in the purged lists such as V(10%), rounded
        up.
      - V(30%) if it is left out. An empty value lifts the limit.
      - When more objects would be deleted, the run fails before the first write. Objects that are declared with C(state=absent)
        do not count.
    type: str
  only:
    description:
      - Keys or patterns such as V(hunt_groups/200) or V(extensions/1*). Other objects are not written and not purged.
      - Objects that are not selected are not read one by one either.
    type: list
    elements: str
    default: []
  expect_plan:
    description:
      - The RV(plan_id) of an approved plan, as a run in check mode returns it.
      - When the plan of this run differs, nothing is written and the run fails. An empty value is refused, because an approval
        that was lost must not apply everything.
    type: str
  remove_from_hunt_groups:
    description:
      - Whether objects that O(purge) deletes are removed from the hunt groups that have them as members.
    type: bool
    default: false
  leave_references:
    description:
      - Whether O(purge) deletes objects although other objects still lead to them.
    type: bool
    default: false
  allow_irreversible:
    description:
      - Whether to delete objects that a restore cannot bring back completely.
      - Without it, such a deletion fails before the first write. Secrets that are lost only cause a warning.
    type: bool
    default: false
  on_error:
    description:
      - With V(stop), nothing is written when an object cannot be read, and nothing more is written after a failure.
      - With V(continue), the other objects are processed, and the run fails at the end.
    type: str
    choices:
      - stop
      - continue
    default: stop
  backup:
    description:
      - The path of a new file for the whole tenant as it was before the change. Written only when something changes.
    type: path
  state_dir:
    description:
      - The directory of the site for journals and backups, such as a volume that is mounted into the containers of AWX.
      - It must exist and be writable, which is checked before the first write. It is never created.
      - Journals without a path of their own go to its directory C(journals). A relative O(backup) begins in its directory
        C(backups).
    type: path
  skip_unchanged:
    description:
      - Whether a tenant is not compared object by object when its declaration, the options and what the lists of its server
        show are as they were when the tenant was clean last. It needs O(state_dir), where the fingerprint of each tenant
        is kept.
      - A change that no list shows is then not found, until a full comparison is made. The finding C(judged-by-fingerprint)
        names what was not compared. See the guide to tenants for what the lists of each vendor show.
      - Nothing is ever written because of a fingerprint. A fingerprint is kept only after a comparison that found nothing
        to do, in check mode too, and every run with O(state_dir) that finds or changes something removes it.
    type: bool
    default: false
  verify:
    description:
      - Whether to read the whole tenant a second time after a change, and to compare it.
      - The task fails when this second look finds something to do. The roles set it.
    type: bool
    default: false
  from_variables:
    description:
      - Whether to take each option that the task leaves out from the variable C(pbx_OPTION) of the host, where it has one.
        The roles set it.
      - O(host) is then the inventory host. A host that declares nothing fails the task, and a variable C(pbx_*) that nothing
        reads is a finding.
      - The options O(restore_from) and O(restore_other_tenant) are not taken from variables.
    type: bool
    default: false
  skip_unchanged_max_age:
    description:
      - The number of hours after which a tenant is compared in full again, although its fingerprint is the same.
    type: int
    default: 24
  journal:
    description:
      - The path of the undo file, a new file with the changed objects as they were.
      - If left out, a new file in C(telephony_pbx/journal) under the home directory of Ansible. An empty value means no
        journal.
    type: path
  host:
    description:
      - The name of the inventory host, for the journal. The roles set it.
    type: str
  restore_from:
    description:
      - The path of a journal or backup to restore, instead of declared lists. V(last) is the newest journal of this tenant
        and O(host).
      - A file of another system, tenant or group is refused.
    type: path
  restore_other_tenant:
    description:
      - Whether O(restore_from) may be a file of another system, tenant or group.
    type: bool
    default: false
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
  ignore_rules:
    description:
      - Rule IDs, or patterns such as V(*), whose errors count as warnings.
    type: list
    elements: str
    default: []
  advice:
    description:
      - Whether to look for what works and is probably not intended, such as a hunt group without members or a loop of forwards.
      - The rules are in R(the advice guide, ansible_collections.telephony.pbx.docsite.advice). Advice only reads, and it
        changes neither verdict nor plan.
      - The advice is on the state that the run leaves, in check mode on the state that it finds. It is part of RV(findings).
      - Extensions and hunt groups are read for it in any case, follow-me only if O(follow_me) is declared.
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
notes:
  - Files are written on the machine that runs the task, and only their owner can read them. Existing files are not replaced.
  - An object that another one still leads to after the run is not deleted. The run fails before the first write and names
    each reference, unless O(remove_from_hunt_groups) or O(leave_references) says otherwise.
seealso:
  - module: telephony.pbx.tenant_info
  - module: telephony.pbx.tenant_validate
"""

EXAMPLES = r"""
- name: Declare a whole domain and delete undeclared hunt groups
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    country_code: "32"
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
    remove_from_hunt_groups: true

# The connection comes from variables of the host in any case, such as pbx_url. Each tenant of the inventory is one host.
- name: Bring each tenant to the state that the variables of its host declare, and read it a second time
  telephony.pbx.tenant:
    from_variables: true
    verify: true

- name: Plan a change of one hunt group
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    hunt_groups: "{{ all_hunt_groups }}"
    only:
      - hunt_groups/1002
  check_mode: true
  register: planned

- name: Apply exactly the plan that was approved
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    hunt_groups: "{{ all_hunt_groups }}"
    only:
      - hunt_groups/1002
    expect_plan: "{{ planned.plan_id }}"
    host: "{{ inventory_hostname }}"

- name: Undo the last change of this host
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    host: "{{ inventory_hostname }}"
    restore_from: last

- name: Restore a backup to a replacement system
  telephony.pbx.tenant:
    backend: vodia
    url: https://replacement.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    restore_from: backups/localhost.json
    restore_other_tenant: true

- name: Delete every undeclared extension, with its voicemail
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    extensions:
      - id: "444"
    purge:
      - extensions
    max_deletions: ""
    leave_references: true
    allow_irreversible: true

- name: Compare, and look at the live tenant with the advice
  telephony.pbx.tenant:
    backend: vodia
    url: https://pbx.example:8080
    tenant: localhost
    username: admin
    password: "{{ vodia_password }}"
    hunt_groups: "{{ all_hunt_groups }}"
    advice: true
    advice_severities:
      foreign-number: info
    advice_thresholds:
      least_members: 3
    advice_waivers:
      - id: no-overflow
        object: hunt_groups/200
        reason: The night service answers.
        expires: "2027-06-30"
  check_mode: true
"""

RETURN = r"""
unmanaged:
  description: Objects that are on the server and not declared, of the kinds that are declared. They do not count as drift.
  returned: when a plan was made
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
      sample: "210"
    name:
      description: The name of the object. Empty where the list of the server does not show names.
      type: str
      sample: Night
journal:
  description: The path of the undo file.
  returned: when something was changed and O(journal) is not empty
  type: str
  sample: /var/lib/awx/telephony_pbx/journal/portaswitch-10-20260131T080000-1f2e3d4c.json
backup:
  description: The path of the backup.
  returned: when something was changed and O(backup) is set
  type: str
  sample: /var/backups/pbx/bakery-20260131T080000Z.json
restored_from:
  description: The file that was restored.
  returned: when O(restore_from) is set
  type: str
  sample: /var/lib/awx/telephony_pbx/journal/portaswitch-10-20260131T080000-1f2e3d4c.json
unchanged_since:
  description: When the tenant was compared in full and was clean, if this run has judged it by its fingerprint. In UTC.
  returned: when O(skip_unchanged) is set and the tenant was skipped
  type: str
  sample: '2026-01-31T08:00:00Z'
verified:
  description: What a second look after a change has found, with C(verdict), C(plan) and C(requests).
  returned: when O(verify) is set and something was changed
  type: dict
  sample:
    verdict: clean
    plan: []
    requests: 3
seconds:
  description: How long the run took.
  returned: always
  type: float
  sample: 0.84
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

from ansible_collections.telephony.pbx.plugins.module_utils.entry import tenant_module as module


def main() -> None:
    module.main("tenant")


if __name__ == "__main__":
    main()
