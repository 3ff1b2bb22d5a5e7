# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where connection options come from, and what is said when one is missing or wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.backends.contract import RunContext
from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.entry.connection import (
    DEFAULTS,
    ENVIRONMENT,
    completed,
    connect,
    connection_arguments,
    context_of,
)
from ansible_collections.telephony.pbx.plugins.module_utils.errors import InvalidOption, Unsupported

COMPLETE: dict[str, dict[str, Any]] = {
    "portaswitch": {"url": "https://7el.co", "tenant": "10", "token": "hunter-secret"},
    "vodia": {"url": "https://pbx:8080", "tenant": "localhost", "username": "admin", "password": "hunter-secret"},
    "apio": {"url": "https://apio.example/api/v01/p1", "tenant": "T", "group": "G", "token": "hunter-secret"},
}
for name, options in COMPLETE.items():
    options["backend"] = name


def opened(**options: Any) -> Any:
    """The session that these options open, with nothing in the environment."""
    return connect("hunt_group", options, read_only=True, environment={}).session


def refusal(**options: Any) -> str:
    with pytest.raises(InvalidOption) as caught:
        connect("hunt_group", options, read_only=True, environment={})
    assert "hunter-secret" not in str(caught.value)
    return str(caught.value)


# -- where values come from ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("backend", COMPLETE)
def test_complete_options_open_a_backend_and_send_nothing(backend: str) -> None:
    made = connect("hunt_group", COMPLETE[backend], read_only=True, environment={})
    assert made.name == backend and made.session.requests_sent == 0
    assert made.session.options.read_only
    assert made.store("hunt_group", RunContext()).resource.name == "hunt_group"


@pytest.mark.parametrize("backend", COMPLETE)
def test_the_environment_alone_is_enough(backend: str) -> None:
    environment = {ENVIRONMENT[option]: value for option, value in COMPLETE[backend].items()}
    made = connect("hunt_group", {}, read_only=False, environment=environment)
    assert (made.name, made.session.url) == (backend, COMPLETE[backend]["url"])
    assert not made.session.options.read_only


def test_without_another_environment_that_of_the_process_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for option, value in COMPLETE["vodia"].items():
        monkeypatch.setenv(ENVIRONMENT[option], value)
    assert connect("hunt_group", {}, read_only=True).name == "vodia"


def test_a_task_overrules_the_environment_and_an_empty_value_counts_as_unset() -> None:
    environment = {"PBX_URL": "https://env", "PBX_TENANT": "", "PBX_TOKEN": "env"}
    given = completed({"url": "https://task", "token": "", "tenant": None}, environment)
    assert (given["url"], given["tenant"], given["token"]) == ("https://task", None, "env")
    assert set(given) == set(ENVIRONMENT)


def test_variables_of_the_host_stand_between_the_task_and_the_environment() -> None:
    variables = {"url": "https://host", "tenant": "", "token": "of host", "list_limit": 0}
    given = completed(
        {"url": "https://task"}, {"PBX_TENANT": "env", "PBX_TOKEN": "env", "PBX_LIST_LIMIT": "5"}, variables
    )
    assert (given["url"], given["tenant"], given["token"]) == ("https://task", "env", "of host")
    assert given["list_limit"] == 0


@pytest.mark.parametrize(("option", "value"), [("validate_certs", False), ("rate_limit", 0), ("rate_limit", 0.0)])
def test_false_and_zero_are_values_that_the_environment_does_not_overrule(option: str, value: Any) -> None:
    given = completed({option: value}, {ENVIRONMENT[option]: "5"})
    assert given[option] == value


def test_license_is_another_name_of_token() -> None:
    assert completed({"license": "l"}, {"PBX_TOKEN": "env"})["token"] == "l"
    assert completed({"license": "l", "token": "t"}, {})["token"] == "t"
    assert completed({"license": ""}, {"PBX_TOKEN": "env"})["token"] == "env"
    assert connection_arguments()["token"]["aliases"] == ["license"]


def test_arguments_have_no_defaults_of_their_own_and_hide_what_is_secret() -> None:
    arguments = connection_arguments()
    assert set(arguments) == set(ENVIRONMENT)
    assert not [name for name, spec in arguments.items() if "default" in spec or spec.get("required")]
    assert [name for name, spec in arguments.items() if spec.get("no_log")] == ["password", "token", "rate_limit_store"]
    assert set(arguments["backend"]["choices"]) == set(BACKENDS)


# -- what a session gets ---------------------------------------------------------------------------------------------
def test_defaults_are_safe() -> None:
    options = opened(**COMPLETE["vodia"]).options
    assert (options.verify, options.timeout, options.rate_limit, options.concurrency) == (
        True, DEFAULTS["timeout"], DEFAULTS["rate_limit"], DEFAULTS["concurrency"],
    )  # fmt: skip
    assert options.rate_limit > 0 and options.deadline > options.timeout
    assert "hunter-secret" in options.secrets


@pytest.mark.parametrize(
    ("written", "verify"), [("no", False), ("False", False), (False, False), ("yes", True), ("", True)]
)
def test_validate_certs_in_every_spelling(written: Any, verify: bool) -> None:
    assert opened(**COMPLETE["vodia"], validate_certs=written).options.verify is verify
    environment = {"PBX_VALIDATE_CERTS": str(written)}
    made = connect("hunt_group", COMPLETE["vodia"], read_only=True, environment=environment)
    assert made.session.options.verify is verify


def test_ca_path_has_to_exist_unless_nothing_is_validated(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    assert "ca_path: there is no file" in refusal(**COMPLETE["vodia"], ca_path=str(bundle))
    assert opened(**COMPLETE["vodia"], ca_path=str(bundle), validate_certs=False).options.verify is False
    bundle.touch()
    assert opened(**COMPLETE["vodia"], ca_path=str(bundle)).options.verify == str(bundle)


@pytest.mark.parametrize("url", ["https://pbx:8080/", "https://pbx:8080//", "https://pbx:8080"])
def test_a_closing_slash_of_the_url_does_not_matter(url: str) -> None:
    assert opened(**{**COMPLETE["vodia"], "url": url}).url == "https://pbx:8080"


@pytest.mark.parametrize("option", ["timeout", "rate_limit", "concurrency"])
@pytest.mark.parametrize("value", ["fast", -1, "nan", "inf", 10**9])
def test_numbers_that_are_none_or_out_of_range_are_refused(option: str, value: Any) -> None:
    assert f"{option}: " in refusal(**COMPLETE["vodia"], **{option: value})


def test_the_least_numbers() -> None:
    assert opened(**COMPLETE["vodia"], rate_limit="0").options.rate_limit == 0
    assert "write 1 or more" in refusal(**COMPLETE["vodia"], concurrency=0)
    assert "write 0.1 or more" in refusal(**COMPLETE["vodia"], timeout=0)
    assert refusal(**COMPLETE["vodia"], validate_certs="maybe") == (
        "connection: validate_certs: 'maybe' is neither true nor false"
    )


@pytest.mark.parametrize("option", ["service_password", "hashed_account"])
def test_the_secrets_of_agents_are_hidden_too(option: str) -> None:
    made = connect("agent", {**COMPLETE["portaswitch"], option: "4711-pin"}, read_only=True, environment={})
    assert "4711" not in made.session.redact("/route/4711-pin/x")


@pytest.mark.parametrize(
    ("backend", "resource"), [("vodia", "agent"), ("apio", "agent"), ("portaswitch", "hunt_group_weights")]
)
def test_a_resource_that_a_backend_lacks_is_unsupported_and_says_who_has_it(backend: str, resource: str) -> None:
    with pytest.raises(Unsupported) as caught:
        connect(resource, COMPLETE[backend], read_only=True, environment={})
    others = [name for name, kind in BACKENDS.items() if resource in kind.stores]
    assert str(caught.value).startswith(f"{resource}: the {backend} backend")
    assert others and all(name in str(caught.value) for name in others)


# -- what is missing -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("backend", "option", "hint"),
    [
        ("portaswitch", "url", "PBX_URL"),
        ("portaswitch", "tenant", "on portaswitch it is the customer record, ICustomer (or set PBX_TENANT)"),
        ("portaswitch", "token", "PBX_TOKEN"),
        ("vodia", "url", "PBX_URL"),
        ("vodia", "tenant", "on vodia it is the domain (or set PBX_TENANT)"),
        ("vodia", "username", "username and password: is missing"),
        ("vodia", "password", "username and password: is missing"),
        ("apio", "tenant", "on apio it is the tenant ID"),
        ("apio", "group", "on apio it is the group ID (or set PBX_GROUP)"),
        ("apio", "token", "token or username and password: is missing"),
        ("apio", "backend", "write one of portaswitch, vodia, apio (or set PBX_BACKEND)"),
    ],
)
@pytest.mark.parametrize("empty", [None, ""])
def test_each_missing_option_is_named_with_its_meaning(backend: str, option: str, hint: str, empty: Any) -> None:
    message = refusal(**{**COMPLETE[backend], option: empty})
    assert message.startswith("connection: ") and hint in message and message.count("is missing") == 1


def test_everything_that_is_missing_is_in_one_message() -> None:
    message = refusal(backend="apio", timeout="fast")
    for option in ("timeout", "url", "tenant", "group", "token or username and password"):
        assert f"{option}: " in message
    assert "\n" not in message


def test_a_mistyped_backend_gets_a_suggestion() -> None:
    assert "backend: 'portaswich' is unknown (did you mean portaswitch?)" in refusal(
        backend="portaswich", url="http://x"
    )


def test_apio_takes_a_user_in_place_of_a_token() -> None:
    user = {**COMPLETE["apio"], "token": "", "username": "u", "password": "p"}
    assert opened(**user).requests_sent == 0


# -- what cannot be right --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    ["pbx.example", "ftp://pbx", "https://", "https:///x", "http://pbx:port", "http://pbx:99999", "http://[::1", "//x"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert "url: is not an http or https address" in refusal(**{**COMPLETE["vodia"], "url": url})


@pytest.mark.parametrize(
    "url",
    ["https://u:hunter-secret@pbx", "https://hunter-secret@pbx", "https://pbx/?a=hunter-secret", "https://pbx/#a"],
)
def test_credentials_and_queries_have_no_place_in_the_url(url: str) -> None:
    assert "url: has credentials or a query in it" in refusal(**{**COMPLETE["vodia"], "url": url})


@pytest.mark.parametrize("tenant", ["acme", "10/1", "-1", "²"])
def test_a_portaswitch_customer_is_a_record_number(tenant: str) -> None:
    assert refusal(**{**COMPLETE["portaswitch"], "tenant": tenant}).startswith("tenant: ")


@pytest.mark.parametrize(
    "token", ["hunter-secret\n", "hunter-secret\ud83d", "hunter-secret<a", "hunter-secret&#", "   "]
)
def test_a_licence_that_no_request_can_carry_is_refused_without_showing_it(token: str) -> None:
    assert refusal(**{**COMPLETE["portaswitch"], "token": token}).startswith("token: ")


@pytest.mark.parametrize("token", ["a/1", "a%", "a.", "a ", "a<1", "a&b"])
def test_a_licence_that_only_a_query_can_carry_is_taken(token: str) -> None:
    assert opened(**{**COMPLETE["portaswitch"], "token": token}).requests_sent == 0


# -- what a run gets -------------------------------------------------------------------------------------------------
def context(environment: dict[str, str] | None = None, **options: Any) -> RunContext:
    given = {**COMPLETE["vodia"], **options}
    backend = connect("hunt_group", given, read_only=True, environment={})
    return context_of(backend, given, environment or {}, standalone=False)


@pytest.mark.parametrize("written", ["32", 32, "+32", "0032"])
def test_the_country_code_makes_national_numbers_comparable(written: Any) -> None:
    assert context(country_code=written).numbers.same("025126777", "+3225126777")
    assert context({"PBX_COUNTRY_CODE": str(written)}).numbers.same("025126777", "+3225126777")
    assert not context().numbers.same("025126777", "+3225126777")


@pytest.mark.parametrize(("written", "limit"), [(None, None), ("", None), (0, 0), ("0", 0), (" 500 ", 500)])
def test_a_limit_of_lists_is_a_number_none_or_not_known(written: Any, limit: int | None) -> None:
    assert context(list_limit=written).list_limit == limit


@pytest.mark.parametrize(
    ("option", "written"),
    [("country_code", "BE"), ("country_code", "0"), ("list_limit", "many"), ("list_limit", -1), ("list_limit", "1.5")],
)
def test_what_a_run_cannot_use_is_refused_by_its_option(option: str, written: Any) -> None:
    with pytest.raises(InvalidOption, match=f"^connection: {option}: "):
        context(**{option: written})


def test_a_run_takes_its_clock_and_threads_from_the_session() -> None:
    backend = connect("hunt_group", {**COMPLETE["vodia"], "concurrency": 7}, read_only=True, environment={})
    made = context_of(backend, {}, {}, check_mode=True)
    assert (made.concurrency, made.clock, made.sleep) == (7, backend.session.clock, backend.session.sleep)
    assert made.check_mode and made.standalone
    made.hide("another-secret")
    assert "another-secret" not in backend.session.redact("it is another-secret")
