"""The load generators: how each is started, and where it says what it measured.

Each load takes a URL and a directory of its own, and answers with a `Load`. What is not there
raises `NotInstalled`, what ran and failed raises `Failed`; the others go on.
"""

import csv
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from processes import ROOT, TARGET, Ran, run

PEERS = ROOT / "benches" / "peers"
VENV = TARGET / "versus" / "venv" / "bin"
ENGINE = Path(os.environ.get("ENGINE", TARGET / "release" / "engine")).absolute()
SCENARIOS = ROOT / "journeys" / "scenarios"


class NotInstalled(Exception):
    """A program that is not on this machine."""


class Failed(Exception):
    """A program that ran and brought no result."""


@dataclass
class Load:
    """A load that ended: its cost, and its own report."""

    ran: Ran
    metrics: dict = field(default_factory=dict)
    seconds: list = field(default_factory=list)
    verdict: str = ""

    def values(self, metric):
        return self.metrics.get(metric, {}).get("values", {})


def program(path, remedy):
    found = shutil.which(path)
    if not found:
        raise NotInstalled(f"not installed ({remedy})")
    return found


def engine_run(arguments, directory, seconds_max, until=None):
    """Runs `engine`. Its command line is written here and in the three functions below, nowhere else."""
    # What an earlier run left in the same place would be read as what this one measured.
    out = Path(tempfile.mkdtemp(prefix="run-", dir=directory)) / "run"
    command = [program(ENGINE, "cargo build --release"), *arguments, "-o", out]
    command += ["-q", "--no-thresholds", "--no-messages", "--recorder-dir", Path(directory) / "recorded"]
    ran = run(command, directory=directory, seconds_max=seconds_max, until=until)
    summary = out / "summary.json"
    if not summary.exists():
        raise Failed(f"failed with code {ran.code}: {ran.output.strip()[-200:] or 'it said nothing'}")
    report = json.loads(summary.read_text())
    series = out / "series.csv"
    seconds = list(csv.DictReader(series.open())) if series.exists() else []
    text = out / "summary.txt"
    verdict = json.dumps(report.get("verdict", {})) + (text.read_text() if text.exists() else "")
    return Load(ran, report["metrics"], seconds, verdict)


def engine(url, directory, *options, seconds, until=None):
    scenario = ["scenario", "run", SCENARIOS / "get.toml", "-e", f"url={url}"]
    return engine_run([*scenario, *options], directory, seconds + 40, until)


def engine_at(url, directory, rate, seconds, *options):
    return engine(url, directory, "--rate", f"{rate}/s", "--duration", f"{seconds}s", *options, seconds=seconds)


def engine_users(url, directory, users, seconds):
    return engine(url, directory, "--volume", f"{users} users for {seconds}s", seconds=seconds)


def engine_records(directory):
    return engine_run(["create-data", SCENARIOS / "record.toml", "--fresh"], directory, 120)


def wrk(url, directory, users, seconds):
    command = [program("wrk", "benches/install.sh"), "-t1", f"-c{users}", f"-d{seconds}s", url]
    return Load(run(command, directory=directory, seconds_max=seconds + 10))


def locust(url, directory, users, seconds, rate_each=0, until=None):
    """Percentiles come from its `--csv` files, whole milliseconds."""
    command = [program(VENV / "locust", "benches/install.sh"), "-f", PEERS / "locustfile.py", "--headless"]
    command += ["-u", users, "-r", users, "-t", f"{seconds}s", "--host", url.rstrip("/")]
    command += ["--only-summary", "--loglevel", "WARNING", "--csv", "stats"]
    environment = {"RATE": str(rate_each)}
    ran = run(command, directory=directory, seconds_max=seconds + 20, environment=environment, until=until)
    stats = Path(directory) / "stats_stats.csv"
    values = {}
    if stats.exists():
        total = list(csv.DictReader(stats.open()))[-1]
        values = {f"p({percent})": total[f"{percent}%"] for percent in (90, 95, 99)}
        values = {name: float(value) for name, value in (values | {"max": total["100%"]}).items() if value != "N/A"}
    return Load(ran, {"iteration_duration": {"values": values}})


def mite(scenario, directory, users, seconds, url=""):
    """`--spawn-rate` as in mite's own performance test; otherwise it starts 1000 journeys a second."""
    command = [program(VENV / "mite", "benches/install.sh"), "scenario", "test", f"mite_peer:{scenario}"]
    command += ["--spawn-rate=1000000", "--log-level=ERROR", "--hide-constant-logs"]
    command += ["--message-processors=mite.logoutput:HttpStatsOutput"]
    environment = {"URL": url, "USERS": str(users), "SECONDS": str(seconds), "PYTHONPATH": str(PEERS)}
    return Load(run(command, directory=directory, seconds_max=seconds + 20, environment=environment))
