"""What becomes of single lessons (R6): Ольга in the office cancels, restores, names who really teaches."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.journal import sums
from ejd.journal.models import Awaiting, Expectation, Homework, Mark, TermClosing, Work
from ejd.refusal import Refused
from ejd.schedule import queries, substitutions
from ejd.schedule.models import Lesson, LessonState
from ejd.schedule.scopes import lesson_taught_by
from ejd.school.models import Term
from tests.world import NOW, TODAY

MONDAY = date(2026, 9, 21)  # 7А: mathematics (lesson 1), Russian (2); 7Б: mathematics (3); 1А: mathematics (1)


def wall(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M}"


@pytest.fixture
def mathematics(school) -> Lesson:
    return school.lesson(school.course("7А", "Математика"), MONDAY)


@pytest.fixture
def russian(school) -> Lesson:
    return school.lesson(school.course("7А", "Русский"), MONDAY)


def cancel(school, *lessons, reason="Карантин"):
    return substitutions.cancel_lessons(school.session, actor_id=school.olga.id, lessons=lessons, reason=reason,
                                        now=NOW)


def put_mark(school, lesson, pupil, value="5"):
    school.session.add(Mark(
        lesson_id=lesson.id, pupil_id=pupil.id, kind_id=school.kind("oral").id, value=value, received_on=lesson.day,
        entered_on=lesson.day, entered_at=lesson.ends_at, entered_by_id=lesson.teacher_id,
        responsible_id=lesson.teacher_id, days_taken=0, key=f"k{lesson.id}", last_key=f"k{lesson.id}"))
    school.session.flush()


def declare(school, lesson, pupil, awaiting=Awaiting.TEACHER):
    work = Work(lesson_id=lesson.id, kind_id=school.kind("test").id, author_id=lesson.teacher_id,
                declared_at=lesson.ends_at)
    school.session.add(work)
    school.session.flush()
    school.session.add(Expectation(work_id=work.id, pupil_id=pupil.id, awaiting=awaiting.value,
                                   received_on=lesson.day, responsible_id=lesson.teacher_id))
    school.session.flush()
    return work


def test_a_cancelled_lesson_has_a_reason_and_no_deadline_of_homework(school, mathematics):
    substitutions.cancel_lessons(school.session, actor_id=school.olga.id, lessons=[mathematics], now=NOW,
                                 reason="  Актированный   день ")
    assert (mathematics.state, mathematics.state_reason) == (LessonState.CANCELLED.value, "Актированный день")
    assert mathematics.homework_due_at is None and mathematics.version == 2
    assert school.session.scalars(select(AuditRecord.subject_id).filter_by(verb="lesson.cancelled")).all() == [
        mathematics.id]


def test_when_the_last_lesson_of_a_class_falls_out_its_homework_is_due_earlier(school, mathematics, russian):
    """R5: an hour after the last lesson really held that day by these pupils."""
    substitutions.recompute_homework_deadlines(
        school.session, from_on=MONDAY, to_on=MONDAY, settings=substitutions.school_settings.load(school.session))
    school.session.refresh(mathematics)
    assert wall(mathematics.homework_due_at) == "11:00"  # Russian ends at 10:00
    cancel(school, russian)
    school.session.refresh(mathematics)
    assert wall(mathematics.homework_due_at) == "10:10"
    substitutions.restore_lessons(school.session, actor_id=school.olga.id, lessons=[russian], now=NOW)
    school.session.refresh(mathematics)
    assert wall(mathematics.homework_due_at) == "11:00" and wall(russian.homework_due_at) == "11:00"
    assert (russian.state, russian.state_reason) == (LessonState.PLANNED.value, "")


def test_another_class_keeps_its_deadline(school, russian):
    of_7b = school.lesson(school.course("7Б", "Математика"), MONDAY)
    before = of_7b.homework_due_at
    cancel(school, russian)
    school.session.refresh(of_7b)
    assert of_7b.homework_due_at == before


def test_homework_due_at_a_cancelled_lesson_moves_to_the_next_of_the_group(school, mathematics):
    friday = school.lesson(school.course("7А", "Математика"), date(2026, 9, 18))
    tuesday = school.lesson(school.course("7А", "Математика"), date(2026, 9, 22))
    homework = Homework(lesson_id=friday.id, text="№ 12", due_lesson_id=mathematics.id, published_at=NOW,
                        published_by_id=school.anna.id)
    school.session.add(homework)
    school.session.flush()
    cancel(school, mathematics)
    school.session.refresh(homework)
    assert homework.due_lesson_id == tuesday.id


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_without_a_reason_nothing_is_cancelled(school, mathematics, reason):
    with pytest.raises(Refused, match="Укажите причину") as refused:
        cancel(school, mathematics, reason=reason)
    assert refused.value.field == "reason" and mathematics.state == LessonState.PLANNED.value


def test_a_reason_has_a_length(school, mathematics):
    with pytest.raises(Refused, match="не длиннее 200"):
        cancel(school, mathematics, reason="а" * 201)


def test_standing_marks_hold_the_whole_day_back(school, mathematics, russian):
    put_mark(school, russian, school.vitya)
    with pytest.raises(Refused, match="7А, урок 2, Русский язык: стоят отметки"):
        cancel(school, mathematics, russian)
    assert {mathematics.state, russian.state} == {LessonState.PLANNED.value}


def test_withdrawn_marks_hold_nothing_back(school, mathematics):
    put_mark(school, mathematics, school.vitya)
    school.session.scalars(select(Mark)).one().withdrawn_at = NOW
    assert cancel(school, mathematics) == 1


@pytest.mark.parametrize(("awaiting", "held"), [
    (Awaiting.TEACHER, True), (Awaiting.PUPIL, True), (Awaiting.RELEASED, False), (Awaiting.MET, False)])
def test_a_work_that_awaits_marks_holds_the_lesson_back(school, mathematics, awaiting, held):
    declare(school, mathematics, school.vitya, awaiting)
    if held:
        with pytest.raises(Refused, match="ждут отметок за работу"):
            cancel(school, mathematics)
    else:
        assert cancel(school, mathematics) == 1


def test_a_whole_day_is_cancelled_and_restored_at_once(school):
    lessons = queries.lessons_by_ids(
        school.session, [row.id for row in queries.lessons_of_day(school.session, day=MONDAY)], day=MONDAY)
    assert cancel(school, *lessons) == 4
    assert cancel(school, *lessons) == 0  # again: nothing to do
    assert not any(lesson.homework_due_at for lesson in lessons)
    assert substitutions.restore_lessons(school.session, actor_id=school.olga.id, lessons=lessons, now=NOW) == 4
    assert all(lesson.homework_due_at for lesson in lessons)


def test_a_substitute_reaches_the_lesson_and_the_teacher_keeps_it_in_sight(school, mathematics):
    substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[mathematics], now=NOW,
                                  teacher_id=school.boris.id)
    assert (mathematics.teacher_id, mathematics.substitutes_id) == (school.boris.id, school.anna.id)
    for person in (school.boris, school.anna):
        assert lesson_taught_by(school.session, teacher_id=person.id, lesson_id=mathematics.id, today=TODAY)
    assert not lesson_taught_by(school.session, teacher_id=school.eva.id, lesson_id=mathematics.id, today=TODAY)
    boris = queries.lessons_of_teacher(school.session, teacher_id=school.boris.id, day=MONDAY)
    assert [(row.number, row.subject, row.is_substitution) for row in boris] == [
        (1, "Математика", True), (2, "Русский язык", False)]
    assert [row.number for row in queries.lessons_of_teacher(
        school.session, teacher_id=school.anna.id, day=MONDAY)] == [3]


def test_who_really_taught_answers_for_marks_and_awaited_ones(school):
    """R6: the substitution is noted a day late, when marks stand already; the sums of control follow."""
    lesson = school.lesson(school.course("7А", "Математика"), TODAY)
    put_mark(school, lesson, school.vitya)
    mark = school.session.scalars(select(Mark)).one()
    sums.add(school.session, {sums.Sum(lesson.course_id, school.anna.id, TODAY, mark.kind_id, 0, False): 1})
    declare(school, lesson, school.vitya)
    for teacher in (school.boris, school.anna):
        substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[lesson],
                                      teacher_id=teacher.id, now=NOW)
        school.session.expire_all()
        assert mark.responsible_id == teacher.id
        assert school.session.scalars(select(Expectation.responsible_id)).one() == teacher.id
        assert sums.recount(school.session) == []


@pytest.mark.parametrize("ended_by", ["nobody", "the teacher by assignment"])
def test_a_substitution_ends(school, mathematics, ended_by):
    for teacher_id in (school.boris.id, None if ended_by == "nobody" else school.anna.id):
        substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[mathematics], now=NOW,
                                      teacher_id=teacher_id)
    assert (mathematics.teacher_id, mathematics.substitutes_id) == (school.anna.id, None)
    assert len(school.session.scalars(select(AuditRecord).filter_by(verb="lesson.substituted")).all()) == 2


def test_the_same_substitute_again_changes_nothing(school, mathematics):
    for expected in (1, 0):
        assert substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[mathematics],
                                             teacher_id=school.boris.id, now=NOW) == expected


def test_only_who_works_at_the_school_that_day_can_stand_in(school, mathematics):
    with pytest.raises(Refused, match=r"не работает в школе 21.сентября.2026"):
        substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[mathematics], now=NOW,
                                      teacher_id=school.vera.id)


def test_nobody_stands_in_for_a_cancelled_lesson(school, mathematics):
    cancel(school, mathematics)
    with pytest.raises(Refused, match="отменён: сначала верните"):
        substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[mathematics], now=NOW,
                                      teacher_id=school.boris.id)


@pytest.mark.parametrize("act", ["substitute", "merge", "remote"])
def test_in_a_closed_term_nobody_else_is_named(school, mathematics, act):
    """R8, as for cancelling and moving; the same again changes nothing and is not refused."""
    term = school.session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=term.id, closed_at=NOW,
                                   closed_by_id=school.dina.id))
    school.session.flush()
    by = {"actor_id": school.olga.id, "now": NOW}

    def act_on(teacher, remote):
        if act == "substitute":
            return substitutions.substitute_many(school.session, lessons=[mathematics], teacher_id=teacher, **by)
        if act == "remote":
            return substitutions.hold_remotely(school.session, lessons=[mathematics], remote=remote, **by)
        host = school.lesson(school.course("1А", "Математика"), MONDAY)
        return substitutions.merge(school.session, lessons=[mathematics] if remote else [host], into=host, **by)

    assert act_on(None, False) == 0
    with pytest.raises(Refused, match="Закрыто: I четверть"):
        act_on(school.boris.id, True)


def test_lessons_of_a_day_say_what_is_filled(school, mathematics, at_most):
    mathematics.topic, mathematics.attendance_at = "Дроби", NOW
    school.session.flush()
    anna = school.anna
    with at_most(1):
        rows = queries.lessons_of_teacher(school.session, teacher_id=anna.id, day=MONDAY)
    of_7a = next(row for row in rows if row.class_name == "7А")
    assert (of_7a.topic_filled, of_7a.attendance_filled, of_7a.homework_filled, of_7a.filled) == (
        True, True, False, False)
    school.session.add(Homework(lesson_id=mathematics.id, not_set=True, published_at=NOW,
                                published_by_id=school.anna.id))
    school.session.flush()
    assert queries.lessons_of_teacher(school.session, teacher_id=school.anna.id, day=MONDAY)[0].filled


def test_the_second_of_a_double_lesson_inherits_homework(school, mathematics):
    """R5."""
    second = Lesson(course_id=mathematics.course_id, day=MONDAY, number=2, starts_at=mathematics.ends_at,
                    ends_at=mathematics.ends_at + timedelta(minutes=40), teacher_id=school.anna.id)
    school.session.add_all([second, Homework(lesson_id=mathematics.id, text="№ 5", published_at=NOW,
                                             published_by_id=school.anna.id)])
    school.session.flush()
    rows = queries.lessons_of_teacher(school.session, teacher_id=school.anna.id, day=MONDAY)
    assert [(row.number, row.homework_filled) for row in rows] == [(1, True), (2, True), (3, False)]


def test_class_1_needs_no_homework(school):
    """R5: no homework in class 1."""
    rows = queries.lessons_of_teacher(school.session, teacher_id=school.eva.id, day=MONDAY)
    assert [(row.class_name, row.homework_filled) for row in rows] == [("1А", True)]


def test_a_lesson_of_a_colleague_or_none_at_all_is_not_found(school, mathematics):
    assert lesson_taught_by(school.session, teacher_id=school.boris.id, lesson_id=mathematics.id, today=TODAY) is None
    assert lesson_taught_by(school.session, teacher_id=school.anna.id, lesson_id=10**9, today=TODAY) is None
