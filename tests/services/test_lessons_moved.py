"""Lessons merged, moved to another day, held remotely (R6): Ольга in the office decides, Анна and Борис teach."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import Homework, TermClosing, Work
from ejd.refusal import Refused
from ejd.schedule import moving, queries, services, substitutions
from ejd.schedule.models import Lesson, LessonState
from ejd.schedule.moving import Destination
from ejd.schedule.scopes import lesson_taught_by
from ejd.school.models import Term
from tests.journal import Hand
from tests.world import NOW, TODAY

MONDAY, TUESDAY, THURSDAY = date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 24)
SATURDAY = date(2026, 9, 26)


@pytest.fixture
def maths(school):
    return lambda day, name="7А": school.lesson(school.course(name, "Математика"), day)


@pytest.fixture
def english(school):
    return [school.lesson(school.course("7А", "Иностранный", number), TUESDAY) for number in (1, 2)]


def move(school, *lessons, day=SATURDAY, number=None, reason="Карантин"):
    return moving.move_lessons(school.session, actor_id=school.olga.id, lessons=lessons, to=Destination(day, number),
                               reason=reason, now=NOW)


def back(school, *lessons):
    return moving.move_back(school.session, actor_id=school.olga.id, lessons=lessons, now=NOW)


def cancel(school, *lessons):
    return substitutions.cancel_lessons(school.session, actor_id=school.olga.id, lessons=lessons, reason="Карантин",
                                        now=NOW)


def restore(school, *lessons):
    return substitutions.restore_lessons(school.session, actor_id=school.olga.id, lessons=lessons, now=NOW)


def merge(school, guest, host):
    return substitutions.merge(school.session, actor_id=school.olga.id, lessons=[guest], into=host, now=NOW)


def substitute(school, lesson, person):
    return substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[lesson], now=NOW,
                                         teacher_id=person and person.id)


def homework_due(school, lesson, *, set_on):
    task = Homework(lesson_id=set_on.id, text="№ 12", due_lesson_id=lesson.id, published_at=NOW,
                    published_by_id=school.anna.id)
    school.session.add(task)
    school.session.flush()
    return task


def due(school, task):
    school.session.refresh(task)
    return task.due_lesson_id


# moved

def test_a_moved_lesson_leaves_every_count_and_another_stands_for_it(school, maths):
    lesson = maths(MONDAY)
    assert move(school, lesson, number=4) == 1
    new = school.session.get_one(Lesson, lesson.moved_to_id)
    assert (lesson.state, lesson.state_reason, lesson.homework_due_at) == (LessonState.MOVED, "Карантин", None)
    assert (new.day, new.number, new.teacher_id, new.state) == (SATURDAY, 4, school.anna.id, LessonState.PLANNED)
    assert f"{clock.local(new.starts_at):%H:%M}" == "11:20" and new.homework_due_at is not None
    [row] = queries.lessons_shown(school.session, [lesson.id])
    assert (row.cancelled, row.moved_to, row.moved_number) == (True, SATURDAY, 4)


def test_what_is_announced_for_a_lesson_goes_along_and_comes_back(school, maths):
    lesson = maths(MONDAY)
    task = homework_due(school, lesson, set_on=maths(date(2026, 9, 18)))
    work = Hand(school, school.anna).declares(lesson)
    move(school, lesson)
    new_id = lesson.moved_to_id
    school.session.refresh(work)
    assert due(school, task) == work.lesson_id == new_id
    assert back(school, lesson) == 1
    school.session.refresh(work)
    assert due(school, task) == work.lesson_id == lesson.id
    assert (lesson.state, lesson.moved_to_id) == (LessonState.PLANNED, None) and lesson.homework_due_at
    assert school.session.scalar(select(Lesson.id).filter_by(id=new_id)) is None


@pytest.mark.parametrize("fact", ["a topic", "attendance", "homework", "a mark"])
def test_a_lesson_with_records_was_held_where_it_stands(school, maths, fact):
    lesson, anna = maths(TODAY), Hand(school, school.anna)
    {"a topic": lambda: anna.writes_topic(lesson, "Дроби"), "attendance": lambda: anna.takes_attendance(lesson),
     "homework": lambda: anna.sets(lesson, "№ 5"), "a mark": lambda: anna.puts(lesson, school.vitya, "5")}[fact]()
    with pytest.raises(Refused, match="7А, урок 1, Математика: "):
        move(school, lesson)
    assert lesson.state == LessonState.PLANNED


def test_once_something_is_written_in_the_new_lesson_it_does_not_go_back(school, maths):
    lesson = maths(TODAY)
    move(school, lesson, day=date(2026, 9, 15), number=3)
    Hand(school, school.anna).writes_topic(school.session.get_one(Lesson, lesson.moved_to_id), "Дроби")
    with pytest.raises(Refused, match="уже есть записи"):
        back(school, lesson)
    assert lesson.state == LessonState.MOVED


@pytest.mark.parametrize(("day", "number", "reason", "sentence"), [
    (date(2026, 10, 26), None, "Карантин", "«Осенние каникулы»"),
    (date(2027, 6, 1), None, "Карантин", "внутри учебного года"),
    (TUESDAY, 2, "Карантин", "уже есть урок № 2"),
    (MONDAY, None, "Карантин", "уже есть урок № 1"),
    (SATURDAY, 9, "Карантин", "нет звонка"),
    (SATURDAY, None, " ", "причину переноса"),
])
def test_where_a_lesson_cannot_go(school, maths, day, number, reason, sentence):
    with pytest.raises(Refused, match=sentence):
        move(school, maths(MONDAY), day=day, number=number, reason=reason)
    assert maths(MONDAY).state == LessonState.PLANNED


def test_nothing_can_be_written_into_a_moved_lesson(school, maths):
    lesson = maths(TODAY)
    move(school, lesson)
    with pytest.raises(Refused, match="отменён или перенесён"):
        Hand(school, school.anna).puts(lesson, school.vitya, "5")


def test_a_timetable_made_anew_leaves_both_where_they_are(school, maths):
    lesson = maths(THURSDAY)
    move(school, lesson, day=date(2026, 9, 23), number=5)
    new_id = lesson.moved_to_id
    services.remake_lessons(school.session, actor_id=None, year_id=school.school_class("7А").year_id, now=NOW)
    school.session.expire_all()
    assert (lesson.state, lesson.moved_to_id) == (LessonState.MOVED, new_id)
    assert school.session.get_one(Lesson, new_id).number == 5


# merged

def test_a_merged_subgroup_is_taught_by_the_other_teacher_and_is_held(school, english):
    first, second = english  # Ева's, Борис's
    assert merge(school, second, first) == 1
    assert (second.teacher_id, second.substitutes_id, second.merged_into_id, second.state) == (
        school.eva.id, school.boris.id, first.id, LessonState.PLANNED)
    assert queries.taught_at_once(school.session, teacher_id=school.eva.id, day=TUESDAY) == []
    assert merge(school, second, first) == 0
    assert substitute(school, second, None) == 1
    assert (second.teacher_id, second.substitutes_id, second.merged_into_id) == (school.boris.id, None, None)


def test_who_stands_in_for_the_one_teaches_the_other_too(school, english):
    first, second = english
    merge(school, second, first)
    substitute(school, first, school.anna)
    assert (second.teacher_id, second.substitutes_id, second.merged_into_id) == (
        school.anna.id, school.boris.id, first.id)


def test_lessons_of_another_time_are_not_merged(school, maths, english):
    with pytest.raises(Refused, match="другое время"):
        merge(school, english[0], maths(TUESDAY))


def test_a_lesson_with_another_merged_into_it_stays(school, english):
    first, second = english
    merge(school, second, first)
    with pytest.raises(Refused, match="объединён другой урок"):
        cancel(school, first)
    with pytest.raises(Refused, match="объединён другой урок"):
        move(school, first)
    assert cancel(school, first, second) == 2
    assert (second.teacher_id, second.merged_into_id) == (school.boris.id, None)


def test_two_steps_of_merging_are_refused(school, english, maths):
    first, second = english
    merge(school, second, first)
    with pytest.raises(Refused, match="есть свой учитель"):
        merge(school, first, second)


# held remotely, substituted

def test_a_remote_lesson_is_held_all_the_same(school, maths):
    lesson = maths(MONDAY)
    for remote, changed in ((True, 1), (True, 0), (False, 1)):
        assert substitutions.hold_remotely(school.session, actor_id=school.olga.id, lessons=[lesson], remote=remote,
                                           now=NOW) == changed
        assert (lesson.remote, lesson.state) == (remote, LessonState.PLANNED)


def test_a_substitute_has_this_lesson_and_no_other_of_the_journal(school, maths):
    """R33."""
    substitute(school, maths(MONDAY), school.boris)

    def reaches(day):
        return lesson_taught_by(school.session, teacher_id=school.boris.id, lesson_id=maths(day).id, today=TODAY)

    assert reaches(MONDAY) and not reaches(TUESDAY) and not reaches(THURSDAY)
    substitute(school, maths(MONDAY), None)
    assert not reaches(MONDAY)


# homework of cancelled lessons

def test_homework_comes_back_with_its_lesson(school, maths):
    task = homework_due(school, maths(MONDAY), set_on=maths(date(2026, 9, 18)))
    cancel(school, maths(MONDAY))
    assert due(school, task) == maths(TUESDAY).id
    restore(school, maths(MONDAY))
    assert due(school, task) == maths(MONDAY).id


@pytest.mark.parametrize("order", [(MONDAY, TUESDAY), (TUESDAY, MONDAY), "both"])
def test_homework_that_moved_twice_comes_back_in_any_order(school, maths, order):
    task = homework_due(school, maths(MONDAY), set_on=maths(date(2026, 9, 18)))
    cancel(school, maths(MONDAY))
    cancel(school, maths(TUESDAY))
    assert due(school, task) == maths(THURSDAY).id
    for days in ([(MONDAY, TUESDAY)] if order == "both" else [(day,) for day in order]):
        restore(school, *map(maths, days))
    assert due(school, task) == maths(MONDAY).id


def test_homework_that_was_given_another_day_stays_there(school, maths):
    task = homework_due(school, maths(MONDAY), set_on=maths(date(2026, 9, 18)))
    cancel(school, maths(MONDAY))
    task.due_lesson_id = maths(THURSDAY).id
    school.session.flush()
    restore(school, maths(MONDAY))
    assert due(school, task) == maths(THURSDAY).id


def test_works_announced_stay_with_the_journal(school, maths):
    """A work goes along once, not doubled."""
    Hand(school, school.anna).declares(maths(MONDAY))
    move(school, maths(MONDAY))
    assert len(school.session.scalars(select(Work)).all()) == 1


@pytest.mark.parametrize("act", ["cancelled", "restored", "moved", "moved into it", "moved back"])
def test_what_counts_in_a_closed_term_stays(school, maths, act):
    """R8: until the journal is opened again."""
    lesson = maths(TODAY)
    first, last = (date(2026, 9, 1), date(2026, 9, 19))
    if act == "restored":
        cancel(school, lesson)
    if act == "moved back":
        move(school, lesson)
    if act == "moved into it":
        lesson = maths(MONDAY)
    term = school.session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()
    term.starts_on, term.ends_on = first, last
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=term.id, closed_at=NOW,
                                   closed_by_id=school.dina.id))
    school.session.flush()
    before = lesson.state
    with pytest.raises(Refused, match="Закрыто: I четверть"):
        {"cancelled": lambda: cancel(school, lesson), "restored": lambda: restore(school, lesson),
         "moved": lambda: move(school, lesson, number=5), "moved back": lambda: back(school, lesson),
         "moved into it": lambda: move(school, lesson, day=date(2026, 9, 18), number=6)}[act]()
    assert lesson.state == before
