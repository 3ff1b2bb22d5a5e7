# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the answers of a session, for a report on how a server answers. Logins are never kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .answers import Answer


@dataclass(frozen=True)
class Recorded:
    """One answer. path: without the base URL, as it was sent. body: the JSON value, or None where it is none."""

    method: str
    path: str
    params: Mapping[str, Any]
    status: int
    content_type: str
    size: int  # characters of the body
    is_json: bool
    body: Any


class Recorder:
    """An observer for `Session.observed_by`: it takes every answer that is no login. Used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: list[Recorded] = []

    @property
    def answers(self) -> list[Recorded]:
        with self._lock:
            return list(self._answers)

    def __call__(self, method: str, path: str, params: Mapping[str, Any], answer: Answer) -> None:
        try:
            body, is_json = answer.json(), True
        except ValueError:
            body, is_json = None, False
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        recorded = Recorded(method, path, dict(params), answer.status, kind, len(answer.text), is_json, body)
        with self._lock:
            self._answers.append(recorded)
