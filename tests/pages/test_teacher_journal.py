"""The journal of a course: a grid of pupils × lessons of the term."""

from __future__ import annotations

from datetime import date

TUESDAY = date(2026, 9, 15)


def url(school):
    return f"/teacher/courses/{school.course('7А', 'Математика').id}/journal"


def test_smoke(as_, school):
    page = as_(school.anna).get(url(school))
    assert "Волков Виктор" in page.words
    lesson = school.lesson(school.course("7А", "Математика"), TUESDAY)
    as_(school.anna).get(f"/teacher/lessons/{lesson.id}")
    as_(school.anna).get(f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}")
    as_(school.anna).get("/teacher/")
    as_(school.anna).get("/teacher/journals")
