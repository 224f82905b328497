from __future__ import annotations

import asyncio
import json

from evening_server import follow, heard, messages, playing
from msgspec import structs

from simulator.batches import Batches
from simulator.faults import Fault, read_script
from simulator.plan import BookStep, Evening, LevelSet

ADD, ADD_TOO = LevelSet("bid", 5000, 7), LevelSet("ask", 5200, 7)
REMOVE, REMOVE_TOO = LevelSet("ask", 5000, 0), LevelSet("bid", 4900, 0)
MIXED = BookStep(0, (REMOVE, ADD, REMOVE_TOO, ADD_TOO))


def batches(script: str, notes: list[tuple[str, str]] | None = None) -> Batches:
    """Return the batches of a script, with or without what it notes."""

    def note(fault: Fault, target: str) -> None:
        if notes is not None:
            notes.append((fault.kind, target))

    return Batches(read_script(script), note)


def test_without_faults_steps_are_as_planned() -> None:
    """Split, and in the order of the plan."""
    assert batches("").told(MIXED, "nba", 1.0) == (MIXED, False)


def test_a_share_is_split() -> None:
    """A quarter of the steps, evenly; a step of one level is no batch and is not counted."""
    notes: list[tuple[str, str]] = []
    told = batches("[[fault]]\nkind = 'batch_split'\nshare = 0.25", notes)
    assert told.told(BookStep(0, (ADD,)), "nba", 0.0) == (BookStep(0, (ADD,)), False)
    wholes = [told.told(MIXED, "nba", 0.0)[1] for _ in range(8)]
    assert wholes == [True, True, True, False] * 2
    assert notes == [("batch_split", "nba")] * 8


def test_a_share_is_crossed() -> None:
    """Half of the steps tell additions first, the others removals, each in its own order."""
    told = batches("[[fault]]\nkind = 'crossed'\nshare = 0.5")
    removals_first = (REMOVE, REMOVE_TOO, ADD, ADD_TOO)
    additions_first = (ADD, ADD_TOO, REMOVE, REMOVE_TOO)
    assert [told.told(MIXED, "nba", 0.0)[0].levels for _ in range(4)] == [
        removals_first,
        additions_first,
        removals_first,
        additions_first,
    ]


def test_leagues_and_times_are_kept() -> None:
    """Other leagues and other times go on as planned."""
    told = batches("[[fault]]\nkind='crossed'\nshare=1.0\nleague='nhl'\nat_s=1.0\nfor_s=1.0")
    assert told.told(MIXED, "nba", 1.5)[0] == MIXED
    assert told.told(MIXED, "nhl", 0.5)[0] == MIXED
    assert told.told(MIXED, "nhl", 2.0)[0] == MIXED
    assert told.told(MIXED, "nhl", 1.5)[0] != MIXED


def test_whole_steps_over_the_wire(evening: Evening) -> None:
    """With a share of nought no two changes of a market bear one venue time."""
    one = structs.replace(evening, games=evening.games[:1])

    async def run() -> list[tuple[str, str]]:
        script = "[[fault]]\nkind = 'batch_split'\nshare = 0.0"
        async with playing(one, script, 2_000.0) as played, played.dial() as client:
            await follow(client, played.tokens)
            told = messages(await heard(client, 0.8))
        changes = [m for m in told if m["event_type"] == "price_change"]
        assert max(len(change["price_changes"]) for change in changes) > 4
        assert json.dumps(changes[0], separators=(", ", ":")).startswith('{"market":"0x')
        # A level alone may be told twice with its tokens swapped, as the venue does.
        several = [m for m in changes if len(m["price_changes"]) > 2]
        return [(change["market"], change["timestamp"]) for change in several]

    batches_told = asyncio.run(run())
    assert len(set(batches_told)) == len(batches_told) > 5
