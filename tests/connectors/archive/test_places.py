"""Names of staged and published files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive.places import (
    Place,
    StagedFile,
    converted_path,
    parse_staged,
    place_of,
    published_of_part,
    published_of_session,
    published_path,
    staged_path,
)
from connectors.archive.schema import TABLES
from fusion.errors import ArchiveError

PLACE = Place("dead_letters", "2026-11-20", "eng.1")
SESSION = "20261120T190501Z"


def test_names_by_hand() -> None:
    """The names are a file format, which other programs read."""
    folder = Path("staging", SESSION, "rows-0")

    assert staged_path(folder, 7, PLACE).name == "00000007__dead_letters__2026-11-20__eng.1.jsonl"
    assert converted_path(folder, 7).name == "00000007.parquet"
    assert published_path(Path("archive"), SESSION, "rows-0", 7, PLACE) == Path(
        f"archive/dead_letters/date=2026-11-20/league=eng.1/{SESSION}-rows-0-00000007.parquet"
    )
    assert StagedFile(7, *PLACE, size=5, rows=1).place == PLACE


@given(
    st.integers(0, 10**10),
    st.sampled_from(sorted(TABLES)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
def test_a_staged_name_says_where_it_belongs(number: int, table: str, league: str) -> None:
    """Whatever a league is called, the name is one of a file in the folder, and is read back."""
    place = Place(table, "2026-11-20", league)
    path = staged_path(Path("folder"), number, place)

    assert path.parent == Path("folder")
    assert parse_staged(path) == (number, place)


@pytest.mark.parametrize(
    "name",
    [
        "00000001.parquet",
        ".00000001.parquet.tmp",
        "00000001__novels__2026-11-20__nba.jsonl",
        "1__ticks__2026-11-20__nba.jsonl",
        "notes.jsonl",
    ],
)
def test_other_names_are_none(name: str) -> None:
    """What is converted, half written, of no table, or of somebody else is no staged file."""
    assert parse_staged(Path("folder", name)) is None


@pytest.mark.parametrize("day", ["", "2026-13-01", "../../etc", "20261120", "2026-W47-5"])
def test_a_day_must_be_a_date(day: str) -> None:
    """A row without a day is refused by name, for one such folder would break every query."""
    with pytest.raises(ArchiveError) as caught:
        place_of("ticks", day, "nba")
    assert str(caught.value) == (
        f"a row of ticks has the date {day!r}; give it its day as YYYY-MM-DD"
    )
    assert place_of("ticks", "2026-11-20", "nba") == Place("ticks", "2026-11-20", "nba")


def test_published_files_are_found_by_session_and_part(tmp_path: Path) -> None:
    """Those of a session of the same second, of a part that begins alike, and sealed are not."""
    names = [
        f"{SESSION}-rows-1-00000003.parquet",
        f"{SESSION}-rows-10-00000004.parquet",
        f"{SESSION}-records-0-00000001.parquet",
        f"{SESSION}-game-nba%3A401.parquet",
        f"{SESSION}-merged-0001.parquet",
        f"{SESSION}-000000000041-0000.parquet",
        f"{SESSION}-01-rows-1-00000003.parquet",
        f"{SESSION}-01-000000000041-0000.parquet",
        f"{SESSION}-01-merged-0001.parquet",
        f"journal-{SESSION}-00000001.parquet",
        f".{SESSION}-rows-1-00000009.parquet.tmp",
    ]
    folder = tmp_path / PLACE.folder
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()

    assert list(published_of_part(tmp_path, SESSION, "rows-1")) == [(3, folder / names[0])]
    assert published_of_session(tmp_path, SESSION) == sorted(folder / name for name in names[:6])
    assert published_of_session(tmp_path, f"{SESSION}-01") == sorted(
        folder / name for name in names[6:9]
    )


def test_a_session_is_no_pattern(tmp_path: Path) -> None:
    """A name with a star in it finds its own files only."""
    folder = tmp_path / PLACE.folder
    folder.mkdir(parents=True)
    for session in ("a*", "ab"):
        (folder / f"{session}-rows-0-00000001.parquet").touch()

    assert published_of_session(tmp_path, "a*") == [folder / "a*-rows-0-00000001.parquet"]
    assert [number for number, _ in published_of_part(tmp_path, "a*", "rows-0")] == [1]
