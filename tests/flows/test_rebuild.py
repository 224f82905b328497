"""The archive of a session made again from its journal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from archived import write_rows
from factories import AWAY, GAME, HOME, LINK
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)
from rows import LETTER

from connectors.archive.connect import ask, connect
from connectors.journal.finished import finished_by, unfinished_sessions
from connectors.journal.hub_count import record_hub_count
from connectors.journal.sessions import hub_folder
from connectors.journal.writer import JournalWriter, journal_directory
from flows.rebuild import Rebuilt, rebuild
from flows.run import signals_file
from flows.settings import Settings
from fusion.errors import JournalError
from fusion.frames import Connected, Disconnected, Frame
from fusion.share import hub_of

SESSION = "20261118T190000Z"
PREGAME = scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))
FRAMES = [
    frame(0, "espn:nba", PREGAME),
    frame(1, "gamma:events", listing_body(gamma_event())),
    control(2, Connected(LINK)),
    market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(4, "espn:nba", scoreboard(espn_event(home=75, away=55))),
    frame(5, "polymarket:market:0", "garbage"),
    control(6, Disconnected(LINK)),
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data directory with the journal of a session that was cut off."""
    writer = JournalWriter(journal_directory(tmp_path) / SESSION)
    writer.append(FRAMES)
    writer.close()
    return tmp_path


def archived(data_dir: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table."""
    tables = ("ticks", "games", "signals", "slates", "dead_letters")
    with connect(data_dir) as connection:
        return {name: ask(connection, f"FROM {name} ORDER BY ALL").to_pylist() for name in tables}


def test_the_journal_gives_the_archive_and_the_signals(data_dir: Path) -> None:
    """Every row and every signal of the session is there, and the session counts as finished."""
    made = rebuild(SESSION, Settings(data_dir=data_dir))
    rows = archived(data_dir)

    assert (made.session, made.frames, made.ticks) == (SESSION, len(FRAMES), len(rows["ticks"]))
    assert sorted(row["transition"] for row in rows["signals"]) == ["close", "open"]
    assert len(signals_file(data_dir, SESSION).read_text().splitlines()) == 2
    assert [row["reason"] for row in rows["dead_letters"]] == ["text_frame"]
    assert unfinished_sessions(data_dir) == []
    assert finished_by(data_dir, SESSION) == "rebuilt"


def test_twice_is_once(data_dir: Path) -> None:
    """What was there of the session is replaced, that of others stays."""
    settings = Settings(data_dir=data_dir)
    (other,) = write_rows(data_dir, [LETTER], "20261117T190000Z")
    first = rebuild(SESSION, settings), archived(data_dir)
    second = rebuild(SESSION, settings), archived(data_dir)

    assert first == second
    assert other.exists()
    assert not (data_dir / "rebuild").exists()


def test_the_session_of_the_same_second_is_left_alone(data_dir: Path) -> None:
    """Its name begins with the same words, its files are its own."""
    settings = Settings(data_dir=data_dir)
    twin = f"{SESSION}-01"
    writer = JournalWriter(journal_directory(data_dir) / twin)
    writer.append(FRAMES)
    writer.close()
    rebuild(twin, settings)
    before = len(archived(data_dir)["ticks"])
    rebuild(SESSION, settings)

    assert len(archived(data_dir)["ticks"]) == 2 * before


def test_what_a_crash_left_half_done_is_done_again(data_dir: Path) -> None:
    """Files that were already replaced, or not yet, make no difference."""
    settings = Settings(data_dir=data_dir)
    rebuild(SESSION, settings)
    whole = archived(data_dir)
    ticks = next((data_dir / "archive").glob("ticks/*/*/*.parquet"))
    ticks.unlink()
    (data_dir / "rebuild" / SESSION / "archive").mkdir(parents=True)
    rebuild(SESSION, settings)

    assert archived(data_dir) == whole


def test_a_rebuild_of_another_session_is_left_alone(data_dir: Path) -> None:
    """A run starts one beside it, and a person may start another meanwhile."""
    begun = data_dir / "rebuild" / "20261119T190000Z" / "staging"
    begun.mkdir(parents=True)
    rebuild(SESSION, Settings(data_dir=data_dir))

    assert sorted((data_dir / "rebuild").iterdir()) == [begun.parent]
    assert begun.is_dir()


def test_a_hub_that_wrote_nothing_keeps_its_share(tmp_path: Path) -> None:
    """Its process may have died first; the games of the others are theirs all the same."""
    ours = hub_of(GAME, 3)
    boards = [each for each in FRAMES if not each.source.startswith("polymarket")]
    others = [
        Frame(seq, each.recv_ns, each.source, each.payload) for seq, each in enumerate(boards)
    ]

    def rebuilt(silent: int | None) -> list[dict[str, Any]]:
        data_dir = tmp_path / f"without-{silent}"
        record_hub_count(data_dir, 3)
        for hub in {0, 1, 2} - {silent}:
            writer = JournalWriter(hub_folder(journal_directory(data_dir) / SESSION, hub))
            writer.append(FRAMES if hub == ours else others)
            writer.close()
        rebuild(SESSION, Settings(data_dir=data_dir))
        return archived(data_dir)["ticks"]

    whole = rebuilt(None)
    assert any(tick["bid"] for tick in whole)
    assert [rebuilt(hub) for hub in range(3) if hub != ours] == [whole, whole]


def test_a_session_in_use_is_left_alone(data_dir: Path) -> None:
    """A run that still writes it will finish it itself."""
    writer = JournalWriter(journal_directory(data_dir) / SESSION)
    with pytest.raises(JournalError, match="has another writer"):
        rebuild(SESSION, Settings(data_dir=data_dir))
    writer.close()


def test_an_unknown_session_lists_what_could_be_meant(data_dir: Path) -> None:
    """The error names the sessions that wait."""
    with pytest.raises(JournalError, match=rf"holds no journal; name a session in .* \({SESSION}"):
        rebuild("20000101T000000Z", Settings(data_dir=data_dir))


def test_a_process_beside_a_run_finishes_what_is_left(data_dir: Path) -> None:
    """The command that a run starts does it, and says nothing when all is well."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.rebuild", SESSION],
        cwd=Path(__file__).parents[2],
        env={"PATH": "", "FAIRLINE_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert unfinished_sessions(data_dir) == []
    assert isinstance(rebuild(SESSION, Settings(data_dir=data_dir)), Rebuilt)


def test_a_journal_whose_beginning_was_let_go_is_refused(data_dir: Path) -> None:
    """Its archive has rows that no frame is left for; a rebuild would lose them."""
    folder = journal_directory(data_dir) / SESSION
    (folder / "00000001.fjl").rename(folder / "00000003.fjl")
    (kept,) = write_rows(data_dir, [LETTER], SESSION)

    with pytest.raises(JournalError, match=r"begins with segment 3, as those before were let go"):
        rebuild(SESSION, Settings(data_dir=data_dir))
    assert kept.exists()
