"""The command as it is typed: its verbs, its help, how it tells errors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main

FAIRLINE = Path(sys.executable).with_name("fairline")
VERBS = [
    "archive",
    "books",
    "calibration",
    "config",
    "doctor",
    "evaluate",
    "journal",
    "match",
    "query",
    "rebuild",
    "recalibrate",
    "replay",
    "run",
    "simulate",
    "slate",
    "train",
]


def fairline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    return subprocess.run(
        [FAIRLINE, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def test_verbs_are_these() -> None:
    """Every verb of the plan is there, and no other."""
    assert sorted(main.commands) == VERBS


def test_installed_command_lists_its_verbs(tmp_path: Path) -> None:
    """`fairline --help` names each verb with what it is for."""
    told = fairline("--help", cwd=tmp_path)
    listed = told.stdout.partition("Commands:\n")[2].splitlines()

    assert (told.returncode, told.stderr) == (0, "")
    assert "python -m bytewax.run flows.fuse" in told.stdout
    assert [line.split()[0] for line in listed] == VERBS
    assert all(len(line.split()) > 3 for line in listed)


def test_installed_command_answers(tmp_path: Path) -> None:
    """A verb runs from a folder that is not the project's."""
    told = fairline("query", "SELECT 1 AS one", "--archive", ".", "--json", cwd=tmp_path)

    assert (told.returncode, told.stdout, told.stderr) == (0, '[{"one":1}]\n', "")


def test_version_is_the_packages(tmp_path: Path) -> None:
    """`--version` tells what is installed."""
    from importlib.metadata import version

    assert (
        fairline("--version", cwd=tmp_path).stdout == f"fairline, version {version('fairline')}\n"
    )


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_verb_has_its_help(verb: str, option: str) -> None:
    """Help is one option everywhere, and every option of a verb says what it does."""
    told = CliRunner().invoke(main, [verb, option])
    command = main.commands[verb]

    assert told.exit_code == 0
    assert told.output.startswith(f"Usage: main {verb} [OPTIONS]")
    assert command.help
    assert [
        parameter.name
        for parameter in command.params
        if parameter.param_type_name == "option" and not getattr(parameter, "help", None)
    ] == []


def test_an_error_of_ours_is_a_sentence(tmp_path: Path) -> None:
    """What goes wrong is told on stderr in a sentence, with exit code 1 and no traceback."""
    told = fairline("replay", "nowhere", "--out", "out", cwd=tmp_path)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "Error: nowhere does not exist; name a data directory, a session or a frames file\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_setting_stops_every_verb_that_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The configuration is refused in a sentence, wherever it is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIRLINE_SPEED", "3")
    frames = tmp_path / "frames.jsonl"
    frames.write_text("")

    for arguments in (["config"], ["doctor"], ["replay", str(frames), "--out", "out"]):
        told = CliRunner().invoke(main, arguments)
        assert (told.exit_code, told.stderr) == (
            1,
            "Error: unknown setting in the environment: FAIRLINE_SPEED; see `fairline config`\n",
        )


def test_an_unknown_verb_is_a_matter_of_usage(tmp_path: Path) -> None:
    """Misuse exits with 2, as commands do."""
    told = fairline("replya", cwd=tmp_path)

    assert told.returncode == 2
    assert "No such command 'replya'" in told.stderr
