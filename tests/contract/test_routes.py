# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The route table is whole, every call in it sends its route, nothing sends another, and the docs show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.routes import PAGES, ROUTES, Route
from ansible_collections.telephony.pbx.tests.contract.sites import Site
from pbx_simulator import apio as apio_vendor
from pbx_simulator import portaswitch_pages
from pbx_simulator import vodia as vodia_vendor

USED = [one for one in ROUTES if one.module]

# How many routes each page has; those of Porta Plus 2 with the predefined POST of its sample.
COUNTS = {
    "CustomerHuntGroup": 11 + 1,
    "CustomerExtension": 11 + 1,
    "PortaFollowMe": 10 + 1,
    "Hunt Group (Vodia)": 6,
    "Hunt Group (APIO)": 8,
}
# What the simulators can do besides the pages, from the vendors' other documents.
BEYOND = {
    "vodia": {
        "GET /rest/system/status",
        "PUT /rest/domain/{}/user_settings/{}",
        *(
            f"GET /rest/domain/{{}}/{name}"
            for name in ("extensions", "srvflags", "userlist/{}", "users", "status/hunts")
        ),
        *(f"GET /rest/domain/{{}}/{name}" for name in ("ringtones/en", "moh", "dialplans")),
    },
    "apio": {
        *(f"GET /api/v1/tenants/{{}}/groups/{{}}/{name}/" for name in ("users", "departments", "numbers")),
        *(
            f"{method} /api/v1/tenants/{{}}/groups/{{}}/users/{{}}/services/{name}/"
            for method in ("GET", "PUT")
            for name in ("cfa", "cfb", "sequential_ring")
        ),
    },
}


def plain(method: str, path: str) -> str:
    """A route without the names of its placeholders, which pages and simulators choose as they like."""
    return f"{method} {re.sub(r'[{][^}]*[}]|[(][^)]*[)]', '{}', path)}"


def pattern(path: str) -> re.Pattern[str]:
    """What a path on the wire has to look like; APIO's is the same under Core's prefix."""
    parts = [r"[^/?]+" if part.startswith("{") else re.escape(part) for part in path.split("/")]
    text = "/".join(parts).replace(re.escape("/api/v1/"), r"/api/(?:v1|v01/p1)/")
    return re.compile(text, re.IGNORECASE if not path.startswith(("/rest", "/api")) else 0)


def sends(one: Route, entry: dict[str, Any]) -> bool:
    """Whether a line of the simulator's log is this very route, and no longer or shorter one of the same name."""
    return entry["method"] == one.method and bool(pattern(one.path).fullmatch(entry["raw"].split("?")[0]))


def is_beyond(backend: str, entry: dict[str, Any]) -> bool:
    """Whether a line of the log is a route of the vendor's other documents."""
    routes = (route.split(" ", 1) for route in BEYOND.get(backend, ()))
    return any(entry["method"] == method and pattern(path).fullmatch(entry["path"]) for method, path in routes)


def call(site: Site, one: Route) -> dict[str, Any]:
    site.vendor.log = []
    return run.run(one.module, site.options(dict(one.call)), check_mode=False, environment={})


def name(one: Route) -> str:
    return f"{PAGES[one.page][0]}-{one.method} {one.path}"


# -- the table is whole ------------------------------------------------------------------------------------------------
def test_the_table_has_every_route_of_each_page_once() -> None:
    assert Counter(one.page for one in ROUTES) == COUNTS
    lines = Counter((PAGES[one.page][0], plain(one.method, one.path)) for one in ROUTES)
    assert set(lines.values()) == {1}
    assert all(bool(one.module) is not bool(one.unused) for one in ROUTES)
    assert all(one.through for one in USED)


@pytest.mark.parametrize("operation", portaswitch_pages.OPERATIONS, ids=lambda operation: operation.name)
def test_the_table_agrees_with_the_pages_of_porta_plus(operation: Any) -> None:
    listed = [(one.method, one.path) for one in ROUTES if one.page == operation.name]
    *named, predefined = listed
    assert named == [(route.verb, route.path) for route in operation.routes]
    assert re.fullmatch(rf"/(json|csv)/reply/{operation.name}", predefined[1]) and predefined[0] == "POST"


def test_the_table_agrees_with_the_routes_of_vodia() -> None:
    simulated = {plain(method, path) for method, path, _handler in vodia_vendor.ROUTES}
    listed = {plain(one.method, one.path) for one in ROUTES if PAGES[one.page][0] == "vodia"}
    assert (listed | BEYOND["vodia"], listed & BEYOND["vodia"]) == (simulated, set())


def test_the_table_agrees_with_the_routes_of_apio() -> None:
    simulated = {plain(method, f"/api/v1/{regex.pattern}") for method, regex, _handler in apio_vendor.ROUTES}
    listed = {plain(one.method, one.path) for one in ROUTES if PAGES[one.page][0] == "apio"}
    assert (listed | BEYOND["apio"], listed & BEYOND["apio"]) == (simulated, set())


# -- every call sends its route ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("one", USED, ids=name)
def test_the_call_sends_exactly_this_route(open_site: Callable[[str], Site], one: Route) -> None:
    site = open_site(PAGES[one.page][0])
    result = call(site, one)
    assert not result.get("failed"), result["msg"]
    matching = [entry for entry in site.vendor.log if sends(one, entry)]
    assert matching and all(entry["status"] < 400 for entry in matching)
    if not one.module.endswith("_info"):
        assert result["changed"]


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
def test_no_call_sends_a_route_that_is_not_in_the_table(open_site: Callable[[str], Site], backend: str) -> None:
    own = [one for one in ROUTES if PAGES[one.page][0] == backend]
    for one in own:
        if one.module:
            site = open_site(backend)
            call(site, one)
            for entry in site.vendor.log:
                fitting = [other for other in own if sends(other, entry)]
                assert any(other.module for other in fitting) or is_beyond(backend, entry), entry["raw"]


@pytest.mark.parametrize("backend", ["portaswitch", "vodia", "apio"])
def test_writes_are_not_sent_in_check_mode(open_site: Callable[[str], Site], backend: str) -> None:
    for one in USED:
        if PAGES[one.page][0] == backend:
            site = open_site(backend)
            before = site.state
            result = run.run(one.module, site.options(dict(one.call)), check_mode=True, environment={})
            assert not result.get("failed"), result["msg"]
            assert (site.vendor.writes(), site.state) == ([], before)


def test_a_route_of_another_length_is_another_route() -> None:
    """Two routes of one name differ by their number of parts only; the test of the wire must not mix them up."""
    for one in ROUTES:
        path = re.sub(r"[{][^}]*[}]", "x", one.path)
        entry = {"method": one.method, "raw": f"{path}?a=b"}
        fitting = [other for other in ROUTES if PAGES[other.page][0] == PAGES[one.page][0] and sends(other, entry)]
        assert fitting == [one]


# -- the docs ------------------------------------------------------------------------------------------------------------
def test_the_published_page_is_part_of_the_guides() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs" / "docsite"
    listed = (docs / "extra-docs.yml").read_text(encoding="utf-8")
    assert re.search(r"^ +- routes$", listed, re.MULTILINE)
