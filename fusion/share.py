"""Shares: which games each of several hubs carries.

A hub is a complete feed for its share of the games. The share of a game follows from its id alone,
the same on every machine and in every replay, so that nothing has to be agreed upon.
"""

from __future__ import annotations

from zlib import crc32

import msgspec

from fusion.slate import Slate


def hub_of(game_id: str, hubs: int) -> int:
    """Return the number of the hub that carries a game, of so many."""
    return crc32(game_id.encode()) % hubs


class Share(msgspec.Struct, frozen=True):
    """What hub number `hub` of `hubs` carries; everything where there is one."""

    hub: int = 0
    hubs: int = 1

    def has(self, game_id: str) -> bool:
        """Tell whether the game, or whatever else bears that name, is in the share."""
        return self.hubs == 1 or hub_of(game_id, self.hubs) == self.hub

    @property
    def tells(self) -> bool:
        """Whether the hub tells what is wrong with a frame that every hub gets, if none says so."""
        return self.hub == 0


EVERYTHING = Share()


def slate_of(slate: Slate, share: Share) -> Slate:
    """Return what of a slate is in a share; an event that has no game goes by its own name."""
    if share == EVERYTHING:
        return slate
    return Slate(
        games=tuple(game for game in slate.games if share.has(game.game_id)),
        unmatched=tuple(one for one in slate.unmatched if share.has(one.game_id or one.event_slug)),
    )
