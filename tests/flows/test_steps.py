from __future__ import annotations

import pickle

import pytest
from factories import AWAY, HOME, book, listing, pregame, scored, shares, stamp, state, traded

from flows.infer import Pricer
from flows.steps import SNAPSHOT_VERSION, DecideLogic, GamesLogic
from fusion.errors import FairlineError
from fusion.events import Event, Listed, Ticked
from fusion.freshness import FreshnessLimits
from fusion.healing import Heal
from fusion.join import JoinRow, JoinRules
from fusion.quotes import Priced, Quote
from fusion.rows import BookRow, GameRow, SignalRow, Tick
from fusion.signals import SignalRules

RULES = JoinRules()
BEFORE: list[Event] = [
    Listed(stamp(1), listing()),
    scored(stamp(2), pregame()),
    traded(stamp(3), book(HOME, ((5900, shares(500)),), ((6100, shares(500)),))),
    traded(stamp(4), book(AWAY, ((3900, shares(500)),), ((4100, shares(500)),))),
]
AFTER: list[Event] = [
    scored(stamp(5, at_s=1), state(home_score=75)),
    traded(stamp(6, at_s=2), book(HOME, ((5900, shares(500)),), ((6100, shares(500)),), ms=5)),
    traded(stamp(7, at_s=2), book(AWAY, ((3900, shares(500)),), ((4100, shares(500)),), ms=5)),
]


def priced(rows: list[JoinRow]) -> list[Priced | GameRow | BookRow | Heal]:
    """Return the rows of the join as the desk gets them."""
    return [row for _, row in Pricer()([("nba:401", row) for row in rows])]


def test_events_are_folded_one_at_a_time() -> None:
    """A batch gives what its events give one by one, and a game is never discarded."""
    whole = GamesLogic.builder(RULES)(None)
    single = GamesLogic.builder(RULES)(None)
    rows, discard = whole.on_batch(BEFORE + AFTER)

    assert rows == [row for event in BEFORE + AFTER for row in single.on_batch([event])[0]]
    assert {type(row) for row in rows} == {Quote, GameRow}
    assert not discard


def test_desk_folds_and_lets_game_rows_pass() -> None:
    """Quotes become ticks and signals; game rows stand where they stood."""
    rows, _ = GamesLogic.builder(RULES)(None).on_batch(BEFORE + AFTER)
    whole = DecideLogic.builder(SignalRules())(None)
    single = DecideLogic.builder(SignalRules())(None)
    out, discard = whole.on_batch(priced(rows))

    assert out == [row for value in priced(rows) for row in single.on_batch([value])[0]]
    assert [row for row in out if isinstance(row, GameRow)] == [
        row for row in rows if isinstance(row, GameRow)
    ]
    assert sum(isinstance(row, Tick) for row in out) == sum(isinstance(row, Quote) for row in rows)
    assert any(isinstance(row, SignalRow) and row.transition == "open" for row in out)
    assert not discard


def test_restored_game_trusts_no_book() -> None:
    """What came between the snapshot and the crash is unknown: books wait for a snapshot."""
    logic = GamesLogic.builder(RULES)(None)
    logic.on_batch(BEFORE)
    restored = GamesLogic.builder(RULES)(logic.snapshot())
    quotes = [row for row in restored.on_batch(AFTER[:1])[0] if isinstance(row, Quote)]

    assert [(quote.link, quote.bid, quote.ask) for quote in quotes] == [("gap", None, None)] * 2
    assert [quote.state for quote in quotes] == [state(home_score=75)] * 2


def test_restored_game_tells_of_its_loss_by_the_clock() -> None:
    """A signal that rested on the lost books is closed by the next tick of the clock."""
    logic = GamesLogic.builder(RULES)(None)
    logic.on_batch(BEFORE + AFTER)
    restored = GamesLogic.builder(RULES)(logic.snapshot())
    quotes, _ = restored.on_batch([Ticked(stamp(8, at_s=3))])

    assert [(row.gate, row.link) for row in quotes if isinstance(row, Quote)] == [
        ("link_gap", "gap"),
        ("link_gap", "gap"),
    ]


def test_restored_game_goes_on_after_a_snapshot_of_its_books() -> None:
    """The score state and the pregame prices outlive a restart; the books come anew."""
    through = GamesLogic.builder(RULES)(None)
    through.on_batch(BEFORE)
    restored = GamesLogic.builder(RULES)(through.snapshot())
    expected = [row for row in through.on_batch(AFTER)[0] if isinstance(row, Quote)][-1]
    last = [row for row in restored.on_batch(AFTER)[0] if isinstance(row, Quote)][-1]

    assert (last.bid, last.ask, last.link) == (expected.bid, expected.ask, "live")
    assert (last.state, last.pregame) == (expected.state, expected.pregame)


def test_snapshot_is_a_copy() -> None:
    """What happens after a snapshot does not change it."""
    logic = GamesLogic.builder(RULES)(None)
    logic.on_batch(BEFORE)
    snapshot = logic.snapshot()
    logic.on_batch(AFTER)

    restored = GamesLogic.builder(RULES)(snapshot).on_batch(AFTER[:1])[0]
    assert [row.home_score for row in restored if isinstance(row, GameRow)] == [75]


def test_restored_desk_remembers_its_open_signals() -> None:
    """A signal that was open closes after a restart under its own id."""
    game = GamesLogic.builder(RULES)(None)
    desk = DecideLogic.builder(SignalRules())(None)
    opened = desk.on_batch(priced(game.on_batch(BEFORE + AFTER)[0]))[0]
    restored = DecideLogic.builder(SignalRules())(desk.snapshot())
    end = scored(stamp(8, at_s=3), state(home_score=75, phase="post", completed=True))
    closed = restored.on_batch(priced(game.on_batch([end])[0]))[0]

    ids = [row.signal_id for row in opened if isinstance(row, SignalRow)]
    assert [(row.signal_id, row.transition) for row in closed if isinstance(row, SignalRow)] == [
        (ids[0], "close")
    ]


def test_rules_of_today_hold_for_state_of_yesterday() -> None:
    """A restart with other settings applies them to what is restored."""
    strict = JoinRules(limits=FreshnessLimits(score_s=1))
    fewer = SignalRules(min_edge=0.5)
    game = GamesLogic.builder(strict)(GamesLogic.builder(RULES)(None).snapshot())
    desk = DecideLogic.builder(fewer)(DecideLogic.builder(SignalRules())(None).snapshot())

    assert (game.join.rules, desk.desk.rules) == (strict, fewer)


@pytest.mark.parametrize("version", [SNAPSHOT_VERSION - 1, SNAPSHOT_VERSION + 1])
@pytest.mark.parametrize("build", [GamesLogic.builder(RULES), DecideLogic.builder(SignalRules())])
def test_snapshot_of_another_version_is_refused(build: object, version: int) -> None:
    """State of another version is not unpickled, and the message says what to do."""
    assert callable(build)
    with pytest.raises(FairlineError) as caught:
        build((version, pickle.dumps(None)))

    assert str(caught.value) == (
        f"the recovery store holds snapshots of version {version}, this Fairline reads version "
        f"{SNAPSHOT_VERSION}: run the Fairline that wrote it, or start with an empty recovery "
        "directory (the journal is kept)"
    )
