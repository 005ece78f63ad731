"""What the pages of a lesson plan send: a topic, what to do with a plan that stands, and refusals at their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import request

from ejd.plans.queries import PlanOfCourse
from ejd.plans.services import NewTopic
from ejd.refusal import Refused, Stale
from ejd.web.given import number_in
from ejd.web.saving import saving

Kinds = Sequence[tuple[int, str, str]]


class PlanForm:
    """A form as it was sent, or as it is first offered; `errors` by field, «form» for the whole."""

    def __init__(self, plan: PlanOfCourse | None, **offered: Any) -> None:
        self.sent = request.method == "POST"
        self.errors: dict[str, str] = {}
        self.status = 200
        self._seen = not self.sent  # whether the plan is shown as it stands now
        self._plan = plan
        self._values = request.form if self.sent else offered

    def value(self, name: str) -> Any:
        return self._values.get(name, "")

    @property
    def version(self) -> int | str:
        """The plan's version that the next save names: the one seen, but after a clash what stands now."""
        if not self._seen:
            return self.number("version") or ""
        return self._plan.version if self._plan else ""

    def look(self) -> None:
        """What this page shows of the plan is how it stands now."""
        self._seen = True

    def number(self, name: str) -> int | None:
        return number_in(self._values, name)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Acts inside are saved together; a refusal lands at its place."""
        try:
            with saving():
                yield
        except Stale as stale:
            self.status = 409
            self.look()
            self.errors["form"] = f"{stale}. Сейчас там: {stale.theirs}. Сохраните ещё раз, если всё равно так."
        except Refused as refused:
            self.refuse(str(refused), refused.field or "form")

    def refuse(self, reason: str, field: str = "form") -> None:
        self.status = 422
        self.errors[field] = reason

    def topic(self, kinds: Kinds) -> NewTopic:
        """The topic that was typed."""
        hours, kind_id = self.number("hours"), self.number("kind")
        if hours is None:
            raise Refused("Часы на тему – целое число, например 1", field="hours")
        if self.value("kind") and kind_id not in {kind for kind, _, _ in kinds}:
            raise Refused("Выберите вид работы из списка", field="kind")
        return NewTopic(self.value("title"), hours, self.value("section"), self.value("homework"), kind_id)

    def position(self) -> int | None:
        """The place in the plan, counted from 1; None when none was typed."""
        if not self.value("position").strip():
            return None
        position = self.number("position")
        if not position:
            raise Refused("Номер темы – целое число, начиная с 1", field="position")
        return position

    def appends(self) -> bool:
        """What to do with a plan that stands; nothing is overwritten before it is said."""
        if self._plan is None or not self._plan.topics:
            return False
        if self.value("how") not in {"append", "replace"}:
            raise Refused("У журнала уже есть план: выберите, что с ним сделать", field="how")
        return bool(self.value("how") == "append")
