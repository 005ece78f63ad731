"""The small school of the tests: named people, two classes, a fortnight of lessons. At most 40 pupils.

It is Thursday, 17 September 2026, 12:00 in Moscow.

Анна Аркадьевна teaches mathematics in 7А and is its class teacher. Борис Борисович teaches Russian in 7А, and
one English subgroup. Вера has two children: Витя (7А) and Маша (1А). Захар is a guardian of Зоя (7Б): a
stranger to Вера's children. Дина is deputy head, Галина the director, Ольга the office, Игорь the IT man,
Инна the inspector. Ева teaches English and is also Егор's mother (7Б).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from ejd import clock, names
from ejd.access import Actor, Position
from ejd.credentials.sessions import actor_of
from ejd.db import db
from ejd.journal.models import WorkKind
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseMember,
    Employment,
    Enrolment,
    Guardianship,
    MarkingScheme,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.schedule.models import Lesson, Slot, TimetableVersion
from ejd.school.models import Bell, BellSchedule, DayOff, SchoolYear, Setting, Term

NOW = datetime(2026, 9, 17, 9, 0, tzinfo=UTC)  # 12:00 in Moscow, a Thursday
TODAY = date(2026, 9, 17)
FIRST_DAY = date(2026, 9, 1)

BELLS = ((8, 30), (9, 20), (10, 20), (11, 20), (12, 15), (13, 5), (13, 55))

# surname, first name, patronymic
STAFF = {
    "anna": ("Андреева", "Анна", "Аркадьевна"),
    "boris": ("Борисов", "Борис", "Борисович"),
    "dina": ("Дмитриева", "Дина", "Денисовна"),
    "galina": ("Громова", "Галина", "Григорьевна"),
    "olga": ("Орлова", "Ольга", "Олеговна"),
    "igor": ("Исаев", "Игорь", "Ильич"),
    "inna": ("Инина", "Инна", ""),
    "eva": ("Ершова", "Ева", "Егоровна"),
}
POSITIONS = {
    "anna": Position.TEACHER, "boris": Position.TEACHER, "eva": Position.TEACHER,
    "dina": Position.DEPUTY, "galina": Position.DIRECTOR, "olga": Position.OFFICE,
    "igor": Position.IT, "inna": Position.INSPECTOR,
}
GUARDIANS = {
    "vera": ("Волкова", "Вера", "Викторовна"),
    "zakhar": ("Зимин", "Захар", "Захарович"),
}
CLASS_7A = (
    ("Абрамов", "Алексей", "Олегович"), ("Алиев", "Тимур", "Рашид оглы"), ("Белова", "Дарья", "Ивановна"),
    ("Волков", "Виктор", "Павлович"),  # Витя
    ("Ёлкин", "Егор", "Петрович"), ("Ким", "Софья", ""), ("Мамин-Сибиряк", "Константин", "Константинович"),
    ("Яковлева", "Юлия", "Юрьевна"),
)
CLASS_7B = (("Ершов", "Егор", "Андреевич"), ("Зимина", "Зоя", "Захаровна"), ("Петров", "Пётр", "Петрович"))
CLASS_1A = (("Волкова", "Мария", "Павловна"), ("Орлов", "Иван", "Иванович"))  # Маша

WORK_KINDS = (  # code, name, short, weight, declared, in timeliness
    ("oral", "Ответ на уроке", "отв", 1, False, True),
    ("written", "Самостоятельная работа", "с/р", 1, True, True),
    ("test", "Контрольная работа", "к/р", 2, True, True),
    ("essay", "Сочинение, изложение", "соч", 2, True, True),
    ("homework", "Домашняя работа", "д/з", 1, False, True),
    ("transfer", "Из справки", "спр", 1, False, False),
)


def _person(full: tuple[str, str, str], born: date | None = None) -> Person:
    last, first, patronymic = full
    person = Person(last_name=last, first_name=first, patronymic=patronymic, birth_date=born,
                    sort_key=names.sort_key(*full), search_key=names.search_key(*full))
    db.session.add(person)
    db.session.flush()
    return person


def build_world() -> None:
    """Write the school into the empty database; once a run."""
    add = db.session.add
    year = SchoolYear(name="2026/2027", starts_on=FIRST_DAY, ends_on=date(2027, 5, 26))
    bells = BellSchedule(name="Основное")
    db.session.add_all([year, bells])
    db.session.flush()
    for number, (hour, minute) in enumerate(BELLS, 1):
        ends = datetime(2026, 1, 1, hour, minute) + timedelta(minutes=40)
        add(Bell(schedule_id=bells.id, number=number, starts_at=time(hour, minute), ends_at=ends.time()))
    for number, name, starts, ends in ((1, "I четверть", FIRST_DAY, date(2026, 10, 23)),
                                       (2, "II четверть", date(2026, 11, 2), date(2026, 12, 30)),
                                       (3, "III четверть", date(2027, 1, 11), date(2027, 3, 26)),
                                       (4, "IV четверть", date(2027, 4, 5), date(2027, 5, 26))):
        add(Term(year_id=year.id, scheme="quarters", number=number, name=name, starts_on=starts, ends_on=ends))
    for number, name, starts, ends in ((1, "I полугодие", FIRST_DAY, date(2026, 12, 30)),
                                       (2, "II полугодие", date(2027, 1, 11), date(2027, 5, 26))):
        add(Term(year_id=year.id, scheme="half_years", number=number, name=name, starts_on=starts, ends_on=ends))
    add(DayOff(year_id=year.id, name="Осенние каникулы", starts_on=date(2026, 10, 24), ends_on=date(2026, 11, 1),
               holidays=True))
    add(Setting(key="school.name", valid_from=FIRST_DAY, value='"Школа № 12"'))
    add(Setting(key="launch.marks", valid_from=FIRST_DAY, value='"2026-09-01"'))
    add(Setting(key="second_factor", valid_from=FIRST_DAY, value="false"))  # it has tests of its own
    add(Setting(key="launch.homework", valid_from=FIRST_DAY, value='"2026-09-01"'))
    for position, (code, name, short, weight, declared, timely) in enumerate(WORK_KINDS):
        add(WorkKind(code=code, name=name, short_name=short, weight=weight, declared=declared,
                     in_timeliness=timely, position=position))

    staff = {key: _person(full) for key, full in STAFF.items()}
    for key, position in POSITIONS.items():
        add(Employment(person_id=staff[key].id, position=position.value, from_on=FIRST_DAY))
    guardians = {key: _person(full) for key, full in GUARDIANS.items()}
    classes: dict[str, SchoolClass] = {}
    pupils: dict[str, list[Person]] = {}
    lists = ((7, "А", CLASS_7A, 2013), (7, "Б", CLASS_7B, 2013), (1, "А", CLASS_1A, 2019))
    for grade, letter, people, born in lists:
        school_class = SchoolClass(year_id=year.id, grade=grade, letter=letter, term_scheme="quarters",
                                   bell_schedule_id=bells.id)
        add(school_class)
        db.session.flush()
        classes[school_class.name] = school_class
        pupils[school_class.name] = [_person(full, date(born, 3, 1 + i)) for i, full in enumerate(people)]
        for pupil in pupils[school_class.name]:
            add(Enrolment(pupil_id=pupil.id, class_id=school_class.id, from_on=FIRST_DAY))
    add(ClassTeacher(class_id=classes["7А"].id, teacher_id=staff["anna"].id, from_on=FIRST_DAY))
    for guardian, pupil, relation in ((guardians["vera"], pupils["7А"][3], "мать"),
                                      (guardians["vera"], pupils["1А"][0], "мать"),
                                      (guardians["zakhar"], pupils["7Б"][1], "отец"),
                                      (staff["eva"], pupils["7Б"][0], "мать")):
        add(Guardianship(guardian_id=guardian.id, pupil_id=pupil.id, relation=relation, from_on=FIRST_DAY))

    subjects = {name: Subject(name=name, short_name=short) for name, short in (
        ("Математика", "Матем."), ("Русский язык", "Рус. яз."), ("Иностранный язык (английский)", "Англ. яз."))}
    db.session.add_all(subjects.values())
    db.session.flush()
    version = TimetableVersion(year_id=year.id, valid_from=FIRST_DAY, published_at=clock.at(FIRST_DAY))
    add(version)
    db.session.flush()
    plan = (  # class, subject, subgroup, teacher, slots (weekday, number)
        ("7А", "Математика", 0, "anna", ((1, 1), (2, 2), (4, 1), (5, 3))),
        ("7А", "Русский язык", 0, "boris", ((1, 2), (3, 1), (4, 2))),
        ("7А", "Иностранный язык (английский)", 1, "eva", ((2, 1), (5, 1))),
        ("7А", "Иностранный язык (английский)", 2, "boris", ((2, 1), (5, 1))),
        ("7Б", "Математика", 0, "anna", ((1, 3), (3, 2))),
        ("1А", "Математика", 0, "eva", ((1, 1), (3, 1))),
    )
    for class_name, subject, subgroup, teacher, slots in plan:
        school_class = classes[class_name]
        first = school_class.grade == 1
        course = Course(year_id=year.id, class_id=school_class.id, subject_id=subjects[subject].id,
                        subgroup=subgroup, half_hours=2 * len(slots), homework_expected=not first,
                        scheme=MarkingScheme.MARKLESS.value if first else MarkingScheme.FIVE_POINT.value)
        add(course)
        db.session.flush()
        add(TeachingAssignment(course_id=course.id, teacher_id=staff[teacher].id, from_on=FIRST_DAY))
        if subgroup:
            for index, pupil in enumerate(pupils[class_name]):
                if index % 2 == subgroup - 1:
                    add(CourseMember(course_id=course.id, pupil_id=pupil.id, from_on=FIRST_DAY))
        for weekday, number in slots:
            slot = Slot(version_id=version.id, weekday=weekday, number=number, course_id=course.id)
            add(slot)
            db.session.flush()
            _lessons(slot, staff[teacher])
    db.session.commit()


def _lessons(slot: Slot, teacher: Person) -> None:
    """Six weeks of lessons of a slot from the first of September; homework due an hour after the lesson."""
    day = FIRST_DAY
    while day <= FIRST_DAY + timedelta(days=41):
        if day.isoweekday() == slot.weekday:
            hour, minute = BELLS[slot.number - 1]
            starts = clock.at(day, hour, minute)
            ends = starts + timedelta(minutes=40)
            db.session.add(Lesson(course_id=slot.course_id, day=day, number=slot.number, starts_at=starts,
                                  ends_at=ends, teacher_id=teacher.id, slot_id=slot.id,
                                  homework_due_at=ends + timedelta(hours=1)))
        day += timedelta(days=1)


@dataclass
class World:
    """The school as one test sees it: people by name, and the few objects tests ask for."""

    session: scoped_session[Session]

    def person(self, last_name: str, first_name: str) -> Person:
        return self.session.scalars(select(Person).filter_by(last_name=last_name, first_name=first_name)).one()

    def __getattr__(self, name: str) -> Person:
        """Staff and guardians by the names above: school.anna, school.vera …"""
        full = STAFF.get(name) or GUARDIANS.get(name)
        if full is None:
            raise AttributeError(name)
        return self.person(full[0], full[1])

    @cached_property
    def vitya(self) -> Person:
        return self.person("Волков", "Виктор")

    @cached_property
    def masha(self) -> Person:
        return self.person("Волкова", "Мария")

    @cached_property
    def zoya(self) -> Person:
        return self.person("Зимина", "Зоя")

    def school_class(self, name: str) -> SchoolClass:
        return self.session.scalars(select(SchoolClass).filter_by(grade=int(name[:-1]), letter=name[-1])).one()

    def course(self, class_name: str, subject: str, subgroup: int = 0) -> Course:
        """`subject` may be the beginning of its name."""
        return self.session.scalars(
            select(Course).join(Subject).where(
                Course.class_id == self.school_class(class_name).id, Course.subgroup == subgroup,
                Subject.name.startswith(subject))).one()

    def lesson(self, course: Course, day: date) -> Lesson:
        return self.session.scalars(select(Lesson).filter_by(course_id=course.id, day=day)).one()

    def kind(self, code: str) -> WorkKind:
        return self.session.scalars(select(WorkKind).filter_by(code=code)).one()

    def actor(self, person: Person, today: date = TODAY) -> Actor:
        return actor_of(self.session(), person, today)
