from __future__ import annotations

import pytest

from fusion.errors import ConfigError
from simulator.faults import (
    AT_ONCE,
    KINDS,
    Drop,
    Freeze,
    HttpFault,
    Script,
    SocketFault,
    Status,
    read_script,
)

ALL_KINDS = {
    "batch_split",
    "crossed",
    "drop",
    "duplicate",
    "early_resolution",
    "empty",
    "error_json",
    "freeze",
    "garble",
    "gzip_garbage",
    "half_open",
    "html",
    "late_resolution",
    "lost_change",
    "no_snapshot",
    "oversized",
    "refuse_connect",
    "reorder",
    "score_dispute",
    "slow",
    "stale",
    "status",
    "text",
    "tick_change",
    "token_quiet",
    "truncate",
}


def test_a_script_is_read_in_order() -> None:
    """Each table is its kind's struct, with defaults for what is left out."""
    text = """
    [[fault]]
    kind = "freeze"
    at_s = 10
    for_s = 8.0
    sockets = [0, 2]

    [[fault]]
    kind = "status"
    code = 429
    path = "/books"
    """
    assert read_script(text) == Script(
        (
            Freeze(at_s=10.0, for_s=8.0, sockets=(0, 2)),
            Status(at_s=0.0, for_s=None, path="/books", every=1, code=429, body="html"),
        )
    )


def test_nothing_is_an_empty_script() -> None:
    """An empty file and a file of comments hold no faults."""
    assert read_script("") == read_script("# nothing goes wrong") == Script()


@pytest.mark.parametrize("kind", sorted(ALL_KINDS))
def test_every_kind_has_its_name(kind: str) -> None:
    """Each can be scripted by its name alone, but for what it cannot do without."""
    needs = {"batch_split": "share = 0.5", "crossed": "share = 0.5", "late_resolution": "for_s = 1"}
    (fault,) = read_script(f'[[fault]]\nkind = "{kind}"\n{needs.get(kind, "")}').faults
    assert fault.kind == kind
    assert type(fault) is KINDS[kind]
    assert KINDS.keys() == ALL_KINDS


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("kind = 'frieze'", f"kind must be one of {', '.join(sorted(ALL_KINDS))}, was 'frieze'"),
        ("at_s = 1", f"kind must be one of {', '.join(sorted(ALL_KINDS))}, was ''"),
        ("kind = 7", f"kind must be one of {', '.join(sorted(ALL_KINDS))}, was 7"),
        ("kind = 'drop'\nfor_s = 1", "drop has at_s, sockets, was for_s"),
        (
            "kind = 'freeze'\nsocket = 1\ntokens = 2",
            "freeze has at_s, for_s, sockets, was socket, tokens",
        ),
        ("kind = 'freeze'\nat_s = -1", "freeze: Expected `float` >= 0.0 - at `$.at_s`"),
        ("kind = 'freeze'\nfor_s = 0", "freeze: Expected `float` > 0.0 - at `$.for_s`"),
        ("kind = 'status'\ncode = 418", "status: Invalid enum value 418 - at `$.code`"),
        ("kind = 'crossed'", "crossed: Object missing required field `share`"),
        ("kind = 'late_resolution'", "late_resolution must end; give it for_s, in seconds"),
    ],
)
def test_what_is_wrong_is_said(table: str, message: str) -> None:
    """The message names the fault by its place, what it may be, and what it was."""
    text = f"[[fault]]\nkind = 'drop'\n[[fault]]\n{table}"
    with pytest.raises(ConfigError) as caught:
        read_script(text)
    assert str(caught.value) == f"fault 2: {message}"


def test_a_league_must_be_known() -> None:
    """A misspelt league would never be hit."""
    with pytest.raises(ConfigError, match=r"^fault 1: league must be one of nba, .*, was 'nbl'$"):
        read_script("[[fault]]\nkind = 'tick_change'\nleague = 'nbl'")


@pytest.mark.parametrize("text", ["fault = 3", "[fault]\nkind = 'drop'", "[[faults]]", "a = 1"])
def test_other_shapes_are_refused(text: str) -> None:
    """A file without [[fault]] tables is no script, and not an empty one."""
    with pytest.raises(ConfigError, match=r"^the faults must be tables \[\[fault\]\]"):
        read_script(text)


def test_no_toml_is_refused() -> None:
    """The message says what was expected, and where."""
    with pytest.raises(ConfigError, match=r"^the faults are not TOML: Expected .*end of document"):
        read_script("[[fault")


def test_a_length_is_closed_at_its_start_and_open_at_its_end() -> None:
    """A fault holds from its first instant on, and without a length for ever."""
    fault = Freeze(at_s=2.0, for_s=3.0)
    assert [fault.holds(now) for now in (1.9, 2.0, 4.9, 5.0)] == [False, True, True, False]
    assert Freeze(at_s=2.0).holds(1e9)


def test_sockets_left_out_are_all() -> None:
    """A list names connections by order of connecting."""
    assert [Drop(sockets=(1,)).hits(number) for number in range(3)] == [False, True, False]
    assert Drop().hits(17)


def test_families_are_told_apart() -> None:
    """A part of the simulator asks for its own faults only."""
    script = Script((Drop(), Status(), Freeze()))
    assert script.of(SocketFault) == (Drop(), Freeze())
    assert script.of(HttpFault) == (Status(),)
    assert {kind for name, kind in KINDS.items() if issubclass(kind, AT_ONCE)} == set(AT_ONCE)
