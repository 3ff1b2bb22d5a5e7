# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be right, whatever the server holds: backend and module, what is declared beside the key, words of the message."""

from __future__ import annotations

from typing import Any

from ansible_collections.telephony.pbx.tests.contract.cases import USER, USER1, USER2, Values
from ansible_collections.telephony.pbx.tests.contract.lives import BY_HASH, BY_PASSWORD

Rows = list[tuple[Values, tuple[str, ...]]]


def rings(**destination: Any) -> Values:
    """A Sequential Ring with one location."""
    return {"destinations": [{"number": "4001", **destination}]}


def rows_of(*destinations: Values) -> Values:
    return {"destinations": list(destinations)}


def numbers(*written: str) -> Values:
    return {"destinations": [{"number": number} for number in written]}


def shares(*rows: Values) -> Values:
    return {"weights": list(rows)}


U1, U2 = {"extension": USER1, "weight": 50}, {"extension": USER2, "weight": 50}
REFUSALS: dict[str, Rows] = {
    "portaswitch-extension": [
        ({"id": None, "name": "x"}, ("id",)),
        ({"id": "1/2", "name": "x"}, ("id",)),
        ({"name": ""}, ("name",)),
        ({"name": "<a>"}, ("name", "attack")),
        ({"account": 0}, ("account",)),
        ({"account": "abc"}, ("account",)),
        ({"name": "a\nb"}, ("name",)),
        ({"settings": {"Name": "x"}}, ("settings.Name",)),
    ],
    "vodia-extension": [
        ({"id": None, "name": "x"}, ("id", "missing")),
        ({"id": "1/2"}, ("id", "1/2")),
        ({"id": "x" * 65}, ("id",)),
        ({"name": ""}, ("name", "cannot be cleared")),
        ({"name": "   "}, ("name",)),
        ({"name": "a\nb"}, ("name", "control character")),
        ({"account": 700001}, ("account", "vodia", "an extension is its own account here")),
        ({"settings": {"first_nam": "x"}}, ("settings.first_nam", "did you mean first_name?")),
        ({"settings": {"Email": "x"}}, ("settings.Email", "unknown setting")),
        ({"settings": {"sip_pass": "x"}}, ("settings.sip_pass", "unknown setting")),
        ({"settings": {"mb_enable": "perhaps"}}, ("settings.mb_enable", "neither true nor false")),
        ({"settings": {"max_cdrs": "many"}}, ("settings.max_cdrs", "not a whole number")),
        ({"settings": {"max_cdrs": -1}}, ("settings.max_cdrs", "out of range")),
        ({"settings": {"alias": [True]}}, ("settings.alias", "quotes")),
        ({"settings": {"ani": {"a": 1}}}, ("settings.ani", "not a single value")),
        (
            {"settings": {"alias": ["44 4"]}},
            ("settings.alias", "'44 4' has characters that cannot be part of a number"),
        ),
        ({"settings": {"alias": ["8001", "8001"]}}, ("settings.alias", "a number is listed twice")),
        *(
            ({"settings": {key: "443"}}, (f"settings.{key}", "follow_me (its option forwarding) instead"))
            for key in ("cfa", "cfb", "cfn", "cfn_timeout", "cfr")
        ),
    ],
    "portaswitch-follow_me": [
        (rows_of({"timeout": 5}), ("number",)),
        (rows_of({"name": "Mobile"}, {"name": "Mobile"}), ("twice",)),
        (numbers("1", "1"), ("twice",)),
        (rows_of({"name": "x" * 129, "number": "1"}), ("name",)),
        (rows_of({"name": "", "number": "1"}), ("name",)),
        (rows_of({"name": "x", "number": ""}), ("number",)),
        (rows_of({"name": "a\nb", "number": "1"}), ("name",)),
        (rows_of({"number": "1", "timeout": -1}), ("timeout",)),
        (rows_of({"number": "1", "timeout": 3601}), ("timeout",)),
        (rows_of({"number": "1", "keep_original_cli": "Y"}), ("keep_original_cli",)),
        (rows_of({"number": "1", "weight": 5}), ("weight",)),
        (rows_of({"number": "1", "domain": "x" * 256}), ("domain",)),
    ],
    "vodia-follow_me": [
        (numbers("1"), ("destinations", "vodia", "write forwarding, which says where calls go")),
        (numbers(), ("destinations", "vodia", "write forwarding")),
        ({"settings": {"cfa": "1"}}, ("settings.cfa", "unknown setting")),
        ({"settings": {"ringBaseLocationFirst": True}}, ("settings.ringBaseLocationFirst", "unknown setting")),
        ({"forwarding": {"alway": "1"}}, ("forwarding.alway", "did you mean always?")),
        ({"forwarding": {"cfa": "1"}}, ("forwarding.cfa", "unknown setting")),
        ({"forwarding": "440"}, ("forwarding", "not a dictionary")),
        ({"forwarding": {}}, ("forwarding", "cannot be cleared")),
        ({"forwarding": {"always": True}}, ("forwarding.always", "quotes")),
        ({"forwarding": {"always": ["440"]}}, ("forwarding.always", "single value")),
        ({"forwarding": {"always": "4\n40"}}, ("forwarding.always", "control character")),
        ({"forwarding": {"busy": "1" * 162}}, ("forwarding.busy", "162 characters")),
        ({"forwarding": {"no_answer_after": 0}}, ("forwarding.no_answer_after", "1 to 3600")),
        ({"forwarding": {"no_answer_after": 3601}}, ("forwarding.no_answer_after", "1 to 3600")),
        ({"forwarding": {"no_answer_after": "soon"}}, ("forwarding.no_answer_after", "whole number")),
        ({"account": ""}, ("account",)),
        ({"account": "4" * 65}, ("account", "65 characters")),
        (
            {"destinations": [], "settings": {"x": 1}, "forwarding": {"always": True, "no_answer_after": 0}},
            ("destinations", "settings.x", "always", "no_answer_after"),
        ),
    ],
    "apio-follow_me": [
        (numbers(*"456789"), ("there are 6", "5 locations")),
        (rings(rings=1), ("destinations[0].rings", "write 0, or 2 to 20")),
        (rings(rings="1"), ("destinations[0].rings", "write 0, or 2 to 20")),
        (rings(rings=21), ("destinations[0].rings", "0 to 20")),
        (rings(rings=-1), ("destinations[0].rings", "0 to 20")),
        (rings(rings=""), ("destinations[0].rings", "cannot be cleared")),
        (rings(answer_confirmation="perhaps"), ("answer_confirmation", "neither true nor false")),
        (rings(number="sip:4001@x.example"), ("destinations[0].number", "user@domain without sip:")),
        (rings(number="SIPS:4001@x.example"), ("destinations[0].number", "user@domain without sip:")),
        (rings(number=""), ("destinations[0]", "number")),
        (rows_of({"rings": 5}), ("destinations[0]", "number", "is missing")),
        (numbers("4001", "4001"), ("4001 is listed twice",)),
        (rings(timeout=20), ("destinations[0].timeout", "apio", "write how often it rings as rings")),
        (rings(name="Mobile"), ("destinations[0].name", "a location has none; leave it out")),
        (rings(active=True), ("destinations[0].active", "leave out the destinations that are not to be used")),
        (rings(domain="x"), ("destinations[0].domain", "write number as user@domain")),
        (rings(period="Always"), ("destinations[0].period", "criteria decide")),
        (rings(keep_original_cli="caller"), ("destinations[0].keep_original_cli", "apio", "leave it out")),
        (rings(keep_original_cld=True), ("destinations[0].keep_original_cld", "apio")),
        (rings(period_description="x"), ("destinations[0].period_description", "apio")),
        (rings(ring=5), ("destinations[0].ring", "did you mean rings?")),
        ({"forwarding": {"no_answer": "1"}}, ("forwarding.no_answer", "add a destination instead")),
        ({"forwarding": {"no_answer_after": 5}}, ("no_answer_after", "set settings.baseLocationNumberOfRings")),
        ({"forwarding": {"not_registered": "1"}}, ("forwarding.not_registered", "apio", "leave it out")),
        ({"forwarding": {"alway": "1"}}, ("forwarding.alway", "did you mean always?")),
        ({"forwarding": {"always": "sip:a@b.example"}}, ("forwarding.always", "user@domain without sip:")),
        ({"forwarding": {"busy": "1" * 162}}, ("forwarding.busy", "162 characters")),
        ({"settings": {"baseLocationNumberOfRings": 1}}, ("settings.baseLocationNumberOfRings", "write 0, or 2 to 20")),
        ({"settings": {"baseLocationNumberOfRings": 21}}, ("settings.baseLocationNumberOfRings", "0 to 20")),
        ({"settings": {"callerMayStopSearch": ""}}, ("settings.callerMayStopSearch", "cannot be cleared")),
        ({"settings": {"callerMayStop": True}}, ("settings.callerMayStop", "did you mean callerMayStopSearch?")),
        ({"settings": {"criteria": []}}, ("settings.criteria", "can only be read")),
        ({"account": ""}, ("account",)),
        ({"account": "4" * 162}, ("account", "162 characters")),
    ],
    "apio-hunt_group_weights": [
        (shares({**U1, "weight": 101}, {**U2, "weight": -1}), ("weight",)),
        (shares({"extension": USER1}, {**U2, "weight": 100}), ("weight",)),
        (shares({"weight": 100}), ("extension",)),
        (shares(U1, U1), ("twice",)),
        ({"hunt_group": "", **shares(U1, U2)}, ("hunt_group",)),
        (shares({"extension": USER1, "weight": 100, "share": 1}), ("share",)),
        *(
            (shares({**U1, "weight": one}, {**U2, "weight": other}), ("100", str(one + other), "allow_any_total"))
            for one, other in ((70, 29), (70, 31), (0, 0))
        ),
        (shares(), ("100", "0", "allow_any_total")),
    ],
    "portaswitch-agent license": [
        ({"service_password": "secret-700004"}, ("environment_id",)),
        ({**BY_PASSWORD, **BY_HASH}, ("not both",)),
        ({"wrapup": True, "hunt_groups": ["200"]}, ("hunt_groups",)),
        ({"wrapup": True, **BY_HASH}, ("License",)),
        ({"wrapup": False, **BY_PASSWORD}, ("License",)),
        ({"account": 0}, ("account",)),
        ({"environment_id": -1}, ("environment_id",)),
    ],
    "portaswitch-hunt_group": [
        # options that the backend cannot express
        ({"overflow_to": "101"}, ("overflow_to", "portaswitch", "huntstop")),
        ({"overflow_after": 20}, ("overflow_after", "ring_time")),
        ({"enabled": False}, ("enabled", "logged_in")),
        ({"extension": "12"}, ("extension", "the id is the number")),
        ({"phone_number": "12"}, ("phone_number", "the id is the number")),
        ({"policy": "circular"}, ("policy", "circular", "regular, random")),
        ({"policy": "weighted"}, ("policy", "weighted")),
        ({"members": [{"extension": "101", "weight": 5}]}, ("members[0].weight", "apio")),
        ({"members": [{"extension": "101", "stage": 1}]}, ("members[0].stage", "ring_delay")),
        # unknown settings, and those that are a neutral option
        ({"settings": {"PickupAlowed": "Y"}}, ("settings.PickupAlowed", "did you mean PickupAllowed")),
        ({"settings": {"HuntSequence": "Order"}}, ("settings.HuntSequence", "option policy")),
        # out of range or of the wrong kind
        ({"settings": {"PickupAllowed": "I"}}, ("settings.PickupAllowed", "Y, N")),
        ({"members": [{"extension": "101", "ring_time": -1}]}, ("members[0].ring_time", "0 to")),
        ({"members": [{"extension": "101", "ring_time": "soon"}]}, ("members[0].ring_time", "number")),
        ({"members": [{"extension": "101", "huntstop": "maybe"}]}, ("members[0].huntstop", "true nor")),
        ({"name": ""}, ("name", "cleared")),
        # members
        ({"members": [{"extension": "101"}, {"extension": 101}]}, ("members[1]", "listed twice")),
        ({"members": [{"ring_time": 5}]}, ("members[0].extension", "missing")),
        ({"members": [{"extension": "101", "colour": "red"}]}, ("members[0].colour", "unknown")),
    ],
    "vodia-hunt_group": [
        ({"policy": "regular"}, ("policy", "vodia", "stage")),
        ({"overflow_after": 20}, ("overflow_after", "st1_dur")),
        ({"extension": "12"}, ("extension", "alias")),
        ({"members": [{"extension": "444", "weight": 5}]}, ("members[0].weight", "apio")),
        ({"members": [{"extension": "444", "ring_time": 5}]}, ("members[0].ring_time", "st1_dur")),
        ({"members": [{"extension": "444", "logged_in": True}]}, ("members[0].logged_in", "vodia")),
        ({"settings": {"melodie": "ringer1"}}, ("settings.melodie", "did you mean melody")),
        ({"settings": {"st1_ext": "444"}}, ("settings.st1_ext", "members")),
        ({"settings": {"dialog_state": "x"}}, ("settings.dialog_state", "only be read")),
        ({"settings": {"st1_dur": -5}}, ("settings.st1_dur", "0 to")),
        ({"settings": {"connect": "maybe"}}, ("settings.connect", "true nor")),
        ({"members": [{"extension": "444", "stage": 4}]}, ("members[0].stage", "1 to 3")),
        ({"members": [{"extension": "44 4"}]}, ("members[0].extension", "44 4")),
        ({"members": [{"extension": "444", "stage": 1}] * 2}, ("listed twice",)),
        (
            {"settings": {"alias": ["44 4"]}},
            ("settings.alias", "'44 4' has characters that cannot be part of a number"),
        ),
        ({"settings": {"alias": ["8001", "8001"]}}, ("settings.alias", "a number is listed twice")),
    ],
    "apio-hunt_group": [
        ({"policy": "random"}, ("policy", "random", "uniform")),
        ({"policy": "least_used"}, ("policy", "least_used")),
        ({"members": [{"extension": USER, "stage": 1}]}, ("members[0].stage", "policy")),
        ({"members": [{"extension": USER, "ring_time": 1}]}, ("members[0].ring_time", "noAnswerNumberOfRings")),
        ({"settings": {"noAnswerNumberOfRing": 2}}, ("did you mean noAnswerNumberOfRings",)),
        ({"settings": {"queueLength": 2}}, ("settings.queueLength", "unknown")),
        ({"settings": {"serviceInstanceProfile": {"languag": "French"}}}, ("did you mean language",)),
        ({"settings": {"agents": []}}, ("settings.agents", "members")),
        ({"overflow_after": 7201}, ("overflow_after", "7200")),
        ({"settings": {"noAnswerNumberOfRings": 21}}, ("settings.noAnswerNumberOfRings", "1 to 20")),
        ({"members": [{"extension": USER, "weight": 101}]}, ("members[0].weight", "0 to 100")),
        ({"name": "x" * 31}, ("name", "31", "30")),
        ({"overflow_to": "sip:someone@example.org"}, ("overflow_to", "phone number")),
        ({"settings": {"serviceInstanceProfile": {"cliLastName": "100%"}}}, ("cliLastName", "%")),
        ({"settings": {"noAnswerNumberOfRings": ""}}, ("settings.noAnswerNumberOfRings", "cleared")),
        ({"members": [{"extension": USER}, {"extension": USER}]}, ("listed twice",)),
        # two ways to say one thing
        ({"overflow_after": 5, "settings": {"forwardTimeoutSeconds": 6}}, ("overflow_after", "only one")),
        ({"overflow_to": "+3225126777", "settings": {"forwardAfterTimeout": False}}, ("forwardAfterTimeout",)),
    ],
}
