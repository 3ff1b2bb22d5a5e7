# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the checkout, as a collection at its right place: ansible-test, mypy and the build need a real one."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from environments import DEV, ROOT, Environment, Trouble

Run = Callable[..., object]
# Without git nothing tells what is ignored: these names are the directories of .gitignore.
CACHES = {".git", ".dev", ".venv", ".ansible", ".hypothesis", "__pycache__", "collections", "htmlcov"}


def project_files() -> list[Path]:
    """The files that belong to the project, relative to it: tracked or new, and not ignored."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            names = sorted(set(filter(None, listed.stdout.split("\0"))))
            return [Path(name) for name in names if (ROOT / name).is_file()]  # not those deleted but still tracked
    return sorted(walk())


def walk() -> list[Path]:
    found = []
    for directory, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in CACHES and not name.endswith("_cache")]
        here = Path(directory).relative_to(ROOT)
        found += [here / name for name in names if not name.endswith((".pyc", ".tar.gz"))]
    return found


def stage(name: str) -> Path:
    """A fresh copy in .dev/stage-NAME/ansible_collections/telephony/pbx; returns its path."""
    top = DEV / f"stage-{name}"
    shutil.rmtree(top, ignore_errors=True)
    return stage_in(top)


def stage_in(top: Path, without: str = "") -> Path:
    """A copy, if wished without the files of one directory."""
    place = top / "ansible_collections" / "telephony" / "pbx"
    for file in project_files():
        if without and file.parts[0] == without:
            continue
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, place / file)
    return place


def content_hash() -> str:
    found = hashlib.sha256(str(ROOT).encode())
    for file in project_files():
        found.update(f"\0{file}\0".encode())
        found.update((ROOT / file).read_bytes())
    return found.hexdigest()


def build(environment: Environment, name: str, run: Run) -> Path:
    """The collection as a tarball, in .dev/build-NAME."""
    place = stage(name)
    output = DEV / f"build-{name}"
    shutil.rmtree(output, ignore_errors=True)
    command = ["ansible-galaxy", "collection", "build", "--output-path", str(output), "."]
    run(command, cwd=place, env=environment.variables())
    return next(output.glob("*.tar.gz"))


def installed_collection(environment: Environment) -> Path:
    """A collections path with the collection installed from its tarball, as users have it; renewed after any edit."""
    collections = DEV / "demo-collections"
    stamp = collections / "stamp"
    wanted = content_hash()
    if not (stamp.is_file() and stamp.read_text() == wanted):
        shutil.rmtree(collections, ignore_errors=True)
        tarball = build(environment, "demo", run_quietly)
        command = ["ansible-galaxy", "collection", "install", "--offline", "-p", str(collections), str(tarball)]
        run_quietly(command, cwd=DEV, env=environment.variables(ANSIBLE_COLLECTIONS_PATH=collections))
        stamp.write_text(wanted)
    return collections


def run_quietly(command: list[str], cwd: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
