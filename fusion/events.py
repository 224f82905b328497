"""What happens to one game: the events `route` makes of frames, in arrival order.

Every event carries the frame it came from (`seq`, `recv_ns`) and `link_ns`, the latest time at
which the links that carry the game's books were heard (the oldest of them), 0 when never.
"""

from __future__ import annotations

import msgspec

from fusion.game import GameState
from fusion.market import BookSnapshot, MarketMessage
from fusion.score_witness import ToldScore
from fusion.slate import SlateGame


class Stamp(msgspec.Struct, frozen=True):
    """The frame behind an event."""

    seq: int
    recv_ns: int
    link_ns: int = 0


class Listed(msgspec.Struct, frozen=True):
    """The slate lists the game with these markets, or, with None, no longer lists it."""

    stamp: Stamp
    listing: SlateGame | None


class Scored(msgspec.Struct, frozen=True):
    """A poll of the scoreboard gave this state."""

    stamp: Stamp
    state: GameState


class ScoreDoubted(msgspec.Struct, frozen=True):
    """A poll showed the game further back than it was, and has not been confirmed yet."""

    stamp: Stamp


class Polled(msgspec.Struct, frozen=True):
    """A poll of the scoreboard covered the game and found nothing new on the whole board."""

    stamp: Stamp


class Traded(msgspec.Struct, frozen=True, gc=False):
    """A message about one of the game's markets, and the link that brought it."""

    stamp: Stamp
    link: str
    message: MarketMessage


class ScoreTold(msgspec.Struct, frozen=True):
    """The venue's own results socket told where the game stands, in ESPN's sides."""

    stamp: Stamp
    told: ToldScore


class LinkLost(msgspec.Struct, frozen=True):
    """A link that carried books of the game is down."""

    stamp: Stamp
    link: str


class LinkDoubted(msgspec.Struct, frozen=True):
    """A link that carries books of the game answers, and has brought no data for too long."""

    stamp: Stamp
    link: str


class Witnessed(msgspec.Struct, frozen=True):
    """What REST shows of one of the game's books."""

    stamp: Stamp
    rest: BookSnapshot


class FrameSpoilt(msgspec.Struct, frozen=True):
    """A frame of a link that carries books of the game could not be read."""

    stamp: Stamp
    link: str


class FramesLost(msgspec.Struct, frozen=True):
    """Frames were lost on our side: every book waits for its next snapshot."""

    stamp: Stamp


class Ticked(msgspec.Struct, frozen=True):
    """A second passed."""

    stamp: Stamp


class Ended(msgspec.Struct, frozen=True):
    """The game has been over for long: what is known of it can be let go."""

    stamp: Stamp


Event = (
    Listed
    | Scored
    | ScoreDoubted
    | Polled
    | Traded
    | Witnessed
    | ScoreTold
    | LinkLost
    | LinkDoubted
    | FrameSpoilt
    | FramesLost
    | Ticked
    | Ended
)
