# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every route of the vendors' pages: which module and option uses it, with a call that proves it, or why none does.

Data only. docs/docsite/rst/routes.rst is generated from it: `python3 dev.py generate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Page of a vendor -> (backend, its address or where it comes from).
PAGES: Mapping[str, tuple[str, str]] = {
    "CustomerHuntGroup": ("portaswitch", "Porta Plus 2 web services"),
    "CustomerExtension": ("portaswitch", "Porta Plus 2 web services"),
    "PortaFollowMe": ("portaswitch", "Porta Plus 2 web services"),
    "Hunt Group (Vodia)": ("vodia", "Vodia PBX API, versions 58.0 and above"),
    "Hunt Group (APIO)": ("apio", "APIO Broadsoft gateway"),
}
WORDS = {"portaswitch": "PortaSwitch", "vodia": "Vodia", "apio": "APIO"}


@dataclass(frozen=True)
class Route:
    """One route. Either `module` uses it (`through` says by which option) and `call` makes it do so, or `unused`
    says why nothing does."""

    page: str
    method: str
    path: str
    module: str = ""
    through: str = ""
    call: Mapping[str, Any] = field(default_factory=dict)
    unused: str = ""


def used(page: str, method: str, path: str, module: str, through: str, **call: Any) -> Route:
    return Route(page, method, path, module, through, call)


def unused(page: str, method: str, path: str, reason: str) -> Route:
    return Route(page, method, path, unused=reason)


# -- Porta Plus 2 ------------------------------------------------------------------------------------------------------
GROUP, EXTENSION, FOLLOW = "CustomerHuntGroup", "CustomerExtension", "PortaFollowMe"
OUT = {"account": 700004, "hunt_groups": ["99999"], "state": "logged_out"}
ONE = {"name": "Mobile", "number": "32470999999"}
HOME = {"name": "Home"}
IN_DOMAIN = {"name": "Desk", "number": "105", "timeout": 9, "domain": "desk.example", "keep_original_cld": True}
RULE = "{Name}/{FollowMeOrder}/{RedirectNumber}/{Active}"
ADD = "/addfollowme/{License}/{IAccount}/{TimeOut}"
UPDATE = "/updatefollowme/{License}/{IAccount}/{IFollowMeNumber}/{TimeOut}"
NO_LICENSE = "/{IEnv}/{Id}/{ServicePassword}/{i_huntgroup}/{EnableHuntgroup}"
PREDEFINED = (
    "the predefined route takes all properties in one body, so only what is set tells what is meant: the same request "
    "could add, change or delete; the named routes say it"
)

ROUTES: tuple[Route, ...] = (
    used(GROUP, "GET", f"/Huntgroupaccess{NO_LICENSE}", "agent", "service_password",
         **OUT, service_password="secret-700004", environment_id=1),
    used(GROUP, "GET", "/CustomerHuntgroupaccess/{License}/{ICustomer}/{Id}/{i_huntgroup}/{EnableHuntgroup}", "agent",
         "state, and members.logged_in of hunt_group", **OUT),
    used(GROUP, "GET", "/GetCustomerHuntGroups/{License}/{ICustomer}", "hunt_group_info", "always"),
    used(GROUP, "GET", "/GetAccountHuntGroups/{License}/{IAccount}", "hunt_group_info", "account", account=700004),
    used(GROUP, "GET", "/DeleteCustomerHuntGroup/{License}/{ICustomer}/{HuntGroupRecordId}/{ExtensionRecordId}",
         "hunt_group", "state: absent", id="200", state="absent"),
    used(GROUP, "POST", "/AddUpdateCustomerHuntGroup", "hunt_group", "id, name, policy, members, settings",
         id="200", name="Sales B"),
    unused(GROUP, "GET", "/togglehuntgroups/{hashed_iAccount}",
           "flips the sign-in of all groups at once, whatever each of them is; superseded by the one for a single group"),
    used(GROUP, "GET", "/togglehuntgroups/{hashed_iAccount}/{i_huntgroup}", "agent", "hashed_account",
         **OUT, hashed_account="hash700004"),
    used(GROUP, "GET", "/getHuntgroupInfobyIAccount/{License}/{IAccount}/{fromDate}/{forGraphs}", "hunt_group_info",
         "sign_in_history_from with account", account=700004, sign_in_history_from="2026-01-01"),
    used(GROUP, "GET", "/getHuntgroupExtension/{License}/{i_c_group}/{fromDate}/{forGraphs}", "hunt_group_info",
         "sign_in_history_from", sign_in_history_from="2026-01-01"),
    used(GROUP, "GET", "/ToggleExtensionStatus/{License}/{Id}/{IAccount}/{EnableHuntgroup}/{wrapupCodes}", "agent",
         "wrapup", account=700004, state="logged_out", wrapup=True),
    unused(GROUP, "POST", "/json/reply/CustomerHuntGroup", f"superseded by AddUpdateCustomerHuntGroup; {PREDEFINED}"),
    # -- extensions
    used(EXTENSION, "GET", "/GetUnavailableExtensions/{License}/{ICustomer}/{isUnavailable}", "extension_info",
         "available", available=True),
    used(EXTENSION, "GET", "/GetCustomerExtensions/{License}/{ICustomer}", "extension_info", "always"),
    used(EXTENSION, "GET", "/GetCustomerExtensions/{License}/{ICustomer}/{IProducts}", "extension_info", "products",
         products=["11"]),
    used(EXTENSION, "GET", "/GetCustomerExtensionsActiveCalls/{License}/{ICustomer}/{GetActiveCalls}",
         "extension_info", "active_calls", active_calls=True),
    unused(EXTENSION, "GET", "/GetFilteringData/{License}/{ICustomer}/{IsFiltering}",
           "superseded by the list: the answer has no field of its own on the page, so there is nothing in it that "
           "the list of extensions does not tell"),
    used(EXTENSION, "GET", "/GetCustomerExtensionsActiveCalls/{License}/{ICustomer}/{GetActiveCalls}/{IProducts}",
         "extension_info", "active_calls with products", active_calls=True, products=["11"]),
    used(EXTENSION, "GET", "/DeleteCustomerExtension/{License}/{ICustomer}/{ExtensionRecordId}", "extension",
         "state: absent", id="108", state="absent"),
    used(EXTENSION, "GET", "/AddCustomerExtension/{License}/{ICustomer}/{Name}/{Id}/{IAccount}", "extension",
         "id, name, account", id="0112", name="Hanna Support", account=700009),
    used(EXTENSION, "GET", "/GetOnlineAccounts/{License}/{ICustomer}/{GetSipStatus}", "extension_info", "online",
         online=True),
    unused(EXTENSION, "GET", "/AddCustomerExtenGetIdentitysion/{License}/{ICustomer}/{Name}/{Id}/{IAccount}",
           "misspelt: search and replace went through AddCustomerExtension, which does the same"),
    used(EXTENSION, "GET", "/UpdateCustomerExtension/{License}/{ICustomer}/{ExtensionRecordId}/{Name}/{Id}/{IAccount}",
         "extension", "name, account", id="101", name="Alice B"),
    unused(EXTENSION, "POST", "/csv/reply/CustomerExtension", f"superseded by the named routes; {PREDEFINED}"),
    # -- follow-me
    used(FOLLOW, "GET", f"{ADD}/{{Domain}}/{RULE}/{{KeepOriginalCld}}", "follow_me",
         "destinations with domain and keep_original_cld", account=700002, destinations=[IN_DOMAIN]),
    unused(FOLLOW, "GET", f"{ADD}/{RULE}/{{KeepupdateAccountsOriginalCld}}",
           "broken placeholder: the request has no such property, so the server refuses every call; "
           "KeepOriginalCld travels in the query of the next route"),
    used(FOLLOW, "GET", f"{ADD}/{RULE}", "follow_me", "destinations", account=700002, destinations=[ONE]),
    used(FOLLOW, "GET", f"{UPDATE}/{{Domain}}/{RULE}", "follow_me", "destinations with domain", account=700001,
         destinations=[{**ONE, "domain": "cell.example"}, HOME]),
    used(FOLLOW, "GET", f"{UPDATE}/{RULE}", "follow_me", "destinations", account=700001, destinations=[ONE, HOME]),
    unused(FOLLOW, "POST", "/UpdateFollowmeAll",
           "unsafe: All may mean all fields of one destination or all destinations of the account, and then one "
           "request would make them all equal"),
    used(FOLLOW, "GET", "/deletefollowme/{License}/{IFollowMeNumber}", "follow_me",
         "state: absent, or what destinations leaves out", account=700001, state="absent"),
    unused(FOLLOW, "GET", "/deletefollowme/{License}/{IFollowMeNumber}/{IAccount}/{isDeleteForward}",
           "unsafe: isDeleteForward may switch the forwarding of the whole account off; superseded by the shorter one"),
    unused(FOLLOW, "GET", "/getafollowme/{License}/{IAccount}/{IFollowMeNumber}",
           "superseded by getfollowmes, which shows the same of all destinations in one request"),
    used(FOLLOW, "GET", "/getfollowmes/{License}/{IAccount}", "follow_me_info", "account", account=700001),
    unused(FOLLOW, "POST", "/csv/reply/PortaFollowMe", f"superseded by the named routes; {PREDEFINED}"),
)  # fmt: skip

# -- Vodia and APIO ----------------------------------------------------------------------------------------------------
VODIA, DOMAIN = "Hunt Group (Vodia)", "/rest/domain/{domain_name}"
APIO, BASE = "Hunt Group (APIO)", "/api/v1/tenants/{tenant_id}/groups/{group_id}/services/hunt_groups/"
TESTED = "APIOTestHuntGroup@sip.netaxis.be"
WEIGHTED = "ApioWeighted@sip.netaxis.be"
USERS = ("ApioUserTest1@sip.netaxis.be", "ApioUserTest2@sip.netaxis.be")
PROFILE = {"serviceInstanceProfile": {"cliLastName": "Watch", "cliFirstName": "Night"}}

ROUTES += (
    used(VODIA, "GET", f"{DOMAIN}/hunts", "hunt_group_info", "always"),
    used(VODIA, "GET", f"{DOMAIN}/user_settings/{{hunt_group_id}}", "hunt_group_info", "id", id="1002"),
    used(VODIA, "POST", f"{DOMAIN}/addacc", "hunt_group", "id of a new group", id="0150"),
    used(VODIA, "POST", f"{DOMAIN}/user_settings/{{hunt_group_id}}", "hunt_group",
         "name, members, overflow_to, enabled, settings", id="1002", name="Hunt B"),
    unused(VODIA, "POST", f"{DOMAIN}/domain_action",
           "unsafe: answers {} whatever became of it, and newer versions do not delete by it; superseded by the "
           "deletion of single accounts"),
    used(VODIA, "DELETE", f"{DOMAIN}/addacc/{{hunt_group_id}}", "hunt_group", "state: absent", id="1004", state="absent"),
    used(APIO, "POST", BASE, "hunt_group", "a new group", id="nightwatch@sip.netaxis.be", name="Night watch",
         settings=PROFILE),
    used(APIO, "GET", f"{BASE}{{hunt_group_name}}/", "hunt_group_info", "id", id=TESTED),
    used(APIO, "GET", BASE, "hunt_group_info", "always"),
    used(APIO, "PUT", f"{BASE}{{hunt_group_name}}/", "hunt_group", "all but weights", id=TESTED, policy="circular"),
    used(APIO, "DELETE", f"{BASE}{{hunt_group_name}}/", "hunt_group", "state: absent", id=TESTED, state="absent"),
    used(APIO, "GET", f"{BASE}users/available/", "hunt_group_info",
         "available_members, and members of hunt_group that are looked up", available_members=True),
    used(APIO, "GET", f"{BASE}{{hunt_group_name}}/weighted_distribution/", "hunt_group_weights_info", "hunt_group",
         hunt_group=WEIGHTED),
    used(APIO, "PUT", f"{BASE}{{hunt_group_name}}/weighted_distribution/", "hunt_group_weights",
         "weights, and members.weight of hunt_group", hunt_group=WEIGHTED,
         weights=[{"extension": user, "weight": 50} for user in USERS]),
)  # fmt: skip
