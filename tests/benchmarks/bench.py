# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures, and writes the tables and plots of the guide to performance. Run by `python3 dev.py bench`.

--quick: small sizes, for a look. --write: into docs/; otherwise only shown. Names of parts ("compared", "rates", "tenants",
"objects") measure these only.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "roles" / "simulator" / "files"))

import growth
from ansible.release import __version__ as ansible_version
from compared import Bench, compared
from simulated import running
from tables import ROOT, Curve, Rows, write_plot, write_table, write_text

PARTS = ("compared", "rates", "tenants", "objects")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[], metavar="PART")
    options = parser.parse_args()
    compiled_as_installed()
    failed = [part for part in options.parts or PARTS if not measured(part, options.quick, options.write)]
    if options.write and not options.parts and not failed:
        write_text("machine", about(options.quick))
    return 1 if failed else 0


def measured(part: str, quick: bool, write: bool) -> bool:
    """Measure one part, with a simulator and a directory of its own. False when something of it failed."""
    curves: list[Curve] = []
    rows: Rows
    try:
        with running() as simulator, tempfile.TemporaryDirectory() as place:
            if part == "compared":
                rows = compared(Bench(simulator, Path(place)), quick)
            elif part == "rates":
                rows = growth.rates(simulator)
            elif part == "tenants":
                rows, curves = growth.tenants(simulator, Path(place), quick)
            else:
                rows, curves = growth.objects(simulator, quick)
    except (Exception, SystemExit):  # the other parts take minutes and are worth having
        traceback.print_exc()
        print(f"{part}: could not be measured; the guide keeps its figures", file=sys.stderr, flush=True)
        return False
    if write:
        write_table(part, rows)
        if curves:
            write_plot(part, part, curves)
    if part == "objects":
        factors = growth.factors(curves)
        if write:
            write_table("growth", factors)
    return True


def compiled_as_installed() -> None:
    """Let Python keep what it compiles, as it does for what is installed: else each start would be measured with it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".dev" / "pycache")


def about(quick: bool) -> str:
    """What the figures were measured with, as one sentence."""
    run = "a short run (--quick)" if quick else "one run"
    cores = os.cpu_count()
    versions = f"ansible-core {ansible_version} and Python {platform.python_version()}"
    return f"The figures below are of {run} on a machine with {cores} cores, with {versions}."


if __name__ == "__main__":
    sys.exit(main())
