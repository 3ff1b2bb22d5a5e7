# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python that has imported Ansible's module utilities already, for playbooks that run many modules of others.

Each module of a playbook starts a Python of its own that compiles a second's worth of code. `Warm.interpreter` is for the
variable ansible_python_interpreter: it hands a module to a process that forks for it, with the same arguments, environment,
directory and files.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import shlex
import socket
import subprocess
import sys
from pathlib import Path

_CLIENT = """#!/bin/sh
exec {python} -I -S {program} {socket} "$@"
"""
_PRELOADED = (
    "ansible.module_utils.basic",
    "ansible.module_utils.urls",
    "ansible.module_utils._internal._ansiballz._loader",
    "ansible.module_utils.compat.version",
    "ansible.module_utils.six.moves",
    "http.cookiejar",
    "configparser",
    "email",
    "yaml",
)


class Warm:
    """The process. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.interpreter = folder / "python"
        self._socket = folder / "warm.socket"
        client = folder / "client.py"
        client.write_text(_CLIENT_PROGRAM)
        words = {"python": sys.executable, "program": client, "socket": self._socket}
        self.interpreter.write_text(_CLIENT.format(**{name: shlex.quote(str(word)) for name, word in words.items()}))
        self.interpreter.chmod(0o755)

    def __enter__(self) -> Warm:
        command = [sys.executable, __file__, str(self._socket)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert self._process.stdout and self._process.stdout.readline() == b"ready\n"
        return self

    def __exit__(self, *problem: object) -> None:
        self._process.terminate()
        self._process.wait()


# Nothing but the standard library, and of that little: it starts for each module.
_CLIENT_PROGRAM = """import os, socket, sys
import _socket, array
link = socket.socket(socket.AF_UNIX)
link.connect(sys.argv[1])
import json
said = json.dumps({"argv": sys.argv[2:], "cwd": os.getcwd(), "environ": dict(os.environ)}).encode()
socket.send_fds(link, [len(said).to_bytes(8, "big")], [0, 1, 2])
link.sendall(said)
sys.exit(int(link.recv(8) or b"1"))
"""


def serve(place: str) -> None:
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):
            __import__(name)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen()
        print("ready", flush=True)
        while True:
            link, _address = listening.accept()
            if os.fork() == 0:
                _answer(link)
            link.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _answer(link: socket.socket) -> None:
    """In a process of its own: run what was asked for in a child, and say how it ended."""
    head, files, _flags, _address = socket.recv_fds(link, 8, 3)
    length, said = int.from_bytes(head, "big"), b""
    while len(said) < length:
        said += link.recv(length - len(said))
    child = os.fork()
    if child == 0:
        link.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
        asked = json.loads(said)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environ"])
        sys.argv = asked["argv"] or ["-"]
        _run()
    _pid, status = os.waitpid(child, 0)
    link.sendall(str(os.waitstatus_to_exitcode(status) & 255).encode())
    os._exit(0)


def _run() -> None:
    """What Python does with its arguments: a file, or the program from standard input as pipelining sends it."""
    code = 0
    try:
        if sys.argv[0] == "-":
            exec(compile(sys.stdin.read(), "<stdin>", "exec"), {"__name__": "__main__"})
        else:
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
