"""What a printed journal says, made from its facts: for every journal of the class its pupils with their cells and its
lessons with their words, and who missed how much (R51). No database here, and nothing drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ejd.certification.journal_facts import CourseFact, JournalFacts, LessonFact, MarkFact, Stays, WorkFact
from ejd.certification.journal_pages import months
from ejd.journal.excusing import missed_day
from ejd.journal.expecting import AWAY, Presence
from ejd.roster.models import CourseKind
from ejd.roster.stays import holds
from ejd.words import MONTHS_THEMSELVES, in_subgroup, work_name

Names = Mapping[int, tuple[str, str]]  # a person's name with initials, and in full
AFTER_CLOSING, RETAKEN = "*", "/"  # paper journals write a re-take as a fraction, and PT Sans has no arrow


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson: the head of its column, and its row."""

    day: date
    works: str  # short names: «к/р»
    topic: str
    homework: str
    teacher: str


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil: what stands in the cells, by the place of the lesson; `away` are lessons at which he was not in it."""

    name: str
    told: str  # «выбыл 12.10»
    cells: Mapping[int, str]
    away: Collection[int]


@dataclass(frozen=True, slots=True)
class CourseBook:
    """One journal of the class, with how many marks and letters of attendance stand in it."""

    title: str
    teachers: str
    lessons: Sequence[LessonLine]
    pupils: Sequence[PupilLine]
    mark_count: int
    letter_count: int
    changed: bool  # something came after closing
    retaken: bool = False


@dataclass(slots=True)
class Absence:
    """How much somebody missed: whole days, lessons with a reason and without."""

    days: int = 0
    excused: int = 0
    without: int = 0

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(str(one or "") for one in (self.days, self.excused + self.without, self.excused, self.without))


@dataclass(frozen=True, slots=True)
class AbsenceSheet:
    """Pupils × months, or quarters, with all of it behind."""

    periods: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Absence]]]
    total: Sequence[Absence]


@dataclass(slots=True)
class _Course:
    """A journal's facts on their way."""

    course: CourseFact
    lessons: list[LessonFact] = field(default_factory=list)
    letters: dict[tuple[int, int], str] = field(default_factory=dict)
    marks: dict[tuple[int, int], list[MarkFact]] = field(default_factory=lambda: defaultdict(list))


def course_books(facts: JournalFacts, names: Names, until: date) -> list[CourseBook]:
    """Every journal of the class, with its lessons up to a day."""
    found = {one.id: _Course(one) for one in facts.courses}
    at: dict[int, int] = {}
    for lesson in facts.lessons:
        if lesson.day <= until:
            found[lesson.course_id].lessons.append(lesson)
            at[lesson.id] = lesson.course_id
    for letter in facts.letters:
        if letter.lesson_id in at:
            found[at[letter.lesson_id]].letters[letter.pupil_id, letter.lesson_id] = letter.code
    for mark in facts.marks:
        if mark.lesson_id in at:
            found[at[mark.lesson_id]].marks[mark.pupil_id, mark.lesson_id].append(mark)
    homework = _homework(facts)
    works: dict[int, list[WorkFact]] = defaultdict(list)
    for work in facts.works:
        works[work.lesson_id].append(work)
    return [_book(one, facts, names, homework, works) for one in found.values()]


def _book(one: _Course, facts: JournalFacts, names: Names, homework: Mapping[int, str],
          works: Mapping[int, Sequence[WorkFact]]) -> CourseBook:
    members = facts.members[one.course.id]
    strangers = {pupil_id for pupil_id, _ in (*one.letters, *one.marks)} - set(members)
    pupils = [_pupil(one, facts, pupil.id, members.get(pupil.id, ()), (pupil.name, pupil.came_on, pupil.left_on))
              for pupil in facts.pupils if pupil.id in members or pupil.id in strangers]
    pupils += [_pupil(one, facts, pupil_id, (), (names[pupil_id][1], facts.first, None))
               for pupil_id in sorted(strangers - {pupil.id for pupil in facts.pupils})]
    lessons = [_lesson(lesson, names, homework.get(lesson.id, ""), works.get(lesson.id, ())) for lesson in one.lessons]
    own = {lesson.substitutes_id or lesson.teacher_id: None for lesson in one.lessons}
    marks = [mark for of_cell in one.marks.values() for mark in of_cell]
    return CourseBook(
        title_of(one.course), ", ".join(names[teacher][1] for teacher in own if teacher), lessons, pupils, len(marks),
        len(one.letters), any(mark.after_closing for mark in marks),
        any(mark.retakes_id for mark in marks))


def title_of(course: CourseFact) -> str:
    """«Математика, подгруппа 1», «Шахматы (группа «Дебют»)»"""
    return in_subgroup(course.subject, course.subgroup) if course.of_class else (
        f"{course.subject} (группа «{course.group}»)" if course.group else course.subject)


def _pupil(one: _Course, facts: JournalFacts, pupil_id: int, stays: Stays,
           who: tuple[str, date, date | None]) -> PupilLine:
    name, came_on, left_on = who
    exempt = [(row.from_on, row.to_on) for row in facts.exemptions
              if (row.course_id, row.pupil_id) == (one.course.id, pupil_id)]
    cells, away = {}, set()
    for place, lesson in enumerate(one.lessons):
        said = cell(one.letters.get((pupil_id, lesson.id), ""), one.marks.get((pupil_id, lesson.id), ()))
        here = any(holds(stay, lesson.day) for stay in stays)
        if not here:
            away.add(place)
        if not said and here and any(holds(stay, lesson.day) for stay in exempt):
            said = "осв"
        if said:
            cells[place] = said
    return PupilLine(name, movement(came_on, left_on, facts), cells, away)


def movement(came_on: date, left_on: date | None, facts: JournalFacts) -> str:
    """When a pupil came or left, within the span: «прибыл 05.10, выбыл 12.10»."""
    said = [f"с {came_on:%d.%m}"] if max(facts.first, facts.year.starts_on) < came_on <= facts.last else []
    if left_on is not None and facts.first <= left_on <= facts.last and left_on < facts.year.ends_on:
        said.append(f"по {left_on:%d.%m}")
    return ", ".join(said)


def cell(letter: str, marks: Sequence[MarkFact]) -> str:
    """«н 4», «3/5»: the letter, then the marks, a re-take right behind the mark that it mends (R11)."""
    order: list[tuple[int, str]] = []
    for mark in marks:
        said = mark.value + (AFTER_CLOSING if mark.after_closing else "")
        place = next((place for place, (mark_id, _) in enumerate(order) if mark_id == mark.retakes_id), None)
        if place is not None:
            order[place] = (mark.id, f"{order[place][1]}{RETAKEN}{said}")
        else:
            order.append((mark.id, f"{RETAKEN}{said}" if mark.retakes_id else said))
    return " ".join(filter(None, [letter, *(said for _, said in order)]))


def _lesson(lesson: LessonFact, names: Names, homework: str, works: Sequence[WorkFact]) -> LessonLine:
    told = [lesson.topic.strip()]
    told += [name for work in works if (name := work_name(work.kind, work.title)).casefold()
             not in lesson.topic.casefold()]
    if lesson.merged_into_id is not None:
        told.append("(дан вместе с другим уроком)")
    if lesson.remote:
        told.append("(дистанционно)")
    teacher = names[lesson.teacher_id][0] if lesson.teacher_id else ""
    if lesson.substitutes_id is not None:
        teacher = f"замена: {teacher}"
    return LessonLine(lesson.day, " ".join(work.short for work in works), _sentences(told), homework,
                      teacher)


def _sentences(parts: Sequence[str]) -> str:
    """One behind the other, each ended by a point."""
    said = [part for part in parts if part]
    return " ".join([*(part if part[-1] in ".!?…" or after.startswith("(") else f"{part}."
                       for part, after in zip(said, said[1:], strict=False)), *said[-1:]])


def _homework(facts: JournalFacts) -> dict[int, str]:
    """Of the class, behind it what named pupils have of their own (R5)."""
    said: dict[int, list[str]] = defaultdict(list)
    for one in facts.homework:
        text = "не задано" if one.not_set else one.text.strip()
        said[one.lesson_id].append(f"(отдельным ученикам: {text})" if one.named else text)
    return {lesson_id: " ".join(texts) for lesson_id, texts in said.items()}


def absences(facts: JournalFacts, quarters: Sequence[tuple[str, date, date]], until: date) -> AbsenceSheet:
    """By the months of a term, or the quarters of a year. Activities are no lessons; a day is missed when all of the
    pupil's lessons were; who was late was there (R10)."""
    spans = list(quarters) if facts.whole_year else [
        (MONTHS_THEMSELVES[first.month - 1], first, last) for first, last in months(facts.first, facts.last)]
    learned = {one.id for one in facts.courses if one.kind != CourseKind.ACTIVITY.value}
    by_day: dict[date, list[LessonFact]] = defaultdict(list)
    for lesson in facts.lessons:
        if lesson.course_id in learned and lesson.day <= until:
            by_day[lesson.day].append(lesson)
    letters = {(one.pupil_id, one.lesson_id): one.code for one in facts.letters}
    rows = [(pupil.name, [*(_missed(pupil.id, facts, by_day, letters, first, last) for _, first, last in spans),
                          _missed(pupil.id, facts, by_day, letters, facts.first, facts.last)])
            for pupil in facts.pupils]
    total = [Absence(*(sum(getattr(row[place], name) for _, row in rows) for name in ("days", "excused", "without")))
             for place in range(len(spans) + 1)]
    return AbsenceSheet([*(name for name, _, _ in spans), "Всего"], rows, total)


def _missed(pupil_id: int, facts: JournalFacts, by_day: Mapping[date, Sequence[LessonFact]],
            letters: Mapping[tuple[int, int], str], first: date, last: date) -> Absence:
    found = Absence()
    for day, lessons in by_day.items():
        if not first <= day <= last:
            continue
        here = [code for lesson in lessons if (code := letters.get((pupil_id, lesson.id)))]
        if not here:
            continue
        count = Counter(code for code in here if code in AWAY)
        mine = sum(any(holds(stay, day) for stay in facts.members[lesson.course_id].get(pupil_id, ()))
                   for lesson in lessons)
        found.days += missed_day(here, mine) is not None
        found.without += count[Presence.ABSENT.value]
        found.excused += count.total() - count[Presence.ABSENT.value]
    return found
