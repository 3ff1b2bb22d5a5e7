# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run over one tenant has done, in lines for people: counts, what is wrong, what changed, and how to undo it. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .table import changed_lines

_MOST_FINDINGS = 5  # of each severity
_KEYS = ("create", "update", "delete", "unchanged", "failed", "skipped", "unmanaged")
_PLANNED = ("to create", "to update", "to delete")
_DONE = ("created", "updated", "deleted")
_OTHERS = ("unchanged", "failed", "not begun", "not declared")
_PLAIN_PATH = re.compile(r"[\w/.@%+:-]+")
_RESTORE_TEMPLATE = "PBX | Restore"


@dataclass(frozen=True)
class Place:
    """Where a run takes place. host: the inventory host. sources: the inventories. job: the job of AWX, if it is one, with the
    name of the template that restores and whether the site keeps its files."""

    host: str
    sources: Sequence[str] = ()
    job: str = ""
    restore_template: str = ""
    keeps_files: bool = False


def run_summary(result: Mapping[str, Any], place: Place) -> list[str]:
    """The lines about the result of the module `tenant`."""
    lines = [_counts(result, place.host)]
    if result.get("failed"):
        lines.append(str(result.get("msg") or ""))
    # The message of a failed run has its errors.
    for severity in ("warning",) if result.get("failed") else ("error", "warning"):
        lines += _findings(result, severity)
    lines += changed_lines([one for one in result.get("plan") or [] if isinstance(one, Mapping)])
    return [*lines, *_undo(str(result.get("journal") or ""), place)]


def _counts(result: Mapping[str, Any], host: str) -> str:
    # A variable of Ansible tells of --check only, not of a play or task in check mode.
    planned = any(one.get("status") == "planned" for one in result.get("plan") or [])
    summary = result.get("summary") or {}
    words = (*(_PLANNED if planned else _DONE), *_OTHERS)
    counts = ", ".join(f"{summary.get(key, 0)} {word}" for key, word in zip(_KEYS, words))
    seconds = f"; {result['seconds']:.1f} s" if "seconds" in result else ""
    return f"{host}: {result.get('verdict') or 'incomplete'}: {counts}; {result.get('requests') or 0} requests{seconds}"


def _findings(result: Mapping[str, Any], severity: str) -> Iterator[str]:
    found = [one for one in result.get("findings") or [] if one.get("severity") == severity]
    for one in found[:_MOST_FINDINGS]:
        hint = f"; {one['hint']}" if one.get("hint") else ""
        yield f"{severity}: {one['path']}: {one['message']}{hint} [{one['id']}]"
    if len(found) > _MOST_FINDINGS:
        yield f"and {len(found) - _MOST_FINDINGS} more of severity {severity}"


def _undo(journal: str, place: Place) -> Iterator[str]:
    if not journal:
        return
    if place.job:
        artifacts = f"a file with what pbx_journals of the artifacts of job {place.job} has for this host"
        yield (
            f"To undo this: launch the job template {place.restore_template or _RESTORE_TEMPLATE} with limit {place.host}, "
            f"pbx_restore_from: {journal if place.keeps_files else artifacts}"
        )
        return
    inventories = "".join(f"-i {shlex.quote(source)} " for source in place.sources)
    # NAME=VALUE ends at a blank. YAML does not, and it needs no double quotes, which a debug message shows as \".
    variable = f"pbx_restore_from={journal}" if _PLAIN_PATH.fullmatch(journal) else f"{{pbx_restore_from: {journal}}}"
    command = f"ansible-playbook {inventories}telephony.pbx.restore --limit {shlex.quote(place.host)}"
    yield f"To undo this: {command} -e {shlex.quote(variable)}"
