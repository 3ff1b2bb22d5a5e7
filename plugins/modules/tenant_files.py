#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_files
short_description: Write a tenant into files of variables
version_added: 1.0.0
description:
  - Writes what M(telephony.pbx.tenant_info) returns into YAML files on the controller, which declare the tenant as it is. The role
    P(telephony.pbx.export#role) uses it.
  - The same tenant gives the same bytes, so that a version control system shows what has changed on the server.
  - A file that no export has written is never touched; the task fails. A file of an object that is gone is removed. Only the
    owner can read the files.
  - A text that looks like a template is marked with C(!unsafe), so that Ansible never runs it.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.controller
attributes:
  bypass_host_loop:
    description: Runs once for each host.
    support: none
  check_mode:
    description: Writes nothing in check mode, and says what it would write.
    support: full
  diff_mode:
    description: Names the files that change, and shows no difference.
    support: none
options:
  tenant:
    description:
      - The lists C(extensions), C(hunt_groups) and C(follow_me), as M(telephony.pbx.tenant_info) returns them. Other keys are ignored.
      - A list that it does not have stays in the files as an earlier export has left it.
    type: dict
    required: true
  name:
    description: The name of the directory of this tenant in O(directory), such as C(inventory_hostname).
    type: str
    required: true
  directory:
    description: Where the directories of tenants are, such as C(host_vars) of an inventory. They are made.
        A relative path begins in the working directory.
    type: path
    required: true
  layout:
    description:
      - V(file) writes everything into C(tenant.yml).
      - V(objects) writes a file for each object, and C(tenant.yml) puts them together in order.
    type: str
    choices: [file, objects]
    default: file
  schema:
    description: A JSON schema for editors. Each file names it in a comment, by its path relative to the file.
    type: path
seealso:
  - module: telephony.pbx.tenant_info
"""

EXAMPLES = r"""
- name: Read the tenant
  telephony.pbx.tenant_info:
  register: found

- name: Write it into the inventory
  telephony.pbx.tenant_files:
    tenant: "{{ found }}"
    name: "{{ inventory_hostname }}"
    directory: inventory/host_vars
    layout: objects
"""

RETURN = r"""
file:
  description: The path of C(tenant.yml).
  returned: success
  type: str
  sample: /srv/site/inventory/host_vars/sales/tenant.yml
files:
  description: The paths of all files that were written or removed, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [/srv/site/inventory/host_vars/sales/tenant.yml]
"""
