#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_info
short_description: Read a whole tenant
version_added: 0.1.0
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
      - Which lists are wanted; all of them without it. Reading follow-me takes one request for each extension, and on
        C(apio) three for each user.
    type: list
    elements: str
    choices: [extensions, hunt_groups, follow_me]
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
extensions:
  description: The extensions, in the order of their numbers.
  returned: when the backend can write extensions, and the server lists them
  type: list
  elements: dict
hunt_groups:
  description: The hunt groups, in the order of their numbers.
  returned: when the backend can write hunt groups
  type: list
  elements: dict
  sample:
    - id: "1002"
      name: Hunt
      members:
        - {extension: "444", stage: 1}
follow_me:
  description: The accounts whose calls follow somewhere.
  returned: when the server lists them
  type: list
  elements: dict
requests:
  description: How many requests were sent, logins and repetitions included.
  returned: always
  type: int
"""

from ansible_collections.telephony.pbx.plugins.module_utils.entry import ansible as module


def main() -> None:
    module.main("tenant_info")


if __name__ == "__main__":
    main()
