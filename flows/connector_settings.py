"""What the connectors are told: the configuration, at the pace of the venue.

A simulator plays faster than life, so that everything is asked for more often there.
"""

from __future__ import annotations

import msgspec

from connectors.budget import ALLOWANCES, Budget
from connectors.espn.poller import PollSettings
from connectors.polymarket.clob_reader import ClobRulesSettings
from connectors.polymarket.discovery import DiscoverySettings
from connectors.polymarket.market_protocol import SocketSettings
from connectors.polymarket.rest_books import RestSettings
from connectors.polymarket.sports_socket import SportsSettings
from flows.settings import Settings
from flows.venue import Venue
from fusion.frames import Emit
from fusion.leagues import LEAGUES, League

SIMULATED_FLOOR_S = 0.25
SIMULATED_IDLE_S = 1.0


def followed_leagues(settings: Settings, venue: Venue) -> list[League]:
    """Return the leagues to follow; a simulator's are all as fast, whatever their own pace."""
    leagues = [LEAGUES[key] for key in settings.leagues]
    if not venue.simulated:
        return leagues
    return [
        msgspec.structs.replace(league, live_s=None, idle_s=None, quiet_s=None)
        for league in leagues
    ]


def poll_settings(settings: Settings, venue: Venue) -> PollSettings:
    """Return how scoreboards are polled."""
    espn = settings.espn
    fast = venue.simulated
    return PollSettings(
        base_url=venue.espn_url,
        user_agent=espn.user_agent,
        live_s=min(espn.live_s, SIMULATED_FLOOR_S) if fast else espn.live_s,
        idle_s=min(espn.idle_s, SIMULATED_IDLE_S) if fast else espn.idle_s,
        quiet_s=min(espn.quiet_s, SIMULATED_IDLE_S) if fast else espn.quiet_s,
        floor_s=min(espn.floor_s, SIMULATED_FLOOR_S) if fast else espn.floor_s,
        timeout_s=espn.timeout_s,
        done_s=SIMULATED_IDLE_S if fast else espn.done_s,
        # Seconds of a cache are minutes of a simulated game.
        cache_max_s=0.0 if fast else espn.cache_max_s,
    )


def socket_settings(settings: Settings, venue: Venue) -> SocketSettings:
    """Return how the market sockets are kept."""
    polymarket = settings.polymarket
    return SocketSettings(
        url=venue.market_ws_url,
        ping_s=polymarket.ping_s,
        silence_s=polymarket.silence_s,
        tokens_per_socket=polymarket.tokens_per_socket,
        reconnect_max_s=polymarket.reconnect_max_s,
    )


def sports_settings(settings: Settings, venue: Venue) -> SportsSettings:
    """Return how the results socket is kept."""
    return SportsSettings(url=venue.sports_ws_url, user_agent=settings.espn.user_agent)


def discovery_settings(settings: Settings, venue: Venue) -> DiscoverySettings:
    """Return how markets are looked for."""
    every_s = settings.polymarket.discover_s
    if not venue.simulated:
        return DiscoverySettings(base_url=venue.gamma_url, every_s=every_s)
    every_s = min(every_s, SIMULATED_IDLE_S)
    return DiscoverySettings(base_url=venue.gamma_url, every_s=every_s, after_s=None)


def rest_settings(settings: Settings, venue: Venue) -> RestSettings:
    """Return how books are asked for over REST."""
    polymarket = settings.polymarket
    longest_s = SIMULATED_IDLE_S if venue.simulated else float("inf")
    return RestSettings(
        base_url=venue.clob_url,
        witness_s=min(polymarket.witness_s, longest_s),
        witness_tokens=polymarket.witness_tokens,
        fallback_s=min(polymarket.fallback_s, longest_s),
    )


def rules_settings(venue: Venue) -> ClobRulesSettings:
    """Return how the rules of markets are read."""
    settings = ClobRulesSettings(base_url=venue.clob_url)
    if not venue.simulated:
        return settings
    return msgspec.structs.replace(settings, retry_s=SIMULATED_IDLE_S, look_s=SIMULATED_FLOOR_S)


def open_budgets(
    settings: Settings, venue: Venue, emit: Emit, processes: int = 1
) -> dict[str, Budget]:
    """Return one budget an upstream: of what the configuration says, the part of one process."""
    chosen = settings.budgets
    requests = {
        "espn:scoreboard": chosen.espn_per_minute,
        "gamma:events": chosen.gamma_events_per_10_s,
        "gamma:sports": chosen.gamma_sports_per_10_s,
        "clob:books": chosen.clob_books_per_10_s,
        "clob:markets": chosen.clob_markets_per_10_s,
    }
    times = chosen.simulated_times if venue.simulated else 1.0
    return {
        upstream: Budget(
            upstream,
            msgspec.structs.replace(
                ALLOWANCES[upstream], requests=max(1, round(times * wanted) // processes)
            ),
            emit,
        )
        for upstream, wanted in requests.items()
    }
