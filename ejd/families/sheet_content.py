"""What one weekly sheet says, in words, as it is kept and printed again unchanged (R21)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ejd import names, words
from ejd.diary.queries import Reading, expected, given_at, owed_of
from ejd.diary.week import ATTENDANCE, Day, LessonOfDay, attendance_in_words, days_of
from ejd.families.provision import Form
from ejd.families.sheet_facts import Facts, Listed, taken_from
from ejd.homeroom.queries import KIND_NAMES
from ejd.journal import history
from ejd.journal.grading import average, counting
from ejd.journal.launch import launch_of_marks
from ejd.journal.models import Awaiting
from ejd.names import fold
from ejd.roster.models import MarkingScheme
from ejd.schedule.models import LessonState
from ejd.school.calendar import TermDates
from ejd.school.settings import Settings

# An act that began before the reading may be saved after it: so far back the next sheet looks again.
OVERLAP = timedelta(minutes=5)
Place = tuple[date, int, str]  # of a lesson in the week: day, number, subject


@dataclass(frozen=True, slots=True)
class LessonLine:
    number: int
    subject: str
    said: str  # what became of the lesson, and presence
    homework: str
    marks: tuple[tuple[str, str], ...]  # each with what it was given for


@dataclass(frozen=True, slots=True)
class DayLines:
    day: date
    said: str  # why there are no lessons
    lessons: tuple[LessonLine, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The sheet of a pupil for a week. `told` names the latest entries on it, so that the next does not repeat them."""

    school: str
    class_name: str
    pupil: str
    guardians: str
    monday: date
    homework: bool  # is on the sheet at all: not on a refuser's
    days: tuple[DayLines, ...]
    nothing: str  # what is said where the week has no marks
    term: str
    averages: tuple[tuple[str, str, str], ...]  # subject, its marks, their average
    earlier: tuple[str, ...]
    awaited: tuple[str, ...]
    owed: tuple[str, ...]
    notes: tuple[str, ...]
    ahead: tuple[str, ...]  # homework due after the week
    told: tuple[str, ...]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), default=date.isoformat)


def from_json(text: str) -> Content:
    """The sheet as it was printed."""
    kept: dict[str, Any] = json.loads(text)
    days = tuple(DayLines(date.fromisoformat(day["day"]), day["said"], tuple(map(_line, day["lessons"])))
                 for day in kept.pop("days"))
    monday = date.fromisoformat(kept.pop("monday"))
    averages = tuple((subject, marks, mean) for subject, marks, mean in kept.pop("averages"))
    texts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Content(days=days, monday=monday, averages=averages, **texts)


def without_homework(content: Content) -> Content:
    """The same sheet as a refuser may have it."""
    days = tuple(replace(day, lessons=tuple(replace(line, homework="") for line in day.lessons))
                 for day in content.days)
    return replace(content, homework=False, days=days, ahead=())


def _line(kept: dict[str, Any]) -> LessonLine:
    return LessonLine(**{**kept, "marks": tuple((value, told) for value, told in kept["marks"])})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sheet to be written: whose, for whom, and from which moment its «за прошлые недели» goes on."""

    pupil_id: int
    pupil: str
    guardians: str
    form: str
    since: datetime
    told: frozenset[str] = frozenset()  # by the sheet before


def write(wanted: Wanted, facts: Facts, *, settings: Settings, today: date, now: datetime) -> Content:
    """The sheet in words, as everything stands now."""
    reading = Reading(today, now, launch_of_marks(settings).day_for(facts.school_class.grade), None,
                      facts.points if settings.value("works.criteria", on=facts.sunday) else {})
    term, averages = _averages(wanted.pupil_id, facts, settings)
    earlier, news = _earlier(wanted, facts)
    homework = wanted.form != Form.REFUSED
    works = facts.works.get(wanted.pupil_id, [])
    owed = tuple(f"{one.subject}, {words.short_day(one.lesson_day)}, {one.work}: {one.until}"
                 for one in owed_of(works, today))
    awaited = tuple(f"{row.subject}, {words.short_day(row.lesson_day)}, {words.work_name(row.kind, row.title)}: "
                    f"{expected(row, reading).turn}" for row in works if row.value == Awaiting.TEACHER)
    days = _days(wanted.pupil_id, facts, reading, homework=homework)
    return Content(
        school=settings.value("school.name", on=None), class_name=facts.school_class.name, pupil=wanted.pupil,
        guardians=wanted.guardians, monday=facts.monday, homework=homework, days=days,
        nothing=_said_of_nothing(days, facts, earlier=bool(earlier), owed=bool(owed)), term=term, averages=averages,
        earlier=earlier, awaited=awaited, owed=owed, notes=_notes(wanted, facts),
        ahead=_ahead(wanted.pupil_id, facts) if homework else (),
        told=tuple(sorted(news | _fresh(wanted.pupil_id, facts, now))))


def _said_of_nothing(days: Iterable[DayLines], facts: Facts, *, earlier: bool, owed: bool) -> str:
    if any(lesson.marks for day in days for lesson in day.lessons):
        return ""
    if all(row.scheme == MarkingScheme.MARKLESS for row in facts.lessons):
        return "В этом классе отметки не ставятся." + ("" if earlier else " За прошлые недели ничего не изменилось.")
    more = "" if earlier else ", за прошлые недели ничего не добавлено и не исправлено"
    return f"Отметок на этой неделе нет{more}{'' if owed else ', несданных работ нет'}."


def _days(pupil_id: int, facts: Facts, reading: Reading, *, homework: bool) -> tuple[DayLines, ...]:
    of_class = facts.school_class
    calendar = facts.year.of(grade=of_class.grade, days_per_week=of_class.days_per_week, scheme=of_class.term_scheme,
                             class_id=of_class.id)
    marks, tasks = _at_lessons(facts.marks.get(pupil_id, ())), _tasks(pupil_id, facts)
    letters = {row.lesson_id: row.code for row in facts.attendance.get(pupil_id, ())}
    of_day: dict[date, list[LessonOfDay]] = defaultdict(list)
    due: dict[Place, str] = {}
    for row in facts.lessons:
        if not facts.lists.has(Listed(row), pupil_id):
            continue
        presence = attendance_in_words(letters.get(row.id), (pupil_id, row.course_id, row.day) in facts.exempt)
        given = given_at(marks.get(row.id, ()), lambda mark: mark.lesson_day, reading)
        of_day[row.day].append(LessonOfDay(
            row.number, row.name, row.state != LessonState.PLANNED.value, row.state_reason, presence, given, (), (),
            moved_to=row.moved_to, remote=row.remote))
        due[row.day, row.number, row.name] = "; ".join(tasks.get(row.id, ())) if homework else ""
    return tuple(_day(day, due) for day in days_of(facts.monday, calendar, of_day, {}))


def _day(day: Day, homework: Mapping[Place, str]) -> DayLines:
    return DayLines(day.day, day.said, tuple(LessonLine(
        line.number, line.subject, ", ".join(filter(None, (line.fate, line.attendance))),
        homework[day.day, line.number, line.subject],
        tuple((mark.shown, mark.told) for mark in line.marks)) for line in day.lessons))


def _at_lessons(marks: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in marks:
        found[row.lesson_id].append(row)
    return found


def _tasks(pupil_id: int, facts: Facts) -> dict[int, list[str]]:
    """Homework by the lesson of the week that it is due at; what is due on a day without its lesson is told after the
    week (`_ahead`)."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in facts.homework:
        if row.due_lesson_id is not None and _is_for(row, pupil_id, facts):
            found[row.due_lesson_id].append("не задано" if row.not_set else _task(row))
    return found


def _ahead(pupil_id: int, facts: Facts) -> tuple[str, ...]:
    return tuple(f"{words.short_day(row.due_day)}, {row.name}: {_task(row)}" for row in facts.homework
                 if not row.not_set and (row.due_day > facts.sunday or row.due_lesson_id is None)
                 and _is_for(row, pupil_id, facts))


def _task(row: Any) -> str:
    """Homework, and that there is more of it than paper can carry."""
    files = {0: "", 1: " (и файл: спросите у учителя)"}.get(row.files, " (и файлы: спросите у учителя)")
    return f"{_one_line(row.text)}{files}"


def _is_for(homework: Any, pupil_id: int, facts: Facts) -> bool:
    if homework.named:
        return bool(homework.pupil_id == pupil_id)
    return facts.lists.has(Listed(homework), pupil_id)


def _averages(pupil_id: int, facts: Facts, settings: Settings) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """By subject in the term of the week's last day, each by the terms it is marked by (R11, R15)."""
    usual = facts.school_class.term_scheme
    terms = {scheme: _term(facts, scheme) for scheme in {usual, *(term.scheme for term in facts.year.terms)}}
    of_subject: dict[str, list[Any]] = defaultdict(list)
    for row in facts.marks.get(pupil_id, ()):
        term = terms.get(row.term_scheme or usual)
        if term is not None and term.holds(row.lesson_day):
            of_subject[row.subject].append(row)
    how, retakes = (settings.value(key, on=facts.sunday) for key in ("average", "retake"))
    lines = []
    for subject in sorted(of_subject, key=fold):
        marks = [(row.place, row.value, row.weight, row.retakes_id) for row in of_subject[subject]]
        lines.append((subject, " ".join(value for _, value, _, _ in marks),
                      words.average(average(counting(marks, retakes), how))))
    shown = terms[usual]
    return shown.name if shown else "", tuple(lines)


def _term(facts: Facts, scheme: str) -> TermDates | None:
    return facts.year.of(grade=facts.school_class.grade, scheme=scheme).term_to_show(facts.sunday)


def _earlier(wanted: Wanted, facts: Facts) -> tuple[tuple[str, ...], set[str]]:
    """What was entered of earlier weeks since the sheet before, in the order of lessons; and its names."""
    marks = [row for row in facts.marks.get(wanted.pupil_id, ())
             if row.lesson_day < facts.monday and _is_news(wanted, _mark(row), row.entered_at)]
    new = {row.place for row in marks}
    found = [(row.lesson_day, row.subject, f"{row.value} – {_told(row)}", _mark(row)) for row in marks]
    for row in facts.corrections.get(wanted.pupil_id, ()):
        if said := _changed(row, wanted, facts, new):
            found.append((row.lesson_day, row.subject, said, f"c{row.id}"))
    for row in facts.attendance.get(wanted.pupil_id, ()):
        if row.lesson_day < facts.monday and _is_news(wanted, _letter(row), row.entered_at) and (
                row.code or row.version > 1):
            said = ATTENDANCE[row.code] if row.code else "отметка об отсутствии снята"
            found.append((row.lesson_day, row.subject, said, _letter(row)))
    found.sort(key=lambda one: one[:2])
    return (tuple(f"{words.short_day(day)}, {subject}: {said}" for day, subject, said, _ in found),
            {name for *_, name in found})


def _changed(row: Any, wanted: Wanted, facts: Facts, new: set[int]) -> str:
    """A correction in words; nothing when the mark itself is news, or nobody on paper has ever seen it."""
    if not _is_news(wanted, f"c{row.id}", row.corrected_at):
        return ""
    if taken_from(row) != row.holder_id and row.holder_id != wanted.pupil_id:
        return f"отметка {row.value} перенесена другому ученику"
    if row.mark_id in new or row.lesson_day >= facts.monday:
        return ""
    if row.what == "withdrawn" and row.entered_at > wanted.since:
        return ""
    return history.changed(row.what, row.before, row.after, value=row.value, reason=row.reason, kinds={})


def _is_news(wanted: Wanted, name: str, at: datetime) -> bool:
    return at > wanted.since - OVERLAP and name not in wanted.told


def _notes(wanted: Wanted, facts: Facts) -> tuple[str, ...]:
    return tuple(_note(row) for row in facts.notes.get(wanted.pupil_id, ())
                 if row.day >= facts.monday or _is_news(wanted, f"n{row.id}", row.changed_at or row.written_at))


def _note(row: Any) -> str:
    author = names.with_initials(row.last_name, row.first_name, row.patronymic)
    subject = f", {row.subject}" if row.subject else ""
    return f"{words.short_day(row.day)}, {KIND_NAMES[row.kind]}{subject}: {_one_line(row.text)} ({author})"


def _fresh(pupil_id: int, facts: Facts, now: datetime) -> set[str]:
    """The names of entries on the sheet that the next one would look at again."""
    border = now - OVERLAP
    return ({_mark(row) for row in facts.marks.get(pupil_id, ()) if row.entered_at > border}
            | {_letter(row) for row in facts.attendance.get(pupil_id, ()) if row.entered_at > border}
            | {f"n{row.id}" for row in facts.notes.get(pupil_id, ()) if (row.changed_at or row.written_at) > border}
            | {f"c{row.id}" for row in facts.corrections.get(pupil_id, ()) if row.corrected_at > border})


def _mark(row: Any) -> str:
    return f"m{row.place}"


def _letter(row: Any) -> str:
    return f"a{row.id}.{row.version}"


def _told(row: Any) -> str:
    weight = f", вес{words.NBSP}{row.weight}" if row.weight > 1 else ""
    return f"{words.work_name(row.kind, row.title)}{weight}{f': {row.comment}' if row.comment else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
