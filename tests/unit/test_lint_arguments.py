# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule `args` of ansible-lint works with these modules: it loads a module, replaces AnsibleModule, and reads what is printed."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.telephony.pbx.plugins.action import tenant as action
from ansible_collections.telephony.pbx.plugins.module_utils.entry import object_module as entry
from ansible_collections.telephony.pbx.plugins.plugin_utils.messages import told

# The wordings for which the rule looks up the option among those of the task, and ends with an error if it is not there.
LOOKED_UP = re.compile(r"(argument|option) '(?P<name>.*)' is of type")


class Passed(Exception):
    """The arguments are right."""


class Checked(basic.AnsibleModule):
    """As the rule has it: ends when the arguments are checked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "no_log": True})
        raise Passed


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a module prints of its arguments; None where they are right."""

    def call(main: Any, arguments: dict[str, Any], *names: str) -> str | None:
        text = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        monkeypatch.setattr(basic, "AnsibleModule", Checked)
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", None)
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
        monkeypatch.setattr("sys.argv", [""])
        capsys.readouterr()
        try:
            main(*names)
        except Passed:
            return None
        except SystemExit:
            pass
        return capsys.readouterr().out

    return call


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"nam": "Sales"}, "nam"),
        ({"policy": "roundrobin"}, "roundrobin"),
        ({"members": [{"extension": "101", "ring_dely": 5}]}, "members.ring_dely"),
        ({"members": [{"extension": "101", "ring_delay": "soon"}]}, "members.ring_delay is of type str"),
    ],
)
def test_a_mistake_is_told_in_words_that_the_rule_takes(said: Any, options: dict[str, Any], words: str) -> None:
    printed = said(entry.main, {"id": "200", **options}, "hunt_group")
    message = json.loads(printed)["msg"]
    assert words in message
    assert not LOOKED_UP.search(message)


def test_right_arguments_pass_and_templates_inside_lists_say_nothing(said: Any) -> None:
    assert said(entry.main, {"id": "200", "policy": "regular"}, "hunt_group") is None
    assert said(entry.main, {"id": "200", "members": [{"extension": "1", "ring_delay": "{{ x }}"}]}, "hunt_group") == ""


def test_the_module_tenant_is_found_by_its_action_plugin(said: Any) -> None:
    assert "huntgroups" in json.loads(said(action.main, {"huntgroups": []}))["msg"]


def test_many_messages_are_cut_with_a_count() -> None:
    assert told("tenant", [str(number) for number in range(12)]) == "tenant: 0; 1; 2; 3; 4; 5; 6; 7; 8; 9; and 2 more"
    assert told("tenant", ["one"]) == "tenant: one"
