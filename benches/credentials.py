"""Holder wallets with credentials: what presenting costs beside the bare cryptography, and what one weighs.

The sandbox is a process of its own and takes every presentation for true, so that the machine's cores
are the wallets'. `target/release/examples/anoncreds` is the bare cryptography: the same library, the same
definition keys, the same shape of proof, and nothing else.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import loads
from loads import ENGINE, SCENARIOS, Failed, NotInstalled
from processes import ROOT, TARGET
from tables import figure, table
from wallets import count_of, sandbox, seconds_of

SCENES = ROOT / "benches" / "credentials"
HOLDERS = 1_000
FEW = 50
# ACA-Py's figures are those of its holder under the same load, in CPU milliseconds a presentation.
ACAPY_MS = "195 to 350"
AKRIDA_MB = "52 to 100 MB"


def bare():
    """CPU milliseconds of one proof with a predicate and non-revocation, prepared and finished."""
    bench = TARGET / "release" / "examples" / "anoncreds"
    command = [loads.program(bench, "cargo build --release --example anoncreds"), "--proofs-only"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    return float(re.search(r"proof, CPU\D+([\d.]+)", said)[1])


def scene(name, volume, directory, targets, seconds):
    command = ["scenario", "run", SCENES / f"{name}.toml", "--volume", volume, *targets]
    return loads.engine_run(command, directory, seconds, name=f"{name} {volume}")


def credentials(rounds, seconds):
    """All of it, on wallets that are provisioned first."""
    with tempfile.TemporaryDirectory(prefix="versus-") as directory:
        try:
            with sandbox(directory, "--blind", "--registry-size", "10000") as (_, targets):
                measured(directory, targets, rounds, seconds)
        except (NotInstalled, Failed) as remark:
            table("credentials", ["what", "remark"], [["engine", str(remark)]])


def measured(directory, targets, rounds, seconds):
    volume = ["--volume", f"{HOLDERS} trips by 16 users"]
    command = ["create-data", SCENARIOS / "wallets.toml", "--fresh", *volume, *targets]
    made = loads.engine_run(command, directory, 590, name="provision")
    rows = Path(directory) / "recorded" / "holders.msgpack"
    few = scene("idle", f"{FEW} users for 5s", directory, targets, 60)
    many = scene("idle", f"{HOLDERS} users for {seconds}s", directory, targets, 120)
    prepared = scene("prepared", f"hold 5/s for {seconds}s", directory, targets, seconds + 60)
    each = (many.ran.peak_bytes - few.ran.peak_bytes) / (HOLDERS - FEW)
    p50 = prepared.values("presentation_prepared").get("med", 0)
    table(
        "wallets with a revocable credential",
        ["what", "engine", "others"],
        [
            ["provisioned a second", figure(HOLDERS / made.ran.wall), "0.4 (Akrida)"],
            ["KB of a record", figure(rows.stat().st_size / HOLDERS / 1e3, ".2f"), "124 (an Askar store)"],
            ["KB of a live one", figure(each / 1e3, ".1f"), f"{AKRIDA_MB} (Akrida)"],
            ["ms from request to prepared presentation, median", figure(p50, ".2f"), "40 to 230"],
        ],
    )
    cells = []
    for _ in range(max(rounds, 1)):
        load = scene("computed", f"4 users for {seconds}s", directory, targets, seconds + 60)
        ours = load.ran.cpu / count_of(load, "Send presentation") * 1e3
        cells.append((ours, bare()))
    ours, alone = (sorted(it)[len(cells) // 2] for it in zip(*cells))
    ratio = sorted(ours / alone for ours, alone in cells)[len(cells) // 2]
    row = [figure(ours, ".1f"), figure(alone, ".1f"), figure(ratio, ".3f"), ACAPY_MS]
    heads = ["ms of CPU a presentation", "bare cryptography", "ratio", "ACA-Py as the holder"]
    table("presenting, unprepared: a predicate and non-revocation", heads, [row])


ALL = {it.__name__: it for it in (credentials,)}
