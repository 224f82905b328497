from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fusion.leagues import LEAGUES
from simulator.espn_status import status_json
from simulator.plan import Moment, Scene, Status

START = datetime(2026, 2, 25, 0, 0, tzinfo=UTC)
Expected = tuple[float, str, int | None, str, str, str]


def moment(status: Status, period: int, clock_s: float, scene: Scene, text: str = "") -> Moment:
    """Return a moment of no score."""
    return Moment(0, status, period, clock_s, 0, 0, (0.5, 0.0, 0.5), scene, text)


@pytest.mark.parametrize(
    ("key", "now", "expected"),
    [
        (
            "nba",
            moment("scheduled", 0, 0.0, Scene()),
            (
                0.0,
                "0.0",
                0,
                "STATUS_SCHEDULED",
                "Tue, February 24th at 7:00 PM EST",
                "2/24 - 7:00 PM EST",
            ),
        ),
        (
            "nba",
            moment("in_progress", 1, 92.0, Scene()),
            (92.0, "1:32", 1, "STATUS_IN_PROGRESS", "1:32 - 1st Quarter", "1:32 - 1st"),
        ),
        (
            "nba",
            moment("in_progress", 4, 30.9, Scene()),
            (30.9, "30.9", 4, "STATUS_IN_PROGRESS", "30.9 - 4th Quarter", "30.9 - 4th"),
        ),
        (
            "nba",
            moment("halftime", 2, 0.0, Scene()),
            (0.0, "0.0", 2, "STATUS_HALFTIME", "Halftime", "Halftime"),
        ),
        (
            "nba",
            moment("end_period", 1, 0.0, Scene()),
            (0.0, "0.0", 1, "STATUS_END_PERIOD", "End of 1st Quarter", "End of 1st"),
        ),
        (
            "nba",
            moment("final", 5, 720.0, Scene()),
            (720.0, "12:00", 5, "STATUS_FINAL", "Final/OT", "Final/OT"),
        ),
        (
            "nfl",
            moment("scheduled", 0, 0.0, Scene()),
            (
                900.0,
                "15:00",
                1,
                "STATUS_SCHEDULED",
                "Tue, February 24th at 7:00 PM EST",
                "2/24 - 7:00 PM EST",
            ),
        ),
        (
            "nfl",
            moment("in_progress", 3, 663.0, Scene()),
            (663.0, "11:03", 3, "STATUS_IN_PROGRESS", "11:03 - 3rd Quarter", "11:03 - 3rd"),
        ),
        (
            "nhl",
            moment("in_progress", 1, 0.0, Scene()),
            (0.0, "0:00", 1, "STATUS_IN_PROGRESS", "End of 1st Period", "End of 1st"),
        ),
        (
            "nhl",
            moment("final", 5, 0.0, Scene()),
            (0.0, "0:00", 5, "STATUS_FINAL", "Final/SO", "Final/SO"),
        ),
        (
            "ncaamb",
            moment("in_progress", 2, 30.0, Scene()),
            (30.0, "0:30", 2, "STATUS_IN_PROGRESS", "0:30 - 2nd Half", "0:30 - 2nd"),
        ),
        (
            "mlb",
            moment("scheduled", 1, 0.0, Scene()),
            (
                0.0,
                "0:00",
                1,
                "STATUS_SCHEDULED",
                "Tue, February 24th at 7:00 PM EST",
                "2/24 - 7:00 PM EST",
            ),
        ),
        (
            "mlb",
            moment("in_progress", 4, 0.0, Scene(bottom=True)),
            (0.0, "0:00", 4, "STATUS_IN_PROGRESS", "Bottom 4th", "Bot 4th"),
        ),
        (
            "mlb",
            moment("in_progress", 6, 0.0, Scene(between_halves=True)),
            (0.0, "0:00", 6, "STATUS_IN_PROGRESS", "Middle 6th", "Mid 6th"),
        ),
        (
            "mlb",
            moment("in_progress", 3, 0.0, Scene(bottom=True, between_halves=True)),
            (0.0, "0:00", 3, "STATUS_IN_PROGRESS", "End 3rd", "End 3rd"),
        ),
        (
            "mlb",
            moment("final", 10, 0.0, Scene()),
            (0.0, "0:00", 10, "STATUS_FINAL", "Final/10", "Final/10"),
        ),
        (
            "eng.1",
            moment("scheduled", 0, 0.0, Scene()),
            (0.0, "0'", None, "STATUS_SCHEDULED", "Tue, February 24th at 7:00 PM EST", "Scheduled"),
        ),
        (
            "eng.1",
            moment("second_half", 2, 3660.0, Scene()),
            (3660.0, "61'", 2, "STATUS_SECOND_HALF", "61'", "61'"),
        ),
        (
            "eng.1",
            moment("halftime", 1, 2700.0, Scene(stoppage_min=4)),
            (2700.0, "45'+4'", 1, "STATUS_HALFTIME", "HT", "HT"),
        ),
        (
            "eng.1",
            moment("full_time", 2, 5400.0, Scene(stoppage_min=8)),
            (5400.0, "90'+8'", 2, "STATUS_FULL_TIME", "FT", "FT"),
        ),
        (
            "eng.1",
            moment("postponed", 0, 0.0, Scene()),
            (0.0, "0'", None, "STATUS_POSTPONED", "Postponed", "Postponed"),
        ),
        (
            "fifa.world",
            moment("end_of_regulation", 2, 5400.0, Scene()),
            (5400.0, "90'", 2, "STATUS_END_OF_REGULATION", "ET", "ET"),
        ),
        (
            "fifa.world",
            moment("overtime", 4, 7080.0, Scene()),
            (7080.0, "118'", 4, "STATUS_OVERTIME", "118'", "118'"),
        ),
        (
            "fifa.world",
            moment("final_aet", 4, 7200.0, Scene(stoppage_min=3)),
            (7200.0, "120'+3'", 4, "STATUS_FINAL_AET", "AET", "AET"),
        ),
        (
            "fifa.world",
            moment("final_pen", 5, 7200.0, Scene()),
            (7200.0, "120'", 5, "STATUS_FINAL_PEN", "FT-Pens", "FT-Pens"),
        ),
        (
            "mlb",
            moment("rain_delay", 3, 0.0, Scene()),
            (0.0, "0:00", 3, "STATUS_RAIN_DELAY", "Rain Delay, Top 3rd", "Top 3rd"),
        ),
        (
            "mlb",
            moment("suspended", 5, 0.0, Scene(bottom=True)),
            (0.0, "0:00", 5, "STATUS_SUSPENDED", "Suspended", "Suspended"),
        ),
        (
            "cfb",
            moment("delayed", 2, 472.0, Scene()),
            (472.0, "7:52", 2, "STATUS_DELAYED", "Delayed", "Delayed"),
        ),
        (
            "ncaamb",
            moment("canceled", 0, 0.0, Scene()),
            (0.0, "0:00", 0, "STATUS_CANCELED", "Canceled", "Canceled"),
        ),
    ],
)
def test_statuses_read_as_espn_writes_them(key: str, now: Moment, expected: Expected) -> None:
    """Clock, display, period, name and both texts, as read in captured boards."""
    status = status_json(LEAGUES[key], now, START)
    kind = status["type"]
    assert (
        status["clock"],
        status["displayClock"],
        status.get("period"),
        kind["name"],
        kind["detail"],
        kind["shortDetail"],
    ) == expected


@pytest.mark.parametrize("status", ["postponed", "canceled", "suspended"])
def test_a_game_without_a_result_is_past_and_not_complete(status: Status) -> None:
    """That is how it is told from a final."""
    kind = status_json(LEAGUES["mlb"], moment(status, 1, 0.0, Scene()), START)["type"]
    assert (kind["state"], kind["completed"]) == ("post", False)


def test_a_delay_is_part_of_the_play() -> None:
    """The game goes on."""
    kind = status_json(LEAGUES["mlb"], moment("rain_delay", 1, 0.0, Scene()), START)["type"]
    assert (kind["state"], kind["completed"]) == ("in", False)
