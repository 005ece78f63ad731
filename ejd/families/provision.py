"""Who gets the service how, and what is closed to whom (R20, R23, R24, R32): forms of service, papers that change
them, and the reasons in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """A form of service (R20). Without a row it is electronic. LIMITED is a court's word, not a refusal (R23)."""

    ELECTRONIC = "electronic"
    PAPER = "paper"  # the guardian can't use the internet: closes nothing
    REFUSED = "refused"
    LIMITED = "limited"


FORM_NAMES = {
    Form.ELECTRONIC: "электронная",
    Form.PAPER: "бумажная: нет интернета",
    Form.REFUSED: "бумажная: отказ",
    Form.LIMITED: "доступ ограничен судом",
}
FORM_MEANS = {
    Form.ELECTRONIC: "Дневник открыт, распечатки не нужны.",
    Form.PAPER: "Дневник открыт. Не реже раза в неделю школа выдаёт распечатку с домашними заданиями.",
    Form.REFUSED: "Дневник этого ребёнка закрыт. Раз в неделю школа выдаёт распечатку без домашних заданий.",
    Form.LIMITED: "Дневник этого ребёнка закрыт, распечатка не выдаётся.",
}


class PaperKind(StrEnum):
    """A paper that changes something (R22–R24)."""

    NO_ACCESS = "no_access"  # declaration: no internet
    REFUSAL = "refusal"
    ANNULMENT = "annulment"
    COURT = "court"  # a guardian limited by a court
    COURT_LIFTED = "court_lifted"
    PUPIL_REQUEST = "pupil_request"


PAPER_NAMES = {
    PaperKind.NO_ACCESS: "Заявление: нет интернета",
    PaperKind.REFUSAL: "Отказ от электронной услуги",
    PaperKind.ANNULMENT: "Аннулирование заявления",
    PaperKind.COURT: "Ограничение по решению суда",
    PaperKind.COURT_LIFTED: "Снятие ограничения",
    PaperKind.PUPIL_REQUEST: "Заявление и согласие ученика",
}
# What a paper of a guardian may follow. A limit lifted gives back the form before it, so it names none.
FOLLOWS = {
    PaperKind.NO_ACCESS: {Form.ELECTRONIC},
    PaperKind.REFUSAL: {Form.ELECTRONIC, Form.PAPER},
    PaperKind.ANNULMENT: {Form.PAPER, Form.REFUSED},
    PaperKind.COURT: {Form.ELECTRONIC, Form.PAPER, Form.REFUSED},
    PaperKind.COURT_LIFTED: {Form.LIMITED},
}
MAKES = {
    PaperKind.NO_ACCESS: Form.PAPER,
    PaperKind.REFUSAL: Form.REFUSED,
    PaperKind.ANNULMENT: Form.ELECTRONIC,
    PaperKind.COURT: Form.LIMITED,
}
# The words of the parents' meeting plan, point 7, to the letter (R22).
REFUSAL_SENTENCE = (
    "родитель проинформирован о том, что отказ от получения данной услуги в электронном виде влечет за собой "
    "предоставление информации о текущей успеваемости не чаще 1 раза в неделю, а также невозможность получения "
    "информации о домашних заданиях с помощью сети Интернет (в этом случае информацию о домашних заданиях ученик "
    "записывает самостоятельно на каждом занятии)")
ASKS_AT, DECIDES_AT = 14, 18


class Closed(StrEnum):
    """Why a diary is closed; the value is shown to whom it is closed."""

    REFUSED = "Вы отказались получать дневник этого ребёнка в электронном виде"
    LIMITED = "Доступ к сведениям об этом ребёнке ограничен по решению суда"
    ALL_REFUSED = "Ваши представители отказались от электронного дневника"
    SWITCHED_OFF = "Вход в дневник закрыл ваш представитель"


def closed_to_guardian(form: Form) -> Closed | None:
    """Why a guardian's access to the child is closed, or None (R23): every page, file, feed and act alike."""
    return {Form.REFUSED: Closed.REFUSED, Form.LIMITED: Closed.LIMITED}.get(form)


@dataclass(frozen=True, slots=True)
class PupilStanding:
    """What decides about a pupil's own login on a day."""

    born: date | None
    grade: int | None
    forms: tuple[Form, ...]  # of each guardian of the day; one without a row stands with ELECTRONIC
    asked: bool = False  # the pupil's own request stands (R24)
    switched_off: bool = False  # by a guardian (R32)


@dataclass(frozen=True, slots=True)
class Reach:
    """What forms of service leave open to somebody today: as a guardian by child, and as a pupil."""

    forms: Mapping[int, Form]  # of the children who have a form on record
    myself: PupilStanding

    def closed_child(self, pupil_id: int) -> Closed | None:
        return closed_to_guardian(self.forms.get(pupil_id, Form.ELECTRONIC))


def closed_to_pupil(pupil: PupilStanding, *, today: date, signs_from: int) -> Closed | None:
    """Why the pupil's own login is closed, or None. From 18 the pupil alone decides; a request of the pupil's own
    outweighs refusals (R23, R24). Below the class that signs for itself a guardian may switch it off (R32). A guardian
    limited by a court has no form of service and is not asked."""
    if pupil.asked or (pupil.born is not None and age(pupil.born, today) >= DECIDES_AT):
        return None
    asked = [form for form in pupil.forms if form is not Form.LIMITED]
    if asked and all(form is Form.REFUSED for form in asked):
        return Closed.ALL_REFUSED
    if asked and pupil.switched_off and switch_is_guardians(pupil.grade, signs_from=signs_from):
        return Closed.SWITCHED_OFF
    return None


def switch_is_guardians(grade: int | None, *, signs_from: int) -> bool:
    """Whether a guardian decides about the child's login (R32): below the first class that signs for itself."""
    return grade is not None and grade < signs_from


def reason_not_to_switch(form: Form, *, grade: int | None, signs_from: int) -> str | None:
    """Why a guardian may not switch the child's login off or on, or None (R32)."""
    if reason := closed_to_guardian(form):
        return f"{reason}."
    if not switch_is_guardians(grade, signs_from=signs_from):
        return f"С {signs_from} класса ученик получает логин сам: вход ребёнка открывает и закрывает школа."
    return None


def reason_not_to_register(kind: PaperKind, standing: Form) -> str | None:
    """Why a guardian's paper can't be registered while the form stands, or None. A refusal ends by its annulment
    only, and what a court has said by a court only (R23)."""
    if standing in FOLLOWS[kind]:
        return None
    if standing is Form.LIMITED:
        return "Доступ представителя ограничен по решению суда: сначала зарегистрируйте снятие ограничения"
    if kind is PaperKind.COURT_LIFTED:
        return "Доступ представителя судом не ограничен: снимать нечего"
    if kind is PaperKind.ANNULMENT:
        return "Услуга и так электронная: аннулировать нечего"
    if MAKES[kind] is standing:
        return "Такое заявление уже зарегистрировано"
    return "Отказ в силе: открыть доступ снова можно только заявлением об аннулировании отказа"


def reason_not_to_ask(*, born: date | None, forms: Collection[Form], asked: bool, passport_shown_on: date | None,
                      day: date) -> str | None:
    """Why a pupil's own request can't be registered on the day it was signed, or None (R24)."""
    if born is None:
        return "В списках нет даты рождения ученика: без неё возраст не проверить"
    years = age(born, day)
    if years < ASKS_AT:
        return f"Ученику ещё нет {ASKS_AT} лет: сам обратиться за услугой он сможет с {ASKS_AT} лет, получив паспорт"
    if years >= DECIDES_AT:
        return f"Ученику уже {DECIDES_AT} лет: он решает сам, и вход открыт без заявления"
    if asked:
        return "Заявление этого ученика уже зарегистрировано"
    if Form.REFUSED not in forms:
        return "Никто из представителей не отказался: вход ученика открыт без заявления"
    if passport_shown_on is None:
        return "Заявление принимается, когда ученик предъявил паспорт: укажите, когда"
    return None


def age(born: date, day: date) -> int:
    """Full years on the day; somebody born on 29 February is a year older from 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def papers_open(standing: Form, *, administration: bool) -> list[PaperKind]:
    """Papers of a guardian that may be registered now; what a court says is the administration's (R34)."""
    courts = {PaperKind.COURT, PaperKind.COURT_LIFTED}
    return [kind for kind, before in FOLLOWS.items() if standing in before and (administration or kind not in courts)]
