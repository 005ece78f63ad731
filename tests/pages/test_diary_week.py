"""The diary's week as Вера reads it about Витя, and as Витя reads it himself (R4, R5, R10, R14, R33, R40)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from ejd.journal.models import Awaiting, Exemption
from ejd.roster.classes import move_pupil, pupil_leaves
from ejd.roster.models import CourseMember, Guardianship, Person
from ejd.schedule.models import LessonState
from ejd.school.models import Setting
from tests.diary_facts import (
    FRI,
    MON,
    THU,
    TUE,
    WED,
    diary_of,
    expect,
    lesson_of,
    moment,
    note_presence,
    put_mark,
    set_homework,
)
from tests.world import NOW


@pytest.fixture
def week(as_, school):
    """Вера opens Витя's week; `week()["вт"]` is what stands on Tuesday, in one line."""
    def opened(url=None, person=None):
        page = as_(person or school.vera).get(url or diary_of(school.vitya))
        words = [" ".join(section.get_text(" ").split()) for section in page.select(".day")]
        return {text[:2]: text for text in words}
    return opened


def end_guardianship(session, guardian, pupil, last_day):
    session.query(Guardianship).filter_by(guardian_id=guardian.id, pupil_id=pupil.id).update({"to_on": last_day})


# What the week shows

def test_the_week_is_like_the_paper_one(as_, school):
    page = as_(school.vera).get(diary_of(school.vitya))
    assert page.h1.text.split() == ["Волков", "Виктор,", "7А"]
    assert [h3.text.split()[:3] for h3 in page.select(".day h3")] == [
        [weekday, str(day), "сентября"] for weekday, day in zip(("пн,", "вт,", "ср,", "чт,", "пт,"), range(14, 19),
                                                                 strict=True)]
    monday = page.select(".day")[0]
    assert [(li["value"], li.select_one(".subject").text) for li in monday.select("li")] == [
        ("1", "Математика"), ("2", "Русский язык")]


def test_today_is_marked(as_, school):
    today = as_(school.vera).get(diary_of(school.vitya)).select_one(".today h3")
    assert "17 сентября" in today.text.replace("\xa0", " ") and "сегодня" in today.text


def test_a_pupil_sees_the_lessons_of_the_own_subgroup_only(school, week):
    set_homework(school, lesson_of(school, "Иностр", date(2026, 9, 11), subgroup=1), "Unit 1")
    set_homework(school, lesson_of(school, "Иностр", date(2026, 9, 11), subgroup=2), "Unit 2")
    assert week()["вт"].count("Иностранный язык") == 1
    assert "Unit 2" in week()["вт"] and "Unit 1" not in week()["вт"]


def test_homework_stands_on_the_day_it_is_due_with_when_it_was_published(school, week):
    set_homework(school, lesson_of(school, "Матем", MON), "№ 212 (а–г)", at=moment(MON, 13, 5))
    assert "№ 212 (а–г) задано пн 14.09, опубликовано в 13:05" in week()["вт"]
    assert "№ 212" not in week()["пн"]


def test_homework_published_the_next_day_says_so(school, week):
    set_homework(school, lesson_of(school, "Матем", MON), "№ 212", at=moment(TUE, 6, 40))
    assert "задано пн 14.09, опубликовано 15.09 в 06:40" in week()["вт"]


def test_homework_for_a_day_without_the_lesson_stands_on_that_day_under_its_subject(school, week):
    set_homework(school, lesson_of(school, "Матем", MON), "Проект «Дроби»", due_on=WED)
    assert "Математика Проект «Дроби» задано пн 14.09" in week()["ср"]


def test_homework_not_set_is_said_at_the_next_lesson(school, week):
    set_homework(school, lesson_of(school, "Матем", TUE), "", not_set=True, at=moment(TUE, 10))
    assert "Не задано, отмечено 15.09 в 10:00" in week()["чт"]
    assert not any("не задано" in week()[day] for day in ("вт", "ср", "пт"))


# Where nothing was set

def test_a_line_without_homework_says_that_the_teacher_published_none(week):
    assert "Математика учитель не опубликовал задание" in week()["вт"]  # Monday's lesson set nothing
    with clock.freeze(moment(THU, 8)):  # before the lesson nothing is missing yet
        assert "опубликов" not in week()["пт"].partition("Математика")[2]


def test_until_the_deadline_homework_is_not_published_yet(school, week):
    with clock.freeze(moment(THU, 9, 15)):  # the lesson ended at 9:10, its homework is due an hour later
        assert "Математика задание ещё не опубликовано" in week()["пт"]


def test_nothing_is_missing_once_something_was_set_even_for_later(school, week):
    set_homework(school, lesson_of(school, "Матем", MON), "Проект", due_on=FRI)
    assert "Математика учитель" not in week()["вт"]


def test_homework_of_lessons_before_the_launch_date_is_not_missed(school, session, week):
    session.query(Setting).filter_by(key="launch.homework").delete()
    session.add(Setting(key="launch.homework", valid_from=date(2026, 9, 1), value='"2026-09-15"'))
    session.commit()
    assert "опубликов" not in week()["вт"].partition("Математика")[2]


def test_a_class_without_homework_misses_none(school, week):
    assert not any("опубликов" in day for day in week(diary_of(school.masha)).values())


def test_until_the_class_is_divided_the_lesson_is_shown_once_without_its_homework(school, session, week):
    session.query(CourseMember).filter_by(pupil_id=school.vitya.id).delete()
    session.commit()
    set_homework(school, lesson_of(school, "Иностр", date(2026, 9, 11), subgroup=1), "Unit 1")
    assert week()["вт"].count("Иностранный язык (английский) подгруппа ещё не названа") == 1
    assert "Unit" not in week()["вт"] and "опубликов" not in week()["вт"].partition("Математика")[0]


def test_homework_with_markup_in_it_is_text(as_, school):
    set_homework(school, lesson_of(school, "Матем", MON), "<b>№ 1</b>\n№ 2")
    task = as_(school.vera).get(diary_of(school.vitya)).select_one(".task")
    assert task.text.startswith("<b>№ 1</b>\n№ 2")


def test_a_mark_tells_what_it_was_given_for(school, week):
    put_mark(school, lesson_of(school, "Матем", TUE), "4", kind_id=school.kind("test").id, comment="Хорошо")
    assert "4 Контрольная работа, вес 2: Хорошо" in week()["вт"]


def test_a_mark_for_a_declared_work_tells_its_title(school, week):
    lesson = lesson_of(school, "Матем", TUE)
    work = expect(school, lesson, Awaiting.TEACHER, date(2026, 9, 22), title="Дроби")
    put_mark(school, lesson, "5", work_id=work.id)
    assert "5 Контрольная работа «Дроби», вес 2" in week()["вт"]
    assert "ещё не выставил" not in week()["вт"]


def test_a_mark_received_on_another_day_says_which(school, week):
    put_mark(school, lesson_of(school, "Матем", MON), "3", received_on=TUE, received_reason="написал позже")
    assert "3 Ответ на уроке, получена 15 сентября" in week()["пн"]


def test_marks_of_classmates_are_not_there(school, week):
    put_mark(school, lesson_of(school, "Матем", TUE), "2", pupil=school.person("Белова", "Дарья"))
    assert "Ответ на уроке" not in week()["вт"]


@pytest.mark.parametrize(("code", "words"), [("н", "причина не указана"), ("б", "по болезни"),
                                             ("у", "по уважительной причине"), ("о", "опоздание")])
def test_attendance_is_said_in_words_and_the_own_family_sees_illness(school, week, code, words):
    note_presence(school, lesson_of(school, "Матем", MON), code)
    assert words in week()["пн"]
    assert words in week("/student/diary", school.vitya)["пн"]


def test_an_exemption_is_said(school, session, week):
    session.add(Exemption(pupil_id=school.vitya.id, course_id=school.course("7А", "Матем").id, from_on=TUE, to_on=THU))
    session.commit()
    assert "освобождение" not in week()["пн"] and "освобождение" in week()["вт"]
    assert "освобождение" not in week()["пт"]


@pytest.mark.parametrize(("awaiting", "by", "words"), [
    (Awaiting.TEACHER, date(2026, 9, 17), "учитель ещё не выставил, срок до 17 сентября"),
    (Awaiting.TEACHER, date(2026, 9, 16), "учитель ещё не выставил, срок был 16 сентября"),
    (Awaiting.PUPIL, date(2026, 9, 25), "работа не сдана, сдать до 25 сентября"),
    (Awaiting.PUPIL, date(2026, 9, 16), "работа не сдана, срок сдачи был 16 сентября"),
    (Awaiting.PUPIL, None, "работа не сдана"),
])
def test_what_is_expected_reads_calmly(school, week, awaiting, by, words):
    expect(school, lesson_of(school, "Матем", MON), awaiting, by)
    assert f"Контрольная работа «Дроби»: {words}" in week()["пн"]
    assert "просрочено" not in week()["пн"]


def test_whose_turn_it_is_can_be_seen(as_, school):
    expect(school, lesson_of(school, "Матем", MON), Awaiting.PUPIL, FRI, title="Дроби")
    expect(school, lesson_of(school, "Русский", MON), Awaiting.TEACHER, FRI, title="Диктант")
    monday = as_(school.vera).get(diary_of(school.vitya)).select_one(".day")
    assert [p.text.split()[2] for p in monday.select("p.owed")] == ["«Дроби»:"]
    assert any("Диктант" in p.text for p in monday.select("p.soft"))


def test_a_teacher_has_no_term_before_the_launch_date(school, session, week):
    session.query(Setting).filter_by(key="launch.marks").update({"value": '"2026-09-15"'})
    session.commit()
    expect(school, lesson_of(school, "Матем", MON), Awaiting.TEACHER, date(2026, 9, 16))
    assert "«Дроби»: учитель ещё не выставил" in week()["пн"] and "срок" not in week()["пн"]


def test_works_to_hand_in_are_told_on_top_of_the_current_week(as_, school):
    expect(school, lesson_of(school, "Русский", date(2026, 9, 2)), Awaiting.PUPIL, date(2026, 9, 16))
    expect(school, lesson_of(school, "Матем", date(2026, 9, 1)), Awaiting.PUPIL, date(2026, 9, 24))
    visitor = as_(school.vera)
    told = visitor.get(diary_of(school.vitya)).select_one("main > .owed")
    assert " ".join(told.text.split()) == "Что сдать: Русский язык (срок был 16 сентября), Математика (до 24 сентября)"
    assert visitor.get(told.a["href"]).select_one("#owed")
    assert not visitor.get(diary_of(school.vitya, "2026-W39")).select("main > .owed")


@pytest.mark.parametrize("awaiting", [Awaiting.RELEASED, Awaiting.MET])
def test_what_is_settled_is_not_expected_any_more(school, week, awaiting):
    expect(school, lesson_of(school, "Матем", MON), awaiting, None)
    assert "Дроби" not in week()["пн"]


def test_a_cancelled_lesson_says_why(school, session, week):
    lesson = lesson_of(school, "Матем", FRI)
    lesson.state, lesson.state_reason = LessonState.CANCELLED.value, "карантин"
    session.commit()
    assert "Математика урок отменён: карантин" in week()["пт"]


def test_a_class_without_marks_has_a_diary_too(school, week):
    note_presence(school, lesson_of(school, "Матем", MON, "1А"), "б", pupil=school.masha)
    of_masha = week(diary_of(school.masha))
    assert "отсутствие по болезни" in of_masha["пн"]
    assert "Уроков нет" in of_masha["вт"]


# Other weeks

def test_holidays_are_said_by_name(as_, school):
    page = as_(school.vera).get(diary_of(school.vitya, "2026-W44"))
    assert page.select_one(".empty").text == "Осенние каникулы: на этой неделе уроков нет."


def test_the_links_lead_to_the_weeks_around_and_back(as_, school):
    visitor = as_(school.vera)
    before = visitor.get(visitor.get(diary_of(school.vitya)).select_one("[rel=prev]")["href"])
    assert before.select_one(".weeks h2").text.replace("\xa0", " ") == "7–11 сентября"
    after = visitor.get(before.select_one("[rel=next]")["href"])
    assert after.select_one(".weeks h2").text.replace("\xa0", " ") == "14–18 сентября"
    assert not after.find("a", string="Эта неделя")
    assert visitor.get(before.find("a", string="Эта неделя")["href"]).select_one(".today")


@pytest.mark.parametrize("week", ["2026-W54", "вчера", "0001-W01", "9999-W52", "2026-W00", "2026-W3٨", "-W"])
def test_a_week_that_does_not_exist_is_answered_with_a_sentence(as_, school, week):
    assert "Такой недели нет" in as_(school.vera).get(diary_of(school.vitya, week), status=404).words


def test_before_the_pupil_came_the_week_says_so(as_, school):
    visitor = as_(school.vera)
    page = visitor.get(diary_of(school.vitya, "2026-W35"))
    assert page.select_one(".empty").text.replace("\xa0", " ") == "Дневник ведётся с 1 сентября 2026 года."
    assert page.select_one(".weeks h2").text.replace("\xa0", " ") == "24–28 августа"
    assert not page.select("[rel=prev]")
    first = visitor.get(page.select_one("[rel=next]")["href"])
    assert first.select(".day") and not first.select("[rel=prev]")


def test_after_the_years_last_week_there_is_no_link(as_, school):
    page = as_(school.vera).get(diary_of(school.vitya, "2027-W21"))
    assert page.select_one(".weeks h2").text.replace("\xa0", " ") == "24–28 мая 2027 года"
    assert not page.select("[rel=next]") and page.select("[rel=prev]")


def test_a_phone_jumps_to_today(as_, school):
    page = as_(school.vera).get(diary_of(school.vitya))
    assert page.select_one(".to-today")["href"] == "#today" and "today" in page.select_one("#today")["class"]


@pytest.mark.parametrize("path", ["diary", "marks"])
def test_paper_names_the_school_and_the_day(as_, school, path):
    page = as_(school.vera).get(f"/parent/children/{school.vitya.id}/{path}")
    assert "Школа № 12. Напечатано 17 сентября 2026 года" in page.select_one(".print-only").text.replace("\xa0", " ")


def test_after_the_pupil_left_the_week_says_so(as_, school, session):
    pupil_leaves(session, actor_id=None, pupil_id=school.vitya.id, last_day=date(2026, 9, 11), reason="", now=NOW)
    session.commit()
    assert "ученик не числится в классе" in as_(school.vera).get(diary_of(school.vitya)).words


def test_after_moving_to_another_class_its_lessons_are_shown_from_that_day(school, session, week):
    move_pupil(session, actor_id=None, pupil_id=school.vitya.id, class_id=school.school_class("7Б").id, on=WED,
               now=NOW)
    session.commit()
    shown = week()
    assert "Русский язык" in shown["пн"] and "Математика" in shown["ср"] and "Русский язык" not in shown["ср"]


def test_on_sunday_the_coming_week_opens(as_, school):
    with clock.freeze(moment(date(2026, 9, 20), 18)):
        page = as_(school.vitya).get("/student/")
    assert page.select_one(".weeks h2").text.replace("\xa0", " ") == "21–25 сентября"


# Whose diary it is

def test_a_parent_of_two_is_in_the_diary_of_the_eldest_and_switches(as_, school):
    visitor = as_(school.vera)
    home = visitor.get("/parent/")
    assert home.h1.text == "Волков Виктор, 7А" and home.select(".day")
    assert [a.text for a in home.select(".children a")] == ["Виктор, 7А", "Мария, 1А"]
    assert [a.text for a in home.select(".children [aria-current]")] == ["Виктор, 7А"]
    assert visitor.get(home.select(".children a")[1]["href"]).h1.text == "Волкова Мария, 1А"


def test_a_parent_of_one_is_in_the_diary_at_once(as_, school):
    page = as_(school.zakhar).get("/parent/")
    assert page.h1.text == "Зимина Зоя, 7Б" and page.select(".day") and not page.select(".children")


def test_a_stranger_to_the_child_does_not_learn_that_the_diary_exists(as_, school):
    as_(school.zakhar).get(diary_of(school.vitya), status=404)


def test_a_guardianship_that_ended_closes_the_diary(as_, school, session):
    end_guardianship(session, school.vera, school.vitya, date(2026, 9, 16))
    visitor = as_(school.vera)
    visitor.get(diary_of(school.vitya), status=404)
    assert visitor.get("/parent/").h1.text == "Волкова Мария, 1А"


def test_the_last_day_of_a_guardianship_is_open(as_, school, session):
    end_guardianship(session, school.vera, school.vitya, date(2026, 9, 17))
    as_(school.vera).get(diary_of(school.vitya))


def test_the_class_teacher_has_no_parents_side(as_, school):
    as_(school.anna).get(diary_of(school.vitya), status=403)


def test_a_pupil_has_no_parents_side_even_to_the_own_diary(as_, school):
    as_(school.vitya).get(diary_of(school.vitya), status=403)


def test_a_pupil_sees_the_own_diary(as_, school):
    put_mark(school, lesson_of(school, "Матем", TUE), "5")
    page = as_(school.vitya).get("/student/diary")
    assert "5 Ответ на уроке" in page.words and page.h1.text.startswith("Волков Виктор Павлович")


def test_a_teacher_who_is_a_parent_goes_over_by_a_link(as_, school):
    visitor = as_(school.eva)
    link = visitor.get("/teacher/").select_one(".roles a[href='/parent/']")
    assert visitor.get(link["href"]).h1.text == "Ершов Егор, 7Б"


# How it is sent

@pytest.mark.parametrize("path", ["diary", "marks"])
def test_no_script_is_sent_to_families(as_, school, path):
    page = as_(school.vera).get(f"/parent/children/{school.vitya.id}/{path}")
    assert not page.select("script") and "hx-" not in page.response.text


def test_the_week_asks_the_database_eight_times_whatever_stands_in_it(as_, school, at_most):
    for subject, day in (("Матем", MON), ("Матем", TUE), ("Русский", MON), ("Русский", WED)):
        put_mark(school, lesson_of(school, subject, day), "4")
        set_homework(school, lesson_of(school, subject, day), "Упр. 1")
        note_presence(school, lesson_of(school, subject, day), "о")
    visitor = as_(school.vera)
    with at_most(8):
        visitor.get(diary_of(school.vitya))


def test_a_child_of_no_class_has_an_empty_diary(as_, school, session):
    nobody = Person(last_name="Новиков", first_name="Лев", sort_key="новиков", search_key=" новиков лев")
    session.add(nobody)
    session.flush()
    session.add(Guardianship(guardian_id=school.zakhar.id, pupil_id=nobody.id, from_on=MON))
    session.commit()
    page = as_(school.zakhar).get(f"/parent/children/{nobody.id}/diary")
    assert page.h1.text == "Новиков Лев" and page.select_one(".empty")
