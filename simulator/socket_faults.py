"""What the script does to one market connection: what is withheld, spoilt, repeated, broken off."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Collection
from typing import Protocol

from simulator.clob_wire import WireFrame, new_market
from simulator.faults import (
    AT_ONCE,
    Drop,
    Duplicate,
    Fault,
    Freeze,
    Garbage,
    Garble,
    HalfOpen,
    LostChange,
    NoSnapshot,
    Oversized,
    RefuseConnect,
    Reorder,
    SocketFault,
    Text,
    TokenQuiet,
)
from simulator.venue import Venue, wall_ms

Payload = str | bytes
FOREIGN_NUMBER = 900_000
BYTES_PER_MIB = 1 << 20
IN_TURN: tuple[Garbage, ...] = ("bytes", "truncated", "html", "binary")
WEB_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"
NO_TEXT = b"\x1f\x8b\x08\x00\xff\xfe\xfd\x80"


class Line(Protocol):
    """The connection as the faults see it."""

    tokens: dict[str, None]

    def say(self, payload: Payload) -> None:
        """Queue a payload."""


class SocketFaults:
    """The faults of the connection that is the `number`-th to connect."""

    def __init__(self, number: int, venue: Venue) -> None:
        self.number = number
        self.venue = venue
        self.faults = tuple(f for f in venue.script.of(SocketFault) if f.hits(number))
        self._dead: dict[str, Fault] = {}
        self._frozen: Freeze | None = None
        self._held: list[Payload] = []
        self._turns: Counter[Fault] = Counter()

    def refusal(self) -> RefuseConnect | None:
        """Return the fault that refuses the connection now."""
        now_s = self.venue.elapsed_s
        for fault in self.faults:
            if isinstance(fault, RefuseConnect) and fault.holds(now_s):
                self._note(fault)
                return fault
        return None

    async def strike(self, line: Line) -> Drop | HalfOpen:
        """Apply what happens at a time of its own; return what breaks the connection."""
        begun_s = self.venue.elapsed_s
        for fault in sorted(self.faults, key=lambda fault: fault.at_s):
            at_once = isinstance(fault, AT_ONCE)
            if (at_once and fault.at_s < begun_s) or fault.end_s <= begun_s:
                continue
            await self.venue.reached(fault.at_s)
            match fault:
                case Drop() | HalfOpen():
                    self._note(fault)
                    return fault
                case Freeze():
                    self._freeze(fault, line.tokens)
                case TokenQuiet():
                    self._dead |= dict.fromkeys(list(line.tokens)[: fault.tokens], fault)
                case Oversized():
                    self._note(fault)
                    filler = "x" * round(fault.mib * BYTES_PER_MIB)
                    line.say(new_market(FOREIGN_NUMBER, wall_ms(), filler).text)
                case Text():
                    self._note(fault)
                    line.say(fault.text)
        await asyncio.Event().wait()
        raise AssertionError

    def with_books(self, asked: Collection[str], following: Collection[str]) -> list[str]:
        """Return the tokens, of those just subscribed to, whose first book is sent.

        Asking again is what brings a dead token back, though not during a freeze.
        """
        now_s = self.venue.elapsed_s
        for fault in self.faults:
            if isinstance(fault, Freeze) and fault.holds(now_s):
                self._freeze(fault, following)
        if self._frozen is not None:
            if self._frozen.holds(now_s):
                self._note(self._frozen)
                return []
            self._frozen = None
        for token in asked:
            self._dead.pop(token, None)
        shown = list(asked)
        for fault in self.faults:
            if isinstance(fault, NoSnapshot) and fault.holds(now_s):
                covered = set(list(following)[: fault.tokens])
                for token in asked:
                    if token not in covered:
                        self._note(fault, token)
                shown = [token for token in shown if token in covered]
        return shown

    def passed(self, frame: WireFrame, following: Collection[str]) -> list[Payload]:
        """Return what is sent in place of a frame."""
        if not self.faults:
            return [frame.text]
        if self._frozen is not None:
            self._note(self._frozen)
            return []
        dead = self._dead.keys() & frame.tokens
        if not dead:
            return self.altered(frame.text)
        for token in dead & set(following):
            cause = self._dead[token]
            self._note(cause, "" if isinstance(cause, Freeze) else token)
        if dead >= set(frame.tokens) & set(following):
            return []
        return self.altered(_without(frame.text, dead))

    def altered(self, text: str) -> list[Payload]:
        """Return what is sent in place of a text."""
        now_s = self.venue.elapsed_s
        payloads: list[Payload] = [text]
        keeps = False
        for fault in self.faults:
            if not fault.holds(now_s):
                continue
            match fault:
                case LostChange() if '"price_change"' in text and self._is_turn(fault, fault.every):
                    return []
                case Garble() if self._is_turn(fault, fault.every):
                    turn = self._turns[fault] // fault.every - 1
                    payloads = [_spoilt(text, fault.how or IN_TURN[turn % len(IN_TURN)])]
                case Duplicate() if self._is_turn(fault, fault.every):
                    payloads *= 2
                case Reorder() if not self._held and self._is_turn(fault, fault.every):
                    keeps = True
        if keeps:
            self._held = payloads
            return []
        return payloads + self.released()

    def released(self) -> list[Payload]:
        """Return what was held back, for it to be sent now."""
        held, self._held = self._held, []
        return held

    def _freeze(self, fault: Freeze, tokens: Collection[str]) -> None:
        self._frozen = fault
        self._dead |= dict.fromkeys(tokens, fault)

    def _is_turn(self, fault: Fault, every: int) -> bool:
        self._turns[fault] += 1
        if self._turns[fault] % every:
            return False
        self._note(fault)
        return True

    def _note(self, fault: Fault, token: str = "") -> None:
        where = f"socket {self.number}"
        self.venue.note(fault, f"{where} token {token}" if token else where)


def _without(text: str, tokens: Collection[str]) -> str:
    """Return a `price_change` without what it says of some tokens."""
    frame = json.loads(text)
    frame["price_changes"] = [c for c in frame["price_changes"] if c["asset_id"] not in tokens]
    return json.dumps(frame, separators=(", ", ":"))


def _spoilt(text: str, how: Garbage) -> Payload:
    match how:
        case "bytes":
            return "".join(chr(ord(c) ^ 1) if n % 16 == 0 else c for n, c in enumerate(text))
        case "truncated":
            return text[: len(text) // 2]
        case "html":
            return WEB_PAGE
        case "binary":
            return NO_TEXT
