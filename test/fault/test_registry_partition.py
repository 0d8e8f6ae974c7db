"""On Kafka, a registry that hangs stops the partition that needs it, and no other; nothing is lost and nothing comes twice."""
import json
import pathlib
import re
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from confluent_kafka import Consumer, Producer, TopicPartition

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support.kafka_node import KafkaNode, free_port  # noqa: E402
from support.raw_payload import page_view, request  # noqa: E402
from support.registry import Registry  # noqa: E402
from support.services import Service, wait_http  # noqa: E402

SCHEMA = {"$schema": "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
          "self": {"vendor": "com.acme", "name": "event", "format": "jsonschema", "version": "1-0-0"},
          "type": "object", "properties": {"n": {"type": "integer"}}}
EVENT = {"schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
         "data": {"schema": "iglu:com.acme/event/jsonschema/1-0-0", "data": {"n": 1}}}
OTHERS = 200


def acme_event():
    return request("/i", urllib.parse.urlencode({"e": "ue", "p": "web", "tv": "test", "aid": "acme", "ue_pr": json.dumps(EVENT)}))


class RegistryPartition(unittest.TestCase):
    def start(self, directory, registry):
        node = KafkaNode(pathlib.Path(directory) / "kafka", free_port(), free_port())
        self.addCleanup(node.kill)
        node.start()
        for topic, partitions in (("raw", "2"), ("good", "1"), ("bad", "1")):
            node.topics("--create", "--topic", topic, "--partitions", partitions)
        resolver = pathlib.Path(directory) / "resolver.json"
        resolver.write_text(json.dumps({
            "schema": "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-1",
            "data": {"cacheSize": 100, "repositories": [
                {"name": "acme", "priority": 0, "vendorPrefixes": ["com.acme"],
                 "connection": {"http": {"uri": registry.url}}}]}}))
        self.admin = free_port()
        output = '{ type = Kafka, topicName = %s, bootstrapServers = "%s" }'
        enricher = Service(directory, "enricher", "snowline-enricher", f"""
            input {output % ("raw", node.brokers)}
            output {{ good {output % ("good", node.brokers)}, bad {output % ("bad", node.brokers)} }}
            snowline.admin.port = {self.admin}""", "--iglu-config", resolver)
        self.addCleanup(enricher.kill)
        enricher.start()
        wait_http(f"http://127.0.0.1:{self.admin}/ready", 60)
        return node, enricher

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=10) as answer:
            return float(re.search(rf"^{re.escape(name)} (\S+)$", answer.read().decode(), re.M).group(1))

    def wait_for(self, name, value, seconds_max=60):
        deadline = time.monotonic() + seconds_max
        while self.metric(name) != value:
            self.assertLess(time.monotonic(), deadline, f"{name} is {self.metric(name)}, not {value}")
            time.sleep(0.1)

    def test_the_other_partition_goes_on(self):
        with tempfile.TemporaryDirectory(prefix="snowline-partition-") as directory, \
                Registry({"/schemas/com.acme/event/jsonschema/1-0-0": json.dumps(SCHEMA)}) as registry:
            registry.fail("hanging")
            node, enricher = self.start(directory, registry)
            producer = Producer({"bootstrap.servers": node.brokers, "log_level": 0})
            producer.produce("raw", acme_event(), partition=0)
            producer.flush(30)
            self.wait_for("enrich_partitions_waiting", 1)
            for number in range(OTHERS):
                producer.produce("raw", page_view(f"00000000-0000-4000-8000-{number:012x}", 1_700_000_000_000), partition=1)
            producer.produce("raw", acme_event(), partition=0)
            producer.flush(30)
            self.wait_for("enrich_records_total", OTHERS)
            self.assertEqual(self.metric("enrich_partitions_waiting"), 1)

            registry.recover()
            self.wait_for("enrich_records_total", OTHERS + 2)
            self.assertEqual(self.metric("enrich_partitions_waiting"), 0)
            self.assertEqual(enricher.stop(), 0)
            reader = Consumer({"bootstrap.servers": node.brokers, "group.id": "test", "isolation.level": "read_committed",
                               "auto.offset.reset": "earliest", "log_level": 0})
            reader.assign([TopicPartition(topic, 0, 0) for topic in ("good", "bad")])
            rows = [message for message in iter(lambda: reader.poll(3), None) if not message.error()]
            reader.close()
            apps = [message.value().split(b"\t", 1)[0] for message in rows]
            self.assertEqual((apps.count(b"acme"), apps.count(b"faults"), len(rows)), (2, OTHERS, OTHERS + 2))


if __name__ == "__main__":
    unittest.main()
