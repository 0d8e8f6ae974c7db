"""Reads the collector's records from Kafka: events by a marker in their payload, and ids from `snowline-id`."""
import collections
import dataclasses
import re
import time

from confluent_kafka import Consumer, TopicPartition

EVENT_ID = re.compile(rb'eid=([a-z0-9-]+)')


@dataclasses.dataclass
class RawRecord:
    partition: int
    value: bytes
    headers: dict

    @property
    def event_ids(self):
        return [found.decode() for found in EVENT_ID.findall(self.value)]

    @property
    def snowline_id(self):
        """(uuid, partition, sequence)"""
        uuid, partition, sequence = self.headers['snowline-id'].decode().split(':')
        return uuid, int(partition), int(sequence)


def read_raw(brokers, topic, partitions, quiet=2, seconds_max=60, wanted=0):
    """All records of a topic: until `wanted` are there and nothing more came for `quiet` seconds."""
    consumer = Consumer({'bootstrap.servers': brokers, 'group.id': 'raw-topic', 'enable.auto.commit': False,
                         'auto.offset.reset': 'earliest', 'log_level': 0})
    consumer.assign([TopicPartition(topic, p, 0) for p in range(partitions)])
    records, last, deadline = [], time.monotonic(), time.monotonic() + seconds_max
    while time.monotonic() < deadline and (len(records) < wanted or time.monotonic() - last < quiet):
        for message in consumer.consume(1000, timeout=0.2):
            if not message.error():
                records.append(RawRecord(message.partition(), message.value(), dict(message.headers() or [])))
                last = time.monotonic()
    consumer.close()
    return records


def without_twins(records):
    """What the enricher keeps: the first record of each id."""
    seen = {}
    for record in records:
        seen.setdefault(record.snowline_id, record)
    return list(seen.values())


def count_events(records):
    return collections.Counter(event_id for record in records for event_id in record.event_ids)
