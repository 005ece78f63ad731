"""«осв»: who is exempt from a subject from–to is present, no mark is expected, one is possible (R10)."""

from datetime import date

import pytest

from ejd.journal import exemptions, sums
from ejd.journal.models import Exemption
from ejd.refusal import Refused
from ejd.roster import classes
from tests.journal import Hand, expected_of, records
from tests.world import NOW

SEVENTH, TENTH, FOURTEENTH, EIGHTEENTH = (date(2026, 9, day) for day in (7, 10, 14, 18))


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def maths(school):
    return school.course("7А", "Матем")


@pytest.fixture
def exempt(school, session, maths):
    """`exempt(pupil, from_on, to_on)` from mathematics in 7А, by the office."""
    def act(pupil, from_on, to_on=None, course=maths):
        return exemptions.exempt(session, actor_id=school.olga.id, pupil_id=pupil.id, course_id=course.id,
                                 from_on=from_on, to_on=to_on, now=NOW)
    return act


@pytest.fixture
def end(school, session):
    def act(row, last_day):
        exemptions.end_exemption(session, actor_id=school.olga.id, exemption_id=row.id, last_day=last_day, now=NOW)
    return act


def paper(anna, lesson, *, taken=True):
    """A test at a lesson, with attendance saved."""
    work = anna.declares(lesson, "test")
    if taken:
        anna.takes_attendance(lesson)
    return work


def awaiting(school, work, pupil):
    row = expected_of(school, work, pupil)
    return None if row is None else row.awaiting


def test_nothing_is_expected_in_its_days_any_more_and_the_rest_stays(school, anna, maths, exempt):
    kim = school.person("Ким", "Софья")
    before, within = (paper(anna, school.lesson(maths, day)) for day in (SEVENTH, TENTH))
    exempt(school.vitya, TENTH, EIGHTEENTH)
    assert [awaiting(school, work, school.vitya) for work in (before, within)] == ["teacher", "released"]
    assert awaiting(school, within, kim) == "teacher"
    assert anna.puts(school.lesson(maths, TENTH), school.vitya, "5", work_id=within.id)  # none expected, one possible


def test_who_was_away_owes_nothing_either(school, anna, maths, exempt):
    anna.notes(school.lesson(maths, TENTH), school.vitya, "б")
    work = paper(anna, school.lesson(maths, TENTH))
    exempt(school.vitya, TENTH)
    assert awaiting(school, work, school.vitya) == "released"


def test_a_mark_that_stands_stays(school, anna, maths, exempt):
    work = paper(anna, school.lesson(maths, TENTH))
    anna.puts(school.lesson(maths, TENTH), school.vitya, "4", work_id=work.id)
    exempt(school.vitya, TENTH)
    assert awaiting(school, work, school.vitya) == "met"


def test_works_to_come_expect_nothing_until_it_ends(school, anna, maths, exempt, end):
    row = exempt(school.vitya, SEVENTH)
    work = paper(anna, school.lesson(maths, TENTH))
    assert awaiting(school, work, school.vitya) is None
    end(row, TENTH)
    assert awaiting(school, work, school.vitya) is None
    later = paper(anna, school.lesson(maths, FOURTEENTH))
    assert awaiting(school, later, school.vitya) == "teacher"


def test_it_is_recorded_without_names_or_reasons(school, maths, exempt, end):
    row = exempt(school.vitya, TENTH)
    end(row, FOURTEENTH)
    assert records(school, "exemption.given") == [
        f'{{"pupil":{school.vitya.id},"from_on":"2026-09-10","to_on":null}}']
    assert records(school, "exemption.ended") == [f'{{"pupil":{school.vitya.id},"last_day":"2026-09-14"}}']


def test_one_that_ends_before_it_began_was_a_mistake(school, session, exempt, end):
    end(exempt(school.vitya, TENTH), date(2026, 9, 9))
    assert session.query(Exemption).count() == 0


@pytest.mark.parametrize(("from_on", "to_on", "field", "begins"), [
    (TENTH, SEVENTH, "to_on", "Последний день раньше первого"),
    (date(2026, 8, 31), None, "from_on", "Освобождают внутри учебного года"),
    (TENTH, date(2027, 6, 1), "to_on", "Освобождают внутри учебного года"),
])
def test_days_that_do_not_fit_are_refused_at_their_field(school, exempt, from_on, to_on, field, begins):
    with pytest.raises(Refused, match=begins) as refused:
        exempt(school.vitya, from_on, to_on)
    assert refused.value.field == field


def test_the_same_days_twice_are_refused(school, exempt):
    exempt(school.vitya, SEVENTH, FOURTEENTH)
    with pytest.raises(Refused, match="уже освобождён") as refused:
        exempt(school.vitya, FOURTEENTH)
    assert refused.value.field == "from_on"
    exempt(school.vitya, date(2026, 9, 15))


def test_only_who_is_in_the_journal(school, session, maths, exempt):
    with pytest.raises(Refused, match="не учится") as refused:
        exempt(school.zoya, TENTH)
    assert refused.value.field == "course_id"
    classes.pupil_leaves(session, actor_id=None, pupil_id=school.vitya.id, last_day=SEVENTH, reason="", now=NOW)
    with pytest.raises(Refused, match="не учится"):
        exempt(school.vitya, TENTH)


def test_the_last_day_is_not_put_off_by_ending(school, exempt, end):
    with pytest.raises(Refused, match="раньше") as refused:
        end(exempt(school.vitya, SEVENTH, TENTH), FOURTEENTH)
    assert refused.value.field == "last_day"


@pytest.fixture(autouse=True)
def sums_agree(session):
    yield
    assert sums.recount(session) == []
