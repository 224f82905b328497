"""A slate as people read it."""

from __future__ import annotations

import pytest
from factories import listing

from cli.slate_table import print_slate
from fusion.slate import Slate, Unmatched

REFUSED = Unmatched("nba", "nba:7", "", "ambiguous", "two events would fit")


def test_a_slate_is_printed_with_its_tokens_and_its_refusals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A game says which token pays for which side, and why; a refusal says why not."""
    print_slate(Slate((listing(),), (REFUSED,)))

    assert capsys.readouterr().out == (
        "nba:401  11-18 06:06 ET  New York Knicks at Boston Celtics  =  nba-nyk-bos-2026-11-18\n"
        "    home  Celtics  1001…  nba-nyk-bos-2026-11-18\n"
        "    away  Knicks  1002…  nba-nyk-bos-2026-11-18\n"
        "    names\n"
        "\n"
        "refused nba:7 (nba): ambiguous: two events would fit\n"
        "\n"
        "1 matched, 1 games and 0 events refused\n"
    )
