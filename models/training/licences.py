"""Where the states of each league come from, and on what terms: it goes with what is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

RETROSHEET = (
    "The information used here was obtained free of charge from and is copyrighted by Retrosheet."
    " Interested parties may contact Retrosheet at www.retrosheet.org."
)
TENNIS = (
    "Trained on tennis_pointbypoint by Jeff Sackmann / Tennis Abstract, licensed under CC"
    " BY-NC-SA 4.0: for non-commercial use only."
)
CRICSHEET = (
    "Contains information from Cricsheet, cricsheet.org, made available under the Open Data Commons"
    " Attribution License (ODC-BY) 1.0."
)


class Origin(NamedTuple):
    """Public repositories the data is from, the licence stated there, and what must be said."""

    source: str
    licence: str
    notice: str = ""


_TOURS = Origin("JeffSackmann/tennis_pointbypoint", "CC BY-NC-SA 4.0 (non-commercial)", TENNIS)

ORIGINS: Mapping[str, Origin] = {
    "nba": Origin(
        "ryanvmenezes/nba-data; nba-comeback-dashboard; millxing/NBA_Data; a Kaggle copy of lines",
        "none stated",
    ),
    "wnba": Origin("mvnathan/wnba-data", "none stated"),
    "ncaamb": Origin("lbenz730/NCAA_Hoops_Play_By_Play", "none stated"),
    "nfl": Origin(
        "BurntSushi/nflgame; flancast90/sportsbookreview-scraper; ryurko/nflscrapR-data;"
        " fivethirtyeight/nfl-elo-game",
        "UNLICENSE; MIT; none stated; none stated",
    ),
    "cfb": Origin("saiemgilani/game-on-paper-app", "none stated"),
    "nhl": Origin("delara38/nhl_pbp_data", "none stated"),
    "mlb": Origin(
        "kyleam/retrosheet-gamelogs; cjhaviland/retrosheet-data", "Retrosheet's notice", RETROSHEET
    ),
    "soccer": Origin("timurkulenovic/football-dataset; nm2890/football-data", "none stated"),
    "soccer_intl": Origin("martj42/international_results", "CC0"),
    "atp": _TOURS,
    "wta": _TOURS,
    "cricket_ipl": Origin("ritesh-ojha/IPL-DATASET (Cricsheet)", "ODC-BY 1.0", CRICSHEET),
}
"""By the key of the coefficients."""
