# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each format makes of a report, and of texts that try to be more than text."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from ansible_collections.telephony.pbx.plugins.filter.changed_leaves import changed_leaves
from ansible_collections.telephony.pbx.plugins.module_utils.report.document import audit_document, judged, tenant_entry
from ansible_collections.telephony.pbx.plugins.module_utils.report.formats import FILES, RENDERERS, Report, rendered
from ansible_collections.telephony.pbx.plugins.module_utils.report.html import html
from ansible_collections.telephony.pbx.plugins.module_utils.report.html_tags import Markup, tag
from ansible_collections.telephony.pbx.plugins.module_utils.report.junit import junit
from ansible_collections.telephony.pbx.plugins.module_utils.report.markdown import MOST_CHARACTERS, code, markdown
from ansible_collections.telephony.pbx.plugins.module_utils.report.spreadsheet import COLUMNS, cell, spreadsheet
from ansible_collections.telephony.pbx.plugins.module_utils.report.table import changed_lines, sentences, table
from ansible_collections.telephony.pbx.tests.unit.report.conftest import NOW, leaf, result, step

PICTURE = {
    "group": "200",
    "title": "Call flow of 200 Sales",
    "svg": "<svg onload='x()'/>",
    "words": "200 rings <b>101</b>",
}
COMPARISON = {
    "previous_generated_at": "2026-11-23T10:00:00+00:00",
    "new": [{"host": "drift", "kind": "leaf", "text": "hunt_group 200: name: <i> -> b"}],
    "open": [], "resolved": [{"host": "clean", "kind": "incomplete", "text": "down"}], "unknown": [],
}  # fmt: skip


def large(tenants: int, leaves: int, words: int = 5) -> dict[str, Any]:
    plan = [step(str(number), leaf("name", "before" * words, "after" * words)) for number in range(leaves)]
    return audit_document([tenant_entry(f"t{number:03}", judged(result(*plan))) for number in range(tenants)], NOW)


# -- table ---------------------------------------------------------------------------------------------------------------
def test_the_table_has_a_line_a_tenant_then_the_leaves(document: dict[str, Any]) -> None:
    lines = table(document)
    assert lines[0] == "incomplete: 8 tenants: 1 clean, 4 drift, 3 incomplete"
    assert [line.split()[0] for line in lines[2:10]] == [
        "dark",
        "lost",
        "refused",
        "drift",
        "hostile",
        "rogue",
        "unmet",
        "clean",
    ]
    assert lines[5].split() == ["drift", "drift", "1", "1", "1", "0", "1", "3", "0.25"]
    assert "drift: hunt_group 200 (Sales): members[106].ring_time: 15 -> 25" in lines
    assert "drift: hunt_group 201 (Night): state: absent -> present" in lines
    assert "refused: the server refuses the credentials" in lines
    assert "unmet: expectation rings Alice: not met: 102 rings first" in lines
    assert all(line.isprintable() for line in lines)


def test_the_table_is_cut_with_a_count() -> None:
    lines = table(large(30, 5), most_tenants=10, most_lines=20)
    assert "... and 20 more tenants; the files have all of them" in lines
    assert lines[-1] == "... and 130 more lines; the files have all of them"
    assert sentences(large(30, 1), 10)[-1] == "and 20 more tenants"


# -- CSV -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["=1+1", "+32470", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\u00a0@x", "\ufeff=1"]
)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert cell(text).startswith("'")
    assert not {"\t", "\r", "\n"} & set(cell(text))


@pytest.mark.parametrize(
    ("value", "text"), [("0111", "0111"), (None, ""), ("a=b", "a=b"), (["1"], '["1"]'), (True, "true")]
)
def test_other_cells_stay_as_they_are(value: Any, text: str) -> None:
    assert cell(value) == text


def test_a_row_a_leaf(document: dict[str, Any]) -> None:
    text = spreadsheet(document)
    assert text.startswith("\ufeff" + ",".join(COLUMNS) + "\r\n")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    assert {row[column][:1] for row in rows for column in COLUMNS} & set("=+-@\t\r\n") == set()
    leaves = [(row["id"], row["field"], row["before"], row["after"]) for row in rows if row["host"] == "drift"]
    assert leaves == [
        ("200", "members[106].ring_time", "15", "25"),
        ("200", "overflow_to", "", "'+32470123456"),
        ("201", "state", "absent", "present"),
        ("202", "state", "present", "absent"),
    ]
    incomplete = {row["host"]: row["message"] for row in rows if row["verdict"] == "incomplete"}
    assert set(incomplete) == {"dark", "lost", "refused"} and all(incomplete.values())


# -- JUnit ---------------------------------------------------------------------------------------------------------------
def suites(document: dict[str, Any]) -> dict[str, ElementTree.Element]:
    return {str(one.get("name")): one for one in ElementTree.fromstring(junit(document).encode())}


def states(suite: ElementTree.Element) -> dict[str, str]:
    return {str(one.get("name")): one[0].tag if len(one) else "passed" for one in suite.findall("testcase")}


def test_a_suite_a_tenant_and_a_case_an_object(document: dict[str, Any]) -> None:
    found = suites(document)
    assert set(found) == {one["host"] for one in document["tenants"]}
    assert states(found["clean"]) == {"tenant clean": "passed", "hunt_group 200 (Sales)": "passed"}
    assert states(found["drift"]) == {
        "tenant drift": "passed", "hunt_group 200 (Sales)": "failure", "hunt_group 201 (Night)": "failure",
        "hunt_group 202 (Old)": "failure", "hunt_groups[0] [r]": "skipped",
    }  # fmt: skip
    assert states(found["rogue"])["hunt_group 999 (Rogue)"] == "failure"
    assert states(found["unmet"]) == {
        "tenant unmet": "passed", "rings Alice (document: live)": "failure", "other (document: live)": "skipped",
    }  # fmt: skip
    assert states(found["dark"]) == {"tenant dark": "error"}


def test_the_numbers_of_junit_add_up(document: dict[str, Any]) -> None:
    root = ElementTree.fromstring(junit(document).encode())
    for name, tag_name in {"failures": "failure", "errors": "error", "skipped": "skipped", "tests": "testcase"}.items():
        assert int(root.get(name, "-1")) == len(root.findall(f".//{tag_name}"))
        assert int(root.get(name, "-1")) == sum(int(suite.get(name, "-1")) for suite in root)


@pytest.mark.parametrize("host", ["drift", "rogue", "unmet", "refused", "dark", "lost", "hostile"])
def test_no_tenant_that_is_not_clean_looks_passed(document: dict[str, Any], host: str) -> None:
    suite = suites(document)[host]
    assert int(suite.get("failures", "0")) + int(suite.get("errors", "0")) > 0


def test_an_object_that_failed_is_an_error() -> None:
    failed = step("200", error="cannot be read", status="failed")
    found = tenant_entry("a", judged(result(failed, verdict="incomplete", msg="1 of 1 objects failed")))
    assert states(suites(audit_document([found], NOW))["a"])["hunt_group 200 (Sales)"] == "error"


# -- Markdown ------------------------------------------------------------------------------------------------------------
def test_markdown_names_what_differs(document: dict[str, Any]) -> None:
    text = markdown(document, COMPARISON)
    assert text.startswith("## Audit: incomplete\n")
    assert "- `hunt_group 200 (Sales): members[106].ring_time: 15 -> 25`" in text
    assert "- expectation `rings Alice`: not met: `102 rings first`" in text
    assert "- not declared: `hunt_group 999 (Rogue)`" in text
    assert "1 new, 0 still open, 1 resolved, 0 not known" in text


def test_markdown_is_cut_with_a_count() -> None:
    text = markdown(large(3, 100), most_points=10)
    assert text.count("\n- ") == 10
    assert "... and 290 more lines" in text


@pytest.mark.parametrize("shape", [(1, 2000, 5), (1500, 1, 5), (60, 30, 90)])
def test_markdown_fits_a_comment_whatever_the_size(shape: tuple[int, int, int]) -> None:
    text = markdown(large(*shape))
    assert len(text) <= MOST_CHARACTERS
    shown = text.count("\n- ")
    left = re.search(r"\.\.\. and (\d+) more lines", text)
    assert left and shown + int(left.group(1)) == shape[0] * shape[1]


@pytest.mark.parametrize("text", ["plain", "a`b", "``", "`x", "x`", "a```b", "", "|", "@all #1 <b>"])
def test_a_code_span_holds_any_text(text: str) -> None:
    span = code(text)
    fence = re.match("`+", span)
    assert fence and span.endswith(fence.group())
    inner = span[len(fence.group()) : -len(fence.group())]
    assert fence.group() not in re.findall("`+", inner)
    assert (inner[1:-1] if text.startswith("`") or text.endswith("`") else inner) == (text or " ")


def test_nothing_of_a_server_stands_outside_of_code(document: dict[str, Any]) -> None:
    outside = re.sub(r"(`+)(?:(?!`).|(?!\1(?!`))`)*?\1(?!`)", "", markdown(document))
    assert "@all" not in outside and "<script" not in outside


# -- HTML ----------------------------------------------------------------------------------------------------------------
class Page(HTMLParser):
    """The elements, texts and ids of a page, and whether it is well nested."""

    VOID = frozenset({"meta", "input", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


@pytest.fixture
def page(document: dict[str, Any]) -> Page:
    found = Page(html(document, COMPARISON, {"drift": [PICTURE]}))
    assert found.open == []
    return found


def test_texts_are_texts(page: Page) -> None:
    assert len(page.all("script")) == 1 and page.all("script")[0] == {}
    assert not page.all("svg") and page.all("b") and not page.all("i")
    assert "</td><script>alert(1)</script>" in page.text
    assert "\u202e" not in page.text and "\x07" not in page.text
    assert not [name for _tag, attributes in page.elements for name in attributes if name.startswith("on")]


def test_the_page_asks_nobody_for_anything(document: dict[str, Any]) -> None:
    text = html(document, None, {"drift": [PICTURE]})
    found = Page(text)
    policy = next(one["content"] for one in found.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'") and "unsafe-eval" not in policy
    assert {one["src"][:19] for one in found.all("img") if one["src"]} == {"data:image/svg+xml;"}
    assert all((one["href"] or "").startswith("#") for one in found.all("a"))
    assert not found.all("link") and not found.all("iframe") and "url(" not in text and "@import" not in text


def test_every_tenant_has_a_section_and_a_row_in_the_same_order(page: Page, document: dict[str, Any]) -> None:
    sections = [one for one in page.all("details") if one.get("class") == "tenant"]
    assert len(sections) == len(document["tenants"])
    links = [one["href"] for one in page.all("a") if (one["href"] or "").startswith("#tenant-")]
    assert links == [f"#{one['id']}" for one in sections]
    assert [one["data-verdict"] for one in sections] == ["incomplete"] * 3 + ["drift"] * 4 + ["clean"]
    assert [("open" in one) for one in sections] == [True] * 7 + [False]


def test_the_page_can_be_read_without_eyes_or_mouse(page: Page) -> None:
    assert page.elements[0] == ("html", {"lang": "en"})
    ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {one["for"] for one in page.all("label") if "for" in one} <= set(ids)
    assert all(one.get("alt") for one in page.all("img"))
    assert all(one.get("scope") for one in page.all("th"))
    assert [one for one in page.all("div") if one.get("role") == "status"]
    assert [name for name, _attributes in page.elements if re.fullmatch("h[1-6]", name)][0] == "h1"
    assert page.all("main") and page.all("header")


def test_the_comparison_is_shown(page: Page) -> None:
    assert "New: 1" in page.text and "Resolved: 1" in page.text and "hunt_group 200: name: <i> -> b" in page.text


def test_attributes_cannot_break_out() -> None:
    assert tag("a", "<b>", title='"><script>', hidden=True, id=None) == (
        '<a title="&quot;&gt;&lt;script&gt;" hidden>&lt;b&gt;</a>'
    )
    assert tag("p", [Markup("<b>x</b>"), None, 3]) == "<p><b>x</b>3</p>"


# -- all of them ---------------------------------------------------------------------------------------------------------
def test_a_format_that_fails_does_not_cost_the_others(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(report: Report) -> str:
        raise KeyError("x")

    monkeypatch.setitem(RENDERERS, "html", broken)
    texts, errors = rendered(Report(document), list(FILES))
    assert set(texts) == {"audit.json", "audit.junit.xml", "audit.csv", "audit.md"}
    assert set(errors) == {"audit.html"}


@pytest.mark.parametrize("name", FILES)
def test_every_format_takes_an_audit_of_nothing(name: str) -> None:
    assert RENDERERS[name](Report(audit_document([], NOW)))


def test_json_holds_the_comparison(document: dict[str, Any]) -> None:
    assert json.loads(RENDERERS["json"](Report(document, COMPARISON)))["comparison"] == COMPARISON


def test_the_changed_lines_of_a_run_are_cut_with_a_count_and_say_what_was_not_done() -> None:
    leaf = {"field": "name", "before": "a", "after": "b"}
    step = {"resource": "hunt_group", "id": "200", "name": "a", "action": "update", "changes": [leaf]}
    plan = [{**step, "status": "done"}, {**step, "id": "201", "status": "failed"}]
    line = "hunt_group 200 (a): name: a -> b"
    assert changed_lines(plan) == [line, "hunt_group 201 (a): name: a -> b (failed)"] == changed_leaves({"plan": plan})
    assert changed_lines([{**step, "status": "planned"}] * 60, most=50) == [
        *[line] * 50,
        "... and 10 more lines; the result has all of them",
    ]
