from __future__ import annotations

import msgspec
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.coefficients.schema import written
from models.coefficients.shelf import built_in, newest, overlaid
from models.offline import OFFLINE


def test_what_comes_along_is_of_leagues_that_are_there() -> None:
    """Every file is found under its key, and names leagues Fairline knows."""
    shelf = built_in()
    assert {"nba", "wnba", "ncaamb", "nfl", "cfb", "nhl", "mlb", "soccer", "soccer_intl"} <= set(
        shelf
    )
    assert {key: file.key for key, file in shelf.items()} == {key: key for key in shelf}
    assert {league for file in shelf.values() for league in file.leagues} <= {*LEAGUES, *OFFLINE}
    assert shelf["wnba"].fallback.for_ == ("ncaawb",)


def test_what_has_a_notice_says_it_to_the_letter() -> None:
    """Retrosheet asks for it wherever results from its data are published."""
    assert built_in()["mlb"].data.notice == (
        "The information used here was obtained free of charge from and is copyrighted by"
        " Retrosheet. Interested parties may contact Retrosheet at www.retrosheet.org."
    )


def test_a_newer_file_of_a_user_counts_and_an_older_one_does_not() -> None:
    """The version decides, whatever the file is called."""
    below = built_in()
    nba = below["nba"]
    newer = msgspec.structs.replace(nba, version=nba.version + 1)
    older = msgspec.structs.replace(below["nhl"], version=1, leagues=("nhl",))
    raised = {**below, "nhl": msgspec.structs.replace(older, version=5)}
    found = overlaid(raised, {"a.toml": written(newer), "b.toml": written(older)})
    assert found == {**raised, "nba": newer}


def test_two_files_may_not_claim_one_league() -> None:
    """It would be chance which of them prices it."""
    nba = built_in()["nba"]
    other = msgspec.structs.replace(nba, key="nba2")
    with pytest.raises(ConfigError, match="'nba' is claimed"):
        newest([nba, other])
