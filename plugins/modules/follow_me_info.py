#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: follow_me_info
short_description: Read follow-me destinations and call forwarding
version_added: 1.0.0
description:
  - Returns destinations and forwarding in the form that M(telephony.pbx.follow_me) accepts.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
options:
  account:
    description:
      - Return only this account, extension or user, in the form that M(telephony.pbx.follow_me) accepts.
      - Without it, return all whose calls are forwarded. This takes one request for each extension, on V(apio) three for
        each user of the group.
    type: str
seealso:
  - module: telephony.pbx.follow_me
"""

EXAMPLES = r"""
- name: Read the destinations of one account
  telephony.pbx.follow_me_info:
    backend: portaswitch
    url: https://7el.co
    tenant: "10"
    token: "{{ portaswitch_license }}"
    account: 700001
"""

RETURN = r"""
follow_me:
  description: The accounts with their destinations and forwarding.
  returned: success
  type: list
  elements: dict
  sample:
    - account: "700001"
      destinations:
        - name: Mobile
          number: "32470123456"
          timeout: 20
          active: true
          period: Always
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
    module.main("follow_me_info")


if __name__ == "__main__":
    main()
