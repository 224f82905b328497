from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from factories import GAME
from rows import final, tick

from flows.console import Screen
from flows.run import LiveRun
from flows.sections import Display
from flows.settings import Settings

SVG = "http://www.w3.org/2000/svg"


@pytest.fixture
def run(tmp_path: Path) -> LiveRun:
    """Return a run that is over, with one game on its board."""
    display = Display(progress="none", picture=tmp_path / "summary.svg")
    settings = Settings(venue="live", data_dir=tmp_path / "[data]", display=display)
    run = LiveRun(settings)
    run.board.count([(GAME, tick()), (GAME, final(99, 80, home="Bulls & <Cows>"))], 0)
    return run


def test_says_what_is_run_and_what_came_of_it(
    run: LiveRun, capsys: pytest.CaptureFixture[str]
) -> None:
    """First the venue and the place, as they are, then the summary."""
    screen = Screen(run)
    screen.open()
    opening = capsys.readouterr().out
    screen.close()
    closing = capsys.readouterr().out

    assert opening == f"Fairline: venue live, data in {run.settings.data_dir}\n"
    assert re.search(r"New York Knicks │ +80 - 99 +│ Bulls & <Cows> │ Final", closing)
    assert f"(session {run.session.name})" in re.sub(r"\s+", " ", closing)


def test_a_run_that_was_refused_leaves_nothing(
    run: LiveRun, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no session, so there is none to be named or made."""
    screen = Screen(run)
    screen.open()
    capsys.readouterr()
    screen.close(crashed=True)

    assert capsys.readouterr().out == ""
    assert not run.settings.data_dir.exists()


def test_picture_holds_the_summary(run: LiveRun, capsys: pytest.CaptureFixture[str]) -> None:
    """The picture is well-formed, shows the summary alone, and asks nobody for fonts."""
    screen = Screen(run)
    screen.open()
    screen.close()
    capsys.readouterr()
    text = (run.settings.data_dir.parent / "summary.svg").read_text()
    picture = ET.fromstring(text)  # noqa: S314 (written by us, a line above)
    words = "".join(picture.itertext()).replace("\xa0", " ")

    assert picture.tag == f"{{{SVG}}}svg"
    assert set(re.findall(r"[a-z]+://[^\"' )<]*", text)) == {SVG}
    assert "Bulls & <Cows>" in words
    assert "80 - 99" in words
    assert "Fairline: venue" not in words


def test_no_picture_unless_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a path for it nothing is written but the session's folder."""
    settings = Settings(venue="live", data_dir=tmp_path, display=Display(progress="none"))
    screen = Screen(LiveRun(settings))
    screen.open()
    screen.close()

    assert "frames" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["journal"]
