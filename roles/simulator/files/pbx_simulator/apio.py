# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netaxis APIO in front of BroadWorks: hunt groups and services of users, through APIO Core and through the gateway.

Written from the vendor's pages and the vendor notes. What they leave open is a switch (apio_data.py, apio_users.py).
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from flask import Response, request

from .apio_auth import AUTH_PATH, Denied, seed_access
from .apio_data import (
    HAZARDS,
    NAME_FIELDS,
    SETTING_FIELDS,
    SETTINGS,
    SWITCHES,
    TEMPLATES,
    Refusal,
    national,
    new_hunt_group,
    oci_failure,
    seed_tenants,
)
from .apio_rules import Place, same_department
from .apio_users import SERVICE_FIELDS, USER_SWITCHES, UserServiceRules, with_user_services
from .core import as_json

DOORS = re.compile(r"/api/(?:v1|(?P<core>v01/p[0-9]+))/(?P<rest>.*)")
GROUP_PATH = r"tenants/([^/]+)/groups/([^/]+)/"
USER_SERVICES = GROUP_PATH + r"users/([^/]+)/services/"
HUNT_GROUPS = GROUP_PATH + r"services/hunt_groups/"
ROUTES = tuple(
    (method, re.compile(pattern), handler)
    for method, pattern, handler in (
        ("GET", GROUP_PATH + "users/", "list_users"),
        *(("GET", f"{USER_SERVICES}{name}/", "get_user_service") for name in SERVICE_FIELDS),
        *(("PUT", f"{USER_SERVICES}{name}/", "update_user_service") for name in SERVICE_FIELDS),
        ("GET", GROUP_PATH + "departments/", "list_departments"),
        ("GET", GROUP_PATH + "numbers/", "list_numbers"),
        ("GET", HUNT_GROUPS, "list_hunt_groups"),
        ("POST", HUNT_GROUPS, "create_hunt_group"),
        ("GET", HUNT_GROUPS + "users/available/", "list_available_users"),
        ("GET", HUNT_GROUPS + "([^/]+)/", "get_hunt_group"),
        ("PUT", HUNT_GROUPS + "([^/]+)/", "update_hunt_group"),
        ("DELETE", HUNT_GROUPS + "([^/]+)/", "delete_hunt_group"),
        ("GET", HUNT_GROUPS + "([^/]+)/weighted_distribution/", "get_weights"),
        ("PUT", HUNT_GROUPS + "([^/]+)/weighted_distribution/", "update_weights"),
    )
)


class Apio(UserServiceRules):
    """APIO Core at /api/v01/ with any pN prefix, and the gateway itself at /api/v1/."""

    name = "apio"
    switches = (*SWITCHES, *USER_SWITCHES)
    hazards = HAZARDS

    def initial_state(self) -> dict[str, Any]:
        tenants = with_user_services(seed_tenants())
        return {**seed_access(), "tenants": tenants, "templates": TEMPLATES, "settings": SETTINGS}

    def is_write(self, method: str, path: str) -> bool:
        return method in ("POST", "PUT", "PATCH", "DELETE") and not AUTH_PATH.match(path)

    def answer(self) -> Response:
        door = DOORS.fullmatch(request.path)
        try:
            return self._gateway(door["rest"], core=bool(door["core"])) if door else self.core_answer()
        except Denied as denial:
            if door and not door["core"]:
                return self._refused(Refusal(denial.status, denial.error))
            return as_json({"error": denial.error, **denial.more}, denial.status)
        except Refusal as problem:
            return self._refused(problem)

    # -- a gateway request ---------------------------------------------------------------------------------------
    def _gateway(self, rest: str, core: bool) -> Response:
        if not request.path.endswith("/"):
            if self.dialect["no_slash"] == "refused":
                raise Refusal(404, "The URI is invalid: it does not end with a slash")
            if self.dialect["no_slash"] == "redirected":
                query = request.query_string.decode()
                return Response(
                    status=301, headers={"Location": f"{quote(request.path)}/{'?' if query else ''}{query}"}
                )
            rest += "/"
        if rest == "login/" and request.method == "POST" and not core:
            return self.gateway_login(self._body())
        if core:
            self.bearer_account()
        else:
            self.session_account()
        for method, pattern, handler in ROUTES:
            match = pattern.fullmatch(rest)
            if match and method == request.method:
                place = self._place(*match.groups()[:2])
                answer: Response = getattr(self, handler)(place, *match.groups()[2:])
                return answer
        raise Refusal(404, "The URI is invalid or the resource does not exist")

    def _place(self, tenant_id: str, group_id: str) -> Place:
        tenant = self.state["tenants"].get(tenant_id)
        if not tenant or group_id not in tenant["groups"]:
            raise Refusal(404, f"Not found: {tenant_id}/{group_id}")
        return Place(tenant_id, group_id, tenant, tenant["groups"][group_id])

    @staticmethod
    def _body() -> dict[str, Any]:
        """The JSON object that was sent; 416 when it is empty or none (vendor note 3)."""
        body = request.get_json(silent=True, force=True)
        if not isinstance(body, dict) or not body:
            raise Refusal(416, "Bad Media Type: the body is not a JSON object, or is empty")
        return body

    def _filters(self) -> dict[str, Any]:
        """Filters as a JSON body on GET, and as a query string (vendor note 4)."""
        filters: dict[str, Any] = {}
        for name, text in request.args.items():
            try:
                filters[name] = json.loads(text)
            except ValueError:
                filters[name] = text
        return {**filters, **(self._body() if request.get_data() else {})}

    # -- answers -------------------------------------------------------------------------------------------------
    def _ok(self, data: dict[str, Any], status: int = 200) -> Response:
        return self._recorded(self._in_dialect(data), status)

    def _bare_ok(self) -> Response:
        """200 without a body, unless there is an audit record to name."""
        return self._ok({}) if self.dialect["audit"] else Response(status=200)

    def _recorded(self, data: dict[str, Any], status: int) -> Response:
        """With audit on, every answer names its audit record (vendor note 3)."""
        return as_json({**data, "_record_internal_id": len(self.log)} if self.dialect["audit"] else data, status)

    def _in_dialect(self, data: Any) -> Any:
        unset = self.dialect["unset_value"]
        if isinstance(data, dict):
            kept = {key: value for key, value in data.items() if value != "" or unset != "absent"}
            return {key: self._in_dialect(value) for key, value in kept.items()}
        if isinstance(data, list):
            return [self._in_dialect(item) for item in data]
        if isinstance(data, bool) and self.dialect["string_booleans"]:
            return "true" if data else "false"
        return unset if data == "" else data

    def _refused(self, problem: Refusal) -> Response:
        error: dict[str, Any] = {"code": problem.status, "message": problem.message, "details": {}}
        if problem.summary:
            inner = {"error_code": problem.code, "level": "Error", "summary": problem.summary, "detail": problem.detail}
            if not problem.code:
                del inner["error_code"]  # optional in the OCI schema (vendor note 8)
            error["details"] = {"errors": [inner] if self.dialect["error_container"] == "list" else {"0": inner}}
        else:
            error["details"] = {"reason": problem.message}
        return self._recorded({"errors": [error]}, problem.status)

    def _department(self, place: Place, key: dict[str, str], full_path: bool = True) -> dict[str, str]:
        """A department as the page shows it: its key, and the path of its parents."""
        names, known = [key["departmentName"]], place.departments(key.get("groupId"))
        while known.get(names[0], {}).get("parent"):
            names.insert(0, known[names[0]]["parent"])
        return {**key, "fullPathName": " \\ ".join(names)} if full_path else dict(key)

    def _with_department(self, place: Place, row: dict[str, Any], full_path: bool = True) -> dict[str, Any]:
        """The row with its department shown, or with what the dialect has for an unset one."""
        shown = {key: value for key, value in row.items() if key != "department"}
        if row["department"]:
            shown["department"] = self._department(place, row["department"], full_path)
        elif self.dialect["unset_department"] != "absent":
            shown["department"] = self.dialect["unset_department"]
        return shown

    def _user_row(self, place: Place, user_id: str, user: dict[str, Any]) -> dict[str, Any]:
        return self._with_department(place, {"userId": user_id, **user})

    def _agent_rows(self, place: Place, hunt_group: dict[str, Any]) -> list[dict[str, Any]]:
        """Agents as objects with their weights: strings go in, objects come out (hunt group page)."""
        users, ids = place.reachable_users(), hunt_group["agents"]
        ids = sorted(ids) if self.dialect["agents_order"] == "sorted" else ids
        weights = hunt_group["weights"]
        return [
            {**self._user_row(place, uid, users[uid][1]), "weight": weights.get(uid, 0)} for uid in ids if uid in users
        ]

    def _shown(self, place: Place, hunt_group: dict[str, Any]) -> dict[str, Any]:
        """A hunt group as in the page's GET sample."""
        full_path, shown_id = self.dialect["profile_full_path"], hunt_group["serviceUserId"]
        profile = self._with_department(place, hunt_group["serviceInstanceProfile"], full_path)
        profile.update({name: self.shown_name(profile[name]) for name in NAME_FIELDS})
        return {
            "serviceUserId": shown_id.partition("@")[0] if self.dialect["get_id_without_domain"] else shown_id,
            "serviceInstanceProfile": profile,
            **{name: hunt_group[name] for name in SETTING_FIELDS},
            "agents": self._agent_rows(place, hunt_group),
        }

    # -- lists of a group ----------------------------------------------------------------------------------------
    def list_users(self, place: Place) -> Response:
        if self.dialect["users_list"] == "404":
            raise Refusal(404, "The URI is invalid or the resource does not exist")
        return self._ok({"users": [self._user_row(place, uid, user) for uid, user in place.group["users"].items()]})

    def list_departments(self, place: Place) -> Response:
        """As on the departments page, where enterpriseDepartment is the string "false"."""
        rows = []
        for department in place.group["departments"]:
            key = {"groupId": place.group_id, "departmentName": department["departmentName"]}
            path = self._department(place, key)["fullPathName"]
            row = {"departmentName": key["departmentName"], "enterpriseDepartment": "false", "fullPathName": path}
            rows.append({**row, "cliName": department["cliName"], "cliPhoneNumber": department["cliPhoneNumber"]})
        return self._ok({"departments": rows})

    def list_numbers(self, place: Place) -> Response:
        """As on the numbers page: all, or with `available` and `assignement` (sic) the free and the used ones."""
        filters, owners = self._filters(), place.owners("phoneNumber")
        if "available" not in filters and "assignement" not in filters:
            return self._ok({"numbers": place.group["numbers"]})
        free = [number for number in place.group["numbers"] if number not in owners]
        answer: dict[str, Any] = {}
        if "assignement" in filters:
            answer["assigned_numbers"] = self._number_rows(place, owners) if filters["assignement"] is True else []
        if "available" in filters:
            answer["available_numbers"] = free if filters["available"] is True else []
        return self._ok(answer)

    def _number_rows(self, place: Place, owners: dict[str, tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """One row for each number; free neighbours are merged into "first - last" (vendor note 7)."""
        rows: list[dict[str, Any]] = []
        nobody = (
            "",
            {"extension": "", "firstName": "", "lastName": "", "userType": "", "emailAddress": "", "department": None},
        )
        last = ""
        for number in place.group["numbers"]:
            uid, owner = owners.get(number, nobody)
            follows = last and not uid and int(number) == int(last) + 1
            last = "" if uid else number
            if follows:
                rows[-1]["phoneNumber"] = f"{rows[-1]['phoneNumber'].partition(' ')[0]} - {number}"
                continue
            fields = {
                name: owner[name] for name in ("extension", "firstName", "lastName", "emailAddress", "department")
            }
            row = {**fields, "userId": uid, "userType": owner.get("userType", "Normal"), "phoneNumber": number}
            rows.append(self._with_department(place, row))
        return rows

    def list_available_users(self, place: Place) -> Response:
        filters = self._filters()
        department, group = filters.get("sensitiveDepartmentEquals"), filters.get("sensitiveUserGroupEquals")
        same_group = filters.get("sameGroupOnly", False)
        if not isinstance(same_group, bool) or any(not isinstance(f, (dict, type(None))) for f in (department, group)):
            raise Refusal(400, "A search criterion has the wrong type")
        members: set[str] = set()
        if self.dialect["available_excludes_members"]:
            members = {uid for hunt_group in place.group["hunt_groups"].values() for uid in hunt_group["agents"]}
        rows = [
            self._user_row(place, uid, user)
            for uid, (group_id, user) in place.reachable_users().items()
            if uid not in members
            and (not same_group or group_id == place.group_id)
            and (not group or group.get("groupId") == group_id)
            and (not department or same_department(user["department"], department))
        ]
        return self._ok({"available_users": rows})

    # -- hunt groups ---------------------------------------------------------------------------------------------
    def _hunt_group(self, place: Place, hunt_group_id: str) -> dict[str, Any]:
        known = place.group["hunt_groups"]
        if self.dialect["list_ids"] != "as_get":
            hunt_group_id = next((own for own in known if own.lower() == hunt_group_id.lower()), hunt_group_id)
        found: dict[str, Any] | None = known.get(hunt_group_id)
        if not found and self.dialect["missing_group"] == "400_4008":
            raise oci_failure(f"User not found: {hunt_group_id}", "4008")
        if not found:
            raise Refusal(404, f"Not found: {hunt_group_id}")
        return found

    def list_hunt_groups(self, place: Place) -> Response:
        rows = []
        for hunt_group in place.group["hunt_groups"].values():
            profile = hunt_group["serviceInstanceProfile"]
            change_case = {"lower": str.lower, "upper": str.upper}.get(self.dialect["list_ids"], str)
            row = {"serviceUserId": change_case(hunt_group["serviceUserId"]), "name": self.shown_name(profile["name"])}
            row.update({name: profile[name] for name in ("phoneNumber", "extension", "department")})
            if self.dialect["list_number_format"] == "national":
                row["phoneNumber"] = national(row["phoneNumber"], place.group["country_code"])
            row.update(active=hunt_group["active"], policy=hunt_group["policy"])
            rows.append(self._with_department(place, row))
        return self._ok({"hunt_groups": rows})

    def get_hunt_group(self, place: Place, hunt_group_id: str) -> Response:
        return self._ok(self._shown(place, self._hunt_group(place, hunt_group_id)))

    def create_hunt_group(self, place: Place) -> Response:
        wanted = self._templated(self._body())
        hunt_group = self._changed(place, new_hunt_group(""), wanted)
        hunt_group["serviceUserId"] = hunt_group_id = self._new_id(place, wanted, hunt_group)
        if self.dialect["post_status"] == 207:
            self._leave_half_done(hunt_group)
        place.group["hunt_groups"][hunt_group_id] = hunt_group
        return self._ok(self._shown(place, hunt_group), self.dialect["post_status"])

    def _leave_half_done(self, hunt_group: dict[str, Any]) -> None:
        """A POST is several OCI requests, of which the first made the group and a later one failed (vendor note 7)."""
        if self.dialect["post_207_lacks"] == "settings":
            hunt_group.update({name: field.default for name, field in SETTING_FIELDS.items()})
        if self.dialect["post_207_lacks"] != "active":
            hunt_group.update(agents=[], weights={})
        hunt_group["active"] = False

    def update_hunt_group(self, place: Place, hunt_group_id: str) -> Response:
        """A partial update; with rename_on_number a new phone number gives a new id, and a new URL."""
        before = self._hunt_group(place, hunt_group_id)
        hunt_group_id = before["serviceUserId"]
        after = self._changed(place, before, self._body())
        number = after["serviceInstanceProfile"]["phoneNumber"]
        renumbered = number and number != before["serviceInstanceProfile"]["phoneNumber"]
        if renumbered and self.dialect["rename_on_number"]:
            after["serviceUserId"] = self._generated_id(place, after)
            if after["serviceUserId"] != hunt_group_id:
                self._refuse_taken(after["serviceUserId"])
        groups = place.group["hunt_groups"]
        place.group["hunt_groups"] = {
            (after["serviceUserId"] if key == hunt_group_id else key): (after if key == hunt_group_id else value)
            for key, value in groups.items()
        }
        return self._ok(self._shown(place, after))

    def delete_hunt_group(self, place: Place, hunt_group_id: str) -> Response:
        del place.group["hunt_groups"][self._hunt_group(place, hunt_group_id)["serviceUserId"]]
        return self._bare_ok() if self.dialect["delete_body"] == "empty" else self._ok({})

    def get_weights(self, place: Place, hunt_group_id: str) -> Response:
        return self._ok({"agents": self._agent_rows(place, self._hunt_group(place, hunt_group_id))})

    def update_weights(self, place: Place, hunt_group_id: str) -> Response:
        """Agents that are not listed get weight 0 (vendor note 7)."""
        hunt_group = self._hunt_group(place, hunt_group_id)
        weights = self._checked_weights(place, hunt_group, self._body().get("agents"))
        if hunt_group["policy"] != "Weighted" and self.dialect["weights_other_policy"] == "error":
            raise oci_failure(f"The policy of {hunt_group_id} is not weighted call distribution")
        if hunt_group["policy"] == "Weighted" or self.dialect["weights_other_policy"] == "stored":
            hunt_group["weights"] = weights
        return self.get_weights(place, hunt_group_id)

    # -- services of a user ----------------------------------------------------------------------------------------
    @staticmethod
    def _service_name() -> str:
        return request.path.rstrip("/").rpartition("/")[2]

    def get_user_service(self, place: Place, user_id: str) -> Response:
        return self._ok(self._shown_service(self._user_service(place, user_id, self._service_name())))

    def update_user_service(self, place: Place, user_id: str) -> Response:
        """The forwarding page's sample answers a PUT with 200 and no body."""
        name = self._service_name()
        before = self._user_service(place, user_id, name)
        place.group["user_services"][user_id][name] = self._changed_service(name, before, self._body())
        return self._bare_ok()
