"""The shapes of the results socket that are on record, and the one of the documents."""

from __future__ import annotations

import msgspec
import pytest

from connectors.polymarket.sports_schema import WireSports, WireState, decode_update


def test_the_live_names_and_the_documented_one_are_read() -> None:
    """Names are in camel case; the end is dated under two names."""
    text = b"""{"leagueAbbreviation": "x", "gameId": 5, "eventState": {"updatedAt": "u"},
        "finishedTimestamp": "live", "finished_timestamp": "documented", "turn": "lac"}"""
    assert decode_update(text) == WireSports(
        league_abbreviation="x",
        game_id=5,
        event_state=WireState(updated_at="u"),
        finished_timestamp="live",
        finished_as_documented="documented",
    )


@pytest.mark.parametrize(
    "text",
    [
        b'{"gameId": 5}',
        b'{"leagueAbbreviation": null, "gameId": 5}',
        b'{"leagueAbbreviation": "x", "gameId": -1}',
        b'{"leagueAbbreviation": "x", "gameId": 1e300}',
        b'{"leagueAbbreviation": "x", "gameId": true}',
        b'{"leagueAbbreviation": "x", "gameId": 99999999999999999999}',
        b'{"leagueAbbreviation": "x", "score": 3}',
        b'{"leagueAbbreviation": "%s"}' % (b"x" * 257),
    ],
)
def test_other_types_are_none(text: bytes) -> None:
    """A league that is missing, a number that is no game's, a text without end."""
    with pytest.raises(msgspec.ValidationError):
        decode_update(text)
