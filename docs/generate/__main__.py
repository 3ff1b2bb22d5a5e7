# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python3 dev.py generate [--check]`: writes every generated part, or with --check only names the stale ones."""

from __future__ import annotations

import sys

from .everything import generated
from .places import COMMAND, GenerateError, relative


def main(arguments: list[str]) -> int:
    try:
        files = generated()
    except GenerateError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    stale = {path: text for path, text in files.items() if not path.is_file() or path.read_text("utf-8") != text}
    if "--check" in arguments:
        for path in stale:
            print(f"stale: {relative(path)}; run {COMMAND}")
        return 1 if stale else 0
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote {relative(path)}")
    print(f"{len(files)} files with generated parts, {len(stale)} of them written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
