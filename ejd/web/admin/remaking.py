"""Lessons follow what they are made from: after a change of calendar, bells, load or a setting, and outside the
transaction that saved it, so that nobody's marks wait for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from flask import g
from sqlalchemy.exc import DBAPIError

from ejd import clock
from ejd.db import clashed, db, let_others_write
from ejd.refusal import Refused, Stale
from ejd.schedule import services
from ejd.schedule.remaking import Work, prepare_deadlines, prepare_remake, write_portion
from ejd.schedule.services import Published
from ejd.school.queries import year_ahead
from ejd.web.filters import counted
from ejd.web.saving import saving, unlocked

ATTEMPTS = 3  # how often lessons that others change meanwhile are worked out anew
UNFINISHED = "Уроки изменены не все: {why}. Остальные изменятся, когда вы снова сохраните звонки или календарь."


def refuse_impossible(year_id: int | None = None) -> None:
    """Inside `saving()`, after a change of bells: raise Refused when the timetable needs what is gone."""
    if (year_id := year_id or _year_now()) is not None:
        services.refuse_impossible(db.session, year_id=year_id, now=clock.now())


def lessons_follow(year_id: int | None = None, *, course_id: int | None = None) -> str:
    """After `saving()`: remake the year's lessons to come, all or those that hang on one course; what changed, in
    words."""
    if (year_id := year_id or _year_now()) is None:
        return in_words(None)
    published, why = _in_portions(partial(prepare_remake, db.session, year_id=year_id, now=clock.now(),
                                          course_id=course_id))
    return UNFINISHED.format(why=why) if why else in_words(published)


def deadlines_follow(from_on: date) -> str:
    """After `saving()`: R5's deadlines anew from a day on, and how many moved, in words."""
    published, why = _in_portions(partial(prepare_deadlines, db.session, from_on=from_on))
    if why:
        return UNFINISHED.format(why=why)
    moved = published.changed if published else 0
    return f"Срок домашнего задания изменён у {counted(moved, 'урока', 'уроков', 'уроков')}."


def in_words(published: Published | None) -> str:
    """«Уроки: добавлено 12, изменено 3, убрано 5.»"""
    if published is None:
        return "Уроки появятся, когда будет расписание."
    counts = (("добавлено", published.added), ("изменено", published.changed), ("убрано", published.removed))
    parts = [f"{word} {count}" for word, count in counts if count]
    kept = (f" Оставлено вне расписания, потому что заполнено: {counted(published.kept, 'урок', 'урока', 'уроков')}."
            if published.kept else "")
    return (f"Уроки: {', '.join(parts)}." if parts else "Уроки не изменились.") + kept


def _in_portions(prepare: Callable[[], Sequence[Work]]) -> tuple[Published | None, str]:
    """Work out without a lock, write portion by portion; what others changed meanwhile is worked out anew. What was
    done (None: there is nothing to make lessons from), and if not all, why: the change itself is saved and stays."""
    done: list[Published] = []
    for _ in range(ATTEMPTS):
        try:
            with unlocked():
                works = prepare()
            for work, portion in ((one, portion) for one in works for portion in one.portions):
                if done:
                    let_others_write(db.session)
                with saving():
                    done.append(write_portion(db.session, actor_id=g.actor.person_id, work=work, portion=portion,
                                              now=clock.now()))
            return (_sum(done) if works else None), ""
        except Stale:
            pass
        except Refused as refused:
            return None, str(refused)
        except DBAPIError as error:
            if not clashed(error):
                raise
        done = [replace(written, kept=0) for written in done]  # what is kept is counted anew
    return None, "кто-то менял их в это же время"


def _sum(done: Sequence[Published]) -> Published:
    return Published(None, *(sum(getattr(written, name) for written in done)
                             for name in ("added", "changed", "removed", "kept")))


def _year_now() -> int | None:
    year = year_ahead(db.session, clock.today())
    return year.id if year else None
