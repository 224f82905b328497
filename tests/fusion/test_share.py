from __future__ import annotations

import msgspec
from factories import listing
from hypothesis import given
from hypothesis import strategies as st

from fusion.share import EVERYTHING, Share, hub_of, slate_of
from fusion.slate import Slate, Unmatched

GAME_IDS = st.text(max_size=20)
HUBS = st.integers(1, 64)


def shares(hubs: int) -> list[Share]:
    """Return the shares of so many hubs."""
    return [Share(hub, hubs) for hub in range(hubs)]


@given(GAME_IDS, HUBS)
def test_each_game_is_in_exactly_one_share(game_id: str, hubs: int) -> None:
    """Whatever its name, and however many hubs there are."""
    assert [share.hub for share in shares(hubs) if share.has(game_id)] == [hub_of(game_id, hubs)]


def test_the_share_of_a_game_never_changes() -> None:
    """It is in the names of folders and in recovery stores; so these are pinned."""
    # The CRC-32 of `nba:401` is 0x95E77B2A, whose last hexadecimal digit is 10 of 16.
    assert [hub_of("nba:401", hubs) for hubs in (1, 2, 4, 16)] == [0, 0, 2, 10]


def test_one_hub_tells_what_all_get() -> None:
    """So nothing is on record twice, and nothing is not."""
    assert [share.tells for share in shares(3)] == [True, False, False]
    assert EVERYTHING.tells


@given(st.lists(st.tuples(st.sampled_from(["game", "refused", "event"]), GAME_IDS)), HUBS)
def test_the_shares_of_a_slate_make_the_slate(names: list[tuple[str, str]], hubs: int) -> None:
    """Each game and each refusal is in one share, in the order of the whole."""
    slate = Slate(
        tuple(
            msgspec.structs.replace(listing(), game_id=name)
            for kind, name in names
            if kind == "game"
        ),
        tuple(
            Unmatched("nba", name if kind == "refused" else "", f"slug of {name}", "no_event")
            for kind, name in names
            if kind != "game"
        ),
    )
    pieces = [slate_of(slate, share) for share in shares(hubs)]

    for number, piece in enumerate(pieces):
        share = Share(number, hubs)
        assert piece.games == tuple(game for game in slate.games if share.has(game.game_id))
        assert piece.unmatched == tuple(
            one for one in slate.unmatched if share.has(one.game_id or one.event_slug)
        )
    assert sum(len(piece.games) for piece in pieces) == len(slate.games)
    assert sum(len(piece.unmatched) for piece in pieces) == len(slate.unmatched)
