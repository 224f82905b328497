from __future__ import annotations

import pytest

from fusion.game import Selection, Team
from fusion.leagues import league
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.outcomes import Outcomes, Refused, Sides, side_of, three_way, two_way
from fusion.same_team import team_keys
from fusion.slate import FeeSchedule, MarketRules, SlateOutcome

NBA = Sides(
    home=team_keys(league("nba"), Team("24", "SA", "San Antonio Spurs", ("Spurs", "San Antonio"))),
    away=team_keys(league("nba"), Team("18", "NY", "New York Knicks", ("Knicks", "New York"))),
    home_listed=ListedTeam("Spurs", "sas"),
    away_listed=ListedTeam("Knicks", "nyk"),
)
NBA_SLUG = "nba-nyk-sas-2026-06-13"
EPL = Sides(
    home=team_keys(league("eng.1"), Team("359", "ARS", "Arsenal")),
    away=team_keys(league("eng.1"), Team("382", "MNC", "Manchester City", ("Man City",))),
    home_listed=ListedTeam("Arsenal FC", "ars", "Arsenal"),
    away_listed=ListedTeam("Manchester City FC", "mac", "Man City"),
)
EPL_SLUG = "epl-ars-mac-2025-09-21"
DRAW_QUESTION = "Will Arsenal vs. Manchester City end in a draw?"
DRAW_TITLE = "Draw (Arsenal vs. Manchester City)"


def market(
    slug: str,
    outcomes: tuple[str, ...],
    kind: str | None = None,
    said: tuple[str, str] = ("", ""),
    tokens: tuple[str, ...] | None = None,
) -> ListedMarket:
    """Return a market whose tokens are called after its slug and outcomes."""
    if tokens is None:
        tokens = tuple(f"{slug}:{outcome}" for outcome in outcomes)
    rules = MarketRules(f"0x{slug}", slug, tokens, outcomes, 100, 5.0, FeeSchedule())
    return ListedMarket(rules, *said, kind)


def event(slug: str, *markets: ListedMarket) -> ListedEvent:
    """Return an event of `markets`."""
    code = slug.partition("-")[0]
    return ListedEvent("1", slug, "", code, 0, "2026-06-13", (), markets)


def picked(found: Outcomes | Refused) -> list[tuple[Selection, str, str]]:
    """Return side, token and complement of each outcome."""
    assert isinstance(found, Outcomes), found
    return [(each.selection, each.token_id, each.complement_id) for each in found.outcomes]


def refusal(found: Outcomes | Refused) -> str:
    """Return the reason of a refusal."""
    assert isinstance(found, Refused), found
    return found.reason


@pytest.mark.parametrize("labels", [("Knicks", "Spurs"), ("Spurs", "Knicks")])
def test_two_way_takes_tokens_by_label(labels: tuple[str, str]) -> None:
    """The home token is that of the home team's label, in whichever place it stands."""
    whole = market(NBA_SLUG, labels, "moneyline")
    rules = whole.rules

    assert two_way(event(NBA_SLUG, whole), NBA) == Outcomes(
        (
            SlateOutcome(
                "home",
                f"0x{NBA_SLUG}",
                NBA_SLUG,
                f"{NBA_SLUG}:Spurs",
                f"{NBA_SLUG}:Knicks",
                "Spurs",
            ),
            SlateOutcome(
                "away",
                f"0x{NBA_SLUG}",
                NBA_SLUG,
                f"{NBA_SLUG}:Knicks",
                f"{NBA_SLUG}:Spurs",
                "Knicks",
            ),
        ),
        (rules,),
    )


@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("San Antonio Spurs", "home"),
        ("spurs", "home"),
        ("San Antonio", "home"),
        ("SAS", "home"),
        ("NY", "away"),
        ("New York", "away"),
        ("Yes", None),
        ("Over", None),
        ("Lakers", None),
        ("", None),
    ],
)
def test_label_means_a_side_or_none(label: str, side: Selection | None) -> None:
    """Full name, nickname, city and code tell a side; anything else tells none."""
    assert side == side_of(label, NBA)


def test_shared_city_means_neither_side() -> None:
    """`Chicago` is both of Cubs and White Sox, `Bulldogs` both of Georgia and Mississippi State."""
    mlb, cfb = league("mlb"), league("cfb")
    cubs = team_keys(mlb, Team("16", "CHC", "Chicago Cubs", ("Cubs", "Chicago")))
    sox = team_keys(mlb, Team("4", "CHW", "Chicago White Sox", ("White Sox", "Chicago")))
    georgia = team_keys(cfb, Team("61", "UGA", "Georgia Bulldogs", ("Bulldogs", "Georgia")))
    state = Team("344", "MSST", "Mississippi State Bulldogs", ("Bulldogs", "Mississippi State"))
    city = Sides(cubs, sox, ListedTeam("Chicago Cubs"), ListedTeam("Chicago White Sox"))
    college = Sides(
        georgia,
        team_keys(cfb, state),
        ListedTeam("Bulldogs", "ga", "Georgia"),
        ListedTeam("Bulldogs", "mspst", "Mississippi State"),
    )

    assert [side_of(label, city) for label in ("Chicago", "Cubs", "White Sox")] == [
        None,
        "home",
        "away",
    ]
    assert [side_of(label, college) for label in ("Bulldogs", "Georgia", "Mississippi St.")] == [
        None,
        "home",
        "away",
    ]


def test_two_way_skips_parts_of_the_game() -> None:
    """Spreads and halves with the same two labels are passed over, typed or not."""
    labels = ("Spurs", "Knicks")
    found = two_way(
        event(
            NBA_SLUG,
            market(f"{NBA_SLUG}-spread-home-1pt5", labels, "spreads", ("Spread: Spurs (-1.5)", "")),
            market(f"{NBA_SLUG}-1h-moneyline", labels, "first_half_moneyline"),
            market(f"{NBA_SLUG}-1h", labels, None, ("Knicks vs. Spurs: 1H Moneyline", "")),
            market(f"{NBA_SLUG}-a", labels, None, ("Spread: Spurs (-1.5)", "Spread -1.5")),
            market(NBA_SLUG, labels, "Moneyline"),
            market(f"{NBA_SLUG}-total-210pt5", ("Over", "Under"), "totals"),
        ),
        NBA,
    )

    assert picked(found) == [
        ("home", f"{NBA_SLUG}:Spurs", f"{NBA_SLUG}:Knicks"),
        ("away", f"{NBA_SLUG}:Knicks", f"{NBA_SLUG}:Spurs"),
    ]


def test_whole_game_goes_before_other_moneylines() -> None:
    """Of several markets typed as moneyline, the one under the event's slug is the game's."""
    other = market(f"{NBA_SLUG}-relisted", ("Knicks", "Spurs"), "moneyline")
    whole = market(NBA_SLUG, ("Spurs", "Knicks"), "moneyline")

    assert two_way(event(NBA_SLUG, other, whole), NBA) == two_way(event(NBA_SLUG, whole), NBA)


@pytest.mark.parametrize(
    "slug", [NBA_SLUG, f"{NBA_SLUG}-moneyline", f"{NBA_SLUG}-947", "an-older-slug"]
)
def test_older_moneyline_has_no_type(slug: str) -> None:
    """Without a type, the event's own slug or two team outcomes make the moneyline."""
    found = two_way(event(NBA_SLUG, market(slug, ("Spurs", "Knicks"))), NBA)

    assert picked(found)[0] == ("home", f"{slug}:Spurs", f"{slug}:Knicks")


@pytest.mark.parametrize(
    ("question", "is_moneyline"),
    [
        ("Knicks vs. Spurs", True),
        ("Who will win the match: Knicks or Spurs?", True),
        ("Which team will win, Spurs vs. Knicks?", True),
        ("Knicks vs. Spurs: Opening Tip", False),
        ("Coin Toss Winner", False),
    ],
)
def test_market_without_a_type_must_ask_who_wins(question: str, is_moneyline: bool) -> None:
    """Two outcomes named as the teams are no moneyline where the question has other words."""
    other = market(f"{NBA_SLUG}-other", ("Spurs", "Knicks"), None, (question, ""))
    found = two_way(event(NBA_SLUG, other), NBA)

    assert is_moneyline == isinstance(found, Outcomes)


@pytest.mark.parametrize(
    ("markets", "reason"),
    [
        ((), "no_moneyline"),
        ((market(f"{NBA_SLUG}-total-9pt5", ("Over", "Under"), "totals"),), "no_moneyline"),
        (
            (
                market(f"{NBA_SLUG}-a", ("Spurs", "Knicks"), "moneyline"),
                market(f"{NBA_SLUG}-b", ("Spurs", "Knicks"), "moneyline"),
            ),
            "no_moneyline",
        ),
        ((market(f"{NBA_SLUG}-1h-moneyline", ("Spurs", "Knicks"), "moneyline"),), "no_moneyline"),
        ((market(NBA_SLUG, ("Yes", "No"), "moneyline"),), "outcome_unclear"),
        ((market(NBA_SLUG, ("Spurs", "Spurs"), "moneyline"),), "outcome_unclear"),
        ((market(NBA_SLUG, ("Spurs", "Nets"), "moneyline"),), "outcome_unclear"),
        ((market(NBA_SLUG, ("Spurs",), "moneyline"),), "outcome_unclear"),
        ((market(NBA_SLUG, ("Spurs", "Tie", "Knicks"), "moneyline"),), "outcome_unclear"),
        (
            (market(NBA_SLUG, ("Spurs", "Knicks"), "moneyline", tokens=("7", "7")),),
            "outcome_unclear",
        ),
        (
            (market(NBA_SLUG, ("Spurs", "Knicks"), "moneyline", tokens=("7", "")),),
            "outcome_unclear",
        ),
    ],
)
def test_two_way_refuses_what_is_unclear(markets: tuple[ListedMarket, ...], reason: str) -> None:
    """No market, several, foreign labels, equal labels or broken tokens give a reason."""
    assert reason == refusal(two_way(event(NBA_SLUG, *markets), NBA))


def three_markets(kind: str | None = None) -> list[ListedMarket]:
    """Return the three markets of Arsenal against Manchester City, in alphabetical order."""
    return [
        market(
            f"{EPL_SLUG}-ars",
            ("Yes", "No"),
            kind,
            ("Will Arsenal win on 2025-09-21?", "Arsenal"),
        ),
        market(f"{EPL_SLUG}-draw", ("Yes", "No"), kind, (DRAW_QUESTION, DRAW_TITLE)),
        market(
            f"{EPL_SLUG}-mac",
            ("No", "Yes"),
            kind,
            ("Will Manchester City win on 2025-09-21?", "Manchester City"),
        ),
    ]


@pytest.mark.parametrize("kind", [None, "moneyline"])
def test_three_way_takes_the_yes_tokens(kind: str | None) -> None:
    """Home, draw and away are the Yes tokens of their markets, by label and not by place."""
    found = three_way(event(EPL_SLUG, *three_markets(kind)[::-1]), EPL)

    assert picked(found) == [
        ("home", f"{EPL_SLUG}-ars:Yes", f"{EPL_SLUG}-ars:No"),
        ("draw", f"{EPL_SLUG}-draw:Yes", f"{EPL_SLUG}-draw:No"),
        ("away", f"{EPL_SLUG}-mac:Yes", f"{EPL_SLUG}-mac:No"),
    ]
    assert isinstance(found, Outcomes)
    assert [rules.slug[-4:] for rules in found.markets] == ["-ars", "draw", "-mac"]


def test_three_way_passes_over_other_markets() -> None:
    """Markets of other types, and untyped ones on other questions, are no winner markets."""
    more = [
        market(f"{EPL_SLUG}-btts", ("Yes", "No"), None, ("Both Teams to Score", "BTTS")),
        market(f"{EPL_SLUG}-1h-ars", ("Yes", "No"), None, ("Will Arsenal win the 1H?", "Arsenal")),
        market(f"{EPL_SLUG}-adv", ("Yes", "No"), "soccer_team_to_advance", ("", "Arsenal")),
    ]

    assert three_way(event(EPL_SLUG, *more, *three_markets()), EPL) == three_way(
        event(EPL_SLUG, *three_markets()), EPL
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({1: None}, "no_moneyline"),
        ({0: None, 1: None, 2: None}, "no_moneyline"),
        ({1: market(f"{EPL_SLUG}-ars2", ("Yes", "No"), "moneyline", ("", "Arsenal"))}, "outcome"),
        ({1: market(f"{EPL_SLUG}-x", ("Yes", "No"), "moneyline", ("", "Chelsea"))}, "outcome"),
        ({0: market(f"{EPL_SLUG}-ars", ("Yes", "No"), None, ("", "Manchester City"))}, "outcome"),
        ({0: market(f"{EPL_SLUG}-ars", ("Arsenal", "Other"), None)}, "outcome"),
        ({0: market(f"{EPL_SLUG}-ars", ("Yes", "No"), None, tokens=("7",))}, "outcome"),
    ],
)
def test_three_way_refuses_what_is_unclear(
    changed: dict[int, ListedMarket | None], reason: str
) -> None:
    """A side that is missing, there twice, contradicted or not asked as yes or no is refused."""
    markets = [changed.get(place, each) for place, each in enumerate(three_markets())]
    found = three_way(event(EPL_SLUG, *[each for each in markets if each is not None]), EPL)

    assert refusal(found).startswith(reason)
