"""What each figure of control counts: R1 (a week), R2 (the school's own term), R7 (launch)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ejd import words
from ejd.compliance.histogram import histogram
from ejd.compliance.metrics import Figure, Tally, figures_of_mark
from ejd.documents.tables import delay_in_words

F = Figure


@pytest.mark.parametrize(("days_taken", "over_limit", "controlled", "figures"), [
    (0, False, True, {F.ENTERED, F.ON_TIME}),
    (7, False, True, {F.ENTERED, F.ON_TIME}),  # R1: the seventh day is on time
    (8, False, True, {F.ENTERED, F.LATE}),  # the eighth is late by one
    (5, True, True, {F.ENTERED, F.ON_TIME, F.OVER_TERM}),  # R2: milder, never called late
    (8, True, True, {F.ENTERED, F.LATE}),
    (30, False, False, {F.ENTERED, F.BEFORE_LAUNCH}),  # R7: received before the launch, never late
    (2, True, False, {F.ENTERED, F.BEFORE_LAUNCH}),
])
def test_where_a_mark_counts(days_taken, over_limit, controlled, figures):
    assert set(figures_of_mark(days_taken=days_taken, over_limit=over_limit, controlled=controlled)) == figures


@pytest.mark.parametrize(("delay", "words"), [
    (timedelta(minutes=-5), ""),
    (timedelta(), ""),
    (timedelta(seconds=1), "1\u00a0мин"),
    (timedelta(minutes=59), "59\u00a0мин"),
    (timedelta(minutes=60), "1\u00a0ч"),
    (timedelta(hours=26, minutes=30), "1\u00a0дн. 2\u00a0ч"),
    (timedelta(days=3), "3\u00a0дн."),
])
def test_how_late_homework_was_in_words(delay, words):
    assert delay_in_words(delay) == words


def tally(*marks: tuple[int, int]) -> Tally:
    """A tally of (days taken, how many) under control."""
    made = Tally()
    for days_taken, many in marks:
        made.add_marks(days_taken=days_taken, over_limit=False, controlled=True, marks=many)
    return made


def test_the_longest_lateness_counts_from_the_end_of_the_week():
    assert tally((3, 5), (8, 1), (12, 2)).worst == 5
    assert tally((7, 5)).worst == 0


def test_marks_before_the_launch_lengthen_no_lateness():
    made = tally((3, 1))
    made.add_marks(days_taken=40, over_limit=False, controlled=False, marks=9)
    assert made.worst == 0 and made.share_late == 0 and made[F.LATE] == 0


@pytest.mark.parametrize(("on_time", "late", "share"), [
    (10, 0, "0 %"), (9999, 1, "< 0,1 %"), (999, 1, "0,1 %"), (976, 24, "2,4 %"), (1, 1, "50 %"), (2, 1, "33,3 %"),
    (0, 3, "100 %")])
def test_one_late_mark_is_never_nought_per_cent(on_time, late, share):
    assert words.percent(tally((0, on_time), (9, late)).share_late) == share.replace(" ", "\u00a0")


def test_nobody_is_late_who_entered_nothing():
    assert tally((0, 0)).share_late is None


def test_who_has_most_late_marks_stands_first():
    few, many, homework = tally((9, 1)), tally((9, 3)), tally((0, 100))
    homework.counts[F.HOMEWORK_MISSING] = 50
    assert sorted([homework, few, many], key=lambda part: part.gravity, reverse=True) == [many, few, homework]


def test_every_mark_is_in_one_bar():
    days = {taken: taken + 1 for taken in range(60)}
    chart = histogram(days)
    assert sum(bar.marks for bar in chart.bars) == sum(days.values())
    assert [bar.label for bar in chart.bars] == [
        "0", "1", "2", "3", "4", "5", "6", "7", "1", "2", "3", "4–7", "8–14", "15–30", "31+"]
    assert [bar.late for bar in chart.bars] == [False] * 8 + [True] * 7


def test_one_late_mark_among_thousands_is_still_seen():
    chart = histogram({0: 100_000, 9: 1})
    drawn = {bar.label: bar.height for bar in chart.bars if bar.height and bar.late}
    assert drawn == {"2": 2}
    assert all(bar.y >= 0 and bar.y + bar.height == chart.floor for bar in chart.bars)


def test_no_marks_no_picture():
    assert histogram({}) is None
    assert histogram({3: 0}) is None
