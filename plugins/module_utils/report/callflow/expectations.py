# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations as code: is what must happen to a call what happens? Pure; the vendor's rules come with the caller."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ...callflow.model import MEDIUM, Outcome, Simulation, at_least
from ...callflow.moments import Moment, in_zone
from ...callflow.tenant import Item
from ...callflow.values import text
from ...errors import InvalidOption
from .expectation_syntax import Expectation, Found, read_all
from .simulate import Caller, caller, run, time_zone
from .timeline import expected_line, moment_in_words, outcome_lines
from .verdict import AGREES, CONTRADICTS, OPEN, Judge, Verdict, worst

PASSED, FAILED, UNDECIDED = "passed", "failed", "unknown"
_GRAVITY = {FAILED: 0, UNDECIDED: 1, PASSED: 2}


@dataclass(frozen=True)
class Case:
    """Everything that expectations are tested against. document_name: declared | live | planned."""

    document: Any
    backend: str
    zone: str = ""
    as_of: datetime.date | None = None
    assume: Mapping[str, Any] | None = None
    country_code: str = ""
    document_name: str = "declared"
    declared: Any = None
    planned: Any = None


def check_expectations(
    document: Any,
    backend: str,
    expectations: Any,
    zone: str = "",
    as_of: datetime.date | None = None,
    assume: Mapping[str, Any] | None = None,
    country_code: str = "",
    document_name: str = "declared",
    declared: Any = None,
    planned: Any = None,
    place: str = "pbx_expectations",
) -> list[dict[str, Any]]:
    """Test expectations against a tenant document.

    zone: for those without their own. as_of: the day from which `weekday 10:00` counts seven days; needed by those only.
    declared, planned: further documents, for the reason of a failure. Returns one dictionary each, in order: name,
    status (passed | failed | unknown), message (one line), expected and actual (timelines as text), call, moment,
    document, path, because, hint, rules. Raises InvalidOption where the document, the backend or assume is wrong.
    """
    case = Case(document, backend, zone, as_of, assume, country_code, document_name, declared, planned)
    caller(document, backend, assume=assume, country_code=country_code)
    found = Found()
    read = read_all(expectations, found, place)
    return [_result(case, one, found.errors(one.place)) for one in read]


def _result(case: Case, wanted: Expectation, errors: list[str]) -> dict[str, Any]:
    if errors:
        return _as_data(case, wanted, _Test(FAILED, "; ".join(errors)))
    tests: list[_Test] = []
    try:
        for at in wanted.at:
            tests.extend(_test(case, wanted, moment) for moment in at.moments(case.as_of))
    except InvalidOption as error:
        return _as_data(case, wanted, _Test(FAILED, f"{wanted.place}: {error}"))
    return _as_data(case, wanted, min(tests, key=lambda test: _GRAVITY[test.status]))


@dataclass(frozen=True)
class _Test:
    """One moment, tested."""

    status: str
    message: str
    moment: Moment | None = None
    simulation: Simulation | None = None
    verdict: Verdict = Verdict(AGREES)
    hint: str = ""
    because: str = ""
    number: int = 0  # the outcome that the message is about


def _test(case: Case, wanted: Expectation, moment: Moment) -> _Test:
    zone = wanted.zone or case.zone
    info = time_zone(zone) if zone else None
    aware = in_zone(moment, info) if info else None
    asked = caller(
        case.document,
        case.backend,
        aware,
        zone if aware else None,
        wanted.given,
        "possible",
        None,
        case.assume,
        case.country_code,
    )
    simulation = run(asked, wanted.call)
    if simulation.scales:
        _refuse_vague_moments(simulation, moment, zone)
    judge = Judge(wanted, asked.tenant.same, simulation.complete)
    verdicts = [judge.outcome(one) for one in simulation.outcomes]
    whole = _of_the_whole(wanted, asked, simulation)
    status, verdict, number = _decide(simulation.outcomes, verdicts, whole)
    return _Test(
        status,
        verdict.text if status != PASSED else "",
        moment,
        simulation,
        verdict,
        _hint(asked, status, verdict),
        _because(case, asked, verdict) if status != PASSED else "",
        number,
    )


def _refuse_vague_moments(simulation: Simulation, moment: Moment, zone: str) -> None:
    """A period on the path asks for a moment that says enough. Raises InvalidOption."""
    if moment.local is None:
        raise InvalidOption("at: a period is on the path of this call; write when, for example 'weekday 10:00'")
    if not zone:
        raise InvalidOption("zone: a period is on the path of this call; write zone, or pbx_call_zone for all")
    if moment.recurring and "calendar" in simulation.scales:
        raise InvalidOption("at: a period on the path names years, months, weeks or days of them; write a full date")


def _of_the_whole(wanted: Expectation, asked: Caller, simulation: Simulation) -> list[Verdict]:
    """What cannot be asked of one outcome: that every expected phone can be the first, and shares."""
    verdicts = []
    for phone in wanted.first or ():
        if not any(asked.tenant.same(phone, first) for first in simulation.first):
            sure = at_least(simulation.first_confidence, wanted.confidence) and simulation.complete
            verdicts.append(Verdict(CONTRADICTS if sure else OPEN, f"{phone} cannot ring first"))
    if wanted.share:
        verdicts.append(_share(wanted, asked))
    return verdicts


def _share(wanted: Expectation, asked: Caller) -> Verdict:
    shares = run(replace(asked, mode="share"), wanted.call)
    if not at_least(shares.first_confidence, wanted.confidence) or not shares.complete:
        return Verdict(
            OPEN,
            f"shares rest on confidence {shares.first_confidence or 'not known'}",
            confidence=shares.first_confidence,
        )
    for phone, percent in (wanted.share or {}).items():
        share = next((one for name, one in shares.first.items() if asked.tenant.same(phone, name)), Fraction(0))
        if share is None:
            return Verdict(OPEN, f"with which share {phone} rings first is not known")
        digits = len(percent.partition(".")[2])
        if round(share * 100, digits) != Fraction(percent):
            return Verdict(CONTRADICTS, f"{phone} rings first in {float(share * 100):g} % of calls, not in {percent} %")
    return Verdict(AGREES)


def _decide(outcomes: tuple[Outcome, ...], verdicts: list[Verdict], whole: list[Verdict]) -> tuple[str, Verdict, int]:
    """The status of one moment, and the verdict that decided it. Section 3 of the specification: Verdict."""
    general = worst(whole)
    if general.is_ == CONTRADICTS:
        return FAILED, general, 0
    against = [number for number, one in enumerate(verdicts) if one.is_ == CONTRADICTS]
    known = [number for number in against if outcomes[number].probability]
    if known or len(against) == len(verdicts):
        number = (known or against)[0]
        return FAILED, verdicts[number], number
    unsure = [number for number, one in enumerate(verdicts) if one.is_ != AGREES]
    if unsure:
        return UNDECIDED, verdicts[unsure[0]], unsure[0]
    if general.is_ == OPEN:
        return UNDECIDED, general, 0
    return PASSED, Verdict(AGREES), 0


def _hint(asked: Caller, status: str, verdict: Verdict) -> str:
    """The rules behind it; for what is undecided also what would decide it."""
    rules = [f"rule {rule} ({verdict.confidence or 'not known'}): {asked.vendor.rules[rule]}" for rule in verdict.rules]
    words = "; ".join(rules)
    if status != UNDECIDED:
        return words
    if verdict.confidence is None or at_least(verdict.confidence, MEDIUM):
        decide = "to decide it, declare the option that is omitted, or give the state of phones and flags"
    else:
        decide = f"to accept it as it is, write confidence: {verdict.confidence}"
    return f"{words}; {decide}" if words else decide


# -- reasons -----------------------------------------------------------------------------------------------------------
def _because(case: Case, asked: Caller, verdict: Verdict) -> str:
    """Where the tested document differs from the declared one, in what the verdict rests on."""
    if case.declared is None or not verdict.path:
        return ""
    item, name = _at_path(case.document, verdict.path)
    own, _name = _at_name(case.declared, name)
    if item is None:
        return ""
    if own is None:
        return f"{name} is {_where(case)}, but not declared"
    differing = [
        f"{name}.{option} is {item.get(option)} {_where(case)}; declared is {value}"
        for option, value in sorted(own.items())
        if value is not None and not isinstance(value, (list, Mapping)) and text(item.get(option)) != text(value)
    ]
    return "; ".join(differing)


def _where(case: Case) -> str:
    return "on the server" if case.document_name == "live" else f"in the {case.document_name} document"


_KEYS = ("id", "account", "extension", "number", "name")


def _at_path(document: Any, path: str) -> tuple[Mapping[str, Any] | None, str]:
    """The object at `hunt_groups[0].members[1]`, and the path with keys in place of places."""
    found: Any = document
    names = []
    for word, index in re.findall(r"(\w+)\[(\d+)\]", path):
        try:
            found = found[word][int(index)]
        except (KeyError, IndexError, TypeError):
            return None, path
        key = next((text(found[one]) for one in _KEYS if text(found.get(one))), index)
        names.append(f"{word}[{key}]")
    return (found if isinstance(found, Mapping) else None), ".".join(names)


def _at_name(document: Any, name: str) -> tuple[Mapping[str, Any] | None, str]:
    """The object at `hunt_groups[200].members[101]`."""
    found: Any = document
    for word, key in re.findall(r"(\w+)\[([^\]]*)\]", name):
        listed = found.get(word) if isinstance(found, Mapping) else None
        items = [Item(word, one) for one in listed or [] if isinstance(one, Mapping)]
        found = next((dict(one.values) for one in items if any(text(one.get(option)) == key for option in _KEYS)), None)
    return (found if isinstance(found, Mapping) and found is not document else None), name


# -- results -----------------------------------------------------------------------------------------------------------
def _as_data(case: Case, wanted: Expectation, test: _Test) -> dict[str, Any]:
    hint = test.hint
    if test.status != PASSED and case.planned is not None and test.simulation is not None:
        after = _result(replace(case, document=case.planned, document_name="planned", planned=None), wanted, [])
        if after["status"] == PASSED:
            change = "the plan changes that: after applying, the expectation is met"
            hint = f"{hint}; {change}" if hint else change
    call = ""
    if test.moment is not None:
        call = f"call {wanted.call}, {moment_in_words(test.moment, wanted.zone or case.zone, wanted.given)}"
    return {
        "name": wanted.name,
        "status": test.status,
        "message": test.message,
        "expected": expected_line(wanted),
        "actual": "\n".join(outcome_lines(test.simulation)) if test.simulation else "",
        "call": wanted.call,
        "moment": call,
        "document": case.document_name,
        "path": wanted.place,
        "rules": list(test.verdict.rules),
        "because": test.because,
        "hint": hint,
    }


def as_text(result: Mapping[str, Any]) -> str:
    """A result as people read it: the two timelines below each other."""
    lines = [f"{result['status']}: {result['name']}   ({result['path']}, document: {result['document']})"]
    if result["moment"]:
        lines.append(f"  {result['moment']}")
    if result["actual"]:
        lines.append(f"    expected  {result['expected']}")
        for number, line in enumerate(result["actual"].splitlines()):
            lines.append(f"    {'got     ' if number == 0 else '        '}  {line}")
    lines.extend(
        f"  {label}{result[key]}"
        for label, key in (("first difference: ", "message"), ("because ", "because"), ("", "hint"))
        if result[key]
    )
    return "\n".join(lines)
