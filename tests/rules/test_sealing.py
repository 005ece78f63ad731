"""A sealed file opens with its passphrase, whole, and with nothing else."""

from __future__ import annotations

import io

import pytest

from ejd.backup import sealing
from ejd.refusal import Refused

PASSPHRASE = "гора и море 2026"
SIZES = [0, 1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 2 * sealing.PIECE + 7]


def sealed(content, passphrase=PASSPHRASE):
    target = io.BytesIO()
    sealing.seal(io.BytesIO(content), target, passphrase)
    return target.getvalue()


def opened(content, passphrase=PASSPHRASE):
    target = io.BytesIO()
    sealing.unseal(io.BytesIO(content), target, passphrase)
    return target.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(size):
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


def test_two_seals_of_one_content_differ():
    assert sealed(b"one") != sealed(b"one")


@pytest.mark.parametrize("harm", [
    lambda data: data[:-1], lambda data: data + b"x", lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    lambda data: data[:-(sealing.TAG + 7)],  # the last piece cut off at its border
    lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:],  # the salt
])
def test_a_harmed_file_is_refused(harm):
    whole = sealed(b"a" * (2 * sealing.PIECE + 7))
    with pytest.raises(Refused, match="пароль не тот, или файл повреждён"):
        opened(harm(whole))


def test_swapped_pieces_are_refused():
    whole = sealed(b"a" * sealing.PIECE + b"b" * sealing.PIECE + b"c")
    start, size = len(sealing.MAGIC) + sealing.SALT, sealing.PIECE + sealing.TAG
    first, second = whole[start:start + size], whole[start + size:start + 2 * size]
    swapped = whole[:start] + second + first + whole[start + 2 * size:]
    with pytest.raises(Refused):
        opened(swapped)


def test_another_passphrase_opens_nothing():
    with pytest.raises(Refused):
        opened(sealed(b"secret"), "море и гора 2026")


def test_a_file_that_was_never_sealed_is_named_so():
    with pytest.raises(Refused, match="не закрытая паролем"):
        opened(b"just a file")
    assert not sealing.is_sealed(io.BytesIO(b"just a file")) and sealing.is_sealed(io.BytesIO(sealed(b"")))
