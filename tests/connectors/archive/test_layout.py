"""The layout: no row is lost or doubled by it, and its outcome needs none."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from connectors.archive.layout import (
    GAME_ROWS,
    MERGED_ROWS,
    SMALL_ROWS,
    Layout,
    Output,
    Source,
    lay_out,
)
from connectors.archive.names import FileName, parse_name

SESSION = "20261120T190501Z"
GAMES = ["", "nba:1", "nba:2", "nba:3"]


def published(number: int, **games: int) -> Source:
    """Return a published file with so many rows of each game (`a` is `nba:a`)."""
    file = f"{SESSION}-rows-0-{number:08d}.parquet"
    counted = Counter({f"nba:{name}": rows for name, rows in games.items()})
    name = FileName(SESSION, "published", "rows-0", number)
    return Source(file, name, counted.total(), counted)


def after(sources: list[Source], layout: Layout) -> list[Source]:
    """Return the files there are when a layout was carried out, in the order of their rows."""
    kept = {source.file: source for source in sources if source.file not in layout.replaced}
    by_name = {source.file: source for source in sources}
    for output in layout.outputs:
        games: Counter[str] = Counter()
        rows = 0
        for file in output.sources:
            source = by_name[file]
            wanted = {
                game: count
                for game, count in source.games.items()
                if (game not in layout.apart if output.game is None else game == output.game)
            }
            games.update(wanted)
            unnamed = source.rows - source.games.total()
            rows += sum(wanted.values()) + (unnamed if output.game is None else 0)
        name = parse_name(output.file)
        assert name is not None
        assert (output.file in kept, rows) == (False, output.rows)
        kept[output.file] = Source(output.file, name, rows, games)
    kinds = ("game", "merged", "published")
    return sorted(kept.values(), key=lambda each: (kinds.index(each.name.kind), each.name.number))


def totals(sources: list[Source]) -> tuple[int, Counter[str]]:
    """Return the rows of files, and those of each game."""
    games: Counter[str] = Counter()
    for source in sources:
        games.update(source.games)
    return sum(source.rows for source in sources), +games


def test_games_that_are_over_get_files() -> None:
    """A game that is over leaves the files it shared; the other's rows are joined."""
    sources = [published(0, a=600, b=100), published(1, a=500, b=60_000), published(2, b=7)]
    files = [source.file for source in sources]
    assert lay_out(sources, {"nba:a"}.__contains__) == Layout(
        replaced=tuple(files),
        outputs=(
            Output(f"{SESSION}-game-nba%3Aa.parquet", tuple(files[:2]), 1100, "nba:a"),
            Output(f"{SESSION}-merged-0001.parquet", tuple(files), 60_107, None),
        ),
        apart=frozenset({"nba:a"}),
    )


def test_small_games_stay_together() -> None:
    """A game of a few rows gets no file of its own."""
    sources = [published(0, a=GAME_ROWS - 1), published(1, b=5)]
    layout = lay_out(sources, lambda _: True)
    assert layout is not None
    assert [(output.file, output.rows) for output in layout.outputs] == [
        (f"{SESSION}-merged-0001.parquet", GAME_ROWS + 4)
    ]


def test_rows_that_come_late_join_their_game() -> None:
    """The file of a game is made anew when more of its rows were published."""
    name = FileName(SESSION, "game", game="nba:a")
    own = Source(f"{SESSION}-game-nba%3Aa.parquet", name, 2000, Counter({"nba:a": 2000}))
    late = published(9, a=2)
    layout = lay_out([own, late], lambda _: False)
    assert layout == Layout(
        replaced=(own.file, late.file),
        outputs=(Output(own.file, (own.file, late.file), 2002, "nba:a"),),
        apart=frozenset({"nba:a"}),
    )


def test_nothing_is_done_twice() -> None:
    """One small file, a large one, and a game's own need no change."""
    name = FileName(SESSION, "game", game="nba:a")
    own = Source(f"{SESSION}-game-nba%3Aa.parquet", name, 2000, Counter({"nba:a": 2000}))
    sources = [own, published(1, b=SMALL_ROWS), published(2, b=1)]
    assert lay_out(sources, {"nba:a"}.__contains__) is None


def test_full_files_take_no_more() -> None:
    """What is left is split into files of a million rows, and numbered behind those there are."""
    merged = Source(
        f"{SESSION}-merged-0004.parquet",
        FileName(SESSION, "merged", number=4),
        SMALL_ROWS,
        Counter(),
    )
    sources = [merged, *(published(number, b=SMALL_ROWS - 1) for number in range(25))]
    layout = lay_out(sources, lambda _: False)
    assert layout is not None
    names = [output.file for output in layout.outputs]
    assert names == [f"{SESSION}-merged-0005.parquet", f"{SESSION}-merged-0006.parquet"]
    assert layout.outputs[0].rows >= MERGED_ROWS
    assert merged.file not in layout.replaced


@given(
    st.lists(
        st.dictionaries(st.sampled_from(GAMES), st.sampled_from([1, 999, 1000, 49_999, 700_000])),
        max_size=8,
    ),
    st.lists(st.frozensets(st.sampled_from(GAMES)), min_size=1, max_size=3),
)
def test_every_row_is_kept_once(files: list[dict[str, int]], overs: list[frozenset[str]]) -> None:
    """Through any number of compactions the rows of each game stay the same; then it is done."""
    sources = [
        Source(
            f"{SESSION}-rows-0-{number:08d}.parquet",
            FileName(SESSION, "published", "rows-0", number),
            sum(games.values()),
            Counter(games),
        )
        for number, games in enumerate(files)
    ]
    before = totals(sources)
    for over in overs:
        layout = lay_out(sources, over.__contains__)
        if layout is not None:
            sources = after(sources, layout)
        assert totals(sources) == before
        assert lay_out(sources, over.__contains__) is None
