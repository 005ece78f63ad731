"""Acts on weekly sheets: print, print again, hand out, take a hand-out back (R21, R25).

A sheet is written from a reading without a lock and kept as it was read; whatever was entered meanwhile is on the next
one (`sheet_content.OVERLAP`). That there is one sheet per guardian, child and week the database itself keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select

from ejd import clock, words
from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.db import Session, one_at_a_time
from ejd.families import sheet_content
from ejd.families.models import ServiceForm, WeeklySheet
from ejd.families.provision import Form
from ejd.families.queries_sheets import (
    HANDED_TO,
    Owed,
    Printed,
    SheetsOfClass,
    Whose,
    guardians_of,
    handed_in_words,
    sheets_before,
    told_on,
)
from ejd.families.sheet_content import OVERLAP, Content, Wanted, from_json
from ejd.families.sheet_facts import facts_of
from ejd.families.week_due import SIX_DAYS, Amiss, amiss
from ejd.journal.wording import OLD_PAGE, key_of
from ejd.refusal import Refused, Stale
from ejd.roster.belonging import held
from ejd.roster.models import Person
from ejd.school.settings import Settings

EMPTIED = "Содержание листа удалено вместе с личными данными: напечатать его нельзя"


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet about to be kept; `shared_with`: the other guardians it is for."""

    owed: Owed
    content: str
    shared_with: tuple[int, ...]
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A sheet as a form has shown it."""

    sheet_id: int
    version: int


def write_sheets(session: Session, *, owed: Sequence[Owed], shared: Collection[tuple[int, date]] = (),
                 settings: Settings, now: datetime) -> list[Written]:
    """What the sheets say, as everything stands now; nothing is saved. `shared`: pupils and weeks of which one sheet is
    for all the guardians named. A dozen statements for each class and week."""
    today = clock.local(now).date()
    before = _told_before(session, owed)
    found: list[Written] = []
    for (monday, class_id), group in groupby(sorted(owed, key=_week_and_class), key=_week_and_class):
        batch = list(group)
        since = {one.whose: _since(one, before) for one in batch}
        facts = facts_of(session, class_id=class_id, pupil_ids={one.due.pupil_id for one in batch}, monday=monday,
                         since=min(at for at, _ in since.values()) - OVERLAP)
        for one in batch:
            together = _together(one, batch) if (one.due.pupil_id, monday) in shared else [one]
            wanted = Wanted(one.due.pupil_id, one.pupil, ", ".join(other.guardian for other in together), one.due.form,
                            min(since[other.whose][0] for other in together),
                            frozenset.intersection(*(since[other.whose][1] for other in together)))
            content = sheet_content.write(wanted, facts, settings=settings, today=today, now=now)
            before[one.due.guardian_id, one.due.pupil_id].append((monday, now, frozenset(content.told)))
            found.append(Written(one, content.as_json(), tuple(
                other.due.guardian_id for other in together if other is not one), now))
    places = {one.whose: place for place, one in enumerate(owed)}
    return sorted(found, key=lambda one: places[one.owed.whose])


def print_sheets(session: Session, *, sheets: Sequence[Written], actor_id: int, key: str, now: datetime
                 ) -> list[WeeklySheet]:
    """Keep the sheets as printed, all or none; the same key again answers as the first time. Raises Refused for a
    second sheet in a week."""
    key = key_of(key)
    for class_id in sorted({one.owed.due.class_id for one in sheets}):
        one_at_a_time(session, f"weekly sheets {class_id}")
    standing = session.scalars(select(WeeklySheet).filter_by(key=key).order_by(WeeklySheet.id)).all()
    if standing:
        if any(one.printed_by_id != actor_id for one in standing):
            raise Refused(OLD_PAGE)
        return list(standing)
    if not sheets:
        raise Refused("Отметьте, чьи листы напечатать")
    refuse_second(session, [one.owed for one in sheets])
    insert_many(session, WeeklySheet, [
        {"guardian_id": one.owed.due.guardian_id, "pupil_id": one.owed.due.pupil_id, "class_id": one.owed.due.class_id,
         "monday": one.owed.due.monday, "form": one.owed.due.form, "content": one.content, "until_at": one.until_at,
         "shared_with": " ".join(map(str, one.shared_with)), "printed_at": now, "printed_by_id": actor_id, "key": key,
         "reprints": 0, "handed_to": "", "version": 1} for one in sheets])
    kept = list(session.scalars(select(WeeklySheet).filter_by(key=key).order_by(WeeklySheet.id)))
    trail.record_many(session, now=now, actor_id=actor_id, verb="sheet.printed", acts=[
        (one.id, {"guardian": one.guardian_id, "pupil": one.pupil_id, "monday": one.monday, "form": one.form})
        for one in kept])
    return kept


def refuse_second(session: Session, owed: Sequence[Owed]) -> None:
    """Raise Refused when one of the sheets is there already, with the reason (R21)."""
    by_whose: dict[Whose, Owed] = {one.whose: one for one in owed}
    for row in session.scalars(select(WeeklySheet).where(
            WeeklySheet.pupil_id.in_({one.due.pupil_id for one in owed}),
            WeeklySheet.monday.in_({one.due.monday for one in owed}))):
        one = by_whose.get((row.guardian_id, row.pupil_id, row.monday))
        if one is not None:
            raise Refused(why_no_second(one.pupil, row))


def why_no_second(pupil: str, sheet: WeeklySheet | Printed) -> str:
    """The reason not to print another sheet for a week that has one."""
    week = words.days_from_to(sheet.monday, sheet.monday + SIX_DAYS)
    once = ("при отказе от электронной услуги выдаётся ровно один лист в неделю" if sheet.form == Form.REFUSED
            else "на неделю печатается один лист")
    return (f"{pupil}: лист за {week} уже напечатан {words.day(clock.local(sheet.printed_at).date())}, {once}. "
            "Испорченный лист печатается повторно, без изменений.")


def chosen(found: SheetsOfClass, codes: Collection[str]) -> list[Owed]:
    """The sheets that a form names, of those to print now. Raises Refused when one is printed already, or not owed."""
    to_print = {one.code: one for one in found.to_print}
    printed = {".".join(map(str, one.whose)): one for one in found.printed}
    for code in codes:
        if code in to_print:
            continue
        if code in printed:
            raise Refused(why_no_second(printed[code].pupil, printed[code]))
        raise Refused("Один из отмеченных листов сейчас не нужен: неделя не кончилась или форма услуги изменилась. "
                      "Вот что нужно напечатать теперь")
    return [one for code, one in to_print.items() if code in codes]


def print_again(session: Session, *, actor_id: int, seen: Seen, now: datetime) -> WeeklySheet:
    """A spoiled copy once more: the same sheet, marked so. Raises Stale."""
    sheet = _in_hand(session, seen)
    if not sheet.content:
        raise Refused(EMPTIED)
    refuse_amiss(session, sheet, clock.local(now).date())
    sheet.reprints += 1
    sheet.version += 1
    trail.record(session, now=now, actor_id=actor_id, verb="sheet.reprinted", subject_id=sheet.id,
                 copies=sheet.reprints)
    return sheet


def print_without_homework(session: Session, *, actor_id: int, seen: Seen, now: datetime
                           ) -> tuple[WeeklySheet, str]:
    """A sheet printed before a refusal came, for the refuser: the same but for the homework, in its place, so that
    there still is one a week (R21). Of a shared one the guardians who have not refused keep theirs, in their own names:
    these are said too. Raises Stale."""
    sheet = _in_hand(session, seen)
    if sheet.handed_on is not None:
        raise Refused(f"Лист уже {handed_in_words(sheet.handed_on, sheet.handed_to)}: второй за эту неделю не "
                      "печатается")
    if not sheet.content:
        raise Refused(EMPTIED)
    content, parts = from_json(sheet.content), _parted(session, sheet, clock.local(now).date())
    refusers, keepers = parts[Form.REFUSED], parts[Form.PAPER]
    if sheet.form != Form.PAPER or not refusers:
        raise Refused(OLD_PAGE)
    for rows in parts.values():
        own = replace(content, guardians=_names(session, [row.guardian_id for row in rows]))
        own = sheet_content.without_homework(own) if rows is refusers else own
        for row in rows:
            row.content, row.version = own.as_json(), row.version + 1
            row.shared_with = " ".join(str(other.guardian_id) for other in rows if other is not row)
    for row in refusers:
        row.form, row.reprints = Form.REFUSED.value, row.reprints + 1
        trail.record(session, now=now, actor_id=actor_id, verb="sheet.without_homework", subject_id=row.id)
    return (min(refusers, key=lambda row: row.guardian_id),
            _names(session, [row.guardian_id for row in keepers]))


def hand_out(session: Session, *, actor_id: int, class_id: int, sheets: Sequence[Seen], to: str, on: date | None,
             now: datetime) -> int:
    """Note to whom sheets of a class were handed, and when; of a shared one for all of its guardians but whom a court
    has limited (R23). How many sheets. Raises Stale when another hand was there first."""
    if not sheets:
        raise Refused("Отметьте, какие листы выданы", field="handed")
    if to not in HANDED_TO:
        raise Refused("Выберите, кому выдан лист", field="to")
    today = clock.local(now).date()
    for seen in sheets:
        sheet = _in_hand(session, seen)
        if sheet.class_id != class_id:
            raise Refused(OLD_PAGE)
        if sheet.handed_on is not None:
            raise Stale("Лист уже выдан", theirs=handed_in_words(sheet.handed_on, sheet.handed_to))
        if on is None or not clock.local(sheet.printed_at).date() <= on <= today:
            raise Refused("День выдачи – не раньше печати листа и не позже сегодняшнего", field="on")
        refuse_amiss(session, sheet, on)
        for row in _for_whom(session, sheet, on):
            row.handed_on, row.handed_to, row.handed_by_id, row.version = on, to, actor_id, row.version + 1
            trail.record(session, now=now, actor_id=actor_id, verb="sheet.handed_out", subject_id=row.id, to=to, on=on)
    return len(sheets)


def take_back(session: Session, *, actor_id: int, seen: Seen, now: datetime) -> WeeklySheet:
    """A hand-out was noted by mistake: the sheet waits again. Raises Stale."""
    sheet = _in_hand(session, seen)
    if sheet.handed_on is None:
        raise Refused("Лист и так не выдан")
    for row in (one for one in (sheet, *_shared(session, sheet)) if one.handed_on is not None):
        row.handed_on, row.handed_to, row.handed_by_id, row.version = None, "", None, row.version + 1
        trail.record(session, now=now, actor_id=actor_id, verb="sheet.hand_out_withdrawn", subject_id=row.id)
    return sheet


def _in_hand(session: Session, seen: Seen) -> WeeklySheet:
    sheet = session.scalar(select(WeeklySheet).filter_by(id=seen.sheet_id).with_for_update()
                           .execution_options(populate_existing=True))
    if sheet is None:
        raise Refused(OLD_PAGE)
    if sheet.version != seen.version:
        raise Stale("С этим листом уже что-то сделали", theirs=handed_in_words(sheet.handed_on, sheet.handed_to))
    return sheet


def _shared(session: Session, sheet: WeeklySheet) -> list[WeeklySheet]:
    others = [int(one) for one in sheet.shared_with.split()]
    if not others:
        return []
    return list(session.scalars(select(WeeklySheet).filter_by(pupil_id=sheet.pupil_id, monday=sheet.monday)
                                .where(WeeklySheet.guardian_id.in_(others)).order_by(WeeklySheet.id).with_for_update()))


def _for_whom(session: Session, sheet: WeeklySheet, day: date) -> list[WeeklySheet]:
    """The rows of a sheet that nobody has handed out, but for those of guardians whom a court limits on the day."""
    forms = _forms_on(session, [sheet], day)
    return [row for row in (sheet, *_shared(session, sheet))
            if row.handed_on is None and forms.get((row.guardian_id, row.pupil_id)) != Form.LIMITED]


def _parted(session: Session, sheet: WeeklySheet, day: date) -> dict[str, list[WeeklySheet]]:
    """The rows of a sheet of those who have refused, whom a court has limited, and all others (paper)."""
    forms = _forms_on(session, [sheet], day)
    found: dict[str, list[WeeklySheet]] = {Form.REFUSED: [], Form.LIMITED: [], Form.PAPER: []}
    for row in (sheet, *_shared(session, sheet)):
        form = forms.get((row.guardian_id, row.pupil_id), "")
        found[form if form in found else Form.PAPER].append(row)
    return found


def _forms_on(session: Session, sheets: Sequence[WeeklySheet], day: date) -> dict[tuple[int, int], str]:
    """By guardian and child of the sheets the form of service of a day."""
    rows = session.execute(select(ServiceForm.guardian_id, ServiceForm.pupil_id, ServiceForm.form).where(
        ServiceForm.pupil_id.in_({one.pupil_id for one in sheets}), held(ServiceForm, day)))
    return {(row.guardian_id, row.pupil_id): row.form for row in rows}


def _names(session: Session, guardian_ids: Sequence[int]) -> str:
    return ", ".join(session.get_one(Person, one).short_name for one in sorted(guardian_ids))


def refuse_amiss(session: Session, sheet: WeeklySheet, day: date) -> None:
    """Raise Refused when the sheet may not be handed out on a day."""
    if why := _amiss(sheet, _forms_on(session, [sheet], day)):
        pupil = session.get_one(Person, sheet.pupil_id)
        instead = {Amiss.HOMEWORK: ". Напечатайте его без заданий; если он выдан раньше отказа, укажите тот день",
                   Amiss.LIMITED: ""}[why]
        raise Refused(f"{pupil.last_name} {pupil.first_name}, "
                      f"{words.days_from_to(sheet.monday, sheet.monday + SIX_DAYS)}: {why}{instead}", field="handed")


def _amiss(sheet: WeeklySheet, forms: Mapping[tuple[int, int], str]) -> Amiss | None:
    return amiss(sheet.form, [forms.get((one, sheet.pupil_id)) for one in guardians_of(sheet)])


Told = dict[tuple[int, int], list[tuple[date, datetime, frozenset[str]]]]


def _week_and_class(owed: Owed) -> tuple[date, int]:
    return owed.due.monday, owed.due.class_id


def _told_before(session: Session, owed: Sequence[Owed]) -> Told:
    """By guardian and child the sheets before those owed: their Mondays, how far they tell, their latest entries."""
    there = sheets_before(session, pupil_ids={one.due.pupil_id for one in owed})
    needed: dict[int, tuple[tuple[int, int], date]] = {}
    for one in owed:
        whose = one.due.guardian_id, one.due.pupil_id
        earlier = [sheet for sheet in there.get(whose, ()) if sheet[0] < one.due.monday]
        if earlier:
            monday, sheet_id = max(earlier)
            needed[sheet_id] = whose, monday
    found: Told = defaultdict(list)
    for sheet_id, (until_at, content) in told_on(session, sheet_ids=needed).items():
        whose, monday = needed[sheet_id]
        found[whose].append((monday, until_at, frozenset(from_json(content).told if content else ())))
    return found


def _since(owed: Owed, before: Told) -> tuple[datetime, frozenset[str]]:
    """From when entries are news to the guardian: since the sheet of the week before, else since paper began."""
    earlier = [one for one in before[owed.due.guardian_id, owed.due.pupil_id] if one[0] < owed.due.monday]
    if not earlier:
        return clock.at(owed.due.since), frozenset()
    _, at, told = max(earlier, key=lambda one: one[0])
    return at, told


def _together(one: Owed, batch: Sequence[Owed]) -> list[Owed]:
    """The guardians whom one sheet does for: of the same child, told alike."""
    return [other for other in batch if (other.due.pupil_id, other.due.form) == (one.due.pupil_id, one.due.form)]


def contents(session: Session, sheets: Sequence[WeeklySheet], *, day: date) -> list[tuple[Content, bool]]:
    """The sheets as they were printed, and whether each is a further copy; but for those not to be handed out on the
    day, and for the names of guardians whom a court has limited (R23). A statement, and one for each name left."""
    forms = _forms_on(session, sheets, day)
    found = []
    for sheet in sheets:
        if not sheet.content or _amiss(sheet, forms):
            continue
        content, everybody = from_json(sheet.content), guardians_of(sheet)
        left = [one for one in everybody if forms.get((one, sheet.pupil_id)) != Form.LIMITED]
        if left != everybody:
            content = replace(content, guardians=_names(session, left))
        found.append((content, sheet.reprints > 0))
    return found
