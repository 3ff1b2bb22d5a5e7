# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects what every host of the play has found into one report, and writes it on the controller."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report import compare, document, formats, merge, table
from ansible_collections.telephony.pbx.plugins.plugin_utils.controller_action import ControllerActionBase
from ansible_collections.telephony.pbx.plugins.plugin_utils.report_files import expanded, read_report, write_files

_OPTIONS: dict[str, Any] = {
    "hosts": {"type": "list", "elements": "str"},
    "variable": {"type": "str", "default": "audit__result"},
    "sources": {"type": "list", "elements": "str"},
    "report_dir": {"type": "path", "default": "pbx-report"},
    "formats": {"type": "list", "elements": "str", "choices": list(formats.FILES), "default": list(formats.FILES)},
    "previous": {"type": "path"},
}
_EITHER = ["hosts", "sources"]


class ActionModule(ControllerActionBase):
    """Never asks a server; writes files in check mode too, as an audit is one."""

    OPTIONS = _OPTIONS
    RULES = {"mutually_exclusive": [_EITHER], "required_one_of": [_EITHER]}

    def carry_out(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return {"changed": False, **self._reported(options, task_vars)}

    def _reported(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        report_dir = os.path.abspath(options["report_dir"])
        problems: list[str] = []
        warnings: list[str] = []
        pictures: dict[str, Any] = {}
        if options["sources"] is not None:
            paths = expanded(options["sources"], "sources")
            found = merge.merged([read_report(path, "sources") for path in paths], paths, now)
        else:
            results = _Results(task_vars, options["variable"])
            entries = [results.entry(host) for host in dict.fromkeys(options["hosts"])]
            found, pictures = document.audit_document(entries, now), results.pictures
        # Read before anything is written: it may be the very file that this audit replaces.
        comparison = _comparison(found, options["previous"], problems, warnings)
        report = formats.Report(found, comparison, pictures)
        texts, errors = formats.rendered(report, list(dict.fromkeys(options["formats"])))
        problems += [f"{name}: could not be made: {type(error).__name__}: {error}" for name, error in errors.items()]
        unwritten = write_files(report_dir, texts)
        problems += [f"{os.path.join(report_dir, name)}: {error.strerror}" for name, error in unwritten.items()]
        written = {
            name: os.path.join(report_dir, file)
            for name, file in formats.FILES.items()
            if file in texts and file not in unwritten
        }
        told: dict[str, Any] = {
            "verdict": found["verdict"],
            "summary": found["summary"],
            "report_dir": report_dir,
            "files": written,
            "stats": document.stats(found, report_dir),
            "table": [
                *table.table(found),
                *_compared_line(comparison),
                *(f"report: {path}" for path in written.values()),
            ],
            "sentences": table.sentences(found),
        }
        if warnings:
            told["warnings"] = warnings
        return {**told, "failed": True, "msg": "; ".join(problems)} if problems else told


class _Results:
    """What the hosts of the play have registered."""

    def __init__(self, task_vars: Mapping[str, Any], variable: str) -> None:
        self.hostvars = task_vars["hostvars"]
        self.variable = variable
        self.pictures: dict[str, list[Mapping[str, str]]] = {}

    def entry(self, host: str) -> dict[str, Any]:
        # As they are: a result holds texts of servers, which nobody may take for templates.
        known = self.hostvars.raw_get(host)
        known = known if isinstance(known, Mapping) else {}
        result = known.get(self.variable)
        result = result if isinstance(result, Mapping) else None
        identity = {} if result and result.get("backend") else self._identity(host, known)
        if result and result.get("pictures"):
            self.pictures[host] = list(result["pictures"])
        return document.tenant_entry(host, result, identity)

    def _identity(self, host: str, known: Mapping[str, Any]) -> dict[str, str]:
        """The tenant of a host whose task failed before it reported one. Without the URL, which may contain a secret."""
        found = {}
        for name in ("backend", "tenant", "group"):
            if f"pbx_{name}" in known:
                try:
                    found[name] = str(self.hostvars[host][f"pbx_{name}"])
                except (AnsibleError, KeyError):
                    continue  # it cannot be told; the message of the tenant says what is wrong
        return found


def _comparison(
    found: Mapping[str, Any], path: str | None, problems: list[str], warnings: list[str]
) -> dict[str, Any] | None:
    if not path:
        return None
    if not os.path.exists(path):
        warnings.append(f"previous: there is no earlier report at {path}, so nothing is compared")
        return None
    try:
        return compare.compared(found, read_report(path, "previous"))
    except InvalidOption as error:
        problems.append(str(error))
        return None


def _compared_line(comparison: Mapping[str, Any] | None) -> list[str]:
    if comparison is None:
        return []
    counts = ", ".join(f"{len(comparison[group])} {group}" for group in compare.GROUPS)
    return [f"since {comparison['previous_generated_at']}: {counts}"]
