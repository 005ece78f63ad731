"""Signing in and out, the first change of a password, choosing a role, and the health address."""

from flask import Blueprint

bp = Blueprint("auth", __name__)

from ejd.web.auth import account, doors, feeds, keeping, kept, news, second_factor  # noqa: E402, F401
