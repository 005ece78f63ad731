"""What a cell's form asks for, turned into one act of the journal. Garbage is refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from ejd import clock, words
from ejd.db import db
from ejd.journal import expecting, works
from ejd.journal.attendance import NewPresence, record_attendance
from ejd.journal.marking import WRITTEN_LATER
from ejd.journal.marks import (
    NewMark,
    correct_mark,
    describe_mark,
    move_mark,
    put_mark,
    redate_mark,
    withdraw_mark,
)
from ejd.journal.models import Mark
from ejd.journal.queries_cell import Place, holds_mark, holds_work, is_old_mark, lesson_on
from ejd.refusal import Refused
from ejd.school.settings import Settings
from ejd.web.given import day_in, number_in

Form = Mapping[str, str]
NOT_UNDERSTOOD = "Запрос не понят: обновите страницу и повторите"


class Asked:
    """One filled-in form of a cell: who sent it, where it belongs, and its fields read with care."""

    def __init__(self, place: Place, form: Form, *, actor_id: int, now: datetime, settings: Settings) -> None:
        self.place, self.form, self.actor_id, self.now, self.settings = place, form, actor_id, now, settings
        self.told = ""  # what the teacher should hear of the save besides that it is done

    def text(self, name: str) -> str:
        return self.form.get(name, "")

    def number(self, name: str) -> int | None:
        return number_in(self.form, name)

    def needed(self, name: str) -> int:
        if (number := self.number(name)) is None:
            raise Refused(NOT_UNDERSTOOD)
        return number

    def weight(self) -> int | None:
        """How much the mark weighs; None when nothing is said."""
        weight = self.number("weight")
        if weight is None and self.text("weight").strip():
            raise Refused("Вес – целое число от 1 до 20", field="weight")
        return weight

    def day(self, name: str) -> date | None:
        day = day_in(self.form, name)
        if day is None and self.text(name).strip():
            raise Refused("Такой даты нет", field=name)
        return day

    @property
    def of_mark(self) -> dict[str, Any]:
        """What every change of a mark is told."""
        mark_id = self.needed("mark")
        if not holds_mark(db.session, place=self.place, mark_id=mark_id):
            raise Refused("Этой отметки в клетке уже нет: обновите страницу")
        return {"actor_id": self.actor_id, "mark_id": mark_id, "version": self.needed("version"),
                "key": self.text("key"), "now": self.now, "settings": self.settings}

    @property
    def of_work(self) -> dict[str, Any]:
        """What every act on a declared work and this pupil is told."""
        work_id = self.needed("work")
        if not holds_work(db.session, lesson_id=self.place.lesson.id, work_id=work_id):
            raise Refused("Этой работы в уроке уже нет: обновите страницу")
        return {"actor_id": self.actor_id, "work_id": work_id, "pupil_id": self.place.pupil_id, "now": self.now}

    @property
    def seen(self) -> set[int]:
        """The marks that stood in the cell when the form was made: their ids, between blanks."""
        return {int(given) for given in re.findall(r"(?<![0-9])[0-9]{1,9}(?![0-9])", self.text("seen"))}

    @property
    def in_grid(self) -> bool:
        """Whether a key was pressed in the journal or on the lesson's sheet."""
        return bool(self.text("view"))

    @property
    def work_id(self) -> int | None:
        """The work that the mark is for: «w» and its id in the field `for`."""
        return self._given_for("w")

    @property
    def kind_id(self) -> int | None:
        """The kind that the mark is for: «k» and its id in the field `for`."""
        return self._given_for("k")

    def _given_for(self, what: str) -> int | None:
        given = self.text("for")
        return number_in({"id": given[1:]}, "id") if given.startswith(what) else None


def perform(asked: Asked) -> str:
    """Do what the form asks and say it in words. Raises Refused or Stale."""
    act = ACTS.get(asked.form.get("act", ""))
    if act is None:
        raise Refused(NOT_UNDERSTOOD)
    return act(asked)


def _put(asked: Asked) -> str:
    value = asked.text("value")
    if not value:
        raise Refused("Выберите отметку", field="value")
    mark = put_mark(db.session, settings=asked.settings, mark=NewMark(
        lesson_id=asked.place.lesson.id, pupil_id=asked.place.pupil_id, value=value, key=asked.text("key"),
        actor_id=asked.actor_id, at=asked.now, work_id=asked.work_id, kind_id=asked.kind_id,
        weight=asked.weight(), comment=asked.text("comment"), received_on=asked.day("received_on"),
        received_reason=asked.text("received_reason"), seen=asked.seen))
    if mark.received_on != asked.place.lesson.day or mark.received_reason:
        asked.told = when_received(mark)
    return f"отметка {value} сохранена"


def beside(asked: Asked, letter: str) -> str:
    """An answer stands beside a letter of absence: one of the two may be a slip, and is told, not refused (R3)."""
    answered = asked.text("act") == "put" and asked.work_id is None
    return f"отмечен «{letter}»" if answered and expecting.is_away(letter) else ""


def when_received(mark: Mark) -> str:
    """«Когда написал?» (R3): the day that was taken, or the question when nothing tells it."""
    on = words.day(mark.received_on)
    if mark.received_reason == WRITTEN_LATER and mark.received_on == mark.entered_on:
        return f"когда написал? Записано сегодня, {on}"
    return f"получена {on}, {mark.received_reason}"


def _retake(asked: Asked) -> str:
    """A second mark for the same, which leaves the first to be seen (R11)."""
    value = asked.text("value")
    if not value:
        raise Refused("Выберите отметку за пересдачу", field="value")
    mended = asked.of_mark["mark_id"]
    mark = put_mark(db.session, settings=asked.settings, mark=NewMark(
        lesson_id=asked.place.lesson.id, pupil_id=asked.place.pupil_id, value=value, key=asked.text("key"),
        actor_id=asked.actor_id, at=asked.now, weight=asked.weight(), comment=asked.text("comment"),
        received_on=asked.day("received_on"), received_reason=asked.text("received_reason"), retakes_id=mended))
    asked.told = f"пересдача, получена {words.day(mark.received_on)}"
    return f"пересдача {value} сохранена"


def _correct(asked: Asked) -> str:
    value = asked.text("value")
    correct_mark(db.session, value=value, **asked.of_mark)
    return f"отметка исправлена на {value}"


def _describe(asked: Asked) -> str:
    kind_id, weight = asked.kind_id, asked.weight()
    if kind_id is None or weight is None:
        raise Refused("Укажите, за что отметка и её вес", field="weight")
    describe_mark(db.session, **asked.of_mark, kind_id=kind_id, weight=weight, comment=asked.text("comment"))
    return "описание отметки сохранено"


def _redate(asked: Asked) -> str:
    received_on = asked.day("received_on")
    if received_on is None:
        raise Refused("Укажите день, когда отметка получена", field="received_on")
    redate_mark(db.session, **asked.of_mark, received_on=received_on, reason=asked.text("received_reason"))
    return "день получения изменён"


def _move(asked: Asked) -> str:
    day, lesson = asked.day("day"), None
    if day and day != asked.place.lesson.day:
        lesson = lesson_on(db.session, place=asked.place, day=day)
        if lesson is None:
            raise Refused("В этот день по журналу урока нет", field="day")
    move_mark(db.session, **asked.of_mark, reason=asked.text("reason"), pupil_id=asked.number("pupil"),
              lesson_id=lesson.id if lesson else None)
    return "отметка перенесена"


def _withdraw(asked: Asked) -> str:
    of_mark = asked.of_mark
    if asked.in_grid and is_old_mark(db.session, mark_id=of_mark["mark_id"], today=clock.local(asked.now).date()):
        raise Refused("Отметка старше недели: поставленная заново, она опоздает. Удалить – на странице клетки, Пробел")
    withdraw_mark(db.session, **of_mark)
    return "отметка удалена"


def _presence(asked: Asked) -> str:
    code = asked.text("value") or None
    record_attendance(db.session, settings=asked.settings, rows=[NewPresence(
        lesson_id=asked.place.lesson.id, pupil_id=asked.place.pupil_id, code=code, key=asked.text("key"),
        actor_id=asked.actor_id, at=asked.now, version=asked.number("version"))])
    return "посещаемость сохранена"


def _owe(asked: Asked) -> str:
    hand_in_by = asked.day("hand_in_by") or expecting.hand_in_day(clock.local(asked.now).date())
    works.owe(db.session, **asked.of_work, hand_in_by=hand_in_by)
    return "работа ждёт сдачи"


def _hand_in(asked: Asked) -> str:
    works.hand_in(db.session, **asked.of_work, on=asked.day("on") or clock.local(asked.now).date())
    return "работа сдана, ждёт отметки"


def _release(asked: Asked) -> str:
    works.release(db.session, **asked.of_work)
    return "работа больше не ожидается"


ACTS: dict[str, Callable[[Asked], str]] = {
    "put": _put, "retake": _retake, "correct": _correct, "describe": _describe, "redate": _redate, "move": _move,
    "withdraw": _withdraw, "presence": _presence, "owe": _owe, "hand_in": _hand_in, "release": _release,
}
