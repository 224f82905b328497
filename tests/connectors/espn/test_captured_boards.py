"""Every captured board gives games or named refusals; the counts are taken by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.game import GameState
from fusion.leagues import LEAGUES

Games = Callable[[str, str], dict[str, GameState]]
Read = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("path", "league", "phases"),
    [
        ("cfb/20220917-in-halftime.json.gz", "cfb", {"pre": 7, "in": 17, "post": 1}),
        ("cfb/2026-delayed.json", "cfb", {"in": 1}),
        ("mlb/20220911-in-rain-delay-mid-inning.json.gz", "mlb", {"pre": 5, "in": 10}),
        ("nba/20251127T0106Z-halftime-endperiod-in.json.gz", "nba", {"pre": 4, "in": 4, "post": 1}),
        ("nba/20251129-sequence/1-T0459Z.json.gz", "nba", {"in": 4, "post": 7}),
        ("nba/20251129-sequence/2-T0525Z.json.gz", "nba", {"in": 1, "post": 10}),
        ("nba/20260219-empty.json", "nba", {}),
        ("nba/20260225-pre.json.gz", "nba", {"pre": 11}),
        ("ncaamb/20260317-pre-neutral-site.json", "ncaamb", {"pre": 2}),
        ("nfl/20220812-in-halftime.json", "nfl", {"pre": 9, "in": 5, "post": 2}),
        ("nfl/20220911-in-q4.json.gz", "nfl", {"pre": 6, "in": 8, "post": 2}),
        ("nfl/20231209-pre-post.json", "nfl", {"pre": 14, "post": 1}),
        ("nfl/2026-in-extra-point-neutral-site.json", "nfl", {"in": 1}),
        ("nhl/20251127T0106Z-endperiod-in.json.gz", "nhl", {"pre": 6, "in": 9}),
        ("soccer/eng.1/post-postponed.json", "eng.1", {"post": 5}),
        ("soccer/fifa.world/20221218-penalties.json", "fifa.world", {"post": 1}),
        ("soccer/fifa.world/20260629-in.json", "fifa.world", {"pre": 1, "in": 1, "post": 1}),
        ("soccer/usa.1/20220917-in.json.gz", "usa.1", {"pre": 5, "in": 4, "post": 2}),
        ("wnba/post.json", "wnba", {"post": 2}),
    ],
)
def test_every_event_of_a_board_becomes_a_game(
    games: Games, path: str, league: str, phases: dict[str, int]
) -> None:
    """Every captured event of a team sport gives a game in the phase it shows."""
    assert phases == Counter(game.phase for game in games(path, league).values())


@pytest.mark.parametrize(
    ("path", "league", "reasons"),
    [
        ("errors/http400-body.json", "nfl", ["error_body"]),
        ("errors/http400-body-undecoded-gzip.bin", "nfl", ["gzip_bytes"]),
        ("tennis/2022-in-competitions-layout.json", "atp", ["other_draw"]),
        ("tennis/2023-in-post-groupings-layout.json", "atp", ["other_draw"]),
        ("tennis/2022-in-competitions-layout.json", "ufc", ["unsupported_layout"]),
        ("tennis/2022-in-competitions-layout.json", "nba", ["unsupported_layout"]),
        ("tennis/2023-in-post-groupings-layout.json", "nba", ["unsupported_layout"]),
        ("ufc/20221217-in.json", "wta", ["unsupported_layout"]),
        ("ufc/20221217-in.json", "nba", ["unsupported_layout"]),
        ("other/golf.json.gz", "nba", ["unsupported_layout"]),
        ("other/cricket.json", "eng.1", ["unsupported_layout"] * 3),
    ],
)
def test_what_the_league_does_not_play_is_refused_by_name(
    capture: Read, path: str, league: str, reasons: list[str]
) -> None:
    """Errors, other sports, other draws, golf and cricket are refusals, one an event."""
    board = parse_scoreboard(capture(path), LEAGUES[league])

    assert board.games == ()
    assert reasons == [refusal.reason for refusal in board.refusals]
