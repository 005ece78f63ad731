"""What a family's phone fetches: the first visit in one TCP window, the next ones a page of 4 KB.

Counted: status line, headers and gzip bodies of what a browser asks for with an empty cache: the page and every file
that it names. The week is a full one: seven lessons a day with homework, marks and long comments.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ejd import clock
from ejd.journal.models import Homework, Mark
from ejd.roster.models import Course
from ejd.schedule.models import Lesson
from tests.diary_facts import MON, diary_of, marks_of
from tests.statements import counting
from tests.world import BELLS

FIRST_VISIT, HTML_ALONE, NEXT_VISIT = 14_400, 8_192, 4_096
SERVERS_OWN = 90  # Date, Server and Connection, which the server adds to each answer

WORDS = """упражнение параграф прочитать выучить таблица чертёж ответить вопросы пересказ главы контурная карта
словарные слова задача примеры правило наизусть стихотворение конспект сочинение план рисунок доклад лабораторная
оформить повторить подготовить выписать решить сравнить доказать теорема формулы реакция опыт эпоха князь реформа
климат материк клетка ткань скорость давление уравнение дробь процент угол площадь множество алгоритм цикл""".split()


@pytest.fixture
def full_week(school, session):
    """Seven lessons on each of five days, each with homework due, and two marks in three of four."""
    courses = [course.id for course in session.query(Course).filter_by(class_id=school.school_class("7А").id)
               if course.subgroup != 1]
    session.query(Lesson).filter(Lesson.day >= MON - timedelta(days=7), Lesson.course_id.in_(courses)).delete()
    lessons = []
    for day in range(-7, 5):
        for number, (hour, minute) in enumerate(BELLS, 1):
            date_of = MON + timedelta(days=day)
            starts = clock.at(date_of, hour, minute)
            lessons.append(Lesson(course_id=courses[number % len(courses)], day=date_of, number=number,
                                  starts_at=starts, ends_at=starts + timedelta(minutes=40),
                                  teacher_id=school.anna.id))
    session.add_all(lessons)
    session.flush()
    for index, lesson in enumerate(lessons):
        if index + 14 < len(lessons):
            text = " ".join(WORDS[(index * 7 + step * step) % len(WORDS)] for step in range(9))
            session.add(Homework(lesson_id=lesson.id, text=f"{text}, № {index * 37 % 900}, {index * 53 % 900}",
                                 due_lesson_id=lessons[index + 14].id, published_by_id=school.anna.id,
                                 published_at=lesson.ends_at + timedelta(minutes=index * 11 % 300)))
        for copy in range(2 if index % 4 else 0):
            comment = " ".join(WORDS[(index * 5 + copy + step * 3) % len(WORDS)] for step in range(4))
            session.add(Mark(lesson_id=lesson.id, pupil_id=school.vitya.id, kind_id=school.kind("test").id,
                             value="5432"[index % 4], weight=2, comment=comment, received_on=lesson.day,
                             entered_on=lesson.day, entered_at=lesson.ends_at, entered_by_id=school.anna.id,
                             responsible_id=school.anna.id, days_taken=0, key=f"m{index}-{copy}",
                             last_key=f"m{index}-{copy}"))
    session.commit()


def fetch(visitor, url):
    """An answer as it goes over the wire to a browser that knows gzip."""
    answer = visitor.open(url, headers={"Accept-Encoding": "gzip", "User-Agent": "Mozilla/5.0"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    return answer


def on_the_wire(answer):
    head = len(f"HTTP/1.1 {answer.status}\r\n") + sum(len(f"{name}: {value}\r\n") for name, value in answer.headers)
    return head + 2 + SERVERS_OWN + len(answer.get_data())


def files_of(visitor, url):
    """Every file that the page asks the browser to fetch."""
    page = visitor.get(url)
    found = {tag.get("href") or tag.get("src") for tag in page.select("link[href], [src]")}
    return sorted(found | set(re.findall(r"url\(([^)]+)\)", page.response.text)))


def test_the_first_visit_fits_into_one_window(as_, school, full_week):
    visitor, url = as_(school.vera), diary_of(school.vitya)
    files = files_of(visitor, url)
    answers = [fetch(visitor, address) for address in [url, *files]]
    assert len(answers) <= 3
    assert len(answers[0].get_data()) <= HTML_ALONE
    assert sum(on_the_wire(answer) for answer in answers) <= FIRST_VISIT


@pytest.mark.parametrize("url_of", [diary_of, marks_of])
def test_the_next_visits_fetch_a_small_page_and_nothing_else(as_, school, full_week, url_of):
    visitor, url = as_(school.vera), url_of(school.vitya)
    assert len(fetch(visitor, url).get_data()) <= NEXT_VISIT
    for address in files_of(visitor, url):
        assert "immutable" in fetch(visitor, address).headers["Cache-Control"]


def test_files_do_not_depend_on_who_asks_and_ask_the_database_nothing(as_, school):
    visitor = as_(school.vera)
    for address in files_of(visitor, diary_of(school.vitya)):
        with counting() as statements:
            answer = fetch(visitor, address)
        assert not statements
        assert answer.headers["Vary"] == "Accept-Encoding" and "Set-Cookie" not in answer.headers


def test_the_full_week_is_full(as_, school, full_week):
    page = as_(school.vera).get(diary_of(school.vitya))
    assert len(page.select(".day li")) == 35 and len(page.select(".task")) >= 30 and len(page.select(".mark")) >= 50


def test_the_style_sheet_keeps_its_budget(as_):
    visitor = as_(None)
    css = next(address for address in files_of(visitor, "/login") if address.endswith(".css"))
    assert len(fetch(visitor, css).get_data()) <= 6 * 1024
