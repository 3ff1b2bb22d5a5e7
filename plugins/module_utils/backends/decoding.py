# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes values out of a server's records, and says in words where one makes no sense.

A server may answer anything. Only the checks in this file report a bad answer: any other error is a defect of this
collection. All functions raise BadAnswer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import BadAnswer
from ..model.values import Values


def _complain(what: str, value: Any) -> BadAnswer:
    shown = repr(value)
    return BadAnswer(f"the answer of the server makes no sense here: {what}, not {shown[:60]}")


def whole_number(record: Mapping[str, Any], key: str, default: int = 0) -> int:
    """A whole number, also where it is written as a text; absent, null and empty are the default."""
    value = record.get(key)
    if value is None or value == "":
        return default
    if isinstance(value, int):  # a bool is one too: servers count with them
        return int(value)
    text = str(value).strip() if isinstance(value, str) else ""
    digits = text[1:] if text[:1] == "-" else text
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise _complain(f"{key} should be a whole number", value)
    return int(text)


def text(record: Mapping[str, Any], key: str) -> str:
    """A text; numbers as their digits; absent and null are empty."""
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise _complain(f"{key} should be a text", value)
    return str(value)


def records(record: Mapping[str, Any], key: str) -> list[Values]:
    """A list of records; absent and null are empty."""
    return list_of_records(record.get(key), key)


def list_of_records(value: Any, what: str) -> list[Values]:
    """The same of a value that has been taken out already."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise _complain(f"{what} should be a list of records", value)
    return value


def record_of(record: Mapping[str, Any], key: str) -> Values:
    """A record; absent, null and an empty text are an empty one."""
    value = record.get(key)
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise _complain(f"{key} should be a record", value)
    return value
