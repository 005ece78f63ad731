"""Criteria of a work: what is written, the sum, and the mark that a scale suggests."""

from fractions import Fraction

import pytest

from ejd.journal.points import Sum, in_words, read_criteria, suggestion, sum_of
from ejd.refusal import Refused

SCALE = {"5": 85, "4": 65, "3": 45}


@pytest.mark.parametrize(("points", "most", "total"), [
    ({1: 3, 2: 4}, {1: 5, 2: 5}, Sum(7, 10)),
    ({1: 0, 2: 0}, {1: 5, 2: 5}, Sum(0, 10)),
    ({1: 3}, {1: 5, 2: 5}, None),  # one criterion is not judged yet
    ({}, {}, None),
])
def test_a_sum_needs_every_criterion(points, most, total):
    assert sum_of(points, most) == total


@pytest.mark.parametrize(("points", "most", "mark"), [
    (17, 20, "5"), (16, 20, "4"), (13, 20, "4"), (12, 20, "3"), (9, 20, "3"), (8, 20, "2"), (0, 20, "2"),
    (11, 13, "4"),  # 84.6 %: nothing is rounded
])
def test_the_scale_suggests(points, most, mark):
    assert suggestion(Sum(points, most), SCALE) == mark


def test_without_all_points_nothing_is_suggested():
    assert suggestion(None, SCALE) is None and Sum(1, 3).share == Fraction(1, 3)


def test_points_are_told_in_sum_and_one_by_one():
    assert in_words([("Ход решения", 5, 6), ("Ответ", 2, 4)]) == "7 из 10 (Ход решения 5 из 6, Ответ 2 из 4)"
    assert in_words([("Ответ", 2, 4)]) == "2 из 4"


@pytest.mark.parametrize(("text", "criteria"), [
    ("Ход решения – 4\nОтвет: 2", [("Ход решения", 4), ("Ответ", 2)]),
    ("К1 3 балла\n\n  К2  -  1 балл", [("К1", 3), ("К2", 1)]),
    ("", []),
])
def test_criteria_are_written_one_a_line(text, criteria):
    assert read_criteria(text) == criteria


@pytest.mark.parametrize("text", ["Ход решения", "4", "Ход – 0", "Ход – 101", "Ход – 4000", "– 4", "К – 1\n" * 13])
def test_what_is_no_criterion_is_refused(text):
    with pytest.raises(Refused):
        read_criteria(text)
