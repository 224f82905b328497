from __future__ import annotations

import msgspec
import pytest
from listings import event, game, matched, reasons

from fusion.matching import match_slate

OLD = game("eng.1:1", "Arsenal", "Chelsea", "2026-01-10T15:00Z", status="postponed")
NEW = game("eng.1:2", "Arsenal", "Chelsea", "2026-02-04T20:00Z")
EVENT = event("epl-ars-che-2026-01-10", "Arsenal vs. Chelsea", "2026-01-10T15:00Z")


@pytest.mark.parametrize("status", ["postponed", "canceled"])
def test_event_goes_to_the_game_that_replaces_its_own(status: str) -> None:
    """The new game has the event under its old slug, and the old game says who has it."""
    slate = match_slate([msgspec.structs.replace(OLD, status=status), NEW], [EVENT])

    assert matched(slate) == {"eng.1:2": EVENT.slug}
    assert slate.games[0].evidence.endswith("re-dated, start -36300 min")
    assert reasons(slate) == {"eng.1:1": "superseded"}
    assert slate.unmatched[0].detail.startswith("eng.1:2 replaces it and has its event")


@pytest.mark.parametrize(
    ("new", "listed"),
    [
        # The old game is played after all.
        ([{"game_id": "eng.1:1", "start_ns": OLD.start_ns}], {}),
        # The other club is at home: the return match.
        ([{"home": NEW.away, "away": NEW.home}], {}),
        # Before it, or more than two months after it.
        ([{"start_ns": OLD.start_ns - 10**15}], {}),
        ([{"start_ns": OLD.start_ns + 61 * 86_400 * 10**9}], {}),
        # Two games could be it.
        ([{}, {"game_id": "eng.1:3", "start_ns": NEW.start_ns + 10**15}], {}),
        # The event is over.
        ([{}], {"closed": True}),
        ([{}], {"ended": True}),
    ],
)
def test_event_stays_where_the_new_game_is_not_certain(
    new: list[dict[str, object]], listed: dict[str, object]
) -> None:
    """Anything that leaves a doubt leaves the event with the game of its date."""
    old = msgspec.structs.replace(OLD, status="postponed")
    others = [msgspec.structs.replace(NEW, **changes) for changes in new]
    slate = match_slate([old, *others], [msgspec.structs.replace(EVENT, **listed)])

    assert matched(slate) == {"eng.1:1": EVENT.slug}


def test_sports_that_meet_again_soon_leave_it_to_the_user() -> None:
    """In baseball the next game of the same teams is no makeup because it comes later."""
    old = game("mlb:1", "Boston Red Sox", "New York Yankees", "2026-07-04T17:00Z")
    old = msgspec.structs.replace(old, status="postponed")
    new = game("mlb:2", "Boston Red Sox", "New York Yankees", "2026-07-05T21:00Z")
    listed = event("mlb-nyy-bos-2026-07-04", "Yankees vs. Red Sox", "2026-07-04T17:00Z")

    slate = match_slate([old, new], [listed])

    assert matched(slate) == {"mlb:1": listed.slug}
    assert reasons(slate) == {"mlb:2": "outside_window"}


def test_new_game_with_an_event_of_its_own_keeps_it() -> None:
    """Where the makeup is listed anew, the old event stays behind."""
    own = event("epl-ars-che-2026-02-04", "Arsenal vs. Chelsea", "2026-02-04T20:00Z")

    slate = match_slate([OLD, NEW], [EVENT, own])

    assert matched(slate) == {"eng.1:1": EVENT.slug, "eng.1:2": own.slug}
