from __future__ import annotations

from fusion.healing import Healing, HealRules

RULES = HealRules(first_book_s=15, retry_s=10)
SECOND = 1_000_000_000


def walk(healing: Healing, seconds: int) -> list[tuple[int, str, tuple[str, ...]]]:
    """Let seconds pass and return what was asked for at which."""
    return [
        (second, remedy, tokens)
        for second in range(seconds)
        for remedy, _, tokens in healing.due(second * SECOND, RULES)
    ]


def test_invalid_book_is_asked_for_at_once_and_then_ever_more_rarely() -> None:
    """The tries come after 0, 10, 30 and 70 seconds, and every third renews the link."""
    healing = Healing()
    healing.open("7", "declared best disagrees", 0, had_book=True)

    assert walk(healing, 160) == [
        (0, "resubscribe", ("7",)),
        (10, "resubscribe", ("7",)),
        (30, "reconnect", ("7",)),
        (70, "resubscribe", ("7",)),
        (150, "resubscribe", ("7",)),
    ]


def test_token_that_never_had_a_book_does_not_cost_the_others_theirs() -> None:
    """A market without a book yet is asked for again, but its link is not renewed for it."""
    healing = Healing()
    healing.open("7", "no first snapshot", 15 * SECOND, had_book=False)

    assert {remedy for _, remedy, _ in walk(healing, 1_000)} == {"resubscribe"}
    assert walk(Healing(), 10) == []


def test_healed_token_is_let_go() -> None:
    """A token that has its book again is not asked for any more."""
    healing = Healing()
    healing.open("7", "link down", 0, had_book=True)
    healing.due(0, RULES)
    healing.close("7")
    healing.close("8")

    assert (len(healing), walk(healing, 100)) == (0, [])


def test_tokens_of_one_reason_are_asked_for_together() -> None:
    """One request names all tokens that are due for the same reason, in their order."""
    healing = Healing()
    for token, reason in (("9", "a"), ("7", "a"), ("8", "b")):
        healing.open(token, reason, 0, had_book=True)

    assert healing.due(0, RULES) == [
        ("resubscribe", "a", ("7", "9")),
        ("resubscribe", "b", ("8",)),
    ]


def test_a_second_reason_may_hasten_a_case_and_never_delay_it() -> None:
    """A token that waits for its snapshot and becomes invalid is asked for at once."""
    healing = Healing()
    healing.open("7", "no snapshot after link down", 15 * SECOND, had_book=True)
    healing.open("7", "tick size changed", 2 * SECOND, had_book=True)
    healing.open("7", "no snapshot after link gap", 30 * SECOND, had_book=True)

    assert healing.due(2 * SECOND, RULES) == [("resubscribe", "tick size changed", ("7",))]
