"""The printed journal read back from its PDF: every mark, letter, topic and homework is on paper where it belongs, and
nothing is cut (R51); the checksum changes when, and only when, what is on paper changes (R50, engineering 21)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd import clock, names
from ejd.bulk import insert_many
from ejd.certification import checksum, journal_facts, printed
from ejd.certification.drawing.page import Running, frame
from ejd.certification.drawing.spread_pdf import spread_pages
from ejd.certification.journal_book import CourseBook, LessonLine, PupilLine, absences
from ejd.certification.models import PrintedJournal
from ejd.certification.printing import print_each
from ejd.journal import missed
from ejd.journal.models import Attendance, Homework, Mark
from ejd.results.models import TermMark
from ejd.roster.models import Course, CourseMember, Enrolment, Person
from ejd.schedule.models import Lesson
from tests.certification import quarter
from tests.half_term import NOW as HALF_TERM_NOW
from tests.half_term import HalfTerm
from tests.journal import Hand

LONG = "Константинопольская-Преображенская"
SPAN = date(2026, 9, 1), date(2026, 10, 23)


def silent(done, total):
    """Nobody looks."""


def print_7a(school, *, class_name="7А", whole_year=False):
    return printed.print_journal(
        school.session, class_id=school.school_class(class_name).id, tell=silent,
        term_id=None if whole_year else quarter(school).id)


def pages(body):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(body)).pages]


def placed(page):
    """What stands on a page: (x, y, text)."""
    found = []
    page.extract_text(visitor_text=lambda text, _, matrix, font, size: found.append(
        (matrix[4], matrix[5], text.strip())) if text.strip() else None)
    return found


def cells_on(page):
    """What stands in the grid of a left page, by the pupil's name: read by where it is, in order of the columns."""
    found = placed(page)
    rows = {}
    numbers = [(x, y) for x, y, text in found if text.isdigit() and x < 52]  # of pupils, in the first column
    for _, y in numbers:
        here = sorted((round(x), -other, text) for x, other, text in found if abs(other - y) < 4.5)
        name = next(text for x, _, text in here if 40 < x < 140 and not text.isdigit())
        rows[name] = [text for x, _, text in here if x > 180]
    return rows


@pytest.fixture
def half_term(school):
    with clock.freeze(HALF_TERM_NOW):
        HalfTerm(school, 7).live()
        stay_away(school)
        school.session.flush()
        yield school


def stay_away(school):
    """Витя misses two days without a word, Софья is ill for one, Юлия comes late and misses a lesson."""
    hand = Hand(school, school.dina)
    members = journal_facts.read(school.session, class_id=school.school_class("7А").id, first=SPAN[0],
                                 last=SPAN[1]).members
    for name, days, code in (("Волков", (14, 21), "н"), ("Ким", (15,), "б"), ("Яковлева", (17,), "о"),
                             ("Яковлева", (24,), "у")):
        pupil = school.session.scalars(select(Person).filter_by(last_name=name)).one()
        for lesson in school.session.scalars(select(Lesson).filter_by(state="planned").order_by(Lesson.id)).all():
            if lesson.day in [date(2026, 9, day) for day in days] and pupil.id in members.get(lesson.course_id, {}):
                hand.notes(lesson, pupil, code)


def lessons_of(school, course_ids):
    return school.session.scalars(select(Lesson).where(
        Lesson.course_id.in_(course_ids), Lesson.day.between(SPAN[0], date(2026, 9, 29)),
        Lesson.state == "planned").order_by(Lesson.day, Lesson.number)).all()


def test_every_mark_and_letter_of_the_term_is_in_its_pupils_row(half_term):
    """Recounted from the rows of the database, for each journal of 7А and each pupil."""
    school = half_term
    reader = PdfReader(BytesIO(print_7a(school).pdf))
    courses = school.session.scalars(select(Course).filter_by(class_id=school.school_class("7А").id)).all()
    expected, on_paper = {}, {}
    for course in courses:
        ids = [lesson.id for lesson in lessons_of(school, [course.id])]
        for table in (Mark, Attendance):
            value = Mark.value if table is Mark else Attendance.code
            standing = Mark.withdrawn_at.is_(None) if table is Mark else Attendance.code.is_not(None)
            for pupil_id, said in school.session.execute(
                    select(table.pupil_id, value).where(table.lesson_id.in_(ids), standing)):
                expected.setdefault(school.session.get(Person, pupil_id).sort_key, Counter())[
                    {"б": "у"}.get(said, said)] += 1
    pupils = {f"{one.last_name} {one.first_name}": one.sort_key for one in school.session.scalars(select(Person))}
    for page in reader.pages:
        if " Фамилия, имя " not in f" {' '.join(page.extract_text().split())} " or (
                "Сводная" in page.extract_text()):
            continue
        for name, cells in cells_on(page).items():
            said = " ".join(cells).replace("/", " ").replace("*", "").split()
            on_paper.setdefault(pupils[name], Counter()).update(said)
    assert sum(expected.values(), Counter()).total() > 100
    assert {key: found for key, found in on_paper.items() if found} == expected


def test_every_topic_and_homework_of_the_term_is_on_the_right_pages(half_term):
    school = half_term
    paper = "".join("".join(pages(print_7a(school).pdf)).split())
    courses = school.session.scalars(select(Course.id).filter_by(class_id=school.school_class("7А").id)).all()
    lessons = lessons_of(school, courses)
    assert len(lessons) > 40
    for lesson in lessons:
        assert "".join(lesson.topic.split()) in paper
    homework = school.session.scalars(select(Homework).where(
        Homework.lesson_id.in_([lesson.id for lesson in lessons]), Homework.withdrawn_at.is_(None))).all()
    assert len(homework) > 20
    for one in homework:
        assert "".join(("не задано" if one.not_set else one.text).split()) in paper


def test_counts_on_paper_equal_a_recount(half_term):
    school = half_term
    found = print_7a(school)
    courses = school.session.scalars(select(Course.id).filter_by(class_id=school.school_class("7А").id)).all()
    ids = [lesson.id for lesson in lessons_of(school, courses)]
    marks = school.session.scalars(select(Mark.id).where(Mark.lesson_id.in_(ids), Mark.withdrawn_at.is_(None))).all()
    letters = school.session.scalars(select(Attendance.id).where(
        Attendance.lesson_id.in_(ids), Attendance.code.is_not(None))).all()
    assert (found.lessons, found.marks, found.letters) == (len(ids), len(marks), len(letters))
    title, last = pages(found.pdf)[0], pages(found.pdf)[-1]
    for page in (title, last):
        assert f"{found.lessons} урок" in page and f"{found.marks} отмет" in page
    assert f"Страниц: {found.pages}" in last and "пронумеровано, прошнуровано и скреплено печатью" in last


def test_contents_name_the_pages_on_which_journals_begin_on_the_left(half_term):
    """A spread begins on an even page, and the contents say which."""
    found = pages(print_7a(half_term).pdf)
    for title in ("Математика", "Русский язык", "Иностранный язык (английский), подгруппа 1"):
        number = int(re.search(rf"{re.escape(title)}[^0-9]* (\d+)", found[1])[1])
        assert number % 2 == 0
        assert f"{title} " in found[number - 1] and "Фамилия, имя" in found[number - 1]
        assert "Тема урока" in found[number] and "Домашнее задание" in found[number]
    assert all(f"стр. {place} из {len(found)}" in page for place, page in enumerate(found, 1))


def test_the_same_facts_at_the_same_moment_make_the_same_paper(half_term):
    first, second = print_7a(half_term), print_7a(half_term)
    assert (first.pdf_sha256, first.facts_sha256) == (second.pdf_sha256, second.facts_sha256)
    assert first.facts_sha256 == checksum.checksum_of(
        half_term.session, class_id=first.class_id, first=first.first, last=first.last)


def summed(school, span=SPAN):
    school.session.flush()
    return checksum.checksum_of(school.session, class_id=school.school_class("7А").id, first=span[0], last=span[1])


def test_whatever_is_on_paper_changes_the_checksum(school):
    """A mark, its correction, a letter, a topic, homework, who was in the class; back again it is the old one."""
    hand, lesson = Hand(school, school.anna), school.lesson(school.course("7А", "Математика"), date(2026, 9, 14))
    seen = [summed(school)]

    def changed():
        seen.append(summed(school))
        assert len(set(seen)) == len(seen)

    mark = hand.puts(lesson, school.vitya, "4")
    changed()
    hand.corrects(mark, "5")
    changed()
    hand.notes(lesson, school.vitya, "н")
    changed()
    lesson.topic = "Дроби"
    changed()
    lesson.teacher_id, lesson.substitutes_id = school.eva.id, school.anna.id
    changed()
    enrolment = school.session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one()
    enrolment.to_on = date(2026, 10, 1)
    changed()
    enrolment.to_on = None
    assert summed(school) == seen[-2]


def test_what_is_not_on_paper_leaves_the_checksum_alone(school):
    """A name; which of the two good reasons it was (R40); leaving after the span; the next quarter's lesson."""
    hand, lesson = Hand(school, school.anna), school.lesson(school.course("7А", "Математика"), date(2026, 9, 14))
    noted = hand.notes(lesson, school.vitya, "у")
    before = summed(school)
    school.vitya.last_name = "Волков-Новый"
    noted.code = "б"
    school.session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one().to_on = date(2027, 3, 1)
    assert summed(school) == before


def result(school, pupil, value, *, period="term", term=None):
    mathematics = school.course("7А", "Математика")
    row = TermMark(pupil_id=pupil.id, class_id=school.school_class("7А").id, subject_id=mathematics.subject_id,
                   course_id=mathematics.id, year_id=mathematics.year_id, period=period,
                   term_id=term.id if term else None, value=value, entered_on=date(2026, 10, 20),
                   entered_at=clock.at(date(2026, 10, 20)), entered_by_id=school.anna.id)
    school.session.add(row)
    return row


def test_results_belong_to_the_copies_that_show_them(school):
    """Of a quarter: results of the terms over by its end. The year's own are in the year's copy alone (R52)."""
    second = quarter(school, 2)
    spans = {"I": SPAN, "II": (second.starts_on, second.ends_on), "year": (date(2026, 9, 1), date(2027, 5, 26))}

    def sums():
        return {name: summed(school, span) for name, span in spans.items()}

    def changed(before):
        return {name for name, value in sums().items() if value != before[name]}

    before = sums()
    first = result(school, school.vitya, "4", term=quarter(school))
    assert changed(before) == {"I", "II", "year"}
    before = sums()
    result(school, school.vitya, "5", term=second)
    assert changed(before) == {"II", "year"}
    before = sums()
    result(school, school.vitya, "5", period="year")
    assert changed(before) == {"year"}
    before = sums()
    first.value = "5"
    assert changed(before) == {"I", "II", "year"}


def test_the_summary_sheet_has_what_is_set_and_no_suggestions(half_term):
    """Nearly everybody has marks that would suggest a result; only Витя's is set."""
    school = half_term
    result(school, school.vitya, "2", term=quarter(school))
    school.session.flush()
    with clock.freeze(clock.at(date(2026, 10, 24))):
        reader = PdfReader(BytesIO(print_7a(school).pdf))
    [page] = [page for page in reader.pages if "учёта успеваемости" in page.extract_text()
              and "Период" in page.extract_text()]
    figures = [(text, round(y)) for x, y, text in placed(page) if text in "5432" and x > 180 and len(text) == 1]
    [vitya] = [round(y) for x, y, text in placed(page) if text == "Волков Виктор"]
    assert figures == [("2", vitya)]


def test_attendance_on_paper_equals_the_register_of_absences(half_term):
    school = half_term
    class_id = school.school_class("7А").id
    facts = journal_facts.read(school.session, class_id=class_id, first=SPAN[0], last=SPAN[1])
    sheet = absences(facts, [], date(2026, 9, 29))
    expected = missed.of_class(school.session, class_id=class_id, first=SPAN[0], last=date(2026, 9, 29))
    for pupil, (name, row) in zip(facts.pupils, sheet.rows, strict=True):
        mine = expected.get(pupil.id, missed.Missed())
        assert name == pupil.name
        assert (row[-1].days, row[-1].excused, row[-1].without) == (
            mine.all_days, mine.all_lessons - mine.lessons["н"], mine.lessons["н"])
        assert row[-1].days == sum(one.days for one in row[:-1])
    assert sheet.periods == ["сентябрь", "октябрь", "Всего"] and sheet.total[-1].without > 0


def test_illness_is_not_told_on_paper(school):
    """R40: the paper lies open to whoever reads the journal."""
    hand, lesson = Hand(school, school.anna), school.lesson(school.course("7А", "Математика"), date(2026, 9, 14))
    hand.notes(lesson, school.vitya, "б")
    reader = PdfReader(BytesIO(print_7a(school).pdf))
    [row] = [cells_on(page)["Волков Виктор"] for page in reader.pages if "Математика" in page.extract_text()
             and "сентябрь\n1\n" in page.extract_text() and "Фамилия, имя" in page.extract_text()]
    assert row == ["у"]


def test_substitutes_merged_and_remote_lessons_are_told(school):
    course = school.course("7А", "Математика")
    first, second = (school.lesson(course, day) for day in (date(2026, 9, 14), date(2026, 9, 15)))
    first.teacher_id, first.substitutes_id, first.topic = school.eva.id, school.anna.id, "Дроби"
    second.remote, second.merged_into_id = True, first.id
    text = " ".join(pages(print_7a(school).pdf))
    assert "замена: Ершова Е. Е." in text.replace("\u00a0", " ")
    assert "(дистанционно)" in text and "(дан вместе с другим уроком)" in text
    assert "Учитель: Андреева Анна Аркадьевна" in text


def test_who_left_has_his_days(school):
    enrolment = school.session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one()
    enrolment.to_on = date(2026, 9, 10)
    found = pages(print_7a(school).pdf)
    assert "10.09.2026" in next(page for page in found if page.count("Список класса") > 1 or "Выбыл" in page)
    assert "по 10.09" in next(page for page in found if "Математика, " in page or "Математика №" in page)


def test_a_group_over_classes_stands_in_each_book_with_its_own_pupils(school):
    subject = school.course("7А", "Математика").subject_id
    year_id = school.school_class("7А").year_id
    group = Course(year_id=year_id, class_id=None, subject_id=subject, name="Дебют", kind="elective")
    school.session.add(group)
    school.session.flush()
    for pupil in (school.vitya, school.zoya):
        school.session.add(CourseMember(course_id=group.id, pupil_id=pupil.id, from_on=SPAN[0]))
    start = clock.at(date(2026, 9, 14), 15)
    lesson = Lesson(course_id=group.id, day=date(2026, 9, 14), number=7, starts_at=start,
                    ends_at=start + timedelta(minutes=40), teacher_id=school.anna.id, topic="Гамбит")
    school.session.add(lesson)
    school.session.flush()
    facts = {name: journal_facts.read(school.session, class_id=school.school_class(name).id, first=SPAN[0],
                                      last=SPAN[1]) for name in ("7А", "7Б", "1А")}
    assert set(facts["7А"].members[group.id]) == {school.vitya.id}
    assert set(facts["7Б"].members[group.id]) == {school.zoya.id}
    assert group.id not in facts["1А"].members or not facts["1А"].members[group.id]
    assert "Математика (группа «Дебют»)" in " ".join(pages(print_7a(school).pdf))
    assert "Гамбит" in " ".join(pages(print_7a(school, class_name="7Б").pdf))


def test_reading_asks_the_same_whatever_the_class_has(half_term, at_most):
    with at_most(16):
        journal_facts.read(half_term.session, class_id=half_term.school_class("7А").id, first=SPAN[0], last=SPAN[1])


def test_a_class_without_anybody_and_anything_has_its_pages_all_the_same(school):
    empty = school.school_class("7Б")
    for enrolment in school.session.scalars(select(Enrolment).filter_by(class_id=empty.id)):
        school.session.delete(enrolment)
    school.session.flush()
    found = pages(printed.print_journal(school.session, class_id=empty.id, term_id=quarter(school).id, tell=silent).pdf)
    assert "В этом журнале нет учеников" in " ".join(found) and "В классе никого не было" in " ".join(found)


def test_thirty_five_more_pupils_with_long_names_are_whole(school):
    class_id = school.school_class("7А").id
    people = [(f"{LONG}-{place}", "Александра-Виктория", "Константиновна") for place in range(35)]
    insert_many(school.session, Person, [
        {"last_name": last, "first_name": first, "patronymic": third, "birth_date": None,
         "sort_key": names.sort_key(last, first, third), "search_key": names.search_key(last, first, third)}
        for last, first, third in people])
    ids = school.session.scalars(select(Person.id).where(Person.last_name.like(f"{LONG}%"))).all()
    for pupil_id in ids:
        school.session.add(Enrolment(pupil_id=pupil_id, class_id=class_id, from_on=SPAN[0]))
    school.session.flush()
    found = pages(print_7a(school).pdf)
    flat = ["".join(page.split()) for page in found]
    for last, first, _ in people:
        assert sum(f"{last}{first}" in page for page in flat) >= 3


LESSON = LessonLine(date(2026, 9, 1), "к/р", "Дроби", "§ 5", "Андреева А. А.")


def drawn(book):
    """A journal alone, as pages of text."""
    from reportlab.pdfgen.canvas import Canvas

    from ejd.documents.fonts import register

    register()
    body, running = BytesIO(), Running("7А", "2026/2027", "")
    canvas = Canvas(body)
    for number, page in enumerate(spread_pages(book), 2):
        page.draw(canvas, frame(canvas, running, page.title, number, 99))
        canvas.showPage()
    canvas.save()
    return pages(body.getvalue())


def book(lessons, pupils=()):
    return CourseBook("Алгебра", "Андреева Анна Аркадьевна", lessons, pupils, 0, 0, False)


@pytest.mark.parametrize(("count", "spreads"), [(0, 1), (1, 1), (16, 1), (17, 2), (60, 4)])
def test_lessons_take_as_many_spreads_as_they_need(count, spreads):
    found = drawn(book([replace(LESSON, topic=f"Тема-{place}.") for place in range(count)]))
    assert len(found) == 2 * spreads
    assert all(f"Тема-{place}." in " ".join(found) for place in range(count))


def test_homework_longer_than_a_page_goes_on_and_is_whole():
    words = [f"слово{place}" for place in range(1500)]
    found = "".join("".join(drawn(book([LESSON, replace(LESSON, homework=" ".join(words)), LESSON]))).split())
    assert all(word in found for word in words)
    assert "продолж." in found


def test_much_in_one_cell_is_all_there():
    pupil = PupilLine("Ким Софья", "", {0: "н 3/5 4 5 2* 4"}, set())
    assert "".join("н 3/5 4 5 2* 4".split()) in "".join(drawn(book([LESSON], [pupil]))[0].split())


def test_a_print_is_written_down_once_for_its_key(half_term):
    """Work that was begun again is the same print (engineering 18)."""
    school, files = half_term, []
    class_ids = [school.school_class(name).id for name in ("7А", "7Б")]
    for _ in range(2):
        files.clear()
        count = print_each(school.session, class_ids=class_ids, term_id=quarter(school).id, actor_id=school.dina.id,
                           key="journal1", now=clock.now(), tell=silent, keep=lambda *file: files.append(file))
    rows = school.session.scalars(select(PrintedJournal).order_by(PrintedJournal.id)).all()
    assert [row.class_id for row in rows] == class_ids
    assert [name for name, _ in files] == ["Классный журнал 7А, I четверть.pdf", "Классный журнал 7Б, I четверть.pdf"]
    assert count == sum(row.pages for row in rows)
