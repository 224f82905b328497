"""The frames of the venue's results socket, as observers recorded them from July to October 2026.

They differ from the venue's documents: there is no `slug`, no `event_type` and no `last_update`,
and the time of the end is `finishedTimestamp` (documents: `finished_timestamp`; both are read).
Cricket has a `metadataGameId` in place of the number, and neither teams nor status. `eventState`
comes now and then and says the same once more. What is not needed is not named here and is
skipped while decoding. Texts are bounded so that garbage cannot fill the memory.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=256)]
GameNumber = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class WireState(Struct):
    """`eventState`: the state once more, with the time it was made."""

    score: Text | None = None
    period: Text | None = None
    elapsed: Text | None = None
    live: bool | None = None
    ended: bool | None = None
    updated_at: Text | None = msgspec.field(default=None, name="updatedAt")


class WireSports(Struct, rename="camel"):
    """One update. Without one of the two ids it is none."""

    league_abbreviation: Text
    game_id: GameNumber | Text | None = None
    metadata_game_id: GameNumber | Text | None = None
    home_team: Text | None = None
    away_team: Text | None = None
    status: Text | None = None
    score: Text | None = None
    period: Text | None = None
    elapsed: Text | None = None
    live: bool | None = None
    ended: bool | None = None
    event_state: WireState | None = None
    finished_timestamp: Text | None = None
    finished_as_documented: Text | None = msgspec.field(default=None, name="finished_timestamp")


decode_update = msgspec.json.Decoder(WireSports).decode
decode_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode
