"""Before a term of 7А is closed and before its copy is certified it is named what is missing, each with a link to where
it is mended; whoever presses on is recorded with what was missing (R8, R50, R52)."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.certification.due import Period
from ejd.certification.lacking import lacking_in
from ejd.remarks.services import NewRemark, close_remark, make_remark
from ejd.results.gaps import Gap, in_words
from ejd.results.models import TermMark
from ejd.roster.models import Course, CourseMember
from ejd.schedule.models import Lesson
from ejd.school.models import Term
from tests.certification import FIRST_QUARTER_OVER, printed_copy, quarter
from tests.journal import Hand

WEEK_OVER = date(2026, 10, 26)
LESSON = date(2026, 10, 9)


def on(day, hour=14):
    return clock.freeze(clock.at(day, hour))


@pytest.fixture
def closing(school):
    return f"/admin/closing/terms/{quarter(school).id}/classes/{school.school_class('7А').id}"


@pytest.fixture
def copies(school):
    return f"/admin/certification/copies?period={quarter(school).id}"


def remarked(school, **about):
    """Дина's remark on the mathematics of 7А on the ninth of October."""
    lesson = school.lesson(school.course("7А", "Математика"), LESSON)
    return make_remark(school.session, remark=NewRemark("Нет темы", school.dina.id, clock.at(LESSON, 15), "remark-key",
                                                        lesson_id=lesson.id))


def record_of(school, verb):
    row = school.session.scalars(select(AuditRecord).filter_by(verb=verb)).one()
    return json.loads(row.data)["missing"]


def lacking(school, class_name="7А", term=None, class_id=None):
    period = Period(term and term.id, "", term.starts_on if term else date(2026, 9, 1),
                    term.ends_on if term else date(2027, 5, 26))
    of_class = school.school_class(class_name)
    found = lacking_in(school.session, year_id=of_class.year_id, period=period, today=clock.today(), now=clock.now(),
                       class_id=class_id)
    return found[of_class.id]


def test_the_class_page_names_open_remarks_and_the_copy_with_links(as_, school, closing, at_most):
    remark = remarked(school)
    with on(WEEK_OVER):
        dina = as_(school.dina)
        with at_most(8):
            page = dina.get(closing)
        [link] = [a["href"] for a in page.select("main a") if a.text == "не закрыто 1"]
        assert "Нет темы" in dina.get(link).words
        assert "Печатный журнал, I четверть: пора заверить , не печатали" in page.words.replace(" ,", " ,")
        assert "незакрытых замечаний: 1" in page.select_one("#close").parent.get_text().replace("\xa0", " ")
        close_remark(school.session, actor_id=school.dina.id, remark_id=remark.id, version=remark.version,
                     now=clock.now())
        assert "открытых нет" in dina.get(closing).words and "Нет темы" not in dina.get(link).words


def test_closing_all_the_same_is_recorded_with_what_was_missing(as_, school, closing):
    remarked(school)
    with on(WEEK_OVER):
        dina = as_(school.dina)
        page = dina.get(closing)
        assert page.select_one(f"form[action='{closing}'] button").text.startswith("Закрыть всё равно")
        dina.submit(page, f"form[action='{closing}']")
        missing = record_of(school, "term.closed")
        assert missing["remarks"] == 1 and missing["no_topic"] == sum(
            int(one.text) for one in page.select("td[data-title='Без темы'] a")) > 0  # nothing was written all quarter
        assert "оставалось: уроков без темы – " in dina.get("/admin/history?group=results").words


def test_figures_lead_to_where_what_was_counted_is_seen(as_, school, closing, copies):
    """R8, R50: a class counts its pupils' groups and lessons of today too, which no list of control of it holds."""
    maths = school.course("7А", "Математика")
    group = Course(year_id=maths.year_id, subject_id=maths.subject_id, kind="elective", name="Астрономия")
    school.session.add(group)
    school.session.flush()
    school.session.add_all([
        CourseMember(course_id=group.id, pupil_id=school.vitya.id, from_on=date(2026, 9, 1)),
        Lesson(course_id=group.id, day=LESSON, number=7, starts_at=clock.at(LESSON, 10), ends_at=clock.at(LESSON, 11))])
    school.session.flush()
    with clock.freeze(clock.at(LESSON, 14)):
        dina = as_(school.dina)
        page = dina.get(closing)
        row = next(row for row in page.select("tbody tr") if row.th.text == "Астрономия")
        for title in ("Без темы", "Без посещаемости"):
            link = row.select_one(f"[data-title='{title}'] a")
            assert link.text == "1" and "Астрономия" in dina.get(link["href"]).words
        counted = sum(int(cell.text) for cell in page.select("[data-title='Без темы']"))
        rows = dina.get(closing.partition("/classes")[0]).select("tbody tr")
        of_class = next(row for row in rows if row.th.text == "7А")
        link = of_class.select_one("[data-title='Нет тем'] a")
        assert int(link.text) == counted and link["href"] == closing
        for reader, opens in ((dina, closing), (as_(school.inna), f"/admin/classes/{maths.class_id}/load")):
            cell = reader.get(copies).select_one(f"#c{maths.class_id} [data-title='Не доделано']")
            link = next(a for a in cell.select("a") if "без темы" in a.text)
            assert link["href"] == opens and link.text.endswith(str(counted))
            for one in cell.select("a"):
                reader.get(one["href"])


def test_a_class_by_half_years_has_no_closing_of_the_quarter_to_lead_to(as_, school, copies):
    of_class = school.school_class("7А")
    of_class.term_scheme = "half_years"
    school.session.flush()
    with on(FIRST_QUARTER_OVER):
        dina = as_(school.dina)
        links = dina.get(copies).select(f"#c{of_class.id} [data-title='Не доделано'] a")
        assert links
        for link in links:
            dina.get(link["href"])


def test_the_copies_page_names_what_a_class_lacks_and_each_link_opens(as_, school, copies, at_most):
    anna = Hand(school, school.anna)
    anna.declares(school.lesson(school.course("7А", "Математика"), LESSON), at=clock.at(LESSON, 12))
    anna.takes_attendance(school.lesson(school.course("7А", "Математика"), LESSON), at=clock.at(LESSON, 12))
    remarked(school)
    with on(FIRST_QUARTER_OVER):
        printed_copy(school)
        galina = as_(school.galina)
        with at_most(8):
            page = galina.get(copies)
        cell = next(row for row in page.select("tbody tr") if row.th.get_text(strip=True) == "7А").select_one(
            "[data-title='Не доделано']")
        said = cell.get_text().replace("\xa0", " ")
        assert "ждут отметок: 8" in said and "незакрытых замечаний: 1" in said and "уроков без темы" in said
        assert "не выставлено итоговых, I четверть: 24" in said  # eight pupils, three subjects
        for link in cell.select("a"):
            galina.get(link["href"])


def test_certifying_all_the_same_is_recorded_with_what_was_missing(as_, school, copies):
    with on(FIRST_QUARTER_OVER):
        copy = printed_copy(school)
        galina = as_(school.galina)
        galina.submit(galina.get(copies), "main form", {"copy": str(copy.id)})
        missing = record_of(school, "journal.certified")
        assert missing["no_result"] == 24 and missing["no_topic"] == missing["no_attendance"] > 20
        assert "I четверть; оставалось: уроков без темы" in galina.get("/admin/history?group=control").words


def test_a_class_by_half_years_owes_no_results_by_the_quarter(school):
    """R15, R50: it is certified by quarters, its marks are of its own terms."""
    first, second = quarter(school), quarter(school, 2)
    school.school_class("7А").term_scheme = "half_years"
    school.session.flush()
    half = school.session.scalars(select(Term).filter_by(scheme="half_years", number=1)).one()
    with on(date(2027, 1, 12)):
        assert Gap.NO_RESULT not in lacking(school, term=first).gaps
        assert lacking(school, term=second).results == [(half.id, "I полугодие", 24)]


def test_the_year_owes_the_years_marks_too(school):
    with on(date(2027, 5, 28)):
        assert lacking(school).results == [
            (quarter(school).id, "I четверть", 24), (None, "год", 24)]  # lessons were in the first only
        of_one = school.school_class("7А").id
        assert lacking(school, class_id=of_one) == lacking(school)
        school.session.add(TermMark(
            pupil_id=school.vitya.id, class_id=of_one, year_id=quarter(school).year_id, period="year", value="5",
            subject_id=school.course("7А", "Математика").subject_id, entered_on=clock.today(), entered_at=clock.now(),
            entered_by_id=school.anna.id))
        school.session.flush()
        assert lacking(school).results[-1] == (None, "год", 23)


@pytest.mark.parametrize(("counts", "said"), [
    ({}, ""),
    ({"remarks": 2, "no_topic": 1}, "уроков без темы – 1, незакрытых замечаний – 2"),
    ({"awaited": 0, "owed": 3}, "долгов учеников – 3"),
])
def test_what_was_missing_is_told_in_one_order(counts, said):
    assert in_words(counts) == said


def test_the_years_copy_is_certified_too_with_what_the_year_lacks(as_, school):
    """R50: at the end of the year, once more for the whole of it."""
    year = "/admin/certification/copies?period=year"
    with on(date(2027, 5, 28)):
        dina, galina = as_(school.dina), as_(school.galina)
        dina.submit(dina.get("/admin/printing"), "main form", {
            "class": str(school.school_class("7А").id), "period": "year"})
        page = galina.get(year)
        row = next(row for row in page.select("tbody tr") if row.th.get_text(strip=True) == "7А")
        assert "не выставлено итоговых, год: 24" in row.get_text().replace("\xa0", " ")
        for link in row.select("[data-title='Не доделано'] a"):
            galina.get(link["href"])
        galina.submit(page, "main form", {"copy": page.select_one("input[name=copy]")["value"]})
        assert "Заверен печатный журнал № 1" in (told := dina.get("/admin/history?group=control").words)
        assert "7А, год; оставалось: " in told
        assert "действует" in galina.get("/admin/certification/register").words
