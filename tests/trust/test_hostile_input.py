# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile input: names, numbers, settings and destinations that no one thought of, in every writable place.

Whatever is written, either the run succeeds, the value is stored as it was written and a second run changes nothing; or
it is refused before the first request, in one line that names the option. What the server itself refuses (limits that no
page states) leaves the state as it was. Never a traceback, another object that changes, or a duplicate.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.resources import RESOURCES
from ansible_collections.telephony.pbx.tests.contract.callers import AWKWARD, Caller, without_counters
from ansible_collections.telephony.pbx.tests.contract.cases import (
    CASES,
    DOMAIN,
    FOO,
    USER,
    USER1,
    USER2,
    State,
    Values,
    apio_groups,
    copied,
)
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import ACCOUNT, EMPTY, others, stored
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from ansible_collections.telephony.pbx.tests.contract.tenants import Tenant
from ansible_collections.telephony.pbx.tests.trust import figures

SUITE = "Hostile input"
EXAMPLES = 400 if figures.FULL else 20
WEIGHTED = f"ApioWeighted@{DOMAIN}"

# Controls, separators of lines, paths and queries, quotes, braces, what has no width or turns the direction round, a
# combining accent, an emoji, halves of one, and letters whose case is not what it seems.
NASTY = (
    "\x00\x01\t\n\r\x0b\x1b\x7f\x85\u2028\u2029/\\%?#&+=:;*<>|,@!$~^()-_\"'`{}[] .\xa0\u202e\u202d\u200b\u200d\ufeff"
    "\u0301\U0001f4de\ud800\udfff\xdf\u0130\u0131\uff15\u0665"
)
TEXTS = (
    *AWKWARD, "", " ", "..", ".", "../..", "/", "//", "%2F", "%2e%2e", "%00", "%", "%%", "%zz", "&#0;", "a\x00b", "a\nb",
    "\x1b[31m", "\u202eabc", "a\u200bb", "e\u0301", "\xe9", "\U0001f4de", "\ud83d", "\udcde\ud83d", "x" * 10_000,
    "\U0001f4de" * 5_000, "%" * 10_000, " 101", "101 ", "\t101", "0", "00", "-1", "+1", "1e3", "0o111", "0x1F", "1_000",
    "true", "yes", "no", "on", "null", "None", "~", "True", "{}", "[]", "{{ name }}", "!unsafe x", "${HOME}", "$(id)",
    "'; --", "\uff15\uff15", "\u0665", "9" * 40, "1/2", "a,b", "a b", "a?b#c", "@", "a@b@c", "sip:a@b",
)  # fmt: skip
SURPRISES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 73, 1000.0, 0.1, -0.0, float("inf"), float("nan"), 1e300, 10**40, 2**31, 2**63,
    datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4), [], {}, [None], [[]], ["a"], ["a", 1], [True], [{}],
    {"a": 1}, {"a": {"b": [1]}}, {True: 1}, {"name": "x"},
)  # fmt: skip
HOSTILE = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(SURPRISES),
    st.text(st.sampled_from(NASTY), max_size=8),
    st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=40),
    st.text(st.sampled_from("0123456789*#+-. "), min_size=1, max_size=12),
    st.integers(),
    st.floats(),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=4,
    ),
)

# What only the server knows to be wrong: no page says which characters an extension may have, or whose number is free.
SERVER_KNOWS = {
    ("portaswitch", "account"),
    ("apio", "id"),
    ("apio", "extension"),
    ("apio", "phone_number"),
    ("apio", "settings.serviceInstanceProfile.cliLastName"),
}


# -- how a value reads in the simulator ---------------------------------------------------------------------------------
def as_text(value: Any) -> Any:
    return "" if value in (None, [], {}) else str(value)


def as_phone(value: Any) -> Any:
    """Blanks are no part of a number."""
    return " ".join(as_text(value).split())


def as_int(value: Any) -> Any:
    return 0 if value in ("", [], {}) else int(value)


def as_bool(value: Any) -> Any:
    return str(value).strip().casefold() in ("y", "yes", "true", "on", "1", "t")


def as_words(value: Any) -> Any:
    if value in ("", [], {}):
        return []
    return sorted(map(str, value)) if isinstance(value, list) else [str(value)]


def as_policy(value: Any) -> Any:
    return re.sub(r"[\s_-]", "", str(value)).casefold()


def as_flag(value: Any) -> Any:
    """Y, N or I, however it was spelt."""
    return {"t": "y", "f": "n"}.get(str(value)[:1].casefold(), str(value)[:1].casefold())


def as_user(value: Any) -> Any:
    """An id of APIO, whose server adds the domain."""
    text = as_text(value)
    return text if "@" in text else f"{text}@{DOMAIN}"


def as_member(value: Any) -> Any:
    """A number of APIO names the user who has it."""
    users = {"4000": USER, "5001": USER1, "5002": USER2, "4004": FOO}
    return users.get(as_text(value), as_text(value))


def as_period(value: Any) -> Any:
    """Always is no period."""
    text = re.sub(r"\s", "", as_text(value)).casefold().strip(",")
    return "" if "always" in text else text


Reading = Callable[[State], Any]


@dataclass(frozen=True)
class Spot:
    """A place for a value. declare: a declaration with it. read: what is stored there; rest: all that is not.

    means: the value as it is stored. option: what a message has to name. refers: whether it names something else, which
    only the server can tell to be missing.
    """

    backend: str
    module: str
    option: str
    declare: Callable[[Any], Values]
    read: Reading
    rest: Callable[[State], Any]
    means: Callable[[Any], Any] = as_text
    refers: bool = False
    key: bool = False
    start: bool = True

    @property
    def name(self) -> str:
        return f"{self.backend}-{self.module}-{self.option}"


def inside(value: Any, *path: Any) -> Any:
    for part in path:
        value = value[part]
    return value


def placed(path: tuple[Any, ...], value: Any) -> Any:
    """A declaration with the value at its path; a 0 in it is a list of one."""
    for part in reversed(path):
        value = [value] if part == 0 else {part: value}
    return value


def group_spot(backend: str, path: str, means: Callable[[Any], Any] = as_text, **more: Any) -> Spot:
    """A place in a hunt group that is there; `beside` is declared with the value, in the same dictionary."""
    case, parts = CASES[backend], tuple(int(part) if part == "0" else part for part in path.split("."))
    beside, read = more.pop("beside", {}), more.pop("read", None)
    option = re.sub(r"\.0", "[0]", path)

    def declare(value: Any) -> Values:
        inner = {**beside, parts[-1]: value}
        return {"id": case.group["id"], **placed(parts[:-1], inner)}

    def found(state: State) -> Any:
        (group,) = case.find(state)
        return inside(group, *parts)

    return Spot(backend, "hunt_group", option, declare, read or found, case.rest, means, **more)


def vodia_setting(name: str) -> Reading:
    return lambda state: state["domains"]["localhost"]["accounts"]["0150"]["settings"].get(name, "")


def id_spot(backend: str) -> Spot:
    """A new group of any number; its name says which it is."""
    case = CASES[backend]
    names = {"settings": {"serviceInstanceProfile": {"cliLastName": "W", "cliFirstName": "N"}}}
    more = names if backend == "apio" else {}

    def read(state: State) -> Any:
        (group,) = case.find(state)
        return group["id"]

    declare: Callable[[Any], Values] = lambda value: {"id": value, "name": case.group["name"], **more}  # noqa: E731
    means = as_user if backend == "apio" else as_text
    return Spot(backend, "hunt_group", "id", declare, read, case.rest, means, key=True, start=False)


def extension_row(state: State, number: str | None = None) -> Values:
    """Alice's extension, or the new one."""
    rows = state["customers"]["10"]["extensions"]
    return rows["5001"] if number is None else next(row for row in rows.values() if row["name"] == number)


def extension_rest(state: State) -> Any:
    rest = without_counters(copied(state))
    rows = rest["customers"]["10"]["extensions"]
    rest["customers"]["10"]["extensions"] = {k: r for k, r in rows.items() if k != "5001" and r["name"] != "Hostile"}
    return rest


def extension_spot(option: str, declare: Callable[[Any], Values], read: Reading, **more: Any) -> Spot:
    return Spot("portaswitch", "extension", option, declare, read, extension_rest, **more)


def follow_me_spot(option: str, column: str, means: Callable[[Any], Any] = as_text, **beside: Any) -> Spot:
    """A place in the only destination of an account that had none."""

    def declare(value: Any) -> Values:
        return {"account": EMPTY, "destinations": [{"number": "105", **beside, option: value}]}

    def read(state: State) -> Any:
        rows = stored(state, EMPTY)
        assert len(rows) == 1
        return rows[0][column]

    return Spot(
        "portaswitch", "follow_me", f"destinations[0].{option}", declare, read, lambda s: others(s, EMPTY), means
    )


def weights_rest(state: State) -> Any:
    rest = copied(state)
    del apio_groups(rest)[WEIGHTED]["weights"]
    return rest


def weights_spot(option: str, declare: Callable[[Any], Values], means: Callable[[Any], Any], **more: Any) -> Spot:
    read: Reading = lambda state: apio_groups(state)[WEIGHTED]["weights"].get(USER1)  # noqa: E731
    return Spot("apio", "hunt_group_weights", option, declare, read, weights_rest, means, **more)


def two(value: Any) -> list[Values]:
    return [{"extension": USER1, "weight": value}, {"extension": USER2, "weight": 30}]


SPOTS = (
    id_spot("portaswitch"),
    group_spot("portaswitch", "name"),
    group_spot("portaswitch", "policy", as_policy),
    group_spot("portaswitch", "settings.PickupAllowed", as_flag),
    group_spot("portaswitch", "members.0.extension", refers=True),
    group_spot("portaswitch", "members.0.ring_time", as_int, beside={"extension": "106"}),
    group_spot("portaswitch", "members.0.huntstop", as_bool, beside={"extension": "106"}),
    extension_spot(
        "id",
        lambda value: {"id": value, "name": "Hostile", "account": 700009},
        lambda state: extension_row(state, "Hostile")["id"],
        key=True,
    ),
    extension_spot("name", lambda value: {"id": "101", "name": value}, lambda state: extension_row(state)["name"]),
    extension_spot(
        "account",
        lambda value: {"id": "101", "account": value},
        lambda state: extension_row(state)["i_account"],
        means=as_int,
        refers=True,
    ),
    follow_me_spot("name", "name"),
    follow_me_spot("number", "redirect_number", name="Hostile"),
    follow_me_spot("domain", "domain"),
    follow_me_spot("timeout", "timeout", as_int),
    follow_me_spot("period", "period", as_period),
    follow_me_spot("period_description", "period_description"),
    id_spot("vodia"),
    group_spot("vodia", "name"),
    group_spot("vodia", "overflow_to", as_phone),
    group_spot("vodia", "enabled", lambda value: value in ("", [], {}) or as_bool(value)),
    group_spot("vodia", "settings.melody", read=vodia_setting("melody")),
    group_spot("vodia", "settings.st1_dur", lambda value: as_text(as_int(value)) if value not in ("", [], {}) else ""),
    group_spot("vodia", "settings.alias", as_words),
    group_spot("vodia", "members.0.extension", refers=True),
    group_spot("vodia", "members.0.stage", as_int, beside={"extension": "446"}),
    id_spot("apio"),
    group_spot("apio", "name"),
    group_spot("apio", "overflow_to"),
    group_spot("apio", "overflow_after", as_int),
    group_spot("apio", "extension"),
    group_spot("apio", "phone_number"),
    group_spot("apio", "settings.serviceInstanceProfile.cliLastName"),
    group_spot("apio", "settings.serviceInstanceProfile.timeZone"),
    group_spot("apio", "settings.serviceInstanceProfile.publicUserIdentity"),
    group_spot("apio", "settings.notReachableForwardToPhoneNumber"),
    group_spot("apio", "members.0.extension", as_member, refers=True),
    weights_spot("hunt_group", lambda value: {"hunt_group": value, "weights": two(70)}, lambda _value: 70, refers=True),
    weights_spot(
        "weights[0].weight",
        lambda value: {"hunt_group": WEIGHTED, "weights": two(value), "allow_any_total": True},
        as_int,
    ),
    weights_spot(
        "weights[0].extension",
        lambda value: {"hunt_group": WEIGHTED, "weights": [{"extension": value, "weight": 70}, *two(70)[1:]]},
        lambda _value: 70,
        refers=True,
    ),
)
IN_TENANT = tuple(spot for spot in SPOTS if spot.module != "hunt_group_weights")


# -- what may happen besides ------------------------------------------------------------------------------------------------
def value_is_missing(spot: Spot, value: Any) -> bool:
    """Whether the key of a hunt group or the number of a destination is left out, which only reading can judge."""
    return value in (None, "", [], {}) and (spot.key or spot.option == "destinations[0].number")


def is_taken(spot: Spot, value: Any, state: State) -> bool:
    """Whether a number that was made up is one that somebody has: then it means that object, and rightly so."""
    if not spot.key or spot.backend == "apio":
        return False
    ours = state["customers"]["10"] if spot.backend == "portaswitch" else {}
    numbers = {one["id"] for kind in ("extensions", "groups") for one in ours[kind].values()} if ours else set()
    return str(value) in (numbers or set(state["domains"]["localhost"]["accounts"]))


# What once went wrong, and is tried on every run: (where, the value).
TRAPS: tuple[tuple[str, Any], ...] = (
    ("portaswitch-hunt_group-id", "x" * 10_000),
    ("portaswitch-extension-id", "\ud83d"),
    ("vodia-hunt_group-id", ".."),
    ("vodia-hunt_group-settings.alias", ["R&D / Ops"]),
    ("vodia-hunt_group-settings.alias", ["0152", "0152"]),
    ("vodia-hunt_group-members[0].stage", ["a"]),
    ("portaswitch-follow_me-destinations[0].period", "a{" * 5_000),
)


# -- the property ---------------------------------------------------------------------------------------------------------
class Judge:
    """Runs a declaration with a hostile value from the same state every time, and judges what came of it."""

    def __init__(self, site: Site, spot: Spot, module: str) -> None:
        self.spot, self.module, self.vendor = spot, module, site.vendor
        self.caller: Site = Tenant(site) if module == "tenant" else Caller(site, module)
        if spot.module == "hunt_group" and spot.start:
            Caller(site, "hunt_group").done(site.case.group)
        self.first = site.state

    def declared(self, value: Any) -> Values:
        one = self.spot.declare(value)
        return {RESOURCES[self.spot.module].plural: [one]} if self.module == "tenant" else one

    def __call__(self, value: Any) -> None:
        if is_taken(self.spot, value, self.first):
            return
        self.judge(value)
        figures.count(SUITE, "hostile values", 1, self.spot.backend)

    def judge(self, value: Any) -> None:
        self.vendor.state = copied(self.first)
        result = self.caller.run(self.declared(value))
        if result.get("failed"):
            self._refused(result, value)
        else:
            self._stored(value)

    def _refused(self, result: Values, value: Any) -> None:
        message, backend = result["msg"], self.spot.backend
        assert len(message.splitlines()) == 1
        message.encode()
        assert without_counters(self.vendor.state) == without_counters(self.first), message
        if self.vendor.log == []:
            assert self.spot.option in message, message
            figures.count(SUITE, "refused before the first request, by the name of the option", 1, backend)
        elif self.vendor.writes() == []:
            assert self.spot.refers or value_is_missing(self.spot, value), message
            figures.count(SUITE, "refused before the first write: what they name is not there", 1, backend)
        else:
            assert re.search("answered [45][0-9][0-9]", message), message
            assert (backend, self.spot.option) in SERVER_KNOWS, message
            figures.count(SUITE, "refused by the server, with the state as it was", 1, backend)

    def _stored(self, value: Any) -> None:
        spot, state = self.spot, self.caller.state
        assert spot.rest(state) == spot.rest(self.first), "something else has changed"
        if value is not None:  # null is not managed
            now = spot.read(state)
            assert spot.means("" if now is None else now) == spot.means(value), (now, value)
        figures.count(SUITE, "stored as they were written, and found so again", 1, spot.backend)
        self.caller.unchanged(self.declared(value))


hostile = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
)


def tried(judge: Callable[[Any], None]) -> None:
    """With many values, some of them always."""

    def one(value: Any) -> None:
        judge(value)

    for always in ("x" * 10_000, "..", "\U0001f4de\u0301\u202e ", None, True):
        one = example(always)(one)
    hostile(given(HOSTILE)(one))()


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name)
def test_a_value_is_stored_as_it_is_or_refused(open_site: Any, spot: Spot) -> None:
    judge = Judge(open_site(spot.backend), spot, spot.module)
    tried(judge)


@pytest.mark.parametrize("spot", IN_TENANT, ids=lambda spot: spot.name)
def test_and_so_it_is_inside_a_tenant(open_site: Any, spot: Spot) -> None:
    judge = Judge(open_site(spot.backend), spot, "tenant")
    tried(judge)


@pytest.mark.parametrize("module", ["", "tenant"], ids=["alone", "in a tenant"])
@pytest.mark.parametrize(("name", "value"), TRAPS, ids=[f"{name}-{str(value)[:9]!a}" for name, value in TRAPS])
def test_what_once_went_wrong(open_site: Any, name: str, value: Any, module: str) -> None:
    (spot,) = (spot for spot in SPOTS if spot.name == name)
    Judge(open_site(spot.backend), spot, module or spot.module).judge(value)


# -- things in the place of others, in a tenant file, which no argument spec looks into -------------------------------------
KEYS = st.one_of(
    st.sampled_from([text for text in TEXTS if text not in ("name",)]),
    st.sampled_from([True, False, None, 1, 0, 1.5, datetime.date(2026, 1, 2), (1, 2), float("nan")]),
)
PLACES: dict[str, Callable[[Any], Values]] = {
    "an object": lambda value: {"hunt_groups": [value]},
    "a key of an object": lambda value: {"hunt_groups": [{"id": "0250", value: 1}]},
    "the settings": lambda value: {"hunt_groups": [{"id": "0250", "settings": value}]},
    "a key of the settings": lambda value: {"hunt_groups": [{"id": "0250", "settings": {value: 1}}]},
    "the members": lambda value: {"hunt_groups": [{"id": "0250", "members": value}]},
    "a member": lambda value: {"hunt_groups": [{"id": "0250", "members": [value]}]},
    "a key of a member": lambda value: {"hunt_groups": [{"id": "0250", "members": [{"extension": "106", value: 1}]}]},
    "the state": lambda value: {"hunt_groups": [{"id": "0250", "state": value}]},
    "the membership": lambda value: {"hunt_groups": [{"id": "0250", "membership": value}]},
    "the destinations": lambda value: {"follow_me": [{"account": ACCOUNT, "destinations": value}]},
    "a key of a destination": lambda value: {"follow_me": [{"account": EMPTY, "destinations": [{value: 1}]}]},
    "an extension": lambda value: {"extensions": [value]},
}
NOTHING_SAID = (None, "present", "exact", "at_least")
SHAPES = [
    ("the members", ""),
    ("the destinations", {}),
    ("the members", 0),
    ("the settings", ""),
    ("a key of a member", True),
]


class ShapeJudge:
    """Runs a tenant with a value in the place of another shape."""

    def __init__(self, site: Site, place: str) -> None:
        self.tenant, self.place = Tenant(site), place
        self.tenant.done({"hunt_groups": [site.case.group]})
        self.before = self.tenant.state

    def __call__(self, value: Any) -> None:
        if value == {"name": "x"} and self.place == "an object":
            return  # which is one
        self.judge(value)
        figures.count(SUITE, "values of the wrong shape", 1, "portaswitch")

    def judge(self, value: Any) -> None:
        """Refused before the first request; or it says nothing, as null does, and nothing changes."""
        self.tenant.vendor.state = copied(self.before)
        result = self.tenant.run(PLACES[self.place](value), journal="")
        if result.get("failed"):
            assert self.tenant.vendor.log == [] and len(result["msg"].splitlines()) == 1
        else:
            said_nothing = value in NOTHING_SAID or (self.place in ("the state", "the membership") and not value)
            assert said_nothing or value in ([], {}), value
        if value != []:  # which is a list, if an empty one
            assert self.tenant.state == self.before


@pytest.mark.parametrize("place", PLACES)
def test_whatever_stands_where_a_list_or_a_dictionary_belongs_is_refused(portaswitch: Site, place: str) -> None:
    judge = ShapeJudge(portaswitch, place)
    values = KEYS if "key" in place else st.one_of(st.sampled_from(SURPRISES), st.sampled_from(TEXTS))

    def judged(value: Any) -> None:
        judge(value)

    hostile(given(values)(judged))()


@pytest.mark.parametrize(("place", "value"), SHAPES)
def test_shapes_that_once_went_wrong(portaswitch: Site, place: str, value: Any) -> None:
    ShapeJudge(portaswitch, place).judge(value)


def test_the_judge_sees_what_is_stored_otherwise(vodia: Site) -> None:
    """The tests above would pass if it were blind."""
    (spot,) = (spot for spot in SPOTS if spot.name == "vodia-hunt_group-name")
    judge = Judge(vodia, spot, "hunt_group")
    judge.judge("as it is")
    answer = type(vodia.vendor)._text
    vodia.vendor._text = lambda value: (answer(vodia.vendor, value) or "").strip()  # type: ignore[attr-defined]
    try:
        with pytest.raises(AssertionError):
            judge.judge(" blanks ")
    finally:
        del vodia.vendor._text  # type: ignore[attr-defined]
