# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads everything that a system can tell, and says whether its answers are what the backend expects.

The document has no name, number, domain or credential of the customer, so that it can be attached to an issue: see
`report.shapes`. Messages of errors may have them, so the document names the class of an error only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..backends.contract import Backend, RunContext, Store
from ..engine.observe import as_problem
from ..errors import NotOffered, PBXError, error_class
from ..model.values import Field, Values
from ..report.shapes import Shapes, differences
from ..transport.recorder import Recorder

FORMAT = 1


def probe(backend: Backend, context: RunContext, resources: Collection[str]) -> tuple[Values, list[str]]:
    """(the document, messages for the user alone). Sends reads only. resources: plurals; empty for all of the backend.

    The document: `checks`, one for each resource; `routes`, the shape of the answers of each route; `differences`, where they
    are not as the vendor's pages have them, which need not be wrong.
    """
    recorder = Recorder()
    messages: list[str] = []
    with backend.session.observed_by(recorder):
        checks = [
            _check(backend, backend.store(name, context), messages)
            for name, store in backend.stores.items()
            if not resources or store.resource.plural in resources
        ]
    private = [text for part in ("tenant", "group") for text in _parts(backend.identity.get(part, ""))]
    shapes = Shapes(recorder.answers, _words(backend), private)
    routes = shapes.routes()
    broken = [name for name, route in routes.items() if route["not_json"]]
    passed = all(check["status"] in ("ok", "not_offered") for check in checks)
    document = {
        "format": FORMAT,
        "backend": backend.name,
        "passed": passed,
        "checks": checks,
        "not_json": broken,
        "differences": differences(routes, backend.client.answers),
        "routes": routes,
    }
    return document, messages


def _check(backend: Backend, store: Store, messages: list[str]) -> Values:
    """Read all objects of one kind: reachable, whole, decodable, and each with a key of its own."""
    name, key = store.resource.name, store.resource.key
    before = backend.session.requests_sent
    check: Values = {"resource": name, "status": "ok"}
    try:
        keys = [str(one.get(key) or "") for one in _objects(store)]
        check.update(objects=len(keys), without_key=keys.count(""), doubled_keys=len(keys) - len(set(keys)))
        check["parts_left_out"] = len(store.notes)
        if check["without_key"] or check["doubled_keys"] or store.notes:
            check["status"] = "differs"
        messages += [f"{name}: {note}" for note in store.notes]
    except Exception as error:
        problem = error if isinstance(error, PBXError) else as_problem(error, backend)
        status = "not_offered" if isinstance(problem, NotOffered) else "failed"
        check.update(status=status, error_class=error_class(problem))
        messages.append(f"{name}: {problem}")
    check["requests"] = backend.session.requests_sent - before
    return check


def _objects(store: Store) -> list[Values]:
    """All objects of a store, each read as a run reads it. A store that cannot list is asked for what it knows."""
    found: list[Values] = store.info({}).get(store.resource.plural) or []
    return found


def _parts(text: str) -> list[str]:
    return [text, *text.replace("@", ".").split(".")]


def _words(backend: Backend) -> Iterator[str]:
    """The words of the vendor's interface that its tables know: names of settings, choices, and policies."""
    yield from backend.client.words
    for store in backend.stores.values():
        capability = store.capability
        yield from capability.policies.values()
        yield from _words_of({**capability.settings, **capability.overrides})


def _words_of(table: Mapping[str, Field]) -> Iterator[str]:
    for name, spec in table.items():
        yield name
        yield from spec.choices
        yield from spec.aliases
        yield from _words_of(spec.nested)
