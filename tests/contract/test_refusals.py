# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be done is refused before the first write, in words that say what to do instead."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.cases import USER
from ansible_collections.telephony.pbx.tests.contract.lives import LIVES
from ansible_collections.telephony.pbx.tests.contract.refusals import REFUSALS
from ansible_collections.telephony.pbx.tests.contract.refused_on_sight import REFUSED, Refused
from ansible_collections.telephony.pbx.tests.contract.sites import Site


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [pytest.param(name, *row, id=f"{name}-{row[0]}") for name, rows in REFUSALS.items() for row in rows],
)
def test_what_cannot_be_right_is_refused_before_any_request(
    open_site: Any, name: str, options: dict[str, Any], words: tuple[str, ...]
) -> None:
    life = LIVES[name]
    state = {"state": life.declared["state"]} if "state" in life.declared else {}
    message = life.caller(open_site).refused_untouched({**life.key, **state, **options})
    key = next(iter({**life.key, **options}.values()))
    for word in (life.module, *([str(key)] if key == life.declared[life.keys[0]] else []), *words):
        assert word in message


def test_everything_that_is_wrong_is_said_at_once(site: Site) -> None:
    message = site.refused(id=site.case.group["id"], settings={"nonsense": 1}, members=[{"extension": ""}], name="a\nb")
    for word in ("settings.nonsense", "members[0].extension", "name"):
        assert word in message
    assert site.vendor.log == []


def test_neither_id_nor_name_is_refused(site: Site) -> None:
    message = site.refused(members=[])
    assert "id or name" in message and "missing" in message
    assert site.vendor.log == []


# -- what only the server knows ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "row"),
    [pytest.param(name, row, id=f"{name}-{place}") for name, rows in REFUSED.items() for place, row in enumerate(rows)],
)
def test_what_the_server_shows_to_be_wrong_is_refused_before_any_write(open_site: Any, name: str, row: Refused) -> None:
    """In check mode with the same message."""
    caller = LIVES[name].caller(open_site)
    caller.vendor.set_dialect(**row.dialect)
    if row.first:
        caller.done(row.first)
    row.begin(caller.vendor.state)
    if row.info:
        message = caller.info_refused(**row.declared)
    else:
        shown, message = caller.check(row.declared), caller.refused(row.declared)
        assert shown["msg"] == message
    assert all(word in message for word in row.words), message


@pytest.mark.parametrize(
    ("name", "extension"),
    [("portaswitch", "999"), ("vodia", "999"), ("apio", f"nobody{USER}"), ("apio", "9999"), ("apio", "+3299126778")],
)
def test_a_member_that_does_not_exist_is_named_before_any_write(open_site: Any, name: str, extension: str) -> None:
    site: Site = open_site(name)
    new = {**site.case.group, "members": [*site.case.group["members"], {"extension": extension}]}
    if name == "apio":
        new["members"][-1]["weight"] = 0
    for check_mode in (True, False):
        message = site.refused(new, check_mode=check_mode)
        assert "members" in message and extension in message
    site.done(site.case.group)
    assert extension in site.refused(new)


def test_vodia_refuses_a_setting_that_this_version_does_not_have(vodia: Site) -> None:
    for declared in (vodia.case.group, {"id": "1002"}):
        message = vodia.refused(declared, settings={"comment": "x"})
        assert "settings.comment" in message and "version" in message
        vodia.vendor.set_dialect(version_keys="70")
        assert vodia.check(declared, settings={"comment": "x"})["verdict"] == "drift"
        assert "settings.acdani" in vodia.refused(declared, settings={"acdani": "x"})
        vodia.vendor.set_dialect(version_keys="58")


# -- the connection ------------------------------------------------------------------------------------------------
def test_every_missing_connection_option_is_named(site: Site) -> None:
    """As is the variable of the environment that would do as well."""
    for name in set(site.case.connection) - {"country_code"}:
        message = site.refused(site.case.group, **{name: ""})
        assert name in message and f"PBX_{name.upper()}" in message
        assert site.vendor.log == []
    message = site.refused(site.case.group, url=None)
    assert "url" in message and "PBX_URL" in message


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"backend": None}, ("backend", "portaswitch, vodia, apio")),
        ({"backend": "vodka"}, ("backend", "did you mean vodia")),
        ({"url": "pbx.example"}, ("url", "http")),
        ({"url": "http://user:demo-password@pbx.example"}, ("url", "credentials")),
        ({"url": "http://pbx.example/?token=demo-password"}, ("url", "query")),
        ({"timeout": "soon"}, ("timeout", "number")),
        ({"timeout": 0}, ("timeout", "range")),
        ({"rate_limit": -1}, ("rate_limit", "range")),
        ({"concurrency": 0}, ("concurrency", "range")),
        ({"validate_certs": "perhaps"}, ("validate_certs", "true nor false")),
        ({"ca_path": "/no/such/file"}, ("ca_path", "/no/such/file")),
    ],
)
def test_connection_options_that_cannot_be_right_are_refused(
    site: Site, options: dict[str, Any], words: tuple[str, ...]
) -> None:
    message = site.refused(site.case.group, **options)
    for word in words:
        assert word in message
    assert site.vendor.log == []


@pytest.mark.parametrize("licence", ["with/slash", "with?mark", "with%41", "dot.", "..", "a b/"])
def test_a_licence_that_would_change_the_path_travels_in_the_query(portaswitch: Site, licence: str) -> None:
    message = portaswitch.refused(portaswitch.case.group, token=licence)
    assert "token" in message and f" {licence} " not in message
    (entry,) = portaswitch.vendor.log
    assert (entry["path"], entry["query"]["License"]) == ("/GetCustomerHuntGroups/-/10", licence)


def test_a_licence_with_a_control_character_is_refused_unseen(portaswitch: Site) -> None:
    message = portaswitch.refused(portaswitch.case.group, token="tab\there")
    assert "token" in message and "tab" not in message and portaswitch.vendor.log == []


def test_portaswitch_wants_a_customer_record(portaswitch: Site) -> None:
    assert "ICustomer" in portaswitch.refused(portaswitch.case.group, tenant="Example Ltd")
    assert portaswitch.vendor.log == []


@pytest.mark.parametrize(
    ("name", "options"),
    [("portaswitch", {"tenant": "99"}), ("vodia", {"tenant": "nowhere"}), ("apio", {"group": "NoGroup"})],
)
def test_a_tenant_that_does_not_exist_is_not_an_empty_one(open_site: Any, name: str, options: dict[str, str]) -> None:
    site: Site = open_site(name)
    for state in ("present", "absent"):
        assert next(iter(options)) in site.refused(site.case.group, state=state, **options)


def test_connection_options_may_come_from_the_environment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    given = site.options()
    environment = {f"PBX_{name.upper()}": str(value) for name, value in given.items()}
    result = run.run("hunt_group", {"id": site.case.taken}, check_mode=True, environment=environment)
    assert (result["changed"], result["verdict"]) == (False, "clean")
