from __future__ import annotations

import msgspec
import pytest

from fusion.errors import ConfigError
from models.calibration import Calibration
from models.coefficients.schema import CoefficientFile, Data, Fallback, Scores, read, written
from models.uncertainty import Uncertainty

FILE = CoefficientFile(
    key="ncaamb",
    family="basketball",
    leagues=("ncaamb",),
    version=2,
    data=Data('a "source"', "CC0", (2017, 2018), "2018-04-02", 723753, 8032, "Say so.\nTwice."),
    scores=Scores((2018,), 245391, 2700, 0.1172, 0.0026, 0.3582, 0.0148),
    coefficients={"sigma": 11.0, "knots": (0.1, 1e-7, -3.0)},
    calibration=Calibration("beta", played=(0.0, 1.0), power=(1.0, 1.1)),
    error=Uncertainty(played=(0.0, 1.0), log_odds=(0.03, 0.2)),
    fallback=Fallback(("ncaawb",)),
)


def test_what_is_written_is_read_again() -> None:
    """Every field comes back, quotes, new lines and small numbers too."""
    assert read(written(FILE), "x.toml") == FILE


def test_a_file_is_written_as_people_read_it() -> None:
    """Plain keys first, then a table for each part; what is empty is left out."""
    bare = msgspec.structs.replace(
        FILE, calibration=Calibration(), fallback=Fallback(), error=Uncertainty()
    )
    lines = written(bare).splitlines()
    assert lines[:4] == [
        'key = "ncaamb"', 'family = "basketball"', 'leagues = ["ncaamb"]', "version = 2",
    ]  # fmt: skip
    assert [line for line in lines if line.startswith("[")] == [
        "[data]", "[scores]", "[coefficients]",
    ]  # fmt: skip
    assert "knots = [0.1, 1e-07, -3.0]" in lines


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("version = 2", "version = 0", r"\$\.version"),
        ("version = 2", "version = 2\nspeed = 1", "speed"),
        ("brier = 0.1172", 'brier = "low"', r"\$\.scores\.brier"),
        ("sigma = 11.0", 'sigma = "wide"', r"\$\.coefficients"),
        ('key = "ncaamb"', 'key = "../x"', r"\$\.key"),
        ('kind = "beta"', 'kind = "magic"', r"\$\.calibration\.kind"),
        ("power = [1.0, 1.1]", "power = [1.0]", r"\$\.calibration"),
        ("[data]", "[data", "TOML|line|table"),
    ],
)
def test_what_does_not_hold_is_named(old: str, new: str, named: str) -> None:
    """The error says which file, which key, and what to do."""
    with pytest.raises(ConfigError, match=named) as raised:
        read(written(FILE).replace(old, new, 1), "ncaamb-2.toml")
    assert "ncaamb-2.toml" in str(raised.value)
    assert "fairline train" in str(raised.value)
