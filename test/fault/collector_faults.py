"""Breaks the broker, the disk and the collector under load, and counts what became of every event.

Each event has an id of its own and is sent once. Those that the collector answered with 200 must come out of the
enricher exactly once (read_committed), none may come out twice, and every answer must come before trackers give up.
For the same seed the same is killed when.

  script/faults collector [--seed 1] [--rate 500] [--only WORD] [--short]
"""

import argparse
import collections
import contextlib
import dataclasses
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "support"))
from collector_load import event_id  # noqa: E402
from committed_offsets import committed_of  # noqa: E402
from confluent_kafka import Consumer, TopicPartition  # noqa: E402
from kafka_node import KafkaNode, free_port  # noqa: E402
import services  # noqa: E402

RAW_PARTITIONS, GOOD_PARTITIONS = 4, 2
EVENT_ID_COLUMN = 6
ANSWER_S_MAX = 4  # trackers give up at 5 s


@dataclasses.dataclass
class Scale:
    """How long things take; the short form shows the same faults for a moment."""
    broker_away: int = 30
    broker_long_away: int = 150
    broker_stopped: int = 30
    disk_full: int = 60
    disk_mb: int = 24
    disk_failing: int = 30
    kills: int = 20
    copies: int = 5
    stops: int = 20
    calm: float = 5          # load before and after a fault
    settle: int = 240        # for what is still on its way when the load has ended

    @staticmethod
    def short():
        return Scale(broker_away=5, broker_long_away=0, broker_stopped=5, disk_full=8, disk_mb=10, disk_failing=5, kills=3, copies=1, stops=3,
                     calm=1, settle=60)


@dataclasses.dataclass
class Row:
    fault: str
    sent: int = 0            # events in requests that reached a connection
    answered: int = 0        # of them, with 200
    refused: int = 0         # of them, with 503
    found: int = 0           # of those answered with 200, in the enricher's rows
    lost: int = 0
    twice: int = 0           # of all that were sent
    copies: int = 0          # of records in raw, which the enricher has dropped
    bad_rows: int = 0
    unanswered: int = 0      # though the collector was there all the time
    longest_s: float = 0
    drained_s: float = 0     # from the end of the load until the last row
    notes: list = dataclasses.field(default_factory=list)

    HEAD = (f"{'fault':<50}{'sent':>8}{'200':>8}{'503':>8}{'found':>8}{'lost':>6}{'twice':>6}{'copies':>8}"
            f"{'longest':>10}{'drained':>9}")

    def is_clean(self):
        return self.answered > 0 and not (self.lost or self.twice or self.bad_rows or self.unanswered or self.notes)

    def is_quick(self):
        return self.longest_s < ANSWER_S_MAX

    def __str__(self):
        line = (f"{self.fault:<50}{self.sent:>8}{self.answered:>8}{self.refused:>8}{self.found:>8}{self.lost:>6}"
                f"{self.twice:>6}{self.copies:>8}{self.longest_s:>8.2f} s{self.drained_s:>7.1f} s")
        more = list(self.notes)
        if self.bad_rows:
            more.append(f"{self.bad_rows} bad rows")
        if self.unanswered:
            more.append(f"{self.unanswered} events in requests without an answer")
        return line + "".join(f"\n    {note}" for note in more)


class Reading:
    """Reads the enricher's committed rows as any consumer would."""

    def __init__(self, brokers):
        self.counts, self.bad_rows = collections.Counter(), []
        self.consumer = Consumer({
            "bootstrap.servers": brokers, "group.id": "faults", "enable.auto.commit": False,
            "isolation.level": "read_committed", "auto.offset.reset": "earliest",
            "reconnect.backoff.max.ms": 500, "log_level": 0,
        })
        self.consumer.assign([TopicPartition("good", p, 0) for p in range(GOOD_PARTITIONS)] + [TopicPartition("bad", 0, 0)])
        self.stopping = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.stopping:
            for message in self.consumer.consume(500, timeout=0.1):
                if message.error():
                    continue
                if message.topic() == "bad":
                    self.bad_rows.append(message.value())
                else:
                    self.counts[message.value().decode().split("\t", EVENT_ID_COLUMN + 1)[EVENT_ID_COLUMN]] += 1

    def stop(self):
        self.stopping = True
        self.thread.join()
        self.consumer.close()


class Load:
    """The process that sends, and what it wrote down."""

    def __init__(self, directory, port, plan, first):
        self.ledger = directory / "ledger"
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "test" / "support" / "collector_load.py", "--port", str(port), "--rate", str(plan.rate),
             "--seed", str(plan.seed), "--first", str(first), "--ledger", self.ledger],
            stdin=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        if code != 0:
            raise AssertionError(f"the load ended with {code}")
        entries = []
        for line in self.ledger.read_text().splitlines():
            number, events, outcome, seconds = line.split()
            entries.append((int(number), int(events), outcome, float(seconds)))
        return entries

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Collector:
    """snowline-collector with a spool, on the port that it keeps over restarts."""

    def __init__(self, directory, brokers, spool, under=(), settings=""):
        self.port = free_port()
        self.service = services.collector(directory, brokers, self.port,
                                          f'snowline.spool.path = "{spool}"\n{settings}')
        self.service.command = [*under, *self.service.command]
        self.under = under

    def start(self):
        self.service.start()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.service.process.poll() is not None:
                raise AssertionError("the collector ended:\n" + self.service.log_tail())
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise AssertionError("the collector does not listen:\n" + self.service.log_tail())

    def pid(self):
        """Of the collector itself, which may run under strace."""
        if not self.under:
            return self.service.process.pid
        children = pathlib.Path(f"/proc/{self.service.process.pid}/task/{self.service.process.pid}/children").read_text()
        return int(children.split()[0])

    def kill(self):
        with contextlib.suppress(OSError, IndexError):
            os.kill(self.pid(), signal.SIGKILL)
        self.service.kill()

    def stop(self, seconds_max=40):
        os.kill(self.pid(), signal.SIGTERM)
        return self.service.process.wait(timeout=seconds_max)


class Bed:
    """A broker with an enricher behind it, for all rows."""

    def __init__(self, plan, directory):
        self.plan, self.directory = plan, pathlib.Path(directory)
        self.choose = random.Random(plan.seed)
        self.node = KafkaNode(self.directory / "kafka", free_port(), free_port())
        self.reading = self.enricher = None
        self.enricher_admin = free_port()
        self.first = 0  # number of the next row's first event

    def __enter__(self):
        self.node.start()
        for topic, partitions in (("raw", RAW_PARTITIONS), ("good", GOOD_PARTITIONS), ("bad", 1)):
            self.node.topics("--create", "--topic", topic, "--partitions", str(partitions))
        self.enricher = services.enricher(self.directory, self.node.brokers, "enricher",
                                          f"snowline.admin.port = {self.enricher_admin}").start()
        services.wait_http(f"http://127.0.0.1:{self.enricher_admin}/health")
        self.reading = Reading(self.node.brokers)
        return self

    def __exit__(self, *_):
        if self.enricher:
            self.enricher.kill()
        if self.reading:
            self.reading.stop()
        self.node.kill()

    def wait_until(self, is_done, seconds_max):
        deadline = time.monotonic() + seconds_max
        while not is_done() and time.monotonic() < deadline:
            if self.enricher.process.poll() is not None:
                raise AssertionError("the enricher has ended:\n" + self.enricher.log_tail())
            time.sleep(0.1)
        return is_done()

    def run(self, name, inflict, collector, is_always_there=True):
        """Load, a fault, load; then everything drains."""
        row = Row(name)
        directory = self.directory / f"row-{self.first}"
        directory.mkdir()
        bad_before, copies_before = len(self.reading.bad_rows), self.copies()
        load = None
        try:
            collector.start()
            load = Load(directory, collector.port, self.plan, self.first)
            time.sleep(self.plan.scale.calm)
            inflict(collector)
            time.sleep(self.plan.scale.calm)
            entries = load.stop()
            ended = time.monotonic()
            self.tally(row, entries, is_always_there)
            answered = [event_id(self.plan.seed, number + i) for number, events, outcome, _ in entries if outcome == "200"
                        for i in range(events)]
            counts = self.reading.counts
            self.wait_until(lambda: all(counts[one] for one in answered), self.plan.scale.settle)
            row.drained_s = time.monotonic() - ended
            code = collector.stop()
            if code != 0:
                row.notes.append(f"the collector ended with {code}:\n{collector.service.log_tail(5)}")
            self.wait_for_enricher()
            row.found = sum(1 for one in answered if counts[one])
            row.lost = len(answered) - row.found
            row.twice = sum(1 for number, events, _, _ in entries for i in range(events)
                            if counts[event_id(self.plan.seed, number + i)] > 1)
            row.bad_rows = len(self.reading.bad_rows) - bad_before
            row.copies = self.copies() - copies_before
            self.first = max((number + events for number, events, _, _ in entries), default=self.first) + 1
            return row
        finally:
            if load:
                load.kill()
            collector.kill()

    @staticmethod
    def tally(row, entries, is_always_there):
        for _, events, outcome, seconds in entries:
            row.sent += events
            if outcome.isdigit():
                row.longest_s = max(row.longest_s, seconds)
            if outcome == "200":
                row.answered += events
            elif outcome == "503":
                row.refused += events
            elif outcome == "nothing" or is_always_there:
                row.unanswered += events

    def copies(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.enricher_admin}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("enrich_duplicates_dropped_total")))

    def wait_for_enricher(self):
        """Until its group has committed all that is in raw, and a reader has seen what came of it."""
        consumer = Consumer({"bootstrap.servers": self.node.brokers, "group.id": "enrich", "log_level": 0})
        raw = [TopicPartition("raw", p) for p in range(RAW_PARTITIONS)]
        ends = [consumer.get_watermark_offsets(p, timeout=30)[1] for p in raw]
        done = self.wait_until(lambda: all(
            at.offset >= end or end == 0 for at, end in zip(committed_of(consumer, raw), ends)), 120)
        consumer.close()
        if not done:
            raise AssertionError("the enricher does not get through:\n" + self.enricher.log_tail())
        seen = -1
        while seen != sum(self.reading.counts.values()):  # quiet for a moment
            seen = sum(self.reading.counts.values())
            time.sleep(1)

    # The table

    def collector(self, name, spool=None, **more):
        directory = self.directory / name
        directory.mkdir()
        return Collector(directory, self.node.brokers, spool or directory / "spool", **more)

    def broker_away(self, name, seconds):
        def inflict(_):
            self.node.kill()
            time.sleep(seconds)
            self.node.start()
        return self.run(f"broker killed -9, back after {seconds} s", inflict, self.collector(name))

    def broker_stopped(self):
        seconds = self.plan.scale.broker_stopped
        return self.run(f"broker stopped (SIGSTOP) for {seconds} s", lambda _: self.node.pause(seconds),
                        self.collector("stopped"))

    def disk_full(self):
        seconds = self.plan.scale.disk_full
        disk = self.directory / "small-disk"
        disk.mkdir()
        size = self.plan.scale.disk_mb << 20
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
        try:
            def inflict(_):
                # At first the spool takes all that it may; then somebody else takes the rest of the disk, too.
                self.node.kill()
                time.sleep(seconds * 2 / 3)
                with contextlib.suppress(OSError), open(disk / "of somebody else", "wb", buffering=0) as file:
                    while file.write(bytes(64 << 10)):
                        pass
                time.sleep(seconds / 3)
                self.node.start()
                time.sleep(3)
                (disk / "of somebody else").unlink()
            row = self.run(f"spool's disk full, broker away for {seconds} s", inflict,
                           self.collector("full", spool=disk / "spool"))
            if not row.refused:
                row.notes.append("the disk was not full")
            return row
        finally:
            subprocess.run(["umount", disk], check=True)

    def disk_failing(self):
        seconds = self.plan.scale.disk_failing
        trace = self.directory / "fdatasync.trace"
        when = f"{self.choose.randint(12, 20)}+{self.choose.randint(5, 9)}"  # behind the start's

        def inflict(_):
            self.node.kill()
            time.sleep(seconds)
            self.node.start()
        strace = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=fdatasync", "-e", f"inject=fdatasync:error=EIO:when={when}"]
        row = self.run(f"fdatasync fails (EIO at {when}), broker away {seconds} s", inflict,
                       self.collector("failing", under=strace))
        failed = trace.read_text().count("INJECTED")
        if not failed:
            row.notes.append("no fdatasync has failed")
        return row

    def killed(self):
        def inflict(collector):
            for kill in range(self.plan.scale.kills):
                time.sleep(self.choose.uniform(0.3, 2))
                # A third of them find records in the spool.
                if kill == self.plan.scale.kills // 3:
                    self.node.kill()
                if kill == 2 * self.plan.scale.kills // 3:
                    self.node.start()
                collector.kill()
                collector.start()
        return self.run(f"collector killed -9, {self.plan.scale.kills} times, a third without broker", inflict,
                        self.collector("killed"), is_always_there=False)

    def copied(self):
        """What the broker has in its sockets when it stops is in the spool, too, and nobody is left who knows of both."""
        def inflict(collector):
            for _ in range(self.plan.scale.copies):
                os.kill(self.node.pid(), signal.SIGSTOP)
                time.sleep(self.choose.uniform(2.5, 3.5))
                collector.kill()
                os.kill(self.node.pid(), signal.SIGCONT)
                collector.start()
                time.sleep(self.choose.uniform(0.5, 2))
        row = self.run(f"broker stopped, collector killed -9, {self.plan.scale.copies} times", inflict,
                       self.collector("copied"), is_always_there=False)
        if not row.copies:
            row.notes.append("no record was in raw twice")
        return row

    def stopped(self):
        def inflict(collector):
            for _ in range(self.plan.scale.stops):
                time.sleep(self.choose.uniform(0.3, 2))
                code = collector.stop()
                if code != 0:
                    raise AssertionError(f"the collector ended with {code}:\n{collector.service.log_tail()}")
                collector.start()
        return self.run(f"SIGTERM under load, {self.plan.scale.stops} times", inflict, self.collector("terminated"),
                        is_always_there=False)


@dataclasses.dataclass
class Plan:
    seed: int = 1
    rate: int = 500  # requests a second; three in five are batches of three events
    only: str = ""
    scale: Scale = dataclasses.field(default_factory=Scale)


def can_mount():
    return os.geteuid() == 0 and shutil.which("mount") is not None


def rows(plan, directory, say=lambda line: None):
    """Runs the table; gives the rows, and what could not be run here."""
    done, skipped = [], []
    with Bed(plan, directory) as bed:
        table = [("away", lambda: bed.broker_away("away", plan.scale.broker_away))]
        if plan.scale.broker_long_away:
            table.append(("long", lambda: bed.broker_away("long", plan.scale.broker_long_away)))
        table += [("stopped", bed.broker_stopped), ("full", bed.disk_full), ("failing", bed.disk_failing),
                  ("killed", bed.killed), ("copied", bed.copied), ("sigterm", bed.stopped)]
        for name, run in table:
            if plan.only and plan.only not in name:
                continue
            if name == "full" and not can_mount():
                skipped.append("spool's disk full: needs root, to mount a small tmpfs")
                continue
            if name == "failing" and not shutil.which("strace"):
                skipped.append("fdatasync fails: needs strace")
                continue
            done.append(run())
            say(str(done[-1]))
        codes = bed.enricher.stop()
        if codes != 0:
            done[-1].notes.append(f"the enricher ended with {codes}:\n{bed.enricher.log_tail()}")
    return done, skipped


def main(arguments):
    parser = argparse.ArgumentParser(prog="script/faults collector", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--only", default="", help="rows: away long stopped full failing killed copied sigterm")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep the directory with the logs")
    options = parser.parse_args(arguments)
    plan = Plan(options.seed, options.rate, options.only, Scale.short() if options.short else Scale())
    directory = tempfile.mkdtemp(prefix="snowline-faults-")
    print(Row.HEAD, flush=True)
    try:
        done, skipped = rows(plan, directory, say=lambda line: print(line, flush=True))
    finally:
        if options.keep:
            print("logs:", directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    for line in skipped:
        print("not run:", line)
    slow = [row for row in done if not row.is_quick()]
    clean = bool(done) and all(row.is_clean() for row in done)
    print(f"lost {sum(r.lost for r in done)}, twice {sum(r.twice for r in done)}, "
          f"longest answer {max((r.longest_s for r in done), default=0):.2f} s")
    return 0 if clean and not slow and not skipped else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
