"""«Расписание в телефоне»: Анна, Вера and Витя take private addresses of lessons; strangers and former get none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from ejd import clock
from ejd.credentials.models import Account
from ejd.roster.models import Employment, Enrolment, Guardianship
from ejd.schedule import moving, substitutions
from ejd.schedule.models import LessonFeed, Slot
from tests.forms import signs
from tests.world import NOW, TODAY

MONDAY, YESTERDAY = date(2026, 9, 21), TODAY - timedelta(days=1)


def taken(visitor, whose) -> str:
    """The path of a new address."""
    page = visitor.submit(visitor.get("/account/calendar"), "form.card", {"whose": str(whose)}, status=200)
    return "/" + page.find(id="address")["value"].split("/", 3)[3]


def events(as_, path, day=None):
    answer = as_(None).open(path)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return [one for one in found if day is None or clock.local(one["dtstart"].dt).date() == day]


def summaries(as_, path, day=MONDAY):
    return [str(one["summary"]) for one in events(as_, path, day)]


def test_a_teacher_has_class_subject_and_room(as_, school):
    for slot in school.session.scalars(select(Slot).filter_by(course_id=school.course("7А", "Математика").id)):
        slot.room = "12"
    path = taken(as_(school.anna), "teacher")
    first, second = events(as_, path, MONDAY)
    assert (str(first["summary"]), str(first["location"])) == ("7А, Математика", "каб. 12")
    assert f"{clock.local(first['dtstart'].dt):%H:%M}–{clock.local(first['dtend'].dt):%H:%M}" == "08:30–09:10"
    assert str(second["summary"]) == "7Б, Математика"


def test_a_pupil_and_a_guardian_have_the_same_lessons_with_the_teacher(as_, school):
    own, of_mother = taken(as_(school.vitya), school.vitya.id), taken(as_(school.vera), school.vitya.id)
    for path in (own, of_mother):
        assert summaries(as_, path) == ["Математика", "Русский язык"]
        assert "Учитель: Андреева\u00a0А.\u00a0А." in str(events(as_, path, MONDAY)[0]["description"])
        assert summaries(as_, path, date(2026, 9, 22)) == ["Иностранный язык (английский), подгруппа\u00a02",
                                                           "Математика"]


def test_no_pupil_is_named(as_, school):
    for visitor, whose in ((as_(school.vera), school.vitya.id), (as_(school.anna), "teacher")):
        text = as_(None).open(taken(visitor, whose)).text
        assert "Волков" not in text and "Вит" not in text and "Виктор" not in text


def test_what_becomes_of_lessons_is_in_it(as_, school):
    maths, russian = (school.lesson(school.course("7А", name), MONDAY) for name in ("Математика", "Русский"))
    paths = [taken(as_(school.vitya), school.vitya.id), taken(as_(school.boris), "teacher")]
    how = {"actor_id": school.olga.id, "now": NOW}
    substitutions.cancel_lessons(school.session, lessons=[russian], reason="Карантин", **how)
    moving.move_lessons(school.session, lessons=[maths], to=moving.Destination(date(2026, 9, 25), 5),
                        reason="Болезнь", **how)
    of_7b = school.lesson(school.course("7Б", "Математика"), MONDAY)
    substitutions.substitute_many(school.session, lessons=[of_7b], teacher_id=school.boris.id, **how)
    school.session.commit()
    assert summaries(as_, paths[0]) == ["Перенесён на пт, 25\u00a0сентября: Математика", "Отменён: Русский язык"]
    assert {str(one["status"]) for one in events(as_, paths[0], MONDAY)} == {"CANCELLED"}
    assert summaries(as_, paths[0], date(2026, 9, 25))[-1] == "Математика"
    assert summaries(as_, paths[1]) == ["Отменён: 7А, Русский язык", "7Б, Математика"]
    assert "Вместо: Андреева\u00a0А.\u00a0А." in str(events(as_, paths[1], MONDAY)[1]["description"])


def test_a_telephone_learns_cheaply_that_nothing_has_changed(as_, school):
    path = taken(as_(school.anna), "teacher")
    first = as_(None).open(path)
    again = as_(None).open(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    substitutions.hold_remotely(school.session, actor_id=school.olga.id, remote=True, now=NOW, lessons=[
        school.lesson(school.course("7А", "Математика"), MONDAY)])
    school.session.commit()
    assert as_(None).open(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_address_is_shown_once_and_kept_nowhere(as_, school):
    vera = as_(school.vera)
    path = taken(vera, school.vitya.id)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    page = vera.get("/account/calendar")
    assert secret not in page.response.text and "Волков Виктор, получен" in page.words
    assert secret not in str([row.token_hash for row in school.session.scalars(select(LessonFeed))])


def test_a_new_address_ends_the_former_and_a_revoked_one_is_gone(as_, school):
    vera = as_(school.vera)
    former, new = taken(vera, school.vitya.id), taken(vera, school.vitya.id)
    of_masha = taken(vera, school.masha.id)
    assert [as_(None).open(path).status_code for path in (former, new, of_masha)] == [404, 200, 200]
    for _ in range(2):
        vera.submit(vera.get("/account/calendar"), "form[action$=revoke]")
    assert [as_(None).open(path).status_code for path in (new, of_masha)] == [404, 404]


def test_what_a_refusal_closes_is_not_listed_as_one_that_holds(as_, school):
    """R23: it holds again once the refusal is annulled."""
    vera = as_(school.vera)
    path = taken(vera, school.vitya.id)
    taken(vera, school.masha.id)
    signs(school, "refusal", school.vitya, school.vera)
    page = vera.get("/account/calendar")
    holds, closed = page.select("main ul")
    assert "Волкова Мария" in holds.text and "Волков Виктор" not in holds.text
    assert "Волков Виктор" in closed.text and "Вы отказались" in closed.text
    assert as_(None).open(path).status_code == 403
    signs(school, "annulment", school.vitya, school.vera)
    assert "Вы отказались" not in vera.get("/account/calendar").words
    assert as_(None).open(path).status_code == 200


def test_the_lessons_of_somebody_elses_child_are_no_address_that_holds(as_, school):
    vera = as_(school.vera)
    taken(vera, school.vitya.id)
    school.session.scalars(select(Guardianship).filter_by(pupil_id=school.vitya.id)).one().to_on = YESTERDAY
    page = as_(school.vera).get("/account/calendar")
    assert "вам больше не открыто" in page.words and "Адреса, которые действуют" not in page.words


@pytest.mark.parametrize("over", ["guardianship", "school", "work"])
def test_it_ends_when_its_ground_ends(as_, school, over):
    """R33: a guardian who is one no more, a pupil or a teacher who has left."""
    path = taken(as_(school.anna), "teacher") if over == "work" else taken(as_(school.vera), school.vitya.id)
    span = {"guardianship": select(Guardianship).filter_by(pupil_id=school.vitya.id),
            "school": select(Enrolment).filter_by(pupil_id=school.vitya.id),
            "work": select(Employment).filter_by(person_id=school.anna.id)}[over]
    for row in school.session.scalars(span):
        row.to_on = YESTERDAY
    school.session.commit()
    assert as_(None).open(path).status_code == 404


def test_it_is_silent_while_the_owners_login_is_closed(as_, school):
    path = taken(as_(school.vera), school.vitya.id)
    account = school.session.scalars(select(Account).filter_by(person_id=school.vera.id)).one()
    for closed, status in ((NOW, 404), (None, 200)):
        account.disabled_at = closed
        school.session.commit()
        assert as_(None).open(path).status_code == status


@pytest.mark.parametrize("whose", ["", "teacher", "x", "-1", "999999", "9" * 40])
def test_nobody_takes_the_lessons_of_others(as_, school, whose):
    page = as_(school.zakhar).post("/account/calendar", {"whose": whose}, status=422)
    assert "Выберите, чьё расписание" in page.select_one("[role=alert]").text
    as_(school.zakhar).post("/account/calendar", {"whose": str(school.vitya.id)}, status=422)
    assert school.session.scalars(select(LessonFeed)).all() == []


@pytest.mark.parametrize("secret", ["x", "a" * 32, "%D0%B0", "..", "' OR 1=1"])
def test_a_guess_finds_nothing(as_, school, secret):
    taken(as_(school.anna), "teacher")
    assert as_(None).open(f"/calendar/{secret}.ics").status_code == 404


def test_statements(as_, school, at_most):
    path = taken(as_(school.vera), school.vitya.id)
    with at_most(8):
        as_(None).open(path)
    vera = as_(school.vera)
    vera.get("/account/calendar")
    with at_most(8):
        vera.get("/account/calendar")
