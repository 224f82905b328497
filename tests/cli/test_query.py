"""`fairline query` as it is typed: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from archived import write_rows
from click.testing import CliRunner, Result

from cli.main import main
from cli.query import query
from fusion.rows import DeadLetter

LETTERS = [
    DeadLetter(
        seq=seq,
        recv_ns=1_795_201_500_000_000_000 + seq,
        date="2026-11-20",
        league="eng.1",
        source="espn:eng.1",
        reason="html",
        detail="the body, as it came, is HTML",
        excerpt="<html>",
    )
    for seq in range(3)
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data directory with three dead letters."""
    write_rows(tmp_path, LETTERS)
    return tmp_path


def _query(*arguments: str, typed: str | None = None, width: int = 80) -> Result:
    columns = {"COLUMNS": str(width)}
    return CliRunner().invoke(main, ["query", *arguments], input=typed, env=columns)


def test_is_a_command() -> None:
    """`fairline` composes its verbs from commands."""
    assert isinstance(query, click.Command)


def test_json_is_one_array_of_objects(data_dir: Path) -> None:
    """Integers are exact, days ISO dates, leagues text."""
    result = _query(
        "SELECT seq, recv_ns, date, league FROM dead_letters ORDER BY seq LIMIT 1",
        "--archive",
        str(data_dir),
        "--json",
    )
    assert result.stdout == (
        '[{"seq":0,"recv_ns":1795201500000000000,"date":"2026-11-20","league":"eng.1"}]\n'
    )
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT NULL AS a, 'nan'::DOUBLE AS b, 0.1 + 0.2 AS c", {"a": None, "b": None, "c": 0.3}),
        ("SELECT sum(9007199254740993) AS a", {"a": 9007199254740993}),
        ("SELECT 12345678901234567890123456789 AS a", {"a": 12345678901234567890123456789}),
        ("SELECT '1' AS a, true AS b, [1, 2] AS c, {'d': 'é'} AS e", None),
        ("SELECT 1 AS a, 2 AS a, 3 AS a_1", {"a": 1, "a_1": 2, "a_1_1": 3}),
        ("SELECT make_timestamp(1500000) AS a", {"a": "1970-01-01T00:00:01.500000"}),
        ("SELECT make_timestamp_ns(1500000001) AS a", {"a": "1970-01-01T00:00:01.500000001"}),
        ("SELECT to_timestamp(1) AS a", {"a": "1970-01-01T00:00:01.000000Z"}),
        ("SELECT make_time(1, 2, 3.5) AS a", {"a": "01:02:03.500000"}),
    ],
)
def test_json_of_every_kind_of_value(
    tmp_path: Path, sql: str, expected: dict[str, object] | None
) -> None:
    """NULL and NaN are null, big integers exact, instants ISO 8601, equal names numbered."""
    result = _query(sql, "--archive", str(tmp_path), "--json")
    expected = expected or {"a": "1", "b": True, "c": [1, 2], "e": {"d": "é"}}
    assert json.loads(result.stdout) == [expected]


def test_no_rows_are_an_empty_array(tmp_path: Path) -> None:
    """A data directory without an archive answers with empty views."""
    for view in ("ticks", "games", "signals", "slates", "books", "dead_letters"):
        result = _query(f"FROM {view}", "--archive", str(tmp_path), "--json")
        assert (result.exit_code, result.stdout) == (0, "[]\n")


def test_csv_has_a_header(data_dir: Path) -> None:
    """Values are quoted where they must be; NULL and NaN are empty."""
    result = _query(
        "SELECT seq, date, detail, NULL AS n, 'nan'::DOUBLE AS x, [1, 2] AS l, true AS t, 0.5 AS f "
        "FROM dead_letters ORDER BY seq LIMIT 2",
        "--archive",
        str(data_dir),
        "--csv",
    )
    assert result.stdout == (
        "seq,date,detail,n,x,l,t,f\n"
        '0,2026-11-20,"the body, as it came, is HTML",,,"[1,2]",true,0.5\n'
        '1,2026-11-20,"the body, as it came, is HTML",,,"[1,2]",true,0.5\n'
    )


def test_table_fits_the_terminal(data_dir: Path) -> None:
    """Columns that do not fit stand in a block of their own; numbers are to the right."""
    sql = "SELECT seq, league, recv_ns, detail FROM dead_letters ORDER BY seq"
    wide = _query(sql, "--archive", str(data_dir))
    narrow = _query(sql, "--archive", str(data_dir), width=40)
    assert [line.rstrip() for line in wide.stdout.splitlines() if line.strip()] == [
        " seq   league               recv_ns   detail",
        " " + "─" * 66,
        "   0   eng.1    1795201500000000000   the body, as it came, is HTML",
        "   1   eng.1    1795201500000000001   the body, as it came, is HTML",
        "   2   eng.1    1795201500000000002   the body, as it came, is HTML",
        "3 rows",
    ]
    assert [line.rstrip() for line in narrow.stdout.splitlines() if line.strip()] == [
        " seq   league               recv_ns",
        " " + "─" * 34,
        "   0   eng.1    1795201500000000000",
        "   1   eng.1    1795201500000000001",
        "   2   eng.1    1795201500000000002",
        " detail",
        " " + "─" * 29,
        " the body, as it came, is HTML",
        " the body, as it came, is HTML",
        " the body, as it came, is HTML",
        "3 rows",
    ]


def test_table_shortens_ids_and_rounds_noise(tmp_path: Path) -> None:
    """Ids lose their middle, floats their noise; markup in a value is shown as it is."""
    sql = "SELECT repeat('1234567890', 8) AS id, 0.1::DOUBLE + 0.2 AS x, NULL AS n, '[red]a' AS m"
    result = _query(sql, "--archive", str(tmp_path))
    assert [line.split() for line in result.stdout.splitlines() if line.strip()][2:] == [
        ["12345678…34567890", "0.3", "NULL", "[red]a"],
        ["1", "row"],
    ]


def test_table_says_how_many_more(tmp_path: Path) -> None:
    """A long answer is cut, and the note says by how much."""
    result = _query("FROM range(1234)", "--archive", str(tmp_path))
    lines = [line.strip() for line in result.stdout.splitlines() if line.strip()]
    assert lines[2:] == [
        *map(str, range(40)),
        "1,194 more of 1,234 rows; --json or --csv prints all",
    ]


def test_sql_is_read_from_standard_input(data_dir: Path) -> None:
    """With `-` the SQL is typed or piped, and may end in a semicolon."""
    typed = "SELECT count(*) AS n\nFROM dead_letters; -- all\n"
    result = _query("-", "--archive", str(data_dir), "--json", typed=typed)
    assert result.stdout == '[{"n":3}]\n'


def test_directory_comes_from_the_environment(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAIRLINE_DATA_DIR names the data directory where --archive does not."""
    monkeypatch.setenv("FAIRLINE_DATA_DIR", str(data_dir))
    result = _query("SELECT max(seq) AS n FROM dead_letters", "--json")
    assert result.stdout == '[{"n":2}]\n'


def test_directory_comes_from_the_file(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`data_dir` of fairline.toml is the directory that is asked, as it is the one written to."""
    (tmp_path / "fairline.toml").write_text(f'data_dir = "{data_dir}"')
    monkeypatch.chdir(tmp_path)
    result = _query("SELECT max(seq) AS n FROM dead_letters", "--json")
    assert result.stdout == '[{"n":2}]\n'


def test_named_query_takes_parameters(tmp_path: Path) -> None:
    """A query that comes with Fairline is asked by name."""
    result = _query(
        "--name", "game_timeline", "--param", "game_id=nba:1", "--archive", str(tmp_path), "--csv"
    )
    assert result.stdout == (
        "at_utc,outcome,cause,state,period,clock_s,home_score,away_score,bid,ask,fair,edge,link,"
        "score_age_s,book_age_s\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["SELECT nope FROM ticks"], 1, 'Error: Binder Error: Referenced column "nope" not found'),
        (["SELECT FROM"], 1, "Error: Parser Error: "),
        (["DROP VIEW ticks"], 1, "Error: the archive answers one SELECT at a time"),
        (["--name", "game_timeline"], 1, "not provided for the following parameters: game_id"),
        ([], 2, "Error: give either the SQL or --name"),
        (["SELECT 1", "--name", "game_timeline"], 2, "Error: give either the SQL or --name"),
        (["SELECT $a", "--param", "a"], 2, "Error: --param takes KEY=VALUE, was 'a'"),
        (
            ["--name", "absent"],
            2,
            "is not one of 'calibration', 'coverage', 'dead_letters_by_reason'",
        ),
    ],
)
def test_errors_go_to_stderr(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    """A wrong question gives exit code 1, a wrong command line 2, and nothing on stdout."""
    result = _query(*arguments, "--archive", str(tmp_path), "--json")
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr


def test_bad_sql_lists_the_views(tmp_path: Path) -> None:
    """Who misspelt a view is told which there are."""
    result = _query("FROM tics", "--archive", str(tmp_path))
    assert result.stderr.endswith(
        "Views: ticks, games, signals, books, slates, dead_letters, levels, frames, results; "
        "DESCRIBE one to see its columns\n"
    )


def test_missing_directory_says_how_to_make_one(tmp_path: Path) -> None:
    """A directory that is not there is an error with a way out."""
    result = _query("FROM ticks", "--archive", str(tmp_path / "absent"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: {tmp_path}/absent is no directory; run ./scripts/run to make an archive, "
        "or name another\n"
    )
