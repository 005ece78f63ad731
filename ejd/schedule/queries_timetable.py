"""A timetable as pages show it: its versions, and one of them whole with classes, bells, journals and teachers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseKind, Person, SchoolClass, Subject, TeachingAssignment
from ejd.schedule import groundwork
from ejd.schedule.clashes import ClassWeek, Finding, Sitting, findings
from ejd.schedule.making import SlotFacts
from ejd.schedule.models import Slot, TimetableVersion
from ejd.schedule.queries import NOBODY
from ejd.words import in_hours, in_subgroup


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A timetable in the list. A draft has no `published_at`; one replaced on its first day never was in force."""

    id: int
    year_id: int
    valid_from: date
    valid_to: date | None
    published_at: datetime | None
    lessons: int = 0  # a week

    @property
    def draft(self) -> bool:
        return self.published_at is None

    def in_force(self, day: date) -> bool:
        return not self.draft and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def ever(self) -> bool:
        return self.valid_to is None or self.valid_to >= self.valid_from


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as far as the timetable needs it, with who teaches it on the day asked."""

    id: int
    class_id: int | None
    class_name: str  # or the group's name
    subject: str
    subgroup: int
    kind: str
    half_hours: int
    retired_on: date | None
    teacher_id: int | None
    teacher: str
    class_ids: frozenset[int]
    bells: Mapping[int, tuple[time, time]]

    @property
    def title(self) -> str:
        """«7А, Информатика, подгруппа 2»."""
        return f"{self.class_name}, {self.in_class}"

    @property
    def in_class(self) -> str:
        return in_subgroup(self.subject, self.subgroup)

    @property
    def group(self) -> bool:
        return self.class_id is None


@dataclass(frozen=True, slots=True)
class Placed:
    """Hours put into the timetable against the load."""

    journal: Journal
    lessons: int

    @property
    def load(self) -> str:
        return in_hours(self.journal.half_hours)

    @property
    def differs(self) -> bool:
        """The half of an hour and a half may be a lesson every other week: it stands in the timetable or not."""
        wanted = self.journal.half_hours
        return abs(2 * self.lessons - wanted) > wanted % 2


@dataclass(frozen=True)
class WholeWeek:
    """One version with all that its pages ask of it."""

    version: VersionRow
    classes: Mapping[int, ClassWeek]
    journals: Mapping[int, Journal]
    slots: Sequence[SlotFacts]

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self._sittings(), self.classes)

    @cached_property
    def teachers(self) -> list[tuple[int, str]]:
        """Who teaches any of the journals, by name."""
        return sorted({(one.teacher_id, one.teacher) for one in self.journals.values() if one.teacher_id is not None},
                      key=lambda one: one[1])

    @cached_property
    def rooms(self) -> list[str]:
        return sorted({slot.room for slot in self.slots if slot.room}, key=lambda room: (len(room), room))

    def of_class(self, class_id: int) -> list[SlotFacts]:
        """The places of a class, those of its cross-class groups among them."""
        return [slot for slot in self.slots if class_id in self.journals[slot.course_id].class_ids]

    def of_teacher(self, teacher_id: int) -> list[SlotFacts]:
        return [slot for slot in self.slots if (self.journals[slot.course_id].teacher_id or NOBODY) == teacher_id]

    def in_room(self, room: str) -> list[SlotFacts]:
        return [slot for slot in self.slots if slot.room == room]

    def placed(self, journals: Iterable[Journal]) -> list[Placed]:
        """The journals with their hours, those that nobody needs to hear of left out."""
        counts: dict[int, int] = defaultdict(int)
        for slot in self.slots:
            counts[slot.course_id] += 1
        found = [Placed(one, counts[one.id]) for one in journals if counts[one.id] or self._goes_on(one)]
        return sorted(found, key=lambda one: (one.journal.class_name, one.journal.subject, one.journal.subgroup))

    def offered(self, journals: Iterable[Journal]) -> list[Journal]:
        """The journals that may be put into the timetable."""
        return sorted((one for one in journals if self._goes_on(one)),
                      key=lambda one: (len(one.class_name), one.class_name, one.subject, one.subgroup))

    def journals_of_class(self, class_id: int) -> list[Journal]:
        return [one for one in self.journals.values() if one.class_id == class_id]

    def journals_of_teacher(self, teacher_id: int) -> list[Journal]:
        return [one for one in self.journals.values() if (one.teacher_id or NOBODY) == teacher_id]

    def with_slots(self, slots: Sequence[SlotFacts]) -> WholeWeek:
        """The same with other places: to look before saving."""
        return replace(self, slots=slots)

    def _goes_on(self, journal: Journal) -> bool:
        return journal.retired_on is None or journal.retired_on > self.version.valid_from

    def _sittings(self) -> list[Sitting]:
        found = []
        for slot in self.slots:
            one = self.journals[slot.course_id]
            if slot.number not in one.bells:
                continue  # it cannot become lessons, and is refused before
            starts_at, ends_at = one.bells[slot.number]
            at_home = one.kind == CourseKind.HOME
            found.append(Sitting(
                slot.weekday, slot.number, one.id, one.title, starts_at, ends_at,
                frozenset() if at_home else one.class_ids, one.subgroup, one.group, one.teacher_id, one.teacher,
                slot.room, one.kind == CourseKind.LESSONS))
        return found


def versions_of_year(session: Session, year_id: int) -> list[VersionRow]:
    """Every timetable of the year, drafts too, the latest first. One statement."""
    lessons = select(func.count()).select_from(Slot).where(Slot.version_id == TimetableVersion.id).scalar_subquery()
    rows = session.execute(
        select(TimetableVersion.id, TimetableVersion.year_id, TimetableVersion.valid_from, TimetableVersion.valid_to,
               TimetableVersion.published_at, lessons)
        .where(TimetableVersion.year_id == year_id)
        .order_by(TimetableVersion.valid_from.desc(), TimetableVersion.id.desc()))
    return [VersionRow(*row) for row in rows]


def journals_after(session: Session, year_id: int) -> dict[int, int]:
    """Which journal of the year goes on with one of an earlier year: of the class that follows, or of the group of the
    same name, in the same subject and subgroup. One statement."""
    old, new = aliased(Course), aliased(Course)
    follows = select(SchoolClass.follows_id).where(SchoolClass.id == new.class_id).scalar_subquery()
    rows = session.execute(
        select(old.id, new.id)
        .join(new, and_(new.subject_id == old.subject_id, new.subgroup == old.subgroup, new.kind == old.kind,
                        or_(old.class_id == follows, and_(old.class_id.is_(None), new.class_id.is_(None),
                                                          new.name == old.name))))
        .where(new.year_id == year_id, old.year_id != year_id, new.retired_on.is_(None))
        .order_by(old.year_id, new.id))
    return {row[0]: row[1] for row in rows}


def version_with_id(session: Session, version_id: int) -> VersionRow | None:
    """One timetable. One statement."""
    row = session.execute(
        select(TimetableVersion.id, TimetableVersion.year_id, TimetableVersion.valid_from, TimetableVersion.valid_to,
               TimetableVersion.published_at).where(TimetableVersion.id == version_id)).first()
    return VersionRow(*row) if row else None


def slots_of(session: Session, version_id: int) -> list[SlotFacts]:
    """The places of a version in order of the week. One statement."""
    return [SlotFacts(*row) for row in session.execute(
        select(Slot.id, Slot.weekday, Slot.number, Slot.course_id, Slot.room)
        .where(Slot.version_id == version_id).order_by(Slot.weekday, Slot.number, Slot.id))]


def whole_week(session: Session, version: VersionRow, *, today: date) -> WholeWeek:
    """A version with everything around it, teachers as on the day that counts for it. Five statements."""
    day = max(version.valid_from, min(today, version.valid_to or today))
    bells, usual = groundwork.bells_by_schedule(session)
    classes: dict[int, ClassWeek] = {}
    of_class: dict[int, Mapping[int, tuple[time, time]]] = {}
    for class_id, grade, letter, days, own in session.execute(
            select(SchoolClass.id, SchoolClass.grade, SchoolClass.letter, SchoolClass.days_per_week,
                   SchoolClass.bell_schedule_id).where(SchoolClass.year_id == version.year_id)
            .order_by(SchoolClass.grade, SchoolClass.letter)):
        of_class[class_id] = bells.get(own, usual)
        classes[class_id] = ClassWeek(class_id, f"{grade}{letter}", grade, days, tuple(sorted(of_class[class_id])))
    groups = groundwork.classes_of_groups(session, version.year_id)
    journals = {}
    for course, subject, teacher in session.execute(
            select(Course, Subject.name, Person)
            .join(Subject, Subject.id == Course.subject_id)
            .outerjoin(TeachingAssignment, and_(TeachingAssignment.course_id == Course.id,
                                                held(TeachingAssignment, day)))
            .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
            .where(Course.year_id == version.year_id)):
        class_ids = frozenset({course.class_id} if course.class_id is not None else groups.get(course.id, ()))
        times = bells.get(course.bell_schedule_id) or (of_class[min(class_ids)] if class_ids else usual)
        name = classes[course.class_id].name if course.class_id is not None else course.name
        journals[course.id] = Journal(
            course.id, course.class_id, name, subject, course.subgroup, course.kind,
            course.half_hours, course.retired_on, teacher.id if teacher else None,
            teacher.short_name if teacher else "", class_ids, times)
    return WholeWeek(version, classes, journals, slots_of(session, version.id))


def published_in(session: Session, year_id: int, *, from_on: date) -> list[VersionRow]:
    """The timetables in force on a day or to come, the nearest first. One statement."""
    return [one for one in reversed(versions_of_year(session, year_id))
            if not one.draft and one.ever and (one.valid_to is None or one.valid_to >= from_on)]
