# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: what stands in them, that everything fits, that hostile names do no harm, and what a plan looks like."""

from __future__ import annotations

import copy
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.telephony.pbx.plugins.module_utils.callflow import labels
from ansible_collections.telephony.pbx.plugins.module_utils.callflow.model import End, Outcome, Ring
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow import layout
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.chart import scale
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.flow import Edge, Flow, Node
from ansible_collections.telephony.pbx.plugins.module_utils.report.callflow.pictures import picture_of, pictures_of

from .conftest import BACKENDS, DOCUMENTS, d1, d3, text_of

SVG = "{http://www.w3.org/2000/svg}"
FORMATS = ["svg", "mermaid", "dot", "outline"]
HOSTILE = '"]; <script>&#x202E; \u202egnp\u2066 -- "x" --> \\" \x07 \ud800 n0[";'


# -- words -------------------------------------------------------------------------------------------------------------
def test_mermaid_of_a_group() -> None:
    assert (
        text_of("D1", "mermaid", "200")
        == """\
flowchart LR
  n0(["200"]) --> n1["Sales · one by one"]
  n1 -- "1 · 0-15 s" --> n2["101 Alice Reception"]
  n1 -- "2 · 15-30 s" --> n3["102 Bob Sales"]
  n1 -- "nobody by 30 s" --> n4(["released"])
"""
    )


def test_dot_of_a_group() -> None:
    assert (
        text_of("D1", "dot", "200")
        == """\
digraph calls {
  rankdir=LR;
  node [shape=box, fontname="Arial"];
  edge [fontname="Arial"];
  n0 [label="200", shape=oval];
  n1 [label="Sales\\none by one"];
  n2 [label="101 Alice Reception"];
  n3 [label="102 Bob Sales"];
  n4 [label="released", style=rounded];
  n0 -> n1;
  n1 -> n2 [label="1 · 0-15 s"];
  n1 -> n3 [label="2 · 15-30 s"];
  n1 -> n4 [label="nobody by 30 s"];
}
"""
    )


OUTLINES = [
    ("D1", "200", "200 Sales, one by one: 1. 101 Alice Reception 0-15 s; 2. 102 Bob Sales 15-30 s; nobody answers: released at 30 s"),
    ("D1", "220", "220, one by one: 101 Alice Reception any order, 10 s; 102 Bob Sales any order, 10 s;"
                  " 0112 Hanna Support any order, 10 s; nobody answers: released at 30 s"),
    ("D1", "240", "240, one by one: 1. 101 Alice Reception 0-… s; 102 Bob Sales does not ring; nobody answers: rings on"),
    ("D1", "101", "101 Alice Reception: 1. 32470123456 20 s; 2. 3227654321 25 s, hr{8-18} wd{mo-fri}; then own handling of 101"),
    ("D2", "1002", "1002, stage by stage: Stage 1 0-10 s\nStage 1: 444 0-10 s; then Stage 2 10-30 s\n"
                   "Stage 2: 445 10-30 s; nobody answers: 8572665588 (nobody by 30 s)"),
    ("D2", "1005", "1005, stage by stage: Stage 1 0-10 s; flag 8800: 8572665501; flag 8801: 8572665502\n"
                   "Stage 1: 444 0-10 s; nobody answers: 8572665588 (nobody by 10 s)"),
    ("D2", "1006", "1006, stage by stage: Stage 1 0-10 s\nStage 1: 444 0-10 s; nobody answers: not known at 10 s"),
    ("D3", "4001", "4001 hg1@x, one by one: 1. 4000 0-18 s; 2. 5001 18-25 s; nobody answers: +32470123456 (nobody by 25 s)"),
    ("D3", "4002", "4002 hg2@x, one by one: 4000 in turn, 18 s; 5001 in turn, 18 s; 5002 in turn, 18 s;"
                   " nobody answers: own handling at 54 s"),
    ("D3", "4003", "4003 hg3@x, one by one: 4000 60 %, 18 s; 5001 40 %, 18 s; nobody answers: own handling at 36 s"),
    ("D3", "4005", "4005 hg5@x, all together: 4000, 5001 together 0-25 s; nobody answers: +32470123456 (nobody by 25 s)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "number", "words"), OUTLINES, ids=[f"{row[0]} {row[1]}" for row in OUTLINES])
def test_the_outline_says_the_same(name: str, number: str, words: str) -> None:
    assert text_of(name, "outline", number) == f"{words}\n"


def test_a_member_with_its_own_handling_shows_where_it_leads() -> None:
    document = d1()
    document["hunt_groups"][0]["members"][0]["huntstop"] = False
    lines = picture_of(document, "portaswitch", "outline", "200").text.splitlines()
    assert lines[0].startswith("200 Sales, one by one: 1. 101 Alice Reception 0-15 s, then own handling")
    assert lines[1].endswith("then own handling of 101")


def test_outside_numbers_can_be_masked_everywhere() -> None:
    for format_ in FORMATS:
        shown = text_of("D2", format_, "1002", mask_external=True)
        assert "8572665588" not in shown
        assert "857xxxxx88" in shown
        called = text_of("D1", format_, "101", mask_external=True)
        assert "32470123456" not in called
        assert "324xxxxxx56" in called


def test_loops_and_unknown_members_are_drawn() -> None:
    document = d3()
    document["hunt_groups"][0].update(overflow_to="4005")
    document["hunt_groups"][4].update(overflow_to="4001")
    shown = picture_of(document, "apio", "svg", "4001").text
    assert "back to hg1@x" in shown
    ghost = d1()
    ghost["hunt_groups"][0]["members"][0]["extension"] = "199"
    assert "not in the document" in picture_of(ghost, "portaswitch", "svg", "200").text


def test_what_is_asked_for_must_exist() -> None:
    with pytest.raises(InvalidOption, match="did you mean 200"):
        text_of("D1", "svg", "2000")
    with pytest.raises(InvalidOption, match="did you mean mermaid"):
        text_of("D1", "mermaids")
    with pytest.raises(InvalidOption, match="plan: is not a list"):
        text_of("D1", "svg", plan="create")


# -- SVG ---------------------------------------------------------------------------------------------------------------
def every_svg() -> list[tuple[str, str]]:
    found = []
    for name, make in DOCUMENTS.items():
        for picture in pictures_of(make(), BACKENDS[name], "svg"):
            found.append((f"{name} {picture.name}", picture.text))
    return found


@pytest.mark.parametrize(("name", "text"), every_svg(), ids=[name for name, _text in every_svg()])
def test_an_svg_is_whole_accessible_and_alone(name: str, text: str) -> None:
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title, desc = root[0], root[1]
    assert (title.tag, desc.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert not {element.tag.removeprefix(SVG) for element in root.iter()} & {
        "script",
        "a",
        "image",
        "use",
        "foreignObject",
    }
    assert not re.search(r"(href|src|@import|url\((?!#))", text)
    width, height = (float(part) for part in (root.get("viewBox") or "").split()[2:])
    background = next(element for element in root if element.tag == f"{SVG}rect")
    assert (background.get("fill"), background.get("width"), background.get("height")) == (
        "#FFFFFF", f"{width:.1f}", f"{height:.1f}",
    )  # fmt: skip
    everything_is_inside(root, width, height)


def everything_is_inside(root: ElementTree.Element, width: float, height: float) -> None:
    """Every text of a box is inside its box, and everything inside the picture, by an estimate of widths."""
    shifts = {child: float((group.get("transform") or "translate(0 0)").split()[1].rstrip(")"))
              for group in root for child in group.iter()}  # fmt: skip
    for group in root.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        one_bar = box is not None and float(box.get("height", 0)) == 18
        for element in group.findall(f"{SVG}text"):
            x, size = float(element.get("x", 0)), float(element.get("font-size", 0))
            end = x + labels.width(element.text or "", size, element.get("font-weight") == "bold")
            anchored = element.get("text-anchor") == "middle"
            assert anchored or end <= width, element.text
            assert float(element.get("y", 0)) + shifts[element] < height
            if box is not None and not one_bar:
                left, top = float(box.get("x", 0)), float(box.get("y", 0))
                assert left < x
                assert end <= left + float(box.get("width", 0)), element.text
                assert top < float(element.get("y", 0)) - size * 0.7
                assert float(element.get("y", 0)) + 3 <= top + float(box.get("height", 0))


def test_the_same_picture_is_the_same_bytes() -> None:
    assert every_svg() == every_svg()


def test_ids_of_two_pictures_on_one_page_differ() -> None:
    ids = [set(re.findall(r' id="([^"]+)"', text)) for _name, text in every_svg()]
    assert sum(map(len, ids)) == len(set().union(*ids))


names = st.text(max_size=40)
boxes = st.sampled_from("abcdefgh") | names


@given(st.lists(st.tuples(boxes, boxes, names), max_size=20))
def test_any_flow_fits_its_boxes_and_none_overlap(arrows: list[tuple[str, str, str]]) -> None:
    drawn = Flow("any")
    for source, target, label in arrows:
        for name in (source, target):
            drawn.add(Node(name, "group", (name, f"{name} {label}"), name))
        drawn.connect(Edge(source, target, "rings", label))
    placed = layout.place(drawn)
    boxes = placed.boxes
    assert {box.node.id for box in boxes} == set(drawn.nodes)
    for number, one in enumerate(boxes):
        assert 0 <= one.x <= one.x + layout.BOX <= placed.width
        assert 0 <= one.y <= one.y + one.height <= placed.height
        for place, line in enumerate(one.lines):
            size = layout.FIRST_SIZE if place == 0 else layout.OTHER_SIZE
            assert 8 + labels.width(line, size, place == 0) <= layout.BOX
        for other in boxes[number + 1 :]:
            apart = one.x != other.x or one.y + one.height < other.y or other.y + other.height < one.y
            assert apart, (one, other)
    arrows_enter_their_boxes(placed)
    labels_apart(
        [(arrow.label_x, arrow.label_y) for arrow in placed.arrows if arrow.label and "back to" not in arrow.label]
    )


def test_a_box_has_room_for_every_arrow_into_it() -> None:
    drawn = Flow("many")
    for name in ("one", *(f"group {n}" for n in range(9))):
        drawn.add(Node(name, "group", (name,), name))
    for number in range(9):
        drawn.connect(Edge(f"group {number}", "one", "rings", "1 · 0-15 s"))
    placed = layout.place(drawn)
    arrows_enter_their_boxes(placed)
    labels_apart([(arrow.label_x, arrow.label_y) for arrow in placed.arrows])


def arrows_enter_their_boxes(placed: layout.Placed) -> None:
    tops = {box.node.id: (box.y, box.y + box.height) for box in placed.boxes}
    for arrow in placed.arrows:
        top, bottom = tops[arrow.edge.target]
        assert top < float(re.split("[ V]", arrow.path)[-2]) < bottom


def labels_apart(places: list[tuple[float, float]]) -> None:
    for number, (x, y) in enumerate(places):
        for other_x, other_y in places[number + 1 :]:
            assert x != other_x or abs(y - other_y) >= 12


def outcome(*spans: tuple[int, float | None], end: int | None) -> Outcome:
    rings = tuple(Ring("1", "extension", since * 1000, None if until is None else until * 1000, "", "", (), "M")
                  for since, until in spans)  # fmt: skip
    return Outcome(None, rings, End("released", None if end is None else end * 1000, (), "M"))


@pytest.mark.parametrize(
    ("made", "tick", "horizon"),
    [
        (outcome((0, 5), end=5), 5, 35),  # at least 30 s
        (outcome((0, 15), (15, 30), end=30), 5, 35),
        (outcome((0, float("inf")), end=None), 5, 35),
        (outcome((0, 10), (40, float("inf")), end=None), 10, 70),  # 20 s of what rings on
        (outcome((0, 90), end=90), 10, 100),
        (outcome((0, 7200), end=7200), 1200, 8400),
    ],
)
def test_the_axis_of_a_ring_chart(made: Outcome, tick: int, horizon: int) -> None:
    assert scale(made) == (tick, horizon)
    assert horizon // tick <= 10


def bars(text: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(text).iter(f"{SVG}rect") if one.get("height") == "18"]


def test_bars_say_how_sure_they_are() -> None:
    known = d1()
    for member in known["hunt_groups"][0]["members"]:
        member["ring_delay"] = 0
    assert {one_bar.get("fill") for one_bar in bars(picture_of(known, "portaswitch", "svg", "200").text)} == {"#0072B2"}
    assert all(
        "url(#h-" in (one_bar.get("fill") or "") for one_bar in bars(text_of("D1", "svg", "200"))
    )  # ring_delay assumed
    unknown = bars(text_of("D2", "svg", "1004"))
    assert [one_bar.get("stroke-dasharray") for one_bar in unknown] == [None, "2 3"]


def test_bars_stand_on_the_axis() -> None:
    first, second = bars(text_of("D1", "svg", "200"))
    assert float(first.get("x") or 0) == 214
    assert float(second.get("x") or 0) == pytest.approx(214 + 650 * 15 / 35, abs=0.1)
    assert float(first.get("width") or 0) == pytest.approx(650 * 15 / 35, abs=0.1)


def test_several_outcomes_are_several_charts() -> None:
    shown = text_of("D1", "svg", "220")
    assert [f"Outcome {n} of 6: share 1/6" in shown for n in range(1, 8)] == [True] * 6 + [False]
    assert "Outcome 3 of 3: possible" in text_of("D2", "svg", "1005")


def test_more_lanes_than_fit_are_several_charts() -> None:
    members = [{"extension": str(1000 + n), "ring_time": 10, "ring_delay": n, "huntstop": True} for n in range(50)]
    document = {"hunt_groups": [{"id": "9", "policy": "simultaneous", "members": members}]}
    assert picture_of(document, "portaswitch", "svg", "9").text.count("(continued)") == 2


# -- merging and splitting ---------------------------------------------------------------------------------------------
def large(groups: int, members: int) -> dict[str, Any]:
    listed = [{"extension": str(5000 + n), "ring_time": 10, "ring_delay": n} for n in range(members)]
    return {
        "hunt_groups": [
            {"id": str(200 + n), "name": f"Group {n}", "policy": "simultaneous", "members": copy.deepcopy(listed)}
            for n in range(groups)
        ]
    }


def test_phones_that_ring_together_are_one_box() -> None:
    members = [{"extension": str(5000 + n), "ring_time": 10, "huntstop": True} for n in range(11)]
    document = {"hunt_groups": [{"id": "9", "policy": "simultaneous", "members": members}]}
    shown = picture_of(document, "portaswitch", "svg", "9").text
    assert "11 phones ring together" in shown
    assert "and 3 more" in shown
    members[3]["huntstop"] = False
    assert "ring together" not in picture_of(document, "portaswitch", "mermaid", "9").text


def test_a_large_tenant_is_an_overview() -> None:
    small = picture_of(large(2, 3), "portaswitch", "mermaid").text
    assert '"5000"' in small
    overview = picture_of(large(20, 30), "portaswitch", "mermaid").text
    assert '["200 Group 0 · all together · 30 members"]' in overview
    assert "5000" not in overview


def test_mermaid_keeps_to_its_limits() -> None:
    shown = picture_of(large(600, 3), "portaswitch", "mermaid").text
    assert shown.count("-->") <= 200
    assert len(shown) <= 30_000
    assert "more; ask for one group" in shown


# -- hostile names -----------------------------------------------------------------------------------------------------
def hostile() -> dict[str, Any]:
    document = d1()
    document["extensions"][0]["name"] = HOSTILE
    document["hunt_groups"][0]["name"] = HOSTILE
    return document


def test_hostile_names_stay_labels() -> None:
    shown = {format_: picture_of(hostile(), "portaswitch", format_, "200").text for format_ in FORMATS}
    for text in shown.values():
        assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00-\x09\x0b-\x1f]", text)
        text.encode("utf-8")
    root = ElementTree.fromstring(shown["svg"])
    assert not list(root.iter(f"{SVG}script"))
    lines = shown["mermaid"].splitlines()
    for line in lines[1:]:
        assert re.fullmatch(
            r'  n\d+(\(\["[^"<>&]*"\]\)|\["[^"<>&]*"\])? (-- "[^"<>&]*" )?--> n\d+(\(\["[^"<>&]*"\]\)|\["[^"<>&]*"\])?',
            line,
        ), line
    label = r'"(?:[^"\\\n]|\\["\\n])*"'
    for line in shown["dot"].splitlines()[4:-1]:
        assert re.fullmatch(rf"  n\d+( -> n\d+)?( \[label={label}(, \w+=\w+)*\])?;", line), line


@given(names)
def test_no_name_gets_out_of_its_label(name: str) -> None:
    ElementTree.fromstring(f"<a>{labels.xml(name)}</a>")
    assert not set('"<>&') & set(labels.mermaid(name))
    assert not re.search("#(?!(quot|35|lt|gt|amp);)", labels.mermaid(name))
    assert re.fullmatch(r'(?:[^"\\\n]|\\["\\])*', labels.dot(name))
