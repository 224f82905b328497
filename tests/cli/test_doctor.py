"""`fairline doctor` as it is typed."""

from __future__ import annotations

import re
import shutil
import socket
import time
from collections import namedtuple
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.doctor import PACKAGES
from cli.main import main
from flows.venue import Venue

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 (what shutil returns)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def closed_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def doctor(**settings: str) -> Result:
    """Run the verb on a wide terminal with these settings."""
    environment = {f"FAIRLINE_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(main, ["doctor"], env={"COLUMNS": "1000", **environment})


def findings(result: Result) -> dict[str, tuple[str, str]]:
    """Return the mark and the text of each finding."""
    lines = [re.split(r" {2,}", line.strip(), maxsplit=2) for line in result.stdout.splitlines()]
    return {line[1]: (line[0], line[2]) for line in lines}


def test_all_is_well_with_a_local_venue(venue: Venue) -> None:
    """Versions, disk, clock and each of the three addresses are looked at, and all are well."""
    result = doctor(venue=venue.espn_url)
    found = findings(result)

    assert (result.exit_code, result.stderr) == (0, "")
    assert {mark for mark, _ in found.values()} == {"ok"}
    assert list(found) == [
        "venue",
        "python",
        *PACKAGES,
        "write data",
        "disk",
        "ESPN",
        "Gamma",
        "market socket",
        "clock",
    ]
    url = venue.espn_url
    board = f"{url}/apis/site/v2/sports/basketball/nba/scoreboard"
    assert re.fullmatch(rf"{board} answered in \d+ ms", found["ESPN"][1])
    assert re.fullmatch(rf"{url}/sports answered in \d+ ms", found["Gamma"][1])
    assert found["market socket"][1].startswith(f"{venue.market_ws_url} answered in ")
    assert found["clock"][1].endswith(" s from the server's, whose stamp has whole seconds")


def test_default_venue_is_started_and_asked() -> None:
    """Without a configuration the simulator is tried, so that doctor says whether a run would."""
    result = doctor()

    assert result.exit_code == 0
    assert findings(result)["ESPN"][1].startswith("http://127.0.0.1:")


def test_unreachable_venue_must_be_mended(closed_port: int) -> None:
    """Each address that does not answer is named, with what to look at; the exit code is 1."""
    result = doctor(venue=f"http://127.0.0.1:{closed_port}")
    found = findings(result)
    bad = {name: text for name, (mark, text) in found.items() if mark == "mend"}

    assert result.exit_code == 1
    assert list(bad) == ["ESPN", "Gamma", "market socket"]
    assert bad["Gamma"].startswith(f"http://127.0.0.1:{closed_port}/sports: no connection: ")
    assert bad["Gamma"].endswith("; check the network and the URL")
    assert bad["market socket"].endswith("; check the network, a proxy, a firewall")
    assert found["clock"] == ("ok", "no server told the time to compare with")


def test_server_that_is_no_venue_must_be_mended(venue: Venue) -> None:
    """A server that answers all but what is asked is told by its answers, not by a traceback."""
    result = doctor(venue=f"{venue.espn_url}/elsewhere")
    bad = {name: text for name, (mark, text) in findings(result).items() if mark == "mend"}

    assert result.exit_code == 1
    assert list(bad) == ["ESPN", "Gamma", "market socket"]
    assert "the answer was HTTP 404 Not Found" in bad["ESPN"]
    assert "server rejected WebSocket connection" in bad["market socket"]


def test_address_that_is_none_must_be_mended(venue: Venue) -> None:
    """A socket address of another scheme is told like one that does not answer."""
    result = doctor(venue=venue.espn_url, polymarket__market_ws_url="http://127.0.0.1/ws")

    assert result.exit_code == 1
    assert findings(result)["market socket"][0] == "mend"


def test_data_directory_that_cannot_be_written(home: Path, venue: Venue) -> None:
    """A file where the data should go is found before a run stumbles over it."""
    (home / "data").write_text("")
    result = doctor(venue=venue.espn_url)

    assert result.exit_code == 1
    assert findings(result)["write data"] == (
        "mend",
        "File exists; give this user the right to write there, or set FAIRLINE_DATA_DIR",
    )


def test_full_disk_must_be_mended(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room for a night is told with how much there is."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 2**40 - 2**30, 2**30))
    result = doctor(venue=venue.espn_url)

    assert result.exit_code == 1
    assert findings(result)["disk"] == (
        "mend",
        "1.0 GiB free; a night of all leagues wants 2 GiB",
    )


def test_clock_that_is_off_must_be_mended(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages rest on our clock: one that differs from the server's is told with how to set it."""
    now = time.time
    monkeypatch.setattr("cli.doctor.time.time", lambda: now() + 60)
    result = doctor(venue=venue.espn_url)
    mark, seen = findings(result)["clock"]

    assert (result.exit_code, mark) == (1, "mend")
    assert re.fullmatch(
        r"\+(59|60|61)\.\d s from the server's, whose stamp has whole seconds; "
        r"turn on time synchronisation \(timedatectl set-ntp true\)",
        seen,
    )
