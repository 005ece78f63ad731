"""Who is due a weekly sheet, for which week, until when (R21, R9), as cases of one class of a school with autumn and
New Year holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ejd.families.week_due import Amiss, Placed, Served, Taught, amiss, collect_by, sheets_owed
from ejd.school.calendar import Calendar, Closure, TermDates

MOTHER, FATHER, CHILD, CLASS, OTHER = 1, 2, 10, 7, 8
YEAR = Calendar(1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26), closures=(
    Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), True),
    Closure("День народного единства", date(2026, 11, 4), date(2026, 11, 4), False),
    Closure("Зимние каникулы", date(2026, 12, 31), date(2027, 1, 10), True),
), terms=(
    TermDates(1, "quarters", 1, "I четверть", date(2026, 9, 1), date(2026, 10, 23)),
    TermDates(2, "quarters", 2, "II четверть", date(2026, 11, 2), date(2026, 12, 30)),
    TermDates(3, "quarters", 3, "III четверть", date(2027, 1, 11), date(2027, 3, 26)),
    TermDates(4, "quarters", 4, "IV четверть", date(2027, 4, 5), date(2027, 5, 26))))
CALENDAR = YEAR.of(grade=7, days_per_week=5, scheme="quarters", class_id=CLASS)
ALWAYS = date(2026, 9, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(when: date) -> datetime:
    return datetime(when.year, when.month, when.day, 11, 0, tzinfo=UTC)


def taught(*, without: tuple[str, ...] = ()) -> Taught:
    """Lessons on every school day, but on those named."""
    days = CALENDAR.school_days(YEAR.starts_on, YEAR.ends_on)
    return Taught(CALENDAR, {one: at(one) for one in days if one.isoformat() not in without})


def owed(served, first, last, *, placed=None, classes=None, today=None):
    places = [Placed(CHILD, CLASS, ALWAYS, None)] if placed is None else placed
    return sheets_owed(served, places, {CLASS: taught()} if classes is None else classes, first=day(first),
                       last=day(last), today=day(today) if today else day(last) + timedelta(days=6))


def served(form, from_on="2026-09-01", to_on=None, guardian=MOTHER):
    return Served(guardian, CHILD, form, day(from_on), day(to_on) if to_on else None)


@pytest.mark.parametrize(("form", "count"), [("paper", 1), ("refused", 1), ("electronic", 0), ("limited", 0)])
def test_who_is_due_a_sheet_for_a_week(form, count):
    found = owed([served(form)], "2026-09-14", "2026-09-14")
    assert len(found) == count
    assert all((one.monday, one.class_id, one.once) == (day("2026-09-14"), CLASS, form == "refused") for one in found)


def test_without_a_form_nobody_is_due():
    assert owed([], "2026-09-01", "2026-12-31") == []


@pytest.mark.parametrize(("monday", "due_on", "why"), [
    ("2026-09-14", "2026-09-21", "the Monday after"),
    ("2026-10-19", "2026-11-02", "the autumn holidays lie between"),
    ("2026-12-28", "2027-01-11", "three days of lessons before the New Year"),
    ("2026-11-02", "2026-11-09", "a public holiday inside the week changes nothing"),
    ("2027-03-22", "2027-04-05", "the spring gap between terms"),
    ("2027-05-24", "2027-05-31", "the year is over: the next weekday"),
])
def test_a_sheet_is_due_by_the_end_of_the_first_school_day_after_its_week(monday, due_on, why):
    [one] = owed([served("paper")], monday, monday)
    assert one.due_on == day(due_on), why


@pytest.mark.parametrize("monday", ["2026-10-26", "2027-01-04", "2027-03-29", "2026-08-24", "2027-05-31"])
def test_a_week_without_a_lesson_owes_no_sheet(monday):
    assert owed([served("refused")], monday, monday) == []


def test_a_week_whose_lessons_were_all_cancelled_owes_none():
    gone = tuple(str(day("2026-09-14") + timedelta(days=one)) for one in range(5))
    assert owed([served("paper")], "2026-09-14", "2026-09-14", classes={CLASS: taught(without=gone)}) == []


@pytest.mark.parametrize(("monday", "ready"), [
    ("2026-09-14", "2026-09-18"), ("2026-12-28", "2026-12-30"), ("2026-10-19", "2026-10-23")])
def test_it_can_be_printed_when_the_last_lesson_of_the_week_is_over(monday, ready):
    [one] = owed([served("paper")], monday, monday)
    assert one.ready_at == at(day(ready))


@pytest.mark.parametrize(("spans", "form"), [
    ([served("refused", "2026-09-16")], "refused"),  # signed on Wednesday
    ([served("paper", "2026-09-20")], "paper"),  # on Sunday still
    ([served("paper", "2026-09-21")], None),  # on the next Monday
    ([served("refused", to_on="2026-09-16")], None),  # annulled on Thursday: the diary is open again
    ([served("refused", to_on="2026-09-20")], "refused"),  # annulled from the next Monday
    ([served("paper", to_on="2026-09-15"), served("refused", "2026-09-16")], "refused"),
    ([served("refused", to_on="2026-09-15"), served("paper", "2026-09-16")], "paper"),
])
def test_a_form_that_changed_in_the_middle_of_a_week_counts_as_it_is_at_its_end(spans, form):
    assert [one.form for one in owed(spans, "2026-09-14", "2026-09-14")] == ([form] if form else [])


@pytest.mark.parametrize(("placed", "classes"), [
    ([Placed(CHILD, CLASS, day("2026-09-16"), None)], [CLASS]),  # joined on Wednesday
    ([Placed(CHILD, CLASS, ALWAYS, day("2026-09-16"))], [CLASS]),  # left on Wednesday
    ([Placed(CHILD, CLASS, day("2026-09-19"), None)], []),  # joined on Saturday, after the lessons
    ([Placed(CHILD, CLASS, ALWAYS, day("2026-09-13"))], []),  # left before
    ([Placed(CHILD, CLASS, ALWAYS, day("2026-09-15")), Placed(CHILD, OTHER, day("2026-09-16"), None)], [OTHER]),
    ([Placed(CHILD, CLASS, ALWAYS, day("2026-09-18")), Placed(CHILD, OTHER, day("2026-09-19"), None)], [CLASS]),
])
def test_who_joined_left_or_moved_in_the_middle_of_a_week_gets_one_sheet(placed, classes):
    found = owed([served("refused")], "2026-09-14", "2026-09-14", placed=placed,
                 classes={CLASS: taught(), OTHER: taught()})
    assert [one.class_id for one in found] == classes


def test_who_left_is_told_by_the_form_of_his_last_day():
    found = owed([served("paper", to_on="2026-09-16")], "2026-09-14", "2026-09-14",
                 placed=[Placed(CHILD, CLASS, ALWAYS, day("2026-09-16"))])
    assert [one.form for one in found] == ["paper"]


def test_each_guardian_is_due_the_own_sheet_by_the_own_form():
    found = owed([served("refused"), served("paper", guardian=FATHER)], "2026-09-14", "2026-09-14")
    assert [(one.guardian_id, one.form) for one in found] == [(MOTHER, "refused"), (FATHER, "paper")]


def test_a_quarter_owes_as_many_sheets_as_it_has_weeks_with_lessons():
    found = owed([served("refused")], "2026-08-31", "2026-11-08")
    assert [one.monday.isoformat() for one in found] == [
        "2026-08-31", "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19",
        "2026-11-02"]


@pytest.mark.parametrize(("spans", "since"), [
    ([served("paper", "2026-09-09")], "2026-09-09"),
    ([served("paper", to_on="2026-09-08"), served("refused", "2026-09-09")], "2026-09-01"),  # paper without a break
    ([served("paper", to_on="2026-09-02"), served("refused", "2026-09-09")], "2026-09-09"),  # the internet between
])
def test_news_of_earlier_weeks_begins_when_the_guardian_took_up_paper(spans, since):
    [one] = owed(spans, "2026-09-14", "2026-09-14")
    assert one.since == day(since)


@pytest.mark.parametrize(("monday", "printed_on", "last_day", "why"), [
    ("2026-09-14", "2026-09-18", "2026-09-21", "printed on Friday: as long as it is due"),
    ("2026-09-14", "2026-09-20", "2026-09-21", "on Sunday: the same"),
    ("2026-09-14", "2026-09-21", "2026-09-22", "on its last day: the family has the next one"),
    ("2026-09-14", "2026-09-24", "2026-09-25", "late: the first school day after the printing"),
    ("2026-09-14", "2026-09-25", "2026-09-28", "late on a Friday: Monday"),
    ("2026-10-12", "2026-10-23", "2026-11-02", "late on the eve of holidays: the first day after them"),
    ("2026-12-28", "2026-12-30", "2027-01-11", "in time before the New Year"),
])
def test_a_sheet_waits_to_the_end_of_the_first_school_day_after_its_week_or_its_printing(
        monday, printed_on, last_day, why):
    """R21, R25: who was not offered a sheet in time has not left it there."""
    assert collect_by(CALENDAR, day(monday), day(printed_on)) == day(last_day), why


@pytest.mark.parametrize(("spans", "form"), [
    ([served("paper", to_on="2026-09-21"), served("refused", "2026-09-22")], "refused"),  # on Tuesday
    ([served("paper", to_on="2026-09-22"), served("refused", "2026-09-23")], "paper"),  # tomorrow
    ([served("refused", to_on="2026-09-21"), served("electronic", "2026-09-22")], "refused"),  # annulled since
])
def test_a_sheet_that_is_still_to_be_given_is_one_for_whom_its_guardian_is_now(spans, form):
    """R21: a refuser's sheet carries no homework, whatever week it covers."""
    [one] = owed(spans, "2026-09-14", "2026-09-14", today="2026-09-22")
    assert (one.form, one.stopped) == (form, False)


def test_whom_a_court_limits_is_given_nothing_any_more():
    """R23: at once."""
    spans = [served("paper", to_on="2026-09-21"), served("limited", "2026-09-22")]
    [one] = owed(spans, "2026-09-14", "2026-09-14", today="2026-09-22")
    assert one.stopped and one.stopped_on == day("2026-09-22") and not one.stopped_in_time


@pytest.mark.parametrize(("printed_for", "now", "why"), [
    ("paper", ["paper"], None), ("paper", [None], None), ("paper", ["electronic"], None),
    ("paper", ["refused"], Amiss.HOMEWORK), ("paper", ["paper", "refused"], Amiss.HOMEWORK),
    ("refused", ["refused"], None), ("refused", ["paper"], None), ("refused", [None], None),
    ("paper", ["limited"], Amiss.LIMITED), ("refused", ["limited"], Amiss.LIMITED),
    ("paper", ["limited", "paper"], None), ("paper", ["limited", "refused"], Amiss.HOMEWORK),
])
def test_what_is_not_handed_out_any_more(printed_for, now, why):
    """R21, R23"""
    assert amiss(printed_for, now) is why
