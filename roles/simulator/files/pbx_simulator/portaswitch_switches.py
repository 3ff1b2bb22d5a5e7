# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of Porta Plus 2 leave open, and what a server may do beyond them (vendor note 0, 2 and 4 to 6)."""

from __future__ import annotations

from .core import NAMES_READ, Switch

SWITCHES = (
    Switch("host", ("iis", "httplistener"), "Which web server is in front, and what does it refuse in a path?"),
    Switch("servicestack", ("v3", "v4"), "Which ServiceStack: v3 answers 500 to a failed login, v4 answers 401?"),
    Switch("default_format", ("html", "json"), "Which format goes with Accept: */* or none?"),
    Switch("error_body", ("bare", "response_status", "html", "ok_empty"), "What does a failing service answer?"),
    Switch(
        "wrong_license",
        ("authentication_exception", "401", "500_bare", "ok_empty"),
        "What does an unknown License or a wrong password get (401: HttpError.Unauthorized)?",
    ),
    Switch("not_found", ("exception", "404"), "Is a record that is not there an exception, or HttpError.NotFound?"),
    Switch("forms_authentication", (False, True), "Does IIS turn a 401 into a 302 to its login page?"),
    Switch("license_scope", ("own_customers", "all_customers"), "Does a License reach other customers' records?"),
    Switch("post_without_post_method", ("405", "like_get"), "What does POST /json/reply/CustomerExtension do?"),
    Switch("id_overlap", (False, True), "Do i_cg_ext numbers coincide with the i_c_ext of other members?"),
    Switch("enum_omitted", ("writes_order", "keeps"), "What does an update without HuntSequence do?"),
    Switch("delete_extensions_by", ("i_c_ext", "i_cg_ext"), "What do the numbers in DeleteExtensions mean?"),
    Switch("delete_unknown_member", ("ignores", "error"), "DeleteExtensions names no member of the group?"),
    Switch("readd_member", ("updates", "ignores", "duplicates", "error"), "AddExtensions names a member?"),
    Switch("combined_order", ("delete_first", "add_first"), "Which list goes first when both are sent?"),
    Switch("array_lengths", ("unset", "error"), "An *Ar array is shorter than AddExtensions?"),
    Switch("primary_group", ("exclusive", "independent"), "Does primary Y here clear it in the other groups?"),
    Switch(
        "delete_group_record", ("own_extension", "member"), "Whose is ExtensionRecordId in DeleteCustomerHuntGroup?"
    ),
    Switch("delete_missing", ("error", "false"), "Deleting or reading what is not there: exception, or flag false?"),
    Switch("update_value", ("record_id", "one"), "What number does updateHuntgroup carry?"),
    Switch("update_returns_group", (True, False), "Does an update answer HGInfo?"),
    Switch("empty_list", ("kept", "omitted"), "Is an empty list [] or null?"),
    Switch("unset_times", (0, None), "How does a list read ring delay and time that were never set?"),
    Switch("hunt_order", ("numbered", "zero"), "Is hunt_order filled in?"),
    Switch("hunt_sequence_spelling", ("LeastUsed", "Least used"), "How is the fourth hunt sequence read?"),
    Switch("bool_strings", ("Y", "true"), "How are Y/N strings spelled on read?"),
    Switch("list_cap", (None, 100, 500), "Are lists cut after so many rows?", any_number=True),
    Switch("account_groups", ("full", "thin"), "Does GetAccountHuntGroups show the other members?"),
    Switch("groups_in_extension_list", (False, True), "Are the groups' own extension records listed as extensions?"),
    Switch("group_number_ref", ("record", "dialled"), "Is i_huntgroup the record id or the dialled number?"),
    Switch("agent_id", ("account_id", "extension"), "What is {Id} in the access routes?"),
    Switch("deleting_member_extension", ("removes_from_groups", "error"), "Deleting an extension that is a member?"),
    Switch("followme_update_blank", ("keeps", "blanks"), "What happens to follow-me values not carried?"),
    Switch("followme_all", ("all_fields", "all_numbers"), "UpdateFollowmeAll: all fields, or all numbers?"),
    Switch("followme_without_record", ("creates", "error"), "addfollowme on an account without follow-me record?"),
    Switch("follow_order", ("as_sent", "renumbers"), "Does the server renumber i_follow_order?"),
)
HAZARDS = (
    NAMES_READ,
    Switch(
        "null_result",
        ("never", "reads", "writes", "failures"),
        "Which calls answer 200 without a body, because the service returns null?",
    ),
)
