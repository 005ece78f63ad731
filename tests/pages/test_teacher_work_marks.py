"""All marks of one work in a column: Анна types them down or pastes them, and saves once. No script is needed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.journal.models import CriterionScore, Mark, WorkCriterion
from ejd.school.models import Setting
from tests.journal import Hand, corrections_of, expected_of

TUESDAY = date(2026, 9, 15)
FORM = "#column-form"


@pytest.fixture
def hand(school):
    return Hand(school, school.anna)


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), TUESDAY)


@pytest.fixture
def work(school, hand, lesson):
    """A control work on Tuesday; Софья Ким was away."""
    work = hand.declares(lesson, title="Дроби")
    hand.notes(lesson, school.person("Ким", "Софья"), "н")
    hand.takes_attendance(lesson)
    school.session.commit()
    return work


@pytest.fixture
def url(work):
    return f"/teacher/works/{work.id}"


@pytest.fixture
def kim(school):
    return school.person("Ким", "Софья")


def marks(school):
    query = select(Mark).where(Mark.withdrawn_at.is_(None)).execution_options(populate_existing=True)
    return {mark.pupil_id: mark for mark in school.session.scalars(query.order_by(Mark.id))}


def values(school):
    return {pupil: mark.value for pupil, mark in marks(school).items()}


def line(page, pupil):
    return page.select_one(f"[name=m{pupil.id}]").find_parent("tr")


def test_a_column_is_saved_by_one_button(as_, school, work, url):
    anna, vitya, elkin = as_(school.anna), school.vitya, school.person("Ёлкин", "Егор")
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "5", f"c{vitya.id}": "без ошибок", f"m{elkin.id}": "з"})
    assert values(school) == {vitya.id: "5", elkin.id: "зач"}
    mark = marks(school)[vitya.id]
    assert (mark.work_id, mark.comment, mark.received_on) == (work.id, "без ошибок", TUESDAY)
    assert expected_of(school, work, vitya).awaiting == "met"
    page = anna.get(url)
    assert "Сохранено: 2 отметки" in page.words and page.select_one(f"[name=m{vitya.id}]")["value"] == "5"


def test_the_absent_owe_and_are_asked_when_they_wrote(as_, school, work, url, kim):
    """R3, R4"""
    anna = as_(school.anna)
    row = line(anna.get(url), kim)
    assert "н" in row.text and "работа не сдана, сдать до 29\u00a0сентября" in row.text
    assert row.select_one(f"[name=d{kim.id}]") and not line(anna.get(url), school.vitya).select("[type=date]")
    anna.submit(anna.get(url), FORM, {f"m{kim.id}": "4", f"d{kim.id}": "2026-09-16"})
    mark = marks(school)[kim.id]
    assert (mark.received_on, mark.received_reason) == (date(2026, 9, 16), "написал позже")
    assert "Ким Софья: получена 16 сентября, написал позже" in anna.get(url).words


def test_what_is_typed_over_is_a_correction(as_, school, url):
    anna, vitya = as_(school.anna), school.vitya
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "3"})
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4", f"c{vitya.id}": "проверено ещё раз"})
    mark = marks(school)[vitya.id]
    assert (mark.value, mark.comment) == ("4", "проверено ещё раз")
    assert [change.what for change in corrections_of(school, mark)] == ["corrected"]


def test_the_same_form_twice_is_saved_once(as_, school, url, kim):
    anna, vitya = as_(school.anna), school.vitya
    page = anna.get(url)
    for _ in range(2):
        anna.submit(page, FORM, {f"m{vitya.id}": "3"})
    page = anna.get(url)
    for _ in range(2):
        anna.submit(page, FORM, {f"m{vitya.id}": "4", f"c{vitya.id}": "устно", f"m{kim.id}": "2"})
    assert values(school) == {vitya.id: "4", kim.id: "2"} and marks(school)[vitya.id].version == 3


def test_all_or_nothing_and_every_wrong_line_says_why(as_, school, url, kim):
    """R10: «1» by setting, off by default."""
    anna, vitya, elkin = as_(school.anna), school.vitya, school.person("Ёлкин", "Егор")
    page = anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "5", f"m{kim.id}": "1", f"m{elkin.id}": "6",
                                             f"c{vitya.id}": "молодец"}, status=422)
    assert not marks(school)
    assert "Отметку «1» в этой школе не ставят" in line(page, kim).text
    assert "Такой отметки нет" in line(page, elkin).text and not line(page, vitya).select(".error")
    assert page.select_one(f"[name=m{vitya.id}]")["value"] == "5", "nothing typed is lost"
    assert page.select_one(f"[name=c{vitya.id}]")["value"] == "молодец"
    anna.submit(page, FORM, {f"m{kim.id}": "2", f"m{elkin.id}": ""})
    assert values(school) == {vitya.id: "5", kim.id: "2"}


def test_another_hand_is_shown_line_by_line_and_may_be_replaced(as_, school, url, kim):
    anna, vitya = as_(school.anna), school.vitya
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4"})
    old = anna.get(url)
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "3", f"m{kim.id}": "5"})
    page = anna.submit(old, FORM, {f"m{vitya.id}": "2", f"m{kim.id}": "4"}, status=409)
    assert "сейчас там «3», вы вносили «2»" in line(page, vitya).text
    assert "сейчас там «5», вы вносили «4»" in line(page, kim).text
    assert values(school) == {vitya.id: "3", kim.id: "5"}
    anna.submit(page, FORM)
    assert values(school) == {vitya.id: "2", kim.id: "4"}


def test_a_line_nobody_touched_is_not_in_the_way_of_another_hand(as_, school, url, kim):
    anna, vitya = as_(school.anna), school.vitya
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4"})
    old = anna.get(url)
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "3"})
    anna.submit(old, FORM, {f"m{kim.id}": "5"})
    assert values(school) == {vitya.id: "3", kim.id: "5"}


def test_a_mark_is_not_deleted_by_an_emptied_field(as_, school, url):
    anna, vitya = as_(school.anna), school.vitya
    anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4"})
    page = anna.submit(anna.get(url), FORM, {f"m{vitya.id}": ""}, status=422)
    assert "удалите на странице клетки" in line(page, vitya).text and values(school) == {vitya.id: "4"}


def test_a_pasted_column_is_looked_at_before_it_is_saved(as_, school, url):
    anna = as_(school.anna)
    page = anna.submit(anna.get(url), FORM, {"act": "paste", "column": "5\n4\n\n3\n\n\n5\n4"}, status=200)
    assert "Вставлено: 5 отметок" in page.words and not marks(school)
    assert page.select_one(f"[name=m{school.vitya.id}]")["value"] == "3"
    anna.submit(page, FORM, {"act": "save"})
    assert sorted(values(school).values()) == ["3", "4", "4", "5", "5"]


def test_a_column_in_the_box_is_not_lost_when_the_fields_are_saved(as_, school, url):
    """It is put into the fields first; the second «Сохранить» saves them."""
    anna = as_(school.anna)
    page = anna.submit(anna.get(url), FORM, {"act": "save", "column": "5\n4\n\n3\n\n\n5\n4"}, status=200)
    assert "Проверьте и нажмите «Сохранить»: пока ничего не сохранено." in page.words and not marks(school)
    anna.submit(page, FORM, {"act": "save"})
    assert sorted(values(school).values()) == ["3", "4", "4", "5", "5"]


def test_what_cannot_be_placed_is_told(as_, school, url):
    anna, vitya = as_(school.anna), school.vitya
    page = anna.submit(anna.get(url), FORM, {"act": "paste", "column": "Волков\t4\nИванов\t5\nКим\tн"}, status=422)
    assert "«Иванов 5»: такого ученика нет в списке" in page.words
    assert page.select_one(f"[name=m{vitya.id}]")["value"] == "4"
    assert "«н» – не отметка" in line(page, school.person("Ким", "Софья")).text and not marks(school)


def test_a_re_take_is_the_one_that_the_column_shows(as_, school, hand, lesson, work, url):
    """R11"""
    first = hand.puts(lesson, school.vitya, "3", work_id=work.id)
    hand.puts(lesson, school.vitya, "5", retakes_id=first.id)
    school.session.commit()
    anna = as_(school.anna)
    assert line(anna.get(url), school.vitya).select_one(".soft").text == "3→"
    anna.submit(anna.get(url), FORM, {f"m{school.vitya.id}": "4"})
    assert [mark.value for mark in school.session.scalars(select(Mark).order_by(Mark.id))] == ["3", "4"]


class TestCriteria:
    """Where a school wants them: off by default."""

    @pytest.fixture
    def wanted(self, school):
        school.session.add(Setting(key="works.criteria", valid_from=date(2026, 9, 1), value="true"))
        school.session.commit()

    @pytest.fixture
    def judged(self, as_, school, wanted, url):
        anna = as_(school.anna)
        anna.submit(anna.get(url), "form[action$=change]", {"criteria": "Ход решения – 6\nОтвет – 4"})
        return [one.id for one in school.session.scalars(select(WorkCriterion).order_by(WorkCriterion.position))]

    def test_off_nothing_is_asked(self, as_, school, url):
        assert not as_(school.anna).get(url).select("[name=criteria]")

    def test_points_suggest_a_mark_and_the_teacher_decides(self, as_, school, url, judged):
        anna, vitya = as_(school.anna), school.vitya
        page = anna.submit(anna.get(url), FORM, {"act": "suggest", f"p{vitya.id}-{judged[0]}": "5",
                                                 f"p{vitya.id}-{judged[1]}": "2"}, status=200)
        assert page.select_one(f"[name=m{vitya.id}]")["value"] == "4" and not marks(school)
        anna.submit(page, FORM, {"act": "save", f"m{vitya.id}": "5"})
        assert values(school) == {vitya.id: "5"}
        assert "7 из 10 70 %" in " ".join(line(anna.get(url), vitya).get_text(" ").split())

    def test_the_family_reads_points_with_the_mark(self, as_, school, url, judged, at_most):
        anna, vitya = as_(school.anna), school.vitya
        anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4", f"p{vitya.id}-{judged[0]}": "5",
                                          f"p{vitya.id}-{judged[1]}": "2"})
        vera = as_(school.vera)
        for address in [f"/parent/children/{vitya.id}/{page}" for page in ("diary", "marks")]:
            with at_most(8):
                told = vera.get(address).words
            assert "«Дроби», вес 2, баллов 7 из 10 (Ход решения 5 из 6, Ответ 2 из 4)" in told

    def test_points_are_corrected_with_or_without_the_mark(self, as_, school, url, judged):
        anna, vitya = as_(school.anna), school.vitya
        points = {f"p{vitya.id}-{judged[0]}": "5", f"p{vitya.id}-{judged[1]}": "2"}
        anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4", **points})
        page = anna.get(url)
        for _ in range(2):
            anna.submit(page, FORM, {f"p{vitya.id}-{judged[1]}": "3"})
        assert sorted(school.session.scalars(select(CriterionScore.points))) == [3, 5]

    @pytest.mark.parametrize(("typed", "says"), [("7", "баллов не больше 6"), ("много", "баллы – целое число"),
                                                 ("-1", "баллы – целое число")])
    def test_points_that_cannot_be_are_refused(self, as_, school, url, judged, typed, says):
        anna, vitya = as_(school.anna), school.vitya
        page = anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4", f"p{vitya.id}-{judged[0]}": typed}, status=422)
        assert says in page.words and not marks(school)
        assert page.select_one(f"[name=p{vitya.id}-{judged[0]}]")["value"] == typed

    def test_once_points_stand_criteria_stay(self, as_, school, url, judged):
        anna, vitya = as_(school.anna), school.vitya
        anna.submit(anna.get(url), FORM, {f"m{vitya.id}": "4", f"p{vitya.id}-{judged[0]}": "5"})
        page = anna.submit(anna.get(url), "form[action$=change]", {"criteria": "Ответ – 4"}, status=422)
        assert "менять их поздно" in page.words and page.select_one("[name=criteria]").text.strip() == "Ответ – 4"
        page = anna.submit(anna.get(url), FORM, {f"p{vitya.id}-{judged[0]}": ""}, status=422)
        assert "Баллы не стирают" in line(page, vitya).text

    def test_statements_are_bounded(self, as_, school, url, judged, at_most):
        anna = as_(school.anna)
        anna.submit(anna.get(url), FORM, {f"m{school.vitya.id}": "4", f"p{school.vitya.id}-{judged[0]}": "5"})
        with at_most(10):
            anna.get(url)


@pytest.mark.parametrize("garbage", [
    {"m{}": "5"}, {"m{}": "9", "key": "k"}, {"m{}": "5", "key": "k" * 99}, {"m{}": "5", "key": "k", "d{}": "вчера"},
    {"m{}": "5", "key": "k", "i{}": "999999", "v{}": "x"}, {"m{}": "", "key": "k", "i{}": "1", "mw{}": "5"},
    {"m{}": "5", "key": "k", "c{}": "х" * 301}, {"act": "paste", "column": ""}, {"act": "paste"},
    {"c{}": "слово", "m{}": "", "key": "k"}, {"act": "paste", "column": "5\n" * 9000}])
def test_garbage_gets_a_sentence(as_, school, url, garbage):
    form = {name.format(school.vitya.id): value for name, value in garbage.items()}
    assert as_(school.anna).post(url, form, status=422).select_one("[role=alert]").text.strip()
    assert not marks(school)


def test_strangers_and_other_roles(as_, school, url):
    as_(school.boris).get(url, status=404)
    as_(school.boris).post(url, status=404)
    as_(school.anna).get("/teacher/works/999999", status=404)
    for person in (school.vera, school.vitya, school.dina):
        as_(person).get(url, status=403)


def test_statements_are_bounded(as_, school, url, at_most):
    anna = as_(school.anna)
    with at_most(8):
        anna.get(url)
