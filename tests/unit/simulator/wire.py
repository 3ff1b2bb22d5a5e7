# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of what a simulator is asked over HTTP, and what it has to answer.

A table is a dictionary of a title and its rows: `ask(...)` is a request, a dictionary sets switches or hazards.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from pbx_simulator import Vendor
from pbx_simulator.server import RunningVendor

ABSENT = "(absent)"
Row = Any  # an Ask, or a dictionary of switches
Table = dict[str, list[Row]]


@dataclass(frozen=True)
class Ask:
    """A request and what is expected of its answer."""

    line: str
    expected: Any
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def ask(line: str, expected: Any, body: Any = None, **headers: str) -> Ask:
    """`line` is "GET /path", or "STATE" for the vendor's own state. `body` goes out as JSON, text as it is.

    `expected` is a status, or a dictionary of a path into the JSON answer and the value there, with status 200 unless
    "@status" says so. A path is "a.b": a key, "#0" a place in a list, "*" every item, else the item with that id or
    name; "" is the whole answer. "@reason", "@text" (contained) and "@Name" (a header, its beginning) look elsewhere.
    """
    return Ask(line, expected, body, headers)


class Wire:
    """A served vendor. `aliases` shorten paths, `headers` go with each request."""

    def __init__(self, served: RunningVendor, aliases: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self.vendor: Vendor = served.vendor
        self.aliases, self.headers = aliases, headers
        self.connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=10)

    def walk(self, rows: list[Row]) -> None:
        self.vendor.reset()
        for row in rows:
            if isinstance(row, Ask):
                self.check(row)
            else:
                self.vendor.set_dialect(**row)

    def check(self, row: Ask) -> None:
        expected = row.expected if isinstance(row.expected, dict) else {"@status": row.expected}
        if row.line == "STATE":
            found: dict[str, Any] = {path: pick(self.vendor.state, path) for path in expected}
        else:
            status, reason, headers, text = self.send(row)
            if "@status" not in expected:
                expected = {"@status": 200, **expected}
            found = {"@status": status, "@reason": reason, "@text": text}
            found = {path: look(path, found, headers, wanted) for path, wanted in expected.items()}
        assert found == expected, f"{row}: {found}"

    def send(self, row: Ask) -> tuple[int, str, Mapping[str, str], str]:
        """The path goes out exactly as it is written, not tidied up by a client library."""
        method, _blank, path = row.line.partition(" ")
        for short, long in self.aliases.items():
            path = path.replace(short, long)
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in row.headers.items()}}
        body = row.body
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        headers = {name: value for name, value in headers.items() if value}
        self.connection.request(method, path, body.encode() if isinstance(body, str) else body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.reason, answer.headers, answer.read().decode()


def look(path: str, answer: dict[str, Any], headers: Mapping[str, str], wanted: Any) -> Any:
    if path == "@text":
        return wanted if wanted in answer[path] else answer[path]
    if path in answer:
        return answer[path]
    if path.startswith("@"):
        value = headers.get(path[1:], ABSENT)
        return wanted if value.startswith(wanted) else value
    return pick(json.loads(answer["@text"] or "null"), path)


def pick(data: Any, path: str) -> Any:
    for place, step in enumerate(path.split(".") if path else []):
        if step == "*":
            return [pick(item, ".".join(path.split(".")[place + 1 :])) for item in data]
        if step.startswith("#"):
            data = data[int(step[1:])]
        elif isinstance(data, list):
            keys = ("id", "name", "userId", "serviceUserId", "departmentName", "phoneNumber", "i_follow_me_number")
            data = next((item for item in data if step in [str(item.get(key)) for key in keys]), {})
        else:
            data = data.get(step.replace("%", "."), ABSENT)
    return data


def each(table: Table) -> pytest.MarkDecorator:
    """One test for each title of a table; the test takes `rows`."""
    return pytest.mark.parametrize("rows", [pytest.param(rows, id=title) for title, rows in table.items()])
