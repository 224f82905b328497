"""Staging: what is on disk when, and when a file is cut."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive import staging
from connectors.archive.places import StagedFile
from connectors.archive.staging import RotationRules, Stage, is_due
from fusion.errors import ArchiveError
from fusion.levels import LevelBatch
from fusion.rows import DeadLetter, GameRow, Tick

ONE = "00000000__dead_letters__2026-11-20__nba.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a part stages its rows."""
    return tmp_path / "staging" / "s" / "rows-0"


@pytest.fixture
def syncs() -> Iterator[Executor]:
    """Return threads that wait for the disk."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture
def stage(folder: Path, syncs: Executor) -> Iterator[Stage]:
    """Return a stage whose files are full at three rows and old at a minute."""
    stage = Stage(folder, RotationRules(rows=3, age_s=60.0), syncs)
    yield stage
    stage.close()


def in_nba(letter: DeadLetter, seq: int) -> DeadLetter:
    """Return a letter of the NBA."""
    return msgspec.structs.replace(letter, seq=seq, league="nba")


@pytest.mark.parametrize(
    ("rows", "age_s", "due"),
    [(1, 59.9, False), (1, 60.0, True), (2, 0.0, False), (3, 0.0, True), (4, 61.0, True)],
)
def test_a_file_is_due_by_rows_or_age(rows: int, age_s: float, due: bool) -> None:
    """Either is enough."""
    assert is_due(rows, age_s, RotationRules(rows=3, age_s=60.0)) is due


def test_the_rules_of_a_run() -> None:
    """A file holds a minute, or 50,000 rows."""
    assert RotationRules() == RotationRules(rows=50_000, age_s=60.0)


def test_rows_are_whole_lines_by_place(
    stage: Stage, folder: Path, tick: Tick, game: GameRow, letter: DeadLetter
) -> None:
    """Each table, day and league has its file, numbered as they come; a line is the row."""
    first, second = tick, msgspec.structs.replace(tick, seq=50)
    assert stage.append([first, letter, second, game], 0.0) == []
    stage.sync()

    assert {
        path.name: [msgspec.json.decode(line)["seq"] for line in path.read_bytes().splitlines()]
        for path in folder.iterdir()
    } == {
        "00000000__ticks__2026-11-20__nba.jsonl": [41, 50],
        "00000001__dead_letters__2026-11-20__.jsonl": [43],
        "00000002__games__2026-11-20__nba.jsonl": [40],
    }
    line = (folder / "00000002__games__2026-11-20__nba.jsonl").read_bytes()
    assert (msgspec.json.decode(line, type=GameRow), line[-1:]) == (game, b"\n")
    assert stage.next_number == 3


def test_a_sync_makes_what_is_listed_true(stage: Stage, folder: Path, letter: DeadLetter) -> None:
    """The bytes and the rows that are listed are on disk."""
    stage.append([in_nba(letter, 1)], 0.0)
    assert (folder / ONE).stat().st_size == 0
    stage.sync()
    size = (folder / ONE).stat().st_size
    assert stage.listed() == (StagedFile(0, "dead_letters", "2026-11-20", "nba", size, 1),)

    stage.append([in_nba(letter, 2)], 0.0)
    assert (folder / ONE).stat().st_size == size
    stage.sync()
    assert (stage.listed()[0].size, stage.listed()[0].rows) == ((folder / ONE).stat().st_size, 2)


def test_much_does_not_wait_in_memory(
    stage: Stage, folder: Path, letter: DeadLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A burst between two snapshots is written as it comes."""
    monkeypatch.setattr(staging, "BUFFER_BYTES", 10)
    stage.append([in_nba(letter, 1)], 0.0)
    assert (folder / ONE).stat().st_size == stage.listed()[0].size


def test_a_full_file_is_cut_at_once(stage: Stage, folder: Path, letter: DeadLetter) -> None:
    """It is whole on disk, and the next row begins the next file."""
    assert stage.append([in_nba(letter, seq) for seq in range(2)], 0.0) == []
    (full,) = stage.append([in_nba(letter, seq) for seq in range(2, 6)], 0.0)

    assert (full.number, full.rows, full.size) == (0, 6, (folder / ONE).stat().st_size)
    assert stage.listed() == ()
    stage.append([in_nba(letter, 6)], 0.0)
    assert [file.number for file in stage.listed()] == [1]


def test_an_old_file_is_cut_when_it_is_asked_for(stage: Stage, letter: DeadLetter) -> None:
    """Its age counts from its first row; a younger one goes on."""
    stage.append([letter], 0.0)
    stage.append([in_nba(letter, 1)], 30.0)
    stage.append([letter], 59.0)

    assert stage.cut_due(59.9) == []
    assert [(file.number, file.league, file.rows) for file in stage.cut_due(60.0)] == [(0, "", 2)]
    assert [file.number for file in stage.listed()] == [1]


def test_levels_count_by_their_places(stage: Stage) -> None:
    """A batch of three levels is three rows."""
    batch = LevelBatch(
        seq=1,
        recv_ns=1,
        venue_ms=1,
        date="2026-11-20",
        league="nba",
        game_id="nba:1",
        market_id="m",
        snapshot=True,
        token_ids=("t",) * 3,
        sides=("bid",) * 3,
        prices=(1, 2, 3),
        sizes=(1, 2, 3),
    )
    (full,) = stage.append([batch], 0.0)

    assert (full.table, full.rows) == ("levels", 3)


def test_a_file_is_gone_on_with(
    stage: Stage, folder: Path, syncs: Executor, letter: DeadLetter
) -> None:
    """What an earlier run listed is appended to, and keeps its number and its count."""
    stage.append([in_nba(letter, 1)], 0.0)
    stage.sync()
    (listed,) = stage.listed()
    later = Stage(folder, RotationRules(rows=3, age_s=60.0), syncs, stage.next_number)
    later.go_on(listed, 100.0)
    later.append([in_nba(letter, 2)], 100.0)
    later.sync()

    assert [(file.number, file.rows) for file in later.listed()] == [(0, 2)]
    assert later.listed()[0].size == (folder / ONE).stat().st_size
    assert later.cut_due(159.0) == []
    later.close()


@given(st.lists(st.sampled_from(["nba", "nhl", "a/b"]), max_size=12))
def test_no_number_is_given_twice(leagues: list[str]) -> None:
    """However rows come, files are numbered without a hole."""
    with TemporaryDirectory() as data, ThreadPoolExecutor(1) as syncs:
        stage = Stage(Path(data), RotationRules(rows=2, age_s=60.0), syncs)
        letters = [
            DeadLetter(
                seq=seq,
                recv_ns=0,
                date="2026-11-20",
                league=league,
                source="s",
                reason="r",
                detail="d",
                excerpt="e",
            )
            for seq, league in enumerate(leagues)
        ]
        for letter in letters:
            stage.append([letter], 0.0)
        numbers = sorted(int(path.name[:8]) for path in Path(data).iterdir())
        assert numbers == list(range(stage.next_number))
        stage.close()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"seq": 1j}, "unsupported"), ({"detail": "\ud800"}, "surrogates not allowed")],
)
def test_what_cannot_be_written_is_told(
    stage: Stage, letter: DeadLetter, change: dict[str, object], reason: str
) -> None:
    """A value that JSON does not take is an error that names the table."""
    with pytest.raises(ArchiveError, match=f"a row of dead_letters cannot be staged: .*{reason}"):
        stage.append([msgspec.structs.replace(letter, **change)], 0.0)


def test_a_row_without_a_day_is_refused(stage: Stage, folder: Path, letter: DeadLetter) -> None:
    """No file is begun for it."""
    with pytest.raises(ArchiveError, match="has the date 'x'; give it its day"):
        stage.append([msgspec.structs.replace(letter, date="x")], 0.0)
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_told(stage: Stage, letter: DeadLetter) -> None:
    """The error names the file and what to do."""
    stage.append([in_nba(letter, 1)], 0.0)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
    try:
        with pytest.raises(ArchiveError, match=rf"cannot write .*{ONE}: File too large; raise the"):
            stage.sync()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, syncs: Executor) -> None:
    """A file where staging must be is named at the start."""
    (tmp_path / "staging").write_text("")
    with pytest.raises(ArchiveError, match=r"cannot make .*rows-0: .*; move away the file"):
        Stage(tmp_path / "staging" / "s" / "rows-0", RotationRules(), syncs)
