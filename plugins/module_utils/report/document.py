# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of an audit, which every format is made from: see docs/audit.schema.json. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .words import LONGEST_MESSAGE, is_or_are, one_line

FORMAT = 1
CLEAN, DRIFT, INCOMPLETE = "clean", "drift", "incomplete"
VERDICTS = (INCOMPLETE, DRIFT, CLEAN)  # in the order in which they need attention
IGNORE, WARN, FAIL = "ignore", "warn", "fail"
UNMANAGED = (IGNORE, WARN, FAIL)
ACTIONS = ("create", "update", "delete")
# Why a tenant is drift: objects differ, an expectation is not met, the declaration has an error; undeclared objects and
# undecided expectations, where they are asked to fail.
REASONS = ("plan", "expectations", "findings", "unmanaged", "undecided")
_IDENTITY = ("backend", "url", "tenant", "group")
_NOT_COMPARED = "was not compared: the play ended for this host before the audit reached it; see the tasks before"
MOST_PLAN_IDS = 100


def tenant_entry(
    host: str, result: Mapping[str, Any] | None, identity: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The entry of one tenant.

    result: what the task of this host returned; None when it did not run. identity: {backend, url, tenant, group}, for a
    result that does not name them. A result without a verdict, or one that failed, is incomplete with its message.
    """
    found = dict(result or {})
    verdict = found.get("verdict")
    if verdict not in VERDICTS or found.get("failed") or found.get("unreachable"):
        verdict = INCOMPLETE
    known = {**(identity or {}), **{name: found[name] for name in _IDENTITY if found.get(name)}}
    return {
        "host": host,
        **{name: str(known.get(name) or "") for name in _IDENTITY},
        "verdict": verdict,
        "message": _message(found, verdict) if result is not None else _NOT_COMPARED,
        "reasons": [reason for reason in REASONS if reason in (found.get("reasons") or [])],
        "plan_id": str(found.get("plan_id") or ""),
        "requests": int(found.get("requests") or 0),
        "seconds": round(float(found.get("seconds") or 0), 3),
        "plan": _plan(found.get("plan")),
        "unchanged": _named(found.get("unchanged")),
        "unmanaged": _named(found.get("unmanaged")),
        "findings": [
            _texts(one, ("id", "severity", "path", "message", "hint")) for one in _dicts(found.get("findings"))
        ],
        "expectations": _dicts(found.get("expectations")),
    }


def _message(found: Mapping[str, Any], verdict: str) -> str:
    said = found.get("msg") or found.get("message") or ""
    if verdict == INCOMPLETE and not said:
        said = "could not be compared; the task gave no reason"
    return one_line(said, LONGEST_MESSAGE)


def _plan(plan: Any) -> list[dict[str, Any]]:
    keys = ("resource", "id", "name", "action", "changes", "status", "error")
    extras = ("error_class", "kept", "how", "origin")
    return [
        {
            **{key: one.get(key) for key in keys},
            **_texts(one, ("resource", "id", "name", "action", "status")),
            "changes": [
                {"field": str(leaf.get("field")), "before": leaf.get("before"), "after": leaf.get("after")}
                for leaf in _dicts(one.get("changes"))
            ],
            **{key: one[key] for key in extras if one.get(key)},
        }
        for one in _dicts(plan)
    ]


def _named(listed: Any) -> list[dict[str, str]]:
    return [_texts(one, ("resource", "id", "name")) for one in _dicts(listed)]


def _texts(one: Mapping[str, Any], keys: Sequence[str]) -> dict[str, str]:
    return {key: "" if one.get(key) is None else str(one[key]) for key in keys}


def _dicts(listed: Any) -> list[dict[str, Any]]:
    return [dict(one) for one in listed or [] if isinstance(one, Mapping)]


def judged(result: Mapping[str, Any], unmanaged: str = WARN, undecided: str = WARN) -> dict[str, Any]:
    """The result of a comparison with what the audit makes of it: its verdict, and one sentence.

    unmanaged: whether undeclared objects are left out (`ignore`), shown (`warn`), or drift (`fail`). undecided: the same of
    expectations that cannot be decided, where `ignore` is not offered. An expectation that is not met is drift.
    """
    there = [] if unmanaged == IGNORE else list(result.get("unmanaged") or [])
    judged_result = {**result, "unmanaged": there}
    if result.get("failed") or result.get("verdict") not in (CLEAN, DRIFT):
        return {**judged_result, "verdict": INCOMPLETE}
    told = {name: words for name, words in _told(judged_result).items() if words}
    only_shown = [name for name, policy in (("unmanaged", unmanaged), ("undecided", undecided)) if policy != FAIL]
    reasons = [name for name in told if name not in only_shown]
    drift = result["verdict"] == DRIFT or bool(reasons)
    message = ", ".join(told.values()) if drift else ""
    return {**judged_result, "verdict": DRIFT if drift else CLEAN, "message": message, "reasons": reasons}


def _told(result: Mapping[str, Any]) -> dict[str, str]:
    """What is to be said of a tenant, by REASONS; empty where there is nothing."""
    states = [one.get("status") for one in _dicts(result.get("expectations"))]
    errors = [one for one in _dicts(result.get("findings")) if one.get("severity") == "error"]
    numbers = {
        "plan": (len(_dicts(result.get("plan"))), "object", "differs", ""),
        "expectations": (states.count("failed"), "expectation", "is", "not met"),
        "findings": (len(errors), "error", "was", "found in the declaration"),
        "unmanaged": (len(result.get("unmanaged") or []), "object", "is", "not declared"),
        "undecided": (states.count("unknown"), "expectation", "is", "undecided"),
    }
    return {name: is_or_are(*words) if words[0] else "" for name, words in numbers.items()}


def audit_document(tenants: Iterable[Mapping[str, Any]], generated_at: str) -> dict[str, Any]:
    """The whole document. generated_at: ISO 8601 with its zone. Without a tenant the verdict is incomplete."""
    found = sorted((dict(one) for one in tenants), key=lambda one: str(one["host"]))
    return {
        "format": FORMAT,
        "generated_at": generated_at,
        "verdict": overall(found),
        "summary": summary(found),
        "tenants": found,
    }


def overall(tenants: Sequence[Mapping[str, Any]]) -> str:
    """The gravest verdict of all tenants."""
    if not tenants:
        return INCOMPLETE
    return next(verdict for verdict in VERDICTS if any(one["verdict"] == verdict for one in tenants))


def summary(tenants: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many tenants have which verdict, and how many objects of all of them differ, are not declared, and so on."""
    verdicts = [one["verdict"] for one in tenants]
    actions = [step["action"] for one in tenants for step in one["plan"]]
    return {
        "tenants": len(tenants),
        **{verdict: verdicts.count(verdict) for verdict in (CLEAN, DRIFT, INCOMPLETE)},
        **{action: actions.count(action) for action in ACTIONS},
        "unmanaged": sum(len(one["unmanaged"]) for one in tenants),
        "findings": sum(len(one["findings"]) for one in tenants),
    }


def by_attention(tenants: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What needs attention first: incomplete ones, then drift, the most changed first, then clean ones by name."""
    return sorted(tenants, key=lambda one: (VERDICTS.index(one["verdict"]), -len(one["plan"]), str(one["host"])))


def unmet(tenant: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The expectations of a tenant that are not met, and those that are undecided behind them."""
    order = ("failed", "unknown")
    found = [one for one in tenant["expectations"] if one.get("status") in order]
    return sorted(found, key=lambda one: order.index(one["status"]))


def stats(document: Mapping[str, Any], report_dir: str) -> dict[str, Any]:
    """What a whole play publishes with set_stats: small, whatever the number of tenants is.

    plan_ids: of drifted tenants; when there are too many, `plan_ids_left_out` says how many are missing.
    """
    ids = {one["host"]: one["plan_id"] for one in document["tenants"] if one["verdict"] == DRIFT and one["plan_id"]}
    kept = dict(list(ids.items())[:MOST_PLAN_IDS])
    left = len(ids) - len(kept)
    return {
        "verdict": document["verdict"],
        "summary": dict(document["summary"]),
        "plan_ids": kept,
        **({"plan_ids_left_out": left} if left else {}),
        "report_dir": report_dir,
    }
