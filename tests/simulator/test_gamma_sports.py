from __future__ import annotations

import csv
from pathlib import Path

from fusion.leagues import LEAGUES
from simulator.gamma_sports import SERIES, sport_json, sports_json, tags

SERIES_OF_2026 = {"nfl": "12185", "cfb": "12756"}


def test_rows_are_those_of_a_captured_listing(shared: Path) -> None:
    """Order, tags and series of each sport, but for the two whose series are newer."""
    with (shared / "captures/polymarket/gamma/sports_dump_202512.csv").open(newline="") as lines:
        real = {row["sport"]: row for row in csv.DictReader(lines)}
    for row in sports_json():
        if row["sport"] == "fifwc":
            continue
        known = real[row["sport"]]
        assert set(row["tags"].split(",")) == set(known["tags"].split(","))
        assert row["series"] == SERIES_OF_2026.get(row["sport"], known["series"])
        assert row["ordering"] == known["ordering"]


def test_every_league_of_the_evening_has_a_row_but_fights() -> None:
    """The venue calls them something else, and names an old series; another game is not ours."""
    rows = {row["sport"]: row["series"] for row in sports_json()}
    played = {LEAGUES[key].polymarket for key in SERIES}
    assert played - rows.keys() == {"ufc"}
    assert rows.keys() - played == {"mma", "cs2"}
    assert (rows["mma"], rows["fifwc"]) == ("10500", "11433")


def test_the_sport_of_an_event_may_name_an_old_series() -> None:
    """That of the NFL does; its row in `/sports` does not."""
    assert sport_json(LEAGUES["nfl"]) == {
        "sport": "nfl",
        "ordering": "away",
        "tags": "1,450,100639",
        "series": "10187",
    }
    assert sport_json(LEAGUES["ufc"])["sport"] == "mma"


def test_events_of_tennis_bear_the_tag_of_tennis_only() -> None:
    """The tour's own tag stands in `/sports` alone."""
    assert [tag["id"] for tag in tags(LEAGUES["atp"])] == ["1", "864", "100639"]
    assert sport_json(LEAGUES["atp"])["tags"] == "1,864,100639,101232"
