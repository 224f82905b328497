"""What an update of the results socket means in ESPN's home and away."""

from __future__ import annotations

import msgspec
import pytest
from factories import GAME, MARKET, START_NS, listing, rules

from fusion.score_witness import ToldScore
from fusion.slate import SlateGame, SlateOutcome
from fusion.sports_update import Pair, SportsUpdate, told_score


def game(league: str, home: str, away: str, labels: Pair | tuple[str, str]) -> SlateGame:
    """Return a listed game of two sides, whose outcomes are called `labels`."""
    outcomes = (
        SlateOutcome("home", MARKET, "slug", "1", "2", str(labels[0])),
        SlateOutcome("away", MARKET, "slug", "2", "1", str(labels[1])),
    )
    return SlateGame(
        game_id=f"{league}:1",
        league=league,
        event_slug="slug",
        kind="two_way",
        start_ns=START_NS,
        home=home,
        away=away,
        outcomes=outcomes,
        markets=(rules(),),
    )


ARSENAL = game("eng.1", "Arsenal", "Chelsea", ("Yes", "Yes"))
TENNIS = game("atp", "Quentin Halys", "Alexander Bublik", ("Halys", "Bublik"))


def update(*pairs: Pair, **changes: object) -> SportsUpdate:
    """Return an update in play with these pairs, with changes."""
    made = SportsUpdate("7", "x", "", pairs, period="2H", live=True, at_ms=5)
    return msgspec.structs.replace(made, **changes)


def sets(*pairs: Pair, period: str, ended: bool = False) -> Pair | None:
    """Return the sets won that are told, of the first and the second player of the wire."""
    told = told_score(update(*pairs, period=period, live=not ended, ended=ended), TENNIS)
    assert not told.ordered
    return None if told.home is None or told.away is None else (told.home, told.away)


def test_soccer_is_told_in_the_order_of_its_teams() -> None:
    """The venue's home team is ESPN's; everything else is handed on as it was told."""
    names = {"home_team": "Arsenal FC", "away_team": "Chelsea FC"}
    assert told_score(update((2, 1), **names), ARSENAL) == ToldScore(
        home=2, away=1, period="2H", live=True, ended=False, ordered=True, venue_ms=5
    )


def test_on_neutral_ground_the_homes_may_differ() -> None:
    """Names say which of the two is ESPN's home."""
    told = told_score(update((2, 1), home_team="Chelsea FC", away_team="Arsenal FC"), ARSENAL)
    assert (told.home, told.away, told.ordered) == (1, 2, True)


def test_one_name_that_is_known_is_enough() -> None:
    """The other side is whoever is left."""
    told = told_score(update((2, 1), home_team="Chelsea", away_team="Gunners XI"), ARSENAL)
    assert (told.home, told.away, told.ordered) == (1, 2, True)


def test_names_that_nobody_knows_give_no_order() -> None:
    """A score whose sides are unknown is compared in both orders."""
    told = told_score(update((2, 1), home_team="Reds", away_team="Blues"), ARSENAL)
    assert (told.home, told.away, told.ordered) == (2, 1, False)


def test_without_names_soccer_has_its_order_and_tennis_none() -> None:
    """Teams have a home wherever they are listed; players have none."""
    assert told_score(update((2, 1)), ARSENAL).ordered
    assert not told_score(update((6, 1), period="S1"), TENNIS).ordered


def test_players_are_told_apart_by_their_names() -> None:
    """ESPN's home is who it names first, which the venue does not know."""
    names = {"home_team": "Alexander Bublik", "away_team": "Quentin Halys"}
    told = told_score(update((4, 6), (1, 2), period="S2", **names), TENNIS)
    assert (told.home, told.away, told.ordered) == (1, 0, True)


def test_leagues_that_name_the_visitor_first_have_no_known_order() -> None:
    """No frame of theirs is on record, with whatever names."""
    names = {"home_team": "Boston Celtics", "away_team": "New York Knicks"}
    told = told_score(update((99, 98), **names), listing())
    assert listing().game_id == GAME
    assert (told.home, told.away, told.ordered) == (99, 98, False)


@pytest.mark.parametrize(
    ("pairs", "period", "expected"),
    [
        (((0, 0),), "S1", (0, 0)),
        (((5, 4),), "S1", (0, 0)),
        (((6, 5),), "S1", (0, 0)),
        (((6, 4),), "S1", (1, 0)),
        (((7, 6),), "S1", (1, 0)),
        (((4, 6), (1, 2)), "S2", (0, 1)),
        (((6, 7), (6, 3), (2, 1)), "s3", (1, 1)),
        (((3, 1), (0, 0)), "S2", (1, 0)),
        (((0, 0),), "S2", None),
        (((6, 4), (1, 0)), "S1", None),
        (((6, 6), (1, 0)), "S2", None),
        (((6, 4), (1, 0)), "Live", None),
        ((), "S1", None),
    ],
)
def test_sets_in_play(pairs: tuple[Pair, ...], period: str, expected: Pair | None) -> None:
    """The sets before the one that is played count, if all of them are written."""
    assert sets(*pairs, period=period) == expected


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (((7, 5), (5, 7), (2, 6)), (1, 2)),
        (((6, 4), (6, 4)), (2, 0)),
        (((6, 4), (2, 1)), (1, 0)),
        (((6, 4), (4, 6), (10, 8)), (2, 1)),
        (((0, 0),), None),
        ((), None),
    ],
)
def test_sets_at_the_end(pairs: tuple[Pair, ...], expected: Pair | None) -> None:
    """A set that was given up belongs to nobody; one set alone is not the whole match."""
    assert sets(*pairs, period="FT", ended=True) == expected


@pytest.mark.parametrize("pairs", [(), ((1, 0), (0, 1))])
def test_a_score_in_another_form_is_not_told(pairs: tuple[Pair, ...]) -> None:
    """A game in play with a score that cannot be read still tells that it is in play."""
    assert told_score(update(*pairs), ARSENAL) == ToldScore(None, None, "2H", venue_ms=5)


def test_fights_have_no_score() -> None:
    """The scoreboard shows no rounds won, so there is nothing to compare."""
    fight = game("ufc", "Alex Pereira", "Jiri Prochazka", ("Pereira", "Prochazka"))
    told = told_score(update((1, 0)), fight)
    assert (told.home, told.away) == (None, None)
