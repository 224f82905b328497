"""`fairline books` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from factories import AWAY, HOME, LINK, MARKET
from payloads import book_body, control, frame, market_frame

from cli.main import main
from connectors.journal.jsonl import write_jsonl
from connectors.journal.writer import JournalWriter
from fusion.frames import Disconnected, Frame

KEYS = {
    "token_id",
    "best_bid",
    "best_ask",
    "bid_levels",
    "ask_levels",
    "frames",
    "declared_best_checked",
    "declared_best_mismatches",
    "hash_checked",
    "hash_matched",
}
"""What the door promises; there may be more."""


def change(price: str, size: str, best: tuple[str, str], ms: int) -> dict[str, Any]:
    """Return a change of one bid of the home token, with the best the venue declares."""
    level = {"asset_id": HOME, "price": price, "size": size, "side": "BUY", "hash": ""}
    return {
        "event_type": "price_change",
        "market": MARKET,
        "timestamp": str(1_795_000_000_000 + ms),
        "price_changes": [{**level, "best_bid": best[0], "best_ask": best[1]}],
    }


FRAMES: list[Frame] = [
    frame(0, "espn:nba", "{}"),
    market_frame(1, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    market_frame(2, change("0.60", "7", ("0.6", "0.61"), 5)),
    market_frame(3, change("0.58", "9", ("0.6", "0.61"), 9)),
    frame(4, "polymarket:market:0", "PONG"),
]
HOME_BOOK = {
    "token_id": HOME,
    "best_bid": 0.6,
    "best_ask": 0.61,
    "bid_levels": 3,
    "ask_levels": 1,
    "frames": 3,
    "declared_best_checked": 2,
    "declared_best_mismatches": 0,
    "hash_checked": 0,
    "hash_matched": 0,
}
AWAY_BOOK = {
    **HOME_BOOK,
    "token_id": AWAY,
    "best_bid": 0.39,
    "best_ask": 0.41,
    "bid_levels": 1,
    "frames": 1,
    "declared_best_checked": 0,
}


def books(*arguments: str | Path, width: int = 200) -> Result:
    """Run the verb."""
    typed = ["books", *map(str, arguments)]
    return CliRunner().invoke(main, typed, env={"COLUMNS": str(width)})


def promised(result: Result) -> list[dict[str, Any]]:
    """Return the reports with the keys the door promises."""
    assert (result.exit_code, result.stderr) == (0, "")
    return [{key: report[key] for key in KEYS} for report in json.loads(result.stdout)]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Return a file of the frames."""
    path = tmp_path / "frames.jsonl"
    write_jsonl(FRAMES, path)
    return path


def test_json_has_a_report_per_token(lines: Path) -> None:
    """Each book of the frames, its best, its levels, and how often it proved right."""
    assert promised(books(lines, "--json")) == [HOME_BOOK, AWAY_BOOK]


def test_a_journal_is_read_like_a_file(tmp_path: Path) -> None:
    """A data directory, a session, a segment and a gzipped file give the same books."""
    session = tmp_path / "data" / "journal" / "20261118T190501Z"
    writer = JournalWriter(session)
    writer.append(FRAMES)
    writer.close()
    zipped = tmp_path / "frames.jsonl.gz"
    write_jsonl(FRAMES, zipped)

    for path in (tmp_path / "data", session, writer.path, zipped):
        assert promised(books(path, "--json")) == [HOME_BOOK, AWAY_BOOK]


def test_files_are_read_in_the_order_given(lines: Path, tmp_path: Path) -> None:
    """A checkpoint before its changes, and what follows after them."""
    later = tmp_path / "later.jsonl"
    write_jsonl([control(5, Disconnected(LINK))], later)
    reports = json.loads(books(lines, later, "--json").stdout)

    assert [(report["best_bid"], report["state"]) for report in reports] == [(None, "invalid")] * 2


def test_a_wrong_declaration_is_counted(tmp_path: Path) -> None:
    """A best that the venue declared and the book does not have is a mismatch."""
    path = tmp_path / "frames.jsonl"
    wrong = change("0.57", "3", ("0.59", "0.6"), 12)
    write_jsonl(
        [
            *FRAMES,
            market_frame(5, wrong),
            market_frame(6, change("0.57", "4", ("0.6", "0.61"), 15)),
        ],
        path,
    )

    assert promised(books(path, "--json"))[0]["declared_best_mismatches"] == 1


def test_table_for_people(lines: Path) -> None:
    """A line per token, with its state and its figures."""
    rows = [[cell.strip() for cell in line.split("│")] for line in books(lines).stdout.splitlines()]

    assert [row for row in rows if row[0].startswith("100")] == [
        ["1001…", "live", "0.6000", "0.6100", "3+1", "3", "2", "0", "0", "0"],
        ["1002…", "live", "0.3900", "0.4100", "1+1", "1", "0", "0", "0", "0"],
    ]


def test_no_frames_are_no_books(tmp_path: Path) -> None:
    """An empty file gives an empty array."""
    path = tmp_path / "frames.jsonl"
    path.write_text("")

    assert books(path, "--json").stdout == "[]\n"


@pytest.mark.parametrize("text", ["what is this\n", '{"recv_ns": 1, "source": "x"}\n'])
def test_what_holds_no_frames_is_told(tmp_path: Path, text: str) -> None:
    """A file of something else ends in a sentence that names it."""
    path = tmp_path / "frames.jsonl"
    path.write_text(text)
    result = books(path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {path}")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The path is named."""
    result = books(tmp_path / "nowhere.jsonl")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: cannot read {tmp_path}/nowhere.jsonl: ")


def test_no_book_of_a_recording_contradicts_its_venue(shared: Path) -> None:
    """Over every recording of the venue, no settled book differs from the declared best."""
    recordings = shared / "captures" / "polymarket"
    match = "sports_soccer_20260911"
    plain = [
        [path]
        for folder in ("ws", "rest")
        for path in sorted((recordings / folder).iterdir())
        if match not in path.name
    ]
    together = [
        recordings / "ws" / f"{match}_checkpoint_before_2265.json",
        recordings / "ws" / f"{match}_19frames.jsonl",
    ]

    reports = [
        report for paths in [*plain, together] for report in promised(books(*paths, "--json"))
    ]
    assert [report for report in reports if report["declared_best_mismatches"]] == []
    assert sum(report["declared_best_checked"] for report in reports) > 0
    assert sum(report["hash_checked"] for report in reports) > 0
