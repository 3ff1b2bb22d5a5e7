# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typical mistakes in the file of a tenant: what the schema says first in an editor, and what tenant_validate finds first."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from jsonschema.exceptions import best_match

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.entry.specification import specification
from ansible_collections.telephony.pbx.plugins.plugin_utils.messages import unsupported

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "host_vars.schema.json"


@dataclass(frozen=True)
class Mistake:
    """document: options of a tenant, with its backend. place: the object or option, as a path. words: in both messages.

    finding: one more word, in the finding only. in_schema: whether a schema can know of the mistake.
    """

    name: str
    document: dict[str, Any]
    place: str
    words: tuple[str, ...]
    finding: str = ""
    in_schema: bool = True
    backend: str = "portaswitch"


def group(**options: Any) -> dict[str, Any]:
    return {"hunt_groups": [{"id": "200", "name": "Sales", **options}]}


def member(**options: Any) -> dict[str, Any]:
    return group(members=[{"extension": "101", **options}])


POLICIES = "regular, random, simultaneous, least_used"  # of portaswitch
M0 = "hunt_groups[0].members[0]"
MISTAKES = (
    Mistake("name of an option", group(polices="regular"), "hunt_groups[0]", ("polices",), "did you mean policy?"),
    Mistake("an option in capitals", group(Policy="regular"), "hunt_groups[0]", ("Policy",), "did you mean policy?"),
    Mistake("unknown policy", group(policy="roundrobin"), "hunt_groups[0].policy", (POLICIES,), "roundrobin"),
    Mistake("policy of another system", group(policy="weighted"), "hunt_groups[0].policy", ("portaswitch", POLICIES), "weighted"),
    Mistake("policy on a system of stages", group(policy="regular"), "hunt_groups[0].policy", ("vodia", "stage"), backend="vodia"),
    Mistake("stage on a system without", member(stage=1), f"{M0}.stage", ("portaswitch",)),
    Mistake("weight on a system without", member(weight=5), f"{M0}.weight", ("vodia",), backend="vodia"),
    Mistake("overflow on a system without", group(overflow_to="101"), "hunt_groups[0].overflow_to", ("portaswitch",)),
    Mistake("number without quotes", {"hunt_groups": [{"id": 200, "name": "Sales"}]}, "hunt_groups[0].id", ("quotes",)),
    Mistake("member without quotes", group(members=[{"extension": 101}]), f"{M0}.extension", ("quotes",)),
    Mistake("destination without quotes", {"follow_me": [{"account": "700001", "destinations": [{"name": "Home", "number": 3227654321}]}]},
            "follow_me[0].destinations[0].number", ("quotes",)),
    Mistake("members as texts", group(members=["101"]), "hunt_groups[0].members[0]", ("101",), "dictionary"),
    Mistake("members as one text", group(members="101"), "hunt_groups[0].members", ("101",), "list"),
    Mistake("member without extension", group(members=[{"ring_time": 5}]), "hunt_groups[0].members[0]", ("extension",)),
    Mistake("option of a member", member(ringtime=5), M0, ("ringtime",), "did you mean ring_time?"),
    Mistake("time as words", member(ring_time="20 s"), f"{M0}.ring_time", ("whole number",), "20 s"),
    Mistake("time out of range", member(ring_time=100000), f"{M0}.ring_time", ("3600",), "100000"),
    Mistake("no key", {"hunt_groups": [{"policy": "regular"}]}, "hunt_groups[0]", ("id or name",)),
    Mistake("extension without number", {"extensions": [{"name": "Alice"}]}, "extensions[0]", ("id",)),
    Mistake("state", group(state="absend"), "hunt_groups[0].state", ("absend", "absent")),
    Mistake("membership", group(membership="atleast", members=[]), "hunt_groups[0].membership", ("atleast", "at_least")),
    Mistake("truth", group(enabled="sure"), "hunt_groups[0].enabled", ("true",), "sure", backend="vodia"),
    Mistake("name of a setting", group(settings={"PickupAlowed": True}), "hunt_groups[0].settings", ("setting",),
            "did you mean PickupAllowed?"),
    Mistake("setting of another system", group(settings={"st1_dur": 5}), "hunt_groups[0].settings", ("setting",), "st1_dur"),
    Mistake("settings as a list", group(settings=["PickupAllowed"]), "hunt_groups[0].settings", ("PickupAllowed",), "dictionary"),
    Mistake("a dictionary in place of a list", {"hunt_groups": {"200": {"name": "Sales"}}}, "hunt_groups", (), "list"),
    Mistake("a text in place of an object", {"hunt_groups": ["200"]}, "hunt_groups[0]", (), "dict"),
    Mistake("forwarding", {"follow_me": [{"account": "101", "forwarding": {"allways": "102"}}]}, "follow_me[0].forwarding",
            ("allways",), "did you mean always?", backend="vodia"),
    Mistake("part of a destination", {"follow_me": [{"account": "1", "destinations": [{"name": "Home", "number": "1", "time": 5}]}]},
            "follow_me[0].destinations[0]", ("time",), "did you mean timeout?"),
    Mistake("no timeout in range", {"follow_me": [{"account": "1", "destinations": [{"name": "Home", "number": "1", "timeout": 99999}]}]},
            "follow_me[0].destinations[0].timeout", ("3600",), "99999"),
    Mistake("purge", {"hunt_groups": [], "purge": ["huntgroups"]}, "purge[0]", ("huntgroups", "hunt_groups")),
    Mistake("purge of what is not declared", {"purge": ["hunt_groups"]}, "purge: hunt_groups", ("not declared",), in_schema=False),
    Mistake("name of a list", {"huntgroups": []}, "", ("huntgroups",), "did you mean hunt_groups?"),
)  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def by_schema(validator: jsonschema.Draft202012Validator, mistake: Mistake) -> tuple[str, str]:
    """(place, message) as an editor shows them first: with the message that the schema has for the place, if any."""
    document = {f"pbx_{name}": value for name, value in mistake.document.items()}
    error = best_match(validator.iter_errors({"pbx_backend": mistake.backend, **document}))
    if error is None:
        return "", ""
    schema = error.schema if isinstance(error.schema, dict) else {}
    names = deque(error.absolute_path)
    place = "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in names)
    return place.removeprefix(".pbx_"), str(schema.get("errorMessage") or error.message)


def by_module(mistake: Mistake) -> tuple[str, str]:
    """(place, message) of the first finding, or of what the argument spec refuses."""
    known = specification("tenant_validate")
    checked = ArgumentSpecValidator(known).validate({**mistake.document, "backend": mistake.backend})
    if checked.unsupported_parameters:
        return "", str(unsupported("tenant_validate", checked.unsupported_parameters, known)["msg"])
    if checked.error_messages:
        return "", "; ".join(checked.error_messages)
    found = run.run("tenant_validate", checked.validated_parameters, check_mode=False)["findings"]
    return (found[0]["path"], f"{found[0]['message']}; {found[0]['hint']}") if found else ("", "")


@pytest.mark.parametrize("mistake", [one for one in MISTAKES if one.in_schema], ids=lambda one: one.name)
def test_an_editor_names_the_place_and_the_word(validator: jsonschema.Draft202012Validator, mistake: Mistake) -> None:
    place, message = by_schema(validator, mistake)
    assert place == mistake.place, message
    assert [word for word in mistake.words if word not in message] == [], message
    assert "any of the given schemas" not in message


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_the_check_names_the_place_and_the_word(mistake: Mistake) -> None:
    place, message = by_module(mistake)
    assert place.startswith(mistake.place) or mistake.place.split("[")[0] in message, (place, message)
    told = f"{place}: {message}"
    assert [word for word in (*mistake.words, mistake.finding) if word not in told] == [], told


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 30


def test_what_the_editor_needs_is_no_mistake(validator: jsonschema.Draft202012Validator) -> None:
    """Null, templates and the options that the backend has are not refused."""
    groups = [
        {
            "id": "200",
            "policy": None,
            "overflow_to": None,
            "members": [{"extension": "101", "ring_time": "{{ seconds }}"}],
        },
        "{{ one }}",
    ]
    assert not list(validator.iter_errors({"pbx_backend": "portaswitch", "pbx_hunt_groups": groups}))
    assert not list(validator.iter_errors({"pbx_backend": "vodia", "pbx_hunt_groups": "{{ groups }}"}))
    assert not list(validator.iter_errors({"pbx_backend": "apio", "pbx_extensions": []}))


def test_a_setting_that_no_backend_has_is_found_without_a_backend() -> None:
    mistake = Mistake("", group(settings={"PickupAlowed": True}), "hunt_groups[0].settings", (), backend="")
    assert by_module(mistake) == (
        "hunt_groups[0].settings.PickupAlowed",
        "no backend has this setting (did you mean PickupAllowed?); ",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rules": [{"id": "x", "resource": "hunt_groups", "field": "nmae", "matches": ".*"}]}, "has no option nmae (did you mean name?)"),
        ({"rules": [{"id": "x", "resource": "hunt_groups", "field": "name", "matches": "A", "where": {"polices": "regular"}}]},
         "where: hunt_group has no option polices (did you mean policy?)"),
        ({"country_code": "be"}, "country_code"),
    ],
)  # fmt: skip
def test_names_outside_the_lists_are_checked(options: dict[str, Any], words: str) -> None:
    result = run.run("tenant_validate", {"hunt_groups": [], **options}, check_mode=False)
    assert result["failed"] and words in result["msg"], result
