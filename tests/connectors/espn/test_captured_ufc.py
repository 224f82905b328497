"""A captured fight card against what a reader finds in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.game import GameState, Team
from fusion.leagues import LEAGUES

CARD = "UFC Fight Night: Cannonier vs. Strickland"

PRELIMS, MAIN = "2022-12-17T21:00:00+00:00", "2022-12-18T00:00:00+00:00"

BOUTS = [
    ("401505372", PRELIMS, "Sergey Morozov", "Journey Newson", "final", 3, None, 3, "home"),
    ("401505931", PRELIMS, "David Dvorak", "Manel Kape", "final", 3, None, 3, "away"),
    ("401508992", PRELIMS, "Bryan Battle", "Rinat Fakhretdinov", "final", 3, None, 3, "away"),
    ("401502071", PRELIMS, "Rafa Garcia", "Maheshate", "final", 3, None, 3, "home"),
    (
        "401505375",
        PRELIMS,
        "Said Nurmagomedov",
        "Saidyokub Kakhramonov",
        "scheduled",
        0,
        None,
        3,
        None,
    ),
    ("401505366", PRELIMS, "Jake Matthews", "Matthew Semelsberger", "final", 3, None, 3, "away"),
    ("401505374", PRELIMS, "Cheyanne Vlismas", "Cory McKenna", "final", 3, None, 3, "away"),
    ("401508991", MAIN, "Cody Brundage", "Mickal Oleksiejczuk", "final", 1, None, 3, "away"),
    ("401505930", MAIN, "Drew Dober", "Bobby Green", "scheduled", 0, None, 3, None),
    ("401505365", MAIN, "Alex Caceres", "Julian Erosa", "in_progress_2", 1, 147.0, 3, None),
    ("401508990", MAIN, "Amir Albazi", "Alessandro Costa", "scheduled", 0, None, 3, None),
    ("401505368", MAIN, "Arman Tsarukyan", "Damir Ismagulov", "scheduled", 0, None, 3, None),
    ("401470979", MAIN, "Jared Cannonier", "Sean Strickland", "scheduled", 0, None, 5, None),
]
"""Every bout: id, start of its segment, home (order 1), away, status, round, clock, rounds, winner.

Two of the scheduled bouts have a flagged winner: the card was saved after their end.
"""

PHASES = {"final": "post", "scheduled": "pre", "in_progress_2": "in"}


@pytest.fixture
def bouts(capture: Callable[[str], bytes]) -> tuple[GameState, ...]:
    """Return the bouts of the card; nothing of it may be refused."""
    board = parse_scoreboard(capture("ufc/20221217-in.json"), LEAGUES["ufc"])
    assert board.refusals == ()
    return board.games


def test_every_bout_of_the_card(bouts: tuple[GameState, ...], ns: Callable[[str], int]) -> None:
    """All bouts have their segment's start, their sides by order, round, clock and winner."""
    seen = [
        (
            bout.game_id,
            bout.start_ns,
            bout.home.name,
            bout.away.name,
            bout.status,
            bout.period,
            bout.clock_s,
            bout.best_of,
            bout.winner,
        )
        for bout in bouts
    ]

    assert seen == [(f"ufc:{own}", ns(start), *rest) for own, start, *rest in BOUTS]
    assert [bout.phase for bout in bouts] == [PHASES[row[4]] for row in BOUTS]
    assert {bout.card for bout in bouts} == {CARD}


def test_the_bout_in_play(bouts: tuple[GameState, ...], ns: Callable[[str], int]) -> None:
    """The bout in play is in its first round, with 2:27 on the clock."""
    assert bouts[9] == GameState(
        game_id="ufc:401505365",
        league="ufc",
        start_ns=ns(MAIN),
        home=Team("2552906", "", "Alex Caceres", ("A. Caceres", "Caceres")),
        away=Team("3955577", "", "Julian Erosa", ("J. Erosa", "Erosa")),
        phase="in",
        status="in_progress_2",
        completed=False,
        home_score=0,
        away_score=0,
        period=1,
        clock_s=147.0,
        detail="R1, 2:27",
        best_of=3,
        card=CARD,
    )


def test_a_decision(bouts: tuple[GameState, ...], ns: Callable[[str], int]) -> None:
    """A bout that went the distance has no clock and no score, though the judges' totals are told.

    One of the two has a single name.
    """
    assert bouts[3] == GameState(
        game_id="ufc:401502071",
        league="ufc",
        start_ns=ns(PRELIMS),
        home=Team("4690549", "", "Rafa Garcia", ("R. Garcia", "Garcia")),
        away=Team("4895360", "", "Maheshate"),
        phase="post",
        status="final",
        completed=True,
        home_score=0,
        away_score=0,
        period=3,
        clock_s=None,
        detail="Final",
        winner="home",
        best_of=3,
        card=CARD,
    )
