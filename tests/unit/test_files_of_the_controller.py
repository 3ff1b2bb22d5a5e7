# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugins that write files on the controller: what they write, when, and what they leave alone."""

from __future__ import annotations

import importlib
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ansible_collections.telephony.pbx.plugins.action import call_flow_files, tenant_files
from ansible_collections.telephony.pbx.plugins.plugin_utils import tenant_yaml
from ansible_collections.telephony.pbx.plugins.plugin_utils.tenant_yaml import HEADER

GROUP = {"id": "200", "name": "Sales", "policy": "regular", "members": [{"extension": "101", "ring_time": 15}]}
TENANT: dict[str, Any] = {"extensions": [{"id": "0101", "name": "{{ Alice }}"}, {"id": "102"}], "hunt_groups": [GROUP]}


def carried_out(plugin: Any, check_mode: bool, options: dict[str, Any]) -> dict[str, Any]:
    """What the action plugin returns to Ansible, which adds things of its own."""
    name = plugin.__name__.rpartition(".")[2]
    task = SimpleNamespace(args=options, check_mode=check_mode, async_val=0, action=f"telephony.pbx.{name}", diff=False)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None), transport="local")
    action = plugin.ActionModule(task, connection, SimpleNamespace(check_mode=check_mode), None, None, None)
    result: dict[str, Any] = action.run(None, {})
    return {key: value for key, value in result.items() if not key.startswith("_ansible")}


def exported(place: Path, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    return carried_out(
        tenant_files, check_mode, {"tenant": TENANT, "name": "sales", "directory": str(place), **options}
    )


def drawn(place: Path, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    given = {"backend": "portaswitch", "directory": str(place), "formats": ["outline"]}
    return carried_out(call_flow_files, check_mode, {**given, **options})


def refused(result: dict[str, Any], message: str) -> bool:
    return result["failed"] and not result["changed"] and message in result["msg"] and "\n" not in result["msg"]


def names(result: dict[str, Any]) -> list[str]:
    return [Path(path).name for path in result["files"]]


def test_an_export_is_written_once_for_its_owner(tmp_path: Path) -> None:
    first = exported(tmp_path)
    path = tmp_path / "sales" / "tenant.yml"
    assert (first["changed"], first["file"], first["files"]) == (True, str(path), [str(path)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert 'name: !unsafe "{{ Alice }}"' in path.read_text() and 'id: "0101"' in path.read_text()
    assert exported(tmp_path) == {**first, "changed": False, "files": []}
    path.chmod(0o644)
    assert exported(tmp_path)["changed"] and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_check_mode_says_what_an_export_would_write(tmp_path: Path) -> None:
    told = exported(tmp_path, check_mode=True)
    assert told["changed"] and list(tmp_path.iterdir()) == []


def test_a_file_for_each_object_and_none_for_one_that_is_gone(tmp_path: Path) -> None:
    exported(tmp_path, layout="objects")
    mine = tmp_path / "sales" / "extensions" / "mine.yml"
    mine.write_text("pbx_mine: 1\n")
    fewer = {**TENANT, "extensions": TENANT["extensions"][:1]}
    again = exported(tmp_path, layout="objects", tenant=fewer)
    assert names(again) == ["tenant.yml", "102.yml"]
    assert {path.name for path in mine.parent.iterdir()} == {"0101.yml", "mine.yml"}


def test_a_list_that_is_not_exported_stays(tmp_path: Path) -> None:
    exported(tmp_path)
    exported(tmp_path, tenant={"hunt_groups": []})
    text = (tmp_path / "sales" / "tenant.yml").read_text()
    assert "Alice" in text and "pbx_hunt_groups: []" in text


def test_a_file_of_somebody_else_stops_the_export(tmp_path: Path) -> None:
    mine = tmp_path / "sales" / "tenant.yml"
    mine.parent.mkdir()
    mine.write_text("pbx_hunt_groups: []\n")
    for layout in ("file", "objects"):
        assert refused(exported(tmp_path, layout=layout), "was not written by an export; move it away")
    assert [path.name for path in mine.parent.iterdir()] == ["tenant.yml"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc"])
def test_a_name_that_is_a_path_is_refused(tmp_path: Path, name: str) -> None:
    assert refused(exported(tmp_path, name=name), "cannot be the name of a directory; give a name without a slash")
    assert list(tmp_path.iterdir()) == []


def test_a_schema_is_named_relative_to_each_file(tmp_path: Path) -> None:
    exported(tmp_path / "vars", layout="objects", schema=str(tmp_path / "tenant.schema.json"))
    text = (tmp_path / "vars" / "sales" / "extensions" / "0101.yml").read_text()
    assert text.startswith(HEADER + "# yaml-language-server: $schema=../../../tenant.schema.json\n")
    assert yaml.safe_load(text.replace("!unsafe ", "")) == {"pbx_extension_0101": TENANT["extensions"][0]}


def test_pictures_are_written_once_and_anew_where_they_differ(tmp_path: Path) -> None:
    first = drawn(tmp_path, declared=TENANT)
    assert (names(first), first["pictures"]) == (["tenant.txt", "group-200.txt"], 2)
    again = drawn(tmp_path, declared=TENANT)
    assert (again["changed"], again["files"], again["pictures"]) == (False, [], 2)
    renamed = {**TENANT, "hunt_groups": [{**GROUP, "name": "Shop"}]}
    assert drawn(tmp_path, declared=renamed)["changed"]
    assert (tmp_path / "group-200.txt").read_text().startswith("200 Shop")


def test_check_mode_draws_nothing(tmp_path: Path) -> None:
    place = tmp_path / "new"
    assert names(drawn(place, check_mode=True, declared=TENANT)) == ["tenant.txt", "group-200.txt"]
    assert not place.exists()


def test_each_group_that_is_there_or_will_be_has_a_picture(tmp_path: Path) -> None:
    new, by_name = {**GROUP, "id": "210", "name": "New"}, {"name": "Shop", "policy": "random"}
    live = {"hunt_groups": [GROUP, {**GROUP, "id": "220", "name": "Shop"}, {**GROUP, "id": "230", "name": "Gone"}]}
    declared = {"hunt_groups": [new, by_name, {"id": "230", "state": "absent"}]}
    results = {
        source: drawn(tmp_path / source, source=source, live=live, declared=declared)
        for source in ("declared", "live", "planned")
    }
    assert not any(one.get("failed") for one in results.values())
    groups = {source: names(one) for source, one in results.items()}
    assert groups["declared"] == ["tenant.txt", "group-210.txt", "group-Shop.txt"]
    assert groups["live"] == ["tenant.txt", "group-200.txt", "group-220.txt", "group-230.txt"]
    assert groups["planned"] == ["tenant.txt", "group-210.txt", "group-Shop.txt", "group-200.txt"]


def test_a_name_cannot_lead_out_of_the_directory(tmp_path: Path) -> None:
    group = {**GROUP, "id": "", "name": "../../etc/passwd"}
    assert names(drawn(tmp_path / "in", declared={"hunt_groups": [group]})) == [
        "tenant.txt", "group-.._.._etc_passwd.txt",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_pictures_need_a_backend(tmp_path: Path) -> None:
    assert refused(drawn(tmp_path, backend="", declared=TENANT), "backend: is missing")


def test_an_empty_directory_is_not_the_working_directory(tmp_path: Path) -> None:
    for result in (exported(tmp_path, directory=""), drawn(tmp_path, directory="")):
        assert refused(result, "directory: is empty")


def test_a_mistake_in_the_options_is_one_line_with_a_hint(tmp_path: Path) -> None:
    assert refused(exported(tmp_path, layuot="file"), "Unsupported parameters: layuot (did you mean layout?)")
    assert refused(exported(tmp_path, layout="both"), "tenant_files: value of layout must be one of: file, objects")


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ({"hunt_groups": None}, "tenant: hunt_groups is not a list"),
        ({"hunt_groups": [GROUP, "200"]}, "tenant: hunt_groups[1] is not a dictionary with id"),
        ({"follow_me": [{"id": "200"}]}, "tenant: follow_me[0] is not a dictionary with account"),
    ],
)
def test_what_is_no_tenant_is_refused_by_its_place(tmp_path: Path, lists: dict[str, Any], message: str) -> None:
    assert refused(exported(tmp_path, tenant=lists), message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"- a list\n", b"\xff\n", b"a: [\n"])
def test_an_earlier_export_that_cannot_be_read_is_left_alone(tmp_path: Path, content: bytes) -> None:
    mine = tmp_path / "sales" / "tenant.yml"
    mine.parent.mkdir()
    mine.write_bytes(HEADER.encode() + content)
    assert refused(exported(tmp_path), "move it away")
    assert mine.read_bytes() == HEADER.encode() + content


def test_what_was_written_before_an_error_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = tenant_yaml.write_file

    def failing(path: str, content: bytes, mode: int) -> None:
        if path.endswith("0101.yml"):
            raise OSError(28, "No space left on device", path)
        write(path, content, mode)

    monkeypatch.setattr(tenant_yaml, "write_file", failing)
    result = exported(tmp_path, layout="objects")
    assert result["failed"] and result["changed"] and names(result) == ["tenant.yml"]
    assert "No space left on device" in result["msg"]


def test_a_group_that_cannot_be_drawn_stops_no_other(tmp_path: Path) -> None:
    twins = [{**GROUP, "id": "", "name": "Twin"}, {**GROUP, "id": "", "name": "Twin"}]
    result = drawn(tmp_path, declared={"hunt_groups": [GROUP, *twins]})
    assert result["failed"] and names(result) == ["tenant.txt", "group-200.txt"]
    assert "Twin" in result["msg"] and result["msg"].count("Twin") < 3


def test_a_file_that_cannot_be_written_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "tenant.txt").symlink_to(tmp_path / "nowhere" / "at-all")
    (tmp_path / "group-200.txt").mkdir()
    result = drawn(tmp_path, declared=TENANT)
    assert result["failed"] and f"{tmp_path / 'group-200.txt'}: Is a directory; move it away" in result["msg"]


def test_what_is_written_is_told_beside_what_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(directory: str, texts: dict[str, str], mode: int) -> dict[str, OSError]:
        return {name: OSError(28, "No space left on device") for name in list(texts)[1:]}

    monkeypatch.setattr(call_flow_files, "write_files", half)
    result = drawn(tmp_path, declared=TENANT)
    assert result["failed"] and result["changed"] and names(result) == ["tenant.txt"]
    assert result["msg"] == f"call_flow_files: {tmp_path / 'group-200.txt'}: No space left on device"


def test_what_is_no_group_is_told_by_its_place(tmp_path: Path) -> None:
    assert refused(drawn(tmp_path, declared={"hunt_groups": ["200"]}), "hunt_groups[0]")


def test_values_with_tags_and_unsafe_texts_are_written_as_plain_ones(tmp_path: Path) -> None:
    class Text(str):
        """Keeps its class, as unsafe texts of an older core do."""

        def __str__(self) -> str:
            return self

    class Number(int):
        """As a tagged number of a newer core."""

    group = {Text("id"): Text("200"), "members": ({"extension": Text("101"), "ring_time": Number(15)},)}
    exported(tmp_path, tenant={"hunt_groups": [group]})
    text = (tmp_path / "sales" / "tenant.yml").read_text()
    members = [{"extension": "101", "ring_time": 15}]
    assert yaml.safe_load(text) == {"pbx_hunt_groups": [{"id": "200", "members": members}]}


@pytest.mark.parametrize("plugin", [tenant_files, call_flow_files])
def test_the_documentation_has_the_options_and_what_is_returned(tmp_path: Path, plugin: Any) -> None:
    name = plugin.__name__.rpartition(".")[2]
    module = importlib.import_module(f"ansible_collections.telephony.pbx.plugins.modules.{name}")
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    kept = ("type", "required", "choices", "default", "elements")
    shown = {option: {key: one[key] for key in kept if key in one} for option, one in documented.items()}
    assert shown == plugin.ActionModule.OPTIONS
    done = {"tenant_files": exported, "call_flow_files": drawn}[name](tmp_path)
    assert set(yaml.safe_load(module.RETURN)) == set(done) - {"changed"}
    (*_others, task) = yaml.safe_load(module.EXAMPLES)
    assert set(task[f"telephony.pbx.{name}"]) <= set(documented)
