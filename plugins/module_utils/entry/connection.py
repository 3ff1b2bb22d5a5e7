# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options that all modules share, where their values come from, and what they open.

A value is taken from the task (or module_defaults), then from the variable `pbx_OPTION` of the host, then from the environment.
An empty value counts as not given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from ..backends import registry
from ..backends.contract import FRESH_SECONDS, Backend, RunContext
from ..errors import InvalidOption
from ..model.numbers import NumberRules, country_code_of
from ..model.values import Values, nearest, to_bool
from ..transport.session import Session, SessionOptions
from ..transport.shared_rate import check_store, password_of
from .arguments import secret_options
from .shared_sessions import SharedSessions

ENVIRONMENT = {
    "backend": "PBX_BACKEND",
    "url": "PBX_URL",
    "tenant": "PBX_TENANT",
    "group": "PBX_GROUP",
    "username": "PBX_USERNAME",
    "password": "PBX_PASSWORD",
    "token": "PBX_TOKEN",
    "validate_certs": "PBX_VALIDATE_CERTS",
    "ca_path": "PBX_CA_PATH",
    "timeout": "PBX_TIMEOUT",
    "rate_limit": "PBX_RATE_LIMIT",
    "rate_limit_store": "PBX_RATE_LIMIT_STORE",
    "slices": "PBX_SLICES",
    "concurrency": "PBX_CONCURRENCY",
    "country_code": "PBX_COUNTRY_CODE",
    "list_limit": "PBX_LIST_LIMIT",
}
SECRETS = ("password", "token")
_WAYS = (("token",), ("username", "password"))  # of showing who asks
DEFAULTS: Values = {"validate_certs": True, "timeout": 30.0, "rate_limit": 20.0, "slices": 1, "concurrency": 4}
_NUMBERS = ("timeout", "rate_limit", "slices", "concurrency")
_DEADLINE_FACTOR = 4  # a request with its retries may take so many times `timeout`


def connection_arguments() -> Values:
    """The argument spec of the connection. Defaults are applied here, after the environment, not by Ansible."""
    return {
        "backend": {"type": "str", "choices": sorted(registry.BACKENDS)},
        "url": {"type": "str"},
        "tenant": {"type": "str"},
        "group": {"type": "str"},
        "username": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "token": {"type": "str", "no_log": True, "aliases": ["license"]},
        "validate_certs": {"type": "bool"},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float"},
        "rate_limit": {"type": "float"},
        "rate_limit_store": {"type": "str", "no_log": True},  # may hold a password
        "slices": {"type": "int"},
        "concurrency": {"type": "int"},
        "country_code": {"type": "str"},
        "list_limit": {"type": "int"},
    }


def completed(
    options: Mapping[str, Any], environment: Mapping[str, str], variables: Mapping[str, Any] | None = None
) -> Values:
    """The connection options, completed from the variables of the host (by their names without `pbx_`), then from the
    environment. Values stay as they were written."""
    given = dict(options)
    if _missing(given.get("token")) and not _missing(given.get("license")):
        given["token"] = given["license"]
    sources = [given, variables or {}, {name: environment.get(variable) for name, variable in ENVIRONMENT.items()}]
    sources = _of_one_way(sources)
    return {
        name: next((source[name] for source in sources if not _missing(source.get(name))), None) for name in ENVIRONMENT
    }


def _of_one_way(sources: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The sources without credentials of another way than the first one that is given: a task with username and password
    does not use a token of the host, nor the other way round."""
    for source in sources:
        ways = [way for way in _WAYS if any(not _missing(source.get(name)) for name in way)]
        if len(ways) == 1:
            others = {name for way in _WAYS if way not in ways for name in way}
            return [{name: value for name, value in one.items() if name not in others} for one in sources]
        if ways:
            break
    return sources


def _missing(value: Any) -> bool:
    return value is None or value == ""


def connect(
    resource: str | None,
    options: Mapping[str, Any],
    *,
    read_only: bool,
    write: bool = True,
    environment: Mapping[str, str] | None = None,
    shared: SharedSessions | None = None,
    scope: Sequence[str] = (),
    fresh: float = FRESH_SECONDS,
) -> Backend:
    """Open the backend that the options name, for a module that writes (in check mode, read only) or just reads.

    Sends nothing yet. shared: open systems, one of which is used again where it has the same scope and connection.

    Raises InvalidOption when something is missing or cannot be right, with everything in one message, and Unsupported
    when the backend has no such resource (None: any will do).
    """
    given = completed(options, os.environ if environment is None else environment)
    problems: list[str] = []
    numbers = {name: _number(given, name, problems) for name in _NUMBERS}
    validate = _validate_certs(given, problems)
    _check_presence(given, problems)
    if problems:
        raise InvalidOption("connection: " + "; ".join(problems))
    text = {name: str(given.get(name) or "") for name in ENVIRONMENT}
    if text["rate_limit_store"]:
        check_store(text["rate_limit_store"])
    text["url"] = text["url"].rstrip("/")
    if resource:
        registry.check_resource(text["backend"], resource, write)
    vendor = registry.BACKENDS[text["backend"]]
    vendor.check(text)
    secrets = [text[name] for name in SECRETS] + [str(options.get(name) or "") for name in secret_options()]
    secrets.append(password_of(text["rate_limit_store"]))
    chosen = SessionOptions(
        url=text["url"],
        timeout=numbers["timeout"],
        deadline=numbers["timeout"] * _DEADLINE_FACTOR,
        verify=(text["ca_path"] or True) if validate else False,
        rate_limit=numbers["rate_limit"],
        rate_limit_store=text["rate_limit_store"],
        slices=int(numbers["slices"]),
        concurrency=int(numbers["concurrency"]),
        read_only=read_only,
        secrets=secrets,
    )

    def opened() -> Backend:
        return registry.create(text["backend"], Session(chosen, vendor.login(text)), text)

    if shared is None:
        return opened()
    parts = {**text, **numbers, "verify": chosen.verify, "read_only": read_only, "proxies": getproxies()}
    return shared.take(scope, parts, fresh, secrets, opened)


def checked_country_code(given: Mapping[str, Any]) -> str:
    """The country code as numbers have it, or an empty text. Raises InvalidOption."""
    written = str(given.get("country_code") or "")
    try:
        return country_code_of(written) if written else ""
    except ValueError as error:
        raise InvalidOption(f"connection: country_code: {error}") from None


def context_of(backend: Backend, options: Mapping[str, Any], environment: Mapping[str, str], **more: Any) -> RunContext:
    """What the connection options say of how a run goes about it. Raises InvalidOption."""
    given = completed(options, environment)
    country_code = checked_country_code(given)
    limit = given.get("list_limit")
    if limit is not None and not re.fullmatch(r"[0-9]{1,9}", str(limit).strip()):
        raise InvalidOption(
            f"connection: list_limit: {limit!r} is not a number of rows; write 0 if lists are never cut"
        )
    session = backend.session
    return RunContext(
        concurrency=session.options.concurrency,
        clock=session.clock,
        sleep=session.sleep,
        numbers=NumberRules(country_code),
        list_limit=None if limit is None else int(str(limit).strip()),
        hide=session.hide,
        **more,
    )


def _number(given: Values, name: str, problems: list[str]) -> float:
    value = DEFAULTS[name] if _missing(given[name]) else given[name]
    try:
        number = float(value)
    except (TypeError, ValueError):
        problems.append(f"{name}: {value!r} is not a number")
        return 0.0
    least = 0.0 if name == "rate_limit" else 1.0 if name in ("concurrency", "slices") else 0.1
    if not least <= number <= 86400:
        problems.append(f"{name}: {value} is out of range; write {least:g} or more")
    return number


def _validate_certs(given: Values, problems: list[str]) -> bool:
    value = given["validate_certs"]
    meaning = True if _missing(value) else to_bool(value)
    if meaning is None:
        problems.append(f"validate_certs: {value!r} is neither true nor false")
    if meaning and given["ca_path"] and not os.path.exists(str(given["ca_path"])):
        problems.append(f"ca_path: there is no file {given['ca_path']}")
    return meaning is not False


def _check_presence(given: Values, problems: list[str]) -> None:
    name = given["backend"]
    if _missing(name):
        problems.append(f"backend: is missing; write one of {', '.join(registry.BACKENDS)} (or set PBX_BACKEND)")
    elif name not in registry.BACKENDS:
        problems.append(f"backend: {name!r} is unknown{nearest(str(name), registry.BACKENDS)}")
    _check_url(given, problems)
    vendor = registry.BACKENDS.get(str(name))
    if vendor is None:
        return
    for option, meaning in vendor.needs.items():
        if _missing(given[option]):
            problems.append(f"{option}: is missing; on {name} it is {meaning} (or set {ENVIRONMENT[option]})")
    if not any(all(not _missing(given[option]) for option in options) for options in vendor.credentials):
        ways = " or ".join(" and ".join(options) for options in vendor.credentials)
        variables = " or ".join(" and ".join(ENVIRONMENT[one] for one in options) for options in vendor.credentials)
        problems.append(f"{ways}: is missing; {name} needs it to accept requests (or set {variables})")


def _check_url(given: Values, problems: list[str]) -> None:
    url = given["url"]
    if _missing(url):
        problems.append("url: is missing; write the base address of the server (or set PBX_URL)")
        return
    try:
        parts = urlsplit(str(url))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        problems.append("url: is not an http or https address")
    elif parts.username or parts.password or parts.query or parts.fragment:
        problems.append("url: has credentials or a query in it; write them into the options that are there for it")
