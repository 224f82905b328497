"""Converting: what a Parquet file has is what was staged, to the last bit."""

from __future__ import annotations

import resource
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.archive import convert as converting
from connectors.archive.convert import convert
from connectors.archive.schema import TABLE_OF, TABLES, ArchiveItem
from fusion.errors import ArchiveError
from fusion.levels import LevelBatch, LevelRow
from fusion.rows import BookRow, DeadLetter, GameRow, SignalRow, SlateRow, Tick

INTEGERS = st.integers(-(2**63), 2**63 - 1)
SCALARS: dict[type, st.SearchStrategy[Any]] = {
    int: INTEGERS,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    str: st.text(st.characters(exclude_categories=["Cs"])),
}
LEVELS = LevelBatch(
    seq=9,
    recv_ns=1_795_201_501_123_456_789,
    venue_ms=1_795_201_501_050,
    date="2026-11-20",
    league="nba",
    game_id="nba:401",
    market_id="0x01",
    snapshot=True,
    token_ids=("7" * 78, "3" * 78),
    sides=("bid", "ask"),
    prices=(4700, 5300),
    sizes=(1_250_000_000, 333_333),
)
EMPTY = msgspec.structs.replace(LEVELS, seq=8, token_ids=(), sides=(), prices=(), sizes=())


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return what a field may hold, by its annotation."""
    if get_origin(hint) in {Union, types.UnionType}:
        return st.one_of(
            [st.none() if part is type(None) else values(part) for part in get_args(hint)]
        )
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    return SCALARS[hint]


def rows_of(kind: type[ArchiveItem]) -> st.SearchStrategy[list[ArchiveItem]]:
    """Return lists of rows of a kind with every value its columns take."""
    fields = {name: values(hint) for name, hint in get_type_hints(kind).items()}
    return st.lists(
        st.fixed_dictionaries(fields).map(lambda row: kind(**row)), min_size=1, max_size=5
    )


def stage(path: Path, rows: Sequence[ArchiveItem]) -> Path:
    """Write rows as staging does."""
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


def columns_of(row: msgspec.Struct) -> dict[str, Any]:
    """Return what a file holds of a row: all but the partitions."""
    fields = msgspec.structs.asdict(row)
    return {name: value for name, value in fields.items() if name not in {"date", "league"}}


@pytest.mark.parametrize("kind", [Tick, GameRow, SignalRow, BookRow, SlateRow, DeadLetter])
def test_rows_come_back_as_they_were(kind: type[ArchiveItem]) -> None:
    """Every float, every 64-bit integer, every text and every null of every table is kept."""

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(rows_of(kind))
    def check(rows: list[ArchiveItem]) -> None:
        with TemporaryDirectory() as folder:
            parquet = Path(folder, "00000001.parquet")
            staged = stage(Path(folder, "1.jsonl"), rows)
            assert convert(TABLE_OF[kind].name, staged, parquet) == len(rows)
            table = pq.ParquetFile(parquet).read()
        assert repr(table.to_pylist()) == repr([columns_of(row) for row in rows])
        assert table.schema.equals(TABLE_OF[kind].schema, check_metadata=True)

    check()


@given(
    st.lists(
        st.lists(
            st.tuples(
                SCALARS[str],
                st.sampled_from(["bid", "ask"]),
                st.integers(0, 10_000),
                st.integers(0, 2**52),
            ),
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    ).filter(any)
)
def test_levels_are_a_row_each(messages: list[list[tuple[str, str, int, int]]]) -> None:
    """A batch is a row for each of its places, in dollars and shares; one without gives none."""
    batches = []
    expected = []
    for seq, changes in enumerate(messages):
        tokens, sides, prices, sizes = zip(*changes, strict=True) if changes else ((),) * 4
        batch = msgspec.structs.replace(
            LEVELS, seq=seq, token_ids=tokens, sides=sides, prices=prices, sizes=sizes
        )
        batches.append(batch)
        shared = {name: getattr(batch, name) for name in ("seq", "recv_ns", "venue_ms", "game_id")}
        expected += [
            shared
            | {"market_id": "0x01", "token_id": token, "side": side}
            | {"price": price / 10_000.0, "size": size / 1e6, "snapshot": True}
            for token, side, price, size in changes
        ]
    with TemporaryDirectory() as folder:
        parquet = Path(folder, "00000001.parquet")
        assert convert("levels", stage(Path(folder, "1.jsonl"), batches), parquet) == len(expected)
        assert pq.ParquetFile(parquet).read().to_pylist() == expected


def test_a_level_row_by_hand(tmp_path: Path) -> None:
    """47 cents and 1250 shares are that; an empty book leaves no row."""
    convert("levels", stage(tmp_path / "1.jsonl", [EMPTY, LEVELS]), tmp_path / "1.parquet")
    bid, ask = (
        LevelRow(**row, date="2026-11-20", league="nba")
        for row in pq.ParquetFile(tmp_path / "1.parquet").read().to_pylist()
    )

    assert (bid.seq, bid.side, bid.price, bid.size) == (9, "bid", 0.47, 1250.0)
    assert (ask.token_id, ask.side, ask.price, ask.size) == ("3" * 78, "ask", 0.53, 0.333333)


def test_only_empty_books_give_an_empty_file(tmp_path: Path) -> None:
    """A file of no rows is a file: its schema is there."""
    assert convert("levels", stage(tmp_path / "1.jsonl", [EMPTY]), tmp_path / "1.parquet") == 0
    assert pq.ParquetFile(tmp_path / "1.parquet").read().schema == TABLES["levels"].schema


def test_a_line_may_be_longer_than_a_block(
    tmp_path: Path, letter: DeadLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of any length is read, among short ones."""
    monkeypatch.setattr(converting, "BLOCK_BYTES", 1024)
    rows = [letter, msgspec.structs.replace(letter, detail="é" * 3000), letter]
    convert("dead_letters", stage(tmp_path / "1.jsonl", rows), tmp_path / "1.parquet")

    details = pq.ParquetFile(tmp_path / "1.parquet").read(["detail"]).column(0).to_pylist()
    assert details == [row.detail for row in rows]


def test_many_blocks_have_one_dictionary(
    tmp_path: Path, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is as small as if it had been read at once."""
    rows = [msgspec.structs.replace(tick, seq=seq) for seq in range(200)]
    staged = stage(tmp_path / "1.jsonl", rows)
    convert("ticks", staged, tmp_path / "1.parquet")
    monkeypatch.setattr(converting, "BLOCK_BYTES", 4096)
    convert("ticks", staged, tmp_path / "2.parquet")

    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_what_is_no_number_is_unknown(tmp_path: Path, tick: Tick) -> None:
    """JSON has no infinity and no NaN: they are null in the file, as what is not known is."""
    rows = [msgspec.structs.replace(tick, bid=float("nan"), ask=float("inf"))]
    convert("ticks", stage(tmp_path / "1.jsonl", rows), tmp_path / "1.parquet")

    (row,) = pq.ParquetFile(tmp_path / "1.parquet").read(["bid", "ask"]).to_pylist()
    assert row == {"bid": None, "ask": None}


def _without_detail(row: dict[str, Any]) -> None:
    del row["detail"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row.update(seq=2**63),
        lambda row: row.update(seq="1"),
        lambda row: row.update(seq=None),
        lambda row: row.update(reason=5),
        lambda row: row.update(more=1),
        _without_detail,
    ],
    ids=["too large", "text", "null", "number", "unknown column", "missing"],
)
def test_a_line_that_is_no_row_is_told(
    tmp_path: Path, letter: DeadLetter, spoil: Callable[[dict[str, Any]], None]
) -> None:
    """The error names the file and how its rows come back; no Parquet file is left."""
    staged = tmp_path / "s1" / "rows-0" / "00000001__dead_letters__2026-11-20__nba.jsonl"
    staged.parent.mkdir(parents=True)
    row = msgspec.structs.asdict(letter)
    spoil(row)
    staged.write_bytes(msgspec.json.encode(letter) + b"\n" + msgspec.json.encode(row) + b"\n")

    with pytest.raises(ArchiveError, match="no row of dead_letters") as caught:
        convert("dead_letters", staged, tmp_path / "1.parquet")
    assert str(caught.value).startswith(f"{staged} holds what is")
    assert str(caught.value).endswith("with `fairline rebuild --session s1`")
    assert list(tmp_path.rglob("*.parquet*")) == []


@pytest.mark.parametrize("cut", [1, 40])
def test_a_torn_line_is_told(tmp_path: Path, letter: DeadLetter, cut: int) -> None:
    """A file that ends within a line is not taken for one that has fewer rows."""
    staged = stage(tmp_path / "1.jsonl", [letter, letter])
    staged.write_bytes(staged.read_bytes()[: -cut - 1])

    with pytest.raises(ArchiveError, match="no row of dead_letters"):
        convert("dead_letters", staged, tmp_path / "1.parquet")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(ArchiveError, match=r"cannot read .*1\.jsonl: No such file"):
        convert("ticks", tmp_path / "1.jsonl", tmp_path / "1.parquet")


def test_a_full_disk_leaves_nothing(tmp_path: Path, letter: DeadLetter) -> None:
    """A file that does not fit is not there, and what was staged is."""
    staged = stage(tmp_path / "1.jsonl", [letter])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(ArchiveError, match=r"cannot write .*1\.parquet: .*too large; raise"):
            convert("dead_letters", staged, tmp_path / "1.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == ["1.jsonl"]
