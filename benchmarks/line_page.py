"""The reporter's page: its weight, its speed with and without the JIT, and the memory that a large file takes.

    python benchmarks/line_page.py

Needs a Chromium (tests/browser.sh). "Without the JIT" is Chromium with ``--js-flags=--jitless``, as in the "Safer" level of
the Tor Browser. Times are medians of five. Memory is the high-water mark of Chromium's renderer process above what it had
when the form was shown, for a file just under the limit.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.line.chromium import chromium  # noqa: E402
from tests.line.kit import Organisation  # noqa: E402
from tests.line.script_kit import SCRIPTS, node  # noqa: E402
from tests.line.walk import Reporter  # noqa: E402

from safeconduct.line import pages  # noqa: E402

ROUNDS = 5
LARGE = 99_000_000  # bytes
TASKS = {
    "check the roster": "line.readRoster(roster, '2026-01-01')",
    "derive the keys of twelve words": "await line.keys(line.newSecret(), line.readRoster(roster, '2026-01-01').signer)",
    "seal 16 kB to three caseworkers": """await line.pack({type: 'report', language: 'en', written: '2026-01-01',
        parts: {what: 'x'.repeat(16000)}, uses: {what: ['help']}, attachments: []}, keys, who, () => undefined)""",
    "1,000 tries of work": "line.search(new Uint8Array(16), new Uint8Array(16), 32, 0, 1000)",
}


def weights(roster: str) -> None:
    shared = sum(len(gzip.compress(body, 9)) for _, body in pages.static().values())
    print(f"script, style and icon, gzip: {shared:,} bytes")
    for language in pages.languages():
        page = pages.page(language, roster)
        print(f"page in {language}: {len(page):,} bytes; everything, gzip: {shared + len(gzip.compress(page, 9)):,}")
    form = pages.form(roster)
    print(f"form without the internet, all languages: {len(form):,} bytes; gzip {len(gzip.compress(form, 9)):,}")


def speeds(roster: str, folder: Path, *flags: str) -> None:
    made = folder / "bench.js"
    done = node(str(SCRIPTS / "build.mjs"), str(ROOT / "benchmarks" / "line_page.mjs"), str(made))
    assert done.returncode == 0, done.stderr.decode()
    with chromium(*flags) as browser:
        page = browser.new_page()
        page.evaluate(made.read_text())
        for name, task in TASKS.items():
            times = page.evaluate(
                f"""async ([roster, rounds]) => {{
                  const who = line.readRoster(roster, '2026-01-01');
                  const keys = await line.keys(line.newSecret(), who.signer);
                  const times = [];
                  for (let i = 0; i < rounds; i++) {{
                    const start = performance.now();
                    {task};
                    times.push(performance.now() - start);
                  }}
                  return times;
                }}""",
                [roster, ROUNDS],
            )
            print(f"  {name}: {statistics.median(times):,.0f} ms")


def large(form: Path, folder: Path) -> None:
    file = folder / "large.bin"
    file.write_bytes(os.urandom(LARGE))
    with chromium() as browser:
        page = browser.new_page()
        someone = Reporter(page, form.as_uri())
        someone.come()
        someone.press("to-warning")
        someone.press("to-report")
        before = renderers()
        someone.write({}, [file])
        start = time.perf_counter()
        with page.expect_download(timeout=600_000) as download:
            someone.press("send")
        taken = time.perf_counter() - start
        peak = max(high - before.get(pid, high) for pid, high in renderers().items())
        size = Path(download.value.path()).stat().st_size
        print(f"sealing {LARGE:,} bytes: {taken:.1f} s, {peak / 2**20:.0f} MB of memory, {size:,} bytes out")


def renderers() -> dict[int, int]:
    """Process id → most memory so far, of the renderer processes of the Chromium that this process started."""
    said = {int(p.name): fields(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
    mine = {os.getpid()}
    while more := {pid for pid, one in said.items() if int(one.get("PPid", 0)) in mine} - mine:
        mine |= more
    return {pid: int(said[pid]["VmHWM"].split()[0]) * 1024 for pid in mine if renders(pid)}


def fields(process: Path) -> dict[str, str]:
    try:
        return dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    except OSError:
        return {}


def renders(pid: int) -> bool:
    return b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes()


def main() -> None:
    roster = Organisation().roster().decode()
    weights(roster)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, flags in (("with the JIT", ()), ("without the JIT", ("--js-flags=--jitless",))):
            print(f"{title}:")
            speeds(roster, folder, *flags)
        (folder / "form.html").write_bytes(pages.form(roster))
        large(folder / "form.html", folder)


if __name__ == "__main__":
    main()
