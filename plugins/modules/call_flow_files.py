#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: call_flow_files
short_description: Draw who rings when into files
version_added: 1.0.0
description:
  - Writes a picture of a tenant and one of each of its hunt groups into files on the controller. The playbook
    C(telephony.pbx.call_flow) uses it; the filter P(telephony.pbx.call_flow#filter) makes a single picture as a text.
  - C(tenant) is the whole tenant, or an overview where it is large. C(group-NUMBER) is a hunt group.
  - A file that is already as it would be written is left alone.
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
  backend:
    description: The kind of system. How calls go differs by vendor.
    type: str
    required: true
  source:
    description:
      - V(declared) draws O(declared).
      - V(live) draws O(live).
      - V(planned) draws O(live) as it will be with O(declared) applied, with the changes of O(plan) marked.
    type: str
    choices: [declared, live, planned]
    default: declared
  declared:
    description: The lists C(extensions), C(hunt_groups) and C(follow_me), each as M(telephony.pbx.tenant) takes it.
    type: dict
    default: {}
  live:
    description: The same lists as M(telephony.pbx.tenant_info) returns them. Other keys are ignored.
    type: dict
    default: {}
  plan:
    description: The C(plan) of M(telephony.pbx.tenant) in check mode.
    type: list
    elements: dict
    default: []
  directory:
    description: Where the files go. It is made. A relative path begins in the working directory. Everybody can read the files.
    type: path
    required: true
  formats:
    description: V(outline) is the same in words.
    type: list
    elements: str
    choices: [svg, mermaid, dot, outline]
    default: [svg]
  mask_external:
    description: Whether to show only the first three and last two digits of outside numbers.
    type: bool
    default: false
  at:
    description: The moment of the call, such as V(weekday 10:00). It only matters where a period is on the path.
    type: raw
  zone:
    description: The time zone of the tenant, such as V(Europe/Brussels).
    type: str
  assume:
    description: Values for what a document cannot tell, by their ids such as V(apio.ring_seconds).
    type: dict
  country_code:
    description: The country of the numbers, such as V(32), so that national and international spellings are one number.
    type: str
seealso:
  - module: telephony.pbx.tenant_info
"""

EXAMPLES = r"""
- name: Draw what the inventory declares
  telephony.pbx.call_flow_files:
    backend: "{{ pbx_backend }}"
    declared:
      extensions: "{{ pbx_extensions }}"
      hunt_groups: "{{ pbx_hunt_groups }}"
    directory: call-flow/{{ inventory_hostname }}
    formats: [svg, outline]
"""

RETURN = r"""
directory:
  description: The absolute path of the directory.
  returned: success
  type: str
  sample: /srv/site/call-flow/sales
files:
  description: The paths of all files that were written, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [/srv/site/call-flow/sales/tenant.svg]
pictures:
  description: The number of all pictures, with those that were already there.
  returned: success
  type: int
  sample: 12
"""
