# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer of a server, and how its body becomes text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Callable

_PIECE = 65536  # bytes that are read at once
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


class TooLarge(ValueError):
    """The body of an answer is larger than allowed."""


@dataclass(frozen=True)
class Answer:
    """A complete response: status, reason phrase, headers with lower-case names, and the body as text."""

    status: int
    reason: str
    headers: dict[str, str]
    text: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self, made_of: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
        """The JSON value in the body. Raises ValueError when the body is not JSON or is nested too deeply to read.

        made_of: makes an object of its keys and values, while the text is read.
        """
        try:
            return json.loads(self.text, object_pairs_hook=made_of)
        except RecursionError:
            raise ValueError("the JSON is nested too deeply") from None

    @property
    def is_json(self) -> bool:
        try:
            self.json()
        except ValueError:
            return False
        return True


def read_answer(response: Any, largest: int) -> Answer:
    """Read the rest of a streamed response of `requests`.

    largest: the most bytes, after decompression. Raises TooLarge beyond that, and library.ERRORS.
    """
    response.raw.enforce_content_length = True  # urllib3 1.26 takes a body that was cut for a whole one otherwise
    take = getattr(response.raw, "read1", None) or response.raw.read
    parts: list[bytes] = []
    size = 0
    while part := take(_PIECE, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > largest:
            raise TooLarge(f"larger than {largest} bytes")
    headers = {name.lower(): value for name, value in response.headers.items()}
    text = decode(b"".join(parts), headers.get("content-type", ""))
    return Answer(response.status_code, response.reason or "", headers, text)


def decode(data: bytes, content_type: str) -> str:
    """Bytes as text, in the character set that Content-Type names. UTF-8 when it names none that Python can decode."""
    named = _CHARSET.search(content_type)
    try:
        return data.decode(named.group(1) if named else "utf-8", errors="replace")
    except (LookupError, ValueError):  # an unknown character set, or a codec that is not made for text ("hex")
        return data.decode("utf-8", errors="replace")
