"""«Расписание в телефоне»: private addresses of lessons, and the file behind one, which needs no signing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Role
from ejd.db import db
from ejd.diary.queries import attended_lessons
from ejd.families.provision import Closed
from ejd.schedule import feeds
from ejd.schedule.calendar_file import calendar_file
from ejd.schedule.feeds import Feed
from ejd.schedule.models import LessonFeed
from ejd.schedule.queries import lessons_of_teacher, lessons_shown
from ejd.web.access import closed_child, closed_self, closed_to_reader, own_children
from ejd.web.access_lessons import own_feed
from ejd.web.auth import bp
from ejd.web.saving import saving

SINCE, UNTIL = timedelta(days=14), timedelta(days=120)
OWN_AS_TEACHER = "teacher"
NOT_OPEN = "Это расписание вам больше не открыто"


@bp.get("/account/calendar")
def calendar_feeds() -> ResponseReturnValue:
    return _page()


@bp.post("/account/calendar")
def make_calendar_feed() -> ResponseReturnValue:
    """The address is on this answer, and nowhere else ever again."""
    whose = request.form.get("whose", "")
    if reason := _closed().get(whose):
        abort(403, f"{reason}.")
    if whose not in dict(_offered()):
        return _page(errors={"whose": "Выберите, чьё расписание"}), 422
    pupil_id = None if whose == OWN_AS_TEACHER else int(whose)
    with saving():
        secret = feeds.make_feed(db.session, owner_id=g.actor.person_id, pupil_id=pupil_id, now=clock.now())
    return _page(made=url_for("auth.lesson_feed", secret=secret, _external=True))


@bp.post("/account/calendar/<int:feed_id>/revoke")
def revoke_calendar_feed(feed_id: int) -> ResponseReturnValue:
    feed = own_feed(g.actor, feed_id)
    with saving():
        feeds.revoke_feed(db.session, actor_id=g.actor.person_id, feed=feed, now=clock.now())
    flash("Адрес больше не действует.")
    return redirect(url_for("auth.calendar_feeds"))


@bp.get("/calendar/<secret>.ics")
def lesson_feed(secret: str) -> ResponseReturnValue:
    """The lessons behind a private address; one that was revoked or guessed is not there."""
    feed = feeds.feed_behind(db.session, secret, today=clock.today()) or abort(404)
    if feed.pupil_id is not None and (reason := closed_to_reader(feed.owner_id, feed.pupil_id)):
        abort(403, f"{reason}.")
    answer = Response(_file(feed), content_type="text/calendar; charset=utf-8",
                      headers={"Cache-Control": "private, no-cache"})
    answer.add_etag()
    return answer.make_conditional(request)


def _file(feed: LessonFeed) -> bytes:
    first, last = clock.today() - SINCE, clock.today() + UNTIL
    if feed.pupil_id is None:
        lessons = lessons_of_teacher(db.session, teacher_id=feed.owner_id, day=first, last=last)
    else:
        lessons = lessons_shown(db.session, attended_lessons(db.session, pupil_id=feed.pupil_id, first=first,
                                                             last=last))
    return calendar_file(lessons, title="Уроки", for_pupil=feed.pupil_id is not None, made_at=feed.created_at)


def _offered() -> list[tuple[str, str]]:
    """Whose lessons the signed-in person may have in a telephone: the own ones, and those of the children."""
    offered = []
    if Role.TEACHER in g.actor.roles:
        offered.append((OWN_AS_TEACHER, "мои уроки (я учитель)"))
    if g.actor.is_pupil:
        offered.append((str(g.actor.person_id), "мои уроки"))
    offered += [(str(child.pupil_id), child.name) for child in own_children(g.actor)]
    closed = _closed()
    return [one for one in offered if one[0] not in closed]


def _closed() -> dict[str, Closed]:
    """Whose lessons forms of service close to the signed-in person (R23)."""
    closed = {str(pupil_id): reason for pupil_id in g.actor.children if (reason := closed_child(pupil_id))}
    if g.actor.is_pupil and (reason := closed_self()):
        closed[str(g.actor.person_id)] = reason
    return closed


def _page(made: str = "", errors: dict[str, str] | None = None) -> str:
    offered, kept = _offered(), feeds.feeds_of(db.session, g.actor.person_id)
    shut = _shut(kept, dict(offered))
    return render_template("auth/calendar_feeds.html", offered=offered, made=made, errors=errors or {},
                           feeds=[feed for feed in kept if feed.id not in shut],
                           closed=[(feed, shut[feed.id]) for feed in kept if feed.id in shut])


def _shut(kept: Sequence[Feed], offered: Mapping[str, str]) -> dict[int, str]:
    """Why addresses that were not revoked open nothing now: a form of service, or the ground has gone (R23, R33)."""
    closed = _closed()
    whose = {feed.id: OWN_AS_TEACHER if feed.pupil_id is None else str(feed.pupil_id) for feed in kept}
    return {feed_id: closed.get(key, NOT_OPEN) for feed_id, key in whose.items() if key not in offered}
