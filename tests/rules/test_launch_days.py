"""The days on which a school's journal begins, in words (R7): one for all, or marks, homework and parallels apart."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.school.launch_days import KEYS, LaunchDays

TODAY = date(2026, 9, 17)


def days(marks=None, homework=None, **grades):
    said = (marks, homework, {number.removeprefix("g"): day for number, day in grades.items()})
    return LaunchDays.of(dict(zip(KEYS, said, strict=True)).__getitem__)


@pytest.mark.parametrize(("launch", "spoken"), [
    (days(), ""),
    (days("2026-09-01", "2026-09-01"), "с 1 сентября 2026 года – отметки и домашние задания"),
    (days("2026-09-01", "2026-10-02"), "с 1 сентября 2026 года – отметки, со 2 октября 2026 года – домашние задания"),
    (days("2026-10-01", "2026-09-01"), "с 1 сентября 2026 года – домашние задания, с 1 октября 2026 года – отметки"),
    (days("2026-09-01", "2026-10-01", g1="2027-01-11", g2="2027-01-11", g3="2027-01-11", g4="2027-01-11"),
     "с 1 сентября 2026 года – отметки, с 1 октября 2026 года – домашние задания; "
     "1–4-е классы – с 11 января 2027 года"),
    (days("2026-09-01", "2026-09-01", g11="2026-11-09", g9="2026-10-05", g1="2026-11-09", g2="2026-11-09"),
     "с 1 сентября 2026 года – отметки и домашние задания; 9-е классы – с 5 октября 2026 года; "
     "1–2-е, 11-е классы – с 9 ноября 2026 года"),
    (days("2026-09-01", "2026-09-01", g5="2026-09-01"), "с 1 сентября 2026 года – отметки и домашние задания"),
    (days("2026-09-01", "2026-10-01", g5="2026-09-01"),
     "с 1 сентября 2026 года – отметки, с 1 октября 2026 года – домашние задания; 5-е классы – с 1 сентября 2026 года"),
    (days("2026-09-01"), "с 1 сентября 2026 года – отметки; домашние задания – день ещё не назван"),
    (days(g5="2026-09-01"), "5-е классы – с 1 сентября 2026 года; отметки и домашние задания – день ещё не назван"),
])
def test_every_day_that_differs_is_told_in_one_sentence(launch, spoken):
    assert launch.spoken().replace("\u00a0", " ") == spoken


@pytest.mark.parametrize(("launch", "only", "begun", "ahead"), [
    (days(), None, False, True),
    (days("2026-09-01", "2026-09-01"), date(2026, 9, 1), True, False),
    (days("2026-09-01", "2026-09-01", g5="2026-09-01"), date(2026, 9, 1), True, False),
    (days("2026-09-17", "2026-09-16"), None, True, False),
    (days("2026-09-18", "2026-09-18"), date(2026, 9, 18), False, True),
    (days("2026-09-01", "2026-09-18"), None, False, False),
    (days("2026-09-01", "2026-09-01", g5="2026-09-18"), None, False, False),
    (days("2026-09-01"), None, False, False),
])
def test_whether_it_has_begun_everywhere_or_nowhere(launch, only, begun, ahead):
    assert (launch.only, launch.begun(TODAY), launch.ahead(TODAY)) == (only, begun, ahead)
