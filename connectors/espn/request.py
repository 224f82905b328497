"""What to ask ESPN for: the address and the parameters of one league's board of one day."""

from __future__ import annotations

from datetime import date

from fusion.leagues import League


def board_request(league: League, base_url: str, day: date) -> tuple[str, dict[str, str]]:
    """Return the URL and the query of the scoreboard of a US Eastern day."""
    url = f"{base_url}/apis/site/v2/sports/{league.espn_path}/scoreboard"
    return url, {**league.espn_params, "dates": f"{day:%Y%m%d}"}
