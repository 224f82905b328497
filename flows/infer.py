"""Infer: the fair prices of a batch of quotes, in one vectorised call."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, isfinite, isnan

import msgspec

from fusion.costs import DECIMALS
from fusion.game import GameState, Odds, Selection
from fusion.join import JoinRow, Passing
from fusion.leagues import LEAGUES
from fusion.quotes import PregameMids, Priced, Quote
from models.doubt import plausible_priors, prior_error
from models.prior import league_prior, market_prior, odds_prior
from models.protocol import Prior
from models.registry import BUILT_IN, Registry, price_batch

OUTCOMES: tuple[Selection, ...] = ("home", "draw", "away")
"""The columns of what a model answers."""

Fair = tuple[float, float, float]

_Basis = tuple[int, int, int]
"""The identities of what a quote's price rests on: its state, its pregame prices, its odds."""

_OfOutcome = tuple[float | None, float | None, float | None]
"""Fair price, its low and its error."""


class _Price(msgspec.Struct, frozen=True):
    """What a game was last priced at, and from what."""

    state: GameState
    pregame: PregameMids
    odds: Odds | None
    prior: Prior
    model: str
    outcomes: dict[Selection, _OfOutcome]

    def is_of(self, quote: Quote) -> bool:
        """Tell whether this is the price of a quote; mostly it rests on the very same values."""
        if quote.state is not self.state and quote.state != self.state:
            return False
        is_same = quote.pregame is self.pregame and quote.odds is self.odds
        return is_same or choose_prior(quote) == self.prior


class Pricer:
    """Prices quotes; a game whose state and prior have not changed keeps its price.

    That memory only saves work: the price is a pure function of state and prior.

    Args:
        registry: The models of the leagues; those that come with Fairline if left out.
    """

    def __init__(self, registry: Registry = BUILT_IN) -> None:
        self._registry = registry
        self._known: dict[str, _Price] = {}

    def __call__(self, items: Sequence[tuple[str, JoinRow]]) -> list[tuple[str, Priced | Passing]]:
        """Return the items with every quote priced, in their order."""
        wanted = [item for _, item in items if isinstance(item, Quote) and item.state is not None]
        prices = iter(self._prices(wanted))
        priced: list[tuple[str, Priced | Passing]] = []
        for game_id, item in items:
            if not isinstance(item, Quote):
                priced.append((game_id, item))
            elif item.state is None:
                priced.append((game_id, Priced(item, None, None, "", "none")))
            else:
                price = next(prices)
                fair, low, error = price.outcomes[item.outcome.selection]
                source, model = price.prior.source, price.model
                priced.append((game_id, Priced(item, fair, low, source, model, error)))
        return priced

    def _prices(self, quotes: Sequence[Quote]) -> list[_Price]:
        """Return a price for each quote, asking the models only for what is new."""
        bases: list[_Basis] = [(id(q.state), id(q.pregame), id(q.odds)) for q in quotes]
        found: dict[_Basis, _Price] = {}
        new: dict[_Basis, Quote] = {}
        for basis, quote in dict(zip(bases, quotes, strict=True)).items():
            known = self._known.get(quote.game_id)
            if known is not None and known.is_of(quote):
                found[basis] = known
            else:
                new[basis] = quote
        if new:
            fresh = dict(zip(new, _price_all(list(new.values()), self._registry), strict=True))
            found |= fresh
            self._known |= {price.state.game_id: price for price in fresh.values()}
        return [found[basis] for basis in bases]


def choose_prior(quote: Quote) -> Prior:
    """Return the pregame prior: the market's, else a bookmaker's, else the league's rates."""
    league = LEAGUES[quote.league]
    mids = quote.pregame
    complete = mids.draw is not None or not league.three_way
    market = market_prior(mids.home, mids.draw, mids.away) if complete else None
    neutral = quote.state is not None and quote.state.neutral_site
    return market or odds_prior(quote.odds) or league_prior(league, neutral_site=neutral)


def _price_all(quotes: Sequence[Quote], registry: Registry) -> list[_Price]:
    """Price each quote's state with its prior, and, where that is a guess, with its extremes."""
    wanted = [
        (quote, quote.state, choose_prior(quote)) for quote in quotes if quote.state is not None
    ]
    rows: list[tuple[GameState, Prior]] = []
    counts = []
    for _, state, prior in wanted:
        guesses = plausible_priors(LEAGUES[state.league]) if prior.source == "league" else ()
        rows += [(state, each) for each in (prior, *guesses)]
        counts.append(1 + len(guesses))
    batch = price_batch([state for state, _ in rows], [prior for _, prior in rows], registry)
    fairs: list[Fair] = [tuple(row) for row in batch.probabilities.round(DECIMALS).tolist()]
    prices, start = [], 0
    for (quote, state, prior), count in zip(wanted, counts, strict=True):
        outcomes = _of_outcomes(fairs[start : start + count], float(batch.error[start]))
        model = batch.names[start]
        prices.append(_Price(state, quote.pregame, quote.odds, prior, model, outcomes))
        start += count
    return prices


def _of_outcomes(fairs: Sequence[Fair], error: float) -> dict[Selection, _OfOutcome]:
    """Return the price of each outcome, None where there is none.

    `fairs` are the price, and what it would be at the extremes of a prior that is a guess; a NaN
    is how a model says that it has no price, or no error.
    """
    columns = list(zip(*fairs, strict=True))
    lows = tuple(min(column) for column in columns)
    highs = tuple(max(column) for column in columns)
    errors = _errors(fairs[0], lows, highs, error)
    found: dict[Selection, _OfOutcome] = {}
    for outcome, fair, low, known in zip(OUTCOMES, fairs[0], lows, errors, strict=True):
        its_error = known if isfinite(known) else None
        found[outcome] = (None, None, None) if isnan(fair) else (fair, low, its_error)
    return found


def _errors(fair: Fair, low: Sequence[float], high: Sequence[float], error: float) -> Fair:
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
