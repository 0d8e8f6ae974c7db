"""A real Kafka, and collectors with a spool on it, for tests of what a 200 means."""
import os
import pathlib
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from collector_process import CollectorProcess, free_port, statuses
from kafka_node import KafkaNode, free_port as kafka_port

PARTITIONS = 4


class Sender:
    """Sends events one by one over one connection each, and remembers what was answered."""

    def __init__(self, collector):
        self.collector, self.answered, self.refused, self.slowest = collector, [], [], 0.0

    def send(self, event_id, headers=b''):
        began = time.monotonic()
        answer = self.collector.exchange(
            b'GET /i?e=pv&eid=' + event_id.encode() + b' HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' + headers + b'\r\n', quiet=10)
        self.slowest = max(self.slowest, time.monotonic() - began)
        status = statuses(answer)
        (self.answered if status == [200] else self.refused).append(event_id)
        return status[0] if status else None


class DeliveryBed(unittest.TestCase):
    """One Kafka for all tests of a class, and collectors on it."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix='snowline-delivery-')
        cls.addClassCleanup(cls.directory.cleanup)
        cls.kafka = KafkaNode(pathlib.Path(cls.directory.name) / 'kafka', kafka_port(), kafka_port())
        cls.addClassCleanup(cls.kafka.kill)
        cls.kafka.start()

    def collector(self, name, spool=True, raw_options=()):
        """A collector with topics of its own."""
        self.kafka.topics('--create', '--topic', f'{name}-raw', '--partitions', str(PARTITIONS), *raw_options)
        self.admin, self.name = free_port(), name
        self.spool = os.path.join(self.directory.name, name)
        outside = f'snowline {{ admin.port = {self.admin}, kafka.createTopics = true\n'
        if spool:
            outside += f'spool {{ path = "{self.spool}" }}\n'
        process = CollectorProcess(
            f'streams {{ good = {name}-raw, bad = {name}-bad, sink {{ brokers = "{self.kafka.brokers}" }} }}\n'
            'preTerminationPeriod = 0 seconds, terminationDeadline = 2 seconds', outside + '}', sink='kafka')
        self.addCleanup(process.__exit__)
        return process.start()

    def metric(self, name):
        with urllib.request.urlopen(f'http://127.0.0.1:{self.admin}/metrics', timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + ' '):
                    return float(line.rsplit(' ', 1)[1])
        raise AssertionError(f'no metric {name}')

    def ready(self):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{self.admin}/ready', timeout=5) as answer:
                return answer.status, answer.read().decode().strip()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode().strip()

    def where(self):
        """The status, and where a new event would be durable; without the streams that cannot be written."""
        status, body = self.ready()
        return status, body.splitlines()[0]

    def wait_until(self, what, seconds_max=60):
        deadline = time.monotonic() + seconds_max
        while not what():
            self.assertLess(time.monotonic(), deadline, 'it never came true')
            time.sleep(0.1)
