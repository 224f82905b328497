"""Frames: every byte that arrived, when, and from where; and what Fairline itself put on record.

A frame's `source` is `espn:<league>`, `gamma:events`, `gamma:sports`, `polymarket:market:<n>`,
`polymarket:books` (books over REST, to check those of the sockets), `polymarket:rest` (books over
REST, while no socket works), `polymarket:clob-markets` (the rules of one market),
`polymarket:sports` (scores as the venue tells them), `control` or `clock`. Control frames carry
one `Control` value as JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from fusion.errors import Refusal, excerpt
from fusion.slate import Slate

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Frame(msgspec.Struct, frozen=True):
    """One payload as it arrived. `recv_ns` is our receive time, UTC nanoseconds."""

    seq: int
    recv_ns: int
    source: str
    payload: bytes


class SessionStarted(msgspec.Struct, frozen=True, tag_field="kind", tag="session"):
    """The first frame of a live session: slates are journaled from here on.

    Of the hubs of one process, one `tells` what is wrong with the frames that all of them get.
    """

    version: str
    venue: str
    tells: bool = True


class Connected(msgspec.Struct, frozen=True, tag_field="kind", tag="connected"):
    """A link is up; nothing that was known over an earlier connection holds."""

    link: str


class Disconnected(msgspec.Struct, frozen=True, tag_field="kind", tag="disconnected"):
    """A link is down."""

    link: str
    reason: str = ""


class Gap(msgspec.Struct, frozen=True, tag_field="kind", tag="gap"):
    """Frames of every link were lost on our side; books are unusable until their snapshot."""

    reason: str
    dropped: int = 0


class HttpStatus(msgspec.Struct, frozen=True, tag_field="kind", tag="http"):
    """A request of `source` did not give a usable body. `status` is 0 without an answer."""

    source: str
    status: int
    detail: str = ""


class Unchanged(msgspec.Struct, frozen=True, tag_field="kind", tag="unchanged"):
    """A poll of `source` gave the same bytes as the frame with this `digest` (SHA-1)."""

    source: str
    digest: str


class SlateMatched(msgspec.Struct, frozen=True, tag_field="kind", tag="slate"):
    """The slate from here on."""

    slate: Slate


class Resubscribed(msgspec.Struct, frozen=True, tag_field="kind", tag="resubscribed"):
    """Fresh snapshots of `tokens` tokens are about to be asked for over a link, and why."""

    link: str
    tokens: int
    reason: str


class Reconnecting(msgspec.Struct, frozen=True, tag_field="kind", tag="reconnecting"):
    """A link is about to be closed by us, to come back at once, and why."""

    link: str
    reason: str


class Suspicious(msgspec.Struct, frozen=True, tag_field="kind", tag="suspicious"):
    """What `source` gave was used, and looks wrong: a list cut off at a round number, say."""

    source: str
    detail: str


BudgetCondition = Literal["ok", "warning", "exhausted", "throttled", "slow"]


class BudgetChanged(msgspec.Struct, frozen=True, tag_field="kind", tag="budget"):
    """The budget of an upstream is in another state: `used` requests of `limit` in its window.

    `warning` from 80 %, `exhausted` at 100 %, `throttled` while the upstream wants no request,
    `slow` while it answers far later than it used to.
    """

    upstream: str
    state: BudgetCondition
    used: int
    limit: int


class NoGames(msgspec.Struct, frozen=True, tag_field="kind", tag="no_games"):
    """The venue lists no game of a league that is in season; told once, until it lists one."""

    league: str
    detail: str = ""


Control = (
    SessionStarted
    | Connected
    | Disconnected
    | Gap
    | HttpStatus
    | Unchanged
    | SlateMatched
    | Resubscribed
    | Reconnecting
    | BudgetChanged
    | Suspicious
    | NoGames
)

Emit = Callable[[str, bytes], None]
"""Connectors hand over what arrived: `emit(source, payload)`; the receive time is stamped there."""

_encode = msgspec.json.Encoder().encode
_decode: Callable[[bytes], Control] = msgspec.json.Decoder(Control).decode


def encode_control(control: Control) -> bytes:
    """Return the payload of a control frame."""
    return _encode(control)


def decode_control(payload: bytes) -> Control | Refusal:
    """Return the control value of a payload, or why it is none."""
    try:
        return _decode(payload)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return Refusal("bad_control", str(error), excerpt(payload))
