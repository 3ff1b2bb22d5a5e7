# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the connection options, shared by all modules."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  backend:
    description:
      - The kind of system to talk to.
      - If not given, the environment variable E(PBX_BACKEND) is used. An empty value counts as not given, for this and
        all other connection options.
    type: str
    choices: [apio, portaswitch, vodia]
  url:
    description:
      - The base address of the server, with its prefix. For example V(https://7el.co) for PortaSwitch,
        V(https://pbx.example:8080) for Vodia, V(https://apio.example/api/v01/p1) for APIO behind its Core, and
        V(https://gateway.example/api/v1) for APIO's gateway itself.
      - If not given, the environment variable E(PBX_URL) is used.
    type: str
  tenant:
    description:
      - On V(portaswitch) the record number of the customer (ICustomer), on V(vodia) the domain, on V(apio) the tenant ID.
      - If not given, the environment variable E(PBX_TENANT) is used.
    type: str
  group:
    description:
      - The group ID. Needed on V(apio), where hunt groups live in groups of a tenant.
      - If not given, the environment variable E(PBX_GROUP) is used.
    type: str
  username:
    description:
      - The user to log in as, on V(vodia), and on V(apio) unless O(token) is given.
      - If not given, the environment variable E(PBX_USERNAME) is used.
    type: str
  password:
    description:
      - The password of O(username).
      - If not given, the environment variable E(PBX_PASSWORD) is used.
    type: str
  token:
    description:
      - On V(portaswitch) the License, on V(apio) a machine token.
      - If not given, the environment variable E(PBX_TOKEN) is used.
    type: str
    aliases: [license]
  validate_certs:
    description:
      - Whether the server's certificate has to be valid. V(true) unless told otherwise.
      - If not given, the environment variable E(PBX_VALIDATE_CERTS) is used.
    type: bool
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, where the system's own do not do.
      - If not given, the environment variable E(PBX_CA_PATH) is used.
    type: path
  timeout:
    description:
      - How many seconds to wait for an answer to one request. 30 unless told otherwise.
      - All attempts of one task together take at most four times as long.
      - If not given, the environment variable E(PBX_TIMEOUT) is used.
    type: float
  rate_limit:
    description:
      - How many requests per second the server may see from all tasks on this machine together, in whatever number of
        forks they run. A tenth less are sent, to be sure. 20 unless told otherwise; V(0) means no limit.
      - If not given, the environment variable E(PBX_RATE_LIMIT) is used.
    type: float
  concurrency:
    description:
      - How many requests one task may have under way at the same time. 4 unless told otherwise.
      - If not given, the environment variable E(PBX_CONCURRENCY) is used.
    type: int
requirements:
  - requests >= 2.31 on the machine that runs the task; with the C(local) connection that is the controller
notes:
  - With the C(local) connection a task runs inside the controller's own process, which is much faster than starting a
    module. With any other connection the module is sent to that host and runs there.
  - No secret appears in a result, a diff or an error message, at any verbosity.
"""
