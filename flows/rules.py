"""The rules of the two keyed steps, from the configuration."""

from __future__ import annotations

from flows.settings import Settings
from fusion.freshness import FreshnessLimits
from fusion.healing import HealRules
from fusion.join import JoinRules
from fusion.score_witness import WitnessRules
from fusion.signals import SignalRules


def join_rules(settings: Settings) -> JoinRules:
    """Return what the join must know: the limits for all leagues, and those of each override."""
    freshness = settings.freshness
    limits = FreshnessLimits(score_s=freshness.score_s, book_s=freshness.book_s)
    overrides = {
        key: FreshnessLimits(
            score_s=override.score_s or limits.score_s, book_s=override.book_s or limits.book_s
        )
        for key, override in freshness.league.items()
    }
    heal = HealRules(**settings.healing.model_dump(exclude={"doubt_s"}))
    lead_move = settings.signals.lead_move
    witness = WitnessRules(settings.witness.dispute_s, settings.witness.stale_s)
    return JoinRules(
        limits=limits, by_league=overrides, lead_move=lead_move, heal=heal, witness=witness
    )


def signal_rules(settings: Settings) -> SignalRules:
    """Return when an edge is a signal."""
    chosen = settings.signals.model_dump(exclude={"stopped"})
    return SignalRules(**chosen, stopped=frozenset(settings.signals.stopped))
