"""Pupils between classes and schools: marks brought along count (R1, R12), what is taken along is all of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.compliance import scope as scopes
from ejd.compliance.scope import Scope
from ejd.journal.models import DailySum, Mark
from ejd.journal.queries import journal_page
from ejd.office import extract, transfer
from ejd.office.transfer import BroughtMarks, BroughtResult
from ejd.refusal import Refused, Stale
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.roster import classes, people
from ejd.roster.models import Enrolment
from ejd.school.models import Term
from tests.journal import Hand
from tests.world import FIRST_DAY, NOW, TODAY

CAME = date(2026, 9, 14)


@pytest.fixture
def newcomer(school, session):
    """Новиков Никита comes into 7А on Monday from another school."""
    pupil = people.add_person(session, actor_id=None, last_name="Новиков", first_name="Никита", patronymic="",
                              birth_date=date(2013, 5, 5), now=NOW)
    classes.enrol(session, actor_id=None, pupil_id=pupil.id, class_id=school.school_class("7А").id, from_on=CAME,
                  came_from="Школа № 5", now=NOW)
    return pupil


def bring(school, pupil, *values, key="paper", subject="Математика", on=CAME, now=NOW) -> int:
    return transfer.take_in_marks(
        school.session, actor_id=school.dina.id, pupil_id=pupil.id, received_on=on, key=key, now=now,
        brought=[BroughtMarks(school.course("7А", subject).id, values)], settings=Hand(school, school.dina).settings)


def result(school, pupil, value, *, version=0, number=1, subject="Математика") -> int:
    term = school.session.scalars(select(Term).filter_by(scheme="quarters", number=number)).one()
    return transfer.take_in_results(
        school.session, actor_id=school.dina.id, pupil_id=pupil.id, class_id=school.school_class("7А").id,
        year_id=term.year_id, now=NOW,
        results=[BroughtResult(school.course("7А", subject).subject_id, term.id, value, version)])


def test_where_a_pupil_came_from_is_kept(school, session, newcomer):
    assert session.scalar(select(Enrolment.came_from).filter_by(pupil_id=newcomer.id)) == "Школа № 5"


def test_marks_brought_stand_at_the_first_lesson_and_count(school, session, newcomer):
    assert bring(school, newcomer, "5", "4", "4") == 3
    maths = school.course("7А", "Математика")
    marks = session.scalars(select(Mark).filter_by(pupil_id=newcomer.id).order_by(Mark.id)).all()
    assert {mark.lesson_id for mark in marks} == {school.lesson(maths, CAME).id}
    assert {mark.kind_id for mark in marks} == {school.kind("transfer").id}
    page = journal_page(session, course_id=maths.id, term_id=None, settings=Hand(school, school.anna).settings,
                        today=TODAY, now=NOW)
    assert "4,33" in page.rows.split("Новиков")[1].split("<tr")[0]


def test_the_same_paper_twice_is_one(school, session, newcomer):
    bring(school, newcomer, "5", "4")
    bring(school, newcomer, "5", "4")
    assert session.scalar(select(func.count()).select_from(Mark).filter_by(pupil_id=newcomer.id)) == 2


def test_they_never_enter_the_figures_of_timeliness(school, session, newcomer):
    """R1: marks brought from another school are not late, however old."""
    bring(school, newcomer, "5", on=FIRST_DAY, now=clock.at(TODAY + timedelta(days=30), 12))
    counted = select(func.coalesce(func.sum(DailySum.marks), 0)).where(scopes.of_sums(Scope(FIRST_DAY, date.max)))
    assert session.scalar(counted) == 0
    assert session.scalar(select(func.count()).select_from(Mark)) == 1


def test_a_mark_that_the_subject_does_not_know_is_told_at_its_subject(school, session, newcomer):
    with pytest.raises(Refused, match="Такой отметки нет") as refused:
        bring(school, newcomer, "5", "7")
    assert refused.value.field == f"marks-{school.course('7А', 'Математика').id}"


def test_before_the_first_lesson_there_is_no_place_for_them(school, newcomer):
    with pytest.raises(Refused, match="внесите после него"):
        bring(school, newcomer, "5", now=clock.at(CAME, 7, 0))


def test_results_of_earlier_terms_are_kept_without_a_journal(school, session, newcomer):
    assert result(school, newcomer, "4") == 1
    row = session.scalars(select(TermMark)).one()
    assert (row.value, row.course_id, row.due_on, row.reason) == ("4", None, None, "из справки")
    assert result(school, newcomer, "4", version=1) == 0


def test_a_correction_of_a_result_brought_leaves_a_trace(school, session, newcomer):
    result(school, newcomer, "4")
    assert result(school, newcomer, "5", version=1) == 1
    change = session.scalars(select(TermMarkCorrection)).one()
    assert (change.before, change.after) == ("4", "5")
    with pytest.raises(Stale):
        result(school, newcomer, "3", version=1)


def test_a_result_that_a_teacher_set_stays(school, session, newcomer):
    result(school, newcomer, "4")
    session.scalars(select(TermMark)).one().course_id = school.course("7А", "Математика").id
    session.flush()
    with pytest.raises(Refused, match="выставил учитель"):
        result(school, newcomer, "5", version=1)


@pytest.mark.parametrize("value", ["6", "отл", "н", "•", "5" * 30])
def test_what_is_no_result_is_refused(school, newcomer, value):
    with pytest.raises(Refused, match="не итоговая отметка"):
        result(school, newcomer, value)


def test_the_extract_has_marks_of_both_classes_debts_and_absences(school, session):
    anna = Hand(school, school.anna)
    maths, other = school.course("7А", "Математика"), school.course("7Б", "Математика")
    anna.puts(school.lesson(maths, date(2026, 9, 8)), school.vitya, "5")
    anna.notes(school.lesson(maths, date(2026, 9, 10)), school.vitya, "б")
    classes.move_pupil(session, actor_id=None, pupil_id=school.vitya.id, class_id=other.class_id, on=CAME, now=NOW)
    anna.puts(school.lesson(other, CAME), school.vitya, "4")
    result(school, school.vitya, "4")
    work = anna.declares(school.lesson(other, date(2026, 9, 16)))
    anna.notes(school.lesson(other, date(2026, 9, 16)), school.vitya, "н")
    anna.takes_attendance(school.lesson(other, date(2026, 9, 16)))
    stay = extract.stay_of(session, pupil_id=school.vitya.id, today=TODAY)
    found = extract.extract_of(session, pupil_id=school.vitya.id, name="Волков Виктор", stay=stay,
                               settings=anna.settings)
    [line] = found.lines
    assert found.class_name == "7Б" and work.id
    assert line.in_words[:4] == ("Математика", "5\u00a0(08.09,\u00a0отв), 4\u00a0(14.09,\u00a0отв)", "4,50",
                                 "I\u00a0четверть\u00a0–\u00a04")
    assert line.owed == ["Контрольная работа"]
    assert found.missed.all_lessons == 2 and "уваж. 1" in found.absence


def test_the_extract_of_who_left_is_of_the_last_day(school, session):
    classes.pupil_leaves(session, actor_id=None, pupil_id=school.vitya.id, last_day=CAME, reason="переезд", now=NOW)
    assert extract.stay_of(session, pupil_id=school.vitya.id, today=TODAY).on == CAME


def test_the_extract_takes_few_statements(school, session, at_most):
    settings, pupil_id = Hand(school, school.anna).settings, school.vitya.id
    stay = extract.stay_of(session, pupil_id=pupil_id, today=TODAY)
    with at_most(5):
        extract.extract_of(session, pupil_id=pupil_id, name="Витя", stay=stay, settings=settings)
