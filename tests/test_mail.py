"""Letters handed to a real mail server on this computer; headers that nobody can smuggle anything into; settings."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace

import pytest

from ejd import config as configuration
from ejd import mail
from ejd.config import Smtp
from ejd.mail import Message
from ejd.news import letters
from tests.postbox import free_port, handing_to, receiving

LEAVE = "https://journal.school12.example/news/leave/" + "z" * 60


def raw(message: Message) -> list[str]:
    return mail.composed(message, "journal@school12.example").as_bytes().decode("ascii").split("\r\n")


def test_letters_arrive_as_they_were_written(app):
    with receiving(app) as box:
        assert mail.send([Message("vera@mail.example", *letters.to_confirm(LEAVE)),
                          Message("zakhar@mail.example", *letters.of_news({"marks"}, address="https://j.example/",
                                                                          leave=LEAVE), leave=LEAVE)]) == [None, None]
    first, second = box.letters
    assert box.to == ["vera@mail.example", "zakhar@mail.example"]
    assert (str(first["From"]), str(first["Subject"])) == ("journal@school12.example", "Подтвердите адрес почты")
    assert LEAVE in str(first.get_content()) and first["List-Unsubscribe"] is None
    assert str(second["Auto-Submitted"]) == "auto-generated" and second["Message-ID"] and second["Date"]


def test_the_link_that_unsubscribes_stays_in_one_piece():
    """RFC 8058; folded, the library would encode it, and no mail program reads it then."""
    lines = raw(Message("a@b.example", "s", "t", leave=LEAVE))
    assert f"List-Unsubscribe: <{LEAVE}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_a_cyrillic_site_is_named_as_the_network_names_it_and_without_tls_there_is_no_one_click():
    lines = raw(Message("a@b.example", "s", "t", leave="http://журнал.рф:8000/news/leave/x"))
    assert "List-Unsubscribe: <http://xn--80alqgor.xn--p1ai:8000/news/leave/x>" in lines
    assert not [line for line in lines if line.startswith("List-Unsubscribe-Post")]


@pytest.mark.parametrize("message", [
    Message("a@b.example\r\nBcc: c@d.example", "s", "t"), Message("a@b.example", "s\r\nBcc: c@d.example", "t"),
    Message("a@b.example", "s", "t", leave="https://x.example/\r\nBcc: c@d.example"),
    Message("a@b.example, c@d.example", "s", "t"), Message("вера@b.example", "s", "t"), Message("", "s", "t"),
    Message("a b@c.example", "s", "t")])
def test_nothing_is_smuggled_into_a_header_and_the_next_letter_goes_all_the_same(app, message):
    with receiving(app) as box:
        assert mail.send([message, Message("a@b.example", "s", "t")]) == [mail.UNFIT, None]
    assert box.to == ["a@b.example"] and box.letters[0]["Bcc"] is None


def test_an_address_nobody_lives_at_is_told_without_the_address_and_holds_nobody_up(app):
    with receiving(app) as box:
        box.refuses.add("gone@mail.example")
        answers = mail.send([Message("gone@mail.example", "s", "t"), Message("here@mail.example", "s", "t")])
    assert answers == [f"{mail.REFUSED} (550)", None] and box.to == ["here@mail.example"]


def test_a_server_that_is_not_there_is_told_of_every_letter(app):
    with handing_to(app, free_port()):
        answers = mail.send([Message("a@b.example", "s", "t")] * 3)
    assert [answer is not None and answer.startswith(mail.NO_ANSWER) for answer in answers] == [True] * 3


def test_a_server_that_hangs_up_is_tried_twice_and_then_left_alone(app):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        calls = []

        def hang_up() -> None:
            while True:
                try:
                    one, _ = listening.accept()
                except OSError:
                    return
                calls.append(one.sendall(b"220 hello\r\n"))
                one.recv(1000)
                one.sendall(b"250 OK\r\n")
                one.recv(1000)
                one.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with handing_to(app, listening.getsockname()[1]):
            answers = mail.send([Message("a@b.example", "s", "t")] * 5)
    assert len(calls) == 2 and all(answer and answer.startswith(mail.NO_ANSWER) for answer in answers)


def test_a_password_never_goes_unencrypted(app):
    """A server that offers no STARTTLS gets neither letter nor password."""
    with receiving(app) as box:
        known = app.config["EJD"]
        smtp = replace(known.smtp, starttls=True, user="journal", password="secret")
        app.config["EJD"] = replace(known, smtp=smtp)
        [answer] = mail.send([Message("a@b.example", "s", "t")])
    assert answer is not None and box.letters == [] and "secret" not in repr(smtp)


def given(monkeypatch, tmp_path, **values: str) -> Smtp | None:
    monkeypatch.setenv("EJD_INSTANCE", str(tmp_path))
    for name in ("HOST", "PORT", "FROM", "USER", "PASSWORD", "STARTTLS"):
        monkeypatch.delenv(f"EJD_SMTP_{name}", raising=False)
    for name, value in values.items():
        monkeypatch.setenv(f"EJD_SMTP_{name}", value)
    return configuration.from_environment().smtp


def test_encryption_is_on_unless_the_server_is_this_computer(monkeypatch, tmp_path):
    assert given(monkeypatch, tmp_path) is None
    sender = "journal@school12.example"
    assert given(monkeypatch, tmp_path, HOST="mail.example", FROM=sender) == Smtp("mail.example", 587, sender)
    assert given(monkeypatch, tmp_path, HOST="127.0.0.1", FROM=sender, PORT="25") == Smtp(
        "127.0.0.1", 25, sender, starttls=False)
    by_tls = given(monkeypatch, tmp_path, HOST="mail.example", FROM=sender, PORT="465")
    assert by_tls is not None and by_tls.tls


@pytest.mark.parametrize("values, said", [
    ({"HOST": "mail.example"}, "EJD_SMTP_FROM"), ({"HOST": "mail.example", "FROM": "a@b@c"}, "EJD_SMTP_FROM"),
    ({"HOST": "mail.example", "FROM": "a@b\nBcc: c"}, "EJD_SMTP_FROM"),
    ({"HOST": "mail.example", "FROM": "a@b.ru", "PORT": "почта"}, "EJD_SMTP_PORT"),
    ({"HOST": "mail.example", "FROM": "a@b.ru", "USER": "u", "STARTTLS": "0"}, "EJD_SMTP_PASSWORD")])
def test_settings_that_cannot_be_are_named(monkeypatch, tmp_path, values, said):
    with pytest.raises(SystemExit, match=said):
        given(monkeypatch, tmp_path, **values)
