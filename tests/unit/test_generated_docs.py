# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is generated is up to date, complete, and made of the tables that the modules check by."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.telephony.pbx.docs.generate import blocks, everything, guides, prose, returns, roles
from ansible_collections.telephony.pbx.docs.generate.places import (
    GUIDES,
    MODULES,
    GenerateError,
    relative,
)
from ansible_collections.telephony.pbx.plugins.module_utils.backends.apio import wire
from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import Observed
from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.engine.outcome import (
    Outcome,
    Unmanaged,
    difference,
    summary,
)
from ansible_collections.telephony.pbx.plugins.module_utils.engine.plan import Change, Step
from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection, declarations, objects
from ansible_collections.telephony.pbx.plugins.module_utils.entry.specification import specification
from ansible_collections.telephony.pbx.plugins.module_utils.model import catalog
from ansible_collections.telephony.pbx.plugins.module_utils.model.problems import Finding
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import Declared
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

HUNT_GROUP: Any = catalog.HUNT_GROUP  # its tables are read-only to the type checker, and changed here
NAMES = arguments.module_names()
TOOLS = Path(sys.executable).parent


def stale() -> set[str]:
    """The files that are not what the tables make of them."""
    made = everything.generated()
    return {relative(path) for path, text in made.items() if path.read_text(encoding="utf-8") != text}


def block(module: str, name: str) -> Any:
    """A documentation block of a module as Ansible reads it."""
    text = (MODULES / f"{module}.py").read_text(encoding="utf-8")
    return yaml.safe_load(text.partition(f'{name} = r"""')[2].partition('"""')[0])


# -- up to date --------------------------------------------------------------------------------------------------------
def test_everything_is_up_to_date() -> None:
    assert stale() == set(), "run: python3 dev.py generate"


@pytest.mark.thorough
def test_a_changed_range_makes_all_its_places_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(HUNT_GROUP.fields["overflow_after"], limits=(0, 7201))
    monkeypatch.setitem(HUNT_GROUP.fields, "overflow_after", changed)
    assert stale() == {
        "plugins/modules/hunt_group.py",
        "docs/docsite/rst/guide_apio.rst",
        "docs/docsite/rst/tenant_reference.rst",
        "docs/tenant.schema.json",
        "docs/host_vars.schema.json",
        "playbooks/example/host_vars.schema.json",
    }


@pytest.mark.thorough
def test_a_new_setting_makes_guide_and_schemas_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wire.SETTINGS, "callQueueLength", Field("int", limits=(0, 9)))
    assert stale() == {
        "docs/docsite/rst/guide_apio.rst",
        "docs/tenant.schema.json",
        "docs/host_vars.schema.json",
        "playbooks/example/host_vars.schema.json",
    }


@pytest.mark.thorough
def test_a_changed_default_of_the_connection_makes_fragment_roles_and_guide_stale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.DEFAULTS, "timeout", 31.0)
    assert {"plugins/doc_fragments/connection.py", "docs/docsite/rst/guide_behaviour.rst"} < stale()


@pytest.mark.thorough
def test_the_command_names_what_is_stale(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from ansible_collections.telephony.pbx.docs.generate.__main__ import main

    assert main(["--check"]) == 0
    monkeypatch.setitem(wire.SETTINGS, "callQueueLength", Field("int", limits=(0, 9)))
    assert main(["--check"]) == 1
    assert "stale: docs/docsite/rst/guide_apio.rst; run python3 dev.py generate" in capsys.readouterr().out


# -- complete ----------------------------------------------------------------------------------------------------------
def test_an_option_without_a_description_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HUNT_GROUP.fields, "music", Field())
    with pytest.raises(GenerateError, match="module hunt_group: the option music has no description"):
        everything.generated()


def test_so_is_a_member_option_and_an_option_of_the_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(HUNT_GROUP.items.fields, "skill", Field("int"))
        with pytest.raises(GenerateError, match="members: the option skill has no description"):
            everything.generated()
    more = {**arguments.tenant_arguments(), "dry_run": {"type": "bool"}}
    monkeypatch.setattr(arguments, "tenant_arguments", lambda: more)
    with pytest.raises(GenerateError, match="module tenant: the option dry_run has no description"):
        everything.generated()


def test_a_description_of_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(HUNT_GROUP.fields, "enabled")
    with pytest.raises(GenerateError, match="there is no option enabled; remove its description"):
        everything.generated()


def test_a_new_kind_of_object_needs_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        catalog.RESOURCES, "park_slot", replace(catalog.EXTENSION, name="park_slot", plural="park_slots")
    )
    with pytest.raises(GenerateError, match="plugins/modules/park_slot.py is missing"):
        everything.generated()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".. table: vodia hunt_group settings\n", "1 tables begin .* and 0 end"),
        (".. end of table\n", "0 tables begin .* and 1 end"),
        (".. table: vodia hunt_group options\n.. table: connection\n.. end of table\n", "2 tables begin"),
        (".. table: vodia hunt_group setting\n.. end of table\n", "`vodia hunt_group setting` is unknown"),
        (".. table: vodia agent options\n.. end of table\n", "`vodia agent options` is unknown"),
        (".. table: vodia hunt_group policies\n.. end of table\n", "`vodia hunt_group policies` is empty"),
    ],
)
def test_a_marker_that_does_nothing_is_an_error(text: str, message: str) -> None:
    with pytest.raises(GenerateError, match=message):
        guides.with_tables(text, "guide.rst")


def test_every_table_is_in_one_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    used = [name for path in GUIDES.glob("*.rst") for name in guides.marked(path.read_text(encoding="utf-8"))]
    assert len(used) == len(set(used))
    assert set(guides.wanted()) <= set(used)
    monkeypatch.setattr(guides, "wanted", lambda: [*used, "vodia park_slot options"])
    with pytest.raises(GenerateError, match="no guide has the table vodia park_slot options"):
        guides.files()


@pytest.mark.parametrize("text", ["", "options: 1\noptions: 2\n"])
def test_a_place_that_is_missing_or_there_twice_is_an_error(text: str) -> None:
    with pytest.raises(GenerateError, match="it needs one"):
        blocks.with_block(text, "^options: .$", "x", "module.py", "the options")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_guide_links_the_modules_of_its_backend(backend: str) -> None:
    text = (GUIDES / f"guide_{backend}.rst").read_text(encoding="utf-8")
    assert [name for name in BACKENDS[backend].stores if f"telephony.pbx.{name}#module" not in text] == []


# -- results -----------------------------------------------------------------------------------------------------------
def test_the_plan_is_documented_as_it_is() -> None:
    declared = Declared(HUNT_GROUP, {"id": "200"})
    change = Change("overflow_to", None, "1", "overflow_to")
    step = Step(HUNT_GROUP, "200", "Sales", "update", declared, declared, Observed({}), changes=(change,), kept=("101",),
                how=("x",), origin="purge")  # fmt: skip
    entry = Outcome(step, "failed", error="x", error_class="Conflict").as_result()
    plan = returns.common("plan")["contains"]
    assert set(plan) == set(entry)
    assert set(plan["changes"]["contains"]) == set(entry["changes"][0])
    assert set(returns.common("diff")["contains"]) == set(difference([step]) or {})
    told = " ".join(returns.common("summary")["description"])
    assert set(returns.common("summary")["sample"]) == set(summary([])) == set(re.findall(r"C\((\w+)\)", told))
    assert set(returns.common("unmanaged")["contains"]) == set(Unmanaged("", "", "").as_result())
    assert set(returns.common("findings")["contains"]) == set(Finding("", "", "", "").as_result())


@pytest.mark.parametrize("module", NAMES)
def test_a_module_documents_its_own_result(module: str) -> None:
    documented = block(module, "RETURN")
    assert set(returns.own_keys(module)) | set(returns.common_keys(module)) <= set(documented)
    assert list(documented) == list(returns.of_module(module))


# -- examples ----------------------------------------------------------------------------------------------------------
def examples(module: str) -> list[dict[str, Any]]:
    return [task[f"telephony.pbx.{module}"] for task in block(module, "EXAMPLES")]


@pytest.mark.parametrize("module", NAMES)
def test_the_examples_have_valid_arguments(module: str) -> None:
    assert examples(module)
    for example in examples(module):
        given = {name: [] if value == "{{ all_hunt_groups }}" else value for name, value in example.items()}
        checked = ArgumentSpecValidator(specification(module)).validate(given)
        assert (checked.error_messages, checked.unsupported_parameters) == ([], set())


@pytest.mark.parametrize("module", list(catalog.RESOURCES))
def test_the_examples_can_be_expressed_on_their_backend(module: str) -> None:
    for example in examples(module):
        store = declarations.offline_store(example["backend"], module)
        assert objects.declare_one(store, example, example["backend"]).values


def test_the_options_of_a_tenant_have_examples() -> None:
    shown = {name for example in examples("tenant") for name in example}
    shown |= {name for example in examples("tenant_validate") for name in example}
    # Explained in the guides.
    silent = {
        "follow_me",
        "on_error",
        "backup",
        "journal",
        "state_dir",
        "ignore_rules",
        "expectations_undecided",
        "call_assumptions",
        "skip_unchanged",
        "skip_unchanged_max_age",
    }
    assert set(arguments.tenant_arguments()) - shown == silent
    deletion = {name for module in ("hunt_group", "extension") for example in examples(module) for name in example}
    assert {"remove_from_hunt_groups", "leave_references", "list_limit"} <= deletion


# -- what Ansible makes of it ------------------------------------------------------------------------------------------
@pytest.mark.thorough
def test_ansible_doc_shows_every_module() -> None:
    names = [f"telephony.pbx.{name}" for name in NAMES]
    command = [str(TOOLS / "ansible-doc"), "-t", "module", "-j", *names]
    shown = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    for module in NAMES:
        documented = shown[f"telephony.pbx.{module}"]
        assert set(documented["doc"]["options"]) == set(specification(module))
        assert documented["return"] == block(module, "RETURN")


def test_the_roles_describe_their_variables_by_their_own_names() -> None:
    for name in roles.described():
        for variable, entry in roles.variables(name).items():
            assert prose.texts(entry), variable
            assert not any("O(purge)" in text or "RV(" in text for text in prose.texts(entry)), variable
