"""Which token of an event pays for which side of a game.

Tokens are taken by what their outcome is called, never by their place: an event lists the
favourite first as often as the visitor. Where a label means both sides equally well, or two
labels mean the same side, or two sources contradict each other, there is no answer, and the
reason says so: a price on the wrong side is worse than none.
"""

from __future__ import annotations

import re

import msgspec

from fusion.game import Selection
from fusion.grades import Grade
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.names import name_key
from fusion.same_team import TeamKeys, grade_name
from fusion.slate import MarketRules, SlateOutcome

_PART_OF_GAME = re.compile(
    "[12]h|[1-4]q|q[1-4]|[1-3]p|f5|half|halftime|quarter|period|innings?|first|second|spreads?|"
    "totals?|over|under|handicap|nrfi|sets?|maps?|props?|points|btts|advance|qualify|corners|"
    "series|margin|regulation|ot|overtime|rounds?|distance|method|tko|ko|submission|decision|"
    "completed"
)
_WHO_WINS = re.compile("vs?|at|or|who|which|team|will|wins?|winner|the|game|match|moneyline")
_WINS = re.compile(r"will (?P<team>.+?) (?:win|beat .+?)(?: on [\d-]+)?\s*\?", re.IGNORECASE)
_DRAWS = re.compile(r"will .+ (?:end in a draw|draw)(?: on [\d-]+)?\s*\?", re.IGNORECASE)


class Sides(msgspec.Struct, frozen=True):
    """The two teams of a game, each as ESPN and as the event know it."""

    home: TeamKeys
    away: TeamKeys
    home_listed: ListedTeam
    away_listed: ListedTeam


class Refused(msgspec.Struct, frozen=True):
    """Why there is no answer: a stable code and a sentence."""

    reason: str
    detail: str


class Outcomes(msgspec.Struct, frozen=True):
    """The outcomes of a game, home first and away last, and the markets they belong to."""

    outcomes: tuple[SlateOutcome, ...]
    markets: tuple[MarketRules, ...]


def side_of(label: str, sides: Sides) -> Selection | None:
    """Return the side `label` means, or None where it means neither or both equally well."""
    home = max(grade_name(sides.home, label), _grade_listed(sides.home, sides.home_listed, label))
    away = max(grade_name(sides.away, label), _grade_listed(sides.away, sides.away_listed, label))
    if home == away:
        return None
    return "home" if home > away else "away"


def two_way(event: ListedEvent, sides: Sides) -> Outcomes | Refused:
    """Return the two tokens of the event's one moneyline market."""
    markets = [market for market in event.markets if _is_moneyline(event, market, sides)]
    whole = [market for market in markets if market.rules.slug == event.slug]
    if len(whole) == 1:
        markets = whole
    if len(markets) != 1:
        count = f"{len(markets)} of {len(event.markets)} markets"
        return Refused("no_moneyline", f"one moneyline market was expected, was {count}")
    rules = markets[0].rules
    if (broken := _broken(rules)) is not None:
        return broken
    places: dict[Selection, int] = {}
    for place, label in enumerate(rules.outcomes):
        side = side_of(label, sides)
        if side is not None:
            places[side] = place
    if len(places) != 2:
        teams = f"{sides.away_listed.name!r} and {sides.home_listed.name!r}"
        return Refused(
            "outcome_unclear", f"the outcomes {rules.outcomes!r} do not tell {teams} apart"
        )
    return Outcomes(
        (_outcome("home", rules, places["home"]), _outcome("away", rules, places["away"])),
        (rules,),
    )


def three_way(event: ListedEvent, sides: Sides) -> Outcomes | Refused:
    """Return the Yes tokens of the event's three markets: home wins, draw, away wins."""
    found = _three_markets(event, sides)
    if isinstance(found, Refused):
        return found
    order: tuple[Selection, ...] = ("home", "draw", "away")
    missing = [side for side in order if side not in found]
    if missing:
        return Refused("no_moneyline", f"there is no market for {', '.join(missing)}")
    outcomes: list[SlateOutcome] = []
    for side in order:
        rules = found[side]
        if (broken := _broken(rules)) is not None:
            return broken
        labels = [label.strip().lower() for label in rules.outcomes]
        if sorted(labels) != ["no", "yes"]:
            return Refused(
                "outcome_unclear", f"{rules.slug} should ask yes or no, was {rules.outcomes!r}"
            )
        outcomes.append(_outcome(side, rules, labels.index("yes")))
    return Outcomes(tuple(outcomes), tuple(found[side] for side in order))


def _three_markets(event: ListedEvent, sides: Sides) -> dict[Selection, MarketRules] | Refused:
    """Return the market of each side as far as there is one; each must speak of one side."""
    found: dict[Selection, MarketRules] = {}
    for market in event.markets:
        kind = _market_type(market)
        if kind not in {"", "moneyline"}:
            continue
        rules = market.rules
        answers = _answers(event, market, sides)
        if len(answers) != 1:
            if not answers and not kind:
                continue
            said = " and ".join(sorted(answers)) or "neither side"
            return Refused("outcome_unclear", f"{rules.slug} should name one side, was {said}")
        side = answers.pop()
        if side in found:
            both = f"{found[side].slug} and {rules.slug}"
            return Refused("outcome_unclear", f"{both} are both the {side} market")
        found[side] = rules
    return found


def _grade_listed(keys: TeamKeys, listed: ListedTeam, label: str) -> Grade:
    """Return how well `label` means the team as the event itself names it."""
    key = name_key(label, keys.league)
    if key and key in {name_key(name, keys.league) for name in (listed.name, listed.alias)}:
        return Grade.ALIAS
    if listed.code and label.strip().lower() == listed.code.lower():
        return Grade.CODE
    return Grade.NONE


def _market_type(market: ListedMarket) -> str:
    return (market.market_type or "").strip().lower()


def _rest_of_slug(event: ListedEvent, market: ListedMarket) -> str:
    """Return what the market's slug adds to the event's."""
    return market.rules.slug.removeprefix(event.slug).lstrip("-")


def _is_part(event: ListedEvent, market: ListedMarket) -> bool:
    """Tell whether the market is about a part of the game, or about something else in it."""
    words = f"{_rest_of_slug(event, market)} {market.question} {market.group_title}".lower()
    return _names_part(words) or "o/u" in words


def _names_part(words: str) -> bool:
    return any(_PART_OF_GAME.fullmatch(word) for word in _words(words))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z0-9]+", text.lower())) - {""}


def _is_moneyline(event: ListedEvent, market: ListedMarket, sides: Sides) -> bool:
    """Tell whether this is the market on the winner of the whole game.

    Older markets have no type: theirs is the event's own slug, or two outcomes named as the
    two teams and no word about anything but who wins (the toss has two such outcomes too).
    """
    kind = _market_type(market)
    rest = _rest_of_slug(event, market)
    if kind:
        return kind == "moneyline" and not _names_part(rest)
    if rest in {"", "moneyline"} or rest.isdecimal():
        return True
    named = {side_of(label, sides) for label in market.rules.outcomes}
    return (
        named == {"home", "away"} and not _is_part(event, market) and _asks_who_wins(event, market)
    )


def _asks_who_wins(event: ListedEvent, market: ListedMarket) -> bool:
    """Tell whether the market's words are the event's title, or its outcomes and no more."""
    labels = frozenset[str]().union(*(_words(label) for label in market.rules.outcomes))
    return all(
        text == event.title or all(_WHO_WINS.fullmatch(word) for word in _words(text) - labels)
        for text in (market.question, market.group_title)
    )


def _answers(event: ListedEvent, market: ListedMarket, sides: Sides) -> set[Selection]:
    """Return every side that the market's slug, title and question speak of."""
    if not _market_type(market) and _is_part(event, market):
        return set()
    answers = {
        _side_of_code(_rest_of_slug(event, market), sides),
        _side_of_question(market.question, sides),
    }
    if _market_type(market) or answers != {None}:
        title = market.group_title
        is_draw = name_key(title, sides.home.league).split()[:1] == ["draw"]
        answers.add("draw" if is_draw else side_of(title, sides))
    return {side for side in answers if side is not None}


def _side_of_code(code: str, sides: Sides) -> Selection | None:
    if code == "draw":
        return "draw"
    home = {sides.home_listed.code.lower()} - {""} or sides.home.codes
    away = {sides.away_listed.code.lower()} - {""} or sides.away.codes
    if (code in home) == (code in away):
        return None
    return "home" if code in home else "away"


def _side_of_question(question: str, sides: Sides) -> Selection | None:
    if _DRAWS.fullmatch(question.strip()):
        return "draw"
    wins = _WINS.fullmatch(question.strip())
    return side_of(wins["team"], sides) if wins else None


def _broken(rules: MarketRules) -> Refused | None:
    """Return why the market's outcomes and tokens do not belong together, or None."""
    tokens = len(set(rules.token_ids) - {""})
    if tokens == 2 and len(rules.token_ids) == len(rules.outcomes) == 2:
        return None
    return Refused(
        "outcome_unclear",
        f"{rules.slug} should have two outcomes with a token each, was "
        f"{len(rules.outcomes)} outcomes and {len(rules.token_ids)} tokens",
    )


def _outcome(side: Selection, rules: MarketRules, place: int) -> SlateOutcome:
    return SlateOutcome(
        selection=side,
        market_id=rules.market_id,
        market_slug=rules.slug,
        token_id=rules.token_ids[place],
        complement_id=rules.token_ids[1 - place],
        outcome=rules.outcomes[place],
    )
