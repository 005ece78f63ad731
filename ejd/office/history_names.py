"""What the record's ids are called now: people, classes, journals, lessons, and whatever belongs to these. The record
itself keeps no names, so that they stay erasable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Date, Integer, Select, String, case, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from ejd import names, words
from ejd.audit.models import AuditRecord
from ejd.credentials.models import Account, Card
from ejd.db import Session
from ejd.families.models import ServicePaper, WeeklySheet
from ejd.homeroom.models import Note
from ejd.journal.models import Excuse, Expectation, Homework, HomeworkFile, Mark, Reopening, TermClosing, Work
from ejd.plans.models import Plan, PlanTopic
from ejd.privacy.models import ProcessingBasis
from ejd.remarks.models import JournalRemark
from ejd.results.models import BehaviourMark, TermMark
from ejd.results.queries_history import PERIODS
from ejd.roster.models import Course, Enrolment, Person, SchoolClass, Subject
from ejd.roster.scopes import course_title
from ejd.schedule.models import Lesson, TeacherAbsence
from ejd.school.models import Term
from ejd.words import NBSP

Rows = Select[*tuple[Any, ...]]
Ids = Mapping[str, Collection[int]]
PARTS = ("person", "lesson", "course", "class", "subject", "result_period")  # what an object is told by
_N, _T, _D = cast(null(), Integer), literal(""), cast(null(), Date)


def called(session: Session, ids: Ids) -> dict[tuple[str, int], str]:
    """By noun and id, what it is called. Two statements at most; what is unknown is left out."""
    parts = _parts(session, ids)
    wanted: dict[str, set[int]] = defaultdict(set, {noun: set(ids.get(noun, ())) for noun in PLAIN})
    for of_one in parts.values():
        for noun, one in of_one:
            wanted[noun].add(one)
    found = _plain(session, wanted)
    for key, of_one in parts.items():
        found[key] = ", ".join(dict.fromkeys(found[part] for part in of_one if part in found))
    return found


def _parts(session: Session, ids: Ids) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """What an object hangs on: a mark on its pupil and lesson, a work on its lesson."""
    asked = [_only(query, ids[noun]) for noun, query in BELONGING.items() if ids.get(noun)]
    if not asked:
        return {}
    return {(row[0], row[1]): [(noun, value) for noun, value in zip(PARTS, row[2:], strict=True) if value is not None]
            for row in session.execute(union_all(*asked))}


def _plain(session: Session, wanted: Ids) -> dict[tuple[str, int], str]:
    asked = [_only(query, wanted[noun]) for noun, query in PLAIN.items() if wanted.get(noun)]
    if not asked:
        return {}
    return {(row[0], row[1]): _title(*row) for row in session.execute(union_all(*asked))}


def _only(query: Rows, ids: Collection[int]) -> Rows:
    """The rows with these ids: the column after the noun."""
    return query.where(list(query.selected_columns)[1].in_(sorted(ids)))


def _title(noun: str, id: int, first: str, second: str, third: str, grade: int | None, subgroup: int | None,
           day: Any) -> str:
    """«Волков В. П.», «7А», «7А, Математика», «7А, Математика, 15 сентября»."""
    if noun == "person":
        return names.with_initials(first, second, third) or f"№{NBSP}{id}, данные стёрты"
    if noun == "class":
        return f"{grade}{first}"
    if noun in {"course", "lesson"}:
        title = course_title(f"{grade}{second}" if grade else third, first, subgroup or 0)
        return f"{title}, {words.long_date(day)}" if day else title
    return first


def _of(noun: str, key: Any, *, person: Any = _N, lesson: Any = _N, course: Any = _N, of_class: Any = _N,
        subject: Any = _N, period: Any = _N) -> Rows:
    return select(literal(noun), key, person, lesson, course, of_class, subject, period)


BELONGING: dict[str, Rows] = {
    "mark": _of("mark", Mark.id, person=Mark.pupil_id, lesson=Mark.lesson_id),
    "work": _of("work", Work.id, lesson=Work.lesson_id),
    "expectation": _of("expectation", Expectation.id, person=Expectation.pupil_id, lesson=Work.lesson_id
                       ).join(Work, Work.id == Expectation.work_id),
    "homework": _of("homework", Homework.id, lesson=Homework.lesson_id),
    "homework_file": _of("homework_file", HomeworkFile.id, lesson=Homework.lesson_id
                         ).join(Homework, Homework.id == HomeworkFile.homework_id),
    "result": _of("result", TermMark.id, person=TermMark.pupil_id, of_class=TermMark.class_id,
                  subject=TermMark.subject_id, period=TermMark.id),
    "account": _of("account", Account.id, person=Account.person_id),
    "note": _of("note", Note.id, of_class=Note.class_id),
    "paper": _of("paper", ServicePaper.id, person=ServicePaper.pupil_id),
    "sheet": _of("sheet", WeeklySheet.id, person=WeeklySheet.pupil_id),
    "remark": _of("remark", JournalRemark.id, person=JournalRemark.teacher_id, lesson=JournalRemark.lesson_id,
                  course=JournalRemark.course_id),
    "plan": _of("plan", Plan.id, course=Plan.course_id),
    "topic": _of("topic", PlanTopic.id, course=Plan.course_id).join(Plan, Plan.id == PlanTopic.plan_id),
    "card": _of("card", Card.id, person=Card.person_id),
    "excuse": _of("excuse", Excuse.id, person=Excuse.pupil_id),
    "behaviour": _of("behaviour", BehaviourMark.id, person=BehaviourMark.pupil_id, of_class=BehaviourMark.class_id),
    "absence": _of("absence", TeacherAbsence.id, person=TeacherAbsence.teacher_id),
    "closing": _of("closing", TermClosing.id, of_class=TermClosing.class_id),
    "reopening": _of("reopening", Reopening.id, course=Reopening.course_id, of_class=Reopening.class_id),
    "basis": _of("basis", ProcessingBasis.id, person=ProcessingBasis.pupil_id),
}


def _why(noun: str, key: Any, reason: Any) -> Rows:
    return select(literal(noun), key, cast(reason, String), _T, _T, _N, _N, _D).where(reason != "")


def _why_of_latest(noun: str, row: Any, reason: Any, *verbs: str) -> Rows:
    """By act: a row that several acts give a reason keeps that of the latest."""
    act, later = AuditRecord, aliased(AuditRecord)
    return _why(noun, act.id, reason).join(row, row.id == act.subject_id).where(
        act.verb.in_(verbs),
        ~exists().where(later.verb.in_(verbs), later.subject_id == act.subject_id, later.id > act.id))


_IN_CLASS = (Subject.name, SchoolClass.letter, Course.name, SchoolClass.grade, Course.subgroup)
PLAIN: dict[str, Rows] = {
    "person": select(literal("person"), Person.id, Person.last_name, Person.first_name, Person.patronymic, _N, _N, _D),
    "class": select(literal("class"), SchoolClass.id, SchoolClass.letter, _T, _T, SchoolClass.grade, _N, _D),
    "course": select(literal("course"), Course.id, *_IN_CLASS, _D).join(Subject, Subject.id == Course.subject_id)
    .outerjoin(SchoolClass, SchoolClass.id == Course.class_id),
    "lesson": select(literal("lesson"), Lesson.id, *_IN_CLASS, Lesson.day).join(Course, Course.id == Lesson.course_id)
    .join(Subject, Subject.id == Course.subject_id).outerjoin(SchoolClass, SchoolClass.id == Course.class_id),
    "subject": select(literal("subject"), Subject.id, cast(Subject.name, String), _T, _T, _N, _N, _D),
    "term": select(literal("term"), Term.id, cast(Term.name, String), _T, _T, _N, _N, _D),
    "result_period": select(literal("result_period"), TermMark.id, func.coalesce(Term.name, case(
        PERIODS, value=TermMark.period)), _T, _T, _N, _N, _D)
    .outerjoin(Term, Term.id == TermMark.term_id),
    # Why something was done, in the words that stand in a row and can be emptied.
    "why_received": _why_of_latest("why_received", Mark, Mark.received_reason, "mark.entered", "mark.retaken",
                                   "mark.redated"),
    "why_result": _why_of_latest("why_result", TermMark, TermMark.reason, "result.set", "result.corrected"),
    "why_closed": _why("why_closed", TermClosing.id, TermClosing.reason),
    "why_reopened": _why("why_reopened", Reopening.id, Reopening.reason),
    "why_left": _why("why_left", Enrolment.id, Enrolment.leave_reason),
    "why_lesson": _why_of_latest("why_lesson", Lesson, Lesson.state_reason, "lesson.cancelled", "lesson.moved"),
    "why_absent": _why("why_absent", TeacherAbsence.id, TeacherAbsence.reason),
}
