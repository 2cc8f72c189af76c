#!/usr/bin/env python3
"""Compares engine with wrk, Locust and mite: side by side, in one run, on this machine.

Figures of one machine mean little on another; the ratios in one table mean the same anywhere.

    benches/install.sh                                   # once: wrk, and Locust and mite in target/versus
    cargo build --release --bin engine --example sink    # the engine, and the other end
    benches/versus.py                                    # all of it: some twenty minutes
    benches/versus.py freeze schedule                    # some of it
    benches/versus.py throughput --rounds 1 --seconds 3  # a quick look

    throughput  requests per CPU-second: wrk, Locust, mite, engine with 50 users and at 20,000/s
    schedule    arrival error against the ideal schedule at 1,000/s and 10,000/s: engine, Locust
    freeze      a target that stands still for a second, and who reports it: engine, Locust
    overload    20,000/s, 60,000/s, and ten times what is possible: plateau, end, verdict
    memory      bytes of a trip that waits: engine, Locust; growth over a minute
    recorder    rows a second that are kept: engine, mite
    envelope    packing and opening a DIDComm message: engine (cargo build --release --example envelope)
    wallets     ten thousand holders: provisioned, live again, memory, messages a second: engine
    credentials presenting and the bare cryptography, answers, memory, records: engine (--example anoncreds)
    acapy       connections and presentations a second with a real ACA-Py: our holders, an ACA-Py as the
                holder (tests/acapy/acapy install)

What a peer lacks is said in its row ("not installed"), and the others run. The target is
`benches/sink.rs` on loop-back, one thread, whose CPU is not counted; the requests in the tables
are those that came in there. The machine should have two cores and nothing else to do. Every run
is bounded in time, and ended by its process id. ENGINE names another binary than
target/release/engine.
"""

import argparse
import sys

# The peers' scripts lie in this repository too; nothing is to be left beside them.
sys.dont_write_bytecode = True

import acapy
import comparisons
import credentials
import wallets
from processes import SINK, allow_many_files


ALL = comparisons.ALL | wallets.ALL | credentials.ALL | acapy.ALL


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("comparison", nargs="*", help=f"which: {', '.join(ALL)}; all if none")
    parser.add_argument("--rounds", type=int, default=3, help="how often throughput and recorder run (3)")
    parser.add_argument("--seconds", type=int, help="length of a load (throughput 8, schedule and overload 10)")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.comparison if name not in ALL]
    if unknown:
        parser.error(f"there is no comparison {unknown[0]}; there are {', '.join(ALL)}")
    if not SINK.exists():
        sys.exit(f"error: no {SINK}; build it: cargo build --release --example sink")
    allow_many_files()
    for name in chosen.comparison or ALL:
        seconds = chosen.seconds or (8 if name in ("throughput", "recorder") else 10)
        rounds = 1 if name == "schedule" else chosen.rounds
        ALL[name](rounds, seconds)


if __name__ == "__main__":
    main()
