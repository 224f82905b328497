from __future__ import annotations

import pytest
from listings import event, game, labels, matched, reasons, side

from fusion.forced import Forced, forced
from fusion.matching import match_slate
from fusion.overrides import Overrides, parse_overrides
from fusion.slate import SlateGame

T = "2026-11-20T00:30Z"
KNICKS = side("New York Knicks", "Knicks", "New York", code="NY")
SPURS = side("San Antonio Spurs", "Spurs", "San Antonio", code="SA")
NETS = side("Brooklyn Nets", "Nets", "Brooklyn", code="BKN")
GAME = game("nba:1", SPURS, KNICKS, T)
EVENT = event("nba-nyk-sas-2026-11-19", "Knicks vs. Spurs", T)
FAR = event("nba-nyk-sas-2026-11-29", "Knicks vs. Spurs", "2026-11-30T00:30Z")


def match(game_id: str, slug: str, home: str = "", away: str = "") -> Overrides:
    """Return overrides that force one pair."""
    labelled = f'home = "{home}"\naway = "{away}"' if home else ""
    return parse_overrides(f'[[match]]\ngame_id = "{game_id}"\nevent_slug = "{slug}"\n{labelled}')


def test_pair_is_forced_past_the_window() -> None:
    """Start and nearest neighbour do not count, names still tell the outcomes."""
    slate = match_slate([GAME], [EVENT, FAR], overrides=match("nba:1", FAR.slug))

    assert matched(slate) == {"nba:1": FAR.slug}
    assert labels(slate, "nba:1") == {"home": "Spurs", "away": "Knicks"}
    assert slate.games[0].evidence == "override, outcomes by name, start +14400 min"
    assert reasons(slate) == {EVENT.slug: "no_game"}


def test_labels_of_the_user_go_before_the_names() -> None:
    """Labels that no team bears are taken, and labels that contradict the names too."""
    odd = event("nba-x-y-2026-11-19", "Team Alpha vs. Team Beta", T)

    for listed, home, away in ((odd, "Team Beta", "Team Alpha"), (EVENT, "Knicks", "Spurs")):
        overrides = match("nba:1", listed.slug, home, away)
        slate = match_slate([GAME], [listed], overrides=overrides)
        assert labels(slate, "nba:1") == {"home": home, "away": away}
        assert slate.games[0].evidence.startswith("override, outcomes by the labels given")


def test_labels_of_three_markets_are_their_titles() -> None:
    """In soccer a label names the market, and the draw is known by itself."""
    arsenal = game("eng.1:1", "Arsenal", "Chelsea", T)
    listed = event("epl-xxx-yyy-2026-11-19", "Reds vs. Blues", T)

    overrides = match("eng.1:1", listed.slug, "Blues", "Reds")
    slate = match_slate([arsenal], [listed], overrides=overrides)

    assert labels(slate, "eng.1:1") == {"home": "yyy", "draw": "draw", "away": "xxx"}


def test_forced_pair_whose_outcomes_do_not_tell_is_refused() -> None:
    """Without labels, names that do not agree give no token, and say so."""
    odd = event("nba-x-y-2026-11-19", "Team Alpha vs. Team Beta", T)
    slate = match_slate([GAME], [odd], overrides=match("nba:1", odd.slug))

    assert slate.games == ()
    assert [(one.game_id, one.event_slug, one.reason) for one in slate.unmatched] == [
        ("nba:1", odd.slug, "outcome_unclear")
    ]


def test_user_may_force_a_companion() -> None:
    """An event that is no game by its slug is one if the user says so."""
    slug = f"{EVENT.slug}-more-markets"
    listed = event(slug, "Knicks vs. Spurs - More Markets", T, labels=("Knicks", "Spurs"))
    slate = match_slate([GAME], [listed], overrides=match("nba:1", slug))

    assert matched(slate) == {"nba:1": slug}


def test_override_that_names_nothing_is_seen_and_holds_its_other_end() -> None:
    """A typing error is told, and what was named right takes no other partner meanwhile."""
    slate = match_slate([GAME], [EVENT], overrides=match("nba:1", "nba-nyk-sas-2026-11-91"))
    other = match_slate([GAME], [EVENT], overrides=match("nba:11", EVENT.slug))

    assert (slate.games, other.games) == ((), ())
    assert [(one.game_id, one.event_slug, one.reason, one.detail) for one in slate.unmatched] == [
        ("", EVENT.slug, "no_game", ""),
        ("nba:1", "nba-nyk-sas-2026-11-91", "override_unused", "no such event"),
    ]
    assert reasons(other) == {"nba:1": "no_event", "nba:11": "override_unused"}


def test_game_event_or_pair_is_refused() -> None:
    """A veto of one end takes it out; of both, only their pair."""
    other = event("nba-nyk-sas-2026-11-20", "Knicks vs. Spurs", "2026-11-20T04:30Z")
    by_game = parse_overrides('[[refuse]]\ngame_id = "nba:1"')
    by_event = parse_overrides(f'[[refuse]]\nevent_slug = "{EVENT.slug}"')
    by_both = parse_overrides(f'[[refuse]]\ngame_id = "nba:1"\nevent_slug = "{EVENT.slug}"')

    assert reasons(match_slate([GAME], [EVENT], overrides=by_game)) == {
        "nba:1": "override_refused",
        EVENT.slug: "no_game",
    }
    assert reasons(match_slate([GAME], [EVENT], overrides=by_event)) == {
        "nba:1": "no_event",
        EVENT.slug: "override_refused",
    }
    assert reasons(match_slate([GAME], [EVENT], overrides=by_both)) == {
        "nba:1": "override_refused",
        EVENT.slug: "override_refused",
    }
    assert matched(match_slate([GAME], [EVENT, other], overrides=by_both)) == {"nba:1": other.slug}


def test_veto_that_names_nothing_is_seen() -> None:
    """A refusal of what is not there changes nothing and is told."""
    overrides = parse_overrides('[[refuse]]\ngame_id = "nba:9"')
    slate = match_slate([GAME], [EVENT], overrides=overrides)

    assert matched(slate) == {"nba:1": EVENT.slug}
    assert reasons(slate) == {"nba:9": "override_unused"}


def test_names_of_a_team_are_added() -> None:
    """A name nobody knows finds its team once it is added; one for nobody is told."""
    listed = event("nba-bx-sas-2026-11-19", "Borough Boys vs. Spurs", T)
    home = game("nba:2", SPURS, NETS, T)
    text = '[[team]]\nleague = "nba"\nespn = "{}"\npolymarket = ["Borough Boys", "bx"]'

    assert matched(match_slate([home], [listed])) == {}
    right = match_slate([home], [listed], overrides=parse_overrides(text.format("Nets")))
    assert labels(right, "nba:2") == {"home": "Spurs", "away": "Borough Boys"}
    wrong = match_slate([home], [listed], overrides=parse_overrides(text.format("Nest")))
    assert [one.reason for one in wrong.unmatched] == [
        "override_unused",
        "team_unclear",
        "team_unclear",
    ]
    absent = match_slate([], [], overrides=parse_overrides(text.format("Nets")))
    assert [one.reason for one in absent.unmatched] == ["override_unused"]


def test_what_is_not_overridden_is_left() -> None:
    """Without overrides every game and event goes on to the ordinary matching."""
    assert forced(Overrides(), [GAME], [EVENT, FAR], not_called) == Forced(
        (), (GAME,), (EVENT, FAR)
    )


def not_called(*_: object) -> SlateGame:
    """Fail, for nothing is forced here."""
    pytest.fail("a game was built though none was forced")
