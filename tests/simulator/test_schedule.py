from __future__ import annotations

from simulator.players import CARDS, TOURNAMENTS
from simulator.schedule import EXTRA_GAMES, SCHEDULE, Booking, extra_bookings


def test_cards_are_known_and_a_second_game_follows_a_first() -> None:
    """Tennis and fights have a card of their file; only a league's own game is played again."""
    for before, booking in zip((None, *SCHEDULE), SCHEDULE, strict=False):
        assert booking.card in {"", *CARDS, *TOURNAMENTS}
        assert bool(booking.card) == (booking.league in {"atp", "wta", "ufc"})
        assert not booking.again or (before and before.league == booking.league)


def test_added_games_start_in_turn() -> None:
    """League by league, every ten minutes from the tenth."""
    assert extra_bookings(5) == (
        Booking("esp.1", 10),
        Booking("esp.1", 20),
        Booking("esp.1", 30),
        Booking("esp.1", 40),
        Booking("esp.1", 10),
    )
    assert len(extra_bookings(EXTRA_GAMES)) == EXTRA_GAMES
