# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets at the highest verbosity, inside Ansible's own process and shipped; and what looks like one and is none."""

from __future__ import annotations

import pytest

from .conftest import Play, Run, Site

SECRET = "nested-secret-4711"
PLACES = ("localhost", "elsewhere")
REFUSED = {
    "One group, refused": "overflow_after",
    "Whole tenant, refused": "id",
    "Declaration, refused": "did you mean policy?",
    "Wrong kind of list": "hunt_groups",
}


@pytest.fixture(scope="module")
def run(apio: Site, vodia: Site, play: Play) -> Run:
    vodia.vendor.state["administrators"][0]["password"] = "secret"
    vodia.vendor.state["domains"]["localhost"]["accounts"]["1003"]["settings"]["display"] = "Top secretary line"
    urls = {f"{site.name}_url": site.url for site in (apio, vodia)}
    variables = {"password": apio.variables["password"], "nested_secret": SECRET, **urls}
    return play("secrets.yml", variables, "-vvvv", "--diff")


def test_ends_well(run: Run) -> None:
    assert run.returncode == 0, run.output


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_in_the_settings_is_nowhere(run: Run, place: str) -> None:
    verdicts = [run.on(place, name).result["verdict"] for name in ("One group", "Whole tenant")]
    assert verdicts == ["drift", "drift"]  # it was used
    assert SECRET not in run.output
    assert SECRET not in str([task.result for task in run.tasks])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_without_it(run: Run, place: str, name: str) -> None:
    assert REFUSED[name] in run.on(place, name).result["msg"]


@pytest.mark.parametrize("place", PLACES)
def test_a_name_with_the_text_of_the_password_is_not_damaged(run: Run, place: str) -> None:
    (group,) = run.on(place, "Read the name").result["hunt_groups"]
    assert group["name"] == "Top secretary line"
    changed = run.on(place, "Change the name").result
    assert changed["plan"][0]["changes"] == [
        {"field": "name", "before": "Top secretary line", "after": "Secret of the Top secretary line"}
    ]
    assert "(Top secretary line): name: Top secretary line -> Secret of the Top secretary line" in run.output
