"""Holder wallets with credentials: what presenting costs beside the bare cryptography, and what one weighs.

The sandbox is a process of its own and takes every presentation for true, so that the machine's cores
are the wallets'. `target/release/examples/anoncreds` is the bare cryptography: the same library, the same
definition keys, the same question, as many threads, and nothing else.
"""

import os
import re
import tempfile
from math import ceil
from pathlib import Path

import loads
from loads import SCENARIOS, Failed, NotInstalled
from processes import ROOT, TARGET, run
from tables import figure, middle, table
from wallets import AKRIDA_MB, AKRIDA_STARTS, count_of, sandbox

SCENES = ROOT / "benches" / "credentials"
CORES = len(os.sched_getaffinity(0))
HOLDERS = 1_000
FEW = 50
# CPU milliseconds of ACA-Py as the holder, and from its request to its presentation, under the same load.
ACAPY_CPU = "195 to 350"
ACAPY_ANSWERS = "40 to 230"


def bare(directory, proofs):
    """Milliseconds of CPU that one proof with a predicate and non-revocation takes on busy cores."""
    bench = TARGET / "release" / "examples" / "anoncreds"
    command = [loads.program(bench, "cargo build --release --example anoncreds"), "--size", 100]
    command += ["--proofs", ceil(proofs / CORES), "--threads", CORES]
    ran = run(command, directory=directory, seconds_max=300)
    said = re.search(r"ms of CPU a proof: ([\d.]+)", ran.output)
    if not said:
        raise Failed(f"failed with code {ran.code}: {ran.output.strip()[-200:]}")
    return float(said[1])


def scene(name, volume, directory, targets, seconds):
    command = ["scenario", "run", SCENES / f"{name}.toml", "--volume", volume, *targets]
    return loads.engine_run(command, directory, seconds)


def credentials(rounds, seconds):
    """All of it, on wallets that are provisioned first."""
    with tempfile.TemporaryDirectory(prefix="versus-") as directory:
        try:
            with sandbox(directory, "--blind", "--registry-size", str(2 * HOLDERS)) as (_, targets):
                made = provisioned(directory, targets)
                presenting(directory, targets, max(rounds, 1), seconds)
                answering(directory, targets, seconds)
                weights(directory, targets, made)
        except (NotInstalled, Failed) as remark:
            table("credentials", ["what", "remark"], [["engine", str(remark)]])


def provisioned(directory, targets):
    volume = ["--volume", f"{HOLDERS} trips by 16 users"]
    command = ["create-data", SCENARIOS / "wallets.toml", "--fresh", *volume, *targets]
    return loads.engine_run(command, directory, 590)


def presenting(directory, targets, rounds, seconds):
    """The engine and the bare cryptography in turn, so that a machine's moods are those of both."""
    pairs = []
    for _ in range(rounds):
        load = scene("computed", f"{2 * CORES} users for {seconds}s", directory, targets, seconds + 60)
        done = count_of(load, "Send presentation")
        if not done:
            raise Failed("computed: nothing was presented")
        pairs.append((load.ran.cpu / done * 1e3, bare(directory, done)))
    rows = [[f"round {n}", *cells(ours, alone), "-"] for n, (ours, alone) in enumerate(pairs, 1)]
    ours, alone = (middle(it) for it in zip(*pairs))
    ratio = figure(middle([ours / alone for ours, alone in pairs]), ".3f")
    rows.append(["medians", *cells(ours, alone)[:2], ratio, ACAPY_CPU])
    heads = ["ms of CPU a presentation", "engine", "bare", "engine / it", "ACA-Py as the holder"]
    table("credentials: presenting what nobody prepared, all of a trip", heads, rows)


def cells(ours, alone):
    return [figure(ours, ".2f"), figure(alone, ".2f"), figure(ours / alone, ".3f")]


def answering(directory, targets, seconds):
    load = scene("prepared", f"hold 1/s for {seconds}s", directory, targets, seconds + 60)
    rows = []
    for name in ("presentation_prepared", "presentation_computed"):
        values = load.values(name)
        percentiles = [figure(values.get(it), ".2f") for it in ("med", "p(95)")]
        rows.append([name.replace("_", ", "), figure(values.get("count")), *percentiles, ACAPY_ANSWERS])
    heads = ["from request to presentation, ms", "many", "median", "p95", "ACA-Py as the holder"]
    table("credentials: answering", heads, rows)


def weights(directory, targets, made):
    """Peak memory of many wallets less that of few; what each does must be done within the time."""
    spare = 6 * HOLDERS * bare(directory, 2 * FEW) / 1e3 / CORES
    each = {}
    for name, sign, seconds in [
        ("idle", "transaction{Go online}", 10),
        ("presented", "transaction{Send presentation}", spare / 2),
        ("ready", "anoncreds_ahead", spare),
    ]:
        peaks = []
        for users in (FEW, HOLDERS):
            length = ceil(10 + seconds * users / HOLDERS)
            load = scene(name, f"{users} users for {length}s", directory, targets, length + 120)
            done = load.values(sign).get("count", 0)
            if done < users:
                raise Failed(f"{name}: {done} of {users} wallets within {length} s")
            peaks.append(load.ran.peak_bytes)
        each[name] = (peaks[1] - peaks[0]) / (HOLDERS - FEW) / 1e3
    records = Path(directory) / "recorded" / "holders.msgpack"
    table(
        "credentials: wallets with a connection and a credential that can be revoked",
        ["what", "engine", "others"],
        [
            ["provisioned a second", figure(HOLDERS / made.ran.wall, ".1f"), f"{AKRIDA_STARTS} (Akrida)"],
            ["KB of a record", figure(records.stat().st_size / HOLDERS / 1e3, ".2f"), "124 (an Askar store)"],
            ["KB of one that is online", figure(each["idle"], ".1f"), f"{AKRIDA_MB} (Akrida)"],
            ["KB of one that has presented", figure(each["presented"], ".1f"), "-"],
            ["KB of its next proof, prepared", figure(each["ready"] - each["presented"], ".1f"), "-"],
        ],
    )


ALL = {it.__name__: it for it in (credentials,)}
