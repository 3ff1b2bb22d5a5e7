# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The REST API of a Vodia PBX, written from the vendor's hunt group page and from the vendor notes, not from a client.

"hunt group page" is https://api.vodia.com/hunt_groups_api (58.0 and above); it wins where it decides. "vendor note N"
is section N of this project's collected facts about Vodia. What both leave open is a `Switch` (vodia_data.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from flask import request

from .vodia_data import (
    ACCOUNT_NAME,
    BOOLEAN_KEYS,
    EXTENSION_KEYS,
    GONE_IN_70,
    HAZARDS,
    HUNT_KEYS,
    NAME_KEYS,
    NEW_IN_70,
    NUMBER_KEYS,
    PLAIN_KEYS,
    ROUTES,
    SHARED_KEYS,
    SILENT_TYPES,
    STAGE_KEYS,
    SWITCHES,
    TYPES,
    first_day,
    new_account,
)
from .vodia_front import FrontDoor, Refusal

__all__ = ["ROUTES", "Vodia", "new_account"]

Settings = dict[str, Any]


def sort_key(number: str) -> tuple[bool, int, str]:
    """Numbers by value, names after them."""
    return (not number.isdigit(), int(number) if number.isdigit() else 0, number)


class Vodia(FrontDoor):
    """A PBX with two domains. State: administrators, and domains with accounts in one number space per domain."""

    name = "vodia"
    switches = SWITCHES
    hazards = HAZARDS

    def initial_state(self) -> dict[str, Any]:
        return first_day()

    # -- finding accounts --------------------------------------------------------------------------------------
    def _find(self, domain: dict[str, Any], name: str) -> str | None:
        """The primary number of the account that has this name: one number space for all types (vendor note 3.1)."""
        if self.dialect["number_format"] == "kept":
            return self._find_as_written(domain, name)
        wanted = {name, self._shown_number(domain, name)}
        for number, account in self._visible(domain):
            if any({alias, self._shown_number(domain, alias)} & wanted for alias in account["settings"]["alias"]):
                return number
        return None

    @staticmethod
    def _find_as_written(domain: dict[str, Any], name: str) -> str | None:
        """The same where names read as they are kept: no name belongs to two accounts, so the first look is enough."""
        reads = request.method == "GET"
        account = domain["accounts"].get(name)
        if account is not None and name in account["settings"]["alias"]:
            return None if reads and "hidden" in account else name
        for number, account in domain["accounts"].items():
            if name in account["settings"]["alias"] and not (reads and "hidden" in account):
                return number
        return None

    def _visible(self, domain: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """Number and account, for reads without those that do not show yet."""
        reads = request.method == "GET"
        return [(n, one) for n, one in domain["accounts"].items() if not reads or "hidden" not in one]

    def _of_type(self, domain: dict[str, Any], kind: str, *keys: str) -> list[tuple[str, Settings]]:
        """Number, and these settings and the alias list as they read, of the accounts of one type."""
        rows = [(number, one["settings"]) for number, one in self._visible(domain) if one["type"] == kind]
        return [(number, self._shown_settings(domain, stored, keys)) for number, stored in rows]

    # -- how values read ---------------------------------------------------------------------------------------
    def _keys(self, kind: str) -> list[str]:
        """The keys of an account type; they change by version (vendor note 6)."""
        own = {"hunts": HUNT_KEYS, "extensions": EXTENSION_KEYS}.get(kind, PLAIN_KEYS)
        keys = [*own, *SHARED_KEYS]
        if self.dialect["version_keys"] == "70":
            algo = ["algo"] if kind == "hunts" else []
            keys = [*algo, *(key for key in keys if key not in GONE_IN_70), *NEW_IN_70]
        return keys

    def _settings(self, domain: dict[str, Any], number: str) -> Settings:
        """Flat, all strings but the alias list, and no word about the type (vendor notes 1 and 3)."""
        account = domain["accounts"][number]
        stored = account["settings"]
        keys = self._keys(account["type"])
        known = {*keys, "alias"}
        keys += [key for key in stored if key not in known]  # stored under `unknown_key`
        return self._shown_settings(domain, stored, keys)

    def _shown_settings(self, domain: dict[str, Any], stored: Settings, keys: Iterable[str]) -> Settings:
        shown: Settings = {key: self._shown(domain, key, stored.get(key, "")) for key in keys}
        return {**shown, "alias": [self._shown_number(domain, alias) for alias in stored["alias"]]}

    def _shown(self, domain: dict[str, Any], key: str, value: str) -> str:
        if key in BOOLEAN_KEYS:
            return value or str(self.dialect["unset_booleans"])
        if key in STAGE_KEYS and self.dialect["list_order"] == "sorted":
            value = " ".join(sorted(value.split(), key=sort_key))
        if key in STAGE_KEYS and self.dialect["list_order"] == "deduplicated":
            value = " ".join(dict.fromkeys(value.split()))
        if key in NUMBER_KEYS:
            return re.sub(r"\S+", lambda found: self._shown_number(domain, found.group()), value)
        return (self.shown_name(value) or "") if key in NAME_KEYS else value

    def _shown_number(self, domain: dict[str, Any], number: str) -> str:
        if self.dialect["number_format"] == "kept" or not re.fullmatch(r"[0-9]{10,}", number):
            return number
        return f"+{domain['country_code']}{number}" if len(number) == 10 else f"+{number}"

    # -- lists -------------------------------------------------------------------------------------------------
    def _system_status(self) -> Any:
        """Tells the version (vendor note 4)."""
        return {"version": {"58": "58.0", "70": "70.3"}[self.dialect["version_keys"]]}

    def _hunts(self, domain: dict[str, Any]) -> Any:
        """Hunt group page, list."""
        return [
            {
                "name": settings["alias"][0],
                "display": settings["display"],
                "agents": self._agents(settings),
                "calls": domain["accounts"][number]["calls"],
            }
            for number, settings in self._of_type(domain, "hunts", "display", *STAGE_KEYS)
        ]

    def _agents(self, settings: Settings) -> list[Any]:
        """The union of stages 1 to 3, without the final stage (vendor note 6)."""
        agents = dict.fromkeys(" ".join(settings[key] for key in STAGE_KEYS[:3]).split())
        as_ints = self.dialect["agents_type"] == "ints"
        return [int(agent) if as_ints and agent.lstrip("+").isdigit() else agent for agent in agents]

    def _need_list(self, *served: str) -> None:
        """Refuse a list of accounts that this version does not have (vendor notes 3 and 4: not every one has all)."""
        if self.dialect["account_lists"] not in served:
            raise Refusal(404)

    def _extensions(self, domain: dict[str, Any]) -> Any:
        self._need_list("all")
        return self._extension_rows(domain)

    def _extension_rows(self, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Live lists use real types, unlike user_settings (vendor note 1)."""
        rows = []
        shown = ("first_name", "display_name", "email_address")
        for place, (_number, settings) in enumerate(self._of_type(domain, "extensions", *shown, "dnd"), start=1):
            names = {key: settings[key] for key in (*shown, "alias")}
            rows.append({"id": place, "name": settings["alias"][0], "dnd": settings["dnd"] == "true", **names})
        return rows

    def _plain_rows(self, domain: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        rows = self._of_type(domain, kind, "display")
        return [{"name": s["alias"][0], "display": s["display"], "alias": s["alias"]} for _number, s in rows]

    def _srvflags(self, domain: dict[str, Any]) -> Any:
        return self._plain_rows(domain, "srvflags")

    def _userlist(self, domain: dict[str, Any], kind: str) -> Any:
        """The older list of one type (vendor note 3)."""
        self._need_list("all", "userlist_only")
        if kind not in TYPES:
            raise Refusal(404)
        own = {"hunts": self._hunts, "extensions": self._extension_rows}
        rows = own[kind](domain) if kind in own else self._plain_rows(domain, kind)
        if self.dialect["userlist_shape"] == "by_number":
            return {row["name"]: row for row in rows}
        return {"action": "domain-list", "accounts": rows}

    def _users(self, domain: dict[str, Any]) -> Any:
        """All accounts, with their type (vendor note 3)."""
        self._need_list("all")
        rows = []
        for _number, account in self._visible(domain):
            alias = [self._shown_number(domain, one) for one in account["settings"]["alias"]]
            rows.append({"name": alias[0], "usertype": account["type"], "alias": alias})
        return {row["name"]: row for row in rows} if self.dialect["users_shape"] == "dict" else rows

    def _status_hunts(self, domain: dict[str, Any]) -> Any:
        return [{key: row[key] for key in ("name", "display", "calls")} for row in self._hunts(domain)]

    def _ringtones(self, domain: dict[str, Any]) -> Any:
        return domain["ringtones"]

    def _moh(self, domain: dict[str, Any]) -> Any:
        return domain["moh"]

    def _dialplans(self, domain: dict[str, Any]) -> Any:
        return domain["dialplans"]

    # -- one account -------------------------------------------------------------------------------------------
    def _missing(self, switch: str) -> Any:
        if self.dialect[switch] == "404":
            raise Refusal(404)
        return {}

    def _read(self, domain: dict[str, Any], name: str) -> Any:
        """Any account type at the same URL (vendor note 3.1)."""
        number = self._find(domain, name)
        if number and self.dialect["read_by_alias"] == "404" and not self._is_primary(domain, number, name):
            number = None
        return self._settings(domain, number) if number else self._missing("missing_account")

    def _is_primary(self, domain: dict[str, Any], number: str, name: str) -> bool:
        return name in (number, self._shown_number(domain, number))

    def _put(self, domain: dict[str, Any], name: str) -> Any:
        if self.dialect["put_settings"] == "404":
            raise Refusal(404)
        return self._update(domain, name)

    def _update(self, domain: dict[str, Any], name: str) -> Any:
        """A partial merge: what is not sent stays as it is (vendor note 3). Values are not validated (note 4)."""
        number = self._find(domain, name)
        if not number:
            return self._missing("missing_account")
        account, body = domain["accounts"][number], self._body()
        alias = body.pop("alias", None)
        unknown = set(body) - set(self._keys(account["type"]))
        if unknown and self.dialect["unknown_key"] == "400":
            raise Refusal(400)
        if alias is not None:
            number = self._rename(domain, number, alias)  # may still refuse, so it comes before the merge
        dropped = unknown if self.dialect["unknown_key"] == "ignored" else set()
        merged = {key: self._text(value) for key, value in body.items() if key not in dropped}
        account["settings"].update((key, text) for key, text in merged.items() if text is not None)
        return self._settings(domain, number) if self.dialect["update_reply"] == "settings" else {}

    def _text(self, value: Any) -> str | None:
        """A value as the PBX keeps it: a string; None if it takes no such value."""
        if isinstance(value, str):
            return value
        if isinstance(value, (list, dict)) or self.dialect["native_json_values"] == "rejected":
            return None
        return "" if value is None else json.dumps(value)

    def _rename(self, domain: dict[str, Any], number: str, posted: Any) -> str:
        """Give an account its names, primary first; the primary number afterwards (vendor note 3.1)."""
        texts = [self._text(alias) for alias in (posted if isinstance(posted, list) else [posted])]
        wanted = list(dict.fromkeys(alias for alias in texts if alias and ACCOUNT_NAME.fullmatch(alias)))
        names = [alias for alias in wanted if self._find(domain, alias) in (None, number)]
        if names != wanted and self.dialect["duplicate_account"] == "400":
            raise Refusal(400)
        if not names:
            return number
        account = domain["accounts"][number]
        if self.dialect["alias_post"] == "merges":
            names = [*account["settings"]["alias"], *names]
        if number in names or self.dialect["alias_drops_primary"] == "keeps":
            names = [number, *names]
        account["settings"]["alias"] = list(dict.fromkeys(names))
        if names[0] != number:
            domain["accounts"][names[0]] = domain["accounts"].pop(number)
        return names[0]

    def _create(self, domain: dict[str, Any]) -> Any:
        """Hunt group page, create. Extensions alone take account_ext (vendor note 3); 200 proves nothing (note 4)."""
        body = self._body()
        kind = body.get("type")
        text = self._text(self._posted_account(body)) or ""
        silent = self.dialect["silent_types"] == "some" and kind in SILENT_TYPES
        names = text.split() if self.dialect["addacc_slash"] == "aliases" else text.replace("/", " ").split()
        created = [self._add(domain, kind, name.split("/")) for name in names if kind in TYPES and not silent]
        if self.dialect["addacc_reply"] == "true":
            return True
        wants_account = self.dialect["addacc_reply"] == "account" and created and created[0]
        return self._settings(domain, str(created[0])) if wants_account else {}

    def _posted_account(self, body: dict[str, Any]) -> Any:
        """Where addacc looks for the number; QTS creates extensions with `account` as well (vendor note 3)."""
        if body.get("type") != "extensions":
            return body.get("account")
        other = body.get("account") if self.dialect["extensions_by_account"] == "created" else None
        return body.get("account_ext", other)

    def _add(self, domain: dict[str, Any], kind: str, names: list[str]) -> str | None:
        """The new account's number, or None where the PBX takes no notice."""
        if any(self._find(domain, name) for name in names):
            if self.dialect["duplicate_account"] == "400":
                raise Refusal(400)
            return None
        limit = self.dialect.get({"hunts": "account_limit", "extensions": "extension_limit"}.get(kind, ""))
        if limit is not None and sum(account["type"] == kind for _n, account in self._visible(domain)) >= limit:
            return None
        if not all(ACCOUNT_NAME.fullmatch(name) for name in names):
            return None
        domain["accounts"][names[0]] = account = new_account(kind, names[0])
        account["settings"]["alias"] = list(dict.fromkeys(names))
        if self.dialect["created_after_reads"]:
            account["hidden"] = self.dialect["created_after_reads"]
        return names[0]

    def _delete(self, domain: dict[str, Any], name: str) -> Any:
        """Hunt group page, delete; any account type."""
        number = self._find(domain, name)
        if number and not self._is_primary(domain, number, name):
            number = number if self.dialect["delete_by_alias"] == "deletes" else None
        if not number:
            return self._missing("delete_missing")
        del domain["accounts"][number]
        return {}

    def _domain_action(self, domain: dict[str, Any]) -> Any:
        """Hunt group page, bulk delete, and the enable and disable of vendor note 3. Always answers {}."""
        body = self._body()
        action, selected = body.get("action"), self._text(body.get("selected")) or ""
        bulk_delete = (body.get("type"), action) == ("accounts", "delete_selected")
        bulk_delete = bulk_delete and self.dialect["delete_selected"] == "works"
        found = [self._find(domain, name) for name in selected.split()]
        for number in dict.fromkeys(number for number in found if number):
            if action in ("enable_selected", "disable_selected"):
                domain["accounts"][number]["settings"]["disabled"] = "true" if action == "disable_selected" else "false"
            elif bulk_delete:
                del domain["accounts"][number]
        return {}
