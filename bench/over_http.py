"""The real server on loopback, and visitors that ask it over plain sockets."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
SECRET = "for measuring only"
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    started_in: float  # seconds from the command to the first good answer

    def memory(self) -> int:
        """Bytes in memory of every process of the server (Linux); pages that they share count in each."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in _family(self.process.pid)) * PAGE

    def cpu_seconds(self) -> float:
        """User and system time of every process of the server so far (Linux)."""
        return sum(_cpu_of(pid) for pid in _family(self.process.pid))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(instance: Path) -> Iterator[Server]:
    """`python app.py` on a free port, stopped as by Ctrl+C."""
    port = free_port()
    env = {**os.environ, "EJD_INSTANCE": str(instance), "EJD_SECRET_KEY": SECRET, "PORT": str(port)}
    env.pop("EJD_DATABASE_URL", None)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError("the server ended before it answered")
            time.sleep(0.01)
        yield Server(process, port, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes  # status line and headers, with the empty line
    body: bytes

    @property
    def on_the_wire(self) -> int:
        return len(self.head) + len(self.body)


@dataclass
class Load:
    """What a run of visitors brought."""

    answers: int = 0
    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)  # ms of each answer
    wrong: int = 0


async def ask(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], path: str, cookie: str) -> Answer:
    reader, writer = streams
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ejd={cookie}\r\n"
                 "Accept-Encoding: gzip\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                   if line.startswith(b"content-length")), 0)
    return Answer(int(head.split(b" ", 2)[1]), head, await reader.readexactly(length))


def ask_once(port: int, path: str, cookie: str) -> Answer:
    async def go() -> Answer:
        streams = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await ask(streams, path, cookie)
        finally:
            streams[1].close()

    return asyncio.run(go())


def visit(port: int, visits: Sequence[tuple[str, str]], *, clients: int, seconds: float) -> Load:
    """So many clients, each asking the next (path, cookie) as soon as it has its answer."""
    load = Load()

    async def client(number: int) -> None:
        streams = await asyncio.open_connection("127.0.0.1", port)
        turn = number
        while time.perf_counter() < ends:
            asked = time.perf_counter()
            answer = await ask(streams, *visits[turn % len(visits)])
            load.taken.append((time.perf_counter() - asked) * 1000)
            load.wrong += answer.status != 200
            turn += clients
        streams[1].close()

    async def go() -> None:
        await asyncio.gather(*(client(number) for number in range(clients)))

    begun = time.perf_counter()
    ends = begun + seconds
    asyncio.run(go())
    load.seconds, load.answers = time.perf_counter() - begun, len(load.taken)
    return load


def stream_of_visits(port: int, visits: Sequence[tuple[str, str]], *, a_second: int, seconds: int) -> Load:
    """Visits that come so many a second, whether or not the earlier ones have been answered; each waits since its
    own moment, so that a server that stalls is not spared."""
    load = Load()

    async def one(number: int, lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
        due = begun + number / a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        line = await lines.get()
        answer = await ask(line, *visits[number % len(visits)])
        lines.put_nowait(line)
        load.taken.append((time.perf_counter() - due) * 1000)
        load.wrong += answer.status != 200

    async def go() -> None:
        lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        for _ in range(32):
            lines.put_nowait(await asyncio.open_connection("127.0.0.1", port))
        await asyncio.gather(*(one(number, lines) for number in range(a_second * seconds)))

    begun = time.perf_counter()
    asyncio.run(go())
    load.seconds, load.answers = time.perf_counter() - begun, len(load.taken)
    return load
