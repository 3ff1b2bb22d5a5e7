# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Skipping a tenant that is as it was at its last full comparison, where a user asks for it (see engine/fingerprint.py)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..backends.contract import Backend, ListState, RunContext
from ..engine.fingerprint import Fingerprint, lists_of
from ..engine.outcome import CLEAN, plan_id
from ..engine.state import check_state_dir
from ..errors import InvalidOption, PBXError
from ..model.catalog import tenant_lists
from ..model.problems import ERROR, INFO, WARNING, Finding
from ..model.values import Values
from ..version import VERSION
from . import results
from .arguments import TENANT, own_arguments
from .declarations import Declarations

DEFAULT_MAX_AGE = 24  # hours
# What has no influence on the plan.
_WITHOUT_INFLUENCE = frozenset(
    "backup journal state_dir host expect_plan skip_unchanged skip_unchanged_max_age verify from_variables".split()
)
_OF_THE_CONNECTION = ("country_code", "list_limit")


class Unchanged:
    """Whether one run may be skipped, and what it leaves for the next one.

    asked: whether this run uses fingerprints. A run that does not removes what is no longer true all the same.
    """

    def __init__(
        self, options: Mapping[str, Any], backend: Backend, declared: Declarations, findings: Sequence[Finding]
    ) -> None:
        state_dir = str(options.get("state_dir") or "")
        self.asked = bool(options.get("skip_unchanged"))
        self.max_age = _hours(options.get("skip_unchanged_max_age"))
        if self.asked and not state_dir:
            raise InvalidOption(
                "skip_unchanged: there is no state_dir to keep fingerprints in; set state_dir (in the roles pbx_state_dir)"
            )
        if self.asked:
            check_state_dir(state_dir)
        restores, approved = bool(options.get("restore_from")), bool(options.get("expect_plan"))
        self.skips = self.asked and not (restores or approved or any(one.severity == ERROR for one in findings))
        self.keeps = self.asked and not restores
        self.findings = list(findings)
        self._file = Fingerprint(state_dir, backend.identity) if state_dir else None
        self._backend, self._declared, self._options = backend, declared, options
        self._lists: dict[str, ListState | None] = {}

    def result(self, context: RunContext) -> Values | None:
        """The result of a run that need not be made; None where everything is to be compared. Sends reads of lists only."""
        if self._file is None or not self.asked:
            return None
        resources = [resource for plural, resource in tenant_lists().items() if plural in self._declared.lists]
        # Before any object is read: what changes meanwhile makes the lists of the next run different.
        self._lists = lists_of(self._backend, context, resources) or {}
        if not self.skips or not any(self._lists.values()):
            return None
        kept = self._file.known(self._content(), self.max_age)
        return None if kept is None else self._skipped(kept)

    def begin(self, check_mode: bool) -> None:
        """Remove the fingerprint before a real run: it is outdated even if the run fails. Raises PBXError."""
        if self._file and not check_mode:
            self._file.remove()

    def ended(self, result: Values) -> list[str]:
        """After a full comparison: keep its result if it was clean. Returns what did not work, for the warnings."""
        if self._file is None:
            return []
        try:
            if result.get("failed") or result["verdict"] != CLEAN:
                self._file.remove()
            elif self.keeps and any(self._lists.values()):
                self._file.keep(self._content(), self._values(result))
        except PBXError as error:
            return [f"skip_unchanged: {error}"]
        return []

    def _content(self) -> Any:
        """Everything that the plan depends on, but for what is read of single objects."""
        options = [name for name in own_arguments(TENANT) if name not in {*_WITHOUT_INFLUENCE, *tenant_lists()}]
        declared = [
            [one.resource.name, one.values, one.state, one.membership, dict(one.directives)]
            for one in self._declared.objects
        ]
        lists = {plural: state.rows if state else None for plural, state in self._lists.items()}
        asked = {name: self._options.get(name) for name in (*options, *_OF_THE_CONNECTION)}
        return [VERSION, self._declared.lists, declared, asked, lists]

    def _values(self, result: Values) -> Values:
        own = results.of_findings(self.findings)
        of_run = [one for one in result["findings"] if one not in own]
        return {"summary": result["summary"], "unmanaged": result["unmanaged"], "findings": of_run}

    def _skipped(self, kept: Values) -> Values:
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(kept["created_at"]))
        findings = results.of_findings([*self.findings, self._told(since)])
        result: Values = {
            "changed": False,
            "plan": [],
            "summary": kept["summary"],
            "verdict": CLEAN,
            "plan_id": plan_id(self._backend.identity, ()),
            "findings": [*findings, *kept["findings"]],
            "unmanaged": kept["unmanaged"],
            "unchanged_since": since,
        }
        notes = self._backend.session.notes
        return {**result, "warnings": [self._backend.session.short(note, 1000) for note in notes]} if notes else result

    def _told(self, since: str) -> Finding:
        """What was not looked at, as loud as it deserves: on some systems the lists show everything."""
        whole = [plural for plural, state in self._lists.items() if state and state.whole]
        partly = [plural for plural, state in self._lists.items() if state and not state.whole]
        unseen = [plural for plural, state in self._lists.items() if state is None]
        parts = [
            f"whole in their list: {', '.join(whole)}" if whole else "",
            f"only in part in their list, so that their details were not compared: {', '.join(partly)}"
            if partly
            else "",
            f"in no list, so that they were not compared at all: {', '.join(unseen)}" if unseen else "",
        ]
        return Finding(
            "judged-by-fingerprint",
            WARNING if partly or unseen else INFO,
            "skip_unchanged",
            f"declaration and lists are as they were on {since}, when the tenant was clean; "
            + "; ".join(filter(None, parts)),
            f"everything is compared again {self.max_age} hours after that, or without skip_unchanged",
        )


def _hours(written: Any) -> int:
    hours = DEFAULT_MAX_AGE if written is None else int(written)
    if hours < 1:
        raise InvalidOption(f"skip_unchanged_max_age: {hours} is no number of hours from 1 on")
    return hours
