"""Weekly sheets of 7А: what they say, what of earlier weeks they catch up on, one a week (R21, R25)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ejd import clock
from ejd.families import queries_sheets, sheets
from ejd.families.sheets import Seen
from ejd.families.sheets_in_span import in_all
from ejd.homeroom.notes import NewNote, write_note
from ejd.journal.models import CriterionScore, WorkCriterion
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from ejd.school import settings
from tests.families import guardian_of, on_paper, print_all, says, sheets_there, to_print
from tests.homework import PDF, attach
from tests.journal import Hand, records
from tests.world import FIRST_DAY

MONDAY, TUESDAY = date(2026, 9, 14), date(2026, 9, 15)
FRIDAY_EVENING = clock.at(date(2026, 9, 18), 15)
NEXT_TUESDAY = clock.at(date(2026, 9, 22), 12)
WEEK_AFTER = clock.at(date(2026, 9, 29), 12)


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def maths(school):
    """The lesson of mathematics of a day."""
    course = school.course("7А", "Матем")
    return lambda day: school.lesson(course, day)


def later(lesson, **more):
    return lesson.ends_at + timedelta(minutes=10, **more)


def flat(content):
    """All lessons of the sheet by day and subject."""
    return {(day.day, line.subject): line for day in content.days for line in day.lessons}


def friday(school):
    """What can be printed on Friday after the lessons, of the week that ends."""
    with clock.freeze(FRIDAY_EVENING):
        return [one for one in to_print(school) if one.due.monday == MONDAY]


def test_the_sheet_tells_lessons_marks_presence_averages_debts_and_notes(school, anna, maths):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    monday, tuesday, thursday = maths(MONDAY), maths(TUESDAY), maths(date(2026, 9, 17))
    anna.puts(monday, school.vitya, "5", at=later(monday), comment="у доски")
    anna.sets(monday, "п. 12, № 34", at=later(monday))
    anna.notes(tuesday, school.vitya, "б", at=later(tuesday))
    with clock.freeze(FRIDAY_EVENING):
        work = anna.declares(thursday, at=later(thursday), title="Дроби")
        anna.takes_attendance(thursday, at=later(thursday))
        anna.sets(thursday, "повторить § 3", at=later(thursday))
        write_note(school.session, note=NewNote(
            school.school_class("7А").id, "remark", date(2026, 9, 17), "Забыл тетрадь", school.anna.id, clock.now(),
            "note-to-vitya", [school.vitya.id]))
        [sheet] = print_all(school)
    content, lines = says(sheet), flat(says(sheet))
    assert work.id and (content.pupil, content.class_name, content.monday) == ("Волков Виктор", "7А", MONDAY)
    assert lines[MONDAY, "Математика"].marks == (("5", "Ответ на уроке: у доски"),)
    assert lines[TUESDAY, "Математика"].said == "отсутствие по болезни"
    assert lines[TUESDAY, "Математика"].homework == "п. 12, № 34"
    assert ("Математика", "5", "5,00") in content.averages
    assert any("«Дроби»" in one and "учитель ещё не выставил, срок до" in one for one in content.awaited)
    assert any("замечание" in one and "Забыл тетрадь" in one for one in content.notes)
    assert content.nothing == "" and (sheet.form, sheet.printed_by_id) == ("paper", school.anna.id)
    assert len(records(school, "sheet.printed")) == 1


def test_homework_stands_on_the_sheet_of_who_has_no_internet_not_on_a_refusers(school, anna, maths):
    on_paper(school, school.vera, school.vitya, "refused", from_on=MONDAY)
    guardian_of(school, school.vitya, school.zakhar)
    on_paper(school, school.zakhar, school.vitya, "paper", from_on=MONDAY)
    anna.sets(maths(MONDAY), "п. 12, № 34", at=later(maths(MONDAY)))
    with clock.freeze(FRIDAY_EVENING):
        anna.sets(maths(date(2026, 9, 18)), "на понедельник § 9", at=later(maths(date(2026, 9, 18))))
        printed = {sheet.form: says(sheet) for sheet in print_all(school)}
    assert "п. 12, № 34" in str(printed["paper"]) and "на понедельник § 9" in str(printed["paper"].ahead)
    assert "№ 34" not in str(printed["refused"]) and "§ 9" not in str(printed["refused"])


def test_homework_with_a_file_says_so_on_paper(school, anna, maths):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    homework = anna.sets(maths(MONDAY), "задача в файле", at=later(maths(MONDAY)))
    with clock.freeze(FRIDAY_EVENING):
        attach(school, homework, "задача.pdf", PDF)
        [sheet] = print_all(school)
    assert flat(says(sheet))[TUESDAY, "Математика"].homework == "задача в файле (и файл: спросите у учителя)"


def test_a_work_judged_by_criteria_tells_its_points(school, anna, maths):
    """As the diary does, where the school judges so."""
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    mark = anna.puts(maths(MONDAY), school.vitya, "4", at=later(maths(MONDAY)))
    work = anna.declares(maths(MONDAY), at=later(maths(MONDAY)), title="Дроби")
    session = school.session
    criterion = WorkCriterion(work_id=work.id, position=1, title="Ход решения", most=5)
    session.add(criterion)
    session.flush()
    session.add(CriterionScore(mark_id=mark.id, criterion_id=criterion.id, points=4))
    settings.change(session, actor_id=None, key="works.criteria", value=True, valid_from=FIRST_DAY, now=clock.now())
    with clock.freeze(FRIDAY_EVENING):
        [sheet] = print_all(school)
    assert "баллов 4 из 5" in str(flat(says(sheet))[MONDAY, "Математика"].marks)


def test_the_next_sheet_catches_up_on_marks_corrections_and_presence_of_earlier_weeks(school, anna, maths):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    monday, tuesday, thursday = maths(MONDAY), maths(TUESDAY), maths(date(2026, 9, 17))
    seen = anna.puts(monday, school.vitya, "3", at=later(monday))
    gone = anna.puts(tuesday, school.vitya, "2", at=later(tuesday))
    away = anna.notes(thursday, school.vitya, "н", at=later(thursday))
    with clock.freeze(FRIDAY_EVENING):
        [first] = print_all(school, key="first-week")
    with clock.freeze(NEXT_TUESDAY):
        late = anna.puts(tuesday, school.vitya, "5")
        anna.corrects(seen, "4")
        anna.withdraws(gone)
        anna.notes(thursday, school.vitya, "б", version=away.version)
        short = anna.puts(tuesday, school.vitya, "2")
        anna.withdraws(short)
    with clock.freeze(WEEK_AFTER):
        [second] = print_all(school, key="second-week")
        [third] = [one for one in [second] if one.monday == date(2026, 9, 21)]
    assert says(first).earlier == ()
    told = says(third).earlier
    assert [one.split(": ", 1)[1] for one in told] == [
        "исправлена: 3 → 4", "5 – Ответ на уроке", "отметка 2 удалена", "отсутствие по болезни"] and late.id
    assert all("Математика" in one for one in told) and told[0].startswith("пн\u00a014.09")
    with clock.freeze(WEEK_AFTER + timedelta(days=7)):
        [after] = print_all(school, key="third-week")
    assert says(after).earlier == (), "what one sheet has told the next does not repeat"


def test_a_mark_moved_to_another_pupil_is_told_to_both(school, anna, maths):
    egor = school.person("Ёлкин", "Егор")
    guardian_of(school, egor, school.zakhar)
    for guardian, pupil in ((school.vera, school.vitya), (school.zakhar, egor)):
        on_paper(school, guardian, pupil, from_on=MONDAY)
    mark = anna.puts(maths(MONDAY), school.vitya, "5", at=later(maths(MONDAY)))
    with clock.freeze(FRIDAY_EVENING):
        print_all(school, key="first-week")
    with clock.freeze(NEXT_TUESDAY):
        anna.moves(mark, "pupil", pupil_id=egor.id)
    with clock.freeze(WEEK_AFTER):
        told = {sheet.pupil_id: says(sheet).earlier for sheet in print_all(school, key="second-week")}
    assert "перенесена другому ученику" in str(told[school.vitya.id])
    assert "отметка 5 перенесена сюда от другого ученика" in str(told[egor.id])


def test_an_entry_that_was_on_its_way_while_the_sheet_was_read_is_on_the_next_one_once(school, anna, maths):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    anna.puts(maths(TUESDAY), school.vitya, "4", at=FRIDAY_EVENING - timedelta(minutes=2))  # on the sheet
    with clock.freeze(FRIDAY_EVENING):
        [first] = print_all(school, key="first-week")
    # Begun before the sheet was read, saved after it.
    anna.puts(maths(MONDAY), school.vitya, "5", at=FRIDAY_EVENING - timedelta(seconds=30))
    with clock.freeze(WEEK_AFTER):
        [second] = print_all(school, key="second-week")
    assert "4" in str(flat(says(first))[TUESDAY, "Математика"].marks)
    assert [one.split(": ", 1)[1] for one in says(second).earlier] == ["5 – Ответ на уроке"]


def test_sheets_forgotten_for_weeks_are_printed_together_each_with_its_own_week(school, anna, maths):
    on_paper(school, school.vera, school.vitya, from_on=date(2026, 9, 7))
    anna.puts(maths(date(2026, 9, 8)), school.vitya, "5", at=later(maths(date(2026, 9, 8))))
    anna.puts(maths(TUESDAY), school.vitya, "4", at=later(maths(TUESDAY)))
    with clock.freeze(NEXT_TUESDAY):
        first, second = print_all(school)
    assert [one.monday for one in (first, second)] == [date(2026, 9, 7), MONDAY]
    assert "5" in str(flat(says(first))) and "«4»" not in str(says(first)) and says(second).earlier == ()


def test_a_second_sheet_in_a_week_is_refused_with_the_reason(school):
    on_paper(school, school.vera, school.vitya, "refused", from_on=MONDAY)
    due = friday(school)
    with clock.freeze(FRIDAY_EVENING):
        written = sheets.write_sheets(school.session, owed=due, settings=settings.load(school.session),
                                      now=clock.now())
        print_all(school)
        with pytest.raises(Refused, match="ровно один лист в неделю") as refused:
            sheets.print_sheets(school.session, sheets=written, actor_id=school.anna.id, key="another-batch",
                                now=clock.now())
        assert "Волков Виктор: лист за 14–20\u00a0сентября уже напечатан 18" in str(refused.value)
        assert to_print(school) == [] and len(sheets_there(school)) == 1


def test_the_same_key_again_answers_as_the_first_time(school):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    due = friday(school)
    with clock.freeze(FRIDAY_EVENING):
        written = sheets.write_sheets(school.session, owed=due, settings=settings.load(school.session),
                                      now=clock.now())
        asked = {"sheets": written, "key": "one-batch", "now": clock.now()}
        first = sheets.print_sheets(school.session, actor_id=school.anna.id, **asked)
        assert sheets.print_sheets(school.session, actor_id=school.anna.id, **asked) == first
        with pytest.raises(Refused, match="Страница устарела"):
            sheets.print_sheets(school.session, actor_id=school.dina.id, **asked)


def test_a_reprint_is_the_same_sheet_whatever_was_entered_since(school, anna, maths):
    on_paper(school, school.vera, school.vitya, "refused", from_on=MONDAY)
    with clock.freeze(FRIDAY_EVENING):
        [sheet] = print_all(school)
    before = says(sheet)
    with clock.freeze(NEXT_TUESDAY):
        anna.puts(maths(TUESDAY), school.vitya, "2")
        again = sheets.print_again(school.session, actor_id=school.anna.id, seen=Seen(sheet.id, sheet.version),
                                   now=clock.now())
    assert sheets.contents(school.session, [again], day=NEXT_TUESDAY.date()) == [(before, True)] and again.reprints == 1
    with pytest.raises(Stale):
        sheets.print_again(school.session, actor_id=school.anna.id, seen=Seen(sheet.id, 1), now=NEXT_TUESDAY)
    assert records(school, "sheet.reprinted") == ['{"copies":1}']


def test_two_guardians_told_alike_may_share_a_sheet_and_sign_for_it_together(school):
    guardian_of(school, school.vitya, school.zakhar)
    for guardian in (school.vera, school.zakhar):
        on_paper(school, guardian, school.vitya, from_on=MONDAY)
    with clock.freeze(FRIDAY_EVENING):
        first, other = print_all(school, shared={(school.vitya.id, MONDAY)})
        found = queries_sheets.sheets_of_class(school.session, school.school_class("7А"), now=clock.now(),
                                               today=clock.today())
        assert says(first).guardians == says(other).guardians and "Волкова" in says(first).guardians
        assert [one.id for one in found.waiting] == [first.id] and found.to_print == []
        batch = queries_sheets.batch_of(school.session, class_id=first.class_id, key=first.key)
        assert [one.id for one in batch] == [first.id]
        sheets.hand_out(school.session, actor_id=school.anna.id, class_id=first.class_id, to="guardian",
                        sheets=[Seen(first.id, 1)], on=clock.today(), now=clock.now())
    assert {one.handed_on for one in sheets_there(school)} == {date(2026, 9, 18)}


def test_guardians_of_different_forms_never_share(school):
    guardian_of(school, school.vitya, school.zakhar)
    on_paper(school, school.vera, school.vitya, "refused", from_on=MONDAY)
    on_paper(school, school.zakhar, school.vitya, "paper", from_on=MONDAY)
    with clock.freeze(FRIDAY_EVENING):
        printed = print_all(school, shared={(school.vitya.id, MONDAY)})
    assert [one.shared_with for one in printed] == ["", ""]


@pytest.mark.parametrize(("to", "on", "field"), [
    ("uncle", date(2026, 9, 18), "to"), ("", date(2026, 9, 18), "to"), ("pupil", None, "on"),
    ("pupil", date(2026, 9, 17), "on"), ("pupil", date(2026, 9, 19), "on")])
def test_a_hand_out_names_whom_and_a_day_that_can_be(school, to, on, field):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    with clock.freeze(FRIDAY_EVENING):
        [sheet] = print_all(school)
        with pytest.raises(Refused) as refused:
            sheets.hand_out(school.session, actor_id=school.anna.id, class_id=sheet.class_id, to=to, on=on,
                            sheets=[Seen(sheet.id, 1)], now=clock.now())
    assert refused.value.field == field and sheet.handed_on is None


def test_a_hand_out_noted_by_mistake_is_taken_back_and_told_in_the_audit(school):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    with clock.freeze(FRIDAY_EVENING):
        [sheet] = print_all(school)
        asked = {"actor_id": school.anna.id, "now": clock.now()}
        sheets.hand_out(school.session, class_id=sheet.class_id, to="pupil", on=clock.today(),
                        sheets=[Seen(sheet.id, 1)], **asked)
        with pytest.raises(Stale) as stale:
            sheets.hand_out(school.session, class_id=sheet.class_id, to="guardian", on=clock.today(),
                            sheets=[Seen(sheet.id, 1)], **asked)
        assert stale.value.theirs == "выдан ученику 18\u00a0сентября"
        sheets.take_back(school.session, seen=Seen(sheet.id, sheet.version), **asked)
    assert (sheet.handed_on, sheet.handed_to, sheet.handed_by_id) == (None, "", None)
    assert records(school, "sheet.handed_out") and records(school, "sheet.hand_out_withdrawn")


def test_figures_count_what_was_due_printed_and_handed_in_time(school):
    on_paper(school, school.vera, school.vitya, from_on=date(2026, 9, 7))
    on_paper(school, school.vera, school.masha, from_on=MONDAY)
    with clock.freeze(NEXT_TUESDAY):
        late, sheet = print_all(school)
        sheets.hand_out(school.session, actor_id=school.anna.id, class_id=sheet.class_id, to="pupil", on=clock.today(),
                        sheets=[Seen(late.id, 1)], now=clock.now())
        figures = queries_sheets.sheets_figures(
            school.session, year_id=school.school_class("7А").year_id, first=date(2026, 9, 1),
            last=date(2026, 9, 21), now=clock.now())
    assert [(one.class_name, one.due, one.printed, one.handed, one.in_time) for one in figures] == [
        ("1А", 1, 0, 0, 0), ("7А", 2, 2, 1, 0)]
    assert in_all(figures).waiting == 1


def test_cancelled_lessons_of_a_whole_week_owe_no_sheet(school):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    for lesson in school.session.query(Lesson).filter(Lesson.day.between(MONDAY, date(2026, 9, 20))):
        lesson.state = "cancelled"
    school.session.flush()
    assert friday(school) == []


def test_a_class_is_read_in_the_same_number_of_statements_however_many_are_due(school, at_most):
    for pupil in (school.vitya, school.person("Ёлкин", "Егор"), school.person("Ким", "Софья")):
        guardian_of(school, pupil, school.zakhar)
        on_paper(school, school.zakhar, pupil, from_on=MONDAY)
    due = friday(school)
    assert len(due) == 3
    with at_most(15):
        sheets.write_sheets(school.session, owed=due, settings=settings.Settings(), now=FRIDAY_EVENING)
