"""Compaction on real files: the same rows in fewer files, whatever there was."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from archived import write_rows
from rows import final, game_row, letter, tick

from connectors.archive.compact import Compacted, compact
from connectors.archive.connect import ask, connect
from connectors.archive.schema import TABLES
from connectors.archive.swap import PLAN, Swap, hidden
from fusion.errors import ArchiveError
from fusion.rows import DeadLetter, Row, Tick

DAY = "2026-11-18"
TODAY = date(2026, 11, 18)
LATER = date(2026, 11, 21)
SESSION = "20261118T190501Z"
NBA = f"date={DAY}/league=nba"
OVER, LIVE = "nba:1", "nba:2"


def ticks(game: str, first: int, count: int) -> list[Tick]:
    """Return ticks of a game, two of each frame."""
    one = tick(game_id=game, date=DAY)
    return [msgspec.structs.replace(one, seq=first + at // 2, bid=at / 1e4) for at in range(count)]


def write(data_dir: Path, *files: Iterable[Row], session: str = SESSION) -> None:
    """Write each of some lists of rows as files of their own."""
    for number, rows in enumerate(files):
        write_rows(data_dir, rows, session, f"rows-{number}")


def table(data_dir: Path, name: str) -> list[dict[str, object]]:
    """Return the rows of a table, in no order."""
    with connect(data_dir) as connection:
        rows: list[dict[str, object]] = ask(connection, f"FROM {name} ORDER BY ALL").to_pylist()
        return rows


def files(data_dir: Path, name: str) -> dict[str, int]:
    """Return the files of a table and their rows, those with hidden names too."""
    found = sorted((data_dir / "archive" / name).rglob("*.parquet*"))
    return {path.name: pq.read_metadata(path).num_rows for path in found}


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    """Return a data directory with a game that is over and one that is not, in three files."""
    write(
        tmp_path,
        [game_row(game_id=OVER, seq=1), game_row(game_id=LIVE, seq=2), *ticks(OVER, 10, 900)],
        [*ticks(OVER, 460, 300), *ticks(LIVE, 460, 40)],
        [final(1, 0, game_id=OVER, seq=700, recv_ns=game_row().recv_ns + 1), *ticks(LIVE, 480, 60)],
    )
    return tmp_path


def test_a_game_that_is_over_has_one_file(evening: Path) -> None:
    """Its rows are in a file of its own in their order, the others' are joined, none is changed."""
    before = {name: table(evening, name) for name in TABLES}
    done = compact(evening, TODAY)
    assert done.failures == ()
    assert done.compacted == (
        Compacted(f"ticks/{NBA}", SESSION, 3, 2, 1300),
        Compacted(f"games/{NBA}", SESSION, 2, 1, 3),
    )
    own = f"{SESSION}-game-nba%3A1.parquet"
    assert files(evening, "ticks") == {own: 1200, f"{SESSION}-merged-0001.parquet": 100}
    rows = pq.ParquetFile(evening / "archive" / "ticks" / NBA / own).read()
    assert rows.schema.equals(TABLES["ticks"].schema, check_metadata=True)
    assert rows.column("seq").to_pylist() == [10 + at // 2 for at in range(900)] + [
        460 + at // 2 for at in range(300)
    ]
    assert rows.column("bid").to_pylist() == [
        *(at / 1e4 for at in range(900)),
        *(at / 1e4 for at in range(300)),
    ]
    assert {name: table(evening, name) for name in TABLES} == before


def test_a_second_time_nothing_is_done(evening: Path) -> None:
    """What is compacted is left as it is; what comes behind it joins it."""
    compact(evening, TODAY)
    assert compact(evening, TODAY) == ((), ())
    write_rows(evening, ticks(OVER, 9000, 3), SESSION, "rows-3")
    assert compact(evening, TODAY).compacted == (Compacted(f"ticks/{NBA}", SESSION, 2, 1, 1203),)


def test_old_days_are_over(evening: Path) -> None:
    """Three days later every game counts as over, also one whose end was never seen."""
    write_rows(evening, ticks(LIVE, 9000, 900), SESSION, "rows-9")
    compact(evening, date(2026, 11, 20))
    assert list(files(evening, "ticks")) == [
        f"{SESSION}-game-nba%3A1.parquet",
        f"{SESSION}-merged-0001.parquet",
    ]
    compact(evening, LATER)
    assert files(evening, "ticks") == {
        f"{SESSION}-game-nba%3A1.parquet": 1200,
        f"{SESSION}-game-nba%3A2.parquet": 1000,
    }


def test_sessions_stay_apart(tmp_path: Path) -> None:
    """No file has rows of two sessions, also where their names begin alike."""
    other = f"{SESSION}-01"
    write(tmp_path, [letter(seq=1)], [letter(seq=2)])
    write(tmp_path, [letter(seq=3)], [letter(seq=4)], session=other)
    compact(tmp_path, TODAY)
    assert files(tmp_path, "dead_letters") == {
        f"{SESSION}-01-merged-0001.parquet": 2,
        f"{SESSION}-merged-0001.parquet": 2,
    }


def test_files_that_are_staged_are_left(tmp_path: Path) -> None:
    """A file that a crashed run may publish again stays under its name."""
    write(tmp_path, [letter(seq=1)], [letter(seq=2)], [letter(seq=3)])
    staged = tmp_path / "staging" / SESSION / "rows-1"
    staged.mkdir(parents=True)
    row = staged / f"00000000__dead_letters__{DAY}__none.jsonl"
    row.write_text("")
    compact(tmp_path, LATER)
    assert files(tmp_path, "dead_letters") == {
        f"{SESSION}-merged-0001.parquet": 2,
        f"{SESSION}-rows-1-00000000.parquet": 1,
    }
    row.unlink()
    compact(tmp_path, LATER)
    assert files(tmp_path, "dead_letters") == {f"{SESSION}-merged-0002.parquet": 3}


def test_other_schemas_are_brought_together(tmp_path: Path) -> None:
    """A column that came later is null in older rows, one that is gone now is kept."""
    write(tmp_path, [letter(seq=1)], [letter(seq=2)])
    old = tmp_path / "archive" / "dead_letters" / f"date={DAY}" / "league=none"
    path = old / f"{SESSION}-rows-0-00000000.parquet"
    rows = pq.ParquetFile(path).read().drop_columns(["detail"])
    # Version 1 of a made-up past: a column less, one more, text that was no dictionary.
    plain = rows.set_column(
        rows.column_names.index("reason"), "reason", rows.column("reason").cast(pa.string())
    )
    pq.write_table(plain.append_column("weight", pa.array([2.5])), path)
    compact(tmp_path, TODAY)
    (merged,) = old.iterdir()
    found = pq.ParquetFile(merged).read()
    assert found.column_names == [*TABLES["dead_letters"].schema.names, "weight"]
    assert found.select(["seq", "reason", "detail", "weight"]).to_pylist() == [
        {"seq": 1, "reason": "text_frame", "detail": None, "weight": 2.5},
        {"seq": 2, "reason": "text_frame", "detail": "the frame is text", "weight": None},
    ]


def test_a_damaged_file_is_named_and_the_rest_goes_on(evening: Path) -> None:
    """The folder of a truncated file stays as it is; other tables are compacted."""
    path = evening / "archive" / "ticks" / NBA / f"{SESSION}-rows-1-00000000.parquet"
    path.write_bytes(path.read_bytes()[:-30])
    done = compact(evening, TODAY)
    assert [each.folder for each in done.compacted] == [f"games/{NBA}"]
    (failure,) = done.failures
    assert failure.startswith(f"{path} cannot be read: ")
    assert failure.endswith("make the rows of its session again with `fairline rebuild --session`")
    assert len(list(path.parent.iterdir())) == 3


def test_one_table_may_be_named(evening: Path) -> None:
    """Only the named table is compacted."""
    assert [each.folder for each in compact(evening, TODAY, ["games"]).compacted] == [
        f"games/{NBA}"
    ]


def test_two_at_once_are_told(evening: Path) -> None:
    """A table that another process compacts is not touched."""
    folder = os.open(evening / "archive" / "ticks", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with pytest.raises(ArchiveError, match=r"another process compacts .*/ticks at this moment"):
            compact(evening, TODAY)
    finally:
        os.close(folder)


def test_a_change_that_another_left_is_carried_out_first(evening: Path) -> None:
    """One that died since this compaction began had planned files that are no leftovers."""
    before = table(evening, "ticks")
    folder = evening / "archive" / "ticks" / NBA
    old, new = f"{SESSION}-rows-1-00000000.parquet", f"{SESSION}-merged-0007.parquet"

    def dies_then_ticks() -> Iterator[str]:
        hidden(folder / new).write_bytes((folder / old).read_bytes())
        swap = Swap(f"ticks/{NBA}", (old,), (new,))
        (evening / "archive" / PLAN).write_bytes(msgspec.json.encode(swap))
        yield "ticks"

    done = compact(evening, TODAY, dies_then_ticks())

    assert (done.failures, table(evening, "ticks")) == ((), before)


def test_leftovers_of_a_crash_are_cleared(evening: Path) -> None:
    """What was written and not yet planned goes with the next compaction."""
    folder = evening / "archive" / "ticks" / NBA
    left = hidden(folder / f"{SESSION}-game-nba%3A7.parquet")
    left.write_text("half")
    left.with_name(f".{left.name}.tmp").write_text("less than half")
    compact(evening, TODAY)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_queries_see_each_row_once_all_the_while(tmp_path: Path) -> None:
    """While files are exchanged again and again, no answer lacks a row or has one twice."""
    write(tmp_path, *([letter(seq=number)] for number in range(40)))
    counts: set[tuple[int, int]] = set()
    stop = threading.Event()

    def reader() -> None:
        with connect(tmp_path) as connection:
            while not stop.is_set():
                answer = ask(
                    connection, "SELECT count(*) n, count(DISTINCT seq) d FROM dead_letters"
                )
                counts.add(tuple(answer.to_pylist()[0].values()))

    thread = threading.Thread(target=reader)
    thread.start()
    for number in range(100, 110):
        assert compact(tmp_path, TODAY).failures == ()
        write_rows(tmp_path, [letter(seq=number)], SESSION, f"rows-{number}")
    stop.set()
    thread.join()
    assert counts <= {(40 + more, 40 + more) for more in range(11)}
    assert len(counts) > 1


def test_seq_is_the_order_where_files_are_not(tmp_path: Path) -> None:
    """Rows of a file that was full come between those of small ones around it."""
    rows = [ticks(OVER, 0, 400), ticks(OVER, 400, 800), ticks(OVER, 200, 400)]
    write(tmp_path, *rows)
    compact(tmp_path, LATER)
    (path,) = (tmp_path / "archive" / "ticks" / NBA).iterdir()
    seqs = pq.ParquetFile(path).read().column("seq")
    assert len(seqs) == 1600
    assert pc.all(pc.greater_equal(seqs[1:], seqs[:-1])).as_py()


def test_an_empty_archive_needs_nothing(tmp_path: Path) -> None:
    """Without tables nothing is done, and nothing made."""
    assert compact(tmp_path, TODAY) == ((), ())
    assert list(tmp_path.iterdir()) == []


def test_letters_have_no_game(tmp_path: Path) -> None:
    """A table whose rows name no game is joined on every day."""
    letters: list[DeadLetter] = [letter(seq=number) for number in range(3)]
    write(tmp_path, letters[:2], letters[2:])
    compact(tmp_path, LATER)
    assert files(tmp_path, "dead_letters") == {f"{SESSION}-merged-0001.parquet": 3}
