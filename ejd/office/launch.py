"""What the list before the launch counts (R7), by the figures of what is to do and of the parts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, exists
from sqlalchemy.orm import aliased

from ejd.credentials import register
from ejd.credentials.holders import custom_of
from ejd.db import Session
from ejd.families import letters
from ejd.families.models import ServiceForm
from ejd.families.provision import Form
from ejd.office.launch_steps import Facts, is_unfinished
from ejd.office.to_do import Standing, count_of, figures_on
from ejd.plans.models import Plan, PlanTopic
from ejd.roster.belonging import held, unclosed
from ejd.roster.models import Course
from ejd.schedule.models import Lesson, LessonState
from ejd.school.launch_days import LaunchDays
from ejd.school.models import SchoolYear
from ejd.school.queries import year_to_prepare, years
from ejd.school.settings import Settings

FORTNIGHT = timedelta(days=13)


def facts_of(session: Session, *, settings: Settings, today: date, real_now: datetime) -> Facts:
    """Seven statements, whatever the size of the school."""
    year = year_to_prepare(years(session), today)
    papers = letters.all_current(session, settings=settings, today=today)
    said = {"today": today, "year": year is not None, "papers": len(papers),
            "ready_papers": sum(one.number > 0 and not one.stale for one in papers),
            "address": settings.value("school.address", on=None), "launch": settings.launch}
    if year is None:
        return Facts(**said)
    day = min(max(today, year.starts_on), year.ends_on)
    figures, (lessons, clashing, planned, on_paper, unsigned) = figures_on(
        session, year, day, today, _more(year, day, max(today, year.starts_on)))
    cards = register.figures(session, custom=custom_of(settings), today=today, real_now=real_now)
    return Facts(
        **said, bells=figures.bells, classes=figures.classes, pupils=figures.pupils,
        without_guardian=figures.without_guardian, without_class_teacher=figures.without_class_teacher,
        journals=figures.courses, vacancies=figures.vacancies, timetables=figures.timetables, untimed=figures.untimed,
        lessons=lessons, clashing=clashing, planned=planned, on_paper=on_paper, unsigned=unsigned,
        people=sum(one.people for one in cards), handed=sum(one.unused + one.used for one in cards))


def unfinished(now: Standing, *, launch: LaunchDays, today: date) -> bool:
    """Whether the head page leads to the list."""
    figures = now.figures
    return is_unfinished([(figures.without_class_teacher, figures.classes), (figures.vacancies, figures.courses),
                          (figures.untimed, figures.timetables)], launch=launch, today=today)


def _more(year: SchoolYear, day: date, first: date) -> Sequence[ScalarSelect[int]]:
    other = aliased(Lesson)
    taught = (Lesson.day.between(first, first + FORTNIGHT), Lesson.state == LessonState.PLANNED.value,
              Lesson.teacher_id.is_not(None), Lesson.merged_into_id.is_(None))
    beside = exists().where(
        other.teacher_id == Lesson.teacher_id, other.day == Lesson.day, other.id != Lesson.id,
        other.state == LessonState.PLANNED.value, other.merged_into_id.is_(None),
        other.starts_at < Lesson.ends_at, other.ends_at > Lesson.starts_at)
    planned = exists().where(Plan.course_id == Course.id, PlanTopic.plan_id == Plan.id, PlanTopic.dropped.is_(False))
    paper = (ServiceForm.form.in_([Form.PAPER.value, Form.REFUSED.value]), held(ServiceForm, day))
    return (count_of(Lesson.id, *taught), count_of(Lesson.id, *taught, beside),
            count_of(Course.id, Course.year_id == year.id, unclosed(day), planned),
            count_of(ServiceForm.id, *paper), count_of(ServiceForm.id, *paper, ServiceForm.paper_id.is_(None)))
