# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a journal or backup, in place of declared ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..engine import files
from ..engine.identity import BACKUP, check_belongs, opened
from ..engine.state import journals_of
from ..errors import InvalidOption
from ..model.catalog import tenant_lists
from ..model.values import Values


def restored_options(options: Mapping[str, Any], identity: Mapping[str, str]) -> Values:
    """The lists of the file that `restore_from` names, and its path as `restored_from`. Raises InvalidOption.

    identity: of the system that the options lead to; see `Backend.identity`.
    """
    source = str(options.get("restore_from") or "")
    given = [plural for plural in tenant_lists() if options.get(plural) is not None]
    if given:
        raise InvalidOption(f"restore_from: the objects come from the file; leave out {', '.join(given)}")
    path = source
    if os.path.basename(source) == "last":
        folder = journals_of(str(options.get("state_dir") or ""))
        path = files.last_journal(identity, str(options.get("host") or ""), folder)
    document = files.read_document(path)
    form, objects = opened(document, f"restore_from: {path}")
    if not options.get("restore_other_tenant"):
        check_belongs(document, identity, f"restore_from: {path}")
    missing = [plural for plural in options.get("purge") or [] if form != BACKUP or plural not in objects]
    if missing:
        raise InvalidOption(
            f"purge: {', '.join(missing)}: {path} is a journal, or does not have this list; it says nothing of objects "
            "that were not changed, so they must not be deleted because of it"
        )
    return {**{plural: _undone(plural, found) for plural, found in objects.items()}, "restored_from": path}


def _undone(plural: str, objects: list[Values]) -> list[Values]:
    """Objects of a journal. What the run itself had created goes, even if others led to its number before there was one."""
    if "leave_references" not in tenant_lists()[plural].directives:
        return objects
    return [{**one, "leave_references": True} if one.get("state") == "absent" else one for one in objects]
