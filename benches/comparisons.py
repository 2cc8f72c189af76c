"""The six comparisons. Each runs everybody in turn, in one run, against the same sink."""

import tempfile
from pathlib import Path

import loads
from loads import Failed, NotInstalled
from processes import Sink
from tables import figure, middle, percentile, ratio, table

USERS = 50


def attempt(load, *sink_options, stamps=False):
    """Runs `load(sink, directory)` against a fresh sink; what is missing or failed becomes a remark."""
    with tempfile.TemporaryDirectory(prefix="versus-") as directory:
        with Sink(*sink_options, directory=directory if stamps else None) as sink:
            try:
                return load(sink, directory)
            except (NotInstalled, Failed) as remark:
                return str(remark)


def than(name, ours, theirs):
    """How many times theirs ours is; the engine is not compared with itself."""
    return "-" if name.startswith("engine") else ratio(ours, theirs)


def throughput(rounds, seconds):
    """Requests per CPU-second: what a core of the generator's machine is worth."""
    candidates = {
        "wrk": lambda url, into: loads.wrk(url, into, USERS, seconds),
        "locust": lambda url, into: loads.locust(url, into, USERS, seconds),
        "mite": lambda url, into: loads.mite("get", into, USERS, seconds, url),
        f"engine, {USERS} users": lambda url, into: loads.engine_users(url, into, USERS, seconds),
        "engine, 20000/s": lambda url, into: loads.engine_at(url, into, 20_000, seconds),
    }

    def one(load):
        def measured(sink, directory):
            ran = load(sink.url, directory).ran
            requests = sink.count()
            return requests / ran.wall, requests / ran.cpu, ran.peak_bytes / 1e6

        return measured

    figures = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, load in candidates.items():
            figures[name].append(attempt(one(load)))
    good = {name: [it for it in them if not isinstance(it, str)] for name, them in figures.items()}
    per_cpu = {name: middle([it[1] for it in them]) for name, them in good.items()}
    ours = per_cpu[f"engine, {USERS} users"]
    rows = []
    for name, them in good.items():
        if not them:
            rows.append([name, figures[name][0]])
            continue
        spread = f"{min(it[1] for it in them):,.0f}..{max(it[1] for it in them):,.0f}"
        rate, peak = (figure(middle([it[n] for it in them])) for n in (0, 2))
        rows.append([name, rate, figure(per_cpu[name]), spread, peak, than(name, ours, per_cpu[name])])
    heads = ["load", "requests/s", "per CPU-s", "range", "peak MB", "engine / it"]
    table(f"throughput: {USERS} connections for {seconds} s, medians of {rounds} rounds", heads, rows)


def schedule(rounds, seconds):
    """How far from its due time a request arrives; wrk and mite keep no schedule of arrivals."""
    candidates = [
        ("engine", 1_000, lambda url, into: loads.engine_at(url, into, 1_000, seconds)),
        ("locust", 1_000, lambda url, into: loads.locust(url, into, USERS, seconds, 1_000 / USERS)),
        ("engine", 10_000, lambda url, into: loads.engine_at(url, into, 10_000, seconds)),
    ]

    def one(load, rate):
        def measured(sink, directory):
            lag = load(sink.url, directory).values("schedule_lag").get("med")
            return arrival_errors(sink.stamps(), rate), lag

        return measured

    rows = []
    for _ in range(rounds):
        for name, rate, load in candidates:
            result = attempt(one(load, rate), stamps=True)
            if isinstance(result, str):
                rows.append([f"{name} at {rate:,}/s", result])
                continue
            errors, lag = result
            share = f"{len(errors) / (rate * seconds):.2%}"
            cells = [figure(percentile(errors, p) * 1e6 if errors else None) for p in (50, 99, 99.9, 100)]
            own = figure(lag * 1000 if lag is not None else None)
            rows.append([f"{name} at {rate:,}/s", share, *cells, own])
    heads = ["load", "of the plan", "p50 us", "p99 us", "p99.9 us", "max us", "own lag p50 us"]
    table(f"schedule: arrival error over {seconds} s; the k-th arrival is due at k/rate", heads, rows)
    print("\n  wrk has no rate; mite's volume is a number of users: neither has a schedule to be held against.")


def arrival_errors(stamps, rate):
    """t_k - k/rate, from its minimum on, in order of size."""
    errors = [stamp - n / rate for n, stamp in enumerate(stamps)]
    return sorted(error - min(errors) for error in errors)


def freeze(_rounds, _seconds):
    """200/s for 8 s; nothing is answered from 3 s to 4 s, so that the truth is known beforehand."""

    def engine(in_flight):
        return lambda sink, into: loads.engine_at(sink.url, into, 200, 8, "--max-in-flight", str(in_flight))

    def counted(load):
        return lambda sink, into: (load(sink, into).values("iteration_duration"), sink.count())

    candidates = {
        "engine, 10 in flight": engine(10),
        "engine, 1000 in flight": engine(1_000),
        "locust, 10 users x 20/s": lambda sink, into: loads.locust(sink.url, into, 10, 8, 20),
    }
    names = ["p(90)", "p(95)", "p(99)", "max"]
    truth = dict(zip(names, [200, 600, 920, 1000]))
    rows = [["truth", *(figure(truth[name]) for name in names), "1,600", "0%"]]
    for name, load in candidates.items():
        result = attempt(counted(load), "--freeze", "3s..4s")
        if isinstance(result, str):
            rows.append([name, result])
            continue
        values, count = result
        off = [abs(values[it] - truth[it]) / truth[it] for it in names if values.get(it) is not None]
        worst = f"{max(off):.0%}" if len(off) == len(names) else "-"
        rows.append([name, *(figure(values.get(it), ",.1f") for it in names), figure(count), worst])
    table("freeze: what is reported, in ms", ["load", *names, "sent", "worst error"], rows)


def overload(_rounds, seconds):
    """More than this machine can do: the rate holds, the end is on time, and the report says why."""
    capacity = attempt(lambda sink, into: loads.engine_users(sink.url, into, USERS, seconds))
    if isinstance(capacity, str):
        return table("overload", ["load", "remark"], [["engine", capacity]])
    peak = plateau(capacity)
    if not peak:
        return table("overload", ["load", "remark"], [["engine", "its series.csv has no requests"]])
    rows = [[f"{USERS} users", "-", figure(peak), "100%", f"{capacity.ran.wall - seconds:+.1f}", "-"]]
    for rate in (20_000, 60_000, round(10 * peak)):
        load = attempt(lambda sink, into, rate=rate: loads.engine_at(sink.url, into, rate, seconds))
        if isinstance(load, str):
            rows.append([f"{rate:,}/s", load])
            continue
        said = "yes" if "generator-limited" in load.verdict else "no"
        held = plateau(load)
        share = f"{held / min(rate, peak):.0%}"
        rows.append([f"{rate:,}/s", figure(rate), figure(held), share, f"{load.ran.wall - seconds:+.1f}", said])
    heads = ["engine", "asked/s", "plateau/s", "of the possible", "late s", "says generator-limited"]
    table(f"overload: {seconds} s each; plateau is the median second, peak that of {USERS} users", heads, rows)


def plateau(load):
    """Requests in the middle one of all whole seconds."""
    return middle([float(it["http_reqs"]) for it in load.seconds[1:-1]]) or 0.0


def memory(_rounds, _seconds):
    """What a waiting trip costs, and whether memory grows with time."""

    def waiting(many, load):
        def measured(sink, into):
            return load(sink, into, many, lambda: sink.count() >= many).ran.peak_bytes, sink.count()

        return attempt(measured, "--hold")

    def engine(sink, into, many, until):
        volume = ["--volume", f"{many} trips at 2000/s", "--max-in-flight", str(many)]
        return loads.engine(sink.url, into, *volume, seconds=15, until=until)

    def locust(sink, into, many, until):
        return loads.locust(sink.url, into, many, 60, until=until)

    rows = []
    for name, load, many in [("engine", engine, 10_000), ("locust", locust, 1_000)]:
        few, lots = waiting(100, load), waiting(many, load)
        if isinstance(few, str) or isinstance(lots, str):
            rows.append([name, few if isinstance(few, str) else lots])
            continue
        each = (lots[0] - few[0]) / (lots[1] - few[1]) / 1024
        rows.append([name, figure(lots[1]), figure(few[0] / 1e6, ".1f"), figure(lots[0] / 1e6, ".1f"), f"{each:.1f}"])
    table("memory: of a trip that waits", ["load", "waiting", "MB at 100", "MB then", "KiB each"], rows)
    growth(seconds=60, rate=5_000)


def growth(seconds, rate):
    load = attempt(lambda sink, into: loads.engine_at(sink.url, into, rate, seconds))
    heads = ["load", "middle third MB", "last third MB", "growth MB"]
    if isinstance(load, str):
        return table("memory: growth", heads, [["engine", load]])
    resident = [float(it["resident_mb"]) for it in load.seconds if it["resident_mb"]]
    third = len(resident) // 3
    then, last = middle(resident[third : 2 * third]), middle(resident[2 * third :])
    row = ["engine", figure(then, ".1f"), figure(last, ".1f"), f"{last - then:+.1f}"]
    table(f"memory: growth at {rate:,}/s for {seconds} s", heads, [row])


def recorder(rounds, seconds):
    """Rows a second that are on disk at the end, counted there."""

    def one(load, folder):
        def measured(_sink, directory):
            ran = load(directory).ran
            file = Path(directory) / folder / "readings.msgpack"
            rows = file.read_bytes().count(b"a row of some sixty bytes") if file.exists() else 0
            return rows / ran.wall, rows / ran.cpu, rows

        return measured

    candidates = {
        "engine": one(loads.engine_records, "recorded"),
        "mite": one(lambda into: loads.mite("record", into, USERS, seconds), "recorder_data"),
    }
    results = {name: [attempt(load) for _ in range(rounds)] for name, load in candidates.items()}
    good = {name: [it for it in them if not isinstance(it, str)] for name, them in results.items()}
    rates = {name: middle([it[0] for it in them]) for name, them in good.items()}
    rows = []
    for name, them in good.items():
        if not them:
            rows.append([name, results[name][0]])
            continue
        cells = [figure(middle([it[n] for it in them])) for n in (0, 1, 2)]
        rows.append([name, *cells, than(name, rates["engine"], rates[name])])
    heads = ["load", "rows/s", "per CPU-s", "rows", "engine / it"]
    table(f"recorder: rows of some sixty bytes, medians of {rounds} rounds", heads, rows)


ALL = {it.__name__: it for it in (throughput, schedule, freeze, overload, memory, recorder)}
