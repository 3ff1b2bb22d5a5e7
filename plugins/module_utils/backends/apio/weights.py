# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights of a BroadWorks hunt group's agents.

Source: page Hunt Group, routes weighted_distribution; vendor note section 7 (agents that are left out get weight 0,
weights take effect under the policy Weighted only).
"""

from __future__ import annotations

from collections.abc import Collection

from ...errors import BadAnswer, Conflict, InvalidOption, NotFound
from ...model.catalog import HUNT_GROUP_WEIGHTS, Capability
from ...model.validate import Declared
from ...model.values import Values
from ..contract import Observed, Store, WriteStep, after_changes, only_match, require
from ..decoding import text, whole_number
from .client import ApioClient, the_user
from .identity import id_of, matching_users, rows_with_id, rows_with_name
from .wire import POLICIES, neutral_policy

CAPABILITY = Capability(options=frozenset({"hunt_group"}), member_options=frozenset({"extension", "weight"}))
TOTAL = 100


class Weights(Store):
    resource = HUNT_GROUP_WEIGHTS
    capability = CAPABILITY
    client: ApioClient

    def check(self, declared: Declared) -> None:
        if "weights" not in declared.values or declared.directives.get("allow_any_total"):
            return
        total = sum(item["weight"] for item in declared.values["weights"])
        if total != TOTAL:
            raise InvalidOption(
                f"{declared.place}: weights: total {total}; they have to total {TOTAL} (or write allow_any_total: true)"
            )

    # -- reading -------------------------------------------------------------------------------------------------------
    def prefetch(self) -> None:
        self.client.groups()

    def find(self, declared: Declared) -> Observed | None:
        key, rows = declared.values["hunt_group"], self.client.groups()
        matches = rows_with_id(rows, key) or rows_with_name(rows, key)
        row = only_match(declared.place, "id or name", matches, map(id_of, matches), "give the full id")
        if row is None:
            raise NotFound(f"{declared.place}: there is no such hunt group; create it first")
        return self._read(row)

    def _path(self, key: str) -> str:
        return self.client.hunt_group_path(key, "weighted_distribution")

    def _read(self, row: Values) -> Observed:
        key = id_of(row)
        agents = self.client.rows(self._path(key), "agents")
        weights = [{"extension": text(agent, "userId"), "weight": whole_number(agent, "weight")} for agent in agents]
        if not all(one["extension"] for one in weights):
            raise BadAnswer(f"APIO: the weights of {key} show an agent without userId")
        values = {"hunt_group": key, "policy": neutral_policy(row.get("policy")), "weights": weights}
        return Observed(values, {"agents": agents})

    def read_all(self) -> list[Observed]:
        return self.read_each(self._read, self.client.groups())

    # -- planning ------------------------------------------------------------------------------------------------------
    def resolve(self, declared: Declared, current: Observed | None) -> Declared:
        current = require(current)
        policy = current.values["policy"]
        if policy != "weighted" and not declared.directives.get("ensure_policy"):
            raise Conflict(
                f"{declared.place}: the policy of the group is {policy}, so weights have no effect; set policy: weighted "
                "on the hunt group, or write ensure_policy: true"
            )
        values = {**declared.values, "policy": "weighted"}
        if "weights" in values:
            values["weights"] = self._by_user(declared, current)
        return declared.with_values(values)

    def _by_user(self, declared: Declared, current: Observed) -> list[Values]:
        """The declared weights with user ids for numbers. Every member has one, and each once."""
        place = f"{declared.place}: weights"
        items = [
            {**item, "extension": self._member(place, item["extension"], current)}
            for item in declared.values["weights"]
        ]
        users = [item["extension"] for item in items]
        left_out = [one["extension"] for one in current.values["weights"] if one["extension"] not in users]
        if left_out:
            raise InvalidOption(
                f"{place}: {', '.join(left_out)} left out; the server would set it to 0, so write every member"
            )
        if len(set(users)) != len(users):
            raise InvalidOption(f"{place}: a member is listed twice")
        return items

    def _member(self, place: str, number: str, current: Observed) -> str:
        found = the_user(matching_users(current.record["agents"], number, self.numbers), number, place)
        if found is None:
            raise NotFound(f"{place}: {number} is no member of the group; weights never add one")
        return found

    def outdated(self, step: WriteStep) -> Collection[str] | None:
        """The list shows the policy, which somebody else may change; the weights themselves are never remembered."""
        return (f"hunt group {require(step.current).values['hunt_group']}", "hunt groups")

    # -- writing -------------------------------------------------------------------------------------------------------
    def update(self, step: WriteStep) -> str | None:
        key, done = require(step.current).values["hunt_group"], ""
        if "policy" in step.changed:
            self.client.send("PUT", self.client.hunt_group_path(key), {"policy": POLICIES["weighted"]})
            done = "the policy was set to weighted"
        if "weights" in step.changed or ("policy" in step.changed and "weights" in step.declared.values):
            agents = [{"userId": item["extension"], "weight": item["weight"]} for item in step.target["weights"]]
            with after_changes(done):
                self.client.send("PUT", self._path(key), {"agents": agents})
        return None
