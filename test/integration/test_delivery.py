"""The collector's promise with a real Kafka that goes away: a 200 comes within 4 s, and its event is in the topic afterwards."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import BIN, CollectorProcess, free_port, statuses  # noqa: E402
from kafka_node import KafkaNode, free_port as kafka_port  # noqa: E402
from raw_topic import count_events, read_raw, without_twins  # noqa: E402

PARTITIONS = 4
ANSWER_SECONDS_MAX = 4
TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'


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


class WithKafka(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix='snowline-delivery-')
        cls.addClassCleanup(cls.directory.cleanup)
        cls.kafka = KafkaNode(pathlib.Path(cls.directory.name) / 'kafka', kafka_port(), kafka_port())
        cls.addClassCleanup(cls.kafka.kill)
        cls.kafka.start()

    def collector(self, name, spool=True, delivery='', inside=''):
        """A collector with topics of its own."""
        for topic, partitions in ((f'{name}-raw', PARTITIONS), (f'{name}-bad', 1)):
            self.kafka.topics('--create', '--topic', topic, '--partitions', str(partitions))
        self.admin, self.name = free_port(), name
        self.spool = os.path.join(self.directory.name, name)
        outside = f'snowline {{ admin.port = {self.admin}, delivery {{ {delivery} }}\n'
        if spool:
            outside += f'spool {{ path = "{self.spool}" }}\n'
        process = CollectorProcess(
            f'streams {{ good = {name}-raw, bad = {name}-bad, sink {{ brokers = "{self.kafka.brokers}" }} }}\n'
            f'preTerminationPeriod = 0 seconds, terminationDeadline = 2 seconds\n{inside}', outside + '}', sink='kafka')
        self.addCleanup(process.__exit__)
        return process.start()

    def metric(self, name):
        with urllib.request.urlopen(f'http://127.0.0.1:{self.admin}/metrics', timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + ' '):
                    return float(line.split()[1])
        raise AssertionError(f'no metric {name}')

    def ready(self):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{self.admin}/ready', timeout=5) as answer:
                return answer.status, answer.read().decode().strip()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode().strip()

    def wait_until(self, what, seconds_max=60):
        deadline = time.monotonic() + seconds_max
        while not what():
            self.assertLess(time.monotonic(), deadline, 'it never came true')
            time.sleep(0.1)

    def test_what_was_answered_while_kafka_was_away_is_there_once_afterwards(self):
        process = self.collector('away')
        sender = Sender(process)
        for number in range(20):
            self.assertEqual(sender.send(f'before-{number}', b'traceparent: ' + TRACEPARENT.encode() + b'\r\n'), 200)
        self.assertEqual(self.ready(), (200, 'OK: log'))
        self.kafka.kill()
        for number in range(30):
            self.assertEqual(sender.send(f'away-{number}'), 200)
        self.assertLess(sender.slowest, ANSWER_SECONDS_MAX)
        self.assertEqual(self.ready(), (200, 'OK: spool'))
        self.assertGreater(self.metric('collector_spool_records'), 0)
        self.kafka.start()
        self.wait_until(lambda: self.metric('collector_spool_records') == 0)
        self.wait_until(lambda: self.ready() == (200, 'OK: log'))
        for number in range(20):
            self.assertEqual(sender.send(f'after-{number}'), 200)

        records = without_twins(read_raw(self.kafka.brokers, 'away-raw', PARTITIONS, wanted=70))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in sender.answered})
        self.assertEqual({record.snowline_id[0] for record in records}.__len__(), 1)
        sequences = {}
        for record in records:
            self.assertEqual(record.snowline_id[1], record.partition)
            sequences.setdefault(record.partition, []).append(record.snowline_id[2])
        for numbers in sequences.values():
            self.assertEqual(sorted(numbers), list(range(len(numbers))))
        before = [record for record in records if record.event_ids[0].startswith('before')]
        self.assertEqual({record.headers['traceparent'].decode() for record in before}, {TRACEPARENT})


if __name__ == '__main__':
    unittest.main()
