# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one value may be, what it means, and when two values mean the same.

Pure: no input or output, no vendor, no resource. Whether two phone numbers are the same is answered in `numbers`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .numbers import ANY_COUNTRY, NumberRules
from .problems import Problems

Values = dict[str, Any]

_TRUE = {"y", "yes", "true", "on", "1", "t"}
_FALSE = {"n", "no", "false", "off", "0", "f"}
_CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_BLANKS = " \t\r\n"  # what may stand around a number or a yes; str.strip() would take control characters too
_LONGEST_PERIOD = 2000  # characters
_TOKENS = ("tokens", "phone_tokens")
_LISTS = ("names", "phones")
_SCALARS = (str, int, bool)
# Compiled here, before Ansible forks: each of its processes would compile them for its one tenant otherwise.
_WHOLE_NUMBER, _BETWEEN_WORDS = re.compile(r"-?\d{1,12}"), re.compile(r"[\s_-]")
_PHONE_SETS = ("phones", "phone_tokens")
_SETS = (*_TOKENS, *_LISTS)


@dataclass(frozen=True)
class Field:
    """One thing that can be declared, and all that is known about its values.

    kind:
      `text` · `name` (a text whose runs of blanks and Unicode form have no meaning) · `number` (digits kept as a string)
      `phone` (a number that a server may show in E.164 or in national form) · `int` · `bool` · `choice`
      `tokens` (words in one string, order without meaning) · `phone_tokens` (the same, of phone numbers)
      `names` (a list of words, order without meaning) · `phones` (the same, of phone numbers)
      `period` (times of the week, `hr{8-18} wd{mo-fri}`) · `dict` (of `nested` fields)
    unset: what an absent, null or empty value means.
    limits: least and greatest value of an int; least and greatest length of a text.
    create_only: sent when the object is created and never read back, so never compared.
    partial: a dict of which a user may give some entries; the others stay.
    instead: the neutral option that has to be written instead of this setting.
    also: the neutral option that sets this too; only one of the two may be written.
    """

    kind: str = "text"
    unset: Any = ""
    choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    limits: tuple[int, int] | None = None
    forbidden: str = ""
    clearable: bool = True
    nested: Mapping[str, Field] = field(default_factory=dict)
    read_only: bool = False
    create_only: bool = False
    secret: bool = False
    partial: bool = False
    instead: str = ""
    also: str = ""
    required: bool = False


# -- meaning of values ---------------------------------------------------------------------------------------------
def to_bool(value: Any) -> bool | None:
    """True or False for every spelling that users and vendors have of it, None for anything else."""
    word = str(value).strip(_BLANKS).casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def copied(value: Any) -> Any:
    """A copy of an object's values that shares no dictionary or list with them. Faster than `copy.deepcopy` for plain data."""
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, dict, tuple)) and not value)


def canonical(spec: Field, value: Any, numbers: NumberRules = ANY_COUNTRY) -> Any:
    """The meaning of a value, whoever wrote it. Two values are the same exactly when their meanings are equal.

    A value without a known meaning stays as it is.
    """
    if is_empty(value):
        return [] if spec.kind in _SETS else {} if spec.kind == "dict" else spec.unset
    if spec.kind == "bool":
        meaning = to_bool(value)
        return value if meaning is None else meaning
    if spec.kind == "int":
        if value.__class__ is int:
            return value
        digits = str(value).strip(_BLANKS)
        return int(digits) if _WHOLE_NUMBER.fullmatch(digits) else value
    if spec.kind == "choice":
        return _choice(spec, value)
    if spec.kind in _SETS:
        return _canonical_set(spec, value, numbers)
    if spec.kind == "period":
        return canonical_period(str(value))
    if spec.kind == "dict":
        return _canonical_parts(spec, value, numbers) if isinstance(value, Mapping) else value
    if spec.kind == "phone":
        return numbers.key(str(value))
    return canonical_name(str(value)) if spec.kind == "name" else str(value)


def _canonical_set(spec: Field, value: Any, numbers: NumberRules) -> list[str]:
    """Words whose order has no meaning: those of one string (`tokens`), or the items of a list."""
    if isinstance(value, (list, tuple, set, frozenset)):
        words = [str(word) for word in value]
    else:
        words = str(value).split() if spec.kind in _TOKENS else [str(value)]
    return sorted(map(numbers.key, words) if spec.kind in _PHONE_SETS else words)


def canonical_name(name: str) -> str:
    """The meaning of a name: servers normalise Unicode and fold runs of blanks."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _canonical_parts(spec: Field, value: Mapping[str, Any], numbers: NumberRules) -> Values:
    """The parts that say something: an empty one means the same as none; unknown and read-only ones are not managed."""
    known = {name: canonical(spec.nested[name], item, numbers) for name, item in value.items() if name in spec.nested}
    return {
        name: item
        for name, item in known.items()
        if item != spec.nested[name].unset and not spec.nested[name].read_only
    }


def _choice(spec: Field, value: Any) -> str:
    def folded(word: Any) -> str:
        return _BETWEEN_WORDS.sub("", str(word)).casefold()

    spellings = {folded(choice): choice for choice in spec.choices}
    spellings.update({folded(alias): choice for alias, choice in spec.aliases.items()})
    return spellings.get(folded(value), str(value))


def _sorted_values(values: str) -> str:
    return " ".join(sorted(re.sub(r"\s*-\s*", "-", values).split()))


def canonical_period(text: str) -> str:
    """The meaning of a period like `hr{8-18} wd{mo-fri}, hr{4-6} wd{sa}`: neither case, blanks nor order matter.

    Always is the same as no period at all. Several periods are joined by commas, several scales in one by nothing.
    A text that is far too long to be a period stands for itself.
    """
    if len(text) > _LONGEST_PERIOD:
        return text
    periods = set()
    for part in text.casefold().strip(" ,").split(","):
        scales = re.findall(r"([a-z]+)\s*\{([^}]*)\}", part)
        rest = re.sub(r"[a-z]+\s*\{[^}]*\}|\s+", "", part)
        words = sorted(f"{name}{{{_sorted_values(values)}}}" for name, values in scales)
        periods.add(" ".join([*words, rest] if rest else words))
    return "" if periods & {"always", ""} else ", ".join(sorted(periods))


def mirrored(spec: Field, neutral: Any) -> Any:
    """The value of a setting that a neutral option sets too (`also`), when that option has this value."""
    return bool(neutral) if spec.kind == "bool" else neutral


def same(spec: Field, one: Any, other: Any, numbers: NumberRules = ANY_COUNTRY) -> bool:
    """Whether two values mean the same."""
    if one.__class__ is other.__class__ and one.__class__ in _SCALARS and one == other:
        return True  # most values of a run without changes
    return bool(canonical(spec, one, numbers) == canonical(spec, other, numbers))


# -- what users write ---------------------------------------------------------------------------------------------
def check_value(spec: Field, value: Any, option: str, problems: Problems) -> Any:
    """What is compared and sent for what users wrote; adds to `problems` why it cannot be used, if so."""
    if is_empty(value):
        if not spec.clearable:
            problems.add(option, "cannot be cleared", "leave it out to keep the present value")
        return "" if spec.kind in _TOKENS else canonical(spec, value)
    meaning = canonical(spec, value)
    complaint = _complaint(spec, value, meaning)
    if complaint:
        problems.add(option, complaint)
    elif spec.kind == "period":
        return re.sub(r"\s*-\s*", "-", str(value)).strip()
    elif spec.kind == "dict":
        return check_settings(spec.nested, value, option, problems)
    elif spec.kind in ("name", "phone", "phone_tokens"):
        return str(value)
    elif spec.kind in _LISTS:
        return [str(word) for word in value] if isinstance(value, list) else [str(value)]
    return meaning


def _complaint(spec: Field, value: Any, meaning: Any) -> str:
    shown = "the value given" if spec.secret else repr(value)
    if spec.kind == "dict":
        return "" if isinstance(value, Mapping) else f"{shown} is not a dictionary"
    if spec.kind in _LISTS:
        words = value if isinstance(value, list) else [value]
        if any(isinstance(word, bool) or not isinstance(word, (str, int)) for word in words):
            return f"{shown} is not a list of words; put numbers in quotes"
        return _complaint_about_text(spec, meaning)
    if isinstance(value, (Mapping, list)):
        return f"{shown} is not a single value"
    if spec.kind == "bool" and not isinstance(meaning, bool):
        return f"{shown} is neither true nor false"
    if spec.kind == "int":
        if not isinstance(meaning, int) or isinstance(value, (bool, float)):
            return f"{shown} is not a whole number"
        if spec.limits and not spec.limits[0] <= meaning <= spec.limits[1]:
            return f"{meaning} is out of range; write {spec.limits[0]} to {spec.limits[1]}"
        return ""
    if spec.kind == "choice" and meaning not in spec.choices:
        return f"{shown} is unknown{nearest(str(value), spec.choices)}; write one of {', '.join(spec.choices)}"
    if spec.kind in ("number", "phone") and (isinstance(value, (bool, float)) or str(value) in ("True", "False")):
        return f"{shown} is not a number; put numbers in quotes"
    if isinstance(value, bool) and spec.kind in ("text", "name"):
        return f"{shown} is not a text; put it in quotes"
    return _complaint_about_text(spec, [str(value)] if isinstance(meaning, str) else meaning)


def _complaint_about_text(spec: Field, words: Any) -> str:
    for word in words if isinstance(words, list) else []:
        if _CONTROL_CHARACTER.search(word):
            return "has a control character or half a character in it; remove it"
        if spec.limits and spec.kind != "int" and not spec.limits[0] <= len(word) <= spec.limits[1]:
            return f"has {len(word)} characters; write {spec.limits[0]} to {spec.limits[1]}"
        bad = sorted({character for character in word if character in spec.forbidden})
        if bad:
            return f"must not contain {' '.join(bad)}"
    return ""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that the user may have meant, or nothing."""
    spellings = {name.casefold(): name for name in known}
    match = difflib.get_close_matches(word.casefold(), spellings, n=1, cutoff=0.6)
    return f" (did you mean {spellings[match[0]]}?)" if match else ""


def check_settings(table: Mapping[str, Field], settings: Mapping[str, Any], option: str, problems: Problems) -> Values:
    """Check a dictionary of settings against its table. What is null is not managed and left out."""
    checked: Values = {}
    for name, value in settings.items():
        place = f"{option}.{name}"
        spec = table.get(str(name))
        if spec is None:
            problems.add(place, f"unknown setting{nearest(str(name), table)}", id="unknown-setting")
        elif spec.instead:
            problems.add(place, "is no setting of its own here", f"write the option {spec.instead} instead")
        elif spec.read_only:
            problems.add(place, "can only be read", "leave it out")
        elif value is not None:
            meaning = check_value(spec, value, place, problems)
            if not (isinstance(value, Mapping) and value and meaning == {}):  # nothing but nulls says nothing
                checked[str(name)] = meaning
    return checked
