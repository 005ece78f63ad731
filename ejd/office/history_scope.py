"""Which rows are a person's, a class's, a journal's: by noun of the record, so that a search walks an index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select, union

from ejd.credentials.models import Account, Card
from ejd.families.models import ServicePaper, WeeklySheet
from ejd.homeroom.models import Note, NoteRecipient
from ejd.journal.models import (
    Attendance,
    Excuse,
    Exemption,
    Expectation,
    Homework,
    HomeworkFile,
    Mark,
    Reopening,
    TermClosing,
    Work,
)
from ejd.plans.models import Plan, PlanTopic
from ejd.privacy.models import ProcessingBasis
from ejd.remarks.models import JournalRemark
from ejd.results.models import BehaviourMark, TermMark
from ejd.roster.models import ClassTeacher, Course, CourseMember, Enrolment, Guardianship, Person, TeachingAssignment
from ejd.schedule.models import Lesson, TeacherAbsence

Ids = Callable[[Any], Any]  # a statement that brings the ids


def _own(model: Any, *columns: Any) -> Ids:
    """The rows of which one of the columns names it."""
    return lambda key: select(model.id).where(or_(*(column == key for column in columns)))


# Rows that are about the person.
OF_PERSON: dict[str, Ids] = {
    "person": _own(Person, Person.id),
    "account": _own(Account, Account.person_id),
    "card": _own(Card, Card.person_id),
    "mark": _own(Mark, Mark.pupil_id),
    "expectation": _own(Expectation, Expectation.pupil_id),
    "excuse": _own(Excuse, Excuse.pupil_id),
    "result": _own(TermMark, TermMark.pupil_id),
    "behaviour": _own(BehaviourMark, BehaviourMark.pupil_id),
    "paper": _own(ServicePaper, ServicePaper.pupil_id, ServicePaper.guardian_id),
    "sheet": _own(WeeklySheet, WeeklySheet.pupil_id, WeeklySheet.guardian_id),
    "basis": _own(ProcessingBasis, ProcessingBasis.pupil_id),
    "remark": _own(JournalRemark, JournalRemark.teacher_id),
    "absence": _own(TeacherAbsence, TeacherAbsence.teacher_id),
}


def _lessons_with(person_id: int) -> Any:
    """Where the pupil's presence was noted, or the teacher was replaced or replaced another."""
    return union(select(Attendance.lesson_id).where(Attendance.pupil_id == person_id),
                 select(Lesson.id).where(Lesson.substitutes_id.is_not(None),
                                         or_(Lesson.teacher_id == person_id, Lesson.substitutes_id == person_id)))


def _courses_with(person_id: int) -> Any:
    return union(select(CourseMember.course_id).where(CourseMember.pupil_id == person_id),
                 select(TeachingAssignment.course_id).where(TeachingAssignment.teacher_id == person_id),
                 select(Exemption.course_id).where(Exemption.pupil_id == person_id))


# Rows of another kind whose acts may name the person.
NAMING_PERSON: dict[str, Ids] = {
    "lesson": _lessons_with,
    "course": _courses_with,
    "person": lambda key: select(Guardianship.guardian_id).where(Guardianship.pupil_id == key),
    "class": lambda key: select(ClassTeacher.class_id).where(ClassTeacher.teacher_id == key),
    "work": lambda key: select(Expectation.work_id).where(Expectation.pupil_id == key),
    "note": lambda key: select(NoteRecipient.note_id).where(NoteRecipient.pupil_id == key),
}


OF_LESSON: dict[str, Ids] = {
    "lesson": lambda key: [key],
    "work": _own(Work, Work.lesson_id),
    "homework": _own(Homework, Homework.lesson_id),
    "homework_file": lambda key: select(HomeworkFile.id).join(Homework, Homework.id == HomeworkFile.homework_id)
    .where(Homework.lesson_id == key),
}


class Journals(NamedTuple):
    """Which journals are asked about: one, those of a class, or of a subject of it; and the day of their lessons."""

    course_id: int | None = None
    class_id: int | None = None
    subject_id: int | None = None
    day: date | None = None

    def courses(self) -> Select[Any]:
        wanted = ((Course.id, self.course_id), (Course.class_id, self.class_id), (Course.subject_id, self.subject_id))
        return select(Course.id).where(*(column == value for column, value in wanted if value is not None))

    def lessons(self) -> Select[Any]:
        found = select(Lesson.id).where(Lesson.day == self.day)
        return found if self[:3] == (None, None, None) else found.where(Lesson.course_id.in_(self.courses()))


def _on_lessons(lessons: Ids) -> dict[str, Ids]:
    """Lessons, and what hangs on them."""

    def works(key: Any) -> Select[Any]:
        return select(Work.id).where(Work.lesson_id.in_(lessons(key)))

    return {
        "lesson": lessons,
        "mark": lambda key: select(Mark.id).where(Mark.lesson_id.in_(lessons(key))),
        "work": works,
        "homework": lambda key: select(Homework.id).where(Homework.lesson_id.in_(lessons(key))),
        "homework_file": lambda key: select(HomeworkFile.id).join(Homework, Homework.id == HomeworkFile.homework_id)
        .where(Homework.lesson_id.in_(lessons(key))),
        "expectation": lambda key: select(Expectation.id).where(Expectation.work_id.in_(works(key))),
    }


def _in_journals(courses: Ids) -> dict[str, Ids]:
    """Journals, and what hangs on their lessons and plans."""
    return _on_lessons(lambda key: select(Lesson.id).where(Lesson.course_id.in_(courses(key)))) | {
        "course": courses,
        "plan": lambda key: select(Plan.id).where(Plan.course_id.in_(courses(key))),
        "topic": lambda key: select(PlanTopic.id).join(Plan, Plan.id == PlanTopic.plan_id)
        .where(Plan.course_id.in_(courses(key))),
    }


OF_LESSONS: dict[str, Ids] = _on_lessons(Journals.lessons) | {
    "remark": lambda key: select(JournalRemark.id).where(JournalRemark.lesson_id.in_(key.lessons())),
}
OF_COURSE: dict[str, Ids] = _in_journals(Journals.courses) | {
    noun: lambda key, model=model: select(model.id).where(model.course_id.in_(key.courses()))
    for noun, model in (("result", TermMark), ("remark", JournalRemark), ("reopening", Reopening))
}
OF_CLASS: dict[str, Ids] = _in_journals(_own(Course, Course.class_id)) | {
    "class": lambda key: [key],
    "person": lambda key: select(Enrolment.pupil_id).where(Enrolment.class_id == key),
    "result": _own(TermMark, TermMark.class_id),
    "behaviour": _own(BehaviourMark, BehaviourMark.class_id),
    "remark": _own(JournalRemark, JournalRemark.class_id),
    "note": _own(Note, Note.class_id),
    "closing": _own(TermClosing, TermClosing.class_id),
    "reopening": _own(Reopening, Reopening.class_id),
}
