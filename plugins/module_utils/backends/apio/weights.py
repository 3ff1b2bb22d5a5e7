# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights of a BroadWorks hunt group's agents.

Source: page Hunt Group, routes weighted_distribution; vendor note section 7 (agents that are left out get weight 0,
weights take effect under the policy Weighted only).
"""

from __future__ import annotations

from ...errors import Conflict, InvalidOption, NotFound
from ...model.catalog import HUNT_GROUP_WEIGHTS, MEMBER_FIELDS, Capability
from ...model.values import Values, canonical
from ..contract import Observed, Store, always
from .client import ApioClient
from .wire import POLICIES, matching_users, neutral_policy, same_id

CAPABILITY = Capability(options=frozenset({"hunt_group"}), member_options=frozenset({"extension", "weight"}))
TOTAL = 100


class Weights(Store):
    resource = HUNT_GROUP_WEIGHTS
    capability = CAPABILITY

    def __init__(self, client: ApioClient) -> None:
        super().__init__()
        self.client = client

    def check(self, desired: Values) -> None:
        if "weights" not in desired or desired.get("allow_any_total"):
            return
        total = sum(item["weight"] for item in desired["weights"])
        if total != TOTAL:
            raise InvalidOption(
                f"hunt_group_weights {desired['hunt_group']}: weights: total {total}; they have to total {TOTAL} "
                "(or write allow_any_total: true)"
            )

    # -- reading -----------------------------------------------------------------------------------------------------
    def find(self, desired: Values) -> Observed | None:
        key = desired["hunt_group"]
        rows = self.client.groups()
        matches = [row for row in rows if same_id(str(row.get("serviceUserId") or ""), key)]
        matches = matches or [row for row in rows if str(row.get("name") or "") == key]
        if len(matches) > 1:
            ids = ", ".join(str(row.get("serviceUserId")) for row in matches)
            raise Conflict(f"hunt_group_weights {key}: {len(matches)} groups match ({ids}); give the full id")
        if not matches:
            raise NotFound(f"hunt_group_weights {key}: there is no such hunt group; create it first")
        return self._read(matches[0])

    def _path(self, key: str) -> str:
        return self.client.hunt_groups(key, "weighted_distribution")

    def _read(self, row: Values) -> Observed:
        key = str(row.get("serviceUserId") or "")
        agents = self.client.rows(self._path(key), "agents")
        weights = [
            {
                "extension": str(agent.get("userId") or ""),
                "weight": canonical(MEMBER_FIELDS["weight"], agent.get("weight")),
            }
            for agent in agents
        ]
        values = {"hunt_group": key, "policy": neutral_policy(row.get("policy")), "weights": weights}
        return Observed(values, {"agents": agents})

    def read_all(self) -> list[Observed]:
        return self.read_each(self._read, self.client.groups())

    def resolve(self, desired: Values, current: Observed | None, state: str) -> Values:
        current = always(current)
        place = f"hunt_group_weights {desired['hunt_group']}"
        policy = current.values["policy"]
        if policy != "weighted" and not desired.get("ensure_policy"):
            raise Conflict(
                f"{place}: the policy of the group is {policy}, so weights have no effect; set policy: weighted "
                "on the hunt group, or write ensure_policy: true"
            )
        desired = {**desired, "policy": "weighted"}
        if "weights" not in desired:
            return desired
        items = [{**item, "extension": self._member(place, item["extension"], current)} for item in desired["weights"]]
        users = [item["extension"] for item in items]
        left_out = [one["extension"] for one in current.values["weights"] if one["extension"] not in users]
        if left_out:
            raise InvalidOption(
                f"{place}: weights: {', '.join(left_out)} left out; the server would set it to 0, so write every member"
            )
        if len(set(users)) != len(users):
            raise InvalidOption(f"{place}: weights: a member is listed twice")
        return {**desired, "weights": items}

    @staticmethod
    def _member(place: str, number: str, current: Observed) -> str:
        found = matching_users(current.record["agents"], number)
        if len(found) == 1:
            return found[0]
        if found:
            raise Conflict(f"{place}: weights: {number} fits several members ({', '.join(found)}); write the user id")
        raise NotFound(f"{place}: weights: {number} is no member of the group; weights never add one")

    # -- writing -----------------------------------------------------------------------------------------------------
    def create(self, desired: Values, target: Values) -> str | None:
        raise AssertionError("weights are always there")

    def update(self, current: Observed, desired: Values, target: Values, changed: set[str]) -> str | None:
        key = current.values["hunt_group"]
        if "policy" in changed:
            self.client.write("PUT", self.client.hunt_groups(key), {"policy": POLICIES["weighted"]})
        if "weights" in changed or "policy" in changed:
            agents = [{"userId": item["extension"], "weight": item["weight"]} for item in target["weights"]]
            self.client.write("PUT", self._path(key), {"agents": agents})
        return None

    def delete(self, current: Observed, desired: Values) -> None:
        raise AssertionError("weights cannot be deleted")
