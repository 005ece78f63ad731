"""Everything that speaks HTTP. Roles live only here; capabilities know nothing of requests."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Wire security, errors, filters and the role blueprints into the application."""
    from ejd.web import access, assets, attaching, errors, filters, navigation, offline, saving, security, watching
    from ejd.web.admin import bp as admin
    from ejd.web.auth import bp as auth
    from ejd.web.given import RowId
    from ejd.web.help import bp as help_pages
    from ejd.web.jobs import bp as jobs
    from ejd.web.parent import bp as parent
    from ejd.web.student import bp as student
    from ejd.web.teacher import bp as teacher

    watching.register(app)
    security.register(app, access.allow_long_body)
    access.register(app)
    errors.register(app)
    saving.register(app)
    filters.register(app)
    assets.register(app)
    attaching.register(app)
    navigation.register(app)
    offline.register(app)
    app.url_map.converters["int"] = RowId
    for blueprint in (auth, help_pages, jobs, teacher, parent, student, admin):
        app.register_blueprint(blueprint)
