"""Hypothesis strategies for the states of games: all that a parser can make, and worse."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES, League
from models.protocol import Prior

SIDES = st.sampled_from(["home", "away", None])
STATUSES = st.sampled_from(
    ["in_progress", "halftime", "end_period", "shootout", "final", "final_aet", "final_pen",
     "postponed", "walkover", "retired", "delayed", "no_such_status", ""]
)  # fmt: skip
SCORES = st.one_of(st.integers(0, 12), st.integers(0, 150), st.sampled_from([0, 999]))
CLOCKS = st.one_of(
    st.none(),
    st.sampled_from([0.0, 0.5, 1.0, 300.0, 600.0, 720.0, 900.0, 1200.0, 2700.0, 5400.0, 1e15]),
    st.floats(-10.0, 8000.0),
)
PERIODS = st.one_of(st.integers(1, 6), st.sampled_from([-1, 0, 7, 12, 99]))
SITUATIONS = st.builds(
    Situation,
    possession=SIDES,
    down=st.sampled_from([None, -1, 0, 1, 2, 3, 4, 7]),
    distance=st.one_of(st.none(), st.integers(-5, 300)),
    yards_to_goal=st.one_of(st.none(), st.integers(-5, 300), st.integers(1, 99)),
    home_timeouts=st.one_of(st.none(), st.integers(-1, 4)),
    away_timeouts=st.one_of(st.none(), st.integers(-1, 4)),
    outs=st.one_of(st.none(), st.integers(-1, 4)),
    bases=st.one_of(st.none(), st.integers(-1, 9)),
    bottom=st.sampled_from([None, False, True]),
    between_halves=st.booleans(),
    home_reds=st.integers(-1, 12),
    away_reds=st.integers(-1, 12),
    home_shootout=st.one_of(st.none(), st.integers(0, 9)),
    away_shootout=st.one_of(st.none(), st.integers(0, 9)),
    server=SIDES,
)
SETS = st.lists(
    st.builds(
        SetScore,
        home=st.one_of(st.integers(0, 7), st.integers(-1, 99)),
        away=st.one_of(st.integers(0, 7), st.integers(-1, 99)),
        winner=SIDES,
    ),
    max_size=6,
).map(tuple)
TWO_WAY = st.floats(0.005, 0.995).map(lambda home: (home, 0.0, 1.0 - home))
THREE_WAY = st.tuples(*[st.floats(0.02, 1.0)] * 3).map(
    lambda sides: (sides[0] / sum(sides), sides[1] / sum(sides), sides[2] / sum(sides))
)
SOURCES = st.sampled_from(["market", "odds", "league"])

_SWAPPED = {"home": "away", "away": "home"}


def priors(league: League) -> st.SearchStrategy[Prior]:
    """Return priors of a game of the league, from nearly no chance to nearly sure."""
    return _priors(THREE_WAY if league.three_way else TWO_WAY)


def likely_priors(league: League) -> st.SearchStrategy[Prior]:
    """Return priors whose draw is as likely as goals make it."""
    drawn = st.tuples(st.floats(0.2, 0.3), st.floats(0.15, 0.85))
    sides = drawn.map(lambda at: ((1 - at[0]) * at[1], at[0], (1 - at[0]) * (1 - at[1])))
    return _priors(sides if league.three_way else TWO_WAY)


def _priors(sides: st.SearchStrategy[tuple[float, float, float]]) -> st.SearchStrategy[Prior]:
    return st.builds(lambda at, source: Prior(at[0], at[1], at[2], source), sides, SOURCES)


def states(key: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[GameState]:
    """Return states of games of a league, sensible or not; `fields` are made otherwise."""
    tennis = LEAGUES[key].sport == "tennis"
    made: dict[str, st.SearchStrategy[Any]] = {
        "phase": st.sampled_from(["in", "in", "in", "pre", "post"]),
        "status": STATUSES,
        "completed": st.booleans(),
        "home_score": st.integers(0, 4) if tennis else SCORES,
        "away_score": st.integers(0, 4) if tennis else SCORES,
        "period": PERIODS,
        "clock_s": CLOCKS,
        "in_break": st.booleans(),
        "neutral_site": st.booleans(),
        "winner": st.sampled_from([None, "home", "away", "draw"]),
        "start_ns": st.sampled_from([0, 1_560_000_000_000_000_000, 1_780_000_000_000_000_000]),
        "situation": SITUATIONS,
        "sets": SETS if tennis else st.just(()),
        "best_of": st.sampled_from([0, 1, 3, 5, 7]),
        **fields,
    }
    return st.builds(
        GameState,
        game_id=st.just(f"{key}:1"),
        league=st.just(key),
        home=st.just(Team("1", "HOM", "Home")),
        away=st.just(Team("2", "AWY", "Away")),
        **made,
    )


def mirrored(state: GameState) -> GameState:
    """Return the same game with the sides exchanged."""
    at = state.situation
    swapped = _SWAPPED.get
    return msgspec.structs.replace(
        state,
        home_score=state.away_score,
        away_score=state.home_score,
        winner=swapped(state.winner or "", state.winner),
        sets=tuple(
            msgspec.structs.replace(
                each, home=each.away, away=each.home, winner=swapped(each.winner or "")
            )
            for each in state.sets
        ),
        situation=msgspec.structs.replace(
            at,
            possession=swapped(at.possession or ""),
            server=swapped(at.server or ""),
            home_timeouts=at.away_timeouts,
            away_timeouts=at.home_timeouts,
            home_reds=at.away_reds,
            away_reds=at.home_reds,
            home_shootout=at.away_shootout,
            away_shootout=at.home_shootout,
        ),
    )


def mirrored_prior(prior: Prior) -> Prior:
    """Return the prior of the same game with the sides exchanged."""
    return Prior(home=prior.away, draw=prior.draw, away=prior.home, source=prior.source)
