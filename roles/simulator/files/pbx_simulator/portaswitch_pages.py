# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three Porta Plus 2 pages as data (routes, request and response DTOs), and a tenant that is in use."""

from __future__ import annotations

from typing import Any

from .portaswitch_dto import Operation, Route

# The first three are seen in calls; the fourth exists in the portal, its spelling is unknown (vendor note 4.2).
HUNT_SEQUENCES = ("Order", "Random", "Simultaneous", "LeastUsed")
NO_DATE = "/Date(-62135596800000-0000)/"  # DateTime.MinValue, "no date"

COMMON_REQUEST = {"License": "str", "ContentId": "int", "FeatureName": "str"}
COMMON_RESPONSE: dict[str, Any] = {"License": None, "ContentId": 0, "FeatureName": None}

HUNT_GROUP = Operation(
    "CustomerHuntGroup",
    request={
        "ICustomer": "int",
        "IAccount": "int",
        "forGraphs": "bool",
        "Name": "str",
        "Id": "str",
        "hashed_iAccount": "str",
        "HuntGroupRecordId": "int",
        "ExtensionRecordId": "int",
        "HuntSequence": HUNT_SEQUENCES,
        "AddExtensions": "int[]",
        "DeleteExtensions": "int[]",
        "HuntKeepOriginalCli": "str",
        "PickupAllowed": "str",
        "RingDelay": "str",
        "RingTime": "str",
        "Huntstop": "str",
        "PrimaryGroup": "str",
        "RingDelayAr": "int[]",
        "RingTimeAr": "int[]",
        "HuntstopAr": "str[]",
        "PrimaryGroupAr": "str[]",
        "IEnv": "int",
        "ServicePassword": "str",
        "i_huntgroup": "int",
        "EnableHuntgroup": "bool",
        "fromDate": "str",
        "i_c_group": "int",
        "wrapupCodes": "bool",
        **COMMON_REQUEST,
    },
    response={
        "HGInfo": None,
        "HGInfoDeleted": False,
        "HuntGroupId": 0,
        "AddedHuntgroup": None,
        "HGInfoLst": None,
        "updateHuntgroup": 0,
        "lstSignInOut": None,
        **COMMON_RESPONSE,
    },
    routes=(
        Route("GET", "/Huntgroupaccess/{IEnv}/{Id}/{ServicePassword}/{i_huntgroup}/{EnableHuntgroup}", "access", True),
        Route(
            "GET",
            "/CustomerHuntgroupaccess/{License}/{ICustomer}/{Id}/{i_huntgroup}/{EnableHuntgroup}",
            "customer_access",
            True,
        ),
        Route("GET", "/GetCustomerHuntGroups/{License}/{ICustomer}", "groups"),
        Route("GET", "/GetAccountHuntGroups/{License}/{IAccount}", "account_groups"),
        Route(
            "GET",
            "/DeleteCustomerHuntGroup/{License}/{ICustomer}/{HuntGroupRecordId}/{ExtensionRecordId}",
            "delete_group",
            True,
        ),
        Route("POST", "/AddUpdateCustomerHuntGroup", "add_update_group", True),
        Route("GET", "/togglehuntgroups/{hashed_iAccount}", "toggle", True),
        Route("GET", "/togglehuntgroups/{hashed_iAccount}/{i_huntgroup}", "toggle", True),
        Route("GET", "/getHuntgroupInfobyIAccount/{License}/{IAccount}/{fromDate}/{forGraphs}", "account_history"),
        Route("GET", "/getHuntgroupExtension/{License}/{i_c_group}/{fromDate}/{forGraphs}", "group_history"),
        Route(
            "GET",
            "/ToggleExtensionStatus/{License}/{Id}/{IAccount}/{EnableHuntgroup}/{wrapupCodes}",
            "extension_status",
            True,
        ),
    ),
    post_action="add_update_group",
)

EXTENSION = Operation(
    "CustomerExtension",
    request={
        "ICustomer": "int",
        "Name": "str",
        "Id": "str",
        "ExtensionRecordId": "int",
        "IAccount": "int",
        "IProducts": "str",
        "GetActiveCalls": "bool",
        "IsFiltering": "bool",
        "GetSipStatus": "bool",
        "isUnavailable": "bool",
        **COMMON_REQUEST,
    },
    response={
        "lstportaActiveCalls": None,
        "ExtensionLst": None,
        "Extension": None,
        "ExtensionDeleted": False,
        "ExtensionsActiveCalls": None,
        **COMMON_RESPONSE,
    },
    routes=(
        Route("GET", "/GetUnavailableExtensions/{License}/{ICustomer}/{isUnavailable}", "unavailable_extensions"),
        Route("GET", "/GetCustomerExtensions/{License}/{ICustomer}", "extensions"),
        Route("GET", "/GetCustomerExtensions/{License}/{ICustomer}/{IProducts}", "extensions"),
        Route("GET", "/GetCustomerExtensionsActiveCalls/{License}/{ICustomer}/{GetActiveCalls}", "active_calls"),
        Route("GET", "/GetFilteringData/{License}/{ICustomer}/{IsFiltering}", "filtering"),
        Route(
            "GET",
            "/GetCustomerExtensionsActiveCalls/{License}/{ICustomer}/{GetActiveCalls}/{IProducts}",
            "active_calls",
        ),
        Route("GET", "/DeleteCustomerExtension/{License}/{ICustomer}/{ExtensionRecordId}", "delete_extension", True),
        Route("GET", "/AddCustomerExtension/{License}/{ICustomer}/{Name}/{Id}/{IAccount}", "add_extension", True),
        Route("GET", "/GetOnlineAccounts/{License}/{ICustomer}/{GetSipStatus}", "online_accounts"),
        Route(
            "GET",
            "/AddCustomerExtenGetIdentitysion/{License}/{ICustomer}/{Name}/{Id}/{IAccount}",
            "add_extension",
            True,
        ),
        Route(
            "GET",
            "/UpdateCustomerExtension/{License}/{ICustomer}/{ExtensionRecordId}/{Name}/{Id}/{IAccount}",
            "update_extension",
            True,
        ),
    ),
)

ADD_FOLLOW_ME = "/addfollowme/{License}/{IAccount}/{TimeOut}"
UPDATE_FOLLOW_ME = "/updatefollowme/{License}/{IAccount}/{IFollowMeNumber}/{TimeOut}"
RULE = "{Name}/{FollowMeOrder}/{RedirectNumber}/{Active}"

FOLLOW_ME = Operation(
    "PortaFollowMe",
    request={
        "IAccount": "int",
        "IFollowMeNumber": "int",
        "TimeOut": "int",
        "Domain": "str",
        "Name": "str",
        "FollowMeOrder": "int",
        "RedirectNumber": "str",
        "KeepOriginalCld": "str",
        "KeepOriginalCLI": "str",
        "Active": "str",
        "Period": "str",
        "Period_desc": "str",
        "Status": "bool",
        "isDeleteForward": "bool",
        **COMMON_REQUEST,
    },
    response={"FollowMeNumbers": None, "FollowMeinfo": None, "success": False, **COMMON_RESPONSE},
    routes=(
        Route("GET", f"{ADD_FOLLOW_ME}/{{Domain}}/{RULE}/{{KeepOriginalCld}}", "add_follow_me", True),
        # Broken on the page: the DTO has no such property, so every request gets 400 (vendor note 3).
        Route("GET", f"{ADD_FOLLOW_ME}/{RULE}/{{KeepupdateAccountsOriginalCld}}", "add_follow_me", True),
        Route("GET", f"{ADD_FOLLOW_ME}/{RULE}", "add_follow_me", True),
        Route("GET", f"{UPDATE_FOLLOW_ME}/{{Domain}}/{RULE}", "update_follow_me", True),
        Route("GET", f"{UPDATE_FOLLOW_ME}/{RULE}", "update_follow_me", True),
        Route("POST", "/UpdateFollowmeAll", "update_follow_me_all", True),
        Route("GET", "/deletefollowme/{License}/{IFollowMeNumber}", "delete_follow_me", True),
        Route(
            "GET", "/deletefollowme/{License}/{IFollowMeNumber}/{IAccount}/{isDeleteForward}", "delete_follow_me", True
        ),
        Route("GET", "/getafollowme/{License}/{IAccount}/{IFollowMeNumber}", "follow_me"),
        Route("GET", "/getfollowmes/{License}/{IAccount}", "follow_mes"),
    ),
    post_action="update_follow_me_all",
)

OPERATIONS = (HUNT_GROUP, EXTENSION, FOLLOW_ME)
WRITES = [route for operation in OPERATIONS for route in operation.routes if route.write]
WRITE_LITERALS = {route.literal for route in WRITES}
WRITE_ACTIONS = {route.action for route in WRITES}


# -- a tenant that is in use -------------------------------------------------------------------------------------------
def account(i_account: int, account_id: str, first: str, last: str, i_product: int = 11) -> dict[str, Any]:
    return {
        "i_account": i_account,
        "account_id": account_id,
        "firstname": first,
        "lastname": last,
        "i_product": i_product,
        "product": {11: "Office seat", 12: "Contact centre seat"}[i_product],
        "service_password": f"secret-{i_account}",
        "hash": f"hash{i_account}",
        "online": True,
        "forward_mode": "Y",
    }


def extension(i_c_ext: int, number: str, name: str, i_account: int = 0) -> dict[str, Any]:
    return {"i_c_ext": i_c_ext, "id": number, "name": name, "i_account": i_account}


def group(i_c_group: int, i_c_ext: int, number: str, name: str, sequence: str) -> dict[str, Any]:
    return {
        "i_c_group": i_c_group,
        "i_c_ext": i_c_ext,
        "id": number,
        "name": name,
        "hunt_sequence": sequence,
        "hunt_keep_original_cli": "Y",
        "pickup_allowed": "Y",
        "activated": 1767225600000,
    }


def membership(i_cg_ext: int, i_customer: int, i_c_group: int, i_c_ext: int, **settings: Any) -> dict[str, Any]:
    """hunt_delay and hunt_expire are None until they are set; `position` is the order of adding."""
    row = {"i_cg_ext": i_cg_ext, "i_customer": i_customer, "i_c_group": i_c_group, "i_c_ext": i_c_ext}
    row.update(position=i_cg_ext, hunt_delay=None, hunt_expire=None, huntstop="N", primary_group="N", hunt_active="Y")
    return {**row, **settings}


def follow_me_number(i_follow_me_number: int, i_account: int, i_follow_me: int, **settings: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"i_follow_me_number": i_follow_me_number, "i_account": i_account, "i_follow_me": i_follow_me}
    row.update(redirect_number=None, name=None, i_follow_order=0, domain=None, timeout=0, active="Y")
    row.update(keep_original_cld=None, keep_original_cli=None, period=None, period_description=None)
    return {**row, **settings}


def by(key: str, *rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Rows under their record id, as JSON wants it: a string."""
    return {str(row[key]): row for row in rows}


def first_customer() -> dict[str, Any]:
    people = (
        (5001, "101", "Alice Reception"),
        (5002, "102", "Bob Sales"),
        (5003, "103", "Carla Sales"),
        (5004, "104", "Dirk Support"),
        (5005, "105", "Eva Support"),
        (5006, "106", "Finn Support"),
        (5007, "0111", "Zoë Nightshift"),
        (5008, "107", "Gus Backoffice"),
    )
    seats = [(i_c_ext, number, name, 695000 + i_c_ext) for i_c_ext, number, name in people]
    accounts = [
        account(i_account, f"3226690{number.zfill(4)}", *name.split(" "), 11 + (i_c_ext > 5003))
        for i_c_ext, number, name, i_account in seats
    ]
    accounts.append(account(700009, "32266900199", "Spare", "Phone"))
    return {
        "i_customer": 10,
        "i_env": 1,
        "accounts": by("i_account", *accounts),
        "extensions": by("i_c_ext", *(extension(*seat) for seat in seats), extension(5009, "108", "Empty Desk")),
        "groups": by(
            "i_c_group",
            group(301, 5010, "200", "Sales", "Order"),
            group(302, 5011, "99999", "Support", "Simultaneous"),
        ),
    }


def second_customer() -> dict[str, Any]:
    return {
        "i_customer": 20,
        "i_env": 1,
        "accounts": by("i_account", account(700010, "4930100101", "Hans", "Other")),
        "extensions": by("i_c_ext", extension(5012, "101", "Hans Other", 700010), extension(5013, "102", "Free Desk")),
        "groups": by("i_c_group", group(303, 5014, "200", "Other Sales", "Order")),
    }


def tenant() -> dict[str, Any]:
    signed_in = 1767600000000  # 2026-01-05 08:00 UTC
    return {
        "licences": {"demo-license-4711": [10], "LICENCE-0002": [20]},
        "customers": by("i_customer", first_customer(), second_customer()),
        "memberships": by(
            "i_cg_ext",
            membership(9001, 10, 301, 5001, hunt_delay=0, hunt_expire=20, primary_group="Y"),
            membership(9002, 10, 301, 5002, hunt_delay=5, hunt_expire=20, huntstop="Y"),
            membership(9003, 10, 301, 5003),
            membership(9004, 10, 302, 5004, hunt_expire=0),
            membership(9005, 10, 302, 5005, hunt_active="N"),
            membership(9006, 10, 302, 5006),
            membership(9007, 10, 302, 5007, primary_group="Y"),
            membership(9008, 20, 303, 5012),
        ),
        "follow_me": by(
            "i_account",
            {"i_account": 700001, "i_follow_me": 21, "sequence": "Order", "timeout": 30},
            {"i_account": 700010, "i_follow_me": 22, "sequence": "Order", "timeout": 30},
        ),
        "follow_me_numbers": by(
            "i_follow_me_number",
            follow_me_number(
                41,
                700001,
                21,
                name="Mobile",
                redirect_number="32470123456",
                i_follow_order=1,
                timeout=20,
                keep_original_cld="N",
                keep_original_cli="Y",
                period="Always",
                period_description="Always",
            ),
            follow_me_number(
                42,
                700001,
                21,
                name="Home",
                redirect_number="3227654321",
                i_follow_order=2,
                timeout=25,
                keep_original_cld="Y",
                keep_original_cli="I",
                period="hr{8-18} wd{mo-fri}",
                period_description="Office hours",
                active="N",
            ),
            follow_me_number(
                43, 700010, 22, name="Mobile", redirect_number="491701234567", i_follow_order=1, timeout=15
            ),
        ),
        "sign_ins": [{"Id": 1, "i_account": 700004, "i_customer": 10, "i_c_group": 302, "in": signed_in, "out": None}],
        "calls": [
            {"IAccount": 700002, "CLI": "32470999888", "CLD": "32266900102", "CallId": "call-1", "at": signed_in}
        ],
        "next": {
            "i_c_ext": 5015,
            "i_c_group": 304,
            "i_cg_ext": 9009,
            "i_follow_me": 23,
            "i_follow_me_number": 44,
            "position": 9009,
            "Id": 2,
        },
    }
