from __future__ import annotations

from fusion.grades import Evidence, Grade


def test_grades_rise_from_nothing_to_the_full_name() -> None:
    """A better grade is greater, so that evidence can be compared, and none is false."""
    assert sorted(Grade, reverse=True) == [
        Grade.NAME,
        Grade.ALIAS,
        Grade.CODE,
        Grade.PART,
        Grade.SUBSET,
        Grade.NONE,
    ]
    assert not Grade.NONE


def test_evidence_reads_as_words() -> None:
    """What decided is told by its grade and the venue's own spelling."""
    assert str(Evidence(Grade.ALIAS, "A's")) == 'alias "A\'s"'
