from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.sections import Freshness, FreshnessOverride
from flows.settings import Settings, load_settings, value_sources
from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, load_leagues, use_leagues

Write = Callable[[str], Path]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(home: Path) -> Write:
    """Return a writer of the configuration file."""

    def write(text: str) -> Path:
        path = home / "fairline.toml"
        path.write_text(text)
        return path

    return write


def refusal() -> str:
    """Return why the configuration is refused."""
    with pytest.raises(ConfigError) as caught:
        load_settings()
    return str(caught.value)


def test_nothing_configured_is_the_simulator() -> None:
    """No file and no variable give the defaults, which come from nowhere."""
    settings = load_settings()

    assert settings == Settings()
    assert (settings.venue, settings.data_dir) == ("simulator", Path("data"))
    assert (settings.leagues[0], "atp" in settings.leagues) == ("nba", True)
    assert "eng.2" not in settings.leagues
    assert value_sources() == {}


def test_file_sets_values(write: Write) -> None:
    """Each section of the file is one of the settings'."""
    write(
        'venue = "live"\nleagues = ["nba", "college-football"]\n'
        "[espn]\nlive_s = 4\n[signals]\nmin_edge = 0.1\n"
    )
    settings = load_settings()

    assert settings.model_dump(exclude_defaults=True) == {
        "venue": "live",
        "leagues": ["nba", "cfb"],
        "espn": {"live_s": 4.0},
        "signals": {"min_edge": 0.1},
    }
    assert value_sources() == dict.fromkeys(
        ("venue", "leagues", "espn.live_s", "signals.min_edge"), "fairline.toml"
    )


def test_environment_beats_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable overrides one value of the file and leaves its neighbours."""
    write("[espn]\nlive_s = 4\nidle_s = 9\n")
    monkeypatch.setenv("FAIRLINE_ESPN__LIVE_S", "3")
    espn = load_settings().espn

    assert (espn.live_s, espn.idle_s) == (3.0, 9.0)
    assert value_sources() == {
        "espn.live_s": "FAIRLINE_ESPN__LIVE_S",
        "espn.idle_s": "fairline.toml",
    }


def test_what_is_passed_beats_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay's `--out` is its data directory, whatever is configured."""
    monkeypatch.setenv("FAIRLINE_DATA_DIR", "elsewhere")

    assert load_settings(data_dir=Path("here")).data_dir == Path("here")


def test_another_file_can_be_named(
    home: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`FAIRLINE_CONFIG` takes the place of the file beside us."""
    write('venue = "live"')
    other = home / "other.toml"
    other.write_text("[simulator]\nseed = 3\n")
    monkeypatch.setenv("FAIRLINE_CONFIG", str(other))
    settings = load_settings()

    assert (settings.venue, settings.simulator.seed) == ("simulator", 3)
    assert value_sources() == {"simulator.seed": str(other)}


def test_a_named_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default file may be absent; one that was named may not."""
    monkeypatch.setenv("FAIRLINE_CONFIG", "nowhere.toml")

    assert refusal() == (
        "FAIRLINE_CONFIG names nowhere.toml, which is no file; correct the path or unset it"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "pace = 3",
            "the configuration does not hold: pace: Extra inputs are not permitted, was 3",
        ),
        (
            "[espn]\npol_s = 3",
            "the configuration does not hold: espn.pol_s: Extra inputs are not permitted, was 3",
        ),
        (
            "[espn]\nlive_s = 0\nidle_s = 'x'",
            (
                "the configuration does not hold: espn.live_s: Input should be greater than 0, "
                "was 0; espn.idle_s: Input should be a valid number, unable to parse string as a "
                "number, was 'x'"
            ),
        ),
        (
            "[signals]\nmin_edge = 5",
            (
                "the configuration does not hold: signals.min_edge: Input should be less than or "
                "equal to 1, was 5"
            ),
        ),
        (
            "[signals]\nmin_edge = 0.01",
            (
                "the configuration does not hold: signals: exit_edge must not be above min_edge, "
                "was 0.02 above 0.01: a signal would close as it opens, was {'min_edge': 0.01}"
            ),
        ),
        (
            "[recovery]\nrestart_first_s = 90",
            (
                "the configuration does not hold: recovery: restart_first_s must not be above "
                "restart_max_s (60.0), as pauses grow, was 90.0, was {'restart_first_s': 90}"
            ),
        ),
        (
            "[polymarket]\nping_s = 11",
            (
                "the configuration does not hold: polymarket.ping_s: Input should be less than or "
                "equal to 10, was 11"
            ),
        ),
        (
            "venue = 'lve'",
            (
                "the configuration does not hold: venue: String should match pattern "
                "'^(simulator|live|https?://.+)$', was 'lve'"
            ),
        ),
        (
            "leagues = []",
            (
                "the configuration does not hold: leagues: Value should have at least 1 item after "
                "validation, not 0, was []"
            ),
        ),
        (
            "leagues = ['quidditch']",
            (
                "the configuration does not hold: leagues: no league is called 'quidditch'; use "
                f"one of {', '.join(LEAGUES)}, was ['quidditch']"
            ),
        ),
        (
            "[freshness.league.quidditch]",
            (
                "the configuration does not hold: freshness.league: no league is called "
                f"'quidditch'; use one of {', '.join(LEAGUES)}, was {{'quidditch': {{}}}}"
            ),
        ),
        (
            "[freshness.league.cfb]\n[freshness.league.college-football]",
            (
                "the configuration does not hold: freshness.league: a league has two tables; keep "
                "one of cfb, college-football, was {'cfb': {}, 'college-football': {}}"
            ),
        ),
        (
            "[freshness.league.nba]\nbook_s = -1",
            (
                "the configuration does not hold: freshness.league.nba.book_s: Input should be "
                "greater than 0, was -1"
            ),
        ),
        (
            "[espn\n",
            (
                "fairline.toml is not TOML: Expected ']' at the end of a table declaration "
                "(at line 1, column 6)"
            ),
        ),
    ],
)
def test_file_that_does_not_hold_is_refused(write: Write, text: str, reason: str) -> None:
    """Every place is named with what was wrong and what stood there."""
    write(text)

    assert refusal() == reason


def test_file_of_another_encoding_is_refused(home: Path) -> None:
    """TOML is UTF-8."""
    (home / "fairline.toml").write_bytes(b"\xff\xfe")

    assert refusal() == (
        "fairline.toml is not TOML: 'utf-8' codec can't decode byte 0xff in position 0: "
        "invalid start byte"
    )


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        (
            "FAIRLINE_ESPM__LIVE_S",
            "3",
            "unknown setting in the environment: FAIRLINE_ESPM__LIVE_S; see `fairline config`",
        ),
        (
            "FAIRLINE_ESPN__POL_S",
            "3",
            "the configuration does not hold: espn.pol_s: Extra inputs are not permitted, was '3'",
        ),
        (
            "FAIRLINE_ESPN__LIVE_S",
            "",
            (
                "the configuration does not hold: espn.live_s: Input should be a valid number, "
                "unable to parse string as a number, was ''"
            ),
        ),
        (
            "FAIRLINE_FEEDS__QUEUE_FRAMES",
            "1.5",
            (
                "the configuration does not hold: feeds.queue_frames: Input should be a valid "
                "integer, unable to parse string as an integer, was '1.5'"
            ),
        ),
        (
            "FAIRLINE_ESPN",
            "{",
            (
                'error parsing value for field "espn" from source "EnvSettingsSource": write JSON '
                "there, or one variable FAIRLINE_<SECTION>__<KEY> a value"
            ),
        ),
    ],
)
def test_variable_that_does_not_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    """A misspelt variable is no default."""
    monkeypatch.setenv(name, value)

    assert refusal() == reason


def test_variables_that_are_no_settings_are_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setup's own variables, and those of others, are not refused."""
    for name in ("FAIRLINE_VENV", "FAIRLINE_SHARED", "FAIRLINES_X"):
        monkeypatch.setenv(name, "x")

    assert load_settings() == Settings()


@pytest.mark.parametrize(
    "text", ["nba,college-football", "NBA, cfb ,nba", '["nba", "cfb"]', '["nba","cfb","nba"]']
)
def test_leagues_as_one_types_them(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Aliases become keys, and a league that is named twice is polled once."""
    monkeypatch.setenv("FAIRLINE_LEAGUES", text)

    assert load_settings().leagues == ["nba", "cfb"]


def test_limits_of_one_league(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A league's table is found by key or alias, and told by its key."""
    write(
        '[freshness.league.college-football]\nscore_s = 4\n[freshness.league."eng.1"]\nbook_s = 9'
    )
    monkeypatch.setenv("FAIRLINE_FRESHNESS__LEAGUE__NBA__SCORE_S", "7")

    assert load_settings().freshness == Freshness(
        league={
            "cfb": FreshnessOverride(score_s=4),
            "eng.1": FreshnessOverride(book_s=9),
            "nba": FreshnessOverride(score_s=7),
        }
    )
    assert value_sources() == {
        "freshness.league.cfb.score_s": "fairline.toml",
        "freshness.league.eng.1.book_s": "fairline.toml",
        "freshness.league.nba.score_s": "FAIRLINE_FRESHNESS__LEAGUE__NBA__SCORE_S",
    }


def test_days_that_tables_are_kept(write: Write) -> None:
    """Each table may have its number of days; frames count as one."""
    write("[archive]\nkeep_days = {ticks = 90, frames = 14}")
    assert load_settings().archive.keep_days == {"ticks": 90, "frames": 14}


def test_a_run_cannot_change_its_settings() -> None:
    """Settings are values: what was resolved at the start stands."""
    settings = load_settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.venue = "live"  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        settings.espn.live_s = 1.0  # type: ignore[misc]


CUP = """
[league."eng.trophy"]
name = "EFL Trophy"
sport = "soccer"
espn_path = "soccer/eng.trophy"
polymarket = "eflt"
"""


@pytest.fixture
def built_in_leagues() -> Iterator[None]:
    """Put the leagues back as they were."""
    yield
    use_leagues(load_leagues())


@pytest.mark.usefixtures("built_in_leagues")
def test_leagues_of_ones_own(write: Write, home: Path) -> None:
    """A file adds leagues before anything names them."""
    (home / "mine.toml").write_text(CUP)
    write('leagues_file = "mine.toml"\nleagues = ["eflt"]\n')

    assert load_settings().leagues == ["eng.trophy"]


@pytest.mark.usefixtures("built_in_leagues")
def test_a_league_that_does_not_hold_is_named(write: Write, home: Path) -> None:
    """The error says which file and which league."""
    (home / "mine.toml").write_text(CUP.replace('sport = "soccer"', 'sport = "quidditch"'))
    write('leagues_file = "mine.toml"\n')

    told = refusal()
    assert "leagues_file: " in told
    assert "mine.toml" in told
    assert "eng.trophy" in told
