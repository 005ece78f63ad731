"""All pages agree with the plain recount, and so with one another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from playwright.sync_api import Page

from ejd import clock
from ejd.roster.models import Course
from tests.e2e.term.cast import Cast
from tests.e2e.term.plain_recount import AWAY, Awaited, Recount
from tests.e2e.term.shown import cell, grid, lines, number, opened, percent, two_places, words

CONTROL = {"late": "С опозданием", "overdue": "Нет, срок вышел", "awaited": "Нет, срок не вышел",
           "over-term": "Позже срока школы", "corrected": "Исправлено позже недели", "on-time": "Вовремя",
           "entered": "Внесено", "homework-missing": "Нет задания", "homework-late": "Задано поздно",
           "homework-on-time": "Задано вовремя", "homework-not-set": "«Не задано»"}


def everything_agrees(cast: Cast) -> None:
    with cast.school.rows() as session:
        recount = Recount(session, clock.now(), clock.today())
        for page, course in _journals(cast, recount):
            journal_agrees(page, recount, course)
            journal_agrees_for_whoever_looks_in(cast, recount, course)
            sheet_of_the_last_lesson_agrees(page, recount, course)
            results_agree(page, recount, course)
            works_agree(page, recount, course)
        open_items_agree(cast.boris, recount)
        plans_agree(cast, recount)
        room_agrees(cast.anna, recount)
        missed_lessons_agree(cast, recount)
        for page, role in ((cast.anna, "teacher"), (cast.dina, "admin")):
            summary_agrees(page, recount, role)
        achievement_agrees(cast.anna, recount)
        control_agrees(cast.dina, recount)
        results_of_the_school_agree(cast.dina, recount)
        closing_agrees(cast.dina, recount)
        family_agrees(cast, recount)


def _journals(cast: Cast, recount: Recount) -> Iterable[tuple[Page, Course]]:
    teachers = {("Математика", 0): cast.anna, ("Русский язык", 0): cast.boris,
                ("Иностранный язык (английский)", 1): cast.eva, ("Иностранный язык (английский)", 2): cast.boris}
    return [(teachers[recount.subjects[one.subject_id], one.subgroup], one) for one in recount.courses]


def _sign(one: Awaited, recount: Recount) -> str:
    if one.owed:
        return "•"
    return "!" if one.due_on is not None and one.due_on < recount.today else "·"


def journal_agrees(page: Page, recount: Recount, course: Course) -> None:
    """Every cell, the average, the number of marks, the corners of late ones. Of illness the class teacher alone reads
    (R40)."""
    found = opened(page, f"/teacher/courses/{course.id}/journal?term={recount.term.id}")
    shown = {name: ([cell(td) for td in tds[:-2]], words(tds[-2]), words(tds[-1]))
             for name, tds in grid(found).items()}
    [maths] = [one for one in recount.courses if recount.subjects[one.subject_id] == "Математика"]
    signs = {(one.lesson.id, one.pupil_id): _sign(one, recount) for one in recount.awaited()}
    counted = {}
    for pupil in recount.members(course):
        cells = [(recount.letter(lesson, pupil.id, told=course is maths),
                  sorted(one.value for one in recount.marks_at([lesson], pupil.id)),
                  signs.get((lesson.id, pupil.id), "")) for lesson in recount.of_course(course)]
        stands = recount.standing(pupil.id, course)
        counted[recount.name(pupil.id)] = cells, two_places(stands.average), str(stands.marks)
    assert shown == counted
    marks = [one for pupil in recount.members(course) for one in recount.marks_at(recount.of_course(course), pupil.id)]
    assert len(found.select("table.grid b.late")) == sum(recount.timeliness(one) == "late" for one in marks)


def journal_agrees_for_whoever_looks_in(cast: Cast, recount: Recount, course: Course) -> None:
    """The deputy, and the class teacher in whatever journal of the class."""
    counted = {recount.name(one.id): (two_places(stands.average), str(stands.marks)) for one in recount.members(course)
               for stands in [recount.standing(one.id, course)]}
    for page, address in ((cast.dina, f"/admin/courses/{course.id}/journal"),
                          (cast.anna, f"/teacher/classes/{recount.school_class.id}/journals/{course.id}")):
        shown = grid(opened(page, f"{address}?term={recount.term.id}"))
        assert {name: (words(tds[-2]), words(tds[-1])) for name, tds in shown.items()} == counted


def sheet_of_the_last_lesson_agrees(page: Page, recount: Recount, course: Course) -> None:
    lesson = [one for one in recount.of_course(course) if recount.over(one)][-1]
    shown = {name: (words(tds[-2]), words(tds[-1]))
             for name, tds in grid(opened(page, f"/teacher/lessons/{lesson.id}")).items()}
    standings = {recount.name(one.id): recount.standing(one.id, course) for one in recount.members(course)}
    assert shown == {name: (two_places(one.average), str(one.marks)) for name, one in standings.items()}


def results_agree(page: Page, recount: Recount, course: Course) -> None:
    """What stands or is offered, the average, the marks behind it, and the warning that they are few (R13)."""
    subject, shown, counted = recount.subjects[course.subject_id], {}, {}
    found = opened(page, f"/teacher/courses/{course.id}/results?period={recount.term.id}")
    for row in found.select("table.results tbody tr"):
        value, average, marks, notes = (words(td) for td in row.find_all("td")[-4:])
        field = row.select_one("input[data-pupil]")  # not there once the term is closed
        shown[words(row.th)] = (field["value"] if field else value, field["placeholder"] if field else None, average,
                                marks, "мало отметок" in notes, "предложено" in notes)
    for pupil in recount.members(course):
        name, stands = recount.name(pupil.id), recount.standing(pupil.id, course)
        result = recount.results.get((pupil.id, subject))
        value = (result.value or "") if result else ""
        counted[name] = (value, stands.suggested if shown[name][1] is not None else None, two_places(stands.average),
                         str(stands.marks), not value and stands.marks < stands.least,
                         bool(result) and value != result.suggested)
    assert shown == counted


def works_agree(page: Page, recount: Recount, course: Course) -> None:
    lessons = {one.id for one in recount.of_course(course)}
    works = [one for one in recount.works if one.lesson_id in lessons]
    if not works:
        return
    awaited = list(recount.awaited())
    shown = lines(opened(page, f"/teacher/courses/{course.id}/works"), "Работа", "Отметок")
    for work in works:
        [line] = [line for name, line in shown.items() if f"«{work.title}»" in name]
        mine = [one for one in awaited if one.work.id == work.id]
        marked = {one.pupil_id for one in recount.marks if one.work_id == work.id}
        assert (number(line["Отметок"]), number(line["Срок прошёл"]), number(line["Не сдали «•»"])) == (
            len(marked), sum(_sign(one, recount) == "!" for one in mine), sum(one.owed for one in mine)), work.title


def open_items_agree(page: Page, recount: Recount) -> None:
    """What the teacher reads first: marks still awaited for each work, those that are overdue told apart (R62)."""
    mine = {one.id for one in recount.lessons if recount.people[one.teacher_id].last_name == "Борисов"}
    counted = [(one.work.title, _sign(one, recount) == "!") for one in recount.awaited()
               if not one.owed and one.lesson.id in mine]
    shown = opened(page, "/teacher/").select("#awaited + ul li")
    assert len(shown) == len({title for title, _ in counted})
    for title, overdue in set(counted):
        [item] = [item for item in shown if f"«{title}»" in words(item)]
        assert f"– {counted.count((title, overdue))} " in words(item) and bool(item.select(".late")) is overdue


def plans_agree(cast: Cast, recount: Recount) -> None:
    [course] = [one for one in recount.courses if recount.subjects[one.subject_id] == "Математика"]
    plan = recount.plan(course)
    mine = lines(opened(cast.anna, "/teacher/plans"), "Журнал", "Пройдено по плану")["7А, Математика"]
    lag = f"{plan['lag']} ч" if plan["lag"] > 0 else f"впереди на {-plan['lag']} ч" if plan["lag"] else "нет"
    assert [mine[head] for head in ("Часов в плане", "Уроков в году", "Дано уроков", "Пройдено по плану",
                                    "Отставание")] == [
        *(str(plan[key]) for key in ("planned", "lessons", "held", "passed")), lag]
    school = lines(opened(cast.dina, "/admin/plans"), "Журнал", "Дано уроков")["7А, Математика"]
    assert [number(school[head]) for head in ("Часов в плане", "Уроков в году", "Дано уроков",
                                              "Пройдено по плану")] == [
        plan[key] for key in ("planned", "lessons", "held", "passed")]
    told = words(opened(cast.anna, f"/teacher/courses/{course.id}/plan").main)
    assert re.search(rf"Дано {plan['held']} урок\w*, пройдено {plan['passed']} час", told)


def room_agrees(page: Page, recount: Recount) -> None:
    shown = {}
    for name, line in lines(opened(page, f"/teacher/classes/{recount.school_class.id}?term=1"),
                            "Средний балл", "Отметок", "Пропущено уроков", "Опозданий", "Не сдано работ").items():
        shown[name] = line["Средний балл"].strip("–"), *map(number, list(line.values())[3:])
    counted, owed = {}, [one.pupil_id for one in recount.awaited() if one.owed]
    for pupil in recount.pupils:
        standings = recount.standings(pupil.id).values()
        means = [one.average for one in standings if one.average is not None]
        lessons = recount.missed(pupil.id)[1]
        counted[recount.name(pupil.id)] = (
            two_places(sum(means, Fraction(0)) / len(means) if means else None), sum(one.marks for one in standings),
            sum(lessons[letter] for letter in AWAY), lessons["н"], lessons["о"], owed.count(pupil.id))
    assert shown == counted


def missed_lessons_agree(cast: Cast, recount: Recount) -> None:
    """The register of the class, of the class teacher and of the office, and the family's page."""
    counted = {}
    for pupil in recount.pupils:
        days, lessons = recount.missed(pupil.id)
        counted[recount.name(pupil.id)] = [days.total(), *(days[letter] for letter in "бун"),
                                           sum(lessons[letter] for letter in AWAY),
                                           *(lessons[letter] for letter in "бун"), lessons["о"]]
    counted["Всего"] = [sum(column) for column in zip(*counted.values(), strict=True)]
    for page, role in ((cast.anna, "teacher"), (cast.olga, "admin")):
        found = opened(page, f"/{role}/classes/{recount.school_class.id}/missed?term=1")
        assert {words(row.th): [number(words(td)) for td in row.find_all("td")]
                for row in found.select("main table tbody tr")} == counted
    vitya = cast.school.pupils["Волков"]
    found = opened(cast.vera, f"/parent/children/{vitya}/absences?term=1").select("dl.facts dd")
    days, _, _, _, lessons, _, _, _, late = counted[recount.name(vitya)]
    assert [number(words(one)) for one in found] == [days, lessons, late]


def _achievement(recount: Recount) -> tuple[dict[str, list[str]], int, int, int]:
    """The lists of pupils, then how many have results, how many of them do not fail, how many have 4 and 5 only."""
    groups: dict[str, list[str]] = {}
    for pupil in recount.pupils:
        values = [value for subject in recount.standings(pupil.id) if (value := recount.shown(pupil.id, subject))]
        threes, fours = values.count("3"), values.count("4")
        group = ("Неуспевающие" if "2" in values or "н/а" in values else "С одной «3»" if threes == 1 else
                 "С несколькими «3»" if threes else "С одной «4»" if fours == 1 else "Хорошисты" if fours else
                 "Отличники")
        groups.setdefault(group, []).append(recount.name(pupil.id))
    failing = len(groups.get("Неуспевающие", ()))
    well = sum(len(groups.get(group, ())) for group in ("Отличники", "Хорошисты", "С одной «4»"))
    return groups, len(recount.pupils), len(recount.pupils) - failing, well


def achievement_agrees(page: Page, recount: Recount) -> None:
    groups, number_of, passing, well = _achievement(recount)
    found = opened(page, f"/teacher/classes/{recount.school_class.id}/achievement?period={recount.term.id}")
    assert [words(one) for one in found.select(".figures .figure")] == [percent(passing, number_of),
                                                                        percent(well, number_of)]
    shown = {name: line for name, line in lines(found, "Кто", "Сколько").items() if number(line["Сколько"])}
    assert {name: number(line["Сколько"]) for name, line in shown.items()} == {
        group: len(listed) for group, listed in groups.items()}
    assert all(pupil in shown[group]["Ученики"] for group, listed in groups.items() for pupil in listed)


def summary_agrees(page: Page, recount: Recount, role: str) -> None:
    """Every result or suggestion, each pupil's and each subject's average, and the class's shares."""
    found = opened(page, f"/{role}/classes/{recount.school_class.id}/summary?period={recount.term.id}")
    subjects = [words(head) for head in found.select("table.summary thead th")[1:-1]]
    assert subjects == sorted({recount.subjects[one.subject_id] for one in recount.courses})
    rows = {words(row.th).split(" ", 1)[1]: row.find_all("td") for row in found.select("table.summary tbody tr")}
    counted: dict[str, list[str]] = {}
    for pupil in recount.pupils:
        values = [recount.shown(pupil.id, subject) for subject in subjects]
        counted[recount.name(pupil.id)] = [*values, _mean(values)]
    assert {name: [words(td).removesuffix(" ≠") for td in tds] for name, tds in rows.items()} == counted
    different = {(recount.name(one.pupil_id), subject) for (_, subject), one in recount.results.items()
                 if one.value and one.value != one.suggested}
    assert {(name, subject) for name, tds in rows.items()
            for subject, td in zip(subjects, tds, strict=False) if "≠" in words(td)} == different
    columns = list(zip(*(values[:-1] for values in counted.values()), strict=True))
    feet = {words(row.th): [words(td) for td in row.find_all("td")][:-1] for row in found.select("tfoot tr")}
    assert feet == {"Средний балл": [_mean(column) for column in columns],
                    "Успеваемость": [_share(column, "345") for column in columns],
                    "Качество": [_share(column, "45") for column in columns]}
    _, number_of, passing, well = _achievement(recount)
    assert f"успеваемость {percent(passing, number_of)}, качество {percent(well, number_of)}" in words(found.main)


def _mean(values: Iterable[str]) -> str:
    figures = [int(one) for one in values if one.isdigit()]
    return two_places(Fraction(sum(figures), len(figures)) if figures else None)


def _share(values: Iterable[str], good: str) -> str:
    given = [one for one in values if one]
    return percent(sum(one in good for one in given), len(given)) if given else ""


def control_agrees(page: Page, recount: Recount) -> None:
    """The school's figures and each teacher's; behind each a list as long as it says."""
    span = f"from={recount.term.starts_on}&to={recount.today}"
    shown = lines(opened(page, f"/admin/control?{span}"), "Учитель", "Внесено")
    homework = lines(opened(page, f"/admin/control?{span}&show=homework"), "Учитель", "Нет задания")
    shown = {name: line | homework[name] for name, line in shown.items()}
    counted = {"Вся школа": recount.control()}
    for teacher_id in {one.teacher_id for one in recount.lessons if one.day <= recount.today}:
        name = recount.people[teacher_id].short_name.replace("\u00a0", " ")
        counted[name] = recount.control(lambda lesson, who=teacher_id: lesson.teacher_id == who)
    assert {name: {figure: number(line[head]) for figure, head in CONTROL.items()} for name, line in shown.items()} \
        == {name: {figure: figures[figure] for figure in CONTROL} for name, figures in counted.items()}
    for figure in [*CONTROL, "homework-owed", "homework-awaited"]:
        behind = opened(page, f"/admin/control/{figure}?{span}")
        assert number(words(behind.select_one("main caption"))) == counted["Вся школа"][figure], figure


def results_of_the_school_agree(page: Page, recount: Recount) -> None:
    found = opened(page, f"/admin/results?term={recount.term.id}")
    line = lines(found, "Класс", "Выставлено")["7А"]
    stand = [one for one in recount.results.values() if one.value]
    wanted = sum(len(recount.standings(pupil.id)) for pupil in recount.pupils)
    assert line["Выставлено"] == f"{len(stand)} из {wanted}"
    assert [number(line[head]) for head in ("Не выставлено", "Выставлено после срока", "Не по предложению")] == [
        wanted - len(stand), sum(one.entered_on > one.due_on for one in stand),
        sum(one.value != one.suggested for one in stand)]


def closing_agrees(page: Page, recount: Recount) -> None:
    shown = {name: [number(line[head]) for head in (
        "Уроков", "Без темы", "Без посещаемости", "Без задания", "Ждут отметок", "из них с опозданием",
        "Долги учеников", "Без итоговой")] for name, line in lines(opened(
            page, f"/admin/closing/terms/{recount.term.id}/classes/{recount.school_class.id}"),
            "Журнал", "Уроков").items()}
    counted, awaited = {}, list(recount.awaited())
    for course in recount.courses:
        subject = recount.subjects[course.subject_id]
        held = [one for one in recount.of_course(course) if recount.over(one)]
        mine = [one for one in awaited if one.lesson.course_id == course.id]
        unset = sum(not recount.results.get((pupil.id, subject)) for pupil in recount.pupils)
        counted[f"{subject}, подгруппа {course.subgroup}" if course.subgroup else subject] = [
            len(held), sum(not one.topic for one in held), sum(not one.attendance_at for one in held),
            sum(recount.homework_of(one) == "missing" for one in held), sum(not one.owed for one in mine),
            sum(_sign(one, recount) == "!" for one in mine), sum(one.owed for one in mine),
            unset if course.subgroup < 2 else 0]
    assert shown == counted


def family_agrees(cast: Cast, recount: Recount) -> None:
    """The marks by subject with averages, what is still to be handed in, and the results of the term."""
    vitya = cast.school.pupils["Волков"]
    found = opened(cast.vera, f"/parent/children/{vitya}/marks?term=1")
    shown = {str(next(one.h3.strings)).strip(): (words(one.h3.b), len(one.select("summary b")))
             for one in found.select(".subjects > li")}
    assert shown == {subject: (two_places(stands.average), stands.marks)
                     for subject, stands in recount.standings(vitya).items()}
    assert len(found.select("#owed li")) == sum(one.owed and one.pupil_id == vitya for one in recount.awaited())
    results = {subject: one.value for (pupil_id, subject), one in recount.results.items()
               if pupil_id == vitya and one.value}
    page = opened(cast.vera, f"/parent/children/{vitya}/results")
    if results:
        assert {name: next(iter(list(line.values())[1:])) for name, line in lines(page, "Предмет").items()} == results
    else:
        assert "Итоговых отметок пока нет" in words(page.main)
