"""When the books of a game are to be compared with what REST shows of them."""

from __future__ import annotations

from collections.abc import Iterator

from fusion.events import Event, FrameSpoilt, LinkDoubted, Ticked, Witnessed
from fusion.game_books import GameBooks


def book_checks(
    event: Event, books: GameBooks, *, in_play: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the tokens that an event makes doubtful, and why; there may be none of them."""
    match event:
        case LinkDoubted():
            yield f"{event.link} brings nothing", tuple(sorted(books.doubted_tokens()))
        case FrameSpoilt():
            yield "a frame could not be read", tuple(sorted(books.tokens_on(event.link)))
        case Witnessed() if books.is_unsure(event.rest.token_id):
            yield "REST differed once", (event.rest.token_id,)
        case Ticked() if in_play:
            yield "the token is quiet", books.quiet_tokens(event.stamp.recv_ns)
