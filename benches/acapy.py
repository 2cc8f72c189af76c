"""One real ACA-Py 1.7.0 under our holders, and under another ACA-Py as the holder, in turn, in one run.

All share the machine. The verifier is one process with a wallet in SQLite whose pool is large enough
(`tests/acapy/plugins/sqlite_pool`), and tells the same webhooks to both. What was verified is counted
in its own records.
"""

import json
import os
import socket
import tempfile
import threading
import time
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass

import loads
from acapy_agents import ATTRIBUTES, SCRIPT, VERSION, Agent, Webhooks, connect, issue, present
from loads import Failed, NotInstalled
from processes import ROOT
from tables import figure, middle, ratio, table
from wallets import count_of, sandbox

SCENES = ROOT / "benches" / "acapy"
CORES = len(os.sched_getaffinity(0))
WIDTH = 8
HOLDERS = 16
AUTO = "--auto-respond-credential-offer --auto-store-credential --auto-respond-presentation-request".split()


def request(definition):
    """What our holders are asked too: the proof request of the scene."""
    text = tomllib.loads((SCENES / "present.toml").read_text())["config"]["proof_requests"]["adult"]
    text = text.replace("{cred_def_id}", definition).replace('"{now}"', str(int(time.time())))
    return json.loads(text)


def acapy(rounds, seconds):
    """All of it; a round is our holders, then theirs."""
    with tempfile.TemporaryDirectory(prefix="versus-") as directory, ExitStack() as ends:
        try:
            measured(World(directory, ends), max(rounds, 1), max(seconds, 10))
        except (NotInstalled, Failed) as remark:
            table("acapy", ["what", "remark"], [["engine", str(remark)]])


class World:
    """Issuer, verifier and ACA-Py's holder, with all that was provisioned for both."""

    def __init__(self, directory, ends):
        self.directory = directory
        _, targets = ends.enter_context(sandbox(directory, "--open-registry"))
        registry = targets[-1].removeprefix("ledger=")
        hooks = Webhooks()

        def start(name, *extra):
            agent = Agent(name, hooks, registry, directory, *extra)
            ends.callback(agent.stop)
            return agent

        self.issuer, self.verifier, self.holder = start("issuer"), start("verifier"), start("holder", *AUTO)
        self.targets = ["-e", f"ledger={registry}", *listener()]
        for agent in (self.issuer, self.verifier):
            key = f', api_key = "{agent.key}"' if agent.key else ""
            self.targets += ["-e", f'{agent.name}={{ url = "{agent.admin}"{key} }}']
        self.definition = self.issuer.define(list(ATTRIBUTES), 500)

    def engine(self, phase, scene, volume, seconds):
        command = [*phase, SCENES / f"{scene}.toml", "--volume", volume, *self.targets]
        return loads.engine_run(command, self.directory, seconds + 120)


def listener():
    """Where agents reach our holders: the same place in every run, as their connections name it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = f'listen = "127.0.0.1:{port}", endpoint = "http://127.0.0.1:{port}/"'
    return ["-e", f'wallets={{ {place}, answer_limit = "60s" }}']


def measured(world, rounds, seconds):
    everyone = f"{HOLDERS} trips by 4 users"
    world.engine(["create-data"], "present", everyone, 60)
    # Every wallet presents once, and is connected with the verifier from then on.
    world.engine(["scenario", "run"], "present", everyone, 60)
    theirs, _ = connect(world.issuer, world.holder)
    for _ in range(WIDTH):
        issue(world.issuer, theirs, world.definition, ATTRIBUTES)
    theirs, _ = connect(world.verifier, world.holder)
    # A status list's timestamp is in whole seconds.
    time.sleep(1.1)
    compare("connections", rounds, {
        "engine": lambda: ours(world, world.issuer, "connect", seconds),
        "ACA-Py": lambda: peer(world, world.issuer, lambda: connected(world), seconds),
    })
    compare("presentations", rounds, {
        "engine": lambda: ours(world, world.verifier, "present", seconds),
        "ACA-Py": lambda: peer(world, world.verifier, lambda: presented(world, theirs), seconds),
    })


def ours(world, server, scene, seconds):
    before, cpu = world.verifier.verified(), server.cpu()
    load = world.engine(["scenario", "run"], scene, f"{WIDTH} users for {seconds}s", seconds)
    spent = server.cpu() - cpu
    # What was verified counts, not what says that it was sent.
    done = world.verifier.verified() - before if scene == "present" else count_of(load, "Accept connection")
    failed = load.values("iterations_failed").get("passes", 0)
    lost = load.values("iterations").get("count", 0) - done - failed
    return Did(done, failed, lost, load.ran.cpu, spent, load.ran.wall)


def peer(world, server, operation, seconds):
    """Eight at a time, each as soon as the one before is over, for so long."""
    began, cpus, ended, lock = time.monotonic(), [world.holder.cpu(), server.cpu()], [], threading.Lock()

    def worker():
        while time.monotonic() - began < seconds:
            it = operation()
            with lock:
                ended.append(it)

    workers = [threading.Thread(target=worker) for _ in range(WIDTH)]
    for it in workers:
        it.start()
    for it in workers:
        it.join()
    wall, done = time.monotonic() - began, sum(ended)
    own, spent = (agent.cpu() - cpu for agent, cpu in zip((world.holder, server), cpus))
    return Did(done, 0, len(ended) - done, own, spent, wall)


def connected(world):
    try:
        return bool(connect(world.issuer, world.holder))
    except Failed:
        return False


def presented(world, connection):
    return present(world.verifier, connection, request(world.definition))


@dataclass
class Did:
    """What came of a load; `lost` are those of which nobody said why."""

    done: int
    failed: int
    lost: int
    cpu: float
    server_cpu: float
    wall: float


def compare(what, rounds, loads_of):
    rows, rates = [], {name: [] for name in loads_of}
    for number in range(1, rounds + 1):
        for name, load in loads_of.items():
            did = load()
            rates[name].append(did.done / did.wall)
            each = max(did.done, 1) / 1e3
            share = f"{100 * did.cpu / did.wall / CORES:.1f} %"
            cells = [did.done / did.wall, did.cpu / each, did.server_cpu / each, did.server_cpu / did.wall]
            cells = [figure(it, ".2f") for it in cells]
            rows.append([f"{number}: {name}", *cells, share, str(did.failed), str(did.lost)])
    medians = {name: middle(them) for name, them in rates.items()}
    rows.append(["engine / ACA-Py", ratio(medians["engine"], medians["ACA-Py"]), "", "", "", "", "", ""])
    heads = ["as the holder", "a second", "ms of its CPU", "ms of the server's", "server's cores", "of the machine", "failed", "lost"]
    table(f"{what} with one ACA-Py {VERSION}, {WIDTH} at a time", heads, rows)


ALL = {it.__name__: it for it in (acapy,)}
