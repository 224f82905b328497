"""The named queries on rows made by hand, so that every figure can be told beforehand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from factories import GAME, START_NS
from live_archive import write_archive
from rows import DAY, final, game_row, letter, signal, tick

from connectors.archive.connect import ask, connect, named_query, query_names
from fusion.errors import ArchiveError
from fusion.rows import Row, SlateRow

S = 1_000_000_000
AT = datetime.fromtimestamp(START_NS // S, UTC).replace(tzinfo=None)


def asked(folder: Path, rows: list[Row], name: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the answer of a named query to a new archive of these rows."""
    data_dir = folder / f"data{len(list(folder.iterdir()))}"
    with connect(write_archive(data_dir, rows)) as connection:
        answer: list[dict[str, Any]] = ask(connection, named_query(name), parameters).to_pylist()
    return answer


def values(answer: list[dict[str, Any]], columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of an answer."""
    return [tuple(row[column] for column in columns.split(", ")) for row in answer]


def slated(**changes: Any) -> SlateRow:
    """Return the row of a matched outcome, with `changes`."""
    row: dict[str, Any] = {
        "seq": 1,
        "recv_ns": START_NS,
        "date": DAY,
        "league": "nba",
        "game_id": GAME,
        "event_slug": "nba-nyk-bos-2026-11-18",
        "start_ns": START_NS,
        "home": "Boston Celtics",
        "away": "New York Knicks",
        "kind": "two_way",
        "selection": "home",
        "market_id": "0x1",
        "market_slug": "nba-nyk-bos-2026-11-18",
        "token_id": "1001",
        "outcome": "Celtics",
        "evidence": "both by name",
        "reason": "",
        "detail": "",
    }
    return SlateRow(**row | changes)


def refused(reason: str, **changes: Any) -> SlateRow:
    """Return a refusal, with `changes`."""
    return slated(reason=reason, token_id="", selection="", evidence="", **changes)


def test_unknown_query_lists_those_there_are() -> None:
    """A name that is no query is answered with the names."""
    assert query_names() == [
        "calibration",
        "coverage",
        "dead_letters_by_reason",
        "freshness",
        "game_timeline",
        "lead_lag",
        "signals_with_outcome",
        "spread_depth_by_minute",
    ]
    with pytest.raises(ArchiveError) as caught:
        named_query("../connect")
    assert str(caught.value) == (
        f"no query is called '../connect'; use one of {', '.join(query_names())}"
    )


@pytest.mark.parametrize("name", query_names())
def test_head_of_a_query_tells_every_parameter(name: str) -> None:
    """Each `$name` is explained in a line of the head, and nothing else is."""
    lines = named_query(name).splitlines()
    head = [line for line in lines if line.startswith("-- ")]
    told = {line.split()[1].rstrip(":") for line in head if line.startswith("-- $")}
    used = {
        "$" + word.split("::")[0].strip("(),;")
        for line in lines
        if not line.startswith("--")
        for word in line.split("$")[1:]
        for word in [word.split()[0]]
    }
    assert lines[0].startswith("-- ")
    assert told == used


@pytest.mark.parametrize("name", [name for name in query_names() if name != "game_timeline"])
def test_query_answers_an_empty_archive(tmp_path: Path, name: str) -> None:
    """Where there is nothing the answer has no rows, and what was left out has its default."""
    tmp_path.joinpath("archive").mkdir()
    with connect(tmp_path) as connection:
        assert ask(connection, named_query(name)).to_pylist() == []


def test_parameter_without_a_default_must_be_given(tmp_path: Path) -> None:
    """A query of one game must be told which."""
    with connect(tmp_path) as connection, pytest.raises(ArchiveError, match="game_id"):
        ask(connection, named_query("game_timeline"))


def test_game_timeline_shows_what_changed(tmp_path: Path) -> None:
    """A row that repeats the one before it is left out; other games are not shown."""
    rows: list[Row] = [
        tick(seq=1),
        tick(seq=2, score_age_s=4.0),
        tick(seq=3, recv_ns=START_NS + 2 * S, bid=0.58),
        tick(seq=4, recv_ns=START_NS + 2 * S, bid=0.58, fair=None, edge=None),
        tick(seq=5, game_id="nba:2"),
    ]
    answer = asked(tmp_path, rows, "game_timeline", game_id=GAME)
    assert answer[0] == {
        "at_utc": AT,
        "outcome": "home",
        "cause": "book",
        "state": "in",
        "period": 3,
        "clock_s": 400.0,
        "home_score": 60,
        "away_score": 55,
        "bid": 0.59,
        "ask": 0.61,
        "fair": 0.7,
        "edge": 0.08,
        "link": "live",
        "score_age_s": 1.0,
        "book_age_s": 0.0,
    }
    assert values(answer, "bid, fair, edge") == [
        (0.59, 0.7, 0.08),
        (0.58, 0.7, 0.08),
        (0.58, None, None),
    ]


def mid(at_s: float, price: float, **changes: Any) -> Row:
    """Return a tick of the home side with a mid, so many seconds after the start."""
    row = {"bid": round(price - 0.01, 4), "ask": round(price + 0.01, 4), **changes}
    return tick(seq=round(at_s * 10), recv_ns=START_NS + round(at_s * S), **row)


def scored(at_s: float, home: int, away: int, **changes: Any) -> Row:
    """Return the row of a poll, so many seconds after the start."""
    row = {"home_score": home, "away_score": away, **changes}
    return game_row(seq=round(at_s * 10), recv_ns=START_NS + round(at_s * S), **row)


def test_lead_lag_tells_how_long_the_book_knew(tmp_path: Path) -> None:
    """The mid was half way 7 s before the poll that showed the score, which knew 3 of 4 cents."""
    rows: list[Row] = [
        scored(100, 60, 55),
        scored(200, 62, 55, detail="6:00 - 3rd"),
        mid(130, 0.5),
        mid(150, 0.9, link="doubt"),
        mid(190, 0.51),
        mid(193, 0.52),
        mid(198, 0.53),
        mid(200, 0.535, cause="score"),
        mid(240, 0.54),
        mid(270, 0.7),
    ]
    (row,) = asked(tmp_path, rows, "lead_lag")
    assert row == {
        "seen_utc": datetime.fromtimestamp(START_NS // S + 200, UTC).replace(tzinfo=None),
        "date": date.fromisoformat(DAY),
        "league": "nba",
        "game_id": GAME,
        "detail": "6:00 - 3rd",
        "home_score": 62,
        "away_score": 55,
        "home_points": 2,
        "away_points": 0,
        "before": 0.5,
        "at_poll": 0.53,
        "after": 0.54,
        "moved": 0.04,
        "known": 0.75,
        "lead_s": 7.0,
        "alone": True,
    }


def test_lead_lag_of_a_book_that_follows_is_negative(tmp_path: Path) -> None:
    """A mid that falls 5 s after the poll had known nothing; a small move has no lead."""
    rows: list[Row] = [
        scored(0, 0, 0),
        mid(10, 0.6),
        scored(100, 0, 3),
        mid(105, 0.5),
        scored(300, 3, 3),
        mid(305, 0.51),
    ]
    answer = asked(tmp_path, rows, "lead_lag")
    assert values(answer, "moved, known, lead_s") == [(-0.1, 0.0, -5.0), (0.01, None, None)]
    moved = asked(tmp_path, rows, "lead_lag", least_move="0.005")
    assert values(moved, "lead_s") == [(-5.0,), (-5.0,)]


def test_lead_lag_tells_scores_that_disturb_each_other(tmp_path: Path) -> None:
    """Two changes within the window are not alone, and a narrower window parts them."""
    rows: list[Row] = [scored(0, 0, 0), scored(100, 2, 0), scored(130, 2, 3), scored(400, 4, 3)]
    wide = asked(tmp_path, rows, "lead_lag")
    narrow = asked(tmp_path, rows, "lead_lag", window_s="20")
    assert values(wide, "alone") == [(False,), (False,), (True,)]
    assert values(narrow, "alone") == [(True,), (True,), (True,)]


def test_lead_lag_leaves_other_games_and_breaks_out(tmp_path: Path) -> None:
    """A score that is first seen after the end, and a game that was not asked for, are no rows."""
    rows: list[Row] = [
        scored(0, 0, 0),
        scored(10, 1, 0, state="post"),
        scored(0, 0, 0, game_id="nba:2"),
        scored(10, 1, 0, game_id="nba:2"),
    ]
    assert values(asked(tmp_path, rows, "lead_lag"), "game_id") == [("nba:2",)]
    assert asked(tmp_path, rows, "lead_lag", game_id=GAME) == []


def test_spread_depth_by_minute_averages_a_minute(tmp_path: Path) -> None:
    """Ticks of one minute are one row; a book that is not live or has one side is none."""
    rows: list[Row] = [
        mid(1, 0.5, bid=0.49, ask=0.51, bid_size=100.0, ask_size=300.0, cost=0.53, fee=0.01),
        mid(2, 0.5, bid=0.48, ask=0.52, bid_size=300.0, ask_size=500.0, cost=0.55, fee=0.01),
        mid(3, 0.5, link="doubt"),
        mid(4, 0.5, ask=None),
        mid(61, 0.6, bid=0.6, ask=0.61, cost=None, fee=None),
    ]
    answer = asked(tmp_path, rows, "spread_depth_by_minute")
    assert answer[0] == {
        "minute_utc": AT.replace(second=0),
        "league": "nba",
        "game_id": GAME,
        "outcome": "home",
        "state": "in",
        "updates": 2,
        "spread": 0.03,
        "widest": 0.04,
        "bid_size": 200.0,
        "ask_size": 400.0,
        "slippage": 0.03,
        "mid": 0.5,
    }
    assert values(answer, "updates, slippage, mid") == [(2, 0.03, 0.5), (1, None, 0.605)]
    whole = asked(tmp_path, rows, "spread_depth_by_minute", minute_s="120", game_id="nba:%")
    assert values(whole, "updates") == [(3,)]


def test_signals_with_outcome_tells_what_happened_next(tmp_path: Path) -> None:
    """A signal is one row: its mids 10 s and 60 s later, how it closed, and what it paid."""
    rows: list[Row] = [
        signal(signal_id="5f1c", recv_ns=START_NS, cost=0.62, fee=0.01, bid=0.59, ask=0.61),
        signal("update", signal_id="5f1c", recv_ns=START_NS + S),
        signal("close", signal_id="5f1c", recv_ns=START_NS + 2 * S, reason="edge"),
        signal(signal_id="6a", recv_ns=START_NS + 3 * S, outcome="away", cost=0.4),
        signal(signal_id="7b", recv_ns=START_NS + 4 * S, game_id="nba:2"),
        mid(0, 0.6),
        mid(9, 0.63),
        mid(11, 0.64),
        mid(60, 0.7),
        mid(62, 0.71, link="down", bid=None, ask=None),
        mid(5, 0.2, game_id="nba:9"),
        final(101, 99),
    ]
    answer = asked(tmp_path, rows, "signals_with_outcome")
    assert answer[0] == {
        "opened_utc": AT,
        "open_s": 2.0,
        "close_reason": "edge",
        "game_id": GAME,
        "outcome": "home",
        "model": "brownian",
        "fair": 0.7,
        "cost": 0.62,
        "fee": 0.01,
        "edge": 0.08,
        "size": 100.0,
        "kelly": 0.05,
        "mid": 0.6,
        "mid_10s": 0.63,
        "mid_60s": 0.7,
        "home_score": 101,
        "away_score": 99,
        "result": "home",
        "won": True,
        "pnl": 0.38,
        "signal_id": "5f1c",
    }
    assert values(answer, "signal_id, close_reason, mid_10s, won, pnl") == [
        ("5f1c", "edge", 0.63, True, 0.38),
        ("6a", None, None, False, -0.4),
        ("7b", None, None, None, None),
    ]
    one = asked(tmp_path, rows, "signals_with_outcome", game_id="nba:2")
    assert values(one, "signal_id") == [("7b",)]


def test_signals_of_a_tie_have_no_profit(tmp_path: Path) -> None:
    """A game that ends without a winner pays nobody."""
    rows: list[Row] = [signal(), game_row(state="post", completed=True, home_score=55)]
    answer = asked(tmp_path, rows, "signals_with_outcome")
    assert values(answer, "result, won, pnl") == [("split", None, None)]


def test_signals_of_soccer_are_paid_after_90_minutes(tmp_path: Path) -> None:
    """The draw has won where a goal of extra time decided."""
    game: dict[str, Any] = {"league": "fifa.world", "game_id": "fifa.world:1"}
    rows: list[Row] = [
        signal(outcome="draw", cost=0.3, **game),
        tick(outcome="draw", **game),
        game_row(home_score=1, away_score=1, period=2, **game),
        final(2, 1, period=4, recv_ns=START_NS + S, **game),
    ]
    answer = asked(tmp_path, rows, "signals_with_outcome")
    assert values(answer, "result, won, pnl") == [("draw", True, 0.7)]


def test_coverage_counts_games_by_league(tmp_path: Path) -> None:
    """A game counts once: matched if it ever was, else refused for its last reason."""
    rows: list[Row] = [
        refused("no_market", seq=0, recv_ns=START_NS - S, event_slug=""),
        refused("no_game", seq=0, recv_ns=START_NS - S, game_id=""),
        slated(),
        slated(selection="away", outcome="Knicks"),
        refused("delisted", seq=9, recv_ns=START_NS + S),
        refused("no_market", game_id="nba:2", event_slug=""),
        refused("ambiguous", seq=5, recv_ns=START_NS + S, game_id="nba:2", event_slug=""),
        refused("ambiguous", game_id="nba:3", event_slug=""),
        refused("no_game", game_id="", event_slug="nba-x-y"),
        refused("no_market", game_id="nhl:1", event_slug="", league="nhl"),
    ]
    today = date.fromisoformat(DAY)
    assert values(asked(tmp_path, rows, "coverage"), "date, league, matched, refused, share") == [
        (today, "nba", 1, 3, 0.25),
        (today, "nhl", 0, 1, 0.0),
    ]
    answer = asked(tmp_path, rows, "coverage", league="nb%")
    assert values(answer, "league, reasons") == [("nba", "ambiguous 2, no_game 1")]


def test_dead_letters_by_reason_gives_an_example(tmp_path: Path) -> None:
    """Letters are counted by source and reason, the latest of each as the example."""
    rows: list[Row] = [
        letter("html", source="espn:nba", seq=1, recv_ns=START_NS, detail="first"),
        letter("html", source="espn:nba", seq=4, recv_ns=START_NS + S, detail="third"),
        letter("html", source="espn:nba", seq=4, recv_ns=START_NS + S, detail="third"),
        letter("text_frame", seq=2, recv_ns=START_NS),
    ]
    answer = asked(tmp_path, rows, "dead_letters_by_reason")
    assert answer[0] == {
        "source": "espn:nba",
        "reason": "html",
        "letters": 3,
        "frames": 2,
        "first_utc": AT,
        "last_utc": datetime.fromtimestamp(START_NS // S + 1, UTC).replace(tzinfo=None),
        "seq": 4,
        "detail": "third",
        "excerpt": "garbage",
    }
    assert values(answer, "reason, letters") == [("html", 3), ("text_frame", 1)]
    only = asked(tmp_path, rows, "dead_letters_by_reason", source="polymarket:%")
    assert values(only, "reason") == [("text_frame",)]


def test_freshness_tells_how_old_facts_were(tmp_path: Path) -> None:
    """Quantiles of both ages of ticks in play, and the share that each gate shut."""
    rows: list[Row] = [
        *(tick(seq=n, score_age_s=float(n), book_age_s=n / 10) for n in range(11)),
        *(tick(seq=20 + n, score_age_s=40.0, book_age_s=0.0, gate="stale_score") for n in range(5)),
        tick(seq=30, state="pre", score_age_s=500.0),
        tick(seq=31, score_age_s=None, book_age_s=None, gate="link_down"),
        tick(seq=32, league="nhl", game_id="nhl:1"),
    ]
    (row,) = asked(tmp_path, rows, "freshness", league="nba")
    assert row == {
        "date": date.fromisoformat(DAY),
        "league": "nba",
        "ticks": 17,
        "score_p50_s": 7.5,
        "score_p90_s": 40.0,
        "score_p99_s": 40.0,
        "score_max_s": 40.0,
        "book_p50_s": 0.25,
        "book_p90_s": 0.85,
        "book_p99_s": 0.985,
        "book_max_s": 1.0,
        "stale_score": round(5 / 17, 6),
        "stale_book": 0.0,
        "disputed": 0.0,
        "no_book": round(1 / 17, 6),
    }
