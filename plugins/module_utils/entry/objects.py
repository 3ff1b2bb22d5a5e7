# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for one object, and those that show objects of one kind: options in, result out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..backends.contract import Store
from ..engine.options import RunOptions
from ..model.catalog import Resource
from ..model.validate import Declared, check_filters, examine
from ..model.values import Values
from ..rules.quoting import unquoted_in_module
from . import results
from .arguments import only_reads
from .call import Call, Invocation


def answer(invocation: Invocation) -> Values:
    """The result of a module of a resource. A failure is a result too."""
    call = _Info(invocation) if only_reads(invocation.module) else _Object(invocation)
    return call.result()


def declare_one(store: Store, options: Mapping[str, Any], backend: str) -> Declared:
    """The object that a module for one object declares. Raises InvalidOption or Unsupported before any request."""
    store.hide_secrets(options)
    declared, problems = examine(store.resource, options, store.capability, backend)
    problems.raise_if_any()
    store.check(declared)
    return declared


class _Object(Call):
    """Applies the declaration of one object."""

    def carry_out(self) -> Values:
        module = self.invocation.module
        declared = declare_one(self.backend.store(module, self.context()), self.options, self.backend.name)
        found = unquoted_in_module(module, self.invocation.written)
        run = self.run_declared([declared], RunOptions(findings=found, single=True))
        return results.of_one(run, module)


class _Info(Call):
    """Shows objects of one kind."""

    def carry_out(self) -> Values:
        resource: Resource | None = self.resource
        if resource is None:
            raise AssertionError(f"{self.invocation.module} is the module of no resource")
        store = self.backend.store(resource.name, self.context(progress=self.invocation.progress))
        asked = check_filters(resource, self.options, store.capability, self.backend.name)
        store.check_filters(asked)
        return self.with_notes({"changed": False, **store.info(asked)}, store.notes)
