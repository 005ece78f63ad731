"""Weekly sheets and slips as papers: their text read back, nothing cut, two pupils a page where both fit (R21, R53)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd import clock
from ejd.families.sheet_content import Content, DayLines, LessonLine, from_json
from ejd.families.sheet_pdf import sheets_pdf
from ejd.families.slip_pdf import slips_pdf
from ejd.families.slips import Line, Slip, slips_of_class
from tests.families import guardian_of, on_paper
from tests.journal import Hand

MONDAY = date(2026, 9, 14)
SUBJECTS = ("Русский язык", "Литература", "Математика", "Иностранный язык (английский)", "Вероятность и статистика",
            "Физическая культура", "Основы безопасности и защиты Родины")
LONGEST = "Константинопольская-Преображенская Александра-Виктория"
EMPTY = Content(school="Школа № 12", class_name="7А", pupil="Ким Софья", guardians="Ким О. В.", monday=MONDAY,
                homework=False, days=(), nothing="Отметок на этой неделе нет.", term="I четверть", averages=(),
                earlier=(), awaited=(), owed=(), notes=(), ahead=(), told=())


def pages(body):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(body)).pages]


def flat(body):
    """All the text without spaces and hyphens that line ends may have put in."""
    return "".join("".join(pages(body)).split())


def full_week(*, marks=1, homework=True):
    def line(number, subject):
        title = f" «{subject}», вес 2" if marks > 1 else ""
        told = tuple((value, f"Контрольная работа{title}") for value in "54323"[:marks])
        return LessonLine(number, subject, "", "§ 5, № 12–14, письменно" if homework else "", told)

    days = tuple(DayLines(MONDAY + timedelta(days=offset), "",
                          tuple(line(number, subject) for number, subject in enumerate(SUBJECTS, 1)))
                 for offset in range(5))
    return replace(EMPTY, homework=homework, days=days, nothing="",
                   averages=tuple((subject, "5 4 5 4 3 5 5 4", "4,38") for subject in SUBJECTS))


def test_a_pupil_without_anything_gets_a_sheet_that_says_so_and_a_line_to_tear_off():
    [page] = pages(sheets_pdf([(EMPTY, False)]))
    assert "Отметок на этой неделе нет." in page and "Ким Софья, 7А" in page
    assert "за неделю 14–20 сентября 2026 года" in page and "Получил(а)" in page and "Подпись" in page
    assert "повторная печать" not in page


def test_a_further_copy_says_that_it_is_one():
    assert "повторная печать" in pages(sheets_pdf([(EMPTY, True)]))[0]


@pytest.mark.parametrize(("sheets", "sides"), [
    ([EMPTY], 1), ([EMPTY, EMPTY], 1), ([EMPTY] * 3, 2), ([full_week()], 1), ([EMPTY, full_week(), EMPTY], 3),
    ([full_week(), EMPTY, EMPTY], 2), ([EMPTY] * 35, 18)])
def test_two_short_sheets_in_a_row_share_a_side_a_long_one_has_its_own(sheets, sides):
    found = pages(sheets_pdf([(one, False) for one in sheets]))
    assert len(found) == sides
    assert sum(page.count("Результаты обучения") for page in found) == len(sheets)


def test_a_full_week_with_homework_stands_on_one_side_whole():
    content = replace(full_week(), earlier=("пн 07.09, Математика: 5 – Ответ на уроке",) * 4,
                      ahead=tuple(f"пн 21.09, {one}: упр. 7" for one in SUBJECTS) * 4)
    body = sheets_pdf([(content, False)])
    assert len(pages(body)) == 1 and flat(body).count("Контрольнаяработа") == 35
    assert flat(body).count("упр.7") == 28


def test_names_marks_and_notes_of_any_length_are_never_cut():
    note = "чт 17.09, сообщение: " + " ".join(f"слово{number}" for number in range(150)) + " конец"
    content = replace(full_week(marks=5), pupil=LONGEST, guardians=f"{LONGEST} Всеволодовна, {LONGEST}",
                      notes=(note,) * 8, owed=tuple(f"{one}, пт 11.09, Сочинение: срок был 25 сентября"
                                                    for one in SUBJECTS * 6))
    body = sheets_pdf([(content, False)])
    text = flat(body)
    assert len(pages(body)) > 1 and "Получил(а)" in pages(body)[-1]
    assert text.count("Контрольнаяработа") == 5 * 35 and text.count("Сочинение") == 42
    assert text.count("слово149конец") == 8
    assert "Константинопольская-ПреображенскаяАлександра-Виктория,7А" in text


def test_homework_longer_than_a_page_goes_on_on_the_next():
    task = " ".join(f"задание{number}" for number in range(400))
    days = (DayLines(MONDAY, "", (LessonLine(1, "Математика", "", task, (("5", "Ответ на уроке"),)),)),)
    body = sheets_pdf([(replace(EMPTY, homework=True, days=days, nothing=""), False)])
    assert len(pages(body)) > 1
    text = flat(body)
    assert all(f"задание{number}" in text for number in range(400))


def test_what_is_kept_reads_back_as_it_was_written():
    content = replace(full_week(marks=2), told=("m1", "a2.3"))
    assert from_json(content.as_json()) == content


def test_slips_tell_subject_day_mark_and_what_for(school):
    lesson = school.lesson(school.course("7А", "Матем"), MONDAY)
    hand = Hand(school, school.anna)
    hand.puts(lesson, school.vitya, "5", at=lesson.ends_at, comment="у доски")
    found = slips_of_class(school.session, school.school_class("7А"), first=date(2026, 9, 1), last=MONDAY,
                           now=clock.now())
    assert len(found.slips) == 8 and found.left_out == []
    text = " ".join(pages(slips_pdf(found.slips)))
    assert "Волков Виктор, 7А" in text and "Отметки за 1–14 сентября" in text
    assert "Математика 14.09 5 Ответ на уроке: у доски" in text and text.count("Отметок за эти дни нет.") == 7


@pytest.mark.parametrize(("forms", "left_out"), [
    (("refused",), True), (("paper",), False), (("refused", "electronic"), False), (("refused", "refused"), True),
    (("refused", "limited"), True), (("limited",), False), (("refused", "paper"), False)])
def test_who_is_told_once_a_week_gets_no_slips(school, forms, left_out):
    for guardian, form in zip((school.vera, school.zakhar), forms, strict=False):
        if guardian is not school.vera:
            guardian_of(school, school.vitya, guardian)
        on_paper(school, guardian, school.vitya, form)
    found = slips_of_class(school.session, school.school_class("7А"), first=MONDAY, last=MONDAY, now=clock.now())
    assert (["Волков Виктор"] if left_out else []) == found.left_out
    assert any(one.pupil == "Волков Виктор" for one in found.slips) != left_out


def test_slips_of_a_big_class_with_many_marks_are_whole():
    lines = [Line(subject, MONDAY, "3→5", f"Работа {number} над текстом с длинным названием темы урока")
             for subject in SUBJECTS for number in range(12)]
    body = slips_pdf([Slip(f"{LONGEST} {number}", "11Г", MONDAY, MONDAY, lines) for number in range(35)])
    text = flat(body)
    assert text.count("надтекстом") == 35 * 84 and "продолжение" in text
    assert all(f"{number},11Г" in text for number in range(35))
