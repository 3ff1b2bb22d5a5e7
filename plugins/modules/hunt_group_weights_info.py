#!/usr/bin/python
# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: hunt_group_weights_info
short_description: Read the weights of hunt group members on BroadWorks
version_added: 1.0.0
description:
  - Returns the weights in the form that M(telephony.pbx.hunt_group_weights) accepts, and the policy of each hunt group.
author:
  - telephony.pbx contributors (@telephony-pbx)
extends_documentation_fragment:
  - telephony.pbx.attributes.info
  - telephony.pbx.connection
options:
  hunt_group:
    description:
      - Return only this hunt group, by its serviceUserId or its name. Without it, return all hunt groups.
    type: str
seealso:
  - module: telephony.pbx.hunt_group_weights
"""

EXAMPLES = r"""
- name: Read the weights of one hunt group
  telephony.pbx.hunt_group_weights_info:
    backend: apio
    url: https://apio.example/api/v01/p1
    tenant: ApioSpTest
    group: ApioGrpTest
    token: "{{ apio_machine_token }}"
    hunt_group: ApioWeighted@sip.netaxis.be
"""

RETURN = r"""
hunt_group_weights:
  description: The hunt groups with their policies and weights.
  returned: success
  type: list
  elements: dict
  sample:
    - hunt_group: ApioWeighted@sip.netaxis.be
      policy: weighted
      weights:
        - extension: ApioUserTest1@sip.netaxis.be
          weight: 67
        - extension: ApioUserTest2@sip.netaxis.be
          weight: 33
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
    module.main("hunt_group_weights_info")


if __name__ == "__main__":
    main()
