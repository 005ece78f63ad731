"""A list raises nobody further than the pages of people do (R34): Ольга of the office and Дина, a deputy, try."""

import io

import pytest

from ejd.roster.models import ClassTeacher, Employment, Guardianship, TeachingAssignment
from tests.pages.test_admin_import import send


def staff(*rows):
    lines = "\n".join(("ФИО;Должность;Классное руководство", *rows))
    return io.BytesIO(lines.encode("cp1251")), "staff.csv"


def load(teacher):
    lines = f"Класс;Предмет;Часов в неделю;Учитель\n7Б;Химия;1;{teacher}"
    return io.BytesIO(lines.encode("cp1251")), "load.csv"


def confirm(visitor, *files, status=None, **kw):
    page = send(visitor, *files)
    if not page.select("#confirm button"):
        return page
    answer = visitor.submit(page, "#confirm", kw or None, status=status)
    return answer if status else visitor.get(answer.response.location)


def positions(session, person):
    return {job.position for job in session.query(Employment).filter_by(person_id=person.id)}


@pytest.mark.parametrize(("who", "position", "given"), [
    ("olga", "Директор", False), ("olga", "Заместитель директора", False), ("olga", "Секретарь", True),
    ("dina", "Директор", False), ("dina", "Заместитель директора", True), ("galina", "Директор", True)])
def test_leaders_are_appointed_by_a_list_as_on_the_page(as_, school, session, who, position, given):
    page = confirm(as_(getattr(school, who)), staff(f"Борисов Борис Борисович;{position};"))
    assert (len(positions(session, school.boris)) == 2) is given
    assert ("эту должность не дать" in page.words) is not given


def test_the_other_positions_of_the_row_are_given(as_, school, session):
    confirm(as_(school.olga), staff("Юдин Юрий Юрьевич;Директор, учитель химии;"))
    assert positions(session, school.person("Юдин", "Юрий")) == {"teacher"}


def test_who_leads_already_is_no_trouble(as_, school):
    page = send(as_(school.olga), staff("Громова Галина Григорьевна;Директор;"))
    assert "не дать" not in page.words


@pytest.mark.parametrize("files", [
    [staff("Орлова Ольга Олеговна;Учитель;")], [staff("Орлова Ольга Олеговна;Секретарь;7Б")],
    [load("Орлова Ольга Олеговна")]])
def test_the_office_gives_itself_nothing(as_, school, session, files):
    for name, body in ((name, body.getvalue()) for body, name in files):
        page = confirm(as_(school.olga), (io.BytesIO(body), name), status=422)
        assert "Себя записать нельзя" in page.words
        assert positions(session, school.olga) == {"office"}
        for table in (ClassTeacher, TeachingAssignment):
            assert session.query(table).filter_by(teacher_id=school.olga.id).count() == 0
        confirm(as_(school.dina), (io.BytesIO(body), name))


def test_the_office_makes_itself_no_guardian(as_, school, session):
    body = "Класс;ФИО;Дата рождения;Мать\n7Б;Зимина Зоя Захаровна;02.03.2013;Орлова Ольга Олеговна".encode("cp1251")
    visitor = as_(school.olga)
    page = send(visitor, (io.BytesIO(body), "7Б.csv"))
    question = page.select_one("#confirm input[type=radio][value=same]")
    page = visitor.submit(page, "#confirm", {question["name"]: "same"}, status=422)
    assert "Себя записать нельзя" in page.words
    assert session.query(Guardianship).filter_by(guardian_id=school.olga.id).count() == 0
