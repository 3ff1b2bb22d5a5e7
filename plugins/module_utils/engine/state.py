# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of a site for journals and backups, such as a volume that is mounted into a container."""

from __future__ import annotations

import os
import tempfile

from ..errors import InvalidOption
from .files import whole_path

_JOURNALS, _BACKUPS = "journals", "backups"


def check_state_dir(path: str) -> None:
    """Refuse a directory that is not there or not writable: it may not be mounted. Raises InvalidOption.

    It is never created, because a directory that was made in a container is lost with it.
    """
    whole = whole_path(path)
    if not os.path.isdir(whole):
        raise InvalidOption(
            f"state_dir: there is no directory {whole}, so journals and backups would be lost; mount or create it, or correct "
            "state_dir (in the roles pbx_state_dir)"
        )
    try:
        with tempfile.TemporaryFile(dir=whole):
            pass
    except OSError as error:
        raise InvalidOption(
            f"state_dir: {whole} is not writable ({error.strerror or error}), so journals and backups would be lost; let the "
            "user of this run write there, or correct state_dir (in the roles pbx_state_dir)"
        ) from None


def journals_of(state_dir: str) -> str:
    """Where the journals are; empty for the default place."""
    return os.path.join(whole_path(state_dir), _JOURNALS) if state_dir else ""


def backup_in(state_dir: str, backup: str) -> str:
    """The path of a backup: a relative one begins in the directory of the site."""
    if not (state_dir and backup) or os.path.isabs(os.path.expanduser(backup)):
        return backup
    return os.path.join(whole_path(state_dir), _BACKUPS, backup)
