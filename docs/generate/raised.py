# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which errors and findings the code can make, read from its syntax: nothing has to be run, and nothing can be forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .places import ROOT, GenerateError

PLUGINS = ROOT / "plugins"
_ERRORS = PLUGINS / "module_utils" / "errors.py"
_GAP = "…"  # what is known at run time only
# What collects problems until all are told in one InvalidOption: the method, and which argument is the message.
_COLLECTING = {"append": 0, "add": 1}
_LEAST_FIXED = 12  # letters of fixed text that a message needs to be found by
# Where the id of a finding is a value of another table, or of the user: it is collected there, or is none of ours.
_ELSEWHERE = ("advice/advise.py", "rules/site.py", "model/problems.py")

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


@dataclass
class Raised:
    """messages: class of an error -> its messages, with a gap for each part that is known at run time only. ids: of findings."""

    messages: dict[str, set[str]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


def error_classes() -> dict[str, str]:
    """Class -> its first line of documentation, of all errors that results can name."""
    body = ast.parse(_ERRORS.read_text(encoding="utf-8")).body
    return {one.name: (ast.get_docstring(one) or "").splitlines()[0] for one in body if isinstance(one, ast.ClassDef)}


@cache
def raised(top: Path = PLUGINS) -> Raised:
    """What all Python files below `top` can raise or report. Raises GenerateError for an id that cannot be told."""
    found = Raised({name: set() for name in error_classes()})
    for path in sorted(top.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        for function in [tree, *(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))]:
            names = {**constants, **_assigned(function)}
            for call in _own_calls(function):
                _collect(call, names, path, found)
    return found


def _collect(call: ast.Call, names: dict[str, list[ast.expr]], path: Path, found: Raised) -> None:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in found.messages and call.args:
        texts = {_text(one, names) for one in _values(call.args[0], names)}
        found.messages[name] |= {text for text in texts if _is_telling(text)}
    if name in _COLLECTING and _receiver(call).endswith("problems") and len(call.args) > _COLLECTING[name]:
        texts = {_text(one, names) for one in _values(call.args[_COLLECTING[name]], names)}
        found.messages["InvalidOption"] |= {text for text in texts if _is_telling(text)}
    ids = [call.args[0]] if name == "Finding" and call.args and not isinstance(call.args[0], ast.Starred) else []
    ids += [one.value for one in call.keywords if one.arg == "id" and name in ("add", "Finding")]
    if not path.as_posix().endswith(_ELSEWHERE):
        for one in ids:
            found.ids |= _ids(one, names, path)


def _receiver(call: ast.Call) -> str:
    """The name of what a method is called of."""
    value = getattr(call.func, "value", None)
    return str(getattr(value, "attr", getattr(value, "id", "")))


def _ids(expression: ast.expr, names: dict[str, list[ast.expr]], path: Path) -> set[str]:
    values = _values(expression, names)
    ids = {one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    if not ids or len(ids) < len(values):
        raise GenerateError(f"{path.name}:{expression.lineno}: the id of a finding cannot be told; write it as a text")
    return ids


def _values(expression: ast.expr, names: dict[str, list[ast.expr]], depth: int = 0) -> list[ast.expr]:
    """What an expression may be: the values of a name, both ways of a condition."""
    if isinstance(expression, ast.IfExp):
        return [*_values(expression.body, names, depth), *_values(expression.orelse, names, depth)]
    if isinstance(expression, ast.Name) and expression.id in names and depth < 3:
        return [value for one in names[expression.id] for value in _values(one, names, depth + 1)]
    return [expression]


def _text(expression: ast.expr, names: dict[str, list[ast.expr]]) -> str:
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        return expression.value
    if isinstance(expression, ast.JoinedStr):
        return "".join(_text(part, names) for part in expression.values)
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add):
        return _text(expression.left, names) + _text(expression.right, names)
    return _GAP


def _is_telling(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= _LEAST_FIXED


def _own_calls(function: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function, without those in functions inside it."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.FunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _own_calls(child)


def _assigned(function: ast.AST) -> dict[str, list[ast.expr]]:
    """Name -> what the function gives to it, wherever; names that are given in pairs too."""
    found: dict[str, list[ast.expr]] = {}
    for one in ast.walk(function):
        if isinstance(one, ast.Assign) and len(one.targets) == 1:
            for name, value in _pairs(one.targets[0], one.value):
                found.setdefault(name, []).append(value)
    return found


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
        yield from (*_pairs(target, value.body), *_pairs(target, value.orelse))
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, part in zip(target.elts, value.elts):
            yield from _pairs(one, part)


def _constants(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """The names that a module gives a text, and those that it imports from a module of this collection."""
    found = {
        name: [value]
        for one in tree.body
        if isinstance(one, ast.Assign)
        for name, value in _pairs(one.targets[0], one.value)
    }
    for one in tree.body:
        if isinstance(one, ast.ImportFrom) and one.module:
            found.update({alias.name: _imported()[alias.name] for alias in one.names if alias.name in _imported()})
    return found


@cache
def _imported() -> dict[str, list[ast.expr]]:
    """The names in capitals that any module of the collection gives a text, with all texts of that name."""
    found: dict[str, list[ast.expr]] = {}
    for path in sorted((PLUGINS / "module_utils").rglob("*.py")):
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.Assign):
                for name, value in _pairs(one.targets[0], one.value):
                    if name.isupper() and isinstance(value, ast.Constant):
                        found.setdefault(name, []).append(value)
    return found
