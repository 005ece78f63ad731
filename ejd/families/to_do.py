"""What waits for a class teacher in the own class, each kind with its page (R62): families' words without an answer,
sheets and cards still to be printed or handed out, results missing in a term that ends. One statement, so that it fits
on the teacher's first page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ejd.credentials.models import Card
from ejd.db import Session
from ejd.families.models import ServiceForm, WeeklySheet
from ejd.families.provision import Form
from ejd.families.week_due import ON_PAPER, SEVEN_DAYS, SIX_DAYS
from ejd.homeroom.models import Note, NoteAnswer
from ejd.homeroom.queries import KIND_NAMES
from ejd.journal.models import Excuse, ExcuseState, TermClosing
from ejd.results.models import Period, TermMark
from ejd.roster.belonging import held, lasting, touching
from ejd.roster.models import Course, CourseKind, Enrolment, Guardianship, MarkingScheme, SchemeOfTerm, SchoolClass
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import monday_of
from ejd.school.models import Term

ANSWERED_LATELY = timedelta(days=3)
BEFORE_THE_END = timedelta(days=7)  # of a term or year: then results are looked for
NOBODY = 0  # a reader whose own notes are not asked for
WEEKS_BACK = 6  # of forgotten sheets; holidays among them


class ItemKind(StrEnum):
    """What waits, in the order in which it is told."""

    ANNOUNCED = "announced"
    RESULTS = "results"
    TO_PRINT = "to_print"
    TO_HAND = "to_hand"
    CARDS = "cards"
    ANSWERED = "answered"  # not to be done, but to be read


@dataclass(frozen=True, slots=True)
class ClassItem:
    """So many of a kind in a class; of answers, to which note."""

    kind: ItemKind
    class_id: int
    class_name: str
    count: int
    note_id: int
    note_kind: str


def class_items(session: Session, *, reader_id: int, class_ids: Collection[int], today: date, now: datetime
                ) -> list[ClassItem]:
    """What waits in the own classes, and the answers of the last days to notes there and to the reader's own. One
    statement."""
    parts = [_answered(reader_id, class_ids, now - ANSWERED_LATELY)]
    if class_ids:
        parts += [_announced(today), _results(today), _to_print(class_ids, today, now), _to_hand(today), _cards(today)]
    found = union_all(*parts).subquery()
    rows = session.execute(
        select(found, SchoolClass.grade, SchoolClass.letter).join(SchoolClass, SchoolClass.id == found.c.class_id)
        .where(or_(found.c.kind == ItemKind.ANSWERED.value, found.c.class_id.in_(class_ids))))
    order = list(ItemKind)
    found_of: dict[tuple[str, int, int], ClassItem] = {}
    for row in rows:
        key = (row.kind, row.class_id, row.note_id)
        before = found_of[key].count if key in found_of else 0
        found_of[key] = ClassItem(ItemKind(row.kind), row.class_id, f"{row.grade}{row.letter}", before + row.amount,
                                  row.note_id, KIND_NAMES.get(row.note_kind, ""))
    items = [item for item in found_of.values() if item.count]
    return sorted(items, key=lambda item: (order.index(item.kind), item.class_id, -item.note_id))


def _counted(kind: ItemKind, class_id: Any, note_id: Any = None, note_kind: Any = None, amount: Any = None
             ) -> Select[*tuple[Any, ...]]:
    return select(literal(kind.value, String).label("kind"), class_id.label("class_id"),
                  (literal(0, Integer) if note_id is None else note_id).label("note_id"),
                  (literal("", String) if note_kind is None else note_kind).label("note_kind"),
                  (func.count() if amount is None else amount).label("amount")).group_by(class_id)


def _answered(reader_id: int, class_ids: Collection[int], since: datetime) -> Select[*tuple[Any, ...]]:
    """A former class teacher reads no answers; whoever wrote at a lesson does (R33)."""
    return (_counted(ItemKind.ANSWERED, Note.class_id, Note.id, Note.kind)
            .join(NoteAnswer, NoteAnswer.note_id == Note.id)
            .where(NoteAnswer.written_at >= since, Note.withdrawn_at.is_(None),
                   or_(and_(Note.author_id == reader_id, Note.lesson_id.is_not(None)), Note.class_id.in_(class_ids)))
            .group_by(Note.id, Note.kind))


def _announced(today: date) -> Select[*tuple[Any, ...]]:
    return (_counted(ItemKind.ANNOUNCED, Enrolment.class_id).join(Excuse, Excuse.pupil_id == Enrolment.pupil_id)
            .where(held(Enrolment, today), Excuse.state == ExcuseState.ANNOUNCED.value))


def _results(today: date) -> Select[*tuple[Any, ...]]:
    """Pupils × subjects of the whole class or its subgroups without a mark of a term that ends within a week, or is
    over and not closed."""
    closed = exists().where(TermClosing.class_id == SchoolClass.id, TermClosing.term_id == Term.id)
    taught = exists().where(Lesson.course_id == Course.id, Lesson.state == LessonState.PLANNED.value,
                            Lesson.day.between(Term.starts_on, Term.ends_on))
    there = exists().where(TermMark.pupil_id == Enrolment.pupil_id, TermMark.subject_id == Course.subject_id,
                           TermMark.term_id == Term.id, TermMark.period == Period.TERM.value,
                           TermMark.value.is_not(None))
    wanted = (
        select(SchoolClass.id.label("class_id"), Enrolment.pupil_id, Course.subject_id, Term.id.label("term_id"))
        .join(Term, and_(Term.year_id == SchoolClass.year_id, Term.starts_on <= today,
                         Term.ends_on <= today + BEFORE_THE_END))
        .join(Course, and_(Course.class_id == SchoolClass.id, Course.kind == CourseKind.LESSONS.value,
                           Course.retired_on.is_(None),
                           func.coalesce(Course.term_scheme, SchoolClass.term_scheme) == Term.scheme))
        .outerjoin(SchemeOfTerm, and_(SchemeOfTerm.course_id == Course.id, SchemeOfTerm.term_id == Term.id))
        .join(Enrolment, and_(Enrolment.class_id == SchoolClass.id, held(Enrolment, today)))
        .where(func.coalesce(SchemeOfTerm.scheme, Course.scheme) != MarkingScheme.MARKLESS.value, ~closed, taught,
               ~there).distinct().subquery("wanted"))
    return _counted(ItemKind.RESULTS, wanted.c.class_id)


def _to_print(class_ids: Collection[int], today: date, now: datetime) -> Select[*tuple[Any, ...]]:
    """Sheets that can be printed and are not: what `week_due` says, said to the database (R21)."""
    weeks = _weeks(today)
    later, form_day = aliased(Enrolment), _day_of_form(weeks)
    printed = exists().where(WeeklySheet.guardian_id == ServiceForm.guardian_id,
                             WeeklySheet.pupil_id == ServiceForm.pupil_id, WeeklySheet.monday == weeks.c.monday)
    stands = aliased(ServiceForm)
    stopped = exists().where(stands.guardian_id == ServiceForm.guardian_id, stands.pupil_id == ServiceForm.pupil_id,
                             stands.form == Form.LIMITED.value, held(stands, today))
    return (_counted(ItemKind.TO_PRINT, Enrolment.class_id)
            .join(weeks, touching(Enrolment, weeks.c.monday, weeks.c.sunday))
            .join(ServiceForm, and_(ServiceForm.pupil_id == Enrolment.pupil_id, held(ServiceForm, form_day)))
            .join(Guardianship, and_(Guardianship.guardian_id == ServiceForm.guardian_id,
                                     Guardianship.pupil_id == ServiceForm.pupil_id, held(Guardianship, form_day)))
            .where(Enrolment.class_id.in_(class_ids), ServiceForm.form.in_(ON_PAPER), _taught(Enrolment, weeks),
                   ~exists().where(later.pupil_id == Enrolment.pupil_id, later.from_on > Enrolment.from_on,
                                   touching(later, weeks.c.monday, weeks.c.sunday), _taught(later, weeks)),
                   ~_lesson_of(Enrolment, weeks, Lesson.ends_at > now), ~printed, ~stopped))


def _weeks(today: date) -> CTE:
    """This week and those before that may have been forgotten."""
    mondays = [monday_of(today) - back * SEVEN_DAYS for back in range(WEEKS_BACK + 1)]
    return union_all(*(select(literal(monday, Date).label("monday"), literal(monday + SIX_DAYS, Date).label("sunday"))
                       for monday in mondays)).cte("weeks")


def _day_of_form(weeks: CTE) -> Any:
    """Whose form counts: the week's last day, or the pupil's last one in a class."""
    here = aliased(Enrolment)
    of_week = (here.pupil_id == Enrolment.pupil_id, touching(here, weeks.c.monday, weeks.c.sunday))
    last = select(func.max(here.to_on)).where(*of_week).correlate(Enrolment, weeks).scalar_subquery()
    return case((exists().where(*of_week, lasting(here, weeks.c.sunday)).correlate(Enrolment, weeks), weeks.c.sunday),
                else_=last)


def _taught(span: Any, weeks: CTE) -> ColumnElement[bool]:
    """Whether the class gave a lesson in the week while the pupil was in it."""
    return _lesson_of(span, weeks, span.from_on <= Lesson.day, lasting(span, Lesson.day))


def _lesson_of(span: Any, weeks: CTE, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Course.class_id == span.class_id, Course.kind != CourseKind.ACTIVITY.value,
                          Lesson.course_id == Course.id, Lesson.state == LessonState.PLANNED.value,
                          Lesson.day.between(weeks.c.monday, weeks.c.sunday), *more).correlate(span, weeks)


def _to_hand(today: date) -> Select[*tuple[Any, ...]]:
    """Printed and not collected (R25); one that guardians share counts once, that of whom a court limits not at all."""
    stopped = exists().where(ServiceForm.guardian_id == WeeklySheet.guardian_id, held(ServiceForm, today),
                             ServiceForm.pupil_id == WeeklySheet.pupil_id, ServiceForm.form == Form.LIMITED.value)
    waiting = (select(WeeklySheet.class_id, WeeklySheet.pupil_id, WeeklySheet.monday,
                      case((WeeklySheet.shared_with == "", WeeklySheet.guardian_id), else_=0).label("whose"))
               .where(WeeklySheet.handed_on.is_(None), ~stopped).distinct().subquery("waiting"))
    return _counted(ItemKind.TO_HAND, waiting.c.class_id)


def _cards(today: date) -> Select[*tuple[Any, ...]]:
    return (_counted(ItemKind.CARDS, Enrolment.class_id).join(Card, Card.pupil_id == Enrolment.pupil_id)
            .where(held(Enrolment, today), Card.handed_on.is_(None), Card.cancelled_at.is_(None)))
