"""create_app: config → database → capabilities → web → command line."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from ejd import config as configuration
from ejd.db import db


def create_app(config: configuration.Config | None = None) -> Flask:
    """The WSGI application for one school's database."""
    configuration.keep_to_oneself()
    config = config or configuration.from_environment()
    app = Flask(
        "ejd",
        root_path=str(configuration.ROOT / "ejd"),
        template_folder=str(configuration.ROOT / "templates"),
        static_folder=None,
        instance_path=str(config.instance),
    )
    configuration.make_folder(config.instance)
    app.config.update(
        EJD=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="__Host-ejd" if config.tls_only else "ejd",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.tls_only,
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(configuration.ROOT / "ejd" / "migrations"), render_as_batch=True)
    import_models()

    from ejd import cli, web, working

    web.register(app)
    working.register(app)
    cli.register(app)
    return app


def import_models() -> None:
    """Make every table known to the metadata, whichever capability is used first."""
    import ejd.audit.models
    import ejd.certification.models
    import ejd.compliance.models
    import ejd.credentials.models
    import ejd.families.models
    import ejd.files.models
    import ejd.homeroom.models
    import ejd.importing.models
    import ejd.jobs.models
    import ejd.journal.models
    import ejd.journal.week_models
    import ejd.news.models
    import ejd.plans.models
    import ejd.privacy.models
    import ejd.remarks.models
    import ejd.results.models
    import ejd.roster.models
    import ejd.schedule.models
    import ejd.school.models  # noqa: F401
