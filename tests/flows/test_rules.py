from __future__ import annotations

from flows.rules import join_rules, signal_rules
from flows.sections import Freshness, FreshnessOverride, Signals
from flows.settings import Settings
from fusion.freshness import FreshnessLimits
from fusion.join import JoinRules
from fusion.signals import SignalRules


def test_defaults_agree_with_the_rules_own() -> None:
    """What the configuration says when nobody says anything is what the rules say themselves."""
    settings = Settings()

    assert (join_rules(settings), signal_rules(settings)) == (JoinRules(), SignalRules())


def test_every_limit_reaches_the_join() -> None:
    """A league's override takes from the limits for all what it leaves out."""
    freshness = Freshness(
        score_s=20,
        book_s=6,
        league={
            "nba": FreshnessOverride(score_s=10),
            "college-football": FreshnessOverride(book_s=9),
            "eng.1": FreshnessOverride(score_s=90, book_s=8),
        },
    )
    settings = Settings(freshness=freshness, signals=Signals(lead_move=0.07))

    assert join_rules(settings) == JoinRules(
        limits=FreshnessLimits(20, 6),
        by_league={
            "nba": FreshnessLimits(10, 6),
            "cfb": FreshnessLimits(20, 9),
            "eng.1": FreshnessLimits(90, 8),
        },
        lead_move=0.07,
    )


def test_every_threshold_reaches_the_desk() -> None:
    """The section has the names of the rules, so that none can be left behind."""
    signals = Signals(
        min_edge=0.06,
        exit_edge=0.03,
        update_edge=0.02,
        size_shares=50,
        kelly_cap=0.1,
        lead_move=0.04,
    )

    assert signal_rules(Settings(signals=signals)) == SignalRules(
        min_edge=0.06,
        exit_edge=0.03,
        update_edge=0.02,
        size_shares=50,
        kelly_cap=0.1,
        lead_move=0.04,
    )
