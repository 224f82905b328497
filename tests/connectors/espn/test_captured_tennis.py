"""Captured tournaments against what a reader finds in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.game import GameState, SetScore
from fusion.leagues import LEAGUES

Read = Callable[[str], bytes]
Matches = Callable[[str], dict[str, GameState]]
OLD, NEW = "tennis/2022-in-competitions-layout.json", "tennis/2023-in-post-groupings-layout.json"
CARD = "Open BLS de Limoges"

MATCHES_2022 = """
    128726 Fett Garland 6-4 6-3 home
    128727 Partaud Lim 7-6(7-5) 6-3 home
    128725 Reyngold Dartron 6-4 6-2 home
    128724 Makarova Inoue 6-7(5-7) 6-0 6-2 home
    128739 Fett Zuger 6-2 7-6(7-3) home
    128750 Scott Makarova 6-3 6-3 home
    128735 Dartron Albie 3-6 3-6 away
    128751 Bogdan Stefanini 6-1 6-2 home
    128730 Kenin Blinkova 4-6 4-6 away
    128731 Minnen Mandlik 6-4 6-3 home
    128754 Friedsam Lim away
    128733 Bronzetti Burrage 6-4 6-4 home
    128744 Reyngold Partaud 6-0 6-2 home
    128752 Monnet Kalinina 4-6 0-6 away
    128729 Kostyuk Garland 6-2 6-3 home
    128738 Berberovic Burel 4-6 2-6 away
    128746 Zhang Ponchet 2-6 6-2 6-3 home
    128736 Mladenovic Tauson 5-7 6-7(3-7) away
    128734 Gracheva Cornet 3-6 6-4 6-2 home
    128741 Bogdan Scott 6-3 7-5 home
    128737 Andreeva Sasnovich home
    128740 Minnen Blinkova 6-7(4-7) 5-7 away
    128742 Lim Kalinina 0-6 0-6 away
    128743 Zhang Reyngold 6-1 6-3 home
    128749 Kostyuk Tauson 6-7(6-8) 4-6 away
    128748 Albie Gracheva 0-6 3-6 away
    128745 Burel Andreeva 7-5 6-4 home
    128747 Bronzetti Fett 6-4 6-2 home
    128755 Zhang Kalinina 3-6 1-6 away
    128753 Bogdan Blinkova 1-4 None
    128728 Tauson Gracheva None
    128732 Bronzetti Burel None
    128757 Kalinina TBD None
"""
"""Every match of the 2022 board: its id, home, away, the sets from home's side, who has won."""


def played(one: SetScore, *, turned: bool = False) -> str:
    """Return a set as it is written, from the side of home or, turned, of away."""
    games, points = (one.home, one.away), (one.home_tiebreak, one.away_tiebreak)
    if turned:
        games, points = games[::-1], points[::-1]
    return "{}-{}".format(*games) + ("({}-{})".format(*points) if None not in points else "")


def test_every_match_of_2022(matches: Matches) -> None:
    """All matches of the older layout have their sides by `order`, their sets and their winner."""
    seen = [
        " ".join(
            [
                game_id,
                game.home.name.split()[-1],
                game.away.name.split()[-1],
                *map(played, game.sets),
                str(game.winner),
            ]
        )
        for game_id, game in matches(OLD).items()
    ]

    assert seen == [line.strip() for line in MATCHES_2022.strip().splitlines()]


def test_every_result_of_2023(capture: Read, matches: Matches) -> None:
    """All results are those of the sentence that ESPN adds, such as `A (Sui) bt B (Fra) 6-4 6-4`.

    The sentence of the walkover names the winner wrongly: the flag is on Tan, who is the one to
    play the quarterfinal.
    """
    (event,) = msgspec.json.decode(capture(NEW))["events"]
    found = matches(NEW)
    told, seen = {}, {}
    for competition in event["groupings"][0]["competitions"]:
        sentence = next((note["text"] for note in competition["notes"]), "")
        words = re.fullmatch(
            r"(?:\(\d+\) )?(.+) \(\w+\) bt (?:\(\d+\) )?(.+) \(\w+\) (.+)", sentence
        )
        if words is None:
            continue
        game = found[competition["id"]]
        away = game.winner == "away"
        ending = {"final": [], "retired": ["ret"], "walkover": ["w/o"]}[game.status]
        told[game.game_id] = (words[1], words[2], words[3].replace(" (", "("))
        seen[game.game_id] = (
            (game.away if away else game.home).name,
            (game.home if away else game.away).name,
            " ".join([*(played(one, turned=away) for one in game.sets), *ending]),
        )

    assert len(told) == 31
    assert told.pop("wta:141083") == ("Alize Cornet", "Harmony Tan", "w/o")
    assert seen.pop("wta:141083") == ("Harmony Tan", "Alize Cornet", "w/o")
    assert told == seen


@pytest.mark.parametrize(
    ("path", "phases", "statuses", "refused"),
    [
        (OLD, {"post": 29, "in": 1, "pre": 3}, {"final": 27, "walkover": 2}, "2 of 35"),
        (
            NEW,
            {"post": 31, "in": 1, "pre": 1},
            {"final": 29, "walkover": 1, "retired": 1},
            "1 of 34",
        ),
    ],
)
def test_counts(
    capture: Read,
    path: str,
    phases: dict[str, int],
    statuses: dict[str, int],
    refused: str,
) -> None:
    """Every match is a game of the card, but those of which neither side is known."""
    found = parse_scoreboard(capture(path), LEAGUES["wta"])

    assert Counter(game.phase for game in found.games) == phases
    assert Counter(game.status for game in found.games if game.completed) == statuses
    assert {game.card for game in found.games} == {CARD}
    assert {game.best_of for game in found.games} == {3}
    assert [(each.reason, each.detail) for each in found.refusals] == [
        ("undecided_match", f"{refused} in {CARD}: neither side is known yet")
    ]
