"""The summary sheet and the school's figures agree with a slow, plain recount, and with one another."""

from collections import Counter
from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from ejd import clock
from ejd.homeroom.glance import glance_at
from ejd.journal.grading import average, counting
from ejd.journal.models import Mark
from ejd.journal.queries import journal_page
from ejd.results import offering, overview
from ejd.results.models import BehaviourMark, TermMark
from ejd.results.overview import What
from ejd.results.queries import results_page, rules_on, slots_of
from ejd.results.summary import sheet_of
from ejd.results.summary_rows import table_of
from ejd.roster.models import Course, CourseMember, Enrolment, Subject
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings
from ejd.school.calendar import TermDates
from ejd.school.queries import calendar_of
from tests.half_term import NOW, TODAY, HalfTerm
from tests.results import Setter, put_setting, result_of, term


@pytest.fixture
def lived(school):
    """A random half term, and results of mathematics set by Анна as they are offered, one of them otherwise."""
    with clock.freeze(NOW):
        HalfTerm(school, seed=7).live()
        standing = school.session.scalars(select(Mark).where(Mark.withdrawn_at.is_(None)).order_by(Mark.id)).all()
        for mark in standing[::9]:
            first = school.session.scalars(select(Mark).where(
                Mark.lesson_id == mark.lesson_id, Mark.pupil_id == mark.pupil_id, Mark.id < mark.id)).first()
            mark.retakes_id = first.id if first else None
        course = school.course("7А", "Матем")
        page = results_page(school.session, course_id=course.id, code=None, today=TODAY, now=NOW,
                            settings=school_settings.load(school.session))
        values = {row.pupil_id: row.suggested for row in page.offered}
        values[school.vitya.id] = "2"
        people = {pupil.id: pupil for pupil in school.session.scalars(select(type(school.vitya)))}
        Setter(school, school.anna).sets(course, {people[pupil_id]: value for pupil_id, value in values.items()})
        yield school


def plain_marks(school, pupil_id, subject_id):
    """Every mark of the pupil in the subject in the first quarter, one by one."""
    first, last = term(school, 1).starts_on, term(school, 1).ends_on
    rows = []
    for mark in school.session.scalars(select(Mark).filter_by(pupil_id=pupil_id).order_by(Mark.id)):
        lesson = school.session.get(Lesson, mark.lesson_id)
        course = school.session.get(Course, lesson.course_id)
        if mark.withdrawn_at is None and course.subject_id == subject_id and first <= lesson.day <= last:
            rows.append((mark.id, mark.value, mark.weight, mark.retakes_id))
    return rows


def plain_suggestion(school, pupil_id, subject_id, settings):
    rows = plain_marks(school, pupil_id, subject_id)
    mean = average(counting(rows, settings.value("retake", on=TODAY)), settings.value("average", on=TODAY))
    return offering.offer_term(mean, "five_point", rules_on(settings, TODAY))


@pytest.mark.parametrize("retakes", ["last", "both"])
def test_marks_are_counted_alike_in_the_journal_in_results_and_in_the_room(lived, retakes):
    """R11, R13: of a mark and its re-take as the school counts them, by a slow recount."""
    put_setting(lived, "retake", retakes)
    settings = school_settings.load(lived.session)
    course = lived.course("7А", "Матем")
    ask = {"course_id": course.id, "settings": settings, "today": TODAY, "now": NOW}
    grid = BeautifulSoup(journal_page(lived.session, term_id=term(lived, 1).id, **ask).rows, "html.parser")
    offered = {row.pupil_id: row.marks for row in results_page(lived.session, code=None, **ask).offered}
    plain = {pupil_id: len(counting(plain_marks(lived, pupil_id, course.subject_id), retakes)) for pupil_id in offered}
    assert offered == plain
    assert {pupil_id: int(grid.select_one(f"#r{pupil_id} .den").text) for pupil_id in offered} == plain
    room = glance_at(lived.session, lived.school_class("7А"), number=1, settings=settings, today=TODAY)
    subjects = lived.session.scalars(select(Subject.id)).all()
    assert {pupil.pupil_id: pupil.marks for pupil in room.pupils} == {pupil.pupil_id: sum(
        len(counting(plain_marks(lived, pupil.pupil_id, subject_id), retakes)) for subject_id in subjects)
        for pupil in room.pupils}


@pytest.mark.parametrize("retakes", ["last", "both"])
def test_the_sheet_is_what_a_plain_recount_says(lived, at_most, retakes):
    put_setting(lived, "retake", retakes)
    settings = school_settings.load(lived.session)
    class_id = lived.school_class("7А").id
    lived.session.commit()
    with at_most(5):
        sheet = sheet_of(lived.session, class_id=class_id, settings=settings, today=TODAY)
    checked = 0
    for pupil in sheet.pupils:
        for subject in sheet.subjects:
            stands = lived.session.scalars(select(TermMark).filter_by(pupil_id=pupil.id, subject_id=subject.id)).first()
            cell = sheet.cell(pupil.id, subject.id, sheet.slot)
            if stands is not None:
                assert cell.value == stands.value and cell.different == (stands.value != stands.suggested)
            else:
                assert cell.value == ""
                assert (cell.suggested or None) == plain_suggestion(lived, pupil.id, subject.id, settings)
                checked += bool(cell.suggested)
    assert checked > 5
    assert sum(cell.different for cell in sheet.cells.values()) == 1


def test_the_sheet_and_the_teachers_page_say_the_same(lived):
    settings = school_settings.load(lived.session)
    sheet = sheet_of(lived.session, class_id=lived.school_class("7А").id, settings=settings, today=TODAY)
    for name, subgroup in (("Матем", 0), ("Русский", 0), ("Иностранный", 1), ("Иностранный", 2)):
        course = lived.course("7А", name, subgroup)
        page = results_page(lived.session, course_id=course.id, code=None, today=TODAY, now=NOW, settings=settings)
        for row in page.rows:
            cell = sheet.cell(row.pupil_id, course.subject_id, sheet.slot)
            assert cell.shown == (row.values[page.slot.code] or row.suggested or "")


def test_the_schools_figures_are_what_a_plain_recount_says(lived, at_most):
    settings = school_settings.load(lived.session)
    calendar = calendar_of(lived.session, lived.school_class("7А").year_id)
    slot = slots_of(calendar.terms_by("quarters"), None)[0]
    with at_most(1):
        rows = overview.overview_of(lived.session, calendar=calendar, slot=slot, settings=settings, today=TODAY)
    plain = Counter()
    for course in lived.session.scalars(select(Course).where(Course.scheme != "markless")):
        members = (select(CourseMember.pupil_id).filter_by(course_id=course.id) if course.subgroup
                   else select(Enrolment.pupil_id).filter_by(class_id=course.class_id))
        for pupil_id in lived.session.scalars(members):
            stands = lived.session.scalars(select(TermMark).filter_by(pupil_id=pupil_id,
                                                                      subject_id=course.subject_id)).first()
            plain["pupils"] += 1
            plain["missing"] += stands is None
            plain["different"] += stands is not None and stands.value != stands.suggested
    total = overview.total_of(rows)
    assert (total.pupils, total.missing, total.different) == (plain["pupils"], plain["missing"], plain["different"])
    assert [row.due_on for row in rows] == [date(2026, 10, 21)] * 2  # 7А and 7Б
    for what in What:
        with at_most(2 if what is What.MISSING else 1):
            listed = overview.list_of(lived.session, calendar=calendar, slot=slot, what=what, settings=settings,
                                      today=TODAY)
        assert len(listed) == total.count(what)
    [other] = overview.list_of(lived.session, calendar=calendar, slot=slot, what=What.DIFFERENT, settings=settings,
                               today=TODAY)
    assert other.cells[1] == "Волков Виктор Павлович" and other.cells[7] == 2


def test_one_hour_subjects_stand_in_the_quarter_that_their_half_year_ends_in(school):
    """R15."""
    course = school.course("7А", "Русский")
    course.term_scheme = "half_years"
    school.session.flush()
    with clock.freeze(clock.at(date(2026, 12, 28), 10)):
        half = str(term(school, 1, "half_years").id)
        Setter(school, school.boris).sets(course, {school.vitya: "4"}, half)
        assert result_of(school, school.vitya, course, half).value == "4"
        sheet = sheet_of(school.session, class_id=school.school_class("7А").id, today=clock.today(),
                         settings=school_settings.load(school.session))
    assert sheet.slot.title == "II четверть"
    assert sheet.cell(school.vitya.id, course.subject_id, sheet.slot).value == "4"


def test_a_paper_table_says_what_is_only_suggested(lived):
    """In brackets; behaviour has a column when the school marks it."""
    put_setting(lived, "behaviour", "pass")
    lived.session.add(BehaviourMark(pupil_id=lived.vitya.id, class_id=lived.school_class("7А").id, value="зач",
                                    term_id=term(lived, 1).id, entered_at=NOW, entered_by_id=lived.anna.id))
    lived.session.flush()
    sheet = sheet_of(lived.session, class_id=lived.school_class("7А").id, today=TODAY,
                     settings=school_settings.load(lived.session))
    table = table_of(sheet, sheet.slot, school="Школа № 12", made_on=TODAY, on_paper=True)
    assert [column.title for column in table.columns][-2:] == ["Поведение", "Ср."]
    row = next(row for row in table.rows if row[1] == "Волков Виктор")
    assert row[3] == 2 and row[-2] == "зач"
    assert any(str(value).startswith("(") for row in table.rows for value in row)
    whole = table_of(sheet, None, school="Школа № 12", made_on=TODAY, on_paper=True)
    assert len(whole.rows) == len(sheet.pupils)  # one quarter has begun


def test_a_subject_without_a_journal_has_a_column_when_something_stands(school):
    """As mathematics over algebra and geometry (R12)."""
    subject = Subject(name="Черчение")
    school.session.add(subject)
    school.session.flush()
    school.session.add(TermMark(
        pupil_id=school.vitya.id, class_id=school.school_class("7А").id, subject_id=subject.id, period="final",
        year_id=school.school_class("7А").year_id, value="5", entered_on=clock.today(), entered_at=clock.now(),
        entered_by_id=school.dina.id))
    school.session.flush()
    sheet = sheet_of(school.session, class_id=school.school_class("7А").id, today=clock.today(),
                     settings=school_settings.load(school.session))
    assert "Черчение" in [one.name for one in sheet.subjects]
    assert isinstance(sheet.slots[0].term, TermDates)
