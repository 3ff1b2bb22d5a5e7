# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of errors and findings is complete: what the code says at run time has an entry on it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.docs.generate import prose, raised, troubleshooting
from ansible_collections.telephony.pbx.docs.generate.places import GUIDES, GenerateError
from ansible_collections.telephony.pbx.plugins.module_utils import errors
from ansible_collections.telephony.pbx.plugins.module_utils.advice.rules import RULES
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run

PAGE = (GUIDES / "troubleshooting.rst").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^(\S+)\n~+$", PAGE, flags=re.MULTILINE)
LISTED = re.findall(r"^- ``(.+)``$", PAGE, flags=re.MULTILINE)
CONNECTION = {"backend": "portaswitch", "url": "http://127.0.0.1:9", "tenant": "10", "token": "x", "timeout": 1.0}


def test_every_error_class_has_an_entry() -> None:
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]
    assert {one.__name__ for one in classes} <= set(HEADINGS)


def test_every_finding_of_a_bad_declaration_has_an_entry() -> None:
    declared: dict[str, Any] = {
        "backend": "vodia",
        "hunt_groups": [
            {"id": 200, "members": []},
            {"id": "200", "overflow_to": "200"},
            {"id": "201", "polices": "x"},
            {"id": "202", "policy": "regular", "settings": {"nothing": 1}},
            {"id": "203", "members": [{"stage": 9}, {"extension": "9", "stage": 9}]},
            {"name": ""},
        ],
        "purge": ["follow_me"],
        "variables": ["pbx_huntgroups"],
    }
    found = {one["id"] for one in run.run("tenant_validate", declared, check_mode=False)["findings"]}
    assert len(found) > 9
    assert found <= {*HEADINGS, *RULES}


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("tenant", {**CONNECTION, "max_deletions": "many", "hunt_groups": []}),
        ("tenant", {**CONNECTION, "restore_from": "/nowhere"}),
        ("hunt_group_info", {**CONNECTION, "url": "not an address"}),
        ("hunt_group_info", CONNECTION),
        ("hunt_group_info", {**CONNECTION, "list_limit": "x"}),
        ("tenant_validate", {"backend": "vodja"}),
    ],
)
def test_a_message_is_listed(module: str, options: dict[str, Any]) -> None:
    result = run.run(module, options, check_mode=True, environment={})
    assert result["failed"] and result["error_class"] in HEADINGS
    patterns = [".*".join(re.escape(part) for part in one.split("…")) for one in LISTED]
    assert [one for one in patterns if re.search(one, result["msg"], flags=re.DOTALL)], result["msg"]


def test_the_ids_and_messages_of_code_are_found(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(
        "NAME = 'by-constant'\n"
        "def one(host):\n"
        "    name, severity = ('one-way', 1) if host else ('other-way', 2)\n"
        "    what = f'the server {host} has gone'\n"
        "    yield Finding(name, severity)\n"
        "    yield Finding(NAME, severity)\n"
        "    problems.add('x', id='by-keyword')\n"
        "    raise NotFound(what)\n"
    )
    found = raised.raised(tmp_path)
    assert found.ids == {"by-constant", "one-way", "other-way", "by-keyword"}
    assert found.messages["NotFound"] == {"the server … has gone"}


def test_an_id_that_cannot_be_told_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("def one(found):\n    yield Finding(found.name, 1)\n")
    with pytest.raises(GenerateError, match="the id of a finding cannot be told"):
        raised.raised(tmp_path)


@pytest.mark.parametrize("change", ["missing", "left over", "no cure"])
def test_the_entries_must_fit_the_code(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {name: dict(one) for name, one in prose.loaded("troubleshooting")["findings"].items()}
    wanted = set(entries)
    if change == "missing":
        del entries["silent-group"]
    elif change == "left over":
        wanted.remove("silent-group")
    else:
        entries["silent-group"]["cure"] = ""
    monkeypatch.setattr(prose, "loaded", lambda _name: {"findings": entries})
    with pytest.raises(GenerateError, match="silent-group"):
        troubleshooting.entries("findings", wanted)


def test_every_message_says_what_to_do_or_has_a_cure_below_it() -> None:
    lines = PAGE.splitlines()
    bare = [
        line
        for line, below in zip(lines, lines[1:], strict=False)
        if line.startswith("- ``") and ";" not in line and not below.startswith("  ")
    ]
    assert len(LISTED) > 200 and bare == []


def test_a_message_without_a_cure_is_an_error_of_the_generator() -> None:
    with pytest.raises(GenerateError, match="let the message say it, after a semicolon"):
        troubleshooting.cure_of("the moon is too near")
    assert troubleshooting.cure_of("the moon is too near; wait") == ""
