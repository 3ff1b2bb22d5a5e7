# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of this collection. Made by `python3 dev.py generate` from galaxy.yml; do not edit."""

from __future__ import annotations

VERSION = "1.0.0"
