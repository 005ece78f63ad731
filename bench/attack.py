"""Two scanners against the real server: wapiti goes through the pages of each role, sqlmap tries what a few addresses
and the sign-in form take. On a demo school of its own, which is thrown away: `make attack`, up to an hour.

A scanner that is not installed is told of and left out (Debian, Astra: apt-get install wapiti sqlmap).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from bench.over_http import ROOT, SECRET, serving

LOGINS = ("director", "teacher", "parent", "student")
# Without `cookieflags`: over plain HTTP on one computer no cookie is Secure (tests/pages/test_headers.py).
MODULES = "backup,blindsql,crlf,csp,exec,file,htaccess,methods,permanentxss,redirect,shellshock,sql,xss"
SECONDS = 45  # that wapiti may take to find pages, and a module to try them, for each login
# Debian's wapiti 3.0.4 is older than its Python, which takes no flags at the end of an expression.
MENDED = """import re
known = re.compile
re.compile = lambda told, flags=0: known(told.replace("(?ms)", "") if isinstance(told, str) else told, flags)
"""
# By who is signed in; a star stands where sqlmap tries. What a person searches is sent by POST.
TRIED = (
    ("director", "/admin/control?class=1*", ""),
    ("director", "/admin/history?first=2026-09-01&last=2026-10-20*", ""),
    ("teacher", "/teacher/?day=2026-10-20*", ""),
    ("parent", "/parent/?week=2026-W43*", ""),
    ("director", "/admin/search", "q=a*"),
    ("", "/login", "login=a*&password=b*&next=/account*"),
)


def main() -> int:
    """The number of findings, all logins and addresses together."""
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "EJD_INSTANCE": folder, "EJD_SECRET_KEY": SECRET}
        subprocess.run([sys.executable, "-m", "flask", "--app", "app", "demo"], cwd=ROOT, env=env, check=True)
        with serving(Path(folder)) as server:
            site = f"http://127.0.0.1:{server.port}"
            # All sign in first: a scanner at the sign-in page makes this computer wait.
            cookies = {login: _cookie(site, login) for login in (*LOGINS, "")}
            found += _with("wapiti", lambda: sum(_wapiti(site, *one, Path(folder)) for one in cookies.items()))
            found += _with("sqlmap", lambda: sum(
                _sqlmap(site, login, cookies[login], address, data, Path(folder)) for login, address, data in TRIED))
    print(f"\nНайдено: {found}")
    return found


def _with(program: str, attack: Callable[[], int]) -> int:
    if shutil.which(program) is None:
        print(f"{program} не установлен: пропущено. Debian, Astra: apt-get install {program}")
        return 0
    return attack()


def _wapiti(site: str, login: str, cookie: str, folder: Path) -> int:
    """Findings as whoever has the login, or as a stranger."""
    report = folder / f"wapiti-{login}.json"
    (folder / "sitecustomize.py").write_text(MENDED)
    said = subprocess.run([
        "wapiti", "-u", f"{site}/", "--scope", "domain", "-m", MODULES, "-d", "5", "--max-links-per-page", "40",
        "--max-files-per-dir", "60", "--max-scan-time", str(SECONDS), "--max-attack-time", str(SECONDS),
        "--flush-session",
        "-x", f"{site}/logout*", "-H", f"Cookie: {cookie}", "--no-bugreport", "--store-session",
        str(folder / "wapiti"), "-f", "json", "-o", str(report), "-v", "1"], check=False, capture_output=True,
        text=True, env={**os.environ, "PYTHONPATH": str(folder)}).stdout
    told = json.loads(report.read_text()) if report.exists() else {"vulnerabilities": {"wapiti gave no report": [{}]}}
    findings = [(kind, one) for part in ("vulnerabilities", "anomalies") for kind, many in told.get(part, {}).items()
                for one in many]
    seen = re.findall(r"found (\d+) URLs and forms", said) or ["?"]
    print(f"wapiti, {login or 'никто'}: страниц и форм {seen[0]}, найдено {len(findings)}", flush=True)
    for kind, one in findings:
        print(f"  {kind}: {one.get('method', '')} {one.get('path', '')} {one.get('info', '')}")
    return len(findings)


def _sqlmap(site: str, login: str, cookie: str, address: str, data: str, folder: Path) -> int:
    command = ["sqlmap", "-u", site + address, "--batch", "--level", "2", "--risk", "2", "--technique", "BEUST",
               "--cookie", cookie, "--flush-session", "--output-dir", str(folder / "sqlmap"),
               "--ignore-code", "*", "--disable-coloring"]
    if data:
        command += ["--data", f"{data}&csrf_token=x", "--csrf-token", "csrf_token", "--csrf-url", f"{site}{address}"]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    hit = "identified the following injection point" in said
    print(f"sqlmap, {login or 'никто'}, {address} {data}: {'НАЙДЕНО' if hit else 'ничего'}", flush=True)
    if hit:
        print(said[-3000:])
    elif "do not appear to be injectable" not in said:
        print(f"  sqlmap остановился раньше: {said.strip().splitlines()[-3:]}")
    return int(hit)


def _cookie(site: str, login: str) -> str:
    """Signed in with the demo school's password; the cookie as a header says it."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    page = browser.open(f"{site}/login").read().decode()
    if login:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        browser.open(f"{site}/login", urlencode({"login": login, "password": "demo", "csrf_token": token}).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
