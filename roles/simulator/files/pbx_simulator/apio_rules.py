# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a POST or PUT of the simulated APIO may say about a hunt group, and what it makes of it."""

from __future__ import annotations

import copy
import random
import re
from dataclasses import dataclass
from typing import Any

from .apio_auth import FrontDoors
from .apio_data import (
    IGNORED,
    PROFILE_FIELDS,
    REQUIRED_ON_POST,
    SETTING_FIELDS,
    Refusal,
    checked,
    checked_integer,
    e164,
    national,
    oci_failure,
    schema_violation,
)

CLEARS_DEPARTMENT: dict[str, tuple[Any, ...]] = {
    "empty_string": ("",),
    "null": (None,),
    "empty_object": ({},),
    "any": ("", None, {}),
}


@dataclass(frozen=True)
class Place:
    """The tenant and the group that a URL names."""

    tenant_id: str
    group_id: str
    tenant: dict[str, Any]
    group: dict[str, Any]

    def departments(self, group_id: str | None) -> dict[str, Any]:
        """The departments of a group, or those of the enterprise (no groupId, vendor note 7), by name."""
        owner = self.tenant if group_id is None else self.tenant["groups"].get(group_id, {"departments": []})
        return {department["departmentName"]: department for department in owner["departments"]}

    def reachable_users(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Who may be an agent: users of the group, in an enterprise those of all its groups (hunt group page)."""
        groups = self.tenant["groups"] if self.tenant["enterprise"] else {self.group_id: self.group}
        return {uid: (group_id, user) for group_id, group in groups.items() for uid, user in group["users"].items()}

    def owners(self, field: str) -> dict[str, tuple[str, dict[str, Any]]]:
        """Who uses each phone number or extension of the group: users and hunt groups."""
        owners = {user[field]: (uid, user) for uid, user in self.group["users"].items()}
        for hunt_group_id, hunt_group in self.group["hunt_groups"].items():
            profile = hunt_group["serviceInstanceProfile"]
            names = {"lastName": profile["cliLastName"], "firstName": profile["cliFirstName"], "emailAddress": ""}
            owners[profile[field]] = (hunt_group_id, {**names, **profile, "userType": "Hunt Group"})
        return owners


def same_department(own: dict[str, str] | None, wanted: dict[str, str]) -> bool:
    """Whether two department keys name the same department; fullPathName is output only (vendor note 7)."""
    keys = ("tenantId", "groupId", "departmentName")
    return own is not None and all(own.get(key) == wanted.get(key) for key in keys)


class HuntGroupRules(FrontDoors):
    """Checks and changes of one hunt group, by the dialect in force."""

    def _checked_weights(self, place: Place, hunt_group: dict[str, Any], agents: Any) -> dict[str, int]:
        if not isinstance(agents, list):
            raise schema_violation("agents", "not a list")
        weights: dict[str, int] = {}
        reachable = place.reachable_users()
        for agent in agents:
            if not isinstance(agent, dict) or not isinstance(agent.get("userId"), str):
                raise schema_violation("agents", "not a list of objects with userId and weight")
            if agent["userId"] not in reachable:
                raise oci_failure(f"User not found: {agent['userId']}", "4008")
            if agent["userId"] not in hunt_group["agents"]:
                raise oci_failure(f"User is not an agent of the hunt group: {agent['userId']}")
            weights[agent["userId"]] = checked_integer("weight", agent.get("weight"), 0, 100)
        if self.dialect["weights_total"] == "must_be_100" and hunt_group["agents"] and sum(weights.values()) != 100:
            raise oci_failure("The weights of all agents must add up to 100")
        return weights

    def _templated(self, body: dict[str, Any]) -> dict[str, Any]:
        """A POST's body over the defaults of the template it names; the three names have to come from somewhere."""
        name = body.get("templateName")
        if name is not None and name not in self.state["templates"]:
            raise Refusal(400, f"Template not found: {name}")
        template, profile = self.state["templates"].get(name, {}), body.get("serviceInstanceProfile", {})
        if not isinstance(profile, dict):
            raise schema_violation("serviceInstanceProfile", "not an object")
        merged = {**template.get("serviceInstanceProfile", {}), **profile}
        missing = [name for name in REQUIRED_ON_POST if not merged.get(name)]
        if missing:
            raise Refusal(400, f"Missing in serviceInstanceProfile: {', '.join(missing)}")
        return copy.deepcopy({**template, **body, "serviceInstanceProfile": merged})

    def _changed(self, place: Place, hunt_group: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """A copy of the hunt group with everything in the body that is known, checked."""
        after, wanted = copy.deepcopy(hunt_group), body.get("serviceInstanceProfile", {})
        if not isinstance(wanted, dict):
            raise schema_violation("serviceInstanceProfile", "not an object")
        unknown = (set(body) | set(wanted)) - set(PROFILE_FIELDS) - set(SETTING_FIELDS) - IGNORED
        unknown -= {"serviceInstanceProfile", "agents", "department"}
        if unknown and self.dialect["unknown_fields"] == "refused":
            raise Refusal(400, f"Unknown: {', '.join(sorted(unknown))}")
        for fields, source, target in (
            (PROFILE_FIELDS, wanted, after["serviceInstanceProfile"]),
            (SETTING_FIELDS, body, after),
        ):
            target.update(
                {name: checked(name, field, source[name]) for name, field in fields.items() if name in source}
            )
        self._check_numbering(place, hunt_group["serviceUserId"], after["serviceInstanceProfile"], wanted)
        if "department" in wanted:
            self._change_department(place, after["serviceInstanceProfile"], wanted["department"])
        if "agents" in body:
            self._replace_agents(place, after, body["agents"])
        return after

    @staticmethod
    def _check_numbering(place: Place, own_id: str, profile: dict[str, Any], wanted: dict[str, Any]) -> None:
        """The phone number is the group's and free, and the extension has the group's length and is free."""
        if wanted.get("phoneNumber"):
            profile["phoneNumber"] = e164(profile["phoneNumber"], place.group["country_code"])
            if profile["phoneNumber"] not in place.group["numbers"]:
                raise oci_failure(f"Phone number is not assigned to group {place.group_id}: {profile['phoneNumber']}")
        low, high = place.group["extension_length"]
        if wanted.get("extension") and not low <= len(profile["extension"]) <= high:
            text = f"The extension length for this group {place.group_id} is {low} to {high} digits long."
            raise oci_failure(f"Invalid extension. {text}", "4909")
        for field in ("phoneNumber", "extension"):
            if not wanted.get(field):
                continue
            owner = place.owners(field).get(profile[field], ("",))[0]
            if owner not in ("", own_id):
                raise oci_failure(f"{field} is already in use by {owner}: {profile[field]}")

    def _change_department(self, place: Place, profile: dict[str, Any], wanted: Any) -> None:
        if wanted in CLEARS_DEPARTMENT[self.dialect["clear_department"]]:
            profile["department"] = None
            return
        if wanted in (None, {}):
            return  # another dialect's way to clear: nothing to change
        if not isinstance(wanted, dict) or not isinstance(wanted.get("departmentName"), str):
            raise schema_violation("department", "not a department key")
        key = {name: wanted[name] for name in ("tenantId", "groupId", "departmentName") if wanted.get(name)}
        known = place.departments(key.get("groupId"))
        if key.get("tenantId") != place.tenant_id or key.get("groupId") not in (None, place.group_id):
            known = {}
        if wanted["departmentName"] not in known:
            raise oci_failure(f"Department not found: {wanted['departmentName']}")
        profile["department"] = key

    def _replace_agents(self, place: Place, hunt_group: dict[str, Any], wanted: Any) -> None:
        """The whole list is replaced, and strings are asked for (hunt group page)."""
        wanted = [] if wanted is None else wanted
        if not isinstance(wanted, list) or not all(isinstance(uid, str) and 1 <= len(uid) <= 161 for uid in wanted):
            raise schema_violation("agents", "not a list of user ids")
        reachable = place.reachable_users()
        for uid in wanted:
            if uid not in reachable:
                raise oci_failure(f"User not found: {uid}", "4008")
        hunt_group["agents"] = list(dict.fromkeys(wanted))
        if self.dialect["weights_after_agents_put"] == "reset_all":
            hunt_group["weights"] = {}
        if self.dialect["weights_after_agents_put"] == "dropped_only":
            weights = hunt_group["weights"]
            hunt_group["weights"] = {uid: weight for uid, weight in weights.items() if uid in wanted}

    # -- ids -----------------------------------------------------------------------------------------------------
    def _new_id(self, place: Place, wanted: dict[str, Any], hunt_group: dict[str, Any]) -> str:
        given = wanted.get("serviceUserId")
        if not given and self.dialect["auto_id"]:
            return self._generated_id(place, hunt_group)
        if not isinstance(given, str) or not 1 <= len(given) <= 161:
            raise schema_violation("serviceUserId", "not a string of 1 to 161 characters")
        if "@" not in given and self.dialect["domain_required"]:
            raise schema_violation("serviceUserId", "the domain is required")
        hunt_group_id = given if "@" in given else f"{given}@{place.group['domain']}"
        self._refuse_taken(hunt_group_id)
        return hunt_group_id

    def _refuse_taken(self, user_id: str) -> None:
        """User ids, also those of hunt groups, are unique in the whole system (vendor note 7)."""
        groups = [group for tenant in self.state["tenants"].values() for group in tenant["groups"].values()]
        if any(user_id in group["users"] or user_id in group["hunt_groups"] for group in groups):
            raise oci_failure(f"User already exists: {user_id}", "4200")

    def _generated_id(self, place: Place, hunt_group: dict[str, Any]) -> str:
        by_number, profile = self.dialect["rename_on_number"], hunt_group["serviceInstanceProfile"]
        number, code = profile["phoneNumber"], place.group["country_code"]
        rule = self.state["settings"]["SUID_HUNT_GROUP_RULE" + ("_BY_NUMBER" if by_number and number else "")]
        values = {
            "tenant_id": place.tenant_id,
            "group_id": place.group_id,
            "domain": place.group["domain"],
            "name": profile["name"],
            "phone_number_e164": number,
            "country_code": code,
            "national_no_0": national(number, code)[1:],
            "RND_4": f"{random.randrange(10000):04d}",
        }
        return re.sub(r"\{\{(\w+)\}\}", lambda match: str(values.get(match[1], "")), rule)
