from __future__ import annotations

import pickle
from collections.abc import Sequence
from hashlib import sha1
from typing import Any

import pytest
from factories import START_NS, state
from hypothesis import given
from hypothesis import strategies as st

from fusion.board_order import DIGESTS_KEPT, GAMES_KEPT, BoardOrder, Verdict
from fusion.errors import Refusal
from fusion.game import GameState

SOURCE = "espn:nba"
S = 1_000_000_000


class Polls:
    """An order that is fed the bodies of one board, one every 5 s, and what it believes of them."""

    def __init__(self) -> None:
        self.order = BoardOrder()
        self.at_s = 0.0
        self.believed: dict[str, GameState] = {}

    def body(self, *games: GameState, after_s: float = 5.0, name: str = "") -> Verdict:
        """Judge a body of these games; its digest is that of the games, or of `name`."""
        digest = sha1((name or repr(games)).encode(), usedforsecurity=False).hexdigest()
        self.at_s += after_s
        return self._keep(self.order.judge(SOURCE, digest, games, START_NS + round(self.at_s * S)))

    def again(self, *games: GameState, after_s: float = 5.0) -> Verdict:
        """Judge a poll that gave the body of these games once more."""
        digest = sha1(repr(games).encode(), usedforsecurity=False).hexdigest()
        self.at_s += after_s
        return self._keep(self.order.again(SOURCE, digest, START_NS + round(self.at_s * S)))

    def _keep(self, verdict: Verdict) -> Verdict:
        self.believed |= {game.game_id: game for game in verdict.accepted}
        return verdict


@pytest.fixture
def polls() -> Polls:
    """Return polls of a board."""
    return Polls()


def reason(verdict: Verdict) -> str:
    """Return why something was held, empty where nothing was."""
    return verdict.refusal.reason if verdict.refusal else ""


def other(**changes: Any) -> GameState:
    """Return another live game."""
    return state(**{"game_id": "nba:402", **changes})


def test_what_goes_on_is_believed(polls: Polls) -> None:
    """First sights, progress and details are believed as they come."""
    for body in [
        (state(), other()),
        (state(clock_s=390.0), other()),
        (state(clock_s=390.0, detail="x"), other(home_score=62)),
    ]:
        assert polls.body(*body) == Verdict(accepted=body)


def test_an_old_body_again_is_stale(polls: Polls) -> None:
    """A body that came before, with a newer one since, is held, and the newer one stands."""
    old, new = state(clock_s=400.0), state(clock_s=390.0)
    polls.body(old)
    polls.body(new)

    assert polls.body(old) == Verdict(
        held=(old,),
        refusal=Refusal(
            "stale_board",
            "1 of its games are not as believed and the body came before, with another since;"
            " held until that has lasted 30 s; nba:401 was in 60-55 in period 3, clock 390.0, is"
            " shown as in 60-55 in period 3, clock 400.0",
        ),
    )
    assert polls.body(new) == Verdict(accepted=(new,))


def test_an_old_body_with_nothing_but_old_details_is_stale(polls: Polls) -> None:
    """In a sport without a clock only the digest tells that a pitch count is an old one."""
    balls = [state(league="mlb", clock_s=None, detail=f"{count} balls") for count in range(2)]
    for game in balls:
        polls.body(game)

    assert reason(polls.body(balls[0])) == "stale_board"
    assert polls.believed["nba:401"] == balls[1]


def test_an_old_body_that_looks_newer_is_stale(polls: Polls) -> None:
    """After a correction that was believed, the body before it has the higher score and is old."""
    before, corrected = state(home_score=66), state(home_score=60)
    polls.body(before)
    polls.body(corrected)
    polls.again(corrected)
    assert polls.believed["nba:401"] == corrected

    assert polls.body(before).held == (before,)


def test_a_step_back_is_held_until_the_next_poll(polls: Polls) -> None:
    """A score that falls while nothing goes on is believed when a second poll still shows it."""
    polls.body(state(home_score=66), other())
    back = (state(home_score=60), other())

    first = polls.body(*back)
    assert (first.accepted, first.held, reason(first)) == ((), back[:1], "step_back")
    assert polls.again(*back) == Verdict(accepted=back[:1])
    assert polls.again(*back) == Verdict()


def test_a_step_back_is_confirmed_by_another_body(polls: Polls) -> None:
    """The second poll may differ in what is no step back from the first."""
    polls.body(state(home_score=66))
    polls.body(state(home_score=60))
    later = state(home_score=60, detail="under review")

    assert polls.body(later) == Verdict(accepted=(later,))


def test_two_sights_at_once_are_one(polls: Polls) -> None:
    """The same edge asked twice within its cache's life confirms nothing."""
    polls.body(state(home_score=66))
    back = state(home_score=60)
    polls.body(back)

    assert polls.again(back, after_s=1.0).held == (back,)
    assert polls.again(back, after_s=1.9).held == (back,)
    assert polls.again(back, after_s=0.1) == Verdict(accepted=(back,))


def test_a_step_further_back_is_another_claim(polls: Polls) -> None:
    """Two copies of different age, the older one last, do not confirm each other."""
    polls.body(state(clock_s=300.0))
    polls.body(state(clock_s=320.0))

    assert polls.body(state(clock_s=330.0)).held == (state(clock_s=330.0),)


def test_what_is_believed_ends_a_doubt(polls: Polls) -> None:
    """A claim does not last over a body that shows what is believed."""
    now, back = state(home_score=66), state(home_score=60)
    polls.body(now)
    polls.body(back)
    assert polls.body(now) == Verdict(accepted=(now,))

    assert polls.body(back).held == (back,)
    assert polls.again(back, after_s=29.0).held == (back,)


def test_an_old_copy_does_not_begin_a_correction(polls: Polls) -> None:
    """A body that was never seen confirms no old one: its own second sight does."""
    old, now = state(home_score=60), state(home_score=66)
    polls.body(old)
    polls.body(now)
    polls.body(old)
    back = state(home_score=60, detail="under review")

    assert polls.body(back).held == (back,)
    assert polls.again(back) == Verdict(accepted=(back,))


def test_an_old_copy_that_comes_whole_again_stays_old(polls: Polls) -> None:
    """Sent twice in a row, as recordings have it, it is no second sight of a correction."""
    old = state(home_score=60)
    polls.body(old)
    polls.body(state(home_score=66))

    assert [reason(polls.body(old)) for _ in range(4)] == ["stale_board"] * 4


def test_each_game_has_its_own_doubt(polls: Polls) -> None:
    """A held body that shows one game as believed ends that game's doubt, not the other's."""
    back, other_back = state(home_score=54), other(home_score=50)
    polls.body(state(), other())
    polls.body(back, other())
    assert polls.body(state(), other_back).held == (other_back,)

    assert polls.body(back, other_back) == Verdict(
        accepted=(other_back,),
        held=(back,),
        refusal=Refusal(
            "step_back",
            "1 of its games are not as believed and no game went on; held until that has lasted"
            " 3 s; nba:401 was in 60-55 in period 3, clock 400.0, is shown as in 54-55 in period"
            " 3, clock 400.0",
        ),
    )


def test_an_old_body_that_stays_is_believed_in_the_end(polls: Polls) -> None:
    """Nothing is dropped for ever: what is shown and nothing else for 30 s is the truth."""
    old, new = state(home_score=60), state(home_score=66)
    polls.body(old)
    polls.body(new)
    polls.body(old)

    held = [polls.again(old).held for _ in range(5)]
    assert held == [(old,)] * 5
    assert polls.again(old) == Verdict(accepted=(old,))


def test_where_anything_goes_on_the_body_is_new(polls: Polls) -> None:
    """A correction in a body with another game's progress, or with time, is believed at once."""
    polls.body(state(home_score=66), other())
    mixed = (state(home_score=60), other(clock_s=395.0))
    assert polls.body(*mixed) == Verdict(accepted=mixed)

    reversed_play = (state(home_score=54, clock_s=398.0), other(clock_s=395.0))
    assert polls.body(*reversed_play) == Verdict(accepted=reversed_play)


def test_a_final_that_goes_back_to_live(polls: Polls) -> None:
    """It is believed one poll later, and a game that is new on the board at once."""
    polls.body(state(phase="post", status="final", completed=True, clock_s=None))
    live = state(clock_s=2.0)

    assert polls.body(live, other()).accepted == (other(),)
    assert polls.body(state(clock_s=1.0), other()).accepted == (state(clock_s=1.0),)


def test_sources_are_apart(polls: Polls) -> None:
    """A body of one league says nothing about another's."""
    polls.body(state(clock_s=400.0))
    polls.body(state(clock_s=390.0))
    old = polls.order.judge("espn:wnba", "a", (state(clock_s=400.0),), START_NS)

    assert old == Verdict(accepted=(state(clock_s=400.0),))
    assert polls.order.again("espn:nhl", "a", START_NS) == Verdict()


def test_the_two_days_of_a_source_do_not_disturb_each_other(polls: Polls) -> None:
    """Bodies of two days in turn, sent whole, are no old copies: nothing in them differs."""
    today, yesterday = state(), other(phase="post", clock_s=None)
    for _ in range(3):
        assert polls.body(today) == Verdict(accepted=(today,))
        assert polls.body(yesterday) == Verdict(accepted=(yesterday,))


def test_it_can_be_kept_and_restored(polls: Polls) -> None:
    """After a restart in the middle of a doubt the next poll ends it as it would have."""
    polls.body(state(home_score=66))
    back = state(home_score=60)
    polls.body(back)
    polls.order = pickle.loads(pickle.dumps(polls.order))  # noqa: S301  # our own bytes

    assert polls.again(back) == Verdict(accepted=(back,))


def test_memory_is_bounded(polls: Polls) -> None:
    """However long a season is, so many games and bodies are kept."""
    for number in range(GAMES_KEPT + 10):
        polls.body(state(game_id=f"nba:{number}"))
    board = polls.order.sources[SOURCE]

    assert (len(board.believed), len(board.digests)) == (GAMES_KEPT, DIGESTS_KEPT)
    assert next(iter(board.believed)) == "nba:10"


moves = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["clock", "score", "detail"])),
    min_size=2,
    max_size=25,
)


def bodies_of(steps: Sequence[tuple[int, str]]) -> list[tuple[GameState, ...]]:
    """Return the true bodies of three games, one of which goes on with each step."""
    games = [state(game_id=f"nba:{number}", clock_s=700.0) for number in range(3)]
    bodies = [tuple(games)]
    for count, (number, what) in enumerate(steps):
        game = games[number]
        games[number] = state(
            game_id=game.game_id,
            clock_s=(game.clock_s or 0.0) - (what == "clock"),
            home_score=game.home_score + 2 * (what == "score"),
            detail=str(count),
        )
        bodies.append(tuple(games))
    return bodies


@given(
    steps=moves,
    stale=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=20),
    pause_s=st.floats(0.5, 6.0),
)
def test_old_copies_never_turn_time_back(
    steps: list[tuple[int, str]], stale: list[tuple[int, int]], pause_s: float
) -> None:
    """Wherever copies of earlier bodies come in between, games only go on, and end as they did.

    At most four copies stand in a row, so that none has lasted for 30 s.
    """
    truth = bodies_of(steps)
    places = {game: at for at, body in reversed(list(enumerate(truth))) for game in body}
    polls = Polls()
    reached = dict.fromkeys(("nba:0", "nba:1", "nba:2"), 0)
    for at, body in enumerate(truth):
        copies = [truth[min(which, at)] for where, which in stale if where == at][:4]
        for shown in (body, *copies):
            for game in polls.body(*shown, after_s=pause_s).accepted:
                assert places[game] >= reached[game.game_id]
                reached[game.game_id] = places[game]
        assert tuple(polls.believed.values()) == body


@given(steps=moves, again=st.booleans())
def test_a_correction_that_persists_is_believed_on_second_sight(
    steps: list[tuple[int, str]], *, again: bool
) -> None:
    """Whatever was before, two polls in a row that show a lower score are enough."""
    polls = Polls()
    for body in bodies_of(steps):
        polls.body(*body)
    first = next(iter(polls.believed.values()))
    lower = state(**{**{n: getattr(first, n) for n in ("game_id", "clock_s")}, "home_score": 1})
    corrected = (lower, *list(polls.believed.values())[1:])

    assert polls.body(*corrected).held == (lower,)
    assert (polls.again if again else polls.body)(*corrected).accepted == (lower,)
    assert polls.believed[lower.game_id] == lower
