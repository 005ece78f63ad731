"""Pupils between classes and schools on the administration's pages."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd.journal.models import Mark
from ejd.roster.models import CourseMember, Enrolment, Person
from tests.diary_facts import note_presence
from tests.journal import Hand
from tests.world import TODAY


def of(person, tail="") -> str:
    return f"/admin/people/{person.id}{tail}"


def test_the_subgroups_of_the_chosen_class_are_shown_before_anything_happens(as_, school, session):
    visitor, to = as_(school.olga), school.school_class("7А")
    english = school.course("7А", "Иностранный", 2)
    page = visitor.post(of(school.zoya, "/move"), {"class_id": to.id, "on": "2026-09-21", "show": "1"}, status=200)
    assert session.scalar(select(Enrolment.id).filter_by(pupil_id=school.zoya.id, class_id=to.id)) is None
    assert page.select_one("#on")["value"] == "2026-09-21"
    visitor.submit(page, "#form", {f"subgroup-{english.subject_id}": str(english.id)})
    assert session.scalar(select(CourseMember.course_id).filter_by(pupil_id=school.zoya.id)) == english.id


def test_a_subgroup_of_another_subject_is_refused_and_nobody_moves(as_, school, session):
    to, english = school.school_class("7А"), school.course("7А", "Иностранный", 2)
    page = as_(school.olga).post(of(school.zoya, "/move"), {
        "class_id": to.id, "on": "2026-09-21",
        f"subgroup-{english.subject_id}": school.course("7А", "Математика").id}, status=422)
    assert "обновите страницу" in page.select_one(f"#subgroup-{english.subject_id}-error").text
    assert session.scalar(select(Enrolment.id).filter_by(pupil_id=school.zoya.id, class_id=to.id)) is None


def test_the_extract_is_on_the_screen_and_on_paper(as_, school, at_most):
    Hand(school, school.anna).puts(school.lesson(school.course("7А", "Математика"), TODAY), school.vitya, "5")
    visitor, url = as_(school.dina), of(school.vitya, "/extract")
    with at_most(8):
        page = visitor.get(url)
    assert "5 (17.09, отв)" in page.words.replace("\u00a0", " ") and "Выписка: Волков Виктор Павлович" in page.words
    paper = visitor.get(url + ".pdf").response
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    told = " ".join(PdfReader(BytesIO(paper.data)).pages[0].extract_text().split())
    for words in ("Выписка из электронного журнала", "Школа №", "№ ____", "Волков Виктор Павлович", "дата рождения",
                  "отв – ответ на уроке", "Директор ____", "Классный руководитель ____", "М. П."):
        assert words in told


@pytest.mark.parametrize(("reader", "says", "silent"), [
    ("inna", "уваж. 2", "болезни"), ("dina", "по болезни 1, по уважительной причине 1", "уваж. 2")])
def test_the_extract_tells_of_illness_whom_it_concerns(as_, school, monkeypatch, reader, says, silent):
    """R40, on paper too."""
    for subject, code in (("Математика", "б"), ("Русский", "у")):
        note_presence(school, school.lesson(school.course("7А", subject), date(2026, 9, 14)), code)
    visitor, papers = as_(getattr(school, reader)), []
    words = visitor.get(of(school.vitya, "/extract")).words.replace("\xa0", " ")
    monkeypatch.setattr("ejd.web.admin.transfers.as_pdf", lambda table, **_: papers.append(table) or b"%PDF")
    visitor.get(of(school.vitya, "/extract.pdf"))
    for text in (words, papers[0].subtitle):
        assert says in text and silent not in text


def test_who_leaves_gets_the_extract_at_once_where_marks_are_seen(as_, school):
    answer = as_(school.dina).post(of(school.vitya, "/leave"), {"last_day": "2026-09-16", "reason": "переезд"})
    assert answer.response.location.endswith("/extract")
    answer = as_(school.olga).post(of(school.zoya, "/leave"), {"last_day": "2026-09-16"})
    assert answer.response.location.endswith(of(school.zoya))


def test_the_paper_of_a_hospital_is_of_today_and_a_newcomers_is_of_the_first_day(as_, school, session):
    """Who was here all along brings it from a hospital; subjects without a subgroup are named, with the way to it."""
    dina, maths = as_(school.dina), school.course("7А", "Математика")
    assert of(school.vitya, "/brought") in {a["href"] for a in dina.get(of(school.vitya)).select("a")}
    page = dina.get(of(school.vitya, "/brought"))
    assert page.select_one("#received_on")["value"] == TODAY.isoformat()
    dina.post(f"/admin/classes/{maths.class_id}/pupils/new", {
        "last_name": "Новиков", "first_name": "Егор", "birth_date": "2013-02-01", "from_on": "2026-09-14"})
    newcomer = session.scalars(select(Person).filter_by(last_name="Новиков", first_name="Егор")).one()
    page = dina.get(of(newcomer, "/brought"))
    assert page.select_one("#received_on")["value"] == "2026-09-14"
    assert "подгруппа ещё не выбрана" in page.words


def test_a_new_pupil_is_put_into_subgroups_at_once(as_, school, session):
    olga, english = as_(school.olga), school.course("7А", "Иностранный", 2)
    olga.submit(olga.get(f"/admin/classes/{english.class_id}/pupils/new"), "#form", {
        "last_name": "Новиков", "first_name": "Егор", "birth_date": "2013-02-01", "from_on": "2026-09-14",
        f"subgroup-{english.subject_id}": str(english.id)})
    newcomer = session.scalars(select(Person).filter_by(last_name="Новиков", first_name="Егор")).one()
    assert session.scalar(select(CourseMember.course_id).filter_by(pupil_id=newcomer.id)) == english.id


def test_the_office_sees_no_marks_so_no_extract(as_, school):
    as_(school.olga).get(of(school.vitya, "/extract"), status=403)
    assert "Выписка" not in as_(school.olga).get(of(school.vitya)).words
    as_(school.olga).get(of(school.vitya, "/brought"), status=403)


def test_who_never_learned_here_has_no_extract(as_, school):
    as_(school.dina).get(of(school.anna, "/extract"), status=422)
    as_(school.dina).get(of(school.anna, "/brought"), status=422)


def test_marks_from_the_paper_are_entered(as_, school, session, at_most):
    visitor, maths = as_(school.dina), school.course("7А", "Математика")
    url = of(school.vitya, "/brought")
    with at_most(8):
        page = visitor.get(url)
    answer = visitor.submit(page, "#form", {f"marks-{maths.id}": "5 4, 4", "received_on": "2026-09-01"})
    assert "отметок 3" in visitor.get(answer.response.location).words
    visitor.submit(page, "#form", {f"marks-{maths.id}": "5 4, 4", "received_on": "2026-09-01"})
    assert session.query(Mark).count() == 3
    assert "прибыл" not in visitor.get(of(school.vitya)).words


@pytest.mark.parametrize(("typed", "day", "said"), [
    ("5 7", "2026-09-01", "Такой отметки нет"), ("5", "вчера", "Дата пишется так"), ("5", "", "Укажите дату"),
    ("5 " * 40, "2026-09-01", "не больше 30"), ("5", "2020-01-01", "внутри учебного года"),
])
def test_a_paper_that_is_not_clear_is_explained_and_nothing_is_lost(as_, school, session, typed, day, said):
    maths = school.course("7А", "Математика")
    page = as_(school.dina).post(of(school.vitya, "/brought"), {
        f"marks-{maths.id}": typed, "received_on": day, "key": "paper"}, status=422)
    assert said in page.words
    assert page.select_one(f"#marks-{maths.id}")["value"] == typed
    assert session.query(Mark).count() == 0


def test_who_is_enrolled_may_have_come_from_another_school(as_, school):
    visitor = as_(school.olga)
    visitor.post(of(school.vitya, "/leave"), {"last_day": "2026-09-10", "reason": "переезд"})
    visitor.post(of(school.vitya, "/enrol"), {"class_id": school.school_class("7Б").id, "from_on": "2026-09-14",
                                              "came_from": "Школа № 5"})
    assert "прибыл: Школа № 5" in visitor.get(of(school.vitya)).words
