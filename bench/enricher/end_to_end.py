"""The enricher's cost for an event, end to end: Kafka in, Kafka out, transactions, as it runs in production.

  script/build release snowline-enricher
  .deps/venv/bin/python bench/enricher/end_to_end.py RAW.b64[.gz] [--enrichments DIR] [--rounds 20] [--rate N]

Payloads as for bench_enricher (README.md). Without --rate all of them are in the topic before the enricher starts: a backlog.
With it they are sent at about so many records a second meanwhile: the batches that then come about are small. What is printed
is of the enricher's process only, its CPU time from /proc, without the first round (schemas and caches are loaded then).
--enrichments: files that name http://127.0.0.1:18181 get what SHARED/golden/serve.py serves.
"""

import argparse
import base64
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test"))
from confluent_kafka import Producer  # noqa: E402
from support.kafka_node import KafkaNode, free_port  # noqa: E402
from support.services import Service, wait_http  # noqa: E402

SHARED = pathlib.Path(os.environ.get("SNOWLINE_SHARED", ROOT.parent / "shared"))
PARTITIONS = 4
TICKS = os.sysconf("SC_CLK_TCK")


def read_payloads(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        return [base64.b64decode(line) for line in file]


def send(brokers, payloads, rounds, rate):
    producer = Producer({"bootstrap.servers": brokers, "linger.ms": 5, "acks": "all", "log_level": 0,
                         "queue.buffering.max.messages": 100_000})
    started, sent = time.monotonic(), 0
    for _ in range(rounds):
        for payload in payloads:
            while True:
                try:
                    producer.produce("raw", payload, partition=sent % PARTITIONS)
                    break
                except BufferError:
                    producer.poll(0.1)
            sent += 1
            if rate and sent % 20 == 0:
                producer.poll(0)
                time.sleep(max(0.0, started + sent / rate - time.monotonic()))
    producer.flush(300)


def serve_assets(configurations, directory, stack):
    """The enrichments' folder with a port of its own, where it needs the shared server."""
    folder = pathlib.Path(directory) / "enrichments"
    shutil.copytree(configurations, folder)
    files = [path for path in folder.iterdir() if "127.0.0.1:18181" in path.read_text()]
    if files:
        port = free_port()
        server = subprocess.Popen([sys.executable, SHARED / "golden" / "serve.py", str(port)])
        stack.append(server.kill)
        for path in files:
            text = path.read_text().replace("127.0.0.1:18181", f"127.0.0.1:{port}")
            path.chmod(0o644)
            path.write_text(text)
        time.sleep(0.5)
    return folder


class Enricher(Service):
    def __init__(self, directory, brokers, enrichments):
        self.admin = free_port()
        output = '{ type = Kafka, topicName = %s, bootstrapServers = "%s" }'
        super().__init__(directory, "enricher", "snowline-enricher", f"""
            input {output % ("raw", brokers)}
            output {{ good {output % ("good", brokers)}, bad {output % ("bad", brokers)} }}
            snowline.kafka.createTopics = true
            snowline.admin.port = {self.admin}""", *(["--enrichments", enrichments] if enrichments else []))

    def counted(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        return {name: float(value) for name, value in re.findall(r"^([^#\s].*) (\S+)$", page, re.M)}

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_mb_max(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def wait_for(self, records):
        while True:
            counted = self.counted()
            if counted["enrich_records_total"] >= records:
                return counted, self.cpu_seconds(), time.monotonic()
            if self.process.poll() is not None:
                raise SystemExit("the enricher ended:\n" + self.log_tail())
            time.sleep(0.1)


def measure(options, directory, stack):
    payloads = read_payloads(options.file)
    node = KafkaNode(pathlib.Path(directory) / "kafka", free_port(), free_port())
    stack.append(node.kill)
    node.start()
    for topic in ("raw", "good", "bad"):
        node.topics("--create", "--topic", topic, "--partitions", str(PARTITIONS))
    enrichments = serve_assets(options.enrichments, directory, stack) if options.enrichments else None
    enricher = Enricher(directory, node.brokers, enrichments)
    stack.append(enricher.kill)
    total = len(payloads) * options.rounds
    sending = threading.Thread(target=send, args=(node.brokers, payloads, options.rounds, options.rate), daemon=True)
    sending.start()
    if not options.rate:
        sending.join()
    enricher.start()
    wait_http(f"http://127.0.0.1:{enricher.admin}/ready", 60)
    first, first_cpu, first_time = enricher.wait_for(len(payloads))
    last, last_cpu, last_time = enricher.wait_for(total)
    rss = enricher.rss_mb_max()
    if enricher.stop():
        raise SystemExit("the enricher ended badly:\n" + enricher.log_tail())

    def grown(name):
        return last.get(name, 0) - first.get(name, 0)
    good, bad = (grown(f'enrich_events_total{{result="{result}"}}') for result in ("good", "bad"))
    events, seconds = good + bad, last_time - first_time
    transactions = grown('enrich_txn_commits_total{outcome="committed"}')
    print(f"{(last_cpu - first_cpu) * 1e6 / events:.1f} CPU s / 1M events (user and system, the enricher's process)")
    print(f"{events:.0f} events ({bad:.0f} bad) in {seconds:.1f} s, {events / seconds:.0f} a second; "
          f"RSS {rss:.0f} MB at most")
    print(f"{transactions:.0f} transactions, {grown('enrich_records_total') / transactions:.0f} records each; "
          f"{1000 * grown('enrich_txn_duration_seconds_sum') / transactions:.0f} ms a commit, "
          f"{1000 * grown('enrich_batch_duration_seconds_sum') / transactions:.0f} ms a batch's mapping; "
          f"batches of {last['enrich_batch_records_max']:.0f} records at most in the end")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--enrichments")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rate", type=int, default=0, help="records a second; without it, a backlog")
    options = parser.parse_args()
    stack = []
    with tempfile.TemporaryDirectory(prefix="snowline-bench-") as directory:
        try:
            measure(options, directory, stack)
        finally:
            for end in reversed(stack):
                end()


if __name__ == "__main__":
    main()
