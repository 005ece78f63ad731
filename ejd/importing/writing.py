"""A plan written down through the services of each capability, in one order, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from ejd import clock
from ejd.db import Session
from ejd.importing.comparing_load import CourseKey
from ejd.importing.comparing_pupils import Ref
from ejd.importing.planning import Plan
from ejd.importing.records import ClassKey
from ejd.importing.standing import Standing
from ejd.refusal import Refused
from ejd.roster import classes, load, people, subgroups
from ejd.schedule import services as schedule
from ejd.schedule.services import Prepared, SlotPlan
from ejd.school import services as school

__all__ = ["Prepared", "prepare_timetable", "write"]
LEFT_REASON = "выбыл по списку"


def prepare_timetable(session: Session, plan: Plan, standing: Standing, *, now: datetime) -> Prepared | None:
    """The slow part of publishing, when everything the timetable rests on is in the database already. What is refused
    is refused when it is written, beside the day that was chosen."""
    if plan.timetable.slots is None or plan.adds_ground or standing.year_id is None:
        return None
    ids = {key: course.id for key, course in plan.load.there.items()}
    slots = _slots(plan, ids)
    try:
        return schedule.prepare_timetable(session, year_id=standing.year_id, slots=slots, now=now,
                                          valid_from=_valid_from(plan, standing, now))
    except Refused:
        return None


def write(session: Session, plan: Plan, standing: Standing, *, actor_id: int | None, now: datetime,
          prepared: Prepared | None = None) -> int:
    """Write all of it; how many lessons were made or changed."""
    hand = _Hand(session, plan, standing, actor_id, now)
    hand.write_year()
    hand.write_subjects()
    hand.write_classes()
    hand.write_people()
    hand.write_staff()
    hand.write_membership()
    hand.write_load()
    return hand.write_lessons(prepared)


def _valid_from(plan: Plan, standing: Standing, now: datetime) -> date:
    """The first timetable holds from the lists' day, a later one not before today."""
    return max(plan.since, clock.local(now).date()) if standing.versions else plan.since


def _slots(plan: Plan, courses: dict[CourseKey, int]) -> list[SlotPlan]:
    """The whole timetable by the journals' ids."""
    slots = [SlotPlan(weekday, number, courses[key], room) for weekday, number, key, room in plan.timetable.slots or ()]
    return slots + [SlotPlan(slot.weekday, slot.number, slot.course_id, slot.room) for slot in plan.timetable.others]


@contextmanager
def about(whom: object) -> Iterator[None]:
    """Say in a refusal whom of a long list it is about."""
    try:
        yield
    except Refused as refused:
        raise Refused(f"{whom}: {refused}", field=refused.field) from None


class _Hand:
    """One import on its way: what keys of the plan have become which ids."""

    def __init__(self, session: Session, plan: Plan, standing: Standing, actor_id: int | None, now: datetime) -> None:
        self.session, self.plan, self.standing = session, plan, standing
        self.actor_id, self.now, self.today = actor_id, now, clock.local(now).date()
        self.year_id = standing.year_id or 0
        self.people: dict[str, int] = {}
        self.classes: dict[ClassKey, int] = dict(standing.classes)
        self.subjects: dict[str, int] = {}
        self.courses: dict[CourseKey, int] = {key: course.id for key, course in plan.load.there.items()}

    def person(self, ref: Ref) -> int:
        return ref if isinstance(ref, int) else self.people[ref]

    def subject(self, ref: Ref) -> int:
        return ref if isinstance(ref, int) else self.subjects[ref]

    def write_year(self) -> None:
        year = self.plan.year
        if year.is_new or year.terms or year.days_off is not None:
            self.year_id = school.open_year(
                self.session, actor_id=self.actor_id, starts_on=year.starts_on, ends_on=year.ends_on, now=self.now,
                terms=year.terms or None, days_off=year.days_off).id
        if year.bells:
            school.put_bells(self.session, actor_id=self.actor_id, name=year.bells[0], bells=year.bells[1],
                             now=self.now)

    def write_subjects(self) -> None:
        if self.plan.load.subjects:
            self.subjects = load.ensure_subjects(self.session, actor_id=self.actor_id, names=self.plan.load.subjects,
                                                 now=self.now)
        for spelling, ref in self.plan.timetable.aliases.items():
            load.alias_subject(self.session, actor_id=self.actor_id, spelling=spelling, subject_id=self.subject(ref),
                               now=self.now)

    def write_classes(self) -> None:
        for (grade, letter), days in self.plan.classes.items():
            self.classes[grade, letter] = classes.found_class(
                self.session, actor_id=self.actor_id, year_id=self.year_id, grade=grade, letter=letter,
                days_per_week=days, now=self.now).id

    def write_people(self) -> None:
        pupils, adults = self.plan.pupils, self.plan.adults
        new = {key: people.NewPerson(row.name.last, row.name.first, row.name.patronymic, row.born)
               for key, row in pupils.who.items()}
        new |= {key: people.NewPerson(name.last, name.first, name.patronymic) for key, name in adults.who.items()}
        if new:
            ids = people.add_people(self.session, actor_id=self.actor_id, people=list(new.values()), now=self.now)
            self.people = dict(zip(new, ids, strict=True))
        for person_id, name in pupils.renamed.items():
            people.rename_person(self.session, actor_id=self.actor_id, person_id=person_id, last_name=name.last,
                                 first_name=name.first, patronymic=name.patronymic, now=self.now)
        for person_id, born in pupils.redated.items():
            people.correct_birth_date(self.session, actor_id=self.actor_id, person_id=person_id, birth_date=born,
                                      now=self.now)

    def write_staff(self) -> None:
        adults = self.plan.adults
        if adults.employed:
            staff = [people.NewEmployment(self.person(ref), position, title)
                     for ref, position, title in adults.employed]
            people.employ_many(self.session, actor_id=self.actor_id, staff=staff, now=self.now,
                               from_on=min(self.plan.since, self.today))
        for (person_id, position), title in adults.retitled.items():
            people.retitle(self.session, actor_id=self.actor_id, person_id=person_id, position=position,
                           job_title=title, on=self.today, now=self.now)
        for person_id in adults.gone:
            with about(self.standing.names[person_id]):
                people.leave_work(self.session, actor_id=self.actor_id, person_id=person_id, now=self.now,
                                  last_day=self.plan.since - timedelta(days=1))

    def write_membership(self) -> None:
        pupils, adults, since = self.plan.pupils, self.plan.adults, self.plan.since
        for pupil_id, last_day in pupils.left:
            with about(self.standing.names[pupil_id]):
                classes.pupil_leaves(self.session, actor_id=self.actor_id, pupil_id=pupil_id, last_day=last_day,
                                     reason=LEFT_REASON, now=self.now)
        for pupil_id, key in pupils.moved:
            with about(self.standing.names[pupil_id]):
                classes.move_pupil(self.session, actor_id=self.actor_id, pupil_id=pupil_id, class_id=self.classes[key],
                                   on=since, now=self.now)
        if pupils.enrolled:
            classes.enrol_many(self.session, actor_id=self.actor_id, from_on=since, now=self.now,
                               pairs=[(self.person(ref), self.classes[key]) for ref, key in pupils.enrolled])
        if adults.guardians:
            people.appoint_guardians(
                self.session, actor_id=self.actor_id, now=self.now, from_on=min(since, self.today),
                guardians=[people.NewGuardian(self.person(guardian), self.person(pupil), relation)
                           for guardian, pupil, relation in adults.guardians])
        for guardian_id, pupil_id, relation in adults.related:
            people.relate(self.session, actor_id=self.actor_id, guardian_id=guardian_id, pupil_id=pupil_id,
                          relation=relation, on=self.today, now=self.now)
        for key, ref in adults.class_teachers:
            classes.appoint_class_teacher(self.session, actor_id=self.actor_id, class_id=self.classes[key],
                                          teacher_id=self.person(ref), from_on=since, now=self.now)

    def write_load(self) -> None:
        plan, since = self.plan.load, self.plan.since
        for course_id, half_hours in plan.hours:
            load.change_course(self.session, actor_id=self.actor_id, course_id=course_id, half_hours=half_hours,
                               now=self.now)
        for course_id, teacher in plan.assigned:
            load.assign_teacher(self.session, actor_id=self.actor_id, course_id=course_id, from_on=since, now=self.now,
                                teacher_id=None if teacher is None else self.person(teacher))
        for course_id in plan.retired:
            with about(plan.title(next(key for key, course in plan.there.items() if course.id == course_id))):
                load.retire_course(self.session, actor_id=self.actor_id, course_id=course_id, now=self.now,
                                   on=since + timedelta(days=1))
        if plan.opened:
            new = [load.NewCourse(self.classes[key[0]], self.subject(key[1]), key[2], half_hours,
                                  teacher_id=None if teacher is None else self.person(teacher))
                   for key, half_hours, teacher in plan.opened]
            ids = load.open_courses(self.session, actor_id=self.actor_id, year_id=self.year_id, courses=new,
                                    from_on=since, now=self.now)
            self.courses |= dict(zip((key for key, _, _ in plan.opened), ids, strict=True))
        if plan.members:
            subgroups.put_in_subgroups(self.session, actor_id=self.actor_id, from_on=since, now=self.now,
                                  members=[(self.courses[key], self.person(pupil)) for key, pupil in plan.members])

    def write_lessons(self, prepared: Prepared | None) -> int:
        if self.plan.timetable.slots is not None:
            slots = _slots(self.plan, self.courses)
            made = schedule.publish_timetable(
                self.session, actor_id=self.actor_id, year_id=self.year_id, slots=slots, now=self.now,
                valid_from=_valid_from(self.plan, self.standing, self.now), prepared=prepared)
            return made.added + made.changed
        if self.standing.versions and self.plan.moves_lessons:
            remade = schedule.remake_lessons(self.session, actor_id=self.actor_id, year_id=self.year_id, now=self.now)
            return remade.added + remade.changed if remade else 0
        return 0
