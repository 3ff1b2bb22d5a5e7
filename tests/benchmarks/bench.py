# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures, and writes the tables and plots of the guide to performance. Run by `python3 dev.py bench`.

--quick: small sizes, for a look. --write: into docs/; otherwise only shown. Names of parts ("compared", "rates", "tenants",
"objects") measure these only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "roles" / "simulator" / "files"))

import growth
from compared import Bench, compared
from simulated import running
from tables import Curve, Rows, write_plot, write_table

PARTS = ("compared", "rates", "tenants", "objects")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[], metavar="PART")
    options = parser.parse_args()
    with running() as simulator, tempfile.TemporaryDirectory() as place:
        for part in options.parts or PARTS:
            curves: list[Curve] = []
            rows: Rows
            if part == "compared":
                rows = compared(Bench(simulator, Path(place)), options.quick)
            elif part == "rates":
                rows = growth.rates(simulator)
            elif part == "tenants":
                rows, curves = growth.tenants(simulator, Path(place), options.quick)
            else:
                rows, curves = growth.objects(simulator, options.quick)
            if options.write:
                write_table(part, rows)
                if curves:
                    write_plot(part, part, curves)
    return 0


if __name__ == "__main__":
    sys.exit(main())
