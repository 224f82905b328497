"""Venues: where the connectors find ESPN and Polymarket, the real ones or the simulator."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec

from flows.settings import Settings
from fusion.errors import FeedError

LIVE_POLYMARKET_WS = "wss://ws-subscriptions-clob.polymarket.com/ws/market"
LIVE_SPORTS_WS = "wss://sports-api.polymarket.com/ws"


class Venue(msgspec.Struct, frozen=True):
    """The base URLs of one venue; `simulated` venues play faster than life and end."""

    name: str
    espn_url: str
    gamma_url: str
    clob_url: str
    market_ws_url: str
    sports_ws_url: str
    simulated: bool


def live_venue(settings: Settings) -> Venue:
    """Return ESPN and Polymarket, with what the configuration puts in their place."""
    return _configured(
        settings,
        Venue(
            name="live",
            espn_url="https://site.api.espn.com",
            gamma_url="https://gamma-api.polymarket.com",
            clob_url="https://clob.polymarket.com",
            market_ws_url=LIVE_POLYMARKET_WS,
            sports_ws_url=LIVE_SPORTS_WS,
            simulated=False,
        ),
    )


def venue_at(settings: Settings, url: str) -> Venue:
    """Return a simulator that serves everything at one base URL."""
    url = url.rstrip("/")
    socket = urlsplit(url)._replace(scheme="wss" if url.startswith("https") else "ws").geturl()
    return _configured(
        settings,
        Venue(
            name=url,
            espn_url=url,
            gamma_url=url,
            clob_url=url,
            market_ws_url=f"{socket}/ws/market",
            sports_ws_url=f"{socket}/ws/sports",
            simulated=True,
        ),
    )


def _configured(settings: Settings, venue: Venue) -> Venue:
    return msgspec.structs.replace(
        venue,
        espn_url=settings.espn.base_url or venue.espn_url,
        gamma_url=settings.polymarket.gamma_url or venue.gamma_url,
        clob_url=settings.polymarket.clob_url or venue.clob_url,
        market_ws_url=settings.polymarket.market_ws_url or venue.market_ws_url,
        sports_ws_url=settings.polymarket.sports_ws_url or venue.sports_ws_url,
    )


@contextmanager
def open_venue(settings: Settings) -> Iterator[Venue]:
    """Return the configured venue; a simulator of our own runs for as long as the context.

    Raises:
        FeedError: the simulator did not start.
    """
    if settings.venue == "live":
        yield live_venue(settings)
    elif settings.venue != "simulator":
        yield venue_at(settings, settings.venue)
    else:
        with open_simulator(settings) as url:
            yield msgspec.structs.replace(venue_at(settings, url), name="simulator")


class _Hello(msgspec.Struct):
    url: str


@contextmanager
def open_simulator(settings: Settings) -> Iterator[str]:
    """Run the simulator as a child that ends with us, and return its base URL.

    Raises:
        FeedError: it did not start.
    """
    chosen = settings.simulator
    options = ["--seed", str(chosen.seed), "--speed", str(chosen.speed)]
    if chosen.extra_games:
        options += ["--extra-games", str(chosen.extra_games)]
    if chosen.faults is not None:
        options += ["--faults", str(chosen.faults)]
    command = [sys.executable, "-m", "simulator", "--port", "0", "--watch-stdin", *options]
    # A session of its own: Ctrl-C is for the run, which then ends the child by itself.
    with subprocess.Popen(  # noqa: S603  (our own module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as child:
        try:
            line = child.stdout.readline() if child.stdout else b""
            try:
                url = msgspec.json.decode(line, type=_Hello).url
            except msgspec.MsgspecError as error:
                msg = f"the simulator did not start: it said {line!r}; run `{' '.join(command)}`"
                raise FeedError(msg) from error
            yield url
        finally:
            child.kill()  # It keeps nothing; to close its sockets politely takes it a second.
