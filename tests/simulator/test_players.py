from __future__ import annotations

from fusion.leagues import LEAGUES
from simulator.plan import SideTeam
from simulator.players import CARDS, PLAYERS, TOURNAMENTS


def test_every_sport_of_single_players_has_some() -> None:
    """Enough for three matches in each, and nobody stands there twice."""
    assert {LEAGUES[key].sport for key in PLAYERS} == {"tennis", "mma"}
    assert min(len(players) for players in PLAYERS.values()) >= 6
    everyone = [player for players in PLAYERS.values() for player in players]
    for ids in ([p.espn_id for p in everyone], [p.name for p in everyone]):
        assert len(set(ids)) == len(ids)
    for players in PLAYERS.values():
        assert len({player.code for player in players}) == len(players)


def test_a_player_is_a_side_without_a_code() -> None:
    """Both names are the full one; the venue may spell it otherwise."""
    swiatek, sabalenka = PLAYERS["wta"][:2]
    assert swiatek == SideTeam(
        espn_id="9201",
        espn_code="",
        location="Iga Świątek",
        nickname="Iga Świątek",
        code="swiatek",
        listed="Iga Swiatek",
        country="Poland",
        country_code="POL",
    )
    assert (swiatek.name, swiatek.venue_name) == ("Iga Świątek", "Iga Swiatek")
    assert (sabalenka.name, sabalenka.venue_name) == ("Aryna Sabalenka", "Aryna Sabalenka")


def test_names_are_as_awkward_as_the_real_ones() -> None:
    """Accents, hyphens, apostrophes, surnames of two words and in front are all there."""
    names = [player.name for players in PLAYERS.values() for player in players]
    assert any(not name.isascii() for name in names)
    assert any("-" in name for name in names)
    assert any("'" in name for name in names)
    assert any(len(name.split()) > 2 for name in names)
    orders = [
        player
        for players in PLAYERS.values()
        for player in players
        if player.listed.split() == player.name.split()[::-1]
    ]
    assert [player.name for player in orders] == ["Zheng Qinwen", "Song Yadong"]


def test_both_layouts_of_tennis_are_played() -> None:
    """One tournament is in the old one; names lead to tournaments and cards."""
    layouts = {name: tournament.layout for name, tournament in TOURNAMENTS.items()}
    assert layouts == {
        "Paris Masters": "groupings",
        "Vienna Open": "competitions",
        "WTA Finals": "groupings",
    }
    assert list(CARDS) == ["UFC 330"]
