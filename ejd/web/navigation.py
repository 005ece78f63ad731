"""What stands in the page's head: the role's own sections and the switch between roles."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, request
from flask_login import current_user

from ejd.access import ROLE_NAMES, Act, Role, may


@dataclass(frozen=True, slots=True)
class Item:
    """A section: its page, and the beginnings of the addresses of its other pages."""

    endpoint: str
    title: str
    act: Act | None = None
    begins: tuple[str, ...] = ()

    @property
    def current(self) -> str | None:
        """`aria-current` of the section: its own page, or a page inside it."""
        if request.endpoint == self.endpoint:
            return "page"
        return "true" if self.begins and request.path.startswith(self.begins) else None


BY_PREFIX = {role.value: role for role in Role}

SECTIONS: dict[Role, tuple[Item, ...]] = {
    Role.TEACHER: (
        Item("teacher.today", "Сегодня", begins=("/teacher/lessons/",)),
        Item("teacher.journals", "Журналы", begins=(
            "/teacher/courses/", "/teacher/works/", "/teacher/assessments", "/teacher/classes/", "/teacher/remarks")),
        Item("teacher.plans", "Планы"),
        Item("teacher.timetable", "Расписание"),
    ),
    Role.PARENT: (),
    Role.STUDENT: (),
    Role.ADMIN: (
        Item("admin.control", "Контроль", Act.SEE_CONTROL, (
            "/admin/control/", "/admin/certification", "/admin/printing", "/admin/assessments", "/admin/plans",
            "/admin/results", "/admin/remarks", "/admin/report")),
        Item("admin.closing_now", "Закрытие", Act.CLOSE_TERMS, ("/admin/closing",)),
        Item("admin.classes", "Классы", Act.SEE_ROSTER, (
            "/admin/classes/", "/admin/courses/", "/admin/groups", "/admin/new-year")),
        Item("admin.attendance", "Посещаемость", Act.EXCUSE_ABSENCES, ("/admin/attendance", "/admin/missed")),
        Item("admin.search", "Люди", Act.SEE_ROSTER, (
            "/admin/people/", "/admin/cards", "/admin/forms", "/admin/sheets", "/admin/letters", "/admin/launch",
            "/admin/staff", "/admin/positions/", "/admin/guardianships/", "/admin/exemptions/", "/admin/privacy")),
        Item("admin.lessons", "Расписание", Act.KEEP_CALENDAR, (
            "/admin/lessons", "/admin/substitutions", "/admin/absences", "/admin/timetable", "/admin/calendar",
            "/admin/bells", "/admin/weeks")),
        Item("admin.settings", "Настройки", Act.CHANGE_SETTINGS, (
            "/admin/settings/", "/admin/access", "/admin/history")),
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
        return {"actor": actor, "asks_code": getattr(current_user, "has_factor", False), "role": role,
                "sections": sections, "role_names": ROLE_NAMES,
                "may_print": actor is not None and may(actor, Act.PRINT_JOURNAL)}
