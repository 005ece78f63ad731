"""Loader of people whose cards a class teacher gives out."""

from __future__ import annotations

from flask import abort, g

from ejd import clock
from ejd.access import Actor
from ejd.credentials import holders
from ejd.credentials.holders import Holder
from ejd.db import db
from ejd.roster.models import SchoolClass


def holder_of_class(actor: Actor, school_class: SchoolClass, person_id: int) -> Holder:
    """A pupil of the class, or a guardian of one, to whom its teacher may give a card: with that of a colleague the
    teacher could sign in as the colleague."""
    holder = holders.holder_in_class(db.session, class_id=school_class.id, person_id=person_id,
                                     custom=holders.custom_of(g.settings), today=clock.today()) or abort(404)
    if person_id == actor.person_id:
        abort(403, "Свой пароль меняют на странице своей учётной записи.")
    if holder.employed:
        abort(403, "Это сотрудник школы: карточку выдаёт канцелярия.")
    if holder.table is None:
        abort(422, "Ученикам этого класса логины пока не выдают: так решила школа в настройках.")
    return holder
