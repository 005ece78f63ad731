"""On what basis a pupil's data are processed, and what a revocation does (R42). Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

EARLIEST = date(2000, 1, 1)
LONGEST_NUMBER = 40


class Basis(StrEnum):
    """Receiving the service is consent; a school may keep signed consents instead (a setting)."""

    SERVICE = "service"
    CONSENT = "consent"


BASIS_NAMES = {Basis.SERVICE: "получение услуги", Basis.CONSENT: "подписанное согласие"}

# What follows when a family takes the basis back: shown before, and by whom it is done.
REVOCATION = (
    "С этого дня ученик стоит в списке «без основания».",
    "Паспортные данные, если они внесены, стираются сразу.",
    "Отметки, посещаемость и задания школа записывает дальше: вести журнал – её обязанность по закону об образовании, "
    "согласие на это не нужно.",
    "Электронный дневник семье закрывается не этим отзывом, а письменным отказом от услуги: зарегистрируйте его в "
    "формах услуги, результаты будут выдаваться на бумаге.",
)


def fault_of_basis(kind: str, number: str, from_on: date | None, today: date) -> tuple[str, str] | None:
    """The field and what is wrong in it, or None."""
    if kind not in set(Basis):
        return "kind", "Выберите основание"
    if from_on is None or not EARLIEST <= from_on <= today:
        return "from_on", "Укажите дату не позже сегодняшнего дня, например 01.09.2026"
    if kind == Basis.CONSENT and not number:
        return "number", "Укажите номер, под которым согласие записано в школе"
    return None


def fault_of_revocation(from_on: date, on: date | None, today: date) -> str | None:
    if on is None or not from_on <= on <= today:
        return f"Отозвать можно со дня, когда основание записано ({from_on:%d.%m.%Y}), до сегодняшнего"
    return None
