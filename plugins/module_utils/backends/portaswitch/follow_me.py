# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The follow-me destinations of an account of PortaSwitch.

Sources: page PortaFollowMe (routes), vendor note section 4.4 (adding is not idempotent). KeepOriginalCLI and the period
travel in the query, because no path carries them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import BadAnswer, Incomplete, InvalidOption, NotFound
from ...model.catalog import FOLLOW_ME, Capability
from ...model.validate import Declared
from ...model.values import Field, Values
from ..contract import Observed, Pairing, Store, WriteStep, require
from ..decoding import record_of, records, whole_number
from .client import WITH_EVERY_ANSWER, PortaClient
from .destinations import (
    ITEM,
    agree,
    decode,
    doubles,
    encode_extras,
    encode_parts,
    identity,
    lifted,
    orders,
    pair_up,
    replaced,
    uncleared,
)
from .listing import require_whole
from .paths import Part

_TIMEOUT_WITHOUT_DEFAULT = 30  # seconds; what clients set up accounts with (note 4.4)
_LONGEST_TIMEOUT = 3600  # seconds

CAPABILITY = Capability(
    options=frozenset({"account"}),
    member_options=frozenset(ITEM),
    refused={
        "forwarding": "write a destination instead",
        "destinations.rings": "write how long it rings as timeout, in seconds",
    },
    member_identity=(),
    overrides={"account": Field("int", limits=(1, 2**31 - 1), clearable=False)},
)


@dataclass(frozen=True)
class Rows:
    """What was read of one account.

    items: key on the server -> the destination, in order. order: key -> its order number. timeout: the default, in
    seconds.
    """

    items: dict[int, Values]
    order: dict[int, int]
    timeout: int

    @property
    def last(self) -> int:
        return max(self.order.values(), default=0)


class FollowMe(Store):
    resource = FOLLOW_ME
    capability = CAPABILITY
    lists_cheaply = False
    client: PortaClient

    def check(self, declared: Declared) -> None:
        seen: set[tuple[Any, ...]] = set()
        for index, item in enumerate(declared.values.get("destinations", [])):
            place = f"{declared.place}: destinations[{index}]"
            if not item.get("number") and not item.get("name"):
                raise InvalidOption(f"{place}: number: is missing")
            one = identity(item, self.numbers)
            if one in seen:
                raise InvalidOption(f"{place}: {item.get('name') or item.get('number')} is listed twice")
            seen.add(one)
            self._check_travels(f"{declared.place}: destinations[{index}]", {"number": "1", **item})

    def _check_travels(self, place: str, item: Values) -> None:
        full = {"timeout": _LONGEST_TIMEOUT, **item}
        parts: list[Part] = [("IAccount", 2**31 - 1), ("IFollowMeNumber", 2**31 - 1), *encode_parts(full, 2**31 - 1)]
        self.client.check_request(place, "updatefollowme", parts, encode_extras(full))

    # -- reading -------------------------------------------------------------------------------------------------------
    def find(self, declared: Declared) -> Observed | None:
        account = int(declared.values["account"])
        if self._is_of_customer(account, declared.place):
            return self._read(account)
        nothing = declared.absent or declared.values.get("destinations") == []
        if nothing and self.context.undoing:  # the undone run never made the extension, so nothing is forwarded
            return Observed({"account": account, "destinations": []}, Rows({}, {}, _TIMEOUT_WITHOUT_DEFAULT))
        raise NotFound(
            f"{declared.place}: account: no extension of customer {self.client.customer} has this account (IAccount); "
            "correct it, or give an extension this account first"
        )

    def _is_of_customer(self, account: int, place: str) -> bool:
        """Whether an extension of this customer has the account, or is about to get it. Raises Incomplete.

        The routes take any account that the License reaches, so that a slip would change another customer's line.
        """
        if account in self.client.own_accounts or self.context.is_planned(str(account), "account"):
            return True
        listed = self.client.extensions()
        if account not in listed.accounts:
            require_whole(
                listed.rows, self.context.list_limit, "extensions", place, "whether one of them has this account"
            )
            return False
        self.client.own_accounts.add(account)
        return True

    def _read(self, account: int, fresh: bool = False) -> Observed:
        found: Observed = self.client.lists.get(f"follow-me {account}", lambda: self._ask(account), fresh)
        return found

    def _ask(self, account: int) -> Observed:
        place = f"follow_me {account}"
        answer = self.client.get("getfollowmes", [("IAccount", account)])
        if answer.get("followmenumbers") is None and set(answer) - WITH_EVERY_ANSWER - {"followmeinfo"}:
            raise Incomplete(f"{place}: the server shows something else than a list of destinations")
        listed = records(answer, "followmenumbers")
        require_whole(listed, self.context.list_limit, "destinations", place)
        listed = sorted(listed, key=lambda row: whole_number(row, "i_follow_order"))
        keys = [whole_number(row, "i_follow_me_number") for row in listed]
        if len(set(keys)) < len(keys) or any(key <= 0 for key in keys):
            raise BadAnswer(f"the answer of the server makes no sense here: {place} has destinations without a record")
        items = {key: decode(row) for key, row in zip(keys, listed)}
        order = {key: whole_number(row, "i_follow_order") for key, row in zip(keys, listed)}
        timeout = whole_number(record_of(answer, "followmeinfo"), "timeout") or _TIMEOUT_WITHOUT_DEFAULT
        return Observed({"account": account, "destinations": list(items.values())}, Rows(items, order, timeout))

    def read_all(self) -> list[Observed]:
        """The follow-me of every account that has an extension: one request each, besides the list of extensions."""
        extensions = self.client.extensions()
        require_whole(extensions.rows, self.context.list_limit, "extensions", doubt="which accounts have follow-me")
        found = self.read_each(self._read, sorted(extensions.accounts))
        return [one for one in found if one.values["destinations"]]

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        wanted = declared.values.get("destinations")
        if wanted is None or current is None:
            return declared
        items = current.record.items
        keys = self._keys(wanted, items, declared)
        for index, (item, key) in enumerate(zip(wanted, keys)):
            place = f"{declared.place}: destinations[{index}]"
            if key not in items and not item.get("number"):
                raise InvalidOption(f"{place}: number: is missing, and there is no destination {item['name']} yet")
            self._check_travels(place, {**items.get(key, {}), **item})
        whole = [lifted(item, items.get(key)) for item, key in zip(wanted, keys)]
        return declared.with_values({**declared.values, "destinations": whole})

    def pair(self, declared: Declared, current: Observed | None) -> Pairing:
        wanted = declared.values.get("destinations", [])
        items = current.record.items if current else {}
        keys = self._keys(wanted, items, declared)
        return Pairing(tuple(items), tuple(keys), replaced(wanted, keys, items, self.numbers))

    def _keys(self, wanted: Sequence[Values], items: dict[int, Values], declared: Declared) -> list[Any]:
        return pair_up(wanted, items, declared.membership == "exact", self.numbers)

    def describe(self, step: WriteStep) -> list[str]:
        """Which destinations may have to be made anew, because a text cannot be emptied in place everywhere."""
        if step.current is None:
            return []
        items = step.current.record.items
        emptied = [
            item.get("name") or item["number"]
            for item, key in zip(step.target.get("destinations", []), step.item_keys)
            if key in items and uncleared(item, items[key])
        ]
        names = ", ".join(map(str, emptied))
        return (
            [f"where the server does not empty a text of {names} in place, adds it anew without and deletes it"]
            if names
            else []
        )

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        return (f"follow-me {require(step.current).values['account']}",)

    # -- writing -------------------------------------------------------------------------------------------------------
    def update(self, step: WriteStep) -> str | None:
        """Add what is new, change what differs, then delete what goes; in the end put right what did not arrive."""
        current = require(step.current)
        account, rows = current.values["account"], current.record
        wanted = step.target["destinations"]
        numbered = orders(step.item_keys, rows.order)
        for key, item, order in zip(step.item_keys, wanted, numbered):
            before = rows.items.get(key) if isinstance(key, int) else None
            if before is None or not isinstance(key, int):
                self._add(account, item, order, rows)
            elif before != item or rows.order[key] != order:
                self._change(account, key, item, order, before)
        self._delete(key for key in rows.items if key not in step.item_keys)
        if self._may_need_more(step, numbered):
            self._put_right(step, set(rows.items))
        return None

    @staticmethod
    def _may_need_more(step: WriteStep, numbered: Sequence[int]) -> bool:
        """Whether only reading back can tell that everything arrived: an addition, another order or an emptied text."""
        rows = require(step.current).record
        return any(
            key not in rows.items or rows.order[key] != order or uncleared(item, rows.items[key])
            for key, item, order in zip(step.item_keys, step.target["destinations"], numbered)
        )

    def _add(self, account: int, item: Values, order: int, rows: Rows) -> None:
        """A new destination. The route wants a timeout: the account's own default where none is written."""
        full = {"timeout": rows.timeout, **item}
        parts, extras = encode_parts(full, order), encode_extras(full)
        if item.get("domain") and extras["KeepOriginalCld"]:
            parts.append(("KeepOriginalCld", extras.pop("KeepOriginalCld")))
        elif item.get("domain"):
            # without KeepOriginalCld only the route without a domain fits: the domain travels in the query
            parts, extras = encode_parts({**full, "domain": ""}, order), {**extras, "Domain": item["domain"]}
        self.client.change("addfollowme", [("IAccount", account), *parts], extras)

    def _change(self, account: int, key: int, item: Values, order: int, before: Values | None = None) -> None:
        """Everything is sent again, also what stays: whether the server keeps what is not sent is unknown."""
        parts: list[Part] = [("IAccount", account), ("IFollowMeNumber", key), *encode_parts(item, order)]
        self.client.change("updatefollowme", parts, encode_extras(item, before))

    def _delete(self, keys: Iterable[int]) -> None:
        for key in keys:
            self.client.change("deletefollowme", [("IFollowMeNumber", key)])

    def _put_right(self, step: WriteStep, known: set[int]) -> None:
        """Read back; what could not be emptied is made anew without it, and a wrong order is made by moving to the end."""
        account, wanted = step.target["account"], step.target["destinations"]
        rows = self._without_doubles(step, known)
        for item, key in zip(wanted, self._keys(wanted, rows.items, step.declared)):
            before = rows.items.get(key)
            if before is None or not uncleared(item, before):
                continue
            if not any(other != key and self._is_twin(one, item) for other, one in rows.items.items()):
                self._add(account, item, 1 + rows.last, rows)
            self._delete([key])
            rows = self._read(account, fresh=True).record
        self._put_in_order(step, rows)

    def _without_doubles(self, step: WriteStep, known: set[int]) -> Rows:
        """Read back. If somebody has added an identical destination in the meantime, delete one of the two. Two runs
        that do this at the same time delete the same one."""
        account, wanted = step.target["account"], step.target["destinations"]
        rows: Rows = self._read(account, fresh=True).record
        keys = self._keys(wanted, rows.items, step.declared)
        new = [key for key in doubles(keys, rows.items, self.numbers) if key not in known]
        if not new:
            return rows
        self._delete(new)
        again: Rows = self._read(account, fresh=True).record
        return again

    def _is_twin(self, one: Values, item: Values) -> bool:
        """Whether a destination is what another one was to become, made before a run stopped."""
        return agree(item, one, tuple(ITEM), self.numbers)

    def _put_in_order(self, step: WriteStep, rows: Rows) -> None:
        wanted = self._keys(step.target["destinations"], rows.items, step.declared)
        if wanted == list(rows.items) or set(wanted) != set(rows.items):
            return
        for place, key in enumerate(wanted, 1):
            self._change(step.target["account"], key, rows.items[key], rows.last + place)
