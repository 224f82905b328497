"""`fairline doctor`: what would keep a run from working, and how to mend it."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryFile

import click
import requests
from rich.console import Console
from rich.table import Table
from rich.text import Text
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from connectors.http import HttpFailed, fetch, new_session
from flows.settings import Settings, load_settings
from flows.venue import Venue, open_venue
from fusion.leagues import LEAGUES

PACKAGES = ("bytewax", "websockets", "requests", "polars", "pyarrow", "duckdb", "msgspec")
FREE_BYTES = 2 * 1024**3
CLOCK_S = 2.0
TIMEOUT_S = 10.0

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, and what was seen or how to mend it."""


@click.command()
def doctor() -> None:
    """Check versions, disk, clock and the venue; exit 1 if something must be mended."""
    settings = load_settings()
    findings = [_which_venue(settings), *_machine(settings.data_dir)]
    with open_venue(settings) as venue:
        findings += _venue(settings, venue)
    table = Table(show_header=False, box=None)
    for well, what, seen in findings:
        mark = Text("ok", "green") if well else Text("mend", "red")
        table.add_row(mark, Text(what), Text(seen))
    Console().print(table)
    if not all(well for well, _, _ in findings):
        sys.exit(1)


def _which_venue(settings: Settings) -> Finding:
    hint = "; FAIRLINE_VENUE=live checks ESPN and Polymarket" if settings.venue != "live" else ""
    return True, "venue", f"{settings.venue}{hint}"


def _machine(data_dir: Path) -> Iterator[Finding]:
    yield True, "python", sys.version.split()[0]
    for package in PACKAGES:
        yield _package(package)
    yield _writable(data_dir)
    yield _free_space(data_dir)


def _package(name: str) -> Finding:
    try:
        return True, name, version(name)
    except PackageNotFoundError:
        return False, name, "is not installed; run ./scripts/setup"


def _writable(data_dir: Path) -> Finding:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=data_dir) as file:
            file.write(b"fairline")
    except OSError as error:
        mend = "give this user the right to write there, or set FAIRLINE_DATA_DIR"
        return False, f"write {data_dir}", f"{error.strerror}; {mend}"
    return True, f"write {data_dir}", "can be written"


def _free_space(data_dir: Path) -> Finding:
    folder = next(path for path in (data_dir, *data_dir.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    seen = f"{free / 1024**3:.1f} GiB free"
    if free < FREE_BYTES:
        return False, "disk", f"{seen}; a night of all leagues wants 2 GiB"
    return True, "disk", seen


def _venue(settings: Settings, venue: Venue) -> Iterator[Finding]:
    session = new_session(settings.espn.user_agent)
    path = LEAGUES[settings.leagues[0]].espn_path
    espn = f"{venue.espn_url}/apis/site/v2/sports/{path}/scoreboard"
    yield _answers("ESPN", espn, lambda: fetch(session, espn))
    gamma = f"{venue.gamma_url}/sports"
    yield _answers("Gamma", gamma, lambda: fetch(session, gamma))
    yield _answers("market socket", venue.market_ws_url, lambda: _socket(venue.market_ws_url))
    yield _clock(session, espn)


def _answers(name: str, url: str, ask: Callable[[], object]) -> Finding:
    started = time.perf_counter()
    try:
        ask()
    except HttpFailed as error:
        hint = "set espn.user_agent" if error.status == 403 else "check the network and the URL"
        return False, name, f"{url}: {error}; {hint}"
    except (OSError, EOFError, WebSocketException) as error:
        return False, name, f"{url}: {error}; check the network, a proxy, a firewall"
    return True, name, f"{url} answered in {1000 * (time.perf_counter() - started):.0f} ms"


def _socket(url: str) -> None:
    with connect(url, open_timeout=TIMEOUT_S, close_timeout=1) as socket:
        socket.send("PING")


def _clock(session: requests.Session, url: str) -> Finding:
    """Compare our clock with the Date header of a server; ages rest on ours alone."""
    try:
        stamp = session.head(url, timeout=TIMEOUT_S).headers.get("Date", "")
        theirs = parsedate_to_datetime(stamp).timestamp()
    except (requests.RequestException, ValueError):
        return True, "clock", "no server told the time to compare with"
    off = time.time() - theirs
    seen = f"{off:+.1f} s from the server's, whose stamp has whole seconds"
    if abs(off) > CLOCK_S:
        return False, "clock", f"{seen}; turn on time synchronisation (timedatectl set-ntp true)"
    return True, "clock", seen
