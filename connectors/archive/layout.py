"""Which files a session's rows in one folder are compacted to: a decision without a disk.

Rows of a game that is over get a file of their own, where they are many; what is left of small
files is joined. A file of a few rows would cost every query more than it saves, so the rows of
small games stay together. Asked again about its own outcome, the decision is to do nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from connectors.archive.names import FileName, game_file, merged_file

SMALL_ROWS = 50_000
"""A file with fewer rows is joined with others."""

GAME_ROWS = 1_000
"""A game has a file of its own from so many rows in a folder."""

MERGED_ROWS = 1_000_000
"""A file is full with so many rows: it takes no further one."""


class Source(NamedTuple):
    """A file there is: its rows, and how many of them are of which game, where rows have one."""

    file: str
    name: FileName
    rows: int
    games: Counter[str]


class Output(NamedTuple):
    """A file to be made: from which files, and the one game whose rows it gets.

    Without a game it gets the rows of all games but those that stand apart.
    """

    file: str
    sources: tuple[str, ...]
    rows: int
    game: str | None


class Layout(NamedTuple):
    """What replaces what; `apart` are the games that have files of their own."""

    replaced: tuple[str, ...]
    outputs: tuple[Output, ...]
    apart: frozenset[str]


def lay_out(sources: Sequence[Source], is_over: Callable[[str], bool]) -> Layout | None:
    """Return how the files of one session in one folder are compacted, None where they are.

    `is_over` tells whether a game has ended. A game that has its own file keeps it.
    """
    totals: Counter[str] = Counter()
    for source in sources:
        totals.update(source.games)
    own = {source.name.game: source for source in sources if source.name.kind == "game"}
    ended = (game for game, rows in totals.items() if game and rows >= GAME_ROWS)
    apart = frozenset(own) | frozenset(filter(is_over, ended))
    shared = [source for source in sources if _is_shared(source, apart)]
    small = [each for each in sources if _is_small(each) and not _is_shared(each, apart)]
    if len(small) == 1 and not any(_left(source, apart) for source in shared):
        small = []
    chosen = {source.file for source in (*shared, *small)}
    if not chosen:
        return None
    loose = [source for source in sources if source.file in chosen]
    moved = sorted(apart & {game for source in loose for game in source.games})
    replaced = [*(own[game] for game in moved if game in own), *loose]
    outputs = [_of_game(game, replaced, totals[game]) for game in moved]
    return Layout(
        replaced=tuple(source.file for source in replaced),
        outputs=(*outputs, *_merged(loose, apart, _next_number(sources))),
        apart=apart,
    )


def _is_shared(source: Source, apart: Collection[str]) -> bool:
    """Tell whether a file has rows of a game that stands apart, and is not that game's own."""
    return source.name.kind != "game" and any(game in apart for game in source.games)


def _is_small(source: Source) -> bool:
    return source.name.kind != "game" and source.rows < SMALL_ROWS


def _left(source: Source, apart: Collection[str]) -> int:
    """Return how many rows of a file are of no game that stands apart."""
    return source.rows - sum(rows for game, rows in source.games.items() if game in apart)


def _of_game(game: str, sources: Sequence[Source], rows: int) -> Output:
    session = sources[0].name.session
    found = tuple(source.file for source in sources if game in source.games)
    return Output(game_file(session, game), found, rows, game)


def _merged(loose: Sequence[Source], apart: Collection[str], number: int) -> list[Output]:
    """Return the files that get what is of no game that stands apart, in the sources' order."""
    session = loose[0].name.session
    outputs: list[Output] = []
    files: list[str] = []
    rows = 0
    for source in loose:
        left = _left(source, apart)
        if left:
            files.append(source.file)
            rows += left
        if rows >= MERGED_ROWS or (source is loose[-1] and rows):
            outputs.append(Output(merged_file(session, number), tuple(files), rows, None))
            files, rows, number = [], 0, number + 1
    return outputs


def _next_number(sources: Sequence[Source]) -> int:
    numbers = (source.name.number for source in sources if source.name.kind == "merged")
    return max(numbers, default=0) + 1
