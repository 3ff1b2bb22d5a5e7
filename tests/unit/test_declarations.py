# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of a module to declared objects: everything that is wrong, before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import RunContext, Store
from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.entry.declarations import (
    check_backend_name,
    declare_tenant,
    offline_store,
)
from ansible_collections.telephony.pbx.plugins.module_utils.entry.objects import declare_one
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption, Unsupported
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Values

TENANT: Values = {
    "extensions": [{"id": "101"}, {"id": "102", "state": "absent"}],
    "hunt_groups": [{"id": "200", "members": [{"extension": "101"}]}],
    "purge": ["extensions"],
}


def problems(options: Values, backend: str = "vodia") -> list[tuple[str, str]]:
    return [(one.id, one.path) for one in declare_tenant(options, backend).problems]


@pytest.mark.parametrize("backend", ["", *BACKENDS])
def test_a_tenant_is_declared_with_the_places_of_its_objects(backend: str) -> None:
    ids = {"hunt_groups": [{"id": "200@d", "members": [{"extension": "101"}]}], "extensions": None, "purge": []}
    options = {**TENANT, **ids} if backend in ("apio", "portaswitch") else TENANT
    if backend == "portaswitch":
        options = {**options, "hunt_groups": TENANT["hunt_groups"]}
    made = declare_tenant(options, backend)
    assert made.problems == [] and made.messages == []
    lists = ["hunt_groups"] if options["extensions"] is None else ["extensions", "hunt_groups"]
    assert list(made.lists) == lists
    paths = [one.path for one in made.objects]
    assert paths == (["hunt_groups[0]"] if len(lists) == 1 else ["extensions[0]", "extensions[1]", "hunt_groups[0]"])
    made.raise_if_impossible()


def test_an_empty_list_is_declared_and_one_that_is_null_is_not() -> None:
    assert list(declare_tenant({"extensions": [], "hunt_groups": None}, "vodia").lists) == ["extensions"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"extensions": "101"}, [("invalid-option", "extensions")]),
        ({"extensions": {"id": "101"}}, [("invalid-option", "extensions")]),
        ({"hunt_groups": ["200"]}, [("invalid-option", "hunt_groups[0]")]),
        ({"purge": ["follow_me"]}, [("purge-undeclared", "purge: follow_me")]),
        ({"hunt_groups": [{"name": ""}]}, [("missing-key", "hunt_groups[0].id or name")]),
        ({"hunt_groups": [{"id": "200", "policy": "regular"}]}, [("unsupported-option", "hunt_groups[0].policy")]),
        (
            {"extensions": [{"id": "a b"}], "hunt_groups": [{"id": "1", "x": 1}, {"id": "2", "members": [5]}]},
            [
                ("invalid-option", "extensions[0].id"),
                ("unknown-option", "hunt_groups[0].x"),
                ("invalid-option", "hunt_groups[1].members[0]"),
            ],
        ),
    ],
)
def test_whatever_is_wrong_is_found_at_its_place(change: Values, found: list[tuple[str, str]]) -> None:
    assert problems({**TENANT, **change}) == found


def test_what_only_a_store_can_tell_is_found_at_its_place_too() -> None:
    twice = [{"id": "200", "settings": {"alias": ["9", "9"]}}]
    made = declare_tenant({"hunt_groups": twice}, "vodia")
    assert [(one.path, one.message) for one in made.problems] == [
        ("hunt_groups[0].settings.alias", "a number is listed twice")
    ]
    assert made.messages == ["hunt_groups[0]: hunt_group 200: settings.alias: a number is listed twice"]
    assert declare_tenant({"hunt_groups": twice}, "").problems == []


@pytest.mark.parametrize("written", [[{"account": 1}], []])
def test_a_list_that_a_backend_cannot_write_is_refused_only_if_something_is_in_it(
    written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BACKENDS["vodia"].stores["follow_me"], "writable", False)
    found = [] if not written else [("unsupported-option", "follow_me")]
    assert problems({"follow_me": written}) == found
    assert problems({"follow_me": written, "purge": ["follow_me"]}) == [("unsupported-option", "follow_me")]


def test_everything_is_in_one_message_as_far_as_it_fits() -> None:
    groups = [{"id": str(number), "x": 1} for number in range(25)]
    with pytest.raises(InvalidOption) as caught:
        declare_tenant({"hunt_groups": groups}, "vodia").raise_if_impossible()
    message = str(caught.value)
    assert message.count(" | ") == 20 and message.endswith(" | ... and 5 more") and "\n" not in message
    assert message.startswith("hunt_groups[0]: hunt_group 0: x: unknown option")
    with pytest.raises(InvalidOption) as caught:
        declare_tenant({"hunt_groups": groups[:20]}, "vodia").raise_if_impossible()
    assert "more" not in str(caught.value)


def test_rules_are_asked_unless_a_file_is_restored() -> None:
    tenant = {"hunt_groups": [{"id": "200", "overflow_to": "200"}, {"id": 201}]}
    assert [one.id for one in declare_tenant(tenant, "vodia").findings] == ["unquoted-number", "overflow-loop"]
    assert [one.id for one in declare_tenant(tenant, "vodia", with_rules=False).findings] == ["unquoted-number"]
    ignored = declare_tenant({**tenant, "ignore_rules": ["overflow-*"]}, "vodia").findings
    assert {one.severity for one in ignored} == {"warning"}
    own = {"id": "own", "resource": "hunt_groups", "field": "name", "matches": ".+"}
    assert "own" in [one.id for one in declare_tenant({**tenant, "rules": [own]}, "vodia").findings]


def test_secrets_are_hidden_before_anything_is_said_about_them() -> None:
    hidden: list[str] = []
    context = RunContext(hide=hidden.append)

    def store_of(resource: str) -> Store:
        return BACKENDS["apio"].stores[resource](offline_store("apio", resource).client, context)

    profile = {"password": "hunter-secret", "language": 5.5, "unheard": 1}
    options = {"id": "200@d", "settings": {"serviceInstanceProfile": profile}}
    declare_tenant({"hunt_groups": [options]}, "apio", store_of)
    assert hidden == ["hunter-secret"]
    with pytest.raises(InvalidOption) as caught:
        declare_one(store_of("hunt_group"), options, "apio")
    assert hidden == ["hunter-secret"] * 2 and "hunter-secret" not in str(caught.value)


def test_one_object_is_declared_without_a_path() -> None:
    one = declare_one(offline_store("vodia", "hunt_group"), {"id": 200, "url": "of the connection"}, "vodia")
    assert (one.values, one.path, one.place) == ({"id": "200"}, "", "hunt_group 200")
    with pytest.raises(Unsupported):
        declare_one(offline_store("vodia", "hunt_group"), {"id": "200", "policy": "regular"}, "vodia")


def test_a_backend_that_there_is_not_gets_a_suggestion() -> None:
    check_backend_name("")
    check_backend_name("apio")
    with pytest.raises(InvalidOption, match="did you mean vodia"):
        check_backend_name("vodai")
