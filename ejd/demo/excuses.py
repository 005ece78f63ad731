"""Certificates that were brought, and what families told the class teacher of the demo's own class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.demo.habits import Absence
from ejd.journal import excuses
from ejd.journal.excuses import NewExcuse
from ejd.journal.excusing import Span
from ejd.roster.models import ClassTeacher, Enrolment, Guardianship

ONE_DAY = timedelta(days=1)
BROUGHT = 0.85  # of all spells with a reason; of the others the teachers know by hearsay


def bring_certificates(session: Session, *, away: Mapping[int, Sequence[Absence]], now: datetime) -> None:
    """A paper for each illness and a letter for most other reasons, the morning when the pupil is back."""
    dice, today = Random(2027), clock.local(now).date()
    led = led_by(session)
    brought = []
    for pupil, spells in away.items():
        for number, spell in enumerate(spells):
            back = spell.last + ONE_DAY
            if spell.code == "н" or back >= today or pupil not in led or dice.random() >= BROUGHT:
                continue
            at = clock.at(back, 8, dice.randrange(5, 25))
            brought.append(NewExcuse(pupil, Span(spell.first, spell.last), spell.code, f"demo-e{pupil}-{number}",
                                     led[pupil], at, certificate=spell.code == "б"))
    excuses.record_excuses(session, excuses=brought)


def led_by(session: Session) -> dict[int, int]:
    """The class teacher of each pupil."""
    rows = session.execute(select(Enrolment.pupil_id, ClassTeacher.teacher_id)
                           .join(ClassTeacher, ClassTeacher.class_id == Enrolment.class_id))
    return {row.pupil_id: row.teacher_id for row in rows}


def families_write(session: Session, *, teacher: int, guardian: int, child: int, now: datetime) -> None:
    """In the class of the demo's teacher: two announcements wait for an answer, one was accepted, one declined."""
    today = clock.local(now).date()
    families = [(pupil, parent) for pupil, parent in session.execute(
        select(Enrolment.pupil_id, Guardianship.guardian_id)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .join(ClassTeacher, ClassTeacher.class_id == Enrolment.class_id)
        .where(ClassTeacher.teacher_id == teacher, Enrolment.pupil_id != child)
        .order_by(Enrolment.pupil_id, Guardianship.guardian_id))]
    others = list(dict(families).items())  # one guardian of each
    told = (
        (child, guardian, Span(today + ONE_DAY, today + ONE_DAY, None, 3), "у", "Утром идём к врачу", 0),
        (*others[3], Span(today + ONE_DAY, today + 3 * ONE_DAY), "б", "Температура, до конца недели останемся дома", 0),
        (*others[7], Span(date(2026, 10, 2), date(2026, 10, 2)), "у", "Соревнования по плаванию", 18),
        (*others[11], Span(date(2026, 10, 15), date(2026, 10, 16)), "у", "Уезжаем к бабушке", 5),
    )
    made = [excuses.announce(session, excuse=NewExcuse(
        pupil, span, code, f"demo-w{pupil}", parent, now - timedelta(days=days, hours=3), word=word))
        for pupil, parent, span, code, word, days in told]
    excuses.accept(session, actor_id=teacher, excuse_id=made[2].id, version=1, code="у", answer="Удачи!",
                   now=made[2].made_at + timedelta(hours=2))
    excuses.decline(session, actor_id=teacher, excuse_id=made[3].id, version=1,
                    answer="До каникул учимся: они с 26 октября",
                    now=made[3].made_at + timedelta(hours=5))
