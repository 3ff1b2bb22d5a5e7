# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects of AWX 24.6.1 that the role creates: fields with their defaults, filters and relations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One list of the API. Fields with the value of REQUIRED have no default."""

    type: str
    fields: Values
    unique: tuple[str, ...] = ("name", "organization")
    relations: Mapping[str, str] = field(default_factory=dict)  # name of a list of an object -> kind of what is in it
    foreign: frozenset[str] = frozenset()  # fields that hold the id of another object
    description: bool = True
    named: bool = True


REQUIRED = object()
_NOTIFIED = {f"notification_templates_{event}": "notification_templates" for event in ("started", "success", "error")}
_PROMPTS: Values = {
    "extra_data": {}, "inventory": None, "scm_branch": None, "job_type": None, "job_tags": None, "skip_tags": None,
    "limit": None, "diff_mode": None, "verbosity": None, "execution_environment": None, "forks": None,
    "job_slice_count": None, "timeout": None,
}  # fmt: skip
_ASKED = "scm_branch diff_mode variables limit tags skip_tags job_type verbosity inventory credential".split()

KINDS: dict[str, Kind] = {
    "organizations": Kind(
        "organization",
        {"max_hosts": 0, "default_environment": None, "custom_virtualenv": None},
        ("name",),
        {**_NOTIFIED, "notification_templates_approvals": "notification_templates"},
    ),
    "labels": Kind("label", {"organization": REQUIRED}, foreign=frozenset({"organization"}), description=False),
    "credential_types": Kind(
        "credential_type",
        {"kind": REQUIRED, "namespace": None, "managed": False, "inputs": {}, "injectors": {}},
        ("name", "kind"),
    ),
    "execution_environments": Kind(
        "execution_environment",
        {"organization": None, "image": REQUIRED, "managed": False, "credential": None, "pull": ""},
        ("name",),
        foreign=frozenset({"organization", "credential"}),
    ),
    "credentials": Kind(
        "credential",
        {"organization": None, "credential_type": REQUIRED, "managed": False, "inputs": {}},
        ("name", "organization", "credential_type"),
        foreign=frozenset({"organization", "credential_type"}),
    ),
    "notification_templates": Kind(
        "notification_template",
        {"organization": REQUIRED, "notification_type": REQUIRED, "notification_configuration": {}, "messages": None},
        foreign=frozenset({"organization"}),
    ),
    "projects": Kind(
        "project",
        {
            "organization": None, "scm_type": "", "scm_url": "", "scm_branch": "", "scm_refspec": "", "scm_clean": False,
            "scm_track_submodules": False, "scm_delete_on_update": False, "credential": None, "timeout": 0,
            "scm_revision": "", "scm_update_on_launch": False, "scm_update_cache_timeout": 0, "allow_override": False,
            "custom_virtualenv": None, "default_environment": None, "signature_validation_credential": None,
            "local_path": "", "status": "never updated",
        },
        relations=_NOTIFIED,
        foreign=frozenset({"organization", "credential", "default_environment"}),
    ),
    "inventories": Kind(
        "inventory",
        {
            "organization": REQUIRED, "kind": "", "host_filter": None, "variables": "",
            "prevent_instance_group_fallback": False,
        },
        relations={"input_inventories": "inventories", "instance_groups": "instance_groups"},
        foreign=frozenset({"organization"}),
    ),
    "inventory_sources": Kind(
        "inventory_source",
        {
            "source": "", "source_path": "", "source_vars": "", "scm_branch": "", "credential": None, "enabled_var": "",
            "enabled_value": "", "host_filter": "", "overwrite": False, "overwrite_vars": False, "custom_virtualenv": None,
            "timeout": 0, "verbosity": 1, "limit": "", "execution_environment": None, "inventory": REQUIRED,
            "update_on_launch": False, "update_cache_timeout": 0, "source_project": None,
        },
        ("name", "inventory"),
        _NOTIFIED,
        frozenset({"inventory", "source_project", "credential", "execution_environment"}),
    ),
    "job_templates": Kind(
        "job_template",
        {
            "job_type": "run", "inventory": None, "project": None, "playbook": "", "scm_branch": "", "forks": 0, "limit": "",
            "verbosity": 0, "extra_vars": "", "job_tags": "", "force_handlers": False, "skip_tags": "",
            "start_at_task": "", "timeout": 0, "use_fact_cache": False, "organization": None,
            "execution_environment": None, "host_config_key": "", "survey_enabled": False, "become_enabled": False,
            "diff_mode": False, "allow_simultaneous": False, "custom_virtualenv": None, "job_slice_count": 1,
            "webhook_service": "", "webhook_credential": None, "prevent_instance_group_fallback": False,
            **{f"ask_{name}_on_launch": False for name in _ASKED},
        },
        relations={**_NOTIFIED, "credentials": "credentials", "labels": "labels", "instance_groups": "instance_groups"},
        foreign=frozenset({"inventory", "project", "organization", "execution_environment", "webhook_credential"}),
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        {
            "extra_vars": "", "organization": None, "survey_enabled": False, "allow_simultaneous": False,
            "inventory": None, "limit": None, "scm_branch": None, "webhook_service": "", "webhook_credential": None,
            "job_tags": None, "skip_tags": None, **{f"ask_{name}_on_launch": False for name in _ASKED},
        },
        relations={**_NOTIFIED, "notification_templates_approvals": "notification_templates", "labels": "labels"},
        foreign=frozenset({"organization", "inventory", "webhook_credential"}),
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        {
            **_PROMPTS, "workflow_job_template": REQUIRED, "unified_job_template": None,
            "all_parents_must_converge": False, "identifier": REQUIRED,
        },
        ("identifier", "workflow_job_template"),
        {
            **{f"{way}_nodes": "workflow_job_template_nodes" for way in ("success", "failure", "always")},
            "credentials": "credentials",
            "labels": "labels",
        },
        frozenset({"workflow_job_template", "unified_job_template", "inventory", "execution_environment"}),
        description=False,
        named=False,
    ),
    # No list of its own, and no list of nodes: /api/v2/workflow_approval_templates/ID/ is all there is.
    "workflow_approval_templates": Kind("workflow_approval_template", {"timeout": 0}, ("id",)),
    "schedules": Kind(
        "schedule",
        {**_PROMPTS, "rrule": REQUIRED, "enabled": True, "unified_job_template": REQUIRED},
        ("name", "unified_job_template"),
        {"credentials": "credentials", "labels": "labels", "instance_groups": "instance_groups"},
        frozenset({"unified_job_template", "inventory", "execution_environment"}),
    ),
}  # fmt: skip
# What a workflow node and a schedule can name; the lists share their ids.
UNIFIED = ("projects", "inventory_sources", "job_templates", "workflow_job_templates", "workflow_approval_templates")
# Type of notification -> its settings: what the value has to be, whether it is a secret, and the default.
NOTIFICATIONS: dict[str, dict[str, tuple[type, bool, Any]]] = {
    "webhook": {
        "url": (str, False, REQUIRED),
        "http_method": (str, False, "POST"),
        "disable_ssl_verification": (bool, False, False),
        "username": (str, False, ""),
        "password": (str, True, ""),
        "headers": (dict, False, REQUIRED),
    },
    "slack": {"token": (str, True, REQUIRED), "channels": (list, False, REQUIRED)},
    "email": {
        "host": (str, False, REQUIRED),
        "port": (int, False, REQUIRED),
        "username": (str, False, REQUIRED),
        "password": (str, True, REQUIRED),
        "use_tls": (bool, False, REQUIRED),
        "use_ssl": (bool, False, REQUIRED),
        "sender": (str, False, REQUIRED),
        "recipients": (list, False, REQUIRED),
        "timeout": (int, False, 30),
    },
}
