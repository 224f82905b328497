"""The archive: rows written a second, bytes a tick, and how long questions take.

    python -m benchmarks.archive [--millions 1 --millions 10 --millions 50] [--json]

A million ticks of sixty games of one evening, made up with the steps and repetitions of real ones,
go through the archive's own writer in files of 50,000. Larger archives are that evening on more
days: links to the same files, so that a question has as many files to open and rows to read.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from connectors.archive.connect import ask, connect, named_query
from connectors.archive.publish import publish_leftovers
from connectors.archive.restore import PartState
from connectors.archive.writer import PartWriter, archive_directory
from fusion.frames import NS_PER_S
from fusion.rows import GameRow, Row, Tick

TICKS = 1_000_000
SESSION = "20261120T190501Z"
FILE_ROWS = 50_000
ROUNDS = 3
GAMES = 60
LEAGUES = ("nba", "nhl", "ncaamb", "eng.1", "atp", "mlb")
DAY = date(2026, 11, 20)
START_NS = 1_795_201_500 * NS_PER_S
GAME = "nba:401000000"

QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "count of all ticks": ("SELECT count(*) FROM ticks", {}),
    "one game, one day": (
        (
            "SELECT recv_ns, bid, ask, fair FROM ticks WHERE date = $day::DATE AND league = 'nba'"
            " AND game_id = $game_id ORDER BY seq"
        ),
        {"day": f"{DAY}", "game_id": GAME},
    ),
    "last mid of every game of a day": (
        (
            "SELECT game_id, outcome, arg_max((bid + ask) / 2, seq) FROM ticks"
            " WHERE date = $day::DATE GROUP BY ALL"
        ),
        {"day": f"{DAY}"},
    ),
    "freshness": (named_query("freshness"), {}),
    "spread_depth_by_minute of a game": (named_query("spread_depth_by_minute"), {"game_id": GAME}),
    "game_timeline": (named_query("game_timeline"), {"game_id": GAME}),
    "lead_lag of a game": (named_query("lead_lag"), {"game_id": GAME}),
}

GAME_ROW = GameRow(
    seq=0,
    recv_ns=START_NS,
    date=f"{DAY}",
    league="nba",
    game_id=GAME,
    start_ns=START_NS,
    home="Boston Celtics",
    away="New York Knicks",
    state="in",
    status="in_progress",
    completed=False,
    home_score=0,
    away_score=0,
    period=2,
    clock_s=0.0,
    detail="2nd",
    winner=None,
    espn_home_win=None,
)
TICK = Tick(
    seq=0,
    recv_ns=START_NS,
    venue_ms=None,
    date=f"{DAY}",
    league="nba",
    game_id=GAME,
    market_id="",
    token_id="",
    outcome="home",
    cause="book",
    bid=None,
    ask=None,
    bid_size=None,
    ask_size=None,
    home_score=0,
    away_score=0,
    period=2,
    clock_s=0.0,
    state="in",
    status="in_progress",
    fair=None,
    fair_error=0.021,
    cost=None,
    fee=None,
    edge=None,
    lead_move=0.0,
    held=False,
    gate="",
    score_age_s=0.0,
    book_age_s=0.0,
    link="live",
    link_reason="",
    prior="market",
    model="basketball:nba-2",
)


class Asked(msgspec.Struct, frozen=True):
    """How long the questions took, in milliseconds by name, with so many ticks in the archive."""

    ticks: int
    files: int
    query_ms: dict[str, float]


class Result(msgspec.Struct, frozen=True):
    """What writing cost and what questions take."""

    rows_per_s: float
    bytes_per_tick: float
    sizes: tuple[Asked, ...]


def make_rows(count: int, seed: int = 7) -> Iterator[Row]:
    """Yield ticks of an evening, and the rows of games whose score changed.

    A book moves by cents around its mid, sizes repeat seldom, and a score changes every two
    hundred ticks of its game.
    """
    dice = random.Random(seed)  # noqa: S311  (made-up ticks, no secrets)
    mids = [0.5] * GAMES
    scores = [[0, 0] for _ in range(GAMES)]
    recv_ns = START_NS
    for seq in range(count):
        game = dice.randrange(GAMES)
        recv_ns += dice.randrange(2_000_000)
        league = LEAGUES[game % len(LEAGUES)]
        changed = dice.random() < 0.005
        if changed:
            scores[game][dice.randrange(2)] += dice.choice((1, 2, 3))
        home, away = scores[game]
        common: dict[str, Any] = {
            "seq": seq,
            "recv_ns": recv_ns,
            "league": league,
            "game_id": f"{league}:{401_000_000 + game}",
            "home_score": home,
            "away_score": away,
            "clock_s": round(720.0 - (seq * 0.7) % 720.0, 1),
        }
        if changed:
            yield replace(GAME_ROW, **common)
        mids[game] = min(0.98, max(0.02, mids[game] + dice.choice((-0.01, 0.0, 0.0, 0.01))))
        yield replace(TICK, **common, **_prices(dice, game, mids[game], recv_ns))


def _prices(dice: random.Random, game: int, mid: float, recv_ns: int) -> dict[str, Any]:
    """Return what a tick says of one side of a game's market, whose home mid is `mid`."""
    is_home = dice.random() < 0.5
    price = mid if is_home else 1.0 - mid
    fair = round(price + dice.gauss(0.0, 0.02), 6)
    cost = round(price + 0.02, 6)
    return {
        "venue_ms": recv_ns // 1_000_000 - dice.randrange(5, 60),
        "market_id": f"0x{game:064x}",
        "token_id": f"{'7' if is_home else '3'}{game:077}",
        "outcome": "home" if is_home else "away",
        "bid": round(price - 0.01, 4),
        "ask": round(price + 0.01, 4),
        "bid_size": dice.randrange(1, 500_000) / 100,
        "ask_size": dice.randrange(1, 500_000) / 100,
        "fair": fair,
        "cost": cost,
        "fee": round(0.05 * price * (1 - price), 6),
        "edge": round(fair - cost, 6),
        "lead_move": dice.choice((0.0, 0.0, 0.01, -0.01)),
        "score_age_s": round(dice.uniform(0.0, 5.0), 3),
    }


def write(data_dir: Path, count: int) -> float:
    """Write that many ticks through the archive's writer; return rows a second until published."""
    writer = PartWriter(data_dir, "rows-0", PartState(SESSION), now_s=0.0)
    rows = make_rows(count)
    seconds, written = 0.0, 0
    while batch := list(islice(rows, FILE_ROWS * len(LEAGUES))):
        start_s = time.perf_counter()
        writer.write(batch, 0.0)
        writer.snapshot(0.0)
        seconds += time.perf_counter() - start_s
        written += len(batch)
    start_s = time.perf_counter()
    writer.close()
    publish_leftovers(data_dir, SESSION)
    return written / (seconds + time.perf_counter() - start_s)


def link_days(data_dir: Path, days: int) -> None:
    """Let the evening be in the archive on so many days."""
    for folder in archive_directory(data_dir).glob(f"*/date={DAY}/*"):
        table = folder.parents[1]
        for later in range(1, days):
            other = table / f"date={DAY + timedelta(days=later)}" / folder.name
            if not other.exists():
                other.mkdir(parents=True)
                for file in folder.iterdir():
                    os.link(file, other / file.name)


def time_questions(data_dir: Path) -> Asked:
    """Return how long each question takes, the best of some rounds on a connection of its own."""
    taken: dict[str, float] = {}
    with connect(data_dir) as connection:
        for name, (sql, parameters) in QUESTIONS.items():
            rounds = []
            for _ in range(ROUNDS):
                start_s = time.perf_counter()
                ask(connection, sql, parameters)
                rounds.append(time.perf_counter() - start_s)
            taken[name] = round(min(rounds) * 1e3, 1)
        count = ask(connection, "SELECT count(*) AS n FROM ticks").to_pylist()[0]["n"]
    files = sum(1 for _ in archive_directory(data_dir).glob("ticks/*/*/*.parquet"))
    return Asked(count, files, taken)


def measure(data_dir: Path, millions: tuple[int, ...], ticks: int) -> Result:
    """Write an evening of `ticks`, then ask at each size."""
    rows_per_s = write(data_dir, ticks)
    files = list(archive_directory(data_dir).glob("ticks/*/*/*.parquet"))
    size = sum(file.stat().st_size for file in files)
    sizes = []
    for days in sorted(millions):
        link_days(data_dir, days)
        sizes.append(time_questions(data_dir))
    return Result(round(rows_per_s), round(size / ticks, 1), tuple(sizes))


def show(result: Result) -> None:
    """Print a result for reading."""
    print(f"written {result.rows_per_s:,.0f} rows/s, {result.bytes_per_tick:.1f} bytes a tick")
    print(f"{'ms, best of ' + str(ROUNDS):36}" + "".join(f"{s.ticks:>14,}" for s in result.sizes))
    for name in QUESTIONS:
        print(f"{name:36}" + "".join(f"{s.query_ms[name]:14,.1f}" for s in result.sizes))


@click.command()
@click.option(
    "--millions",
    type=click.IntRange(1),
    multiple=True,
    default=(1, 10),
    show_default=True,
    help="Sizes to ask at, in evenings.",
)
@click.option("--ticks", type=click.IntRange(1), default=TICKS, show_default=True, help="A day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def main(millions: tuple[int, ...], ticks: int, as_json: bool) -> None:
    """Measure writing and asking."""
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), millions, ticks)
    show(result)
    if as_json:
        print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
