"""Frames of the results socket: every recorded one, and everything else."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.polymarket.sports_parse import (
    MAX_FRAME_BYTES,
    SportsFrame,
    is_ping,
    pairs_of,
    parse_sports,
)
from fusion.sports_update import SportsUpdate

RECORDED = (
    SportsUpdate(
        venue_game_id="90106111",
        code="kor",
        score="2-1",
        pairs=((2, 1),),
        home_team="Gimcheon Sangmu FC",
        away_team="Daejeon Hana Citizen FC",
        period="2H",
        elapsed="74",
        status="InProgress",
        live=True,
        at_ms=1_784_980_938_396,
    ),
    SportsUpdate(
        venue_game_id="5968822",
        code="atp",
        score="4-6, 1-2",
        pairs=((4, 6), (1, 2)),
        home_team="Alexander Bublik",
        away_team="Quentin Halys",
        period="S2",
        status="inprogress",
        live=True,
        at_ms=1_784_980_943_121,
    ),
    SportsUpdate(
        venue_game_id="1590176",
        code="lol",
        score="000-000|0-0|Bo1",
        pairs=(),
        home_team="Caldya Esport",
        away_team="Galions Sharks",
        period="1/1",
        status="running",
        live=True,
    ),
    SportsUpdate(
        venue_game_id="id2703680373085574",
        code="cricket",
        score="21-178",
        pairs=((21, 178),),
        period="Live",
        live=True,
    ),
    SportsUpdate(
        venue_game_id="id2703438269077680",
        code="cricket",
        score="116-38",
        pairs=((116, 38),),
        period="FT",
        ended=True,
        at_ms=1_784_981_214_595,
    ),
    SportsUpdate(
        venue_game_id="6361496",
        code="wta challenger",
        score="0-0",
        pairs=((0, 0),),
        home_team="Hiroko Kuwata",
        away_team="Wushuang Zheng",
        period="S2",
        status="inprogress",
        live=True,
    ),
    SportsUpdate(
        venue_game_id="6352662",
        code="wta",
        score="7-5, 5-7, 2-6",
        pairs=((7, 5), (5, 7), (2, 6)),
        home_team="Yulia Starodubtseva",
        away_team="Alina Charaeva",
        period="FT",
        status="finished",
        ended=True,
        at_ms=1_790_835_803_907,
    ),
)
"""The recorded lines as a person reads them; the times by hand from a calendar."""


def update(**changes: object) -> bytes:
    """Return a frame of a soccer match, with changes; None takes a key away."""
    frame: dict[str, object] = {
        "gameId": 7,
        "leagueAbbreviation": "epl",
        "score": "2-1",
        "period": "2H",
        "elapsed": "74",
        "live": True,
        "ended": False,
    }
    return msgspec.json.encode({k: v for k, v in (frame | changes).items() if v is not None})


def only(payload: bytes) -> SportsUpdate:
    """Return the one update of a frame that has nothing else."""
    frame = parse_sports(payload)
    (found,) = frame.updates
    assert frame == SportsFrame(updates=(found,))
    return found


def test_every_recorded_line_is_read(shared: Path) -> None:
    """Soccer, tennis, a computer game, cricket in play and over, a set left out, a final."""
    path = shared / "captures/polymarket/sports_ws/observed_20260725_20261001.jsonl"
    lines = path.read_bytes().splitlines()
    assert tuple(only(line) for line in lines) == RECORDED


def test_a_ping_in_text_is_a_heartbeat() -> None:
    """The documents write it small; case and blanks around it do not matter."""
    for payload in (b"ping", b"PING", b" ping\n"):
        assert is_ping(payload)
        assert parse_sports(payload) == SportsFrame(heartbeat=True)
    assert not is_ping(b"pong")


def test_an_array_is_taken_apart() -> None:
    """The good elements are kept and the others are refused by name."""
    frame = parse_sports(b"[%s, 3, {}, %s]" % (update(), update(gameId=8)))
    assert [each.venue_game_id for each in frame.updates] == ["7", "8"]
    assert [each.reason for each in frame.refusals] == ["bad_schema", "bad_schema"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty_body"),
        (b" \n", "empty_body"),
        (b"pong", "text_frame"),
        (b"INVALID", "text_frame"),
        (b"<html>", "html"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xff\xfe", "text_frame"),
        (b'{"gameId": 1', "not_json"),
        (b"[", "not_json"),
        (b'{"leagueAbbreviation": "\xff", "gameId": 1}', "bad_utf8"),
        (b"[" * 100_000, "too_deep"),
        (b"{" + b" " * MAX_FRAME_BYTES, "too_large"),
        (update(leagueAbbreviation=None), "bad_schema"),
        (update(score=3), "bad_schema"),
        (update(live="yes"), "bad_schema"),
        (update(gameId=None), "no_game_id"),
        (update(gameId=None, metadataGameId=""), "no_game_id"),
    ],
)
def test_what_is_no_update_is_refused(payload: bytes, reason: str) -> None:
    """Each reason is stable, and nothing is both refused and used."""
    frame = parse_sports(payload)
    assert [each.reason for each in frame.refusals] == [reason]
    assert frame.updates == ()


def test_the_number_may_be_a_text_and_the_other_id_stands_in() -> None:
    """Markets write the same number as a text; cricket has another id."""
    assert only(update(gameId="7")) == only(update())
    assert only(update(gameId="", metadataGameId="id9")).venue_game_id == "id9"
    assert only(update(metadataGameId="id9")).venue_game_id == "7"


def test_the_nested_state_fills_what_the_frame_leaves_out() -> None:
    """A frame's own words come first, since nothing says that the nested ones are newer."""
    nested = {"score": "9-9", "period": "1H", "elapsed": "80", "live": True, "ended": False}
    own = only(update(eventState=nested))
    assert (own.score, own.period, own.elapsed) == ("2-1", "2H", "74")
    filled = only(update(score=None, elapsed=None, eventState=nested))
    assert (filled.score, filled.period, filled.elapsed) == ("9-9", "2H", "80")


def test_what_has_ended_is_fresher() -> None:
    """A nested state that is over was made after an outer one that is not, and the reverse."""
    over = {"score": "3-1", "period": "FT", "live": False, "ended": True}
    ended = only(update(eventState=over))
    assert (ended.score, ended.period, ended.live, ended.ended) == ("3-1", "FT", False, True)
    before = {"score": "2-1", "period": "2H", "live": True, "ended": False}
    ended = only(update(**over, eventState=before))
    assert (ended.score, ended.period, ended.live, ended.ended) == ("3-1", "FT", False, True)


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T00:00:01.234567891Z", 1_235),
        ("1970-01-01T01:00:01+01:00", 1_000),
        ("1970-01-01T00:00:01", None),
        ("", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:59", -62_135_683_140_000),
    ],
)
def test_times(text: str, at_ms: int | None) -> None:
    """Nanoseconds are rounded; what is no time, or one without a zone, is left out."""
    for key in ("finishedTimestamp", "finished_timestamp"):
        assert only(update(**{key: text})).at_ms == at_ms
    assert only(update(eventState={"updatedAt": text})).at_ms == at_ms


@pytest.mark.parametrize(
    ("score", "pairs"),
    [
        ("2-1", ((2, 1),)),
        ("108-99", ((108, 99),)),
        ("6-7(3-7), 6-3, 2-1", ((6, 7), (6, 3), (2, 1))),
        ("7-6(5),1-0", ((7, 6), (1, 0))),
        ("1 - 0", ((1, 0),)),
        ("000-000|2-0|Bo3", ()),
        ("2-1 (4-3 pens)", ()),
        ("6-3, ret.", ()),
        ("-1-2", ()),
        ("12345-1", ()),
        ("\u0662-1", ()),
        ("", ()),
    ],
)
def test_scores(score: str, pairs: tuple[tuple[int, int], ...]) -> None:
    """Pairs of numbers are read; a score with anything else in it is left as it is, whole."""
    assert pairs_of(score) == pairs


WIRE_KEYS = ["gameId", "metadataGameId", "leagueAbbreviation", "eventState", "finishedTimestamp"]
KEYS = [*WIRE_KEYS, "score", "live", "ended", "period", "updatedAt", "homeTeam"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    """No JSON raises, and none gets lost: each element gives an update or a refusal."""
    frame = parse_sports(msgspec.json.encode(value))
    count = len(value) if isinstance(value, list) else 1
    assert len(frame.updates) + len(frame.refusals) == count


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    """No bytes raise, and none are both a heartbeat and something else."""
    frame = parse_sports(payload)
    assert frame.heartbeat != bool(frame.updates or frame.refusals) or payload.strip() == b"[]"
