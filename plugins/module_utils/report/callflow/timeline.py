# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call as one line of text: `101  0-15 s   102  15-30 s   then released at 30 s`. Pure, no vendor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...callflow.model import RINGS_ON, End, Outcome, Ring, Simulation, Time, seconds
from ...callflow.moments import DAYS, Moment
from ...callflow.values import text
from .expectation_syntax import Bar, Expectation

MOST_LINES = 6


def span(since: Time, until: Time, rings_on: bool) -> str:
    """`0-15 s`, `10-… s` for what rings on, `10-? s` where the end is not known."""
    if since is None:
        return "time not known"
    end = "…" if rings_on else "?" if until is None else str(seconds(until))
    return f"{seconds(since)}-{end} s"


def ring_span(ring: Ring) -> str:
    if ring.unordered and ring.latest is not None:
        return f"from {seconds(ring.earliest)} to {seconds(ring.latest)} s, in any order"
    return span(ring.since, ring.until, ring.open)


def end_in_words(end: End) -> str:
    """`released at 30 s`, `own handling by 101 at 35 s`, `rings on`."""
    words = [end.is_.replace("_", " ")]
    words += [f"by {end.by}"] if end.by else []
    words += [f"to {end.to}"] if end.to else []
    if end.is_ != RINGS_ON:
        words.append(f"at {seconds(end.at)} s" if end.at is not None else "at a time that is not known")
    return " ".join(words)


def outcome_line(outcome: Outcome) -> str:
    rings = "   ".join(f"{ring.phone}  {ring_span(ring)}" for ring in outcome.rings)
    return f"{rings or 'nobody rings'}   then {end_in_words(outcome.end)}"


def chance(outcome: Outcome) -> str:
    return "possible" if outcome.probability is None else str(outcome.probability)


def outcome_lines(simulation: Simulation) -> list[str]:
    """A line an outcome; with several, each with its share."""
    outcomes = simulation.outcomes
    if len(outcomes) == 1:
        return [outcome_line(outcomes[0])]
    lines = [f"{chance(one)}: {outcome_line(one)}" for one in outcomes[:MOST_LINES]]
    more = len(outcomes) - len(lines)
    return [*lines, f"and {more} more"] if more else lines


def _bar(one_bar: Bar) -> str:
    if not one_bar.timed:
        return one_bar.phone
    return f"{one_bar.phone}  {span(one_bar.since, one_bar.until, one_bar.until is None)}"


def expected_line(wanted: Expectation) -> str:
    """What an expectation asks for, in the form of a call."""
    words = []
    if wanted.rings is not None:
        words.append("   ".join(_bar(one_bar) for one_bar in wanted.rings) or "nobody rings")
    if wanted.first is not None:
        words.append(f"first {' or '.join(wanted.first)}")
    if wanted.share:
        words.append("shares " + ", ".join(f"{phone} {percent} %" for phone, percent in wanted.share.items()))
    if wanted.never is not None:
        words.append(f"never {', '.join(wanted.never)}")
    if wanted.end is not None:
        end = wanted.end
        parts = [str(end.get("is", "ends")).replace("_", " ")]
        parts += [f"{key} {end[key]}" for key in ("by", "to") if key in end]
        parts += [f"at {seconds(end['at'])} s"] if "at" in end else []
        words.append("then " + " ".join(parts))
    return "   ".join(words)


def moment_in_words(moment: Moment, zone: str, given: Mapping[str, Any] | None) -> str:
    """`Tue 2026-11-24 10:00 Europe/Brussels, everybody idle`."""
    when = "at any time" if moment.local is None else f"{_day(moment)} {moment.local:%Y-%m-%d %H:%M} {zone}".strip()
    state = ", ".join(f"{key} {_short(value)}" for key, value in (given or {}).items() if value not in (None, [], {}))
    return f"{when}, {state or 'everybody idle'}"


def _day(moment: Moment) -> str:
    """The day of the week; strftime would say it in the language of the machine."""
    return DAYS[moment.local.weekday()].capitalize() if moment.local else ""


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_short(one)}" for key, one in value.items())
    return " ".join(text(one) for one in value) if isinstance(value, (list, tuple)) else text(value)
