"""`fairline journal repair`: what it kept, what it lost, and where the damaged file is."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from cli.journal import journal
from connectors.journal.segment import HEADER, encode_record
from fusion.frames import Frame


def test_repair_tells_what_was_lost(tmp_path: Path) -> None:
    """A damaged segment is repaired, a sound one left alone, and both are told."""
    records = [encode_record(Frame(seq, seq, "clock", b"")) for seq in range(3)]
    damaged, sound = tmp_path / "00000001.fjl", tmp_path / "00000002.fjl"
    damaged.write_bytes(HEADER + records[0] + b"?" * len(records[1]) + records[2])
    sound.write_bytes(HEADER + encode_record(Frame(3, 3, "clock", b"")))
    result = CliRunner().invoke(journal, ["repair", str(damaged), str(sound)])
    assert result.output.splitlines() == [
        f"{damaged}: lost 1 frames in {len(records[1])} bytes at {8 + len(records[0])}",
        f"{damaged}: 3 frames on record now, {damaged}.damaged is as it was",
        f"{sound} is sound: 1 frames",
    ]
    assert result.exit_code == 0


def test_missing_segment_is_a_usage_error(tmp_path: Path) -> None:
    """A path that is not there is named."""
    result = CliRunner().invoke(journal, ["repair", str(tmp_path / "absent.fjl")])
    assert result.exit_code == 2
    assert "absent.fjl' does not exist" in result.output
