# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PortaSwitch as seen through the Porta Plus 2 web services: hunt groups, extensions and follow-me.

What a field means follows PortaBilling (vendor note 4 and 6); what the pages leave open is a switch.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from .portaswitch_dto import Dto
from .portaswitch_groups import Agents
from .portaswitch_lines import Extensions, FollowMe
from .portaswitch_pages import OPERATIONS, WRITE_ACTIONS, WRITE_LITERALS, tenant
from .portaswitch_servicestack import CONTROLLERS, ServiceFault, ServiceStack
from .portaswitch_switches import HAZARDS, SWITCHES
from .portaswitch_undo import Undo


class PortaSwitch(Agents, Extensions, FollowMe):
    """The vendor: its tenant, its switches, and the way from a request to a service method."""

    name = "portaswitch"
    switches = SWITCHES
    hazards = HAZARDS

    def initial_state(self) -> dict[str, Any]:
        return tenant()

    def is_write(self, method: str, path: str) -> bool:
        """By the route's name: most writes are GETs. On a predefined route only the fields tell, so each is one."""
        parts = [part.lower() for part in path.split("/") if part]
        predefined = len(parts) == 3 and parts[1] in CONTROLLERS["v3"]
        return bool(parts) and (predefined or parts[0].partition(".")[0] in WRITE_LITERALS)

    def set_dialect(self, **values: Any) -> None:
        """`id_overlap` also renumbers the memberships that are there."""
        with self.lock:
            before = self.dialect.get("id_overlap")
            super().set_dialect(**values)
            if self.dialect["id_overlap"] != before:
                self._renumber_memberships()

    def answer(self) -> Response:
        return ServiceStack(OPERATIONS, self.dialect).answer(self._serve)

    def _serve(self, action: str, dto: Dto) -> dict[str, Any] | None:
        """Run one service method; a failing one leaves nothing behind. None is an answer without a body."""
        writes = action in WRITE_ACTIONS
        if writes:  # a read has nothing to take back, and a fleet has thousands of tables to copy
            self.undo = Undo(self.state)
        try:
            values: dict[str, Any] = getattr(self, f"_do_{action}")(dto)
        except ServiceFault:
            if writes:
                self.undo.roll_back()
            if self.dialect["null_result"] == "failures":
                return None
            raise
        kind = "writes" if writes else "reads"
        return None if self.dialect["null_result"] == kind else values

    def _do_nothing(self, dto: Dto) -> dict[str, Any]:
        self._licensed(dto)
        return {}
