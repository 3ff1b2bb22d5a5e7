# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of one tenant in one call: one login, one read per list, one plan, then writes in order of dependency.

Nothing is written before every object has been read, checked and planned, and before the state as it was is safe in a
file; `writing` does it then.
"""

from __future__ import annotations

import fnmatch
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..backends.contract import Backend, Observed, Store, in_parallel, understood
from ..errors import Conflict, InvalidOption, PBXError, Unsupported
from ..model.catalog import KINDS, RESOURCES, Resource, known_options, label
from ..model.values import Values, nearest
from ..rules.builtin import ERROR, Finding, Rule, findings
from . import files
from .execute import FRESH_SECONDS, SETTLE_SECONDS, Engine, Work
from .export import export
from .plan import Step
from .snapshot import before_images
from .writing import Writing, deletes, is_deleted_extension, leave_undone, numbers_of, rung_by, warm

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
    fresh: float = FRESH_SECONDS
    works: list[Work] = field(default_factory=list)
    failed: list[Step] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    written_files: Values = field(default_factory=dict)
    _since: float = 0.0

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
            leave_undone(self.works, "not begun: something else could not be read or resolved")
        elif not self.check_mode and any(work.step.action != "unchanged" for work in self.works):
            self._write()
        return self.steps

    def _write(self) -> None:
        writing = Writing(
            self.backend, self.works, self.options.on_error, self.concurrency, self.settle, self.fresh, self.notes
        )
        stages = writing.stages()
        self._keep_what_was()
        writing.carry_out(stages)

    @property
    def steps(self) -> list[Step]:
        return self.failed + [work.step for work in self.works]

    def _engine(self, resource: str) -> Engine:
        return Engine(self.backend.store(resource), self.backend.name, self.check_mode)

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
        self._since = time.monotonic()  # the lists that all share are read before the objects
        warm(self.backend, {name for name, *_rest in declared})

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
            work.read_at = self._since
            return work

        for result in in_parallel(self.concurrency, look, declared):
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
            work = Work(desired, "absent", "exact", desired, observed, step, self._since, observed=observed)
            self.works.append(work)

    def _check_still_rung(self) -> None:
        """Refuse to delete an extension that a hunt group rings after this run."""
        going = set().union(*(numbers_of(work) for work in self.works if is_deleted_extension(work)))
        if not going:
            return
        groups: dict[str, Values | None] = {
            observed.values["id"]: observed.values for observed in self.backend.store("hunt_group").read_all()
        }
        groups.update({w.step.id: w.step.after for w in self.works if w.step.resource == "hunt_group"})
        for number, group in groups.items():
            rung = going & rung_by(group or {})
            if rung:
                raise Conflict(
                    f"extension {', '.join(sorted(rung))}: to be deleted, but hunt group {number} rings "
                    "it; declare that group without it, or protect the extension"
                )

    def _check_deletions(self) -> None:
        """Stop before the first write when more would be deleted than allowed."""
        deletions = [work.step for work in self.works if deletes(work)]
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
        kinds = set(self.options.purge) | {RESOURCES[w.step.resource].plural for w in self.works if deletes(w)}
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


def _limit(written: Any) -> tuple[int, bool] | None:
    """(number, whether it is a percentage), or None for no limit. Raises InvalidOption."""
    limit = "" if written is None else str(written).strip()
    if not limit:
        return None
    found = re.fullmatch(r"([0-9]{1,6})(%?)", limit)
    if not found:
        raise InvalidOption(f"max_deletions: {limit!r} is neither a number nor a percentage like 10%")
    return int(found.group(1)), bool(found.group(2))


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
