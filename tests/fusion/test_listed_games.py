from __future__ import annotations

import msgspec
import pytest

from fusion.leagues import league
from fusion.listed_games import ListedGame, event_league, listed_game
from fusion.listing import ListedEvent, ListedTeam
from fusion.outcomes import Refused

KNICKS, SPURS = ListedTeam("Knicks", "nyk"), ListedTeam("Spurs", "sas")
START_NS = 1_781_397_000_000_000_000  # 2026-06-14T00:30Z
GAME = ListedEvent(
    "1", "nba-nyk-sas-2026-06-13", "Knicks vs. Spurs", "nba", START_NS, "", (KNICKS, SPURS), ()
)


@pytest.mark.parametrize(
    "slug",
    [
        "nba-nyk-sas-2026-06-13",
        "nba-nyk-sas-2026-06-13-2",
        "nba-nyk-sas-2026-06-13-g2",
        "nba-nyk-sas-2026-06-13-game-2",
        "nba-nyk-sas-2026-06-13-947",
    ],
)
def test_game_is_known_by_its_slug(slug: str) -> None:
    """Code, teams and date make a game, with or without a number behind."""
    event = msgspec.structs.replace(GAME, slug=slug)

    assert listed_game(event) == ListedGame(
        event, league("nba"), (KNICKS, SPURS), START_NS, "2026-06-13"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "nba-nyk-sas-2026-06-13-more-markets"},
        {"slug": "nba-nyk-sas-2026-06-13-player-props"},
        {"slug": "nba-nyk-sas-2026-06-13-halftime-result"},
        {"code": "lol"},
        {"slug": "nba-champion-2026", "teams": (), "start_ns": None},
        {"slug": "nba-finals-winner", "start_ns": None},
    ],
)
def test_other_events_are_no_games(changes: dict[str, object]) -> None:
    """Companions, other leagues and futures are left out without a refusal."""
    assert listed_game(msgspec.structs.replace(GAME, **changes)) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"slug": "nba-finals-knicks-spurs-winner"}, "slug_unclear"),
        ({"teams": (), "title": "Who wins?"}, "no_teams"),
        ({"teams": (KNICKS,)}, "no_teams"),
        ({"teams": (KNICKS, SPURS, KNICKS)}, "no_teams"),
        ({"start_ns": None}, "no_start"),
    ],
)
def test_unreadable_game_is_refused(changes: dict[str, object], reason: str) -> None:
    """An event that looks like a game and cannot be read is refused with its reason."""
    found = listed_game(msgspec.structs.replace(GAME, **changes))

    assert isinstance(found, Refused)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("North Carolina vs. Duke", ("North Carolina", "Duke")),
        ("LIU vs Kansas", ("LIU", "Kansas")),
        ("Knicks @ Spurs", ("Knicks", "Spurs")),
        ("Open Men's: Novak Djokovic vs Jannik Sinner", ("Novak Djokovic", "Jannik Sinner")),
        ("NBA Finals: Knicks vs. Spurs: Game 5", ("Knicks", "Spurs")),
        ("NBA Finals - Knicks vs. Spurs", ("Knicks", "Spurs")),
        ("Knicks vs. Spurs (Game 5)", ("Knicks", "Spurs")),
        ("Knicks vs. Spurs - Game 5", ("Knicks", "Spurs")),
        ("Miami (OH) vs. Miami (FL)", ("Miami (OH)", "Miami (FL)")),
    ],
)
def test_older_event_has_its_teams_in_the_title(title: str, names: tuple[str, str]) -> None:
    """Where no teams are listed, the title gives two names and the slug two codes."""
    found = listed_game(msgspec.structs.replace(GAME, teams=(), title=title))

    assert isinstance(found, ListedGame)
    assert found.teams == (ListedTeam(names[0], "nyk"), ListedTeam(names[1], "sas"))


def test_codes_of_an_odd_slug_are_not_guessed() -> None:
    """A slug with more than two parts before the date gives no codes."""
    found = listed_game(msgspec.structs.replace(GAME, teams=(), slug="nba-a-b-c-2026-06-13"))

    assert isinstance(found, ListedGame)
    assert found.teams == (ListedTeam("Knicks"), ListedTeam("Spurs"))


def test_listed_day_is_kept_and_else_eastern() -> None:
    """The day is the listed one, or the Eastern day of the start."""
    dated = listed_game(msgspec.structs.replace(GAME, start_ns=None, event_date="2026-06-13"))
    timed = listed_game(GAME)

    assert isinstance(dated, ListedGame)
    assert isinstance(timed, ListedGame)
    assert (dated.day, dated.start_ns) == ("2026-06-13", None)
    assert timed.day == "2026-06-13"


def test_league_is_known_by_the_code() -> None:
    """The venue's code leads to our league, in any case, and to None where there is none."""
    codes = {"EPL": "eng.1", "cbb": "ncaamb", "fifwc": "fifa.world"}

    for code, key in codes.items():
        assert event_league(msgspec.structs.replace(GAME, code=code)) == league(key)
    assert event_league(msgspec.structs.replace(GAME, code="kbo")) is None


@pytest.mark.parametrize(
    ("title", "names"),
    [
        (
            "UFC 329: Max Holloway vs. Conor McGregor (Welterweight, Main Card)",
            ("Max Holloway", "Conor McGregor"),
        ),
        ("UFC 320: Ankalaev vs. Pereira 2 (Light Heavyweight, Main Card)", ("Ankalaev", "Pereira")),
        (
            "UFC Fight Night: Belal Muhammad vs. Gabriel Bonfim",
            ("Belal Muhammad", "Gabriel Bonfim"),
        ),
        ("Magomed Ankalaev vs. Alex Pereira", ("Magomed Ankalaev", "Alex Pereira")),
        ("(4) A. Pereira vs. Khalil Rountree Jr. (c)", ("A. Pereira", "Khalil Rountree Jr.")),
    ],
)
def test_fight_has_its_fighters_in_the_title(title: str, names: tuple[str, str]) -> None:
    """The card, the weight, ranks and the number of a rematch are not part of a name."""
    event = msgspec.structs.replace(
        GAME, slug="ufc-mag1-ale3-2025-10-04", code="ufc", title=title, teams=()
    )

    found = listed_game(event)

    assert isinstance(found, ListedGame)
    assert found.teams == (ListedTeam(names[0], "mag1"), ListedTeam(names[1], "ale3"))


def test_full_names_of_a_title_go_before_listed_surnames() -> None:
    """Players go by whichever of list and title has more than surnames, else by the list."""
    surnames = (ListedTeam("Djokovic", "djokovi"), ListedTeam("Sinner", "sinner"))
    full = (ListedTeam("Novak Djokovic", "djokovi"), ListedTeam("Jannik Sinner", "sinner"))
    slug = "atp-djokovi-sinner-2026-01-30"
    event = msgspec.structs.replace(GAME, slug=slug, code="atp", teams=surnames)

    for title, teams, expected in (
        ("Open: Novak Djokovic vs Jannik Sinner", surnames, full),
        ("Semifinal 1", surnames, surnames),
        ("Djokovic vs Sinner", full, full),
    ):
        found = listed_game(msgspec.structs.replace(event, title=title, teams=teams))
        assert isinstance(found, ListedGame)
        assert found.teams == expected


def test_doubles_are_refused() -> None:
    """A match of two against two is no game of ours, and is not passed over in silence."""
    event = msgspec.structs.replace(
        GAME,
        slug="wta-doubles-ayukbar-cavasal-2026-07-28",
        code="wta",
        title="Targu Mures (Doubles): Ayukawa/Barry vs Cavalle-Reimers/Salden",
        teams=(),
    )

    found = listed_game(event)

    assert isinstance(found, Refused)
    assert found.reason == "doubles"
