"""What a request must know before its view runs, in one statement: the school's settings, the session behind the
browser's token, every role its person holds, and what forms of service close to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Date, Integer, String, bindparam, case, cast, literal, null, select, union_all

from ejd import names
from ejd.credentials.models import Account, SecondFactor, SignedSession
from ejd.credentials.sessions import SignedIn, signed_in_as, token_hash
from ejd.db import Instant, Session
from ejd.families.models import PupilAccess, ServiceForm
from ejd.families.provision import Form, PupilStanding, Reach
from ejd.roster.models import ClassTeacher, Employment, Enrolment, Guardianship, Person, SchoolClass
from ejd.school import settings
from ejd.school.models import Setting
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class Arrival:
    """The settings, and who came with which token; roles are kept from–to until the school's day is known."""

    token: str
    settings: Settings
    session: Any = None
    roles: tuple[Any, ...] = ()
    service: tuple[Any, ...] = ()  # forms of service, from–to as well

    def signed_in(self, *, now: datetime, today: date) -> SignedIn | None:
        """Who the token belongs to, or None when the session ended or was left idle."""
        row = self.session
        idle = timedelta(minutes=self.settings.value("session.idle_minutes", on=None))
        if row is None or row.at <= now - idle:
            return None
        held = [(role.kind, role.text) for role in self.roles if _holds(role, today)]
        return signed_in_as(self.token, session_id=row.number, seen_at=row.at, account_id=row.account,
                            must_change=bool(row.flag & MUST_CHANGE), person_id=row.person,
                            name=names.in_full(row.text, row.value, row.rest), held=held, now=now,
                            has_factor=bool(row.flag & HAS_FACTOR))

    def reach(self, *, today: date) -> Reach:
        """What is closed to who came, and what decides about it (R23, R24, R32)."""
        told: dict[str, dict[str, str]] = {kind: {} for kind in SERVICE | {"pupil"}}
        for row in (*self.service, *self.roles):
            if row.kind in told and _holds(row, today):
                told[row.kind][row.text] = row.value
        grade = next(iter(told["pupil"].values()), None)
        return Reach(
            forms={int(child): Form(form) for child, form in told["form"].items()},
            myself=PupilStanding(
                born=self.session.first if self.session else None, grade=int(grade) if grade else None,
                forms=tuple(Form(told["form of guardian"].get(one, Form.ELECTRONIC)) for one in told["guardian"]),
                asked="asked" in told["login"], switched_off="off" in told["login"]))


def _holds(row: Any, today: date) -> bool:
    return bool(row.first <= today and (row.last is None or row.last >= today))


def arrive(session: Session, *, token: str | None, now: datetime) -> Arrival:
    """One statement; `now` is real time."""
    if not token:
        return Arrival("", settings.load(session))
    rows = session.execute(_ARRIVING, {"token": token_hash(token), "now": now}).all()
    known = Settings((row.text, row.first, row.value) for row in rows if row.kind == "setting")
    return Arrival(token, known, next((row for row in rows if row.kind == "session"), None),
                   tuple(row for row in rows if row.kind not in SERVICE | {"setting", "session"}),
                   tuple(row for row in rows if row.kind in SERVICE))


# What the flag of a session says.
MUST_CHANGE, HAS_FACTOR = 1, 2
SERVICE = frozenset({"form", "guardian", "form of guardian", "login"})
_NO_DAY, _NO_MOMENT, _NOTHING = cast(null(), Date), cast(null(), Instant()), literal("", String)


def _row(kind: str, text: Any, value: Any = _NOTHING, first: Any = _NO_DAY, last: Any = _NO_DAY) -> Any:
    zero = literal(0, Integer)
    return select(literal(kind).label("kind"), text.label("text"), value.label("value"), _NOTHING.label("rest"),
                  first.label("first"), last.label("last"), _NO_MOMENT.label("at"), zero.label("number"),
                  zero.label("account"), zero.label("person"), zero.label("flag"))


def _role(kind: str, text: Any, table: Any, owner: Any, who: CTE, value: Any = _NOTHING) -> Any:
    return _row(kind, text, value, table.from_on, table.to_on).join_from(table, who, who.c.person_id == owner)


def _service(who: CTE) -> tuple[Any, ...]:
    """Forms of the own children; for a pupil those of the guardians, and what was decided about the own login."""
    decided = case((PupilAccess.paper_id.is_not(None), "asked"), (PupilAccess.open, "on"), else_="off")
    return (
        _role("form", cast(ServiceForm.pupil_id, String), ServiceForm, ServiceForm.guardian_id, who, ServiceForm.form),
        _role("guardian", cast(Guardianship.guardian_id, String), Guardianship, Guardianship.pupil_id, who),
        _role("form of guardian", cast(ServiceForm.guardian_id, String), ServiceForm, ServiceForm.pupil_id, who,
              ServiceForm.form),
        _role("login", decided, PupilAccess, PupilAccess.pupil_id, who))


def _arriving() -> Any:
    """Asked by every request, so made once."""
    who = (select(SignedSession.id, SignedSession.last_seen_at, Account.id.label("account_id"), Account.must_change,
                  Account.person_id)
           .join(Account, Account.id == SignedSession.account_id)
           .where(SignedSession.token_hash == bindparam("token"), SignedSession.ended_at.is_(None),
                  SignedSession.ends_at > bindparam("now", type_=Instant()), Account.disabled_at.is_(None))
           .cte("who"))
    session = (select(literal("session"), Person.last_name, Person.first_name, Person.patronymic, Person.birth_date,
                      _NO_DAY, who.c.last_seen_at, who.c.id, who.c.account_id, Person.id,
                      cast(who.c.must_change, Integer)
                      + case((SecondFactor.confirmed_at.is_not(None), HAS_FACTOR), else_=0))
               .join_from(who, Person, Person.id == who.c.person_id)
               .outerjoin(SecondFactor, SecondFactor.account_id == who.c.account_id))
    return union_all(
        _row("setting", Setting.key, Setting.value, Setting.valid_from), session,
        _role("position", Employment.position, Employment, Employment.person_id, who),
        _role("class", cast(ClassTeacher.class_id, String), ClassTeacher, ClassTeacher.teacher_id, who),
        _role("child", cast(Guardianship.pupil_id, String), Guardianship, Guardianship.guardian_id, who),
        _role("pupil", cast(Enrolment.class_id, String), Enrolment, Enrolment.pupil_id, who,
              cast(SchoolClass.grade, String)).join(SchoolClass, SchoolClass.id == Enrolment.class_id),
        *_service(who))


_ARRIVING = _arriving()
