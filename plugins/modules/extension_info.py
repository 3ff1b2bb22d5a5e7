#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: extension_info
short_description: Read extensions
version_added: 1.0.0
description:
  - Returns extensions in the form that M(telephony.pbx.extension) accepts. Several filters apply together.
  - On V(apio) extensions belong to users. They are returned with the user and the phone number, and cannot be filtered.
  - On V(vodia) reading all extensions takes one request for each.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
options:
  id:
    description:
      - Return only the extension with this number.
    type: str
  available:
    description:
      - With V(true), return only extensions that the server does not list as unavailable; with V(false), only those that
        it does.
      - Only on V(portaswitch).
    type: bool
  products:
    description:
      - Return only extensions whose account has one of these products, by record number (IProducts).
      - Only on V(portaswitch).
    type: list
    elements: str
  active_calls:
    description:
      - With V(true), return only extensions with a call at this moment; with V(false), only those without.
      - Both add C(active_calls), the number of calls, to each extension.
      - Only on V(portaswitch).
    type: bool
  online:
    description:
      - With V(true), return only extensions whose phone is registered; with V(false), only the others.
      - Only on V(portaswitch).
    type: bool
seealso:
  - module: telephony.pbx.extension
"""

EXAMPLES = r"""
- name: Read extensions whose phone is not registered
  telephony.pbx.extension_info:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    online: false
  register: silent_desks
"""

RETURN = r"""
extensions:
  description: The extensions. An empty list when there is none.
  returned: success
  type: list
  elements: dict
  sample:
    - id: "101"
      name: Alice Reception
      account: 700001
      settings: {}
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
    module.main("extension_info")


if __name__ == "__main__":
    main()
