"""Holder wallets: what one costs, how fast ten thousand live again, and what they do a second.

The sandbox is a process of its own, so that its memory is not counted; its CPU is, because both
share the machine. What other load generators need for the same is quoted from their documents:
none of them can be brought to ten thousand wallets on one machine.
"""

import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import loads
from loads import ENGINE, SCENARIOS, Failed, NotInstalled
from processes import ROOT, TARGET, cpu_seconds
from tables import figure, table

SCENES = ROOT / "benches" / "wallets"
HOLDERS = 10_000
LIVE = 6_000
# Figures of Akrida: its documents for starts and memory, its published run of March 2023 for messages.
AKRIDA_MB = "52 to 100 MB"
AKRIDA_STARTS = "0.4"
AKRIDA_MESSAGES = "4.0"


@contextmanager
def sandbox(directory, *options):
    """A sandbox with its state in a directory; gives its process and the options that name it."""
    command = [loads.program(ENGINE, "cargo build --release"), "sandbox"]
    command += ["-q", "--listen", "127.0.0.1:0", "--directory", Path(directory) / "sandbox", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        agents = [it for name in ("mediator", "issuer", "verifier") for it in ("-e", f"{name}={url}/{name}")]
        yield process.pid, [*agents, "-e", f"ledger={url}/registry"]
    finally:
        process.terminate()
        process.wait(timeout=60)


def seconds_of(load, transaction, value):
    return load.values(f"transaction{{{transaction}}}").get(value, 0) / 1000


def count_of(load, transaction):
    return load.values(f"transaction{{{transaction}}}").get("count", 0)


def provision(directory, targets):
    volume = ["--volume", f"{HOLDERS} trips by 50 users"]
    command = ["create-data", SCENARIOS / "messages.toml", "--fresh", *volume, *targets]
    return loads.engine_run(command, directory, 590)


def scene(name, volume, directory, targets, seconds):
    command = ["scenario", "run", SCENES / f"{name}.toml", "--volume", volume, *targets]
    return loads.engine_run(command, directory, seconds)


def records(directory):
    """The size of the rows of the holders, in bytes."""
    rows = Path(directory) / "recorded" / "holders.msgpack"
    return rows.stat().st_size / HOLDERS


def wallets(_rounds, seconds):
    """All of it, on wallets that are provisioned first."""
    with tempfile.TemporaryDirectory(prefix="versus-") as directory:
        try:
            with sandbox(directory) as (pid, targets):
                measured(directory, pid, targets, seconds)
        except (NotInstalled, Failed) as remark:
            table("wallets", ["what", "remark"], [["engine", str(remark)]])


def measured(directory, pid, targets, seconds):
    made = provision(directory, targets)
    few = scene("idle", "100 users for 5s", directory, targets, 60)
    live = scene("idle", f"{LIVE} users for {seconds}s", directory, targets, 180)
    many = scene("idle", f"{HOLDERS} users for {seconds}s", directory, targets, 240)
    rows = [
        ["provisioned a second", figure(HOLDERS / made.ran.wall), AKRIDA_STARTS],
        ["KB of a record", figure(records(directory) / 1e3, ".2f"), "124 (an Askar store)"],
        [f"seconds until {LIVE:,} live", figure(seconds_of(live, "Go online", "max"), ".2f"), "15,000"],
        ["online at the end", figure(count_of(live, "Still online")), "-"],
        [f"seconds until {HOLDERS:,} live", figure(seconds_of(many, "Go online", "max"), ".2f"), "25,000"],
        ["online at the end", figure(count_of(many, "Still online")), "-"],
        ["KB each", figure((many.ran.peak_bytes - few.ran.peak_bytes) / (HOLDERS - 100) / 1e3, ".1f"), AKRIDA_MB],
    ]
    table("wallets: provisioned, and brought back to life", ["what", "engine", "Akrida"], rows)
    rows = []
    for name, transaction, akrida in [("ping", "Ping mediator", "-"), ("message", "Receive message", AKRIDA_MESSAGES)]:
        theirs = cpu_seconds(pid)
        load = scene(name, f"100 users for {seconds}s", directory, targets, seconds + 60)
        theirs = cpu_seconds(pid) - theirs
        done = count_of(load, transaction)
        cells = [done / load.ran.wall, load.ran.cpu / done * 1e6, theirs / done * 1e6]
        median = seconds_of(load, transaction, "med") * 1e3
        rows.append([transaction, *(figure(cell) for cell in cells), figure(median, ".1f"), akrida])
    heads = ["transaction", "a second", "µs of CPU", "µs sandbox", "med ms", "Akrida a second"]
    table("wallets: messages through the mediator", heads, rows)


def envelope(_rounds, _seconds):
    """Packing and opening, one thread."""
    bench = TARGET / "release" / "examples" / "envelope"
    subprocess.run([bench], check=True, timeout=120)


ALL = {it.__name__: it for it in (envelope, wallets)}
