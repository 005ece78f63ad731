"""Averages, suggested term marks, mark density: R11, R12, R13."""

from fractions import Fraction

import pytest

from ejd.journal.grading import average, counting, is_sparse, least_marks, suggestion

THRESHOLDS = {"5": 450, "4": 350, "3": 250}
DENSITY = [[2, 2], [5, 5], [99, 7]]


@pytest.mark.parametrize(("marks", "how", "expected"), [
    ([("5", 2), ("3", 1)], "weighted", Fraction(13, 3)),  # 4.33
    ([("5", 2), ("3", 1)], "arithmetic", Fraction(4)),
    ([("5", 1), ("4", 1), ("4", 1)], "weighted", Fraction(13, 3)),
    ([("5", 1), ("зач", 5), ("незач", 1)], "weighted", Fraction(5)),  # they never count
    ([("2", 1), ("1", 1)], "weighted", Fraction(3, 2)),
    ([("зач", 1)], "weighted", None),
    ([], "weighted", None),
])
def test_the_average_is_exact(marks, how, expected):
    assert average(marks, how) == expected


FIRST, OTHER = (1, "3", 1, None), (5, "4", 2, None)


@pytest.mark.parametrize(("marks", "last", "both"), [
    ([], [], []),
    ([FIRST, OTHER], [("3", 1), ("4", 2)], [("3", 1), ("4", 2)]),
    ([FIRST, (2, "5", 1, 1)], [("5", 1)], [("3", 1), ("5", 1)]),  # 3→5
    ([FIRST, (2, "2", 1, 1)], [("2", 1)], [("3", 1), ("2", 1)]),  # worse than before: the last all the same
    ([FIRST, (2, "4", 1, 1), (3, "5", 1, 2)], [("5", 1)], [("3", 1), ("4", 1), ("5", 1)]),  # a chain
    ([FIRST, (2, "4", 1, 1), OTHER, (6, "5", 2, 5)], [("4", 1), ("5", 2)],
     [("3", 1), ("4", 1), ("4", 2), ("5", 2)]),
    ([(2, "5", 1, 1)], [("5", 1)], [("5", 1)]),  # the first was withdrawn
    ([(1, "незач", 1, None), (2, "зач", 1, 1)], [("зач", 1)], [("незач", 1), ("зач", 1)]),
    ([FIRST, (2, "5", 3, 1)], [("5", 3)], [("3", 1), ("5", 3)]),  # each keeps its own weight
])
def test_of_a_re_take_the_last_counts_or_both_by_the_setting(marks, last, both):
    """R11"""
    assert (counting(marks), counting(marks, "both")) == (last, both)


def test_the_average_with_a_re_take():
    """R11: 4, 3→5: the first mark stays to be seen and weighs nothing."""
    marks = [(1, "4", 1, None), (2, "3", 1, None), (3, "5", 1, 2)]
    assert [average(counting(marks, retakes)) for retakes in ("last", "both")] == [Fraction(9, 2), Fraction(4)]


@pytest.mark.parametrize(("mean", "suggested"), [
    (Fraction(9, 2), "5"),
    (Fraction(449999, 100000), "4"),  # nothing is rounded before it is compared
    (Fraction(7, 2), "4"),
    (Fraction(349, 100), "3"),
    (Fraction(5, 2), "3"),
    (Fraction(249, 100), "2"),
    (Fraction(1), "2"),
    (None, None),
])
def test_a_term_mark_is_suggested_by_thresholds(mean, suggested):
    assert suggestion(mean, THRESHOLDS) == suggested


@pytest.mark.parametrize(("threshold", "suggested"), [(433, "5"), (434, "4")])
def test_thirds_are_compared_exactly(threshold, suggested):
    """5, 4, 4 are worth 433⅓ hundredths."""
    mean = average([("5", 1), ("4", 1), ("4", 1)])
    assert suggestion(mean, THRESHOLDS | {"5": threshold}) == suggested


@pytest.mark.parametrize(("half_hours", "scheme", "share", "least"), [
    (1, "quarters", Fraction(1), 2),  # half an hour a week
    (2, "quarters", Fraction(1), 2),
    (3, "quarters", Fraction(1), 5),
    (4, "quarters", Fraction(1), 5),
    (6, "quarters", Fraction(1), 7),
    (10, "quarters", Fraction(1), 7),
    (2, "half_years", Fraction(1), 4),
    (6, "half_years", Fraction(1), 14),
    (6, "trimesters", Fraction(1), 9),  # four quarters are three trimesters: 9⅓, no part of a mark is asked for
    (4, "quarters", Fraction(1, 2), 2),
    (4, "quarters", Fraction(0), 0),
    (4, "quarters", Fraction(3, 18), 0),
])
def test_fewest_marks_by_weekly_hours_and_lessons_held(half_hours, scheme, share, least):
    assert least_marks(half_hours, scheme, DENSITY, share) == least


def test_the_last_step_holds_for_everything_above():
    assert least_marks(8, "quarters", [[2, 2], [5, 5]]) == 5
    assert least_marks(8, "quarters", []) == 0


def test_density_warns_only_below_the_least():
    assert [is_sparse(marks, 5) for marks in (4, 5, 6)] == [True, False, False]
