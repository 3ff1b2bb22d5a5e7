# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Vodia PBX over real HTTP: the vendor's hunt group page, and each value of each open question."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "roles" / "simulator" / "files"))

from pbx_simulator.server import RunningVendor
from pbx_simulator.vodia import Vodia

LOCAL = "/rest/domain/localhost"
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


class Client:
    """One administrator's view of a served PBX."""

    def __init__(self, vendor: Vodia, url: str) -> None:
        self.vendor = vendor
        self.url = url
        self.session = requests.Session()
        self.session.auth = ("admin", "demo-password")

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        if body is not None:
            options["data"] = body if isinstance(body, str) else json.dumps(body)
        return self.session.request(method, self.url + path, timeout=10, **options)

    def get(self, path: str) -> Any:
        response = self.ask("GET", LOCAL + path)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, body: Any) -> Any:
        response = self.ask("POST", LOCAL + path, body)
        assert response.status_code == 200, response.text
        return response.json()

    def settings(self, account: str) -> Any:
        return self.get(f"/user_settings/{account}")

    def status(self, method: str, path: str, body: Any = None) -> int:
        return self.ask(method, LOCAL + path, body).status_code

    def hunts(self) -> list[str]:
        return [row["name"] for row in self.get("/hunts")]


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    vendor = Vodia()
    with RunningVendor(vendor) as running:
        client = Client(vendor, running.url)
        yield client
        client.session.close()


@pytest.fixture
def pbx(served: Client) -> Client:
    served.vendor.reset()
    served.session.auth = ("admin", "demo-password")
    return served


# -- the page ----------------------------------------------------------------------------------------------------
def test_list_of_the_page(pbx: Client) -> None:
    pbx.vendor.set_dialect(agents_type="ints")
    assert pbx.get("/hunts") == [
        {"name": "1002", "display": "Hunt", "agents": [444, 445], "calls": 0},
        {"name": "1003", "display": "Hunt_2", "agents": [], "calls": 0},
        {"name": "1004", "display": "Hunt_3", "agents": [], "calls": 0},
    ]


def test_agents_are_strings_unless_switched(pbx: Client) -> None:
    assert pbx.get("/hunts")[0]["agents"] == ["444", "445"]


def test_single_hunt_of_the_page_in_its_order(pbx: Client) -> None:
    assert list(pbx.settings("1002").items()) == list(PAGE_1002.items())


def test_create_update_and_delete_as_on_the_page(pbx: Client) -> None:
    assert pbx.post("/addacc", {"type": "hunts", "account": "vodia"}) == {}
    change = {"display": "Networks", "st1_ext": "444 445", "st3_ext": "440", "st4_ext": "777 8578962323"}
    answered = pbx.post("/user_settings/vodia", {**change, "alias": ["vodia"]})
    assert answered == pbx.settings("vodia")
    assert {key: answered[key] for key in change} == change
    assert pbx.get("/hunts")[-1] == {
        "name": "vodia",
        "display": "Networks",
        "agents": ["444", "445", "440"],
        "calls": 0,
    }
    assert pbx.status("DELETE", "/addacc/vodia") == 200
    assert pbx.status("GET", "/user_settings/vodia") == 404


def test_update_is_a_partial_merge(pbx: Client) -> None:
    pbx.post("/user_settings/1002", {"st1_dur": "9"})
    assert pbx.settings("1002") == {**PAGE_1002, "st1_dur": "9"}


def test_bulk_delete_of_the_page(pbx: Client) -> None:
    body = {"type": "accounts", "action": "delete_selected", "selected": "443 1003 hunt_2"}
    assert pbx.post("/domain_action", body) == {}
    assert pbx.hunts() == ["1002", "1004"]
    assert pbx.status("GET", "/user_settings/443") == 404


def test_bulk_delete_may_do_nothing(pbx: Client) -> None:
    pbx.vendor.set_dialect(delete_selected="no_effect")
    assert pbx.post("/domain_action", {"type": "accounts", "action": "delete_selected", "selected": "443"}) == {}
    assert pbx.status("GET", "/user_settings/443") == 200


def test_disable_and_enable_selected(pbx: Client) -> None:
    pbx.post("/domain_action", {"type": "accounts", "action": "disable_selected", "selected": "1002 1003"})
    assert pbx.settings("1003")["disabled"] == "true"
    pbx.post("/domain_action", {"type": "accounts", "action": "enable_selected", "selected": "1003"})
    assert [pbx.settings(name)["disabled"] for name in ("1002", "1003")] == ["true", "false"]


# -- who may ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("auth", [None, ("admin", ""), ("Admin", "demo-password"), ("admin", "wrong")])
@pytest.mark.parametrize(("reply", "status"), [("401", 401), ("400", 400)])
def test_bad_credentials(pbx: Client, auth: tuple[str, str] | None, reply: str, status: int) -> None:
    pbx.vendor.set_dialect(bad_credentials=reply)
    pbx.session.auth = auth
    response = pbx.ask("POST", LOCAL + "/addacc", {"type": "hunts", "account": "1009"})
    assert response.status_code == status
    assert ("WWW-Authenticate" in response.headers) == (status == 401)
    assert "1009" not in pbx.vendor.state["domains"]["localhost"]["accounts"]


def test_session_needs_no_login(pbx: Client) -> None:
    pbx.session.auth = None
    assert pbx.ask("GET", "/rest/system/session").status_code == 200


def test_api_switch_off(pbx: Client) -> None:
    pbx.session.auth = ("noapi", "demo-password")
    assert pbx.status("GET", "/hunts") == 403


def test_tenant_scope(pbx: Client) -> None:
    pbx.session.auth = ("admin@localhost", "demo-password")
    assert pbx.status("GET", "/hunts") == 200
    assert pbx.ask("GET", "/rest/domain/second.example/hunts").status_code == 403
    assert pbx.ask("GET", "/rest/system/status").status_code == 403


@pytest.mark.parametrize("path", ["/rest/domain/nowhere/hunts", LOCAL + "/nothing", LOCAL + "/user_settings/", "/"])
def test_unknown_routes_and_domains(pbx: Client, path: str) -> None:
    assert pbx.ask("GET", path).status_code == 404


def test_domains_are_apart(pbx: Client) -> None:
    other = "/rest/domain/second.example"
    assert pbx.ask("POST", other + "/user_settings/1002", {"display": "Changed"}).status_code == 200
    assert pbx.ask("DELETE", other + "/addacc/444").status_code == 200
    assert pbx.settings("1002") == PAGE_1002
    assert pbx.status("GET", "/user_settings/444") == 200


# -- accounts of all types ----------------------------------------------------------------------------------------
def test_any_type_reads_at_the_same_url_without_saying_its_type(pbx: Client) -> None:
    for account in ("440", "700", "8000", "1002"):
        settings = pbx.settings(account)
        assert settings["alias"] == [account] and not {"type", "usertype"} & set(settings)
        assert all(isinstance(value, str) for key, value in settings.items() if key != "alias")
    assert pbx.settings("440")["sip_pass"] and pbx.settings("440")["pin"]


def test_extensions_take_their_own_key(pbx: Client) -> None:
    pbx.post("/addacc", {"type": "extensions", "account": "500"})
    pbx.post("/addacc", {"type": "hunts", "account_ext": "501"})
    assert [pbx.status("GET", f"/user_settings/{name}") for name in ("500", "501")] == [404, 404]
    pbx.post("/addacc", {"type": "extensions", "account_ext": "500"})
    assert pbx.settings("500")["first_name"] == ""


def test_lists_of_all_types(pbx: Client) -> None:
    assert pbx.get("/userlist/hunts") == {"action": "domain-list", "accounts": pbx.get("/hunts")}
    assert {row["name"]: row["usertype"] for row in pbx.get("/users")}["8000"] == "srvflags"
    assert [row["name"] for row in pbx.get("/srvflags")] == ["8000"]
    assert [row["name"] for row in pbx.get("/userlist/attendants")["accounts"]] == ["700"]
    assert pbx.get("/extensions")[0]["dnd"] is False
    assert {row["name"] for row in pbx.get("/ringtones/en")} >= {"ringer6", "internal"}
    assert "9" in [row["id"] for row in pbx.get("/moh")] and "1" in [row["id"] for row in pbx.get("/dialplans")]
    assert len(pbx.get("/status/hunts")) == 3
    assert pbx.status("GET", "/userlist/nonsense") == 404


def test_list_shapes(pbx: Client) -> None:
    pbx.vendor.set_dialect(userlist_shape="by_number", users_shape="dict")
    assert pbx.get("/userlist/hunts")["1002"]["display"] == "Hunt"
    assert pbx.get("/users")["444"]["usertype"] == "extensions"


@pytest.mark.parametrize("taken", ["1002", "444", "700"])
def test_one_number_space(pbx: Client, taken: str) -> None:
    before = pbx.settings(taken)
    assert pbx.status("POST", "/addacc", {"type": "hunts", "account": taken}) == 200
    assert pbx.settings(taken) == before
    pbx.vendor.set_dialect(duplicate_account="400")
    assert pbx.status("POST", "/addacc", {"type": "hunts", "account": taken}) == 400


def test_aliases_share_the_number_space(pbx: Client) -> None:
    pbx.post("/user_settings/1002", {"alias": ["1002", "sales", "444"]})
    assert pbx.settings("sales") == {**PAGE_1002, "alias": ["1002", "sales"]}
    pbx.post("/addacc", {"type": "hunts", "account": "sales"})
    assert pbx.hunts() == ["1002", "1003", "1004"]
    pbx.vendor.set_dialect(duplicate_account="400")
    assert pbx.status("POST", "/user_settings/1003", {"display": "X", "alias": ["1003", "sales"]}) == 400
    assert pbx.settings("1003")["display"] == "Hunt_2"


def test_dropping_the_primary_renames(pbx: Client) -> None:
    assert pbx.post("/user_settings/1002", {"alias": ["2002", "sales"], "display": "New"})["alias"] == ["2002", "sales"]
    assert pbx.status("GET", "/user_settings/1002") == 404
    assert pbx.settings("2002")["display"] == "New" and "2002" in pbx.hunts()
    pbx.vendor.set_dialect(alias_drops_primary="keeps")
    assert pbx.post("/user_settings/1003", {"alias": ["2003"]})["alias"] == ["1003", "2003"]


def test_alias_merges(pbx: Client) -> None:
    pbx.vendor.set_dialect(alias_post="merges")
    pbx.post("/user_settings/1002", {"alias": ["sales"]})
    assert pbx.post("/user_settings/1002", {"alias": ["1002"]})["alias"] == ["1002", "sales"]


@pytest.mark.parametrize(("reading", "status"), [("deletes", 200), ("missing", 404)])
def test_delete_by_alias(pbx: Client, reading: str, status: int) -> None:
    pbx.vendor.set_dialect(delete_by_alias=reading)
    pbx.post("/user_settings/1002", {"alias": ["1002", "sales"]})
    assert pbx.status("DELETE", "/addacc/sales") == status
    assert ("1002" in pbx.hunts()) == (status == 404)


# -- open questions -----------------------------------------------------------------------------------------------
def test_addacc_replies(pbx: Client) -> None:
    pbx.vendor.set_dialect(addacc_reply="true")
    assert pbx.post("/addacc", {"type": "hunts", "account": "1010"}) is True
    pbx.vendor.set_dialect(addacc_reply="account")
    assert pbx.post("/addacc", {"type": "hunts", "account": "1011"}) == pbx.settings("1011")
    assert pbx.post("/addacc", {"type": "hunts", "account": "1011"}) == {}


def test_update_reply(pbx: Client) -> None:
    pbx.vendor.set_dialect(update_reply="{}")
    assert pbx.post("/user_settings/1002", {"display": "X"}) == {}
    assert pbx.settings("1002")["display"] == "X"


def test_unknown_keys(pbx: Client) -> None:
    body = {"st4_dur": "9", "display": "X"}
    assert pbx.post("/user_settings/1002", body) == {**PAGE_1002, "display": "X"}
    pbx.vendor.set_dialect(unknown_key="stored")
    assert pbx.post("/user_settings/1002", body)["st4_dur"] == "9"
    assert pbx.post("/user_settings/444", {"st1_ext": "445"})["st1_ext"] == "445"
    pbx.vendor.set_dialect(unknown_key="400")
    assert pbx.status("POST", "/user_settings/1003", {**body, "alias": ["2003"]}) == 400
    assert pbx.settings("1003")["display"] == "Hunt_2"


def test_native_json_values(pbx: Client) -> None:
    body = {"st1_dur": 7, "rec": True, "moh": None, "st2_ext": ["444"]}
    assert pbx.post("/user_settings/1002", body) == {**PAGE_1002, "st1_dur": "7", "rec": "true"}
    pbx.vendor.reset()
    pbx.vendor.set_dialect(native_json_values="rejected")
    assert pbx.post("/user_settings/1002", {**body, "display": "X"}) == {**PAGE_1002, "display": "X"}


@pytest.mark.parametrize(
    ("order", "read"), [("kept", "445 444 1000 444"), ("sorted", "444 444 445 1000"), ("deduplicated", "445 444 1000")]
)
def test_list_order(pbx: Client, order: str, read: str) -> None:
    pbx.vendor.set_dialect(list_order=order)
    assert pbx.post("/user_settings/1003", {"st1_ext": "445 444 1000 444"})["st1_ext"] == read


def test_numbers_as_e164(pbx: Client) -> None:
    pbx.vendor.set_dialect(number_format="e164")
    assert pbx.settings("1002")["st4_ext"] == "+18572665588"
    assert pbx.post("/user_settings/1002", {"st1_ext": "444 18578962323"})["st1_ext"] == "444 +18578962323"
    pbx.post("/addacc", {"type": "hunts", "account": "8572660000"})
    assert "+18572660000" in pbx.hunts()
    assert pbx.settings("8572660000") == pbx.settings("+18572660000")
    assert pbx.status("DELETE", "/addacc/+18572660000") == 200


def test_unset_booleans(pbx: Client) -> None:
    pbx.vendor.set_dialect(unset_booleans="false")
    assert pbx.settings("1002") == {**PAGE_1002, "disabled": "false"}


def test_keys_of_70(pbx: Client) -> None:
    pbx.vendor.set_dialect(version_keys="70")
    settings = pbx.settings("1002")
    assert {"algo", "sani", "fani", "building", "department", "room", "comment", "shortname", "publish"} < set(settings)
    assert not {"acdani", "dialog_state", "dialog_subscribe", "dialog_version"} & set(settings)
    assert "algo" not in pbx.settings("440")
    assert pbx.ask("GET", "/rest/system/status").json() == {"version": "70.3"}


def test_missing_accounts(pbx: Client) -> None:
    requests_of = [("GET", "/user_settings/9", None), ("POST", "/user_settings/9", {}), ("DELETE", "/addacc/9", None)]
    assert [pbx.status(*each) for each in requests_of] == [404, 404, 404]
    pbx.vendor.set_dialect(missing_account="200_empty", delete_missing="200")
    assert [pbx.ask(each[0], LOCAL + each[1], each[2]).json() for each in requests_of] == [{}, {}, {}]


def test_account_limit(pbx: Client) -> None:
    pbx.vendor.set_dialect(account_limit=3)
    pbx.post("/addacc", {"type": "hunts", "account": "1010"})
    pbx.post("/addacc", {"type": "extensions", "account_ext": "500"})
    assert pbx.hunts() == ["1002", "1003", "1004"]
    assert pbx.status("GET", "/user_settings/500") == 200


@pytest.mark.parametrize("body", ["{ 'display':'X' }", '{ display: "X" }', "[]", '{"display": NaN}', ""])
def test_bad_json(pbx: Client, body: str) -> None:
    assert pbx.post("/user_settings/1002", body) == PAGE_1002
    pbx.vendor.set_dialect(bad_json="400")
    assert pbx.status("POST", "/user_settings/1002", body) == 400


def test_single_quotes_tolerated(pbx: Client) -> None:
    pbx.vendor.set_dialect(single_quotes="tolerated")
    pbx.post("/addacc", "{ 'type':'hunts', 'account':'1010' }")
    assert "1010" in pbx.hunts()


def test_slash_in_addacc(pbx: Client) -> None:
    pbx.post("/addacc", {"type": "hunts", "account": "1010/1011"})
    assert pbx.hunts()[-2:] == ["1010", "1011"]
    pbx.vendor.set_dialect(addacc_slash="aliases")
    pbx.post("/addacc", {"type": "hunts", "account": "1020/sales"})
    assert pbx.settings("1020")["alias"] == ["1020", "sales"]


def test_silent_types(pbx: Client) -> None:
    pbx.vendor.set_dialect(silent_types="some")
    pbx.post("/addacc", {"type": "srvflags", "account": "8001"})
    pbx.post("/addacc", {"type": "acds", "account": "301"})
    assert [pbx.status("GET", f"/user_settings/{name}") for name in ("8001", "301")] == [404, 200]


def test_put_settings(pbx: Client) -> None:
    assert pbx.status("PUT", "/user_settings/1002", {"display": "X"}) == 404
    pbx.vendor.set_dialect(put_settings="as_post")
    assert pbx.status("PUT", "/user_settings/1002", {"display": "X"}) == 200
    assert pbx.settings("1002")["display"] == "X"


# -- extensions -----------------------------------------------------------------------------------------------------
CELL_KEYS = (
    "acd always c2d callback callback_dest conn dis hunt in mwi never night pause retries time".split()  # vendor note 7
)


def test_keys_of_an_extension(pbx: Client) -> None:
    pbx.post("/addacc", {"type": "extensions", "account_ext": "500"})
    settings = pbx.settings("500")
    forwarding = "cfa cfa_times cfb cfb_times cfn cfn_timeout cfn_times cfr cfd".split()
    others = "ani anonymous block_cid callback dnd_reason disturb edest cw".split()
    unset = [*forwarding, *others, *(f"cell_{key}" for key in CELL_KEYS)]
    assert {key: settings[key] for key in unset} == dict.fromkeys(unset, "")
    assert (settings["dnd"], settings["alias"]) == ("false", ["500"])
    assert "code" not in settings and "comment" not in settings
    pbx.vendor.set_dialect(version_keys="70")
    assert pbx.post("/user_settings/500", {"comment": "Lobby"})["comment"] == "Lobby"


def test_forwarding_and_names_of_an_extension(pbx: Client) -> None:
    change = {"cfa": "445", "cfn": "8572665588", "cfn_timeout": "20", "cell_hunt": "true", "ani": "8572665500"}
    before = pbx.settings("444")
    assert pbx.post("/user_settings/444", change) == {**before, **change}
    assert pbx.post("/user_settings/444", dict.fromkeys(change, "")) == before
    assert pbx.post("/user_settings/444", {"alias": ["444", "cleo"]})["alias"] == ["444", "cleo"]
    assert pbx.settings("cleo")["first_name"] == "Cleo"


@pytest.mark.parametrize(
    ("lists", "statuses"), [("all", [200, 200, 200]), ("userlist_only", [404, 200, 404]), ("none", [404, 404, 404])]
)
def test_which_lists_of_accounts_exist(pbx: Client, lists: str, statuses: list[int]) -> None:
    pbx.vendor.set_dialect(account_lists=lists)
    paths = ("/users", "/userlist/extensions", "/extensions")
    assert [pbx.status("GET", path) for path in paths] == statuses
    assert pbx.status("GET", "/userlist/hunts") == statuses[1]
    assert (pbx.status("GET", "/hunts"), pbx.status("GET", "/user_settings/444")) == (200, 200)


def test_extension_limit(pbx: Client) -> None:
    pbx.vendor.set_dialect(extension_limit=6)
    for number in ("500", "501"):
        assert pbx.post("/addacc", {"type": "extensions", "account_ext": number}) == {}
    pbx.post("/addacc", {"type": "hunts", "account": "1010"})
    found = [pbx.status("GET", f"/user_settings/{name}") for name in ("500", "501", "1010")]
    assert found == [200, 404, 200]
    pbx.vendor.set_dialect(extension_limit=None)
    pbx.post("/addacc", {"type": "extensions", "account_ext": "501"})
    assert len(pbx.get("/extensions")) == 7


@pytest.mark.parametrize(("reading", "status"), [("ignored", 404), ("created", 200)])
def test_extensions_by_account(pbx: Client, reading: str, status: int) -> None:
    pbx.vendor.set_dialect(extensions_by_account=reading)
    assert pbx.post("/addacc", {"type": "extensions", "account": "500"}) == {}
    assert pbx.status("GET", "/user_settings/500") == status
    pbx.post("/addacc", {"type": "extensions", "account_ext": "501", "account": "502"})
    assert [pbx.status("GET", f"/user_settings/{name}") for name in ("501", "502")] == [200, 404]


def test_a_deleted_extension_stays_in_the_stages(pbx: Client) -> None:
    assert pbx.status("DELETE", "/addacc/444") == 200
    assert pbx.status("GET", "/user_settings/444") == 404
    assert pbx.settings("1002") == PAGE_1002
    assert pbx.get("/hunts")[0]["agents"] == ["444", "445"]


# -- what the base class is told --------------------------------------------------------------------------------------
def test_only_post_put_and_delete_are_writes(pbx: Client) -> None:
    pbx.settings("1002")
    pbx.post("/user_settings/1002", {"display": "Zürich"})
    pbx.status("DELETE", "/addacc/1004")
    assert [entry["method"] for entry in pbx.vendor.writes()] == ["POST", "DELETE"]
    assert pbx.settings("1002")["display"] == "Zürich"


def test_names_are_percent_encoded(pbx: Client) -> None:
    pbx.post("/addacc", {"type": "hunts", "account": "*1#"})
    assert pbx.settings("%2A1%23")["alias"] == ["*1#"]
    assert pbx.status("GET", "/user_settings/1002%2F") == 404


def test_state_is_plain_json(pbx: Client) -> None:
    assert json.loads(json.dumps(pbx.vendor.state)) == pbx.vendor.state
