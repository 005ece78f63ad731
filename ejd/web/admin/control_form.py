"""What somebody asks of the control page: days, filter, breakdown, page; and the same as an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ejd.compliance.breakdown import Show, groups
from ejd.compliance.choices import Choices, Options, Span, Spans
from ejd.compliance.metrics import By
from ejd.compliance.scope import Scope
from ejd.typed import day_of, number_of

FILTERS = {"teacher": By.TEACHER, "class": By.CLASS, "subject": By.SUBJECT, "kind": By.KIND}
UNKNOWN = {By.TEACHER: "Такого учителя в списке нет", By.CLASS: "Такого класса в списке нет",
           By.SUBJECT: "Такого предмета в списке нет", By.KIND: "Такого вида работы в списке нет"}
LONGEST = 4  # digits of a count of days


class Tab(StrEnum):
    """The pages of control that take the same question; the value stands in kept views."""

    LESSONS = "lessons"
    PLANS = "plans"
    FAMILIES = "families"

    @property
    def endpoint(self) -> str:
        return {Tab.LESSONS: "admin.control", Tab.PLANS: "admin.control_plans",
                Tab.FAMILIES: "admin.control_families"}[self]

    @property
    def bys(self) -> Sequence[By]:
        """What it can be broken down and narrowed by, the usual one first."""
        return {Tab.LESSONS: tuple(By), Tab.PLANS: (By.CLASS, By.TEACHER, By.SUBJECT), Tab.FAMILIES: (By.CLASS,)}[self]

    @classmethod
    def of(cls, query: str) -> Tab:
        """The page that a kept view is of."""
        named = dict(parse_qsl(query)).get("tab")
        return cls(named) if named in list(cls) else cls.LESSONS


@dataclass(slots=True)
class Asked:
    """The question in full. What could not be understood is in `errors` by field and left out of the scope."""

    scope: Scope
    tab: Tab = Tab.LESSONS
    by: By = By.TEACHER
    show: Show = Show.MARKS
    compared: bool = False
    page: int = 1
    days_given: bool = False  # else they are the page's usual ones
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    @property
    def is_filtered(self) -> bool:
        """By anything that the page looks at."""
        return any(getattr(self.scope, f"{by.value}_id") is not None for by in self.tab.bys)

    @property
    def groups(self) -> list[Show]:
        """The groups of columns that the breakdown can show."""
        return groups(with_kind=self.by is By.KIND or self.scope.kind_id is not None)

    def address(self, **changes: object) -> dict[str, Any]:
        """What an address has to carry to ask the same but for the changes (None: without it)."""
        own = {"by": None if self.by is self.tab.bys[0] else self.by.value,
               "show": None if self.show is Show.MARKS else self.show.value, "compare": 1 if self.compared else None}
        return _given(self._narrowed() | own | changes)

    def of_list(self, **changes: object) -> dict[str, Any]:
        """The same for a list: days and filter alone."""
        return _given(self._narrowed() | changes)

    def of_view(self) -> dict[str, Any]:
        """The same as a view that can be kept."""
        return self.address(tab=None if self.tab is Tab.LESSONS else self.tab.value)

    def elsewhere(self) -> dict[str, Any]:
        """The same for another page of control, which has usual days of its own."""
        return self.of_list() if self.days_given else self.of_list(**{"from": None, "to": None})

    def query(self, **changes: object) -> str:
        """The question of a list as a query string."""
        return urlencode(self.of_list(**changes))

    def _narrowed(self) -> dict[str, Any]:
        scope = self.scope
        return {"from": scope.first.isoformat(), "to": scope.last.isoformat(), "teacher": scope.teacher_id,
                "class": scope.class_id, "subject": scope.subject_id, "kind": scope.kind_id,
                "days": "-".join(map(str, scope.days_taken)) if scope.days_taken else None}


def _given(address: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in address.items() if value is not None}


def read_question(args: Mapping[str, str], found: Choices, today: date, tab: Tab = Tab.LESSONS
                  ) -> tuple[Asked, Spans, Options]:
    """The question of an address, with what it could have chosen from."""
    spans = found.spans(today, day_of(args.get("from", "").strip()))
    asked = _read_days(args, spans, tab)
    options = found.options(asked.scope.first, asked.scope.last)
    return _read_filter(asked, args, options), spans, options


def _read_days(args: Mapping[str, str], spans: Spans, tab: Tab) -> Asked:
    """The days that are asked about, and everything that needs no list to be checked against. Plans, results and copies
    open with the year: what is late of a term is late after it."""
    errors: dict[str, str] = {}
    usual = spans.named.get(args.get("span", ""), spans.offered[-1] if tab is Tab.PLANS else spans.usual)
    first, last = (_day(args, name, errors) for name in ("from", "to"))
    given = first is not None or last is not None or args.get("span", "") in spans.named
    if first is None and last is None:
        first, last = usual.first, usual.last
    first = first or min(usual.first, last or usual.first)
    last = last or max(usual.last, first)
    if last < first:
        errors["to"] = "Последний день раньше первого: поменяйте даты местами"
        last = first
    by, show = args.get("by", ""), args.get("show", "")
    scope = Scope(first, last, days_taken=_days_taken(args.get("days", "")))
    return Asked(scope, tab, By(by) if by in tab.bys else tab.bys[0], Show(show) if show in set(Show) else Show.MARKS,
                 compared=args.get("compare") == "1", page=number_of(args.get("page", "")) or 1, days_given=given,
                 errors=errors)


def _read_filter(asked: Asked, args: Mapping[str, str], options: Options) -> Asked:
    """The same with the filter; only what the lists offer is taken."""
    chosen: dict[str, Any] = {}
    for name, by in FILTERS.items():
        text = args.get(name, "").strip()
        number = number_of(text)
        if text and (number is None or not options.knows(by, number)):
            asked.errors[name] = UNKNOWN[by]
        else:
            chosen[f"{name}_id"] = number
    asked = replace(asked, scope=replace(asked.scope, **chosen))
    return asked if asked.show in asked.groups else replace(asked, show=Show.MARKS)


def usual_days(spans: Spans, asked: Asked) -> Span | None:
    """The offered span that the question is about, if it is one of them."""
    return next((span for span in spans.offered
                 if (span.first, span.last) == (asked.scope.first, asked.scope.last)), None)


def _day(args: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    text = args.get(name, "").strip()
    found = day_of(text)
    if text and found is None:
        errors[name] = "Дата записывается как 01.09.2026"
    return found


def _days_taken(text: str) -> tuple[int, int] | None:
    """«8-14»: marks that took so many days; anything else asks for all."""
    first, dash, last = text.partition("-")
    if not dash or len(text) > 2 * LONGEST + 1 or number_of(first) is None or number_of(last) is None:
        return None
    return int(first), int(last)
