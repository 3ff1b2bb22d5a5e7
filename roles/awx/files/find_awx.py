# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints whether Ansible finds the modules of awx.awx. A task with a missing module would end the whole play unread."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader, module_loader

init_plugin_loader()
print("found" if module_loader.find_plugin_with_context("awx.awx.job_template").resolved else "missing")
