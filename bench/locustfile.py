"""Who comes on the first school morning, told to Locust: families sign in one after another and read their diary, while
teachers put a mark every few seconds. Whom and what there is stands in the file that EJD_SEPTEMBER names, which
bench/september.py has written; it runs in an environment of its own and knows nothing of the program.
"""

import itertools
import json
import os
import re
import secrets
import time
from pathlib import Path

import gevent
from locust import FastHttpUser, between, events, task
from locust.runners import Runner

PLAN = json.loads(Path(os.environ["EJD_SEPTEMBER"]).read_text(encoding="utf-8"))
BY_HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
families, teachers = itertools.count(), itertools.count()
begun = time.monotonic()


class Visitor(FastHttpUser):
    """Somebody with a browser of their own, who signs in by the form."""

    abstract = True

    def signs_in(self, login: str) -> None:
        page = self.client.get("/login", name="sign-in page").text or ""
        self.client.get(re.search(r'href="(/static/[^"]+\.css)"', page)[1], name="style sheet")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = {"login": login, "password": PLAN["password"], "csrf_token": token}
        with self.client.post("/login", data=form, name="sign-in", allow_redirects=False,
                              catch_response=True) as answer:
            if answer.status_code not in {302, 303}:
                answer.failure(f"not let in: {answer.status_code}")


class Family(Visitor):
    """Comes at a moment of its own within the time given; looks at the week and at the marks, and is gone."""

    fixed_count = len(PLAN["families"])

    def on_start(self) -> None:
        number = next(families)
        gevent.sleep(max(0.0, begun + PLAN["seconds"] * number / len(PLAN["families"]) - time.monotonic()))
        self.signs_in(PLAN["families"][number])
        week = self.client.get("/parent/", name="diary").text or ""
        marks = re.search(r'href="(/parent/children/\d+/marks)', week)
        if marks is None:
            raise ValueError("a diary without a link to the marks")
        gevent.sleep(3)
        self.client.get(marks[1], name="marks by subject")

    @task
    def has_read(self) -> None:
        gevent.sleep(PLAN["seconds"])


class Teacher(Visitor):
    """Puts the next mark on the sheet of a lesson, every five seconds or so."""

    fixed_count = len(PLAN["teachers"])
    # Not to a beat: constant_pacing lets all of them press at the same moment, which no school does.
    wait_time = between(PLAN["pace"] - 1, PLAN["pace"] + 1)

    def on_start(self) -> None:
        number = next(teachers)
        login, self.cells = PLAN["teachers"][number]
        self.lesson = None
        gevent.sleep(PLAN["seconds"] / 10 * number / len(PLAN["teachers"]))  # not all in one breath
        self.signs_in(login)

    @task
    def puts_a_mark(self) -> None:
        if not self.cells:
            return
        lesson, pupil = self.cells.pop(0)
        if lesson != self.lesson:
            self.lesson, page = lesson, self.client.get(f"/teacher/lessons/{lesson}", name="lesson").text or ""
            self.csrf = re.search(r'data-csrf="([^"]+)"', page)[1]
        self.client.post(f"/teacher/lessons/{lesson}/pupils/{pupil}", name="mark", headers=BY_HTMX, data={
            "act": "put", "value": secrets.choice("5432"), "for": "k1", "key": secrets.token_urlsafe(12),
            "view": "lesson", "seen": "", "csrf_token": self.csrf})


@events.spawning_complete.add_listener
def all_are_there(user_count: int, **_: object) -> None:
    print(f"{user_count} families and teachers on their way", flush=True)


def _told(**context: object) -> None:
    """An error of this file is an error of the run."""
    runner = context.get("environment").runner if context.get("environment") else None
    if isinstance(runner, Runner) and runner.exceptions:
        for one in runner.exceptions.values():
            print(one["msg"], one["traceback"], flush=True)
        context["environment"].process_exit_code = 1


events.quitting.add_listener(_told)
