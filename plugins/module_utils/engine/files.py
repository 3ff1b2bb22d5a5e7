# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: a tenant's data, written whole or not at all and readable by their owner only; and the rules of a site."""

from __future__ import annotations

import json
import os
import runpy
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidOption, PBXError
from ..model.values import Values
from ..rules import builtin as rules
from ..rules.builtin import ERROR, WARNING, Finding, Rule, Tenant

_OWNER_ONLY = 0o600


def write_document(path: str, document: Values) -> str:
    """Write a tenant document as JSON (which every YAML reader takes too); returns the whole path.

    The file is there completely or not at all, also when the machine stops meanwhile. Raises PBXError.
    """
    whole = os.path.abspath(os.path.expanduser(path))
    folder = os.path.dirname(whole)
    text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
    partial = ""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=folder, prefix=".pbx-")  # owner only, by its contract
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, _OWNER_ONLY)
        os.replace(partial, whole)
    except (OSError, UnicodeError) as error:
        if partial and os.path.exists(partial):
            os.unlink(partial)
        raise PBXError(f"{whole}: cannot be written ({error}); nothing was changed") from None
    return whole


def site_rule(definition: Mapping[str, Any]) -> Rule:
    """A rule of a site: data (see `rules.site_rule`), or a Python file with a function `check(tenant)`.

    definition: `{python: PATH}`, or the data. The function yields dictionaries with id, path, message, and optionally
    severity and hint. Raises ValueError when the rule is not usable.
    """
    if "python" not in definition:
        return rules.site_rule(definition)
    path = os.path.expanduser(str(definition["python"]))
    try:
        check = runpy.run_path(path)["check"]
    except Exception as error:  # whatever a site's own file raises is its author's to read
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from None

    def rule(tenant: Tenant) -> Iterator[Finding]:
        try:
            for found in check(tenant):
                severity = ERROR if found.get("severity", ERROR) == ERROR else WARNING
                texts = [str(found.get(name, "")) for name in ("path", "message", "hint")]
                yield Finding(str(found.get("id", "site")), severity, *texts)
        except Exception as error:  # a site's own code again
            raise InvalidOption(f"rules: {path}: {type(error).__name__}: {error}") from None

    return rule


def journal_path(backend: str, tenant: str) -> str:
    """Where a journal goes that nobody chose a place for: under Ansible's own home, named by tenant and time."""
    home = os.environ.get("ANSIBLE_HOME") or "~/.ansible"
    name = "".join(character if character.isalnum() or character in "-_." else "_" for character in tenant)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    return os.path.join(home, "telephony_pbx", "journal", f"{backend}-{name}-{stamp}-{secrets.token_hex(4)}.json")
