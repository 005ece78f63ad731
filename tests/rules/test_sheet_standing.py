"""What a family on paper is told of its last and its next weekly sheet, and why there is none: each reason by a family
of one class (R21, R23, R25)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ejd.families.sheet_standing import Family, said
from ejd.families.week_due import Placed, sheets_owed
from tests.rules.test_week_due import ALWAYS, CHILD, CLASS, OTHER, day, served, taught

WEEK = date(2026, 9, 14)
GONE = ("2026-09-14", "2026-09-15", "2026-09-16", "2026-09-17", "2026-09-18")


def standing(spans, today, *, printed=None, places=None, without=()):
    """As it is told at noon of a day, when the day's lessons are over (they end at 11:00 UTC)."""
    places = [Placed(CHILD, CLASS, ALWAYS, None)] if places is None else places
    classes = {CLASS: taught(without=without), OTHER: taught()}
    owed = sheets_owed(spans, places, classes, first=day("2026-08-24"), last=day(today), today=day(today))
    family = Family(CLASS, spans, places, classes[CLASS], {one.monday: one for one in owed},
                    {day(monday): said for monday, said in (printed or {}).items()})
    found = said(family, today=day(today), now=datetime.combine(day(today), datetime.min.time(), UTC).replace(hour=12))
    return found and (found.last.replace("\u00a0", " "), found.next.replace("\u00a0", " "))


ENDED = {"2026-09-07": "выдан родителю 14 сентября"}
HANDED = ("за 7–13 сентября – выдан родителю 14 сентября", "за 14–20 сентября, после последнего урока недели")


@pytest.mark.parametrize("form", ["paper", "refused"])
@pytest.mark.parametrize(("today", "printed", "told"), [
    ("2026-09-16", ENDED, HANDED),
    ("2026-09-16", {"2026-09-07": "напечатан, не выдан"}, ("за 7–13 сентября – напечатан, не выдан", HANDED[1])),
    ("2026-09-16", {}, ("за 7–13 сентября – пора напечатать", HANDED[1])),
    ("2026-09-18", ENDED, ("за 14–20 сентября – пора напечатать", "за 21–27 сентября")),  # the lessons are over
    ("2026-09-20", {"2026-09-14": "выдан ученику 18 сентября"},
     ("за 14–20 сентября – выдан ученику 18 сентября", "за 21–27 сентября")),
    ("2026-10-24", {"2026-10-19": "напечатан, не выдан"},
     ("за 19–25 октября – напечатан, не выдан", "за 2–8 ноября (осенние каникулы)")),
    ("2026-10-28", {"2026-10-19": "выдан родителю 23 октября"},
     ("за 19–25 октября – выдан родителю 23 октября", "за 2–8 ноября (осенние каникулы)")),
    ("2026-11-02", {"2026-10-19": "выдан родителю 23 октября"},
     ("за 26 октября – 1 ноября не положен: осенние каникулы", "за 2–8 ноября, после последнего урока недели")),
    ("2027-03-30", {"2027-03-22": "выдан родителю 26 марта"},
     ("за 22–28 марта – выдан родителю 26 марта", "за 5–11 апреля (каникулы)")),  # the gap between terms
    ("2027-06-01", {"2027-05-24": "выдан родителю 31 мая"},
     ("за 24–30 мая – выдан родителю 31 мая", "учебный год закончен, листов больше не будет")),
])
def test_a_family_on_paper(form, today, printed, told):
    assert standing([served(form)], today, printed=printed) == told


def test_a_week_whose_lessons_were_all_cancelled():
    assert standing([served("refused")], "2026-09-16", printed=ENDED, without=GONE) == (
        "за 7–13 сентября – выдан родителю 14 сентября", "за 21–27 сентября (уроков в классе нет)")
    assert standing([served("refused")], "2026-09-22", without=GONE)[0] == (
        "за 14–20 сентября не положен: уроков в классе нет")


@pytest.mark.parametrize(("spans", "places", "last"), [
    ([served("refused", "2026-09-15")], None, "за 7–13 сентября не положен: на бумаге с 15 сентября"),
    ([served("paper")], [Placed(CHILD, CLASS, date(2026, 9, 15), None)],
     "за 7–13 сентября не положен: в классе с 15 сентября"),
    ([served("paper")],
     [Placed(CHILD, OTHER, ALWAYS, date(2026, 9, 14)), Placed(CHILD, CLASS, date(2026, 9, 15), None)],
     "за 7–13 сентября – печатают в классе, где учился в ту неделю"),
    ([served("paper", to_on="2026-09-03"), served("electronic", "2026-09-04", "2026-09-14"),
      served("paper", "2026-09-15")], None,
     "за 7–13 сентября не положен: в конце той недели услуга была не на бумаге, снова на ней с 15 сентября"),
])
def test_not_due_yet(spans, places, last):
    assert standing(spans, "2026-09-16", places=places) == (last, HANDED[1])


@pytest.mark.parametrize(("spans", "told"), [
    ([served("paper", to_on="2026-09-14"), served("limited", "2026-09-15")],
     ("не выдаётся", "с 15 сентября доступ ограничен по решению суда")),
    ([served("refused", to_on="2026-09-14"), served("electronic", "2026-09-15")],
     ("–", "с 15 сентября услуга снова электронная, листы не положены")),
    ([served("refused", to_on="2026-09-01"), served("electronic", "2026-09-02")], None),  # long ago
    ([served("electronic")], None),
])
def test_closed_or_electronic_again(spans, told):
    assert standing(spans, "2026-09-16") == told


def test_who_is_not_in_the_class_is_not_told_of_in_it():
    assert standing([served("paper")], "2026-09-16", places=[Placed(CHILD, CLASS, ALWAYS, date(2026, 9, 15))]) is None
