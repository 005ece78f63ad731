"""The class teacher and the office on absences: announcements answered, certificates, the day of a class (R8, R34)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ejd.journal.models import Attendance, Excuse
from tests.diary_facts import MON, THU, TUE, WED, lesson_of, note_presence
from tests.journal import Hand, records


def page_of(school, side="teacher", what="absences", class_name="7А"):
    return f"/{side}/classes/{school.school_class(class_name).id}/{what}"


def letter(school, subject, day, pupil=None):
    return school.session.scalar(select(Attendance.code).filter_by(
        lesson_id=lesson_of(school, subject, day).id, pupil_id=(pupil or school.vitya).id))


def test_a_certificate_fills_the_days_behind(as_, school):
    """R8, R10: н becomes б; a blank of a lesson whose attendance was taken too."""
    anna = Hand(school, school.anna)
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    for day in (MON, TUE):
        anna.takes_attendance(lesson_of(school, "Матем", day))
    visitor = as_(school.anna)
    page = visitor.get(page_of(school))
    visitor.submit(page, 'form[action$="/absences"]', {
        "pupil": school.vitya.id, "from_on": str(MON), "to_on": str(WED), "code": "б"})
    assert letter(school, "Матем", MON) == "б" and letter(school, "Матем", TUE) == "б"
    assert "Записано: 2 урока." in visitor.get(page_of(school)).words


def test_the_office_enters_the_day_of_a_class(as_, school):
    visitor = as_(school.olga)
    page = visitor.get(page_of(school, "admin", "attendance"))
    visitor.submit(page, 'form[method="post"][action$="/attendance"]', {f"c{school.vitya.id}": "б"})
    page = visitor.get(page_of(school, "admin", "attendance"))
    chosen = page.select_one(f"select[name=c{school.vitya.id}] option[selected]")
    assert chosen["value"] == "б"
    Hand(school, school.anna).takes_attendance(lesson_of(school, "Матем", THU))
    assert letter(school, "Матем", THU) == "б"


def test_pages_open(as_, school):
    note_presence(school, lesson_of(school, "Матем", MON), "б")
    Hand(school, school.anna).takes_attendance(lesson_of(school, "Матем", MON))
    for what in ("missed", "missed.xlsx", "missed.pdf", "attendance", "absences"):
        as_(school.anna).get(page_of(school, what=what))
        as_(school.dina).get(page_of(school, "admin", what))
    for what in ("attendance", "attendance.xlsx", "attendance.pdf", "missed", "missed.xlsx", "missed.pdf"):
        as_(school.dina).get(f"/admin/{what}")
    as_(school.vera).get(f"/parent/children/{school.vitya.id}/absences")
    as_(school.vitya).get("/student/absences")
