"""Printed and certified copies in the tests' school, in one sentence each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from ejd import clock
from ejd.certification.checksum import checksum_of
from ejd.certification.models import Certification, PrintedJournal
from ejd.certification.services import Bound, certify
from ejd.school.models import Term
from tests.world import World

FIRST_QUARTER_OVER = date(2026, 10, 24)


def quarter(school: World, number: int = 1) -> Term:
    return school.session.scalars(select(Term).filter_by(scheme="quarters", number=number)).one()


def printed_copy(school: World, class_name: str = "7А", *, term: Term | None = None, pages: int = 20,
                 at: datetime | None = None, facts: str | None = None) -> PrintedJournal:
    """The journal of a class for a quarter (the first, unless another is named), on paper as it stands."""
    term, of_class = term or quarter(school), school.school_class(class_name)
    facts = facts or checksum_of(school.session, class_id=of_class.id, first=term.starts_on, last=term.ends_on)
    count = len(school.session.scalars(select(PrintedJournal.id)).all())
    row = PrintedJournal(
        class_id=of_class.id, term_id=term.id, first=term.starts_on, last=term.ends_on,
        pages=pages, pdf_sha256="b" * 64, facts_sha256=facts, facts_version=1,
        printed_at=at or clock.at(FIRST_QUARTER_OVER, 12), printed_by_id=school.dina.id, key=f"print-{count}")
    school.session.add(row)
    school.session.flush()
    return row


def certified_copy(school: World, class_name: str = "7А", **printed: object) -> Certification:
    """The same, certified by Галина on the day it was printed."""
    copy = printed_copy(school, class_name, **printed)  # type: ignore[arg-type]
    number = len(school.session.scalars(select(Certification.id)).all()) + 1
    [line] = certify(school.session, actor_id=school.galina.id, year_id=school.school_class(class_name).year_id,
                     copies=[Bound(copy.id, 10)], certified_on=clock.local(copy.printed_at).date(), number=number,
                     key=f"certify-{copy.id}", now=copy.printed_at)
    return line
