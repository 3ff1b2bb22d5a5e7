# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which format ServiceStack answers in, and how a response DTO looks in each (vendor note 2.2, 2.4 and 2.6)."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request

from .portaswitch_dto import Operation

FORMATS = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml",
    "jsv": "text/jsv",
    "csv": "text/csv",
    "html": "text/html; charset=utf-8",
}
STYLES = {
    "text/html": "html",
    "application/json": "json",
    "application/xml": "xml",
    "application/jsv": "jsv",
    "text/jsv": "jsv",
    "text/csv": "csv",
}
PREFERRED = ("html", "json", "xml", "jsv")  # whatever order the client accepts them in
JSON_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")


def negotiate(suffix: str, first: str, default: str) -> str:
    """?format, then the suffix or the first path part, then Accept; of several the request's own type, then HTML."""
    asked = request.args.get("format", "").lower() or suffix or first
    if asked in FORMATS:
        return asked
    own = STYLES.get(request.headers.get("Content-Type", "").partition(";")[0].strip(), "")
    types = [part.partition(";")[0].strip() for part in request.headers.get("Accept", "").split(",")]
    accepted = {STYLES[part] for part in types if part in STYLES}
    for style in (own, *PREFERRED):
        if style in accepted:
            return style
    if "*/*" in types and own:
        return own
    return "csv" if "csv" in accepted else default


def shaped(operation: Operation, values: dict[str, Any]) -> dict[str, Any]:
    """The response DTO in the order of its page, nulls left out."""
    return without_nulls({name: values.get(name, default) for name, default in operation.response.items()})


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def write(body: dict[str, Any], style: str, status: str, name: str) -> Response:
    callback = request.args.get("callback")
    if callback:
        return Response(f"{callback}({to_json(body)})", status=status, content_type="text/javascript")
    writers = {"json": to_json, "jsv": to_jsv, "csv": to_csv, "html": to_html, "xml": lambda data: to_xml(name, data)}
    response = Response(writers[style](body), status=status, content_type=FORMATS[style])
    if style == "csv":
        response.headers["Content-Disposition"] = f"attachment;filename={name}.csv"
    return response


def to_json(body: Any) -> str:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'"/(Date\([^)]*\))/"', r'"\\/\1\\/"', text)


def to_jsv(value: Any) -> str:
    """ServiceStack's JSON without quotes, with ISO dates."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{to_jsv(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(to_jsv(item) for item in value) + "]"
    if isinstance(value, str):
        text = iso_date(value)
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",{}\[\]]', text) else text
    return str(value)


def iso_date(text: str) -> str:
    date = JSON_DATE.match(text)
    if not date:
        return text
    moment = datetime(1970, 1, 1) + timedelta(milliseconds=int(date.group(1)))
    return moment.isoformat() if moment.time() != datetime.min.time() else moment.strftime("%Y-%m-%d").zfill(10)


def to_csv(body: dict[str, Any]) -> str:
    """One row; a nested list becomes one JSV cell, as the CSV pages show."""
    out = io.StringIO()
    cells = [item if isinstance(item, str) else to_jsv(item) for item in body.values()]
    csv.writer(out).writerows([list(body), cells])
    return out.getvalue()


def to_html(body: dict[str, Any]) -> str:
    snapshot = html.escape(to_json(body))
    return f"<!DOCTYPE html><html><head><title>Snapshot</title></head><body><pre>{snapshot}</pre></body></html>"


def to_xml(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = "".join(to_xml(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(to_xml("item", item) for item in value)
    else:
        inner = str(value).lower() if isinstance(value, bool) else html.escape(str(value))
    return f"<{name}>{inner}</{name}>"
