"""Lessons follow a change in short transactions of their own: nobody's marks wait while they are worked out."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from ejd import db as database
from ejd.audit.models import AuditRecord
from ejd.refusal import Refused, Stale
from ejd.schedule import remaking
from ejd.schedule.models import Lesson
from ejd.schedule.services import remake_lessons
from ejd.web.admin import remaking as following
from tests.statements import counting
from tests.world import NOW

FEW = 12  # lessons of a portion, so that a small school needs many


@pytest.fixture
def year_id(school) -> int:
    """The year's lessons are made until its end."""
    year_id = school.school_class("7А").year_id
    remake_lessons(school.session, actor_id=None, year_id=year_id, now=NOW)
    return year_id


@pytest.fixture
def olga(as_, school):
    return as_(school.olga)


@pytest.fixture
def acts(monkeypatch):
    """What was done in order: («prepare», by a writer) and («write», lessons)."""
    monkeypatch.setattr(remaking, "PORTION", FEW)
    monkeypatch.setattr(following, "let_others_write", lambda session: None)
    done = []

    def prepare(*args, **kw):
        done.append(("prepare", database._writing.get()))
        return remaking.prepare_remake(*args, **kw)

    def write(session, **kw):
        done.append(("write", len(kw["portion"].standing)))
        return remaking.write_portion(session, **kw)

    monkeypatch.setattr(following, "prepare_remake", prepare)
    monkeypatch.setattr(following, "write_portion", write)
    return done


def ring_later(olga, school):
    """Every first lesson ends five minutes later."""
    page = olga.get(f"/admin/bells/{school.school_class('7А').bell_schedule_id}")
    return olga.submit(page, "main form", {"to-1": "09:15"})


def said(olga):
    return olga.get("/admin/bells").select_one("#notices").get_text(" ", strip=True).replace("\u00a0", " ")


def ends(school):
    return {f"{row.ends_at:%H:%M}" for row in school.session.scalars(
        select(Lesson).where(Lesson.number == 1, Lesson.day > date(2026, 9, 18)))}


def test_lessons_are_worked_out_before_the_lock_and_written_in_portions(olga, school, year_id, acts):
    before = ends(school)
    ring_later(olga, school)
    (first, by_writer), *written = acts
    assert (first, by_writer) == ("prepare", False)
    assert len(written) > 3 and {what for what, _ in written} == {"write"}
    assert max(size for _, size in written) <= FEW
    assert "Уроки: изменено" in said(olga)
    assert ends(school) != before


def test_each_portion_is_recorded_and_together_they_say_what_the_page_says(olga, school, year_id, acts):
    ring_later(olga, school)
    records = school.session.scalars(select(AuditRecord).filter_by(verb="lessons.remade", actor_id=school.olga.id))
    assert f"изменено {sum(json.loads(record.data)['changed'] for record in records)}" in said(olga)


def test_portions_do_what_one_act_would_do(olga, school, year_id, acts):
    ring_later(olga, school)
    again = remake_lessons(school.session, actor_id=None, year_id=year_id, now=NOW)
    assert again is not None and not again.anything


def test_a_change_that_came_between_is_worked_out_anew(olga, school, year_id, acts, monkeypatch):
    real, times = following.write_portion, []

    def disturbed(session, **kw):
        times.append(1)
        if len(times) == 2:
            raise Stale("Уроки тем временем изменились")
        return real(session, **kw)

    monkeypatch.setattr(following, "write_portion", disturbed)
    ring_later(olga, school)
    assert [what for what, _ in acts].count("prepare") == 2
    assert "Уроки: изменено" in said(olga)


@pytest.mark.parametrize("error", [Stale("Уроки тем временем изменились"), Refused("Звонка нет")])
def test_what_could_not_follow_is_said_and_the_change_stays(olga, school, year_id, acts, monkeypatch, error):
    def never(session, **kw):
        raise error

    monkeypatch.setattr(following, "write_portion", never)
    ring_later(olga, school)
    assert "сохранены. Уроки изменены не все" in said(olga)
    assert "09:15" in olga.get("/admin/bells").words


def test_bells_that_the_timetable_needs_are_not_taken_away(olga, school, year_id, acts):
    page = olga.get(f"/admin/bells/{school.school_class('7А').bell_schedule_id}")
    page = olga.submit(page, "main form", {"from-1": "", "to-1": ""}, status=422)
    assert "нет звонка" in page.words and not acts


def test_a_new_teacher_touches_the_lessons_of_that_journal_only(olga, school, year_id):
    course = school.course("7А", "Математика")
    with counting() as statements:
        olga.post(f"/admin/courses/{course.id}/teacher", {"teacher_id": school.boris.id, "from_on": "2026-09-21"})
    assert any("UPDATE lesson SET teacher_id" in statement for statement in statements)
    assert not any("UPDATE lesson SET homework_due_at" in statement for statement in statements)
    taught = school.session.scalars(select(Lesson.teacher_id).where(
        Lesson.course_id == course.id, Lesson.day >= date(2026, 9, 21)).distinct()).all()
    assert taught == [school.boris.id]
