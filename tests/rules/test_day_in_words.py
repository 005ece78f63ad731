"""What is out of the ordinary about a day."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.school.calendar import Calendar, Closure, Moved
from ejd.school.day_in_words import classes_off, said_of

DAY = date(2026, 10, 31)


@pytest.mark.parametrize(("closures", "moved", "said"), [
    ((), (), []),
    ((), (Moved(DAY, 5),), ["По расписанию пятницы"]),
    ((), (Moved(DAY, 5, 5, 9), Moved(DAY, 1, 1, 1)),
     ["5–9 классы: по расписанию пятницы", "1-е классы: по расписанию понедельника"]),
    ((), (Moved(date(2026, 11, 7), 5),), []),
    ((Closure("Каникулы", DAY, DAY, True),), (), []),
    ((Closure("Карантин", DAY, DAY, False, class_id=7),), (), ["7А: уроков нет, «Карантин»"]),
    ((Closure("Карантин", DAY, DAY, False, class_id=8),), (), []),  # not among those asked about
    ((Closure("Дополнительные каникулы", DAY, DAY, True, 1, 1),), (), [
        "1-е классы: уроков нет, «Дополнительные каникулы»"]),
])
def test_what_is_said_of_a_day(closures, moved, said):
    calendar = Calendar(1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26), closures=closures, moved=moved)
    assert said_of(calendar, DAY, {7: "7А"}) == said


def test_the_classes_that_are_off():
    calendar = Calendar(1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26), closures=(
        Closure("Карантин", DAY, DAY, False, class_id=8), Closure("Каникулы", DAY, DAY, True)))
    assert classes_off(calendar, DAY) == {8}
