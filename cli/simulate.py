"""`fairline simulate`: the simulated venue alone, for any client to be pointed at.

It prints its base URLs; `FAIRLINE_VENUE=<url>` then runs the flow against it.
"""

from __future__ import annotations

from simulator.__main__ import main as simulate

__all__ = ["simulate"]
