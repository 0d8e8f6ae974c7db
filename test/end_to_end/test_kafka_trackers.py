"""Real Kafka, the collector, two enrichers in one group; the Python and the Node tracker in one run. Read by two independent
clients under read_committed: every answered request's events are there exactly once, in the order of their raw partition."""
import collections
import json
import logging
import os
import pathlib
import random
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from confluent_kafka import Consumer, TopicPartition
from kafka_node import KafkaNode, free_port
from snowplow_analytics_sdk.event_transformer import transform
from snowplow_tracker import Emitter, PageView, StructuredEvent, Subject, Tracker

from support.ledger import Ledger
from support.pipeline import scratch_directory
from support.services import collector, enricher, wait_http

logging.disable(logging.WARNING)
EVENTS = int(os.environ.get('SNOWLINE_E2E_KAFKA_EVENTS', '3000'))   # of each tracker
PARTITIONS = 4
HERE = pathlib.Path(__file__).resolve().parent
EVENT_ID_COLUMN = 6


def event_ids(sent):
    return [event['eid'] for event in json.loads(sent)['data']]


def read_topic(brokers, topic, partitions, wanted, seconds_max):
    """Records of a topic as (partition, value), until `wanted` are there or the time is over; then what still comes."""
    consumer = Consumer({'bootstrap.servers': brokers, 'group.id': 'e2e', 'enable.auto.commit': False,
                         'isolation.level': 'read_committed', 'auto.offset.reset': 'earliest', 'log_level': 0})
    consumer.assign([TopicPartition(topic, p, 0) for p in range(partitions)])
    records, deadline, last = [], time.monotonic() + seconds_max, time.monotonic()
    while time.monotonic() < deadline and (len(records) < wanted or time.monotonic() - last < 2):
        for message in consumer.consume(500, timeout=0.2):
            if not message.error():
                records.append((message.partition(), message.value()))
                last = time.monotonic()
    consumer.close()
    return records


class KafkaTrackers(unittest.TestCase):
    def send_python(self, port, ledger):
        emitter = Emitter('127.0.0.1', protocol='http', port=port, method='post', batch_size=10, session=ledger,
                          max_retry_delay_seconds=1, request_timeout=5)
        tracker = Tracker('python', [emitter], app_id='e2e-python', encode_base64=True)
        chooser = random.Random(7)
        for number in range(EVENTS):
            event = chooser.choice([PageView(page_url=f'https://shop.example/{number}', page_title='é 日本'),
                                    StructuredEvent(category=f'c {number}', action='act', value=number)])
            event.event_subject = Subject().set_user_id(f'python-{number}')
            tracker.track(event)
        deadline = time.monotonic() + 60
        while len(ledger.answered) < EVENTS and time.monotonic() < deadline:
            tracker.flush()
            time.sleep(0.1)

    def check_order(self, brokers, good):
        """Events of one raw partition keep their order: in each partition of good, they ascend."""
        place = {}
        for index, (partition, raw) in enumerate(read_topic(brokers, 'raw', PARTITIONS, 1, 60)):
            for found in json.loads(raw[raw.index(b'{"'):raw.rindex(b']}') + 2])['data']:
                place.setdefault(found['eid'], (partition, index, len(place)))
        last, wrong = {}, 0
        for good_partition, row in good:
            partition, _, number = place[row.decode().split('\t')[EVENT_ID_COLUMN]]
            wrong += number < last.get((good_partition, partition), -1)
            last[(good_partition, partition)] = number
        self.assertEqual(wrong, 0)
        self.assertEqual(len(place), 2 * EVENTS)

    def test_both_trackers_two_enrichers(self):
        with scratch_directory() as directory:
            node = KafkaNode(pathlib.Path(directory) / 'kafka', free_port(), free_port())
            services = []
            try:
                node.start()
                for topic in ('raw', 'good', 'bad'):
                    node.topics('--create', '--topic', topic, '--partitions', str(PARTITIONS))
                port = free_port()
                services = [collector(directory, node.brokers, port), enricher(directory, node.brokers, 'one'),
                            enricher(directory, node.brokers, 'two')]
                for service in services:
                    service.start()
                wait_http(f'http://127.0.0.1:{port}/health')
                nodejs = subprocess.Popen(['node', HERE / 'node_tracker.js', str(port), str(EVENTS)],
                                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                ledger = Ledger(event_ids)
                self.send_python(port, ledger)
                told = json.loads(nodejs.communicate(timeout=180)[0])
                self.assertEqual(told, {'ok': EVENTS, 'failed': 0})

                good = read_topic(node.brokers, 'good', PARTITIONS, 2 * EVENTS, 90)
                bad = read_topic(node.brokers, 'bad', PARTITIONS, 0, 5)
                self.assertEqual([value for _, value in bad][:2], [], services[1].log_tail())
                rows = [transform(value.decode()) for _, value in good]
                python_rows = [row['event_id'] for row in rows if row['app_id'] == 'e2e-python']
                self.assertEqual(ledger.disagreements(python_rows)[:5], [])
                node_rows = collections.Counter(row['user_id'] for row in rows if row['app_id'] == 'e2e-node')
                self.assertEqual(len(node_rows), EVENTS)
                self.assertEqual([user for user, count in node_rows.items() if count != 1][:5], [])
                self.check_order(node.brokers, good)

                second = subprocess.run(['node', HERE / 'kafka_reader.js', node.brokers, 'good', 'e2e-kafkajs'],
                                        stdout=subprocess.PIPE, timeout=120, check=True).stdout.decode()
                by_kafkajs = sorted(line.split(' ', 1)[1] for line in second.splitlines())
                self.assertEqual(by_kafkajs, sorted(value.decode() for _, value in good))
                print(f'{EVENTS} events of each tracker, {len(good)} rows, statuses {dict(ledger.statuses)}')
                for service in services:
                    self.assertEqual(service.stop(), 0, service.log_tail())
            finally:
                for service in services:
                    service.kill()
                node.stop()


if __name__ == '__main__':
    unittest.main()
