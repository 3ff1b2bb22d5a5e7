# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIO on the wire: agents as objects and strings, partial profiles, error bodies, ids without a domain, tokens."""

from __future__ import annotations

import copy
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio import identity
from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio.client import ApioClient
from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio.hunt_group import HuntGroups
from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio.identity import Users, matching_users, same_id
from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio.wire import (
    CAPABILITY,
    PROFILE,
    SETTINGS,
    decode,
    encode,
    still_missing,
    unknown_settings,
)
from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Observed, RunContext
from ansible_collections.telephony.pbx.plugins.module_utils.engine.observe import plan_step
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import Step
from ansible_collections.telephony.pbx.plugins.module_utils.errors import BadAnswer, InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import HUNT_GROUP
from ansible_collections.telephony.pbx.plugins.module_utils.model.numbers import ANY_COUNTRY, NumberRules
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import declare
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

Values = dict[str, Any]

KEY = "APIOTestHuntGroup@sip.netaxis.be"
DEPARTMENT = {"tenantId": "ApioSpTest", "groupId": "ApioGrpTest", "departmentName": "test_department_initial"}
AGENTS: list[Values] = [
    {
        "userId": "ApioUserTest@sip.netaxis.be", "lastName": "Test", "firstName": "Test", "weight": 60,
        "phoneNumber": "", "extension": "4000", "emailAddress": "test_mail@test.netaxis.be",
        "department": {**DEPARTMENT, "fullPathName": "test_department_parent_1 \\ test_department_initial"},
    },
    {
        "userId": "ApioUserTest1@sip.netaxis.be", "lastName": "Test1", "firstName": "Test1", "weight": 40,
        "phoneNumber": "+3225126778", "extension": "5001", "emailAddress": "",
    },
]  # fmt: skip
# The GET sample of the vendor's page, with its missing quote added.
PAGE: Values = {
    "serviceUserId": "APIOTestHuntGroup",
    "serviceInstanceProfile": {
        "name": "APIO Test Hunt Group", "cliLastName": "Last Test", "cliFirstName": "First Test",
        "language": "English", "phoneNumber": "", "extension": "", "department": DEPARTMENT,
        "publicUserIdentity": "", "timeZone": "Europe/Brussels",
    },
    "policy": "Regular", "huntAfterNoAnswer": False, "allowMembersToControlGroupBusy": False,
    "notReachableForwardToPhoneNumber": "", "enableNotReachableForwarding": False, "makeBusyWhenNotReachable": False,
    "agents": AGENTS, "useSystemHuntGroupCLIDSetting": True, "noAnswerNumberOfRings": 5, "enableGroupBusy": False,
    "forwardToPhoneNumber": "", "forwardTimeoutSeconds": 0, "forwardAfterTimeout": False,
    "allowCallWaitingForAgents": False, "applyGroupBusyWhenTerminatingToAgent": False,
    "includeHuntGroupNameInCLID": True, "active": True,
}  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------------
def test_the_page_sample_is_read() -> None:
    group = decode(PAGE, KEY)
    settings = group.pop("settings")
    assert group == {
        "id": KEY,
        "name": "APIO Test Hunt Group",
        "policy": "regular",
        "members": [
            {"extension": "ApioUserTest@sip.netaxis.be", "weight": 60},
            {"extension": "ApioUserTest1@sip.netaxis.be", "weight": 40},
        ],
        "overflow_to": "",
        "overflow_after": 0,
        "enabled": True,
        "extension": "",
        "phone_number": "",
    }
    assert settings["serviceInstanceProfile"] == {
        "cliLastName": "Last Test",
        "cliFirstName": "First Test",
        "department": DEPARTMENT,
        "language": "English",
        "timeZone": "Europe/Brussels",
        "publicUserIdentity": "",
    }
    assert settings["noAnswerNumberOfRings"] == 5 and settings["huntAfterNoAnswer"] is False
    assert not {"agents", "active", "policy", "serviceUserId", "templateName"} & set(settings)


def test_the_table_knows_every_setting_of_the_page_and_no_field_of_call_centers() -> None:
    assert set(PAGE) | {"templateName"} <= set(SETTINGS)
    assert set(PAGE["serviceInstanceProfile"]) | {"timeZoneDisplayName"} <= set(PROFILE)
    assert "queueLength" not in SETTINGS


@given(st.sets(st.sampled_from(sorted(PAGE))), st.sampled_from(["absent", None, ""]))
def test_absent_null_and_empty_are_unset(missing: set[str], how: str | None) -> None:
    data = {key: value for key, value in copy.deepcopy(PAGE).items() if key not in missing}
    if how != "absent":
        data.update(dict.fromkeys(missing, how))
    group = decode(data, KEY)
    assert group["id"] == KEY
    assert set(group) == set(CAPABILITY.options) | {"members", "settings"}
    assert group["members"] == [] or "agents" not in missing


@pytest.mark.parametrize("department", ["", None, {}, {"tenantId": "", "departmentName": None}])
def test_a_department_that_is_none_in_any_way(department: Any) -> None:
    data = {"serviceInstanceProfile": {"department": department}}
    assert decode(data, KEY)["settings"]["serviceInstanceProfile"]["department"] == {}


def test_a_department_in_an_unheard_of_shape_is_no_exception() -> None:
    shown = decode({"serviceInstanceProfile": {"department": "Sales"}}, KEY)["settings"]["serviceInstanceProfile"]
    assert shown.get("department", "Sales") in ("Sales", {})


@pytest.mark.parametrize(
    ("shown", "policy"),
    [("Weighted", "weighted"), ("Weighted Call Distribution", "weighted"), ("CIRCULAR", "circular"), ("New", "New")],
)
def test_policies_are_read_in_every_spelling_and_unknown_ones_stay(shown: str, policy: str) -> None:
    assert decode({"policy": shown}, KEY)["policy"] == policy


def test_agents_may_be_strings_and_weights_strings_or_missing() -> None:
    agents = ["a@b", {"userId": "c@d", "weight": "40"}, {"userId": "e@f", "weight": None}, {"userId": "g@h"}]
    assert decode({"agents": agents}, KEY)["members"] == [
        {"extension": "a@b", "weight": 0},
        {"extension": "c@d", "weight": 40},
        {"extension": "e@f", "weight": 0},
        {"extension": "g@h", "weight": 0},
    ]


@pytest.mark.parametrize(("on", "shown"), [(True, "+3225126999"), ("true", "+3225126999"), (False, ""), (None, "")])
def test_a_number_that_is_not_forwarded_to_is_no_overflow(on: Any, shown: str) -> None:
    data = {"forwardToPhoneNumber": "+3225126999", "forwardAfterTimeout": on}
    assert decode(data, KEY)["overflow_to"] == shown


# -- writing -----------------------------------------------------------------------------------------------------------
def value_of(name: str, spec: Field) -> st.SearchStrategy[Any]:
    if spec.kind == "bool":
        return st.booleans()
    if spec.kind == "int":
        return st.integers(*(spec.limits or (0, 9)))
    if spec.kind == "dict":
        nested = {part: value_of(part, one) for part, one in spec.nested.items() if writable(one)}
        parts = st.fixed_dictionaries({}, optional=nested)
        return parts if spec.clearable else parts.filter(bool)
    if spec.kind == "phone":
        return st.sampled_from(["", "+3225126999", "025126999"])
    return st.text("aZ9 é-.", min_size=0 if spec.clearable else 1, max_size=8)


def writable(spec: Field) -> bool:
    return not (spec.instead or spec.read_only or spec.create_only)


OVERFLOW = st.sampled_from(["", "+3225126999", "025126999"])
DECLARED = st.fixed_dictionaries(
    {"id": st.just(KEY)},
    optional={
        "name": st.text("Hunt é", min_size=1, max_size=5),
        "policy": st.sampled_from(sorted(CAPABILITY.policies)),
        "members": st.lists(st.sampled_from(["a@b", "c@d", "e@f"]).map(lambda user: {"extension": user}), max_size=3,
                            unique_by=lambda member: member["extension"]),
        "overflow_to": OVERFLOW,
        "overflow_after": st.integers(0, 7200),
        "enabled": st.booleans(),
        "extension": st.sampled_from(["", "4000"]),
        "phone_number": st.sampled_from(["", "+3225126777"]),
        "settings": st.fixed_dictionaries(
            {}, optional={name: value_of(name, spec) for name, spec in SETTINGS.items()
                          if writable(spec) and name not in ("forwardAfterTimeout", "forwardToPhoneNumber",
                                                             "forwardTimeoutSeconds")}
        ),
    },
)  # fmt: skip


def stored(before: Values, body: Values) -> Values:
    """What a server holds after a PUT: nested profiles are merged, agents become objects."""
    after = {**before, **body}
    after["serviceInstanceProfile"] = {**before["serviceInstanceProfile"], **body.get("serviceInstanceProfile", {})}
    known = {agent["userId"]: agent for agent in before["agents"]}
    if "agents" in body:
        after["agents"] = [known.get(user, {"userId": user, "weight": 0}) for user in body["agents"]]
    return after


def planned(declared: Values, before: Values) -> Step:
    """The step that brings a group of the server to what is declared."""
    asked = declare(HUNT_GROUP, declared, CAPABILITY, "apio")
    return plan_step(HuntGroups(None, RunContext()), asked, asked, Observed(decode(before, KEY), before))


@given(DECLARED)
def test_what_is_sent_is_read_back_as_it_was_declared(declared: Values) -> None:
    step = planned(declared, PAGE)
    body = json.loads(json.dumps(encode(step.target, step.changed)))
    again = planned(declared, stored(PAGE, body))
    assert again.changes == ()
    assert still_missing(step.changed, step.target, again.current.values, ANY_COUNTRY) == frozenset()
    assert bool(body) == bool(step.changes)


def test_only_what_changes_is_sent() -> None:
    declared = {
        "id": KEY,
        "name": "APIO Test Hunt Group",
        "overflow_to": "+3225126999",
        "settings": {"noAnswerNumberOfRings": 5, "serviceInstanceProfile": {"language": "French"}},
    }
    step = planned(declared, PAGE)
    assert encode(step.target, step.changed) == {
        "forwardToPhoneNumber": "+3225126999",
        "forwardAfterTimeout": True,
        "serviceInstanceProfile": {"language": "French"},
    }


def test_clearing_is_sent_as_an_empty_string_list_or_switch() -> None:
    desired = {
        "overflow_to": "", "members": [], "phone_number": "",
        "settings": {"serviceInstanceProfile": {"publicUserIdentity": "", "department": {}}},
    }  # fmt: skip
    changed = {"overflow_to", "members", "phone_number"}
    changed |= {f"settings.serviceInstanceProfile.{part}" for part in ("publicUserIdentity", "department")}
    assert encode(desired, changed) == {
        "agents": [],
        "forwardToPhoneNumber": "",
        "forwardAfterTimeout": False,
        "serviceInstanceProfile": {"phoneNumber": "", "publicUserIdentity": "", "department": ""},
    }


def test_clearing_the_overflow_time_is_refused_or_sends_a_number() -> None:
    try:
        target = declare(HUNT_GROUP, {"id": KEY, "overflow_after": ""}, CAPABILITY, "apio").values
    except InvalidOption:
        return
    assert isinstance(encode(target, {"overflow_after"})["forwardTimeoutSeconds"], int)


def test_paths_end_in_a_slash_and_keep_the_at_sign() -> None:
    client = ApioClient(SimpleNamespace(clock=time.monotonic), "tenant 1", "grp/1")  # type: ignore[arg-type]
    assert client.hunt_group_path("a@b.c") == "/tenants/tenant%201/groups/grp%2F1/services/hunt_groups/a@b.c/"
    assert client.hunt_group_path() == "/tenants/tenant%201/groups/grp%2F1/services/hunt_groups/"


# -- ids and users -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("hg@a.b", "hg@a.b", True),
        ("HG@A.b", "hg@a.B", True),
        ("hg", "hg@a.b", True),
        ("hg", "HG", True),
        ("hg@a.b", "hg@c.d", False),
        ("hg", "hg2@a.b", False),
    ],
)
def test_a_missing_domain_matches_any_and_case_does_not_matter(one: str, other: str, same: bool) -> None:
    for pair in ((one, other), (other, one)):
        assert same_id(*pair) is same


@pytest.mark.parametrize(
    ("written", "users"),
    [
        ("ApioUserTest@sip.netaxis.be", ["ApioUserTest@sip.netaxis.be"]),
        ("apiousertest@SIP.netaxis.be", ["ApioUserTest@sip.netaxis.be"]),
        ("ApioUserTest", []),
        ("4000", ["ApioUserTest@sip.netaxis.be"]),
        ("+3225126778", ["ApioUserTest1@sip.netaxis.be"]),
        ("025126778", ["ApioUserTest1@sip.netaxis.be"]),
        ("26778", []),
        ("04000", []),
        ("9999", []),
    ],
)
def test_users_are_found_by_id_extension_or_number(written: str, users: list[str]) -> None:
    assert matching_users(AGENTS, written, NumberRules("32")) == users


def test_a_number_that_fits_several_users_names_them_once_each() -> None:
    twin = {"userId": "twin@sip.netaxis.be", "extension": "4000"}
    nameless = {"userId": None, "extension": "4000"}
    found = matching_users([*AGENTS, *AGENTS, twin, nameless], "4000", ANY_COUNTRY)
    assert found == ["ApioUserTest@sip.netaxis.be", "twin@sip.netaxis.be"]


# -- whatever else a server shows --------------------------------------------------------------------------------------
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("a1 ", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["userId", "weight"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(PAGE)), JSON, max_size=5))
def test_whatever_a_server_shows_is_read_or_refused_in_words(data: Values) -> None:
    try:
        group = decode(data, KEY)
    except BadAnswer as error:
        assert str(error)
    else:
        assert set(group) == {*CAPABILITY.options, "members", "settings"}


def test_fields_that_the_tables_do_not_know_are_named() -> None:
    more = {**PAGE, "queueLength": 5, "callCenter": "x", "empty": "", "off": False}
    more["serviceInstanceProfile"] = {**PAGE["serviceInstanceProfile"], "alias": ["a"], "none": None}
    assert unknown_settings(PAGE) == []
    assert unknown_settings(more) == ["callCenter", "serviceInstanceProfile.alias"]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"policy": "Circular"}, {"policy"}),
        ({"agents": ["ApioUserTest1@sip.netaxis.be", "ApioUserTest@sip.netaxis.be"]}, {"members"}),
        ({"agents": []}, {"members"}),
        ({"forwardAfterTimeout": True, "forwardToPhoneNumber": "1"}, {"overflow_to"}),
        ({"noAnswerNumberOfRings": 4}, {"settings.noAnswerNumberOfRings"}),
        ({"active": False}, {"enabled"}),
    ],
)
def test_what_a_write_left_out_is_told_option_by_option(change: Values, missing: set[str]) -> None:
    options = {"policy", "members", "overflow_to", "enabled", "settings.noAnswerNumberOfRings", "settings.templateName"}
    assert still_missing(options, decode(PAGE, KEY), decode({**PAGE, **change}, KEY), ANY_COUNTRY) == missing


def test_where_order_has_no_meaning_it_is_not_missing() -> None:
    target = decode({**PAGE, "policy": "Simultaneous"}, KEY)
    turned = decode({**PAGE, "policy": "Simultaneous", "agents": AGENTS[::-1]}, KEY)
    assert still_missing({"members"}, target, turned, ANY_COUNTRY) == frozenset()


def test_users_are_searched_by_an_index_and_not_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hunt group of ten members in a tenant of thousands of users: each user is looked at once for each index."""
    looks = 0
    read = identity.text

    def counted(record: dict[str, Any], key: str) -> str:
        nonlocal looks
        looks += 1
        return read(record, key)

    monkeypatch.setattr(identity, "text", counted)
    users = Users({"userId": f"u{n}@x", "extension": str(n), "phoneNumber": f"+3225{n:06}"} for n in range(500))
    for n in range(100):
        for written in (f"U{n}@X", str(n), f"+3225{n:06}"):
            assert matching_users(users, written, ANY_COUNTRY) == [f"u{n}@x"]
    assert looks <= 3 * len(users) + 3 * 100
