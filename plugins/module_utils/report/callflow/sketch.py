# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a tenant to the boxes and arrows of its picture. Pure; the vendor's rules come with the caller.

What a picture says of times comes from the same walk that the simulator takes, with everybody idle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ...callflow.given import Given
from ...callflow.model import BUSY, FORWARDED, NEVER, OWN_HANDLING, RELEASED, RINGS_ON, UNKNOWN, End, seconds
from ...callflow.tenant import Item
from ...callflow.values import text
from ...callflow.vendor import EXTENSION, EXTERNAL, GROUP, Exit, Part, Target, resolve
from ...callflow.walk import Cursor, Notes
from . import flow
from .flow import ADDED, CHANGED, REMOVED, UNCHANGED, Edge, Flow, Node
from .plan_marks import Mark, Marks
from .shares import POLICY_WORDS, Hunted, Share, hunted, share_of
from .simulate import Caller, every_way

_LISTED = 8


def _plain(value: object) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


_END_WORDS = {
    BUSY: "busy",
    RELEASED: "released",
    RINGS_ON: "rings on",
    OWN_HANDLING: "own handling",
    UNKNOWN: "not known",
}


@dataclass
class Sketcher:
    """Draws one flow. inner: whether groups are drawn with their members; else these are counted."""

    asked: Caller
    marks: Marks = field(default_factory=Marks)
    inner: bool = True
    only: Item | None = None  # the one group that is drawn with its members

    # -- whole pictures ----------------------------------------------------------------------------------------------
    def tenant(self, title: str) -> Flow:
        drawn = Flow(title)
        for group in self.asked.tenant.hunt_groups:
            if self.inner:
                self.number(drawn, group)
            else:
                self.group(drawn, group)
        for key, name in self.marks.removed("hunt_group"):
            if f"group:{key}" not in drawn.nodes:
                lines = tuple(one for one in (f"{key} {name}".strip(), "is deleted") if one)
                drawn.add(Node(f"group:{key}", flow.GROUP, lines, " · ".join(lines), state=REMOVED))
        drawn.inherit_states()
        return drawn

    def number(self, drawn: Flow, group: Item) -> None:
        """A dialled number and its group."""
        names = self.asked.vendor.group_names(group)
        shown = text(group.get("extension")) or text(group.get("phone_number")) or (names or [group.path])[0]
        start = drawn.add(Node(f"number:{shown}", flow.NUMBER, (shown,), shown, group.path))
        drawn.connect(Edge(start, self._id_of(group), "dials", path=group.path))
        self.group(drawn, group)

    def extension_start(self, drawn: Flow, number: str) -> None:
        """A dialled number that is an extension's, with its forwarding and follow-me."""
        target = resolve(self.asked.vendor, self.asked.tenant, number)
        start = drawn.add(Node(f"number:{number}", flow.NUMBER, (number,), number))
        node = self.target(drawn, number)
        drawn.connect(Edge(start, node, "dials"))
        if target.kind == EXTENSION:
            self.personal(drawn, target, node, ends=True)

    # -- boxes -------------------------------------------------------------------------------------------------------
    def group(self, drawn: Flow, group: Item) -> str:
        """A group with its members and where it goes on."""
        vendor = self.asked.vendor
        id_ = self._id_of(group)
        key = id_.partition(":")[2]
        if id_ in drawn.nodes:
            return id_
        mark = self.marks.of("hunt_group", *vendor.group_names(group), text(group.get("name")))
        whole = hunted(self.asked, group)
        short, long = POLICY_WORDS.get(vendor.policy(group), (vendor.policy(group), ""))
        name = text(group.get("name")) or key
        parts = vendor.parts(self.asked.tenant, group)
        detailed = self.inner and (self.only is None or self.only is group)
        lines = [name if detailed else f"{text(group.get('extension')) or key} {text(group.get('name'))}".strip()]
        lines += [short, *([long] if long else [])]
        lines += [] if detailed else [f"{len(parts)} member{'' if len(parts) == 1 else 's'}"]
        lines += mark.lines + (self._remarks(group, whole) if detailed else [])
        brief = (
            f"{lines[0]} · {short}"
            if detailed
            else f"{lines[0]} · {short} · {len(parts)} member{'' if len(parts) == 1 else 's'}"
        )
        drawn.add(Node(id_, flow.GROUP, tuple(lines), brief, group.path, mark.state))
        if detailed:
            self._members(drawn, group, id_, parts, whole, mark)
        self._exits(drawn, group, id_, whole, mark)
        return id_

    def _id_of(self, group: Item) -> str:
        return f"group:{(self.asked.vendor.group_names(group) or [group.path])[0]}"

    def _remarks(self, group: Item, whole: Hunted) -> list[str]:
        """What is assumed or not known, and what happens when all are busy."""
        known = self.asked.vendor.assumptions
        found = [
            f"assumed: {known[id_].brief} {_plain(value)}"
            for id_, (value, _sure) in sorted(whole.notes.assumed.items())
        ]
        for warning in whole.notes.warnings:
            if warning.id in ("setting-omitted", "incomplete-group") and warning.path.startswith(group.path):
                found.append(
                    "others may ring too"
                    if warning.id == "incomplete-group"
                    else f"omitted: {warning.path.rpartition('.')[2]}"
                )
        busy = self._when_all_busy(group)
        idle = self._ends(group)
        if busy and {end.is_ for end in busy} == {end.is_ for end in idle} == {RELEASED}:
            found.append("all busy: the same, at once")
        elif busy and all(end.at == 0 for end in busy) and busy != idle:
            found.append(f"all busy: {' or '.join(dict.fromkeys(_END_WORDS.get(end.is_, end.is_) for end in busy))}")
        return list(dict.fromkeys(found))

    def _ends(self, group: Item, given: Given | None = None) -> list[End]:
        """The ends of a call to a group, each kind once."""
        asked = replace(self.asked, given=given) if given else self.asked
        ways = every_way(asked, lambda walk: asked.vendor.group(walk, group, Cursor()), Notes())
        ends: dict[tuple[str, str | None, str | None], End] = {}
        for _walk, leg in ways:
            end = leg.end
            if end:
                known = ends.get((end.is_, end.by, end.to))
                ends[end.is_, end.by, end.to] = replace(end, at=None) if known and known.at != end.at else end
        return list(ends.values())

    def _when_all_busy(self, group: Item) -> list[End]:
        parts = self.asked.vendor.parts(self.asked.tenant, group)
        return self._ends(group, Given(states={part.phone: BUSY for part in parts})) if parts else []

    # -- members -----------------------------------------------------------------------------------------------------
    def _members(self, drawn: Flow, group: Item, id_: str, parts: list[Part], whole: Hunted, mark: Mark) -> None:
        policy = self.asked.vendor.policy(group)
        stages = sorted({part.stage for part in parts if part.stage})
        before = ""
        for stage in stages or [0]:
            own = [part for part in parts if part.stage == stage]
            shares = {part.item.path: share_of(whole, part, policy) for part in own}
            source = self._stage(drawn, id_, stage, before, shares) if stage else id_
            if not self._as_one_box(drawn, source, own, shares, policy, mark):
                for part in own:
                    self._member(drawn, source, part, shares[part.item.path], mark)
            before = source
        for key, (state, _words) in mark.items.items():
            if state == REMOVED:
                gone = self.target(drawn, key)
                drawn.connect(Edge(id_, gone, "rings", "− member", spoken="is removed", state=REMOVED))

    def _stage(self, drawn: Flow, id_: str, stage: int, before: str, shares: dict[str, Share]) -> str:
        node = drawn.add(Node(f"{id_}:stage:{stage}", flow.STAGE, (f"Stage {stage}",), f"Stage {stage}"))
        spans = {share.label for share in shares.values() if share.rules}
        label = spans.pop() if len(spans) == 1 else ""
        drawn.connect(Edge(before or id_, node, "then" if before else "rings", label, spoken=label))
        return node

    def _as_one_box(
        self, drawn: Flow, source: str, parts: list[Part], shares: dict[str, Share], policy: str, mark: Mark
    ) -> bool:
        """Phones that ring together, for the same time and with nothing of their own, are one box."""
        plain = not any(part.own_handling or self._changed(part, mark) for part in parts)
        same = len({share.label for share in shares.values()}) == 1 and all(share.rules for share in shares.values())
        phones = [resolve(self.asked.vendor, self.asked.tenant, part.phone).kind != GROUP for part in parts]
        if policy not in ("simultaneous", "stages") or len(parts) < 2 or not (plain and same and all(phones)):
            return False
        names = [self.phone_words(part.phone) for part in parts]
        more = [f"and {len(names) - _LISTED} more"] if len(names) > _LISTED else []
        lines = (f"{len(names)} phones ring together", *names[:_LISTED], *more)
        share = next(iter(shares.values()))
        node = drawn.add(Node(f"{source}:together", flow.EXTENSION, lines, "; ".join(lines), parts[0].item.path))
        spoken = f"{', '.join(names)} together {share.spoken}"
        drawn.connect(
            Edge(
                source,
                node,
                "rings",
                share.label,
                spoken=spoken,
                path=parts[0].item.path,
                rules=share.rules,
                confidence=share.confidence,
            )
        )
        return True

    def _changed(self, part: Part, mark: Mark) -> bool:
        return any(key in mark.items for key in (part.phone, text(part.item.get("extension"))))

    def _member(self, drawn: Flow, source: str, part: Part, share: Share, mark: Mark) -> None:
        written = text(part.item.get("extension"))
        state, note = mark.items.get(written, mark.items.get(part.phone, (UNCHANGED, "")))
        if mark.state == ADDED:
            state = ADDED
        node = self.target(drawn, part.phone)
        sign = f"{flow.SIGNS[state]} " if flow.SIGNS[state] else ""
        spoken = f"{share.spoken}{', then own handling' if part.own_handling else ''}{f' ({note})' if note else ''}"
        drawn.connect(
            Edge(
                source,
                node,
                "rings",
                sign + share.label,
                note,
                spoken,
                share.order,
                part.item.path,
                share.rules,
                share.confidence,
                state,
            )
        )
        if part.own_handling:
            target = resolve(self.asked.vendor, self.asked.tenant, part.phone)
            if target.kind == EXTENSION:
                self.personal(drawn, target, node, ends=True)

    def phone_words(self, phone: str) -> str:
        found = self.asked.tenant.find("extensions", phone, self.asked.vendor.extension_names)
        name = text(found.get("name")) if found else ""
        return f"{phone} {name}".strip()

    def target(self, drawn: Flow, number: str) -> str:
        """The box of a number: a group, an extension, or what is outside."""
        target = resolve(self.asked.vendor, self.asked.tenant, number)
        if target.kind == GROUP and target.item:
            return self.group(drawn, target.item)
        if target.kind == EXTERNAL and not self.asked.tenant.find(
            "extensions", number, self.asked.vendor.extension_names
        ):
            outside = (target.number, "outside")
            return drawn.add(Node(f"external:{target.number}", flow.EXTERNAL, outside, target.number))
        found = target.item
        mark = self.marks.of("extension", target.number)
        lines = [self.phone_words(target.number)]
        known = found is not None or not self.asked.tenant.extensions
        lines += mark.lines if known else ["not in the document"]
        kind = flow.EXTENSION if known else flow.NOT_KNOWN
        return drawn.add(
            Node(f"phone:{target.number}", kind, tuple(lines), lines[0], found.path if found else "", mark.state)
        )

    # -- where it goes on --------------------------------------------------------------------------------------------
    def _exits(self, drawn: Flow, group: Item, id_: str, whole: Hunted, mark: Mark) -> None:
        exits = self.asked.vendor.exits(group)
        stages = [
            name for name, node in drawn.nodes.items() if node.kind == flow.STAGE and name.startswith(f"{id_}:stage:")
        ]
        last = stages[-1] if stages else id_
        at = "" if whole.leaves in (None, NEVER) else f"nobody by {seconds(whole.leaves)} s"
        overflow = mark.fields.get("overflow_to", (UNCHANGED, "", ""))
        for exit_ in exits:
            main = exit_.kind == "overflow" and exit_.path.endswith("overflow_to")
            state = ADDED if mark.state == ADDED else overflow[0] if main else UNCHANGED
            note = f"was {overflow[1]}" if main and overflow[0] == CHANGED and overflow[1] else ""
            sign = f"{flow.SIGNS[state]} " if flow.SIGNS[state] else ""
            self._exit(drawn, last if main else id_, exit_, f"{sign}{(main and at) or exit_.when}", state, note)
        if overflow[0] == REMOVED and overflow[1]:
            gone = Exit("overflow", overflow[1], "overflow", f"{group.path}.overflow_to", (), None)
            self._exit(drawn, last, gone, "− overflow", REMOVED, "")
        if not any(exit_.kind == "overflow" and exit_.path.endswith("overflow_to") for exit_ in exits):
            known = {exit_.number for exit_ in exits}
            phones = {part.phone for part in self.asked.vendor.parts(self.asked.tenant, group) if part.own_handling}
            ends = [end for end in self._ends(group) if not (end.is_ == FORWARDED and end.to in known)]
            self._draw_ends(drawn, id_, last, [end for end in ends if end.by not in phones], at)

    def _exit(self, drawn: Flow, source: str, exit_: Exit, label: str, state: str, note: str) -> None:
        node = self.target(drawn, exit_.number)
        words = {"overflow": "nobody answers", "night": exit_.when}.get(exit_.kind, exit_.when)
        spoken = f"{words}: {drawn.nodes[node].lines[0]}" + (f" ({label})" if exit_.kind == "overflow" else "")
        drawn.connect(
            Edge(
                source,
                node,
                exit_.kind,
                label,
                note,
                spoken,
                None,
                exit_.path,
                exit_.rules,
                exit_.confidence,
                state,
                exit_.certain,
            )
        )

    def _draw_ends(self, drawn: Flow, id_: str, source: str, ends: Iterable[End], at: str) -> None:
        for end in ends:
            label = (
                at if end.is_ in (RELEASED, OWN_HANDLING, UNKNOWN) and at else "" if end.is_ == RINGS_ON else "possible"
            )
            if end.at == 0 and end.is_ == BUSY:
                label = "group busy"
            words = _END_WORDS.get(end.is_, end.is_)
            lines = [words, *([f"by {end.by}"] if end.by else []), *(f"perhaps {one}" for one in end.possible)]
            if end.is_ == FORWARDED and end.to:
                node = self.target(drawn, end.to)
            else:
                kind = flow.NOT_KNOWN if end.is_ in (UNKNOWN, OWN_HANDLING) else flow.END
                node = drawn.add(Node(f"end:{id_}:{end.is_}", kind, tuple(lines), words, end.path))
            when = "" if end.at is None else f" at {seconds(end.at)} s"
            spoken = f"nobody answers: {words}{when}"
            drawn.connect(Edge(source, node, "ends", label, "", spoken, None, end.path, end.rules, end.confidence))

    def personal(self, drawn: Flow, target: Target, id_: str, ends: bool) -> None:
        """Forwarding and follow-me of an extension, and its own handling."""
        extension = target.item
        account = text(extension.get("account")) if extension else ""
        mark = self.marks.of("follow_me", account, target.number)
        follows = self.asked.vendor.personal(self.asked.tenant, target)
        for place, exit_ in enumerate(follows, 1):
            when, _comma, more = exit_.when.partition(", ")
            changed = next(
                (value for key, value in mark.items.items() if key in (exit_.number, self._name_at(exit_))), None
            )
            state, note = changed or (ADDED if mark.state == ADDED else UNCHANGED, "")
            order = place if exit_.kind == "follows" else None
            label = f"{flow.SIGNS[state]} {f'{order} · ' if order else ''}{when}".strip()
            node = self.target(drawn, exit_.number)
            spoken = f"{exit_.when}: {drawn.nodes[node].lines[0]}" if exit_.kind == "forwards" else exit_.when
            drawn.connect(
                Edge(
                    id_,
                    node,
                    exit_.kind,
                    label,
                    note or more,
                    spoken,
                    order,
                    exit_.path,
                    exit_.rules,
                    exit_.confidence,
                    state,
                    exit_.certain,
                )
            )
        if ends:
            end = drawn.add(
                Node(
                    f"end:{id_}:own",
                    flow.NOT_KNOWN,
                    ("own handling", f"of {target.number}"),
                    f"own handling of {target.number}",
                )
            )
            drawn.connect(
                Edge(
                    id_, end, "ends", "then" if follows else "no answer", spoken=f"then own handling of {target.number}"
                )
            )

    def _name_at(self, exit_: Exit) -> str:
        """The name of the destination that an exit came from, by which a plan addresses it."""
        for one in self.asked.tenant.follow_me:
            for item in one.items("destinations") or []:
                if item.path == exit_.path:
                    return text(item.get("name"))
        return ""
