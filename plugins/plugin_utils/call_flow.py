# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the call-flow filters share: plain values out of templates, and errors of one line."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ansible.errors import AnsibleFilterError
from jinja2 import Undefined, UndefinedError

from ansible_collections.telephony.pbx.plugins.module_utils.errors import PBXError

Result = TypeVar("Result")
_PLAIN = (bool, int, float, datetime.date, type(None))  # a datetime is a date too


def plain(value: Any, place: str) -> Any:
    """A value of a template as plain Python: what Ansible wraps or evaluates lazily is unwrapped.

    Raises AnsibleFilterError for what is no data, such as an undefined variable.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {plain(key, place): plain(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{place}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Undefined):
        try:
            str(value)  # says which variable it is
        except UndefinedError as error:
            raise AnsibleFilterError(f"{place}: {error}") from None
    raise AnsibleFilterError(f"{place}: is no data but a {type(value).__name__}")


def document_of(value: Any, name: str) -> tuple[dict[str, Any], Any]:
    """A tenant document and the backend that it names."""
    document = plain(value, "document")
    if not isinstance(document, dict):
        raise AnsibleFilterError(
            f"telephony.pbx.{name}: the input is not a dictionary; give what telephony.pbx.tenant takes, with backend"
        )
    if not document.get("backend"):
        raise AnsibleFilterError(
            f"telephony.pbx.{name}: the document has no backend;"
            " write for example {{ document | combine({'backend': pbx_backend}) }}"
        )
    return document, document["backend"]


def guarded(name: str, work: Callable[[], Result]) -> Result:
    """The result of some work; what the collection refuses becomes an error of one line."""
    try:
        return work()
    except PBXError as error:
        raise AnsibleFilterError(f"telephony.pbx.{name}: {' '.join(str(error).split())}") from None
