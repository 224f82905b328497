"""Slates of real players and fighters: no price on the wrong one, and most matches found."""

from __future__ import annotations

import random
from collections import Counter

import msgspec
import pytest
from athletes import ATP, OTHER_SPELLINGS, UFC, WTA, names, surname
from listings import HOUR_NS, event, game, labels, market, matched, reasons, side

from fusion.game import GameState
from fusion.listing import ListedEvent
from fusion.matching import match_slate

T = "2026-01-19T10:00Z"
TABLES = {"atp": ATP, "wta": WTA, "ufc": UFC}
STYLES = ("full", "other", "surname", "initial")


def written(name: str, style: str) -> str:
    """Return `name` as a market might write it."""
    given, _, rest = name.partition(" ")
    match style:
        case "other":
            return OTHER_SPELLINGS.get(name, name)
        case "surname":
            return surname(name)
        case "initial":
            return f"{given[0]}. {rest}" if rest else name
        case _:
            return name


def evening(code: str, seed: int) -> tuple[list[GameState], list[ListedEvent], dict[str, str]]:
    """Return a day of matches of everybody, their events, and which event is whose."""
    dice = random.Random(seed)  # noqa: S311 - a test needs the same draw every time
    players = names(TABLES[code])
    dice.shuffle(players)
    games: list[GameState] = []
    events: list[ListedEvent] = []
    right: dict[str, str] = {}
    for place, (home, away) in enumerate(zip(players[::2], players[1::2], strict=False)):
        sides = [side(name, f"{name[0]}. {surname(name)}", surname(name)) for name in (home, away)]
        one = game(f"{code}:{place}", sides[0], sides[1], T)
        order = dice.sample([home, away], 2)
        titled = " vs. ".join(written(name, dice.choice(STYLES[:2])) for name in order)
        shown = [written(name, dice.choice(STYLES)) for name in dice.sample([home, away], 2)]
        if dice.random() < 0.15:
            titled = " vs. ".join(surname(name) for name in order)
        slug = f"{code}-{''.join(filter(str.isalpha, surname(order[0]).lower()))[:7]}-x{place}"
        heading = "UFC 320: " if code == "ufc" else "Australian Open: "
        whole = f"{slug}-2026-01-19"
        listed = event(whole, heading + titled, T, labels=shown)
        shift = dice.randrange(-9, 10) * HOUR_NS
        more = (
            market(f"{whole}-first-set-winner", (shown[1], shown[0]), "tennis_first_set_winner"),
            market(f"{whole}-go-the-distance", ("Yes", "No"), None, "Go the distance?"),
            market(f"{whole}-total-36pt5", ("Over", "Under"), "tennis_match_totals"),
        )
        listed = msgspec.structs.replace(
            listed, start_ns=one.start_ns + shift, markets=(*listed.markets, *more)
        )
        games.append(one)
        events.append(listed)
        right[one.game_id] = whole
    dice.shuffle(events)
    return games, events, right


@pytest.mark.parametrize("code", TABLES)
def test_day_of_matches_is_matched(code: str) -> None:
    """Whatever spelling, order and hour the venue has, nobody gets another's price."""
    count: Counter[str] = Counter()
    for seed in range(8):
        games, events, right = evening(code, seed)
        slate = match_slate(games, events)
        count["games"] += len(games)
        count["matched"] += len(slate.games)
        for found in slate.games:
            shown = {one.selection: one.outcome for one in found.outcomes}
            spelled = {
                sided: {written(name, style) for style in STYLES}
                for sided, name in (("home", found.home), ("away", found.away))
            }
            assert found.event_slug == right[found.game_id]
            assert all(shown[sided] in spelled[sided] for sided in ("home", "away"))

    assert count["matched"] >= 0.97 * count["games"], count


@pytest.mark.parametrize("code", TABLES)
def test_half_a_draw_takes_nobody_elses_event(code: str) -> None:
    """With the other half's games missing, full names and surnames stay with their own."""
    games, events, right = evening(code, 99)

    for half in (games[::2], games[1::2]):
        ids = {one.game_id for one in half}
        found = matched(match_slate(half, events))
        assert {key: right[key] for key in found} == found
        assert len(found) >= 0.95 * len(ids)


BROTHERS = [
    game("atp:1", "Francisco Cerundolo", "Casper Ruud", T),
    game("atp:2", "Juan Manuel Cerundolo", "Andrey Rublev", T),
]


def test_brothers_are_told_apart() -> None:
    """By the given name, by an initial, or by the opponent."""
    for first, second in (
        ("Francisco Cerundolo", "Juan Manuel Cerundolo"),
        ("F. Cerundolo", "J. Cerundolo"),
        ("Cerundolo", "Cerundolo"),
    ):
        events = [
            event("atp-cerundo-ruud-2026-01-19", f"Rome: {first} vs. Casper Ruud", T),
            event("atp-cerundo-rublev-2026-01-19", f"Rome: {second} vs. Andrey Rublev", T),
        ]
        slate = match_slate(BROTHERS, events)
        assert matched(slate) == {"atp:1": events[0].slug, "atp:2": events[1].slug}
        assert labels(slate, "atp:1") == {"home": first, "away": "Casper Ruud"}


def test_two_matches_that_share_both_surnames_are_ambiguous() -> None:
    """Wang against Zhang twice on one day: surnames tell nothing, whatever the hours say."""
    games = [
        game("wta:1", "Xinyu Wang", "Shuai Zhang", T),
        game("wta:2", "Xiyu Wang", "Lin Zhang", "2026-01-19T18:00Z"),
    ]
    by_surname = event("wta-wang-zhang-2026-01-19", "Beijing: Wang vs. Zhang", T)
    by_name = event("wta-wang-zhang-2026-01-20", "Beijing: Wang Xinyu vs. Zhang Shuai", T)

    assert reasons(match_slate(games, [by_surname])) == {
        "wta:1": "ambiguous",
        "wta:2": "ambiguous",
        by_surname.slug: "ambiguous",
    }
    both = match_slate(games, [by_surname, by_name])
    assert matched(both) == {"wta:1": by_name.slug, "wta:2": by_surname.slug}
    assert matched(match_slate(games[1:], [by_surname])) == {"wta:2": by_surname.slug}


def test_match_between_namesakes_needs_more_than_surnames() -> None:
    """Wang against Wang is matched by full names, and refused where outcomes are surnames."""
    games = [game("wta:1", "Xinyu Wang", "Xiyu Wang", T)]
    title = "China Open: Xin Yu Wang vs. Xiyu Wang"
    slug = "wta-wang-wang-2026-01-19"

    clear = match_slate(games, [event(slug, title, T)])
    unclear = match_slate(games, [event(slug, title, T, labels=("Wang", "Wang"))])

    assert labels(clear, "wta:1") == {"home": "Xin Yu Wang", "away": "Xiyu Wang"}
    assert reasons(unclear) == {"wta:1": "outcome_unclear"}


@pytest.mark.parametrize(
    ("hours", "is_match"), [(0, True), (-18, True), (18, True), (19, False), (7 * 24, False)]
)
def test_tennis_has_the_window_of_a_session(hours: int, is_match: bool) -> None:
    """A match may be listed with the session before it, and is never that of another round."""
    one = game("atp:1", "Jannik Sinner", "Carlos Alcaraz", T)
    listed = event("atp-sinner-alcaraz-2026-01-19", "Jannik Sinner vs. Carlos Alcaraz", T)
    moved = msgspec.structs.replace(listed, start_ns=one.start_ns + hours * HOUR_NS)

    assert bool(match_slate([one], [moved]).games) is is_match


def test_day_of_a_match_may_be_that_of_the_place() -> None:
    """A match without an hour is found on the day before or after, and no further."""
    one = game("atp:1", "Jannik Sinner", "Carlos Alcaraz", T, start_known=False)
    found = {
        day: bool(
            match_slate(
                [one],
                [event(f"atp-a-b-2026-01-{day}", title, T, event_date=f"2026-01-{day}")],
            ).games
        )
        for day in (17, 18, 19, 20, 21)
        for title in ["Jannik Sinner vs. Carlos Alcaraz"]
    }

    assert found == {17: False, 18: True, 19: True, 20: True, 21: False}


def test_fight_has_one_moneyline_among_its_markets() -> None:
    """Method, distance and rounds are no moneyline, typed or not, whoever they name."""
    one = game("ufc:1", "Magomed Ankalaev", "Alex Pereira", "2025-10-05T02:00Z")
    slug = "ufc-mag1-ale3-2025-10-04"
    title = "UFC 320: Ankalaev vs. Pereira 2 (Light Heavyweight, Main Card)"
    fighters = ("Magomed Ankalaev", "Alex Pereira")
    listed = event(
        slug,
        title,
        "2025-10-04T22:00Z",
        markets=(
            market(f"{slug}-method-of-victory", fighters, None, "Pereira: method of victory"),
            market(f"{slug}-go-the-distance", ("Yes", "No"), "ufc_go_the_distance"),
            market(f"{slug}-ko", fighters, None, "Who wins by KO or TKO?"),
            market(slug, fighters[::-1], None, title),
            market(f"{slug}-total-2pt5", ("Over", "Under"), "totals"),
        ),
    )

    slate = match_slate([one], [listed])

    assert labels(slate, "ufc:1") == {"home": "Magomed Ankalaev", "away": "Alex Pereira"}
    assert slate.games[0].evidence == (
        "home by part 'Ankalaev', away by part 'Pereira', home listed first, start -240 min"
    )


def test_doubles_take_no_singles() -> None:
    """A pair of players is no player, though one of the two plays singles that day."""
    one = game("wta:1", "Coco Gauff", "Jasmine Paolini", T)
    listed = event("wta-doubles-gaupeg-paoerr-2026-01-19", "Gauff/Pegula vs. Errani/Paolini", T)

    assert reasons(match_slate([one], [listed])) == {"wta:1": "no_event", listed.slug: "doubles"}
