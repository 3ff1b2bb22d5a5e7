# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the answers of the Porta Plus 2 web services: JSON of any case, and what an error answer says.

Source: vendor note, sections 2.4 (output), 2.5 (errors) and 2.6 (seen on real servers).
"""

from __future__ import annotations

from typing import Any

from ...model.values import Values
from ...transport.session import Answer

# Exceptions by which a service refuses credentials. Old servers answer 500 with the name as reason phrase (note 2.6).
_REFUSALS = frozenset({"authenticationexception", "unauthorizedaccessexception"})


def _with_lower_keys(pairs: list[tuple[str, Any]]) -> Values:
    """An object of the JSON with its keys in lower case: the server mixes their case (note 2.4)."""
    return {key.lower(): value for key, value in pairs}


def parsed(answer: Answer) -> Any:
    """The JSON of an answer with all keys in lower case; None when there is none."""
    try:
        return answer.json(_with_lower_keys)
    except ValueError:
        return None


def response_status(answer: Answer) -> tuple[str, str]:
    """(error code, message) of the ResponseStatus in the body; empty texts where there is none."""
    if "responsestatus" not in answer.text.lower():
        return "", ""  # most answers are long lists: they are not parsed for this
    data = parsed(answer)
    status: Any = data.get("responsestatus") if isinstance(data, dict) else None
    known: Values = status if isinstance(status, dict) else {}
    code, message = known.get("errorcode"), known.get("message")
    return (code if isinstance(code, str) else ""), (message if isinstance(message, str) else "")


def refuses_credentials(answer: Answer) -> bool:
    """Whether the server does not accept the credentials, whatever status it chose to say so (note 2.6)."""
    if answer.status in (401, 403):
        return True
    code, _message = response_status(answer)
    names = {code.strip().lower()}
    if answer.status >= 400:
        names.add(answer.reason.strip().lower())
    return bool(names & _REFUSALS)
