"""Telling that a league in season has no games."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
import requests
from discovering import build, rounds, told
from gamma_venue import GammaVenue, event

from fusion.leagues import LEAGUES

NFL = LEAGUES["nfl"]


def test_a_league_in_season_without_games_is_told_once(
    gamma: GammaVenue, session: requests.Session
) -> None:
    """It is told when it becomes so, not every round, and again when games came and went."""
    gamma.listed["tag_id", "450"] = [event(1, slug="nfl-a1-b1-2026-09-13-more-markets")]
    paces = {"every_s": 0.01, "rare_times": 1.0, "whole_rare_s": 0.01, "sports_every_s": 0.02}
    discovery, emitted, _ = build(gamma, session, **paces)
    rounds(discovery, [NFL], 4)
    detail = (
        "the venue lists no game of NFL, asked by series_id 12185, tag_id 450, and 1 other"
        " events; its code, series or tag may have changed"
    )
    assert told(emitted) == [("nfl", detail)]
    gamma.listed["series_id", "12185"] = [event(2)]
    rounds(discovery, [NFL], 4)
    gamma.listed.clear()
    rounds(discovery, [NFL], 8)
    assert [league for league, _ in told(emitted)] == ["nfl", "nfl"]


@pytest.mark.parametrize(
    "changes",
    [{"season": (3, 8)}, {"season": ()}, {"season": (9, 2), "years": (2027, 4)}],
    ids=["over", "unsure", "another year"],
)
def test_a_league_out_of_season_may_list_nothing(
    changes: dict[str, Any], gamma: GammaVenue, session: requests.Session
) -> None:
    """Where no games are expected, none are no fault."""
    discovery, emitted, listed = build(gamma, session)
    asyncio.run(discovery.ask([msgspec.structs.replace(NFL, **changes)]))
    assert (told(emitted), listed.calls) == ([], [("nfl", [])])


@pytest.mark.parametrize("case", ["failure", "unreadable", "own clock", "games next week"])
def test_only_a_whole_answer_tells_that_there_are_no_games(
    case: str, gamma: GammaVenue, session: requests.Session
) -> None:
    """What was not heard whole, and a venue whose season is unknown, prove nothing."""
    changes: dict[str, Any] = {"after_s": None} if case == "own clock" else {}
    if case == "failure":
        gamma.failures["/events/keyset"] = gamma.make_reply(status=500, body=b"{}")
    if case == "unreadable":
        gamma.failures["/events/keyset"] = gamma.make_reply(body=b'{"error": "oops"}')
    if case == "games next week":
        gamma.listed["tag_id", "450"] = [event(1, "2026-09-20T17:00:00Z")]
    discovery, emitted, _ = build(gamma, session, **changes)
    asyncio.run(discovery.ask([NFL]))
    assert told(emitted) == []
