"""What stands in the page's head: the role's own sections and the switch between roles."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, request

from ejd.access import ROLE_NAMES, Act, Role, may


@dataclass(frozen=True, slots=True)
class Item:
    endpoint: str
    title: str
    act: Act | None = None


BY_PREFIX = {role.value: role for role in Role}

SECTIONS: dict[Role, tuple[Item, ...]] = {
    Role.TEACHER: (
        Item("teacher.today", "Сегодня"),
        Item("teacher.journals", "Журналы"),
    ),
    Role.PARENT: (),
    Role.STUDENT: (),
    Role.ADMIN: (
        Item("admin.control", "Контроль", Act.SEE_CONTROL),
        Item("admin.classes", "Классы", Act.SEE_ROSTER),
        Item("admin.search", "Люди", Act.SEE_ROSTER),
        Item("admin.lessons", "Расписание", Act.KEEP_CALENDAR),
        Item("admin.settings", "Настройки", Act.CHANGE_SETTINGS),
    ),
}


def role_of_request() -> Role | None:
    """The URL prefix is the role."""
    return BY_PREFIX.get(request.blueprint or "")


def register(app: Flask) -> None:
    @app.context_processor
    def navigation() -> dict[str, object]:
        actor = g.get("actor")
        role = role_of_request()
        offered = SECTIONS[role] if role and actor and role in actor.roles else ()
        sections = [item for item in offered if item.act is None or may(actor, item.act)]
        return {"actor": actor, "role": role, "sections": sections, "role_names": ROLE_NAMES}
