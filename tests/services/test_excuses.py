"""Excuses and the letters of lessons: certificates back in time, announcements answered, what was taken back (R4, R8,
R10, R40); and that many at once are the same as one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest
from sqlalchemy import select

from ejd.db import table_of
from ejd.journal import day_entry, excuses
from ejd.journal.day_entry import Said
from ejd.journal.excuses import NewExcuse
from ejd.journal.excusing import Span
from ejd.journal.models import Attendance, Excuse, Expectation, TermClosing
from ejd.refusal import Refused, Stale
from ejd.roster.models import Person
from ejd.schedule.models import LessonState
from ejd.school.models import Term
from tests.diary_facts import MON, THU, TUE, WED, lesson_of
from tests.journal import Hand, expected_of, records
from tests.world import NOW, World

FRI = date(2026, 9, 11)


@dataclass
class Desk:
    """Where excuses are written down: by Анна, class teacher of 7А, unless another is named."""

    school: World
    keys: count

    def notes(self, span, code="б", *, pupil=None, person=None, at=NOW, certificate=True):
        new = NewExcuse((pupil or self.school.vitya).id, span, code, f"k{next(self.keys)}",
                        (person or self.school.anna).id, at, certificate)
        filled = excuses.record_excuses(self.school.session, excuses=[new])
        return self.with_key(new.key), filled

    def with_key(self, key) -> Excuse:
        return self.school.session.scalars(select(Excuse).filter_by(key=key)).one()

    def announces(self, span, code="у", *, person=None, word=""):
        return excuses.announce(self.school.session, excuse=NewExcuse(
            self.school.vitya.id, span, code, f"k{next(self.keys)}", (person or self.school.vera).id, NOW, word=word))

    def withdraws(self, excuse):
        return excuses.withdraw(self.school.session, actor_id=self.school.anna.id, excuse_id=excuse.id,
                                version=excuse.version, now=NOW)

    def letter(self, subject, day, pupil: Person | None = None):
        return self.school.session.scalar(select(Attendance.code).filter_by(
            lesson_id=lesson_of(self.school, subject, day).id, pupil_id=(pupil or self.school.vitya).id))


@pytest.fixture
def desk(school):
    return Desk(school, count(1))


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


def maths(school, day):
    return lesson_of(school, "Матем", day)


def test_a_certificate_explains_absences_behind_and_fills_blanks_of_lessons_with_attendance(school, anna, desk):
    anna.notes(maths(school, MON), school.vitya, "н")
    anna.takes_attendance(maths(school, MON))
    anna.takes_attendance(maths(school, TUE))
    _, filled = desk.notes(Span(MON, WED))
    assert (desk.letter("Матем", MON), desk.letter("Матем", TUE), desk.letter("Русский", WED)) == ("б", "б", None)
    assert filled.lessons == 2 and filled.there == []


def test_other_pupils_and_other_days_stay_as_they_are(school, anna, desk):
    ada = school.person("Ким", "Софья")
    anna.notes(maths(school, FRI), school.vitya, "н")
    anna.notes(maths(school, MON), ada, "н")
    desk.notes(Span(MON, WED))
    assert desk.letter("Матем", FRI) == "н" and desk.letter("Матем", MON, ada) == "н"


def test_who_was_there_is_not_overwritten_but_told(school, anna, desk):
    late, marked, present = maths(school, FRI), maths(school, MON), maths(school, TUE)
    anna.notes(late, school.vitya, "о")
    anna.puts(marked, school.vitya, "5")
    cleared = anna.notes(present, school.vitya, "н")
    anna.notes(present, school.vitya, None, version=cleared.version)
    for lesson in (late, marked, present):
        anna.takes_attendance(lesson)
    _, filled = desk.notes(Span(FRI, TUE))
    assert filled.lessons == 0
    [said] = excuses.in_sentences(filled)
    assert said.replace("\u00a0", " ") == (
        "В эти уроки ученик был отмечен, они не изменены: пт, 11 сентября, 3-й урок, Математика: опоздал; "
        "пн, 14 сентября, 1-й урок, Математика: присутствовал; вт, 15 сентября, 2-й урок, Математика: присутствовал.")
    assert [desk.letter("Матем", day) for day in (FRI, MON, TUE)] == ["о", None, None]


def test_a_mark_written_later_does_not_tell_that_the_pupil_was_there(school, anna, desk):
    """R3: н and the mark both stay; the mark was received on another day."""
    anna.declares(maths(school, MON))
    anna.notes(maths(school, MON), school.vitya, "н")
    anna.takes_attendance(maths(school, MON))
    [work] = anna.school.session.scalars(select(Expectation).filter_by(pupil_id=school.vitya.id)).all()
    anna.puts(maths(school, MON), school.vitya, "4", work_id=work.work_id, received_on=TUE, received_reason="болел")
    desk.notes(Span(MON, MON))
    assert desk.letter("Матем", MON) == "б"


def test_lessons_to_come_get_the_letter_when_attendance_is_taken(school, anna, desk):
    excuse, filled = desk.notes(Span(THU, THU))
    assert filled.lessons == 0 and desk.letter("Матем", THU) is None
    anna.takes_attendance(maths(school, THU))
    assert desk.letter("Матем", THU) == "б"
    row = school.session.scalars(select(Attendance).filter_by(excuse_id=excuse.id)).one()
    assert row.lesson_id == maths(school, THU).id


def test_whoever_types_an_absence_gets_the_known_reason(school, anna, desk):
    """Again changes nothing, by the same key too."""
    desk.notes(Span(THU, THU))
    first = anna.notes(maths(school, THU), school.vitya, "н", key="same")
    again = anna.notes(maths(school, THU), school.vitya, "н", key="same")
    assert first.code == "б" and (again.id, again.version) == (first.id, 1)
    assert anna.notes(maths(school, THU), school.vitya, "у", version=1).code == "б"


def test_the_teacher_may_say_that_the_pupil_was_there_all_the_same(school, anna, desk):
    desk.notes(Span(THU, THU))
    anna.notes(maths(school, THU), school.vitya, None, version=0)
    anna.takes_attendance(maths(school, THU))
    assert desk.letter("Матем", THU) is None


def test_an_absentee_by_certificate_owes_the_work(school, anna, desk):
    """R4: blank counted as present, so the teacher's mark was awaited; now the pupil owes."""
    work = anna.declares(maths(school, MON))
    anna.takes_attendance(maths(school, MON))
    assert expected_of(school, work, school.vitya).awaiting == "teacher"
    excuse, _ = desk.notes(Span(MON, MON))
    assert expected_of(school, work, school.vitya).awaiting == "pupil"
    desk.withdraws(excuse)
    assert expected_of(school, work, school.vitya).awaiting == "teacher"


def test_a_work_of_a_lesson_to_come_is_owed_at_once(school, anna, desk):
    work = anna.declares(maths(school, THU))
    desk.notes(Span(THU, THU))
    anna.takes_attendance(maths(school, THU))
    assert expected_of(school, work, school.vitya).awaiting == "pupil"


@pytest.mark.parametrize(("span", "letters"), [
    (Span(MON, MON, 2), [None, "б"]), (Span(MON, MON, None, 1), ["б", None]), (Span(MON, MON, 1, 2), ["б", "б"])])
def test_part_of_a_day(school, anna, desk, span, letters):
    for subject in ("Матем", "Русский"):
        anna.takes_attendance(lesson_of(school, subject, MON))
    desk.notes(span)
    assert [desk.letter("Матем", MON), desk.letter("Русский", MON)] == letters


def test_taking_back_restores_what_stood_there(school, anna, desk):
    anna.notes(maths(school, MON), school.vitya, "н")
    for day in (MON, TUE):
        anna.takes_attendance(maths(school, day))
    excuse, _ = desk.notes(Span(MON, THU))
    anna.takes_attendance(maths(school, THU))
    assert desk.withdraws(excuse) == 3
    # н where it stood, blank where it was blank, н where the teacher had seen the letter and agreed
    assert [desk.letter("Матем", day) for day in (MON, TUE, THU)] == ["н", None, "н"]
    assert desk.withdraws(excuse) == 0
    assert len(records(school, "excuse.withdrawn")) == 1


def test_written_down_anew_with_the_right_days_it_fills_again(school, anna, desk):
    anna.takes_attendance(maths(school, MON))
    wrong, _ = desk.notes(Span(MON, MON))
    desk.withdraws(wrong)
    desk.notes(Span(MON, TUE))
    assert desk.letter("Матем", MON) == "б"


def test_overlapping_excuses_give_way_to_one_another(school, anna, desk):
    anna.takes_attendance(maths(school, MON))
    paper, _ = desk.notes(Span(MON, MON), "б")
    desk.notes(Span(MON, WED), "у", certificate=False)
    assert desk.letter("Матем", MON) == "б"
    desk.withdraws(paper)
    assert desk.letter("Матем", MON) == "у"


def test_what_the_teacher_changed_meanwhile_is_not_restored(school, anna, desk):
    anna.takes_attendance(maths(school, MON))
    excuse, _ = desk.notes(Span(MON, MON))
    row = school.session.scalars(select(Attendance).filter_by(excuse_id=excuse.id)).one()
    anna.notes(maths(school, MON), school.vitya, "о", version=row.version)
    assert desk.withdraws(excuse) == 0 and desk.letter("Матем", MON) == "о"


def test_cancelled_lessons_and_lessons_of_other_subgroups_take_nothing(school, anna, desk):
    maths(school, MON).state = LessonState.CANCELLED.value
    other = lesson_of(school, "Иностр", TUE, subgroup=1)
    for lesson in (other, lesson_of(school, "Иностр", TUE, subgroup=2)):
        anna.takes_attendance(lesson)
    desk.notes(Span(MON, TUE))
    assert desk.letter("Матем", MON) is None
    mine = school.session.scalars(select(Attendance.lesson_id).filter_by(pupil_id=school.vitya.id)).all()
    assert mine == [lesson_of(school, "Иностр", TUE, subgroup=2).id]


def test_in_a_closed_term_absences_are_explained_and_nothing_else(school, anna, desk):
    """R8, last sentence."""
    anna.notes(maths(school, MON), school.vitya, "н")
    for day in (MON, TUE):
        anna.takes_attendance(maths(school, day))
    term = school.session.scalars(select(Term).filter_by(name="I четверть")).one()
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=term.id, closed_at=NOW,
                                   closed_by_id=school.dina.id))
    school.session.flush()
    excuse, filled = desk.notes(Span(MON, TUE))
    assert (desk.letter("Матем", MON), desk.letter("Матем", TUE)) == ("б", None)
    assert [there.day for there in filled.there] == [TUE]
    with pytest.raises(Refused, match="Закрыто"):
        desk.withdraws(excuse)


def test_a_key_again_changes_nothing(school, desk):
    new = NewExcuse(school.vitya.id, Span(MON, MON), "б", "one", school.anna.id, NOW)
    for _ in range(2):
        excuses.record_excuses(school.session, excuses=[new])
    assert len(records(school, "excuse.recorded")) == 1
    told = NewExcuse(school.vitya.id, Span(THU, THU), "у", "two", school.vera.id, NOW)
    assert excuses.announce(school.session, excuse=told) is excuses.announce(school.session, excuse=told)


@pytest.mark.parametrize(("changes", "field"), [
    ({"code": "о"}, "code"), ({"code": ""}, "code"), ({"span": Span(TUE, MON)}, "to_on"),
    ({"span": Span(date(2030, 1, 1), date(2030, 1, 1))}, "from_on"), ({"word": "я" * 301}, "word")])
def test_garbage_is_refused_at_its_field(school, changes, field):
    given = {"span": Span(MON, MON), "code": "б", "word": ""} | changes
    new = NewExcuse(school.vitya.id, given["span"], given["code"], "k", school.anna.id, NOW, word=given["word"])
    with pytest.raises(Refused) as refused:
        excuses.record_excuses(school.session, excuses=[new])
    assert refused.value.field == field


def test_an_announcement_is_answered_once(school, anna, desk):
    excuse = desk.announces(Span(THU, THU), word="К врачу")
    asked = {"actor_id": school.anna.id, "excuse_id": excuse.id, "version": 1, "now": NOW}
    excuses.accept(school.session, **asked, code="б", answer="Выздоравливайте")
    anna.takes_attendance(maths(school, THU))
    assert desk.letter("Матем", THU) == "б"
    with pytest.raises(Stale) as stale:
        excuses.decline(school.session, **asked, answer="нет")
    assert stale.value.theirs == "принято"


def test_a_declined_announcement_fills_nothing(school, anna, desk):
    excuse = desk.announces(Span(THU, THU))
    asked = {"actor_id": school.anna.id, "excuse_id": excuse.id, "version": 1, "now": NOW}
    with pytest.raises(Refused, match="почему"):
        excuses.decline(school.session, **asked, answer=" ")
    excuses.decline(school.session, **asked, answer="Контрольная работа")
    anna.takes_attendance(maths(school, THU))
    assert desk.letter("Матем", THU) is None


def test_only_who_sent_it_takes_an_announcement_back_and_only_before_the_answer(school, desk):
    excuse = desk.announces(Span(THU, THU))
    asked = {"excuse_id": excuse.id, "version": 1, "now": NOW}
    with pytest.raises(Refused, match="кто его отправил"):
        excuses.take_back(school.session, actor_id=school.zakhar.id, **asked)
    excuses.take_back(school.session, actor_id=school.vera.id, **asked)
    assert excuse.state == "withdrawn"
    with pytest.raises(Stale):
        excuses.accept(school.session, actor_id=school.anna.id, **asked, code="у")


def test_the_record_keeps_no_words(school, desk):
    """R40"""
    desk.announces(Span(THU, THU), word="Ветрянка")
    assert records(school, "excuse.announced") == [
        f'{{"pupil":{school.vitya.id},"from_on":"2026-09-17","to_on":"2026-09-17","code":"у"}}']


def say(school, code, number=None, *, seen=None, key="d1", pupil=None, day=THU, person=None):
    said = Said((pupil or school.vitya).id, code, number, key, *((seen.id, seen.version) if seen else ()))
    return day_entry.record_day(
        school.session, class_id=school.school_class("7А").id, day=day, said=[said],
        actor_id=(person or school.olga).id, now=NOW, settings=Hand(school, school.olga).settings)


def standing(school):
    return school.session.scalars(select(Excuse).filter_by(pupil_id=school.vitya.id, state="accepted")).one_or_none()


def test_the_office_says_who_is_away_and_lessons_follow(school, anna, desk):
    say(school, "н")
    anna.takes_attendance(maths(school, THU))
    assert desk.letter("Матем", THU) == "н"
    say(school, "у", seen=standing(school), key="d2")
    assert desk.letter("Матем", THU) == "у" and standing(school).code == "у"


def test_from_a_lesson_on(school, anna, desk):
    say(school, "у", 2)
    for subject in ("Матем", "Русский"):
        anna.takes_attendance(lesson_of(school, subject, THU))
    assert (desk.letter("Матем", THU), desk.letter("Русский", THU)) == (None, "у")


def test_without_a_reason_the_office_does_not_overrule_the_teacher(school, anna, desk):
    anna.takes_attendance(maths(school, THU))
    filled = say(school, "н")
    assert desk.letter("Матем", THU) is None and len(filled.there) == 1


def test_late_goes_into_the_first_lesson_of_the_day_or_the_named_one(school, desk):
    say(school, "о")
    say(school, "о")
    say(school, "о", 2, pupil=school.person("Ким", "Софья"), key="d3")
    assert desk.letter("Матем", THU) == "о" and standing(school) is None
    assert desk.letter("Русский", THU, school.person("Ким", "Софья")) == "о"
    with pytest.raises(Refused, match="нет такого урока"):
        say(school, "о", 7, pupil=school.person("Белова", "Дарья"), key="d4")


def test_a_line_that_another_hand_changed_is_stale(school):
    say(school, "н")
    seen = standing(school)
    say(school, "у", seen=seen, key="d2")
    with pytest.raises(Stale):
        say(school, "б", key="d3")


def test_a_day_to_come_is_for_certificates(school):
    with pytest.raises(Refused, match="ещё не наступил"):
        say(school, "н", day=THU + timedelta(days=1))


def test_many_excuses_equal_the_same_one_by_one(school, session, desk, anna):
    """Engineering 9: rows, expectations and record."""
    dice = Random(5)
    days = [date(2026, 9, 7) + timedelta(days=offset) for offset in range(10)]
    pupils = [school.vitya, school.person("Ким", "Софья"), school.person("Ёлкин", "Егор")]
    for day in (MON, TUE):
        anna.declares(maths(school, day))
        anna.notes(maths(school, day), pupils[1], dice.choice("нбо"))
        anna.takes_attendance(maths(school, day))
    new = []
    for number in range(12):
        first = dice.choice(days)
        new.append(NewExcuse(dice.choice(pupils).id, Span(first, first + timedelta(days=dice.randrange(4))),
                             dice.choice("бун"), f"m{number}", school.anna.id, NOW, dice.random() < 0.5))
    assert ways(session, lambda: excuses.record_excuses(session, excuses=new)) == ways(
        session, lambda: [excuses.record_excuses(session, excuses=[one]) for one in new])


def ways(session, act):
    """What stands after the act, without the ids that the database gave; the act is rolled back."""
    with session.begin_nested() as savepoint:
        act()
        session.flush()
        keys = {row.id: row.key for row in session.execute(select(table_of(Excuse)))}
        found = [sorted(
            (tuple(keys.get(value, value) if name == "excuse_id" else str(value)
                   for name, value in row._mapping.items() if name != "id")
             for row in session.execute(select(table_of(model)))), key=str)
            for model in (Attendance, Expectation, Excuse)]
        savepoint.rollback()
    session.expire_all()
    return found


