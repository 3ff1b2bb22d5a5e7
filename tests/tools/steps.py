# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check and test as a step: a function that runs commands through `Log.run`, and may return a short note."""

from __future__ import annotations

import re
import tempfile
from functools import partial
from pathlib import Path

from environments import KINDS, ROOT, Environment, candidates, python_version, ready
from lanes import DEV, Failed, Log, Step
from staging import build, stage, stage_in

SMALL_TESTS = ("tests/unit", "tests/contract")
# What depends on ansible-core: action plugins, arguments, roles and filters in playbooks, and how `ansible-doc` shows modules.
# The laws run all modules from their entry to the wire under the oldest Python that the core brings along. The other playbooks
# run on the oldest core by `python3 dev.py matrix`.
_CORE_PLAYBOOKS = "role every_module mistakes"
CORE_TESTS = (
    *(f"tests/playbooks/test_{name}.py" for name in _CORE_PLAYBOOKS.split()),
    "tests/unit/test_generated_docs.py::test_ansible_doc_shows_every_module",
    "tests/contract/test_laws.py",
)

# The demo, and what covers the differences between cores: for those between the oldest and the newest.
MIDDLE_TESTS = tuple(
    f"tests/playbooks/test_{name}.py"
    for name in ("demo", "connection", "every_module", "shipped_modules", "secrets", "role")
)
# Modules and action plugins that differ from those of `extension` or `tenant` in documentation and a name (test_architecture.py).
ALIKE = (
    *("agent", "extension_info", "follow_me", "follow_me_info", "hunt_group", "hunt_group_info", "hunt_group_weights"),
    *("hunt_group_weights_info", "tenant_info"),
)
# ansible-core -> its environment.
CORES = {
    **{f"2.{minor}": f"core2{minor}" for minor in range(16, 21)},
    "2.21": "dev",
}


def ruff(log: Log) -> None:
    env = ready("dev").variables()
    log.run(["ruff", "check", "--output-format", "concise", "--cache-dir", str(DEV / "ruff_cache"), "."], env=env)
    log.run(["ruff", "format", "--cache-dir", str(DEV / "ruff_cache"), "--check", "--diff", "."], env=env)


def mypy(log: Log) -> str | None:
    """In a staged copy: mypy takes a module's name from the directory that holds ansible_collections."""
    place = stage("mypy")
    checked = place / "plugins" / "module_utils"
    if not any(checked.rglob("*.py")):
        return "nothing there yet"
    cache = ["--cache-dir", str(DEV / "mypy_cache")]
    config = ["--config-file", str(place / "pyproject.toml")]
    top = place.parents[2]
    log.run(["mypy", *config, *cache, str(checked.relative_to(top))], cwd=top, env=ready("dev").variables())
    return None


def pytest_all(log: Log) -> str:
    """Everything under tests/ but what a release wants; the closing line of this one is the last line of the output.

    Two workers, each file in one of them, because the tests of a file share what is slow to start.
    """
    _pytest_in_two(log, ["-m", "not release", "tests"])
    return "see the last line"


def pytest_release(log: Log) -> None:
    """What takes minutes too, and what the tests have samples of in full."""
    _pytest_in_two(log, ["tests"])


def _pytest_in_two(log: Log, selection: list[str]) -> None:
    log.run(["python", "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *selection], env=ready("dev").variables())


def pytest_small(log: Log) -> str:
    """The tests without processes of their own, but for the thorough ones; of properties, fewer examples."""
    quick = ready("dev").variables(PBX_EXAMPLES="quick")
    log.run(["python", "-m", "pytest", "-q", "-n", "2", "-m", "not thorough", *small_tests()], env=quick)
    return "see the last line"


def pytest_oldest(log: Log) -> str | None:
    """What depends on the core, on the oldest one, where there is a Python for it."""
    return pytest_on(log, "2.16", CORE_TESTS)


def pytest_oldest_all(log: Log) -> str | None:
    """The same with every playbook."""
    return pytest_on(
        log, "2.16", ("tests/playbooks", "tests/unit/test_generated_docs.py", "tests/contract/test_laws.py")
    )


def pytest_on(log: Log, core: str, tests: tuple[str, ...]) -> str | None:
    """Tests on a core, where there is a Python for it. The note names the versions that ran."""
    wanted = KINDS[CORES[core]].pythons
    if not any(python_version(candidate) == version for version in wanted for candidate in candidates(version)):
        return f"skipped: no Python {' or '.join(wanted)} here"
    environment = ready(CORES[core])
    cache = ["-o", f"cache_dir={DEV / f'pytest_cache_{CORES[core]}'}"]
    log.run(["python", "-m", "pytest", "-q", *cache, *tests], env=environment.variables())
    show = "import ansible.release; print(ansible.release.__version__)"
    version = log.run(["python", "-c", show], env=environment.variables()).split()[-1]
    return f"ansible-core {version}, Python {environment.version}"


def small_tests() -> list[str]:
    return [name for name in SMALL_TESTS if (ROOT / name).is_dir()]


def ansible_lint(log: Log) -> None:
    """Of what users get. The playbooks of the tests are run, and `lint` and the matrix lint them, too."""
    log.run(["ansible-lint", "--nocolor", "--exclude", "tests", "extensions"], env=ready("dev").variables())


def ansible_lint_all(log: Log) -> None:
    log.run(["ansible-lint", "--nocolor"], env=ready("dev").variables())


def changelog(log: Log) -> None:
    log.run(["antsibull-changelog", "lint"], env=ready("dev").variables())


def reuse(log: Log) -> None:
    """Every file says who owns it and under which licence, as the REUSE specification wants it."""
    log.run(["reuse", "lint", "--quiet"], env=ready("dev").variables())


def docs_lint(log: Log) -> None:
    checks = ["--plugin-docs", "--validate-collection-refs=self", "--check-extra-docs-refs"]
    log.run(["antsibull-docs", "lint-collection-docs", *checks, "."], env=ready("dev").variables())


def galaxy(log: Log) -> None:
    """Galaxy's own judgement of the tarball. It ends with 0 in spite of warnings, so its words are read."""
    dev = ready("dev")
    tarball = build(dev, "galaxy", log.run)
    strict = {
        "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
        "GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER": "true",
        "GALAXY_IMPORTER_RUN_ANSIBLE_LINT": "false",  # it is a step of its own
    }
    said = log.run(
        ["python", "-m", "galaxy_importer.main", str(tarball)], cwd=tarball.parent, env=dev.variables(**strict)
    )
    if re.search(r"WARNING|ERROR", said):
        raise Failed("galaxy-importer warned")


def molecule(log: Log) -> None:
    log.run(["molecule", "test", "--all", "--no-command-borders"], env=ready("dev").variables(NO_COLOR="1"))


def sanity(log: Log) -> None:
    """Of what runs at users' sites. ruff checks the tests, and the matrix runs sanity on them, too.

    Each import of a module or action plugin imports everything below it anew. Most of them are alike, so a few are imported.
    """
    alike = {f"plugins/{kind}/{name}.py" for kind in ("action", "modules") for name in ALIKE}
    imported = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "plugins").rglob("*.py"))]
    chosen = ["--test", "import", *(path for path in imported if path not in alike)]
    run_sanity(log, ready("dev"), "newest", ["--skip-test", "import"], chosen, without="tests")


def sanity_all(log: Log) -> None:
    run_sanity(log, ready("dev"), "newest", [])


def sanity_oldest(log: Log) -> str | None:
    if " " in str(ROOT):
        return "skipped: this core's ansible-test does not start from a path with a space"
    run_sanity(log, ready("core216"), "core216", [])
    return None


def run_sanity(log: Log, environment: Environment, name: str, *selections: list[str], without: str = "") -> None:
    """One run for each selection of tests. ansible-test keeps what it makes under HOME: one for each core, as they would race
    for it."""
    home = DEV / f"ansible-test-{name}"
    env = environment.variables(HOME=home)
    seed = str(Path(__file__).with_name("seed_ansible_test.py"))
    log.run(["python", seed, str(home)], env=environment.variables())
    command = ["ansible-test", "sanity", "--color", "no", "--python", environment.version]
    # Not under .dev: ansible-test would find the checkout's .git above it, take all files as ignored, and be content.
    with tempfile.TemporaryDirectory(prefix="pbx-sanity-") as top:
        place = stage_in(Path(top).resolve(), without)
        said = [log.run([*command, *selection], cwd=place, env=env) for selection in selections]
    if any("All targets skipped" in one for one in said):
        raise Failed("ansible-test saw no files")


FAST = [Step("ruff", ruff), Step("mypy", mypy)]
STATIC = [Step("changelog", changelog), Step("docs lint", docs_lint), Step("reuse", reuse)]
LINT = [
    *FAST,
    Step("ansible-lint", ansible_lint_all),
    *STATIC,
]
# Beside the tests: mypy alone would leave a core idle.
QUICK = (FAST, [Step("pytest", pytest_small)])
# Two lanes that take about as long: what waits for nothing of the other may run beside it. `ansible-test sanity` of the oldest
# core finds little that the newest does not; it runs in the matrix, as does what Galaxy says of a release.
FULL = (
    [*FAST, Step("pytest", pytest_all)],
    [
        *(Step("pytest 2.16", pytest_oldest), Step("sanity 2.21", sanity)),
        *(Step("ansible-lint", ansible_lint), *STATIC, Step("molecule", molecule)),
    ],
)


def matrix(cores: list[str]) -> tuple[list[Step], ...]:
    """The lanes for these cores: everything on the oldest and the newest, the demo and what differs on those between."""
    steps = {
        "2.16": [Step("pytest 2.16", pytest_oldest_all), Step("sanity 2.16", sanity_oldest)],
        "2.21": [
            *(Step("pytest", pytest_release), Step("sanity 2.21", sanity_all)),
            *(Step("ansible-lint", ansible_lint_all), Step("galaxy", galaxy)),
        ],
    }
    for core in cores:
        steps.setdefault(core, [Step(f"pytest {core}", partial(pytest_on, core=core, tests=MIDDLE_TESTS))])
    newest = steps["2.21"] if "2.21" in cores else []
    others = [step for core in cores if core != "2.21" for step in steps[core]]
    return tuple(lane for lane in (newest, others) if lane)
