# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: what a vendor or a tenant file says is data, and never run, however much it looks like a template.

Whoever may name a hunt group could run commands on the controller otherwise. Real playbooks, on the newest core.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.telephony.pbx.tests.contract.cases import Values
from ansible_collections.telephony.pbx.tests.playbooks import conftest as playbooks
from ansible_collections.telephony.pbx.tests.playbooks.conftest import Play, Run
from ansible_collections.telephony.pbx.tests.trust import figures
from pbx_simulator import VENDORS, Vendor
from pbx_simulator.server import RunningVendor

SUITE = "Templates"
PLAYBOOK = Path(__file__).resolve().parent / "playbooks" / "templates.yml"
SUM = "x{{ 7*7 }}x"
SOLVED = "x49x"  # what it would be; by itself in no output
play = playbooks.play  # a fixture

CONNECTIONS: dict[str, Values] = {
    "portaswitch": {"tenant": 10, "token": playbooks.TOKENS["portaswitch"]},
    "vodia": {"tenant": "localhost", "username": "admin", "password": "demo-password"},
    "apio": {"tenant": "ApioSpTest", "group": "ApioGrpTest", "token": playbooks.TOKENS["apio"]},
}


def texts(canary: Path) -> list[str]:
    """Texts that would touch the canary, or calculate, if anybody ran them."""
    touch = f"lookup('ansible.builtin.pipe', 'touch {canary}')"
    return [
        f"{SUM} {{{{ {touch} }}}}",
        f"{SUM} {{% for n in [1] %}}{{{{ {touch} }}}}{{% endfor %}}",
        f"{SUM} {{# a comment #}} left",
        f"!unsafe {SUM}",
        f"{{{{ '{{{{' }}}} {touch} {{{{ '}}}}' }}}} {SUM}",
        f"{{% raw %}}{SUM}{{% endraw %}} {{{{ {touch} }}}}",
        f"#jinja2: variable_start_string: '[[' {SUM}",
        f"{{'__ansible_unsafe': '{SUM}'}}",
        f"{SUM}\\n{{%- set n = {touch} -%}}",
    ]


class Marked(str):
    """A text that is written with !unsafe, as an export does."""


class Writer(yaml.SafeDumper):
    """Writes a tenant file as people should: what looks like a template is marked."""


class Reader(yaml.SafeLoader):
    """Reads what Ansible reads."""


Writer.add_representer(Marked, lambda writer, text: writer.represent_scalar("!unsafe", str(text), style='"'))
Reader.add_constructor("!unsafe", lambda reader, node: reader.construct_scalar(node))


def marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: marked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [marked(item) for item in value]
    return Marked(value) if isinstance(value, str) and "{" in value else value


def hold(vendors: dict[str, Vendor], held: list[str]) -> None:
    """Put the texts where a vendor keeps what people may write freely. BroadWorks takes 30 characters."""
    domain = vendors["vodia"].state["domains"]["localhost"]["accounts"]
    for number, text in zip(("1002", "1003", "1004"), held):
        domain[number]["settings"].update(display=text, param1=text, email=text)
    ours = vendors["portaswitch"].state["customers"]["10"]
    people = [*ours["groups"].values(), *ours["extensions"].values()]
    for one, text in zip(people, held * len(people)):
        one["name"] = text
    for row in vendors["portaswitch"].state["follow_me_numbers"].values():
        row.update(name=f"{row['name']} {SUM}", period_description=held[0])
    group = vendors["apio"].state["tenants"]["ApioSpTest"]["groups"]["ApioGrpTest"]
    for one in group["hunt_groups"].values():
        one["serviceInstanceProfile"].update(name=SUM, cliLastName=SUM, cliFirstName="{# x #}")


def added(held: list[str]) -> dict[str, Values]:
    """What a tenant file declares besides what was exported."""
    return {
        "portaswitch": {"id": "210", "name": held[1], "policy": "regular", "members": [{"extension": "102"}]},
        "vodia": {"id": "1010", "name": held[0], "members": [{"extension": "444"}], "settings": {"param2": held[4]}},
        "apio": {
            "id": "night@sip.netaxis.be",
            "name": "n " + SUM,
            "policy": "regular",
            "settings": {"serviceInstanceProfile": {"cliFirstName": SUM, "cliLastName": SUM}},
        },
    }


@dataclass
class Story:
    """The runs, one after the other, and what they left."""

    place: Path
    canary: Path
    held: list[str]
    vendors: dict[str, Vendor]
    runs: dict[str, Run] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        found = (path for path in sorted(self.place.rglob("*")) if path.is_file())
        return {path.relative_to(self.place).as_posix(): path.read_text() for path in found}

    def names(self) -> dict[str, str]:
        """All that the simulators hold of names and settings, as one text each."""
        kinds = {"portaswitch": ("customers", "follow_me_numbers"), "vodia": ("domains",), "apio": ("tenants",)}
        return {
            name: json.dumps([vendor.state[kind] for kind in kinds[name]], sort_keys=True)
            for name, vendor in self.vendors.items()
        }


def connection(name: str, url: str) -> Values:
    path = {"apio": "/api/v01/p1"}.get(name, "")
    options = {"backend": name, "url": url + path, "rate_limit": 0, **CONNECTIONS[name]}
    return {f"pbx_{option}": value for option, value in options.items()}


def tell(story: Story, urls: dict[str, str], play: Play) -> None:
    """Use and export; then declare what was exported, and more; apply, export, restore."""
    inventory = ("--inventory", str(story.place / "inventory"))
    hosts = {
        **{name: {"ansible_connection": "local", **connection(name, url)} for name, url in urls.items()},
        "far_vodia": {"ansible_connection": "elsewhere"},
    }
    (story.place / "inventory").mkdir()
    (story.place / "inventory" / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    local = ("--limit", ":".join(urls), "-vvv", "--diff")

    body = json.dumps({"error": f"no {story.held[0]}"})
    story.vendors["vodia"].add_fault("status", status=500, body=body, match="POST .*/addacc", times=2)
    variables: Values = {"urls": urls, "place": str(story.place)}
    story.runs["use"] = play(str(PLAYBOOK), variables, *inventory, "-vvv", "--diff")
    story.before = story.names()
    exported = {**variables, "pbx_export_directory": str(story.place / "exported")}
    story.runs["export"] = play("telephony.pbx.export", exported, *local, *inventory)
    for name, group in added(story.held).items():
        content = yaml.load((story.place / "exported" / name / "tenant.yml").read_text(), Reader)
        content["pbx_hunt_groups"].append(group)
        target = story.place / "inventory" / "host_vars" / name / "tenant.yml"
        target.parent.mkdir(parents=True)
        target.write_text(yaml.dump(marked(content), Dumper=Writer, allow_unicode=True))
    kept = f"{story.place}/kept/{{{{ inventory_hostname }}}}"
    files = {"pbx_backup": f"{kept}/backup.json", "pbx_journal": f"{kept}/journal.json"}
    more = {"pbx_restore_from": files["pbx_journal"]}
    again = {**variables, **files, **more, "pbx_export_directory": str(story.place / "exported again")}
    first = [f"telephony.pbx.{name}" for name in ("tenant", "export")]
    story.runs["roles"] = play("telephony.pbx.restore", again, *local, *inventory, *first)  # this one comes last


@pytest.fixture(scope="module")
def story(play: Play, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    place = tmp_path_factory.mktemp("templates")
    canary = tmp_path_factory.mktemp("cage") / "canary"
    with contextlib.ExitStack() as stack:
        vendors = {name: VENDORS[name]() for name in VENDORS}
        urls = {name: stack.enter_context(RunningVendor(vendor)).url for name, vendor in vendors.items()}
        story = Story(place, canary, texts(canary), vendors)
        hold(vendors, story.held)
        tell(story, urls, play)
        yield story


RUNS = ("use", "export", "roles")


@pytest.mark.parametrize("name", RUNS)
def test_ends_well(story: Story, name: str) -> None:
    assert story.runs[name].returncode == 0, story.runs[name].output[-4000:]


@pytest.mark.parametrize("name", RUNS)
def test_nothing_was_run(story: Story, name: str) -> None:
    run = story.runs[name]
    assert not story.canary.exists()
    assert SOLVED not in run.output
    assert SOLVED not in json.dumps([task.result for task in run.tasks])
    assert SUM in run.output
    shown = sum(run.output.count(mark) for mark in ("{{", "{%", "{#"))
    figures.count(SUITE, "places in outputs where a text that looks like a template stands as it was", shown)
    figures.count(SUITE, "tasks that had such texts to do with", len(run.tasks))


def test_nothing_was_run_before_it_was_written_into_a_file(story: Story) -> None:
    files = story.files()
    assert {Path(name).name for name in files} >= {"tenant.yml", "journal.json", "backup.json", "vodia.txt"}
    assert [name for name, text in files.items() if SOLVED in text] == []
    figures.count(SUITE, "files that such texts were written into", sum(SUM in text for text in files.values()))


def test_nothing_was_run_before_it_was_sent(story: Story) -> None:
    for name, vendor in story.vendors.items():
        assert SOLVED not in json.dumps([(entry["raw"], entry["body"]) for entry in vendor.log])
        assert SOLVED not in json.dumps(vendor.state)
        figures.count(SUITE, "requests that were looked at", len(vendor.log), name)


# -- in playbooks ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("host", ["vodia", "far_vodia"])
def test_what_was_read_is_data_in_an_authors_hands(story: Story, host: str) -> None:
    """`{{ result.name }}` gives the text and does not run it; what the author wrote beside it is run."""
    run = story.runs["use"]
    first, second, third = story.held[:3]
    assert run.on(host, "Print them, as an author would").result["msg"].endswith("and my own x42x")
    assert first in run.on(host, "Print them, as an author would").result["msg"]
    used = run.on(host, "Use the fact in other variables").result["msg"]
    assert used.startswith(f"{first} / {first} / {first} + {second} + ")
    assert third in used or host == "far_vodia"
    assert story.files()[f"{host}.txt"] == first
    figures.count(SUITE, "uses of a text in an author's own templates", 6, "vodia")


@pytest.mark.parametrize("host", ["vodia", "far_vodia"])
def test_what_was_read_can_be_given_back(story: Story, host: str) -> None:
    run = story.runs["use"]
    for task in ["Give it back as it is", *["Declare what was read"] * (host == "vodia")]:
        assert run.on(host, task).result["verdict"] == "clean", run.on(host, task).result
    assert run["Validate what was read"].result["changed"] is False


def test_a_text_is_sent_as_it_is(story: Story) -> None:
    other = story.runs["use"].on("vodia", "Give it to another group").result
    assert (other["verdict"], other["hunt_group"]["name"]) == ("applied", story.held[0])
    assert (
        story.vendors["vodia"].state["domains"]["localhost"]["accounts"]["1004"]["settings"]["display"] == story.held[0]
    )


@pytest.mark.parametrize("host", ["vodia", "far_vodia"])
def test_errors_are_data_too(story: Story, host: str) -> None:
    run = story.runs["use"]
    error = run.on(host, "The server answers with a template").result["msg"]
    assert SUM in error and "touch" in error
    assert run.on(host, "Print the error, as an author would").result["msg"] == f"It failed: {error}"
    refusal = run.on(host, "Refused with the text in the message").result["msg"]
    assert SUM in refusal
    assert run.on(host, "Fail with the message once more").result["msg"] == refusal


# -- in roles --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("vendor", CONNECTIONS)
def test_a_tenant_goes_out_and_comes_in_again(story: Story, vendor: str) -> None:
    """Export, tenant and restore: everything is as declared, then as before."""
    done = [task for task in story.runs["roles"].tasks if task.host == vendor]
    applied = [
        task.result for task in done if task.name == "telephony.pbx.tenant : Bring the tenant to its declared state"
    ]
    assert not applied[0].get("msg"), applied[0]["msg"]
    assert [result["verdict"] for result in applied] == ["applied"]
    assert [step["action"] for step in applied[0]["plan"]] == ["create"]
    (restored,) = [task.result for task in done if task.name == "telephony.pbx.restore : Bring the tenant back"]
    assert restored["verdict"] == "applied"
    assert story.names()[vendor] == story.before[vendor]
    wanted = added(story.held)[vendor]["name"]
    changes = {change["field"]: change["after"] for step in applied[0]["plan"] for change in step["changes"]}
    assert changes["name"] == wanted
    figures.count(SUITE, "tenants with such texts: exported, declared, restored", 1, vendor)


@pytest.mark.parametrize("vendor", CONNECTIONS)
def test_what_is_exported_is_marked_and_read_as_it_is(story: Story, vendor: str) -> None:
    for place in ("exported", "exported again"):
        text = (story.place / place / vendor / "tenant.yml").read_text()
        assert text.count("!unsafe ") >= text.count("{{ 7*7") > 0
        lines = [line for line in text.splitlines() if any(mark in line for mark in ("{{", "{%", "{#"))]
        assert [line for line in lines if "!unsafe " not in line] == []
    read = yaml.load(text, Reader)["pbx_hunt_groups"]
    assert added(story.held)[vendor]["name"] in [group["name"] for group in read]


@pytest.mark.parametrize("vendor", CONNECTIONS)
def test_journal_and_backup_hold_the_texts(story: Story, vendor: str) -> None:
    backup = json.loads((story.place / "kept" / vendor / "backup.json").read_text())
    assert SUM in json.dumps(backup["objects"]["hunt_groups"])
    figures.count(SUITE, "texts in backups", json.dumps(backup).count("7*7"), vendor)


def test_the_tests_would_see_a_template_that_is_run(play: Play, tmp_path: Path) -> None:
    """The same texts, written by an author and thus trusted, do run: the canary can die."""
    canary = tmp_path / "canary"
    playbook = tmp_path / "author.yml"
    tasks = [{"ansible.builtin.debug": {"msg": text}} for text in texts(canary)[:2]]
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    run = play(str(playbook))
    assert canary.exists() and SOLVED in run.output
