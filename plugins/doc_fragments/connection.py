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
      - The kind of system.
      - If not set, the variable C(pbx_backend) of the host, then the environment variable E(PBX_BACKEND).
    type: str
    choices:
      - apio
      - portaswitch
      - vodia
  url:
    description:
      - The base URL of the server, with its prefix.
      - For example V(https://7el.co) for PortaSwitch, V(https://pbx.example:8080) for Vodia, V(https://apio.example/api/v01/p1)
        for APIO Core, and V(https://gateway.example/api/v1) for the APIO gateway.
      - If not set, the variable C(pbx_url) of the host, then the environment variable E(PBX_URL).
    type: str
  tenant:
    description:
      - On V(portaswitch) the record number of the customer (ICustomer), on V(vodia) the domain, on V(apio) the tenant ID.
      - If not set, the variable C(pbx_tenant) of the host, then the environment variable E(PBX_TENANT).
    type: str
  group:
    description:
      - The group ID. Required on V(apio), not used elsewhere.
      - If not set, the variable C(pbx_group) of the host, then the environment variable E(PBX_GROUP).
    type: str
  username:
    description:
      - The user to log in as. Used on V(vodia), and on V(apio) when O(token) is not set.
      - If not set, the variable C(pbx_username) of the host, then the environment variable E(PBX_USERNAME).
    type: str
  password:
    description:
      - The password of O(username).
      - If not set, the variable C(pbx_password) of the host, then the environment variable E(PBX_PASSWORD).
    type: str
  token:
    description:
      - On V(portaswitch) the License, on V(apio) a machine token.
      - If not set, the variable C(pbx_token) of the host, then the environment variable E(PBX_TOKEN).
    type: str
    aliases:
      - license
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the server.
      - If not set, the variable C(pbx_validate_certs) of the host, then the environment variable E(PBX_VALIDATE_CERTS).
        V(true) if it is set nowhere.
    type: bool
  ca_path:
    description:
      - A file with the CA certificates to trust instead of those of the operating system.
      - If not set, the variable C(pbx_ca_path) of the host, then the environment variable E(PBX_CA_PATH).
    type: path
  timeout:
    description:
      - Seconds to wait for the answer to one request.
      - All attempts of one request together take at most four times as long.
      - If not set, the variable C(pbx_timeout) of the host, then the environment variable E(PBX_TIMEOUT). V(30) if it is
        set nowhere.
    type: float
  rate_limit:
    description:
      - The number of requests per second that all tasks on this machine together may send to the server, whatever the number
        of forks.
      - The collection sends 10 percent less than this. V(0) means no limit.
      - If not set, the variable C(pbx_rate_limit) of the host, then the environment variable E(PBX_RATE_LIMIT). V(20) if
        it is set nowhere.
    type: float
  rate_limit_store:
    description:
      - The address of a Redis server that holds the rate limit for several machines together, for example V(redis://redis.example:6379/0),
        V(rediss://) for TLS, or V(unix:///run/redis.sock).
      - With it, O(rate_limit) counts the requests of all machines that use this Redis server, such as all slices of a job
        in AWX. Needs the Python library redis on the machine that runs the task.
      - When Redis does not answer for ten seconds, the task continues with O(rate_limit) divided by O(slices), and reports
        a warning.
      - If not set, the variable C(pbx_rate_limit_store) of the host, then the environment variable E(PBX_RATE_LIMIT_STORE).
    type: str
  slices:
    description:
      - The number of jobs that run at the same time on machines of their own, such as the slices of a job in AWX.
      - Without O(rate_limit_store) each machine sends at most O(rate_limit) divided by this number. The variable C(awx_job_slice_count)
        is used where it is set.
      - If not set, the variable C(pbx_slices) of the host, then the environment variable E(PBX_SLICES). V(1) if it is set
        nowhere.
    type: int
  concurrency:
    description:
      - The number of requests that one task sends in parallel.
      - If not set, the variable C(pbx_concurrency) of the host, then the environment variable E(PBX_CONCURRENCY). V(4)
        if it is set nowhere.
    type: int
  country_code:
    description:
      - The country whose national numbers the server shows, as a country calling code such as V(32).
      - With it, a number in E.164 format and the national form of the same number are equal. Without it, they are different
        numbers, unless the server has a setting that states its country.
      - If not set, the variable C(pbx_country_code) of the host, then the environment variable E(PBX_COUNTRY_CODE).
    type: str
  list_limit:
    description:
      - The number of rows at which a PortaSwitch server truncates its lists. V(0) means that it never does.
      - When it is not set, a list of 100 or more rows whose length is a multiple of 50 counts as possibly truncated. Objects
        in such a list can be updated. Creating and purging fail, because an object that is not in the list may exist all
        the same.
      - If not set, the variable C(pbx_list_limit) of the host, then the environment variable E(PBX_LIST_LIMIT).
    type: int
requirements:
  - requests >= 2.31 on the machine that runs the task; with the C(local) connection this is the controller
notes:
  - 'Precedence of connection options: the task or C(module_defaults), then the variable C(pbx_OPTION) of the host, then
    the environment variable. An empty value counts as not set.'
  - With the C(local) connection a task runs inside the process of the controller, which saves about half a second for each
    task. With any other connection, and with C(become) or C(async), the module is sent to the host and runs there.
  - Secrets do not appear in results, diffs and messages, at any verbosity.
"""
