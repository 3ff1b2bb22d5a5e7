# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python docs/generate_schema.py`: writes the JSON Schemas, from the field tables that the modules check by.

tenant.schema.json is for what the tenant module takes, and for its backups and journals. host_vars.schema.json is for
the variables of a tenant, with their prefix: there every value may be a template, and other variables are none of ours.
Runs where the collection can be imported, as in the environment that `dev.py` makes.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.entry import run
from ansible_collections.telephony.pbx.plugins.module_utils.entry.connection import connection_arguments
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import KINDS, Resource, known_options
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import Field

HERE = Path(__file__).resolve().parent
PLUGINS = "ansible_collections.telephony.pbx.plugins"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEMPLATE = {"type": "string", "pattern": r"\{[{%]"}
TRUTHS = "true false yes no on off y n Y N 1 0".split()
SIMPLE = {
    "str": {"type": ["string", "integer"]},
    "path": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number", "minimum": 0},
    "bool": {"type": "boolean"},
    "dict": {"type": "object"},
}
ROLES = ("tenant", "export", "restore")
AUDIT = {"type": "bool", "description": "Whether the playbook telephony.pbx.audit fails when something differs."}
Schema = dict[str, Any]


def main() -> None:
    for name, text in generated().items():
        path = HERE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")


def generated() -> dict[str, str]:
    """File name -> content."""
    schemas = {"tenant.schema.json": tenant_schema(), "host_vars.schema.json": host_vars_schema()}
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def tenant_schema() -> Schema:
    """What the tenant module takes, without the connection."""
    maker = Maker(templates=False)
    return {
        "$schema": DIALECT,
        "title": "A tenant, as the module telephony.pbx.tenant takes it",
        **maker.object(maker.tenant_options()),
        "$defs": maker.definitions(),
    }


def host_vars_schema() -> Schema:
    """The variables of a tenant: nothing that begins with pbx_ but what the roles know."""
    maker = Maker(templates=True)
    variables = {**maker.tenant_options(), **maker.connection_options()}
    known = {f"pbx_{name}": schema for name, schema in variables.items()}
    known["pbx_audit_fails"] = maker.argument(AUDIT, AUDIT["description"])
    for role in ROLES:
        for name, option in role_options(role).items():
            known.setdefault(name, maker.argument(option, option["description"]))
    of_export = "^pbx_(extension|hunt_group|follow_me)_[0-9A-Za-z_]+$"
    return {
        "$schema": DIALECT,
        "title": "The variables of a tenant for the roles of telephony.pbx",
        "type": ["object", "null"],
        "properties": known,
        "patternProperties": {"^(?!pbx_)": True, of_export: {"type": "object"}},
        "additionalProperties": False,
        "$defs": maker.definitions(),
    }


class Maker:
    """Makes schemas out of field tables. templates: whether a template may stand in for any value."""

    def __init__(self, templates: bool) -> None:
        self.templates = templates

    def or_else(self, schema: Schema) -> Schema:
        """The same, or null (which means: not managed), or a template where those are possible."""
        if "enum" in schema:
            schema = {"enum": [*schema["enum"], None]}
        else:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            schema = {**schema, "type": [*kinds, "null"]}
        any_text = "string" in schema.get("type", ()) and not {"pattern", "maxLength"} & set(schema)
        return {"anyOf": [schema, TEMPLATE]} if self.templates and not any_text else schema

    def object(self, properties: Mapping[str, Schema], **more: Any) -> Schema:
        return {"type": "object", "properties": dict(properties), "additionalProperties": False, **more}

    # -- the top ---------------------------------------------------------------------------------------------------
    def tenant_options(self) -> dict[str, Schema]:
        texts = documentation("tenant")
        options = {}
        for name, argument in run.arguments("tenant").items():
            if name in KINDS:
                item = {"$ref": f"#/$defs/{KINDS[name].name}"}
                schema = self.or_else({"type": "array", "items": item})
                options[name] = {"description": description(texts[name]), **schema}
            elif name not in connection_arguments():
                options[name] = self.argument(argument, texts[name]["description"])
        return options

    def connection_options(self) -> dict[str, Schema]:
        texts = documentation("tenant_info")
        return {name: self.argument(spec, texts[name]["description"]) for name, spec in connection_arguments().items()}

    def argument(self, spec: Mapping[str, Any], text: Any) -> Schema:
        """An Ansible argument spec as a schema."""
        element = {"enum": list(spec["choices"])} if spec.get("choices") else SIMPLE.get(spec["type"], {})
        if spec["type"] == "list":
            inner = {"enum": list(spec["choices"])} if spec.get("choices") else SIMPLE[spec["elements"]]
            element = {"type": "array", "items": inner}
        return {"description": description({"description": text}), **self.or_else(element)}

    # -- objects -----------------------------------------------------------------------------------------------------
    def definitions(self) -> dict[str, Schema]:
        return {resource.name: self.resource(resource) for resource in KINDS.values()}

    def resource(self, resource: Resource) -> Schema:
        texts = documentation(resource.name)
        known = known_options(resource)
        fields = {**resource.fields, **resource.steering}
        properties = {name: self.field(spec, texts.get(name)) for name, spec in fields.items() if name in known}
        items = resource.items
        if items:
            below = texts[items.option].get("suboptions", {})
            inner = {name: self.field(spec, below.get(name)) for name, spec in items.fields.items()}
            needed = [name for name, spec in items.fields.items() if spec.required]
            one = self.object(inner, **({"required": needed} if needed else {}))
            one = self.or_else(one) if self.templates else one
            listed = self.or_else({"type": "array", "items": one})
            properties[items.option] = {"description": description(texts[items.option]), **listed}
        for name in ("membership", "state"):
            if name in known:
                choices = {"enum": texts[name]["choices"]}
                properties[name] = {"description": description(texts[name]), **self.or_else(choices)}
        if resource.has_settings:
            settings = self.or_else(self.object(self.settings(resource)))
            properties["settings"] = {"description": description(texts["settings"]), **settings}
        needs = [{"required": [key]} for key in resource.keys]
        whole = self.object(properties, **({"anyOf": needs} if len(needs) > 1 else needs[0]))
        return {"anyOf": [whole, TEMPLATE]} if self.templates else whole

    def settings(self, resource: Resource) -> dict[str, Schema]:
        """The settings of all backends; one that several have may be as any of them wants it."""
        found: dict[str, list[tuple[str, Schema]]] = {}
        for backend, kind in BACKENDS.items():
            store = kind.stores.get(resource.name)
            for name, spec in (store.capability.settings if store else {}).items():
                if not spec.instead and not spec.read_only:
                    found.setdefault(name, []).append((backend, self.field(spec, None)))
        merged = {}
        for name, variants in sorted(found.items()):
            schemas = [schema for _backend, schema in variants]
            of = " or ".join(backend for backend, _schema in variants)
            same = all(schema == schemas[0] for schema in schemas)
            merged[name] = {"description": f"A setting of {of}.", **(schemas[0] if same else {"anyOf": schemas})}
        return merged

    def field(self, spec: Field, text: Mapping[str, Any] | None) -> Schema:
        schema = self.or_else(self.value(spec))
        return {"description": description(text), **schema} if text else schema

    def value(self, spec: Field) -> Schema:
        """What one value may be, in the spellings that the modules understand."""
        if spec.kind == "dict":
            parts = {name: self.field(part, None) for name, part in spec.nested.items() if not part.read_only}
            return self.object({name: part for name, part in parts.items() if not spec.nested[name].instead})
        if spec.kind in ("names", "tokens"):
            return {"type": ["array", "string"], "items": {"type": ["string", "integer"]}}
        if spec.kind == "bool":
            return {"enum": [True, False, *TRUTHS, *empty(spec)]}
        if spec.kind == "choice":
            truths = [truth for truth in (True, False) if str(truth).lower() in spec.aliases]
            return {"enum": [*spec.choices, *truths, *spec.aliases, *empty(spec)]}
        if spec.kind == "int":
            limits = {"minimum": spec.limits[0], "maximum": spec.limits[1]} if spec.limits else {}
            digits = r"^(-?[0-9]{1,12})?$" if spec.clearable else r"^-?[0-9]{1,12}$"
            return {"type": ["integer", "string"], **limits, "pattern": digits}
        longest = {"maxLength": spec.limits[1]} if spec.limits else {}
        shortest = {} if spec.clearable else {"minLength": 1}
        return {"type": ["string", "integer"], **shortest, **longest}


def empty(spec: Field) -> list[str]:
    return [""] if spec.clearable else []


# -- texts -----------------------------------------------------------------------------------------------------------
def documentation(module: str) -> dict[str, Any]:
    """The documented options of a module, with those of its fragments."""
    shown = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{module}").DOCUMENTATION)
    options: dict[str, Any] = {}
    for fragment in shown["extends_documentation_fragment"]:
        name, _dot, part = fragment.removeprefix("telephony.pbx.").partition(".")
        found = importlib.import_module(f"{PLUGINS}.doc_fragments.{name}").ModuleDocFragment
        options.update(yaml.safe_load(getattr(found, part.upper() or "DOCUMENTATION"))["options"])
    return {**options, **shown.get("options", {})}


def role_options(role: str) -> dict[str, Any]:
    path = HERE.parent / "roles" / role / "meta" / "argument_specs.yml"
    specs = yaml.safe_load(path.read_text(encoding="utf-8"))
    options: dict[str, Any] = specs["argument_specs"]["main"]["options"]
    return options


def description(option: Mapping[str, Any] | None) -> str:
    """The text of a documented option without Ansible's markup."""
    texts = (option or {}).get("description", "")
    text = texts if isinstance(texts, str) else " ".join(texts)
    text = re.sub(r"\bRV\(ignore:(\w+)\)", r"\1", text)
    return re.sub(r"\b(?:[OVCEMI])\(([^)]*)\)", r"\1", text)


if __name__ == "__main__":
    main()
