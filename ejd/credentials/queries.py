"""Reading accounts."""

from __future__ import annotations

from sqlalchemy import select

from ejd.credentials.models import Account
from ejd.db import Session


def account_by_login(session: Session, login: str) -> Account | None:
    """The account of a login; letter case does not matter."""
    return session.scalar(select(Account).where(Account.login == login.strip().lower()))
