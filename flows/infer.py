"""Infer: the fair prices of a batch of quotes, in one vectorised call."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fusion.costs import DECIMALS
from fusion.game import GameState, Selection
from fusion.healing import Heal
from fusion.join import JoinRow
from fusion.leagues import LEAGUES
from fusion.quotes import Priced, Quote
from fusion.rows import BookRow, GameRow
from models.doubt import plausible_priors
from models.prior import league_prior, market_prior, odds_prior
from models.protocol import Prior
from models.registry import price_batch

COLUMN: dict[Selection, int] = {"home": 0, "draw": 1, "away": 2}

Fair = tuple[float, float, float]


class _Price(msgspec.Struct, frozen=True):
    """What a game was last priced at, and from what."""

    state: GameState
    prior: Prior
    fair: Fair
    low: Fair
    model: str


class Pricer:
    """Prices quotes; a game whose state and prior have not changed keeps its price.

    That memory only saves work: the price is a pure function of state and prior.
    """

    def __init__(self) -> None:
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
        found |= zip(new, _price_all(list(new.values())), strict=True)
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


def _price_all(wanted: Sequence[tuple[GameState, Prior]]) -> list[_Price]:
    """Price each state with its prior, and, where that is a guess, with the extremes of it."""
    rows: list[tuple[GameState, Prior]] = []
    counts = []
    for state, prior in wanted:
        guesses = plausible_priors(LEAGUES[state.league]) if prior.source == "league" else ()
        rows += [(state, each) for each in (prior, *guesses)]
        counts.append(1 + len(guesses))
    batch = price_batch([state for state, _ in rows], [prior for _, prior in rows])
    fairs: list[Fair] = [tuple(row) for row in batch.probabilities.round(DECIMALS).tolist()]
    prices, start = [], 0
    for (state, prior), count in zip(wanted, counts, strict=True):
        own = fairs[start : start + count]
        low = tuple(min(column) for column in zip(*own, strict=True))
        prices.append(_Price(state, prior, own[0], low, batch.names[start]))
        start += count
    return prices


def _priced(quote: Quote, price: _Price) -> Priced:
    column = COLUMN[quote.outcome.selection]
    fair, low = price.fair[column], price.low[column]
    if fair != fair:  # noqa: PLR0124  (NaN is how a model says that it has no price)
        return Priced(quote, None, None, price.prior.source, price.model)
    return Priced(quote, fair, low, price.prior.source, price.model)
