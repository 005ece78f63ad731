"""Closing a term and opening it again, told about 7А's first quarter (R8). Its last lesson of the world is on Monday,
12 October, so a week is over on the 19th."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.compliance.lists import listing
from ejd.compliance.metrics import By, Figure
from ejd.compliance.queries import report_of
from ejd.compliance.scope import Scope, launches
from ejd.diary.queries import week_of
from ejd.journal.expecting import Awaiting
from ejd.journal.models import Expectation, Mark, MarkCorrection
from ejd.journal.queries_cell import place_of
from ejd.journal.queries_history import history_of_cell
from ejd.journal.queries_today import awaited_marks, open_lessons
from ejd.refusal import Refused
from ejd.results import term_closing
from ejd.results.queries_closing import changes_after_closing, states_of
from ejd.results.term_closing import Opening
from ejd.roster.models import Course, CourseMember
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings
from ejd.school.models import SchoolYear, Setting, Term
from tests.journal import Hand, expected_of

CLOSED_ON = clock.at(date(2026, 10, 19), 9)


@pytest.fixture
def term(session):
    return session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


def maths(school, day=date(2026, 9, 15)):
    return school.lesson(school.course("7А", "Математика"), day)


def close(school, term, *, who="dina", at=CLOSED_ON, reason=""):
    with clock.freeze(at):
        return term_closing.close_term(school.session, actor=school.actor(getattr(school, who), clock.today()),
                                  class_id=school.school_class("7А").id, term_id=term.id, now=at, reason=reason)


def open_again(school, term, *, until=date(2026, 11, 3), at=None, key="open", course=None, reason="Ошибка в журнале"):
    return term_closing.reopen(school.session, actor_id=school.dina.id, now=at or clock.at(date(2026, 11, 2), 9),
                          opening=Opening(school.school_class("7А").id, term.id, until, reason, key,
                                          course.id if course else None))


def state_of(school, term, at=CLOSED_ON):
    [state] = states_of(school.session, term, today=clock.local(at).date(), now=at,
                        class_id=school.school_class("7А").id)
    return state


ACTS = {
    "a mark": lambda anna, lesson, pupil, at: anna.puts(lesson, pupil, "5", at=at),
    "attendance of a pupil": lambda anna, lesson, pupil, at: anna.notes(lesson, pupil, "н", at=at),
    "attendance of the lesson": lambda anna, lesson, pupil, at: anna.takes_attendance(lesson, at=at),
    "a topic": lambda anna, lesson, pupil, at: anna.writes_topic(lesson, "Дроби", at=at),
    "homework": lambda anna, lesson, pupil, at: anna.sets(lesson, "№ 5", at=at),
    "a work": lambda anna, lesson, pupil, at: anna.declares(lesson, at=at),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_closed_term_takes_nothing_and_a_reopened_one_tells_it_apart(school, term, anna, act):
    lesson, later = maths(school), clock.at(date(2026, 11, 2), 10)
    close(school, term)
    with pytest.raises(Refused, match="Закрыто: I четверть"):
        ACTS[act](anna, lesson, school.vitya, later)
    open_again(school, term)
    ACTS[act](anna, lesson, school.vitya, later)
    told = school.session.scalars(select(AuditRecord).filter_by(verb="lesson.changed_after_closing")).all()
    assert [record.subject_id for record in told] == [lesson.id]
    with pytest.raises(Refused, match="Закрыто"):  # it ends by itself
        ACTS[act](anna, maths(school, date(2026, 9, 17)), school.vitya, clock.at(date(2026, 11, 4), 0, 1))


def test_a_lesson_outside_the_closed_term_stays_open(school, term, anna):
    close(school, term)
    second_quarter = maths(school)
    second_quarter.day = date(2026, 11, 3)
    school.session.flush()
    assert anna.puts(second_quarter, school.vitya, "5", at=clock.at(date(2026, 11, 3), 12)).after_closing is False


def test_another_class_stays_open(school, term, anna):
    close(school, term)
    lesson = school.lesson(school.course("7Б", "Математика"), date(2026, 9, 14))
    assert anna.puts(lesson, school.zoya, "4", at=CLOSED_ON)


def test_marks_and_corrections_after_closing_are_told_apart(school, term, anna):
    lesson, later = maths(school), clock.at(date(2026, 11, 2), 10)
    stood = anna.puts(lesson, school.vitya, "3")
    close(school, term)
    with pytest.raises(Refused, match="Закрыто"):
        anna.corrects(stood, "4", at=later)
    with pytest.raises(Refused, match="Закрыто"):
        anna.withdraws(stood, at=later)
    open_again(school, term, course=school.course("7А", "Математика"))
    anna.corrects(stood, "4", at=later)
    put = anna.puts(maths(school, date(2026, 9, 17)), school.vitya, "5", at=later)
    assert put.after_closing and not school.session.get(Mark, stood.id).after_closing
    [correction] = school.session.scalars(select(MarkCorrection).filter_by(mark_id=stood.id))
    assert correction.after_closing
    anna.notes(lesson, school.vitya, "о", at=later)
    told = history_of_cell(school.session, lesson_id=lesson.id, pupil_id=school.vitya.id, kinds=())
    assert sorted(event.said.replace("посещаемость: был → ", "") for event in told) == [
        "исправлена: 3 → 4, после закрытия", "о, после закрытия", "отметка 3 поставлена (ответ на уроке)"]
    anna.writes_topic(lesson, "Дроби", at=later + timedelta(minutes=1))
    found = changes_after_closing(school.session, term, school.school_class("7А").id)
    assert sorted(change.what for change in found) == ["3 → 4", "запись урока", "поставлена 5"]


def test_a_journal_opened_alone_opens_no_other(school, term):
    close(school, term)
    open_again(school, term, course=school.course("7А", "Математика"))
    boris = Hand(school, school.boris)
    lesson = school.lesson(school.course("7А", "Русский"), date(2026, 9, 14))
    with pytest.raises(Refused, match="Закрыто"):
        boris.puts(lesson, school.vitya, "5", at=clock.at(date(2026, 11, 2), 10))


def test_a_certificate_brought_late_is_noted_in_a_closed_term(school, term, anna):
    from ejd.journal.attendance import NewPresence, record_attendance

    lesson = maths(school)
    noted = anna.notes(lesson, school.vitya, "н")
    close(school, term)

    def note(code, certificate):
        row = NewPresence(lesson.id, school.vitya.id, code, f"late-{code}-{certificate}", school.olga.id,
                          clock.at(date(2026, 11, 2), 10), noted.version, certificate)
        return record_attendance(school.session, rows=[row], settings=anna.settings)[0]

    with pytest.raises(Refused, match="Закрыто"):
        note("б", False)
    with pytest.raises(Refused, match="Закрыто"):
        note("о", True)  # only н into б or у
    assert note("б", True).code == "б"


@pytest.mark.parametrize(("at", "who", "reason", "says"), [
    (clock.at(date(2026, 10, 12), 8), "galina", "Ремонт", "Уроки ещё идут"),
    (clock.at(date(2026, 10, 18), 9), "dina", "Ремонт", "только директор"),
    (clock.at(date(2026, 10, 18), 9), "galina", "", "назовите причину"),
    (clock.at(date(2026, 10, 18), 9), "galina", "Ремонт", None),
    (clock.at(date(2026, 10, 19), 9), "dina", "", None),
])
def test_while_marks_are_awaited_a_week_passes_or_the_director_decides(school, term, anna, at, who, reason, says):
    lesson = maths(school, date(2026, 10, 9))
    anna.declares(lesson, at=clock.at(date(2026, 10, 9), 12))
    anna.takes_attendance(lesson, at=clock.at(date(2026, 10, 9), 12))
    if says is None:
        assert close(school, term, who=who, at=at, reason=reason).early is (at < CLOSED_ON)
    else:
        with pytest.raises(Refused, match=says):
            close(school, term, who=who, at=at, reason=reason)


def test_an_early_closing_cuts_off_what_is_not_late_yet_and_leaves_what_is(school, term, anna):
    late, fresh = maths(school, date(2026, 9, 8)), maths(school, date(2026, 10, 9))
    works = []
    for lesson in (late, fresh):
        at = clock.at(lesson.day, 12)
        works.append(anna.declares(lesson, at=at))
        anna.takes_attendance(lesson, at=at)
    anna.notes(fresh, school.vitya, "н", at=clock.at(fresh.day, 12))
    pupils = len(school.session.scalars(select(Expectation).filter_by(work_id=works[1].id)).all())
    row = close(school, term, who="galina", at=clock.at(date(2026, 10, 14), 9), reason="Ремонт школы")
    school.session.expire_all()
    assert row.early and (row.blocked, row.blocked_works) == (pupils - 1, 1)
    assert expected_of(school, works[0], school.vitya).awaiting == Awaiting.TEACHER  # that lateness happened
    assert expected_of(school, works[1], school.vitya).awaiting == Awaiting.CLOSED
    assert state_of(school, term).expected == pupils  # only the late work's


def test_what_an_early_closing_blocked_is_a_figure_of_control_with_its_list(school, term, anna):
    lesson = maths(school, date(2026, 10, 9))
    at = clock.at(lesson.day, 12)
    anna.declares(lesson, at=at)
    anna.takes_attendance(lesson, at=at)
    anna.notes(lesson, school.vitya, "н", at=at)
    row = close(school, term, who="galina", at=clock.at(date(2026, 10, 14), 9), reason="Ремонт школы")
    scope = Scope(term.starts_on, term.ends_on, class_id=school.school_class("7А").id)
    asked = {"scope": scope, "launches": launches(school_settings.load(school.session)), "today": date(2026, 10, 15),
             "now": clock.at(date(2026, 10, 15), 9)}
    for by in By:
        assert report_of(school.session, by=by, **asked).total[Figure.CLOSED_EARLY] == row.blocked > 0
    assert len(listing(school.session, figure=Figure.CLOSED_EARLY, limit=50, **asked).rows) == row.blocked
    other = {**asked, "scope": Scope(date(2026, 11, 1), date(2026, 12, 1))}
    assert not report_of(school.session, by=By.CLASS, **other).total[Figure.CLOSED_EARLY]


def test_the_check_list_counts_what_is_missing(school, term, anna):
    day = date(2026, 9, 15)
    before = next(one for one in state_of(school, term).journals if one.title == "Математика")
    assert before.no_topic == before.no_attendance == before.lessons > 20
    assert before.no_result == state_of(school, term).pupils == 8
    lesson = maths(school, day)
    anna.writes_topic(lesson, "Дроби")
    anna.sets(lesson, "№ 5")
    anna.declares(lesson)
    anna.takes_attendance(lesson)
    after = next(one for one in state_of(school, term).journals if one.title == "Математика")
    assert (before.no_topic - after.no_topic, before.no_attendance - after.no_attendance,
            before.no_homework - after.no_homework, after.awaited - before.awaited) == (1, 1, 1, 8)
    assert after.overdue == 8 and "без" not in after.title


def test_the_edit_window_closes_lessons_before_their_term(school, term, anna):
    """R8: N days after the lesson, a setting; none by default."""
    lesson = maths(school)
    assert anna.puts(lesson, school.vitya, "5", at=clock.at(date(2026, 10, 5), 9))
    school_settings.change(school.session, actor_id=school.dina.id, key="edit.days", value=14,
                           valid_from=date(2026, 9, 1), now=clock.now())
    with pytest.raises(Refused, match="прошло больше 14 дн"):
        anna.puts(lesson, school.vitya, "4", at=clock.at(date(2026, 9, 30), 9))
    assert anna.puts(lesson, school.vitya, "4", at=clock.at(date(2026, 9, 29), 9))


def test_a_closed_year_takes_nothing_whatever_was_opened(school, term, anna):
    from ejd.school.models import SchoolYear

    close(school, term)
    open_again(school, term)
    year = school.session.get_one(SchoolYear, term.year_id)
    year.closed_at = clock.at(date(2026, 11, 1))
    school.session.flush()
    with pytest.raises(Refused, match="Учебный год закрыт"):
        anna.puts(maths(school), school.vitya, "5", at=clock.at(date(2026, 11, 2), 10))


def test_nothing_is_closed_twice_and_a_repeated_opening_is_one(school, term):
    close(school, term)
    with pytest.raises(Refused, match="уже закрыт"):
        close(school, term)
    assert open_again(school, term).id == open_again(school, term).id
    with pytest.raises(Refused, match="на срок до двух недель"):
        open_again(school, term, until=date(2026, 12, 1), key="long")
    with pytest.raises(Refused, match="причину"):
        open_again(school, term, reason="  ", key="silent")


def test_what_nobody_can_mend_is_no_open_item_and_the_family_reads_that_it_is_closed(school, term, anna):
    """R8, R62: an overdue mark stays in the figures of control; a reopening gives it back to the teacher."""
    work = anna.declares(maths(school))
    anna.takes_attendance(maths(school))
    school.session.flush()

    def seen(at):
        asked = {"teacher_id": school.anna.id, "now": at, "settings": anna.settings}
        awaited = awaited_marks(school.session, today=clock.local(at).date(), **asked)
        lacking = open_lessons(school.session, before=clock.local(at).date(), **asked)
        place = place_of(school.session, lesson=maths(school), pupil_id=school.vitya.id)
        week = week_of(school.session, pupil_id=school.vitya.id, monday=date(2026, 9, 14), now=at,
                       today=clock.local(at).date(), settings=anna.settings)
        turns = [one.turn for day in week.days for lesson in day.lessons for one in lesson.expected]
        return ([one.lesson_id for one in awaited], maths(school).id in [one.lesson_id for one in lacking],
                place.why_shut(anna.settings, at), turns)

    lesson, later = maths(school).id, clock.at(date(2026, 11, 2), 10)
    [(ids, lacks, why, [turn])] = [seen(CLOSED_ON)]
    assert (ids, lacks, why) == ([lesson], True, "") and "учитель ещё не выставил" in turn
    close(school, term)
    ids, lacks, why, turns = seen(later)
    assert (ids, lacks, turns) == ([], False, ["отметки нет, период закрыт"])
    assert why == "Закрыто: I четверть. Открыть журнал для исправления может завуч или директор"
    assert expected_of(school, work, school.vitya).awaiting == Awaiting.TEACHER
    open_again(school, term)
    assert seen(later)[:3] == ([lesson], True, "")
    assert seen(clock.at(date(2026, 11, 4), 0, 1))[:3] == ([], False, why)


def test_a_group_is_shut_by_the_classes_of_its_own_pupils_only(school, term, anna):
    """R8: what is closed in the class of another group's pupil is nothing to Зоя's."""
    subject_id = school.course("7А", "Математика").subject_id
    groups = [Course(year_id=term.year_id, class_id=None, subject_id=subject_id, name=name, kind="elective")
              for name in ("Дебют", "Эндшпиль")]
    school.session.add_all(groups)
    school.session.flush()
    start = clock.at(date(2026, 9, 15), 15)
    lessons = [Lesson(course_id=group.id, day=start.date(), number=7 + more, starts_at=start, ends_at=start,
                      teacher_id=school.anna.id) for more, group in enumerate(groups)]
    school.session.add_all(lessons)
    for group, pupil in zip(groups, (school.zoya, school.vitya), strict=True):
        school.session.add(CourseMember(course_id=group.id, pupil_id=pupil.id, from_on=date(2026, 9, 1)))
    close(school, term)
    lacking = open_lessons(school.session, teacher_id=school.anna.id, before=date(2026, 10, 20), now=CLOSED_ON,
                           settings=anna.settings)
    assert {lesson.id for lesson in lessons} & {one.lesson_id for one in lacking} == {lessons[0].id}


def test_a_closed_year_and_the_edit_window_shut_a_lesson_on_its_page_as_they_do_for_acts(school, term, anna):
    lesson, at = maths(school), clock.at(date(2026, 11, 2), 10)
    school.session.add(Setting(key="edit.days", value=14, valid_from=date(2026, 9, 1)))
    school.session.flush()
    place = place_of(school.session, lesson=lesson, pupil_id=school.vitya.id)
    assert "прошло больше 14" in place.why_shut(anna.settings, at)
    assert place.why_shut(anna.settings, clock.at(date(2026, 9, 20), 10)) == ""
    school.session.get(SchoolYear, school.course("7А", "Математика").year_id).closed_at = at
    school.session.flush()
    place = place_of(school.session, lesson=lesson, pupil_id=school.vitya.id)
    assert place.why_shut(anna.settings, at).startswith("Учебный год закрыт")
