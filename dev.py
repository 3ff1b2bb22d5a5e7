# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front door of this project: `python3 dev.py COMMAND`. It sets up what a command needs in .dev, then runs it.

Nothing is installed outside .dev, and nothing has to be installed before but Python (3.12 or newer; the demo also
runs on 3.11).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PICTURES = ROOT / "docs" / "images"
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import environments
import lanes
import staging
import steps


def demo(arguments: list[str]) -> int:
    """install the collection as users do and run the playbook telephony.pbx.demo against the simulator"""
    environment = environments.ready("demo")
    collections = staging.installed_collection(environment)
    env = environment.variables(ANSIBLE_COLLECTIONS_PATH=collections)
    return call(["ansible-playbook", "telephony.pbx.demo", *arguments], env)


def test(arguments: list[str]) -> int:
    """all checks and tests (--quick: ruff, mypy and the fast tests only)"""
    if "--quick" in arguments:
        return check(arguments)
    environments.ready("dev")  # both lanes use it
    return lanes.run_lanes(*steps.FULL)


def check(arguments: list[str]) -> int:
    """ruff, mypy and the fast tests only, for while you are writing"""
    environments.ready("dev")
    return lanes.run_lanes(*steps.QUICK)


def pytest(arguments: list[str]) -> int:
    """pytest with arguments of your own, as in: pytest -k hunt_group --cov"""
    return call(["python", "-m", "pytest", *arguments], environments.ready("dev").variables())


def lint(arguments: list[str]) -> int:
    """all checks that run no code: ruff, mypy, ansible-lint, changelog and documentation"""
    environments.ready("dev")
    return lanes.run_lanes(steps.LINT)


def matrix(arguments: list[str]) -> int:
    """pytest and ansible-test sanity on the oldest and the newest ansible-core"""
    for name in ("dev", "core216"):
        environments.ready(name)
    return lanes.run_lanes(*steps.MATRIX)


def generate(arguments: list[str]) -> int:
    """write all generated documentation, schemas and argument specs (--check: only name what is stale)"""
    env = environments.ready("dev").variables()
    return call(["python", "-m", "ansible_collections.telephony.pbx.docs.generate", *arguments], env)


def docs(arguments: list[str]) -> int:
    """build the HTML documentation into .dev/docs/build/html"""
    env = environments.ready("sphinx").variables()
    place = environments.DEV / "docs"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    place.chmod(0o755)  # antsibull-docs refuses a directory that a group may write to
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--lenient", "--dest-dir", str(place)]
    made = call(["antsibull-docs", "sphinx-init", *options, "telephony.pbx"], env)
    shutil.copytree(PICTURES, place / "images")  # where guides look for them: it copies none by itself
    return made or call([str(place / "build.sh")], env)


def screenshots(arguments: list[str]) -> int:
    """run the demo, and take the pictures of README and docs from its report into docs/images (needs Chromium)"""
    report = environments.DEV / "screenshots"
    shutil.rmtree(report, ignore_errors=True)
    failed = demo(["-e", json.dumps({"pbx_report_dir": str(report)})])
    env = environments.ready("dev").variables()
    script = "ansible_collections.telephony.pbx.tests.browser.screenshots"
    return failed or call(["python", "-m", script, str(report / "audit.html"), str(PICTURES)], env)


def bench(arguments: list[str]) -> int:
    """measure against other ways and at growing sizes (--quick: small sizes; --write: into docs/)"""
    return call(["python", "tests/benchmarks/bench.py", *arguments], environments.ready("dev").variables())


def trust(arguments: list[str]) -> int:
    """the suites of tests/trust in full (test runs samples), and their figures (--write: into tests/trust/FIGURES.md)"""
    env = environments.ready("dev").variables(PBX_TRUST="full")
    shutil.rmtree(environments.DEV / "trust", ignore_errors=True)
    write = ["--write"] if "--write" in arguments else []
    others = [argument for argument in arguments if argument != "--write"]
    failed = call(["python", "-m", "pytest", "-q", "-n", "auto", "tests/trust", *others], env)
    return failed or call(["python", "tests/trust/figures.py", *write], env)


def clean(arguments: list[str]) -> int:
    """remove .dev and what tools leave behind"""
    left = [".dev", ".ansible", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "tests/output"]
    for name in left:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    (ROOT / "changelogs" / ".plugin-cache.yaml").unlink(missing_ok=True)
    return 0


COMMANDS: list[Callable[[list[str]], int]] = [
    *(demo, test, check, pytest, lint, matrix, generate, docs, screenshots, bench, trust, clean),
]


def call(command: list[str], env: dict[str, str]) -> int:
    """Run it from the root of the project, with its output shown as it comes."""
    # The full path: the search on PATH would be that of this process, not of the environment.
    program = shutil.which(command[0], path=env["PATH"]) or command[0]
    return subprocess.run([program, *command[1:]], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode


def main() -> int:
    width = max(len(command.__name__) for command in COMMANDS)
    lines = "\n".join(f"  {command.__name__:<{width}}  {command.__doc__}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description=f"{__doc__}\n\ncommands:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="python3 dev.py COMMAND [ARGUMENTS]",
    )
    parser.add_argument("command", choices=[command.__name__ for command in COMMANDS], help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    chosen = next(command for command in COMMANDS if command.__name__ == options.command)
    try:
        return chosen(options.arguments)
    except environments.Trouble as trouble:
        print(f"dev.py: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
