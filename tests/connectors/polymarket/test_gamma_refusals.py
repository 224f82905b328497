"""What cannot be used of a listing, and never takes the rest with it."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from gamma_wire import EVENT, LISTED, MARKET, encode, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.polymarket.gamma import Listing, parse_events, parse_sports


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"enableOrderBook": False}, "no_order_book"),
        ({"clobTokenIds": None}, "no_tokens"),
        ({"clobTokenIds": ""}, "no_tokens"),
        ({"clobTokenIds": "[]"}, "no_tokens"),
        ({"clobTokenIds": '["", ""]'}, "no_tokens"),
        ({"clobTokenIds": '["1"]'}, "bad_tokens"),
        ({"clobTokenIds": '["1", "1"]'}, "bad_tokens"),
        ({"clobTokenIds": '["1", "-2"]'}, "bad_tokens"),
        ({"clobTokenIds": f'["1", "{"9" * 79}"]'}, "bad_tokens"),
        ({"clobTokenIds": '["1", 2]'}, "bad_market"),
        ({"clobTokenIds": '["1"'}, "not_json"),
        ({"outcomes": None}, "bad_tokens"),
        ({"conditionId": None}, "bad_market"),
        ({"orderPriceMinTickSize": "nan"}, "bad_market"),
        ({"feeSchedule": {"rate": 1000}}, "bad_market"),
        ({"line": "inf"}, "bad_market"),
    ],
)
def test_a_market_that_cannot_be_used_is_refused_alone(
    changed: dict[str, Any], reason: str
) -> None:
    """A market without a book, without tokens or with bad fields leaves its event and the rest."""
    listing = parse_events(encode([{**EVENT, "markets": [{**MARKET, **changed}, MARKET]}]))
    assert (listing.events, reasons(listing)) == ((LISTED,), [reason])


def test_bad_parts_of_an_event_are_refused_alone() -> None:
    """A bad time or team leaves the event; a bad event leaves the list."""
    teams = [5, *EVENT["teams"]]
    bad_start = {**EVENT, "teams": teams, "startTime": "soon"}
    listing = parse_events(encode([7, bad_start, {**EVENT, "slug": ""}, {**EVENT, "markets": 3}]))
    assert listing.events == (LISTED,)
    assert reasons(listing) == ["bad_event", "bad_time", "bad_team", "bad_event", "bad_event"]
    assert listing.elements == 4


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty_body"),
        (b"<html>", "html"),
        (gzip.compress(b"[]", mtime=0), "gzip"),
        (b"null", "text_frame"),
        (b"[", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'[{"id":"\xff","slug":"a","markets":[]}]', "bad_utf8"),
        (b'{"error": "invalid"}', "not_events"),
        (b'{"events": 5}', "not_events"),
        (encode(MARKET), "not_events"),
    ],
)
def test_what_is_no_list_of_events_is_refused(payload: bytes, reason: str) -> None:
    """Garbage, errors of the venue and a lone market give one refusal and no events."""
    assert parse_events(payload).events == ()
    assert reasons(parse_events(payload)) == [reason]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(b"", "empty_body"), (b"{}", "not_sports"), (b"[", "not_json"), (b"<p>", "html")],
)
def test_what_is_no_list_of_sports_is_refused(payload: bytes, reason: str) -> None:
    """Garbage gives one refusal and no rows."""
    assert (parse_sports(payload).rows, reasons(parse_sports(payload))) == ((), [reason])


JSON_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_mutated_event_is_read_or_refused(data: st.DataObject) -> None:
    """Any field of event or market replaced gives an event or a refusal."""
    event, market = dict(EVENT), dict(MARKET)
    event[data.draw(st.sampled_from(sorted(event)))] = data.draw(JSON_VALUES)
    market[data.draw(st.sampled_from(sorted(market)))] = data.draw(JSON_VALUES)
    if event["markets"] == [MARKET]:
        event["markets"] = [market]
    listing = parse_events(encode([event]))
    assert len(listing.events) == 1 or listing.refusals


FINITE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9)
)
"""Values that JSON has a form for."""

ELEMENTS = st.sampled_from([EVENT, {**EVENT, "slug": ""}, {**EVENT, "markets": 3}]) | FINITE


@settings(max_examples=150, deadline=None)
@given(
    elements=st.lists(ELEMENTS, max_size=4),
    cursor=st.none() | st.text(max_size=9),
    rest=st.dictionaries(st.text(max_size=9), FINITE, max_size=2),
)
def test_every_element_of_a_page_is_read_or_refused(
    elements: list[Any], cursor: str | None, rest: dict[str, Any]
) -> None:
    """In a list or in an envelope, events and refusals add up, and the cursor is the page's."""
    known = {"events": elements, "next_cursor": cursor}
    strangers = {name: value for name, value in rest.items() if name not in {*known, "markets"}}
    page = parse_events(encode({**strangers, **known}))
    assert len(page.events) + len(page.refusals) == page.elements == len(elements)
    assert page.next_cursor == (cursor or None)
    plain = parse_events(encode(elements))
    assert (plain.events, plain.refusals) == (page.events, page.refusals)


@settings(max_examples=100, deadline=None)
@given(
    events=st.sampled_from([[EVENT], [], None]) | FINITE,
    cursor=st.sampled_from(["MTAw", "", None]) | FINITE,
)
def test_a_mutated_envelope_is_read_or_refused(events: Any, cursor: Any) -> None:
    """A page whose fields are something else is an empty page or one refusal, never an error."""
    page = parse_events(encode({"$schema": "x", "events": events, "next_cursor": cursor}))
    if isinstance(events, list | None) and isinstance(cursor, str | None):
        assert (len(page.events), page.refusals) == (len(events or ()), ())
    else:
        assert (page.events, reasons(page)) == ((), ["not_events"])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"sport": st.sampled_from(["nfl", "EPL", ""]) | FINITE},
            optional={"tags": FINITE, "series": FINITE, "ordering": FINITE},
        )
        | FINITE,
        max_size=4,
    )
)
def test_every_row_of_sports_is_read_or_refused(rows: list[Any]) -> None:
    """Rows and refusals add up, whatever stands in a row."""
    listing = parse_sports(encode(rows))
    assert len(listing.rows) + len(listing.refusals) == len(rows)


@given(payload=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    """No bytes raise, and what gives no events gives a refusal, except an empty list."""
    listing = parse_events(payload)
    assert listing.events or listing.refusals or listing == Listing()
    assert parse_sports(payload).rows or parse_sports(payload).refusals or b"[" in payload
