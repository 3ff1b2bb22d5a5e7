# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/*.schema.json: JSON Schemas for editors, from the catalogue and the settings tables.

tenant.schema.json is for what the tenant module takes. host_vars.schema.json is for the variables of a tenant, with their
prefix: every value there may be a template, and variables without the prefix are not looked at. A template is told apart
by `if`/`else`, not by `anyOf`, so that a mistake inside an object is reported at its own place. Where a file has pbx_backend,
what that backend cannot express is refused as well (`vendor_schema`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.telephony.pbx.plugins.module_utils.backends.registry import BACKENDS
from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import Resource, tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.model.validate import known_options

from . import advice, options, roles, vendor_schema
from .places import DOCS, EXAMPLE
from .plain import plain
from .values_schema import Schema, closed, field_schema, merged, or_null, or_template, spec_schema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VAULT = (
    'This is a secret. Refer to a variable of an encrypted file, such as "{{ vault_pbx_password }}", or write the output of'
    " `ansible-vault encrypt_string`, which begins with !vault. For an editor that does not know that tag, add"
    " `!vault scalar` to its custom tags (yaml.customTags)."
)
_EXPORTED = "^pbx_({})_[0-9A-Za-z_]+$"  # what the role export writes with one file for each object


def files() -> dict[Path, str]:
    host_vars = host_vars_schema()
    # The example has a copy of its own, so that a copy of the example still finds it.
    made = {
        DOCS / "tenant.schema.json": tenant_schema(),
        DOCS / "host_vars.schema.json": host_vars,
        EXAMPLE / "host_vars.schema.json": host_vars,
    }
    return {path: json.dumps(one, indent=1, ensure_ascii=False) + "\n" for path, one in made.items()}


def tenant_schema() -> Schema:
    """What the tenant module takes, without the connection."""
    maker = _Maker(templates=False)
    return {
        "$schema": _DIALECT,
        "title": "A tenant, as the module telephony.pbx.tenant takes it",
        **closed(maker.tenant_options()),
        "$defs": maker.definitions(),
    }


def host_vars_schema() -> Schema:
    """The variables of a tenant: nothing that begins with pbx_ except what the roles know."""
    maker = _Maker(templates=True)
    described_by_roles = ("verify", arguments.FROM_VARIABLES)
    variables = {f"pbx_{name}": one for name, one in maker.tenant_options().items() if name not in described_by_roles}
    for role in roles.described():
        for name, entry in roles.variables(role).items():
            if name.startswith("pbx_"):
                text = [*entry["description"], *([_VAULT] if entry.get("no_log") else [])]
                variables.setdefault(name, maker.argument(entry, text))
    variables.update({name: {} for name in sorted(roles.read_variables() - set(variables))})  # no role describes them
    kinds = "|".join(resource.name for resource in tenant_lists().values())
    return {
        "$schema": _DIALECT,
        "title": "The variables of a tenant for the roles of telephony.pbx",
        "type": ["object", "null"],
        "allOf": [vendor_schema.block(name, maker.free) for name in BACKENDS],  # first: their messages say more
        "properties": variables,
        "patternProperties": {"^(?!pbx_)": True, _EXPORTED.format(kinds): {"type": "object"}},
        "additionalProperties": False,
        "$defs": maker.definitions(),
    }


class _Maker:
    """Makes the schemas of objects. templates: whether a template may stand in for any value."""

    def __init__(self, templates: bool) -> None:
        self.templates = templates

    def free(self, schema: Schema) -> Schema:
        """The same, or null (not managed), or a template where those are possible."""
        return or_template(or_null(schema)) if self.templates else or_null(schema)

    def tenant_options(self) -> dict[str, Schema]:
        lists = tenant_lists()
        found: dict[str, Schema] = {}
        for name, entry in options.of_module(arguments.TENANT).items():
            if name in lists:
                item = {"$ref": f"#/$defs/{lists[name].name}"}
                schema = self.free({"type": "array", "items": item})
                found[name] = {"description": plain(entry["description"]), **schema}
            else:
                found[name] = self.described(name, entry, entry["description"])
        return found

    def argument(self, spec: Mapping[str, Any], text: Sequence[str]) -> Schema:
        """An Ansible argument spec as a schema."""
        return {"description": plain(text), **self.free(spec_schema(spec))}

    def described(self, name: str, spec: Mapping[str, Any], text: Sequence[str]) -> Schema:
        """An option of the module. What a spec cannot tell of the options of the advice is known elsewhere."""
        known = advice.schemas(self.free).get(name)
        return {"description": plain(text), **self.free(known)} if known else self.argument(spec, text)

    def definitions(self) -> dict[str, Schema]:
        return {resource.name: self.resource(resource) for resource in tenant_lists().values()}

    def resource(self, resource: Resource) -> Schema:
        """One object of a tenant."""
        documented = options.of_module(resource.name)
        known = known_options(resource)
        fields = {**resource.fields, **resource.directives}
        properties: dict[str, Schema] = {}
        for name, entry in documented.items():
            if name not in known:
                continue
            if name in fields:
                spec = fields[name]
                if name == resource.key and spec.limits:  # a record number, which may be written as a number
                    spec = replace(spec, kind="text")
                schema = self.free(field_schema(spec, self.free))
            elif resource.items and name == resource.items.option:
                schema = self.items(resource, entry)
            elif name == "settings":
                schema = self.free(closed(self.settings(resource)))
            else:
                schema = self.free({"enum": list(entry["choices"])})
            properties[name] = {"description": plain(entry["description"]), **schema}
        first, *others = resource.keys
        needed: Schema = {"required": [first]}
        if others:  # not anyOf, whose message would name neither of them
            without = {"not": {"anyOf": [{"required": [key]} for key in others]}}
            needed = {"if": without, "then": {**needed, "errorMessage": f"write {' or '.join(resource.keys)}"}}
        whole = closed(properties, **needed)
        return or_template(whole) if self.templates else whole

    def items(self, resource: Resource, entry: Mapping[str, Any]) -> Schema:
        assert resource.items is not None
        below = entry["suboptions"]
        inner = {
            name: {"description": plain(below[name]["description"]), **self.free(field_schema(spec, self.free))}
            for name, spec in resource.items.fields.items()
        }
        needed = [name for name, spec in resource.items.fields.items() if spec.required]
        one = closed(inner, **({"required": needed} if needed else {}))
        return self.free({"type": "array", "items": or_template(one) if self.templates else one})

    def settings(self, resource: Resource) -> dict[str, Schema]:
        """The settings of all backends; one that several have may be as any of them wants it."""
        found: dict[str, list[tuple[str, Schema]]] = {}
        for backend, vendor in BACKENDS.items():
            store = vendor.stores.get(resource.name)
            for name, spec in (store.capability.settings if store else {}).items():
                if not spec.instead and not spec.read_only:
                    found.setdefault(name, []).append((backend, self.free(field_schema(spec, self.free))))
        taken: dict[str, Schema] = {}
        for name, variants in sorted(found.items()):
            of = " or ".join(backend for backend, _schema in variants)
            taken[name] = {"description": f"A setting of {of}.", **merged([schema for _backend, schema in variants])}
        return taken
