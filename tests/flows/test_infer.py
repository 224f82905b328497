from __future__ import annotations

import factories
import msgspec
import pytest
from factories import listing, pregame, state

from flows.infer import Pricer, choose_prior
from fusion.game import GameState, Odds
from fusion.quotes import PregameMids, Priced, Quote
from fusion.rows import GameRow
from models.coefficients.shelf import built_in

MIDS = PregameMids(home=0.62, away=0.40)


def quote(
    game: GameState | None,
    *,
    side: int = 0,
    mids: PregameMids = MIDS,
    odds: Odds | None = None,
) -> Quote:
    """Return a quote of one side of a game in the given state."""
    outcome = listing().outcomes[side]
    return factories.quote(state=game, outcome=outcome, pregame=mids, odds=odds)


def price(pricer: Pricer, *quotes: Quote) -> list[Priced]:
    """Return the quotes priced."""
    priced = [item for _, item in pricer([(each.game_id, each) for each in quotes])]
    return [item for item in priced if isinstance(item, Priced)]


def test_pregame_price_is_the_market_without_its_margin() -> None:
    """Before the start the fair price is the prior, for both sides."""
    home, away = price(Pricer(), quote(pregame()), quote(pregame(), side=1))

    assert [home.fair, away.fair] == pytest.approx([0.62 / 1.02, 0.40 / 1.02], abs=1e-6)
    model = f"basketball:nba-{built_in()['nba'].version}"
    assert (home.prior, home.model) == ("market", model)


def test_prices_do_not_depend_on_the_batch() -> None:
    """A game priced alone, twice, and among others has the same price."""
    late = quote(state(period=4, clock_s=30.0))
    early = quote(state(period=1))
    alone = price(Pricer(), late)[0]
    pricer = Pricer()
    together = price(pricer, early, late, early, late)

    assert [together[1], together[3]] == [alone, alone]
    assert price(pricer, late) == [alone]


def test_a_prior_that_comes_back_within_a_batch_has_its_own_price() -> None:
    """Before the start the prior moves with the book; each quote gets the price of its own."""
    mids = [PregameMids(home=home, away=1 - home) for home in (0.6, 0.5, 0.6, 0.55)]
    pricer, game = Pricer(), pregame()
    price(pricer, quote(game, mids=mids[0]))
    prices = price(pricer, *(quote(game, mids=each) for each in mids[1:]))

    assert [each.fair for each in prices] == pytest.approx([0.5, 0.6, 0.55])


def test_game_rows_pass_in_their_place() -> None:
    """A game row is not priced and keeps its place among the quotes."""
    row = msgspec.convert(
        {
            "seq": 1, "recv_ns": 1, "date": "2026-11-18", "league": "nba", "game_id": "nba:401",
            "start_ns": 1, "home": "B", "away": "N", "state": "in", "status": "in_progress",
            "completed": False, "home_score": 1, "away_score": 0, "period": 1, "clock_s": 1.0,
            "detail": "", "winner": None, "espn_home_win": None,
        },
        GameRow,
    )  # fmt: skip
    before, after = quote(state()), quote(state())
    items: list[tuple[str, Quote | GameRow]] = [
        (each.game_id, each) for each in (before, row, after)
    ]

    assert [type(item) for _, item in Pricer()(items)] == [Priced, GameRow, Priced]


def test_game_without_a_state_has_no_price() -> None:
    """Before the first poll there is nothing to price."""
    made = quote(None)

    assert price(Pricer(), made) == [Priced(made, None, None, "", "none")]


def test_unknown_pregame_price_gives_a_lower_bound() -> None:
    """Without a prior, the price is the league's and the bound that of a clear underdog."""
    guessed = price(Pricer(), quote(state(), mids=PregameMids()))[0]
    known = price(Pricer(), quote(state()))[0]

    assert (guessed.prior, known.prior) == ("league", "market")
    assert known.fair_low == known.fair
    assert guessed.fair is not None
    assert guessed.fair_low is not None
    assert 0.1 < guessed.fair - guessed.fair_low < 0.5


def test_postponed_game_has_no_price() -> None:
    """A game that is over without a result has no fair price."""
    off = state(phase="post", status="postponed", clock_s=None)
    priced = price(Pricer(), quote(off))[0]

    assert (priced.fair, priced.fair_low) == (None, None)


def test_prior_comes_from_the_market_then_the_odds_then_the_league() -> None:
    """The best source that is there is taken."""
    odds = Odds(home=0.7, away=0.3, provider="DraftKings")

    assert choose_prior(quote(state(), odds=odds)).source == "market"
    assert choose_prior(quote(state(), odds=odds, mids=PregameMids(home=0.6))).source == "odds"
    assert choose_prior(quote(state(), mids=PregameMids())).source == "league"


def test_price_says_how_far_off_it_may_be() -> None:
    """Both sides have one error; it is wider where nobody knew the pregame price."""
    home, away = price(Pricer(), quote(state()), quote(state(), side=1))
    guessed = price(Pricer(), quote(state(), mids=PregameMids()))[0]

    assert home.error is not None
    assert guessed.error is not None
    assert home.error == away.error
    assert 0.0 < home.error < guessed.error < 0.3


def test_result_has_no_error_and_a_pregame_price_an_unknown_one() -> None:
    """After the end the price is certain; before the start it is the market's, not ours."""
    over = state(phase="post", status="final", completed=True, winner="home", clock_s=None)
    ended, before = price(Pricer(), quote(over), quote(pregame()))

    assert (ended.fair, ended.error) == (1.0, 0.0)
    assert before.error is None
