"""What is missing in a term before it is closed, class by class, and what was closed, opened and changed since (R8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from ejd import names
from ejd.audit.models import AuditRecord
from ejd.db import Session
from ejd.journal import closing
from ejd.journal.models import Mark, MarkCorrection, Reopening, TermClosing
from ejd.journal.queries_closed import last_day_open
from ejd.remarks.queries import unclosed_by_class
from ejd.results.gaps import Gap, there
from ejd.results.lacking import Expected, Span, belonging, expected_in, journals_in
from ejd.results.models import Period, TermMark, TermMarkCorrection
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseKind, Enrolment, MarkingScheme, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear, Term
from ejd.words import in_subgroup

MOST_CHANGES = 200
Marked = dict[tuple[int, int, str], int]  # how many results: by class, subject and scheme of terms


@dataclass(frozen=True, slots=True)
class JournalState:
    """One journal of the class in the term: what its teacher has not written yet."""

    course_id: int
    title: str
    teacher: str
    lessons: int  # held
    no_topic: int
    no_attendance: int
    no_homework: int
    awaited: int  # marks, from the teacher
    overdue: int  # of these
    owed: int  # works, by pupils
    no_result: int  # pupils without a mark of the term, or of the journal's own that ends in it (R15)
    term_id: int | None  # of these marks; none: no term of the journal ends


@dataclass(frozen=True, slots=True)
class Closing:
    """A term that is closed: by whom, when, and what it cut off."""

    at: datetime
    by: str
    early: bool
    reason: str
    blocked: int  # marks of teachers
    blocked_works: int  # of pupils


@dataclass(frozen=True, slots=True)
class Opened:
    """Leave to change what is closed."""

    id: int
    course: str  # empty: all journals of the class
    reason: str
    by: str
    at: datetime
    until: datetime
    ended_at: datetime | None

    @property
    def last_day(self) -> date:
        """The last day on which it stands, as it was given."""
        return last_day_open(self.until)

    def stands(self, now: datetime) -> bool:
        return self.ended_at is None and self.until > now


@dataclass(frozen=True, slots=True)
class ClassState:
    """A class in a term, before it is closed and after."""

    class_id: int
    name: str
    pupils: int
    journals: Sequence[JournalState] = ()
    last_lesson: date | None = None
    last_is_over: bool = True
    closing: Closing | None = None
    opened: Sequence[Opened] = field(default_factory=tuple)
    remarks: int = 0  # of the administration, not closed

    def total(self, gap: str) -> int:
        return sum(getattr(journal, gap) for journal in self.journals)

    @property
    def gaps(self) -> dict[Gap, int]:
        """What all its journals lack together, and remarks on them that are not closed."""
        own = {gap: self.total(gap) for gap in Gap if gap is not Gap.REMARKS}
        return there(own | {Gap.REMARKS: self.remarks})

    @property
    def expected(self) -> int:
        """Marks awaited and works owed: what an early closing would cut off."""
        return self.total(Gap.AWAITED) + self.total(Gap.OWED)

    def why_not(self, today: date, *, reason: str = "", is_director: bool = False) -> str | None:
        """Why the term cannot be closed today, or None."""
        return closing.refusal_to_close(today=today, last_lesson=self.last_lesson, last_is_over=self.last_is_over,
                                        expected=self.expected, reason=reason, is_director=is_director)

    def is_open(self, now: datetime) -> bool:
        return any(one.stands(now) for one in self.opened)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed by a reopening."""

    at: datetime
    who: str
    what: str
    pupil: str
    journal: str
    lesson_day: date | None


def terms_to_close(session: Session) -> dict[SchoolYear, list[Term]]:
    """The terms of the schemes that each year's classes keep, in order; the newest year first. One statement."""
    kept = exists().where(SchoolClass.year_id == Term.year_id, SchoolClass.term_scheme == Term.scheme)
    found: dict[SchoolYear, list[Term]] = defaultdict(list)
    for term, year in session.execute(
            select(Term, SchoolYear).join(SchoolYear, SchoolYear.id == Term.year_id).where(kept)
            .order_by(SchoolYear.starts_on.desc(), Term.scheme.desc(), Term.number)):
        found[year].append(term)
    return found


def term_with_year(session: Session, term_id: int) -> tuple[Term, SchoolYear] | None:
    row = session.execute(select(Term, SchoolYear).join(SchoolYear, SchoolYear.id == Term.year_id)
                          .where(Term.id == term_id)).first()
    return (row[0], row[1]) if row else None


def states_of(session: Session, term: Term, *, today: date, now: datetime,
              class_id: int | None = None) -> list[ClassState]:
    """Every class that keeps to the term, or one. Four statements."""
    journals = journals_in(session, Span.of(term), now=now, today=today, class_id=class_id)
    expected = expected_in(session, term.starts_on, term.ends_on, today=today, class_id=class_id)
    classes, results, remarks, ending = _classes_and_more(session, term, class_id)
    closings, opened = _closings(session, term, class_id)
    states = []
    for one in classes:
        rows = journals.get(one.class_id, [])
        states.append(ClassState(
            one.class_id, f"{one.grade}{one.letter}", one.number,
            [_journal(row, expected.get((one.class_id, row.course_id), (0, 0, 0)), one, results,
                      ending.get(row.term_scheme or one.term_scheme, ())) for row in rows],
            max((row.last_day for row in rows), default=None), all(row.last_end <= now for row in rows),
            closings.get(one.class_id), opened.get(one.class_id, ()), remarks.get(one.class_id, 0)))
    return sorted(states, key=lambda state: (int("".join(filter(str.isdigit, state.name))), state.name))


def _journal(row: Any, expected: Expected, school_class: Any, results: Marked, term_ids: Sequence[int]) -> JournalState:
    """`term_ids`: of the journal's own terms those that end in the one that is closed."""
    wanted = (row.class_id is not None and row.kind == CourseKind.LESSONS and row.lessons > 0
              and row.scheme != MarkingScheme.MARKLESS and bool(term_ids))
    set_already = results.get((school_class.class_id, row.subject_id, row.term_scheme or school_class.term_scheme), 0)
    teacher = names.with_initials(row.last_name, row.first_name, row.patronymic) if row.last_name else ""
    return JournalState(
        row.course_id, row.course_name or in_subgroup(row.subject, row.subgroup), teacher, row.lessons,
        row.no_topic, row.no_attendance, row.no_homework, *expected,
        max(0, school_class.number * len(term_ids) - set_already) if wanted and row.first_of_subject else 0,
        term_ids[-1] if term_ids else None)


def _classes_and_more(session: Session, term: Term, class_id: int | None
                      ) -> tuple[list[Any], Marked, dict[int, int], dict[str, list[int]]]:
    """The classes with their pupils on the term's last day; how many marks these have of terms that end in it, by
    subject and scheme; remarks that are not closed; and these terms by their scheme, in order. One statement."""
    on_last_day = held(Enrolment, term.ends_on)
    ends = and_(Term.year_id == term.year_id, Term.ends_on.between(term.starts_on, term.ends_on))
    classes = (select(literal("class").label("what"), SchoolClass.id.label("class_id"), SchoolClass.grade,
                      SchoolClass.letter, SchoolClass.term_scheme, literal(0).label("subject_id"),
                      func.count(Enrolment.id).label("number"))
               .outerjoin(Enrolment, and_(Enrolment.class_id == SchoolClass.id, on_last_day))
               .where(SchoolClass.year_id == term.year_id, SchoolClass.term_scheme == term.scheme)
               .group_by(SchoolClass.id))
    marked = (select(literal("marked"), Enrolment.class_id, literal(0), literal(""), Term.scheme, TermMark.subject_id,
                     func.count())
              .join(TermMark, and_(TermMark.pupil_id == Enrolment.pupil_id, TermMark.period == Period.TERM.value,
                                   TermMark.value.is_not(None)))
              .join(Term, and_(Term.id == TermMark.term_id, ends))
              .where(on_last_day).group_by(Enrolment.class_id, TermMark.subject_id, Term.scheme))
    if class_id is not None:
        classes, marked = classes.where(SchoolClass.id == class_id), marked.where(Enrolment.class_id == class_id)
    unclosed = unclosed_by_class(term.starts_on, term.ends_on).subquery()
    remarks = select(literal("remarks"), unclosed.c.class_id, literal(0), literal(""), literal(""), literal(0),
                     unclosed.c.number)
    ending = select(literal("ends"), literal(0), literal(0), literal(""), Term.scheme, Term.id, Term.number).where(ends)
    rows = session.execute(union_all(classes, marked, remarks, ending)).all()
    own_terms: dict[str, list[int]] = defaultdict(list)
    for row in sorted((row for row in rows if row.what == "ends"), key=lambda row: row.number):
        own_terms[row.term_scheme].append(row.subject_id)  # where the others name a subject stands the term
    return ([row for row in rows if row.what == "class"],
            {(row.class_id, row.subject_id, row.term_scheme): row.number for row in rows if row.what == "marked"},
            {row.class_id: row.number for row in rows if row.what == "remarks"}, own_terms)


def _closings(session: Session, term: Term, class_id: int | None) -> tuple[dict[int, Closing], dict[int, list[Opened]]]:
    """What is closed, and what was opened again, newest first."""
    no_moment = null()
    closed = (select(literal("closed").label("kind"), TermClosing.class_id, TermClosing.id, TermClosing.closed_at,
                     Person.last_name, Person.first_name, Person.patronymic, TermClosing.early, TermClosing.reason,
                     TermClosing.blocked, TermClosing.blocked_works, literal("").label("subject"),
                     literal(0).label("subgroup"),
                     TermClosing.closed_at.label("until"), TermClosing.closed_at.label("ended_at"))
              .join(Person, Person.id == TermClosing.closed_by_id).where(TermClosing.term_id == term.id))
    opened = (select(literal("opened"), func.coalesce(Reopening.class_id, Course.class_id), Reopening.id,
                     Reopening.opened_at, Person.last_name, Person.first_name, Person.patronymic, literal(False),
                     Reopening.reason, literal(0), literal(0), func.coalesce(Subject.name, ""),
                     func.coalesce(Course.subgroup, 0), Reopening.until_at,
                     func.coalesce(Reopening.ended_at, no_moment))
              .join(Person, Person.id == Reopening.opened_by_id)
              .outerjoin(Course, Course.id == Reopening.course_id).outerjoin(Subject, Subject.id == Course.subject_id)
              .where(Reopening.term_id == term.id))
    closings: dict[int, Closing] = {}
    openings: dict[int, list[Opened]] = defaultdict(list)
    for row in session.execute(union_all(closed, opened).order_by("closed_at")):
        by = names.with_initials(row.last_name, row.first_name, row.patronymic)
        if class_id not in (None, row.class_id):
            continue
        if row.kind == "closed":
            closings[row.class_id] = Closing(row.closed_at, by, row.early, row.reason, row.blocked,
                                             row.blocked_works)
        else:
            openings[row.class_id].insert(0, Opened(
                row.id, in_subgroup(row.subject, row.subgroup) if row.subject else "", row.reason, by, row.closed_at,
                row.until, row.ended_at))
    return closings, openings


def changes_after_closing(session: Session, term: Term, class_id: int) -> list[Change]:
    """Marks, corrections, results and other records of the class's term that a reopening let through, newest first.
    One statement."""
    pupil, author = aliased(Person), aliased(Person)

    def row(what: Any, at: Any, by: Any, pupil_id: Any, course_id: Any, day: Any) -> Any:
        return (what.label("what"), at.label("at"), by.label("by_id"), pupil_id.label("pupil_id"),
                course_id.label("course_id"), day.label("day"))

    def within(query: Any) -> Any:
        return query.where(Lesson.day.between(term.starts_on, term.ends_on))

    no_id, no_day = literal(None, Course.id.type), literal(None, Lesson.day.type)
    marks = within(select(*row("поставлена " + Mark.value, Mark.entered_at, Mark.entered_by_id, Mark.pupil_id,
                               Lesson.course_id, Lesson.day))
                   .join(Lesson, Lesson.id == Mark.lesson_id).where(Mark.after_closing))
    corrections = within(select(*row(MarkCorrection.before + " → " + MarkCorrection.after, MarkCorrection.corrected_at,
                                     MarkCorrection.corrected_by_id, Mark.pupil_id, Lesson.course_id, Lesson.day))
                         .join(Mark, Mark.id == MarkCorrection.mark_id).join(Lesson, Lesson.id == Mark.lesson_id)
                         .where(MarkCorrection.after_closing))
    results = (select(*row("итоговая " + func.coalesce(TermMark.value, "–"), TermMark.entered_at,
                           TermMark.entered_by_id, TermMark.pupil_id, TermMark.course_id, no_day))
               .where(TermMark.term_id == term.id, TermMark.after_closing))
    changed = (select(*row("итоговая " + TermMarkCorrection.before + " → " + TermMarkCorrection.after,
                           TermMarkCorrection.corrected_at, TermMarkCorrection.corrected_by_id, TermMark.pupil_id,
                           TermMark.course_id, no_day))
               .join(TermMark, TermMark.id == TermMarkCorrection.term_mark_id)
               .where(TermMark.term_id == term.id, TermMarkCorrection.after_closing))
    lessons = within(select(*row(literal("запись урока"), AuditRecord.at, AuditRecord.actor_id, no_id,
                                 Lesson.course_id, Lesson.day))
                     .join(Lesson, Lesson.id == AuditRecord.subject_id)
                     .where(AuditRecord.verb == "lesson.changed_after_closing", ~_told_by_a_mark()))
    everything = union_all(marks, corrections, results, changed, lessons).subquery("everything")
    mine = belonging()
    of_class = or_(exists().where(mine.c.class_id == class_id, mine.c.course_id == everything.c.course_id))
    rows = session.execute(
        select(everything, Subject.name.label("subject"), Course.subgroup,
               pupil, author)
        .outerjoin(Course, Course.id == everything.c.course_id).outerjoin(Subject, Subject.id == Course.subject_id)
        .outerjoin(pupil, pupil.id == everything.c.pupil_id).outerjoin(author, author.id == everything.c.by_id)
        .where(of_class).order_by(everything.c.at.desc()).limit(MOST_CHANGES))
    return [_change(found) for found in rows]


def _told_by_a_mark() -> Any:
    """Whether the change of the lesson is a mark's, which is told by its value."""
    put = exists().where(Mark.lesson_id == Lesson.id, Mark.after_closing, Mark.entered_at == AuditRecord.at)
    return or_(put, exists().where(
        Mark.lesson_id == Lesson.id, MarkCorrection.mark_id == Mark.id, MarkCorrection.after_closing,
        MarkCorrection.corrected_at == AuditRecord.at))


def _change(row: Any) -> Change:
    *_, pupil, author = row
    return Change(row.at, author.short_name if author else "программа", row.what,
                  f"{pupil.last_name} {pupil.first_name}" if pupil else "",
                  in_subgroup(row.subject, row.subgroup) if row.subject else "", row.day)


def early(states: Iterable[ClassState], today: date) -> list[ClassState]:
    """Those that the director alone could close today, with a reason."""
    return [state for state in states if state.closing is None and state.why_not(today) is not None
            and state.why_not(today, reason="есть", is_director=True) is None]


def ready(states: Iterable[ClassState], today: date) -> list[ClassState]:
    """The classes whose term could be closed today without anybody's special word."""
    return [state for state in states if state.closing is None and state.why_not(today) is None]
