"""What whoever loads lists may not give by them (R34): files raise nobody further than the pages of people do."""

from __future__ import annotations

from collections.abc import Iterator

from ejd.access import Actor, Position, reason_closed, refuse_oneself
from ejd.importing.comparing_pupils import Ref
from ejd.importing.planning import Plan


def closed_of(actor: Actor | None) -> frozenset[Position]:
    """The positions that only others give; on the command line none is."""
    return frozenset(one for one in Position if actor is not None and reason_closed(actor, frozenset({one})))


def refuse_raising_oneself(plan: Plan, actor: Actor | None) -> None:
    """By a file nobody becomes a guardian, a teacher or a class teacher either."""
    if actor is not None:
        for ref in _appointed(plan):
            refuse_oneself(actor, ref if isinstance(ref, int) else None, field="since")


def _appointed(plan: Plan) -> Iterator[Ref | None]:
    """Everybody who is given something by the plan."""
    yield from (guardian for guardian, _, _ in plan.adults.guardians)
    yield from (person for person, _, _ in plan.adults.employed)
    yield from (teacher for _, teacher in plan.adults.class_teachers)
    yield from (teacher for _, teacher in plan.load.assigned)
    yield from (teacher for _, _, teacher in plan.load.opened)
