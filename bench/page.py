"""Weight and speed of the demo's first screen in headless Chromium; Lighthouse of each page.

    make bench BENCH=bench/page.py
    .venv/bin/python bench/page.py --with huge --home FOLDER    (a folder that is kept is read only once)

With a scene, every page and answer of the API is also asked for 31 times in a row, in gzip: the first time,
before which nothing was made of it, is told apart from the 30 others. Weight is what goes over the wire,
cache empty. LCP, CLS, long tasks and the main thread's time come from the browser itself, from fresh loads,
at the machine's speed and four times slower. Times depend on the machine and on what else runs there; bytes
and CLS do not. Lighthouse is left out where npm cannot bring it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import ceil
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser

from bench.clone_to_screen import free_port
from browser.tools import find_chromium, launched, npm_command
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.demo.scenes import SCENES

LOADS = 5
ASKED = 30
ANSWERS = (
    *("/api/status", "/api/cost-by-service", "/api/costs", "/api/costs.csv", "/api/changes", "/api/forecast"),
    *("/api/anomalies", "/api/commitments", "/api/budgets", "/api/findings", "/api/findings.csv"),
    *("/api/findings.md", "/api/findings/aws-advice", "/api/coverage", "/api/checks", "/api/policies"),
    *("/api/what-if?check=ec2_instance_idle", "/api/idle-presets", "/api/idle-instances"),
    *("/api/search?q=team", "/api/settings", "/api/doctor", "/report.md"),
)
ATTEMPTS = 3  # on a busy machine Lighthouse now and then loses the trace, and says so
WELL = 0.9  # from here on Lighthouse shows an audit in green
LIGHTHOUSES = ("13.5.0", "12.8.2")  # the newest, and the newest for node 20
OBSERVE = """
window.seen = {lcp: 0, cls: 0, long: 0};
const watch = (type, each) => new PerformanceObserver(list => list.getEntries().forEach(each))
    .observe({type, buffered: true});
watch("largest-contentful-paint", entry => { window.seen.lcp = entry.startTime; });
watch("layout-shift", entry => { if (!entry.hadRecentInput) window.seen.cls += entry.value; });
watch("longtask", entry => { window.seen.long += entry.duration - 50; });
"""


@contextmanager
def demo(scene: str | None, kept: Path | None) -> Iterator[str]:
    """The address of a demo whose first screen is filled."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="plainbill-bench-") as folder:
        words = ["--with", scene] if scene else []
        process = subprocess.Popen(
            [sys.executable, "-m", "plainbill", "demo", *words],
            env={**os.environ, "PLAINBILL_HOME": str(kept or folder), "PLAINBILL_PORT": str(port)},
            stderr=subprocess.DEVNULL,
        )
        try:
            filled = time.monotonic()
            wait_for(process, port)
            print(f"the first screen was filled after {time.monotonic() - filled:.0f} s")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait, for an hour at the most, until something was read and is shown."""
    for _ in range(3_600):
        assert process.poll() is None, "the demo ended at its start"
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/api/status", timeout=60) as answer:
            if json.load(answer)["taken_at"]:
                return
        time.sleep(1)
    raise TimeoutError("nothing was read within an hour")


def report_server(address: str) -> None:
    """What the server takes for each page and answer, and what of it goes over the wire in gzip."""
    print(
        f"{'ms, 30 requests in a row after the first':42} {'first':>8} {'p50':>7} {'p99':>7} {'kB gzip':>8}"
    )
    for path in (*(place.path for place in (*PLACES, *MORE_PLACES)), "/coverage?by=account", *ANSWERS):
        times, size = [], 0
        for _ in range(ASKED + 1):
            request = Request(address.rstrip("/") + path, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - of our own server
            started = time.perf_counter()
            with urlopen(request, timeout=600) as answer:  # noqa: S310 - of our own server
                size = len(answer.read())
            times.append((time.perf_counter() - started) * 1000)
        first, *rest = times
        rest.sort()
        p99 = rest[ceil(len(rest) * 0.99) - 1]
        print(f"{path:42} {first:8.0f} {statistics.median(rest):7.1f} {p99:7.1f} {size / 1000:8.1f}")


def load(browser: Browser, address: str, slower: int) -> tuple[dict[str, float], Counter[str]]:
    """One load with empty caches: what the observers saw, and bytes over the wire by kind."""
    page = browser.new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Performance.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    kinds: dict[str, str] = {}
    weight: Counter[str] = Counter()

    def received(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        weight[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    devtools.on("Network.responseReceived", received)
    devtools.on("Network.loadingFinished", finished)
    page.add_init_script(OBSERVE)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(2_000)  # charts and late shifts; the page keeps a stream open, so it is never idle
    seen = page.evaluate("window.seen")
    told = devtools.send("Performance.getMetrics")["metrics"]
    seen |= {one["name"]: one["value"] for one in told if one["name"] in {"TaskDuration", "ScriptDuration"}}
    page.context.close()
    return seen, weight


def report(browser: Browser, address: str) -> None:
    for slower in (1, 4):
        loads = [load(browser, address, slower) for _ in range(LOADS)]
        paints = [seen["lcp"] for seen, _ in loads]
        shift = max(seen["cls"] for seen, _ in loads)
        busy = statistics.median(seen["long"] for seen, _ in loads)
        median = statistics.median(paints)
        task, script = (
            statistics.median(seen[name] for seen, _ in loads) * 1000
            for name in ("TaskDuration", "ScriptDuration")
        )
        print(
            f"CPU x{slower} slower, {LOADS} loads: LCP {min(paints):.0f} ms at best, {median:.0f} median;"
            f" CLS {shift:.4f} at worst; main thread {task:.0f} ms, of it scripts {script:.0f} ms;"
            f" long tasks {busy:.0f} ms over 50 ms, median"
        )
    weight = loads[-1][1]
    parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weight.most_common())
    print(f"over the wire: {weight.total() / 1000:.1f} kB ({parts})")


def report_lighthouse(address: str) -> None:
    """Print each page's four scores, from a Lighthouse in a throw-away folder; else why there are none."""
    for version in LIGHTHOUSES:
        with tempfile.TemporaryDirectory(prefix="plainbill-lighthouse-") as folder:
            if cli := brought(version, Path(folder)):
                print(f"Lighthouse {version}")
                for place in (*PLACES, *MORE_PLACES):
                    print(f"{place.path:24} {scores(cli, address.rstrip('/') + place.path)}", flush=True)
                return
    print("Lighthouse is not to be had here: npm could not bring it")


def brought(version: str, folder: Path) -> Path | None:
    """Lighthouse's command, or None where npm refuses it (no registry, or another node wanted)."""
    install = [*npm_command(), "install", "--ignore-scripts", "--no-audit", "--no-fund", "--engine-strict"]
    done = subprocess.run([*install, f"lighthouse@{version}"], cwd=folder, capture_output=True, check=False)
    return folder / "node_modules/lighthouse/cli/index.js" if done.returncode == 0 else None


def scores(cli: Path, address: str) -> str:
    """Run it on a page; its scores and what it would have better, or the words of its failure."""
    node = shutil.which("node") or npm_command()[0]
    chromium = find_chromium()
    environment = {**os.environ, **chromium.environment, "CHROME_PATH": str(chromium.executable)}
    flags = ["--quiet", "--output=json", "--preset=desktop", "--chrome-flags=--headless=new --no-sandbox"]
    command = [node, str(cli), address, *flags]
    for _ in range(ATTEMPTS):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode == 0:
            break
    else:
        return f"did not run ({done.stderr.strip()[-300:]})"
    told = json.loads(done.stdout)
    categories = told["categories"].values()
    rated = {one["id"] for category in categories for one in category["auditRefs"] if one["weight"]}
    scored = {name: told["audits"][name]["score"] for name in sorted(rated)}
    short = [name for name, score in scored.items() if score is not None and score < WELL]
    words = ", ".join(f"{category['title']} {category['score']:.2f}" for category in categories)
    return words + (f"; below {WELL}: {', '.join(short)}" if short else "")


def main() -> int:
    """Print weight, paints and shifts, then Lighthouse's scores."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--with", dest="scene", choices=SCENES, help="a scene of the demo")
    parser.add_argument("--home", type=Path, help="a folder for the demo's data that is kept")
    parser.add_argument("--lighthouse-off", action="store_true", help="leave out Lighthouse")
    given = parser.parse_args()
    with demo(given.scene, given.home) as address:
        if given.scene:
            report_server(address)
        with launched() as browser:
            print(f"browser {find_chromium().found}")
            report(browser, address)
        if not (given.scene or given.lighthouse_off):
            report_lighthouse(address)
    return 0


if __name__ == "__main__":
    sys.exit(main())
