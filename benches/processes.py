"""Starting processes for a bench, measuring what they cost, and ending them by their own id."""

import os
import resource
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute()
SINK = TARGET / "release" / "examples" / "sink"


@dataclass
class Ran:
    """What a process cost. `peak_bytes` is that of the program itself, not of Python before it."""

    code: int
    cpu: float
    wall: float
    peak_bytes: int
    output: str


class Sink:
    """The other end; every run gets a fresh one."""

    def __init__(self, *options, directory=None):
        self.stamp_file = directory and Path(directory) / "stamps"
        stamps = ["--stamp", self.stamp_file] if directory else []
        self.command = [SINK, "--for", "300s", *stamps, *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://{self.process.stdout.readline().strip()}/"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)

    def count(self):
        """Requests that have come in: the one count that no load generator can colour."""
        with urllib.request.urlopen(self.url + "stamps", timeout=10) as answer:
            return int(answer.read())

    def stamps(self):
        """Arrival times in seconds, in order."""
        self.count()
        return [int(line) / 1e9 for line in self.stamp_file.read_text().split()]


def run(command, *, directory, seconds_max, environment=None, until=None):
    """Runs a command to its end, or interrupts it once `until` holds; kills it after `seconds_max`."""
    output = Path(directory) / "output"
    began, peak = time.monotonic(), 0
    with output.open("w") as file:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=directory,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    # Each may be ignored by a program that is busy; the last one is not.
    signals = [(seconds_max, signal.SIGINT), (seconds_max + 5, signal.SIGTERM), (seconds_max + 10, signal.SIGKILL)]
    pid = 0
    while pid == 0:
        time.sleep(0.05)
        peak = max(peak, peak_bytes(process.pid))
        elapsed = time.monotonic() - began
        if until and until():
            until = None
            signals = [(elapsed, signal.SIGINT), (elapsed + 2, signal.SIGINT), (elapsed + 8, signal.SIGKILL)]
        if signals and elapsed >= signals[0][0]:
            process.send_signal(signals.pop(0)[1])
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    cpu = usage.ru_utime + usage.ru_stime
    return Ran(process.returncode, cpu, wall, peak, output.read_text(errors="replace"))


def peak_bytes(pid):
    """VmHWM; the maximum that `wait4` tells also counts what the child was before it became the program."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def cpu_seconds(pid):
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def allow_many_files():
    """Ten thousand connections are ten thousand files, here and in every child."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
