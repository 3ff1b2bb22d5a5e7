# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places where a value can be written: how to declare one there, where the simulator keeps it, and how it reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.telephony.pbx.tests.contract.callers import without_counters
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
from ansible_collections.telephony.pbx.tests.contract.follow_me_rows import EMPTY, others, stored

WEIGHTED = f"ApioWeighted@{DOMAIN}"


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


# -- the places --------------------------------------------------------------------------------------------------------
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
