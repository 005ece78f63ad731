"""Homework and its files as tests set them, through the journal's own acts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from ejd import clock
from ejd.files import store
from ejd.files.store import MEGABYTE, Sent
from ejd.journal.homework import NewHomework, give_to_pupils
from ejd.journal.homework_files import attach_files
from ejd.journal.models import Homework, HomeworkFile
from ejd.roster.models import Person
from ejd.schedule.models import Lesson
from ejd.school import settings
from tests.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"

_keys = (f"homework-{number}" for number in count(1))


def folder() -> Path:
    """Where the school of the tests keeps its files."""
    return Path(current_app.instance_path) / "files"


def office_file(part: str = "word/document.xml", *more: str, types: str = "<Types/>") -> bytes:
    """A document as Word, Excel or PowerPoint packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("[Content_Types].xml", types)
        for name in (part, *more):
            parts.writestr(name, "<x/>")
    return packed.getvalue()


def open_document(media_type: str = "application/vnd.oasis.opendocument.text") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("mimetype", media_type)
        parts.writestr("content.xml", "<x/>")
    return packed.getvalue()


def give(school: World, lesson: Lesson, pupils: Sequence[Person], text: str = "карточка № 3", *,
         at: datetime | None = None, **more: Any) -> Homework:
    """Анна sets homework to these pupils alone."""
    homework = NewHomework(lesson.id, text, school.anna.id, at or clock.now(), more.pop("key", None) or next(_keys),
                           **more)
    return give_to_pupils(school.session(), homework=homework, pupil_ids=[pupil.id for pupil in pupils],
                          settings=settings.load(school.session()))


def attach(school: World, homework: Homework, name: str, body: bytes, *, at: datetime | None = None) -> int:
    """Анна attaches a file; its id."""
    session = school.session()
    with store.receiving(folder(), [Sent(name, io.BytesIO(body))], longest=MEGABYTE, field="files") as received:
        kept = [(file.name, store.keep(session, folder=folder(), file=file, now=clock.now())) for file in received]
        attach_files(session, homework=homework, files=kept, actor_id=school.anna.id, now=at or clock.now(), most=5)
    attached = select(HomeworkFile.id).filter_by(homework_id=homework.id).order_by(HomeworkFile.id.desc())
    return session.scalars(attached).first()
