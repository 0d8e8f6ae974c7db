"""Enrichers join and leave their group under load, and a broker is killed meanwhile; counts what came out.

Every few seconds one of the enrichers is ended by SIGTERM, or, where it is away, started again; one at least runs at any
time. Each event that Kafka acknowledged to the sender must be read exactly once, in the order of its raw partition; whoever
is ended must have committed or let go, and be gone, within its deadline. Dynamic members (each with a host name of its own)
make the group share its partitions anew with every change; static ones (named by `snowline.instance`) keep theirs for the
session's timeout, so that a stall of ten seconds is theirs.
"""

import argparse
import dataclasses
import random
import sys
import tempfile
import time

from enricher_faults import Bed, Enricher, Outcome, own_host_name

DRAIN_SECONDS_MAX = 30  # the enricher's own deadline
STARTED_SECONDS = 1  # before that, SIGTERM may meet a process that does not listen yet
# Who leaves while the broker is away cannot say so: it is a member until its session ends, and its partitions wait.
SESSION_SECONDS = 12


@dataclasses.dataclass
class Plan:
    seed: int = 1
    seconds: int = 180
    every: int = 5      # seconds between two changes
    rate: int = 1_000
    enrichers: int = 3
    broker_kills: int = 1
    static: int = 0     # 1: static members
    settle_seconds: int = 120

    @property
    def events(self):
        return self.seconds * self.rate


@dataclasses.dataclass
class Changes:
    outcome: Outcome
    joined: int = 0
    left: int = 0
    exit_codes: list = dataclasses.field(default_factory=list)
    longest_drain: float = 0  # seconds from SIGTERM to the end

    def is_clean(self):
        return self.outcome.is_clean() and not any(self.exit_codes) and self.longest_drain < DRAIN_SECONDS_MAX

    def __str__(self):
        outcome = self.outcome
        return (f"sent {outcome.acknowledged}, found {outcome.read}, lost {outcome.lost}, twice {outcome.doubled}, "
                f"out of order {outcome.out_of_order}, bad rows {outcome.bad_rows}\n"
                f"{self.joined} joined, {self.left} left, {outcome.broker_kills} broker kills in {outcome.seconds:.0f} s; "
                f"exit codes {sorted(set(self.exit_codes))}\n"
                f"longest stall {outcome.longest_stall:.1f} s, with the broker's death in it {outcome.longest_broker_stall:.1f} s; "
                f"longest drain {self.longest_drain:.1f} s" + ("\n" + outcome.logs if outcome.logs else ""))


def make_enrichers(plan):
    def make(directory, brokers):
        made = []
        for number in range(plan.enrichers):
            name = f"enricher-{number}"
            host = None if plan.static else own_host_name(name)
            if host is None and not plan.static:
                print("rebalance: no host names of their own here (unshare --uts); static members", file=sys.stderr)
                plan.static = 1
            made.append(Enricher(directory, brokers, name, host or ()))
        return made
    return make


def change(choose, enrichers, changes):
    running = [one for one in enrichers if one.is_running()]
    away = [one for one in enrichers if not one.is_running()]
    # As often joining as leaving, and one stays.
    if away and (len(running) == 1 or choose.random() < 0.5):
        one = choose.choice(away)
        one.start()
        changes.joined += 1
        return f"{one.instance} joins"
    one = choose.choice(running)
    time.sleep(max(0.0, one.started + STARTED_SECONDS - time.monotonic()))
    began = time.monotonic()
    changes.exit_codes.append(one.stop())
    changes.longest_drain = max(changes.longest_drain, time.monotonic() - began)
    changes.left += 1
    return f"{one.instance} left"


def run(plan, directory, say=lambda line: None):
    choose = random.Random(plan.seed)
    with Bed(plan, directory, make_enrichers(plan), aftermath=SESSION_SECONDS) as bed:
        changes = Changes(bed.outcome)
        broker_kills = [plan.seconds * (i + 1) / (plan.broker_kills + 1) for i in range(plan.broker_kills)]
        for at in range(plan.every, plan.seconds, plan.every):
            bed.wait_until(at)
            what = change(choose, bed.enrichers, changes)
            if broker_kills and at >= broker_kills[0]:
                broker_kills.pop(0)
                bed.broker_faults.append(time.monotonic())
                bed.node.kill()
                bed.node.start()
                bed.broker_faults.append(time.monotonic())  # until now; what follows is its aftermath
                bed.outcome.broker_kills += 1
                what += ", broker killed"
            when, counts = bed.progress()
            say(f"{when}  {what}; {counts}")
        bed.count()
        return changes


def main(arguments):
    parser = argparse.ArgumentParser(prog="script/faults rebalance", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in dataclasses.fields(Plan):
        parser.add_argument("--" + field.name.replace("_", "-"), type=int, default=field.default)
    plan = Plan(**vars(parser.parse_args(arguments)))
    with tempfile.TemporaryDirectory(prefix="snowline-rebalance-") as directory:
        changes = run(plan, directory, say=lambda line: print(line, flush=True))
    print(changes)
    return 0 if changes.is_clean() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
