# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions where a backend only shows them: APIO, where they belong to the users of the group."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.tests.contract.sites import Site


def call(site: Site, module: str, **options: Any) -> dict[str, Any]:
    site.vendor.log = []
    return run.run(module, site.options({}, **options), check_mode=False, environment={})


def test_the_users_of_a_group_are_its_extensions(apio: Site) -> None:
    result = call(apio, "extension_info")
    assert {one["id"]: one["user"] for one in result["extensions"]}["5001"] == "ApioUserTest1@sip.netaxis.be"
    assert apio.vendor.writes() == [] and result["changed"] is False


def test_one_extension_is_found_by_its_number(apio: Site) -> None:
    (one,) = call(apio, "extension_info", id="5001")["extensions"]
    assert one["phone_number"] == "+3225126778"
    assert call(apio, "extension_info", id="9999")["extensions"] == []


@pytest.mark.parametrize("options", [{"online": True}, {"products": ["1"]}], ids=str)
def test_a_filter_that_nobody_can_answer_is_refused(apio: Site, options: dict[str, Any]) -> None:
    result = call(apio, "extension_info", **options)
    assert result["failed"] and "apio" in result["msg"] and apio.vendor.log == []


def test_writing_one_is_refused_before_any_request(apio: Site) -> None:
    result = call(apio, "extension", id="4000", name="Other")
    assert result["failed"] and "only read" in result["msg"] and "portaswitch" in result["msg"]
    assert apio.vendor.log == []


def test_an_export_has_only_what_can_be_written(apio: Site) -> None:
    assert "extensions" not in call(apio, "tenant_info")
