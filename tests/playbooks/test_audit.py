# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""telephony.pbx.audit over three vendors: every kind of tenant in one play, its files, its exit status, and no write."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from ansible_collections.telephony.pbx.tests.unit.sessions import closed_port

from .conftest import TOKENS, Play, Run, Site
from .tenants import CONNECTIONS, connection, present, variables

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "audit.schema.json").read_text(encoding="utf-8"))
SHOW = "telephony.pbx.audit : Show the verdict of each tenant"
VERDICT = "telephony.pbx.audit : Fail unless every tenant is as declared"
FILES = {"audit.html", "audit.json", "audit.junit.xml", "audit.csv", "audit.md"}
SECRETS = ("demo-password", "not-the-password", "hidden-in-url", TOKENS["portaswitch"])
GROUPS = {"portaswitch": "200", "vodia": "1002", "apio": "APIOTestHuntGroup@sip.netaxis.be"}
OWN_RULE = {"id": "keep-it", "resource": "hunt_groups", "field": "name", "matches": "Other", "message": "keep it"}
VERDICTS = {
    "bakery": "clean",
    "hotel": "drift",
    "florist": "drift",
    "choir": "drift",
    "limited": "drift",
    "ruled": "drift",
    "locked": "incomplete",
    "dark": "incomplete",
    "mistaken": "incomplete",
    "talkative": "incomplete",
    "empty": "incomplete",
    "undefined": "incomplete",
}


def state_of(site: Site) -> dict[str, Any]:
    """All that the system holds, but for who is logged in."""
    return {name: value for name, value in copy.deepcopy(site.vendor.state).items() if name != "sessions"}


@dataclass(frozen=True)
class Audit:
    """Audits of the same tenants, one after the other, and what they left."""

    sites: dict[str, Site]
    states: dict[str, Any]
    runs: dict[str, Run]
    places: dict[str, Path]

    def text(self, run: str, name: str) -> str:
        return (self.places[run] / name).read_text(encoding="utf-8")

    def document(self, run: str = "audit") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text(run, "audit.json"))
        return found

    def tenant(self, host: str, run: str = "audit") -> dict[str, Any]:
        return next(one for one in self.document(run)["tenants"] if one["host"] == host)


def host_variables(sites: dict[str, Site]) -> dict[str, dict[str, Any]]:
    """One host for each kind of tenant."""
    porta, vodia, apio = (connection(sites[name]) for name in ("portaswitch", "vodia", "apio"))
    whole = {name: present(site) for name, site in sites.items()}
    group = {name: next(one for one in whole[name]["hunt_groups"] if one["id"] == GROUPS[name]) for name in sites}
    return {
        "bakery": variables({**porta, "hunt_groups": whole["portaswitch"]["hunt_groups"]}),
        "hotel": variables({**vodia, "hunt_groups": [{**group["vodia"], "name": "Reception"}, *[
            one for one in whole["vodia"]["hunt_groups"] if one["id"] != GROUPS["vodia"]
        ]]}),
        "florist": variables({**porta, "hunt_groups": [group["portaswitch"]], "unmanaged": "fail"}),
        "choir": variables({
            **apio,
            "hunt_groups": whole["apio"]["hunt_groups"],
            "expectations": [
                {"name": "spares 5001", "call": GROUPS["apio"], "never": ["5001"]},
                {"name": "begins with 5001", "call": GROUPS["apio"], "first": ["5001"]},
            ],
        }),
        "limited": variables({**vodia, "hunt_groups": [group["vodia"]], "purge": ["hunt_groups"], "max_deletions": 1}),
        "ruled": variables({**vodia, "hunt_groups": [group["vodia"]], "rules": [OWN_RULE]}),
        "locked": variables({**vodia, "password": "not-the-password", "hunt_groups": [group["vodia"]]}),
        "dark": variables({
            **vodia, "url": f"http://127.0.0.1:{closed_port()}", "timeout": 0.2, "hunt_groups": [group["vodia"]],
        }),
        "mistaken": variables({
            **vodia, "hunt_groups": [{"id": "1002", "polcy": "regular"}], "rate_limits": 7,
        }),
        "talkative": variables({**vodia, "url": "http://someone:hidden-in-url@127.0.0.1:1", "hunt_groups": []}),
        "empty": variables(vodia),
        "undefined": variables({**vodia, "hunt_groups": "{{ nowhere }}"}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def audit(
    portaswitch: Site, vodia: Site, apio: Site, play: Play, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Audit]:
    place = tmp_path_factory.mktemp("audit")
    sites = {site.name: site for site in (portaswitch, vodia, apio)}
    hosts = host_variables(sites)
    (place / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    states = {name: state_of(site) for name, site in sites.items()}
    for site in sites.values():
        site.vendor.log.clear()
    runs: dict[str, Run] = {}
    places: dict[str, Path] = {}

    def run(name: str, extra: dict[str, Any], *options: str, playbook: str = "telephony.pbx.audit") -> None:
        places[name] = Path(str(extra.get("pbx_report_dir", place / name)))
        inventory = ["--inventory", str(place / "hosts.yml")]
        runs[name] = play(playbook, {"pbx_report_dir": str(places[name]), **extra}, *inventory, *options)

    run("audit", {}, "-vv")
    run("check", {"pbx_report_previous": str(place / "audit" / "audit.json")}, "--check", "--limit", "bakery,hotel")
    run(
        "lenient",
        {"pbx_fail_on_drift": False, "pbx_report_formats": ["json"], "pbx_advice": False},
        "--limit",
        "hotel,florist",
    )
    run("clean", {"pbx_report_formats": ["json", "md"]}, "--limit", "bakery")
    run("ignore", {"pbx_report_formats": ["json"], "pbx_unmanaged": "ignore"}, "--limit", "florist")
    run("nobody", {"pbx_hosts": "none_of_them"}, "--limit", "bakery")
    run("merged", {"pbx_report_sources": [str(places[name] / "audit.json") for name in ("lenient", "clean")]},
        playbook="telephony.pbx.report_merge")  # fmt: skip
    yield Audit(sites, states, runs, places)


ENDS = {"audit": 2, "check": 2, "lenient": 0, "clean": 0, "ignore": 0, "merged": 2}


@pytest.mark.parametrize("name", ENDS)
def test_the_exit_status_says_whether_all_is_well(audit: Audit, name: str) -> None:
    assert audit.runs[name].returncode == ENDS[name], audit.runs[name].output[-4000:]


@pytest.mark.parametrize("host", VERDICTS)
def test_every_tenant_has_its_verdict(audit: Audit, host: str) -> None:
    tenant = audit.tenant(host)
    assert tenant["verdict"] == VERDICTS[host], tenant
    assert bool(tenant["message"]) == (VERDICTS[host] != "clean")


@pytest.mark.parametrize(
    ("host", "words"),
    {
        "locked": "credentials",
        "dark": "refuses the connection",
        "mistaken": "polcy",
        "empty": "declares nothing",
        "undefined": "'nowhere' is undefined",
        "talkative": "has credentials",
        "florist": "not declared",
        "choir": "1 expectation is not met",
    }.items(),
)
def test_the_message_says_what_is_wrong(audit: Audit, host: str, words: str) -> None:
    assert words in audit.tenant(host)["message"]


def test_the_files_are_there_although_the_play_failed(audit: Audit) -> None:
    assert audit.runs["audit"].returncode == 2
    assert {path.name for path in audit.places["audit"].iterdir()} == FILES


@pytest.mark.parametrize("vendor", CONNECTIONS)
def test_no_run_wrote_anything(audit: Audit, vendor: str) -> None:
    site = audit.sites[vendor]
    assert site.vendor.log
    assert [entry for entry in site.vendor.log if entry["write"]] == []
    assert state_of(site) == audit.states[vendor]


@pytest.mark.parametrize("run", ["audit", "check", "lenient", "clean", "merged"])
def test_the_json_is_as_its_schema_says(audit: Audit, run: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(audit.document(run))


def test_the_summary_counts_what_the_tenants_say(audit: Audit) -> None:
    document = audit.document()
    assert document["verdict"] == "incomplete"
    assert document["summary"]["tenants"] == len(VERDICTS)
    assert [document["summary"][name] for name in ("clean", "drift", "incomplete")] == [1, 5, 6]
    assert document["summary"]["update"] == 1
    assert document["summary"]["delete"] == 2


@pytest.mark.parametrize(("host", "found"), {"limited": "max-deletions", "ruled": "keep-it"}.items())
def test_a_limit_or_a_rule_is_a_finding_that_hides_no_difference(audit: Audit, host: str, found: str) -> None:
    tenant = audit.tenant(host)
    assert [one["id"] for one in tenant["findings"] if one["severity"] == "error"] == [found]
    assert "findings" in tenant["reasons"]
    assert [step["action"] for step in tenant["plan"]] == (["delete"] * 2 if host == "limited" else [])


def test_advice_is_given_unless_somebody_does_not_want_it(audit: Audit) -> None:
    with_it, without = ({one["id"] for one in audit.tenant("hotel", run)["findings"]} for run in ("audit", "lenient"))
    assert "no-overflow" in with_it and "silent-group" in without and "no-overflow" not in without


def test_a_host_whose_declaration_cannot_be_evaluated_is_not_one_without_a_declaration(audit: Audit) -> None:
    assert audit.tenant("undefined")["findings"] == []


def test_a_leaf_is_shown_before_and_after(audit: Audit) -> None:
    (step,) = audit.tenant("hotel")["plan"]
    (leaf,) = step["changes"]
    assert (step["resource"], step["id"], step["action"]) == ("hunt_group", "1002", "update")
    assert (leaf["field"], leaf["after"]) == ("name", "Reception")
    assert f"hotel: hunt_group 1002 (Hunt): name: {leaf['before']} -> Reception" in audit.runs["audit"].output
    rows = list(csv.DictReader(io.StringIO(audit.text("audit", "audit.csv").lstrip("\ufeff"))))
    assert [(row["host"], row["field"], row["after"]) for row in rows if row["field"] and row["host"] == "hotel"] == [
        ("hotel", "name", "Reception")
    ]


def test_a_suite_a_tenant_and_a_case_an_object(audit: Audit) -> None:
    suites = {one.get("name"): one for one in ElementTree.fromstring(audit.text("audit", "audit.junit.xml"))}
    assert set(suites) == set(VERDICTS)
    failed = [one.get("name") for one in suites["hotel"].findall("testcase") if one.find("failure") is not None]
    assert failed == ["hunt_group 1002 (Hunt)"]
    assert suites["locked"].get("errors") == "1"
    groups = [one for one in suites["bakery"].findall("testcase") if one.get("classname") == "bakery.hunt_group"]
    assert len(groups) == len(present(audit.sites["portaswitch"])["hunt_groups"])
    assert suites["bakery"].get("failures") == suites["bakery"].get("errors") == "0"


def test_the_page_shows_the_group_that_differs(audit: Audit) -> None:
    page = audit.text("audit", "audit.html")
    assert "Reception" in page and "data:image/svg+xml;base64," in page
    assert "<script src" not in page and 'href="http' not in page


def test_undeclared_objects_are_told_but_fail_only_where_asked(audit: Audit) -> None:
    assert len(audit.tenant("florist")["unmanaged"]) > 0
    assert audit.tenant("florist")["plan"] == []
    assert audit.tenant("florist")["reasons"] == ["unmanaged"]
    assert audit.tenant("florist", "ignore")["verdict"] == "clean"
    assert audit.tenant("florist", "ignore")["unmanaged"] == []


def test_an_expectation_that_is_not_met_is_told(audit: Audit) -> None:
    found = {one["name"]: one["status"] for one in audit.tenant("choir")["expectations"]}
    assert found == {"spares 5001": "passed", "begins with 5001": "failed"}
    assert audit.tenant("choir")["plan"] == []


def test_a_play_over_no_host_fails(audit: Audit) -> None:
    assert audit.runs["nobody"].returncode != 0
    assert "no tenant to audit" in audit.runs["nobody"].output


def test_a_further_tenant_costs_one_process(audit: Audit) -> None:
    """To fork costs as much as to compare a small tenant, so every other task of the audit runs once for all of them."""
    one, two = audit.runs["clean"].forks, audit.runs["lenient"].forks
    assert (one, two) == (8, 9)


@pytest.mark.parametrize(("slices", "ends"), [(1, 2), (3, 0)])
def test_an_empty_inventory_fails_but_for_an_empty_slice(play: Play, slices: int, ends: int) -> None:
    run = play("telephony.pbx.audit", {"pbx_slices": slices}, "--inventory", "/dev/null")
    assert run.returncode == ends, run.output
    assert ("no tenant to audit" in run.output) == bool(ends)


def test_the_verdict_is_published_once_for_the_whole_play(play: Play, audit: Audit, tmp_path: Path) -> None:
    hosts = host_variables(audit.sites)
    (tmp_path / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": {name: hosts[name] for name in ("bakery", "hotel")}}})
    )
    run = play("telephony.pbx.audit", {"pbx_report_dir": str(tmp_path / "report"), "pbx_report_formats": ["json"]},
               "--inventory", str(tmp_path / "hosts.yml"), ANSIBLE_SHOW_CUSTOM_STATS="1")  # fmt: skip
    shown = " ".join(run.output.partition("CUSTOM STATS")[2].split())
    assert run.returncode == 2
    assert shown.count('"verdict": "drift"') == 1 or shown.count("'verdict': 'drift'") == 1, shown
    document = json.loads((tmp_path / "report" / "audit.json").read_text())
    ids = {one["host"]: one["plan_id"] for one in document["tenants"] if one["verdict"] == "drift"}
    assert list(ids) == ["hotel"] and ids["hotel"] in shown
    assert str(tmp_path / "report") in shown


def test_a_second_audit_says_what_is_new_open_or_resolved(audit: Audit) -> None:
    comparison = audit.document("check")["comparison"]
    assert ("hotel", "leaf") in [(one["host"], one["kind"]) for one in comparison["open"]]
    assert {one["host"] for one in comparison["open"] if one["kind"] == "leaf"} == {"hotel"}
    assert comparison["new"] == comparison["resolved"] == []
    assert {one["host"] for one in comparison["unknown"]} >= {"locked", "dark", "florist", "choir"}


def test_reports_of_slices_become_one(audit: Audit) -> None:
    document = audit.document("merged")
    assert [one["host"] for one in document["tenants"]] == ["bakery", "florist", "hotel"]
    assert document["verdict"] == "drift"
    assert [one["tenants"] for one in document["merged_from"]] == [2, 1]
    assert {path.name for path in audit.places["merged"].iterdir()} == FILES


def test_the_table_has_a_line_for_each_tenant(audit: Audit) -> None:
    lines = audit.runs["audit"][SHOW].result["msg"]
    assert {line.split()[0] for line in lines[2 : 2 + len(VERDICTS)]} == set(VERDICTS)
    assert lines[2].split()[1] == "incomplete"


@pytest.mark.parametrize("run", ["audit", "check"])
def test_no_secret_is_shown_or_written(audit: Audit, run: str) -> None:
    texts = [audit.runs[run].output, *(path.read_text(encoding="utf-8") for path in audit.places[run].iterdir())]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []
