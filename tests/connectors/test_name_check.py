from __future__ import annotations

from connectors.name_check import PROBE_S, NameCheck


def test_a_welcome_name_waits_for_nothing() -> None:
    """Where the name is known to be let in, nothing is held back."""
    check = NameCheck(sure=True)
    check.sent(0.0)

    assert check.wait_s(0.0) == 0.0


def test_the_first_request_goes_alone() -> None:
    """Until its answer is there, or for a second, the others wait."""
    check = NameCheck(sure=False)
    assert check.wait_s(10.0) == 0.0
    check.sent(10.0)

    assert check.wait_s(10.25) == PROBE_S - 0.25
    assert check.wait_s(10.0 + PROBE_S) == 0.0
    check.let_in(10.0)
    check.sent(10.5)
    assert check.wait_s(10.5) == 0.0


def test_an_answer_that_never_came_holds_nobody_back() -> None:
    """A lost connection tells nothing of the name: the next may try."""
    check = NameCheck(sure=False)
    check.sent(10.0)
    check.unanswered()

    assert check.wait_s(10.0) == 0.0
    check.sent(10.0)
    assert check.wait_s(10.0) == PROBE_S


def test_two_refusals_shut_the_door() -> None:
    """After one the next tries; after two nothing is asked, and only the first is news."""
    check = NameCheck(sure=True)
    assert check.refused(0.0, 300.0) is True
    assert check.wait_s(0.0) == 0.0
    check.sent(0.0)
    assert check.wait_s(0.0) == PROBE_S

    assert check.refused(0.5, 300.0) is False
    assert check.wait_s(0.5) == 300.0
    # What was on its way is refused as well: no news, and no longer wait.
    assert check.refused(0.6, 300.0) is False
    assert check.wait_s(100.5) == 200.0


def test_a_door_that_stays_shut_is_told_again() -> None:
    """After the wait one tries, and its refusal is news again."""
    check = NameCheck(sure=True)
    for now_s in (0.0, 0.0):
        check.refused(now_s, 300.0)
    assert check.wait_s(300.0) == 0.0
    check.sent(300.0)
    assert check.wait_s(300.0) == PROBE_S

    assert check.refused(300.1, 300.0) is True
    assert check.wait_s(300.1) == 300.0


def test_one_path_that_is_refused_stops_no_other() -> None:
    """An answer to anybody opens the door, and the next refusal begins anew."""
    check = NameCheck(sure=True)
    assert check.refused(0.0, 300.0) is True
    check.let_in(0.1)
    assert check.refused(300.0, 300.0) is True
    check.let_in(300.1)

    check.sent(300.0)
    assert check.wait_s(300.0) == 0.0


def test_an_answer_to_what_was_sent_before_opens_nothing() -> None:
    """A request from before the refusal that is let in says nothing of the time after it."""
    check = NameCheck(sure=True)
    check.refused(10.0, 300.0)
    check.refused(10.0, 300.0)
    check.let_in(9.9)
    assert check.wait_s(10.0) == 300.0

    check.let_in(10.0)
    assert check.wait_s(10.0) == 0.0
