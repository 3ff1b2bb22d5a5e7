# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report, addresses that may be shown, and what the call flow adds."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.action.tenant_audit import without_credentials
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report import flows
from ansible_collections.telephony.pbx.plugins.plugin_utils.report_files import expanded, read_report, write_files

TODAY = datetime.date(2026, 11, 24)


def group(*members: str, **more: Any) -> dict[str, Any]:
    listed = [{"extension": number, "ring_time": 15, "huntstop": True, "ring_delay": 0} for number in members]
    return {"id": "200", "name": "Sales", "policy": "regular", "members": listed, **more}


def document(*members: str) -> dict[str, Any]:
    extensions = [{"id": number, "name": f"Phone {number}"} for number in ("101", "102")]
    return {"hunt_groups": [group(*members)], "extensions": extensions}


SETTING = flows.Setting("portaswitch")
FIRST = [{"name": "Alice first", "call": "200", "first": ["101"]}]


# -- files ---------------------------------------------------------------------------------------------------------------
def test_files_are_written_whole_with_the_rights_of_the_process(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    old = os.umask(0o027)
    try:
        assert write_files(str(place), {"x.json": "{}", "y.md": "\u00e9\ud800"}) == {}
    finally:
        os.umask(old)
    assert sorted(path.name for path in place.iterdir()) == ["x.json", "y.md"]
    assert (place / "x.json").stat().st_mode & 0o777 == 0o640
    assert (place / "y.md").read_text(encoding="utf-8") == "\u00e9\\ud800"


def test_a_file_that_cannot_be_written_does_not_cost_the_others(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    assert set(write_files(str(tmp_path), {"x.json": "{}", "y.md": "new"})) == {"x.json"}
    assert (tmp_path / "y.md").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.json", "y.md"], "a partial file was left"


def test_a_directory_that_cannot_be_made_is_told_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert set(write_files(str(tmp_path / "file" / "x"), {"a": "", "b": ""})) == {"a", "b"}


def test_sources_may_be_patterns(tmp_path: Path) -> None:
    for name in ("s1", "s2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "audit.json").write_text("{}")
    one = str(tmp_path / "s1" / "audit.json")
    assert expanded([one, str(tmp_path / "*" / "audit.json")], "sources") == [one, str(tmp_path / "s2" / "audit.json")]
    with pytest.raises(InvalidOption, match="sources: .*nothing.json: there is no such file"):
        expanded([str(tmp_path / "nothing.json")], "sources")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"no json", json.dumps({"format": 1}).encode()])
def test_a_file_that_is_no_report_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "audit.json"
    path.write_bytes(content)
    with pytest.raises(InvalidOption, match="previous: .*audit.json"):
        read_report(str(path), "previous")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://pbx.example:8080/x", "https://pbx.example:8080/x"),
        ("https://user:secret@pbx.example/x?token=secret#secret", "https://pbx.example/x"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://pbx.example:secret/", ""),
        ("secret", ""),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert without_credentials(url) == shown


# -- call flow -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("live", "declared", "found"),
    [
        (("101", "102"), ("101", "102"), [("live", "passed")]),
        (("102", "101"), ("102", "101"), [("live", "failed")]),
        (("102", "101"), ("101", "102"), [("live", "failed")]),
        # what is met now, and breaks once the declaration is applied
        (("101", "102"), ("102", "101"), [("live", "passed"), ("planned", "failed")]),
    ],
)
def test_expectations_are_tested_against_what_is_there(live: Any, declared: Any, found: list[tuple[str, str]]) -> None:
    tested = flows.tested(FIRST, document(*live), {"hunt_groups": [group(*declared)]}, [], SETTING, TODAY)
    assert [(one["document"], one["status"]) for one in tested] == found


def test_an_expectation_that_the_plan_meets_says_so() -> None:
    (one,) = flows.tested(FIRST, document("102"), {"hunt_groups": [group("101")]}, [], SETTING, TODAY)
    assert "after applying, the expectation is met" in one["hint"]


def plan(*keys: str) -> list[dict[str, Any]]:
    changes = [{"field": "members[102]", "before": None, "after": {"extension": "102"}}]
    return [{"resource": "hunt_group", "id": key, "name": "", "action": "update", "changes": changes} for key in keys]


def test_a_group_that_differs_has_a_picture_and_the_same_in_words() -> None:
    (picture,) = flows.pictures(document("101", "102"), None, plan("200"), SETTING)
    assert picture["group"] == "200" and picture["svg"].startswith("<svg") and "Phone 102" in picture["words"]


def test_there_are_few_pictures_and_none_of_what_cannot_be_drawn() -> None:
    groups = [{**group("101"), "id": str(number)} for number in range(200, 206)]
    many = {**document("101"), "hunt_groups": groups}
    drawn = flows.pictures(many, None, plan("999", "203", "200", "201", "202"), SETTING)
    assert [one["group"] for one in drawn] == ["203", "200", "201"]
    assert flows.pictures(many, None, [{**plan("200")[0], "resource": "extension"}], SETTING) == []
