"""Copies of raw records have no second row: real enrichers on a real Kafka, over restarts, kills and rebalances, and
with more starts of collectors than fit beside a committed offset."""

import collections
import os
import pathlib
import random
import re
import sys
import tempfile
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from committed_offsets import committed_of  # noqa: E402
from confluent_kafka import Consumer, Producer, TopicPartition  # noqa: E402
from kafka_node import KafkaNode, free_port  # noqa: E402
from raw_payload import page_view  # noqa: E402
from services import enricher  # noqa: E402

PARTITIONS = 4
EVENT_ID_COLUMN = 6


def note_of(consumer, partition):
    """The base64 beside the committed offset. The client looks for a zero behind it, and may find something else before."""
    [committed] = committed_of(consumer, [TopicPartition("raw", partition)])
    try:
        text = committed.metadata
    except UnicodeDecodeError as error:
        text = error.object[:error.start].decode()
    return re.match("[A-Za-z0-9+/=]*", text).group()


def event_id(number):
    return f"00000000-0000-4000-8000-{number:012x}"


class Sender:
    """Records as a collector writes them. Each new record has an event of its own; copies keep record and id."""

    def __init__(self, brokers, seed=1):
        self.producer = Producer({"bootstrap.servers": brokers, "linger.ms": 5, "log_level": 0})
        self.random = random.Random(seed)
        self.next = collections.Counter()  # (instance, partition) -> sequence
        self.sent = []                     # (partition, id, payload)
        self.rows = collections.Counter()  # event number -> rows there have to be
        self.copies = 0
        self.timestamp_ms = None

    def new_instances(self, count):
        return [str(uuid.UUID(int=self.random.getrandbits(128), version=4)) for _ in range(count)]

    def _produce(self, partition, record_id, payload):
        def reported(error, _message):
            assert error is None, error
        headers = [] if record_id is None else [("snowline-id", record_id)]
        self.producer.produce("raw", payload, partition=partition, headers=headers, on_delivery=reported,
                              timestamp=self.timestamp_ms or 0)
        self.producer.poll(0)

    def send(self, instance, partition=None):
        """Without an instance: a record of the reference's collector."""
        number = len(self.sent)
        if partition is None:
            partition = self.random.randrange(PARTITIONS)
        record_id = None
        if instance is not None:
            record_id = f"{instance}:{partition}:{self.next[instance, partition]}"
            self.next[instance, partition] += 1
        self.sent.append((partition, record_id, page_view(event_id(number), int(time.time() * 1000))))
        self.rows[number] += 1
        self._produce(*self.sent[-1])

    def copy(self, number):
        self._produce(*self.sent[number])
        self.copies += 1
        if self.sent[number][1] is None:
            self.rows[number] += 1  # without an id it is a record like any other

    def flush(self):
        assert self.producer.flush(60) == 0


class Dedupe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.TemporaryDirectory(prefix="snowline-dedupe-")
        cls.addClassCleanup(cls.root.cleanup)
        cls.node = KafkaNode(pathlib.Path(cls.root.name) / "kafka", free_port(), free_port())
        cls.addClassCleanup(cls.node.kill)
        cls.node.start()

    def setUp(self):
        """The topics of a test are its own: it has a suffix."""
        for topic, partitions in (("raw", PARTITIONS), ("good", 2), ("bad", 1)):
            self.node.topics("--create", "--topic", topic, "--partitions", str(partitions))
        self.addCleanup(self.delete_topics)
        self.enrichers = []
        self.addCleanup(lambda: [one.kill() for one in self.enrichers])
        self.sender = Sender(self.node.brokers)

    def delete_topics(self):
        for one in self.enrichers:
            one.kill()
        self.node.topics("--delete", "--topic", "raw.*|good|bad")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            left = set(self.sender.producer.list_topics(timeout=10).topics) - {"__consumer_offsets", "__transaction_state"}
            if not left:
                return
            time.sleep(0.1)
        raise AssertionError(f"topics stay: {left}")

    def enricher(self, name, extra=""):
        group = f'input.consumerConf {{ "group.id" = "{self.id()}", "session.timeout.ms" = "6000" }}\n'
        directory = pathlib.Path(self.root.name) / self.id()
        directory.mkdir(exist_ok=True)
        one = enricher(directory, self.node.brokers, name, group + extra)
        self.enrichers.append(one)
        return one.start()

    def read(self, topics):
        """What is committed now."""
        consumer = Consumer({"bootstrap.servers": self.node.brokers, "group.id": "reader", "enable.auto.commit": False,
                             "isolation.level": "read_committed", "enable.partition.eof": True, "log_level": 0})
        metadata = consumer.list_topics(timeout=10).topics
        partitions = [TopicPartition(t, p, 0) for t in topics if t in metadata for p in metadata[t].partitions]
        consumer.assign(partitions)
        messages, ends = [], set()
        deadline = time.monotonic() + 60
        while len(ends) < len(partitions) and time.monotonic() < deadline:
            message = consumer.poll(0.2)
            if message is None:
                continue
            if message.error():
                ends.add((message.topic(), message.partition()))
            else:
                messages.append(message)
        consumer.close()
        return messages

    def wait_for_end(self, seconds_max=90):
        """Until the group has committed all of raw."""
        consumer = Consumer({"bootstrap.servers": self.node.brokers, "group.id": self.id(), "enable.auto.commit": False,
                             "log_level": 0})
        partitions = [TopicPartition("raw", p) for p in range(PARTITIONS)]
        ends = {p.partition: consumer.get_watermark_offsets(p, timeout=10)[1] for p in partitions}
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            committed = {p.partition: p.offset for p in committed_of(consumer, partitions)}
            if all(ends[p] == 0 or committed[p] >= ends[p] for p in ends):
                consumer.close()
                return
            time.sleep(0.2)
        tails = "\n".join(one.log_tail() for one in self.enrichers)
        raise AssertionError(f"committed {committed} of {ends}\n{tails}")

    def check_rows(self):
        found = collections.Counter()
        for message in self.read(["good"]):
            column = message.value().decode().split("\t", EVENT_ID_COLUMN + 1)[EVENT_ID_COLUMN]
            found[int(column[-12:], 16)] += 1
        self.assertEqual(self.read(["bad"]), [])
        wrong = {n: (found[n], self.sender.rows[n]) for n in set(found) | set(self.sender.rows)
                 if found[n] != self.sender.rows[n]}
        self.assertEqual(dict(list(wrong.items())[:10]), {}, f"{len(wrong)} wrong: (found, expected)")
        return sum(found.values())

    def test_copies_over_restarts_kills_and_rebalances(self):
        sender, choose = self.sender, self.sender.random
        instances = sender.new_instances(5)
        names = ["one", "two"]
        running = {name: self.enricher(name) for name in names}
        for step in range(8):
            began = time.monotonic()
            for _ in range(400):
                sender.send(choose.choice(instances))
                if choose.random() < 0.1:   # at once
                    sender.copy(len(sender.sent) - 1)
                if choose.random() < 0.1:   # any time later
                    sender.copy(choose.randrange(len(sender.sent)))
                if choose.random() < 0.02:
                    sender.send(None)
                time.sleep(0.001)
            sender.flush()
            name = names[step % 2]
            if step % 4 < 2:
                running[name].kill()
            else:
                self.assertEqual(running[name].stop(), 0)
            time.sleep(max(0.0, 1.5 - (time.monotonic() - began)))
            running[name] = self.enricher(name)
        self.wait_for_end()
        rows = self.check_rows()
        print(f"\n{len(sender.sent)} records, {sender.copies} copies, {rows} rows", file=sys.stderr)

    def test_more_instances_than_fit_beside_an_offset(self):
        sender = self.sender
        instances = sender.new_instances(400)
        first = self.enricher("one")
        for instance in instances:
            for partition in range(PARTITIONS):
                sender.send(instance, partition)
        sender.flush()
        self.wait_for_end()
        first.kill()
        moved = self.read(["raw-dedupe"])
        self.assertGreater(len({m.key() for m in moved if m.value()}), 4 * 200)
        second = self.enricher("two")  # another member: it reads everything back
        for number in range(len(sender.sent)):
            sender.copy(number)
        for instance in instances[:50]:
            for partition in range(PARTITIONS):
                sender.send(instance, partition)
        sender.flush()
        self.wait_for_end()
        self.assertEqual(second.stop(), 0)
        third = self.enricher("three")
        for number in range(0, len(sender.sent), 3):
            sender.copy(number)
        sender.flush()
        self.wait_for_end()
        self.assertEqual(third.stop(), 0)
        self.check_rows()
        consumer = Consumer({"bootstrap.servers": self.node.brokers, "group.id": self.id(), "log_level": 0})
        notes = [note_of(consumer, p) for p in range(PARTITIONS)]
        consumer.close()
        self.assertLessEqual(max(map(len, notes)), 4096)
        self.assertGreater(min(map(len, notes)), 3500)

    def test_an_instance_is_forgotten_after_the_window(self):
        sender = self.sender
        [instance, other] = sender.new_instances(2)
        self.enricher("one", "snowline.dedupe.window = 10 minutes\n")
        hour_ago = int(time.time() * 1000) - 3_600_000
        sender.timestamp_ms = hour_ago
        sender.send(instance, 0)
        sender.flush()
        sender.timestamp_ms = hour_ago + 9 * 60_000
        sender.copy(0)                       # within the window, which begins anew
        sender.flush()
        sender.timestamp_ms = hour_ago + 18 * 60_000
        sender.copy(0)
        sender.flush()
        self.wait_for_end()
        sender.timestamp_ms = hour_ago + 30 * 60_000
        sender.send(other, 0)                # the partition's clock goes on
        sender.flush()
        self.wait_for_end()
        sender.timestamp_ms = hour_ago       # whatever its own time says
        sender.copy(0)
        sender.rows[0] += 1
        sender.flush()
        self.wait_for_end()
        self.check_rows()


if __name__ == "__main__":
    unittest.main()
