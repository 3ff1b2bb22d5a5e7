# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole argument spec of each module: its own options and those of the connection."""

from __future__ import annotations

from ..backends.registry import BACKENDS
from ..model.values import Values
from .arguments import TENANT_VALIDATE, narrowed_choices, own_arguments, resource_of
from .connection import connection_arguments


def specification(module: str, backend: str = "") -> Values:
    """The whole argument spec of a module of this collection; with a backend, with the choices that it has."""
    own = own_arguments(module)
    resource = resource_of(module)
    if backend in BACKENDS and resource and resource.name in BACKENDS[backend].stores:
        own = {**own, **narrowed_choices(own, BACKENDS[backend].stores[resource.name].capability)}
    return own if module == TENANT_VALIDATE else {**connection_arguments(), **own}
