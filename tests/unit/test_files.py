# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals and backups on disk, and whose they are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.engine import files
from ansible_collections.telephony.pbx.plugins.module_utils.engine.identity import (
    BACKUP,
    JOURNAL,
    check_belongs,
    enveloped,
    opened,
    same_url,
)
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption, PBXError
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Values

IDENTITY = {"backend": "vodia", "url": "https://pbx/", "tenant": "t", "group": ""}


def document(
    kind: str = JOURNAL, host: str = "h", created: str = "2026-01-02T00:00:00Z", objects: Any = None, **more: Any
) -> Values:
    made = enveloped(kind, IDENTITY, host, created, "id", {"extensions": [{"id": "1"}]} if objects is None else objects)
    return {**made, **more}


# -- writing -----------------------------------------------------------------------------------------------------------
def test_a_document_is_written_whole_for_its_owner_only(tmp_path: Path) -> None:
    where = files.write_document(str(tmp_path / "new" / "journal.json"), {"é": [1]})
    assert where == str(tmp_path / "new" / "journal.json")
    assert json.loads(Path(where).read_text(encoding="utf-8")) == {"é": [1]}
    assert os.stat(where).st_mode & 0o777 == 0o600 and os.stat(tmp_path / "new").st_mode & 0o777 == 0o700
    assert os.listdir(tmp_path / "new") == ["journal.json"]


def test_a_home_is_found_and_a_relative_path_becomes_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert files.write_document("~/a", {}) == str(tmp_path / "a")
    assert files.write_document("b", {}) == str(tmp_path / "b")


def test_what_is_there_is_never_replaced_but_by_the_run_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text("precious")
    with pytest.raises(PBXError, match="is there already and is not overwritten"):
        files.write_document(str(path), {"a": 1})
    assert path.read_text() == "precious"
    files.write_document(str(path), {"a": 1}, own=True)
    assert json.loads(path.read_text()) == {"a": 1} and os.listdir(tmp_path) == ["journal"]


@pytest.mark.parametrize("kind", ["directory", "link", "dangling link", "pipe"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "journal", tmp_path / "target"
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        if kind == "link":
            target.write_text("precious")
        path.symlink_to(target)
    with pytest.raises(PBXError, match="is no regular file"):
        files.write_document(str(path), {"a": 1})
    assert not target.exists() or target.read_text() == "precious"


def test_a_device_is_refused() -> None:
    with pytest.raises(PBXError, match="/dev/null: is no regular file"):
        files.write_document("/dev/null", {})


def test_somebody_who_makes_the_file_meanwhile_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    sync = os.fsync

    def meanwhile(descriptor: int) -> None:
        path.write_text("precious")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(PBXError, match="cannot be written"):
        files.write_document(str(path), {"a": 1})
    assert path.read_text() == "precious" and os.listdir(tmp_path) == ["journal"]


@pytest.mark.parametrize("path", ["", "file/below"])
def test_where_nothing_can_be_written_the_error_names_the_place(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("")
    where = os.path.join(tmp_path, path)
    with pytest.raises(PBXError, match=str(tmp_path)):
        files.write_document(where, {})


def test_half_a_character_breaks_no_run_and_leaves_no_rest(tmp_path: Path) -> None:
    with pytest.raises(PBXError, match="cannot be written"):
        files.write_document(str(tmp_path / "journal"), {"a": "\ud83d"})
    assert os.listdir(tmp_path) == []


def test_journal_and_backup_are_two_files(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for one, other in (("a", "a"), ("a", "./b/../a"), ("link", "a")):
        with pytest.raises(InvalidOption, match="same file as backup"):
            files.check_paths(str(tmp_path / one), str(tmp_path / other))
    files.check_paths(str(tmp_path / "a"), str(tmp_path / "b"))
    files.check_paths("", "")


# -- reading -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1", b"not: json"])
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j").write_bytes(content)
    with pytest.raises(InvalidOption, match="cannot be read as a journal"):
        files.read_document(str(tmp_path / "j"))


def test_a_missing_file_a_directory_and_a_huge_one_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(InvalidOption, match="there is no file"):
            files.read_document(str(path))
    monkeypatch.setattr(files, "_LARGEST", 5)
    (tmp_path / "j").write_text("123456")
    with pytest.raises(InvalidOption, match="too large"):
        files.read_document(str(tmp_path / "j"))


# -- the last journal --------------------------------------------------------------------------------------------------
def written(folder: Path, name: str, content: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content) if not isinstance(content, str) else content)


def last(folder: Path, host: str = "h") -> str:
    return os.path.basename(files.last_journal(IDENTITY, host, str(folder)))


def test_the_last_journal_is_the_newest_of_this_tenant_and_host(tmp_path: Path) -> None:
    written(tmp_path, "a.json", document(created="2026-01-03T00:00:00Z"))
    written(tmp_path, "z.json", document(created="2026-01-02T00:00:00Z"))
    later = "2026-02-01T00:00:00Z"
    for part in ("backend", "url", "tenant", "group"):
        written(tmp_path, f"other-{part}.json", document(created=later, **{part: "other"}))
    written(tmp_path, "other-host.json", document(host="i", created=later))
    written(tmp_path, "backup.json", document(BACKUP, created=later))
    written(tmp_path, ".hidden.json", document(created=later))
    written(tmp_path, "journal.txt", document(created=later))
    written(tmp_path, "garbage.json", "{")
    written(tmp_path, "list.json", "[]")
    (tmp_path / "folder.json").mkdir()
    assert last(tmp_path) == "a.json"
    assert last(tmp_path, "i") == "other-host.json" and last(tmp_path, "") == "other-host.json"


def test_a_journal_of_no_host_belongs_to_any_and_urls_are_compared_by_meaning(tmp_path: Path) -> None:
    written(tmp_path, "a.json", document(host="", url="HTTPS://PBX"))
    assert last(tmp_path, "anything") == "a.json"
    assert same_url(" https://PBX/ ", "https://pbx") and not same_url("https://pbx/a", "https://pbx")


def test_two_journals_of_one_second_are_told_apart_by_their_names(tmp_path: Path) -> None:
    for name in ("b.json", "a.json"):
        written(tmp_path, name, document())
    assert last(tmp_path) == "b.json"


def test_without_a_journal_the_error_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "home"))
    with pytest.raises(InvalidOption, match="home/telephony_pbx/journal"):
        files.last_journal(IDENTITY, "")
    path = files.journal_path({**IDENTITY, "tenant": "a/b c"})
    assert os.path.dirname(path) == files.journal_folder() == str(tmp_path / "home" / "telephony_pbx" / "journal")
    assert os.path.basename(path).startswith("vodia-a_b_c-") and path.endswith(".json")
    assert path != files.journal_path({**IDENTITY, "tenant": "a/b c"})
    files.write_document(path, document())
    assert files.last_journal(IDENTITY, "h") == path


# -- whose it is -------------------------------------------------------------------------------------------------------
def test_what_was_enveloped_is_opened_again() -> None:
    for kind in (JOURNAL, BACKUP):
        assert opened(document(kind), "x") == (kind, {"extensions": [{"id": "1"}]})
    assert set(document()) == {"format", "kind", *IDENTITY, "host", "created_at", "plan_id", "objects"}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (None, "is no journal or backup"),
        ([], "is no journal or backup"),
        ({"kind": "export"}, "is no journal or backup"),
        ({**document(), "format": 2}, "has format 2"),
        ({**document(), "objects": []}, "its objects are not lists"),
        ({**document(), "objects": {"queues": []}}, "its objects are not lists"),
        ({**document(), "objects": {"extensions": {}}}, "its objects are not lists"),
    ],
)
def test_what_is_no_journal_is_refused_with_its_place(broken: Any, message: str) -> None:
    with pytest.raises(InvalidOption, match=f"^restore_from: j: {message}"):
        opened(broken, "restore_from: j")


@pytest.mark.parametrize("part", list(IDENTITY))
def test_a_file_of_another_tenant_is_refused_by_what_differs(part: str) -> None:
    check_belongs(document(url="https://PBX"), IDENTITY, "x")
    for other in ("other", None) if part != "group" else ("other",):
        with pytest.raises(InvalidOption, match=f"{part} {other!r} instead of"):
            check_belongs(document(**{part: other}), IDENTITY, "x")
