# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Porta Plus 2, over real HTTP."""

from __future__ import annotations

import copy
import http.client
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "roles" / "simulator" / "files"))

from pbx_simulator.portaswitch import PortaSwitch
from pbx_simulator.portaswitch_pages import OPERATIONS, WRITE_LITERALS
from pbx_simulator.server import RunningVendor

KEY = "demo-license-4711"
JSON = {"Accept": "application/json"}


class Client:
    """A plain client of the pages; `vendor` is at hand for the switches and the state."""

    def __init__(self, vendor: PortaSwitch, url: str) -> None:
        self.vendor, self.url = vendor, url
        self.session = requests.Session()

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, **{"headers": JSON, "timeout": 5, **options})

    def read(self, path: str) -> dict[str, Any]:
        answer = self.get(path)
        assert answer.status_code == 200, (answer.status_code, answer.reason, answer.text)
        return answer.json()

    def post(self, path: str = "/AddUpdateCustomerHuntGroup", **body: Any) -> requests.Response:
        return self.session.post(
            self.url + path, json={"License": KEY, "ICustomer": 10, **body}, headers=JSON, timeout=5
        )

    def raw(self, path: str) -> tuple[int, str]:
        """GET a path exactly as written, not tidied up by a client library."""
        connection = http.client.HTTPConnection(self.url.split("/")[2], timeout=5)
        connection.request("GET", path, headers=JSON)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.reason

    def groups(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.read(f"/GetCustomerHuntGroups/{KEY}/10")["HGInfoLst"]}

    def numbers(self, group: str) -> list[str]:
        return [row["id"] for row in self.groups()[group]["assigned_extensions"]]

    def member(self, group: str, number: str) -> dict[str, Any]:
        return next(row for row in self.groups()[group]["assigned_extensions"] if row["id"] == number)

    def extensions(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.read(f"/GetCustomerExtensions/{KEY}/10")["ExtensionLst"]}

    def rules(self, i_account: int = 700001) -> list[dict[str, Any]]:
        return self.read(f"/getfollowmes/{KEY}/{i_account}")["FollowMeNumbers"]


@pytest.fixture(scope="module")
def running() -> Iterator[Client]:
    vendor = PortaSwitch()
    with RunningVendor(vendor) as server:
        yield Client(vendor, server.url)


@pytest.fixture
def pbx(running: Client) -> Client:
    running.vendor.reset()
    return running


# -- the pages ---------------------------------------------------------------------------------------------------------
def test_has_every_route_of_the_pages_and_a_method_behind_each(pbx: Client) -> None:
    assert [len(operation.routes) for operation in OPERATIONS] == [11, 11, 10]
    for operation in OPERATIONS:
        for route in operation.routes:
            assert hasattr(pbx.vendor, f"_do_{route.action}")


def test_knows_what_writes(pbx: Client) -> None:
    assert pbx.vendor.is_write("GET", f"/DELETECustomerExtension/{KEY}/10/1")
    assert not pbx.vendor.is_write("GET", f"/GetCustomerExtensions/{KEY}/10")
    assert not {name for name in WRITE_LITERALS if name.startswith("get")}


def test_lists_groups_as_the_page_shows(pbx: Client) -> None:
    answer = pbx.read(f"/GetCustomerHuntGroups/{KEY}/10")
    assert list(answer) == ["HGInfoDeleted", "HuntGroupId", "HGInfoLst", "updateHuntgroup", "License", "ContentId"]
    assert answer["License"] == KEY
    sales = answer["HGInfoLst"][0]
    assert (sales["i_c_group"], sales["i_c_ext"], sales["id"]) == (301, 5010, "200")
    first = sales["assigned_extensions"][0]
    assert (first["i_cg_ext"], first["i_c_ext"], first["id"], first["IAccount"]) == (9001, 5001, "101", 700001)
    assert "hunt_delaySpecified" not in first
    assert pbx.numbers("99999") == ["104", "105", "106", "0111"]
    assert r'"\/Date(1767225600000-0000)\/"' in pbx.get(f"/GetCustomerHuntGroups/{KEY}/10").text


def test_one_group_tells_unset_from_zero(pbx: Client) -> None:
    info = pbx.read(f"/getHuntgroupExtension/{KEY}/302/2026-01-01/false")
    members = {row["id"]: row for row in info["HGInfo"]["assigned_extensions"]}
    assert (members["104"]["hunt_expire"], members["104"]["hunt_expireSpecified"]) == (0, True)
    assert (members["105"]["hunt_expire"], members["105"]["hunt_expireSpecified"]) == (0, False)
    assert info["lstSignInOut"][0]["SignOutTimeDT"] == "/Date(-62135596800000-0000)/"
    assert info["lstSignInOut"][0]["isActive"] == "Y"


def test_customers_do_not_see_each_other(pbx: Client) -> None:
    assert pbx.get(f"/GetCustomerHuntGroups/{KEY}/20").status_code == 500
    assert pbx.read("/GetCustomerHuntGroups/LICENCE-0002/20")["HGInfoLst"][0]["i_c_group"] == 303
    assert pbx.get(f"/deletefollowme/{KEY}/43").status_code == 500
    pbx.vendor.set_dialect(license_scope="all_customers")
    assert pbx.read(f"/deletefollowme/{KEY}/43")["success"] is True


# -- the ServiceStack front --------------------------------------------------------------------------------------------
def test_no_route_is_a_plain_404(pbx: Client) -> None:
    for path in ("/nothing", f"/GetCustomerHuntGroups/{KEY}", "/AddUpdateCustomerHuntGroup", "/"):
        answer = pbx.get(path)
        assert (answer.status_code, answer.text, answer.headers["Content-Type"][:10]) == (404, "404", "text/plain")


def test_literals_in_any_case_and_empty_segments_vanish(pbx: Client) -> None:
    assert pbx.raw(f"/getcustomerHUNTgroups//{KEY}/10/")[0] == 200


def test_empty_group_toggles_all_groups(pbx: Client) -> None:
    pbx.post(HuntGroupRecordId=302, AddExtensions=[5001])
    pbx.read("/togglehuntgroups/hash700001/")
    assert {pbx.member(group, "101")["hunt_active"] for group in ("200", "99999")} == {"N"}


def test_slash_in_a_value_lands_on_another_route(pbx: Client) -> None:
    pbx.read(f"/updatefollowme/{KEY}/700001/41/20/R%2FD/1/32470/Y")
    rule = pbx.rules()[0]
    assert (rule["domain"], rule["name"]) == ("R", "D")


def test_query_overrides_the_path_and_empty_values_are_skipped(pbx: Client) -> None:
    pbx.read(f"/AddCustomerExtension/x/10/x/x/700009?License={KEY}&Name=R%26D%2FOps%20%2B&id=120&ContentId=&other=1")
    assert pbx.extensions()["120"]["name"] == "R&D/Ops +"
    pbx.read(f"/DeleteCustomerExtension/{KEY}/10/5008")
    pbx.read(f"/AddCustomerExtension/{KEY}/10/Kept/121/700008?Name=")
    assert pbx.extensions()["121"]["name"] == "Kept"


def test_what_does_not_bind_is_a_400(pbx: Client) -> None:
    broken = pbx.get(f"/addfollowme/{KEY}/700001/20/Name/1/32470/Y/N")
    assert (broken.status_code, broken.reason) == (400, "ArgumentException")
    status = broken.json()["ResponseStatus"]
    assert "KeepupdateAccountsOriginalCld" in status["Message"] and status["Errors"] == []
    assert (
        pbx.get(f"/GetCustomerHuntGroups/{KEY}/ten").json()["ResponseStatus"]["ErrorCode"] == "SerializationException"
    )
    assert pbx.get(f"/GetOnlineAccounts/{KEY}/10/1").status_code == 400
    assert pbx.get(f"/GetOnlineAccounts/{KEY}/10/True").status_code == 200


def test_arrays_in_the_query_are_jsv(pbx: Client) -> None:
    for text in ("5008,5009", "[5008,5009]"):
        pbx.vendor.reset()
        pbx.post(f"/AddUpdateCustomerHuntGroup?AddExtensions={text}", HuntGroupRecordId=301)
        assert pbx.numbers("200") == ["101", "102", "103", "107", "108"]


def test_json_body_is_bound_leniently(pbx: Client) -> None:
    answer = pbx.post(huntgroupRECORDid="302", HuntSequence="LeastUsd", Nonsense=[1], PickupAllowed=None)
    assert answer.status_code == 200 and answer.json()["updateHuntgroup"] == 302
    assert pbx.groups()["99999"]["hunt_sequence"] == "Order"


def test_a_body_without_its_content_type_is_an_empty_dto(pbx: Client) -> None:
    for options in (
        {"data": '{"License":"x"}'},
        {"data": b"", "headers": {**JSON, "Content-Type": "application/json"}},
    ):
        answer = requests.post(pbx.url + "/AddUpdateCustomerHuntGroup", timeout=5, **{"headers": JSON, **options})
        assert (answer.status_code, answer.reason) == (401, "AuthenticationException")
    answer = requests.post(
        f"{pbx.url}/AddUpdateCustomerHuntGroup?License={KEY}&ICustomer=10&Id=300", data="x", timeout=5
    )
    assert answer.status_code == 200  # a group with all defaults
    assert pbx.groups()["300"]["hunt_sequence"] == "Order" and "name" not in pbx.groups()["300"]


def test_suffix_trap(pbx: Client) -> None:
    answer = pbx.get(f"/addfollowme/{KEY}/700001/20/Night/3/32470/Y.csv")
    assert answer.headers["Content-Type"].startswith("text/csv") and pbx.rules()[2]["active"] == "Y"
    assert pbx.get(f"/GetCustomerHuntGroups/{KEY}/10.json", headers={"Accept": "text/html"}).json()["HGInfoLst"]


def test_formats(pbx: Client) -> None:
    path = f"/GetCustomerExtensions/{KEY}/10"
    assert "<html>" in pbx.get(path, headers={"Accept": "text/html, application/json"}).text
    assert pbx.get(path + "?format=json", headers={"Accept": "text/html"}).json()["ExtensionLst"]
    assert pbx.get(path, headers={"Accept": "*/*"}).json()["ExtensionLst"]
    assert pbx.get(path + "?format=csv").text.startswith("ExtensionLst,ExtensionDeleted,License,ContentId\r\n")
    assert pbx.get(path + "?callback=tell").text.startswith("tell({")
    pbx.vendor.set_dialect(default_format="html")
    assert "<html>" in pbx.get(path, headers={"Accept": "*/*"}).text


def test_predefined_routes(pbx: Client) -> None:
    assert pbx.post("/JSON/reply/customerhuntgroup", Id="300", Name="New").json()["HuntGroupId"] == 304
    query = f"?License={KEY}&ICustomer=10"
    assert len(pbx.read(f"/json/reply/CustomerExtension{query}")["ExtensionLst"]) == 9
    assert pbx.read(f"/json/reply/CustomerExtension{query}&ExtensionRecordId=5009")["ExtensionDeleted"] is True
    assert pbx.get(f"/csv/reply/CustomerExtension{query}").headers["Content-Type"].startswith("text/csv")
    assert (pbx.post("/json/reply/CustomerExtension").status_code, pbx.get("/json/reply/Nothing").status_code) == (
        405,
        404,
    )
    assert pbx.post(f"/json/reply/CustomerHuntGroup{query}&Id=301", Id="").status_code == 500  # query not merged
    pbx.vendor.set_dialect(post_without_post_method="like_get")
    assert pbx.post("/json/reply/CustomerExtension").json()["ExtensionLst"]


def test_iis_refuses_what_a_listener_takes(pbx: Client) -> None:
    rule = f"/updatefollowme/{KEY}/700001/41/20/%s/1/32470/Y"
    assert pbx.raw(rule % "R%26D") == (400, "Bad Request")
    assert pbx.raw(rule % "a%2Bb")[0] == 404 and pbx.raw(rule % "a+b")[0] == 404
    pbx.vendor.set_dialect(host="httplistener")
    assert pbx.raw(rule % "R%26D+x")[0] == 200
    assert pbx.rules()[0]["name"] == "R&D x"


@pytest.mark.parametrize(
    ("error_body", "status", "body"),
    [
        ("bare", 500, {"ExtensionDeleted": False, "ContentId": 0}),
        ("ok_empty", 200, {"ExtensionDeleted": False, "ContentId": 0}),
        ("response_status", 500, None),
        ("html", 500, None),
    ],
)
def test_errors_inside_the_service(pbx: Client, error_body: str, status: int, body: dict[str, Any] | None) -> None:
    pbx.vendor.set_dialect(error_body=error_body)
    answer = pbx.get(f"/AddCustomerExtension/{KEY}/10/Twice/200/700009")
    assert (answer.status_code, answer.reason) == (status, "SoapException" if status == 500 else "OK")
    if body:
        assert answer.json() == body
    elif error_body == "html":
        assert "<html>" in answer.text
    else:
        assert "already exists" in answer.json()["ResponseStatus"]["Message"]


@pytest.mark.parametrize(("wrong", "status"), [("401", 401), ("500_bare", 500), ("ok_empty", 200)])
def test_wrong_license(pbx: Client, wrong: str, status: int) -> None:
    pbx.vendor.set_dialect(wrong_license=wrong)
    answer = pbx.get("/GetCustomerHuntGroups/wrong/10")
    assert answer.status_code == status
    assert answer.json() == {"HGInfoDeleted": False, "HuntGroupId": 0, "updateHuntgroup": 0, "ContentId": 0}


# -- hunt groups -------------------------------------------------------------------------------------------------------
def test_adds_a_group_with_members(pbx: Client) -> None:
    added = pbx.post(
        Id="0200",
        Name="Zürich",
        HuntSequence="LeastUsed",
        HuntKeepOriginalCli="I",
        PickupAllowed="N",
        AddExtensions=[5008, 5007],
        RingDelayAr=[0, 5],
        RingTimeAr=[20, 0],
        HuntstopAr=["Y", "N"],
        PrimaryGroupAr=["N", "Y"],
    ).json()
    assert added["HuntGroupId"] == added["AddedHuntgroup"]["i_c_group"] == 304 and added["updateHuntgroup"] == 0
    new = pbx.groups()["0200"]
    assert (new["name"], new["hunt_sequence"], new["hunt_keep_original_cli"]) == ("Zürich", "LeastUsed", "I")
    rows = [
        [row[key] for key in ("id", "i_cg_ext", "hunt_order", "hunt_delay", "hunt_expire", "huntstop", "primary_group")]
        for row in new["assigned_extensions"]
    ]
    assert rows == [["107", 9009, 1, 0, 20, "Y", "N"], ["0111", 9010, 2, 5, 0, "N", "Y"]]
    assert pbx.member("99999", "0111")["primary_group"] == "N"  # an extension has one primary group


def test_numbers_are_shared_by_groups_and_extensions(pbx: Client) -> None:
    before = copy.deepcopy(pbx.vendor.state)
    for number in ("101", "200", "", None):
        assert pbx.post(Id=number, Name="x").status_code == 500
    assert pbx.post(HuntGroupRecordId=301, Id="99999").status_code == 500
    assert pbx.vendor.state == before
    assert pbx.post(Id="300", Name="Sales").json()["HuntGroupId"] == 304  # the name may repeat


def test_a_failing_update_changes_nothing(pbx: Client) -> None:
    assert pbx.post(HuntGroupRecordId=301, Name="Other", DeleteExtensions=[5001], AddExtensions=[1]).status_code == 500
    assert (pbx.groups()["200"]["name"], pbx.numbers("200")) == ("Sales", ["101", "102", "103"])


def test_update_is_partial_except_for_the_enum(pbx: Client) -> None:
    answer = pbx.post(HuntGroupRecordId=302, Name="Help").json()
    assert answer["updateHuntgroup"] == 302 and answer["HGInfo"]["name"] == "Help"
    help_desk = pbx.groups()["99999"]
    assert (help_desk["name"], help_desk["hunt_sequence"], help_desk["pickup_allowed"]) == ("Help", "Order", "Y")
    pbx.vendor.reset()
    pbx.vendor.set_dialect(enum_omitted="keeps")
    pbx.post(HuntGroupRecordId=302, Name="Help")
    assert pbx.groups()["99999"]["hunt_sequence"] == "Simultaneous"


@pytest.mark.parametrize(
    ("by", "numbers", "left"),
    [("i_c_ext", [5002], ["101", "103"]), ("i_cg_ext", [9003], ["101", "102"]), ("i_cg_ext", [5002], None)],
)
def test_deletes_members(pbx: Client, by: str, numbers: list[int], left: list[str] | None) -> None:
    pbx.vendor.set_dialect(delete_extensions_by=by)
    pbx.post(HuntGroupRecordId=301, DeleteExtensions=numbers)
    assert pbx.numbers("200") == (left or ["101", "102", "103"])


def test_overlapping_ids_hit_the_wrong_member(pbx: Client) -> None:
    pbx.vendor.set_dialect(id_overlap=True, delete_extensions_by="i_cg_ext")
    ids = {row["i_c_ext"]: row["i_cg_ext"] for row in pbx.groups()["200"]["assigned_extensions"]}
    assert ids == {5001: 5002, 5002: 5003, 5003: 5001}
    pbx.post(HuntGroupRecordId=301, DeleteExtensions=[5002])
    assert pbx.numbers("200") == ["102", "103"]
    pbx.post(HuntGroupRecordId=301, AddExtensions=[5008])
    assert 5001 <= pbx.member("200", "107")["i_cg_ext"] < 5015
    pbx.vendor.set_dialect(id_overlap=False)
    assert pbx.member("200", "107")["i_cg_ext"] >= 9009


def test_delete_and_readd_makes_a_new_row_at_the_end(pbx: Client) -> None:
    pbx.post(HuntGroupRecordId=302, DeleteExtensions=[5005], AddExtensions=[5005])
    row = pbx.member("99999", "105")
    assert (row["i_cg_ext"], row["hunt_active"], row["hunt_order"]) == (9009, "Y", 4)
    pbx.vendor.set_dialect(combined_order="add_first")
    pbx.post(HuntGroupRecordId=302, DeleteExtensions=[5005], AddExtensions=[5005])
    assert "105" not in pbx.numbers("99999")


@pytest.mark.parametrize(
    ("readd", "status", "expire"),
    [("updates", 200, [45]), ("ignores", 200, [20]), ("duplicates", 200, [20, 45]), ("error", 500, [20])],
)
def test_readding_a_member(pbx: Client, readd: str, status: int, expire: list[int]) -> None:
    pbx.vendor.set_dialect(readd_member=readd)
    assert pbx.post(HuntGroupRecordId=301, AddExtensions=[5001], RingTimeAr=[45]).status_code == status
    rows = pbx.groups()["200"]["assigned_extensions"]
    assert [row["hunt_expire"] for row in rows if row["i_c_ext"] == 5001] == expire


def test_a_group_can_be_a_member_and_arrays_may_be_short(pbx: Client) -> None:
    body = {"HuntGroupRecordId": 301, "AddExtensions": [5011, 5009], "RingTimeAr": [30]}
    pbx.vendor.set_dialect(array_lengths="error")
    assert pbx.post(**body).status_code == 400
    pbx.vendor.set_dialect(array_lengths="unset")
    assert pbx.post(**body).status_code == 200
    assert [pbx.member("200", number)["type"] for number in ("99999", "108")] == ["Group", "Unassigned"]
    assert pbx.post(HuntGroupRecordId=301, AddExtensions=[5001, 5002], RingTime="7", Huntstop="Y,N").status_code == 200
    assert [pbx.member("200", number)["huntstop"] for number in ("101", "102")] == ["Y", "N"]
    assert pbx.member("200", "102")["hunt_expire"] == 7


def test_deletes_a_group(pbx: Client) -> None:
    path = f"/DeleteCustomerHuntGroup/{KEY}/10/301/"
    assert pbx.get(path + "5001").status_code == 500 and "200" in pbx.groups()
    assert pbx.read(path + "5010")["HGInfoDeleted"] is True
    assert list(pbx.groups()) == ["99999"]
    assert pbx.get(path + "5010").status_code == 500
    pbx.vendor.set_dialect(delete_missing="false")
    assert pbx.read(path + "5010")["HGInfoDeleted"] is False


def test_delete_may_mean_a_member(pbx: Client) -> None:
    pbx.vendor.set_dialect(delete_group_record="member")
    assert pbx.read(f"/DeleteCustomerHuntGroup/{KEY}/10/301/5001")["HGInfoDeleted"] is True
    assert pbx.numbers("200") == ["102", "103"]
    pbx.read(f"/DeleteCustomerHuntGroup/{KEY}/10/301/0")
    assert "200" not in pbx.groups()


def test_ways_of_reading(pbx: Client) -> None:
    pbx.vendor.set_dialect(
        bool_strings="true", unset_times=None, hunt_order="zero", hunt_sequence_spelling="Least used"
    )
    pbx.post(HuntGroupRecordId=301, HuntSequence="LeastUsed", PickupAllowed="false")
    assert (pbx.groups()["200"]["hunt_sequence"], pbx.groups()["200"]["pickup_allowed"]) == ("Least used", "false")
    row = pbx.member("200", "103")
    assert (row["huntstop"], row["hunt_order"], "hunt_delay" in row) == ("false", 0, False)


def test_empty_and_capped_lists(pbx: Client) -> None:
    assert pbx.rules(700002) == []
    for group, own in ((301, 5010), (302, 5011)):
        pbx.read(f"/DeleteCustomerHuntGroup/{KEY}/10/{group}/{own}")
    assert pbx.groups() == {}
    pbx.vendor.set_dialect(empty_list="omitted")
    assert "HGInfoLst" not in pbx.read(f"/GetCustomerHuntGroups/{KEY}/10")
    desks = pbx.vendor.state["customers"]["10"]["extensions"]
    desks.update({str(n): {"i_c_ext": n, "id": str(n), "name": "x", "i_account": 0} for n in range(6000, 6200)})
    assert len(pbx.extensions()) == 209
    pbx.vendor.set_dialect(list_cap=100)
    assert len(pbx.extensions()) == 100


# -- agents ------------------------------------------------------------------------------------------------------------
def test_agents_log_in_and_out(pbx: Client) -> None:
    pbx.read("/Huntgroupaccess/1/32266900105/secret-700005/302/true")
    assert pbx.member("99999", "105")["hunt_active"] == "Y"
    pbx.read(f"/CustomerHuntgroupaccess/{KEY}/10/32266900105/302/false")
    assert pbx.member("99999", "105")["hunt_active"] == "N"
    rows = pbx.read(f"/getHuntgroupInfobyIAccount/{KEY}/700005/2026-01-01/false")["lstSignInOut"]
    assert [(row["i_c_group"], row["isActive"]) for row in rows] == [(302, "N")]
    assert pbx.get("/Huntgroupaccess/1/32266900105/wrong/302/true").status_code == 401
    assert pbx.get(f"/CustomerHuntgroupaccess/{KEY}/10/32266900105/301/true").status_code == 500
    assert pbx.get(f"/getHuntgroupInfobyIAccount/{KEY}/700005/yesterday/false").reason == "FormatException"


def test_other_readings_of_agent_and_group(pbx: Client) -> None:
    pbx.vendor.set_dialect(agent_id="extension", group_number_ref="dialled")
    pbx.read(f"/CustomerHuntgroupaccess/{KEY}/10/105/99999/true")
    assert pbx.member("99999", "105")["hunt_active"] == "Y"
    assert pbx.get(f"/CustomerHuntgroupaccess/{KEY}/10/105/302/true").status_code == 500


def test_toggle_flips_and_status_sets(pbx: Client) -> None:
    for expected in ("N", "Y"):
        pbx.read("/togglehuntgroups/hash700004/302")
        assert pbx.member("99999", "104")["hunt_active"] == expected
    for _repeat in range(2):
        pbx.read(f"/ToggleExtensionStatus/{KEY}/32266900104/700004/false/false")
        assert pbx.member("99999", "104")["hunt_active"] == "N"


def test_groups_of_an_account(pbx: Client) -> None:
    path = f"/GetAccountHuntGroups/{KEY}/700005"
    (support,) = pbx.read(path)["HGInfoLst"]
    assert (support["id"], support["hunt_active"], len(support["assigned_extensions"])) == ("99999", "N", 4)
    pbx.vendor.set_dialect(account_groups="thin")
    (row,) = pbx.read(path)["HGInfoLst"][0]["assigned_extensions"]
    assert row["i_c_ext"] == 5005 and "id" not in row


# -- extensions --------------------------------------------------------------------------------------------------------
def test_extension_life(pbx: Client) -> None:
    for name in ("AddCustomerExtension", "AddCustomerExtenGetIdentitysion"):
        pbx.vendor.reset()
        row = pbx.read(f"/{name}/{KEY}/10/New%20Desk/0222/700009")["Extension"]
        assert (row["i_c_ext"], row["id"], row["account_id"]) == (5015, "0222", "32266900199")
    pbx.read(f"/UpdateCustomerExtension/{KEY}/10/5015/Renamed/223/0")
    assert (pbx.extensions()["223"]["name"], pbx.extensions()["223"]["i_account"]) == ("Renamed", 0)
    assert pbx.get(f"/AddCustomerExtension/{KEY}/10/x/224/0").status_code == 500
    assert pbx.get(f"/AddCustomerExtension/{KEY}/10/x/224/700001").status_code == 500
    assert pbx.read(f"/DeleteCustomerExtension/{KEY}/10/5015")["ExtensionDeleted"] is True
    assert "223" not in pbx.extensions()


def test_deleting_an_extension_that_is_a_member(pbx: Client) -> None:
    pbx.vendor.set_dialect(deleting_member_extension="error")
    assert pbx.get(f"/DeleteCustomerExtension/{KEY}/10/5002").status_code == 500
    pbx.vendor.set_dialect(deleting_member_extension="removes_from_groups")
    pbx.read(f"/DeleteCustomerExtension/{KEY}/10/5002")
    assert pbx.numbers("200") == ["101", "103"]


def test_other_extension_lists(pbx: Client) -> None:
    assert len(pbx.read(f"/GetCustomerExtensions/{KEY}/10/11")["ExtensionLst"]) == 3
    assert [row["id"] for row in pbx.read(f"/GetUnavailableExtensions/{KEY}/10/true")["ExtensionLst"]] == ["108"]
    assert len(pbx.read(f"/GetOnlineAccounts/{KEY}/10/true")["ExtensionLst"]) == 8
    assert len(pbx.read(f"/GetFilteringData/{KEY}/10/true")["ExtensionLst"]) == 9
    calls = pbx.read(f"/GetCustomerExtensionsActiveCalls/{KEY}/10/true")
    assert calls["lstportaActiveCalls"][0]["ExtensionNumber"] == "102"
    assert [row["id"] for row in calls["ExtensionsActiveCalls"] if row["activecall"]] == ["102"]
    pbx.vendor.set_dialect(groups_in_extension_list=True)
    assert pbx.extensions()["200"]["i_c_ext"] == 5010


# -- follow-me ---------------------------------------------------------------------------------------------------------
def test_add_follow_me_makes_silent_duplicates(pbx: Client) -> None:
    for _repeat in range(2):
        answer = pbx.read(f"/addfollowme/{KEY}/700001/20/sip.example/Car/3/32471/Y/N?KeepOriginalCLI=I&Period=Always")
        assert answer["success"] is True and answer["FollowMeinfo"]["i_follow_me"] == 21
    assert [row["i_follow_me_number"] for row in pbx.rules()] == [41, 42, 44, 45]
    rule = pbx.rules()[2]
    assert (rule["domain"], rule["keep_original_cld"], rule["keep_original_cli"]) == ("sip.example", "N", "I")


def test_follow_me_record(pbx: Client) -> None:
    assert "FollowMeinfo" not in pbx.read(f"/getfollowmes/{KEY}/700002")
    path = f"/addfollowme/{KEY}/700002/20/Car/1/32471/Y"
    pbx.vendor.set_dialect(followme_without_record="error")
    assert pbx.get(path).status_code == 500
    pbx.vendor.set_dialect(followme_without_record="creates")
    assert pbx.read(path)["FollowMeinfo"] == {"i_follow_me": 23, "sequence": "Order", "timeout": 30, "SipStatus": True}


def test_update_follow_me_keeps_or_blanks(pbx: Client) -> None:
    path = f"/updatefollowme/{KEY}/700001/41/33/Cell/1/32470/N"
    pbx.read(path)
    rule = pbx.rules()[0]
    assert (rule["name"], rule["timeout"], rule["active"], rule["period"]) == ("Cell", 33, "N", "Always")
    pbx.vendor.set_dialect(followme_update_blank="blanks")
    pbx.read(path)
    assert not {"period", "keep_original_cld", "keep_original_cli"} & set(pbx.rules()[0])
    assert pbx.get(path.replace("/41/", "/43/")).status_code == 500


@pytest.mark.parametrize(("reading", "timeouts"), [("all_fields", [50, 25]), ("all_numbers", [50, 50])])
def test_update_follow_me_all(pbx: Client, reading: str, timeouts: list[int]) -> None:
    pbx.vendor.set_dialect(followme_all=reading)
    answer = pbx.post("/UpdateFollowmeAll", IAccount=700001, IFollowMeNumber=41, TimeOut=50, Period="wd{mo}")
    assert answer.json()["success"] is True
    assert [row["timeout"] for row in pbx.rules()] == timeouts


def test_delete_follow_me(pbx: Client) -> None:
    pbx.vendor.set_dialect(follow_order="renumbers")
    assert pbx.read(f"/deletefollowme/{KEY}/41") == {"success": True, "License": KEY, "ContentId": 0}
    assert [(row["i_follow_me_number"], row["i_follow_order"]) for row in pbx.rules()] == [(42, 1)]
    assert len(pbx.read(f"/getafollowme/{KEY}/700001/42")["FollowMeNumbers"]) == 1
    pbx.read(f"/deletefollowme/{KEY}/42/700001/true")
    assert pbx.vendor.state["customers"]["10"]["accounts"]["700001"]["forward_mode"] == "N"
    assert pbx.get(f"/getafollowme/{KEY}/700001/42").status_code == 500
