"""What the rules need to know of lessons and their pupils, read for many at once.

Acts begin here: the lessons are locked first, in the order of their ids (then marks, then sums), so that two hands
in one lesson come one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Integer, Select, and_, bindparam, func, literal, or_, select, union_all

from ejd.bulk import AT_ONCE, in_parts
from ejd.db import Session
from ejd.journal.deadlines import after_school_term, days_taken, last_day, limit_of
from ejd.journal.expecting import AWAY
from ejd.journal.marking import Scheme
from ejd.journal.models import Attendance, Exemption, WorkKind
from ejd.refusal import Refused
from ejd.roster.customs import scheme_on
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment, MarkingScheme, SchoolClass
from ejd.roster.stays import Stay, holds
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import Calendar, ClassCalendar
from ejd.school.models import SchoolYear
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings

GONE = "Такого урока нет: обновите страницу"


class LessonFacts(NamedTuple):
    """A lesson with what its course, class and year say."""

    id: int
    course_id: int
    day: date
    number: int
    starts_at: datetime
    teacher_id: int | None
    state: str
    attendance_at: datetime | None
    topic: str
    version: int
    scheme: str
    subgroup: int
    class_id: int | None
    year_id: int
    year_starts: date
    year_ends: date
    grade: int | None
    days_per_week: int | None
    term_scheme: str | None
    year_closed_at: datetime | None
    subject_id: int

    @property
    def cancelled(self) -> bool:
        return self.state != LessonState.PLANNED

    @property
    def is_group(self) -> bool:
        """A subgroup, or a group over several classes: it has members of its own."""
        return bool(self.subgroup) or self.class_id is None

    @property
    def markless(self) -> bool:
        return self.scheme == MarkingScheme.MARKLESS


_LESSONS = (
    select(Lesson.id, Lesson.course_id, Lesson.day, Lesson.number, Lesson.starts_at, Lesson.teacher_id, Lesson.state,
           Lesson.attendance_at, Lesson.topic, Lesson.version, scheme_on(Lesson.day), Course.subgroup, Course.class_id,
           Course.year_id, SchoolYear.starts_on, SchoolYear.ends_on, SchoolClass.grade, SchoolClass.days_per_week,
           SchoolClass.term_scheme, SchoolYear.closed_at, Course.subject_id)
    .join(Course, Course.id == Lesson.course_id)
    .join(SchoolYear, SchoolYear.id == Course.year_id)
    .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
    .where(Lesson.id.in_(bindparam("ids", expanding=True))).order_by(Lesson.id)
    .with_for_update(of=Lesson, key_share=True))


def lock_lessons(session: Session, lesson_ids: Collection[int]) -> dict[int, LessonFacts]:
    """The lessons, held against other hands until the transaction ends. Refused when one is not there."""
    found: dict[int, LessonFacts] = {}
    for part in in_parts(sorted(set(lesson_ids))):
        found.update((row[0], LessonFacts._make(row)) for row in session.execute(_LESSONS, {"ids": part}))
    if len(found) < len(set(lesson_ids)):
        raise Refused(GONE)
    return found


def _stays(owner: Any, table: Any, at_home: Any) -> Select[Any]:
    """Stays of pupils in classes, or in groups; of all, or only of those asked for. `at_home` is the subject that a
    pupil of the class is taught at home on these days."""
    return select(owner, table.pupil_id, table.from_on, table.to_on, at_home).where(
        owner.in_(bindparam("owners", expanding=True)),
        or_(bindparam("everybody"), table.pupil_id.in_(bindparam("pupils", expanding=True))))


_IN_GROUPS = _stays(CourseMember.course_id, CourseMember, literal(None, Integer))
_IN_CLASSES = union_all(
    _stays(Enrolment.class_id, Enrolment, literal(None, Integer)),
    _stays(Enrolment.class_id, CourseMember, Course.subject_id)
    .join(Course, Course.id == CourseMember.course_id).join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
    .where(Course.kind == CourseKind.HOME.value))


class Listed(Protocol):
    """A lesson as its list is asked about: of which journal, on which day."""

    @property
    def course_id(self) -> int: ...
    @property
    def class_id(self) -> int | None: ...
    @property
    def subject_id(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def is_group(self) -> bool: ...


class Lists:
    """Who was in the journal of which lesson on its day: the pupils asked for, or everybody.

    `roster.members` answers the same for showing, with names; here it is asked at every mark.
    """

    def __init__(self, session: Session, lessons: Collection[Listed],
                 pupil_ids: Collection[int] | None = None) -> None:
        """One statement for whole classes, one for groups."""
        whole = {lesson.class_id for lesson in lessons if not lesson.is_group}
        groups = {lesson.course_id for lesson in lessons if lesson.is_group}
        pupils = sorted(set(pupil_ids or ()))
        everybody = pupil_ids is None or len(pupils) > AT_ONCE // 2
        self._stays: dict[tuple[bool, int | None, int | None], dict[int, list[Stay]]] = {}
        for is_group, query, owners in ((False, _IN_CLASSES, whole), (True, _IN_GROUPS, groups)):
            for part in in_parts(sorted(owners)):  # type: ignore[type-var]
                for owner, pupil_id, first, last, at_home in session.execute(
                        query, {"owners": part, "everybody": everybody, "pupils": [] if everybody else pupils}):
                    of_pupil = self._stays.setdefault((is_group, owner, at_home), {}).setdefault(pupil_id, [])
                    of_pupil.append((first, last))

    def has(self, lesson: Listed, pupil_id: int) -> bool:
        if not any(holds(stay, lesson.day) for stay in self._of(lesson).get(pupil_id, ())):
            return False
        at_home = () if lesson.is_group else self._stays.get((False, lesson.class_id, lesson.subject_id), {}).get(
            pupil_id, ())
        return not any(holds(stay, lesson.day) for stay in at_home)

    def on(self, lesson: Listed) -> list[int]:
        """Everybody in the list on the lesson's day. Nobody in a subgroup that is not divided yet."""
        return [pupil_id for pupil_id in self._of(lesson) if self.has(lesson, pupil_id)]

    def _of(self, lesson: Listed) -> dict[int, list[Stay]]:
        return self._stays.get((lesson.is_group, lesson.course_id if lesson.is_group else lesson.class_id, None), {})


class Kind(NamedTuple):
    """A work kind as marks need it."""

    id: int
    code: str
    name: str
    weight: int
    retired: bool


_KINDS = (select(WorkKind.id, WorkKind.code, WorkKind.name, WorkKind.weight, WorkKind.retired)
          .order_by(WorkKind.position, WorkKind.id))


class SchoolRules:
    """Settings, kinds of work and calendars as they bear on marks; each read once for a batch of acts."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings
        self._calendars: dict[int, Calendar] = {}
        self._known: dict[tuple[Any, ...], Any] = {}

    @cached_property
    def kinds(self) -> dict[int, Kind]:
        return {row[0]: Kind(*row) for row in self._session.execute(_KINDS)}

    @property
    def usual_kind(self) -> Kind:
        """What a mark was given for when nobody says: the first kind, an answer at the lesson."""
        return next(iter(self.kinds.values()))

    def kind(self, kind_id: int, *, standing: int | None = None) -> Kind:
        """Raises Refused when there is no such kind, or it is used no more; what has it already (`standing`) keeps
        it."""
        kind = self.kinds.get(kind_id)
        if kind is None or kind.retired and kind_id != standing:
            raise Refused("Выберите вид работы из списка", field="kind_id")
        return kind

    def timeliness(self, lesson: LessonFacts, kind: Kind, received_on: date, entered_on: date) -> dict[str, Any]:
        """The columns of a mark that say how long entering it took."""
        taken = days_taken(received_on, entered_on)
        after = taken > 0 and after_school_term(received_on, entered_on, self.last_day(lesson, kind, received_on))
        return {"days_taken": taken, "over_limit": after}

    def scheme(self, lesson: LessonFacts) -> Scheme:
        """How the lesson's subject is marked (R14), with «1» when the school puts it."""
        known = self._known.get((lesson.scheme, lesson.day))
        if known is None:
            known = self._known[lesson.scheme, lesson.day] = Scheme(
                markless=lesson.markless, pass_fail=lesson.scheme == MarkingScheme.PASS_FAIL,
                ones=self._settings.value("marks.one", on=lesson.day))
        return known

    def last_day(self, lesson: LessonFacts, kind: Kind, received_on: date) -> date:
        """The last day by the school's own term for the kind, as it held then (R2); R1's when it has none."""
        key = (kind.id, received_on, lesson.year_id, lesson.class_id, lesson.term_scheme)
        known = self._known.get(key)
        if known is None:
            limit = limit_of(self._settings.value("limits", on=received_on), kind.code)
            known = self._known[key] = (limit.last_day(received_on, self.calendar(lesson)) if limit
                                        else last_day(received_on))
        return known

    def calendar(self, lesson: LessonFacts) -> ClassCalendar:
        """The calendar of the lesson's class."""
        year = self._calendars.get(lesson.year_id)
        if year is None:
            year = self._calendars[lesson.year_id] = calendar_of(self._session, lesson.year_id)
        return year.of(grade=lesson.grade, days_per_week=lesson.days_per_week or 6, scheme=lesson.term_scheme,
                       class_id=lesson.class_id)


def codes_in(session: Session, lesson_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Letters of attendance that stand in the lessons, by lesson and pupil."""
    found: dict[tuple[int, int], str] = {}
    for part in in_parts(sorted(lesson_ids)):
        found.update(((lesson_id, pupil_id), str(code)) for lesson_id, pupil_id, code in session.execute(
            select(Attendance.lesson_id, Attendance.pupil_id, Attendance.code)
            .where(Attendance.lesson_id.in_(part), Attendance.code.is_not(None))))
    return found


def exempt_in(session: Session, lessons: Mapping[int, LessonFacts]) -> set[tuple[int, int]]:
    """Who is exempt («осв») at which of the lessons, as lesson and pupil."""
    by_course = defaultdict(list)
    for lesson in lessons.values():
        by_course[lesson.course_id].append(lesson)
    found: set[tuple[int, int]] = set()
    for part in in_parts(sorted(by_course)):
        for course_id, pupil_id, first, last in session.execute(
                select(Exemption.course_id, Exemption.pupil_id, Exemption.from_on, Exemption.to_on)
                .where(Exemption.course_id.in_(part))):
            found.update((lesson.id, pupil_id) for lesson in by_course[course_id]
                         if first <= lesson.day and (last is None or lesson.day <= last))
    return found


def latest_attended(session: Session, lesson: LessonFacts, pupil_id: int, at: datetime) -> date | None:
    """The day of the pupil's latest attended lesson of the subject after this one, begun by that moment (R3)."""
    letter = and_(Attendance.lesson_id == Lesson.id, Attendance.pupil_id == pupil_id)
    return session.scalar(
        select(func.max(Lesson.day)).outerjoin(Attendance, letter)
        .where(Lesson.course_id == lesson.course_id, Lesson.day > lesson.day, Lesson.starts_at <= at,
               Lesson.state == LessonState.PLANNED.value, Lesson.attendance_at.is_not(None),
               or_(Attendance.code.is_(None), Attendance.code.not_in([code.value for code in AWAY]))))
