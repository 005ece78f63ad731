"""A pupil's week as the paper diary shows it, empty days and attendance said in words (R5, R10, R40). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ejd import words
from ejd.journal.deadlines import Timeliness, homework_timeliness
from ejd.journal.excusing import REASON_WORDS
from ejd.school.calendar import ClassCalendar, monday_of

ONE_DAY = timedelta(days=1)
SUNDAY = 7

ATTENDANCE = {"н": "отсутствие, причина не указана", "б": "отсутствие по болезни",
              "у": "отсутствие по уважительной причине", "о": "опоздание"}
EXEMPT = "освобождение"
EXPLAINED = {"paper": "справка", "family": "сообщила семья", "school": "записала школа"}
NO_LESSONS = "Уроков нет"
UNPUBLISHED = {Timeliness.AWAITED: "задание ещё не опубликовано", Timeliness.MISSING: "учитель не опубликовал задание"}


@dataclass(frozen=True, slots=True)
class Given:
    """A mark with what it was given for; `received_on` is said only when it is not the lesson's day (R3)."""

    value: str
    kind: str
    title: str
    weight: int
    comment: str
    received_on: date | None = None
    mends: str = ""  # what stood before this re-take (R11)
    retaken: bool = False
    points: str = ""  # by the work's criteria

    @property
    def shown(self) -> str:
        """«3→5»: a re-take with what it mends."""
        return f"{self.mends}→{self.value}" if self.mends else self.value

    @property
    def told(self) -> str:
        """«Контрольная работа «Дроби», вес 2, получена 15 сентября: с ошибкой в знаке»."""
        weight = f", вес{words.NBSP}{self.weight}" if self.weight > 1 else ""
        again = ", пересдача" if self.mends else ""
        received = f", получена {words.day(self.received_on)}" if self.received_on else ""
        points = f", баллов {self.points}" if self.points else ""
        comment = f": {self.comment}" if self.comment else ""
        return f"{words.work_name(self.kind, self.title)}{weight}{again}{received}{points}{comment}"


@dataclass(frozen=True, slots=True)
class Expected:
    """A work that has no mark yet: `turn` says whose turn it is and until when (R4); `owed` when it is the pupil's."""

    kind: str
    title: str
    turn: str
    owed: bool

    @property
    def work(self) -> str:
        return words.work_name(self.kind, self.title)


@dataclass(frozen=True, slots=True)
class Owed:
    """A work that the pupil has to hand in, or to write after an absence."""

    hand_in_by: date | None
    subject: str
    kind: str
    title: str
    lesson_day: date
    passed: bool

    @property
    def until(self) -> str:
        if self.hand_in_by is None:
            return "срок не назначен"
        return f"{'срок был' if self.passed else 'до'}{words.NBSP}{words.day(self.hand_in_by)}"

    @property
    def work(self) -> str:
        return words.work_name(self.kind, self.title)


@dataclass(frozen=True, slots=True)
class File:
    id: int
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Task:
    """Homework on the day it is due, with when it was set and published (R5), by the clock on the school's wall.
    `named`: set to this pupil, beside the class's; `done` is his own tick."""

    id: int
    text: str
    not_set: bool
    set_on: date
    published_at: datetime
    changed_at: datetime | None
    subject: str
    minutes: int | None = None
    named: bool = False
    done: bool = False
    files: tuple[File, ...] = ()

    @property
    def told(self) -> str:
        """«20 мин, задано пн 14.09, опубликовано в 13:05, изменено 15.09 в 8:10»"""
        if self.not_set:
            return f"Не задано, отмечено {_moment(self.published_at)}"
        minutes = f"{words.duration(self.minutes)}, " if self.minutes else ""
        same_day = self.published_at.date() == self.set_on
        published = f"в{words.NBSP}{self.published_at:%H:%M}" if same_day else _moment(self.published_at)
        changed = f", изменено {_moment(self.changed_at)}" if self.changed_at else ""
        return f"{minutes}задано {words.short_day(self.set_on)}, опубликовано {published}{changed}"


@dataclass(frozen=True, slots=True)
class LessonOfDay:
    """A line of the diary."""

    number: int
    subject: str
    cancelled: bool  # or moved
    reason: str  # why
    attendance: str  # in words
    marks: tuple[Given, ...]
    expected: tuple[Expected, ...]
    homework: tuple[Task, ...]
    unpublished: str = ""  # what is said where homework stands in the other lines (R5)
    undivided: bool = False  # nobody has said yet which subgroup the pupil is in
    moved_to: date | None = None
    remote: bool = False

    @property
    def fate(self) -> str:
        """What became of the lesson, in words (R6); empty when it is held in the school as ever."""
        if not self.cancelled:
            return "дистанционно" if self.remote else ""
        fate = f"урок перенесён на{words.NBSP}{words.weekday_day(self.moved_to)}" if self.moved_to else "урок отменён"
        return f"{fate}: {self.reason}" if self.reason else fate


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week; `said` tells why it is empty."""

    day: date
    lessons: tuple[LessonOfDay, ...]
    homework: tuple[Task, ...]  # due that day outside any lesson
    said: str


@dataclass(frozen=True, slots=True)
class Week:
    """The pupil's week; `said` stands for the days when all of them are empty for one reason."""

    monday: date
    class_name: str
    days: tuple[Day, ...]
    said: str
    since: date  # the first day that the pupil was in a class of the school
    ends_on: date  # the school year's last day
    owed: tuple[Owed, ...]

    @property
    def last_day(self) -> date:
        return self.days[-1].day if self.days else self.monday + 4 * ONE_DAY

    @property
    def last_lessons_on(self) -> date:
        """From this day on there is a whole week to acknowledge."""
        return max((day.day for day in self.days if day.lessons), default=self.last_day)


def _moment(value: datetime) -> str:
    """15.09 в 08:10"""
    return f"{words.day_month(value.date())} в{words.NBSP}{value:%H:%M}"


def week_to_open(today: date) -> date:
    """The Monday of the week a diary opens with: on Sunday the coming one, for its homework."""
    return monday_of(today + ONE_DAY)


def weeks_around(monday: date, *, since: date | None, ends_on: date, opens_with: date
                 ) -> tuple[date | None, date | None]:
    """The Mondays to go on to: none before the pupil's first day, none after the year's end that is not yet here."""
    if since is None:
        return None, None
    first, following = monday_of(since), monday + SUNDAY * ONE_DAY
    if monday < first:
        return None, first
    before = monday - SUNDAY * ONE_DAY if monday > first else None
    return before, following if following <= max(ends_on, opens_with) else None


def said_of_homework(due_at: datetime, now: datetime) -> str:
    """What a line of the diary says when the lesson before was held and its homework is not there (R5)."""
    return UNPUBLISHED[homework_timeliness(due_at, None, now)]


def in_order(owed: Iterable[Owed]) -> tuple[Owed, ...]:
    """The nearest day first, works without a day last."""
    return tuple(sorted(owed, key=lambda work: (work.hand_in_by or date.max, work.lesson_day, work.subject)))


def attendance_in_words(code: str | None, exempt: bool, explained: str | None = None, accepted: str = "") -> str:
    """What the cell says of presence (R10), and who explained it, else what was `accepted` and waits for the teacher;
    the own family reads the illness as it is (R40)."""
    said = [ATTENDANCE[code] + (f" ({EXPLAINED[explained]})" if explained else "")] if code else []
    said += [accepted] if accepted and not code else []
    return ", ".join([*said, EXEMPT] if exempt else said)


def accepted_in_words(code: str | None, day: date, today: date) -> str:
    """An accepted excuse before the lesson's attendance was taken: «отсутствие принято: болезнь»."""
    if code is None:
        return ""
    return f"отсутствие принято: {REASON_WORDS[code]}" + (", учитель ещё не отметил" if day <= today else "")


def days_of(monday: date, calendar: ClassCalendar, lessons: Mapping[date, Iterable[LessonOfDay]],
            homework: Mapping[date, Iterable[Task]], noted: Collection[date] = ()) -> tuple[Day, ...]:
    """The days of the class's working week, and any other day of it that has a lesson, homework or (`noted`) a note.
    """
    shown = []
    for offset in range(SUNDAY):
        day = monday + offset * ONE_DAY
        of_day, due = tuple(lessons.get(day, ())), tuple(homework.get(day, ()))
        if of_day or due or day in noted or day.isoweekday() <= calendar.days_per_week:
            shown.append(Day(day, of_day, due, "" if of_day else why_empty(day, calendar)))
    return tuple(shown)


def why_empty(day: date, calendar: ClassCalendar) -> str:
    """Why a day has no lessons: holidays by name, a day off, out of the school year, or just none."""
    if closure := calendar.closure_on(day):
        return closure.name
    if not calendar.year.starts_on <= day <= calendar.year.ends_on or calendar.term_of(day) is None:
        return "Каникулы"
    return NO_LESSONS


def said_of(days: Iterable[Day]) -> str:
    """One sentence for a week that is empty for one reason; nothing for any other."""
    days = list(days)
    reasons = {day.said for day in days}
    if len(reasons) != 1 or any(day.lessons or day.homework for day in days):
        return ""
    reason = reasons.pop()
    if reason == NO_LESSONS:
        return "На этой неделе уроков нет: расписание ещё не составлено, или ученик не числится в классе."
    return f"{reason}: на этой неделе уроков нет."
