"""The part of an ESPN scoreboard document that Fairline reads, as msgspec structs.

The API is undocumented and drifts, so the structs promise little. What the state of a game
needs (competitors, status) is typed by its shape and leaves its scalars open: ESPN writes the
same fact as a string, an integer or a float from one year to the next (`scalars` reads them).
What only adds to a state (situation, odds, details) stays raw here and is decoded on its own, so
that a new shape there costs a field and never a score. Everything else (links, broadcasts,
leaders, more than nine tenths of the bytes) is skipped by the decoder.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

DECODE_ERRORS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
"""What decoding bytes from outside can raise: bad JSON or shape, deep nesting, bad UTF-8."""

ABSENT = msgspec.Raw()

T = TypeVar("T")


class Document(msgspec.Struct, rename="camel"):
    """A response body: a board (`events`), one event, one competition or an error (`code`).

    An event has `competitions` or `groupings`, a competition has `competitors`.
    """

    events: msgspec.Raw = ABSENT
    competitions: msgspec.Raw = ABSENT
    groupings: msgspec.Raw = ABSENT
    competitors: msgspec.Raw = ABSENT
    id: Any = None
    uid: Any = None
    code: Any = None
    message: Any = None


class StatusType(msgspec.Struct, rename="camel"):
    """What a status means; `state` is `pre`, `in` or `post`."""

    name: Any = None
    state: Any = None
    completed: Any = None
    description: Any = None
    detail: Any = None
    short_detail: Any = None


class Status(msgspec.Struct, rename="camel"):
    """Where a game stands: `clock` in seconds, `displayClock` as viewers see it."""

    clock: Any = None
    display_clock: Any = None
    period: Any = None
    type: StatusType | None = None


class TeamNames(msgspec.Struct, rename="camel"):
    """A team as a competitor names it."""

    id: Any = None
    abbreviation: Any = None
    display_name: Any = None
    short_display_name: Any = None
    location: Any = None
    name: Any = None
    is_active: Any = None


class AthleteNames(msgspec.Struct, rename="camel"):
    """An athlete as a competitor names him; the id is the competitor's."""

    display_name: Any = None
    full_name: Any = None
    short_name: Any = None


class LineScore(msgspec.Struct):
    """What a side has in one set of tennis; `winner` is absent while the set is played."""

    value: Any = None
    winner: Any = None
    tiebreak: Any = None


class Competitor(msgspec.Struct, rename="camel"):
    """A side; `athlete` or `roster` (doubles) stand where it is no team.

    `order` is 1 or 2, `possession` tells who serves; teams have neither.
    """

    id: Any = None
    home_away: Any = None
    score: Any = None
    winner: Any = None
    shootout_score: Any = None
    team: TeamNames | None = None
    athlete: msgspec.Raw = ABSENT
    roster: msgspec.Raw = ABSENT
    order: Any = None
    possession: Any = None
    linescores: msgspec.Raw = ABSENT


class Competition(msgspec.Struct, rename="camel"):
    """A contest of an event; a game of a team sport has exactly one.

    `type` is the draw in tennis and the weight class in MMA, `format` has the scheduled periods.
    """

    date: Any = None
    start_date: Any = None
    time_valid: Any = None
    neutral_site: Any = None
    competitors: list[Competitor] | None = None
    status: Status | None = None
    situation: msgspec.Raw = ABSENT
    odds: msgspec.Raw = ABSENT
    details: msgspec.Raw = ABSENT
    id: Any = None
    type: msgspec.Raw = ABSENT
    format: msgspec.Raw = ABSENT


class Event(msgspec.Struct, rename="camel"):
    """An event of a board; `uid` starts with the number of its sport (`s:40~l:46~e:401...`)."""

    id: Any = None
    uid: Any = None
    date: Any = None
    status: msgspec.Raw = ABSENT
    competitions: list[msgspec.Raw] | None = None
    groupings: msgspec.Raw = ABSENT


class Draw(msgspec.Struct):
    """A draw of a tennis tournament: `1` is `mens-singles`, `2` is `womens-singles`."""

    id: Any = None
    slug: Any = None


class Grouping(msgspec.Struct):
    """The matches of one draw, as tournaments list them since 2023."""

    grouping: Draw | None = None
    competitions: list[msgspec.Raw] | None = None


class Tournament(msgspec.Struct, rename="camel"):
    """A tennis tournament or a fight card: an event of many competitions."""

    uid: Any = None
    name: Any = None
    short_name: Any = None
    competitions: list[msgspec.Raw] | None = None
    groupings: list[Grouping] | None = None


class Regulation(msgspec.Struct):
    """The scheduled length of a contest, in sets or rounds."""

    periods: Any = None


class Format(msgspec.Struct):
    """How long a contest is meant to be."""

    regulation: Regulation | None = None


class Reference(msgspec.Struct):
    """A link into ESPN's inner API, which ends in the id of what it means."""

    id: Any = None
    ref: Any = msgspec.field(default=None, name="$ref")


class MatchSituation(msgspec.Struct):
    """The situation of a tennis match; the 2022 layout has the server there."""

    server: Reference | None = None


class Probability(msgspec.Struct, rename="camel"):
    """ESPN's own win probability after a play, 0 to 1."""

    home_win_percentage: Any = None


class LastPlay(msgspec.Struct, rename="camel"):
    """The last play; stubs (extra points, kickoffs) carry no probability."""

    probability: Probability | None = None


class PlaySituation(msgspec.Struct, rename="camel"):
    """The situation of football and baseball, and the last play of any sport."""

    last_play: msgspec.Raw = ABSENT
    possession: Any = None
    down: Any = None
    distance: Any = None
    yard_line: Any = None
    down_distance_text: Any = None
    home_timeouts: Any = None
    away_timeouts: Any = None
    balls: Any = None
    strikes: Any = None
    outs: Any = None
    on_first: Any = None
    on_second: Any = None
    on_third: Any = None


class DetailTeam(msgspec.Struct):
    """The team of a goal or a card."""

    id: Any = None


class Detail(msgspec.Struct, rename="camel"):
    """A goal or a card of a soccer match."""

    red_card: Any = None
    team: DetailTeam | None = None


class Price(msgspec.Struct):
    """A moneyline at one time, as American odds: `-140`, `+120`, `EVEN`."""

    odds: Any = None


class MoneylineSide(msgspec.Struct):
    """The moneyline of one side; in play soccer also has `current`, which is not pregame."""

    close: Price | None = None
    open: Price | None = None


class Moneyline(msgspec.Struct):
    """The moneylines of a game."""

    home: MoneylineSide | None = None
    away: MoneylineSide | None = None
    draw: MoneylineSide | None = None


class DrawOdds(msgspec.Struct, rename="camel"):
    """The price of a draw where `moneyline` has none, as a number."""

    money_line: Any = None


class Provider(msgspec.Struct):
    """The bookmaker."""

    name: Any = None


class OddsLine(msgspec.Struct, rename="camel"):
    """One bookmaker's odds, in the shape used since 2025."""

    provider: Provider | None = None
    moneyline: Moneyline | None = None
    draw_odds: DrawOdds | None = None


_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


def present(raw: msgspec.Raw) -> bool:
    """Tell whether a section is there and not null."""
    return bytes(memoryview(raw)[:5]) not in (b"", b"null")


def optional(raw: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T | None:
    """Return an optional section, or None where it is absent or of a shape nobody has seen."""
    try:
        return decoder.decode(raw)
    except DECODE_ERRORS:
        return None


def each(raw: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> list[T]:
    """Return the readable elements of an optional list; `[null]` is a list ESPN does send."""
    try:
        items = _split(raw)
    except DECODE_ERRORS:
        return []
    return [value for item in items if (value := optional(item, decoder)) is not None]
