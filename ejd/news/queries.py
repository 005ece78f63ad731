"""Who is to be told what: addresses that stand, the pupils about whom each may hear, and what is new about them (R40).

Bounded statements for all addresses at once. A pupil's diary closed to somebody says nothing to them here either (R23),
and a family on paper is told on paper (R20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, and_, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.bulk import in_parts
from ejd.credentials.models import Account
from ejd.db import Session
from ejd.families.models import ServiceForm
from ejd.families.provision import Form, closed_to_pupil
from ejd.families.queries import standings_of
from ejd.families.sheet_facts import taken_from
from ejd.homeroom.models import Note, NoteRecipient
from ejd.journal.expecting import Awaiting
from ejd.journal.models import Expectation, Homework, HomeworkPupil, Mark, MarkCorrection, Work
from ejd.news.due import Rhythm, Topic, is_paused
from ejd.news.models import NewsAddress
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment, Guardianship, Person
from ejd.schedule.models import Lesson

Moments = Mapping[int, datetime]  # by pupil: of the newest thing
Changes = Mapping[int, Sequence[tuple[datetime, datetime]]]  # by pupil: since when it was there, when it changed
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Address:
    """A confirmed address of somebody who can sign in, with what it is to be told when."""

    person_id: int
    email: str
    topics: frozenset[str]
    told_until: datetime
    rhythm: Rhythm  # by the school's wall clock


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page of the address shows; a new one has version 0."""

    email: str = ""
    confirmed: bool = False
    topics: frozenset[str] = frozenset(topic.value for topic in Topic)
    often: str = "daily"
    quiet_from: int = 21
    quiet_to: int = 8
    items_often: str = ""
    paused: bool = False
    version: int = 0


def chosen_by(session: Session, person_id: int) -> Chosen:
    """One statement."""
    row = session.scalar(select(NewsAddress).filter_by(person_id=person_id))
    if row is None:
        return Chosen()
    return Chosen(row.email, row.confirmed_at is not None, _topics(row.topics), row.often, row.quiet_from, row.quiet_to,
                  row.items_often, is_paused(row.failures), row.version)


def addresses(session: Session) -> list[Address]:
    """One statement."""
    rows = session.scalars(
        select(NewsAddress).join(Person, Person.id == NewsAddress.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(NewsAddress.email != "", NewsAddress.confirmed_at.is_not(None), Person.erased_at.is_(None),
               Account.disabled_at.is_(None)).order_by(Person.id))
    return [Address(row.person_id, row.email, _topics(row.topics), row.told_until, _rhythm(row)) for row in rows]


def _topics(kept: str) -> frozenset[str]:
    return frozenset(filter(None, kept.split(",")))


def _rhythm(row: NewsAddress) -> Rhythm:
    return Rhythm(row.often, row.quiet_from, row.quiet_to, clock.local(row.told_until), row.items_often,
                  row.items_told_on, clock.local(row.failed_at) if row.failed_at else None, row.failures)


def pupils_told(session: Session, person_ids: Collection[int], *, today: date, signs_from: int) -> dict[int, set[int]]:
    """About which pupils each of these people may be told: the own children who learn here and whose form of service is
    electronic, and a pupil whose own login is open. Four statements."""
    on_paper = exists().where(ServiceForm.guardian_id == Guardianship.guardian_id,
                              ServiceForm.pupil_id == Guardianship.pupil_id, held(ServiceForm, today),
                              ServiceForm.form != Form.ELECTRONIC.value)
    learns = exists().where(Enrolment.pupil_id == Guardianship.pupil_id, held(Enrolment, today))
    found: dict[int, set[int]] = {person_id: set() for person_id in person_ids}
    for guardian_id, pupil_id in session.execute(
            select(Guardianship.guardian_id, Guardianship.pupil_id)
            .where(Guardianship.guardian_id.in_(person_ids), held(Guardianship, today), learns, ~on_paper)):
        found[guardian_id].add(pupil_id)
    pupils = set(session.scalars(select(Enrolment.pupil_id).where(Enrolment.pupil_id.in_(person_ids),
                                                                  held(Enrolment, today))))
    for pupil_id, standing in standings_of(session, pupil_ids=pupils, day=today).items():
        if closed_to_pupil(standing, today=today, signs_from=signs_from) is None:
            found[pupil_id].add(pupil_id)
    return found


def newest(session: Session, topic: Topic, pupil_ids: Collection[int], *, since: datetime, until: datetime) -> Moments:
    """The newest moment of a topic about each of the pupils after `since` and up to `until`. One statement for some
    hundred pupils, for what is missing two."""
    found: dict[int, datetime] = {}
    for part in in_parts(pupil_ids):
        found.update(_ASKED[topic](session, part, since, until))
    return found


def changes(session: Session, topic: Topic, pupil_ids: Collection[int], *, since: datetime, until: datetime) -> Changes:
    """What of a topic was changed or taken back after `since` and up to `until`: news to who was told of what stood
    before. One statement for some hundred pupils; none where nothing changes that is not told as new."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    if topic in _CHANGED:
        for part in in_parts(pupil_ids):
            for pupil_id, there, at in _CHANGED[topic](session, part, since, until):
                found[pupil_id].append((there, at))
    return found


def _marks(session: Session, pupil_ids: Collection[int], since: datetime, until: datetime) -> Moments:
    """Marks and results that stand."""
    marks = select(Mark.pupil_id.label("pupil_id"), Mark.entered_at.label("at")).where(
        Mark.pupil_id.in_(pupil_ids), Mark.withdrawn_at.is_(None), Mark.entered_at > since, Mark.entered_at <= until)
    results = select(TermMark.pupil_id, TermMark.entered_at).where(
        TermMark.pupil_id.in_(pupil_ids), TermMark.value.is_not(None), TermMark.entered_at > since,
        TermMark.entered_at <= until)
    both = union_all(marks, results).subquery()
    return _by_pupil(session, select(both.c.pupil_id, func.max(both.c.at)).group_by(both.c.pupil_id))


def _missing(session: Session, pupil_ids: Collection[int], since: datetime, until: datetime) -> Moments:
    """Works that a teacher noted as owed, and those whose last day to hand in went by: told from the next morning."""
    owed = and_(Expectation.awaiting == Awaiting.PUPIL.value, Expectation.pupil_id.in_(pupil_ids),
                exists().where(Work.id == Expectation.work_id, Work.withdrawn_at.is_(None)))
    noted = dict(_by_pupil(session, (
        select(Expectation.pupil_id, func.max(AuditRecord.at))
        .join(AuditRecord, and_(AuditRecord.verb == "expectation.owed", AuditRecord.subject_id == Expectation.work_id,
                                AuditRecord.data.contains(_named_in_record)))
        .where(owed, AuditRecord.at > since, AuditRecord.at <= until).group_by(Expectation.pupil_id))))
    first, last = (clock.local(moment).date() - timedelta(days=1) for moment in (since, until))
    for pupil_id, day in session.execute(
            select(Expectation.pupil_id, func.max(Expectation.hand_in_by))
            .where(owed, Expectation.hand_in_by.between(first, last)).group_by(Expectation.pupil_id)):
        if day and since < (at := clock.at(day + timedelta(days=1))):  # the first moment of the next day
            noted[pupil_id] = max(at, noted.get(pupil_id, at))
    return noted


# The record says `"pupil":12,` in its data.
_named_in_record = literal('"pupil":') + cast(Expectation.pupil_id, String) + literal(",")


def _changed_marks(session: Session, pupil_ids: Collection[int], since: datetime, until: datetime
                   ) -> Iterator[tuple[int, datetime, datetime]]:
    """Marks and results that were corrected, withdrawn or moved (R3): a moved one is new to whoever got it, and gone
    for whoever had it."""
    wanted = set(pupil_ids)
    marks = (select(Mark.pupil_id.label("holder_id"), MarkCorrection.what.label("what"), MarkCorrection.before,
                    Mark.entered_at.label("there"), MarkCorrection.corrected_at.label("at"))
             .join(Mark, Mark.id == MarkCorrection.mark_id)
             .where(MarkCorrection.corrected_at > since, MarkCorrection.corrected_at <= until,
                    or_(Mark.pupil_id.in_(pupil_ids), MarkCorrection.what == "moved")))
    results = (select(TermMark.pupil_id, literal("result"), TermMarkCorrection.before, TermMark.entered_at,
                      TermMarkCorrection.corrected_at)
               .join(TermMark, TermMark.id == TermMarkCorrection.term_mark_id)
               .where(TermMarkCorrection.corrected_at > since, TermMarkCorrection.corrected_at <= until,
                      TermMark.pupil_id.in_(pupil_ids)))
    for row in session.execute(union_all(marks, results)):
        had = taken_from(row)
        yield from ((pupil_id, row.there if pupil_id == had else NEVER, row.at)
                    for pupil_id in {had, row.holder_id} & wanted)


def _homework(session: Session, pupil_ids: Collection[int], since: datetime, until: datetime) -> Moments:
    """Homework that stands."""
    every = _homework_of(pupil_ids, and_(
        Homework.published_at > since, Homework.published_at <= until, Homework.not_set.is_(False),
        Homework.withdrawn_at.is_(None)), Homework.published_at.label("at"))
    return _by_pupil(session, select(every.c.pupil_id, func.max(every.c.at)).group_by(every.c.pupil_id))


def _changed_homework(session: Session, pupil_ids: Collection[int], since: datetime, until: datetime
                      ) -> Iterator[tuple[int, datetime, datetime]]:
    """Homework whose text or day was changed after it was published, or that was taken back."""
    at = func.coalesce(Homework.withdrawn_at, Homework.changed_at)
    every = _homework_of(pupil_ids, and_(at > since, at <= until, Homework.published_at < at),
                         Homework.published_at.label("there"), at.label("at"))
    for row in session.execute(select(every.c.pupil_id, every.c.there, every.c.at).distinct()):
        yield row.pupil_id, row.there, row.at


def _homework_of(pupil_ids: Collection[int], which: ColumnElement[bool], *columns: Any) -> Subquery:
    """Homework set to the pupil's class, subgroup or group on the day of the lesson, or to the pupil by name."""
    home, member = aliased(Course), aliased(CourseMember)
    taught_at_home = exists().where(
        member.pupil_id == Enrolment.pupil_id, held(member, Lesson.day), home.id == member.course_id,
        home.kind == CourseKind.HOME.value, home.subject_id == Course.subject_id).correlate(Enrolment, Lesson, Course)
    at_lessons = select(*columns).join(Lesson, Lesson.id == Homework.lesson_id).where(which)
    of_class = (at_lessons.add_columns(Enrolment.pupil_id.label("pupil_id"))
                .join(Course, and_(Course.id == Lesson.course_id, Course.subgroup == 0))
                .join(Enrolment, and_(Enrolment.class_id == Course.class_id, held(Enrolment, Lesson.day)))
                .where(Homework.named.is_(False), Enrolment.pupil_id.in_(pupil_ids), ~taught_at_home))
    of_group = (at_lessons.add_columns(CourseMember.pupil_id)
                .join(CourseMember, and_(CourseMember.course_id == Lesson.course_id, held(CourseMember, Lesson.day)))
                .where(Homework.named.is_(False), CourseMember.pupil_id.in_(pupil_ids)))
    by_name = (at_lessons.add_columns(HomeworkPupil.pupil_id)
               .join(HomeworkPupil, HomeworkPupil.homework_id == Homework.id)
               .where(HomeworkPupil.pupil_id.in_(pupil_ids)))
    return union_all(of_class, of_group, by_name).subquery()


def _notes(session: Session, pupil_ids: Collection[int], since: datetime, until: datetime) -> Moments:
    return _by_pupil(session, (
        select(NoteRecipient.pupil_id, func.max(Note.written_at)).join(Note, Note.id == NoteRecipient.note_id)
        .where(NoteRecipient.pupil_id.in_(pupil_ids), Note.withdrawn_at.is_(None),
               Note.written_at > since, Note.written_at <= until)
        .group_by(NoteRecipient.pupil_id)))


def _by_pupil(session: Session, query: Any) -> dict[int, datetime]:
    return {row[0]: row[1] for row in session.execute(query)}


_ASKED = {Topic.MARKS: _marks, Topic.MISSING: _missing, Topic.HOMEWORK: _homework, Topic.NOTES: _notes}
_CHANGED = {Topic.MARKS: _changed_marks, Topic.HOMEWORK: _changed_homework}
