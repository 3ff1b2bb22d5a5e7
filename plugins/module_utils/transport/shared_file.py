# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small file that processes of one user share, locked while it is used, where no other user can reach it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator, Mapping
from typing import Callable

from ..errors import ThrottleError

_DIRECTORY = "telephony_pbx"
_LONGEST = 256  # bytes of the content
_POLL = 0.01  # seconds between two attempts to lock
_MOST_POLLS = 1000


def private_directory(environment: Mapping[str, str] | None = None) -> str:
    """Where files of this user live that all its processes on this machine share.

    The run-time directory of the user if there is one: it is local and fast. Else the home of Ansible, which Ansible
    itself writes to. A run-time directory that belongs to somebody else (after `su`) is not used. The path
    /run/user/UID is tried without XDG_RUNTIME_DIR too, so that a cron job uses the same file as a shell.
    """
    given = os.environ if environment is None else environment
    uid = os.geteuid()
    for base in (given.get("XDG_RUNTIME_DIR", ""), f"/run/user/{uid}"):
        if os.path.isabs(base) and _owner(base) == uid and os.access(base, os.W_OK):
            return os.path.join(base, _DIRECTORY)
    home = given.get("ANSIBLE_HOME") or os.path.join(os.path.expanduser("~"), ".ansible")
    return os.path.join(os.path.abspath(os.path.expanduser(home)), _DIRECTORY)


def _owner(path: str) -> int | None:
    try:
        return os.lstat(path).st_uid
    except OSError:
        return None


class SharedFile:
    """A file in a directory that only its owner can enter. Both are created when needed."""

    def __init__(self, directory: str, name: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self.directory, self.name = directory, name
        self.path = os.path.join(directory, name)
        self.sleep = sleep

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """The descriptor of the file, which no other process or thread uses meanwhile.

        Raises ThrottleError when the file or its directory is not safe, not writable, or locked for 10 seconds.
        Waits are counted, not timed, so that no clock can make them longer.
        """
        try:
            descriptor = self._open()
            try:
                self._lock(descriptor)
                self._check(descriptor, self.path)  # now that nobody who follows these rules can replace it
                yield descriptor
            finally:
                os.close(descriptor)  # also unlocks
        except OSError as error:
            raise self._unusable(f"{error.strerror or error}") from None

    def _open(self) -> int:
        os.makedirs(os.path.dirname(self.directory), mode=0o700, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkdir(self.directory, 0o700)
        directory = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            self._check(directory, self.directory)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            return os.open(self.name, flags, 0o600, dir_fd=directory)
        finally:
            os.close(directory)

    def _check(self, descriptor: int, path: str) -> None:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid():
            raise self._unusable(f"{path} belongs to another user")
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise self._unusable(f"other users have access to {path}")
        if not stat.S_ISDIR(found.st_mode) and (not stat.S_ISREG(found.st_mode) or found.st_nlink != 1):
            raise self._unusable(f"{path} is not a regular file with one name")

    def _lock(self, descriptor: int) -> None:
        for _poll in range(_MOST_POLLS):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                self.sleep(_POLL)
        seconds = _MOST_POLLS * _POLL
        raise ThrottleError(
            f"rate_limit: another process has locked {self.path} for {seconds:g} s; "
            f"find it with 'fuser {self.path}' and end it"
        )

    def _unusable(self, why: str) -> ThrottleError:
        return ThrottleError(
            f"rate_limit: the file {self.path} cannot be used: {why}; make room and let only its owner write there, "
            "or delete it, or set ANSIBLE_HOME to another directory, or write rate_limit: 0"
        )


def read_line(descriptor: int) -> str:
    """The first line of the file. Empty when it has none, "?" when it is not ASCII text."""
    data = os.pread(descriptor, _LONGEST, 0)
    return data.partition(b"\n")[0].decode("ascii", errors="replace").replace("\ufffd", "?")


def write_line(descriptor: int, line: str) -> None:
    """Replace the content by one line. Raises OSError when there is no room."""
    data = f"{line}\n".encode("ascii")
    if os.pwrite(descriptor, data, 0) != len(data):
        raise OSError("there is no room on the disk")
    os.ftruncate(descriptor, len(data))
