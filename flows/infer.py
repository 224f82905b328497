"""Infer: the fair prices of a batch of quotes, in one vectorised call."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, isfinite

import msgspec

from fusion.costs import DECIMALS
from fusion.game import GameState, Selection
from fusion.healing import Heal
from fusion.join import JoinRow
from fusion.leagues import LEAGUES
from fusion.quotes import Priced, Quote
from fusion.rows import BookRow, GameRow
from models.doubt import plausible_priors, prior_error
from models.prior import league_prior, market_prior, odds_prior
from models.protocol import Prior
from models.registry import BUILT_IN, Registry, price_batch

COLUMN: dict[Selection, int] = {"home": 0, "draw": 1, "away": 2}

Fair = tuple[float, float, float]


class _Price(msgspec.Struct, frozen=True):
    """What a game was last priced at, and from what; `error` is NaN where nobody can tell."""

    state: GameState
    prior: Prior
    fair: Fair
    low: Fair
    error: Fair
    model: str


class Pricer:
    """Prices quotes; a game whose state and prior have not changed keeps its price.

    That memory only saves work: the price is a pure function of state and prior.

    Args:
        registry: The models of the leagues; those that come with Fairline if left out.
    """

    def __init__(self, registry: Registry = BUILT_IN) -> None:
        self._registry = registry
        self._known: dict[str, _Price] = {}

    def __call__(
        self, items: Sequence[tuple[str, JoinRow]]
    ) -> list[tuple[str, Priced | GameRow | BookRow | Heal]]:
        """Return the items with every quote priced, in their order."""
        wanted = [
            (quote.state, choose_prior(quote))
            for _, quote in items
            if isinstance(quote, Quote) and quote.state is not None
        ]
        prices = iter(self._prices(wanted))
        priced: list[tuple[str, Priced | GameRow | BookRow | Heal]] = []
        for game_id, item in items:
            if not isinstance(item, Quote):
                priced.append((game_id, item))
            elif item.state is None:
                priced.append((game_id, Priced(item, None, None, "", "none")))
            else:
                priced.append((game_id, _priced(item, next(prices))))
        return priced

    def _prices(self, wanted: Sequence[tuple[GameState, Prior]]) -> list[_Price]:
        """Return a price for each state and prior, asking the models only for what is new."""
        found: dict[tuple[int, Prior], _Price] = {}
        new: dict[tuple[int, Prior], tuple[GameState, Prior]] = {}
        for state, prior in wanted:
            known = self._known.get(state.game_id)
            if known is not None and known.prior == prior and known.state == state:
                found[id(state), prior] = known
            else:
                new[id(state), prior] = (state, prior)
        found |= zip(new, _price_all(list(new.values()), self._registry), strict=True)
        prices = [found[id(state), prior] for state, prior in wanted]
        self._known |= {price.state.game_id: price for price in prices}
        return prices


def choose_prior(quote: Quote) -> Prior:
    """Return the pregame prior: the market's, else a bookmaker's, else the league's rates."""
    league = LEAGUES[quote.league]
    mids = quote.pregame
    complete = mids.draw is not None or not league.three_way
    market = market_prior(mids.home, mids.draw, mids.away) if complete else None
    neutral = quote.state is not None and quote.state.neutral_site
    return market or odds_prior(quote.odds) or league_prior(league, neutral_site=neutral)


def _price_all(wanted: Sequence[tuple[GameState, Prior]], registry: Registry) -> list[_Price]:
    """Price each state with its prior, and, where that is a guess, with the extremes of it."""
    rows: list[tuple[GameState, Prior]] = []
    counts = []
    for state, prior in wanted:
        guesses = plausible_priors(LEAGUES[state.league]) if prior.source == "league" else ()
        rows += [(state, each) for each in (prior, *guesses)]
        counts.append(1 + len(guesses))
    batch = price_batch([state for state, _ in rows], [prior for _, prior in rows], registry)
    fairs: list[Fair] = [tuple(row) for row in batch.probabilities.round(DECIMALS).tolist()]
    prices, start = [], 0
    for (state, prior), count in zip(wanted, counts, strict=True):
        own = fairs[start : start + count]
        low: Fair = tuple(min(column) for column in zip(*own, strict=True))
        high: Fair = tuple(max(column) for column in zip(*own, strict=True))
        error = _errors(own[0], low, high, float(batch.error[start]))
        prices.append(_Price(state, prior, own[0], low, error, batch.names[start]))
        start += count
    return prices


def _errors(fair: Fair, low: Fair, high: Fair, error: float) -> Fair:
    """Return the standard error of each outcome's price.

    The model's `error` is that of home. The others have the same one in log-odds; what is not
    known of the prior comes on top.
    """
    slope = fair[0] * (1.0 - fair[0])
    log_odds = error / slope if slope > 0.0 else 0.0
    home, draw, away = (
        round(hypot(price * (1.0 - price) * log_odds, prior_error(least, most)), DECIMALS)
        for price, least, most in zip(fair, low, high, strict=True)
    )
    return home, draw, away


def _priced(quote: Quote, price: _Price) -> Priced:
    column = COLUMN[quote.outcome.selection]
    fair, low, error = price.fair[column], price.low[column], price.error[column]
    if fair != fair:  # noqa: PLR0124  (NaN is how a model says that it has no price)
        return Priced(quote, None, None, price.prior.source, price.model)
    known_error = error if isfinite(error) else None
    return Priced(quote, fair, low, price.prior.source, price.model, known_error)
