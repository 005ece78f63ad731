"""Pulling the plug: twenty teachers type at once, and whatever was acknowledged to one of them is in the journal after
`kill -9` of every process, once, with its value and one line of the record (`make soak` kills fifty times)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.conftest import ROOT


@pytest.mark.parametrize("database", [(), ("--postgresql",)], ids=["sqlite", "postgresql"])
def test_no_acknowledged_mark_is_lost_in_three_kills(database):
    ran = subprocess.run([sys.executable, "-m", "bench.soak", "--kills", "3", *database], cwd=ROOT, check=False,
                         capture_output=True, encoding="utf-8", timeout=300)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert "20 teachers, 3 kills" in ran.stdout and " 0 wrong" in ran.stdout, ran.stdout
