"""The timetable of a file against load, staff and the timetable in force. Each cell is placed or named by its
address; nothing else is lost for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ejd import names
from ejd.importing import spelling
from ejd.importing.cell_values import Fault
from ejd.importing.comparing_adults import AdultsPlan
from ejd.importing.comparing_load import CourseKey, Journals, LoadPlan
from ejd.importing.comparing_pupils import Ref
from ejd.importing.preview import Decisions, Findings, Left, Question, Section, short_key
from ejd.importing.records import ClassKey, LessonRow, Place, Records, Rejection, class_title, no_class
from ejd.importing.standing import Standing
from ejd.schedule.making import SlotFacts
from ejd.schedule.timetable import ClashKind, HoursDiffer, clashes, hours_against_load
from ejd.schedule.timetable import Place as Seat
from ejd.words import in_hours

DAYS = ("", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
SKIP = "skip"
IN_FORCE = "в расписании школы"
SlotKey = tuple[int, int, CourseKey, str]  # weekday, number, journal, room
Hour = tuple[int, int, ClassKey]  # a class's place in the week


@dataclass(slots=True)
class TimetablePlan:
    """The whole timetable as it will be; None when it stays as it is."""

    slots: list[SlotKey] | None = None
    others: list[SlotFacts] = field(default_factory=list)  # lessons of groups of several classes stay as they are
    removed: list[SlotKey] = field(default_factory=list)  # not in the file, and confirmed
    aliases: dict[str, Ref] = field(default_factory=dict)  # spellings to remember, by the person's answer
    saturdays: set[ClassKey] = field(default_factory=set)


def compare(records: Records, standing: Standing, adults: AdultsPlan, load: LoadPlan, decisions: Decisions,
            findings: Findings, classes: set[ClassKey], bells: set[int]) -> TimetablePlan:
    """Place every cell; clashes and hours that differ are told, with the cells' addresses. A lesson that stands gives
    way to another in its place alone; else it stays until somebody confirms that it goes."""
    plan, section = TimetablePlan(), Section("Расписание")
    lessons = {row.class_key for row in records.lessons}
    findings.rejections += [no_class(records.timetabled[class_key], class_key)
                            for class_key in sorted((records.timetabled.keys() & lessons) - classes)]
    rows = [row for row in records.lessons if row.class_key in classes]
    journals = load.journals()
    answers = _ask_subjects(rows, load, journals, decisions, findings, plan)
    placed, unclear = _placed(rows, journals, load, adults, answers, bells, findings)
    there = _in_force(standing, load)
    kept = _settle(placed, unclear, there, records.timetabled, load, decisions, findings, section, plan)
    plan.saturdays = {slot[2][0] for slot in placed if slot[0] == 6}
    if placed:
        _tell_hours(placed, kept, load, findings)
    _against(placed, there, kept, load, plan, section)
    if plan.slots is not None:
        ids = {course.id for course in load.there.values()}
        plan.others = [slot for slot in _newest(standing) if slot.course_id not in ids]
    findings.sections.append(section)
    return plan


def _placed(rows: list[LessonRow], journals: Journals, load: LoadPlan, adults: AdultsPlan, answers: dict[str, Ref],
            bells: set[int], findings: Findings) -> tuple[dict[SlotKey, Place], set[Hour]]:
    """The lessons of the file with their cells, and the places of cells that can't be read."""
    placed: dict[SlotKey, Place] = {}
    unclear: set[Hour] = set()
    for row in rows:
        found = (_journals(row, load, journals[row.class_key], adults, answers, findings) if row.number in bells else
                 Fault(f"Для урока № {row.number} нет звонка",
                       "Загрузите звонки вместе с расписанием или исправьте номер урока"))
        if isinstance(found, Fault):
            findings.rejections.append(Rejection(row.place, found.wrong, found.right))
            unclear.add((row.weekday, row.number, row.class_key))
            continue
        for key in found:
            placed.setdefault((row.weekday, row.number, key, row.lesson.room[:20]), row.place)
    return placed, unclear


def _settle(placed: dict[SlotKey, Place], unclear: set[Hour], there: set[SlotKey], timetabled: Collection[ClassKey],
            load: LoadPlan, decisions: Decisions, findings: Findings, section: Section,
            plan: TimetablePlan) -> list[SlotKey]:
    """Which of the lessons in force stay. A cell taken out for a clash may let one stay that clashes with the next;
    what stands comes before what is new."""
    taught = {slot[:3] for slot in there}
    while True:
        kept, missing = _staying(placed, unclear, there, timetabled)
        stay = [slot for slot in missing if _removal(slot[2][0]) not in decisions.left]
        refused = _clashing(dict(sorted(placed.items(), key=lambda item: item[0][:3] not in taught)), [*kept, *stay],
                            set(stay), load)
        for slot, rejection in refused.items():
            del placed[slot]
            unclear.add(_hour(slot))
            findings.rejections.append(rejection)
        if not refused:
            break
    for class_key in sorted({slot[2][0] for slot in missing}):
        of_class = [slot for slot in missing if slot[2][0] == class_key]
        told = "; ".join(f"{DAYS[slot[0]]}, урок {slot[1]} – {load.title(slot[2], of_class=True)}" for slot in of_class)
        section.left.append(Left(_removal(class_key), f"{class_title(class_key)}: {told}", len(of_class)))
    plan.removed = [slot for slot in missing if slot not in stay]
    return [*kept, *stay]


def _staying(placed: Iterable[SlotKey], unclear: set[Hour], there: set[SlotKey],
             timetabled: Collection[ClassKey]) -> tuple[list[SlotKey], list[SlotKey]]:
    """Of the lessons in force those that the file says nothing against, and those that it lacks."""
    by_hour: dict[Hour, list[SlotKey]] = defaultdict(list)
    for slot in placed:
        by_hour[_hour(slot)].append(slot)
    kept: list[SlotKey] = []
    missing: list[SlotKey] = []
    for slot in sorted(there, key=lambda slot: (slot[:2], str(slot[2:]))):
        if slot[2][0] not in timetabled:
            kept.append(slot)
        elif not any(_same_seat(slot[2], other[2]) for other in by_hour[_hour(slot)]):
            (kept if _hour(slot) in unclear else missing).append(slot)
    return kept, missing


def _same_seat(one: CourseKey, other: CourseKey) -> bool:
    """Whether two journals of a class can't sit side by side."""
    return 0 in (one[2], other[2]) or one[2] == other[2]


def _hour(slot: SlotKey) -> Hour:
    return slot[0], slot[1], slot[2][0]


def _removal(class_key: ClassKey) -> str:
    return f"lessons-{class_title(class_key)}"


def _ask_subjects(rows: list[LessonRow], load: LoadPlan, journals: Journals, decisions: Decisions, findings: Findings,
                  plan: TimetablePlan) -> dict[str, Ref]:
    """Spellings that the load of their classes does not tell: asked once each, remembered as aliases."""
    unclear: dict[str, list[LessonRow]] = defaultdict(list)
    for row in rows:
        if journals[row.class_key] and len(_subjects(row, load, journals[row.class_key])) != 1:
            unclear[spelling.key(row.lesson.subject)].append(row)
    answers: dict[str, Ref] = {}
    for key, found in unclear.items():
        offered = {ref: load.titles[ref] for row in found for ref in journals[row.class_key]}
        ordered = sorted(offered.items(), key=lambda item: item[1])
        cells = ", ".join(row.place.column for row in found[:5]) + (" …" if len(found) > 5 else "")
        question = Question(
            short_key("subject", key), f"Расписание, ячейки {cells}: какой предмет значит «{found[0].lesson.subject}»?",
            (*((short_key(title), title) for _, title in ordered), (SKIP, "Не загружать эти уроки")), SKIP)
        answer = findings.answer(question, decisions)
        chosen = next((ref for ref, title in ordered if short_key(title) == answer), None)
        if chosen is not None:
            answers[key] = chosen
            plan.aliases[found[0].lesson.subject] = chosen
    return answers


def _subjects(row: LessonRow, load: LoadPlan, offered: dict[Ref, list[CourseKey]]) -> list[Ref]:
    """The subjects of the class's load that the cell can mean."""
    known = load.spellings.get(names.fold(row.lesson.subject))
    if known in offered:
        return [known]
    titles = {load.titles[ref]: ref for ref in offered}
    return [titles[title] for title in spelling.meant(row.lesson.subject, titles)]


def _journals(row: LessonRow, load: LoadPlan, offered: dict[Ref, list[CourseKey]], adults: AdultsPlan,
              answers: dict[str, Ref], findings: Findings) -> list[CourseKey] | Fault:
    """The journals that sit in the cell: all subgroups, or those whose teachers the cell names."""
    title = class_title(row.class_key)
    if not offered:
        return Fault(f"У {title} нет нагрузки", "Сначала загрузите нагрузку этого класса")
    subjects = _subjects(row, load, offered)
    subject = subjects[0] if len(subjects) == 1 else answers.get(spelling.key(row.lesson.subject))
    if subject is None or subject not in offered:
        return Fault(f"По нагрузке {title} не ясно, какой это предмет: «{row.lesson.subject}»",
                     "Ответьте на вопрос о нём, назовите его, как в нагрузке, или добавьте в нагрузку")
    return _by_teachers(row, offered[subject], load, adults, findings) if row.lesson.teachers else offered[subject]


def _by_teachers(row: LessonRow, journals: list[CourseKey], load: LoadPlan, adults: AdultsPlan,
                 findings: Findings) -> list[CourseKey] | Fault:
    """The journals of the teachers named. Who is named instead of another has the journals that are left, where that
    is clear; the load says who teaches, and a vacancy waits for anybody."""
    found: list[CourseKey] = []
    strangers = []
    for said in row.lesson.teachers:
        meant = adults.meant(said)
        if not meant:
            return Fault(f"Учителя «{said}» в школе нет", "Исправьте имя или добавьте его в список сотрудников")
        taught = [key for key in journals if load.teachers[key] in meant and key not in found]
        found += taught if len(row.lesson.teachers) == 1 else taught[:1]
        if not taught:
            strangers.append(said)
    if not strangers:
        return found
    left = [key for key in journals if key not in found]
    vacant = [key for key in left if load.teachers[key] is None]
    by = ", ".join(str(adults.names.get(load.teachers[key] or 0, "вакансия")) for key in journals)
    if len(left) > len(strangers) and len(vacant) != len(strangers):
        return Fault(f"По нагрузке {load.title((*journals[0][:2], 0))} ведёт не «{', '.join(strangers)}»: не ясно, "
                     "какой подгруппы это урок", f"По нагрузке: {by}. Исправьте расписание или нагрузку")
    places = vacant if len(vacant) == len(strangers) else left
    if places != vacant or not places:
        findings.notes.append(
            f"{_cell(row.place)}: {load.title((*journals[0][:2], 0))} – в расписании {', '.join(row.lesson.teachers)}, "
            f"в нагрузке {by}. Урок поставлен тому, кто в нагрузке; если это не так, исправьте нагрузку")
    return [key for key in journals if key in found or key in places]


def _cell(place: Place) -> str:
    return f"лист «{place.sheet}», ячейка {place.column}" if place.sheet else f"ячейка {place.column}"


def _newest(standing: Standing) -> tuple[SlotFacts, ...]:
    return standing.versions[-1].slots if standing.versions else ()


def _in_force(standing: Standing, load: LoadPlan) -> set[SlotKey]:
    """The timetable in force, of classes."""
    by_id = {course.id: key for key, course in load.there.items()}
    return {(slot.weekday, slot.number, by_id[slot.course_id], slot.room) for slot in _newest(standing)
            if slot.course_id in by_id}


def _clashing(placed: dict[SlotKey, Place], kept: list[SlotKey], missing: set[SlotKey],
              load: LoadPlan) -> dict[SlotKey, Rejection]:
    """The later of two cells that want one teacher or one class at the same time; what stays comes first."""
    numbers = {key: index for index, key in enumerate(load.half_hours)}
    people = {ref: index for index, ref in enumerate(dict.fromkeys(load.teachers.values()))}
    classes = {key: index for index, key in enumerate(dict.fromkeys(key[0] for key in numbers))}
    seats = {slot: Seat(slot[0], slot[1], numbers[slot[2]], frozenset({classes[slot[2][0]]}), slot[2][2],
                        teacher_id=people[teacher] if (teacher := load.teachers[slot[2]]) is not None else None)
             for slot in (*kept, *placed)}
    at: dict[tuple[int, int], list[SlotKey]] = defaultdict(list)
    for slot in seats:
        at[slot[:2]].append(slot)
    refused: dict[SlotKey, Rejection] = {}
    for clash in clashes(seats.values()):
        together = [slot for slot in at[clash.weekday, clash.number]
                    if numbers[slot[2]] in clash.course_ids and slot not in refused]
        cells = ", ".join(f"{load.title(slot[2])} ({placed[slot].column if slot in placed else IN_FORCE})"
                          for slot in together)
        who = "Учитель нужен" if clash.kind is ClashKind.TEACHER else "Класс нужен"
        for slot in together[1:]:
            if slot in placed:
                right = f"Оставлен {load.title(together[0][2])}; переставьте {load.title(slot[2])}"
                if together[0] in missing:
                    right += f" или отметьте {class_title(together[0][2][0])} в «Есть в школе, но нет в файле»"
                refused[slot] = Rejection(
                    placed[slot], f"{who} в двух местах сразу: {DAYS[clash.weekday]}, урок {clash.number}: {cells}",
                    right)
    return refused


def _tell_hours(placed: dict[SlotKey, Place], kept: list[SlotKey], load: LoadPlan, findings: Findings) -> None:
    """Journals of the file's classes that are taught more or less often than the load says."""
    numbers = list(load.half_hours)
    index = {key: number for number, key in enumerate(numbers)}
    classes = {slot[2][0] for slot in placed}
    planned = Counter(index[slot[2]] for slot in (*placed, *kept) if slot[2][0] in classes)
    wanted = {index[key]: hours for key, hours in load.half_hours.items() if key[0] in classes}
    cells: dict[int, list[str]] = defaultdict(list)
    for slot, place in placed.items():
        cells[index[slot[2]]].append(place.column)
    findings.notes += [_hours_note(differ, load.title(numbers[differ.course_id]), cells[differ.course_id])
                       for differ in hours_against_load(planned, wanted)]


def _hours_note(differ: HoursDiffer, title: str, cells: list[str]) -> str:
    at = f" (ячейки {', '.join(cells[:8])})" if cells else ""
    return (f"{title}: в расписании {differ.planned // 2} ч в неделю{at}, в нагрузке "
            f"{in_hours(differ.load)} ч")


def _against(placed: dict[SlotKey, Place], there: set[SlotKey], kept: list[SlotKey], load: LoadPlan,
             plan: TimetablePlan, section: Section) -> None:
    """The new whole: what the file says, and what stays beside it."""
    rooms = {slot[:3]: slot[3] for slot in there}
    wanted = [(day, number, key, room or rooms.get((day, number, key), "")) for day, number, key, room in placed]
    before: dict[Hour, list[SlotKey]] = defaultdict(list)
    for slot in there.difference(wanted, kept, plan.removed):
        before[_hour(slot)].append(slot)
    for slot in wanted:
        told = f"{DAYS[slot[0]]}, урок {slot[1]}: {load.title(slot[2])}"
        gives_way = sorted((one for one in before[_hour(slot)] if _same_seat(one[2], slot[2])), key=str)
        if slot in there:
            section.unchanged += 1
        elif not gives_way:
            section.new.append(told)
        elif any(one[2] == slot[2] for one in gives_way):
            section.changed.append(f"{told}, каб. {slot[3]}")
        else:
            was = ", ".join(load.title(one[2], of_class=True) for one in gives_way)
            section.changed.append(f"{told}, было – {was}")
    if section.new or section.changed or plan.removed:
        plan.slots = [*sorted(kept, key=str), *wanted]
