from __future__ import annotations

import msgspec
from factories import AWAY, HOME, listing, rules

from fusion.slate import Slate, Unmatched


def test_open_markets_are_the_tokens_to_subscribe() -> None:
    """Each open market gives its tokens, in slate order; closed ones and empty games none."""
    more = msgspec.structs.replace(
        listing(),
        game_id="nba:402",
        markets=(
            rules(market_id="0xa", token_ids=("1", "2")),
            rules(market_id="0xb", token_ids=("3", "4"), closed=True),
            rules(market_id="0xc", token_ids=("5", "6"), accepting_orders=False),
        ),
    )
    none = msgspec.structs.replace(listing(), game_id="nba:403", markets=())

    assert Slate((listing(), none, more)).open_markets() == ((AWAY, HOME), ("1", "2"), ("5", "6"))
    assert Slate().open_markets() == ()


def test_slate_survives_the_journal() -> None:
    """What is journaled is what was matched: encoding and decoding lose nothing."""
    slate = Slate((listing(),), (Unmatched("nba", "nba:9", "", "no_event", "nothing listed"),))

    assert msgspec.json.decode(msgspec.json.encode(slate), type=Slate) == slate
