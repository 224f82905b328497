from __future__ import annotations

import json
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from websockets.sync.client import connect

from flows.sections import Espn, Polymarket, Simulator
from flows.settings import Settings
from flows.venue import Venue, live_venue, open_venue, venue_at
from fusion.errors import FeedError

LIVE = Venue(
    name="live",
    espn_url="https://site.api.espn.com",
    gamma_url="https://gamma-api.polymarket.com",
    clob_url="https://clob.polymarket.com",
    market_ws_url="wss://ws-subscriptions-clob.polymarket.com/ws/market",
    sports_ws_url="wss://sports-api.polymarket.com/ws",
    simulated=False,
)
LOCAL = Venue(
    name="http://127.0.0.1:8000",
    espn_url="http://127.0.0.1:8000",
    gamma_url="http://127.0.0.1:8000",
    clob_url="http://127.0.0.1:8000",
    market_ws_url="ws://127.0.0.1:8000/ws/market",
    sports_ws_url="ws://127.0.0.1:8000/ws/sports",
    simulated=True,
)
ELSEWHERE = Settings(
    venue="live",
    espn=Espn(base_url="http://e"),
    polymarket=Polymarket(
        gamma_url="http://g", clob_url="http://c", market_ws_url="ws://m", sports_ws_url="ws://s"
    ),
)

PARENT = """
import time
from flows.settings import Settings
from flows.venue import open_venue
with open_venue(Settings()) as venue:
    print(venue.espn_url, flush=True)
    time.sleep(60)
"""


def answers(url: str) -> bool:
    """Tell whether something answers at a URL."""
    try:
        with urlopen(f"{url}/simulator", timeout=5) as response:  # noqa: S310 (loopback)
            return bool(json.loads(response.read())["games"])
    except URLError:
        return False


def gone(url: str) -> bool:
    """Tell whether nothing answers at a URL, after a moment to go."""
    deadline = time.monotonic() + 5
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not answers(url)


def test_live_is_the_real_thing() -> None:
    """`live` is ESPN and Polymarket, opened without a look at them."""
    with open_venue(Settings(venue="live")) as venue:
        assert venue == LIVE


def test_url_is_one_simulator_for_all() -> None:
    """A URL serves everything at one base, with or without a slash behind it."""
    with open_venue(Settings(venue="http://127.0.0.1:8000/")) as venue:
        assert venue == LOCAL


def test_secure_url_has_a_secure_socket() -> None:
    """The socket's scheme follows the URL's, and a path stays before its own."""
    venue = venue_at(Settings(), "https://host/fairline")

    assert venue.market_ws_url == "wss://host/fairline/ws/market"


def test_configured_urls_go_first() -> None:
    """Each address can be put in the place of the venue's own, whatever the venue."""
    places = ("http://e", "http://g", "http://c", "ws://m", "ws://s")

    assert live_venue(ELSEWHERE) == Venue("live", *places, simulated=False)
    assert venue_at(ELSEWHERE, "http://s") == Venue("http://s", *places, simulated=True)


def test_one_configured_url_leaves_the_others() -> None:
    """What is not configured is the venue's."""
    settings = Settings(espn=Espn(base_url="http://e"))

    assert live_venue(settings) == Venue(
        "live",
        "http://e",
        LIVE.gamma_url,
        LIVE.clob_url,
        LIVE.market_ws_url,
        LIVE.sports_ws_url,
        simulated=False,
    )


def test_simulator_runs_as_long_as_the_context() -> None:
    """The default venue is a child that answers on HTTP and the socket, and ends with us."""
    with open_venue(Settings(simulator=Simulator(seed=3, speed=60))) as venue:
        assert (venue.name, venue.simulated) == ("simulator", True)
        with urlopen(f"{venue.espn_url}/simulator", timeout=5) as response:  # noqa: S310 (loopback)
            told = json.loads(response.read())
        assert (told["seed"], told["speed"]) == (3, 60.0)
        with connect(venue.market_ws_url, open_timeout=5) as socket:
            socket.send("PING")
            assert socket.recv(timeout=5) == "PONG"

    assert gone(venue.espn_url)


def test_simulator_ends_when_the_run_fails() -> None:
    """An error inside the context leaves no child behind, and comes out as it was."""
    urls = []

    def broken() -> None:
        with open_venue(Settings()) as venue:
            urls.append(venue.espn_url)
            msg = "the flow broke"
            raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match=r"^the flow broke$"):
        broken()
    assert gone(urls[0])


def test_simulator_ends_when_we_are_killed() -> None:
    """A parent that is killed cannot stop its child; the child sees it, and ends."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().decode().strip()
        alive = answers(url)
        parent.kill()

    assert alive
    assert gone(url)


def test_simulator_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ends without its addresses is an error that says how to see why."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    command = "/bin/false -m simulator --port 0 --watch-stdin --seed 7 --speed 240.0"

    with pytest.raises(FeedError) as caught, open_venue(Settings()):
        pytest.fail("there is no venue")
    assert str(caught.value) == f"the simulator did not start: it said b''; run `{command}`"
