"""One market's rules as the order book itself has them, over those its listing states.

The listing (Gamma) comes from a cache and is up to five minutes old; the order book (CLOB) is
asked directly. It leaves out what does not hold or is not known, so that what it does not say
stays as listed.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fusion.slate import FeeSchedule, MarketRules, Slate


class ClobRules(msgspec.Struct, frozen=True):
    """What the order book says of one market; None where it says nothing.

    `tick_size` is in 1e-4 dollars, `min_order_size` in shares, `seconds_delay` how long the order
    of a taker waits.
    """

    market_id: str
    tick_size: int | None = None
    min_order_size: float | None = None
    fee: FeeSchedule | None = None
    neg_risk: bool | None = None
    accepting_orders: bool | None = None
    clear_book_on_start: bool | None = None
    game_start_ns: int | None = None
    seconds_delay: int | None = None


def with_clob_rules(slate: Slate, rules: Mapping[str, ClobRules]) -> Slate:
    """Return the slate with what the order book says of its markets, by market id.

    A market whose fee the order book does not state keeps its listing's schedule, the one it was
    created with. Orders are taken only where both say so: of a market that stopped trading in
    play the listing may be the one that is newer.
    """
    games = tuple(
        msgspec.structs.replace(
            game,
            markets=tuple(_merged(market, rules.get(market.market_id)) for market in game.markets),
        )
        for game in slate.games
    )
    return msgspec.structs.replace(slate, games=games)


def _merged(listed: MarketRules, said: ClobRules | None) -> MarketRules:
    if said is None:
        return listed
    known = {
        name: value for name, value in msgspec.structs.asdict(said).items() if value is not None
    }
    if not listed.accepting_orders:
        known["accepting_orders"] = False
    return msgspec.structs.replace(listed, **known)
