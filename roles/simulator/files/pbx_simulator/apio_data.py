# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated APIO knows before the first request: field limits, defaults, switches and the seeded tenants.

Sources: the vendor's hunt group, departments and numbers pages, and vendor notes 5 to 8 (the OCI schema's limits).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .core import NAMES_READ, Switch


class Refusal(Exception):
    """A request that is refused: a plain gateway error, or with `summary` an OCI failure (vendor note 3)."""

    def __init__(self, status: int, message: str, summary: str = "", code: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.summary, self.code, self.detail = status, message, summary, code, detail


def oci_failure(text: str, code: str = "", detail: str = "") -> Refusal:
    """A 400 carrying an OCI error; `code` only where a public source names one (vendor note 8)."""
    return Refusal(400, "Provisioning failed", f"[Error {code}] {text}" if code else f"[Error] {text}", code, detail)


def schema_violation(where: str, problem: str) -> Refusal:
    """What OCI says about a value outside its schema (vendor note 8, code 6004)."""
    return oci_failure("OCI XML Request validation error", "6004", f"{where}: {problem}")


POLICIES = ("Circular", "Regular", "Simultaneous", "Uniform", "Weighted")
REQUIRED_ON_POST = ("name", "cliLastName", "cliFirstName")
IGNORED = {"serviceUserId", "queueLength", "templateName", "timeZoneDisplayName", "password", "cliPhoneNumber"}


@dataclass(frozen=True)
class Field:
    """One attribute of a hunt group: its type, its limits (vendor note 6) and its value in the page's GET sample."""

    kind: str  # text, number (a phone number), integer, boolean or policy
    default: Any = ""
    low: int = 0
    high: int = 0
    clearable: bool = False
    forbidden: str = ""  # a regular expression


NAME_FIELDS = ("name", "cliLastName", "cliFirstName")
CLI_FORBIDDEN = '[%+\\\\"\x80-\xff]'
PROFILE_FIELDS = {
    "name": Field("text", "", 1, 30),
    "cliLastName": Field("text", "", 1, 30, forbidden=CLI_FORBIDDEN),
    "cliFirstName": Field("text", "", 1, 30, forbidden=CLI_FORBIDDEN),
    "language": Field("text", "English", 1, 40),
    "phoneNumber": Field("number", "", 1, 23, clearable=True),
    "extension": Field("text", "", 2, 20, clearable=True, forbidden="[^0-9]"),
    "publicUserIdentity": Field("text", "", 1, 161, clearable=True),
    "timeZone": Field("text", "Europe/Brussels", 1, 127),
}
SETTING_FIELDS = {
    "policy": Field("policy", "Regular"),
    "huntAfterNoAnswer": Field("boolean", False),
    "allowMembersToControlGroupBusy": Field("boolean", False),
    "notReachableForwardToPhoneNumber": Field("text", "", 1, 161, clearable=True, forbidden="^sips?:"),
    "enableNotReachableForwarding": Field("boolean", False),
    "makeBusyWhenNotReachable": Field("boolean", False),
    "useSystemHuntGroupCLIDSetting": Field("boolean", True),
    "noAnswerNumberOfRings": Field("integer", 5, 1, 20),
    "enableGroupBusy": Field("boolean", False),
    "forwardToPhoneNumber": Field("text", "", 1, 30, clearable=True, forbidden="^sips?:|@"),
    "forwardTimeoutSeconds": Field("integer", 0, 0, 7200),
    "forwardAfterTimeout": Field("boolean", False),
    "allowCallWaitingForAgents": Field("boolean", False),
    "applyGroupBusyWhenTerminatingToAgent": Field("boolean", False),
    "includeHuntGroupNameInCLID": Field("boolean", True),
    "active": Field("boolean", True),
}


def checked(where: str, field: Field, value: Any) -> Any:
    """The value as it is stored, or an OCI schema violation. "" and null clear what OCI lets be nil."""
    if field.clearable and value in ("", None):
        return ""
    if field.kind == "boolean" and not isinstance(value, bool):
        raise schema_violation(where, "not a boolean")
    if field.kind == "policy" and value not in POLICIES:
        raise schema_violation(where, f"not one of {', '.join(POLICIES)}")
    if field.kind == "integer":
        return checked_integer(where, value, field.low, field.high)
    if field.kind in ("text", "number"):
        return _checked_text(where, field, value)
    return value


def checked_integer(where: str, value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise schema_violation(where, "not an integer")
    if not low <= value <= high:
        raise schema_violation(where, f"not within {low} to {high}")
    return value


def _checked_text(where: str, field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise schema_violation(where, "not a string")
    if not field.low <= len(value) <= field.high:
        raise schema_violation(where, f"the length is not within {field.low} to {field.high}")
    if field.forbidden and re.search(field.forbidden, value, re.IGNORECASE):
        raise schema_violation(where, "a character or form that is not allowed")
    return value


def e164(number: str, country_code: str) -> str:
    """A phone number as `+CC...`: 025126777 reads back as +3225126777 (vendor note 7, phone numbers)."""
    digits = re.sub(r"[ ()./-]", "", number)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise schema_violation("phoneNumber", "not a phone number")
    if digits.startswith("+"):
        return digits
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+{country_code}{digits[1:] if digits.startswith('0') else digits}"


def national(number: str, country_code: str) -> str:
    """The same number as it is dialled inside the country."""
    prefix = f"+{country_code}"
    return f"0{number[len(prefix) :]}" if number.startswith(prefix) else number


SWITCHES = (
    Switch("no_slash", ("refused", "redirected", "tolerated"), "A URL without its last slash: 404, 301 or served?"),
    Switch("auto_id", (False, True), "SUID_HUNT_GROUP_AUTO_GENERATE: may a POST leave serviceUserId out?"),
    Switch("rename_on_number", (False, True), "SERVICE_USERS_UPDATE_ID_PHONE_NUMBER: does a new number rename?"),
    Switch("get_id_without_domain", (False, True), "Does GET show serviceUserId without domain, as in its sample?"),
    Switch("missing_group", ("404", "400_4008"), "How is a missing hunt group reported?"),
    Switch("audit", (False, True), "Does every gateway answer gain _record_internal_id?"),
    Switch("post_status", (201, 200, 207), "The status of a POST; 207: `active` was not carried out (it stays false)."),
    Switch("delete_body", ("empty", "object"), "The body of a DELETE's 200: none, or {}?"),
    Switch("weights_after_agents_put", ("kept", "reset_all", "dropped_only"), "What a PUT of agents does to weights."),
    Switch("weights_total", ("any", "must_be_100"), "Are weights refused that do not add up to 100?"),
    Switch("weights_other_policy", ("stored", "ignored", "error"), "Weights under a policy other than Weighted."),
    Switch("available_excludes_members", (False, True), "Does users/available/ leave out agents of the group's own?"),
    Switch("agents_order", ("kept", "sorted"), "Does GET keep the order of agents?"),
    Switch("clear_department", ("empty_string", "null", "empty_object", "any"), "What clears a department in a PUT?"),
    Switch("profile_full_path", (False, True), "Does a GET's own department carry fullPathName, as the list's does?"),
    Switch("list_number_format", ("e164", "national"), "The format of phoneNumber in the list of hunt groups."),
    Switch("string_booleans", (False, True), 'Do booleans come back as "true" and "false"?'),
    Switch("domain_required", (False, True), "An id without domain on POST: 400, or the default domain is added?"),
    Switch("unset_value", ("", None, "absent"), "How an unset string comes back."),
    Switch("unset_department", ("absent", "", None), "How an unset department comes back."),
    Switch("error_container", ("object", "list"), "Are OCI errors in an object keyed 0, or in a list?"),
    Switch("unknown_fields", ("ignored", "refused"), "A field that the page does not know (queueLength is ignored)."),
    Switch("load_balancer_cookie", (False, True), "Does the gateway also ask for a load balancer's cookie back?"),
)

HAZARDS = (
    NAMES_READ,
    Switch("list_ids", ("as_get", "lower", "upper"), "The case of ids in the list of hunt groups; any case finds one."),
    Switch(
        "post_207_lacks",
        ("active", "agents", "settings"),
        "What a POST answered 207 did not carry out: active, also the agents, or all but the profile.",
    ),
)

TENANT, GROUP, GROUP2, DOMAIN = "ApioSpTest", "ApioGrpTest", "ApioGrpTest2", "sip.netaxis.be"
DEPARTMENT = {"tenantId": TENANT, "groupId": GROUP, "departmentName": "test_department_initial"}


def new_hunt_group(service_user_id: str) -> dict[str, Any]:
    """A hunt group with every attribute as in the page's GET sample, and no name, department or agent yet."""
    profile = {name: field.default for name, field in PROFILE_FIELDS.items()}
    settings = {name: field.default for name, field in SETTING_FIELDS.items()}
    return {
        "serviceUserId": service_user_id,
        "serviceInstanceProfile": {**profile, "department": None},
        **settings,
        "agents": [],
        "weights": {},
    }


def _user(last: str, extension: str, number: str = "", mail: str = "", department: Any = None) -> dict[str, Any]:
    names = {"lastName": last, "firstName": last, "phoneNumber": number, "extension": extension}
    return {**names, "department": department, "emailAddress": mail}


def _department(name: str, parent: str = "", cli: str = "", number: str = "") -> dict[str, str]:
    return {"departmentName": name, "parent": parent, "cliName": cli, "cliPhoneNumber": number}


def _group(domain: str, **content: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"departments": [], "numbers": [], "users": {}, "hunt_groups": {}}
    return {"domain": domain, "country_code": "32", "extension_length": [4, 4], **empty, **content}


def _page_hunt_groups() -> dict[str, Any]:
    """The hunt group of the vendor's page, and a second one that distributes by weight."""
    first = new_hunt_group(f"APIOTestHuntGroup@{DOMAIN}")
    first["serviceInstanceProfile"].update(
        name="APIO Test Hunt Group", cliLastName="Last Test", cliFirstName="First Test", department=dict(DEPARTMENT)
    )
    first["agents"] = [f"ApioUserTest@{DOMAIN}", f"ApioUserTest1@{DOMAIN}"]
    first["weights"] = {f"ApioUserTest@{DOMAIN}": 60, f"ApioUserTest1@{DOMAIN}": 40}
    second = new_hunt_group(f"ApioWeighted@{DOMAIN}")
    second["serviceInstanceProfile"].update(
        name="APIO Weighted", cliLastName="Weighted", cliFirstName="APIO", phoneNumber="+3225126780", extension="4100"
    )
    second["policy"] = "Weighted"
    second["agents"] = [f"ApioUserTest1@{DOMAIN}", f"ApioUserTest2@{DOMAIN}"]
    second["weights"] = {f"ApioUserTest1@{DOMAIN}": 70, f"ApioUserTest2@{DOMAIN}": 30}
    return {group["serviceUserId"]: group for group in (first, second)}


def _page_tenant() -> dict[str, Any]:
    """The enterprise of the vendor's pages. foouser is in the second group, as sameGroupOnly's samples ask."""
    departments = [
        _department("test_department_parent_1"),
        _department("test_department_initial", "test_department_parent_1", "test_cLineIdName_initial", "+3225126777"),
    ]
    users = {
        f"ApioUserTest@{DOMAIN}": _user("Test", "4000", mail="test_mail@test.netaxis.be", department=dict(DEPARTMENT)),
        f"ApioUserTest1@{DOMAIN}": _user("Test1", "5001", "+3225126778"),
        f"ApioUserTest2@{DOMAIN}": _user("Test2", "5002", "+3225126779"),
    }
    numbers = ["+3225126777", "+3225126778", "+3225126779", "+3225126780", "+3225126999"]
    numbers += ["+3226127000", "+3226127001", "+3226127002"]
    first = _group(DOMAIN, departments=departments, numbers=numbers, users=users, hunt_groups=_page_hunt_groups())
    foouser = {f"foouser@{DOMAIN}": _user("Test", "4004", mail="test_foomail@test.netaxis.be")}
    second = _group(DOMAIN, numbers=["+3252551430"], users=foouser)
    return {"enterprise": True, "departments": [_department("head_office")], "groups": {GROUP: first, GROUP2: second}}


def seed_tenants() -> dict[str, Any]:
    """The tenant of the vendor's pages, and a plain service provider beside it."""
    users = {"otheruser@other.netaxis.be": _user("Other", "6000", "+3227000000")}
    other = _group("other.netaxis.be", numbers=["+3227000000", "+3227000001"], users=users)
    return {TENANT: _page_tenant(), "OtherSp": {"enterprise": False, "departments": [], "groups": {"OtherGrp": other}}}


TEMPLATES: dict[str, Any] = {
    "basic": {"serviceInstanceProfile": {"cliLastName": "Hunt Group", "cliFirstName": "Basic"}},
    "complete": {
        "serviceInstanceProfile": {"name": "Templated", "cliLastName": "Group", "cliFirstName": "Templated"},
        "policy": "Circular",
        "noAnswerNumberOfRings": 3,
    },
}
SETTINGS = {
    "SUID_HUNT_GROUP_RULE": "{{group_id}}_hg{{RND_4}}@{{domain}}",
    "SUID_HUNT_GROUP_RULE_BY_NUMBER": "{{group_id}}_hg{{national_no_0}}@{{domain}}",  # with rename_on_number
}
