# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files that do not exist yet: a JSON object of relative path to content on standard input.

Prints what was created, what exists with the same content, and what exists with another one. A file that exists is never
changed, a link that leads nowhere included.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", required=True, type=Path)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true")
    mode.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    found: dict[str, list[str]] = {"created": [], "same": [], "different": []}
    try:
        for name, content in json.load(sys.stdin).items():
            found[place(options.directory / name, content, options.write)].append(name)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found))
    return 0


def place(path: Path, content: str, write: bool) -> str:
    """Write one file unless it is there: `created`, `same` or `different`."""
    if os.path.lexists(path):
        return "same" if path.is_file() and path.read_bytes() == content.encode() else "different"
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content.encode())
    return "created"


if __name__ == "__main__":
    sys.exit(main())
