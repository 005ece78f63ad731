"""Setting results: what is kept with them, what is refused, corrections, н/а, and marks that go along with a pupil."""

from datetime import date

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.journal.models import TermClosing
from ejd.refusal import Refused, Stale
from ejd.results.models import Period, TermMark
from ejd.results.queries import results_page
from ejd.roster.classes import move_pupil
from ejd.roster.models import CourseMember, SchemeOfTerm, Subject
from ejd.school import settings as school_settings
from tests.journal import Hand, records
from tests.results import Setter, corrections, put_setting, result_of, term

SEPTEMBER = (1, 3, 4, 8, 10, 11, 15)  # lessons of mathematics in 7А


@pytest.fixture
def anna(school):
    return Setter(school, school.anna)


@pytest.fixture
def dina(school):
    return Setter(school, school.dina, leads=True)


@pytest.fixture
def maths(school):
    return school.course("7А", "Матем")


def give(school, course, pupil, values, days=SEPTEMBER, by=None):
    hand = Hand(school, by or school.anna)
    for day, value in zip(days, values, strict=False):
        hand.puts(school.lesson(course, date(2026, 9, day)), pupil, value, kind_id=school.kind("oral").id,
                  key=f"{course.id}-{pupil.id}-{day}")


def page_of(school, course, code=None, today=None):
    today = today or clock.today()
    return results_page(school.session, course_id=course.id, code=code, today=today, now=clock.now(),
                        settings=school_settings.load(school.session))


def row_of(page, pupil):
    return next(row for row in page.rows if row.pupil_id == pupil.id)


def test_a_result_keeps_what_was_offered_and_what_stood_behind_it(school, anna, maths):
    """R12: with the suggestion, the exact average, the number of marks and the deadline."""
    give(school, maths, school.vitya, "554")
    anna.sets(maths, {school.vitya: "5"})
    stands = result_of(school, school.vitya, maths)
    assert (stands.value, stands.suggested, stands.average, stands.marks) == ("5", "5", "14/3", 3)
    assert (stands.entered_on, stands.due_on) == (date(2026, 9, 17), date(2026, 10, 21))
    assert stands.class_id == school.school_class("7А").id and stands.entered_by_id == school.anna.id
    assert '"value":"5"' in records(school, "result.set")[0]


def test_a_correction_keeps_the_first_day_and_its_own_row(school, anna, maths):
    """R3: the first value decides about the time; each change is a row of its own."""
    give(school, maths, school.vitya, "54")
    anna.sets(maths, {school.vitya: "5"})
    anna.sets(maths, {school.vitya: "4"}, at=clock.at(date(2026, 9, 20), 10))
    stands = result_of(school, school.vitya, maths)
    assert (stands.value, stands.entered_on, stands.version) == ("4", date(2026, 9, 17), 2)
    assert corrections(school, stands) == [("5", "4")]
    assert records(school, "result.corrected") == ['{"before":"5","after":"4"}']


def test_a_result_taken_back_and_set_anew_is_entered_anew(school, anna, maths):
    anna.sets(maths, {school.vitya: "5"})
    anna.sets(maths, {school.vitya: ""})
    assert result_of(school, school.vitya, maths).value is None
    anna.sets(maths, {school.vitya: "4"}, at=clock.at(date(2026, 9, 21), 10))
    stands = result_of(school, school.vitya, maths)
    assert (stands.value, stands.entered_on) == ("4", date(2026, 9, 21))
    assert corrections(school, stands) == [("5", ""), ("", "4")]


def test_the_same_key_again_answers_as_the_first_time(school, anna, maths):
    for _ in range(2):
        anna.sets(maths, {school.vitya: "5"}, key="again", version=0)
    assert school.session.scalar(select(func.count()).select_from(TermMark)) == 1
    with pytest.raises(Refused, match="устарела"):
        anna.sets(maths, {school.vitya: "4"}, key="again", version=0)


def test_an_older_page_is_told_both_values(school, anna, dina, maths):
    anna.sets(maths, {school.vitya: "5"})
    dina.sets(maths, {school.vitya: "4"})
    with pytest.raises(Stale) as told:
        anna.sets(maths, {school.vitya: "3"}, version=1)
    assert told.value.theirs == "4" and told.value.pupil_id == school.vitya.id
    with pytest.raises(Stale):
        anna.sets(maths, {school.vitya: "3"}, version=0)


def test_all_or_none(school, anna, maths):
    with pytest.raises(Refused, match="не подходит"):
        anna.sets(maths, {school.vitya: "5", school.person("Ким", "Софья"): "7"})
    school.session.rollback()
    assert result_of(school, school.vitya, maths) is None


def test_a_stranger_to_the_journal_gets_nothing_in_it(school, anna, maths):
    with pytest.raises(Refused, match="не в этом журнале"):
        anna.sets(maths, {school.zoya: "5"})


@pytest.mark.parametrize(("period", "told"), [("2", "II четверть: выставить можно с 2 ноября"),
                                              ("year", "Годовая отметка: выставить можно с 5 апреля")])
def test_nothing_is_set_before_its_time(school, anna, maths, period, told):
    code = str(term(school, 2).id) if period == "2" else period
    with pytest.raises(Refused) as refused:
        anna.sets(maths, {school.vitya: "5"}, code)
    assert str(refused.value).replace("\u00a0", " ") == told


def test_markless_journals_take_no_results(school, anna):
    """R14."""
    with pytest.raises(Refused, match="отметок не ставят"):
        anna.sets(school.course("1А", "Матем"), {school.masha: "5"})


def test_a_term_may_be_marked_otherwise(school, anna, maths):
    """R14: зачёт in this quarter only."""
    school.session.add(SchemeOfTerm(course_id=maths.id, term_id=term(school, 1).id, scheme="pass_fail"))
    school.session.flush()
    with pytest.raises(Refused, match="зач, незач"):
        anna.sets(maths, {school.vitya: "5"})
    anna.sets(maths, {school.vitya: "зачёт"})
    assert result_of(school, school.vitya, maths).value == "зач"


def test_a_journal_may_have_half_years_of_its_own(school, maths):
    """R15: a one-hour subject among quarters."""
    maths.term_scheme = "half_years"
    school.session.flush()
    page = page_of(school, maths)
    assert [slot.title for slot in page.slots] == ["I полугодие", "II полугодие", "Годовая отметка"]


def test_not_certified_by_the_rule(school, anna, maths):
    """R13: fewer than three marks and two thirds of the lessons missed."""
    hand = Hand(school, school.anna)
    for day in SEPTEMBER[:6]:
        hand.notes(school.lesson(maths, date(2026, 9, day)), school.vitya, "б")
    row = row_of(page_of(school, maths), school.vitya)
    assert (row.held.held, row.held.missed) == (10, 6)
    with pytest.raises(Refused, match="причиной"):
        anna.sets(maths, {school.vitya: "н/а"})
    hand.notes(school.lesson(maths, date(2026, 9, 15)), school.vitya, "н")
    anna.sets(maths, {school.vitya: "н/а"})
    assert result_of(school, school.vitya, maths).value == "н/а"
    assert row_of(page_of(school, maths), school.person("Ким", "Софья")).held.missed == 0


def test_not_certified_against_the_rule_by_the_deputys_word(school, anna, dina, maths):
    """R13: else the deputy's reason."""
    with pytest.raises(Refused) as refused:
        dina.sets(maths, {school.vitya: "н/а"})
    assert refused.value.field == "reason"
    dina.sets(maths, {school.vitya: "н/а"}, reason="Санаторий без школы")
    assert result_of(school, school.vitya, maths).reason == "Санаторий без школы"


def test_nothing_is_set_in_a_closed_term(school, anna, maths):
    """R8."""
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=term(school, 1).id,
                                   closed_at=clock.now(), closed_by_id=school.dina.id))
    school.session.flush()
    with pytest.raises(Refused, match="Закрыто: I четверть"):
        anna.sets(maths, {school.vitya: "5"})


def test_late_and_other_than_suggested_is_told(school, anna, maths):
    give(school, maths, school.vitya, "444")
    anna.sets(maths, {school.vitya: "5"}, at=clock.at(date(2026, 10, 22), 9))
    told = row_of(page_of(school, maths, today=date(2026, 10, 22)), school.vitya).told
    assert [word.replace("\u00a0", " ") for word in told] == ["предложено 4", "после срока: 22 октября"]


def test_marks_go_along_with_a_pupil_who_moves(school, maths):
    """R12 over all journals of the subject: Витя moves to 7Б in mid-term."""
    give(school, maths, school.vitya, "444")
    move_pupil(school.session, actor_id=school.dina.id, pupil_id=school.vitya.id,
               class_id=school.school_class("7Б").id, on=date(2026, 9, 14), now=clock.now())
    other = school.course("7Б", "Матем")
    give(school, other, school.vitya, "5", days=(14,))
    row = row_of(page_of(school, other), school.vitya)
    assert (row.marks, row.suggested, str(row.average)) == (4, "4", "17/4")
    assert row.held.held == 9  # seven in 7А, then the 14th and 16th in 7Б
    left = row_of(page_of(school, maths), school.vitya)
    assert not left.here and left.left_on == date(2026, 9, 13)


def test_the_teacher_of_the_other_subgroup_does_not_set_it(school):
    """Each teacher sets results of the own subgroup."""
    first, second = (school.course("7А", "Иностранный", number) for number in (1, 2))
    member = school.session.scalars(select(CourseMember).filter_by(course_id=second.id, pupil_id=school.vitya.id)).one()
    with pytest.raises(Refused, match="не в этом журнале"):
        Setter(school, school.eva).sets(first, {school.vitya: "5"})
    member.to_on = date(2026, 9, 10)
    school.session.add(CourseMember(course_id=first.id, pupil_id=school.vitya.id, from_on=date(2026, 9, 11)))
    school.session.flush()
    Setter(school, school.eva).sets(first, {school.vitya: "5"})
    with pytest.raises(Refused, match="не в этом журнале"):
        Setter(school, school.boris).sets(second, {school.vitya: "4"})


def test_the_year_is_offered_from_the_terms(school, anna, maths):
    """R12: half up."""
    end = clock.at(date(2027, 5, 20), 10)
    for number, value in enumerate("4545", 1):
        anna.sets(maths, {school.vitya: value}, str(term(school, number).id), at=end)
    with clock.freeze(end):
        row = row_of(page_of(school, maths, "year"), school.vitya)
        assert row.suggested == "5" and str(row.average) == "9/2"
        anna.sets(maths, {school.vitya: "5"}, "year")
        assert result_of(school, school.vitya, maths, "year").due_on == date(2027, 5, 24)


@pytest.fixture
def ninth(school):
    """7А is a class 9 that learns algebra, by Анна, and geometry, by Борис. The subject and the two journals."""
    courses = school.course("7А", "Математика"), school.course("7А", "Русский")
    maths = school.session.get(Subject, courses[0].subject_id)
    school.school_class("7А").grade = 9
    for course, name in zip(courses, ("Алгебра", "Геометрия"), strict=True):
        subject = Subject(name=name)
        school.session.add(subject)
        school.session.flush()
        course.subject_id = subject.id
    school.session.flush()
    return maths, *courses


def test_one_final_mark_over_algebra_and_geometry(school, anna, ninth):
    """R12: a final in mathematics over its parts, with the exam, by weights; either teacher sets it."""
    maths, algebra, geometry = ninth
    end, last = clock.at(date(2027, 5, 20), 10), str(term(school, 4).id)
    boris = Setter(school, school.boris)
    with clock.freeze(end):
        anna.sets(algebra, {school.vitya: "4"}, last)
        boris.sets(geometry, {school.vitya: "5"}, last)
        anna.sets(algebra, {school.vitya: "4"}, "year")
        anna.sets(algebra, {school.vitya: "5"}, "exam", version=0)
        page = page_of(school, algebra, "final")
        assert page.subject == "Математика"
        assert row_of(page, school.vitya).suggested is None  # geometry's year is not set yet
        boris.sets(geometry, {school.vitya: "5"}, "year")
        assert row_of(page_of(school, geometry, "final"), school.vitya).suggested == "5"  # 4, 5 and the exam's 5
        boris.sets(geometry, {school.vitya: "5"}, "final", version=0)
        assert row_of(page_of(school, algebra, "final"), school.vitya).values["final"] == "5"
    finals = school.session.scalars(select(TermMark).where(TermMark.period.in_(["exam", "final"]))).all()
    assert {one.subject_id for one in finals} == {maths.id}


def test_weights_of_a_combined_final_are_a_setting(school, anna, ninth):
    """R12."""
    _, algebra, geometry = ninth
    put_setting(school, "results.combined", {"Математика": [["Алгебра", 5], ["Геометрия", 1]]})
    with clock.freeze(clock.at(date(2027, 5, 20), 10)):
        anna.sets(algebra, {school.vitya: "3"}, "year")
        Setter(school, school.boris).sets(geometry, {school.vitya: "5"}, "year")
        assert row_of(page_of(school, algebra, "final"), school.vitya).suggested == "3"


def test_the_exam_of_a_subject_that_the_school_does_not_have_is_told(school, anna, ninth):
    _, algebra, _ = ninth
    put_setting(school, "results.combined", {"Матанализ": [["Алгебра", 1]]})
    with clock.freeze(clock.at(date(2027, 5, 20), 10)), pytest.raises(Refused, match="Матанализ"):
        anna.sets(algebra, {school.vitya: "5"}, "exam", version=0)


def test_bulk_equals_one_by_one(school, anna, maths):
    """Each by the same rule, with the same record."""
    pupils = [school.vitya, school.person("Ким", "Софья"), school.person("Белова", "Дарья")]
    for pupil, values in zip(pupils, ("55", "44", "3"), strict=True):
        give(school, maths, pupil, values)
    other = school.course("7А", "Русский")
    anna.sets(maths, dict(zip(pupils, "543", strict=True)))
    for pupil, value in zip(pupils, "543", strict=True):
        Setter(school, school.boris).sets(other, {pupil: value})
    rows = [[(one.value, one.version, one.period, one.due_on, one.entered_on) for one in school.session.scalars(
        select(TermMark).filter_by(subject_id=course.subject_id).order_by(TermMark.pupil_id))]
        for course in (maths, other)]
    assert rows[0] == rows[1] and len(rows[0]) == 3
    assert len(records(school, "result.set")) == 6
    assert all(Period.TERM.value in record for record in records(school, "result.set"))
