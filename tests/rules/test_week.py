"""A week of the diary: which days are shown, and why one is empty (R9, R10, R40)."""

from datetime import date, datetime

import pytest

from ejd.diary.week import (
    LessonOfDay,
    Owed,
    attendance_in_words,
    days_of,
    in_order,
    said_of,
    said_of_homework,
    week_to_open,
    weeks_around,
)
from ejd.school.calendar import Calendar, Closure, TermDates

CALENDAR = Calendar(
    1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26),
    closures=(Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), True),
              Closure("День народного единства", date(2026, 11, 4), date(2026, 11, 4), False),
              Closure("Каникулы первоклассников", date(2027, 2, 15), date(2027, 2, 21), True, 1, 1)),
    terms=(TermDates(1, "quarters", 1, "I четверть", date(2026, 9, 1), date(2026, 10, 23)),
           TermDates(2, "quarters", 2, "II четверть", date(2026, 11, 2), date(2026, 12, 30)),
           TermDates(3, "quarters", 3, "III четверть", date(2027, 1, 11), date(2027, 5, 26))))


def lesson(number=1):
    return LessonOfDay(number, "Математика", False, "", "", (), (), ())


def days(monday, *, grade=7, days_per_week=5, lessons=None):
    return days_of(monday, CALENDAR.of(grade=grade, days_per_week=days_per_week, scheme="quarters"), lessons or {}, {})


@pytest.mark.parametrize(("days_per_week", "last"), [(5, date(2026, 9, 18)), (6, date(2026, 9, 19))])
def test_the_week_has_the_days_that_the_class_works(days_per_week, last):
    shown = days(date(2026, 9, 14), days_per_week=days_per_week)
    assert [day.day for day in shown] == [date(2026, 9, 14 + n) for n in range(days_per_week)]
    assert shown[-1].day == last


def test_a_saturday_with_a_lesson_is_shown_though_the_class_works_five_days():
    shown = days(date(2026, 9, 14), lessons={date(2026, 9, 19): [lesson()]})
    assert shown[-1].day == date(2026, 9, 19) and shown[-1].said == ""


@pytest.mark.parametrize(("day", "grade", "said"), [
    (date(2026, 10, 26), 7, "Осенние каникулы"),
    (date(2026, 11, 4), 7, "День народного единства"),
    (date(2027, 2, 16), 1, "Каникулы первоклассников"),
    (date(2027, 2, 16), 7, "Уроков нет"),
    (date(2027, 1, 5), 7, "Каникулы"),  # between terms, though nobody named them
    (date(2026, 8, 31), 7, "Каникулы"),  # before the year
    (date(2027, 6, 1), 7, "Каникулы"),
    (date(2026, 9, 16), 7, "Уроков нет"),
])
def test_an_empty_day_says_why(day, grade, said):
    monday = date.fromisocalendar(*day.isocalendar()[:2], 1)
    assert next(shown.said for shown in days(monday, grade=grade) if shown.day == day) == said


def test_a_week_of_holidays_is_said_once():
    assert said_of(days(date(2026, 10, 26))) == "Осенние каникулы: на этой неделе уроков нет."


def test_a_week_without_a_timetable_says_what_may_be_wrong():
    assert said_of(days(date(2026, 9, 14))).startswith("На этой неделе уроков нет: расписание ещё не составлено")


def test_a_week_with_a_lesson_is_not_empty():
    assert said_of(days(date(2026, 9, 14), lessons={date(2026, 9, 16): [lesson()]})) == ""


def test_a_week_with_one_day_off_says_so_on_that_day_only():
    week = days(date(2026, 11, 2), lessons={date(2026, 11, 3): [lesson()]})
    assert said_of(week) == ""
    assert [day.said for day in week] == ["Уроков нет", "", "День народного единства", "Уроков нет", "Уроков нет"]


@pytest.mark.parametrize(("code", "exempt", "words"), [
    (None, False, ""),
    ("н", False, "отсутствие, причина не указана"),
    ("б", False, "отсутствие по болезни"),
    ("у", False, "отсутствие по уважительной причине"),
    ("о", False, "опоздание"),
    (None, True, "освобождение"),
    ("о", True, "опоздание, освобождение"),
])
def test_attendance_is_said_in_words(code, exempt, words):
    assert attendance_in_words(code, exempt) == words


@pytest.mark.parametrize(("now", "told"), [
    (datetime(2026, 9, 14, 14, 59), "задание ещё не опубликовано"),
    (datetime(2026, 9, 14, 15, 0), "задание ещё не опубликовано"),
    (datetime(2026, 9, 14, 15, 1), "учитель не опубликовал задание"),
])
def test_an_empty_line_says_why(now, told):
    assert said_of_homework(datetime(2026, 9, 14, 15, 0), now) == told


def test_works_to_hand_in_are_told_by_the_nearest_day():
    days = (None, date(2026, 9, 24), date(2026, 9, 10))
    owed = [Owed(day, "Математика", "Тест", "", date(2026, 9, 1), False) for day in days]
    assert [work.hand_in_by for work in in_order(owed)] == [date(2026, 9, 10), date(2026, 9, 24), None]


SINCE, ENDS, OPENS = date(2026, 9, 1), date(2027, 5, 26), date(2026, 9, 14)


@pytest.mark.parametrize(("monday", "opens_with", "before", "after"), [
    (date(2026, 9, 14), OPENS, date(2026, 9, 7), date(2026, 9, 21)),
    (date(2026, 8, 31), OPENS, None, date(2026, 9, 7)),  # the pupil's first week
    (date(2026, 8, 3), OPENS, None, date(2026, 8, 31)),  # before it: to the first
    (date(2027, 5, 24), OPENS, date(2027, 5, 17), None),  # the year's last week
    (date(2027, 5, 24), date(2027, 6, 7), date(2027, 5, 17), date(2027, 5, 31)),  # back to this summer's week
    (date(2027, 6, 7), date(2027, 6, 7), date(2027, 5, 31), None),
])
def test_the_weeks_to_go_on_to(monday, opens_with, before, after):
    assert weeks_around(monday, since=SINCE, ends_on=ENDS, opens_with=opens_with) == (before, after)


def test_who_was_never_in_a_class_has_no_weeks():
    assert weeks_around(OPENS, since=None, ends_on=ENDS, opens_with=OPENS) == (None, None)


@pytest.mark.parametrize(("today", "monday"), [
    (date(2026, 9, 14), date(2026, 9, 14)),
    (date(2026, 9, 19), date(2026, 9, 14)),  # Saturday
    (date(2026, 9, 20), date(2026, 9, 21)),  # Sunday: homework is for tomorrow
    (date(2026, 12, 31), date(2026, 12, 28)),
])
def test_on_sunday_the_diary_opens_with_the_coming_week(today, monday):
    assert week_to_open(today) == monday
