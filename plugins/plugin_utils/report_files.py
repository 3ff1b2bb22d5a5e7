# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading earlier reports, and writing files of the controller: all of a file or nothing of it."""

from __future__ import annotations

import contextlib
import glob
import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.reading import read_audit


def read_report(path: str, option: str) -> dict[str, Any]:
    """The audit in a file. Raises InvalidOption when it cannot be read, or is none."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not a text in UTF-8"
        raise InvalidOption(f"{option}: {path}: {reason}") from None
    return read_audit(text, f"{option}: {path}")


def expanded(patterns: Sequence[str], option: str) -> list[str]:
    """The files that paths and patterns such as `slices/*/audit.json` name, each once. Raises InvalidOption for none."""
    found: list[str] = []
    for pattern in patterns:
        path = os.path.abspath(os.path.expanduser(pattern))
        matches = [path] if os.path.isfile(path) else sorted(glob.glob(path, recursive=True))
        if not matches:
            raise InvalidOption(f"{option}: {pattern}: there is no such file")
        found += matches
    return list(dict.fromkeys(found))


def write_files(directory: str, texts: Mapping[str, str], mode: int | None = None) -> dict[str, OSError]:
    """Write file name -> text into a directory, which is made. Returns file name -> error of those that failed.

    mode: of the files; by default what the umask leaves. A half character that a server may send becomes an escape.
    """
    errors: dict[str, OSError] = {}
    try:
        os.makedirs(directory, exist_ok=True)
    except OSError as error:
        return dict.fromkeys(texts, error)
    mode = 0o666 & ~_umask() if mode is None else mode
    for name, text in texts.items():
        try:
            write_file(os.path.join(directory, name), encoded(text), mode)
        except OSError as error:
            errors[name] = error
    return errors


def encoded(text: str) -> bytes:
    """A text as it is written; see `write_files`."""
    return text.encode("utf-8", "backslashreplace")


def write_file(path: str, content: bytes, mode: int) -> None:
    """Write a file so that it is whole at any moment: beside its place, then moved. Raises OSError."""
    descriptor, partial = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".pbx-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(partial, mode)
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(partial)
        raise


def _umask() -> int:
    """The permission bits that new files do not get. Python can read them only by setting them."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
