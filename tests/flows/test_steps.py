from __future__ import annotations

import pickle

import pytest
from factories import AWAY, HOME, book, listing, pregame, scored, shares, stamp, state, traded

from flows.infer import Pricer
from flows.snapshots import VERSION
from flows.steps import DecideLogic, GamesLogic
from fusion.errors import RecoveryError
from fusion.events import Ended, Event, Listed, Ticked
from fusion.freshness import FreshnessLimits
from fusion.join import JoinRow, JoinRules, Passing
from fusion.levels import LevelBatch
from fusion.quotes import Priced, Quote
from fusion.rows import GameRow, SignalRow, Tick
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


def priced(rows: list[JoinRow]) -> list[Priced | Passing]:
    """Return the rows of the join as the desk gets them."""
    return [row for _, row in Pricer()([("nba:401", row) for row in rows])]


def test_events_are_folded_one_at_a_time() -> None:
    """A batch gives what its events give one by one, and a live game is never discarded."""
    whole = GamesLogic.builder(RULES)(None)
    single = GamesLogic.builder(RULES)(None)
    rows, discard = whole.on_batch(BEFORE + AFTER)

    assert rows == [row for event in BEFORE + AFTER for row in single.on_batch([event])[0]]
    assert {type(row) for row in rows} == {Quote, GameRow, LevelBatch}
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


@pytest.mark.parametrize("cut", range(len(BEFORE + AFTER) + 1))
def test_restored_game_goes_on_exactly(cut: int) -> None:
    """A game restored from a snapshot gives the rows of one that never stopped, books and all."""
    events = BEFORE + AFTER
    whole, before = GamesLogic.builder(RULES)(None), GamesLogic.builder(RULES)(None)
    before.on_batch(events[:cut] or [Ticked(stamp(0))])
    restored = GamesLogic.builder(RULES)(before.snapshot())
    whole.on_batch(events[:cut] or [Ticked(stamp(0))])

    last = [*events[cut:], Ticked(stamp(9, at_s=3))]
    assert restored.on_batch(last) == whole.on_batch(last)


def test_a_game_that_ended_is_dropped_from_both_steps() -> None:
    """The join and the desk of a game that is let go are those of a game never heard of."""
    game = GamesLogic.builder(RULES)(None)
    desk = DecideLogic.builder(SignalRules())(None)
    desk.on_batch(priced(game.on_batch(BEFORE + AFTER)[0]))
    over: list[Event] = [Ended(stamp(9, at_s=700))]
    rows, game_is_dropped = game.on_batch(over)
    out, desk_is_dropped = desk.on_batch(priced(rows))

    assert (rows, out) == (over, [])
    assert (game_is_dropped, desk_is_dropped) == (True, True)
    assert game.on_batch(BEFORE) == GamesLogic.builder(RULES)(None).on_batch(BEFORE)
    assert desk.desk.open == {}


def test_a_game_that_comes_back_in_the_same_batch_is_kept() -> None:
    """What follows an end begins a new state, which must not be dropped with the old one."""
    game = GamesLogic.builder(RULES)(None)
    game.on_batch(BEFORE)
    rows, is_dropped = game.on_batch([Ended(stamp(9)), *BEFORE])

    assert rows[1:] == GamesLogic.builder(RULES)(None).on_batch(BEFORE)[0]
    assert not is_dropped


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


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1])
@pytest.mark.parametrize("build", [GamesLogic.builder(RULES), DecideLogic.builder(SignalRules())])
def test_snapshot_of_another_version_is_refused(build: object, version: int) -> None:
    """State of another version is not unpickled, and the message says what to do."""
    assert callable(build)
    with pytest.raises(RecoveryError) as caught:
        build((version, pickle.dumps(None)))

    assert str(caught.value) == (
        f"the recovery store holds snapshots of version {version}, this Fairline reads version "
        f"{VERSION}: start the Fairline that wrote it, or begin a new session with: fairline "
        "run --new (the journal is kept, and the archive is finished from it)"
    )
