# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions of the controller: a moment as people write it, a declaration laid over what is there.

The only place of the call flow that looks at a clock, and only for moments such as `weekday 10:00`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ...callflow.model import Simulation
from ...callflow.moments import in_zone, read_at
from ...callflow.values import text, truth
from ...errors import InvalidOption
from .overlay import lay_over
from .pictures import Picture, picture_of
from .simulate import caller, run, time_zone
from .timeline import outcome_lines


def moment_of(at: Any, zone: str) -> datetime.datetime | None:
    """One moment in a zone; None where either is not given. Of `weekday 10:00` the first of the seven days from today.

    Raises InvalidOption.
    """
    if at is None or at == "":
        return None
    ats = read_at(at)
    if len(ats) != 1:
        raise InvalidOption("at: is a list; give one moment")
    if ats[0].time is None:
        return None
    if not zone:
        return None  # as good as no moment; a period on the path says so
    info = time_zone(zone)
    return in_zone(ats[0].moments(datetime.datetime.now(info).date())[0], info)


def who_rings_at(document: Any, backend: Any, call: Any, **asked: Any) -> dict[str, Any]:
    """The outcomes of a call as data, as `Simulation.as_data` says. asked: as for `_simulated`. Raises InvalidOption."""
    return _simulated(document, backend, call, **asked).as_data()


def call_lines(document: Any, backend: Any, call: Any, **asked: Any) -> list[str]:
    """The same as lines of text: one for each outcome, then warnings and what is assumed. Raises InvalidOption."""
    simulation = _simulated(document, backend, call, **asked)
    data = simulation.as_data()
    warnings = [f"warning: {one['path']}: {one['text']}" for one in data["warnings"]]
    assumed = [f"assumed: {one['id']} is {one['value']} ({one['confidence']})" for one in data["assumed"]]
    return [*outcome_lines(simulation), *warnings, *assumed]


def _simulated(
    document: Any,
    backend: Any,
    call: Any,
    at: Any = None,
    zone: Any = None,
    given: Any = None,
    mode: str = "possible",
    seed: Any = None,
    assume: Mapping[str, Any] | None = None,
    country_code: Any = None,
) -> Simulation:
    """A call, with the moment as an expectation writes it."""
    if isinstance(call, bool) or not isinstance(call, (str, int)):
        raise InvalidOption(f"call: {call!r} is no number; write it in quotes")
    moment = moment_of(at, text(zone))
    asked = caller(document, backend, moment, text(zone) or None, given, mode, seed, assume, text(country_code))
    return run(asked, text(call))


def picture_at(
    document: Any,
    backend: Any,
    format: str = "svg",
    group: Any = None,
    plan: Any = None,
    declared: Any = None,
    mask_external: Any = False,
    at: Any = None,
    zone: Any = None,
    assume: Mapping[str, Any] | None = None,
    country_code: Any = None,
) -> Picture:
    """`picture_of`, with the moment as an expectation writes it.

    declared: a declaration that is laid over the document first, which shows the tenant as it is to be.
    Raises InvalidOption.
    """
    hidden = truth(mask_external)
    if hidden is None:
        raise InvalidOption(f"mask_external: {mask_external!r} is neither true nor false")
    shown = document if declared is None else lay_over(document, declared)
    moment = moment_of(at, text(zone))
    return picture_of(
        shown, backend, format, group, plan, hidden, assume, text(country_code), moment, text(zone) or None
    )
