"""One cell of the journal: Анна saves a mark by a key (htmx) or by a form of the cell's page (no JavaScript)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, update

from ejd import clock
from ejd.journal.attendance import Taken, take_attendance
from ejd.journal.models import Attendance, Expectation, Mark
from ejd.journal.works import NewWork, declare_works
from ejd.schedule.models import Lesson
from ejd.school.models import Setting
from ejd.school.settings import load
from tests.world import TODAY

TUESDAY, FRIDAY = date(2026, 9, 15), date(2026, 9, 18)


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def lesson(school, maths):
    return school.lesson(maths, TUESDAY)


@pytest.fixture
def cell(school, lesson):
    """The address of Витя's cell on Tuesday."""
    return f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}"


def five(**more):
    return {"act": "put", "value": "5", "key": "k1", "view": "journal", **more}


NEW = "section[aria-labelledby=new-title] form"


def marks(school):
    return school.session.scalars(select(Mark).where(Mark.withdrawn_at.is_(None)).order_by(Mark.id)).all()


def declare(school, lesson, *, take=True):
    """A control work at the lesson; attendance saved, so that marks are awaited (R4)."""
    settings = load(school.session)
    [work] = declare_works(school.session, settings=settings, works=[
        NewWork(lesson_id=lesson.id, kind_id=school.kind("test").id, actor_id=school.anna.id, at=lesson.ends_at)])
    if take:
        take_attendance(school.session, settings=settings, lessons=[Taken(lesson.id, school.anna.id, lesson.ends_at)])
    school.session.commit()
    return work


def test_a_key_saves_the_mark_and_answers_with_cell_and_average(as_, school, cell):
    answer = as_(school.anna).post(cell, five(), htmx=True)
    [mark] = marks(school)
    assert (mark.value, mark.pupil_id, mark.received_on) == ("5", school.vitya.id, TUESDAY)
    assert answer.select_one("b[data-m]")["data-m"] == f"{mark.id}.1"
    assert "5,00" in answer.select_one(f"hx-partial[hx-target='#r{school.vitya.id} .avg']").text


def test_a_save_is_small(as_, school, cell):
    """Request ≤ 0.5 KB, answer ≤ 1 KB."""
    answer = as_(school.anna).post(cell, five(), htmx=True)
    assert len(answer.response.data) <= 1024


def test_without_javascript_the_page_of_the_cell_does_the_same(as_, school, cell):
    anna = as_(school.anna)
    page = anna.get(cell)
    done = anna.submit(page, "section[aria-labelledby=new-title] form", {"value": "4", "comment": "у доски"})
    assert done.response.location == cell
    [mark] = marks(school)
    assert (mark.value, mark.comment) == ("4", "у доски")
    assert "отметка 4 сохранена" in anna.get(cell).words


def test_a_repeated_key_changes_nothing(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    anna.post(cell, five(), htmx=True)
    assert len(marks(school)) == 1


def test_another_figure_corrects_the_mark(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    mark = marks(school)[0]
    answer = anna.post(cell, {"act": "correct", "mark": mark.id, "version": 1, "value": "4", "key": "k2"}, htmx=True)
    assert answer.select_one("b").text == "4"
    assert [mark.value for mark in marks(school)] == ["4"]


def test_a_second_mark_is_an_explicit_act(as_, school, cell):
    """«+» says which marks it has seen."""
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    anna.post(cell, five(value="3", key="k2", seen=str(marks(school)[0].id)), htmx=True)
    assert [mark.value for mark in marks(school)] == ["5", "3"]


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "999999 x"}])
def test_a_mark_put_where_the_page_showed_none_is_not_doubled(as_, school, cell, seen):
    """Two tabs, or two teachers: the second is told what stands there (409), and may repeat."""
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    answer = anna.post(cell, five(value="3", key="k2", **seen), htmx=True, status=409)
    assert answer.select_one("b").text == "5"
    assert "сейчас там «5», вы вносили «3»" in answer.select_one("[role=alert]").text
    assert [mark.value for mark in marks(school)] == ["5"]


def test_the_same_on_the_page_of_the_cell(as_, school, cell):
    anna = as_(school.anna)
    old = anna.get(cell)
    anna.submit(anna.get(cell), NEW, {"value": "4"})
    page = anna.submit(old, NEW, {"value": "2"}, status=409)
    assert page.select_one("main [role=alert]").text.count("«4»") == 1
    anna.submit(anna.get(cell), NEW, {"value": "2"})
    assert [mark.value for mark in marks(school)] == ["4", "2"]


def test_marks_for_different_works_or_kinds_stand_side_by_side(as_, school, lesson, cell):
    work, anna = declare(school, lesson), as_(school.anna)
    anna.post(cell, five(), htmx=True)
    anna.post(cell, five(value="3", key="k2", **{"for": f"w{work.id}"}), htmx=True)
    anna.post(cell, five(value="4", key="k3", **{"for": f"k{school.kind('homework').id}"}), htmx=True)
    assert [mark.value for mark in marks(school)] == ["5", "3", "4"]


def test_what_is_awaited_in_a_cell_names_its_work_and_other_marks_their_kind(as_, school, lesson, cell):
    work = declare(school, lesson)
    answer = as_(school.anna).post(cell, five(), htmx=True)
    assert answer.select_one("b")["data-f"] == f"k{school.kind('oral').id}"
    assert answer.select_one(".awaited")["data-w"] == str(work.id)


def test_on_the_sheet_a_mark_of_another_kind_shows_it(as_, school, cell):
    kind = school.kind("homework").id
    answer = as_(school.anna).post(cell, five(view="sheet", place="0", **{"for": f"k{kind}"}), htmx=True)
    mark = answer.select_one(f"#p{school.vitya.id}-0 b")
    assert mark["data-f"] == f"k{kind}" and mark.small.text == "д/з"


def test_when_it_was_written_is_said_at_once(as_, school, lesson, cell):
    """R3: a mark for the work of an absentee is received later, and the teacher hears when."""
    work, anna = declare(school, lesson), as_(school.anna)
    anna.post(cell, {"act": "presence", "value": "н", "key": "k0"}, htmx=True)
    answer = anna.post(cell, five(**{"for": f"w{work.id}"}), htmx=True)
    assert "когда написал? Записано сегодня, 17\u00a0сентября" in answer.select_one(".told").text
    assert answer.select_one(".told a")["href"] == cell
    assert answer.select_one("b")["title"] == "получена 17\u00a0сентября"


@pytest.mark.parametrize("view", ["journal", "sheet"])
def test_an_answer_beside_a_letter_is_told_and_not_refused(as_, school, cell, view):
    """R3: one of the two may be a slip."""
    anna = as_(school.anna)
    anna.post(cell, {"act": "presence", "value": "н", "key": "k0", "view": view, "place": "a"}, htmx=True)
    answer = anna.post(cell, five(view=view, place="0"), htmx=True)
    assert "отмечен «н»" in answer.select_one(".told").text
    anna.submit(anna.get(cell), NEW, {"value": "4"})
    assert "отметка 4 сохранена, отмечен «н»" in anna.get(cell).words
    assert [mark.received_reason for mark in marks(school)] == ["", ""]


def test_an_old_mark_is_not_deleted_by_a_key(as_, school, maths):
    """Entered anew it would be late: the page of the cell says so first."""
    anna, old = as_(school.anna), school.lesson(maths, date(2026, 9, 4))
    url = f"/teacher/lessons/{old.id}/pupils/{school.vitya.id}"
    anna.post(url, five(), htmx=True)
    away = {"act": "withdraw", "mark": marks(school)[0].id, "version": 1, "key": "k2"}
    answer = anna.post(url, {**away, "view": "journal"}, htmx=True, status=422)
    assert "Пробел" in answer.select_one("[role=alert]").text and marks(school)
    anna.post(url, away)
    assert not marks(school)


def test_no_mark_chosen_is_said_in_words(as_, school, cell):
    page = as_(school.anna).submit(as_(school.anna).get(cell), NEW, status=422)
    assert "Выберите отметку" in page.words


def test_only_marks_that_the_school_puts_are_offered(as_, school, cell):
    """R10: «1» is a setting, off by default."""
    offered = [option.text for option in as_(school.anna).get(cell).select("#value option")]
    assert offered == ["–", "5", "4", "3", "2", "зач", "незач"]


def test_a_second_hand_is_shown_both_values_and_overwrites_nothing(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    mark = marks(school)[0]
    change = {"act": "correct", "mark": mark.id, "version": 1}
    anna.post(cell, {**change, "value": "4", "key": "k2"}, htmx=True)
    answer = anna.post(cell, {**change, "value": "2", "key": "k3"}, htmx=True, status=409)
    reason = answer.select_one("[role=alert]").text
    assert "сейчас там «4», вы вносили «2»" in reason
    assert [mark.value for mark in marks(school)] == ["4"]
    page = as_(school.anna).post(cell, {**change, "value": "2", "key": "k4"}, status=409)
    assert "сейчас там «4», вы вносили «2»" in page.words


def test_delete_withdraws_and_the_cell_is_empty(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    mark = marks(school)[0]
    answer = anna.post(cell, {"act": "withdraw", "mark": mark.id, "version": 1, "key": "k2"}, htmx=True)
    assert not answer.select("b") and not marks(school)
    assert answer.select_one("wbr"), "a piece for the cell: htmx puts nothing for nothing"


@pytest.mark.parametrize(("letter", "words"), [("н", "не был"), ("б", "болел"), ("о", "опоздал"),
                                               ("у", "не был по уважительной причине")])
def test_a_letter_puts_attendance_and_says_it_in_words(as_, school, cell, letter, words):
    answer = as_(school.anna).post(cell, {"act": "presence", "value": letter, "key": "k1"}, htmx=True)
    assert answer.select_one("abbr[data-v]")["title"] == words
    assert school.session.scalars(select(Attendance.code)).all() == [letter]


def test_a_cleared_letter_leaves_an_empty_cell_that_knows_its_version(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, {"act": "presence", "value": "н", "key": "k1"}, htmx=True)
    answer = anna.post(cell, {"act": "presence", "value": "", "version": 1, "key": "k2"}, htmx=True)
    assert answer.select_one("abbr[data-v='2']").text == ""


def test_lateness_is_said_in_the_cell_at_once(as_, school, maths):
    """R1: received on Thursday the 3rd, entered on the 12th: two days late."""
    lesson = school.lesson(maths, date(2026, 9, 3))
    with clock.freeze(clock.at(date(2026, 9, 12), 12)):
        answer = as_(school.anna).post(f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}", five(), htmx=True)
    assert answer.select_one("b.late i").text.replace("\u00a0", " ") == (
        "получена 3 сентября, срок до 10 сентября, внесена 12 сентября: опоздание 2 дня")


def test_the_seventh_day_is_not_late(as_, school, maths):
    lesson = school.lesson(maths, date(2026, 9, 3))
    with clock.freeze(clock.at(date(2026, 9, 10), 23, 59)):
        answer = as_(school.anna).post(f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}", five(), htmx=True)
    assert answer.select_one("b") and not answer.select("b.late")


def test_a_refusal_is_explained_at_the_cell_and_on_the_page(as_, school, maths):
    """R1: a mark cannot be entered before its lesson begins."""
    friday = school.lesson(maths, FRIDAY)
    url = f"/teacher/lessons/{friday.id}/pupils/{school.vitya.id}"
    answer = as_(school.anna).post(url, five(), htmx=True, status=422)
    assert answer.select_one("[role=alert]").text.startswith("Урок ещё не начался")
    page = as_(school.anna).post(url, five(comment="молодец", key="k2"), status=422)
    assert "Урок ещё не начался" in page.words
    assert page.select_one("#comment-new")["value"] == "молодец", "what was typed is not lost"
    assert not marks(school)


@pytest.mark.parametrize("garbage", [
    {}, {"act": "explode"}, {"act": "put"}, {"act": "put", "value": "7", "key": "k"}, {"act": "put", "value": "5"},
    {"act": "put", "value": "5", "key": "k" * 99},
    {"act": "put", "value": "5", "key": "k", "for": "w999"}, {"act": "put", "value": "5", "key": "k", "for": "k999"},
    {"act": "put", "value": "5", "key": "k", "weight": "сто"}, {"act": "put", "value": "5", "key": "k", "weight": "99"},
    {"act": "put", "value": "5", "key": "k", "received_on": "вчера"},
    {"act": "put", "value": "5", "key": "k", "received_on": "2026-09-16"},
    {"act": "put", "value": "5", "key": "k", "comment": "х" * 301},
    {"act": "correct", "value": "5", "key": "k"}, {"act": "correct", "mark": "9", "version": "1", "key": "k"},
    {"act": "correct", "mark": "9" * 40, "version": "x", "value": "5", "key": "k"},
    {"act": "withdraw"}, {"act": "describe"}, {"act": "redate"}, {"act": "move"}, {"act": "owe"},
    {"act": "owe", "work": "999"}, {"act": "hand_in", "work": "-1"}, {"act": "release", "work": ""},
    {"act": "presence", "value": "x", "key": "k"}, {"act": "presence", "value": "н"},
])
def test_garbage_gets_a_sentence_and_saves_nothing(as_, school, cell, garbage):
    page = as_(school.anna).post(cell, garbage, status=422)
    assert page.select_one("[role=alert]").text.strip()
    assert as_(school.anna).post(cell, garbage, status=422, htmx=True).select_one("[role=alert]").text.strip()
    assert not marks(school) and not school.session.scalar(select(func.count()).select_from(Attendance))


def test_description_day_and_history_stand_on_the_page(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, five())
    mark = marks(school)[0]
    page = anna.get(cell)
    anna.submit(page, f"#mark{mark.id} form:has([value=describe])",
                {"for": f"k{school.kind('homework').id}", "weight": "3", "comment": "тетрадь"})
    page = anna.get(cell)
    assert "Домашняя работа, вес 3" in page.words and "Комментарий: тетрадь" in page.words
    anna.submit(page, f"#mark{mark.id} form:has([value=redate])",
                {"received_on": "2026-09-16", "received_reason": "принёс тетрадь"})
    page = anna.get(cell)
    assert "Получена 16 сентября: принёс тетрадь" in page.words
    told = [" ".join(line.text.split()) for line in page.select("#history li")]
    assert told[0].endswith("Андреева А. А.: отметка 5, день получения: 15 сентября → 16 сентября")
    assert told[1].endswith("за что и вес: ответ на уроке, вес 1 → домашняя работа, вес 3")
    assert told[2].endswith("отметка 5 поставлена (домашняя работа)")


def test_a_mark_moves_to_the_right_pupil_and_to_the_right_lesson(as_, school, cell, maths):
    """R3: with a reason, and when it was entered stays."""
    anna = as_(school.anna)
    anna.post(cell, five())
    mark = marks(school)[0]
    anna.submit(anna.get(cell), f"#mark{mark.id} form:has([value=move])",
                {"pupil": str(school.person("Ким", "Софья").id), "reason": "pupil"})
    assert marks(school)[0].pupil_id == school.person("Ким", "Софья").id
    there = f"/teacher/lessons/{mark.lesson_id}/pupils/{mark.pupil_id}"
    anna.submit(anna.get(there), f"#mark{mark.id} form:has([value=move])", {"day": "2026-09-14", "reason": "lesson"})
    moved = marks(school)[0]
    assert school.session.get(Lesson, moved.lesson_id).day == date(2026, 9, 14)
    assert moved.entered_on == TODAY


def test_a_mark_does_not_move_to_a_day_without_a_lesson(as_, school, cell):
    anna = as_(school.anna)
    anna.post(cell, five())
    mark = marks(school)[0]
    page = anna.submit(anna.get(cell), f"#mark{mark.id} form:has([value=move])", {"day": "2026-09-16"}, status=422)
    assert "урока нет" in page.words


@pytest.mark.parametrize(("launch", "said"), [
    ("2026-09-01", "Отметки нет, срок был 22\u00a0сентября."), ("2026-10-19", "Ждёт отметки.")])
def test_before_the_launch_a_mark_is_awaited_without_a_day(as_, school, lesson, cell, launch, said):
    """R7"""
    declare(school, lesson)
    school.session.execute(update(Setting).where(Setting.key == "launch.marks").values(value=f'"{launch}"'))
    school.session.commit()
    with clock.freeze(clock.at(date(2026, 10, 19), 9)):
        page = as_(school.anna).get(cell)
    assert said in [text.text for text in page.select("section p")]


def test_a_declared_work_is_awaited_then_owed_handed_in_and_released(as_, school, lesson, cell):
    work = declare(school, lesson)
    anna = as_(school.anna)
    page = anna.get(cell)
    assert "Ждёт отметки до 22 сентября" in page.words
    anna.submit(page, "form:has([value=owe])", {"hand_in_by": "2026-09-24"})
    page = anna.get(cell)
    assert "Работа не сдана, сдать до 24 сентября" in page.words
    anna.submit(page, "form:has([value=hand_in])", {"on": "2026-09-17"})
    assert "Ждёт отметки до 24 сентября" in anna.get(cell).words
    anna.submit(anna.get(cell), "form:has([value=release])")
    assert "Больше не ожидается" in anna.get(cell).words
    assert school.session.scalar(select(Expectation.awaiting).filter_by(
        work_id=work.id, pupil_id=school.vitya.id)) == "released"


def test_a_mark_for_the_work_takes_its_kind_and_weight(as_, school, lesson, cell):
    work = declare(school, lesson)
    as_(school.anna).post(cell, five(**{"for": f"w{work.id}"}), htmx=True)
    [mark] = marks(school)
    assert (mark.work_id, mark.kind_id, mark.weight) == (work.id, school.kind("test").id, 2)


def test_the_sheet_gets_its_fields_and_the_average(as_, school, lesson, cell):
    work = declare(school, lesson)
    answer = as_(school.anna).post(cell, five(view="sheet", place=work.id, **{"for": f"w{work.id}"}), htmx=True)
    assert [part["id"] for part in answer.select("hx-partial[id]")] == [
        f"p{school.vitya.id}-{place}" for place in ("a", work.id, 0)]
    assert answer.select_one(f"#p{school.vitya.id}-{work.id} b").text == "5"


def test_a_mark_of_another_cell_is_not_reached_through_this_one(as_, school, cell, lesson):
    """The address says whose cell it is; ids in the form cannot lead elsewhere (R33)."""
    anna, boris = as_(school.anna), as_(school.boris)
    anna.post(cell, five())
    mark = marks(school)[0]
    russian = school.lesson(school.course("7А", "Русский"), date(2026, 9, 16))
    theirs = f"/teacher/lessons/{russian.id}/pupils/{school.vitya.id}"
    boris.post(theirs, {"act": "withdraw", "mark": mark.id, "version": 1, "key": "k9"}, status=422)
    work = declare(school, lesson)
    boris.post(theirs, {"act": "release", "work": work.id}, status=422)
    assert len(marks(school)) == 1


def test_a_substitute_has_the_lesson_only(as_, school, lesson, cell, maths):
    """R33: a substitute has the lesson's rights for that lesson."""
    found = school.session.get(Lesson, lesson.id)
    found.teacher_id, found.substitutes_id = school.boris.id, school.anna.id
    school.session.commit()
    as_(school.boris).post(cell, five(), htmx=True)
    assert marks(school)[0].responsible_id == school.boris.id
    assert "журнал" not in as_(school.boris).get(cell).select_one("main p").text
    other = school.lesson(maths, date(2026, 9, 14))
    as_(school.boris).post(f"/teacher/lessons/{other.id}/pupils/{school.vitya.id}", five(), status=404)


def test_colleagues_and_strangers_do_not_learn_that_the_cell_exists(as_, school, cell, lesson):
    as_(school.boris).post(cell, five(), status=404)
    as_(school.boris).get(cell, status=404)
    as_(school.anna).get(f"/teacher/lessons/{lesson.id}/pupils/{school.zoya.id}", status=404)
    as_(school.anna).get("/teacher/lessons/999999/pupils/1", status=404)


def test_other_roles_are_shut_out(as_, school, cell):
    for person in (school.vera, school.vitya, school.dina):
        as_(person).post(cell, five(), status=403)


def test_an_ended_session_answers_beside_the_cell(as_, school, cell):
    """401 into #notices with a link that signs in beside."""
    answer = as_(None).post(cell, five(), htmx=True, status=401)
    assert answer.response.headers["HX-Retarget"] == "#notices"
    assert "beside" in answer.select_one("a")["href"]


def test_statements_are_bounded(as_, school, lesson, cell, at_most):
    declare(school, lesson)
    anna = as_(school.anna)
    anna.post(cell, five(), htmx=True)
    with at_most(8):
        anna.get(cell)
