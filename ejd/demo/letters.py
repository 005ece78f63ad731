"""The demo school has made the papers of introduction its own, and has added a sentence to the memo since (R55)."""

from __future__ import annotations

from datetime import datetime, timedelta

from ejd import clock
from ejd.db import Session
from ejd.families import letters
from ejd.families.letters import NewWording
from ejd.families.wording import LetterKind
from ejd.school import settings as school_settings

ADDED = "Если войти не получается, приходите в канцелярию (кабинет 101): по средам с 17 до 19 часов вам помогут."
LATER = timedelta(days=3)


def school_adopts(session: Session, *, director: int, deputy: int, now: datetime) -> None:
    """The director every paper, then the deputy the memo once more."""
    texts = [(kind, letters.program_text(kind), 0, director, now) for kind in LetterKind]
    texts.append((LetterKind.MEMO, f"{letters.program_text(LetterKind.MEMO)} {ADDED}", 1, deputy, now + LATER))
    settings, today = school_settings.load(session), clock.local(now).date()
    for kind, body, seen, who, at in texts:
        letters.word(session, settings=settings, today=today,
                     new=NewWording(kind, body, seen, who, at, f"demo-{kind.value}-{seen}"))
