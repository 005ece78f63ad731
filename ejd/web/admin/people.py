"""One person, whatever the roles: name, birth date, password, joining with another row, removal of a mistake."""

from __future__ import annotations

from flask import abort, g, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import POSITION_NAMES, Act, may, reason_closed, reason_no_renewal, refuse_oneself
from ejd.credentials import services
from ejd.credentials.card_paper import CardOnPaper
from ejd.credentials.cards import about
from ejd.credentials.holders import GUARDIAN, PUPIL, children_of, school_day
from ejd.db import db
from ejd.office import joining
from ejd.office.person import PersonPage, person_page
from ejd.privacy import queries as privacy
from ejd.privacy.grounds import BASIS_NAMES
from ejd.privacy.passport_data import EXAM_GRADE
from ejd.roster import finding, queries_people
from ejd.roster import people as acts
from ejd.roster.models import Person
from ejd.web import cards
from ejd.web.access import needs, person_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done, show


@bp.get("/people/<int:person_id>")
@needs(Act.SEE_ROSTER)
def person(person_id: int) -> ResponseReturnValue:
    """A person with everything that belongs to them, and the history of it."""
    listed = person_listed(person_id)
    page = person_page(db.session, person_id=person_id, day=clock.today())
    keeps_bases = bool(page.classes) and may(g.actor, Act.KEEP_BASES)
    basis = privacy.standing_basis(db.session, pupil_id=person_id) if keeps_bases else None
    return show("person", person=listed, page=page, closed=reason_closed(g.actor, page.offices),
                kept=_kept_password(page), keeps_bases=keeps_bases, basis=basis, basis_names=BASIS_NAMES,
                sees_passports=_in_exam_class(page) and may(g.actor, Act.SEE_PASSPORTS),
                exports=may(g.actor, Act.EXPORT_PERSON), erases=may(g.actor, Act.ERASE_PEOPLE))


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def edit_person(person_id: int) -> ResponseReturnValue:
    """Put a name or a birth date right."""
    listed = person_listed(person_id)
    form = Form(last_name=listed.last_name, first_name=listed.first_name, patronymic=listed.patronymic,
                birth_date=listed.birth_date or "")
    is_pupil = bool(person_page(db.session, person_id=person_id, day=clock.today()).classes)
    if form.sent:
        with form.saving():
            acts.rename_person(db.session, **by(), person_id=person_id, last_name=form.text("last_name"),
                               first_name=form.text("first_name"), patronymic=form.text("patronymic"))
            if is_pupil:
                acts.correct_birth_date(db.session, **by(), person_id=person_id,
                                        birth_date=form.day_or_none("birth_date"))
        if not form.errors:
            return done("Записано", ".person", person_id=person_id)
    return form.page("person_edit", person=listed, is_pupil=is_pupil)


@bp.route("/people/<int:person_id>/remove", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def remove_person(person_id: int) -> ResponseReturnValue:
    """Take away a person entered by mistake."""
    listed, form = person_listed(person_id), Form()
    _keep_from_leadership(person_id)
    name = listed.full_name
    if form.sent:
        with form.saving():
            form.sure()
            acts.remove_person(db.session, **by(), person_id=person_id)
        if not form.errors:
            return done(f"Убрано из списков: {name}", ".search")
    return form.page("person_remove", person=listed)


@bp.route("/people/<int:person_id>/join", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def join_people(person_id: int) -> ResponseReturnValue:
    """Join another row of the same person to this one: first find it, then confirm."""
    listed, form = person_listed(person_id), Form()
    other_id = form.number_or_none("other_id")
    other = person_listed(other_id) if other_id else None
    if form.sent and other and form.text("sure"):
        _keep_from_leadership(person_id, other.id)
        with form.saving():
            for one in (listed, other):
                refuse_oneself(g.actor, one.id, field="form")
            joining.join_people(db.session, **by(), keep_id=person_id, drop_id=other.id)
        if not form.errors:
            return done("Записи объединены", ".person", person_id=person_id)
    if other and (reason := joining.reason_not_to_join(db.session, keep=listed, drop=other)):
        form.errors["form"] = reason
    elif form.sent and other is None and not form.text("q"):
        form.errors["q"] = "Впишите часть имени второй записи"
    found = finding.find(db.session, form.text("q") or listed.full_name, day=clock.today()).people
    return form.page("person_join", person=listed, other=other, found=[one for one in found if one.id != person_id],
                     asked=form.text("q"),
                     described=finding.described(db.session, [listed, other] if other else [], day=clock.today()))


@bp.route("/people/<int:person_id>/password", methods=["GET", "POST"])
@needs(Act.ISSUE_PASSWORD)
def issue_password(person_id: int) -> ResponseReturnValue:
    """Issue a one-time password as a card (R30): it stands in this answer alone, and is kept only as a hash."""
    listed = person_listed(person_id)
    if g.actor.person_id == person_id:
        abort(403, "Свой пароль меняют на странице своей учётной записи.")
    page = person_page(db.session, person_id=person_id, day=clock.today())
    if reason := reason_closed(g.actor, page.offices) or _kept_password(page):
        abort(403, reason)
    where = url_for(".person", person_id=person_id)
    return cards.issue(listed, *_card_of(listed, page), account=page.account, back=where, action=where + "/password")


@bp.route("/people/<int:person_id>/login", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def close_login(person_id: int) -> ResponseReturnValue:
    """Close somebody's login, or open it again."""
    listed, form = person_listed(person_id), Form()
    page = person_page(db.session, person_id=person_id, day=clock.today())
    if reason := reason_closed(g.actor, page.offices):
        abort(403, reason)
    if g.actor.person_id == person_id:
        abort(403, "Свой вход закрыть нельзя: его закрывает другой.")
    if form.sent and page.account is None:
        form.errors["form"] = "Логина у этого человека ещё нет"
    elif form.sent and page.account:
        with form.saving():
            if form.text("act") == "open":
                services.open_login(db.session, **by(), account=page.account)
            else:
                services.close_login(db.session, **by(), account=page.account, real_now=clock.real_now())
        if not form.errors:
            return done("Вход закрыт" if page.account.disabled_at else "Вход открыт", ".person", person_id=person_id)
    return form.page("login", person=listed, account=page.account)


def _in_exam_class(page: PersonPage) -> bool:
    """Whether passport data may be kept of this pupil (R41)."""
    return page.current is not None and page.current.title.startswith(str(EXAM_GRADE))


def _card_of(person: Person, page: PersonPage) -> tuple[CardOnPaper, int | None]:
    """What the card says, and in the place of which pupil it is handed out."""
    if page.current:
        return CardOnPaper(PUPIL, person.full_name, page.current.title), person.id
    children = children_of(db.session, [person.id], day=school_day(db.session, clock.today())).get(person.id, ())
    if page.offices:
        title = ", ".join(POSITION_NAMES[one] for one in sorted(page.offices))
        return CardOnPaper(title, person.full_name, "", about(children)), None
    child = next((one for one in page.children
                  if one.class_name and (one.to_on is None or one.to_on >= clock.today())), None)
    if child is None:
        return CardOnPaper("", person.full_name, ""), None
    return CardOnPaper(GUARDIAN, person.full_name, child.class_name, about(children)), child.person_id


def _kept_password(page: PersonPage) -> str | None:
    """Why the person keeps the password there is, or None when the actor may issue one."""
    if page.account is None or not page.account.lets_in(clock.real_now()):
        return None
    return reason_no_renewal(g.actor, sees_marks=page.sees_marks(clock.today()))


def _keep_from_leadership(*person_ids: int) -> None:
    for person_id in person_ids:
        theirs = queries_people.positions_of(db.session, person_id=person_id, day=clock.today())
        if reason := reason_closed(g.actor, theirs):
            abort(403, reason)
