"""What a request must know before its view runs, in one statement: the school's settings, the session behind the
browser's token, and every role its person holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Date, Integer, String, bindparam, cast, literal, null, select, union_all

from ejd.credentials.models import Account, SignedSession
from ejd.credentials.sessions import SignedIn, signed_in_as, token_hash
from ejd.db import Instant, Session
from ejd.roster.models import ClassTeacher, Employment, Enrolment, Guardianship, Person
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

    def signed_in(self, *, now: datetime, today: date) -> SignedIn | None:
        """Who the token belongs to, or None when the session ended or was left idle."""
        row = self.session
        idle = timedelta(minutes=self.settings.value("session.idle_minutes", on=None))
        if row is None or row.at <= now - idle:
            return None
        held = [(role.kind, role.text) for role in self.roles
                if role.first <= today and (role.last is None or role.last >= today)]
        person = Person(id=row.person, last_name=row.text, first_name=row.value, patronymic=row.rest)
        return signed_in_as(self.token, session_id=row.number, seen_at=row.at, account_id=row.account,
                            must_change=bool(row.flag), person=person, held=held, now=now)


def arrive(session: Session, *, token: str | None, now: datetime) -> Arrival:
    """One statement; `now` is real time."""
    if not token:
        return Arrival("", settings.load(session))
    rows = session.execute(_ARRIVING, {"token": token_hash(token), "now": now}).all()
    known = Settings((row.text, row.first, row.value) for row in rows if row.kind == "setting")
    return Arrival(token, known, next((row for row in rows if row.kind == "session"), None),
                   tuple(row for row in rows if row.kind not in {"setting", "session"}))


_NO_DAY, _NO_MOMENT, _NOTHING = cast(null(), Date), cast(null(), Instant()), literal("", String)


def _row(kind: str, text: Any, value: Any = _NOTHING, first: Any = _NO_DAY, last: Any = _NO_DAY) -> Any:
    zero = literal(0, Integer)
    return select(literal(kind).label("kind"), text.label("text"), value.label("value"), _NOTHING.label("rest"),
                  first.label("first"), last.label("last"), _NO_MOMENT.label("at"), zero.label("number"),
                  zero.label("account"), zero.label("person"), zero.label("flag"))


def _role(kind: str, text: Any, table: Any, owner: Any, who: CTE) -> Any:
    return _row(kind, text, first=table.from_on, last=table.to_on).join_from(table, who, who.c.person_id == owner)


def _arriving() -> Any:
    """Asked by every request, so made once."""
    who = (select(SignedSession.id, SignedSession.last_seen_at, Account.id.label("account_id"), Account.must_change,
                  Account.person_id)
           .join(Account, Account.id == SignedSession.account_id)
           .where(SignedSession.token_hash == bindparam("token"), SignedSession.ended_at.is_(None),
                  SignedSession.ends_at > bindparam("now", type_=Instant()), Account.disabled_at.is_(None))
           .cte("who"))
    session = (select(literal("session"), Person.last_name, Person.first_name, Person.patronymic, _NO_DAY, _NO_DAY,
                      who.c.last_seen_at, who.c.id, who.c.account_id, Person.id, cast(who.c.must_change, Integer))
               .join_from(who, Person, Person.id == who.c.person_id))
    return union_all(
        _row("setting", Setting.key, Setting.value, Setting.valid_from), session,
        _role("position", Employment.position, Employment, Employment.person_id, who),
        _role("class", cast(ClassTeacher.class_id, String), ClassTeacher, ClassTeacher.teacher_id, who),
        _role("child", cast(Guardianship.pupil_id, String), Guardianship, Guardianship.guardian_id, who),
        _role("pupil", cast(Enrolment.class_id, String), Enrolment, Enrolment.pupil_id, who))


_ARRIVING = _arriving()
