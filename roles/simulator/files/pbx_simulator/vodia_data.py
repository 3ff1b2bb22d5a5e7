# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated Vodia PBX knows before the first request: keys, switches, routes, the page's hunt group.

"hunt group page" and "vendor note N" as in vodia.py. "extensions page" is https://api.vodia.com/extensions_api, whose
example of one extension is cut after `email_`.
"""

from __future__ import annotations

import re
from typing import Any

from .core import NAMES_READ, Switch

# -- the keys of user_settings, in the order of the hunt group page ------------------------------------------------
HUNT_KEYS = tuple(
    "conn_sym connect display email flag from_header hunt_anonymous_dest melody moh ncf night rec st1_dur st1_ext"
    " st1_miss st2_dur st2_ext st2_miss st3_dur st3_ext st3_miss st4_ext".split()
)
SHARED_KEYS = tuple(
    "acdani ani cdr_time credit dial_plan dialog_state dialog_subscribe dialog_version disabled email_cdr epid location"
    " max_call_duration max_cdrs need_license param1 param2 param3 rb rf view_settings visible".split()
)
EXTENSION_KEYS = tuple(  # extensions page and vendor note 7; the last line holds credentials and the like
    "first_name display_name email_address mb_enable euse cfa cfa_times cfb cfb_times cfn cfn_timeout cfn_times cfr cfd"
    " anonymous block_cid callback dnd dnd_cust_reason dnd_reason disturb eani edest cw night moh"
    " cell_acd cell_always cell_c2d cell_callback cell_callback_dest cell_conn cell_dis cell_hunt cell_in cell_mwi"
    " cell_never cell_night cell_pause cell_retries cell_time"
    " sip_pass web_pass pin mac".split()
)
PLAIN_KEYS = ("display", "flag", "from_header", "moh", "night")
GONE_IN_70 = ("acdani", "dialog_state", "dialog_subscribe", "dialog_version")
NEW_IN_70 = tuple("sani fani building department room comment shortname publish".split())
NAME_KEYS = ("display", "first_name", "display_name")
STAGE_KEYS = ("st1_ext", "st2_ext", "st3_ext", "st4_ext")
BOOLEAN_KEYS = frozenset("block_cid cell_mwi connect disabled dnd mb_enable ncf rec st1_miss st2_miss st3_miss".split())
NUMBER_KEYS = frozenset(
    (*STAGE_KEYS, *"night hunt_anonymous_dest ani cfa cfb cfn cfr cfd edest cell_callback_dest".split())
)

# The types of addacc (vendor note 3), and those that QTS saw fail silently (vendor note 4).
OTHER_TYPES = "attendants conferences hunts acds orbits hoots srvflags ivrnodes callingcards colines"
TYPES = ("extensions", *OTHER_TYPES.split())
SILENT_TYPES = ("attendants", "orbits", "srvflags")
ACCOUNT_NAME = re.compile(r"[A-Za-z0-9_*+#.-]{1,64}")

SWITCHES = (
    Switch("addacc_reply", ("{}", "account", "true"), "What does a successful addacc answer?"),
    Switch("update_reply", ("settings", "{}"), "Does a POST of user_settings answer the updated settings?"),
    Switch("duplicate_account", ("200_no_effect", "400"), "What does taking a number that is in use answer?"),
    Switch("alias_post", ("replaces", "merges"), "Does a posted alias list replace the old one?"),
    Switch("alias_drops_primary", ("renames", "keeps"), "What if a posted alias list lacks the primary number?"),
    Switch("unknown_key", ("ignored", "stored", "400"), "What happens to an unknown key in user_settings?"),
    Switch("native_json_values", ("coerced", "rejected"), "Are JSON numbers and booleans made strings, or dropped?"),
    Switch("list_order", ("kept", "sorted", "deduplicated"), "Does the PBX normalise the stages' lists of numbers?"),
    Switch("number_format", ("kept", "e164"), "Do numbers of 10 or more digits come back as +countrycode...?"),
    Switch("unset_booleans", ("", "false"), "How does a boolean that was never set read?"),
    Switch("agents_type", ("strings", "ints"), "Are agents in /hunts strings (vendor note 1) or ints (as printed)?"),
    Switch("missing_account", ("404", "200_empty"), "What does user_settings of an unknown account answer?"),
    Switch("delete_missing", ("404", "200"), "What does the deletion of an unknown account answer?"),
    Switch("read_by_alias", ("primary_settings", "404"), "Does user_settings of an alias answer the whole account?"),
    Switch("delete_by_alias", ("deletes", "missing"), "Does DELETE find an account by a name other than its primary?"),
    Switch("delete_selected", ("works", "no_effect"), "Does domain_action delete (the page: yes; OpenAPI 70: no)?"),
    Switch("account_limit", (None, 3), "How many hunts does a domain allow (more: addacc answers 200, no effect)?"),
    Switch("extension_limit", (None, 6), "How many extensions are licensed (more: addacc answers 200, no effect)?"),
    Switch("extensions_by_account", ("ignored", "created"), "Does addacc take `account` for extensions (note 3: QTS)?"),
    Switch("addacc_slash", ("accounts", "aliases"), "Is 500/501 two accounts or one with an alias (note 3.1)?"),
    Switch("silent_types", ("none", "some"), "Does addacc of attendants, orbits, srvflags fail silently (note 4)?"),
    Switch("version_keys", ("58", "70"), "Whose keys has user_settings, those of the page or those of 70.x?"),
    Switch("bad_json", ("200_no_effect", "400"), "What does a body that is no JSON object answer?"),
    Switch("single_quotes", ("bad_json", "tolerated"), "Is a body quoted as on the page understood (note 9.11)?"),
    Switch("put_settings", ("404", "as_post"), "Does PUT of user_settings still work (vendor note 3)?"),
    Switch("bad_credentials", ("401", "400"), "What do missing or wrong credentials answer (400: the page's table)?"),
    Switch("userlist_shape", ("accounts", "by_number"), "Is userlist {accounts: [..]} or a dict by number (note 3)?"),
    Switch("users_shape", ("list", "dict"), "Is users a list or a dict of objects (vendor note 3)?"),
    Switch("account_lists", ("all", "userlist_only", "none"), "Which of users, userlist, extensions exist (note 3)?"),
)

HAZARDS = (
    NAMES_READ,
    Switch(
        "created_after_reads", (0, 2), "For how many reads of its domain does a new account not show?", any_number=True
    ),
)

# Method, path, name of the handler. A route without {domain} needs the system scope.
ROUTES = (
    ("GET", "/rest/system/status", "_system_status"),
    ("GET", "/rest/domain/{domain}/hunts", "_hunts"),
    ("GET", "/rest/domain/{domain}/extensions", "_extensions"),
    ("GET", "/rest/domain/{domain}/srvflags", "_srvflags"),
    ("GET", "/rest/domain/{domain}/userlist/{type}", "_userlist"),
    ("GET", "/rest/domain/{domain}/users", "_users"),
    ("GET", "/rest/domain/{domain}/status/hunts", "_status_hunts"),
    ("GET", "/rest/domain/{domain}/ringtones/en", "_ringtones"),
    ("GET", "/rest/domain/{domain}/moh", "_moh"),
    ("GET", "/rest/domain/{domain}/dialplans", "_dialplans"),
    ("GET", "/rest/domain/{domain}/user_settings/{account}", "_read"),
    ("POST", "/rest/domain/{domain}/user_settings/{account}", "_update"),
    ("PUT", "/rest/domain/{domain}/user_settings/{account}", "_put"),
    ("POST", "/rest/domain/{domain}/addacc", "_create"),
    ("DELETE", "/rest/domain/{domain}/addacc/{account}", "_delete"),
    ("POST", "/rest/domain/{domain}/domain_action", "_domain_action"),
)
OPEN_ROUTE = ("GET", ["rest", "system", "session"])  # needs no login (vendor note 2)
REASONS = {400: "Invalid ID supplied", 401: "Unauthorized", 403: "Permission Denied", 404: "Not Found"}

PAGE_HUNT = {  # hunt 1002 of the hunt group page; what is not here is "" there
    "connect": "true",
    "display": "Hunt",
    "from_header": "id",
    "melody": "ringer6",
    "ncf": "false",
    "rec": "false",
    "st1_dur": "5",
    "st1_ext": "444",
    "st1_miss": "true",
    "st2_ext": "445",
    "st2_miss": "true",
    "st3_miss": "false",
    "st4_ext": "8572665588",
    "ani": "123-456-7899",
}


# -- PBX in use -------------------------------------------------------------------------------------------------------
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


def first_day() -> dict[str, Any]:
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
