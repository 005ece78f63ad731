"""Director and deputy put right on which day a mark was received, with the reason; the teacher sees it (R3, R34)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.audit.models import AuditRecord
from ejd.journal.models import Mark, MarkCorrection
from tests.access_table import mark_of_vitya


@pytest.fixture
def mark(school) -> Mark:
    return school.session.get(Mark, mark_of_vitya(school))


@pytest.fixture
def dina(as_, school):
    return as_(school.dina)


def test_from_the_journal_to_the_day_of_a_late_mark(dina, school, mark):
    course = school.course("7А", "Математика")
    journal = dina.get(f"/admin/courses/{course.id}/journal")
    late = dina.get(journal.find("a", string="Отметки с опозданием")["href"])
    assert school.vitya.last_name in late.words
    page = dina.get(late.find("a", string="Изменить день")["href"])
    dina.submit(page, "#form", {"received_on": "2026-09-15", "received_reason": "написал на дополнительном занятии"})
    assert (mark.received_on, mark.days_taken) == (date(2026, 9, 15), 2)
    assert "ничего не внесено" in dina.get(f"/admin/courses/{course.id}/late-marks").words
    [correction] = school.session.scalars(select(MarkCorrection).filter_by(mark_id=mark.id))
    assert (correction.what, correction.corrected_by_id) == ("redated", school.dina.id)
    assert school.session.scalar(select(AuditRecord.actor_id).filter_by(verb="mark.redated")) == school.dina.id


def test_the_teacher_of_the_mark_sees_it(dina, as_, school, mark):
    page = dina.get(f"/admin/marks/{mark.id}/received")
    dina.submit(page, "#form", {"received_on": "2026-09-15", "received_reason": "на дополнительном занятии"})
    cell = as_(school.anna).get(f"/teacher/lessons/{mark.lesson_id}/pupils/{school.vitya.id}")
    assert cell.select_one("[value='на дополнительном занятии']") or "на дополнительном занятии" in cell.words


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"received_on": ""}, "received_on", "Укажите дату"),
    ({"received_on": "2026-09-18", "received_reason": "позже"}, "received_on", "не позже дня"),
    ({"received_on": "2026-09-15", "received_reason": ""}, "received_reason", "укажите причину"),
])
def test_what_cannot_be_is_refused_beside_its_field(dina, mark, data, field, sentence):
    page = dina.submit(dina.get(f"/admin/marks/{mark.id}/received"), "#form", data, status=422)
    assert sentence in page.select_one(f"#{field}-error").text
    assert mark.received_on == date(2026, 9, 8)


def test_what_the_teacher_changed_meanwhile_is_not_written_over(dina, school, mark):
    page = dina.get(f"/admin/marks/{mark.id}/received")
    mark.version += 1
    school.session.commit()
    dina.submit(page, "#form", {"received_on": "2026-09-15", "received_reason": "позже"}, status=409)


def test_an_inspector_only_looks(as_, school, mark):
    course = school.course("7А", "Математика")
    page = as_(school.inna).get(f"/admin/courses/{course.id}/journal")
    assert "Отметки с опозданием" not in page.words
    as_(school.inna).get(f"/admin/marks/{mark.id}/received", status=403)
