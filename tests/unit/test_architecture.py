# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house is built as it was drawn: imports go downwards, each vendor keeps to its room, modules are documentation."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"
PACKAGE = "ansible_collections.telephony.pbx.plugins"

# Every file of module_utils stands on a floor and imports from lower floors only, or from its own room where that has no
# circle. A vendor's own files may import each other. A new file outside of these rooms needs a line here.
FLOORS = {
    "errors": 0,
    "version": 0,
    "model": 1,
    "transport": 1,
    "backends": 2,  # contract, client, lists, decoding: what all vendors share
    "rules": 2,
    "callflow": 2,  # the walk of a call, which the rules of the vendors are written with
    "backends/VENDOR": 3,
    "backends/registry": 4,
    "backends/call_rules": 4,
    "report": 5,
    "engine": 5,
    "advice": 6,  # rules over a tenant's state; asks the walk of a call
    "entry": 7,
}
VENDORS = ("portaswitch", "vodia", "apio")
PURE = [
    *(f"model/{name}" for name in ("values", "numbers", "problems", "catalog", "validate")),
    *(f"engine/{name}" for name in ("items", "plan", "links", "options", "order", "outcome", "judge", "identity")),
    *(f"rules/{name}" for name in ("builtin", "quoting", "variables")),
    *(f"advice/{name}" for name in ("advise", "destinations", "groups", "loops", "number_plans", "rules", "waivers")),
    "errors",
    "backends/decoding",
    "transport/redaction",
]
IMPURE_IMPORTS = {"os", "io", "socket", "time", "pathlib", "subprocess", "tempfile", "threading", "requests", "random"}
LONGEST_FILE = 400

VENDOR_WORDS = re.compile(
    r"porta|vodia|apio|broadworks|netaxis|servicestack|icustomer|iaccount|i_c_|hginfo|huntsequence|huntkeep"
    r"|st[1-4]_|user_settings|serviceuserid|serviceinstanceprofile|forwardtophone|weighted_distribution",
    re.IGNORECASE,
)
# Where a vendor's word is in its place outside of backends/: (file, word).
LEGITIMATE: set[tuple[str, str]] = set()

OFFLINE = {"tenant_validate"}  # asks no server, so it takes no connection
ACTION_ONLY = {"tenant_audit", "audit_report", "tenant_files", "call_flow_files"}  # run on the controller
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py"))
MODULES = sorted({path.stem for path in (PLUGINS / "modules").glob("*.py")} - OFFLINE - ACTION_ONLY)
FILES = sorted(path for path in PLUGINS.rglob("*.py"))
UTILITIES = sorted(UTILS.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    return f"{PACKAGE}." + ".".join(path.relative_to(PLUGINS).with_suffix("").parts)


KNOWN = {dotted(one).removesuffix(".__init__") for one in FILES}


@cache
def imports(path: Path) -> frozenset[str]:
    """Everything that a file imports, anywhere in it, as absolute dotted names of modules."""
    found: set[str] = set()
    nodes: list[ast.AST] = [parsed(path)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes += node.orelse  # what only the type checker imports is no import of the running code
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = dotted(path).split(".")[: -node.level]
                base = ".".join([*above, *([base] if base else [])])
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in KNOWN else base for alias in node.names}
        else:
            nodes += ast.iter_child_nodes(node)
    return frozenset(found)


def floor_of(name: str) -> str:
    """The line of FLOORS for a dotted name of module_utils."""
    place = name.removeprefix(f"{PACKAGE}.module_utils").lstrip(".").replace(".", "/")
    parts = place.split("/")
    if place in FLOORS:
        return place
    return "backends/VENDOR" if parts[0] == "backends" and len(parts) > 1 and parts[1] in VENDORS else parts[0]


def relative(path: Path) -> str:
    return path.relative_to(PLUGINS).as_posix()


@pytest.mark.parametrize("path", UTILITIES, ids=relative)
def test_imports_go_downwards(path: Path) -> None:
    own = floor_of(dotted(path))
    assert own in FLOORS, f"give {relative(path)} a floor"
    for name in imports(path):
        if not name.startswith(PACKAGE):
            continue
        assert name.startswith(f"{PACKAGE}.module_utils."), f"{name}: module_utils stand on nothing but themselves"
        other = floor_of(name)
        if own == other == "backends/VENDOR":
            vendor, neighbour = (one.split(".backends.")[1].split(".")[0] for one in (dotted(path), name))
            assert vendor == neighbour, f"{vendor} and {neighbour} must not know each other"
        elif own != other:
            assert FLOORS[other] < FLOORS[own], f"{own} imports {other}, which is not below it"


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {dotted(path): imports(path) for path in UTILITIES}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("name", PURE)
def test_what_is_pure_touches_neither_files_nor_time_nor_network(name: str) -> None:
    path = UTILS / f"{name}.py"
    assert not {module.split(".")[0] for module in imports(path)} & IMPURE_IMPORTS
    calls = [node.func for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    assert not {function.id for function in calls if isinstance(function, ast.Name)} & {
        "open",
        "print",
        "input",
        "exec",
        "eval",
    }


def test_requests_is_imported_in_one_file_and_guarded() -> None:
    users = {path for path in FILES for name in imports(path) if name.split(".")[0] in ("requests", "urllib3")}
    assert users == {UTILS / "transport" / "library.py"}
    code = "import sys; sys.modules['requests'] = None\n"
    code += f"from {PACKAGE}.module_utils.entry import run\n"
    code += f"from {PACKAGE}.module_utils.transport import session; print(session.requests)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (shown.stdout, shown.stderr) == ("None\n", "")


def test_the_library_of_the_shared_rate_limit_is_not_loaded_without_need() -> None:
    """Each run loads what it imports, and few runs share a rate limit between machines."""
    pytest.importorskip("redis")
    code = f"import sys\nfrom {PACKAGE}.module_utils.entry import run\nprint('redis' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "False\n"


def words(tree: ast.Module) -> Iterator[str]:
    """Every name and string of a file's code, without its documentation."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in ("DOCUMENTATION", "EXAMPLES", "RETURN"):
                skipped.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value
        for attribute in ("id", "attr", "arg", "name", "asname", "module"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                yield value


@pytest.mark.parametrize("path", [path for path in FILES if "backends" not in path.parts], ids=relative)
def test_no_vendors_word_outside_its_room(path: Path) -> None:
    found = {match.group().lower() for word in words(parsed(path)) for match in VENDOR_WORDS.finditer(word)}
    assert {(relative(path), word) for word in found} <= LEGITIMATE


def test_no_file_grows_into_a_god() -> None:
    """Of everything that is written by hand: most of a module is generated documentation."""
    places = ("plugins", "roles", "tests", "docs/generate")
    found = [path for place in places for path in (ROOT / place).rglob("*.py") if "modules" not in path.parts]
    assert len(found) > 300
    assert [str(path) for path in found if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE] == []


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_every_file_names_its_licence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # REUSE-IgnoreStart
    assert not text or "SPDX-License-Identifier: GPL-3.0-or-later" in text.split("\n\n")[0]
    # REUSE-IgnoreEnd


# -- modules -------------------------------------------------------------------------------------------------------------
def documentation(path: Path, part: str = "DOCUMENTATION") -> Any:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == part:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {part}")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_documentation_and_one_call(module: str) -> None:
    path = PLUGINS / "modules" / f"{module}.py"
    entry = "tenant_module" if module.startswith("tenant") else "object_module"
    assert [name for name in imports(path) if name != "__future__"] == [f"{PACKAGE}.module_utils.entry.{entry}"]
    functions = [node for node in parsed(path).body if isinstance(node, ast.FunctionDef)]
    assert [ast.unparse(node.body[0]) for node in functions] == [f"module.main('{module}')"]
    assert documentation(path)["module"] == module


def needed_by(module: str) -> set[str]:
    """Every file of module_utils that Ansible sends with a module, as dotted names below module_utils."""
    found: set[str] = set()
    names = list(imports(PLUGINS / "modules" / f"{module}.py"))
    while names:
        name = names.pop()
        path = PLUGINS.joinpath(*name.removeprefix(f"{PACKAGE}.").split(".")).with_suffix(".py")
        if name not in found and path.is_file():
            found.add(name)
            names += imports(path)
    return {name.removeprefix(f"{PACKAGE}.module_utils.") for name in found}


@pytest.mark.parametrize("module", [name for name in MODULES if not name.startswith("tenant")])
def test_a_module_for_one_object_is_sent_without_the_code_for_tenants(module: str) -> None:
    """A remote host compiles everything that it gets, for each task anew."""
    needed = needed_by(module)
    assert "engine.pipeline" in needed
    assert [
        name for name in needed if name.split(".")[0] in ("advice", "callflow", "report") or "callflow" in name
    ] == []
    assert not needed & {"entry.tenants", "entry.declarations", "engine.fingerprint", "rules.builtin", "rules.site"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_its_fragments_and_every_fragment_exists(module: str) -> None:
    shared = documentation(PLUGINS / "modules" / f"{module}.py")["extends_documentation_fragment"]
    kind = "attributes.info" if module.endswith("_info") else "attributes"
    assert {f"telephony.pbx.{kind}", "telephony.pbx.connection"} <= set(shared)
    for fragment in shared:
        name, _dot, part = fragment.removeprefix("telephony.pbx.").partition(".")
        text = (PLUGINS / "doc_fragments" / f"{name}.py").read_text(encoding="utf-8")
        assert not part or f"{part.upper()} = " in text


@pytest.mark.parametrize("module", MODULES)
def test_a_module_shows_examples_and_what_it_returns(module: str) -> None:
    path = PLUGINS / "modules" / f"{module}.py"
    tasks = documentation(path, "EXAMPLES")
    assert any(f"telephony.pbx.{module}" in task for task in tasks)
    assert documentation(path, "RETURN")


def test_every_module_has_an_action_plugin_of_its_name() -> None:
    """Ansible loads those before it forks, and each worker anew those of another name."""
    assert {path.stem for path in (PLUGINS / "action").glob("*.py")} == {*MODULES, *OFFLINE, *ACTION_ONLY}
    assert "plugin_routing" not in yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))


def test_every_module_is_in_the_action_group() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["pbx"] == sorted([*MODULES, "tenant_audit"])


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    private = re.compile(r"/(?:work|home|root|Users)/[\w.]+/")
    assert [relative(path) for path in FILES if private.search(path.read_text(encoding="utf-8"))] == []


# -- tests ---------------------------------------------------------------------------------------------------------------
def modules_imported(tree: ast.Module) -> Iterator[str]:
    """Every name that can be a module: what is imported, and what it is imported from, as it is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(alias.name for alias in node.names))


def test_no_file_of_the_tests_imports_a_test_module() -> None:
    """What two test modules need is in a helper module: a test module is for pytest alone."""
    found = {(path.relative_to(ROOT).as_posix(), name) for path in TESTS for name in modules_imported(parsed(path))}
    assert sorted((path, name) for path, name in found if name.split(".")[-1].startswith("test_")) == []
