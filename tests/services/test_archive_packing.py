"""A signed file of files: any changed, missing or added byte is found, and the file that it is in is named (R54)."""

from __future__ import annotations

import io
import json
import stat
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ejd.archive import packing, signing
from ejd.refusal import Refused

FILES = {"Сводные ведомости/7А.pdf": b"%PDF summary", "data/marks.csv": "Отметка;5\n".encode(), "empty.txt": b""}


@pytest.fixture(scope="module")
def key():
    return Ed25519PrivateKey.generate()


def packed(key, files=FILES):
    body = io.BytesIO()
    pack = packing.Pack(body)
    for name, content in files.items():
        pack.add(name, content)
    pack.seal(key, what="year", school="Школа № 12")
    return body.getvalue()


@pytest.fixture
def checked(tmp_path):
    """What is wrong with these bytes."""
    def check(body, **given):
        path = tmp_path / "archive.zip"
        path.write_bytes(body)
        return packing.check(path, **given)

    return check


def again(body, *, without=(), change=None, add=None):
    """The zip packed once more by somebody else, with some files changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            if info.filename not in without:
                new.writestr(packing._entry(info.filename), (change or {}).get(info.filename, old.read(info)))
        for name, content in (add or {}).items():
            new.writestr(packing._entry(name), content)
    return made.getvalue()


def test_a_whole_file_is_found_whole_and_opens_without_the_program(checked, key):
    found = checked(packed(key), key=key.public_key())
    assert found.faults == () and found.manifest["school"] == "Школа № 12"
    with zipfile.ZipFile(io.BytesIO(packed(key))) as opened:
        assert opened.testzip() is None
        assert opened.read("data/marks.csv") == FILES["data/marks.csv"]


def test_the_same_files_make_the_same_bytes(key):
    assert packed(key) == packed(key)


def test_every_single_changed_byte_is_found(checked, key):
    body = packed(key)
    for place in range(len(body)):
        changed = bytearray(body)
        changed[place] ^= 0x41
        assert checked(bytes(changed)).faults, place


def test_a_missing_and_an_added_byte_anywhere_is_found(checked, key):
    body = packed(key)
    for place in range(0, len(body) + 1, 7):
        assert checked(body[:place] + body[place + 1:]).faults or place == len(body), place
        assert checked(body[:place] + b"\0" + body[place:]).faults, place


@pytest.mark.parametrize(("done", "said"), [
    ({"change": {"data/marks.csv": "Отметка;2\n".encode()}}, ["data/marks.csv: изменён"]),
    ({"without": ["Сводные ведомости/7А.pdf"]}, ["Сводные ведомости/7А.pdf: нет в архиве"]),
    ({"add": {"data/extra.csv": b"5"}}, ["data/extra.csv: лишний, в описи его нет"]),
    ({"without": ["manifest.sig"]}, ["manifest.sig: нет в архиве"]),
    ({"without": ["public-key.pem"]}, ["public-key.pem: нет в архиве"]),
])
def test_the_file_is_named(checked, key, done, said):
    assert list(checked(again(packed(key), **done)).faults) == said


def test_a_changed_byte_inside_a_file_names_that_file(checked, key):
    body = bytearray(packed(key))
    body[body.index("Отметка;5".encode()) + 14] ^= 1
    assert checked(bytes(body)).faults == ("data/marks.csv: изменён",)


def test_a_list_of_files_changed_along_with_a_file_does_not_agree_with_its_signature(checked, key):
    body = packed(key)
    with zipfile.ZipFile(io.BytesIO(body)) as old:
        manifest = json.loads(old.read("manifest.json"))
    forged = packed(key, FILES | {"data/marks.csv": b"2"})
    with zipfile.ZipFile(io.BytesIO(forged)) as other:
        theirs = json.loads(other.read("manifest.json"))
    manifest["files"] = theirs["files"]
    found = checked(again(body, change={"data/marks.csv": b"2", "manifest.json": json.dumps(manifest).encode()}))
    assert any("подпись не сходится" in fault for fault in found.faults)


@pytest.mark.parametrize("name", ["manifest.sig", "public-key.pem"])
def test_a_seal_written_otherwise_is_a_change_too(checked, key, name):
    body = packed(key)
    with zipfile.ZipFile(io.BytesIO(body)) as old:
        changed = old.read(name).rstrip() + b" \n"
    assert "записан иначе" in checked(again(body, change={name: changed})).faults[0]


def test_what_another_key_signed_is_not_the_schools(checked, key):
    stranger = Ed25519PrivateKey.generate()
    assert checked(packed(stranger)).faults == ()  # it agrees with itself
    [fault] = checked(packed(stranger), key=key.public_key()).faults
    assert "другим ключом" in fault and signing.fingerprint(stranger) in fault


@pytest.mark.parametrize("body", [b"", b"PK", b"hello", b"%PDF-1.4" * 100])
def test_what_is_no_archive_is_said_so(checked, body):
    assert "не открывается" in checked(body).faults[0]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused):
        packing.check(tmp_path / "nothing.zip")


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    first = signing.own_key(tmp_path / "instance")
    path = tmp_path / "instance" / signing.KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing.public_pem(signing.own_key(tmp_path / "instance")) == signing.public_pem(first)
    assert [one.name for one in path.parent.iterdir()] == [signing.KEY_FILE]
    assert signing.read_public(b"nonsense") is None
