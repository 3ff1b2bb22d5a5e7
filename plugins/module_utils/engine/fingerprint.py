# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fingerprint of a tenant that was clean: of what is declared and of what the lists of its server show.

A tenant with the same fingerprint is not read object by object. What a list does not show, a fingerprint cannot tell.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any, Callable

from ..backends.contract import Backend, ListState, RunContext
from ..errors import PBXError
from ..model.catalog import Resource
from ..model.values import Values
from .files import whole_path, write_document

FORMAT = 1
_FOLDER = "fingerprints"
_LARGEST = 16 * 1024 * 1024  # bytes
# A declaration can contain short secrets. The rounds make it slow to guess them from a copy of the file.
_ROUNDS = 50_000
_SECONDS_AN_HOUR = 3600


def lists_of(
    backend: Backend, context: RunContext, resources: Iterable[Resource]
) -> dict[str, ListState | None] | None:
    """What the lists of these resources show, by the resource's plural: one read for each list.

    None where a list shows nothing of its kind. None for all when a list cannot be read: the run itself says why.
    """
    try:
        return {resource.plural: backend.store(resource.name, context).list_state() for resource in resources}
    except PBXError:
        return None


class Fingerprint:
    """The file of one tenant in the directory of a site."""

    def __init__(self, state_dir: str, identity: Mapping[str, str], clock: Callable[[], float] = time.time) -> None:
        self._tenant = [identity.get(part, "") for part in ("backend", "url", "tenant", "group")]
        name = hashlib.sha256(json.dumps(self._tenant).encode()).hexdigest()[:32]
        self.path = os.path.join(whole_path(state_dir), _FOLDER, f"{name}.json")
        self._clock = clock

    def known(self, content: Any, max_age: int) -> Values | None:
        """What was kept of a run over the same content, not older than max_age hours. None for anything else.

        The values have the keys `created_at` (seconds since 1970) and those that `keep` was given.
        """
        kept = self._read()
        try:
            age = self._clock() - float(kept["created_at"])
            same = secrets.compare_digest(
                str(kept["digest"]), self._digest(content, kept["salt"], kept["created_at"], kept["values"])
            )
            fresh = 0 <= age <= max_age * _SECONDS_AN_HOUR
            return {**kept["values"], "created_at": kept["created_at"]} if same and fresh else None
        except (KeyError, TypeError, ValueError):
            return None  # not a file of ours, or a damaged one

    def keep(self, content: Any, values: Values) -> None:
        """Write the file anew, whole or not at all. Raises PBXError."""
        salt, created_at = secrets.token_hex(16), int(self._clock())
        document = {"format": FORMAT, "created_at": created_at, "salt": salt, "values": values}
        write_document(self.path, {**document, "digest": self._digest(content, salt, created_at, values)}, own=True)

    def remove(self) -> None:
        """From now on the tenant is compared in full. Raises PBXError."""
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise PBXError(f"{self.path}: cannot be removed ({error.strerror or error})") from None

    def _digest(self, content: Any, salt: str, created_at: int, values: Any) -> str:
        """Of everything in the file too, so that a damaged one, or that of another tenant, is told from the right one."""
        text = json.dumps([FORMAT, self._tenant, created_at, values, content], sort_keys=True, default=_plain)
        return hashlib.pbkdf2_hmac("sha256", text.encode(), bytes.fromhex(salt), _ROUNDS).hex()

    def _read(self) -> Any:
        try:
            if os.path.getsize(self.path) > _LARGEST:
                return {}
            with open(self.path, encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}


def _plain(value: Any) -> Any:
    """A value that JSON has no word for, always in the same way."""
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else str(value)
