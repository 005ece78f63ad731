"""The demo school's half term: what its teachers wrote down, lesson by lesson, put in through the bulk services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.demo import excuses, habits
from ejd.demo.habits import Habits
from ejd.demo.lessons import homework_of, topic_of
from ejd.journal import attendance, lesson_record, marks, works
from ejd.journal.homework import NewHomework, publish_homework
from ejd.journal.marking import WRITTEN_LATER
from ejd.journal.models import Mark, WorkKind
from ejd.roster.members import Member, members_of_many
from ejd.roster.models import Course, MarkingScheme, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.settings import Settings

OPEN = timedelta(minutes=45)  # what began since then is still to be written down: something is open to try
ANSWERS = 0.36  # share of those present who get a mark at a lesson without a written work
LIKELY = {"5": "4", "4": "5", "3": "4"}  # what a slip is corrected to
WHOLE_LESSON = 40  # minutes: half an hour or more is an assessment (R16)
DAYS_TO_LEARN = timedelta(days=7)  # the same weekday, so a school day
Say = Callable[[str], None]


class Taught(NamedTuple):
    """A lesson that has begun, with what decides how it is filled in."""

    id: int
    course_id: int
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    teacher_id: int
    homework_due_at: datetime
    subject: str
    class_id: int
    scheme: str
    homework_expected: bool


@dataclass
class HalfTerm:
    """Everything that happened until `now`, as acts for the services. `odd` are teachers with habits of their own,
    `evening_class` the class whose homework is published too late."""

    session: Session
    settings: Settings
    now: datetime
    odd: Mapping[int, Habits]
    evening_class: int
    dice: Random = field(default_factory=lambda: Random(2026))

    def __post_init__(self) -> None:
        self.written_until = self.now - OPEN
        self.lessons = taught_lessons(self.session, self.now)
        first, last = self.lessons[0].day, self.lessons[-1].day
        self.members = members_of_many(self.session, sorted({lesson.course_id for lesson in self.lessons}),
                                       first=first, last=last)
        pupils = sorted({member.pupil_id for course in self.members.values() for member in course})
        self.able = {pupil: habits.ability(self.dice) for pupil in pupils}
        self.away = {pupil: habits.absences(self.dice, first=first, last=last) for pupil in pupils}
        self.kinds = {kind.code: kind.id for kind in self.session.scalars(select(WorkKind))}
        self.index: dict[int, int] = {}  # the lesson's number within its course
        self.of_course: dict[int, list[Taught]] = defaultdict(list)
        for lesson in self.lessons:
            self.index[lesson.id] = len(self.of_course[lesson.course_id])
            self.of_course[lesson.course_id].append(lesson)
        self.absent: dict[tuple[int, int], str] = {}
        self.work_of: dict[int, int] = {}

    def habits_of(self, lesson: Taught) -> Habits:
        return self.odd.get(lesson.teacher_id, habits.PUNCTUAL)

    def pupils_of(self, lesson: Taught) -> list[int]:
        return [member.pupil_id for member in self.members[lesson.course_id] if _is_member(member, lesson.day)]

    def fill(self, say: Say) -> None:
        """Put the whole half term in, telling what is being written."""
        say("Темы, работы и посещаемость")
        lesson_record.record_topics(self.session, topics=list(self.topics()))
        self.declare_works()
        excuses.bring_certificates(self.session, away=self.away, now=self.now)
        self.take_attendance()
        say("Домашние задания")
        publish_homework(self.session, homework=list(self.homework()), settings=self.settings)
        put: list[Mark] = []
        for week, wanted in sorted(self.marks_by_week().items()):
            say(f"Отметки недели с {week:%d.%m}: {len(wanted)}")
            put += marks.put_marks(self.session, marks=wanted, settings=self.settings)
        say("Исправления и пересдачи")
        self.correct(put)
        self.retake(put)

    def topics(self) -> Iterator[lesson_record.NewTopic]:
        for lesson in self.lessons:
            at = lesson.ends_at - timedelta(minutes=self.dice.randint(1, 12))
            if self.dice.random() >= self.habits_of(lesson).no_topic and at <= self.written_until:
                yield lesson_record.NewTopic(lesson.id, self.topic_of(lesson), lesson.teacher_id, at)

    def topic_of(self, lesson: Taught) -> str:
        return topic_of(lesson.subject, self.index[lesson.id])

    def declare_works(self) -> None:
        wanted = []
        for lesson in self.lessons:
            kind = habits.kind_of_work(lesson.subject, self.index[lesson.id])
            if kind and lesson.scheme == MarkingScheme.FIVE_POINT:
                long = habits.is_assessment(lesson.subject, self.index[lesson.id])
                wanted.append(works.NewWork(lesson.id, self.kinds[kind], lesson.teacher_id, lesson.starts_at,
                                            minutes=WHOLE_LESSON if long else None,
                                            series=lesson.subject if long else "",
                                            title=habits.title_of_work(kind, self.topic_of(lesson),
                                                                        self.index[lesson.id])))
        for work in works.declare_works(self.session, works=wanted, settings=self.settings):
            self.work_of[work.lesson_id] = work.id

    def take_attendance(self) -> None:
        codes, taken = [], []
        for lesson in self.lessons:
            at = lesson.starts_at + timedelta(minutes=self.dice.randint(2, 9))
            if at > self.written_until or self.dice.random() < self.habits_of(lesson).no_attendance:
                continue
            taken.append(attendance.Taken(lesson.id, lesson.teacher_id, at))
            for pupil in self.pupils_of(lesson):
                if code := self.code_of(pupil, lesson):
                    key = f"demo-a{lesson.id}-{pupil}"
                    codes.append(attendance.NewPresence(lesson.id, pupil, code, key, lesson.teacher_id, at))
        attendance.record_attendance(self.session, rows=codes, settings=self.settings)
        attendance.take_attendance(self.session, lessons=taken, settings=self.settings)

    def code_of(self, pupil: int, lesson: Taught) -> str | None:
        """н, б, у or о, and remember who was not there."""
        code = habits.code_on(self.away[pupil], lesson.day)
        luck = self.dice.random()
        if code is None and luck < 0.016:
            code = "о" if lesson.number == 1 and luck < 0.012 else "н" if luck < 0.008 else None
        if code and code != "о":
            self.absent[lesson.id, pupil] = code
        return code

    def homework(self) -> Iterator[NewHomework]:
        for lesson in self.lessons:
            manner = self.habits_of(lesson)
            luck = self.dice.random()
            if not lesson.homework_expected or luck < manner.no_homework:
                continue
            late = self.dice.random() < (0.75 if lesson.class_id == self.evening_class else manner.late_homework)
            at = (lesson.homework_due_at + timedelta(minutes=self.dice.randint(40, 420)) if late
                  else lesson.ends_at - timedelta(minutes=self.dice.randint(0, 6)))
            if at <= self.written_until:
                not_set = luck > 0.93
                text = "" if not_set else homework_of(lesson.subject, self.index[lesson.id])
                yield NewHomework(lesson.id, text, lesson.teacher_id, at, f"demo-h{lesson.id}",
                                  not_set=not_set, minutes=15 + 5 * (lesson.id % 4))

    def marks_by_week(self) -> dict[date, list[marks.NewMark]]:
        """Every mark that has been entered by now, by the Monday of the lesson's week."""
        found: dict[date, list[marks.NewMark]] = defaultdict(list)
        for lesson in self.lessons:
            if lesson.scheme == MarkingScheme.FIVE_POINT:
                week = lesson.day - timedelta(days=lesson.day.weekday())
                maker = self.marks_of_work if lesson.id in self.work_of else self.marks_for_answers
                found[week] += (mark for mark in maker(lesson) if mark.at <= self.written_until)
        return found

    def marks_of_work(self, lesson: Taught) -> Iterator[marks.NewMark]:
        """Everybody who wrote it, when the teacher went through the papers; absentees wrote it later or owe it."""
        kind = habits.kind_of_work(lesson.subject, self.index[lesson.id])
        assert kind is not None
        days = habits.days_after(self.dice, self.habits_of(lesson).papers)
        for pupil in self.pupils_of(lesson):
            received_on, reason = lesson.day, ""
            if (lesson.id, pupil) in self.absent:
                later = self.next_attended(lesson, pupil)
                if later is None or self.dice.random() < 0.35:
                    continue
                received_on, reason = later, WRITTEN_LATER
            elif self.dice.random() < 0.01:
                continue  # a paper that lies forgotten
            yield marks.NewMark(lesson.id, pupil, self.value(pupil), f"demo-w{lesson.id}-{pupil}", lesson.teacher_id,
                                self.entered(received_on, max(days, 1)), work_id=self.work_of[lesson.id],
                                kind_id=self.kinds[kind], received_on=received_on if reason else None,
                                received_reason=reason)

    def marks_for_answers(self, lesson: Taught) -> Iterator[marks.NewMark]:
        days = habits.days_after(self.dice, self.habits_of(lesson).answers)
        for pupil in self.pupils_of(lesson):
            if self.dice.random() >= ANSWERS or (lesson.id, pupil) in self.absent:
                continue
            at = (self.entered(lesson.day, days) if days
                  else lesson.starts_at + timedelta(minutes=self.dice.randint(10, 44)))
            kind = self.kinds["homework" if self.dice.random() < 0.3 else "oral"]
            yield marks.NewMark(lesson.id, pupil, self.value(pupil), f"demo-o{lesson.id}-{pupil}", lesson.teacher_id,
                                at, kind_id=kind)

    def value(self, pupil: int) -> str:
        return habits.value_of(self.dice, self.able[pupil])

    def entered(self, received_on: date, days: int) -> datetime:
        """Some afternoon so many days later."""
        return clock.at(received_on + timedelta(days=days), self.dice.randint(14, 20), self.dice.randrange(60))

    def next_attended(self, lesson: Taught, pupil: int) -> date | None:
        """The day of the pupil's next lesson of the course, when he was back."""
        following = self.of_course[lesson.course_id][self.index[lesson.id] + 1:]
        return next((one.day for one in following if (one.id, pupil) not in self.absent and one.day > lesson.day), None)

    def correct(self, put: Sequence[Mark]) -> None:
        """A slip mended the next day now and then; by some teachers weeks later."""
        for mark in put:
            manner = self.odd.get(mark.entered_by_id, habits.PUNCTUAL)
            luck = self.dice.random()
            if luck >= manner.late_correction + manner.correction or mark.value not in LIKELY:
                continue
            days = self.dice.choice((8, 10, 14)) if luck < manner.late_correction else 1
            at = mark.entered_at + timedelta(days=days, minutes=7)
            if at <= self.written_until:
                marks.correct_mark(self.session, actor_id=mark.entered_by_id, mark_id=mark.id, version=mark.version,
                                   value=LIKELY[mark.value], key=f"demo-c{mark.id}", now=at, settings=self.settings)


    def retake(self, put: Sequence[Mark]) -> None:
        """Every second failed paper is written once more some days after it was marked (R11)."""
        failed = [mark for mark in put if mark.value == "2" and mark.work_id is not None][::2]
        again = [(mark, clock.at(mark.entered_on + DAYS_TO_LEARN, 15)) for mark in failed]
        marks.put_marks(self.session, settings=self.settings, marks=[
            marks.NewMark(mark.lesson_id, mark.pupil_id, "3" if mark.id % 3 else "4", f"demo-again{mark.id}",
                          mark.entered_by_id, at, received_on=clock.local(at).date(), retakes_id=mark.id)
            for mark, at in again if at <= self.written_until])


def taught_lessons(session: Session, now: datetime) -> list[Taught]:
    """Every lesson of a class that has begun, has a teacher and was not cancelled, in order."""
    query = (select(Lesson.id, Lesson.course_id, Lesson.day, Lesson.number, Lesson.starts_at, Lesson.ends_at,
                    Lesson.teacher_id, Lesson.homework_due_at, Subject.name, SchoolClass.id, Course.scheme,
                    Course.homework_expected)
             .join(Course, Course.id == Lesson.course_id)
             .join(Subject, Subject.id == Course.subject_id)
             .join(SchoolClass, SchoolClass.id == Course.class_id)
             .where(Lesson.starts_at <= now, Lesson.teacher_id.is_not(None),
                    Lesson.state == LessonState.PLANNED.value)
             .order_by(Lesson.day, Lesson.number, Lesson.course_id))
    return [Taught._make(row) for row in session.execute(query)]


def _is_member(member: Member, day: date) -> bool:
    return member.from_on <= day and (member.to_on is None or day <= member.to_on)


