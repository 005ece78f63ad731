"""The page of results of a journal: Анна sets Витя's quarter by form, by keys, and all that is offered at once; Дина
sets it in her place (R10–R15, R34)."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.results.models import TermMark
from tests.journal import Hand
from tests.results import Setter, result_of, term


@pytest.fixture
def maths(school):
    return school.course("7А", "Матем")


@pytest.fixture
def marked(school, maths):
    """Витя has 5 5 4, Ёлкин 3."""
    for pupil, day, value in ((school.vitya, 8, "5"), (school.vitya, 10, "5"), (school.vitya, 11, "4"),
                              (school.person("Ёлкин", "Егор"), 11, "3")):
        Hand(school, school.anna).puts(school.lesson(maths, date(2026, 9, day)), pupil, value,
                                       kind_id=school.kind("oral").id, key=f"{pupil.id}-{day}")
    return maths


def address(course, tail=""):
    return f"/teacher/courses/{course.id}/results{tail}"


def row_of(page, pupil):
    return page.select_one(f"#p{pupil.id}")


def words(tag):
    return " ".join(tag.get_text(" ").split())


def field(pupil):
    return f"r{pupil.id}"


def test_the_page_offers_and_warns(as_, school, marked, at_most):
    anna = as_(school.anna)
    with at_most(8):
        page = anna.get(address(marked))
    row = row_of(page, school.vitya)
    assert row.select_one("input[data-pupil]")["placeholder"] == "5"
    assert "4,67 3" in words(row)
    assert "мало отметок: нужно не меньше 2" in words(row_of(page, school.person("Ёлкин", "Егор")))
    assert "Не выставлено 8 из 8. Срок – ср, 21 октября." in page.words
    link = row.select_one("a")["href"]
    assert link == f"/teacher/courses/{marked.id}/journal?term={term(school, 1).id}#r{school.vitya.id}"
    assert anna.get(link).select_one(f"#r{school.vitya.id}")  # what lies behind the average


def test_the_whole_form_is_saved_at_once(as_, school, marked):
    anna = as_(school.anna)
    answer = anna.submit(anna.get(address(marked)), "#results", {
        field(school.vitya): "5", field(school.person("Ёлкин", "Егор")): "Н/А"}, status=422)
    assert "Ничего не сохранено" in answer.words and result_of(school, school.vitya, marked) is None
    assert row_of(answer, school.vitya).select_one("input[data-pupil]")["value"] == "5"
    told = row_of(answer, school.person("Ёлкин", "Егор"))
    assert "н/а ставят, когда отметок меньше 3" in words(told.select_one("[role=alert]"))
    page = anna.submit(answer, "#results", {field(school.person("Ёлкин", "Егор")): "3"})
    shown = anna.get(page.response.location)
    assert "Итоговые отметки сохранены" in shown.words and "Не выставлено 6 из 8" in shown.words
    assert result_of(school, school.vitya, marked).value == "5"


def test_a_form_sent_as_it_is_changes_nothing(as_, school, marked):
    anna = as_(school.anna)
    page = anna.submit(anna.get(address(marked)), "#results")
    assert "Ничего не изменилось" in anna.get(page.response.location).words
    assert school.session.scalar(select(func.count()).select_from(TermMark)) == 0


def press(anna, course, pupil, value, version=0, status=200, **more):
    """What the keys send."""
    answer = anna.post(address(course), {"period": str(more.pop("period", "") or more["term"]), "key": more["key"],
                                         field(pupil): value, f"v{pupil.id}": str(version)}, htmx=True, status=status)
    return json.loads(answer.response.text)


def test_a_key_saves_one_and_hears_what_stands(as_, school, marked):
    anna, first = as_(school.anna), term(school, 1).id
    told = press(anna, marked, school.vitya, "4", term=first, key="one")
    assert told == {"error": "", "value": "4", "version": 1, "told": "предложено 5"}
    again = press(anna, marked, school.vitya, "4", term=first, key="one")
    assert again == told
    refused = press(anna, marked, school.vitya, "7", version=1, status=422, term=first, key="two")
    assert refused["error"].startswith("«7» не подходит") and refused["value"] == "4"
    taken_back = press(anna, marked, school.vitya, "", version=1, term=first, key="three")
    assert (taken_back["value"], taken_back["version"]) == ("", 2)


def test_another_hand_is_told_with_both_values(as_, school, marked):
    anna, first = as_(school.anna), term(school, 1).id
    open_page = anna.get(address(marked))
    Setter(school, school.dina, leads=True).sets(marked, {school.vitya: "3"})
    told = press(anna, marked, school.vitya, "5", status=409, term=first, key="one")
    assert told["error"].replace("\u00a0", " ") == ("Отметку уже изменили: сейчас там «3», вы вносили «5». Чтобы "
                                                    "заменить, сохраните ещё раз")
    assert press(anna, marked, school.vitya, "5", told["version"], term=first, key="two")["value"] == "5"
    other = school.person("Ким", "Софья")
    Setter(school, school.dina, leads=True).sets(marked, {other: "4"})
    answer = anna.submit(open_page, "#results", {field(other): "5"}, status=409)
    assert "сейчас там «4», вы вносили «5»" in answer.words
    assert row_of(answer, school.vitya).select_one("input[data-pupil]")["value"] == "5"  # not typed here: as it stands
    anna.submit(answer, "#results")
    assert result_of(school, other, marked).value == "5" and result_of(school, school.vitya, marked).value == "5"


def test_all_that_is_offered_is_set_by_a_page_that_says_what(as_, school, marked, at_most):
    anna = as_(school.anna)
    link = anna.get(address(marked)).select_one("main .actions a")["href"]
    with at_most(8):
        page = anna.get(link)
    assert "Будет выставлено 2 отметки" in page.words
    anna.submit(page, "main form")
    assert result_of(school, school.vitya, marked).value == "5"
    assert result_of(school, school.person("Ёлкин", "Егор"), marked).value == "3"
    assert "Выставлять нечего" in anna.get(link).words


def test_what_was_offered_and_changed_meanwhile_is_set_as_it_was_shown(as_, school, marked):
    """A page that promised «5» sets 5 or says why not."""
    anna = as_(school.anna)
    page = anna.get(address(marked, f"/offered?period={term(school, 1).id}"))
    Setter(school, school.dina, leads=True).sets(marked, {school.vitya: "4"})
    answer = anna.submit(page, "main form", status=409)
    assert "сейчас там «4», вы вносили «5»" in answer.words
    assert result_of(school, school.person("Ёлкин", "Егор"), marked) is None


def test_the_year_and_what_is_not_yet(as_, school, marked):
    anna = as_(school.anna)
    page = anna.get(address(marked, "?period=year"))
    assert "выставить можно с 5 апреля" in page.words and not page.select("#results")
    with clock.freeze(clock.at(date(2027, 5, 20), 10)):
        for number in range(1, 5):
            Setter(school, school.anna).sets(marked, {school.vitya: "4"}, str(term(school, number).id))
        page = as_(school.anna).get(address(marked, "?period=year"))
        assert row_of(page, school.vitya).select_one("input[data-pupil]")["placeholder"] == "4"
        assert "экзам" not in page.words.lower()  # class 7 has none


def test_markless_journals_say_so(as_, school):
    """R14."""
    page = as_(school.eva).get(address(school.course("1А", "Матем")))
    assert "отметок не ставят" in page.words and not page.select("#results")


@pytest.mark.parametrize("period", ["", "99999", "year", "final", "abc", "-1", "9" * 30, "exam"])
def test_garbage_in_the_address(as_, school, marked, period):
    status = 200 if period in ("", "year") else 404
    as_(school.anna).get(address(marked, f"?period={period}"), status=status)


@pytest.mark.parametrize("fields", [
    {}, {"period": ""}, {"period": "x" * 5000}, {"r1": "5"}, {"r999999999": "5", "key": "k"}, {"rx": "5", "key": "k"},
    {"r14": "5\x00", "key": "k"}, {"r14": "5", "key": "k" * 900}, {"r14": "5", "v14": "-1", "key": "k"},
    {"r14": "5", "v14": "9" * 40, "key": "k"},
])
def test_garbage_is_one_sentence(as_, school, marked, fields):
    fields = {"period": str(term(school, 1).id), **fields}
    anna = as_(school.anna)
    answer = anna.open(address(marked), method="POST", data={**fields, "csrf_token": anna.csrf()})
    assert answer.status_code in (302, 400, 404, 409, 422)
    assert school.session.scalar(select(func.count()).select_from(TermMark)) == 0


def test_the_deputy_sets_it_with_a_reason(as_, school, marked):
    """R13, R34: н/а against the rule by the deputy's word."""
    dina = as_(school.dina)
    page = dina.get(f"/admin/courses/{marked.id}/results")
    answer = dina.submit(page, "#results", {field(school.vitya): "н/а"}, status=422)
    assert "назовите её" in words(answer.select_one("#reason-error"))
    dina.submit(answer, "#results", {"reason": "Санаторий"})
    assert result_of(school, school.vitya, marked).reason == "Санаторий"
    assert "Санаторий" in words(row_of(as_(school.anna).get(address(marked)), school.vitya))


def test_only_the_journals_teacher_and_who_leads(as_, school, marked):
    """R33, R34."""
    as_(school.boris).get(address(marked), status=404)
    as_(school.boris).post(address(marked), {"period": "1", field(school.vitya): "5"}, status=404)
    as_(school.inna).get(f"/admin/courses/{marked.id}/results", status=403)
    as_(school.vera).get(address(marked), status=403)


def test_the_page_of_a_big_class_asks_no_more(as_, school, marked, at_most):
    anna = as_(school.anna)
    for number in range(1, 3):
        course = school.course("7А", "Иностранный", number)
        teacher = as_(school.eva if number == 1 else school.boris)
        with at_most(8):
            page = teacher.get(address(course))
        assert len(page.select("tbody tr")) == 4
    with at_most(8):
        anna.get(address(marked, "?period=year"))
