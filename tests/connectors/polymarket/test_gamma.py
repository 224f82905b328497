"""What the venue lists."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest
from gamma_wire import EVENT, LISTED, MARKET, NO, RULES, START_NS, YES, encode, reasons

from connectors.polymarket.gamma import Listing, SportRow, parse_events, parse_sports, parse_time
from fusion.listing import ListedEvent, ListedMarket
from fusion.slate import FeeSchedule, MarketRules


def only(payload: dict[str, Any]) -> ListedEvent:
    """Return the only event of a body of which nothing is refused."""
    listing = parse_events(encode([payload]))
    assert listing.refusals == ()
    [event] = listing.events
    return event


@pytest.mark.parametrize(
    ("body", "cursor"),
    [
        ([EVENT], None),
        (EVENT, None),
        ({"$schema": "x", "events": [EVENT]}, None),
        ({"events": [EVENT], "next_cursor": "MTAw"}, "MTAw"),
    ],
    ids=["list", "one", "envelope", "page"],
)
def test_an_event_is_read_from_every_shape(body: Any, cursor: str | None) -> None:
    """A list, a page with a cursor and a single event give the same event."""
    assert parse_events(encode(body)) == Listing((LISTED,), (), cursor, 1)


def test_an_empty_list_has_no_events() -> None:
    """A league out of season lists nothing, and nothing is refused."""
    assert parse_events(b"[]") == parse_events(b'{"events": []}') == Listing()


@pytest.mark.parametrize(
    ("changed", "fee"),
    [
        ({"feesEnabled": False}, FeeSchedule(0.0)),
        ({"feeSchedule": None}, FeeSchedule(0.0)),
        ({"feesEnabled": None}, FeeSchedule(0.05)),
        ({"feeSchedule": {"rate": 0.03, "exponent": 2, "takerOnly": False}},
         FeeSchedule(0.03, 2.0, False)),
        ({"feeSchedule": {"rate": "0.0175"}}, FeeSchedule(0.0175)),
    ],
)  # fmt: skip
def test_the_fee_is_that_of_the_schedule(changed: dict[str, Any], fee: FeeSchedule) -> None:
    """A market pays its own schedule, nothing without one, and never the 1000 of the caps."""
    event = only({**EVENT, "markets": [{**MARKET, **changed}]})
    assert event.markets[0].rules.fee == fee


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"orderPriceMinTickSize": "0.0025"}, {"tick_size": 25}),
        ({"orderPriceMinTickSize": None}, {"tick_size": 100}),
        ({"orderMinSize": 15}, {"min_order_size": 15.0}),
        ({"orderMinSize": None}, {"min_order_size": 5.0}),
        ({"secondsDelay": None}, {"seconds_delay": 0}),
        ({"negRisk": True}, {"neg_risk": True}),
        ({"acceptingOrders": False}, {"accepting_orders": False}),
        ({"clearBookOnStart": None}, {"clear_book_on_start": False}),
        ({"gameStartTime": None}, {"game_start_ns": None}),
        ({"closed": True}, {"closed": True}),
        ({"outcomes": ["LIU", "Kansas"], "clobTokenIds": [YES, NO]}, {}),
    ],
)
def test_the_rules_are_the_markets_own(changed: dict[str, Any], rules: dict[str, Any]) -> None:
    """Each rule of a market is read from its field, with the venue's default where it is null."""
    event = only({**EVENT, "markets": [{**MARKET, **changed}]})
    assert event.markets[0].rules == msgspec.structs.replace(RULES, **rules)


@pytest.mark.parametrize(
    ("changed", "start_ns"),
    [
        ({"startTime": None}, START_NS),
        ({"startTime": "2026-09-05T01:30:00Z"}, START_NS + 5_400_000_000_000),
        ({"startTime": None, "markets": []}, None),
    ],
)
def test_the_start_is_that_of_play(changed: dict[str, Any], start_ns: int | None) -> None:
    """The start is the event's, else a market's, and never the time of listing or the end."""
    assert only({**EVENT, **changed}).start_ns == start_ns


@pytest.mark.parametrize(
    ("slug", "sport", "code"),
    [
        ("cfb-liub-kan-2026-09-04", {"sport": "cfb"}, "cfb"),
        ("cfb-liub-kan-2026-09-04", None, "cfb"),
        ("cbb-nc-duke-2025-03-14", {"sport": "ncaab"}, "cbb"),
        ("j-league-a-b-2026-09-04", {"sport": "J-League"}, "j-league"),
        ("cfb-liub-kan-2026-09-04", {"sport": 5}, "cfb"),
    ],
)
def test_the_code_is_the_slugs(slug: str, sport: Any, code: str) -> None:
    """The code is the sport's where the slug begins with it, else the first part of the slug."""
    assert only({**EVENT, "slug": slug, "sport": sport}).code == code


def test_a_finished_event_says_so() -> None:
    """`closed` and `ended` are read."""
    event = only({**EVENT, "closed": True, "ended": True})
    assert (event.closed, event.ended) == (True, True)


@pytest.mark.parametrize(
    ("of_event", "of_markets", "number"),
    [
        (70971320, [None], "70971320"),
        ("1427074", [99], "1427074"),
        (None, [None], ""),
        (None, [None, "1427074"], "1427074"),
        (None, [19484], "19484"),
        ("", [7.5, 19484], "19484"),
        (0, [0], ""),
    ],
)
def test_the_number_of_a_game_is_the_events_or_a_markets(
    of_event: Any, of_markets: list[Any], number: str
) -> None:
    """`gameId` is a number or a text, of the event or of its markets, and may be missing."""
    markets = [{**MARKET, "gameId": each} for each in of_markets]
    assert only({**EVENT, "gameId": of_event, "markets": markets}).venue_game_id == number


@pytest.mark.parametrize(
    ("text", "time_ns"),
    [
        ("2026-09-05 00:00:00+00", START_NS),
        ("2026-09-05T00:00:00Z", START_NS),
        ("2026-09-04T20:00:00.5-04:00", START_NS + 500_000_000),
        ("2026-09-05T00:00:00", None),
        ("2026-09-05", None),
        ("tomorrow", None),
        ("9999-99-99T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_times_need_an_offset(text: str, time_ns: int | None) -> None:
    """A time is read with a space or a T, with Z or an offset, and without one it is none."""
    assert parse_time(text) == time_ns


def test_sports_name_the_series() -> None:
    """A row gives code, ordering, tags and series; bad rows are refused alone."""
    rows = [
        {"sport": "NFL", "ordering": "away", "tags": "1, 450,100639", "series": "12185"},
        {"sport": "ufc", "ordering": None, "tags": None, "series": 38},
        {"sport": ""},
        None,
    ]
    listing = parse_sports(encode(rows))
    assert listing.rows == (
        SportRow("nfl", "away", ("1", "450", "100639"), "12185"),
        SportRow("ufc", "", (), "38"),
    )
    assert reasons(listing) == ["bad_sport", "bad_sport"]


CAPTURED = {
    "gamma/events_keyset_cfb_20260830.json": ("cfb-liub-kan-2026-09-04", 1_788_566_400, 3),
    "gamma/wc_match_pre.json": ("fifwc-nld-mar-2026-06-29", 1_782_781_200, 3),
    "gamma/wc_match_live_scored.json": ("fifwc-ger-par-2026-06-29", 1_782_765_000, 3),
    "gamma/wc_match_post.json": ("fifwc-bra-jpn-2026-06-29", 1_782_752_400, 3),
    "gamma/wc_match_more_markets.json.gz": (
        "fifwc-ger-par-2026-06-29-more-markets",
        1_782_765_000,
        45,
    ),
}


@pytest.mark.parametrize("name", CAPTURED)
def test_captured_events_are_read(name: str, shared: Path) -> None:
    """Each captured event gives its slug, its start and all of its markets."""
    data = (shared / "captures/polymarket" / name).read_bytes()
    listing = parse_events(gzip.decompress(data) if name.endswith(".gz") else data)
    slug, start_s, markets = CAPTURED[name]
    assert [
        (event.slug, event.start_ns, len(event.markets), event.code) for event in listing.events
    ] == [(slug, start_s * 1_000_000_000, markets, slug.partition("-")[0])]
    assert listing.refusals == ()


def test_the_spread_of_a_captured_game_is_read_to_the_letter(shared: Path) -> None:
    """The second market of the college game is Kansas by 38.5, with its tokens in that order."""
    path = shared / "captures/polymarket/gamma/events_keyset_cfb_20260830.json"
    market = parse_events(path.read_bytes()).events[0].markets[1]
    assert market == ListedMarket(
        MarketRules(
            market_id="0xa11cedf0fd521afd1ba8d6fce00866608146417cc533a0b7fb6224492f028cb7",
            slug="cfb-liub-kan-2026-09-04-spread-home-38pt5",
            token_ids=(
                "79069285221460272535940620764391935718453993136032763305795485361336991253923",
                "8704896633820489738673032640079228873801493836169137539550306233730108906502",
            ),
            outcomes=("Kansas", "LIU"),
            tick_size=100,
            min_order_size=5.0,
            fee=FeeSchedule(0.05, 1.0, True),
            seconds_delay=1,
            clear_book_on_start=True,
            game_start_ns=START_NS,
        ),
        question="Spread: Kansas (-38.5)",
        market_type="spreads",
        line=-38.5,
    )
