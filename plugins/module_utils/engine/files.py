# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals and backups on disk: written whole or not at all, readable by their owner only, never over something else."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidOption, PBXError
from ..model.values import Values
from .identity import JOURNAL, same_url

_OWNER_ONLY = 0o600
_OWNER_ONLY_FOLDER = 0o700
_LARGEST = 256 * 1024 * 1024


def whole_path(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))


def check_paths(journal: str, backup: str) -> None:
    """Refuse what would lose one of the two files. Raises InvalidOption."""
    if journal and backup and os.path.realpath(whole_path(journal)) == os.path.realpath(whole_path(backup)):
        raise InvalidOption(f"journal: is the same file as backup ({whole_path(backup)}); write two different paths")


def write_document(path: str, document: Values, own: bool = False) -> str:
    """Write a document as JSON (which every YAML reader takes too); returns the whole path.

    The file is there completely or not at all, also when the machine stops meanwhile. own: whether this run has written it
    before; any other file is never replaced. Raises PBXError.
    """
    whole = whole_path(path)
    folder = os.path.dirname(whole)
    partial = ""
    try:
        _check_free(whole, own)
        text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
        _make_folder(folder)
        descriptor, partial = tempfile.mkstemp(dir=folder, prefix=".pbx-")  # owner only, by its contract
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, _OWNER_ONLY)
        if own:
            os.replace(partial, whole)
        else:
            os.link(partial, whole)  # fails where somebody has made the file meanwhile
            os.unlink(partial)
    except (OSError, UnicodeError) as error:
        if partial and os.path.exists(partial):
            os.unlink(partial)
        raise PBXError(f"{whole}: cannot be written ({error})") from None
    return whole


def _make_folder(folder: str) -> None:
    """Make a folder and those above it that are missing, all for their owner only: `os.makedirs` does so with the last."""
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for path in reversed(missing):
        os.makedirs(path, mode=_OWNER_ONLY_FOLDER, exist_ok=True)


def _check_free(whole: str, own: bool) -> None:
    if own or not os.path.lexists(whole):
        return
    if os.path.isfile(whole) and not os.path.islink(whole):
        raise PBXError(
            f"{whole}: is there already and is not overwritten; choose another path for journal or backup, for example with "
            "the time in its name"
        )
    raise PBXError(f"{whole}: is no regular file; choose another path for journal or backup")


def read_document(path: str) -> Any:
    """The content of a journal or backup. Raises InvalidOption."""
    whole = whole_path(path)
    try:
        if not os.path.isfile(whole):
            raise InvalidOption(
                f"restore_from: there is no file {whole}; write the path of a journal or backup, or last"
            )
        if os.path.getsize(whole) > _LARGEST:
            raise InvalidOption(f"restore_from: {whole} is too large to be a journal or backup")
        with open(whole, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise InvalidOption(f"restore_from: {whole} cannot be read as a journal or backup ({error})") from None


def journal_folder() -> str:
    home = os.environ.get("ANSIBLE_HOME") or "~/.ansible"
    return whole_path(os.path.join(home, "telephony_pbx", "journal"))


def journal_path(identity: Mapping[str, str], folder: str = "") -> str:
    """Where a journal goes that nobody chose a place for, named by tenant and time. folder: by default under Ansible's home."""
    place = "-".join(part for part in (identity["backend"], identity["tenant"], identity["group"]) if part)
    name = "".join(character if character.isalnum() or character in "-_." else "_" for character in place)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    return os.path.join(folder or journal_folder(), f"{name}-{stamp}-{secrets.token_hex(4)}.json")


def last_journal(identity: Mapping[str, str], host: str, folder: str = "") -> str:
    """The newest journal of a tenant. host: the inventory name that it has to be of; empty for any.

    Raises InvalidOption when there is none.
    """
    where = whole_path(folder) if folder else journal_folder()
    newest = ("", "")
    for name in sorted(os.listdir(where)) if os.path.isdir(where) else []:
        path = os.path.join(where, name)
        if name.endswith(".json") and not name.startswith(".") and os.path.isfile(path):
            newest = max(newest, (_created_at(path, identity, host), path))
    if not newest[0]:
        raise InvalidOption(f"restore_from: last: there is no journal of this tenant in {where}; write the path of one")
    return newest[1]


def _created_at(path: str, identity: Mapping[str, str], host: str) -> str:
    """When a file was written, empty when it is no journal of this tenant and host."""
    try:
        document = read_document(path)
    except InvalidOption:
        return ""
    if not isinstance(document, dict) or document.get("kind") != JOURNAL:
        return ""
    same = same_url(str(document.get("url")), identity["url"]) and all(
        document.get(part) == identity[part] for part in ("backend", "tenant", "group")
    )
    of_host = not host or document.get("host") in (host, "")
    return f"{document.get('created_at', '')} {os.path.basename(path)}" if same and of_host else ""


def now() -> str:
    """The time as files and reports hold it, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
