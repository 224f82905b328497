from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fusion.game import SetScore
from fusion.leagues import LEAGUES
from simulator.listing import Face, first_wins, hex_id, titles, token_id
from simulator.plan import Moment, Scene, SideTeam
from simulator.teams import TEAMS

START = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


def team(league: str, code: str) -> SideTeam:
    """Return a team by its ESPN code."""
    return next(side for side in TEAMS[league] if side.espn_code == code)


@pytest.mark.parametrize(
    ("key", "home", "away", "slug", "title"),
    [
        ("nba", "SA", "NY", "nba-nyk-sas-2026-11-20", "Knicks vs. Spurs"),
        ("nfl", "LAR", "SF", "nfl-sf-la-2026-11-21", "49ers vs. Rams"),
        ("nhl", "VGK", "MTL", "nhl-mon-las-2026-11-20", "Canadiens vs. Golden Knights"),
        ("mlb", "BOS", "TOR", "mlb-tor-bos-2026-11-20", "Toronto Blue Jays vs. Boston Red Sox"),
        ("cfb", "KU", "UGA", "cfb-ga-kan-2026-11-20", "Georgia vs. Kansas"),
        ("ncaamb", "DUKE", "UNC", "cbb-nc-duke-2026-11-20", "North Carolina vs. Duke"),
        ("eng.1", "ARS", "MNC", "epl-ars-mac-2026-11-20", "Arsenal vs. Manchester City"),
    ],
)
def test_slugs_and_titles_are_the_venues(
    key: str, home: str, away: str, slug: str, title: str
) -> None:
    """Order, codes and date as seen per league; the NFL's date is UTC."""
    league = LEAGUES[key]
    listed = titles(league, team(key, home), team(key, away), START, np.random.default_rng(1))
    assert (listed[0].slug, listed[0].title) == (slug, title)


def test_a_match_has_three_yes_or_no_markets_and_a_companion() -> None:
    """Home, draw and away share the game's event; totals stand in another."""
    game, more = titles(
        LEAGUES["eng.1"],
        team("eng.1", "ARS"),
        team("eng.1", "MNC"),
        START,
        np.random.default_rng(1),
    )
    assert [(face.slug, face.question, face.pays) for face in game.faces] == [
        ("epl-ars-mac-2026-11-20-ars", "Will Arsenal win on 2026-11-20?", "home"),
        (
            "epl-ars-mac-2026-11-20-draw",
            "Will Arsenal vs. Manchester City end in a draw?",
            "draw",
        ),
        ("epl-ars-mac-2026-11-20-mac", "Will Manchester City win on 2026-11-20?", "away"),
    ]
    assert {face.outcomes for face in game.faces} == {("Yes", "No")}
    assert (more.slug, more.faces[0].market_type) == (
        "epl-ars-mac-2026-11-20-more-markets",
        "totals",
    )


def test_outcomes_are_sometimes_swapped_and_pay_for_the_named_side() -> None:
    """The first outcome's name tells whom the first token pays for, whatever the slug says."""
    home, away = team("nba", "SA"), team("nba", "NY")
    seen = set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        faces = titles(LEAGUES["nba"], home, away, START, rng)[0].faces
        money = next(face for face in faces if face.market_type == "moneyline")
        seen.add((money.outcomes, money.pays))
        assert [face.market_type for face in faces] == ["totals", "moneyline", "spreads"]
    assert seen == {(("Knicks", "Spurs"), "away"), (("Spurs", "Knicks"), "home")}


def over(home: int, away: int, text: str = "", scene: Scene | None = None) -> tuple[Moment, ...]:
    """Return the moments of a game that is over at a score, which home won."""
    return (Moment(0, "final", 4, 0.0, home, away, (1.0, 0.0, 0.0), scene or Scene(), text),)


def test_side_markets_are_settled_by_their_line() -> None:
    """Over 8.5 needs nine; home at -3.5 needs four more."""
    total = Face("", "", ("Over", "Under"), "", "totals", None, 8.5)
    spread = Face("", "", ("A", "B"), "", "spreads", None, -3.5)
    assert [first_wins(total, over(5, score)) for score in (3, 4)] == [False, True]
    assert [first_wins(spread, over(score, 2)) for score in (5, 6)] == [False, True]


def test_a_match_is_settled_by_its_games_and_a_bout_by_its_end() -> None:
    """Twenty-two games are under 22.5; only the judges decide a fight that goes the distance."""
    games = Face("", "", ("Over", "Under"), "", "tennis_match_totals", None, 22.5)
    played = [SetScore(6, 4), SetScore(6, 6)]
    for last, expected in ((SetScore(0, 0), False), (SetScore(1, 0), True)):
        moments = over(2, 0, scene=Scene(sets=(*played, last)))
        assert first_wins(games, moments) is expected
    distance = Face("", "", ("Yes", "No"), "", "ufc_go_the_distance", None)
    assert [first_wins(distance, over(0, 0, text)) for text in ("Finish", "Decision")] == [
        False,
        True,
    ]


def test_the_winner_is_who_the_truth_says() -> None:
    """Whatever the score of extra time; nobody wins a game that has no result."""
    home = Face("", "", ("Yes", "No"), "", "moneyline", "home")
    draw = Face("", "", ("Yes", "No"), "", "moneyline", "draw")
    level = (Moment(0, "final_aet", 4, 0.0, 2, 1, (0.0, 1.0, 0.0)),)
    put_off = (Moment(0, "postponed", 0, 0.0, 0, 0, (0.6, 0.2, 0.2)),)
    assert [first_wins(face, level) for face in (home, draw)] == [False, True]
    assert [first_wins(face, put_off) for face in (home, draw)] == [False, False]


def test_a_second_game_of_a_day_has_a_number_in_its_slug() -> None:
    """All of its markets too."""
    (listed,) = titles(
        LEAGUES["mlb"],
        team("mlb", "BOS"),
        team("mlb", "TOR"),
        START,
        np.random.default_rng(1),
        meeting=2,
    )
    assert listed.slug == "mlb-tor-bos-2026-11-20-2"
    assert [face.slug.removeprefix(listed.slug) for face in listed.faces] == [
        "-total-8pt5",
        "",
        "-spread-home-1pt5",
    ]


def test_some_leagues_state_no_type() -> None:
    """The moneylines of La Liga and of men's college basketball; their totals have one."""
    for key in ("esp.1", "ncaamb"):
        league, (home, away, *_) = LEAGUES[key], TEAMS[key]
        listed = titles(league, home, away, START, np.random.default_rng(1))
        kinds = {face.market_type for title in listed for face in title.faces if face.pays}
        sides = {face.market_type for title in listed for face in title.faces if not face.pays}
        assert kinds == {""}
        assert "totals" in sides


def test_ids_look_like_the_venues() -> None:
    """Seventy-seven digits without a leading zero, and 32 bytes in hexadecimal."""
    rng = np.random.default_rng(1)
    tokens = [token_id(rng) for _ in range(50)]
    assert {len(token) for token in tokens} == {77}
    assert not any(token.startswith("0") for token in tokens)
    assert len(hex_id(rng)) == 66
