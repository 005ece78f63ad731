"""The record says of an act its period and why it was done, in the words that stand at its row (issue: who, when, from
what to what, why)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from ejd.audit import trail
from ejd.audit.models import AuditRecord
from ejd.results.models import TermMark
from ejd.results.term_closing import Opening, close_term, reopen, shut_again
from ejd.roster.classes import enrol_many, pupil_leaves
from ejd.schedule.substitutions import cancel_lessons, restore_lessons
from tests.certification import FIRST_QUARTER_OVER, quarter
from tests.journal import Hand
from tests.results import Setter

DAY = date(2026, 9, 15)


@pytest.fixture
def said(as_, school):
    """What the record says of acts that a word is in, the latest first."""
    def find(word):
        rows = as_(school.dina).get("/admin/history?to=2026-12-31&from=2026-09-01").select("tbody th")
        return [text for row in rows if word in (text := row.text.replace("\xa0", " "))]
    return find


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def mark(school, anna):
    return anna.puts(school.lesson(school.course("7А", "Математика"), DAY), school.vitya, "4")


def test_a_mark_received_on_another_day_and_redated(school, said, anna, mark):
    assert said("Поставлена отметка 4") == [
        "Поставлена отметка 4: Волков В. П., 7А, Математика, 15 сентября 2026; получена 15 сентября 2026"]
    anna.redates(mark, date(2026, 9, 11), "писал на перемене")
    assert said("День получения")[0].endswith("15 сентября 2026; причина: писал на перемене")
    assert "причина" not in said("Поставлена отметка 4")[0]


def test_a_mark_that_was_put_with_another_day(school, said, anna):
    anna.puts(school.lesson(school.course("7А", "Математика"), DAY), school.vitya, "5", received_on=date(2026, 9, 11),
              received_reason="ответил раньше")
    assert said("Поставлена")[0].endswith("получена 11 сентября 2026; причина: ответил раньше")


def test_a_mark_moved_to_another_pupil(school, said, anna, mark):
    anna.moves(mark, "pupil", pupil_id=school.person("Белова", "Дарья").id)
    assert said("перенесена")[0].endswith("Белова Д. И., 7А, Математика, 15 сентября 2026; "
                                          "причина: поставлена не тому ученику")


@pytest.mark.parametrize(("period", "of_term", "told"), [("term", True, "I четверть"), ("year", False, "год"),
                                                         ("exam", False, "экзамен")])
def test_a_result_says_of_which_period(as_, school, said, period, of_term, told):
    course = school.course("7А", "Математика")
    row = TermMark(pupil_id=school.vitya.id, class_id=course.class_id, subject_id=course.subject_id,
                   year_id=course.year_id, period=period, value="н/а", entered_on=DAY,
                   term_id=quarter(school).id if of_term else None, entered_at=clock.now(),
                   entered_by_id=school.anna.id, reason="Болел всю четверть")
    school.session.add(row)
    school.session.flush()
    trail.record(school.session, now=clock.now(), actor_id=school.anna.id, verb="result.set", subject_id=row.id,
                 pupil=school.vitya.id, subject=course.subject_id, period=period, value="н/а", suggested=None)
    assert said("Выставлена") == [f"Выставлена итоговая отметка н/а: Волков В. П., 7А, Математика, {told}; "
                                  "причина: Болел всю четверть"]


def test_closing_and_opening(school, said):
    of_class, term = school.school_class("7А").id, quarter(school).id
    with clock.freeze(clock.at(FIRST_QUARTER_OVER, 14)):
        close_term(school.session, actor=school.actor(school.galina), class_id=of_class, term_id=term, now=clock.now(),
                   reason="Ремонт школы")
        opening = reopen(school.session, actor_id=school.dina.id, now=clock.now(), opening=Opening(
            of_class, term, FIRST_QUARTER_OVER, "Ошибка в отметке", "opening-key"))
        Hand(school, school.anna).puts(school.lesson(school.course("7А", "Математика"), DAY), school.vitya, "4")
        shut_again(school.session, actor_id=school.dina.id, reopening_id=opening.id, class_id=of_class, now=clock.now())
    assert said("Закрыт период")[0].startswith("Закрыт период: 7А, I четверть; причина: Ремонт школы; оставалось: ")
    assert said("Открыто для исправления")[0].endswith("7А, I четверть; причина: Ошибка в отметке")
    assert said("изменён после закрытия")[0].endswith("15 сентября 2026; причина: Ошибка в отметке")
    assert said("Закрыто снова") == ["Закрыто снова: 7А, I четверть"]


def test_a_lesson_cancelled_and_a_pupil_who_left(school, said):
    lesson = school.lesson(school.course("7А", "Русский"), date(2026, 9, 30))
    cancel_lessons(school.session, actor_id=school.dina.id, lessons=[lesson], reason="Карантин", now=clock.now())
    assert said("Отменён урок")[0].endswith("7А, Русский язык, 30 сентября 2026; причина: Карантин")
    pupil_leaves(school.session, actor_id=school.dina.id, pupil_id=school.person("Ким", "Софья").id, now=clock.now(),
                 last_day=date(2026, 9, 17), reason="переезд")
    assert said("Выбыл")[0].endswith("17 сентября 2026: Ким С.; причина: переезд")


def test_a_reason_belongs_to_the_act_it_was_given_for(school, said, anna, mark):
    """A row keeps one reason, of what was done with it last: earlier acts on the same row do not borrow it."""
    math, dina = school.course("7А", "Математика"), Setter(school, school.dina, leads=True)
    dina.sets(math, {school.vitya: "4"})
    dina.sets(math, {school.vitya: "н/а"}, reason="Не писал контрольную")
    assert said("тоговая отметка")[0].endswith("I четверть; причина: Не писал контрольную")
    assert "причина" not in said("Выставлена итоговая")[0]
    dina.sets(math, {school.vitya: "3"})
    assert not any("причина" in text for text in said("тоговая отметка"))
    anna.redates(mark, date(2026, 9, 11), "писал на перемене")
    anna.redates(mark, date(2026, 9, 14), "писал после уроков")
    assert [text.partition("причина: ")[2] for text in said("День получения")] == ["писал после уроков", ""]


def test_a_lesson_cancelled_twice_tells_why_it_is_cancelled_now(school, said):
    act = {"actor_id": school.dina.id, "now": clock.now(),
           "lessons": [school.lesson(school.course("7А", "Русский"), date(2026, 9, 30))]}
    cancel_lessons(school.session, reason="Карантин", **act)
    restore_lessons(school.session, **act)
    assert "причина" not in said("Отменён урок")[0]
    cancel_lessons(school.session, reason="Актированный день", **act)
    assert [text.partition("причина: ")[2] for text in said("Отменён урок")] == ["Актированный день", ""]


def test_a_pupil_who_left_twice_left_each_time_for_a_reason_of_its_own(school, said):
    act = {"actor_id": school.dina.id, "now": clock.now()}
    pupil_leaves(school.session, pupil_id=school.vitya.id, last_day=date(2026, 9, 10), reason="переезд", **act)
    enrol_many(school.session, pairs=[(school.vitya.id, school.school_class("7А").id)], from_on=date(2026, 9, 12),
               **act)
    pupil_leaves(school.session, pupil_id=school.vitya.id, last_day=date(2026, 9, 16), reason="семейное обучение",
                 **act)
    assert [text.partition("причина: ")[2] for text in said("Выбыл")] == ["семейное обучение", "переезд"]


@pytest.mark.parametrize(("to_on", "told"), [(date(2026, 10, 9), " по 9 октября 2026"), (None, "")])
def test_an_exemption_says_until_when(school, said, to_on, told):
    trail.record(school.session, now=clock.now(), actor_id=school.dina.id, verb="exemption.given",
                 subject_id=school.course("7А", "Математика").id, pupil=school.vitya.id, from_on=DAY, to_on=to_on)
    assert said("Освобождён") == [f"Освобождён от предмета: Волков В. П., 7А, Математика, с 15 сентября 2026{told}"]


def test_what_a_release_before_wrote_is_read_without_what_it_did_not_say(school, said):
    """Records are never rewritten: a closing of a version before this one has not said what was missing."""
    term = quarter(school).id
    for verb, data in (("mark.moved", '{"before":"1/1/-","after":"1/2/-"}'),
                       ("pupil.left", '{"class_id":1,"last_day":"2026-09-10"}'),
                       ("term.closed", f'{{"class_id":1,"term_id":{term},"early":false}}')):
        school.session.add(AuditRecord(at=clock.now(), on_day=DAY, actor_id=school.dina.id, verb=verb, subject_id=1,
                                       data=data))
    school.session.flush()
    assert "причина" not in said("перенесена")[0]
    assert "причина" not in said("Выбыл")[0]
    assert said("Закрыт период")[0].endswith("I четверть")
