"""The structure of the house: who may import whom, how long a file is, what has a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "fusion": set[str](),
    "models": {"fusion"},
    "connectors": {"fusion"},
    "simulator": {"fusion"},
    "flows": {"fusion", "models", "connectors", "simulator"},
    "cli": {"fusion", "models", "connectors", "simulator", "flows"},
}
"""What a room may import besides itself."""

PURE = {
    "bisect",
    "__future__",
    "collections",
    "collections.abc",
    "datetime",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "msgspec",
    "numpy",
    "numpy.typing",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zlib",
    "zoneinfo",
}
"""What the rules may import from outside: nothing that reads, writes, waits, logs or guesses."""

NUMERIC = {"polars", "scipy.optimize", "scipy.special"}
"""What the models may import besides: arithmetic on whole tables."""

ALSO = {
    "models/evaluation/diagram.py": {"matplotlib.figure"},
    "models/plugins.py": {"importlib", "onnxruntime"},
}
"""What single modules may import besides, and it is harmless: a picture as a value, and code that
the user names."""

PACKAGED_DATA = {"importlib.resources", "tomllib"}
READS_PACKAGED_DATA = {
    "fusion/leagues.py",
    "fusion/team_facts.py",
    "models/coefficients/schema.py",
    "models/coefficients/shelf.py",
}
"""The modules that read a table which lies beside them, once, when they are imported."""

IMPURE_NAMES = {"open", "print", "input", "eval", "exec", "breakpoint"}
IMPURE_METHODS = {"now", "utcnow", "today", "time", "time_ns", "write_text", "write_bytes"}
"""What the rules may not call, as a name and as a method: files, the screen, the clock."""

LINES = 350

TESTED_ELSEWHERE = {
    "connectors/polymarket/gamma_schema.py": "value types; decoded in test_gamma",
    "flows/sections.py": "value types; read from files and the environment in test_settings",
    "connectors/polymarket/schema.py": "value types; decoded in test_parse",
    "fusion/events.py": "value types without a rule",
    "fusion/game.py": "value types without a rule",
    "fusion/listing.py": "value types without a rule",
    "fusion/market.py": "value types without a rule",
    "fusion/quotes.py": "value types without a rule",
    "models/protocol.py": "a protocol without a body",
    "simulator/__main__.py": "the command; typed in tests/cli/test_simulate",
}
"""The modules that have no test of their name, and why."""

SOURCES = sorted(path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a path as it is written here."""
    return path.relative_to(ROOT).as_posix()


def imports_of(source: str) -> Iterator[str]:
    """Yield the modules that a source imports, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def impure_calls(source: str) -> Iterator[str]:
    """Yield what a source calls that reaches outside."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_NAMES:
                yield name
            case ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_METHODS:
                yield name


def forbidden(room: str, source: str) -> list[str]:
    """Return the imports of a source that its room may not have."""
    ours = MAY_IMPORT.keys() - MAY_IMPORT[room] - {room}
    strangers = ours | {"tests", ""} | (set() if room == "flows" else {"bytewax"})
    return [name for name in imports_of(source) if name.partition(".")[0] in strangers]


def impure(path: str, source: str) -> list[str]:
    """Return what a module of the rules imports or calls that reaches outside."""
    allowed = PURE | ALSO.get(path, set())
    allowed |= NUMERIC if path.startswith("models/") else set()
    allowed |= PACKAGED_DATA if path in READS_PACKAGED_DATA else set()
    imports = [
        name
        for name in imports_of(source)
        if name not in allowed and name.partition(".")[0] not in {"fusion", "models"}
    ]
    return [*imports, *impure_calls(source)]


def test_rooms_are_all_there() -> None:
    """Every package of ours is a room whose directions are pinned here."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages == set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_go_one_way(room: str) -> None:
    """A room imports only what the plan lets it, and the engine only where it is driven."""
    found = {
        name_of(path): forbidden(room, path.read_text())
        for path in SOURCES
        if path.is_relative_to(ROOT / room)
    }

    assert found
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("fusion", "import models.prior"),
        ("fusion", "from models import prior"),
        ("models", "from connectors.http import fetch"),
        ("connectors", "def late():\n    import flows.hub"),
        ("simulator", "from . import plan"),
        ("flows", "import cli.main"),
        ("cli", "from bytewax.dataflow import Dataflow"),
        ("connectors", "import bytewax"),
    ],
)
def test_a_wrong_import_is_found(room: str, source: str) -> None:
    """The check sees imports of every form, at any depth."""
    assert forbidden(room, source) == list(imports_of(source))


@pytest.mark.parametrize("room", ["fusion", "models"])
def test_rules_do_no_io(room: str) -> None:
    """The rules import and call nothing that reads, writes, waits, logs, or knows the time."""
    found = {
        name_of(path): impure(name_of(path), path.read_text())
        for path in SOURCES
        if path.is_relative_to(ROOT / room)
    }

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "module", ["time", "random", "logging", "socket", "requests", "asyncio", "os", "pathlib", "io"]
)
def test_io_is_found(module: str) -> None:
    """The check of purity sees what it is there for."""
    assert impure("fusion/x.py", f"import {module}") == [module]
    assert impure("models/x.py", f"from {module} import thing") == [module]


def test_reading_the_clock_is_found() -> None:
    """A module that may handle dates may still not ask what the time is."""
    source = "from datetime import datetime\nx = datetime.now()\ny = open('z')"

    assert impure("fusion/x.py", source) == ["now", "open"]


def test_packaged_data_is_read_by_few() -> None:
    """Every exception is used: a module on the list that stops reading its table leaves it."""
    readers = {
        name_of(path)
        for path in SOURCES
        if path.is_relative_to(ROOT / "fusion") or path.is_relative_to(ROOT / "models")
        if PACKAGED_DATA & set(imports_of(path.read_text()))
    }

    assert readers == READS_PACKAGED_DATA


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_module_is_short(path: Path) -> None:
    """A module is one idea, in 350 lines at most."""
    assert len(path.read_text().splitlines()) <= LINES


def test_every_module_has_a_test() -> None:
    """`tests/` mirrors the rooms; what is tested elsewhere says where."""
    untested = {
        name_of(path)
        for path in SOURCES
        if path.name != "__init__.py"
        if not (ROOT / "tests" / path.relative_to(ROOT)).with_name(f"test_{path.name}").is_file()
    }

    assert sorted(untested - TESTED_ELSEWHERE.keys()) == []
    assert sorted(TESTED_ELSEWHERE.keys() - untested) == []
