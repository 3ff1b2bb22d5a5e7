# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of answers keeps structure and words of the interface, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.report.shapes import Shapes, differences, flat
from ansible_collections.telephony.pbx.plugins.module_utils.transport.recorder import Recorded


def answer(body: Any, path: str = "/rest/items", **more: Any) -> Recorded:
    given = {
        "method": "GET",
        "params": {},
        "status": 200,
        "content_type": "application/json",
        "size": 10,
        "is_json": True,
    }
    return Recorded(path=path, body=body, **{**given, **more})


def shapes(*answers: Recorded) -> Shapes:
    return Shapes(answers, ["Order", "policy"], ["acme.example", "acme"])


def body(value: Any) -> Any:
    route = next(iter(shapes(answer(value)).routes().values()))
    return route["body"]


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("Order", {"string": 1, "length": [5, 5], "words": ["Order"]}),
        ("Jane O'Neil 42", {"string": 1, "length": [14, 14], "forms": ["a a'a 9"]}),
        ("+32 470/12", {"string": 1, "length": [10, 10], "forms": ["+9 9/9"]}),
        (4711, {"integer": 1, "digits": [4, 4]}),
        (True, {"boolean": 1}),
        (None, {"null": 1}),
        ([], {"array": 1, "items": [0, 0]}),
        (
            ["a1", None],
            {"array": 1, "items": [2, 2], "item": {"string": 1, "length": [2, 2], "forms": ["a9"], "null": 1}},
        ),
    ],
)
def test_a_value(value: Any, shape: Any) -> None:
    assert body(value) == shape


@pytest.mark.parametrize("key", ["700001", "jane@acme.example", "Jane Doe", "acme", "jane"])
def test_a_key_that_may_be_somebody_is_replaced(key: str) -> None:
    assert set(body({key: "x", "policy": "Order", "owner": "jane", "jane": 1})["keys"]) == {"{}", "policy", "owner"}


def test_objects_by_a_name_are_seen_as_one() -> None:
    found = body({"bob": {"ext": 1}, "eve": {"ext": 22}})
    assert found["keys"]["{}"]["keys"]["ext"]["digits"] == [1, 2]


def test_routes_without_tenant_number_and_name() -> None:
    paths = ("/rest/acme/users/101", "/rest/acme/users/jane%40acme.example", "/rest/acme/users/jane")
    answers = [answer({"name": "jane"}, path, params={"of": "jane"}) for path in paths]
    route = next(iter(shapes(*answers).routes()))
    assert route == "GET /rest/{}/users/{}?of"


def test_errors_and_pages_are_counted_not_shown() -> None:
    page = answer(None, is_json=False, content_type="text/html", size=90)
    route = next(iter(shapes(page, answer({"error": "x"}, status=404)).routes().values()))
    assert (route["not_json"], route["statuses"]) == (1, {"200": 1, "404": 1})
    assert "body" not in route


def test_places_of_a_shape() -> None:
    assert dict(flat(body({"rows": [{"id": 1}, {"id": "x"}]}))) == {
        "$": {"object"},
        "$.rows": {"array"},
        "$.rows[]": {"object"},
        "$.rows[].id": {"integer", "string"},
    }


def test_differences_from_what_is_expected() -> None:
    expected = {"$": "object", "$.rows": "array", "$.rows[]": "object", "$.rows[].id": "integer", "$.note": "null"}
    routes = shapes(answer({"rows": [{"id": "x", "more": 1}], "policy": None})).routes()
    found = next(iter(differences(routes, {next(iter(routes)): expected}).values()))
    assert found == {"missing": ["$.note"], "new": ["$.policy", "$.rows[].more"], "types": {"$.rows[].id": ["string"]}}
    empty = shapes(answer({"rows": [], "note": "x"})).routes()
    assert differences(empty, {next(iter(empty)): expected}) == {}
    assert differences(empty, {"GET /other": expected}) == {}
