# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of one tenant in one call: one login, one read per list, one plan, then writes in order of dependency.

Extensions come before the hunt groups that ring them, follow-me after both, deletions last and in reverse. Nothing is
written before every object has been read, checked and planned, and before the state as it was is safe in a file.
"""

from __future__ import annotations

import contextlib
import fnmatch
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from . import files
from .apply import SETTLE_SECONDS, Engine, Work, refused
from .backends.base import Backend, Observed, Store, in_parallel, understood
from .document import before_images
from .errors import Conflict, InvalidOption, PBXError, Unsupported
from .export import export
from .fields import Values, nearest
from .plan import Step
from .resources import KINDS, RESOURCES, Resource, known_options, label
from .rules import ERROR, Finding, Rule, findings

ORDER = tuple(resource.name for resource in KINDS.values())
_MOST_PROBLEMS = 20


@dataclass
class TenantOptions:
    """What the tenant module takes, besides the connection. objects: by kind; None where nothing was declared, which is
    not the same as an empty list. max_deletions: a number, "10%", or None for no limit."""

    objects: Mapping[str, Sequence[Values] | None]
    purge: Sequence[str] = ()
    protect: Sequence[str] = ()
    max_deletions: str | None = None
    on_error: str = "stop"
    backup: str = ""
    journal: str | None = None
    rules: Sequence[Rule] = ()
    ignore_rules: Sequence[str] = ()


@dataclass
class TenantRun:
    """One run over one tenant. `works` are filled by `plan`, their steps by `apply`."""

    backend: Backend
    options: TenantOptions
    check_mode: bool = False
    concurrency: int = 4
    settle: Sequence[float] = SETTLE_SECONDS
    works: list[Work] = field(default_factory=list)
    failed: list[Step] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    written_files: Values = field(default_factory=dict)
    _stopped: bool = False

    def run(self) -> list[Step]:
        """Everything, in order. Raises before the first write; afterwards errors stay in the steps."""
        self.backend.lists.keeping = True
        declared = self._prepare()
        with understood():
            self._look(declared)
            self._purge()
            self._check_still_rung()
            self._check_deletions()
        if self.failed and self.options.on_error == "stop" and not self.check_mode:
            self._leave_undone(self.works, "not begun: something else could not be read or resolved")
        elif not self.check_mode and any(work.step.action != "unchanged" for work in self.works):
            stages = self._stages()
            self._keep_what_was()
            self._apply(stages)
        return self.steps

    @property
    def steps(self) -> list[Step]:
        return self.failed + [work.step for work in self.works]

    def _engine(self, resource: str) -> Engine:
        return Engine(self.backend.store(resource), self.backend.name, self.check_mode, self.settle)

    # -- before the first request ------------------------------------------------------------------------------------
    def _prepare(self) -> list[tuple[str, Values, str, str]]:
        """(resource, desired, state, membership) of every declared object. Raises with all that is wrong at once."""
        _limit(self.options.max_deletions)
        problems: list[str] = []
        declared: list[tuple[str, Values, str, str]] = []
        for kind, resource in KINDS.items():
            items = self.options.objects.get(kind) or []
            if (items or kind in self.options.purge) and resource.name not in self.backend.writable:
                problems.append(f"{kind}: the {self.backend.name} backend cannot write them; leave the list out")
                continue
            if kind in self.options.purge and self.options.objects.get(kind) is None:
                problems.append(f"purge: {kind}: the list is not declared; write an empty one to delete everything")
            engine = self._engine(resource.name) if items else None
            for index, item in enumerate(items):
                try:
                    declared.append(_prepared(engine, resource, item))
                except (InvalidOption, Unsupported) as error:
                    problems.append(f"{kind}[{index}]: {error}")
        document = {**self.options.objects, "purge": list(self.options.purge)}
        self.found = findings(document, self.options.rules, self.options.ignore_rules)
        problems += [f"{one.path}: {one.message}; {one.hint} [{one.id}]" for one in self.found if one.severity == ERROR]
        if problems:
            more = f"\n... and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
            raise InvalidOption(" | ".join(problems[:_MOST_PROBLEMS]) + more)
        return declared

    # -- reading -----------------------------------------------------------------------------------------------------
    def _look(self, declared: list[tuple[str, Values, str, str]]) -> None:
        """Read and plan every declared object; what cannot be read or referred to becomes a failed step."""
        promised = frozenset(
            str(desired["id"])
            for name, desired, state, _m in declared
            if name in ("extension", "hunt_group") and state == "present" and desired.get("id")
        )
        self._read_lists({name for name, *_rest in declared})

        def look(one: tuple[str, Values, str, str]) -> Work | Step:
            name, desired, state, membership = one
            engine = self._engine(name)
            engine.store.promised, engine.store.alone = promised, False
            try:
                work = engine.look(desired, state, membership)
            except PBXError as error:
                key = label(desired, RESOURCES[name])
                return Step(name, key, "unchanged", status="failed", error=self.backend.session.short(str(error), 1000))
            self.notes += engine.store.notes
            return work

        for result in self._in_parallel(look, declared):
            if isinstance(result, Work):
                self.works.append(result)
            else:
                self.failed.append(result)
        self._check_declared_once()

    def _check_declared_once(self) -> None:
        """Refuse two declarations of one object, one by number and one by name perhaps: they would undo each other."""
        times = Counter(f"{work.step.resource} {work.step.id}" for work in self.works)
        new = [work for work in self.works if work.step.action == "create"]
        nameless = {str(work.desired["name"]) for work in new if not work.desired.get("id") and "name" in work.desired}
        named = [work for work in new if work.desired.get("id") and work.desired.get("name") in nameless]
        times.update(f"{work.step.resource} {work.desired['name']}" for work in named)
        twice = sorted(name for name, count in times.items() if count > 1)
        if twice:
            raise InvalidOption(f"declared twice: {', '.join(twice)}; keep one declaration of each")

    def _read_lists(self, names: Iterable[str]) -> None:
        """The lists that all objects share, once and before the threads start."""
        for name in ORDER:
            if name in names and not RESOURCES[name].always_there:
                self.backend.store(name).warm()

    def _in_parallel(self, work: Any, items: Sequence[Any]) -> list[Any]:
        return in_parallel(self.concurrency, work, items)

    # -- deletions ---------------------------------------------------------------------------------------------------
    def _purge(self) -> None:
        """Plan the deletion of what is there and not declared, of the kinds that are to be purged."""
        for kind in self.options.purge:
            resource = KINDS[kind]
            if any(step.resource == resource.name for step in self.failed):
                raise Conflict(
                    f"purge: {kind}: not all of them could be read, so nothing is deleted: {self.failed[0].error}"
                )
            store = self.backend.store(resource.name)
            declared = {str(w.step.id) for w in self.works if w.step.resource == resource.name}
            for key, observed in store.survey().items():
                if key not in declared and not self._protected(key):
                    self._plan_deletion(store, key, observed)

    def _protected(self, key: str) -> bool:
        return any(fnmatch.fnmatchcase(key, str(pattern)) for pattern in self.options.protect)

    def _plan_deletion(self, store: Store, key: str, observed: Observed | None) -> None:
        observed = observed or store.find({store.resource.keys[0]: key})
        name = str(observed.values.get("name") or "") if observed else ""
        if observed is None or (name and self._protected(name)):
            return
        desired = {store.resource.keys[0]: key, "_membership": "exact", "remove_from_hunt_groups": False}
        step = self._engine(store.resource.name).plan(desired, observed, "absent", "exact")
        if step.action != "unchanged":
            self.works.append(Work(desired, "absent", "exact", observed, step, None, observed))

    def _check_still_rung(self) -> None:
        """Refuse to delete an extension that a hunt group rings after this run."""
        going = set().union(*(_numbers_of(work) for work in self.works if _is_deleted_extension(work)))
        if not going:
            return
        groups: dict[str, Values | None] = {
            observed.values["id"]: observed.values for observed in self.backend.store("hunt_group").read_all()
        }
        groups.update({w.step.id: w.step.after for w in self.works if w.step.resource == "hunt_group"})
        for number, group in groups.items():
            rung = going & _rung_by(group or {})
            if rung:
                raise Conflict(
                    f"extension {', '.join(sorted(rung))}: to be deleted, but hunt group {number} rings "
                    "it; declare that group without it, or protect the extension"
                )

    def _check_deletions(self) -> None:
        """Stop before the first write when more would be deleted than allowed."""
        deletions = [work.step for work in self.works if _deletes(work)]
        allowed = self._allowed_deletions()
        if allowed is not None and len(deletions) > allowed:
            names = ", ".join(f"{step.resource} {step.id}" for step in deletions[:_MOST_PROBLEMS])
            raise Conflict(
                f"max_deletions: {len(deletions)} objects would be deleted ({names}), but {allowed} are allowed; "
                "nothing was changed"
            )

    def _allowed_deletions(self) -> int | None:
        limit = _limit(self.options.max_deletions)
        if limit is None:
            return None
        number, percent = limit
        if not percent:
            return number
        kinds = set(self.options.purge) | {RESOURCES[w.step.resource].plural for w in self.works if _deletes(w)}
        present = sum(len(self.backend.store(KINDS[kind].name).survey()) for kind in kinds)
        return present * number // 100

    # -- files -------------------------------------------------------------------------------------------------------
    def _keep_what_was(self) -> None:
        """Write the backup and the journal, so that whatever happens next can be undone."""
        if self.options.backup:
            document, notes = export(self.backend)
            self.notes += notes
            self.written_files["backup"] = files.write_document(self.options.backup, document)
        if self.options.journal:
            changing = [(w.step, w.current.values if w.current else None, w.desired) for w in self.works]
            capabilities = {name: self.backend.store(name).capability for name in self.backend.makers}
            images = before_images(changing, capabilities)
            self._add_side_effects(images)
            self.written_files["journal"] = files.write_document(self.options.journal, images)

    def _add_side_effects(self, images: Values) -> None:
        """Objects that nobody declared, and that a write changes all the same, belong into the journal too."""
        for work in self.works:
            if work.step.action not in ("create", "update"):
                continue
            resource = RESOURCES[work.step.resource]
            declared = {str(image.get(resource.keys[0])) for image in images.get(resource.plural, [])}
            for image in self.backend.store(resource.name).side_effects(work.current, work.step.after or {}):
                if str(image[resource.keys[0]]) not in declared:
                    images.setdefault(resource.plural, []).append(image)

    # -- writing -----------------------------------------------------------------------------------------------------
    def _stages(self) -> list[list[Work]]:
        """What can be written at the same time, in order of dependency; deletions last and in reverse."""
        stages = [self._stage("extension"), *self._group_stages(), self._stage("follow_me")]
        return stages + [[w for w in self.works if w.step.resource == name and _deletes(w)] for name in reversed(ORDER)]

    def _apply(self, stages: list[list[Work]]) -> None:
        for index, stage in enumerate(stages):
            self._spare_extensions_that_ring(stage)
            pending = [work for work in stage if work.step.status == "planned"]
            self._write_stage(pending)
            if any(work.step.status == "failed" for work in pending) and self.options.on_error == "stop":
                rest = [work for later in stages[index:] for work in later]
                self._leave_undone(rest, "not begun: something before it failed")
                return

    def _stage(self, resource: str) -> list[Work]:
        return [work for work in self.works if work.step.resource == resource and not _deletes(work)]

    def _group_stages(self) -> list[list[Work]]:
        """Hunt groups, each after those that it rings and that are made in this run. Raises Conflict on a circle."""
        waiting = self._stage("hunt_group")
        stages: list[list[Work]] = []
        while waiting:
            new = {work.step.id for work in waiting if work.step.action == "create"}
            ready = [work for work in waiting if not new & (_members_after(work) - {work.step.id})]
            if not ready:
                circle = ", ".join(sorted(work.step.id for work in waiting))
                raise Conflict(
                    f"hunt_group {circle}: new groups that ring each other; make one of them without the others first"
                )
            stages.append(ready)
            waiting = [work for work in waiting if not any(work is one for one in ready)]
        return stages

    def _spare_extensions_that_ring(self, stage: list[Work]) -> None:
        """After a hunt group could not be changed: do not delete the extensions that it still rings."""
        going = [work for work in stage if _is_deleted_extension(work) and work.step.status == "planned"]
        if not going or not any(w.step.status == "failed" for w in self.works if w.step.resource == "hunt_group"):
            return
        try:
            with understood():
                groups = self.backend.store("hunt_group").read_all()
        except PBXError as error:
            self._leave_undone(going, f"not begun: who rings it could not be read ({error})")
            return
        for observed in groups:
            ringing = _rung_by(observed.values)
            rung = [work for work in going if ringing & _numbers_of(work)]
            self._leave_undone(rung, f"not begun: hunt group {observed.values['id']} still rings it")

    def _leave_undone(self, works: Iterable[Work], why: str) -> None:
        for work in works:
            if work.step.action != "unchanged" and work.step.status == "planned":
                work.step.status, work.step.error = "skipped", why

    def _write_stage(self, works: list[Work]) -> None:
        """Write what does not depend on each other at the same time, then read back by list."""
        if not works:
            return

        self._in_parallel(self._write, works)
        self._read_back([work for work in works if work.step.status == "planned"])

    def _write(self, work: Work) -> None:
        if self._stopped:
            self._leave_undone([work], "not begun: something before it failed")
            return
        engine = self._engine(work.step.resource)
        engine.write(work)
        self.notes += engine.store.notes
        if refused(work.problem) and self.options.on_error == "stop":
            self._stopped = True  # never back to False: another thread may just have succeeded

    def _read_back(self, works: list[Work]) -> None:
        """Read until each work is settled, or the waiting times are used up."""
        waits = list(self.settle)
        while works:
            self.backend.lists.forget()
            with contextlib.suppress(PBXError):  # whoever misses a list will say so of its own object
                self._read_lists({work.step.resource for work in works})
            last = not waits
            settle = partial(self._settled, last=last)
            done = self._in_parallel(settle, works)
            works = [work for work, settled in zip(works, done) if not settled]
            if works:
                self._engine(works[0].step.resource).sleep(waits.pop(0))

    def _settled(self, work: Work, last: bool) -> bool:
        return self._engine(work.step.resource).settled(work, last)


def _limit(written: Any) -> tuple[int, bool] | None:
    """(number, whether it is a percentage), or None for no limit. Raises InvalidOption."""
    limit = "" if written is None else str(written).strip()
    if not limit:
        return None
    found = re.fullmatch(r"([0-9]{1,6})(%?)", limit)
    if not found:
        raise InvalidOption(f"max_deletions: {limit!r} is neither a number nor a percentage like 10%")
    return int(found.group(1)), bool(found.group(2))


def _deletes(work: Work) -> bool:
    return work.step.action == "delete" or (work.state == "absent" and work.step.action == "update")


def _members_after(work: Work) -> set[str]:
    return {str(member.get("extension")) for member in (work.step.after or {}).get("members", [])}


def _rung_by(group: Values) -> set[str]:
    """The numbers that a hunt group rings or overflows to."""
    members = {str(member["extension"]) for member in group.get("members", [])}
    return members | set(str(group.get("overflow_to") or "").split())


def _numbers_of(work: Work) -> set[str]:
    """All numbers of an extension that is there."""
    settings = work.current.values.get("settings", {}) if work.current else {}
    return {work.step.id, *map(str, settings.get("alias") or [])}


def _is_deleted_extension(work: Work) -> bool:
    """Whether an extension goes, without being taken out of its groups first by its own declaration."""
    deleted = work.step.resource == "extension" and work.step.action == "delete"
    return deleted and not work.desired.get("remove_from_hunt_groups")


def _prepared(engine: Engine | None, resource: Resource, item: Any) -> tuple[str, Values, str, str]:
    if not isinstance(item, Mapping) or engine is None:
        raise InvalidOption(f"{item!r} is not a dictionary of options")
    options = dict(item)
    known = known_options(resource)
    unknown = [f"{name}: unknown option{nearest(str(name), known)}" for name in options if name not in known]
    if unknown:
        raise InvalidOption("; ".join(unknown))
    state = str(options.get("state") or "present")
    membership = str(options.get("membership") or "exact")
    if state not in resource.states:
        raise InvalidOption(f"state: {state!r} is unknown; write one of {', '.join(resource.states)}")
    if membership not in ("exact", "at_least"):
        raise InvalidOption(f"membership: {membership!r} is unknown; write exact or at_least")
    return resource.name, engine.prepare(options, membership), state, membership
