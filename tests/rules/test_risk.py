"""Who needs the class teacher's attention: low or falling marks, missed lessons, works owed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ejd.homeroom.risk import Concern, Sign, SubjectMarks, in_order, of_lessons, of_marks, of_works

THRESHOLDS = {"5": 450, "4": 350, "3": 250}


def mean(figures):
    values = [int(figure) for figure in figures if figure.isdigit()]
    return Fraction(sum(values), len(values)) if values else None


@pytest.mark.parametrize(("figures", "signs"), [
    ("222", [Sign.LOW]),
    ("22", []),  # two marks say nothing yet
    ("232", [Sign.LOW]),  # 2,33
    ("2323", []),  # 2,5 is a «3»
    ("555444", [Sign.FALLING]),
    ("554444", []),  # 4,67 → 4: less than one
    ("55444", []),  # only two before the latest three
    ("555222", [Sign.FALLING]),
    ("444222", [Sign.FALLING]),
    ("3332222222", [Sign.LOW]),  # before the latest three: 2,43, no fall
    ("444555", []),
    (["зач", "зач", "зач"], []),
])
def test_low_and_falling_marks(figures, signs):
    marks = SubjectMarks("Алгебра", list(figures), mean(figures))
    assert [concern.sign for concern in of_marks(marks, THRESHOLDS)] == signs


@pytest.mark.parametrize(("missed", "without_reason", "held", "words"), [
    (4, 4, 100, None),
    (5, 5, 100, "пропущено 5 уроков, причина не указана"),
    (33, 0, 100, None),
    (34, 0, 100, "пропущено 34 из 100"),
    (0, 0, 0, None),
    (1, 0, 3, "пропущено 1 из 3"),
])
def test_missed_lessons(missed, without_reason, held, words):
    found = of_lessons(missed=missed, without_reason=without_reason, held=held)
    assert not found if words is None else words in found[0].words.replace("\u00a0", " ")


@pytest.mark.parametrize(("days", "over"), [([], 0), ([date(2026, 9, 17)], 0), ([date(2026, 9, 16)], 1),
                                            ([date(2026, 9, 1), date(2026, 9, 16), date(2026, 10, 1)], 2)])
def test_works_are_owed_once_their_day_is_over(days, over):
    found = of_works(days, date(2026, 9, 17))
    assert [str(over) in concern.words for concern in found] == [True] * bool(over)


def test_the_most_pressing_come_first():
    low, owing = Concern(Sign.LOW, ""), Concern(Sign.OWING, "")
    assert in_order({1: [owing], 2: [], 3: [low], 4: [low, owing]}) == [4, 3, 1]
