"""Acts on forms of service: a signed paper is registered and changes the form (R20, R22, R23), a pupil asks himself
(R24), a guardian switches the child's login off and on (R32). Whose child it is was decided by the caller's loader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.families.models import PupilAccess, ServiceForm, ServicePaper
from ejd.families.provision import (
    MAKES,
    Form,
    PaperKind,
    reason_not_to_ask,
    reason_not_to_register,
    reason_not_to_switch,
)
from ejd.journal.wording import OLD_PAGE, key_of, one_line
from ejd.refusal import Refused
from ejd.roster.belonging import held
from ejd.roster.models import Enrolment, Guardianship, Person, SchoolClass

ONE_DAY = timedelta(days=1)
LONGEST_NUMBER = 40
LONG_AGO = timedelta(days=366)  # an older paper is a slip in the year


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A signed paper about to be registered; a pupil's own request names no guardian. The same key again answers as
    the first time."""

    kind: PaperKind
    pupil_id: int
    guardian_id: int | None
    number: str
    signed_on: date
    actor_id: int
    at: datetime
    key: str
    passport_shown_on: date | None = None


def register_paper(session: Session, *, paper: NewPaper) -> ServicePaper:
    """Register a signed paper; what it changes holds from today on. Raises Refused with the reason."""
    session.get(Person, paper.pupil_id, with_for_update={"key_share": True})  # two hands come one after the other
    standing = _known(session, paper)
    if standing is not None:
        return standing
    number, today = _checked(paper)
    if paper.kind is PaperKind.PUPIL_REQUEST:
        _check_request(session, paper, today)
    else:
        before = _check_guardian(session, paper, today)
    kept = ServicePaper(kind=paper.kind.value, pupil_id=paper.pupil_id, guardian_id=paper.guardian_id, number=number,
                        signed_on=paper.signed_on, passport_shown_on=paper.passport_shown_on,
                        registered_at=paper.at, registered_by_id=paper.actor_id, key=key_of(paper.key))
    session.add(kept)
    session.flush()
    trail.record(session, now=paper.at, actor_id=paper.actor_id, verb="service.paper_registered", subject_id=kept.id,
                 kind=kept.kind, pupil=kept.pupil_id, guardian=kept.guardian_id)
    if paper.kind is PaperKind.PUPIL_REQUEST:
        _decide(session, pupil_id=paper.pupil_id, opens=True, paper_id=kept.id, actor_id=paper.actor_id, now=paper.at)
    else:
        _change(session, paper, kept.id, before=before, today=today)
    return kept


def attach_scan(session: Session, *, paper: ServicePaper, file_id: int, actor_id: int, now: datetime) -> None:
    """The scan of a signed paper, where the school keeps scans (R40); the first one stays."""
    if paper.file_id is None:
        paper.file_id = file_id
        session.flush()
        trail.record(session, now=now, actor_id=actor_id, verb="service.scan_attached", subject_id=paper.id)


def switch_login(session: Session, *, guardian_id: int, pupil_id: int, opens: bool, signs_from: int,
                 now: datetime) -> None:
    """A guardian switches the child's login on or off (R32). Raises Refused."""
    today = clock.local(now).date()
    session.get(Person, pupil_id, with_for_update={"key_share": True})
    grade = session.scalar(select(SchoolClass.grade).join(Enrolment, Enrolment.class_id == SchoolClass.id)
                           .where(Enrolment.pupil_id == pupil_id, held(Enrolment, today)))
    form = _form_of(session, guardian_id=guardian_id, pupil_id=pupil_id, day=today)
    if reason := reason_not_to_switch(form, grade=grade, signs_from=signs_from):
        raise Refused(reason)
    decided = _decision(session, pupil_id, by_paper=False)
    if opens != (decided is None or decided.open):
        _decide(session, pupil_id=pupil_id, opens=opens, paper_id=None, actor_id=guardian_id, now=now)


def _known(session: Session, paper: NewPaper) -> ServicePaper | None:
    """What the key has registered already."""
    standing = session.scalar(select(ServicePaper).filter_by(key=key_of(paper.key)))
    if standing is not None and (standing.kind, standing.pupil_id, standing.guardian_id, standing.registered_by_id) != (
            paper.kind, paper.pupil_id, paper.guardian_id, paper.actor_id):
        raise Refused(OLD_PAGE)
    return standing


def _checked(paper: NewPaper) -> tuple[str, date]:
    """The paper's number, and the day it is registered on."""
    today = clock.local(paper.at).date()
    number = one_line(paper.number, longest=LONGEST_NUMBER, field="number")
    if not number:
        raise Refused("Укажите номер, под которым бумага записана в школе", field="number")
    if not today - LONG_AGO <= paper.signed_on <= today:
        raise Refused("Бумага подписана не позже сегодняшнего дня и не больше года назад", field="signed_on")
    if paper.passport_shown_on and not today - LONG_AGO <= paper.passport_shown_on <= today:
        raise Refused("Паспорт предъявлен не позже сегодняшнего дня и не больше года назад", field="passport_shown_on")
    return number, today


def _check_guardian(session: Session, paper: NewPaper, today: date) -> Form:
    """The guardian's form that stands; refused when the paper can't follow it."""
    guards = session.scalar(select(Guardianship.id).where(
        Guardianship.guardian_id == paper.guardian_id, Guardianship.pupil_id == paper.pupil_id,
        held(Guardianship, today)))
    if guards is None or paper.guardian_id is None:
        raise Refused("Этот человек больше не записан представителем ученика: обновите страницу")
    before = _form_of(session, guardian_id=paper.guardian_id, pupil_id=paper.pupil_id, day=today)
    if reason := reason_not_to_register(paper.kind, before):
        raise Refused(reason)
    return before


def _check_request(session: Session, paper: NewPaper, today: date) -> None:
    pupil = session.get(Person, paper.pupil_id)
    guardians: Iterable[int] = session.scalars(select(Guardianship.guardian_id).where(
        Guardianship.pupil_id == paper.pupil_id, held(Guardianship, today)))
    forms = [_form_of(session, guardian_id=one, pupil_id=paper.pupil_id, day=today) for one in guardians]
    if reason := reason_not_to_ask(
            born=pupil.birth_date if pupil else None, forms=forms, day=paper.signed_on,
            asked=_decision(session, paper.pupil_id, by_paper=True) is not None,
            passport_shown_on=paper.passport_shown_on):
        raise Refused(reason, field="passport_shown_on" if "паспорт:" in reason else None)


def _form_of(session: Session, *, guardian_id: int, pupil_id: int, day: date) -> Form:
    form = session.scalar(select(ServiceForm.form).where(
        ServiceForm.guardian_id == guardian_id, ServiceForm.pupil_id == pupil_id, held(ServiceForm, day)))
    return Form(form) if form else Form.ELECTRONIC


def _change(session: Session, paper: NewPaper, paper_id: int, *, before: Form, today: date) -> None:
    """The form that the paper makes holds from today; the one before ends on the eve."""
    assert paper.guardian_id is not None
    rows = session.scalars(select(ServiceForm).filter_by(guardian_id=paper.guardian_id, pupil_id=paper.pupil_id)
                           .order_by(ServiceForm.id.desc())).all()
    for row in rows:
        if row.to_on is None:
            row.to_on = today - ONE_DAY
    session.flush()
    after, by_paper = MAKES.get(paper.kind), paper_id
    if after is None:  # what a court limited is again as it was
        earlier = next((row for row in rows if row.form != Form.LIMITED), None)
        after = Form(earlier.form) if earlier else Form.ELECTRONIC
        by_paper = earlier.paper_id if earlier and after is not Form.ELECTRONIC and earlier.paper_id else paper_id
    session.add(ServiceForm(guardian_id=paper.guardian_id, pupil_id=paper.pupil_id, form=after.value, from_on=today,
                            to_on=None, paper_id=by_paper))
    session.flush()
    trail.record(session, now=paper.at, actor_id=paper.actor_id, verb="service.form_changed",
                 subject_id=paper.guardian_id, pupil=paper.pupil_id, before=before.value, after=after.value,
                 from_on=today)


def _decision(session: Session, pupil_id: int, *, by_paper: bool) -> PupilAccess | None:
    """What stands about the pupil's own login: by the pupil's paper, or by a guardian's switch."""
    paper = PupilAccess.paper_id.is_not(None) if by_paper else PupilAccess.paper_id.is_(None)
    return session.scalar(select(PupilAccess).where(PupilAccess.pupil_id == pupil_id, PupilAccess.to_on.is_(None),
                                                    paper))


def _decide(session: Session, *, pupil_id: int, opens: bool, paper_id: int | None, actor_id: int,
            now: datetime) -> None:
    today = clock.local(now).date()
    if (standing := _decision(session, pupil_id, by_paper=paper_id is not None)) is not None:
        standing.to_on = today - ONE_DAY
    session.add(PupilAccess(pupil_id=pupil_id, open=opens, decided_by_id=actor_id, decided_at=now, from_on=today,
                            to_on=None, paper_id=paper_id))
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="service.login_switched", subject_id=pupil_id, opens=opens)
