"""What class teachers of the demo school wrote to families, what some answered, and who has read the last weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.homeroom.models import NoteKind
from ejd.homeroom.notes import NewNote, acknowledge_week, answer_note, write_note
from ejd.roster.models import ClassTeacher, Enrolment, Guardianship
from ejd.school.calendar import monday_of

TO_ALL = ("В четверг в 18:00 родительское собрание, кабинет класса. Повестка: итоги четверти, каникулы.",
          "На следующей неделе экскурсия в краеведческий музей. Согласие принесите до пятницы.",
          "Напоминаю о сменной обуви: проверяет дежурный класс.")
REMARKS = ("Забыл тетрадь и учебник.", "Разговаривал на уроке, сделано замечание.", "Не был готов к уроку.")
PRAISE = ("Спасибо за помощь в подготовке концерта!", "Выступил на олимпиаде, хороший результат.")
ANSWERS = ("Спасибо, буду.", "Поговорили дома, больше не повторится.", "Спасибо!")
READING, FIRST_READING = 4, 1  # every fourth class's families acknowledge weeks
READ = 0.7


def write_to_families(session: Session, *, now: datetime) -> None:
    """Through the same acts as a teacher's and a guardian's own."""
    dice = Random(7)
    today = clock.local(now).date()
    class_teachers = session.execute(select(ClassTeacher.class_id, ClassTeacher.teacher_id)
                                     .where(ClassTeacher.to_on.is_(None)).order_by(ClassTeacher.class_id)).all()
    for index, (class_id, teacher_id) in enumerate(class_teachers):
        families = _families(session, class_id)
        for number, text in enumerate(dice.sample(TO_ALL, 2)):
            _note(session, class_id, teacher_id, text, today - timedelta(days=3 + 4 * number), f"{class_id}-{number}")
        for number in range(dice.randint(1, 3)):
            pupil_id, guardian_id = dice.choice(families)
            remark = dice.random() < 0.6
            note_id = _note(session, class_id, teacher_id, dice.choice(REMARKS if remark else PRAISE),
                            today - timedelta(days=dice.randint(1, 6)), f"{class_id}-p{number}", pupil_id,
                            NoteKind.REMARK if remark else NoteKind.NOTICE)
            if guardian_id and dice.random() < 0.5:
                answer_note(session, note_id=note_id, pupil_id=pupil_id, guardian_id=guardian_id,
                            text=dice.choice(ANSWERS), key=f"demo-na{note_id}", now=now - timedelta(hours=3))
        if index % READING == FIRST_READING:
            _read_weeks(session, families, today, dice)


def _families(session: Session, class_id: int) -> list[tuple[int, int | None]]:
    """Pupils with one of their guardians."""
    rows = session.execute(
        select(Enrolment.pupil_id, Guardianship.guardian_id)
        .outerjoin(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .where(Enrolment.class_id == class_id, Enrolment.to_on.is_(None))
        .order_by(Enrolment.pupil_id, Guardianship.guardian_id.desc()))
    return list({pupil_id: (pupil_id, guardian_id) for pupil_id, guardian_id in rows}.values())


def _note(session: Session, class_id: int, teacher_id: int, text: str, day: date, key: str,
          pupil_id: int | None = None, kind: NoteKind = NoteKind.NOTICE) -> int:
    return write_note(session, note=NewNote(
        class_id, kind, day, text, teacher_id, clock.at(day, 15, 20), f"demo-n{key}",
        None if pupil_id is None else [pupil_id])).id


def _read_weeks(session: Session, families: list[tuple[int, int | None]], today: date, dice: Random) -> None:
    for weeks_ago in (1, 2):
        monday = monday_of(today) - timedelta(weeks=weeks_ago)
        for pupil_id, guardian_id in families:
            if guardian_id is not None and dice.random() < READ:
                acknowledge_week(session, guardian_id=guardian_id, pupil_id=pupil_id, monday=monday,
                                 now=clock.at(monday + timedelta(days=5), dice.randint(9, 21)))
