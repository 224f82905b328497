from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.game import GameState, Team
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.matching import match_slate
from fusion.slate import FeeSchedule, MarketRules, Slate, SlateGame, SlateOutcome, Unmatched

START_NS = int(datetime(2026, 6, 14, 0, 30, tzinfo=UTC).timestamp()) * 10**9
HOUR_NS = 3600 * 10**9
KNICKS = Team("18", "NY", "New York Knicks", ("Knicks", "New York"))
SPURS = Team("24", "SA", "San Antonio Spurs", ("Spurs", "San Antonio"))
NETS = Team("17", "BKN", "Brooklyn Nets", ("Nets", "Brooklyn"))
SLUG = "nba-nyk-sas-2026-06-13"
RULES = MarketRules("0xm", SLUG, ("11", "22"), ("Knicks", "Spurs"), 10, 5.0, FeeSchedule(0.03))
GAME = GameState(
    game_id="nba:401859967",
    league="nba",
    start_ns=START_NS,
    home=SPURS,
    away=KNICKS,
    phase="pre",
    status="scheduled",
    completed=False,
    home_score=0,
    away_score=0,
    period=0,
    clock_s=None,
)
EVENT = ListedEvent(
    event_id="900",
    slug=SLUG,
    title="Knicks vs. Spurs",
    code="nba",
    start_ns=START_NS + 300 * 10**9,
    event_date="2026-06-13",
    teams=(ListedTeam("Knicks", "nyk", "Knicks", "away"), ListedTeam("Spurs", "sas", "Spurs")),
    markets=(ListedMarket(RULES, "Knicks vs. Spurs", "", "moneyline"),),
)
SLATE_GAME = SlateGame(
    game_id="nba:401859967",
    league="nba",
    event_slug=SLUG,
    kind="two_way",
    start_ns=START_NS,
    home="San Antonio Spurs",
    away="New York Knicks",
    outcomes=(
        SlateOutcome("home", "0xm", SLUG, "22", "11", "Spurs"),
        SlateOutcome("away", "0xm", SLUG, "11", "22", "Knicks"),
    ),
    markets=(RULES,),
    evidence="home by alias 'Spurs', away by alias 'Knicks', away listed first, start +5 min",
)


def changed_event(**changes: object) -> ListedEvent:
    """Return the event of Knicks at Spurs with `changes`."""
    return msgspec.structs.replace(EVENT, **changes)


def changed_game(**changes: object) -> GameState:
    """Return the game of Knicks at Spurs with `changes`."""
    return msgspec.structs.replace(GAME, **changes)


def reasons(slate: Slate) -> list[tuple[str, str, str]]:
    """Return game, event and reason of all that was refused."""
    return [(one.game_id, one.event_slug, one.reason) for one in slate.unmatched]


def test_game_and_event_become_a_slate_game() -> None:
    """A game with its event carries outcomes, markets and what decided."""
    assert match_slate([GAME], [EVENT]) == Slate((SLATE_GAME,))


def test_order_of_the_input_does_not_matter() -> None:
    """Games come in the order of their ids, refusals by league, game and event."""
    other = changed_game(game_id="nba:1", home=NETS, start_ns=START_NS + 24 * HOUR_NS)
    stray = changed_event(event_id="901", slug="nba-mia-bos-2026-06-13", teams=EVENT.teams[:1] * 2)
    expected = Slate(
        (SLATE_GAME,),
        (
            Unmatched("nba", "", stray.slug, "team_unclear", expected_detail(stray.slug)),
            Unmatched("nba", "nba:1", "", "no_event"),
        ),
    )

    assert match_slate([GAME, other], [EVENT, stray]) == expected
    assert match_slate([other, GAME], [stray, EVENT]) == expected


def expected_detail(slug: str) -> str:
    """Return what is said of an event with one team of Knicks at Spurs."""
    return (
        "one team agrees and the other does not: "
        f"{slug} with nba:401859967 (New York Knicks at San Antonio Spurs, start +5 min)"
    )


def test_last_of_a_repeated_game_or_event_counts() -> None:
    """A game polled on two boards and an event on two pages stand once, as they were last."""
    early = changed_game(start_ns=START_NS - 24 * HOUR_NS)
    empty = changed_event(markets=())

    assert match_slate([early, GAME], [empty, EVENT]) == Slate((SLATE_GAME,))


def test_pair_without_a_clear_market_is_refused_as_one() -> None:
    """Game and event are refused together, with the reason of their markets."""
    slate = match_slate([GAME], [changed_event(markets=())])

    assert slate.games == ()
    assert reasons(slate) == [(GAME.game_id, SLUG, "no_moneyline")]


def test_yes_no_market_of_a_two_way_league_is_refused() -> None:
    """A market that asks yes or no does not say who the teams are."""
    rules = msgspec.structs.replace(RULES, outcomes=("Yes", "No"))
    event = changed_event(markets=(ListedMarket(rules, "Knicks?", "", "moneyline"),))

    assert reasons(match_slate([GAME], [event])) == [(GAME.game_id, SLUG, "outcome_unclear")]


def test_events_that_are_no_games_are_left_out() -> None:
    """Companions, futures and leagues that are not ours are neither matched nor refused."""
    others = [
        changed_event(event_id="1", slug=f"{SLUG}-more-markets"),
        changed_event(event_id="2", slug="nba-champion-2026", teams=(), start_ns=None),
        changed_event(event_id="3", code="lol", slug="lol-t1-geng-2026-06-13"),
    ]

    assert match_slate([GAME], [EVENT, *others]) == Slate((SLATE_GAME,))
    assert reasons(match_slate([GAME], others)) == [(GAME.game_id, "", "no_event")]


def test_other_league_with_the_same_teams_is_not_matched() -> None:
    """The men's event is not the women's game of the same schools."""
    duke = Team("150", "DUKE", "Duke Blue Devils", ("Duke",))
    north = Team("153", "UNC", "North Carolina Tar Heels", ("North Carolina",))
    women = changed_game(game_id="ncaawb:1", league="ncaawb", home=duke, away=north)
    men = changed_event(
        slug="cbb-nc-duke-2026-06-13",
        code="cbb",
        teams=(ListedTeam("North Carolina"), ListedTeam("Duke")),
    )

    assert reasons(match_slate([women], [men])) == [
        ("", men.slug, "no_game"),
        ("ncaawb:1", "", "no_event"),
    ]


def test_game_at_another_time_is_named() -> None:
    """The same teams the day after are no match, and both say how near they came."""
    slate = match_slate([changed_game(start_ns=START_NS + 24 * HOUR_NS)], [EVENT])

    assert reasons(slate) == [
        ("", SLUG, "outside_window"),
        (GAME.game_id, "", "outside_window"),
    ]
    assert slate.unmatched[0].detail == (
        f"the same teams at another time: {SLUG} with {GAME.game_id} "
        "(New York Knicks at San Antonio Spurs, start -1435 min)"
    )


def test_window_can_be_narrowed() -> None:
    """With a window of four minutes a start five minutes later is another game."""
    slate = match_slate([GAME], [EVENT], window_ns=4 * 60 * 10**9)

    assert [one.reason for one in slate.unmatched] == ["outside_window"] * 2


def test_event_listed_twice_is_ambiguous() -> None:
    """Two events for one game at one time are refused with the candidates."""
    twin = changed_event(event_id="901", slug="nba-nyk-sas-2026-06-14")
    slate = match_slate([GAME], [EVENT, twin])

    assert slate.games == ()
    assert reasons(slate) == [
        ("", SLUG, "ambiguous"),
        ("", twin.slug, "ambiguous"),
        (GAME.game_id, "", "ambiguous"),
    ]
    assert all(slug in slate.unmatched[2].detail for slug in (SLUG, twin.slug))


def test_second_event_of_a_taken_game_says_so() -> None:
    """An event hours later than its game's own event stays alone and names the game."""
    late = changed_event(event_id="901", slug=f"{SLUG}-2", start_ns=START_NS + 4 * HOUR_NS)
    slate = match_slate([GAME], [EVENT, late])

    assert slate.games == (SLATE_GAME,)
    assert reasons(slate) == [("", late.slug, "no_game")]
    assert GAME.game_id in slate.unmatched[0].detail


def test_many_candidates_are_counted() -> None:
    """Of more than five candidates the nearest five are named, and the rest counted."""
    twins = [changed_event(event_id=str(n), slug=f"{SLUG}-{n}") for n in range(1, 8)]
    slate = match_slate([GAME], twins)

    (game,) = [one for one in slate.unmatched if one.game_id]
    assert game.detail.endswith("; and 2 more")


def test_unknown_league_of_a_game_is_refused() -> None:
    """A game of a league that is not in the table says so."""
    slate = match_slate([changed_game(league="kbo", game_id="kbo:1")], [])

    assert reasons(slate) == [("kbo:1", "", "unknown_league")]


def test_unreadable_event_is_refused_with_its_league() -> None:
    """An event whose teams cannot be read is refused under its league."""
    event = changed_event(teams=(), title="?")

    assert match_slate([], [event]).unmatched == (
        Unmatched("nba", "", SLUG, "no_teams", "two teams were expected, was '?'"),
    )


def test_tennis_match_goes_by_the_names_of_the_title() -> None:
    """Players come from the title, tokens by last name, and a late court is within the window."""
    slug = "atp-djokovi-sinner-2026-01-30"
    rules = msgspec.structs.replace(RULES, slug=slug, outcomes=("Djokovic", "Sinner"))
    title = "Australian Open Men's: Novak Djokovic vs Jannik Sinner"
    event = changed_event(
        slug=slug,
        code="atp",
        title=title,
        teams=(),
        markets=(ListedMarket(rules, title, "", "moneyline"),),
    )
    game = changed_game(
        game_id="atp:168572",
        league="atp",
        home=Team("1", "", "Jannik Sinner"),
        away=Team("2", "", "Novak Djokovic"),
        start_ns=START_NS + 7 * HOUR_NS,
    )

    (found,) = match_slate([game], [event]).games
    assert [(one.selection, one.token_id) for one in found.outcomes] == [
        ("home", "22"),
        ("away", "11"),
    ]


TEAMS = st.sampled_from([KNICKS, SPURS, NETS])
WORDS = st.sampled_from(
    ["Knicks", "Spurs", "Nets", "New York", "nyk", "Yes", "Over", "", "W", "St."]
)
TEXT = st.one_of(WORDS, st.text(max_size=12))
HOURS = st.sampled_from([-30, -6, -2, 0, 0, 0, 1, 3, 24])


@st.composite
def slates(draw: st.DrawFn) -> tuple[list[GameState], list[ListedEvent]]:
    """Return games and events of three teams, with garbage among names, slugs and labels."""
    games = [
        changed_game(
            game_id=f"nba:{number}",
            home=draw(TEAMS),
            away=draw(TEAMS),
            start_ns=START_NS + draw(HOURS) * HOUR_NS,
            start_known=draw(st.booleans()),
            status=draw(st.sampled_from(["scheduled", "postponed"])),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    events = [
        changed_event(
            event_id=str(number),
            slug=f"nba-a-b-2026-06-{10 + number}",
            title=draw(TEXT),
            start_ns=draw(st.sampled_from([None, START_NS])),
            teams=tuple(
                ListedTeam(draw(TEXT), draw(TEXT), draw(TEXT))
                for _ in range(draw(st.integers(0, 3)))
            ),
            markets=tuple(
                ListedMarket(
                    msgspec.structs.replace(
                        RULES,
                        slug=draw(st.sampled_from([f"nba-a-b-2026-06-{10 + number}", "x"])),
                        outcomes=tuple(draw(st.lists(TEXT, max_size=3))),
                    ),
                    draw(TEXT),
                    draw(TEXT),
                    draw(st.sampled_from([None, "moneyline", "spreads"])),
                )
                for _ in range(draw(st.integers(0, 2)))
            ),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    return games, events


@settings(max_examples=150, deadline=None)
@given(slates())
def test_every_game_and_event_is_accounted_for_once(
    given_slate: tuple[list[GameState], list[ListedEvent]],
) -> None:
    """Whatever the names are, each game and event is in the slate or refused, exactly once."""
    games, events = given_slate

    slate = match_slate(games, events)

    ends = [end for one in slate.unmatched for end in (one.game_id, one.event_slug) if end]
    ends += [end for game in slate.games for end in (game.game_id, game.event_slug)]
    assert sorted(ends) == sorted([*(g.game_id for g in games), *(e.slug for e in events)])
    assert slate == match_slate(games[::-1], events[::-1])
    for game in slate.games:
        assert [one.selection for one in game.outcomes] == ["home", "away"]
        assert len({one.token_id for one in game.outcomes}) == 2
