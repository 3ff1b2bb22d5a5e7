# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python environments of the project: .dev/NAME, made with uv, or with pip where uv cannot be had."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import awx_collection

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / ".dev"
HOW_TO_GET_PYTHON = (
    "install Python {versions} first (Debian, Ubuntu: apt install python3 python3-venv; or pyenv, uv, brew)"
)


class Trouble(Exception):
    """Something the reader has to do something about; shown without a traceback."""


@dataclass(frozen=True)
class Kind:
    """What an environment is made of: requirements/NAME.txt, on the first of these Pythons that is there."""

    pythons: tuple[str, ...]
    linked: bool = True  # whether it sees the checkout itself as the installed collection
    with_awx: bool = False  # whether its tests use the collection awx.awx


KINDS = {
    "demo": Kind(("3.13", "3.12", "3.14", "3.11"), linked=False),  # has the collection installed as users have it
    "dev": Kind(("3.13", "3.12", "3.14"), with_awx=True),
    "sphinx": Kind(("3.13", "3.12", "3.14")),
    # Each core with the Pythons that it is for, so that all of them are met: 3.11 and 3.12 here, 3.13 in "dev".
    "core216": Kind(("3.12",)),
    "core217": Kind(("3.12",)),
    "core218": Kind(("3.13", "3.12")),
    "core219": Kind(("3.11", "3.12", "3.13")),
    "core220": Kind(("3.13", "3.12", "3.14")),
}


@dataclass(frozen=True)
class Environment:
    """An environment that is ready for use."""

    home: Path

    @property
    def python(self) -> Path:
        return self.home / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return next(self.home.glob("lib/python3.*/site-packages"))

    @property
    def version(self) -> str:
        return self.site_packages.parent.name[len("python") :]

    def variables(self, **more: str | Path) -> dict[str, str]:
        """Environment variables that keep the user's own Ansible, and what it has installed, out of it.

        Bytecode is kept under .dev, also where the machine forbids it: the tests start Ansible hundreds of times, and each
        start would compile it anew.
        """
        foreign = re.compile(r"ANSIBLE_|MOLECULE_|PYTHON(PATH|HOME|DONTWRITEBYTECODE)$|VIRTUAL_ENV$")
        kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        path = [str(self.home / "bin"), *real_path()]
        own = {"PATH": os.pathsep.join(path), "ANSIBLE_HOME": DEV / "home", "ANSIBLE_CONFIG": DEV / "ansible.cfg"}
        own["PYTHONPYCACHEPREFIX"] = DEV / "bytecode"
        locale = {} if "UTF" in kept.get("LC_ALL", kept.get("LANG", "")).upper() else {"LC_ALL": utf8_locale()}
        return {**kept, **locale, **{name: str(value) for name, value in {**own, **more}.items()}}


def ready(name: str) -> Environment:
    """The environment of that name; made first if it is missing, or if its requirements have changed."""
    environment = Environment(DEV / name)
    stamp = environment.home / "stamp"
    wanted = fingerprint(name)
    if not (stamp.is_file() and stamp.read_text() == wanted and environment.python.exists()):
        python = find_python(KINDS[name].pythons)
        print(f"Setting up .dev/{name} with {python} ...", file=sys.stderr, flush=True)
        shutil.rmtree(environment.home, ignore_errors=True)
        prepare_dev_directory()
        install(environment, python, ROOT / "requirements" / f"{name}.txt")
        if KINDS[name].linked:
            link_checkout(environment)
        stamp.write_text(wanted)
    if KINDS[name].with_awx:
        fetch_awx(environment)
    return environment


def fetch_awx(environment: Environment) -> None:
    try:
        awx_collection.fetch(DEV, environment.python)
    except subprocess.CalledProcessError as problem:
        raise Trouble(f"could not download {awx_collection.PACKAGE}; a package registry must be reachable") from problem


def fingerprint(name: str) -> str:
    """Changes with anything the environment depends on; with the place too, as its scripts name it."""
    text = "\n".join([str(ROOT), repr(KINDS[name]), *requirement_lines(ROOT / "requirements" / f"{name}.txt")])
    return hashlib.sha256(text.encode()).hexdigest()


def requirement_lines(file: Path) -> Iterator[str]:
    for line in file.read_text().splitlines():
        if line.startswith("-r "):
            yield from requirement_lines(file.parent / line[3:].strip())
        elif line and not line.startswith("#"):
            yield line


def prepare_dev_directory() -> None:
    (DEV / "home").mkdir(parents=True, exist_ok=True)
    settings = "[defaults]\nnocows = true\nlocalhost_warning = false\n[inventory]\ninventory_unparsed_warning = false\n"
    (DEV / "ansible.cfg").write_text(settings)


def install(environment: Environment, python: str, requirements: Path) -> None:
    """By uv, in seconds; whatever goes wrong with it, by pip."""
    try:
        uv = find_uv()
        run_uv([uv, "venv", "--quiet", "--seed", "--python", python, str(environment.home)])
        run_uv([uv, "pip", "install", "--quiet", "--python", str(environment.python), "-r", str(requirements)])
    except (OSError, subprocess.CalledProcessError):
        print("uv did not do it; using pip, which takes longer ...", file=sys.stderr, flush=True)
        shutil.rmtree(environment.home, ignore_errors=True)
        make_with_pip([python, "-m", "venv", str(environment.home)])
        make_with_pip([str(environment.python), "-m", "pip", "install", "--quiet", "-r", str(requirements)])


def run_uv(command: list[str]) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    subprocess.run(command, check=True, env=environment, cwd=DEV)  # DEV: uv reads no pyproject.toml from elsewhere


def make_with_pip(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError as problem:
        hint = "on Debian and Ubuntu it needs `apt install python3-venv`; and a package registry must be reachable"
        raise Trouble(f"could not set up the environment ({' '.join(command[1:3])} failed); {hint}") from problem


def find_uv() -> str:
    """The uv on the PATH if it runs, or one of our own in .dev/uv."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return found
    own = DEV / "uv" / "bin" / "uv"
    if not own.exists():
        shutil.rmtree(DEV / "uv", ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(DEV / "uv")], check=True)
        subprocess.run([str(own.with_name("python")), "-m", "pip", "install", "-qq", "uv>=0.9,<1"], check=True)
    return str(own)


def link_checkout(environment: Environment) -> None:
    link = environment.site_packages / "ansible_collections" / "telephony" / "pbx"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(ROOT, target_is_directory=True)


def find_python(versions: tuple[str, ...]) -> str:
    """The full path of the first of these versions that really runs (a name on the PATH may be an empty shim)."""
    for version in versions:
        for candidate in candidates(version):
            if python_version(candidate) == version:
                return candidate
    raise Trouble(HOW_TO_GET_PYTHON.format(versions=" or ".join(versions)))


def candidates(version: str) -> Iterator[str]:
    yield sys.executable
    for name in (f"python{version}", "python3"):
        found = shutil.which(name)
        if found:
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}*/bin/python"), reverse=True))
    by_uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    yield from (str(path) for path in sorted(by_uv.glob(f"cpython-{version}*/bin/python{version}"), reverse=True))


def python_version(candidate: str) -> str:
    show = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([candidate, "-c", show], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def real_path() -> list[str]:
    """PATH without pyenv's shims: ansible-test looks up Pythons by name, and fails on those that do not run."""
    shims = re.compile(r"pyenv[^/]*/shims/?$")
    return [part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if not shims.search(part)]


def utf8_locale() -> str:
    """Ansible refuses any other encoding."""
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
