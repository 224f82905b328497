"""Names of the archive's files: which session a file is of, and how it came to be.

    <session>-<part>-<number>.parquet   as a run published it, part `rows-0` or `records-0`
    <session>-game-<id>.parquet         all rows of one game, the id quoted as in a URL
    <session>-merged-<number>.parquet   what was left in several files
    <session>-<seq>-<number>.parquet    from before there were parts

The names of sessions may begin with one another (`20261120T190501Z`, and `-01` behind it), so
that a pattern `<session>-*` finds the files of others too: ask `parse_name`.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote, unquote

import msgspec

Kind = Literal["published", "game", "merged"]

_GAME = re.compile(r"(?P<session>.+)-game-(?P<game>[^-]+)\.parquet")
_MERGED = re.compile(r"(?P<session>.+)-merged-(?P<number>\d+)\.parquet")
_PUBLISHED = re.compile(r"(?P<session>.+)-(?P<part>[a-z]+-\d+)-(?P<number>\d{8,})\.parquet")
_BEFORE_PARTS = re.compile(r"(?P<session>.+)-(?P<part>\d{12,})-(?P<number>\d{4,})\.parquet")


class FileName(msgspec.Struct, frozen=True):
    """What a file's name says; `part` is empty in compacted ones, `game` in all but a game's."""

    session: str
    kind: Kind
    part: str = ""
    number: int = 0
    game: str = ""


def parse_name(name: str) -> FileName | None:
    """Return what the name of a file says, None where it is not one of the archive's rows."""
    if found := _GAME.fullmatch(name):
        return FileName(found["session"], "game", game=unquote(found["game"]))
    if found := _MERGED.fullmatch(name):
        return FileName(found["session"], "merged", number=int(found["number"]))
    if found := _PUBLISHED.fullmatch(name) or _BEFORE_PARTS.fullmatch(name):
        return FileName(found["session"], "published", found["part"], int(found["number"]))
    return None


def game_file(session: str, game_id: str) -> str:
    """Return the name of the file with a session's rows of one game."""
    # Without a hyphen of its own, the id is what follows the last one.
    quoted = quote(game_id, safe="").replace("-", "%2D")
    return f"{session}-game-{quoted}.parquet"


def merged_file(session: str, number: int) -> str:
    """Return the name of a file with what was in several."""
    return f"{session}-merged-{number:04d}.parquet"
