"""Frames of the results socket to updates: pure, and safe on any bytes.

A frame is one object; an array of them is taken apart, though none was ever seen, and so is the
text `ping`, which the documents announce and nobody has recorded. The reasons of refusals:

    ==================  ==============================================================
    text_frame          text other than `ping`
    empty_body          nothing, or only whitespace
    html, gzip          an error page, or bytes that were never unpacked
    not_json            neither an object nor an array of JSON, or cut off
    bad_utf8, too_deep  JSON that is not UTF-8, or nested beyond reason
    too_large           more than `MAX_FRAME_BYTES`
    bad_schema          a field is missing or has another type
    no_game_id          neither `gameId` nor `metadataGameId`
    ==================  ==============================================================
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from connectors.polymarket.explain import DECODE_ERRORS, explain_error, explain_text
from connectors.polymarket.sports_schema import (
    WireSports,
    WireState,
    decode_elements,
    decode_update,
)
from fusion.errors import Refusal, excerpt
from fusion.sports_update import Pair, SportsUpdate

PING: Final = b"ping"
PONG: Final = "pong"
MAX_FRAME_BYTES: Final = 4 << 20

_PAIR = re.compile(r"([0-9]{1,4})\s*-\s*([0-9]{1,4})(?:\s*\([0-9]{1,3}(?:-[0-9]{1,3})?\))?")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class SportsFrame(msgspec.Struct, frozen=True):
    """What a frame said. `heartbeat` tells that it was a ping in text."""

    updates: tuple[SportsUpdate, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    heartbeat: bool = False


def is_ping(payload: bytes) -> bool:
    """Tell whether a frame is the ping in text, which wants a `pong` within ten seconds."""
    return len(payload) <= 16 and payload.strip().lower() == PING


def parse_sports(payload: bytes) -> SportsFrame:
    """Return the updates of a frame and what was refused of it."""
    if is_ping(payload):
        return SportsFrame(heartbeat=True)
    if len(payload) > MAX_FRAME_BYTES:
        detail = f"a frame must not exceed {MAX_FRAME_BYTES} bytes, was {len(payload)}"
        return SportsFrame(refusals=(Refusal("too_large", detail, excerpt(payload)),))
    body = payload.strip()
    if body[:1] not in {b"{", b"["}:
        return SportsFrame(refusals=(explain_text(body, "a frame other than ping"),))
    elements: list[msgspec.Raw] = [msgspec.Raw(body)]
    if body[:1] == b"[":
        try:
            elements = decode_elements(body)
        except DECODE_ERRORS as error:
            return SportsFrame(refusals=(explain_error(error, body),))
    read = [_read(bytes(element)) for element in elements]
    return SportsFrame(
        tuple(each for each in read if isinstance(each, SportsUpdate)),
        tuple(each for each in read if isinstance(each, Refusal)),
    )


def _read(element: bytes) -> SportsUpdate | Refusal:
    try:
        wire = decode_update(element)
    except DECODE_ERRORS as error:
        return explain_error(error, element, "bad_schema")
    game = wire.metadata_game_id if wire.game_id in {None, ""} else wire.game_id
    if game in {None, ""}:
        detail = "an update must have a gameId or a metadataGameId"
        return Refusal("no_game_id", detail, excerpt(element))
    now = _fresher(wire)
    score = now.score or ""
    return SportsUpdate(
        venue_game_id=str(game),
        code=wire.league_abbreviation,
        score=score,
        pairs=pairs_of(score),
        home_team=wire.home_team or "",
        away_team=wire.away_team or "",
        period=now.period or "",
        elapsed=now.elapsed or "",
        status=wire.status or "",
        live=now.live or False,
        ended=now.ended or False,
        at_ms=_ms(now.updated_at),
    )


def _fresher(wire: WireSports) -> WireState:
    """Return the state that a frame tells of: its own, filled up from the nested one.

    The two were the same wherever both were recorded. Only the nested one is dated, so that
    which is the older cannot be seen; but what has ended was later than what has not.
    """
    nested = wire.event_state or WireState()
    finished = wire.finished_timestamp or wire.finished_as_documented
    own = WireState(
        wire.score, wire.period, wire.elapsed, wire.live, wire.ended, finished or nested.updated_at
    )
    first, second = (nested, own) if nested.ended and not own.ended else (own, nested)
    fields = msgspec.structs.asdict(second)
    fields |= {name: v for name, v in msgspec.structs.asdict(first).items() if v is not None}
    return WireState(**fields)


def pairs_of(score: str) -> tuple[Pair, ...]:
    """Return the pairs of numbers of a score, empty for any other form.

    `"2-1"` is one pair, `"6-7(3-7), 6-3, 2-1"` three: the points of a tie break are left out.
    """
    found = [_PAIR.fullmatch(part.strip()) for part in score.split(",")]
    pairs = tuple((int(match[1]), int(match[2])) for match in found if match)
    return pairs if len(pairs) == len(found) else ()


def _ms(text: str | None) -> int | None:
    """Return a time of the wire in Unix milliseconds; None where it cannot be read."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return round((moment - _EPOCH).total_seconds() * 1000)
