# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, in the words of the person who runs the playbook.

Every error holds one line that says what happened and what to check. None of them may hold a secret: messages that
come from a server or a library pass through `Session.redact` before they get here.
"""

from __future__ import annotations


class PBXError(Exception):
    """The root of everything this collection raises on purpose."""


class InvalidOption(PBXError):
    """An option is wrong in itself; found before the first request."""


class Unsupported(InvalidOption):
    """The backend cannot express what was asked; found before the first request."""


class AuthError(PBXError):
    """The server does not accept the credentials, or asks for something that only a person can give."""


class PermissionDenied(PBXError):
    """The credentials are right, but may not do this."""


class NotFound(PBXError):
    """Something that was referred to does not exist: a tenant, a member, a record."""


class Conflict(PBXError):
    """What was asked contradicts what is there: a number in use, a name that matches twice."""


class Rejected(PBXError):
    """The server refused a request, for the reason in the message."""


class RateLimited(PBXError):
    """The server asks us to slow down, and kept asking until the deadline."""


class TransportError(PBXError):
    """No usable answer: unreachable, timed out, cut off, not JSON.

    `in_doubt` is true when a write may or may not have been processed: only reading back can tell.
    `final` is true when trying again cannot help.
    """

    def __init__(self, message: str, in_doubt: bool = False, final: bool = False) -> None:
        super().__init__(message)
        self.in_doubt, self.final = in_doubt, final


class BadAnswer(TransportError):
    """An answer came, but its content makes no sense. After a write, only reading back can tell what became of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, in_doubt=True)


class ThrottleError(TransportError):
    """The rate limit cannot be kept, so the request was not sent: its file is unusable, or the wait is too long."""

    def __init__(self, message: str) -> None:
        super().__init__(message, final=True)


class Incomplete(PBXError):
    """A list may have been cut or an answer lacks a part: nothing may be concluded from what is missing."""


class NotOffered(Incomplete):
    """This deployment or version has no list of something: other kinds of objects can still be read."""


class NotStored(PBXError):
    """The server answered with success, but reading back shows something else."""


class WriteInReadOnlySession(AssertionError):
    """A write was attempted in check mode. Always a defect of this collection, never of the caller."""


class Interrupted(PBXError):
    """Something outside has ended the run: the time that a task may take is over."""


class Defect(PBXError):
    """An error of this collection itself. `trace` is the redacted traceback, for a report to its authors."""

    def __init__(self, message: str, trace: str) -> None:
        super().__init__(message)
        self.trace = trace


def error_class(error: BaseException) -> str:
    """The name of an error's class, as results give it."""
    return type(error).__name__
