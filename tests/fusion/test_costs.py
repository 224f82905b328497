from __future__ import annotations

import pytest
from factories import shares
from hypothesis import given
from hypothesis import strategies as st

from fusion.costs import Cost, cost_to_buy, fee_dollars, kelly_fraction, size_within
from fusion.slate import FeeSchedule

FEE = FeeSchedule(rate=0.05)
LADDER = ((4_000, shares(30)), (4_200, shares(100)), (5_000, shares(1_000)))


def test_fee_of_the_sports_schedule_at_even_odds() -> None:
    """A share at 50 cents costs 1.25 cents of fee at the rate of 0.05."""
    assert fee_dollars(100, 0.5, FEE) == pytest.approx(1.25)


def test_fee_rounds_up_to_five_decimals() -> None:
    """A fee of 0.0000024975 dollars is charged as one hundred-thousandth."""
    assert fee_dollars(0.05, 0.001, FEE) == pytest.approx(0.00001)


def test_fee_is_zero_without_a_rate() -> None:
    """A market without a schedule costs no fee."""
    assert fee_dollars(100, 0.5, FeeSchedule()) == 0.0


def test_cost_walks_the_ladder() -> None:
    """Buying 100 shares takes 30 at 40 cents and 70 at 42 cents, and pays the fee of both.

    30 x .05 x .24 = .36 and 70 x .05 x .2436 = .8526 of fee, 12 + 29.4 dollars of shares.
    """
    assert cost_to_buy(LADDER, 100, FEE) == Cost(size=100.0, price=0.426126, fee=0.012126)


def test_cost_is_none_when_the_ladder_is_too_thin() -> None:
    """A size that the ladder does not hold has no cost."""
    assert cost_to_buy(LADDER, 1_131, FEE) is None


def test_cost_is_none_for_no_shares() -> None:
    """Buying nothing has no average price."""
    assert cost_to_buy(LADDER, 0, FEE) is None


def test_size_within_counts_the_fee() -> None:
    """At a limit of 43 cents the 42-cent level is out, as its fee takes it to 43.2."""
    assert size_within(LADDER, 0.43, FEE) == 30.0


def test_size_within_takes_every_level_at_the_limit_or_below() -> None:
    """At a limit of 43.3 cents both lower levels are in."""
    assert size_within(LADDER, 0.433, FEE) == 130.0


def test_kelly_is_the_edge_over_the_odds() -> None:
    """A bet at 40 cents on a 55 % chance stakes 25 % before the cap."""
    assert kelly_fraction(0.55, 0.40, cap=1.0) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("fair", "cost", "stake"), [(0.3, 0.4, 0.0), (0.9, 0.2, 0.05), (1.0, 1.0, 0.0)]
)
def test_kelly_stays_between_zero_and_the_cap(fair: float, cost: float, stake: float) -> None:
    """No edge stakes nothing, much edge the cap, and a sure thing at full price nothing."""
    assert kelly_fraction(fair, cost, cap=0.05) == stake


@given(
    st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 10**9)), min_size=1, max_size=8),
    st.floats(0.001, 0.999),
)
def test_cost_never_beats_the_best_price(levels: list[tuple[int, int]], share: float) -> None:
    """The average cost lies between the best price and the worst with its fee."""
    ladder = sorted(levels)
    total = sum(size for _, size in ladder) / 1_000_000
    cost = cost_to_buy(ladder, max(total * share, 0.000_001), FEE)

    assert cost is not None
    assert cost.price >= ladder[0][0] / 10_000 - 1e-9
    assert cost.price - cost.fee <= ladder[-1][0] / 10_000 + 1e-9
