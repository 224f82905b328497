from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from simulator.evening import plan_evening
from simulator.gamma_sports import SERIES
from simulator.happenings import happenings
from simulator.listing import EASTERN
from simulator.plan import Evening, GamePlan, result
from simulator.schedule import EXTRA_GAMES

MINUTE_MS = 60_000


def test_the_same_seed_gives_the_same_evening(evening: Evening) -> None:
    """Games, scores, tokens and every book step are equal as whole values."""
    assert plan_evening(11, "2026-11-20") == evening


def test_another_seed_gives_another_evening(evening: Evening) -> None:
    """No game of it goes the same way."""
    other = plan_evening(12, "2026-11-20")
    assert len(other.games) == len(evening.games)
    assert all(
        mine.moments != yours.moments
        for mine, yours in zip(evening.games, other.games, strict=True)
    )


def test_another_day_moves_the_evening_and_nothing_else(evening: Evening) -> None:
    """The begin is 18:50 Eastern of the day; what happens in the games is the same."""
    summer = plan_evening(11, "2026-07-04")
    begin = datetime.fromtimestamp(summer.begin_ms / 1000, tz=EASTERN)
    assert (begin.isoformat(), summer.date) == ("2026-07-04T18:50:00-04:00", "2026-07-04")
    assert [game.moments for game in summer.games] == [game.moments for game in evening.games]


def test_an_evening_is_full(evening: Evening) -> None:
    """Nineteen leagues play, from ten minutes in; all is over in less than 280 minutes."""
    assert {game.league.key for game in evening.games} == SERIES.keys()
    assert len(SERIES) == 19
    assert len(evening.games) == 26
    assert min(game.start_ms for game in evening.games) == 10 * MINUTE_MS
    assert len({game.start_ms for game in evening.games}) > 4
    assert 150 * MINUTE_MS < evening.end_ms < 280 * MINUTE_MS


RARE = {
    "overtime": {"nba", "nhl", "fifa.world"},
    "shootout": {"nhl", "fifa.world"},
    "canceled": {"ncaamb"},
    "doubleheader": {"mlb"},
    "suspended": {"mlb"},
    "rain_delay": {"mlb"},
    "postponed": {"eng.1"},
    "tie_break": {"atp"},
    "retired": {"atp"},
    "score_correction": {"cfb"},
}
"""What every evening has, and the leagues that it has it in at the least."""


@pytest.mark.parametrize("seed", [7, 11])
def test_something_rare_happens_in_every_evening(seed: int) -> None:
    """One of everything, each in its league, whatever else the dice bring."""
    told: dict[str, set[str]] = {}
    for key, kinds in happenings(plan_evening(seed, "2026-11-20")).items():
        for kind in kinds:
            told.setdefault(kind, set()).add(key.partition(":")[0])
    assert {kind: told.get(kind, set()) & leagues for kind, leagues in RARE.items()} == RARE


def test_a_doubleheader_is_two_games_of_two_teams(evening: Evening) -> None:
    """The second starts after the first ended, has a lower id, a note, and a number in its slug."""
    first, second = _headlined(evening)
    assert (first.home, first.away) == (second.home, second.away)
    assert 10 * MINUTE_MS <= second.start_ms - first.final.at_ms < 15 * MINUTE_MS
    assert int(second.espn_id) < int(first.espn_id)
    assert second.headline == "Doubleheader - Game 2 - Makeup from May 9"
    assert second.listings[0].slug == f"{first.listings[0].slug}-2"


def _headlined(evening: Evening) -> list[GamePlan]:
    return [game for game in evening.games if game.headline]


def test_no_team_plays_twice_and_no_id_is_used_twice(evening: Evening) -> None:
    """Teams but those of a doubleheader, ESPN ids, slugs, conditions and tokens are distinct."""
    again = _headlined(evening)[1]
    once = [game for game in evening.games if game is not again]
    teams = [(g.league.key, team.espn_id) for g in once for team in (g.home, g.away)]
    markets = [m for game in evening.games for listing in game.listings for m in listing.markets]
    tokens = [token for market in markets for token in market.token_ids]
    for ids in (
        teams,
        [game.espn_id for game in evening.games],
        [market.slug for market in markets],
        [market.condition_id for market in markets],
        [market.number for market in markets],
        tokens,
    ):
        assert len(set(ids)) == len(ids)
    assert {len(token) for token in tokens} == {77}
    assert {len(market.condition_id) for market in markets} == {66}


def test_markets_pay_for_the_side_that_won(evening: Evening) -> None:
    """The first token wins exactly when the final truth of its side is one; void is what has none.

    A game that was cancelled has no winner, nor has one that is still to be played.
    """
    column = {"home": 0, "draw": 1, "away": 2}
    for game in evening.games:
        paying = [m for listing in game.listings for m in listing.markets if m.pays]
        assert [m.first_wins for m in paying] == [
            game.final.truth[column[m.pays]] == 1.0 for m in paying if m.pays
        ]
        assert len(paying) == (3 if game.league.three_way else 1)
        assert {m.void for m in paying} == {result(game.moments) is None}
    assert {g.final.status for g in evening.games if result(g.moments) is None} == {
        "canceled",
        "postponed",
        "suspended",
    }
    assert {g.final.status for g in evening.games if not g.settles} == {"postponed", "suspended"}


def test_strengths_vary(evening: Evening) -> None:
    """Pregame probabilities of home lie between 0.15 and 0.85 and are spread out."""
    wins = sorted(game.moments[0].truth[0] for game in evening.games)
    assert wins[0] > 0.1
    assert wins[-1] < 0.85
    assert wins[-1] - wins[0] > 0.25


def test_book_steps_are_in_order_and_emptied_at_the_start(evening: Evening) -> None:
    """Steps rise in time, stop before the resolution, and clear the book when play starts.

    The book of a game that is called off is cleared then, five minutes before its start.
    """
    for game in evening.games:
        off = game.final.status in ("postponed", "canceled")
        cleared_ms = game.final.at_ms if off else game.start_ms
        for listing in game.listings:
            for market in listing.markets:
                times = [step.at_ms for step in market.steps]
                assert all(before <= after for before, after in pairwise(times))
                assert times[-1] < game.resolve_ms
                levels = dict.fromkeys(
                    [("bid", price) for price, _ in market.opening[0]]
                    + [("ask", price) for price, _ in market.opening[1]]
                )
                for step in market.steps:
                    for change in step.levels:
                        if change.size:
                            levels[change.side, change.price] = None
                        else:
                            levels.pop((change.side, change.price))
                    if step.at_ms == cleared_ms:
                        break
                assert levels == {}


def test_nobody_quotes_while_it_rains(evening: Evening) -> None:
    """From the interruption to its end the books of a game stand still, and go on after it."""
    for game in evening.games:
        for rain, after in pairwise(game.moments):
            if rain.status == "rain_delay":
                times = [
                    step.at_ms
                    for listing in game.listings
                    for market in listing.markets
                    if market.pays
                    for step in market.steps
                ]
                assert not any(rain.at_ms <= at_ms < after.at_ms for at_ms in times)
                assert any(at_ms >= after.at_ms for at_ms in times) == (after.status != "suspended")


def test_there_are_thousands_of_book_updates(evening: Evening) -> None:
    """Fifteen to twenty-eight thousand level changes in one evening."""
    changes = sum(
        len(step.levels)
        for game in evening.games
        for listing in game.listings
        for market in listing.markets
        for step in market.steps
    )
    assert 15_000 < changes < 28_000


def test_extra_games_leave_the_others_as_they_are(evening: Evening) -> None:
    """Sixty of them make four hundred moneyline tokens; no team and no id is used twice."""
    wide = plan_evening(11, "2026-11-20", 60)
    assert wide.games[: len(evening.games)] == evening.games
    assert (len(wide.games), EXTRA_GAMES) == (86, 71)
    markets = [m for game in wide.games for listing in game.listings for m in listing.markets]
    assert sum(2 for market in markets if market.pays) >= 400
    added = wide.games[len(evening.games) :]
    teams = [(g.league.key, team.espn_id) for g in added for team in (g.home, g.away)]
    for ids in (
        teams,
        [game.espn_id for game in wide.games],
        [market.slug for market in markets],
        [market.number for market in markets],
        [token for market in markets for token in market.token_ids],
    ):
        assert len(set(ids)) == len(ids)
