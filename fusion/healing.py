"""Healing: which books of a game must be asked for again, when, and how hard.

A book that became invalid is asked for at once, alone. One that gets no snapshot is asked for
again, ever more rarely, and after some tries the whole link is renewed, which costs its other
books their snapshots too. A link that is down is renewed by its connector; its books are asked
for only when their snapshots stay away after that.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.frames import NS_PER_S

Remedy = Literal["check", "resubscribe", "reconnect"]
"""Compare over REST; ask for the token's snapshot again; renew the link of the token."""

RENEW_AT_TRY = 3
MAX_DOUBLINGS = 5


class Heal(msgspec.Struct, frozen=True):
    """What the connectors are asked to do about some tokens of a game, and why."""

    seq: int
    recv_ns: int
    game_id: str
    remedy: Remedy
    token_ids: tuple[str, ...]
    reason: str


class HealRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When to ask again, in seconds.

    `first_book_s` is how long the snapshot of a subscribed token may take, `retry_s` the first
    pause between two tries, `token_quiet_s` after how long without a message a token in play is
    compared over REST, `witness_s` how long the socket may be behind what REST shows.
    """

    first_book_s: float = 15.0
    retry_s: float = 10.0
    token_quiet_s: float = 60.0
    witness_s: float = 3.0


class _Case(msgspec.Struct):
    reason: str
    next_ns: int
    had_book: bool
    tries: int = 0


class Healing:
    """The books of one game that are being healed."""

    def __init__(self) -> None:
        self._cases: dict[str, _Case] = {}

    def __len__(self) -> int:
        return len(self._cases)

    def open(self, token: str, reason: str, due_ns: int, *, had_book: bool) -> None:
        """Take up a token; one that is being healed already stays as it is, or comes earlier."""
        case = self._cases.get(token)
        if case is None:
            self._cases[token] = _Case(reason, due_ns, had_book)
        elif case.tries == 0 and due_ns < case.next_ns:
            case.reason, case.next_ns = reason, due_ns

    def close(self, token: str) -> None:
        """Let go of a token: it has a usable book, or is not wanted any more."""
        self._cases.pop(token, None)

    def due(self, now_ns: int, rules: HealRules) -> list[tuple[Remedy, str, tuple[str, ...]]]:
        """Return remedy, reason and tokens of what is to be done now, and count the try."""
        asked: dict[tuple[Remedy, str], list[str]] = {}
        for token, case in sorted(self._cases.items()):
            if now_ns < case.next_ns:
                continue
            case.tries += 1
            pause_s = rules.retry_s * 2 ** min(case.tries - 1, MAX_DOUBLINGS)
            case.next_ns = now_ns + round(pause_s * NS_PER_S)
            renew = case.had_book and case.tries % RENEW_AT_TRY == 0
            remedy: Remedy = "reconnect" if renew else "resubscribe"
            asked.setdefault((remedy, case.reason), []).append(token)
        return [(remedy, reason, tuple(tokens)) for (remedy, reason), tokens in asked.items()]
