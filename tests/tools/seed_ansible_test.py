# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python seed_ansible_test.py HOME`: let ansible-test make its environments from the package registry alone.

ansible-test gives each sanity test a bare environment, and gets pip into it with a script from a file host of its own.
Its error message allows to put that script into HOME/.ansible/test/cache by hand, which this does: with a script that
unpacks the very wheels ansible-test asks for. Run it with the Python whose ansible-test is to be seeded.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

SCRIPT = '''\
"""Puts pip into the environment that runs this. Written by seed_ansible_test.py."""
import sysconfig
import zipfile

for wheel in {wheels!r}:
    zipfile.ZipFile(wheel).extractall(sysconfig.get_path("purelib"))
'''


def main() -> int:
    home = Path(sys.argv[1]).resolve()
    cache = home / ".ansible" / "test" / "cache"
    packages = wanted_packages()
    script = cache / f"get_pip_{packages['pip'].replace('.', '_')}.py"
    if not script.exists():
        wheels = download(packages, cache / "wheels")
        script.write_text(SCRIPT.format(wheels=[str(wheel) for wheel in wheels]))
    hand_on_pip_settings(home / ".config" / "pip" / "pip.conf")
    return 0


def wanted_packages() -> dict[str, str]:
    """What this ansible-test puts into an environment, by name and version."""
    from ansible_test._internal.python_requirements import get_venv_packages  # type: ignore[import-untyped]

    python = SimpleNamespace(version=f"{sys.version_info[0]}.{sys.version_info[1]}")
    return dict(get_venv_packages(python))


def download(packages: dict[str, str], directory: Path) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    pinned = [f"{name}=={version}" for name, version in packages.items()]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--dest", str(directory), *pinned], check=True)
    return sorted(directory.glob("*.whl"))


def hand_on_pip_settings(file: Path) -> None:
    """ansible-test drops the PIP_ variables, and HOME is another: write down where pip finds packages here."""
    shown = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    settings: dict[str, dict[str, str]] = {"global": {}, ":env:": {}}
    for line in shown.stdout.splitlines():
        key, value = line.split("=", 1)
        section, option = key.rsplit(".", 1)
        if section in settings and option not in ("require-virtualenv", "user", "target", "prefix"):
            settings[section][option] = value.strip("'\"").replace("\\n", "\n    ")
    lines = [f"{option} = {value}" for option, value in {**settings["global"], **settings[":env:"]}.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(["[global]", *lines, "quiet = 2", ""]))


if __name__ == "__main__":
    sys.exit(main())
