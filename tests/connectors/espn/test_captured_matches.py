"""Captured matches, one of each kind, against what a reader finds in them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from connectors.espn.parse import Scoreboard, parse_scoreboard
from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES

Matches = Callable[[str], dict[str, GameState]]
Nanoseconds = Callable[[str], int]
OLD, NEW = "tennis/2022-in-competitions-layout.json", "tennis/2023-in-post-groupings-layout.json"
CARD = "Open BLS de Limoges"


def test_in_play_in_2022(matches: Matches, ns: Nanoseconds) -> None:
    """The first set stands 1-4, and the link in the situation names the second player."""
    assert matches(OLD)["128753"] == GameState(
        game_id="wta:128753",
        league="wta",
        start_ns=ns("2022-12-15T13:20:00+00:00"),
        home=Team("1371", "", "Ana Bogdan", ("A. Bogdan", "Bogdan")),
        away=Team("2902", "", "Anna Blinkova", ("A. Blinkova", "Blinkova")),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=0,
        away_score=0,
        period=1,
        clock_s=None,
        detail="1st Set",
        situation=Situation(server="away"),
        sets=(SetScore(1, 4),),
        best_of=3,
        card=CARD,
    )


def test_in_play_in_2023(matches: Matches, ns: Nanoseconds) -> None:
    """The match has just begun, and the second player is marked as serving."""
    assert matches(NEW)["140272"] == GameState(
        game_id="wta:140272",
        league="wta",
        start_ns=ns("2023-12-16T15:40:00+00:00"),
        home=Team("3157", "", "Cristina Bucsa", ("C. Bucsa", "Bucsa")),
        away=Team("2902", "", "Anna Blinkova", ("A. Blinkova", "Blinkova")),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=0,
        away_score=0,
        period=1,
        clock_s=None,
        detail="1st Set",
        situation=Situation(server="away"),
        sets=(SetScore(0, 0),),
        best_of=3,
        card=CARD,
    )


def test_retired(matches: Matches, ns: Nanoseconds) -> None:
    """6-4 3-1 and given up: one set, the second open, and the flagged player has won."""
    assert matches(NEW)["140276"] == GameState(
        game_id="wta:140276",
        league="wta",
        start_ns=ns("2023-12-13T09:00:00+00:00"),
        home=Team("4104", "", "Susan Bandecchi", ("S. Bandecchi", "Bandecchi")),
        away=Team("1492", "", "Nigina Abduraimova", ("N. Abduraimova", "Abduraimova")),
        phase="post",
        status="retired",
        completed=True,
        home_score=0,
        away_score=1,
        period=2,
        clock_s=None,
        detail="Retired",
        winner="away",
        sets=(SetScore(4, 6, winner="away"), SetScore(1, 3)),
        best_of=3,
        card=CARD,
    )


def test_walkover(matches: Matches, ns: Nanoseconds) -> None:
    """A walkover of an unknown hour: no set, and the flagged player has won."""
    assert matches(OLD)["128754"] == GameState(
        game_id="wta:128754",
        league="wta",
        start_ns=ns("2022-12-12T05:00:00+00:00"),
        home=Team("2506", "", "Anna-Lena Friedsam", ("A. Friedsam", "Friedsam")),
        away=Team("12171", "", "Jenny Lim", ("J. Lim", "Lim")),
        phase="post",
        status="walkover",
        completed=True,
        home_score=0,
        away_score=0,
        period=1,
        clock_s=None,
        detail="Walkover",
        start_known=False,
        winner="away",
        best_of=3,
        card=CARD,
    )


def test_scheduled(matches: Matches, ns: Nanoseconds) -> None:
    """A scheduled match has no set yet, though its status says period 1."""
    assert matches(NEW)["140280"] == GameState(
        game_id="wta:140280",
        league="wta",
        start_ns=ns("2023-12-16T17:30:00+00:00"),
        home=Team("7438", "", "Erika Andreeva", ("E. Andreeva", "Andreeva")),
        away=Team("6061", "", "Elsa Jacquemot", ("E. Jacquemot", "Jacquemot")),
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
        detail="Sat, December 16th at 12:30 PM EST",
        best_of=3,
        card=CARD,
    )


def test_half_undecided(matches: Matches, ns: Nanoseconds) -> None:
    """A semifinal with one side known is a game whose start is not."""
    assert matches(OLD)["128757"] == GameState(
        game_id="wta:128757",
        league="wta",
        start_ns=ns("2022-12-16T05:00:00+00:00"),
        home=Team("2411", "", "Anhelina Kalinina", ("A. Kalinina", "Kalinina")),
        away=Team("2147483647", "", "TBD"),
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
        detail="12/16 - TBD",
        start_known=False,
        best_of=3,
        card=CARD,
    )


def test_a_bare_competition(shared: Path, ns: Nanoseconds) -> None:
    """A semifinal of five sets, saved without its tournament and with the away side first."""
    body = gzip.decompress(
        (shared / "captures" / "pairs" / "tennis-two-way-lastname.json.gz").read_bytes()
    )
    pair: dict[str, Any] = msgspec.json.decode(body)

    found = parse_scoreboard(msgspec.json.encode(pair["espn"]), LEAGUES["atp"])

    expected = GameState(
        game_id="atp:168572",
        league="atp",
        start_ns=ns("2026-01-30T10:20:00+00:00"),
        home=Team("296", "", "Novak Djokovic", ("N. Djokovic", "Djokovic")),
        away=Team("3623", "", "Jannik Sinner", ("J. Sinner", "Sinner")),
        phase="post",
        status="final",
        completed=True,
        home_score=3,
        away_score=2,
        period=5,
        clock_s=None,
        detail="Final",
        winner="home",
        sets=(
            SetScore(3, 6, winner="away"),
            SetScore(6, 3, winner="home"),
            SetScore(4, 6, winner="away"),
            SetScore(6, 4, winner="home"),
            SetScore(6, 4, winner="home"),
        ),
        best_of=5,
    )
    assert found == Scoreboard(games=(expected,))
