"""Kills the enricher and the broker under load, and counts what came out.

A ledger as Jepsen keeps it: each event has an id of its own; those that Kafka acknowledged to the sender must be read
(read_committed) exactly once, and in the order of their raw partition. Random, but the same for the same seed, as far
as what is killed when goes.
"""

import argparse
import collections
import dataclasses
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "support"))
from confluent_kafka import Consumer, Producer, TopicPartition  # noqa: E402
from kafka_node import KafkaNode, free_port  # noqa: E402
from kafka_proxy import KafkaProxy  # noqa: E402
from raw_payload import page_view  # noqa: E402

BIN = pathlib.Path(os.environ.get("SNOWLINE_BIN", ROOT / "build" / "release" / "bin"))
RAW_PARTITIONS, GOOD_PARTITIONS = 4, 2
EVENT_ID_COLUMN = 6


@dataclasses.dataclass
class Plan:
    seed: int = 1
    kills: int = 20
    broker_kills: int = 5
    pauses: int = 0         # SIGSTOP of an enricher for longer than its transaction and its membership last
    broker_pauses: int = 0  # SIGSTOP of the broker, for longer than a commit waits
    delayed_commits: int = 0  # reach the broker when the enricher has given up and begun anew
    events: int = 200_000
    rate: int = 2_000
    enrichers: int = 1
    settle_seconds: int = 120  # for what is still on its way when the load has ended


@dataclasses.dataclass
class Outcome:
    acknowledged: int = 0
    read: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    bad_rows: int = 0
    kills: int = 0
    broker_kills: int = 0
    pauses: int = 0
    delayed_commits: int = 0
    seconds: float = 0
    longest_stall: float = 0          # between two rows that a reader sees
    longest_broker_stall: float = 0   # the same, where the broker had a fault meanwhile
    logs: str = ""                    # the end of each enricher's, where something is lost

    def is_clean(self):
        return self.acknowledged > 0 and not (self.lost or self.doubled or self.out_of_order or self.bad_rows)

    def __str__(self):
        return (f"{self.acknowledged} events acknowledged, {self.read} rows read, "
                f"{self.kills} enricher kills, {self.broker_kills} broker kills, {self.pauses} pauses, "
                f"{self.delayed_commits} delayed commits "
                f"in {self.seconds:.0f} s\n"
                f"lost {self.lost}, twice {self.doubled}, out of order {self.out_of_order}, bad rows {self.bad_rows}\n"
                f"longest stall {self.longest_stall:.1f} s (enricher), {self.longest_broker_stall:.1f} s (broker)")


def event_id(seed, number):
    return f"{seed & 0xffffffff:08x}-0000-4000-8000-{number:012x}"


def own_host_name(name):
    """A prefix of a command that gives it a host name of its own, or None where that is not allowed here."""
    prefix = ["unshare", "--uts", *([] if os.geteuid() == 0 else ["--map-root-user"]),
              "sh", "-c", f'hostname {name} && exec "$@"', "sh"]
    try:
        return prefix if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode == 0 else None
    except OSError:
        return None


class Enricher:
    """A static member of its group, that its instance names; a dynamic one is named by a host of its own."""

    def __init__(self, directory, brokers, instance, host_name=()):
        self.instance = instance
        self.path = directory / f"{instance}.log"
        self.path.touch()
        config = directory / f"{instance}.hocon"
        output = '{ type = Kafka, topicName = %s, bootstrapServers = "%s" }'
        config.write_text(
            f'input {output % ("raw", brokers)}\n'
            f'output {{ good {output % ("good", brokers)}, bad {output % ("bad", brokers)} }}\n'
            + ("" if host_name else f'snowline.instance = "{instance}"\n'))
        self.command = [*host_name, BIN / "snowline-enricher", "--config", config]
        self.process = None

    def start(self):
        with open(self.path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.started = time.monotonic()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def last_lines(self):
        return "\n".join(self.path.read_text(errors="replace").splitlines()[-15:])

    def pause(self, seconds):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=30)


class Load:
    """Sends at a steady rate and remembers where each acknowledged event lies."""

    def __init__(self, plan, brokers):
        self.plan = plan
        self.producer = Producer({
            "bootstrap.servers": brokers, "enable.idempotence": True, "linger.ms": 5, "message.timeout.ms": 300_000,
            "queue.buffering.max.messages": 1_000_000, "reconnect.backoff.max.ms": 500, "log_level": 0,
        })
        self.positions = {}  # event number -> (partition, offset)
        self.failed = 0
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        started = time.monotonic()
        for number in range(self.plan.events):
            due = started + number / self.plan.rate
            while time.monotonic() < due:
                self.producer.poll(0.002)

            def reported(error, message, number=number):
                if error is None:
                    self.positions[number] = (message.partition(), message.offset())
                else:
                    self.failed += 1

            self.producer.produce("raw", page_view(event_id(self.plan.seed, number), int(time.time() * 1000)),
                                  key=str(number), on_delivery=reported)
        self.producer.flush(300)


class Reading:
    """Reads committed rows as any consumer would, and when they came."""

    def __init__(self, plan, brokers):
        self.plan = plan
        self.counts = collections.Counter()
        self.rows = [[] for _ in range(GOOD_PARTITIONS)]  # event numbers, by partition, in order
        self.bad_rows = []
        self.arrivals = []  # seconds
        self.consumer = Consumer({
            "bootstrap.servers": brokers, "group.id": "faults", "enable.auto.commit": False,
            "isolation.level": "read_committed", "auto.offset.reset": "earliest",
            "reconnect.backoff.max.ms": 500, "log_level": 0,
        })
        self.consumer.assign([TopicPartition("good", p, 0) for p in range(GOOD_PARTITIONS)]
                             + [TopicPartition("bad", 0, 0)])
        self.stopping = False
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self.stopping:
            for message in self.consumer.consume(500, timeout=0.05):
                if message.error():
                    continue
                if message.topic() == "bad":
                    self.bad_rows.append(message.value())
                    continue
                text = message.value().decode().split("\t", EVENT_ID_COLUMN + 1)[EVENT_ID_COLUMN]
                number = int(text[-12:], 16)
                self.counts[number] += 1
                self.rows[message.partition()].append(number)
                now = time.monotonic()
                if not self.arrivals or now - self.arrivals[-1] > 0.01:
                    self.arrivals.append(now)

    def out_of_order(self, positions):
        """Rows that come after a later one of the same raw partition."""
        wrong = 0
        for numbers in self.rows:
            last = {}
            for number in numbers:
                partition, offset = positions.get(number, (None, None))
                if partition is None:
                    continue
                if offset < last.get(partition, -1):
                    wrong += 1
                last[partition] = max(offset, last.get(partition, -1))
        return wrong


def stalls(arrivals, broker_faults, started, ended, aftermath=1):
    """The longest time without a row while there was load: without and with a fault of the broker in it, or in the
    `aftermath` seconds before it."""
    plain = with_broker = 0.0
    for before, after in zip(arrivals, arrivals[1:]):
        if not started <= before <= ended:
            continue
        gap = after - before
        if any(before - aftermath <= fault <= after for fault in broker_faults):
            with_broker = max(with_broker, gap)
        else:
            plain = max(plain, gap)
    return plain, with_broker


def inflict(fault, choose, node, enrichers, proxy, outcome):
    enricher = choose.choice(enrichers)
    if fault == "commit delayed":
        seconds = choose.uniform(16, 20)
        proxy.hold_next_commit(seconds)
        time.sleep(seconds + 1)
        outcome.delayed_commits = proxy.held
    elif fault == "broker killed":
        node.kill()
        node.start()
        outcome.broker_kills += 1
    elif fault == "enricher killed":
        enricher.kill()
        time.sleep(choose.uniform(0, 0.3))
        enricher.start()
        outcome.kills += 1
    else:
        (node if fault == "broker paused" else enricher).pause(choose.uniform(16, 20))
        outcome.pauses += 1


class Bed:
    """A broker, enrichers, a load and a reader, from the first row to the count of all of them."""

    def __init__(self, plan, directory, enrichers, proxied=False, aftermath=1):
        """`enrichers` makes them: (directory, brokers) -> list. `aftermath`: see `stalls`."""
        self.aftermath = aftermath
        self.plan, self.directory = plan, pathlib.Path(directory)
        port = free_port()
        self.proxy = KafkaProxy(free_port(), port) if proxied else None
        self.node = KafkaNode(self.directory / "kafka", port, free_port(), self.proxy.port if proxied else None)
        self.enrichers = enrichers(self.directory, self.node.brokers)
        self.outcome = Outcome()
        self.broker_faults = []  # seconds
        self.started = 0.0

    def __enter__(self):
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self):
        if self.proxy:
            self.proxy.start()
        self.node.start()
        for topic, partitions in (("raw", RAW_PARTITIONS), ("good", GOOD_PARTITIONS), ("bad", 1)):
            self.node.topics("--create", "--topic", topic, "--partitions", str(partitions))
        for enricher in self.enrichers:
            enricher.start()
        self.reading, self.load = Reading(self.plan, self.node.brokers), Load(self.plan, self.node.brokers)
        self.reading.thread.start()
        self.load.thread.start()
        self.started = time.monotonic()
        while not self.reading.arrivals:  # nothing is broken before the first row came
            if time.monotonic() - self.started > 60:
                raise AssertionError("no row came; see " + str(self.directory))
            time.sleep(0.05)

    def __exit__(self, *_):
        for enricher in self.enrichers:
            if enricher.is_running():
                enricher.kill()
        self.node.kill()
        if self.proxy:
            self.proxy.stop()

    def wait_until(self, seconds):
        """Since the load began."""
        time.sleep(max(0.0, self.started + seconds - time.monotonic()))

    def progress(self):
        return (f"{time.monotonic() - self.started:6.1f} s", f"{len(self.load.positions)} acknowledged, "
                f"{len(self.reading.counts)} read")

    def count(self):
        """Waits for what is on its way, ends the enricher and counts."""
        self.load.thread.join()
        load_ended = time.monotonic()
        deadline = load_ended + self.plan.settle_seconds
        while len(self.reading.counts) < len(self.load.positions) and time.monotonic() < deadline:
            time.sleep(0.2)
        codes = [enricher.stop() for enricher in self.enrichers if enricher.is_running()]
        time.sleep(2)  # what comes twice may come late
        reading, load, outcome = self.reading, self.load, self.outcome
        reading.stopping = True
        reading.thread.join()
        outcome.seconds = time.monotonic() - self.started
        outcome.acknowledged, outcome.read = len(load.positions), sum(reading.counts.values())
        outcome.lost = sum(1 for number in load.positions if reading.counts[number] == 0)
        outcome.doubled = sum(1 for count in reading.counts.values() if count > 1)
        outcome.bad_rows = len(reading.bad_rows)
        outcome.out_of_order = reading.out_of_order(load.positions)
        outcome.longest_stall, outcome.longest_broker_stall = stalls(
            reading.arrivals, self.broker_faults, self.started, load_ended, self.aftermath)
        if outcome.lost:
            outcome.logs = "\n".join(f"{one.instance}:\n{one.last_lines()}" for one in self.enrichers)
        if any(codes):
            logs = "\n".join(enricher.last_lines() for enricher in self.enrichers)
            raise AssertionError(f"enrichers ended with {codes}, {outcome}\n{logs}")
        return outcome


def run(plan, directory, say=lambda line: None):
    choose = random.Random(plan.seed)
    # The broker talks to itself through its advertised address, too: a proxy there and its death do not go together.
    if plan.delayed_commits and (plan.broker_kills or plan.broker_pauses):
        raise ValueError("delayed commits and faults of the broker need a run each")

    def enrichers(scratch, brokers):
        return [Enricher(scratch, brokers, f"enricher-{i}") for i in range(plan.enrichers)]

    with Bed(plan, directory, enrichers, proxied=plan.delayed_commits > 0) as bed:
        span = plan.events / plan.rate
        faults = (["enricher killed"] * plan.kills + ["broker killed"] * plan.broker_kills
                  + ["enricher paused"] * plan.pauses + ["broker paused"] * plan.broker_pauses
                  + ["commit delayed"] * plan.delayed_commits)
        choose.shuffle(faults)
        times = sorted(choose.uniform(0.02, 0.97) * span for _ in faults)
        for at, fault in zip(times, faults):
            bed.wait_until(at)
            if fault.startswith(("broker", "commit")):
                bed.broker_faults.append(time.monotonic())
            inflict(fault, choose, bed.node, bed.enrichers, bed.proxy, bed.outcome)
            when, counts = bed.progress()
            say(f"{when}  {fault}; {counts}")
        return bed.count()


def main(arguments):
    parser = argparse.ArgumentParser(prog="script/faults enricher", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in dataclasses.fields(Plan):
        parser.add_argument("--" + field.name.replace("_", "-"), type=int, default=field.default)
    plan = Plan(**vars(parser.parse_args(arguments)))
    with tempfile.TemporaryDirectory(prefix="snowline-faults-") as directory:
        outcome = run(plan, directory, say=lambda line: print(line, flush=True))
    print(outcome)
    return 0 if outcome.is_clean() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
