from __future__ import annotations

from factories import AWAY, HOME, MARKET, book, listing, scored, shares, stamp, state, traded

from fusion.events import Listed
from fusion.join import GameJoin, JoinRules
from fusion.levels import LevelBatch, level_batch
from fusion.market import LastTrade, LevelChange, PriceChange

CHANGE = PriceChange(
    MARKET, 7, (LevelChange(HOME, "bid", 4_500, shares(3)), LevelChange(AWAY, "ask", 5_500, 0))
)


def test_changes_of_a_message_stand_side_by_side() -> None:
    """Every change of a message has its token, side, price and size, in the order it came."""
    assert level_batch(CHANGE, stamp(3, at_s=1), "2026-11-18", "nba:401") == LevelBatch(
        seq=3,
        recv_ns=stamp(3, at_s=1).recv_ns,
        venue_ms=7,
        date="2026-11-18",
        league="nba",
        game_id="nba:401",
        market_id=MARKET,
        snapshot=False,
        token_ids=(HOME, AWAY),
        sides=("bid", "ask"),
        prices=(4_500, 5_500),
        sizes=(shares(3), 0),
    )


def test_a_snapshot_is_all_its_levels() -> None:
    """The bids of a whole book come before its asks."""
    whole = book(HOME, ((4_500, shares(2)), (4_400, shares(1))), ((4_600, shares(5)),), ms=9)
    batch = level_batch(whole, stamp(3), "2026-11-18", "nba:401")

    assert batch.snapshot
    assert (batch.token_ids, batch.sides) == ((HOME,) * 3, ("bid", "bid", "ask"))
    assert (batch.prices, batch.sizes) == (
        (4_400, 4_500, 4_600),
        (shares(1), shares(2), shares(5)),
    )


def test_the_join_tells_every_change_of_a_listed_game() -> None:
    """What changes levels comes out before the quotes it causes; a trade changes none."""
    join = GameJoin(JoinRules())
    assert join.on(traded(stamp(1), CHANGE)) == []
    join.on(Listed(stamp(2), listing()))
    join.on(scored(stamp(3), state()))
    trade = LastTrade(MARKET, HOME, 8, 4_500, shares(1), "bid", "0.45")

    assert [type(row) for row in join.on(traded(stamp(4), CHANGE))] == [LevelBatch]
    assert join.on(traded(stamp(5), trade)) == []
