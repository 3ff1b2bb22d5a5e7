# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call forwarding of Vodia: where calls go is declared by condition, and nothing else of the extension is touched.

Also which parts of a tenant an export reads when it is asked for some of them only.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.tests.contract.callers import Caller, converges, other_dialects
from ansible_collections.telephony.pbx.tests.contract.cases import State, Values, differences
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import WHOLE, Tenant
from ansible_collections.telephony.pbx.tests.contract.vodia_extensions import (
    CREDENTIALS,
    LISTS,
    accounts,
    read,
    rest,
    sent,
    settings_of,
    with_alias,
)
from pbx_simulator import Vodia

KEYS = {"always": "cfa", "busy": "cfb", "no_answer": "cfn", "no_answer_after": "cfn_timeout", "not_registered": "cfr"}
NUMBERS = {"always": "440", "busy": "445", "no_answer": "+32470123456", "not_registered": "2025550148"}
FULL: Values = {**NUMBERS, "no_answer_after": 25}
NOWHERE: Values = dict.fromkeys(KEYS, "")


@pytest.fixture
def follow_me(vodia: Site) -> Caller:
    return Caller(vodia, "follow_me", CREDENTIALS)


def declare(account: Any = "440", **forwarding: Any) -> Values:
    return {"account": account, "forwarding": forwarding}


def stored(state: State, number: str = "440") -> Values:
    """Where calls of an extension go, as the PBX keeps it; without what is not set."""
    settings = accounts(state)[number]["settings"]
    return {part: settings[key] for part, key in KEYS.items() if settings.get(key)}


# -- from the first number to the last -------------------------------------------------------------------------------------
def test_life_of_a_forwarding_and_what_each_step_sends(follow_me: Caller) -> None:
    first = follow_me.state
    result = follow_me.predicted(declare(**FULL))
    assert sent(follow_me) == [
        ("POST", "user_settings/440", {
            "cfa": "440", "cfb": "445", "cfn": "+32470123456", "cfn_timeout": "25", "cfr": "2025550148"
        })
    ]  # fmt: skip
    assert result["follow_me"] == {"account": "440", "forwarding": FULL}
    assert rest(follow_me.state, "440") == rest(first, "440")

    assert follow_me.unchanged(declare(**FULL))["follow_me"] == result["follow_me"]
    assert read(follow_me) == ["user_settings/440", "users"]
    follow_me.unchanged(result["follow_me"])

    follow_me.predicted(declare(busy="446", no_answer_after=30))
    assert sent(follow_me) == [("POST", "user_settings/440", {"cfb": "446", "cfn_timeout": "30"})]

    gone = follow_me.predicted(account="440", state="absent")
    assert sent(follow_me) == [("POST", "user_settings/440", {"cfa": "", "cfb": "", "cfn": "", "cfr": ""})]
    assert gone["follow_me"]["forwarding"] == {**NOWHERE, "no_answer_after": 30}
    follow_me.unchanged(account="440", state="absent")

    follow_me.predicted(declare(no_answer_after=""))
    assert sent(follow_me) == [("POST", "user_settings/440", {"cfn_timeout": ""})]
    assert stored(follow_me.state) == {} and rest(follow_me.state, "440") == rest(first, "440")


@pytest.mark.parametrize("part", KEYS)
def test_one_condition_is_one_key_and_an_empty_value_clears_it(follow_me: Caller, part: str) -> None:
    before = follow_me.state
    follow_me.predicted(declare(**{part: FULL[part]}))
    assert sent(follow_me) == [("POST", "user_settings/440", {KEYS[part]: str(FULL[part])})]
    place = ("domains", "localhost", "accounts", "440", "settings", KEYS[part])
    assert differences(before, follow_me.state) == {place}
    result = follow_me.predicted(declare(**{part: ""}))
    assert sent(follow_me) == [("POST", "user_settings/440", {KEYS[part]: ""})]
    assert result["plan"][0]["changes"] == [{"field": f"forwarding.{part}", "before": FULL[part], "after": ""}]
    follow_me.unchanged(declare(**{part: ""}))


def test_null_and_what_is_left_out_are_not_managed(follow_me: Caller) -> None:
    follow_me.unchanged(account="443")
    follow_me.unchanged(account="443", forwarding=None, destinations=None, settings=None)
    follow_me.unchanged(declare("443", no_answer=None, always=None))
    follow_me.done(declare("443", no_answer=None, busy="444"))
    assert stored(follow_me.state, "443") == {"no_answer": "440", "no_answer_after": "20", "busy": "444"}


@pytest.mark.parametrize(
    "forwarding",
    [{"no_answer": 440}, {"no_answer": "440"}, {"no_answer_after": "20"}, {"no_answer_after": 20}, {"always": ""}],
    ids=str,
)
def test_values_are_compared_by_their_meaning(follow_me: Caller, forwarding: Values) -> None:
    for account in ("443", 443):
        follow_me.unchanged(declare(account, **forwarding))


def test_absent_takes_no_notice_of_the_numbers_that_are_written_with_it(follow_me: Caller) -> None:
    follow_me.predicted(declare("443", no_answer="444"), state="absent")
    assert stored(follow_me.state, "443") == {"no_answer_after": "20"}


@pytest.mark.parametrize("written", ["+3225126777", "003225126777", "025126777"])
@pytest.mark.parametrize("present", ["+3225126777", "003225126777", "025126777"])
def test_a_public_number_is_the_same_in_every_spelling(follow_me: Caller, present: str, written: str) -> None:
    follow_me.done(declare(always=present))
    follow_me.unchanged(declare(always=written))


@pytest.mark.parametrize(("one", "other"), [("440", "0440"), ("440", "441"), ("+32470123456", "+32470123457")])
def test_other_numbers_are_a_change(follow_me: Caller, one: str, other: str) -> None:
    follow_me.done(declare(always=one))
    follow_me.predicted(declare(always=other))
    assert stored(follow_me.state) == {"always": other}


def test_a_number_that_the_pbx_shows_in_e164_is_the_same_number(follow_me: Caller) -> None:
    follow_me.vendor.set_dialect(number_format="e164")
    for part in NUMBERS:
        follow_me.done(declare(**{part: "2025550148"}))
        follow_me.unchanged(declare(**{part: "2025550148"}))


# -- what is refused before any request ----------------------------------------------------------------------------------
REFUSED: list[tuple[Values, list[str]]] = [
    ({"destinations": [{"number": "1"}]}, ["destinations", "vodia", "write forwarding, which says where calls go"]),
    ({"destinations": []}, ["destinations", "vodia", "write forwarding"]),
    ({"settings": {"cfa": "1"}}, ["settings.cfa", "unknown setting"]),
    ({"settings": {"ringBaseLocationFirst": True}}, ["settings.ringBaseLocationFirst", "unknown setting"]),
    ({"forwarding": {"alway": "1"}}, ["forwarding.alway", "did you mean always?"]),
    ({"forwarding": {"cfa": "1"}}, ["forwarding.cfa", "unknown setting"]),
    ({"forwarding": "440"}, ["forwarding", "not a dictionary"]),
    ({"forwarding": {}}, ["forwarding", "cannot be cleared"]),
    ({"forwarding": {"always": True}}, ["forwarding.always", "quotes"]),
    ({"forwarding": {"always": ["440"]}}, ["forwarding.always", "single value"]),
    ({"forwarding": {"always": "4\n40"}}, ["forwarding.always", "control character"]),
    ({"forwarding": {"busy": "1" * 162}}, ["forwarding.busy", "162 characters"]),
    ({"forwarding": {"no_answer_after": 0}}, ["forwarding.no_answer_after", "1 to 3600"]),
    ({"forwarding": {"no_answer_after": 3601}}, ["forwarding.no_answer_after", "1 to 3600"]),
    ({"forwarding": {"no_answer_after": "soon"}}, ["forwarding.no_answer_after", "whole number"]),
    ({"account": ""}, ["account"]),
    ({"account": "4" * 65}, ["account", "65 characters"]),
]


@pytest.mark.parametrize(("options", "words"), REFUSED, ids=str)
def test_what_cannot_be_right_is_refused_before_any_request(
    follow_me: Caller, options: Values, words: list[str]
) -> None:
    message = follow_me.refused_untouched({"account": "440", **options})
    assert all(word in message for word in words), message


def test_everything_that_is_wrong_is_said_at_once(follow_me: Caller) -> None:
    options = {"destinations": [], "settings": {"x": 1}, "forwarding": {"always": True, "no_answer_after": 0}}
    message = follow_me.refused_untouched(options, account="440")
    assert all(word in message for word in ("destinations", "settings.x", "always", "no_answer_after"))


# -- whose calls ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("number", ["1002", "700", "8000"], ids=["hunt group", "attendant", "service flag"])
@pytest.mark.parametrize("more", [{"forwarding": {"always": "440"}}, {"state": "absent"}], ids=str)
def test_another_kind_of_account_is_never_forwarded(follow_me: Caller, lists: str, number: str, more: Values) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    message = follow_me.refused(more, account=number)
    assert number in message and "another kind of account" in message


@pytest.mark.parametrize("lists", LISTS)
def test_a_further_number_of_an_extension_is_not_one_of_its_own(follow_me: Caller, lists: str) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    with_alias(follow_me, "440", "8440")
    for more in ({"forwarding": {"always": "443"}}, {"state": "absent"}):
        assert "further number of 440" in follow_me.refused(more, account="8440")


@pytest.mark.parametrize("missing", ["404", "200_empty"])
def test_an_extension_that_is_not_there_forwards_nowhere_and_cannot_be_made_to(follow_me: Caller, missing: str) -> None:
    follow_me.vendor.set_dialect(missing_account=missing)
    shown = follow_me.check(declare("0447", always="440"))
    message = follow_me.refused(declare("0447", always="440"))
    assert "no extension 0447 in localhost" in message and "create it first" in message
    assert shown["msg"] == message
    assert "0447" in follow_me.refused(declare("0447", no_answer_after=5))
    follow_me.unchanged(account="0447", state="absent")
    follow_me.unchanged(declare("0447", **NOWHERE))


def test_a_domain_that_is_not_there_is_named(follow_me: Caller) -> None:
    for more in ({"forwarding": {"always": "440"}}, {"state": "absent"}):
        message = follow_me.refused(more, account="440", tenant="nowhere.example", username="admin")
        assert "no domain nowhere.example" in message


def test_the_same_number_in_another_domain_is_left_alone(follow_me: Caller) -> None:
    before = follow_me.state["domains"]["second.example"]
    follow_me.done(declare("444", **FULL))
    follow_me.done(account="444", state="absent")
    assert follow_me.state["domains"]["second.example"] == before


def test_the_extension_module_and_this_one_leave_each_others_settings_alone(follow_me: Caller, vodia: Site) -> None:
    extension = Caller(vodia, "extension", CREDENTIALS)
    follow_me.done(declare(**FULL))
    extension.done(id="440", name="Other", settings={"email_address": "x@example.com"})
    assert stored(follow_me.state) == {part: str(value) for part, value in FULL.items()}
    follow_me.done(account="440", state="absent")
    extension.unchanged(id="440", name="Other", settings={"email_address": "x@example.com"})


# -- versions that have less ---------------------------------------------------------------------------------------------
@pytest.fixture
def without_cfr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that cannot forward what is not registered; nobody has named one."""
    keys = tuple(key for key in Vodia()._keys("extensions") if key != "cfr")
    monkeypatch.setattr("pbx_simulator.vodia.EXTENSION_KEYS", keys)


@pytest.mark.usefixtures("without_cfr")
def test_a_condition_that_this_version_does_not_have_is_refused_where_written(follow_me: Caller) -> None:
    message = follow_me.refused(declare(not_registered="443"))
    assert "forwarding: cfr: unknown to this version of the PBX" in message
    follow_me.predicted(declare(always="443", busy=""))
    assert "not_registered" not in follow_me.info(account="440")["follow_me"][0]["forwarding"]
    follow_me.predicted(account="440", state="absent")
    assert sent(follow_me) == [("POST", "user_settings/440", {"cfa": ""})]


# -- trouble on the way ----------------------------------------------------------------------------------------------------
CHANGES: dict[str, Values] = {
    "set": declare(**FULL),
    "change": declare("443", no_answer="444", no_answer_after="", busy="440"),
    "clear": {"account": "443", "state": "absent"},
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_stops_a_run_the_next_one_converges_and_others_are_left_alone(follow_me: Caller, what: str) -> None:
    account = CHANGES[what]["account"]
    start = follow_me.state
    for _how, stopped in follow_me.interrupted(CHANGES[what]):
        for state in (stopped, follow_me.state):
            assert rest(state, account) == rest(start, account)
            changed = differences(start, state)
            assert {place[-1] for place in changed} <= set(KEYS.values())


@pytest.mark.parametrize("what", CHANGES)
def test_a_success_that_stored_nothing_is_a_failure(follow_me: Caller, what: str) -> None:
    before = follow_me.state
    follow_me.vendor.add_fault("store_nothing", writes_only=True)
    result = follow_me.run(CHANGES[what])
    assert result["failed"] and "did not store forwarding." in result["msg"]
    assert follow_me.state == before
    assert follow_me.done(CHANGES[what])["verdict"] == "applied"


@pytest.mark.parametrize("what", CHANGES)
def test_a_server_that_shows_the_old_state_for_a_while_is_waited_for(follow_me: Caller, what: str) -> None:
    follow_me.vendor.add_fault("stale_reads", writes_only=True, reads=2)
    assert follow_me.done(CHANGES[what])["verdict"] == "applied"
    assert len(follow_me.vendor.writes()) == 1
    follow_me.unchanged(CHANGES[what])


# -- what info shows -------------------------------------------------------------------------------------------------------
def test_the_extensions_that_forward_are_shown_as_they_can_be_declared(follow_me: Caller) -> None:
    follow_me.done(declare("446", no_answer_after=40))
    found = follow_me.info()["follow_me"]
    assert [one["account"] for one in found] == ["443", "446"]
    assert found[0]["forwarding"] == {**NOWHERE, "no_answer": "440", "no_answer_after": 20}
    for one in found:
        follow_me.unchanged(one)


@pytest.mark.parametrize("lists", LISTS)
def test_one_extension_is_shown_whether_it_forwards_or_not(follow_me: Caller, lists: str) -> None:
    follow_me.vendor.set_dialect(account_lists=lists)
    assert follow_me.info(account=440)["follow_me"] == [{"account": "440", "forwarding": NOWHERE}]
    message = follow_me.info_refused(account="9999")
    assert "no extension 9999" in message
    assert "another kind of account" in follow_me.info_refused(account="1002")


def test_without_any_list_all_of_them_cannot_be_shown(follow_me: Caller) -> None:
    follow_me.vendor.set_dialect(account_lists="none")
    assert "no list of its extensions" in follow_me.info_refused()


# -- what the pages leave open ---------------------------------------------------------------------------------------------
LIFE: tuple[Values, ...] = (
    declare(**FULL),
    declare(always="", no_answer_after="", busy="446"),
    declare("443", no_answer="025126777", no_answer_after=21),
    {"account": "440", "state": "absent"},
    {"account": "443", "state": "absent"},
)


@pytest.mark.parametrize(("switch", "value"), other_dialects(Vodia))
def test_every_reading_of_the_pages_converges(follow_me: Caller, switch: str, value: Any) -> None:
    """There is none under which stopping would be right."""
    follow_me.vendor.set_dialect(**{switch: value})
    before = follow_me.state
    converges(follow_me, LIFE, {})
    assert rest(follow_me.state, "440", "443") == rest(before, "440", "443")
    assert (stored(follow_me.state), stored(follow_me.state, "443")) == ({}, {"no_answer_after": "21"})
    assert settings_of(follow_me, "440")["alias"] == ["440"]


# -- which parts of a tenant are exported ----------------------------------------------------------------------------------
def exported(tenant: Tenant, *resources: str) -> Values:
    """Call tenant_info for some kinds."""
    tenant.vendor.log = []
    result = run.run("tenant_info", tenant.options(resources=list(resources)), check_mode=False, environment={})
    assert not result.get("failed") and tenant.vendor.writes() == []
    return result


def test_an_export_holds_the_kinds_that_are_asked_for(site: Site) -> None:
    """Each as in the export of everything; what a backend cannot write is left out of both."""
    tenant = Tenant(site)
    everything = exported(tenant)
    for kind in tenant_lists():
        result = exported(tenant, kind)
        assert {name: result[name] for name in tenant_lists() if name in result} == (
            {kind: everything[kind]} if kind in tenant.whole.kinds else {}
        )
        assert "warnings" not in result
    assert set(exported(tenant, *tenant_lists())) == set(everything) == set(exported(tenant, *reversed(list(tenant_lists()))))


def test_an_export_does_not_read_what_is_not_asked_for(site: Site) -> None:
    tenant = Tenant(site)
    requests = {kind: exported(tenant, kind)["requests"] for kind in WHOLE[site.case.backend].kinds}
    everything = exported(tenant)["requests"]
    assert all(0 < number < everything for number in requests.values())
    if site.case.backend == "apio":
        assert requests["follow_me"] == 1 + 3 * 3, "the users, and three services of each"


def test_a_kind_that_a_version_does_not_list_is_said_only_where_it_was_asked_for(vodia: Site) -> None:
    vodia.vendor.set_dialect(account_lists="none")
    tenant = Tenant(vodia)
    assert "warnings" not in exported(tenant, "hunt_groups")
    for kind in ("extensions", "follow_me"):
        result = exported(tenant, kind)
        assert kind not in result and len(result["warnings"]) == 1 and kind in result["warnings"][0]
