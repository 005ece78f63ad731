"""`flask --app app cards`: passwords in one file of its owner alone; one Russian line and a non-zero end on bad input
(R30)."""

from __future__ import annotations

import stat
from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd import clock
from ejd.audit.models import AuditRecord, BulkExport
from ejd.credentials import passwords
from ejd.credentials.commands import cards
from ejd.credentials.models import Account, Card, CardBatch
from ejd.school import settings
from tests.world import NOW, TODAY


@pytest.fixture
def run(app, school, session):
    settings.change(session, actor_id=None, key="school.address", value="https://zh.example", valid_from=TODAY, now=NOW)
    session.commit()

    def run(*options):
        result = app.test_cli_runner().invoke(cards, [str(one) for one in options])
        return result.exit_code, result.output.replace("\u00a0", " ")

    with clock.freeze(clock.now()):
        yield run


def test_the_cards_of_a_class_lie_in_a_file_that_its_owner_alone_reads(run, session, tmp_path):
    out = tmp_path / "7А.pdf"
    code, told = run("--class", "7а", "--out", out)
    assert code == 0 and "Готово: 9 карточек. Паролей вступило в силу: 9." in told
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(out.read_bytes())).pages)
    account = session.query(Account).filter(Account.login.like("volkov%")).first()
    assert account.login in text and "https://zh.example" in text
    shown = [line.removeprefix("Пароль").strip() for line in text.splitlines()]
    assert any(passwords.verify(account.password_hash, passwords.as_typed(line, one_time=True)) for line in shown
               if len(line.replace(" ", "")) == 10)


def test_it_prints_no_password_and_tells_the_director(run, session, tmp_path):
    _, told = run("--class", "7А", "--out", tmp_path / "a.pdf")
    hashes = [account.password_hash for account in session.query(Account) if account.password_hash]
    words = [word for line in told.splitlines() for word in (line, *line.split())]
    assert not any(passwords.verify(one, passwords.as_typed(word, one_time=True)) for one in hashes[:2]
                   for word in words)
    [left] = session.query(BulkExport).all()
    assert (left.kind, left.amount, left.made_by_id) == ("cards", 9, None)
    assert session.query(CardBatch).one().made_by_id is None and session.query(Card).count() == 9
    assert session.query(AuditRecord).filter_by(verb="cards.made").one().actor_id is None


def test_all_families_and_a_second_time_nobody(run, tmp_path):
    code, _ = run("--all", "--out", tmp_path / "a.pdf")
    assert code == 0
    code, told = run("--all", "--out", tmp_path / "b.pdf")
    assert code != 0 and "у всех уже есть действующий пароль" in told and not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize(("options", "told"), [
    (["--class", "7Щ"], "Класса 7Щ в этом учебном году нет"),
    (["--class", "7А", "--all"], "Назовите, для кого: класс (--class 7А), параллель (--grade 7) или все (--all)"),
    ([], "Назовите, для кого: класс (--class 7А), параллель (--grade 7) или все (--all)"),
])
def test_what_is_wrong_is_said_in_one_line(run, session, tmp_path, options, told):
    code, output = run(*options, "--out", tmp_path / "out.pdf")
    assert code != 0 and output.strip().splitlines()[-1] == told
    assert not session.query(Card).all() and not (tmp_path / "out.pdf").exists()


def test_a_file_that_is_there_is_not_written_over(run, session, tmp_path):
    out = tmp_path / "7А.pdf"
    out.write_text("чужое")
    code, output = run("--class", "7А", "--out", out)
    assert code != 0 and "уже есть" in output and out.read_text() == "чужое" and not session.query(Card).all()


def test_a_folder_that_is_not_there(run, session, tmp_path):
    code, output = run("--class", "7А", "--out", tmp_path / "нет" / "7А.pdf")
    assert code != 0 and "нельзя" in output and not session.query(Card).all()


def test_without_an_address_it_asks_for_one(run, session, tmp_path):
    settings.change(session, actor_id=None, key="school.address", value="", valid_from=TODAY, now=NOW)
    session.commit()
    code, output = run("--class", "7А", "--out", tmp_path / "7А.pdf")
    assert code != 0 and "--address" in output
    code, _ = run("--class", "7А", "--address", "https://other.example", "--out", tmp_path / "7А.pdf")
    assert code == 0
