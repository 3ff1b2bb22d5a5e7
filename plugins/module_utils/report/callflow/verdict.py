# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether one outcome of a call agrees with an expectation, contradicts it, or leaves it open. Pure, no vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ...callflow.model import UNKNOWN, Confidence, End, Outcome, Ring, Time, at_least, seconds
from .expectation_syntax import Bar, Expectation

AGREES, OPEN, CONTRADICTS = "agrees", "open", "contradicts"
_ORDER = (CONTRADICTS, OPEN, AGREES)
Same = Callable[[str, str], bool]


@dataclass(frozen=True)
class Verdict:
    """What one comparison found. text: in words; rules and path: what it rests on."""

    is_: str
    text: str = ""
    rules: tuple[str, ...] = ()
    confidence: Confidence = None
    path: str = ""


def worst(verdicts: list[Verdict]) -> Verdict:
    """The most important of some verdicts: the first contradiction, else the first that is open."""
    return min(verdicts, key=lambda one: _ORDER.index(one.is_), default=Verdict(AGREES))


@dataclass(frozen=True)
class Judge:
    """Compares outcomes with one expectation. complete: false where others than those of the document may ring."""

    wanted: Expectation
    same: Same
    complete: bool = True

    def outcome(self, outcome: Outcome) -> Verdict:
        verdicts: list[Verdict] = []
        if self.wanted.rings is not None:
            verdicts.extend(self._rings(self.wanted.rings, outcome))
        if self.wanted.never is not None:
            verdicts.extend(self._never(self.wanted.never, outcome))
        if self.wanted.first is not None:
            verdicts.append(self._first(self.wanted.first, outcome))
        if self.wanted.end is not None:
            verdicts.extend(self._end(self.wanted.end, outcome.end))
        return worst(verdicts)

    # -- words -------------------------------------------------------------------------------------------------------
    def _weighed(self, is_: str, text: str, ring: Ring) -> Verdict:
        """A contradiction counts only as far as its confidence reaches."""
        sure = at_least(ring.confidence, self.wanted.confidence)
        return Verdict(is_ if sure else OPEN, text, ring.rules, ring.confidence, ring.path)

    def _at_end(self, is_: str, text: str, end: End) -> Verdict:
        sure = at_least(end.confidence, self.wanted.confidence) and end.is_ != UNKNOWN
        return Verdict(is_ if sure else OPEN, text, end.rules, end.confidence, end.path)

    # -- rings -------------------------------------------------------------------------------------------------------
    def _rings(self, bars: tuple[Bar, ...], outcome: Outcome) -> Iterator[Verdict]:
        left = list(outcome.rings)
        pairs: list[tuple[Bar, Ring]] = []
        for one_bar in bars:
            ring = next((one for one in left if self.same(one_bar.phone, one.phone)), None)
            if ring is None:
                yield self._absent(one_bar, outcome)
                continue
            left.remove(ring)
            pairs.append((one_bar, ring))
            yield self._times(one_bar, ring)
        yield from self._order(pairs)
        if self.wanted.exact:
            for ring in left:
                yield self._weighed(CONTRADICTS, f"{ring.phone} rings too", ring)
            yield from self._others_may_ring(outcome)

    def _absent(self, one_bar: Bar, outcome: Outcome) -> Verdict:
        why = dict(outcome.silent).get(one_bar.phone)
        text = f"{one_bar.phone} does not ring" + (f": {why}" if why else "")
        if not self.complete:
            return Verdict(OPEN, f"{text}, but others than those of the document may ring")
        if outcome.end.is_ == UNKNOWN:
            return self._at_end(OPEN, text, outcome.end)
        if not outcome.rings:
            return self._at_end(CONTRADICTS, text, outcome.end)
        last = min(outcome.rings, key=lambda ring: at_least(ring.confidence, self.wanted.confidence))
        return self._weighed(CONTRADICTS, text, last)

    def _times(self, one_bar: Bar, ring: Ring) -> Verdict:
        agrees = self._weighed(AGREES, f"that {one_bar.phone} rings rests on confidence {ring.confidence}", ring)
        if one_bar.since is None:
            known = ring.since is not None or not ring.unordered
            return agrees if known and ring.confidence else self._open(ring, f"when {one_bar.phone} rings is not known")
        if ring.since is None:
            return self._open(ring, f"when {one_bar.phone} rings is not known")
        if not self._near(one_bar.since, ring.since):
            text = f"{one_bar.phone} rings from {seconds(ring.since)} s, not {seconds(one_bar.since)}"
            return self._weighed(CONTRADICTS, text, ring)
        if ring.until is None:
            return self._open(ring, f"how long {one_bar.phone} rings is not known")
        if one_bar.until is None and not ring.open:
            return self._weighed(CONTRADICTS, f"{one_bar.phone} rings to {seconds(ring.until)} s, not on and on", ring)
        if one_bar.until is not None and ring.open:
            return self._weighed(CONTRADICTS, f"{one_bar.phone} rings on, not to {seconds(one_bar.until)} s", ring)
        if one_bar.until is not None and not self._near(one_bar.until, ring.until):
            text = f"{one_bar.phone} rings to {seconds(ring.until)} s, not {seconds(one_bar.until)}"
            return self._weighed(CONTRADICTS, text, ring)
        return agrees

    def _open(self, ring: Ring, text: str) -> Verdict:
        return Verdict(OPEN, text, ring.rules, ring.confidence, ring.path)

    def _near(self, wanted: int, found: Time) -> bool:
        return found is not None and abs(found - wanted) <= self.wanted.tolerance

    def _order(self, pairs: list[tuple[Bar, Ring]]) -> Iterator[Verdict]:
        """The list is in order of start; phones that start together may stand in any order."""
        for (_bar, one), (one_bar, other) in zip(pairs, pairs[1:]):
            if one.unordered or other.unordered:
                yield self._open(other, "the order is not known")
            elif one.since is not None and other.since is not None and one.since > other.since:
                late = one if at_least(other.confidence, one.confidence) else other
                yield self._weighed(CONTRADICTS, f"{one_bar.phone} rings before {one.phone}, not after it", late)

    def _others_may_ring(self, outcome: Outcome) -> Iterator[Verdict]:
        if not self.complete:
            yield Verdict(OPEN, "others than those of the document may ring: membership is at_least")
        elif outcome.end.is_ == UNKNOWN and (self.wanted.end or {}).get("is") != UNKNOWN:
            yield self._at_end(OPEN, _unknown_in_words(outcome.end), outcome.end)

    def _never(self, phones: tuple[str, ...], outcome: Outcome) -> Iterator[Verdict]:
        for phone in phones:
            for ring in outcome.rings:
                if self.same(phone, ring.phone):
                    yield self._weighed(CONTRADICTS, f"{phone} rings", ring)
        yield from self._others_may_ring(outcome)

    def _first(self, phones: tuple[str, ...], outcome: Outcome) -> Verdict:
        heads = [ring for ring in outcome.rings if ring.phone in outcome.first]
        if not heads:
            return self._at_end(CONTRADICTS, "nobody rings", outcome.end)
        for ring in heads:
            if not any(self.same(phone, ring.phone) for phone in phones):
                possible = outcome.first[ring.phone] is None
                return self._weighed(OPEN if possible else CONTRADICTS, f"{ring.phone} can ring first", ring)
        sure = heads[0].confidence
        return Verdict(AGREES if at_least(sure, self.wanted.confidence) else OPEN, f"who rings first rests on confidence {sure}",
                       heads[0].rules, sure, heads[0].path)  # fmt: skip

    # -- the end -----------------------------------------------------------------------------------------------------
    def _end(self, wanted: Mapping[str, object], end: End) -> Iterator[Verdict]:
        if wanted.get("is") == UNKNOWN and end.is_ == UNKNOWN:
            yield Verdict(AGREES)
            return
        if end.is_ == UNKNOWN:
            yield Verdict(OPEN, _unknown_in_words(end), end.rules, end.confidence, end.path)
            return
        yield self._at_end(AGREES, f"the end ({end.is_}) rests on confidence {end.confidence or 'not known'}", end)
        if "is" in wanted and wanted["is"] != end.is_:
            yield self._at_end(CONTRADICTS, f"the call ends as {end.is_}, not as {wanted['is']}", end)
        for key, found in (("to", end.to), ("by", end.by)):
            if key in wanted and not (found and self.same(str(wanted[key]), found)):
                yield self._at_end(CONTRADICTS, f"the call ends {key} {found or 'nobody'}, not {wanted[key]}", end)
        at = wanted.get("at")
        if isinstance(at, int):
            if end.at is None:
                yield Verdict(OPEN, "when the call ends is not known", end.rules, end.confidence, end.path)
            elif not self._near(at, end.at):
                yield self._at_end(CONTRADICTS, f"the call ends at {seconds(end.at)} s, not {seconds(at)}", end)


def _unknown_in_words(end: End) -> str:
    where = "" if end.at is None else f" at {seconds(end.at)} s"
    return f"how it goes on{where} is not known" + (f"; possible: {', '.join(end.possible)}" if end.possible else "")
