# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task that says everything about one tenant: what differs, whether expectations are met, and how it looks."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.telephony.pbx.plugins.module_utils.advice.number_plans import library_plans
from ansible_collections.telephony.pbx.plugins.module_utils.entry import arguments, connection, run
from ansible_collections.telephony.pbx.plugins.module_utils.errors import PBXError
from ansible_collections.telephony.pbx.plugins.module_utils.model.catalog import tenant_lists
from ansible_collections.telephony.pbx.plugins.module_utils.model.values import nearest
from ansible_collections.telephony.pbx.plugins.module_utils.report import declared as declaration
from ansible_collections.telephony.pbx.plugins.module_utils.report import document, flows
from ansible_collections.telephony.pbx.plugins.module_utils.rules import variables
from ansible_collections.telephony.pbx.plugins.plugin_utils import host_variables
from ansible_collections.telephony.pbx.plugins.plugin_utils.action import PBXActionBase, templated, validator
from ansible_collections.telephony.pbx.plugins.plugin_utils.call_flow import plain

# Ansible loads this file before it forks. What is loaded with it is there in each worker, which would compile the whole
# engine for its one tenant otherwise.
LOADED_BEFORE_FORKING = (run, validator("tenant"), validator("tenant_info"), library_plans())

_IDENTITY = ("backend", "url", "tenant", "group")
_OWN: dict[str, Any] = {
    **arguments.expectation_arguments(),
    "unmanaged": {"type": "str", "choices": list(document.UNMANAGED), "default": document.WARN},
    "pictures": {"type": "bool", "default": True},
    arguments.FROM_VARIABLES: {"type": "bool", "default": False},
}
_VALIDATOR = ArgumentSpecValidator(_OWN)
_REPORT_FORMATS = f"{variables.PREFIX}report_formats"
# What a tenant run takes and an audit does not: it writes nothing, and applies no plan.
_NOT_OF_AN_AUDIT = frozenset(
    {"on_error", "expect_plan", "backup", "journal", "restore_from", "restore_other_tenant", "host", "verify"}
)


class ActionModule(ActionBase):
    """Compares by the module `tenant` in check mode, whatever the mode of the play is, and reads by `tenant_info`."""

    _supports_check_mode = True
    _supports_diff = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        started = time.monotonic()
        known = task_vars or {}
        found = {**result, **self._identity(known), **self._audited(known)}
        found["seconds"] = round(time.monotonic() - started, 3)
        return found

    def _audited(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        args, names, broken = self._arguments(task_vars)
        written = {name: value for name, value in args.items() if name in _OWN}
        tenant = {name: value for name, value in args.items() if name not in _OWN}
        checked = _VALIDATOR.validate(written)
        wrong = [*checked.error_messages, *_unknown_options(tenant)]
        if wrong:
            return _incomplete("tenant_audit: " + "; ".join(wrong))
        options = checked.validated_parameters
        known = [*arguments.from_host(), *connection.connection_arguments(), *_OWN]
        findings, errors = host_variables.findings_of(tenant, names, known, broken)
        if broken or errors:
            return _incomplete("; ".join(broken or errors), findings)
        compared = self._called("tenant", tenant, task_vars)
        compared["findings"] = [*findings, *(compared.get("findings") or [])]
        if compared.get("failed"):
            return document.judged(_incomplete(str(compared.get("msg") or ""), **compared), options["unmanaged"])
        return self._completed(compared, tenant, options, task_vars)

    def _arguments(self, task_vars: dict[str, Any]) -> tuple[dict[str, Any], list[str], list[str]]:
        """(options of the task, with those of the host where it asks for them; then the variables of the host; what is wrong with
        them)."""
        args = dict(self._task.args)
        if not boolean(args.get(arguments.FROM_VARIABLES) or False, strict=False):
            return args, [], []
        options = {*arguments.from_host(), *_OWN} - _NOT_OF_AN_AUDIT - {arguments.FROM_VARIABLES}
        found, broken = host_variables.options_of(self._templar, task_vars, options, args)
        args = {**found, **args}
        args.setdefault("advice", True)
        if "pictures" not in args and _REPORT_FORMATS in task_vars:  # only the HTML report shows them
            args["pictures"] = "html" in templated(self._templar, task_vars[_REPORT_FORMATS])
        return args, host_variables.names_of(task_vars), broken

    def _completed(
        self, compared: dict[str, Any], tenant: dict[str, Any], options: dict[str, Any], task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        """The comparison with expectations, pictures, and the names of what is as declared."""
        declared = {kind: plain(tenant[kind], kind) for kind in tenant_lists() if tenant.get(kind) is not None}
        plan = compared.get("plan") or []
        number = int((compared.get("summary") or {}).get("unchanged") or 0)
        compared["unchanged"] = declaration.unchanged(declared, plan, number)
        setting = self._setting(options, task_vars)
        live = None
        if options["expectations"]:
            live = self._called("tenant_info", _connection_of(tenant), task_vars)
            compared["requests"] = int(compared.get("requests") or 0) + int(live.get("requests") or 0)
            if live.get("failed"):
                return _incomplete(f"expectations: the tenant could not be read: {live.get('msg')}", **compared)
            expectations = plain(options["expectations"], "expectations")
            try:
                compared["expectations"] = flows.tested(
                    expectations, _lists_of(live), declared, tenant.get("purge") or [], setting, datetime.date.today()
                )
            except PBXError as error:
                return _incomplete(" ".join(str(error).split()), **compared)
        judged = document.judged(compared, options["unmanaged"], options["expectations_undecided"])
        if options["pictures"] and plan:
            shown = (declared, None) if live is None else (_lists_of(live), declared)
            judged["pictures"] = flows.pictures(*shown, plan, setting)
        return judged

    def _called(self, module: str, args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The result of another module of this collection, called in check mode: it can send reading requests only."""
        task = self._task.copy(exclude_parent=True)  # the task of a worker has what its block and play say
        task.action = f"telephony.pbx.{module}"
        task.args = args
        task.check_mode = True
        action = PBXActionBase(
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        return dict(action.run(task_vars=task_vars))

    # -- which tenant it is ----------------------------------------------------------------------------------------------
    def _variable(self, name: str, task_vars: dict[str, Any]) -> Any:
        """A connection option, from the task, the variables of the host, or the environment; None where none has it."""
        given = self._task.args.get(name)
        if given in (None, "") and f"pbx_{name}" in task_vars:
            try:
                given = templated(self._templar, task_vars[f"pbx_{name}"])
            except AnsibleError:
                return None  # the comparison fails because of it, and says so
        return os.environ.get(connection.ENVIRONMENT[name]) if given in (None, "") else given

    def _identity(self, task_vars: dict[str, Any]) -> dict[str, str]:
        found = {name: str(self._variable(name, task_vars) or "") for name in _IDENTITY}
        return {**found, "url": without_credentials(found["url"])}

    def _setting(self, options: Mapping[str, Any], task_vars: dict[str, Any]) -> flows.Setting:
        return flows.Setting(
            str(self._variable("backend", task_vars) or ""),
            options["call_zone"] or "",
            plain(options["call_assumptions"], "call_assumptions"),
            str(self._variable("country_code", task_vars) or ""),
        )


def without_credentials(url: str) -> str:
    """An address that may be shown: a password or a token that somebody wrote into it is left out."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
    return f"{parts.scheme}://{host}{port}{parts.path}" if host else ""


def _incomplete(message: str, /, findings: Sequence[Any] = (), **found: Any) -> dict[str, Any]:
    empty = {"changed": False, "plan": [], "unmanaged": [], "requests": 0}
    kept = {**empty, **found, "findings": list(findings) or found.get("findings") or []}
    return {**kept, "failed": True, "verdict": document.INCOMPLETE, "msg": message}


def _unknown_options(tenant: Mapping[str, Any]) -> list[str]:
    known = {*arguments.from_host(), *connection.connection_arguments(), "license"}
    known -= _NOT_OF_AN_AUDIT
    unknown = sorted(str(name) for name in tenant if name not in known)
    return [f"Unsupported parameters: {name}{nearest(name, [*known, *_OWN])}" for name in unknown]


def _connection_of(tenant: Mapping[str, Any]) -> dict[str, Any]:
    names = {*connection.connection_arguments(), "license"}
    return {name: value for name, value in tenant.items() if name in names}


def _lists_of(live: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: live[kind] for kind in tenant_lists() if kind in live}
