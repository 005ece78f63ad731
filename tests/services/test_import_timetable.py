"""Load, subgroups, timetable, calendar and bells of a file against the school of tests/world.py."""

from datetime import date, time

import pytest
from sqlalchemy import select

from ejd.importing import services
from ejd.importing.preview import Decisions
from ejd.roster.models import Course, CourseMember, SubjectAlias, TeachingAssignment
from ejd.schedule.models import Lesson, Slot, TimetableVersion
from ejd.school.models import Bell, DayOff, Term
from tests.services.test_import_lists import answered, confirm, csv, load, prepare, section
from tests.world import TODAY

LOAD = "Класс;Предмет;Подгруппа;Часов в неделю;Учитель"
LOAD_7B = "7Б;Математика;;2;Андреева Анна Аркадьевна"
WEEK = "День;№ урока;7Б"


def rejected(preview):
    return [(one.place.row, one.place.column, one.wrong) for one in preview.rejections]


def test_a_class_that_is_not_there_is_told_once_with_its_rows(session, school):
    preview = prepare(session, csv(LOAD, "9Г;Физика;;2;", "9Г;Химия;;2;", LOAD_7B),
                      csv("Класс;Предмет;ФИО учащегося;Подгруппа", "9Г;Физика;Ким Ян;1", "9Г;Физика;Ли Ян;1"))
    assert [(row, wrong) for row, _, wrong in rejected(preview)] == [(2, "Класса 9Г в школе нет, строк: 2")] * 2


def test_while_a_list_of_pupils_is_not_understood_nothing_is_said_of_what_rests_on_it(session, school):
    preview = prepare(session, csv("Класс;ФИО;Когда", "1Я;Лев Ян;весной"), csv(LOAD, "1Я;Физика;;2;", LOAD_7B),
                      csv("День;№ урока;1Я", "пн;1;Физика"))
    assert [(bool(sheet.problem), sheet.waits) for sheet in preview.sheets] == [
        (True, False), (False, True), (False, True)]
    assert not preview.rejections and preview.nothing


def test_the_load_as_it_stands_changes_nothing(session, school):
    preview = prepare(session, csv(LOAD, LOAD_7B))
    assert section(preview, "Нагрузка").unchanged == 1 and preview.nothing


def test_a_class_written_once_holds_for_the_rows_below(session, school):
    preview = prepare(session, csv(LOAD, LOAD_7B, ";Физика;;2;", ";Химия;;1;"))
    assert [told.split(",")[0] for told in section(preview, "Нагрузка").new] == ["7Б", "7Б"]


def test_a_pupil_without_a_class_is_not_put_into_the_class_above(session, school):
    preview = prepare(session, csv("Класс;ФИО;Дата рождения", "7Б;Лев Ян;05.11.2012", ";Ли Ян;06.11.2012"))
    assert [wrong for _, _, wrong in rejected(preview)] == ["Не указан класс"]


def test_hours_and_teacher_may_have_changed(session, school):
    load(session, csv(LOAD, "7Б;математика;;2,5;Борисов Б.Б."))
    course = school.course("7Б", "Математика")
    teachers = {row.from_on: row.teacher_id for row in
                session.scalars(select(TeachingAssignment).filter_by(course_id=course.id))}
    assert course.half_hours == 5
    assert teachers[TODAY] == school.boris.id
    upcoming = session.scalars(select(Lesson).filter_by(course_id=course.id).where(Lesson.day > TODAY)).all()
    assert upcoming and {lesson.teacher_id for lesson in upcoming} == {school.boris.id}


def test_a_new_journal_a_vacancy_and_a_new_subject(session, school):
    load(session, csv(LOAD, LOAD_7B, "7Б;Астрономия;;0,5;Вакансия", "7Б;Англ. яз.;1;3;Ершова Е.Е."))
    astronomy, english = school.course("7Б", "Астрономия"), school.course("7Б", "Иностранный", 1)
    assert astronomy.half_hours == 1
    assert english.subject_id == school.course("7А", "Иностранный", 1).subject_id


def test_a_journal_whose_teacher_is_unknown_is_not_missing_from_the_file(session, school):
    preview = prepare(session, csv(LOAD, "7Б;Физика;;2;", "7Б;Математика;;2;Пушкин А.С."))
    assert len(preview.rejections) == 1 and not preview.left


@pytest.mark.parametrize(("row", "wrong"), [
    ("9Г;Физика;;2;", "Класса 9Г в школе нет"),
    ("7Б;Физика;;2;Пушкин А.С.", "Учителя «Пушкин А.С.» в школе нет"),
    ("7Б;Физика;;0,3;", "«0,3» часов в неделю не бывает"),
    ("7Б;Физика;третья;2;", "«третья» – не номер подгруппы"),
    ("7Б;;;2;", "Не указан предмет"),
    ("7Б;Математика;;2;", "7Б, Математика уже стоит в строке 2")])
def test_a_wrong_row_of_the_load_is_told(session, school, row, wrong):
    preview = prepare(session, csv(LOAD, LOAD_7B, row))
    assert [(place, told) for place, _, told in rejected(preview)] == [(3, wrong)]
    assert section(preview, "Нагрузка").unchanged == 1


def test_a_journal_missing_from_the_file_is_closed_only_when_confirmed(session, school):
    preview = prepare(session, csv(LOAD, "7Б;Физика;;2;"))
    [left] = preview.left
    assert left.text == "7Б, Математика"
    confirm(session, preview.decided(Decisions(left=frozenset({left.key}))))
    assert school.course("7Б", "Математика").retired_on == date(2026, 9, 18)


def test_who_gets_a_journal_teaches(session, school):
    load(session, csv(LOAD, LOAD_7B, "7Б;Физика;;2;Дмитриева Дина Денисовна"))  # the deputy head
    assert "teacher" in school.actor(school.dina).positions


def test_a_pupil_is_put_into_another_subgroup(session, school):
    load(session, csv("Класс;Предмет;ФИО учащегося;Подгруппа", "7А;Англ. яз.;Волков Виктор Павлович;1"))
    courses = session.execute(
        select(Course.subgroup, CourseMember.to_on).join(CourseMember, CourseMember.course_id == Course.id)
        .where(CourseMember.pupil_id == school.vitya.id).order_by(Course.subgroup)).all()
    assert [tuple(row) for row in courses] == [(1, None), (2, date(2026, 9, 16))]


def test_a_wrong_row_of_the_subgroups_is_told(session, school):
    preview = prepare(session, csv("Класс;Предмет;ФИО учащегося;Подгруппа", "7А;Математика;Волков Виктор Павлович;1",
                                   "7А;Англ. яз.;Пушкин Александр;1", "7А;Англ. яз.;Ким Софья;2",
                                   "7А;Англ. яз.;Ким Софья;1"))
    assert [wrong for _, _, wrong in rejected(preview)] == [
        "В нагрузке 7А нет подгруппы 1 по предмету «Математика»", "В 7А учеников «Пушкин Александр» нет",
        "Ким Софья уже стоит в подгруппе 2"]


def test_a_timetable_of_one_class_leaves_the_others_alone(session, school):
    load(session, csv(WEEK, "Понедельник;3;Матем. (Андреева А.А.)", ";4;", "пт;2;Математика"), left={"lessons-7Б"})
    version = session.scalars(select(TimetableVersion).order_by(TimetableVersion.id.desc())).first()
    mathematics, russian = school.course("7Б", "Математика"), school.course("7А", "Русский")
    places = set(session.execute(select(Lesson.day, Lesson.number).where(
        Lesson.course_id == mathematics.id, Lesson.day > TODAY, Lesson.day < date(2026, 9, 26))).all())
    assert version.valid_from == TODAY
    assert {tuple(place) for place in places} == {
        (date(2026, 9, 18), 2), (date(2026, 9, 21), 3), (date(2026, 9, 25), 2)}
    assert session.scalars(select(Lesson.id).where(Lesson.course_id == russian.id, Lesson.day > TODAY)).first()


def test_the_timetable_in_force_again_changes_nothing(session, school):
    given = csv(WEEK, "Понедельник;3;Математика (Андреева А.А.)", "Среда;2;Математика")
    preview = prepare(session, given)
    assert section(preview, "Расписание").unchanged == 2
    assert preview.nothing


def test_a_day_may_stand_in_a_row_of_its_own(session, school):
    preview = prepare(session, csv("№ урока;7Б", "Понедельник;", "3;Математика", "Среда;", "2;Математика"))
    assert section(preview, "Расписание").unchanged == 2 and preview.nothing


@pytest.mark.parametrize(("cell", "wrong"), [
    ("Черчение (Андреева А.А.)", None),  # asked, see below
    ("Математика (Пушкин А.С.)", "Учителя «Пушкин А.С.» в школе нет")])
def test_a_wrong_cell_is_told_by_its_address(session, school, cell, wrong):
    preview = prepare(session, csv(WEEK, "Понедельник;3;Математика", f"Среда;2;{cell}"))
    preview = services.accepting(preview)
    assert rejected(preview) == [(3, "C3", wrong or "По нагрузке 7Б не ясно, какой это предмет: «Черчение»")]
    assert section(preview, "Расписание").unchanged == 1


def test_where_a_cell_cannot_be_read_the_lesson_that_stands_there_stays(session, school):
    preview = prepare(session, csv(WEEK, "Понедельник;3;Математика", "Среда;2;Математика (Пушкин А.С.)"))
    assert len(preview.rejections) == 1 and preview.nothing and not preview.left
    assert not preview.findings.notes  # two hours all the same


def test_where_a_cell_clashes_the_lesson_that_stands_there_stays(session, school):
    load(session, csv(LOAD, LOAD_7B, "7Б;Физика;;1;Борисов Б.Б."))
    preview = prepare(session, csv("День;№ урока;7А;7Б", "Понедельник;3;Математика;Математика"))  # Анна has both
    assert [cell for _, cell, _ in rejected(preview)] == ["C2"]  # what stands comes before what is new


def test_a_cell_refused_for_a_clash_leaves_the_lesson_that_stands_there(session, school):
    load(session, csv(LOAD, "7Б;Физика;;1;Борисов Б.Б."))
    preview = prepare(session, csv("День;№ урока;7А;7Б", "Среда;1;Русский язык;", "Понедельник;3;;Математика",
                                   "Среда;2;Русский язык;Физика"))  # Борис has both
    [(_, cell, _)] = rejected(preview)
    assert cell == "D4"
    ticked = preview.decided(Decisions(left=frozenset(left.key for left in preview.left)))
    in_7b = {slot[:2] for slot in ticked.plan.timetable.slots if slot[2][0] == (7, "Б")}
    assert in_7b == {(1, 3), (3, 2)}  # mathematics in both places as before


def test_another_lesson_in_its_place_is_told_with_what_was_there(session, school):
    load(session, csv(LOAD, LOAD_7B, "7Б;Физика;;1;Борисов Б.Б."))
    preview = prepare(session, csv(WEEK, "Понедельник;3;Физика", "Среда;2;Математика"))
    assert section(preview, "Расписание").changed == ["понедельник, урок 3: 7Б, Физика, было – Математика"]
    assert not preview.left


def test_a_lesson_that_the_file_lacks_goes_only_when_confirmed(session, school):
    given = csv(WEEK, "Понедельник;3;Математика")
    preview = prepare(session, given)
    assert [left.text for left in preview.left] == ["7Б: среда, урок 2 – Математика"]
    assert preview.nothing
    ticked = preview.decided(Decisions(left=frozenset({"lessons-7Б"})))
    assert not ticked.nothing
    confirm(session, ticked)
    assert not prepare(session, given).left and prepare(session, given).nothing


def test_a_subgroup_that_the_file_lacks_goes_only_when_confirmed(session, school):
    given = csv("День;№ урока;7А", "Вторник;1;Англ. яз. (Ершова Е.Е./Борисов Б.Б.)")
    load(session, given)
    preview = prepare(session, csv("День;№ урока;7А", "Вторник;1;Англ. яз. (Ершова Е.Е.)"))
    assert any("урок 1 – Иностранный язык (английский), подгруппа\u00a02" in left.text for left in preview.left)


def test_a_cell_that_wants_the_teacher_of_a_missing_lesson_says_what_to_tick(session, school):
    preview = prepare(session, csv("День;№ урока;7А;7Б", "Среда;2;Математика;"))  # Анна is in 7Б then
    [one] = preview.rejections
    assert "отметьте 7Б" in one.right
    assert not preview.decided(Decisions(left=frozenset({"lessons-7Б"}))).rejections


@pytest.mark.parametrize(("teacher", "note"), [
    ("Борисов Б.Б.", "ячейка C2: 7Б, Математика – в расписании Борисов Б.Б., в нагрузке Андреева Анна Аркадьевна. "
     "Урок поставлен тому, кто в нагрузке; если это не так, исправьте нагрузку"), ("Андреева А.А.", None)])
def test_another_teacher_than_in_the_load_is_told_and_the_lesson_is_placed(session, school, teacher, note):
    preview = prepare(session, csv(WEEK, f"Понедельник;3;Математика ({teacher})", "Среда;2;Математика"))
    assert section(preview, "Расписание").unchanged == 2 and not preview.rejections
    assert preview.findings.notes == ([note] if note else [])


def test_a_vacancy_takes_any_teacher(session, school):
    preview = prepare(session, csv(LOAD, LOAD_7B, "7Б;Физика;;1;"), csv(WEEK, "пт;3;Физика (Борисов Б.Б.)"))
    assert section(preview, "Расписание").new == ["пятница, урок 3: 7Б, Физика"]
    assert not preview.rejections and not [note for note in preview.findings.notes if "Физика" in note]


@pytest.mark.parametrize(("teachers", "subgroups"), [
    ("Ершова Е.Е./Андреева А.А.", [1, 2]), ("Дмитриева Д.Д./Андреева А.А.", [1, 2]), ("Андреева А.А.", None)])
def test_another_teacher_is_refused_only_where_the_subgroup_is_not_clear(session, school, teachers, subgroups):
    preview = prepare(session, csv(LOAD, *(f"7А;Англ. яз.;{number};3;{name}" for number, name in
                                           ((1, "Ершова Е.Е."), (2, "Борисов Б.Б.")))),
                      csv("День;№ урока;7А", f"Пятница;7;Англ. яз. ({teachers})"))
    new = section(preview, "Расписание").new
    assert [f"подгруппа\u00a0{number}" in told for number, told in zip(subgroups or (), new, strict=True)] == [
        True] * len(subgroups or ())
    assert ("не ясно, какой подгруппы" in " ".join(wrong for _, _, wrong in rejected(preview))) is (subgroups is None)


def test_a_column_of_lessons_whose_header_is_no_class_is_told_at_its_header(session, school):
    preview = prepare(session, csv("Расписание;;;", "День;№ урока;7Б;15Ю;Примечание", "Понедельник;3;Математика;"
                                   "Математика;дежурство", "Среда;2;Математика;Физика (Борисов Б.Б.);"))
    assert rejected(preview) == [(2, "D2", "Столбец «15Ю» – не класс, его уроки не загрузятся: 2")]


def test_saturday_lessons_of_a_five_day_class_say_what_to_do(session, school):
    preview = prepare(session, csv(WEEK, "Понедельник;3;Математика", "Среда;2;Математика", "сб;2;Математика"))
    [note] = [note for note in preview.findings.notes if "суббот" in note]
    assert "7Б" in note and "«Недели классов»" in note and "6 дней" in note


def test_an_unknown_spelling_is_asked_once_and_remembered(session, school):
    given = csv(WEEK, "Понедельник;3;Царица наук", "Среда;2;Царица наук")
    preview = prepare(session, given)
    assert "C2, C3" in preview.questions[0].title
    confirm(session, answered(preview, preview.questions[0].options[0][0]))
    assert session.scalars(select(SubjectAlias)).one().subject_id == school.course("7Б", "Математика").subject_id
    assert not prepare(session, given).questions


@pytest.mark.parametrize("number", ["8", "15", "первый"])
def test_a_number_without_a_bell_is_told(session, school, number):
    assert len(prepare(session, csv(WEEK, "Понедельник;3;Математика", f"Среда;{number};Математика")).rejections) == 1


def test_a_teacher_in_two_places_at_once_is_told_with_both_cells(session, school):
    preview = prepare(session, csv("День;№ урока;7А;7Б", "Понедельник;1;Математика (Андреева А.А.);Математика"))
    [(row, cell, wrong)] = rejected(preview)
    assert (row, cell) == (2, "D2")
    assert wrong.startswith("Учитель нужен в двух местах сразу: понедельник, урок 1") and "(C2)" in wrong


def test_a_teacher_whom_another_class_has_already_is_told(session, school):
    preview = prepare(session, csv(WEEK, "Понедельник;1;Математика"))  # Анна is in 7А then
    [(row, cell, wrong)] = rejected(preview)
    assert (row, cell) == (2, "C2")
    assert "7А, Математика (в расписании школы)" in wrong


def test_lessons_of_a_group_of_several_classes_stay_in_the_timetable(session, school):
    version = session.scalars(select(TimetableVersion)).one()
    chess = Course(year_id=version.year_id, subject_id=school.course("7Б", "Математика").subject_id, name="Шахматы")
    session.add(chess)
    session.flush()
    session.add(Slot(version_id=version.id, weekday=4, number=7, course_id=chess.id))
    session.flush()
    load(session, csv(WEEK, "Понедельник;3;Математика", "пт;2;Математика"))
    newest = session.scalars(select(TimetableVersion.id).order_by(TimetableVersion.id.desc())).first()
    assert session.scalars(select(Slot.course_id).filter_by(version_id=newest, weekday=4, number=7)).all() == [chess.id]


def test_a_class_in_two_places_at_once_is_told(session, school):
    preview = prepare(session, csv("День;№ урока;7А", "Понедельник;1;Математика / Рус. яз."))
    assert [wrong.split(":")[0] for _, _, wrong in rejected(preview)] == ["Класс нужен в двух местах сразу"]


def test_two_teachers_in_a_cell_are_the_subgroups_of_the_load(session, school):
    preview = prepare(session, csv("День;№ урока;7А", "Вторник;1;Англ. яз. (Ершова Е.Е./Борисов Б.Б.)",
                                   "Пятница;1;Англ. яз. (Борисов Б. Б.)"))
    assert not preview.rejections
    preview = preview.decided(Decisions(left=frozenset({"lessons-7А"})))
    english = [slot for slot in preview.plan.timetable.slots if slot[2][0] == (7, "А")]
    assert sorted((slot[0], slot[2][2]) for slot in english) == [(2, 1), (2, 2), (5, 2)]


def test_hours_that_differ_from_the_load_are_told_and_nothing_is_lost(session, school):
    preview = prepare(session, csv(WEEK, "Понедельник;3;Математика"))
    preview = preview.decided(Decisions(left=frozenset({"lessons-7Б"})))
    assert preview.findings.notes == ["7Б, Математика: в расписании 1 ч в неделю (ячейки C2), в нагрузке 2 ч"]
    assert not preview.rejections


def test_an_unknown_class_and_a_missing_day_are_told(session, school):
    preview = prepare(session, csv("День;№ урока;7Б;9Г", ";3;Математика;", "Среда;2;Математика;Физика"))
    assert rejected(preview) == [(1, "D1", "Класса 9Г в школе нет"), (2, "День", "Не указан день недели")]


def test_moved_holidays_move_the_lessons(session, school):
    course = school.course("7А", "Математика")
    load(session, csv("Что;С;По", "Осенние каникулы;21.09.2026;27.09.2026"))
    days = session.scalars(select(Lesson.day).where(Lesson.course_id == course.id, Lesson.day > TODAY)).all()
    assert days and not any(date(2026, 9, 21) <= day <= date(2026, 9, 27) for day in days)
    assert session.scalars(select(DayOff)).one().starts_on == date(2026, 9, 21)


def test_a_day_off_that_has_begun_is_never_taken_away(session, school):
    session.scalars(select(DayOff)).one().starts_on = date(2026, 9, 10)
    session.flush()
    preview = prepare(session, csv("Что;С;По", "День города;30.10.2026;30.10.2026"))
    assert section(preview, "Календарь").changed == []


@pytest.mark.parametrize("row", ["Осенние каникулы;31.10.2026;26.10.2026", "Осенние каникулы;24.10.2026;32.10.2026",
                                 "Осенние каникулы;24.10.2026;01.11.2030"])
def test_a_row_of_the_calendar_with_a_fault_takes_no_holidays_away(session, school, row):
    preview = prepare(session, csv("Что;С;По", "День города;30.11.2026;30.11.2026", row))
    assert len(preview.rejections) == 1
    confirm(session, preview)
    assert {day.name for day in session.scalars(select(DayOff))} == {"Осенние каникулы", "День города"}


def test_two_holidays_of_one_name_are_told_apart(session, school):
    given = csv("Что;С;По", "Осенние каникулы;05.10.2026;09.10.2026", "Осенние каникулы;24.10.2026;01.11.2026")
    assert section(prepare(session, given), "Календарь").new == ["Осенние каникулы: 05.10.2026 – 09.10.2026"]
    load(session, given)
    assert prepare(session, given).nothing


def test_a_term_that_cannot_be_is_told_and_the_calendar_stays(session, school):
    preview = prepare(session, csv("Что;С;По", "I полугодие;01.09.2026;30.12.2026",
                                   "II полугодие;20.12.2026;26.05.2027"))
    assert len(preview.rejections) == 1 and not preview.plan.year.terms


@pytest.mark.parametrize(("rows", "wrong"), [
    (["I четверть;01.09.2026;23.10.2026", "II четверть;02.11.2026;30.12.2026"],
     "В календаре не все периоды: I четверть, II четверть"),
    (["1 полугодие;01.09.2062;30.12.2062", "2 полугодие;11.01.2063;26.05.2063"],
     "Это календарь 2062/2063 учебного года: проверьте год в датах")])
def test_a_calendar_that_would_move_the_year_by_mistake_is_told(session, school, rows, wrong):
    preview = prepare(session, csv("Что;С;По", *rows))
    assert [told for _, _, told in rejected(preview)] == [wrong]
    assert preview.nothing


def test_terms_of_the_file_take_the_place_of_the_schools(session, school):
    load(session, csv("Период;Начало;Конец", "I четверть;01.09.2026;24.10.2026", "II четверть;02.11.2026;30.12.2026",
                      "III четверть;11.01.2027;26.03.2027", "IV четверть;05.04.2027;28.05.2027"))
    assert session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one().ends_on == date(2026, 10, 24)


def test_a_bell_that_cannot_be_read_is_not_taken_away(session, school):
    preview = prepare(session, csv("№ урока;Начало;Конец", "1;8:30;9:10", "2;25:00;10:00", "3;10:20;11:00"))
    assert len(preview.rejections) == 1 and preview.nothing


def test_changed_bells_are_told_with_what_they_were(session, school):
    given = csv("№ урока;Начало;Конец", *(f"{bell.number};{bell.starts_at:%H:%M};{bell.ends_at:%H:%M}" for bell in
                session.scalars(select(Bell).where(Bell.number < 7).order_by(Bell.number))), "7;14:00;14:40")
    preview = prepare(session, given)
    assert section(preview, "Звонки").changed == ["Урок 7: 14:00–14:40, было 13:55–14:35"]
    confirm(session, preview)
    assert session.scalars(select(Bell).filter_by(number=7)).one().starts_at == time(14, 0)
