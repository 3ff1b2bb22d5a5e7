# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages about the options of a task."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import nearest

_MOST_MESSAGES = 10


def told(name: str, messages: list[str]) -> str:
    """All messages in one line, cut with a count: a list of 180 objects may give as many."""
    more = len(messages) - _MOST_MESSAGES
    return f"{name}: " + "; ".join(messages[:_MOST_MESSAGES]) + (f"; and {more} more" if more > 0 else "")


def unsupported(name: str, parameters: set[Any], known: dict[str, Any]) -> dict[str, Any]:
    """The same complaint that a module makes of options it does not know, with a hint at what may have been meant."""
    words = [".".join(parameter) if isinstance(parameter, tuple) else str(parameter) for parameter in parameters]
    # More likely meant than an option of the connection.
    own = known if name in arguments.ACTION_ONLY else arguments.own_arguments(name)
    hints = ", ".join(word + (nearest(word, own) or nearest(word, known)) for word in sorted(words))
    supported = ", ".join(sorted(known))
    message = f"{name}: Unsupported parameters: {hints}. Supported parameters include: {supported}"
    return {"failed": True, "changed": False, "msg": message}
