"""What is out of the ordinary about a day: another weekday's timetable, days off of some classes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ejd.school.calendar import GRADES, Calendar
from ejd.words import of_weekday


def classes_off(calendar: Calendar, day: date) -> set[int]:
    """The classes that have a day off of their own."""
    return {closure.class_id for closure in calendar.closures
            if closure.class_id is not None and closure.closes(day, None, closure.class_id)}


def said_of(calendar: Calendar, day: date, class_names: Mapping[int, str]) -> list[str]:
    """«По расписанию пятницы», «7А: уроков нет, «Экскурсия»»; nothing of what closes the whole school."""
    said = [f"{_grades(moved.first_grade, moved.last_grade)}по расписанию {of_weekday(moved.weekday)}"
            for moved in calendar.moved if moved.day == day]
    for closure in calendar.closures:
        name = class_names.get(closure.class_id) if closure.class_id is not None else None
        if name and closure.closes(day, None, closure.class_id):
            said.append(f"{name}: уроков нет, «{closure.name}»")
        elif (closure.class_id is None and (closure.first_grade, closure.last_grade) != GRADES
              and closure.closes(day, closure.first_grade)):
            said.append(f"{_grades(closure.first_grade, closure.last_grade)}уроков нет, «{closure.name}»")
    return [one[0].upper() + one[1:] for one in said]


def _grades(first: int, last: int) -> str:
    if (first, last) == GRADES:
        return ""
    return f"{first}-е классы: " if first == last else f"{first}–{last} классы: "
