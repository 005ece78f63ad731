"""A changed list against the school of tests/world.py: people are updated, not doubled; nobody leaves unasked."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ejd.access import Position
from ejd.audit.models import AuditRecord
from ejd.importing import services
from ejd.importing.comparing_adults import positions_of
from ejd.importing.planning import Correction
from ejd.importing.reading import Upload
from ejd.importing.recognising import Kind, Meaning
from ejd.importing.services import Decisions
from ejd.refusal import Refused, Stale
from ejd.roster.classes import found_class
from ejd.roster.models import Employment, Enrolment, Guardianship, Person
from tests.world import NOW, TODAY

ONE_DAY = timedelta(days=1)
PUPILS = "Класс;ФИО;Дата рождения;Мать;Отец"
CLASS_7B = ("7Б;Ершов Егор Андреевич;01.03.2013;Ершова Ева Егоровна;", "7Б;Зимина Зоя Захаровна;02.03.2013;;",
            "7Б;Петров Пётр Петрович;03.03.2013;;")


def csv(*lines, name="list.csv"):
    return Upload(name, "\n".join(lines).encode())


def prepare(session, *files, decisions=None, corrections=None):
    return services.prepare(session, files=list(files), today=TODAY, now=NOW, decisions=decisions,
                            corrections=corrections)


def confirm(session, preview):
    with session.begin_nested():
        return services.confirm(session, actor_id=None, preview=preview, decisions=preview.decisions, now=NOW)


def load(session, *files, left=()):
    """Bring files in as somebody would who accepts what is proposed, and says who left."""
    return confirm(session, services.accepting(prepare(session, *files, decisions=Decisions(left=frozenset(left)))))


def section(preview, title):
    return next(one for one in preview.findings.sections if one.title == title)


def answered(preview, value, **more):
    """The same preview with this answer to every question."""
    return preview.decided(Decisions(answers={question.key: value for question in preview.questions},
                                     accepted=preview.decisions.accepted, **more))


def class_of(session, person):
    return session.scalars(select(Enrolment).filter_by(pupil_id=person.id, to_on=None)).one().class_id


def test_a_new_pupil_comes_with_guardian_and_class_from_today(session, school):
    load(session, csv(PUPILS, *CLASS_7B, "7-Б;Ёжиков Ян Львович;05.04.2013;Ежикова Яна Ильинична;"))
    pupil, mother = school.person("Ёжиков", "Ян"), school.person("Ежикова", "Яна")
    enrolment = session.scalars(select(Enrolment).filter_by(pupil_id=pupil.id)).one()
    guardianship = session.scalars(select(Guardianship).filter_by(pupil_id=pupil.id)).one()
    assert (enrolment.class_id, enrolment.from_on) == (school.school_class("7Б").id, TODAY)
    assert (guardianship.guardian_id, guardianship.relation) == (mother.id, "мать")


@pytest.mark.parametrize("row", [
    "7Б;ПЕТРОВ ПЕТР ПЕТРОВИЧ;03.03.2013;;", "7 «б»;Петров  Пётр   Петрович;2013-03-03;;",
    "7-Б класс;Пeтpов Пётр Петрович;3 марта 2013 г.;;"])  # Latin e and p in the surname
def test_case_yo_spaces_and_look_alikes_do_not_count(session, school, row):
    preview = prepare(session, csv(PUPILS, *CLASS_7B[:2], row))
    assert section(preview, "Ученики").unchanged == 3
    assert preview.nothing and not preview.left


def test_a_latin_letter_in_the_class_name_is_the_same_class(session, school):
    preview = prepare(session, csv(PUPILS, "7A;Ким Софья;06.03.2013;;"))  # a Latin A
    assert (section(preview, "Ученики").unchanged, preview.plan.classes) == (1, {})


def test_a_pupil_in_another_class_has_moved(session, school):
    preview = services.accepting(prepare(session, csv(PUPILS, *CLASS_7B, "7Б;Ким Софья;06.03.2013;;")))
    assert section(preview, "Ученики").changed == ["Ким Софья, 7Б: переведён из 7А в 7Б"]
    confirm(session, preview)
    assert class_of(session, school.person("Ким", "Софья")) == school.school_class("7Б").id


def test_who_is_missing_is_left_only_in_the_files_classes_and_only_when_confirmed(session, school):
    preview = prepare(session, csv(PUPILS, *CLASS_7B[:2]))
    assert [left.text for left in preview.left] == ["Петров Пётр Петрович, 7Б"]
    confirm(session, services.accepting(prepare(session, csv(PUPILS, *CLASS_7B[:2]))))
    petrov = school.person("Петров", "Пётр")
    assert class_of(session, petrov) == school.school_class("7Б").id
    confirm(session, preview.decided(Decisions(left=frozenset({preview.left[0].key}))))
    assert session.scalars(select(Enrolment).filter_by(pupil_id=petrov.id)).one().to_on == TODAY - ONE_DAY
    assert not prepare(session, csv(PUPILS, *CLASS_7B[:2])).left


def test_who_left_by_mistake_comes_back_with_the_older_file(session, school):
    load(session, csv(PUPILS, *CLASS_7B[:2]), left={f"pupil-{school.person('Петров', 'Пётр').id}"})
    preview = prepare(session, csv(PUPILS, *CLASS_7B))
    assert section(preview, "Ученики").changed == ["Петров Пётр Петрович, 7Б: выбыл 16.09.2026, будет зачислен в 7Б"]
    confirm(session, preview)
    assert class_of(session, school.person("Петров", "Пётр")) == school.school_class("7Б").id


def test_who_came_and_left_on_one_day_left_on_that_day(session, school):
    load(session, csv(PUPILS, *CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;;"))
    lev = school.person("Лев", "Ян")
    load(session, csv(PUPILS, *CLASS_7B), left={f"pupil-{lev.id}"})
    assert session.scalars(select(Enrolment).filter_by(pupil_id=lev.id)).one().to_on == TODAY
    given = csv(PUPILS, *CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;;")
    assert not prepare(session, csv(PUPILS, *CLASS_7B)).left
    preview = prepare(session, given)
    assert preview.nothing and "выбывает 17.09.2026" in preview.findings.notes[0]
    later = prepare(session, given, decisions=Decisions(since=TODAY + ONE_DAY))
    confirm(session, later)
    assert class_of(session, lev) == school.school_class("7Б").id


def test_the_same_name_with_another_birth_date_is_another_pupil(session, school):
    preview = prepare(session, csv(PUPILS, *CLASS_7B, "7Б;Петров Пётр Петрович;17.11.2012;;"))
    assert not preview.questions
    assert section(preview, "Ученики").new == ["Петров Пётр Петрович, 7Б, 17.11.2012"]


@pytest.mark.parametrize("row", [
    "7Б;Петров Пётр Петрович;03.03.2012;;", "7Б;Петров Пётр Петрович;30.03.2013;;",
    "7Б;Петров Пётр Петровичч;03.03.2013;;", "7Б;Сидоров Пётр Петрович;03.03.2013;;"])
def test_a_slip_of_the_keyboard_and_a_new_surname_are_asked(session, school, row):
    preview = prepare(session, csv(PUPILS, *CLASS_7B[:2], row))
    assert len(preview.questions) == 1 and "Это один ученик?" in preview.questions[0].title
    same, other = answered(preview, "same"), answered(preview, "other")
    assert (len(section(same, "Ученики").changed), len(section(same, "Ученики").new), len(same.left)) == (1, 0, 0)
    assert (len(section(other, "Ученики").changed), len(section(other, "Ученики").new), len(other.left)) == (0, 1, 1)


def test_the_answer_puts_the_birth_date_right_without_a_second_pupil(session, school):
    preview = answered(prepare(session, csv(PUPILS, *CLASS_7B[:2], "7Б;Петров Пётр Петрович;30.03.2013;;")), "same")
    confirm(session, preview)
    assert school.person("Петров", "Пётр").birth_date == date(2013, 3, 30)


def test_a_patronymic_that_was_missing_is_added(session, school):
    load(session, csv(PUPILS, "7А;Ким Софья Олеговна;06.03.2013;;"))
    assert school.person("Ким", "Софья").patronymic == "Олеговна"


def test_a_missing_patronymic_takes_none_away(session, school):
    preview = prepare(session, csv(PUPILS, *CLASS_7B[:2], "7Б;Петров Пётр;03.03.2013;;"))
    assert preview.nothing


def test_a_brother_with_the_same_mother_is_proposed(session, school):
    given = csv(PUPILS, "7Б;Волков Олег Павлович;05.11.2011;Волкова Вера Викторовна;")
    preview = services.proposed(prepare(session, given))
    assert len(preview.proposals) == 1
    confirm(session, preview)
    oleg = school.person("Волков", "Олег")
    assert session.scalars(select(Guardianship.guardian_id).filter_by(pupil_id=oleg.id)).one() == school.vera.id


def test_who_was_not_confirmed_is_another_person(session, school):
    given = csv(PUPILS, "7Б;Волков Олег Павлович;05.11.2011;Волкова Вера Викторовна;")
    vera = school.vera.id
    confirm(session, prepare(session, given))  # the proposal is not ticked
    oleg = school.person("Волков", "Олег")
    assert session.scalars(select(Guardianship.guardian_id).filter_by(pupil_id=oleg.id)).one() != vera


def test_another_father_is_asked_and_never_joined_unasked(session, school):
    given = csv(PUPILS, "7Б;Волков Олег Ильич;05.11.2011;Волкова Вера Викторовна;Волков Илья Ильич")
    preview = services.proposed(prepare(session, given))
    assert len(preview.unanswered) == 1 and not preview.proposals
    with pytest.raises(Refused, match="Ответьте"):
        confirm(session, preview)
    assert "guardian" in str(preview.decided(Decisions()).plan.adults.guardians)


def test_a_question_about_guardians_tells_births_the_other_guardian_and_why_it_is_asked(session, school):
    given = csv(PUPILS, "7Б;Волков Олег Ильич;05.08.2013;Волкова Вера Викторовна;Волков Илья Ильич")
    [question] = prepare(session, given).questions
    assert "Волков Олег (7Б, 05.08.2013, второй представитель Волков Илья Ильич)" in question.title
    assert "Волков Виктор (7А, 04.03.2013)" in question.title
    assert ("Почему спрашиваем: между рождениями 5\u00a0месяцев, второй представитель указан не у всех."
            in question.title)


def test_a_changed_birth_date_asks_about_the_child_alone(session, school):
    given = csv(PUPILS, "7А;Волков Виктор Павлович;14.03.2013;Волкова Вера Викторовна;")
    assert [question.title[:3] for question in prepare(session, given).questions] == ["7А:"]


def test_another_relation_is_told_and_written(session, school):
    given = csv(PUPILS, "7А;Волков Виктор Павлович;04.03.2013;Волкова Вера Викторовна (опекун);")
    preview = prepare(session, given)
    assert section(preview, "Представители").changed == [
        "Волкова Вера Викторовна: Волков Виктор – опекун, было – мать"]
    confirm(session, preview)
    assert session.scalars(select(Guardianship.relation).filter_by(
        guardian_id=school.vera.id, pupil_id=school.vitya.id)).one() == "опекун"
    assert prepare(session, given).nothing


def test_guardians_are_counted_as_persons_and_their_children_beside(session, school):
    rows = ("7А;Волков Виктор Павлович;04.03.2013;Волкова Вера Викторовна;",
            "1А;Волкова Мария Павловна;01.03.2019;Волкова Вера Викторовна;")
    guardians = section(prepare(session, csv(PUPILS, *rows)), "Представители")
    assert (guardians.unchanged, guardians.detail) == (1, "связей с детьми: 2")


def test_a_teacher_of_the_same_name_is_asked(session, school):
    given = csv(PUPILS, "7Б;Громов Лев Львович;05.11.2012;Громова Галина Григорьевна;")
    preview = prepare(session, given)
    assert "сотрудник школы" in preview.questions[0].title
    people = session.scalar(select(func.count()).select_from(Person))
    confirm(session, answered(preview, "same"))
    assert session.scalar(select(func.count()).select_from(Person)) == people + 1  # Лев alone


def test_initials_at_the_same_child_are_the_same_guardian(session, school):
    preview = prepare(session, csv(PUPILS, "7А;Волков Виктор Павлович;04.03.2013;Волкова В. В.;"))
    assert section(preview, "Представители").unchanged == 1
    assert preview.nothing


def test_a_rejection_names_file_sheet_row_column_and_what_would_be_right(session, school):
    preview = prepare(session, csv(PUPILS, *CLASS_7B, "7Б;Лев Ян;31.02.2013;;", "99;Ли Ян;01.02.2013;;",
                                   "7Б;Петров Пётр Петрович;03.03.2013;;", name="пупилы.csv"))
    told = [(one.place.file, one.place.row, one.place.column, one.wrong) for one in preview.rejections]
    assert told == [("пупилы.csv", 5, "Дата рождения", "Дня «31.02.2013» нет в календаре"),
                    ("пупилы.csv", 6, "Класс", "«99» – не класс"),
                    ("пупилы.csv", 7, "", "Петров Пётр Петрович (03.03.2013) уже стоит в строке 4 файла «пупилы.csv»")]
    assert all(one.right for one in preview.rejections)


def test_a_guardian_that_cannot_be_read_does_not_lose_the_pupil(session, school):
    preview = prepare(session, csv(PUPILS, "7Б;Лев Ян Львович;05.11.2012;8 912 345;"))
    assert [one.place.column for one in preview.rejections] == ["Мать"]
    assert len(section(preview, "Ученики").new) == 1


def test_who_stands_in_the_file_with_a_fault_is_not_missing_from_it(session, school):
    preview = prepare(session, csv(PUPILS, *CLASS_7B[:2], "7Б;Петров Пётр Петрович;31.02.2013;;"))
    assert len(preview.rejections) == 1 and not preview.left


def test_a_file_without_a_single_row_opens_no_year(session, school):
    preview = services.prepare(session, files=[csv("Класс;ФИО;Дата рождения", "7Б;?;?")], today=date(2030, 9, 1),
                               now=NOW, year=2030)
    assert preview.nothing


def test_one_wrong_file_does_not_lose_the_others(session, school):
    preview = prepare(session, Upload("photo.png", b"\x89PNG"), csv(PUPILS, *CLASS_7B))
    assert [problem.file for problem in preview.problems] == ["photo.png"]
    assert section(preview, "Ученики").unchanged == 3


@pytest.mark.parametrize(("title", "positions"), [
    ("Учитель математики", [Position.TEACHER]), ("Директор", [Position.DIRECTOR]),
    ("Зам. директора по УВР", [Position.DEPUTY]), ("Заместитель директора по АХЧ", []),
    ("Заместитель директора, учитель истории", [Position.DEPUTY, Position.TEACHER]),
    ("Секретарь", [Position.OFFICE]), ("Системный администратор", [Position.IT]), ("Повар", []),
    ("", [Position.TEACHER])])
def test_a_job_title_gives_what_it_needs_at_the_journal(title, positions):
    assert positions_of(title) == positions


def test_a_new_teacher_is_employed_and_leads_the_class(session, school):
    load(session, csv("ФИО;Должность;Классное руководство", "Лисина Лидия Львовна;Учитель физики;7 «Б»"))
    lisina = school.person("Лисина", "Лидия")
    assert session.scalars(select(Employment.position).filter_by(person_id=lisina.id)).all() == ["teacher"]
    assert section(prepare(session, csv("ФИО;Должность;Классное руководство",
                                        "Лисина Лидия Львовна;Учитель физики;7Б")), "Сотрудники").unchanged == 1


STAFF = "ФИО;Должность"


def test_a_job_worded_otherwise_is_told_and_written(session, school):
    given = csv(STAFF, "Борисов Борис Борисович;Учитель русского языка")
    preview = prepare(session, given)
    assert section(preview, "Сотрудники").changed == [
        "Борисов Борис Борисович: должность – Учитель русского языка, была – не указана"]
    confirm(session, preview)
    assert session.scalars(select(Employment.job_title).filter_by(person_id=school.boris.id)).one() == (
        "Учитель русского языка")
    assert prepare(session, given).nothing


def test_two_jobs_of_one_person_do_not_take_turns(session, school):
    given = csv(STAFF, "Борисов Борис Борисович;Учитель музыки", "Борисов Борис Борисович;Учитель химии")
    load(session, given)
    assert prepare(session, given).nothing


def test_staff_missing_from_the_file_leave_only_when_confirmed(session, school):
    given = csv(STAFF, "Борисов Борис Борисович;", "Андреева Анна Аркадьевна;", "Орлова Ольга Олеговна;Секретарь",
                "Исаев Игорь Ильич;Системный администратор")
    preview = prepare(session, given)
    assert [left.text for left in preview.left] == ["Ершова Ева Егоровна, учитель"]  # who leads the school stays
    load(session, given, left={preview.left[0].key})
    assert session.scalars(select(Employment.to_on).filter_by(person_id=school.eva.id)).one() == TODAY - ONE_DAY
    assert not prepare(session, given).left
    [boris] = session.scalars(select(Employment).filter_by(person_id=school.boris.id))
    boris.to_on = TODAY + ONE_DAY  # the last day is known already
    session.flush()
    assert not [left for left in prepare(session, csv(STAFF, "Андреева Анна Аркадьевна;")).left
                if "Борисов" in left.text]


def test_who_has_lessons_in_the_load_of_the_files_has_not_left(session, school):
    given = csv("Класс;Предмет;Подгруппа;Часов в неделю;Учитель", "7А;Англ. яз.;1;3;Ершова Е.Е.")
    preview = prepare(session, csv(STAFF, "Борисов Борис Борисович;"), given)
    assert not [left for left in preview.left if "Ершова" in left.text]


def test_a_refusal_says_whom_it_is_about(session, school):
    preview = prepare(session, csv(PUPILS, *CLASS_7B, "7Б;Ким Софья;06.03.2013;;"),
                      decisions=Decisions(since=date(2026, 8, 20)))
    with pytest.raises(Refused, match="^Ким Софья: "):
        confirm(session, preview)


def test_two_class_teachers_of_one_class_are_told_and_do_not_take_turns(session, school):
    given = csv("ФИО;Должность;Классное руководство", "Борисов Борис Борисович;Учитель;7А", "Ершова Ева Егоровна;;7А")
    assert len(prepare(session, given).rejections) == 1
    load(session, given)
    assert prepare(session, given).nothing


def test_all_or_nothing(session, school):
    people = session.scalar(select(func.count()).select_from(Person))
    preview = prepare(session, csv(PUPILS, "7Б;Лев Ян Львович;05.11.2012;;"),
                      decisions=Decisions(since=date(2030, 1, 1)))
    with pytest.raises(Refused, match="2026/2027"):
        confirm(session, preview)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Person)) == people


def test_a_school_that_has_changed_since_the_preview_is_told(session, school):
    preview = prepare(session, csv(PUPILS, "7Б;Лев Ян Львович;05.11.2012;;"))
    found_class(session, actor_id=None, year_id=school.school_class("7А").year_id, grade=8, letter="А", now=NOW)
    with pytest.raises(Stale):
        confirm(session, preview)


def test_the_act_is_recorded_with_counts_and_nobodys_name(session, school):
    load(session, csv(PUPILS, *CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;;", "7Б;?;;;"))
    record = session.scalars(select(AuditRecord).filter_by(verb="import.confirmed")).one()
    assert record.data == '{"new":1,"changed":0,"left":0,"rejected":1}'


def test_a_correction_is_remembered_for_the_next_file(session, school):
    first = csv("Группа ребят;Кто;Когда", "7Б;Лев Ян Львович;05.11.2012")
    said = {0: Correction(Kind.PUPILS, {0: Meaning.CLASS, 1: Meaning.FULL_NAME, 2: Meaning.BIRTH_DATE})}
    assert prepare(session, first).sheets[0].problem
    confirm(session, prepare(session, first, corrections=said))
    again = prepare(session, csv("Группа ребят;Кто;Когда", "7Б;Ли Ева Львовна;07.11.2012"))
    assert again.sheets[0].recognised.remembered
    assert section(again, "Ученики").new == ["Ли Ева Львовна, 7Б, 07.11.2012"]


def test_the_preview_asks_a_bounded_number_of_statements(session, school, at_most):
    many = (f"7Б;Ли Ян Львович;{day:02}.11.2012;Ли Яна;" for day in range(1, 31))
    with at_most(24):
        prepare(session, csv(PUPILS, *CLASS_7B, *many))


def test_no_files_and_too_many_are_refused(session, school):
    for files in ([], [csv("x")] * 21):
        with pytest.raises(Refused):
            prepare(session, *files)


def test_a_new_class_comes_with_its_pupils(session, school):
    load(session, csv(PUPILS, "10А;Лев Ян Львович;05.11.2010;;"))
    found = school.school_class("10А")
    assert (found.term_scheme, found.days_per_week) == ("half_years", 5)

