# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The follow-me destinations of an account of PortaSwitch.

Sources: page PortaFollowMe (routes, fields), vendor note section 4.4 (values, no natural key, adding is not
idempotent). KeepOriginalCLI and the period travel in the query, because no path carries them.
"""

from __future__ import annotations

from typing import Any

from ...errors import Incomplete, InvalidOption
from ...model.catalog import DESTINATION_FIELDS, FOLLOW_ME, Capability
from ...model.values import Field, Values, canonical, same, to_bool
from ..contract import Observed, Store, always
from .client import WITH_EVERY_ANSWER, PortaClient, may_be_cut

# Neutral keep_original_cli -> what the server takes: caller's number and name, forwarder's, or caller's number with
# the forwarder's name (note 4.4).
CALLER_ID = {"caller": "Y", "forwarder": "N", "caller_number": "I"}
_EXTRA_TEXTS = ("domain", "keep_original_cli", "period_description")
_TIMEOUT_WITHOUT_DEFAULT = 30  # seconds; what clients set up accounts with (note 4.4)

_ELSEWHERE = frozenset({"rings", "answer_confirmation"})
ITEM: dict[str, Field] = {name: spec for name, spec in DESTINATION_FIELDS.items() if name not in _ELSEWHERE}
CAPABILITY = Capability(
    options=frozenset({"account"}),
    member_options=frozenset(ITEM),
    refused={
        "forwarding": "write a destination instead",
        "destinations.rings": "write how long it rings as timeout, in seconds",
    },
    member_identity=("_key",),
    narrower={"account": Field("int", limits=(1, 2**31 - 1), clearable=False)},
)


def decode(row: Values) -> Values:
    """A row of FollowMeNumbers in neutral words. `_key` is the server's id of it."""
    spelt = str(row.get("keep_original_cli") or "").upper()
    meaning = to_bool(spelt)
    caller_id = spelt if meaning is None else "Y" if meaning else "N"
    return {
        "_key": int(row.get("i_follow_me_number") or 0),
        "name": str(row.get("name") or ""),
        "number": str(row.get("redirect_number") or ""),
        "timeout": canonical(ITEM["timeout"], row.get("timeout")),
        "active": to_bool(row.get("active") or "N") is True,
        "domain": str(row.get("domain") or ""),
        "keep_original_cld": to_bool(row.get("keep_original_cld") or "N") is True,
        "keep_original_cli": next((word for word, wire in CALLER_ID.items() if wire == caller_id), ""),
        "period": str(row.get("period") or ""),
        "period_description": str(row.get("period_description") or ""),
    }


def encode_extras(item: Values) -> dict[str, str]:
    """What only the query can carry. Empty values cannot be sent at all (note 2.1, rule 5)."""
    cld = item.get("keep_original_cld")
    return {
        "KeepOriginalCld": "" if cld is None else "Y" if cld else "N",
        "KeepOriginalCLI": CALLER_ID.get(item.get("keep_original_cli", ""), ""),
        "Period": item.get("period") or "",
        "Period_desc": item.get("period_description") or "",
    }


def encode_parts(item: Values, order: int) -> list[tuple[str, object]]:
    """The end of the paths of addfollowme and updatefollowme; with Domain where there is one."""
    domain: list[tuple[str, object]] = [("Domain", item["domain"])] if item.get("domain") else []
    return [
        ("TimeOut", item["timeout"]),
        *domain,
        ("Name", item.get("name") or item["number"]),
        ("FollowMeOrder", order),
        ("RedirectNumber", item["number"]),
        ("Active", "Y" if item.get("active", True) else "N"),
    ]


def pair(wanted: list[Values], present: list[Values], all_of_them: bool) -> list[Values]:
    """The declared destinations, each with the `_key` of the present one that it stands for.

    A pair is what agrees in name, number and domain, else in name, else in number and domain. With `all_of_them` (the
    list is exhaustive) what is left on both sides is paired in order, so that a destination that is renamed and
    renumbered at once is changed in place too. New ones get a `_key` of their own.
    """
    free = list(present)
    keys: dict[int, Any] = {}
    rules = [("name", "number", "domain"), ("name",), ("number", "domain"), *([()] if all_of_them else [])]
    for rule in rules:
        for index, item in enumerate(wanted):
            if index in keys or (rule and rule[0] not in item):
                continue
            match = next((one for one in free if _agree(item, one, rule)), None)
            if match:
                keys[index] = match["_key"]
                free.remove(match)
    return [{**item, "_key": keys.get(index, f"new {index}")} for index, item in enumerate(wanted)]


def replaced(paired: list[Values], present: list[Values]) -> set[tuple[Any, ...]]:
    """Destinations whose domain is to be emptied and that have been made anew without it, by a run that stopped then."""
    keys = {item["_key"] for item in paired}
    emptied = [item for item in paired if item.get("domain") == "" and "number" in item]
    return {
        (one["_key"],)
        for one in present
        if one["_key"] not in keys and one["domain"] and any(_agree(item, one, ("name", "number")) for item in emptied)
    }


def doubles(paired: list[Values], present: list[Values]) -> list[int]:
    """Destinations that are in everything what one of the paired is already."""
    keys = {item["_key"] for item in paired}
    meant = [one for one in present if one["_key"] in keys]
    others = [one for one in present if one["_key"] not in keys]
    return [one["_key"] for one in others if any(_agree(one, other, tuple(ITEM)) for other in meant)]


def _lifted(item: Values, present: list[Values]) -> Values:
    """To lift a period it has to be sent: no period at all cannot be, but always means the same."""
    before = next((one["period"] for one in present if one["_key"] == item["_key"]), "")
    lift = item.get("period") == "" and not same(ITEM["period"], before, "")
    return {**item, "period": "Always"} if lift else item


def _agree(item: Values, one: Values, names: tuple[str, ...]) -> bool:
    """Only what is written is compared."""
    return all(same(ITEM[name], item[name], one.get(name)) for name in names if name in item)


class FollowMe(Store):
    resource = FOLLOW_ME
    capability = CAPABILITY

    def __init__(self, client: PortaClient) -> None:
        super().__init__()
        self.client = client

    def check(self, desired: Values) -> None:
        seen: set[tuple[Any, ...]] = set()
        for index, item in enumerate(desired.get("destinations", [])):
            place = f"follow_me {desired['account']}: destinations[{index}]"
            if not item.get("number") and not item.get("name"):
                raise InvalidOption(f"{place}: number: is missing")
            identity = (item.get("name"), item.get("number"), item.get("domain"))
            if identity in seen:
                raise InvalidOption(f"{place}: {item.get('name') or item.get('number')} is listed twice")
            seen.add(identity)

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        account = int(desired["account"])
        answer = self.client.get("getfollowmes", account)
        rows = answer.get("followmenumbers")
        info = answer.get("followmeinfo")
        if rows is None and not (answer.get("success") or isinstance(info, dict)):
            self._check_account(account)
        other = rows is None and set(answer) - WITH_EVERY_ANSWER - {"followmeinfo"}
        if other or (rows is not None and not isinstance(rows, list)):
            raise Incomplete(f"follow_me {account}: the server shows something else than a list of destinations")
        listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        listed.sort(key=lambda row: int(row.get("i_follow_order") or 0))
        values = {"account": account, "destinations": [decode(row) for row in listed]}
        return Observed(values, {"rows": listed, "info": info if isinstance(info, dict) else {}})

    def _check_account(self, account: int) -> None:
        """An answer without anything may be a swallowed error: go on only if the account is one of the customer's."""
        if account not in {int(row.get("i_account") or 0) for row in self.client.extensions()}:
            raise Incomplete(
                f"follow_me {account}: the server tells nothing about this account; "
                "check account (IAccount), token (the License) and tenant (ICustomer)"
            )

    def read_all(self) -> list[Observed]:
        """The follow-me of every account that has an extension: one request each, besides the list of extensions."""
        rows = self.client.extensions()
        if may_be_cut(rows):
            raise Incomplete(f"PortaSwitch listed exactly {len(rows)} extensions; the list may be cut; give account")
        accounts = sorted({int(row.get("i_account") or 0) for row in rows} - {0})
        found = self.read_each(lambda account: self.find({"account": account}), accounts)
        return [one for one in found if one.values["destinations"]]

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        for index, item in enumerate(self.match(desired, current).get("destinations", [])):
            if isinstance(item["_key"], str) and not item.get("number"):
                raise InvalidOption(
                    f"follow_me {desired['account']}: destinations[{index}]: number: is missing, "
                    f"and there is no destination {item['name']} yet"
                )
        return desired

    def match(self, desired: Values, current: Observed | None) -> Values:
        if "destinations" not in desired or current is None:
            return desired
        present = current.values["destinations"]
        exact = desired.get("_membership", "exact") == "exact"
        paired = [_lifted(item, present) for item in pair(desired["destinations"], present, exact)]
        return {**desired, "destinations": paired, "_gone": replaced(paired, present)}

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        raise AssertionError("a list of destinations is always there")

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        """Add what is new, change what differs, then delete what goes; in the end put right what did not arrive."""
        account = current.values["account"]
        orders = _orders(target["destinations"], current.record["rows"])
        present = {one["_key"]: one for one in current.values["destinations"]}
        numbers = {int(row.get("i_follow_me_number") or 0): row.get("i_follow_order") for row in current.record["rows"]}
        for item, order in zip(target["destinations"], orders):
            before = present.get(item["_key"])
            if before is None:
                self._add(account, item, order, current)
            elif before != item or numbers[item["_key"]] != order:
                self._change(account, item, order)
        staying = {item["_key"] for item in target["destinations"]}
        self._delete([key for key in present if key not in staying])
        self._put_right(desired, target, set(present))
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        self._delete([one["_key"] for one in current.values["destinations"]])

    def _add(self, account: int, item: Values, order: int, current: Observed) -> None:
        """A new destination. The route wants a timeout: the account's own default where none is written."""
        default = int(current.record["info"].get("timeout") or _TIMEOUT_WITHOUT_DEFAULT)
        full = {"timeout": default, **item}
        parts, extras = encode_parts(full, order), encode_extras(full)
        if item.get("domain") and extras["KeepOriginalCld"]:
            parts.append(("KeepOriginalCld", extras.pop("KeepOriginalCld")))
        elif item.get("domain"):
            # without KeepOriginalCld only the route without a domain fits: the domain travels in the query
            parts, extras = encode_parts({**full, "domain": ""}, order), {**extras, "Domain": item["domain"]}
        self.client.change("addfollowme", [("IAccount", account), *parts], extras)

    def _change(self, account: int, item: Values, order: int) -> None:
        """Everything is sent again, also what stays: whether the server keeps what is not sent is unknown."""
        parts = [("IAccount", account), ("IFollowMeNumber", item["_key"]), *encode_parts(item, order)]
        self.client.change("updatefollowme", parts, encode_extras(item))

    def _delete(self, keys: list[int]) -> None:
        for key in keys:
            self.client.change("deletefollowme", [("IFollowMeNumber", key)])

    def _put_right(self, desired: Values, target: Values, known: set[int]) -> None:
        """Read back; what could not be emptied is made anew without it, and a wrong order is made by moving to the end."""
        wanted = {**desired, "destinations": target_items(target)}
        observed = self._without_doubles(wanted, known)
        for item in self.match(wanted, observed)["destinations"]:
            before = next((one for one in observed.values["destinations"] if one["_key"] == item["_key"]), None)
            emptied = [name for name in _EXTRA_TEXTS if before and _should_be_empty(name, item, before)]
            if before and emptied:
                if any(_twin(one, item) for one in observed.values["destinations"]):
                    self._delete([before["_key"]])
                    observed = self._read_again(desired)
                    continue
                order = 1 + max(int(row.get("i_follow_order") or 0) for row in observed.record["rows"])
                self._add(observed.values["account"], item, order, observed)
                self._delete([before["_key"]])
                observed = self._read_again(desired)
        self._put_in_order(desired, target, observed)

    def _without_doubles(self, wanted: Values, known: set[int]) -> Observed:
        """Read back. Somebody may have added the same as we did in between: one of the two goes, the same for both."""
        observed = self._read_again(wanted)
        present = observed.values["destinations"]
        new = [key for key in doubles(self.match(wanted, observed)["destinations"], present) if key not in known]
        if not new:
            return observed
        self._delete(new)
        return self._read_again(wanted)

    def _put_in_order(self, desired: Values, target: Values, observed: Observed) -> None:
        items = self.match({**desired, "destinations": target_items(target)}, observed)["destinations"]
        wanted = [item["_key"] for item in items]
        present = {one["_key"]: one for one in observed.values["destinations"]}
        if wanted == list(present) or set(wanted) != set(present):
            return
        last = max(int(row.get("i_follow_order") or 0) for row in observed.record["rows"])
        for place, key in enumerate(wanted, 1):
            self._change(observed.values["account"], present[key], last + place)

    def _read_again(self, desired: Values) -> Observed:
        return always(self.find(desired))


def _twin(one: Values, item: Values) -> bool:
    """Whether a destination is what another one was to become, made before a run stopped."""
    return one["_key"] != item["_key"] and all(same(ITEM[name], one[name], item.get(name, one[name])) for name in ITEM)


def _should_be_empty(name: str, item: Values, before: Values) -> bool:
    """Whether a text is declared empty and is not; no request can send an empty one."""
    return name in item and same(ITEM[name], item[name], "") and not same(ITEM[name], before[name], "")


def target_items(target: Values) -> list[Values]:
    return [{name: value for name, value in item.items() if name != "_key"} for item in target["destinations"]]


def _orders(items: list[Values], rows: list[Values]) -> list[int]:
    """The order number of each destination: the present ones where they rise already and new ones follow, else 1, 2, ..."""
    present = {int(row.get("i_follow_me_number") or 0): int(row.get("i_follow_order") or 0) for row in rows}
    known = [present[item["_key"]] for item in items if item["_key"] in present]
    new_ones_last = all(item["_key"] in present for item in items[: len(known)])
    if new_ones_last and all(one < other for one, other in zip(known, known[1:])):
        last = max(present.values(), default=0)
        return known + [last + place for place in range(1, len(items) - len(known) + 1)]
    return list(range(1, len(items) + 1))
