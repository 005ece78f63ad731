"""A year of one big school for measuring: 40 classes, 1,000 pupils, 500,000 marks; bulk-inserted, kept in
bench/.cache by a hash of the schema and of this file, and checked by the recount."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert

from ejd import clock, names
from ejd.access import Position
from ejd.application import create_app, import_models
from ejd.audit.models import AuditRecord
from ejd.config import Config
from ejd.credentials.models import Account
from ejd.db import Base, db, table_of, writing
from ejd.journal import models as journal
from ejd.roster import models as roster
from ejd.schedule import models as schedule
from ejd.schema import bring_forward, head
from ejd.school import models as school

CACHE = Path(__file__).resolve().parent / ".cache"
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 5, 26)
TODAY = date(2027, 5, 20)
NOW = clock.at(TODAY, 18)
CLASSES, MARKS = 40, 500_000
QUARTERS = ((date(2026, 9, 1), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 30)),
            (date(2027, 1, 11), date(2027, 3, 26)), (date(2027, 4, 5), LAST_DAY))
# weekly lessons of each of a class's courses; the first of the first class has 8, so that its quarter has 60 lessons
HOURS = (5, 4, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1)
SURNAMES = ("Абрамов Белов Волков Громов Демидов Егоров Жуков Зайцев Иванов Козлов Лебедев Морозов Никитин Орлов "
            "Петров Романов Соколов Титов Ушаков Фёдоров Харитонов Цветков Чернов Шубин Щербаков").split()
FIRST_NAMES = ("Анна Борис Вера Глеб Дарья Егор Зоя Игорь Кира Лев Майя Никита Ольга Павел Роман Софья Тимур "
               "Юлия").split()

Rows = list[dict[str, Any]]


def app_on(folder: Path, url: str = "") -> Flask:
    return create_app(Config(instance=folder, database_url=url or f"sqlite:///{folder / 'ejd.sqlite'}",
                             secret_key="for measuring only"))


def fingerprint() -> str:
    """Changes whenever a table, a migration, or the way this school is made, does."""
    tables = sorted(f"{t.name}:{[(c.name, str(c.type)) for c in t.columns]}{sorted(str(i) for i in t.indexes)}"
                    for t in Base.metadata.tables.values())
    text = "\n".join((*tables, head(), Path(__file__).read_text(encoding="utf-8")))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def big_school() -> Flask:
    """The application on the cached database, made on first use."""
    import_models()
    folder = CACHE / fingerprint()
    ready = folder / "ready"
    app = app_on(folder)
    if not ready.exists():
        print("Строю год большой школы (один раз)…", flush=True)
        shutil.rmtree(CACHE, ignore_errors=True)  # half-made ones, and those of older tables
        folder.mkdir(parents=True)
        with app.app_context():
            bring_forward()
            with writing():
                build()
            db.session.remove()
        ready.touch()
    return app


def put(model: type[Base], rows: Rows) -> None:
    for start in range(0, len(rows), 5000):
        db.session.execute(insert(table_of(model)), rows[start:start + 5000])


def school_days() -> Iterable[date]:
    for starts, ends in QUARTERS:
        day = starts
        while day <= ends:
            if day.isoweekday() <= 5:
                yield day
            day += timedelta(days=1)


def build() -> None:
    """Write the whole year; ids are given by hand so that rows can be made without asking."""
    dice = random.Random(2026)
    put(school.SchoolYear, [{"id": 1, "name": "2026/2027", "starts_on": FIRST_DAY, "ends_on": LAST_DAY}])
    put(school.Term, [{"year_id": 1, "scheme": "quarters", "number": n, "name": f"{n} четверть", "starts_on": a,
                       "ends_on": b} for n, (a, b) in enumerate(QUARTERS, 1)])
    put(school.BellSchedule, [{"id": 1, "name": "Основное"}])
    put(school.Bell, [{"schedule_id": 1, "number": n, "starts_at": time(7 + n, 30), "ends_at": time(8 + n, 10)}
                      for n in range(1, 9)])
    put(school.Setting, [{"key": key, "valid_from": FIRST_DAY, "value": json.dumps(value)} for key, value in
                         (("launch.marks", "2026-09-01"), ("launch.homework", "2026-09-01"), ("school.name", "Школа"),
                          ("demo", True), ("demo.now", NOW.isoformat()))])
    people(dice)
    courses, lessons = timetable()
    facts(dice, courses, lessons)


def person(number: int, *, born: date | None = None) -> dict[str, Any]:
    last = SURNAMES[number % len(SURNAMES)] + (f"-{SURNAMES[number // 25 % 25]}" if number % 7 == 0 else "")
    first = FIRST_NAMES[number // 3 % len(FIRST_NAMES)]
    full = (last, first, f"Отчество{number % 50}")
    return {"id": number, "last_name": full[0], "first_name": full[1], "patronymic": full[2], "birth_date": born,
            "sort_key": names.sort_key(*full), "search_key": names.search_key(*full)}


TEACHERS = range(1, 61)
DEPUTY = 61
PUPILS = range(101, 1101)
GUARDIANS = range(2001, 2301)


def class_of(pupil: int) -> int:
    """The first class has 30 pupils, the others share the rest."""
    index = pupil - PUPILS.start
    return 1 if index < 30 else 2 + (index - 30) % (CLASSES - 1)


def people(dice: random.Random) -> None:
    put(roster.Person, [person(n) for n in (*TEACHERS, DEPUTY, *GUARDIANS)]
        + [person(n, born=date(2012, 1, 1) + timedelta(days=dice.randrange(600))) for n in PUPILS])
    put(roster.Employment, [{"person_id": n, "position": Position.TEACHER.value, "job_title": "Учитель",
                             "from_on": FIRST_DAY} for n in TEACHERS]
        + [{"person_id": DEPUTY, "position": Position.DEPUTY.value, "job_title": "Завуч", "from_on": FIRST_DAY}])
    put(roster.SchoolClass, [{"id": n, "year_id": 1, "grade": 5 + n % 5, "letter": "АБВГДЕЖЗИК"[n // 5 % 10],
                              "term_scheme": "quarters", "days_per_week": 5, "bell_schedule_id": 1}
                             for n in range(1, CLASSES + 1)])
    put(roster.Enrolment, [{"pupil_id": n, "class_id": class_of(n), "from_on": FIRST_DAY, "leave_reason": ""}
                           for n in PUPILS])
    put(roster.Guardianship, [{"guardian_id": g, "pupil_id": PUPILS.start + i, "relation": "мать",
                               "from_on": FIRST_DAY} for i, g in enumerate(GUARDIANS)])
    now = clock.real_now()
    put(Account, [{"person_id": n, "login": f"p{n}", "must_change": False, "created_at": now}
                  for n in (*TEACHERS, DEPUTY, *GUARDIANS)])


def timetable() -> tuple[Rows, Rows]:
    """Courses, assignments, slots and every lesson of the year; the last two as made."""
    put(roster.Subject, [{"id": n, "name": f"Предмет {n}", "short_name": f"Пр. {n}"} for n in range(1, len(HOURS) + 1)])
    courses = [{"id": (c - 1) * len(HOURS) + s, "year_id": 1, "class_id": c, "subject_id": s, "subgroup": 0, "name": "",
                "half_hours": 2 * (8 if c == s == 1 else HOURS[s - 1]), "scheme": "five_point",
                "homework_expected": True} for c in range(1, CLASSES + 1) for s in range(1, len(HOURS) + 1)]
    put(roster.Course, courses)
    teacher = {course["id"]: TEACHERS.start + course["id"] % len(TEACHERS) for course in courses}
    put(roster.TeachingAssignment, [{"course_id": c, "teacher_id": t, "from_on": FIRST_DAY}
                                    for c, t in teacher.items()])
    put(schedule.TimetableVersion, [{"id": 1, "year_id": 1, "valid_from": FIRST_DAY,
                                     "published_at": clock.at(FIRST_DAY)}])
    slots: Rows = []
    taken: Counter[tuple[int, int]] = Counter()
    for course in courses:
        for hour in range(course["half_hours"] // 2):
            weekday = (hour + course["id"]) % 5 + 1
            taken[course["class_id"], weekday] += 1
            slots.append({"id": len(slots) + 1, "version_id": 1, "weekday": weekday, "room": "",
                          "number": taken[course["class_id"], weekday], "course_id": course["id"]})
    put(schedule.Slot, slots)
    by_weekday = defaultdict(list)
    for slot in slots:
        by_weekday[slot["weekday"]].append(slot)
    lessons: Rows = []
    for day in school_days():
        for slot in by_weekday[day.isoweekday()]:
            starts = clock.at(day, 7 + min(slot["number"], 14), 30)
            held = day < TODAY
            lessons.append({
                "id": len(lessons) + 1, "course_id": slot["course_id"], "day": day, "number": slot["number"],
                "starts_at": starts, "ends_at": starts + timedelta(minutes=40),
                "teacher_id": teacher[slot["course_id"]], "slot_id": slot["id"], "state": "planned",
                "state_reason": "", "topic": "Тема урока" if held else "",
                "topic_at": starts if held else None, "attendance_at": starts if held else None,
                "homework_due_at": clock.at(day, 16, 0), "version": 1})
    put(schedule.Lesson, lessons)
    return courses, lessons


def facts(dice: random.Random, courses: Rows, lessons: Rows) -> None:
    """Marks, corrections, attendance, homework, works with their expectations, and the sums."""
    members = defaultdict(list)
    for pupil in PUPILS:
        members[class_of(pupil)].append(pupil)
    klass = {course["id"]: course["class_id"] for course in courses}
    held = [lesson for lesson in lessons if lesson["day"] < TODAY]
    per_lesson = MARKS / sum(len(members[klass[lesson["course_id"]]]) for lesson in held)
    marks: Rows = []
    absences: Rows = []
    homework: Rows = []
    sums: Counter[tuple[Any, ...]] = Counter()
    following = {}
    coming: dict[int, int] = {}
    for lesson in reversed(lessons):
        following[lesson["id"]] = coming.get(lesson["course_id"])
        coming[lesson["course_id"]] = lesson["id"]
    for lesson in held:
        day, teacher = lesson["day"], lesson["teacher_id"]
        kind = dice.choice((1, 1, 1, 2, 3))
        usual = dice.choice((0, 0, 0, 1, 2, 3, 4, 6)) + (9 if teacher % 20 == 0 else 0)
        for pupil in members[klass[lesson["course_id"]]]:
            luck = dice.random()
            if luck < per_lesson and len(marks) < MARKS:
                days = min((TODAY - day).days, usual if dice.random() < 0.85 else dice.randrange(12))
                over = kind != 1 and 3 < days <= 7
                marks.append({
                    "id": len(marks) + 1, "lesson_id": lesson["id"], "pupil_id": pupil, "work_id": None,
                    "kind_id": kind, "value": dice.choice("5544433"), "weight": 1, "comment": "", "received_on": day,
                    "received_reason": "", "entered_on": day + timedelta(days=days),
                    "entered_at": lesson["ends_at"] + timedelta(days=days), "entered_by_id": teacher,
                    "responsible_id": teacher, "days_taken": days, "over_limit": over,
                    "key": f"b{len(marks)}", "last_key": f"b{len(marks)}", "version": 1, "withdrawn_at": None})
                sums[lesson["course_id"], teacher, day, kind, days, over] += 1
            elif luck > 0.96:
                absences.append({"lesson_id": lesson["id"], "pupil_id": pupil, "code": dice.choice("ннбу"),
                                 "entered_at": lesson["ends_at"], "entered_by_id": teacher, "last_key": "",
                                 "version": 1})
        if (luck := dice.random()) < 0.95:
            homework.append({
                "lesson_id": lesson["id"], "text": "" if luck < 0.05 else f"§ {lesson['number'] + day.day}, вопросы",
                "not_set": luck < 0.05, "due_lesson_id": following[lesson["id"]],
                "due_on": None,
                "published_at": lesson["ends_at"] + timedelta(hours=dice.choice((0, 0, 0, 1, 9))),
                "published_by_id": teacher, "last_key": "", "version": 1})
    put(journal.Mark, marks)
    put(journal.MarkCorrection, [
        {"mark_id": mark["id"], "what": "corrected", "before": "3", "after": mark["value"], "reason": "",
         "corrected_at": mark["entered_at"] + timedelta(days=after), "corrected_on": mark["entered_on"]
         + timedelta(days=after), "days_after": mark["days_taken"] + after, "corrected_by_id": mark["entered_by_id"],
         "responsible_id": mark["responsible_id"]}
        for mark in marks if mark["id"] % 100 == 0 for after in (mark["id"] // 100 % 12,)])
    put(journal.Attendance, absences)
    put(journal.Homework, homework)
    put(journal.DailySum, [dict(zip(("course_id", "responsible_id", "received_on", "kind_id", "days_taken",
                                     "over_limit"), key, strict=True), marks=count) for key, count in sums.items()])
    put(AuditRecord, [{"at": mark["entered_at"], "on_day": mark["entered_on"], "actor_id": mark["entered_by_id"],
                       "verb": "mark.entered", "subject_id": mark["id"], "data": "{}"} for mark in marks])
    works(dice, held, members, klass)


def works(dice: random.Random, held: Rows, members: dict[int, list[int]], klass: dict[int, int]) -> None:
    """Every twentieth lesson has a declared work; a few of its marks are still awaited."""
    declared = [lesson for lesson in held if lesson["id"] % 20 == 0]
    put(journal.Work, [{"id": n, "lesson_id": lesson["id"], "kind_id": 3, "title": "Контрольная работа", "weight": 2,
                        "whole_class": True, "author_id": lesson["teacher_id"], "declared_at": lesson["starts_at"],
                        "version": 1} for n, lesson in enumerate(declared, 1)])
    put(journal.Expectation, [
        {"work_id": n, "pupil_id": pupil, "awaiting": "teacher" if dice.random() < 0.03 else "met",
         "received_on": lesson["day"], "due_on": lesson["day"] + timedelta(days=7), "hand_in_by": None,
         "responsible_id": lesson["teacher_id"], "version": 1}
        for n, lesson in enumerate(declared, 1) for pupil in members[klass[lesson["course_id"]]]])
