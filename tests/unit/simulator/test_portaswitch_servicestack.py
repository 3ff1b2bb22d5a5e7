# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated ServiceStack answers as the real one was seen to do (vendor note 2, where 2.6 wins)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.telephony.pbx.tests.unit.simulator.wire import ABSENT, Row, Table, Wire, ask, each
from pbx_simulator import PortaSwitch
from pbx_simulator.server import RunningVendor

KEY = "demo-license-4711"
GROUPS, EXTENSIONS, SAVE = "GET /GetCustomerHuntGroups/KEY/10", "GET /GetCustomerExtensions/KEY/10", "POST /SaveGroup"
RULES, RULE = "GET /getfollowmes/KEY/700001", "GET /updatefollowme/KEY/700001/41/20/%s/1/32470/Y"
ONLINE = "GET /GetOnlineAccounts/KEY/10"
JSON = "application/json"
BARE = {"HGInfoDeleted": False, "HuntGroupId": 0, "updateHuntgroup": 0, "ContentId": 0}
NOT_BOUND = {
    "@status": 400,
    "@reason": "Bad Request",
    "": {"ResponseStatus": {"ErrorCode": "RequestBindingException", "Message": "Unable to bind request"}},
}
NOT_IMPLEMENTED = {"@status": 405, "ResponseStatus.ErrorCode": "NotImplementedException"}
DANGEROUS = {"@status": 500, "@Content-Type": "text/html", "@text": "HttpRequestValidationException"}
WRONG = "GET /GetCustomerHuntGroups/wrong/10"
WHO = {"License": KEY, "ICustomer": 10}


@pytest.fixture(scope="module")
def pbx() -> Iterator[Wire]:
    with RunningVendor(PortaSwitch()) as served:
        yield Wire(served, {"KEY": KEY, "SaveGroup": "AddUpdateCustomerHuntGroup"}, {"Accept": JSON})


def sent(text: str, kind: str = JSON, expected: object = 200) -> Row:
    """A POST of the group's record with a body as written."""
    return ask(SAVE, expected, text, Content_Type=kind)


def saved(value: str, expected: str) -> list[Row]:
    """What HuntSequence becomes, from a query and from a body."""
    path = "HGInfoLst.200.hunt_sequence"
    quoted = value.replace(" ", "%20")
    return [
        ask(f"{SAVE}?HuntSequence={quoted}", 200, {**WHO, "HuntGroupRecordId": 301}),
        ask(GROUPS, {path: expected}),
        ask(SAVE, 200, {**WHO, "HuntGroupRecordId": 301, "HuntSequence": "Order"}),
        ask(SAVE, 200, {**WHO, "HuntGroupRecordId": 301, "HuntSequence": value}),
        ask(GROUPS, {path: expected}),
    ]


ROUTING: Table = {
    "no route": [
        ask(f"GET {path}", {"@status": 404, "@text": "404", "@Content-Type": "text/plain"})
        for path in ("/nothing", "/GetCustomerHuntGroups/KEY", "/AddUpdateCustomerHuntGroup", "/")
    ],
    "any case, empty segments vanish": [ask("GET /getcustomerHUNTgroups//KEY/10/", 200)],
    "a verb must fit": [ask("PUT /SaveGroup", 404, WHO), ask("HEAD /GetCustomerHuntGroups/KEY/10", 404)],
    "a slash in a value lands on another route": [
        ask(RULE % "R%2FD", 200), ask(RULES, {"FollowMeNumbers.41.domain": "R", "FollowMeNumbers.41.name": "D"}),
    ],
    "query over path": [
        ask("GET /AddCustomerExtension/x/10/x/x/700009?License=KEY&Name=R%26D%2FOps%20%2B&id=120&other=1", 200),
        ask(EXTENSIONS, {"ExtensionLst.120.name": "R&D/Ops +"}),
    ],
    "a licence that no path can carry": [ask("GET /GetCustomerExtensions/-/10?License=KEY", 200)],
    "products that no path can carry": [
        ask(f"{EXTENSIONS}/-?IProducts=Office+seat", {"ExtensionLst.*.id": ["101", "102", "103"]}),
        ask(f"{EXTENSIONS}/-?IProducts=A%2FB+%26+C", {"ExtensionLst": []}),
    ],
    "empty query value": [
        ask(f"{RULE % 'D'}?Name=", 200),
        ask(RULES, {"FollowMeNumbers.41.name": "Mobile"}),  # null: not carried
        {"followme_update_blank": "blanks"},
        ask(f"{RULE % 'D'}?Name=&TimeOut=", 200),
        ask(RULES, {"FollowMeNumbers.41.name": ABSENT, "FollowMeNumbers.41.timeout": 0}),
        ask("GET /GetCustomerHuntGroups/KEY/10?ICustomer=", {"@status": 500}),
    ],
    "clearing": [
        ask("GET /updatefollowme/KEY/700001/41/20/sip.example/D/1/32470/Y", 200), {"followme_update_blank": "blanks"},
        ask("GET /updatefollowme/KEY/700001/41/20/sip.example/D/1/32470/Y?Domain=", 200),
        ask(RULES, {"FollowMeNumbers.41.domain": ABSENT}),
        ask("POST /UpdateFollowmeAll", 200, {**WHO, "IAccount": 700001, "IFollowMeNumber": 42, "Period": ""}),
        ask(RULES, {"FollowMeNumbers.42.period": ""}),
    ],
    "suffix trap": [
        ask("GET /addfollowme/KEY/700001/20/Night/3/32470/Y.csv", {"@Content-Type": "text/csv"}),
        ask(RULES, {"FollowMeNumbers.44.active": "Y"}),
        ask(f"{GROUPS}.json", {"HGInfoLst.*.id": ["200", "99999"]}, Accept="text/html"),
    ],
}  # fmt: skip
HOST: Table = {
    "IIS refuses in a path": [
        ask(RULE % "R%26D", {"@status": 400, "@reason": "Bad Request", "@Content-Type": "text/html"}),
        ask(RULE % "a%2Bb", 404), ask(RULE % "a+b", {"@status": 404, "@text": "404.11"}), {"host": "httplistener"},
        ask(RULE % "R%26D+x", 200), ask(RULES, {"FollowMeNumbers.41.name": "R&D x"}),
    ],
    "IIS refuses in a query": [
        *(ask(f"{RULE % 'x'}?Name={value}", DANGEROUS) for value in "%3Cb %3C%21 %3C/ %3C%3F a%26%23".split()),
        ask(f"{RULE % 'x'}?Name=a%3C1+%3C+%26+%3E", 200), ask(RULES, {"FollowMeNumbers.41.name": "a<1 < & >"}),
        ask("POST /UpdateFollowmeAll", 200, {**WHO, "IAccount": 700001, "IFollowMeNumber": 41, "Name": "<b>&#1"}),
        {"host": "httplistener"}, ask(f"{RULE % 'x'}?Name=%3Cb%26%23", 200),
        ask(RULES, {"FollowMeNumbers.41.name": "<b&#"}),
    ],
    "IIS limits lengths": [
        ask("GET /" + "a" * 259, {"@status": 404, "@text": "404"}),
        ask("GET /" + "a" * 260, {"@status": 400, "@text": "maxUrlLength"}), ask(f"{GROUPS}?{'a' * 2048}", 200),
        ask(f"{GROUPS}?{'a' * 2049}", {"@status": 400, "@text": "maxQueryStringLength"}), {"host": "httplistener"},
        ask("GET /" + "a" * 260, {"@text": "404", "@status": 404}), ask(f"{GROUPS}?{'a' * 2049}", 200),
    ],
    "forms authentication": [
        {"forms_authentication": True, "servicestack": "v4"},
        ask(WRONG, {"@status": 302, "@Location": "/login.aspx?ReturnUrl=%2FGetCustomerHuntGroups%2Fwrong"}),
        ask("GET /login.aspx?ReturnUrl=x", {"@Content-Type": "text/html", "@text": "Log in"}),
        {"host": "httplistener"}, ask(WRONG, 401),
    ],
}  # fmt: skip
TEXT: Table = {
    "what does not bind": [
        ask("GET /addfollowme/KEY/700001/20/Name/1/32470/Y/N", NOT_BOUND),  # the broken route of the page
        ask("GET /GetCustomerHuntGroups/KEY/ten", NOT_BOUND),
        ask("GET /GetCustomerHuntGroups/KEY/99999999999", NOT_BOUND),
        ask("GET /json/reply/CustomerHuntGroup?ICustomer=ten", NOT_BOUND),
    ],
    "booleans": [
        *(ask(f"{ONLINE}/{value}", {"ExtensionLst.108": {}}) for value in ("1", "%20true", "TRUE")),
        *(ask(f"{ONLINE}/{value}", {"ExtensionLst.108.id": "108"}) for value in ("false", "0", "Y", "t", "2")),
        *(ask(f"{ONLINE}/{value}", NOT_BOUND) for value in ("yes", "10", "on")), {"servicestack": "v4"},
        ask(f"{ONLINE}/on", {"ExtensionLst.108": {}}), ask(f"{ONLINE}/yes", NOT_BOUND),
    ],
    "enums": [
        *saved("simultaneous", "Simultaneous"), *saved("Random ", "Random"), *saved("2", "Simultaneous"),
        *saved("7", "7"), *saved("-1", "-1"), *saved("Order,Random", "Random"),
        ask(f"{SAVE}?HuntSequence=LeastUsd", NOT_BOUND, {**WHO, "HuntGroupRecordId": 301}),
    ],
    "lists": [
        ask(f"{SAVE}?HuntGroupRecordId=301&AddExtensions=[5008,5009]&HuntstopAr=%22Y%22,N", 200, WHO),
        ask(f"{SAVE}?HuntGroupRecordId=302&AddExtensions=5008,5009&HuntstopAr=%22Y,N%22,N", 500, WHO),  # 2 items
        ask(GROUPS, {"HGInfoLst.200.assigned_extensions.*.id": ["101", "102", "103", "107", "108"]}),
        ask(GROUPS, {"HGInfoLst.200.assigned_extensions.*.huntstop": ["N", "Y", "N", "Y", "N"]}),
    ],
}  # fmt: skip
BODIES: Table = {
    "lenient JSON": [
        ask(SAVE, {"updateHuntgroup": 302}, {**WHO, "huntgroupRECORDid": "302", "HuntSequence": "LeastUsd", "No": [1]}),
        ask(GROUPS, {"HGInfoLst.99999.hunt_sequence": "Order", "HGInfoLst.99999.name": "Support"}),
        ask(SAVE, 200, {**WHO, "HuntGroupRecordId": 302, "Name": None, "PickupAllowed": None, "AddExtensions": "1"}),
        ask(GROUPS, {"HGInfoLst.99999.name": "Support"}),
    ],
    "one text in a list of numbers drops the list": [
        ask(SAVE, 200, {**WHO, "HuntGroupRecordId": 301, "AddExtensions": ["5008", 5009]}),
        ask(GROUPS, {"HGInfoLst.200.assigned_extensions.*.id": ["101", "102", "103"]}),
    ],
    "broken JSON runs on what precedes the break": [
        sent('{"License":', expected={"@status": 500, "@reason": "AuthenticationException"}),
        sent("{Name:a}", expected={"@status": 500, "@reason": "AuthenticationException"}),
        sent(f'{{"License":"{KEY}","ICustomer":10,"Id":"300","Name":', expected={"HuntGroupId": 304}),
        ask(GROUPS, {"HGInfoLst.300.id": "300", "HGInfoLst.300.name": ABSENT}),
        sent(f'{{"License":"{KEY}","ICustomer":10,"Id":"301","Name":"a,}}",}}', expected={"HuntGroupId": 305}),
        ask(GROUPS, {"HGInfoLst.301.name": "a,}"}),
    ],
    "JSON that is no object": [sent(text, expected=NOT_BOUND) for text in ("[1]", "null", '"x"', "5", "x")],
    "values of another type in JSON": [
        ask(SAVE, {"HuntGroupId": 304}, {**WHO, "Id": 300, "Name": True, "HuntSequence": 2, "i_huntgroup": 1.5}),
        ask(GROUPS, {"HGInfoLst.300.name": "true", "HGInfoLst.300.hunt_sequence": "Simultaneous"}),
    ],
    "JSV that is no object": [sent("x", "text/jsv", NOT_BOUND)],
    "content types": [
        sent(f'{{"License":"{KEY}","ICustomer":10,"Id":"300"}}', "text/json; charset=utf-8"),
        sent(
            f'{{License:{KEY},ICustomer:10,Id:301,Name:"a,""b",AddExtensions:[5008,5009],Nonsense:[{{a:1}}]}}',
            "text/jsv",
        ),
        ask(GROUPS, {"HGInfoLst.301.name": 'a,"b', "HGInfoLst.301.assigned_extensions.*.id": ["107", "108"]}),
        sent(f"License={KEY}&ICustomer=10&Id=302&Name=", "application/x-www-form-urlencoded"),
        *(
            ask(f"{SAVE}?License=KEY&ICustomer=10&Id={number}", 200, '{"Name":"lost"}', Content_Type=kind)
            for number, kind in (("303", "APPLICATION/JSON"), ("304", "text/plain"), ("305", ""))
        ),
        ask(GROUPS, {f"HGInfoLst.{number}.name": ABSENT for number in range(302, 306)}),
        ask(SAVE, {"@status": 500, "@reason": "AuthenticationException"}, b"", Content_Type=JSON),
    ],
    "query over body, but not on predefined routes": [
        ask(f"{SAVE}?Id=300", 200, {**WHO, "Id": "200"}),
        ask("POST /json/reply/CustomerHuntGroup?Id=301", 500, {**WHO, "Id": ""}),
    ],
}  # fmt: skip
PREDEFINED: Table = {
    "what works": [
        ask("POST /JSON/reply/customerhuntgroup", {"HuntGroupId": 304}, {**WHO, "Id": "300"}),
        ask("GET /json/reply/CustomerExtension?License=KEY&ICustomer=10", {"ExtensionLst.108.i_c_ext": 5009}),
        ask(
            "GET /json/reply/CustomerExtension?License=KEY&ICustomer=10&ExtensionRecordId=5009",
            {"ExtensionDeleted": True},
        ),
        ask("GET /csv/reply/CustomerExtension?License=KEY&ICustomer=10", {"@Content-Type": "text/csv"}),
        ask("GET /html/reply/CustomerExtension?License=KEY&ICustomer=10", {"@Content-Type": "text/html"}),
        ask("GET /json/syncreply/CustomerExtension?License=KEY&ICustomer=10", 200), {"servicestack": "v4"},
        ask("GET /json/syncreply/CustomerExtension?License=KEY&ICustomer=10", {"@status": 404, "@text": "404"}),
    ],
    "what is not implemented": [
        ask(line, NOT_IMPLEMENTED, None if line.startswith("GET") else WHO)
        for line in (
            "PUT /json/reply/CustomerHuntGroup",
            "DELETE /json/reply/CustomerHuntGroup",
            "GET /json/reply/Nothing",
            "GET /json/reply/CustomerHuntGroup/",
            "GET /json/reply/CustomerHuntGroup/10",
            "POST /json/reply/CustomerExtension",
        )
    ],
    "HEAD, and POST like GET": [
        ask("HEAD /json/reply/CustomerHuntGroup", 405), {"post_without_post_method": "like_get"},
        ask("POST /json/reply/CustomerExtension", {"ExtensionLst.108.i_c_ext": 5009}, WHO),
    ],
}  # fmt: skip
ANSWERS: Table = {
    "formats": [
        ask(EXTENSIONS, {"@Content-Type": "text/html"}, Accept="application/json, text/html;q=0.1"),
        ask(EXTENSIONS, {"@Content-Type": "text/html", "@X-Powered-By": "ServiceStack/3.9"}, Accept="*/*"),
        ask(EXTENSIONS, {"@Content-Type": "text/html"}, Accept=""),
        ask(SAVE, {"HuntGroupId": 304}, {**WHO, "Id": "300"}, Accept="text/html, application/json"),
        ask(f"{EXTENSIONS}?format=json", {"ExtensionLst.108.id": "108"}, Accept="text/html"),
        ask(f"{EXTENSIONS}?format=csv", {"@text": "ExtensionLst,ExtensionDeleted,License,ContentId\r\n"}),
        ask(EXTENSIONS, {"@Content-Type": "application/xml"}, Accept="application/xml"),
        ask(f"{EXTENSIONS}?callback=tell", {"@text": "tell({"}), {"default_format": "json"},
        ask(EXTENSIONS, {"ExtensionLst.108.id": "108"}, Accept="*/*"),
    ],
    "failures inside the service": [
        ask("GET /AddCustomerExtension/KEY/10/x/200/700009", {"@status": 500, "@reason": "SoapException"}),
        ask(GROUPS.replace("10", "99"), {"@status": 500, "": BARE}), {"error_body": "ok_empty"},
        ask(GROUPS.replace("10", "99"), {"": BARE, "@reason": "OK"}), {"error_body": "response_status"},
        ask(GROUPS.replace("10", "99"), {"@status": 500, "ResponseStatus.Message": "Customer 99 not found"}),
        {"error_body": "html"}, ask(GROUPS.replace("10", "99"), {"@status": 500, "@Content-Type": "text/html"}),
        {"error_body": "bare", "not_found": "404"},
        ask(GROUPS.replace("10", "99"), {"@status": 404, "@reason": "Customer 99 not found", "": BARE}),
    ],
    "wrong credentials": [
        ask(WRONG, {"@status": 500, "@reason": "AuthenticationException", "": BARE}),
        ask(
            "GET /Huntgroupaccess/1/32266900105/wrong/302/true", {"@status": 500, "@reason": "AuthenticationException"}
        ),
        {"servicestack": "v4"},
        ask(
            WRONG, {"@status": 401, "@reason": "AuthenticationException", "": BARE, "@X-Powered-By": "ServiceStack/4.0"}
        ),
        {"servicestack": "v3", "wrong_license": "401"},
        ask(WRONG, {"@status": 401, "@reason": "Invalid license", "": BARE}), {"wrong_license": "500_bare"},
        ask(WRONG, {"@status": 500, "@reason": "Exception", "": BARE}), {"wrong_license": "ok_empty"},
        ask(WRONG, {"": BARE}),
    ],
    "null results": [
        {"null_result": "reads"}, ask(GROUPS, {"@text": "", "": None}), {"null_result": "writes"},
        ask(GROUPS, {"HGInfoLst.200.id": "200"}), ask(SAVE, {"": None}, {**WHO, "Id": "300"}),
        ask(GROUPS, {"HGInfoLst.300.id": "300"}), {"null_result": "failures"}, ask(WRONG, {"": None}),
    ],
}  # fmt: skip


@each({**ROUTING, **HOST, **TEXT, **BODIES, **PREDEFINED, **ANSWERS})
def test_servicestack(pbx: Wire, rows: list[Row]) -> None:
    pbx.walk(rows)


def test_a_post_needs_a_length(pbx: Wire) -> None:
    pbx.vendor.reset()
    pbx.connection.putrequest("POST", "/AddUpdateCustomerHuntGroup")
    pbx.connection.endheaders()
    answer = pbx.connection.getresponse()
    assert (answer.status, answer.read()[:9]) == (411, b"<!DOCTYPE")
