"""A bookmaker's pregame odds, in the shape of the scoreboard's `odds`."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

from simulator.plan import GamePlan

MARGIN = 1.045
PROVIDER = {"id": "100", "name": "DraftKings", "priority": 1, "displayName": "DraftKings"}
Json = dict[str, Any]


def american(probability: float) -> str:
    """Return American odds for a probability, the bookmaker's margin included."""
    offered = min(max(probability * MARGIN, 0.01), 0.99)
    if abs(offered - 0.5) < 0.001:
        return "EVEN"
    if offered > 0.5:
        return f"-{round(100 * offered / (1 - offered))}"
    return f"+{round(100 * (1 - offered) / offered)}"


def odds_json(game: GamePlan) -> list[Json]:
    """Return the one bookmaker's odds of a game that has not started."""
    home, draw, away = game.moments[0].truth
    scale = {"hockey": 2.2, "baseball": 4.2, "soccer": 1.7}.get(game.league.sport, 12.5)
    spread = -round(NormalDist().inv_cdf(home / (home + away)) * scale * 2) / 2
    spread = spread if spread % 1 else spread - 0.5
    favourite, number = (game.home, spread) if spread < 0 else (game.away, -spread)
    total = {"basketball": 222.5, "football": 44.5, "hockey": 6.5, "baseball": 8.5}.get(
        game.league.sport, 2.5
    )
    odds: Json = {
        "provider": PROVIDER,
        "details": f"{favourite.espn_code} {number:g}",
        "overUnder": total,
        "spread": spread,
        "awayTeamOdds": {"favorite": spread > 0, "underdog": spread < 0},
        "homeTeamOdds": {"favorite": spread < 0, "underdog": spread > 0},
        "moneyline": {
            "displayName": "Moneyline",
            "shortDisplayName": "ML",
            "home": {"close": {"odds": american(home)}, "open": {"odds": american(home)}},
            "away": {"close": {"odds": american(away)}, "open": {"odds": american(away)}},
        },
        "pointSpread": {
            "displayName": "Spread",
            "shortDisplayName": "Spread",
            "home": {"close": {"line": f"{spread:+g}", "odds": "-110"}},
            "away": {"close": {"line": f"{-spread:+g}", "odds": "-110"}},
        },
        "total": {
            "displayName": "Total",
            "shortDisplayName": "Total",
            "over": {"close": {"line": f"o{total:g}", "odds": "-110"}},
            "under": {"close": {"line": f"u{total:g}", "odds": "-110"}},
        },
    }
    if draw:
        odds["drawOdds"] = {"moneyLine": float(american(draw).replace("EVEN", "100"))}
        odds["moneyline"]["draw"] = {"close": {"odds": american(draw)}}
    return [odds]
