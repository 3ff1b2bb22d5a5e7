# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Vodia PBX over HTTP: the vendor's hunt group page, and each value of each open question."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import ABSENT, Row, Table, Wire, ask, each
from pbx_simulator import Vodia
from pbx_simulator.server import RunningVendor

PAGE_1002 = {  # the answer printed on the hunt group page, as strict JSON
    "conn_sym": "", "connect": "true", "display": "Hunt", "email": "", "flag": "", "from_header": "id",
    "hunt_anonymous_dest": "", "melody": "ringer6", "moh": "", "ncf": "false", "night": "", "rec": "false",
    "st1_dur": "5", "st1_ext": "444", "st1_miss": "true", "st2_dur": "", "st2_ext": "445", "st2_miss": "true",
    "st3_dur": "", "st3_ext": "", "st3_miss": "false", "st4_ext": "8572665588", "acdani": "", "ani": "123-456-7899",
    "cdr_time": "", "credit": "", "dial_plan": "", "dialog_state": "", "dialog_subscribe": "", "dialog_version": "",
    "disabled": "", "email_cdr": "", "epid": "", "location": "", "max_call_duration": "", "max_cdrs": "",
    "need_license": "", "param1": "", "param2": "", "param3": "", "rb": "", "rf": "", "view_settings": "",
    "visible": "", "alias": ["1002"],
}  # fmt: skip
CELL = [f"cell_{key}" for key in "acd always c2d callback callback_dest conn dis hunt in mwi never night pause".split()]
FORWARDING = "cfa cfa_times cfb cfb_times cfn cfn_timeout cfn_times cfr cfd ani anonymous block_cid edest cw".split()
FORWARD = {"cfa": "445", "cfn": "8572665588", "cfn_timeout": "20", "cell_hunt": "true", "ani": "8572665500"}
NEW_KEYS = "algo sani fani building department room comment shortname publish".split()
HUNTS = ["1002", "1003", "1004"]


@pytest.fixture(scope="module")
def pbx() -> Iterator[Wire]:
    with RunningVendor(Vodia()) as served:
        aliases = {"~": "/rest/domain/localhost", "SECOND": "/rest/domain/second.example"}
        yield Wire(served, aliases, {"Authorization": basic("admin")})


def basic(name: str, password: str = "demo-password") -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def get(account: str, expected: Any) -> Row:
    return ask(f"GET ~/user_settings/{account}", expected)


def post(account: str, body: Any, expected: Any = 200) -> Row:
    return ask(f"POST ~/user_settings/{account}", expected, body)


def page(**changed: Any) -> dict[str, Any]:
    """The whole answer of the page, with a change."""
    return {"": {**PAGE_1002, **changed}}


def add(expected: Any = 200, **body: str) -> Row:
    return ask("POST ~/addacc", expected, {"type": "hunts", **body})


def hunts(*names: str) -> Row:
    return ask("GET ~/hunts", {"*.name": list(names)})


def action(name: str, selected: str) -> Row:
    return ask("POST ~/domain_action", {"": {}}, {"type": "accounts", "action": name, "selected": selected})


PAGE: Table = {
    "the list": [
        ask("GET ~/hunts", {"#0": {"name": "1002", "display": "Hunt", "agents": ["444", "445"], "calls": 0}}),
        {"agents_type": "ints"},
        ask("GET ~/hunts", {"*.agents": [[444, 445], [], []], "*.display": ["Hunt", "Hunt_2", "Hunt_3"]}),
    ],
    "create, update and delete": [
        add({"": {}}, account="vodia"),
        post("vodia", {"display": "Networks", "st1_ext": "444 445", "st3_ext": "440", "st4_ext": "777 8578962323"}),
        get("vodia", {"display": "Networks", "st4_ext": "777 8578962323", "alias": ["vodia"]}),
        ask("GET ~/hunts", {"vodia.agents": ["444", "445", "440"]}), ask("DELETE ~/addacc/vodia", {"": {}}),
        get("vodia", 404),
    ],
    "an update is a partial merge": [post("1002", {"st1_dur": "9"}, page(st1_dur="9")), get("1002", page(st1_dur="9"))],
    "bulk actions": [
        action("disable_selected", "1002 1003"), action("enable_selected", "1003"), get("1002", {"disabled": "true"}),
        get("1003", {"disabled": "false"}), action("delete_selected", "443 1003 hunt_2"), hunts("1002", "1004"),
        get("443", 404), {"delete_selected": "no_effect"}, action("delete_selected", "1002"), hunts("1002", "1004"),
    ],
    "names are percent-encoded": [
        add(account="*1#"), get("%2A1%23", {"alias": ["*1#"]}), get("1002%2F", 404), get("", 404),
    ],
}  # fmt: skip
DOOR: Table = {
    "bad credentials": [
        row
        for who in ("", basic("admin", ""), basic("Admin"), basic("admin", "wrong"))
        for row in (
            {"bad_credentials": "401"},
            ask("POST ~/addacc", {"@status": 401, "@WWW-Authenticate": "Basic"}, {"type": "hunts"}, Authorization=who),
            {"bad_credentials": "400"},
            ask("GET ~/hunts", {"@status": 400, "@WWW-Authenticate": ABSENT}, Authorization=who),
        )
    ],
    "who may": [
        ask("GET /rest/system/session", 200, Authorization=""), ask("GET ~/hunts", 403, Authorization=basic("noapi")),
        ask("GET ~/hunts", 200, Authorization=basic("admin@localhost")),
        ask("GET SECOND/hunts", 403, Authorization=basic("admin@localhost")),
        ask("GET /rest/system/status", 403, Authorization=basic("admin@localhost")),
    ],
    "unknown routes and domains": [
        ask(f"GET {path}", 404) for path in ("/rest/domain/nowhere/hunts", "~/nothing", "/", "~/userlist/nonsense")
    ],
    "domains are apart": [
        ask("POST SECOND/user_settings/1002", 200, {"display": "Changed"}), ask("DELETE SECOND/addacc/444", 200),
        get("1002", page()), get("444", 200),
    ],
}  # fmt: skip
ACCOUNTS: Table = {
    "any type reads at the same URL without saying its type": [
        get(account, {"alias": [account], "type": ABSENT, "usertype": ABSENT}) for account in ("440", "700", "8000")
    ],
    "extensions take their own key": [
        add(type="extensions", account="500"), add(account_ext="501"),
        add(type="extensions", account_ext="502", account="503"),
        *(get(account, 404) for account in ("500", "501", "503")),
        get("502", {"first_name": "", "sip_pass": "sip-secret-502", "pin": "4711"}),
        {"extensions_by_account": "created"}, add(type="extensions", account="500"), get("500", 200),
    ],
    "lists of all types": [
        ask("GET ~/userlist/hunts", {"action": "domain-list", "accounts.*.name": HUNTS}),
        ask("GET ~/users", {"8000.usertype": "srvflags", "444.usertype": "extensions"}),
        ask("GET ~/srvflags", {"*.name": ["8000"]}), ask("GET ~/userlist/attendants", {"accounts.*.name": ["700"]}),
        ask("GET ~/extensions", {"#0.dnd": False, "#0.first_name": "Ada"}),
        ask("GET ~/ringtones/en", {"ringer6.name": "ringer6"}), ask("GET ~/moh", {"9.name": "Piano"}),
        ask("GET ~/dialplans", {"1.name": "Standard"}), ask("GET ~/status/hunts", {"*.name": HUNTS}),
        {"userlist_shape": "by_number", "users_shape": "dict"}, ask("GET ~/userlist/hunts", {"1002.display": "Hunt"}),
        ask("GET ~/users", {"444.usertype": "extensions"}),
    ],
    **{
        f"lists that exist: {lists}": [
            {"account_lists": lists},
            ask("GET ~/users", whole),
            ask("GET ~/userlist/extensions", older),
            ask("GET ~/userlist/hunts", older),
            ask("GET ~/extensions", whole),
            hunts(*HUNTS),
            get("444", 200),
        ]
        for lists, whole, older in (("all", 200, 200), ("userlist_only", 404, 200), ("none", 404, 404))
    },
    "one number space": [
        *(add({"": {}}, account=taken) for taken in ("1002", "444", "700")), get("1002", page()),
        get("444", {"first_name": "Cleo"}), {"duplicate_account": "400"},
        *(add(400, account=taken) for taken in ("1002", "444", "700")),
    ],
    "aliases share the number space": [
        post("1002", {"alias": ["1002", "sales", "444"]}, page(alias=["1002", "sales"])),
        get("sales", page(alias=["1002", "sales"])), add(account="sales"), hunts(*HUNTS),
        {"duplicate_account": "400"}, post("1003", {"display": "X", "alias": ["1003", "sales"]}, 400),
        get("1003", {"display": "Hunt_2"}), {"read_by_alias": "404"}, get("sales", 404),
        get("1002", page(alias=["1002", "sales"])), post("sales", {"display": "X"}),
    ],
    "dropping the primary": [
        post("1002", {"alias": ["2002", "sales"], "display": "New"}, {"alias": ["2002", "sales"]}), get("1002", 404),
        get("2002", {"display": "New"}), {"alias_drops_primary": "keeps"},
        post("1003", {"alias": ["2003"]}, {"alias": ["1003", "2003"]}),
    ],
    "aliases merge": [
        {"alias_post": "merges"}, post("1002", {"alias": ["sales"]}),
        post("1002", {"alias": ["1002"]}, {"alias": ["1002", "sales"]}),
    ],
    **{
        f"delete by alias: {reading}": [
            {"delete_by_alias": reading},
            post("1002", {"alias": ["1002", "sales"]}),
            ask("DELETE ~/addacc/sales", status),
            hunts(*left),
        ]
        for reading, status, left in (("deletes", 200, HUNTS[1:]), ("missing", 404, HUNTS))
    },
    "a new account shows after some reads": [
        {"created_after_reads": 3},
        add(account="1010"),
        post("1010", {"display": "Late"}),  # writes find it
        get("1010", 404),
        hunts(*HUNTS),
        ask("GET SECOND/hunts", 200),  # another domain's reads do not count
        ask("GET ~/users", {"1010": {}}),
        get("1010", {"display": "Late"}),
        hunts(*HUNTS, "1010"),
    ],
}  # fmt: skip
SETTINGS: Table = {
    "replies": [
        {"addacc_reply": "true", "update_reply": "{}"}, add({"": True}, account="1010"), {"addacc_reply": "account"},
        add({"alias": ["1011"]}, account="1011"), add({"": {}}, account="1011"),
        post("1002", {"display": "X"}, {"": {}}), get("1002", page(display="X")),
    ],
    "unknown keys": [
        post("1002", {"st4_dur": "9", "display": "X"}, page(display="X")), {"unknown_key": "stored"},
        post("1002", {"st4_dur": "9"}, {"st4_dur": "9"}), post("444", {"st1_ext": "445"}, {"st1_ext": "445"}),
        {"unknown_key": "400"}, post("1003", {"st4_dur": "9", "display": "X", "alias": ["2003"]}, 400),
        get("1003", {"display": "Hunt_2"}),
    ],
    "native JSON values": [
        post("1002", {"st1_dur": 7, "rec": True, "moh": None, "st2_ext": ["444"]}, page(st1_dur="7", rec="true")),
        {"native_json_values": "rejected"},
        post("1002", {"st1_dur": 8, "rec": False, "display": "X"}, page(st1_dur="7", rec="true", display="X")),
    ],
    "order of stages": [
        row
        for order, read in (
            ("kept", "445 444 1000 444"),
            ("sorted", "444 444 445 1000"),
            ("deduplicated", "445 444 1000"),
        )
        for row in ({"list_order": order}, post("1003", {"st1_ext": "445 444 1000 444"}, {"st1_ext": read}))
    ],
    "numbers as E.164": [
        {"number_format": "e164"}, get("1002", {"st4_ext": "+18572665588"}),
        post("1002", {"st1_ext": "444 18578962323"}, {"st1_ext": "444 +18578962323"}),
        post("1002", {"alias": ["1002", "8572661111"]}, {"alias": ["1002", "+18572661111"]}),
        add(account="8572660000"), hunts(*HUNTS, "+18572660000"), get("8572660000", {"alias": ["+18572660000"]}),
        ask("DELETE ~/addacc/+18572660000", 200), hunts(*HUNTS),
    ],
    "unset booleans": [{"unset_booleans": "false"}, get("1002", page(disabled="false"))],
    "keys of 70": [
        ask("GET /rest/system/status", {"": {"version": "58.0"}}), {"version_keys": "70"},
        get("1002", {**dict.fromkeys(NEW_KEYS, ""), **dict.fromkeys(("acdani", "dialog_state"), ABSENT)}),
        get("440", {"algo": ABSENT}), post("440", {"comment": "Lobby"}, {"comment": "Lobby"}),
        ask("GET /rest/system/status", {"": {"version": "70.3"}}),
    ],
    "missing accounts": [
        get("9", 404), post("9", {}, 404), ask("DELETE ~/addacc/9", 404),
        {"missing_account": "200_empty", "delete_missing": "200"}, get("9", {"": {}}), post("9", {}, {"": {}}),
        ask("DELETE ~/addacc/9", {"": {}}),
    ],
    "limits": [
        {"account_limit": 3, "extension_limit": 6}, add({"": {}}, account="1010"),
        *(add(type="extensions", account_ext=number) for number in ("500", "501")), hunts(*HUNTS), get("500", 200),
        get("501", 404), {"account_limit": None, "extension_limit": None}, add(account="1010"),
        add(type="extensions", account_ext="501"), get("1010", 200), get("501", 200),
    ],
    "bad JSON": [
        row
        for body in ("{ 'display':'X' }", '{ display: "X" }', "[]", '{"display": NaN}', "")
        for row in (
            {"bad_json": "200_no_effect"},
            post("1002", body, page()),
            {"bad_json": "400"},
            post("1002", body, 400),
        )
    ],
    "quotes and slashes": [
        {"single_quotes": "tolerated"},
        ask("POST ~/addacc", 200, "{ 'type':'hunts', 'account':'1010/1011' }"),
        hunts(*HUNTS, "1010", "1011"), {"addacc_slash": "aliases"}, add(account="1020/sales"),
        get("1020", {"alias": ["1020", "sales"]}),
    ],
    "silent types": [
        {"silent_types": "some"}, add(type="srvflags", account="8001"), add(type="acds", account="301"),
        get("8001", 404), get("301", 200),
    ],
    "PUT": [
        ask("PUT ~/user_settings/1002", 404, {"display": "X"}), {"put_settings": "as_post"},
        ask("PUT ~/user_settings/1002", page(display="X"), {"display": "X"}),
    ],
    "keys of an extension": [
        add(type="extensions", account_ext="500"),
        get("500", {**dict.fromkeys((*CELL, *FORWARDING), ""), "dnd": "false", "code": ABSENT, "comment": ABSENT}),
        post("500", FORWARD, FORWARD), post("500", dict.fromkeys(FORWARD, ""), dict.fromkeys(FORWARD, "")),
        post("444", {"alias": ["444", "cleo"]}), get("cleo", {"first_name": "Cleo"}),
    ],
    "a deleted extension stays in the stages": [
        ask("DELETE ~/addacc/444", 200), get("444", 404), get("1002", page()),
        ask("GET ~/hunts", {"1002.agents": ["444", "445"]}),
    ],
    "names in another spelling": [
        post("1002", {"display": "Night  e\u0301  shift", "email": "a  b"}), {"names_read": "blanks_collapsed"},
        get("1002", page(display="Night e\u0301 shift", email="a  b")),
        ask("GET ~/hunts", {"1002.display": "Night e\u0301 shift"}), {"names_read": "nfc"},
        get("1002", {"display": "Night  \u00e9  shift"}),
    ],
}  # fmt: skip


@each({**PAGE, **DOOR, **ACCOUNTS, **SETTINGS})
def test_vodia(pbx: Wire, rows: list[Row]) -> None:
    pbx.walk(rows)
    assert json.loads(json.dumps(pbx.vendor.state)) == pbx.vendor.state


def test_one_hunt_group_reads_in_the_order_of_the_page(pbx: Wire) -> None:
    pbx.vendor.reset()
    assert list(json.loads(pbx.send(get("1002", 200))[3]).items()) == list(PAGE_1002.items())


def test_only_post_put_and_delete_are_writes(pbx: Wire) -> None:
    pbx.walk([get("1002", 200), post("1002", {"display": "Zürich"}, page(display="Zürich")), get("1002", 200)])
    pbx.check(ask("DELETE ~/addacc/1004", 200))
    assert [entry["method"] for entry in pbx.vendor.writes()] == ["POST", "DELETE"]
