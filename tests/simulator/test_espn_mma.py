from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.espn_mma import card_event, card_events
from simulator.plan import GamePlan, Moment
from simulator.play.mma import Bout
from simulator.players import CARDS, PLAYERS

BEGIN_MS = round(datetime(2026, 11, 20, 23, 50, tzinfo=UTC).timestamp() * 1000)
MINUTE_MS = 60_000
CARD = CARDS["UFC 330"]


def fight(number: int, start_min: int, finish: float = 1e-12, rounds: int = 3) -> GamePlan:
    """Return a bout; `finish` is the chance that home ends it in a second."""
    start_ms = start_min * MINUTE_MS
    moments = Bout(finish, 1e-12, 0.5, rounds).play(np.random.default_rng(number), start_ms)
    home, away = PLAYERS["ufc"][2 * (number % 4) : 2 * (number % 4) + 2]
    return GamePlan(
        LEAGUES["ufc"],
        str(number),
        number,
        home,
        away,
        start_ms,
        0,
        0,
        moments,
        (),
        card="UFC 330",
        best_of=rounds,
    )


def keys(competitions: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """Return the keys of bouts, of their statuses and of their sides, by the state of the bout."""
    found: dict[tuple[str, str], set[str]] = {}
    for bout in competitions:
        state = bout["status"]["type"]["state"]
        found.setdefault(("bout", state), set()).update(bout)
        found.setdefault(("status", state), set()).update(bout["status"])
        for side in bout["competitors"]:
            found.setdefault(("side", state), set()).update(side)
            found.setdefault(("athlete", state), set()).update(side["athlete"])
    return found


def test_a_card_has_the_keys_of_a_recorded_one(shared: Path) -> None:
    """Nothing is made up, and nothing that was there is missing, before, in and after a bout."""
    body = (shared / "captures/espn/ufc/20221217-in.json").read_bytes()
    (recorded,) = json.loads(body)["events"]
    games = [fight(100, 10), fight(101, 30), fight(102, 50)]
    shown = [
        (games[0], games[0].final),
        (games[1], next(m for m in games[1].moments if m.status == "in_progress_2")),
        (games[2], games[2].moments[0]),
    ]
    ours = card_event(shown, CARD, BEGIN_MS)
    assert set(ours) == set(recorded)
    assert keys(ours["competitions"]) == keys(recorded["competitions"])


def test_bouts_share_the_start_of_their_segment_and_come_in_no_order() -> None:
    """Those within half an hour of the first of a segment; ids order them, not starts."""
    games = [fight(101, 10), fight(210, 25), fight(302, 45), fight(103, 70)]
    event = card_event([(game, game.moments[0]) for game in games], CARD, BEGIN_MS)
    assert [(bout["id"], bout["date"]) for bout in event["competitions"]] == [
        ("210", "2026-11-21T00:00Z"),
        ("101", "2026-11-21T00:00Z"),
        ("302", "2026-11-21T00:35Z"),
        ("103", "2026-11-21T00:35Z"),
    ]
    assert event["date"] == "2026-11-21T00:00Z"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("scheduled", ("STATUS_SCHEDULED", 0.0, "-", 0, None)),
        ("fighters_walking", ("STATUS_FIGHTERS_WALKING", 0.0, "-", 0, "Fighters Walking")),
        ("in_progress_2", ("STATUS_IN_PROGRESS_2", 300.0, "5:00", 1, "R1, 5:00")),
        ("end_of_round", ("STATUS_END_OF_ROUND", 0.0, "-", 1, "End R1")),
        ("end_of_fight", ("STATUS_END_OF_FIGHT", 0.0, "0:00", 3, "End of Fight")),
        ("final", ("STATUS_FINAL", 300.0, "5:00", 3, "Final")),
    ],
)
def test_the_clock_is_that_of_the_moment(
    status: str, expected: tuple[str, float, str, int, str | None]
) -> None:
    """It rests before the bout and between rounds, and shows what was fought after the end."""
    game = fight(100, 10)
    moment = next(moment for moment in game.moments if moment.status == status)
    (bout,) = card_event([(game, moment)], CARD, BEGIN_MS)["competitions"]
    found = bout["status"]
    name, clock, shown, period, detail = expected
    assert (found["type"]["name"], found["clock"], found["displayClock"], found["period"]) == (
        name,
        clock,
        shown,
        period,
    )
    assert detail is None or found["type"]["detail"] == detail


def sides(game: GamePlan, moment: Moment) -> dict[int, dict[str, Any]]:
    """Return the sides of a bout by their order."""
    (bout,) = card_event([(game, moment)], CARD, BEGIN_MS)["competitions"]
    return {side["order"]: side for side in bout["competitors"]}


def test_only_a_decision_shows_the_judges() -> None:
    """Nine points a round and one more for each that was won, from three judges."""
    game = fight(100, 10)
    found = sides(game, game.final)
    for order, rounds in ((1, game.final.home), (2, game.final.away)):
        cards = [{"value": 27.0 + rounds}] * 3
        assert found[order]["linescores"] == [{"value": 81.0 + 3 * rounds, "linescores": cards}]
        assert found[order]["winner"] == (rounds >= 2)
    finished = fight(100, 10, finish=0.01)
    found = sides(finished, finished.final)
    assert [found[order]["winner"] for order in (1, 2)] == [True, False]
    assert not any("linescores" in side for side in found.values())


def test_nobody_has_won_before_the_end() -> None:
    """The flag is there from the beginning and false, after a stoppage too."""
    game = fight(101, 10, finish=0.01)
    for moment in game.moments[:-1]:
        assert [side["winner"] for side in sides(game, moment).values()] == [False, False]


def test_the_board_has_one_event_a_card_and_no_other_games() -> None:
    """Its state is that of the evening: in progress until the last bout is over."""
    games = [fight(101, 10), fight(102, 50)]
    (event,) = card_events([(game, game.final) for game in games], BEGIN_MS)
    assert (event["id"], event["shortName"]) == ("600055001", "UFC 330")
    states = [
        card_event([(games[0], one), (games[1], two)], CARD, BEGIN_MS)["status"]["type"]["state"]
        for one, two in (
            (games[0].moments[0], games[1].moments[0]),
            (games[0].moments[9], games[1].moments[0]),
            (games[0].final, games[1].moments[0]),
            (games[0].final, games[1].final),
        )
    ]
    assert states == ["pre", "in", "in", "post"]
