"""Positions × acts as one table (R34): who may do what, whatever the object. Pure.

Which objects a person reaches is decided by loaders (`ejd/web/access.py`); this table answers for the kind of act.
The page «Кто что может» is drawn from it, so it cannot lie.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ejd.refusal import Refused


class Position(StrEnum):
    """What somebody is at this school. TEACHER covers class teachers: of which class is a matter of loaders."""

    DIRECTOR = "director"
    DEPUTY = "deputy"
    OFFICE = "office"
    IT = "it"
    INSPECTOR = "inspector"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"  # derived from ClassTeacher rows, never stored in Employment


POSITION_NAMES = {
    Position.DIRECTOR: "Директор",
    Position.DEPUTY: "Заместитель директора",
    Position.OFFICE: "Канцелярия",
    Position.IT: "Администратор системы",
    Position.INSPECTOR: "Проверяющий (только чтение)",
    Position.TEACHER: "Учитель",
    Position.CLASS_TEACHER: "Классный руководитель",
}


class Role(StrEnum):
    """The side of the program somebody is on; the URL prefix is the role."""

    TEACHER = "teacher"
    PARENT = "parent"
    STUDENT = "student"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.TEACHER: "Учитель",
    Role.PARENT: "Родитель",
    Role.STUDENT: "Ученик",
    Role.ADMIN: "Администрация",
}


class Act(StrEnum):
    """What can be done, alphabetical; the value is how the page «Кто что может» words it."""

    ARCHIVE = "Делать архив учебного года и выгрузку всех данных"
    CERTIFY = "Заверять печатные журналы"
    CHANGE_SETTINGS = "Менять настройки школы"
    CLOSE_TERMS = "Закрывать учебные периоды и открывать журналы для исправления"
    ERASE_PEOPLE = "Удалять личные данные человека навсегда"
    EXCUSE_ABSENCES = "Отмечать отсутствующих, принимать справки, видеть причины пропусков"
    EXPORT_PERSON = "Выгружать всё, что хранится об одном человеке"
    IMPORT_LISTS = "Загружать списки из файлов"
    ISSUE_PASSWORD = "Выдавать первый пароль"
    KEEP_BASES = "Вести основания обработки персональных данных"
    KEEP_CALENDAR = "Вести календарь, звонки и расписание"
    KEEP_LETTERS = "Править памятку, приказ и приложения к нему"
    KEEP_ROSTER = "Вести списки учеников, представителей, сотрудников и классов"
    OVERRIDE_RECEIVED_ON = "Менять дату получения отметки за учителя"
    PRINT_JOURNAL = "Печатать классные журналы"
    PRINT_SHEETS = "Печатать недельные листы и отмечать их выдачу"
    REGISTER_FORMS = "Регистрировать заявления и отказы семей, ограничения по суду"
    REMARK_ON_JOURNALS = "Делать замечания по ведению журналов"
    RENEW_PASSWORD = "Выдавать новый пароль взамен действующего"
    SEE_ACCESS_TABLE = "Видеть, кто что может"
    SEE_CONTROL = "Видеть контроль своевременности"
    SEE_HISTORY = "Искать в журнале действий"
    SEE_MARKS = "Видеть отметки школы"
    SEE_PASSPORTS = "Вносить, видеть и стирать паспортные данные 11 классов"
    SEE_ROSTER = "Видеть списки"
    SET_RESULTS = "Выставлять итоговые отметки за учителя"
    TAKE_IN_MARKS = "Вносить отметки из справки другой школы"
    TURN_YEAR = "Переводить школу на новый учебный год, закрывать прошедший"
    WATCH_EXPORTS = "Узнавать о выгрузках сведений о многих людях"


_D, _P, _O, _I, _N = Position.DIRECTOR, Position.DEPUTY, Position.OFFICE, Position.IT, Position.INSPECTOR

TABLE: dict[Act, frozenset[Position]] = {
    Act.ARCHIVE: frozenset({_D, _P}),
    Act.CERTIFY: frozenset({_D}),
    Act.CHANGE_SETTINGS: frozenset({_D, _P}),
    Act.CLOSE_TERMS: frozenset({_D, _P}),
    Act.ERASE_PEOPLE: frozenset({_D}),
    Act.EXCUSE_ABSENCES: frozenset({_D, _P, _O}),
    Act.EXPORT_PERSON: frozenset({_D, _P}),
    Act.IMPORT_LISTS: frozenset({_D, _P, _O}),
    Act.ISSUE_PASSWORD: frozenset({_D, _P, _O, _I}),
    Act.KEEP_BASES: frozenset({_D, _P, _O}),
    Act.KEEP_CALENDAR: frozenset({_D, _P, _O}),
    Act.KEEP_LETTERS: frozenset({_D, _P, _O}),
    Act.KEEP_ROSTER: frozenset({_D, _P, _O}),
    Act.OVERRIDE_RECEIVED_ON: frozenset({_D, _P}),
    Act.PRINT_JOURNAL: frozenset({_D, _P}),
    Act.PRINT_SHEETS: frozenset({_D, _P}),
    Act.REGISTER_FORMS: frozenset({_D, _P, _O}),
    Act.REMARK_ON_JOURNALS: frozenset({_D, _P}),
    Act.RENEW_PASSWORD: frozenset({_D, _P, _O}),
    Act.SEE_ACCESS_TABLE: frozenset({_D, _P, _O, _I, _N}),
    Act.SEE_CONTROL: frozenset({_D, _P, _N}),
    Act.SEE_HISTORY: frozenset({_D, _P}),
    Act.SEE_MARKS: frozenset({_D, _P, _N}),
    Act.SEE_PASSPORTS: frozenset({_D, _P, _O}),
    Act.SEE_ROSTER: frozenset({_D, _P, _O, _I, _N}),
    Act.SET_RESULTS: frozenset({_D, _P}),
    Act.TAKE_IN_MARKS: frozenset({_D, _P}),
    Act.TURN_YEAR: frozenset({_D, _P}),
    Act.WATCH_EXPORTS: frozenset({_D}),
}

ADMINISTRATION = frozenset({_D, _P, _O, _I, _N})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: the signed-in person as rules and services see them."""

    person_id: int
    name: str
    positions: frozenset[Position] = frozenset()
    children: frozenset[int] = frozenset()  # person ids of pupils whose guardian this is, today
    own_classes: frozenset[int] = frozenset()  # class ids, as class teacher
    is_pupil: bool = False
    account_id: int | None = field(default=None, compare=False)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The sides this person may enter, in the order they are offered."""
        sides = []
        if self.positions & {Position.TEACHER, Position.CLASS_TEACHER}:
            sides.append(Role.TEACHER)
        if self.positions & ADMINISTRATION:
            sides.append(Role.ADMIN)
        if self.children:
            sides.append(Role.PARENT)
        if self.is_pupil:
            sides.append(Role.STUDENT)
        return tuple(sides)


def may(actor: Actor, act: Act) -> bool:
    """Whether any of the actor's positions allows the kind of act (R34)."""
    return bool(TABLE[act] & actor.positions)


def knows_reasons(actor: Actor | None, class_id: int | None) -> bool:
    """Whether the actor may read why pupils of the class were away (R40): its class teacher, and who excuses."""
    return actor is not None and (class_id in actor.own_classes or may(actor, Act.EXCUSE_ABSENCES))


# Whoever holds such a position sees the marks of the whole school.
LEADERSHIP = frozenset({_D, _P, _N})
# Whoever holds no other sees no marks at all.
MARKLESS = frozenset({_O, _I})


def reason_closed(actor: Actor, theirs: frozenset[Position]) -> str | None:
    """Why the actor may not give or end these positions, nor let anybody in who holds them, or None: nobody makes
    themselves what they are not, nor signs in as such a one (R34). The first director is named on the server."""
    if _D in theirs and _D not in actor.positions:
        return "Должность и пароль директора – дело директора. Без него: команда director на сервере."
    if theirs & LEADERSHIP and not actor.positions & {_D, _P}:
        return "Должность и пароль завуча и проверяющего – дело директора или завуча."
    return None


def reason_no_renewal(actor: Actor, *, sees_marks: bool) -> str | None:
    """Why the actor may not replace a password that works, or None: with it they could sign in as its owner and see
    the marks that the owner sees (R34)."""
    if sees_marks and not may(actor, Act.RENEW_PASSWORD):
        return "У человека уже есть пароль: новый взамен выдаёт канцелярия, завуч или директор."
    return None


def refuse_oneself(actor: Actor, person_id: int | None, *, field: str) -> None:
    """Whoever keeps the lists gives themselves no children, journals, classes or positions (R34)."""
    if person_id == actor.person_id and not actor.positions & {_D, _P}:
        raise Refused("Себя записать нельзя: вас записывает директор или завуч", field=field)
