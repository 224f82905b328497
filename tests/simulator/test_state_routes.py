from __future__ import annotations

import asyncio
from typing import Any

import pytest
import requests
from evening_server import playing
from msgspec import structs

from fusion.market import PRICE_ONE
from simulator.plan import Evening
from simulator.state_routes import books_json, state_json, truth_json
from simulator.venue import Venue


@pytest.fixture(scope="module")
def game(evening: Evening) -> Evening:
    """Return an evening of its first game."""
    return structs.replace(evening, games=evening.games[:1])


def test_every_book_is_told_from_both_sides(game: Evening) -> None:
    """Ladders best first, the second token's the mirror of the first's, as `/books` shows them."""

    async def run() -> None:
        async with playing(game, "", 1.0) as played:
            told = (await played.get("/simulator/books")).json()
            one, two = played.tokens[:2]
            rest = (await played.post_books([one, two])).json()
        assert told.keys() == set(played.venue.by_token)
        assert told[two]["bids"] == [[PRICE_ONE - p, s] for p, s in told[one]["asks"]]
        for token, row in zip((one, two), rest, strict=True):
            book = told[token]
            assert (book["hash"], str(book["timestamp"])) == (row["hash"], row["timestamp"])
            bids = [
                [round(float(x["price"]) * 1e4), round(float(x["size"]) * 1e6)] for x in row["bids"]
            ]
            asks = [
                [round(float(x["price"]) * 1e4), round(float(x["size"]) * 1e6)] for x in row["asks"]
            ]
            assert (book["bids"], book["asks"]) == (bids[::-1], asks[::-1])
            assert (book["best_bid"], book["best_ask"]) == (bids[-1][0], asks[-1][0])
            assert (book["market"], book["resolved"]) == (row["market"], False)

    asyncio.run(run())


def test_an_empty_side_has_no_best(game: Evening) -> None:
    """Null, and an empty ladder."""
    venue = Venue(game, 1.0)
    (token, *_) = venue.by_token
    book, _ = venue.by_token[token]
    book.sides["bid"].clear()
    told = books_json(venue)[token]
    assert (told["best_bid"], told["bids"]) == (None, [])


def test_the_state_before_the_start(game: Evening) -> None:
    """Nobody came, nothing went wrong, nothing is over."""
    told = state_json(Venue(game, 1.0))
    assert (told["elapsed_s"], told["connections"], told["faults"], told["over"]) == (
        0.0,
        0,
        [],
        False,
    )


def test_the_state_tells_no_score_before_the_end(launch: Any) -> None:
    """Seed, speed, day, games and happenings; the truth is kept elsewhere, and starts at zero."""
    url = launch("--speed", "1", "--seed", "11")["url"]
    state = requests.get(f"{url}/simulator", timeout=10).json()
    assert (state["seed"], state["speed"], state["date"], state["over"]) == (
        11,
        1.0,
        "2026-11-20",
        False,
    )
    assert len(state["games"]) == 26
    assert not any("home_score" in game for game in state["games"])
    truth = requests.get(f"{url}/simulator/truth", timeout=10).json()
    assert truth.keys() == {game["game_id"] for game in state["games"]}
    steps = [game["steps"] for game in truth.values()]
    assert all(rows[0][0] == 0 and rows[0][4:] == [0, 0] for rows in steps)


def test_chosen_games_are_told_from_others(evening: Evening) -> None:
    """Those that were asked for an overtime, a shootout, a tie break or a retirement."""
    venue = Venue(evening, 1.0)
    chosen = {key for key, game in truth_json(venue).items() if game["selected"]}
    told = state_json(venue)["happenings"]
    assert sorted(key.partition(":")[0] for key in chosen) == [
        "atp",
        "atp",
        "fifa.world",
        "nba",
        "nhl",
    ]
    assert isinstance(told, dict)
    assert chosen <= told.keys()
