"""Reading journals again to say for certain whether their printed copies still agree (R52).

`changes.py` tells at once what changed in a closed term. Here, every few minutes, the journals themselves are read:
first those of which that was told (what was changed back agrees again), then those that are not closed yet, each once
an hour, then all others, each once a day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select

from ejd import clock
from ejd.certification.checksum import VERSION, checksum_of
from ejd.certification.models import PrintedJournal
from ejd.certification.queries import Copy, copies_of
from ejd.certification.services import note_checked
from ejd.db import Session, one_snapshot, writing
from ejd.jobs.kinds import every
from ejd.journal.models import TermClosing
from ejd.roster.models import SchoolClass
from ejd.school.models import SchoolYear, Term

AT_ONCE = 40  # journals in one go: a few seconds
OPEN_AGAIN, CLOSED_AGAIN = timedelta(hours=1), timedelta(days=1)


@every(minutes=5)
def look_again(session: Session) -> None:
    """Compare the copies whose turn it is."""
    now = clock.now()
    for copy in waiting(session, now=now)[:AT_ONCE]:
        check(session, copy, now=now)


def check(session: Session, copy: Copy, *, now: datetime) -> bool:
    """Compare one copy with its journal as it stands; whether it differs. One whose checksum was written by an older
    version of the program cannot be compared: what was told of it holds."""
    differs = copy.changed
    if copy.facts_version == VERSION:
        one_snapshot(session)
        differs = copy.facts != checksum_of(session, class_id=copy.class_id, first=copy.first, last=copy.last)
    with writing():
        note_checked(session, printed_id=copy.id, differs=differs, now=now)
    return differs


def check_before_certifying(session: Session, printed_ids: Collection[int], *, year_id: int, now: datetime) -> None:
    """Compare the copies that are about to be certified: a journal that is still open is read again only now and then,
    and may have changed since (R52)."""
    for copy in copies_of(session, year_id=year_id):
        if copy.id in printed_ids and not copy.changed:
            check(session, copy, now=now)


def waiting(session: Session, *, now: datetime) -> list[Copy]:
    """The copies whose journal has changed, as was told, or whose time has come; the most urgent first. Journals of a
    closed year change no more."""
    years = session.scalars(select(SchoolYear.id).where(SchoolYear.closed_at.is_(None), exists().where(
        SchoolClass.year_id == SchoolYear.id, PrintedJournal.class_id == SchoolClass.id))).all()
    closed = {row.class_id: row.last for row in session.execute(
        select(TermClosing.class_id, func.max(Term.ends_on).label("last")).join(Term, Term.id == TermClosing.term_id)
        .group_by(TermClosing.class_id))}
    found = []
    for copy in (copy for year_id in years for copy in copies_of(session, year_id=year_id)):
        is_closed = copy.last <= closed.get(copy.class_id, date.min)
        if copy.told or now - copy.looked_at >= (CLOSED_AGAIN if is_closed else OPEN_AGAIN):
            found.append((not copy.told, copy.looked_at, copy.id, copy))
    return [copy for *_, copy in sorted(found, key=lambda one: one[:3])]
