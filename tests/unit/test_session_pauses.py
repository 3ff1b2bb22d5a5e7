# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the client waits before it tries again, and when it does not."""

from __future__ import annotations

import datetime
import email.utils
from typing import Any

import pytest

from ansible_collections.telephony.pbx.plugins.module_utils.errors import RateLimited
from ansible_collections.telephony.pbx.plugins.module_utils.transport.session import MOST_ATTEMPTS
from ansible_collections.telephony.pbx.tests.unit.sessions import open_session

__all__ = ["open_session"]  # fixtures


@pytest.mark.parametrize(("header", "nap"), [("7", 7.0), (" 12 ", 12.0), ("0", 0.05)])
def test_retry_after_says_how_long_to_wait(
    server: Any, open_session: Any, time_stands_still: Any, header: str, nap: float
) -> None:
    server.replies = [server.reply(429, retry_after=header), server.reply(200)]
    assert open_session(server.url).write("POST", "/x").ok
    assert time_stands_still.naps == [nap]


@pytest.mark.parametrize("header", ["soon", "-1", "", "1.5", "\u00b2"])
def test_a_retry_after_that_is_no_number_is_ignored(
    server: Any, open_session: Any, time_stands_still: Any, header: str
) -> None:
    server.replies = [server.reply(429, retry_after=header), server.reply(200)]
    assert open_session(server.url).read("GET", "/x").ok
    assert 0 < time_stands_still.naps[0] < 1


def test_a_wait_beyond_the_deadline_is_not_begun(server: Any, open_session: Any, time_stands_still: Any) -> None:
    server.replies = [server.reply(429, retry_after="101")]
    with pytest.raises(RateLimited):
        open_session(server.url).read("GET", "/x")
    assert (time_stands_still.naps, len(server.requests)) == ([], 1)


NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize("form", ["{0:%a, %d %b %Y %H:%M:%S} GMT", "{0:%A, %d-%b-%y %H:%M:%S} GMT"])
@pytest.mark.parametrize(("seconds", "nap"), [(7, 7.0), (0, 0.05), (-60, 0.05)])
def test_retry_after_may_be_a_date_on_the_clock_of_the_server(
    server: Any, open_session: Any, time_stands_still: Any, form: str, seconds: int, nap: float
) -> None:
    """The clock of this machine, which is years away, does not count."""
    date = form.format(NOON + datetime.timedelta(seconds=seconds))
    server.replies = [server.reply(429, retry_after=date, date=form.format(NOON)), server.reply(200)]
    assert open_session(server.url).read("GET", "/x").ok
    assert time_stands_still.naps == [nap]


def test_a_date_without_a_clock_of_the_server_counts_from_now(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    date = email.utils.formatdate(datetime.datetime.now().timestamp() + 90, usegmt=True)
    server.replies = [server.reply(429, retry_after=date), server.reply(200)]
    assert open_session(server.url).read("GET", "/x").ok
    assert 30 < time_stands_still.naps[0] <= 90


def test_pauses_of_several_threads_at_the_same_time_count_once(open_session: Any, time_stands_still: Any) -> None:
    """Ten requests at a time are asked to wait 60 of 100 seconds: no thread uses up the budget of the others."""
    pauses = open_session("http://127.0.0.1:9", deadline=100.0)._pauses
    assert [pauses.take(60.0) for _thread in range(10)] == [True] * 10
    time_stands_still.now += 30.0
    assert pauses.take(60.0), "half of it is new: 90 in all"
    assert not pauses.take(71.0) and pauses.take(70.0), "what does not fit leaves the rest as it is"
    time_stands_still.now += 70.0
    assert not pauses.take(0.1), "the budget is used up"


def test_the_pauses_of_a_run_together_are_no_longer_than_the_deadline(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    server.replies = [server.reply(429, retry_after="30")]
    session = open_session(server.url, deadline=100.0)
    for _request in range(5):
        with pytest.raises(RateLimited):
            session.read("GET", "/x")
    assert time_stands_still.naps == [30.0] * 3


def test_all_attempts_of_a_request_end_before_its_deadline(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    server.replies = [server.reply(503)]
    session = open_session(server.url, deadline=3.0)
    assert session.read("GET", "/x").status == 503
    assert 1 < session.requests_sent < MOST_ATTEMPTS
    assert 0 < sum(time_stands_still.naps) < 3.0


def test_each_request_has_the_whole_deadline_for_its_retries(
    server: Any, open_session: Any, time_stands_still: Any
) -> None:
    """A run over a large tenant may take long; what is bounded is the trying again."""
    session = open_session(server.url, deadline=3.0)
    server.replies = [server.reply(200)]
    time_stands_still.now += 30.0
    assert session.read("GET", "/x").ok
