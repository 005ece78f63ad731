"""Every error has a place: a page for a visitor, a notice for a fragment; the text says what to do."""

from __future__ import annotations

import traceback

from flask import Flask, Response, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ejd.db import db
from ejd.refusal import Refused, Stale
from ejd.web.access import know_settings
from ejd.web.fragments import notice, wants_partial
from ejd.web.held import held_for, hold
from ejd.web.security import SAFE_METHODS
from ejd.web.sign_in_page import sign_in_page

TITLES = {
    400: "Запрос не понят",
    403: "Нет доступа",
    404: "Страница не найдена",
    405: "Так сюда не обращаются",
    409: "Уже изменено",
    413: "Файл слишком большой",
    422: "Не сохранено",
    429: "Слишком много попыток",
    500: "Ошибка на сервере",
}
ADVICE = {
    400: "Обновите страницу и повторите.",
    403: "Эта страница не для вашей роли или должности. Если доступ нужен, обратитесь к администрации школы.",
    404: "Адрес неверен, или страница не для вас. Вернитесь на главную.",
    405: "Вернитесь на предыдущую страницу и повторите действие с неё.",
    413: "Это больше, чем сервер принимает за один раз. Выберите файлы поменьше.",
    500: "Сведения о ней записаны для администратора. Повторите позже; сохранённое не пропало.",
}


def say_no(message: str, status: int, title: str = "") -> Response:
    """One sentence with the right status: a notice for htmx, else a page under the status's title or another."""
    if wants_partial():
        return notice(message, status)
    adapter = request_ctx.url_adapter
    back = request.path if status == 413 and adapter is not None and adapter.test(method="GET") else None
    page = render_template("error.html", title=title or TITLES.get(status, "Ошибка"), message=message, back=back)
    return make_response(page, status)


def where_it_broke(error: BaseException) -> str:
    """The error's type and the lines it came through. Its message may hold a name or a value: not for a log."""
    return type(error).__name__ + "\n" + "".join(traceback.format_tb(error.__traceback__))


def outlived(_error: CSRFError) -> ResponseReturnValue:
    """A form without a token of this browser's session: the page is older than it, or a stranger's. What a person
    of ours typed is offered again, after signing in where that is needed."""
    kept = None if wants_partial() else hold()
    if kept and not current_user.is_authenticated:
        know_settings()
        return sign_in_page(held=kept), 401
    if kept and (held := held_for(current_user.actor.account_id, kept)):
        return render_template("auth/held.html", held=held), 400
    return say_no("Страница устарела. Обновите её и повторите: введённое не сохранено.", 400)


def register(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        code = error.code or 500
        given = error.description if error.description != type(error).description else None
        return say_no(given or ADVICE.get(code, ADVICE[400]), code)

    app.register_error_handler(CSRFError, outlived)

    @app.errorhandler(Stale)
    def stale(refused: Stale) -> ResponseReturnValue:
        db.session.rollback()
        return say_no(str(refused), 409)

    @app.errorhandler(Refused)
    def refused(refused: Refused) -> ResponseReturnValue:
        db.session.rollback()
        asked = request.method in SAFE_METHODS  # nothing was to be saved
        return say_no(str(refused), 422, title="Уточните запрос" if asked else "")

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        if app.testing:
            raise error
        db.session.rollback()
        app.logger.error("%s %s: %s", request.method, request.url_rule, where_it_broke(error))
        return say_no(ADVICE[500], 500)
