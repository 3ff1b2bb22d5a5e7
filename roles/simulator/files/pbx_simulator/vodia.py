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
from typing import Any
from urllib.parse import unquote

from flask import Response, request

from .core import Vendor, as_json
from .vodia_data import (
    ACCOUNT_NAME,
    BOOLEAN_KEYS,
    EXTENSION_KEYS,
    GONE_IN_70,
    HUNT_KEYS,
    NEW_IN_70,
    NUMBER_KEYS,
    OPEN_ROUTE,
    PAGE_HUNT,
    PLAIN_KEYS,
    REASONS,
    ROUTES,
    SHARED_KEYS,
    SILENT_TYPES,
    STAGE_KEYS,
    SWITCHES,
    TYPES,
)

__all__ = ["ROUTES", "Vodia", "new_account"]

Settings = dict[str, Any]


class Refusal(Exception):
    """The PBX answers with an error status and changes nothing."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def new_account(kind: str, number: str, **settings: str) -> dict[str, Any]:
    """An account as the state keeps it: only what is set, and the alias list with the primary number first."""
    if kind == "extensions":
        secrets = {"sip_pass": f"sip-secret-{number}", "web_pass": f"web-secret-{number}", "pin": "4711"}
        settings = {**secrets, "dnd": "false", **settings}
    return {"type": kind, "calls": 0, "settings": {**settings, "alias": [number]}}


def new_domain(accounts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A domain (tenant) and its choice lists; the lists' ids are those of the hunt group page."""
    return {
        "country_code": "1",
        "accounts": accounts,
        "ringtones": [{"name": name} for name in ("internal", "external", "ringer1", "ringer6")],
        "moh": [{"id": "6", "name": "Classic"}, {"id": "9", "name": "Piano"}],
        "dialplans": [{"id": "1", "name": "Standard"}, {"id": "2", "name": "International"}],
    }


def no_constant(word: str) -> None:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(word)


def sort_key(number: str) -> tuple[bool, int, str]:
    """Numbers by value, names after them."""
    return (not number.isdigit(), int(number) if number.isdigit() else 0, number)


class Vodia(Vendor):
    """A PBX with two domains. State: administrators, and domains with accounts in one number space per domain."""

    name = "vodia"
    switches = SWITCHES

    def initial_state(self) -> dict[str, Any]:
        """The three hunt groups of the hunt group page, what they refer to, and a second domain."""
        local = {
            "1002": new_account("hunts", "1002", **PAGE_HUNT),
            "1003": new_account("hunts", "1003", display="Hunt_2"),
            "1004": new_account("hunts", "1004", display="Hunt_3"),
            "700": new_account("attendants", "700", display="Main menu", moh="6"),
            "8000": new_account("srvflags", "8000", display="Office hours"),
        }
        people = {"440": "Ada", "443": "Ben", "444": "Cleo", "445": "Dan", "446": "Eve"}
        for number, name in people.items():
            local[number] = new_account("extensions", number, first_name=name, display_name="Example")
        local["443"]["settings"].update(cfn="440", cfn_timeout="20")
        second = {
            "1002": new_account("hunts", "1002", display="Second's hunt", st1_ext="444"),
            "444": new_account("extensions", "444", first_name="Zoe", display_name="Second"),
        }
        password = "demo-password"
        return {
            "administrators": [
                {"name": "admin", "password": password, "api": "true", "domain": None},
                {"name": "admin@localhost", "password": password, "api": "true", "domain": "localhost"},
                {"name": "admin@second.example", "password": password, "api": "true", "domain": "second.example"},
                {"name": "noapi", "password": password, "api": "false", "domain": None},
            ],
            "domains": {"localhost": new_domain(local), "second.example": new_domain(second)},
        }

    def is_write(self, method: str, path: str) -> bool:
        """GET never writes; POST, PUT and DELETE always may (vendor note 3)."""
        return method in ("POST", "PUT", "DELETE") and path.startswith("/rest/")

    # -- one request -------------------------------------------------------------------------------------------
    def answer(self) -> Response:
        raw = (request.environ.get("RAW_URI") or request.path).split("?")[0]
        segments = [unquote(segment) for segment in raw.split("/")[1:]]
        if (request.method, segments) == OPEN_ROUTE:
            return as_json({})
        try:
            administrator = self._administrator()
            handler, names = self._route(segments)
            return as_json(getattr(self, handler)(*self._scoped(administrator, names)))
        except Refusal as refusal:
            response = Response(REASONS[refusal.status], status=refusal.status, content_type="text/plain")
            if refusal.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="PBX"'
            return response

    def _administrator(self) -> dict[str, Any]:
        """Who asks. HTTP Basic on every request, and an API switch per administrator (vendor note 2)."""
        login = request.authorization
        given = (login.username, login.password) if login and login.type == "basic" else None
        for administrator in self.state["administrators"]:
            if given == (administrator["name"], administrator["password"]):
                if administrator["api"] != "true":
                    raise Refusal(403)
                return administrator
        raise Refusal(int(self.dialect["bad_credentials"]))

    @staticmethod
    def _route(segments: list[str]) -> tuple[str, dict[str, str]]:
        for method, pattern, handler in ROUTES:
            parts = pattern.split("/")[1:]
            if method != request.method or len(parts) != len(segments):
                continue
            pairs = list(zip(parts, segments))
            if all(part == given or (part[0] == "{" and given) for part, given in pairs):
                return handler, {part[1:-1]: given for part, given in pairs if part[0] == "{"}
        raise Refusal(404)

    def _scoped(self, administrator: dict[str, Any], names: dict[str, str]) -> list[Any]:
        """The handler's arguments. A tenant's administrator reaches nothing but that tenant (vendor note 2)."""
        if administrator["domain"] not in (None, names.get("domain")):
            raise Refusal(403)
        if "domain" not in names:
            return []
        name, *rest = names.values()
        if name not in self.state["domains"]:
            raise Refusal(404)
        return [self.state["domains"][name], *rest]

    def _body(self) -> dict[str, Any]:
        """The posted JSON object. Strict JSON; single quotes are an artefact of the page (vendor note 1)."""
        text = request.get_data(as_text=True)
        if self.dialect["single_quotes"] == "tolerated":
            text = text.replace("'", '"')
        try:
            body = json.loads(text, parse_constant=no_constant)
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        if self.dialect["bad_json"] == "400":
            raise Refusal(400)
        return {}

    # -- finding accounts --------------------------------------------------------------------------------------
    def _find(self, domain: dict[str, Any], name: str) -> str | None:
        """The primary number of the account that has this name: one number space for all types (vendor note 3.1)."""
        wanted = {name, self._shown_number(domain, name)}
        for number, account in domain["accounts"].items():
            if any({alias, self._shown_number(domain, alias)} & wanted for alias in account["settings"]["alias"]):
                return number
        return None

    def _of_type(self, domain: dict[str, Any], kind: str) -> list[tuple[str, Settings]]:
        """Number, and settings as they read, of the accounts of one type."""
        accounts = domain["accounts"].items()
        return [(number, self._settings(domain, number)) for number, acc in accounts if acc["type"] == kind]

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
        keys += [key for key in stored if key not in (*keys, "alias")]  # stored under `unknown_key`
        shown = {key: self._shown(domain, key, stored.get(key, "")) for key in keys}
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
        return value

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
            for number, settings in self._of_type(domain, "hunts")
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
        for place, (_number, settings) in enumerate(self._of_type(domain, "extensions"), start=1):
            names = {key: settings[key] for key in ("first_name", "display_name", "email_address", "alias")}
            rows.append({"id": place, "name": settings["alias"][0], "dnd": settings["dnd"] == "true", **names})
        return rows

    def _plain_rows(self, domain: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        rows = self._of_type(domain, kind)
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
        for number, account in domain["accounts"].items():
            alias = self._settings(domain, number)["alias"]
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
        return self._settings(domain, number) if number else self._missing("missing_account")

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
        if limit is not None and len(self._of_type(domain, kind)) >= limit:
            return None
        if not all(ACCOUNT_NAME.fullmatch(name) for name in names):
            return None
        domain["accounts"][names[0]] = account = new_account(kind, names[0])
        account["settings"]["alias"] = list(dict.fromkeys(names))
        return names[0]

    def _delete(self, domain: dict[str, Any], name: str) -> Any:
        """Hunt group page, delete; any account type."""
        number = self._find(domain, name)
        if number and name not in (number, self._shown_number(domain, number)):
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
