"""The demo school: its files go in by the same import as a real school's, its half term by the same services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from ejd import clock
from ejd.access import Position
from ejd.credentials import passwords
from ejd.credentials import services as credentials
from ejd.db import Session
from ejd.demo import bases, excuses, forms, habits, letters, notes, plans, remarks, results, sheets
from ejd.demo.filling import HalfTerm, Say
from ejd.importing import services as importing
from ejd.roster.models import (
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    SchoolClass,
    TeachingAssignment,
)
from ejd.schedule import absences, substitutions
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings

FILES = Path(__file__).resolve().parent / "files"
NAME = "Школа № 12 города Полевска (показательная)"
LISTS_CAME = date(2026, 8, 28)
FIRST_LESSONS = date(2026, 9, 1)
TODAY = date(2026, 10, 20)
NOON = 12
PASSWORD = "demo"

# Who is who among the people of the files.
TEACHER = ("Наумова", "Валерия", "Марковна")  # Russian and literature, class teacher of 7В
VERY_LATE = ("Котова", "Любовь", "Владимировна")  # mathematics
SOMEWHAT_LATE = (("Лазарев", "Даниил", "Маркович"), ("Соболева", "Алиса", "Павловна"),
                 ("Щербакова", "Анна", "Юрьевна"))
EASY_GOING = (("Волкова", "София", "Юрьевна"), ("Голубев", "Пётр", "Евгеньевич"), ("Юдина", "Маргарита", "Андреевна"),
              ("Васильева", "Арина", "Владимировна"), ("Ушаков", "Пётр", "Владимирович"),
              ("Герасимова", "Татьяна", "Дмитриевна"))
ILL, SUBSTITUTE = ("Голубев", "Пётр", "Евгеньевич"), ("Алексеева", "Юлия", "Игоревна")
ILL_DAYS = (date(2026, 10, 5), date(2026, 10, 9))
AWAY = date(2026, 10, 21)
OUTING = (date(2026, 9, 25), (6, "А"))
EVENING_CLASS = (8, "Б")  # its homework is published late


def build(session: Session, say: Say) -> None:
    """Everything in the caller's one transaction: an interrupted run leaves an empty database."""
    now = clock.at(TODAY, NOON)
    with clock.freeze(clock.at(LISTS_CAME, NOON)):
        bring_in_lists(session, say)
        start_control(session)
        letters.school_adopts(session, director=in_position(session, Position.DIRECTOR),
                              deputy=in_position(session, Position.DEPUTY), now=clock.now())
    with clock.freeze(now):
        say("Учебный год до сегодняшнего дня")
        teacher_falls_ill(session)
        class_goes_out(session)
        settings = school_settings.load(session)
        odd = {person_id(session, VERY_LATE): habits.VERY_LATE}
        odd |= {person_id(session, name): habits.SOMEWHAT_LATE for name in SOMEWHAT_LATE}
        odd |= {person_id(session, name): habits.EASY_GOING for name in EASY_GOING}
        HalfTerm(session, settings, now, odd, class_id(session, *EVENING_CLASS)).fill(say)
        say("Планы уроков")
        plans.make_plans(session, made_at=clock.at(LISTS_CAME, NOON), now=now,
                         careless={person_id(session, name) for name in EASY_GOING[:2]})
        say("Отметки за четверть")
        results.set_first_term(session, settings=settings, now=now, slow=odd)
        say("Сообщения семьям")
        notes.write_to_families(session, now=now)
        teacher_goes_away(session, now)
        open_logins(session, now)
        teacher = person_id(session, TEACHER)
        guardian, child = family_of(session, teacher)
        excuses.families_write(session, teacher=teacher, guardian=guardian, child=child, now=now)
        forms.families_choose(session, teacher=teacher, reads=guardian, now=now)
        sheets.sheets_go_out(session, now=now)
        bases.school_notes_bases(session, deputy=in_position(session, Position.DEPUTY), now=now)
        remarks.deputy_remarks(session, deputy=in_position(session, Position.DEPUTY), teacher=teacher,
                               late=person_id(session, VERY_LATE), now=now)


def bring_in_lists(session: Session, say: Say) -> None:
    """The same import as a real school's, with every proposal accepted."""
    say("Списки школы из файлов")
    now = clock.now()
    uploads = [importing.Upload(path.name, path.read_bytes()) for path in sorted(FILES.glob("*.xlsx"))]
    preview = importing.accepting(importing.prepare(session, files=uploads, today=clock.today(), now=now))
    importing.confirm(session, actor_id=None, preview=preview, decisions=preview.decisions, now=now)


def start_control(session: Session) -> None:
    """Name the school, mark the database as a demo, and launch control from the first of September (R7)."""
    for key, value in (("school.name", NAME), ("demo", True),
                       ("demo.now", clock.local(clock.at(TODAY, NOON)).isoformat()),
                       ("launch.marks", FIRST_LESSONS.isoformat()), ("launch.homework", FIRST_LESSONS.isoformat())):
        school_settings.change(session, actor_id=None, key=key, value=value, valid_from=LISTS_CAME, now=clock.now())


def teacher_falls_ill(session: Session) -> None:
    """A week of substitutions (R6); what the substitute has no time for is cancelled."""
    deputy, substitute = in_position(session, Position.DEPUTY), person_id(session, SUBSTITUTE)
    first, last = ILL_DAYS
    lessons = session.scalars(select(Lesson).where(Lesson.day.between(first, last)).order_by(Lesson.id)).all()
    busy = {(lesson.day, lesson.number) for lesson in lessons if lesson.teacher_id == substitute}
    open_ = [lesson for lesson in lessons if lesson.teacher_id == person_id(session, ILL)]
    now = clock.at(first, 8)
    substitutions.substitute_many(session, actor_id=deputy, teacher_id=substitute, now=now,
                                  lessons=[lesson for lesson in open_ if (lesson.day, lesson.number) not in busy])
    substitutions.cancel_lessons(session, actor_id=deputy, reason="Болезнь учителя", now=now,
                                 lessons=[lesson for lesson in open_ if (lesson.day, lesson.number) in busy])


def teacher_goes_away(session: Session, now: datetime) -> None:
    """Tomorrow somebody is at a course: the lessons wait for a substitute."""
    absences.note_absence(session, actor_id=in_position(session, Position.DEPUTY), teacher_id=person_id(session, ILL),
                          from_on=AWAY, to_on=AWAY, reason="Курсы", now=now)


def class_goes_out(session: Session) -> None:
    """A day without lessons for one class."""
    day, (grade, letter) = OUTING
    lessons = session.scalars(
        select(Lesson).join(Course, Course.id == Lesson.course_id)
        .where(Lesson.day == day, Course.class_id == class_id(session, grade, letter))).all()
    substitutions.cancel_lessons(session, actor_id=in_position(session, Position.DEPUTY), lessons=lessons,
                                 reason="Экскурсия", now=clock.at(day, 8))


def open_logins(session: Session, now: datetime) -> None:
    """The five logins of a demo database, exempt from the first change of password."""
    password_hash = passwords.hash_password(PASSWORD)
    teacher = person_id(session, TEACHER)
    guardian, child = family_of(session, teacher)
    people = {"admin": in_position(session, Position.DEPUTY), "director": in_position(session, Position.DIRECTOR),
              "teacher": teacher, "parent": guardian, "student": child}
    for login, who in people.items():
        person = session.get_one(Person, who)
        account = credentials.create_account(session, actor_id=None, person=person, now=now)
        account.login, account.password_hash, account.must_change = login, password_hash, False
    session.flush()


def family_of(session: Session, teacher_id: int) -> tuple[int, int]:
    """A guardian of just two children, and that of them whom the demo's teacher teaches."""
    taught = (select(Enrolment.pupil_id).join(Course, Course.class_id == Enrolment.class_id)
              .join(TeachingAssignment, TeachingAssignment.course_id == Course.id)
              .join(ClassTeacher, ClassTeacher.class_id == Enrolment.class_id)
              .where(TeachingAssignment.teacher_id == teacher_id))
    two = (select(Guardianship.guardian_id).group_by(Guardianship.guardian_id)
           .having(func.count() == 2).scalar_subquery())
    row = session.execute(
        select(Guardianship.guardian_id, Guardianship.pupil_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Guardianship.guardian_id.in_(two), Guardianship.pupil_id.in_(taught), SchoolClass.grade >= 5)
        .order_by(Guardianship.pupil_id, Guardianship.guardian_id).limit(1)).one()
    return row.guardian_id, row.pupil_id


def person_id(session: Session, name: Sequence[str]) -> int:
    last, first, patronymic = name
    return session.scalars(select(Person.id).join(Employment, Employment.person_id == Person.id).filter(
        Person.last_name == last, Person.first_name == first, Person.patronymic == patronymic).distinct()).one()


def class_id(session: Session, grade: int, letter: str) -> int:
    return session.scalars(select(SchoolClass.id).filter_by(grade=grade, letter=letter)).one()


def in_position(session: Session, position: Position) -> int:
    return session.scalars(select(Employment.person_id).filter_by(position=position.value)).first() or 0
