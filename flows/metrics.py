"""What a run tells Prometheus, in the default registry.

Bytewax serves that registry with its own metrics where `BYTEWAX_DATAFLOW_API_ENABLED` is set.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

FRAMES = Counter("fairline_frames", "Frames journaled, by source.", ["source"])
TICKS = Counter("fairline_ticks", "Ticks, by what caused them.", ["cause"])
SIGNALS = Counter("fairline_signals", "Transitions of signals.", ["transition"])
DEAD_LETTERS = Counter("fairline_dead_letters", "Input that was not used, by reason.", ["reason"])
HEALS = Counter("fairline_heals", "Books asked for again or compared, by remedy.", ["remedy"])
BUDGETS = Counter(
    "fairline_budget_changes", "Budgets that came under strain.", ["upstream", "state"]
)
WARNINGS = Counter(
    "fairline_warnings", "Input that was used and looks wrong, by what gave it.", ["source"]
)
UNKNOWN_STATUSES = Counter(
    "fairline_unknown_statuses", "Status names of ESPN whose meaning is not known.", ["status"]
)
SIGNAL_SECONDS = Histogram(
    "fairline_signal_seconds",
    "From the receipt of a frame to the signal it made.",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0),
)
