"""Default deny, and the loaders through which every object is reached.

Answers in this order: not signed in 302 (partial: 401); the role lacks this prefix 403; the object is absent
or not yours 404; yours but closed to your position 403 with the reason; wrong moment 422 (from services).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import select

from ejd import clock
from ejd.access import ADMINISTRATION, Act, Actor, Role, may
from ejd.credentials import sessions
from ejd.credentials.arriving import Arrival, arrive
from ejd.credentials.models import Account
from ejd.credentials.sessions import SignedIn
from ejd.db import begin_as_writer, db
from ejd.families.provision import Closed, Reach, closed_to_guardian, closed_to_pupil
from ejd.families.queries import form_of, pupil_standing
from ejd.importing import keeping
from ejd.importing.keeping import Kept
from ejd.journal import exemptions
from ejd.journal.models import Exemption
from ejd.journal.queries_cell import Place, place_of
from ejd.journal.queries_mark import DatedMark, dated_mark
from ejd.results.queries_closing import term_with_year
from ejd.roster import queries_classes, queries_people
from ejd.roster.models import Course, Employment, Guardianship, Person, SchoolClass
from ejd.roster.scopes import Child, CourseCard, children_of, course_card, course_of_teacher
from ejd.schedule import scopes as lessons
from ejd.schedule.models import Lesson
from ejd.school import queries as school_queries
from ejd.school.models import DayOff, SchoolYear, Term
from ejd.school.queries import BellsOfDay, current_year
from ejd.web.closed import closed_answer
from ejd.web.fragments import notice, wants_partial
from ejd.web.given import number_in
from ejd.web.held import hold
from ejd.web.navigation import role_of_request
from ejd.web.security import SAFE_METHODS
from ejd.web.sign_in_page import sign_in_page

# Everything else needs a signed-in person.
PUBLIC = frozenset({"asset", "auth.sign_in", "auth.sign_in_by_code", "metrics", "auth.offline_worker", "auth.healthz",
                    "auth.lesson_feed",
                    "auth.confirm_news_page", "auth.confirm_news", "auth.leave_news", "auth.unsubscribe"})
# What a signed-in person with a one-time password may still reach.
BEFORE_FIRST_CHANGE = PUBLIC | {"auth.sign_out", "auth.change_password"}
# What a leader of the school who has to set up a second factor may still reach.
BEFORE_SECOND_FACTOR = BEFORE_FIRST_CHANGE | {
    "auth.second_factor_page", "auth.begin_second_factor", "auth.second_factor_qr", "auth.confirm_second_factor"}

NO_YEAR = "Учебный год ещё не открыт: сначала откройте его в календаре школы."
IMPORTS = "imports"  # the folder of the instance where uploads wait for confirmation

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

login_manager = LoginManager()


def needs(act: Act) -> Callable[[View], View]:
    """Declare the act of a view; every view under /admin must declare one (checked at start)."""

    def declare(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return declare


def register(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions live in the database
    app.before_request(_let_in)


def _arrival(token: str | None = None) -> Arrival:
    """Settings, session and roles of this request: asked once."""
    token = token or session.get("_user_id")
    if "arrival" not in g or g.arrival.token != (token or ""):
        g.arrival = arrive(db.session, token=token, now=clock.real_now())
    return cast(Arrival, g.arrival)


def know_settings() -> None:
    """For the page of a request that was refused before anybody was let in."""
    if "settings" not in g:
        g.settings = _arrival().settings


@login_manager.user_loader
def load_signed_in(token: str) -> SignedIn | None:
    know_settings()
    return _arrival(token).signed_in(now=clock.real_now(), today=clock.today())


def _let_in() -> ResponseReturnValue | None:
    if request.endpoint == "asset":
        return None  # the same bytes for everybody: nothing is asked of the database
    g.settings = _arrival().settings
    clock.use_zone(g.settings.value("zone", on=None))
    if g.settings.value("demo", on=None):
        clock.start_at(current_app.config["EJD"].now or g.settings.value("demo.now", on=None))
    if request.endpoint is None:
        return None  # an unknown address: 404 tells nothing
    if not current_user.is_authenticated:
        return None if request.endpoint in PUBLIC else _ask_to_sign_in()
    g.actor = current_user.actor
    if current_user.seen_long_ago:
        _note_use(current_user.session_id)
    if current_user.must_change and request.endpoint not in BEFORE_FIRST_CHANGE:
        return redirect(url_for("auth.change_password"))
    if has_to_set_factor(current_user) and request.endpoint not in BEFORE_SECOND_FACTOR:
        return redirect(url_for("auth.second_factor_page"))
    _keep_to_role(g.actor)
    return None


def has_to_set_factor(signed_in: SignedIn) -> bool:
    """Whether the school asks the administration for a second factor, and this leader has none yet."""
    return (not signed_in.has_factor and bool(signed_in.actor.positions & ADMINISTRATION)
            and g.settings.value("second_factor", on=None) and not g.settings.value("demo", on=None))


def allow_long_body() -> ResponseReturnValue | None:
    """Files are read from who is signed in; whoever is not is answered before the server has taken them apart."""
    view = current_app.view_functions.get(request.endpoint or "")
    if (size := getattr(view, "longest_body", None)) is None:
        return None
    if _arrival().session is not None:
        request.max_content_length = size
    elif (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        return _ask_to_sign_in(keep=False)
    return None


def _note_use(session_id: int) -> None:
    """Write «last seen» in a short transaction of its own, at most every five minutes."""
    db.session.commit()
    begin_as_writer(True)
    sessions.touch(db.session, session_id=session_id, now=clock.real_now())
    db.session.commit()
    begin_as_writer(request.method not in SAFE_METHODS)


def own_account(actor: Actor) -> Account:
    """The signed-in person's account."""
    return db.session.scalars(select(Account).filter_by(id=actor.account_id)).one()


def own_children(actor: Actor) -> list[Child]:
    """The children whose guardian the signed-in person is today (R33)."""
    return children_of(db.session, guardian_id=actor.person_id, today=clock.today())


def own_child(actor: Actor, pupil_id: int) -> tuple[Child, list[Child]]:
    """The own child, beside all the children to switch between; what the guardian's form closes is 403 (R23)."""
    children = own_children(actor)
    return _if_open(next((child for child in children if child.pupil_id == pupil_id), None) or abort(404), children)


def child_to_open(actor: Actor) -> tuple[Child, list[Child]]:
    """The eldest child whose diary is open to the guardian."""
    children = own_children(actor) or abort(404)
    return _if_open(next((child for child in children if not closed_child(child.pupil_id)), children[0]), children)


def _if_open(child: Child, children: list[Child]) -> tuple[Child, list[Child]]:
    if reason := closed_child(child.pupil_id):
        abort(closed_answer(reason, pupil_id=child.pupil_id, child=child, others=[
            one for one in children if not closed_child(one.pupil_id)]))
    return child, children


def reach() -> Reach:
    """What forms of service leave open to who is signed in, today."""
    return _arrival().reach(today=clock.today())


def closed_child(pupil_id: int) -> Closed | None:
    """Why the own child is closed to the guardian who is signed in, or None."""
    return reach().closed_child(pupil_id)


def closed_self() -> Closed | None:
    """Why the own diary is closed to the pupil who is signed in, or None."""
    return closed_to_pupil(reach().myself, today=clock.today(), signs_from=g.settings.value("cards.first_own", on=None))


def closed_to_reader(reader_id: int, pupil_id: int) -> Closed | None:
    """Why the pupil's diary is closed to a guardian, or to the pupil, who need not be signed in."""
    if reader_id != pupil_id:
        return closed_to_guardian(form_of(db.session, reader_id, pupil_id, clock.today()))
    return closed_to_pupil(pupil_standing(db.session, pupil_id=pupil_id, day=clock.today()), today=clock.today(),
                           signs_from=g.settings.value("cards.first_own", on=None))


def lesson_taught_by(actor: Actor, lesson_id: int) -> Lesson:
    """A lesson that the signed-in teacher or substitute gives, or whose journal is assigned to them."""
    return lessons.lesson_taught_by(db.session, teacher_id=actor.person_id, lesson_id=lesson_id,
                                    today=clock.today()) or abort(404)


def cell_taught_by(actor: Actor, lesson_id: int, pupil_id: int, *, with_class: bool = False) -> Place:
    """A pupil at such a lesson."""
    return place_of(db.session, lesson=lesson_taught_by(actor, lesson_id), pupil_id=pupil_id,
                    with_class=with_class) or abort(404)


def course_taught_by(actor: Actor, course_id: int) -> CourseCard:
    """A journal that is assigned to the signed-in teacher today."""
    return course_of_teacher(db.session, teacher_id=actor.person_id, course_id=course_id,
                             today=clock.today()) or abort(404)


def course_seen(course_id: int) -> CourseCard:
    """Any journal of the school, for who may see its marks (R34)."""
    return course_card(db.session, course_id=course_id) or abort(404)


def mark_dated(mark_id: int) -> DatedMark:
    """Any mark of the school that stands, for who may put right when it was received (R34)."""
    return dated_mark(db.session, mark_id) or abort(404)


def own_class(actor: Actor, class_id: int) -> tuple[SchoolClass, SchoolYear]:
    """The class whose class teacher the signed-in person is today (R33)."""
    return class_listed(class_id) if class_id in actor.own_classes else abort(404)


def course_of_own_class(actor: Actor, class_id: int, course_id: int) -> CourseCard:
    """A journal of that class, whoever keeps it."""
    if class_id not in actor.own_classes:
        abort(404)
    return course_card(db.session, course_id=course_id, class_id=class_id) or abort(404)


def school_year(year_id: int) -> SchoolYear:
    return school_queries.year_with_id(db.session, year_id) or abort(404)


def day_off(day_off_id: int) -> DayOff:
    """Holidays or a day off of the school's calendar."""
    return school_queries.day_off(db.session, day_off_id) or abort(404)


def bell_schedule(schedule_id: int) -> BellsOfDay:
    return school_queries.bell_schedule(db.session, schedule_id) or abort(404)


def person_listed(person_id: int) -> Person:
    """Anybody in the school's lists, for the administration."""
    return queries_people.person_by_id(db.session, person_id) or abort(404)


def class_listed(class_id: int) -> tuple[SchoolClass, SchoolYear]:
    """A class with its school year."""
    return queries_classes.class_by_id(db.session, class_id) or abort(404)


def term_listed(term_id: int) -> tuple[Term, SchoolYear]:
    """A term with its school year, for whoever closes it."""
    return term_with_year(db.session, term_id) or abort(404)


def course_listed(course_id: int) -> Course:
    """A journal, for whoever keeps the load."""
    return queries_classes.course_by_id(db.session, course_id) or abort(404)


def guardianship_listed(guardianship_id: int) -> Guardianship:
    """A guardianship that goes on."""
    return queries_people.guardianship_by_id(db.session, guardianship_id) or abort(404)


def exemption_listed(exemption_id: int) -> tuple[Exemption, str]:
    """A pupil's exemption, and from which subject."""
    return exemptions.exemption_by_id(db.session, exemption_id) or abort(404)


def position_listed(employment_id: int) -> Employment:
    """A position that goes on."""
    return queries_people.position_by_id(db.session, employment_id) or abort(404)


def own_upload(actor: Actor, upload: str) -> Kept:
    """Files that the signed-in person has sent and not loaded yet, less than a day ago."""
    root = Path(current_app.instance_path) / IMPORTS
    return keeping.find(root, token=upload, owner_id=actor.person_id, now=clock.real_now()) or abort(
        404, "Этой загрузки нет или прошло больше суток: файлы удалены. Выберите их снова.")


def school_year_asked() -> tuple[SchoolYear | None, Sequence[SchoolYear]]:
    """The school year that the address names, else the one that runs, or is about to; and every year, the newest
    first. One statement."""
    years, asked = school_queries.years(db.session), number_in(request.args, "year")
    if asked is None:
        return school_queries.year_on(years, clock.today()), years
    return next((year for year in years if year.id == asked), None) or abort(404), years


def school_year_now() -> SchoolYear:
    """The school year that runs, in summer the one that is over; before the first one that to come."""
    return current_year(db.session, clock.today()) or abort(422, NO_YEAR)


def school_year_named() -> SchoolYear:
    """The school year that the address names, else that one."""
    return school_year_asked()[0] or abort(422, NO_YEAR)


def _keep_to_role(actor: Actor) -> None:
    role = role_of_request()
    if role is not None and role not in actor.roles:
        abort(403)
    if role is Role.STUDENT and (reason := closed_self()):
        abort(closed_answer(reason, pupil_id=actor.person_id))
    act = getattr(current_app.view_functions[str(request.endpoint)], "act", None)
    if role is Role.ADMIN and act is None:
        raise LookupError(f"{request.endpoint} declares no act")
    if act is not None and not may(actor, act):
        abort(403)


def _ask_to_sign_in(*, keep: bool = True) -> ResponseReturnValue:
    if wants_partial():
        return notice("Вход истёк: войдите снова, набранное на странице сохранится.", 401,
                      link=url_for("auth.sign_in", beside="1"), link_text="Войти в соседней вкладке")
    if keep and (held := hold()):
        return sign_in_page(held=held), 401
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=back))
