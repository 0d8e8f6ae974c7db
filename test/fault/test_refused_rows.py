"""Rows that Kafka refuses and topics that are gone: the enricher stays, says what is wrong, and nothing is lost or written twice."""
import json
import pathlib
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from confluent_kafka import Consumer, Producer, TopicPartition  # noqa: E402
from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient,  # noqa: E402
                                   AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourcePatternType, ResourceType)
from kafka_node import KafkaNode, free_port  # noqa: E402
from raw_payload import page_view  # noqa: E402
from services import Service, wait_http  # noqa: E402

EVENT_ID_COLUMN = 6
PATIENCE = 30  # seconds: 10 are what is promised, for /ready as for the end; a busy machine may take longer
# Everybody may do everything, until there is a rule for a topic.
AUTHORIZER = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
super.users=User:nobody
"""


def event_id(number):
    return f"00000000-0000-4000-8000-{number:012x}"


class RefusedRows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="snowline-refused-")
        cls.addClassCleanup(scratch.cleanup)
        cls.directory = pathlib.Path(scratch.name)
        cls.kafka = KafkaNode(cls.directory / "kafka", free_port(), free_port(), settings=AUTHORIZER)
        cls.addClassCleanup(cls.kafka.kill)
        cls.kafka.start()
        cls.client = AdminClient({"bootstrap.servers": cls.kafka.brokers, "log_level": 0})
        cls.producer = cls.new_producer()

    @classmethod
    def new_producer(cls):
        return Producer({"bootstrap.servers": cls.kafka.brokers, "enable.idempotence": True, "log_level": 0})

    def create(self, topic, partitions=1, **config):
        settings = {name.replace("_", "."): str(value) for name, value in config.items()}
        deadline = time.monotonic() + 20
        while True:  # one of the name may still be on its way out
            try:
                return self.client.create_topics([NewTopic(topic, partitions, 1, config=settings)])[topic].result(20)
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def allow(self, topic, operations):
        """Nothing else from now on, where there is one."""
        rules = [AclBinding(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, "User:ANONYMOUS", "*", operation,
                            AclPermissionType.ALLOW) for operation in operations]
        for future in self.client.create_acls(rules).values() if rules else ():
            future.result(20)

    def disallow(self, topic, operation):
        rule = AclBindingFilter(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, None, None, operation, AclPermissionType.ANY)
        self.client.delete_acls([rule])[rule].result(20)

    def delete(self, topic):
        self.client.delete_topics([topic])[topic].result(20)

    def bed(self, name, good=None, bad=None, raw_partitions=1, output="", good_options="", rules=(), is_ready=True):
        """Topics of a test, what everybody may do with the one for good rows, and an enricher."""
        self.name, self.admin = name, free_port()
        self.create(f"{name}-raw", raw_partitions)
        self.create(f"{name}-good", 1, **(good or {}))
        self.create(f"{name}-bad", 1, **(bad or {}))
        self.allow(f"{name}-good", rules)
        place = f'type = Kafka, bootstrapServers = "{self.kafka.brokers}", topicName = {name}'
        self.enricher = Service(self.directory, name, "snowline-enricher", f"""
            input {{ {place}-raw, consumerConf {{ "group.id" = {name} }} }}
            output {{ good {{ {place}-good {good_options} }}, bad {{ {place}-bad }} {output} }}
            featureFlags.acceptInvalid = true
            snowline.instance = {name}
            snowline.admin {{ port = {self.admin} }}""")
        self.addCleanup(self.enricher.kill)
        self.enricher.start()
        if is_ready:
            wait_http(f"http://127.0.0.1:{self.admin}/ready", 30)

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/ready", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.rsplit(" ", 1)[1])
        raise AssertionError(f"no metric {name}")

    def send(self, numbers, user="somebody", partition=0):
        errors = []
        for number in numbers:
            self.producer.produce(f"{self.name}-raw", page_view(event_id(number), int(time.time() * 1000), user), partition=partition,
                                  on_delivery=lambda error, _: errors.append(error) if error else None)
        self.assertEqual(self.producer.flush(30), 0)
        self.assertEqual(errors, [])

    def read(self, stream, wanted, seconds_max=40, quiet=1.0):
        """Committed records of a topic: `wanted`, and what comes behind them for a moment."""
        consumer = Consumer({"bootstrap.servers": self.kafka.brokers, "group.id": "refused", "enable.auto.commit": False,
                             "isolation.level": "read_committed", "auto.offset.reset": "earliest", "log_level": 0,
                             "topic.metadata.refresh.interval.ms": 1000})
        consumer.assign([TopicPartition(f"{self.name}-{stream}", 0, 0)])
        records, last, deadline = [], time.monotonic(), time.monotonic() + seconds_max
        while time.monotonic() < deadline and (len(records) < wanted or time.monotonic() - last < quiet):
            for message in consumer.consume(1000, timeout=0.2):
                if not message.error():
                    records.append(message)
                    last = time.monotonic()
        consumer.close()
        return records

    def good(self, wanted):
        """Numbers of the events in good, in their order."""
        return [int(record.value().decode().split("\t", EVENT_ID_COLUMN + 1)[EVENT_ID_COLUMN][-12:], 16)
                for record in self.read("good", wanted)]

    def bad(self, wanted):
        return [(json.loads(record.value()), dict(record.headers() or [])) for record in self.read("bad", wanted)]

    def wait_ready(self, status, seconds_max, word=""):
        deadline = time.monotonic() + seconds_max
        while True:
            found = self.ready()
            if found[0] == status and word in found[1]:
                return found[1]
            self.assertLess(time.monotonic(), deadline, f"{found}\n{self.enricher.log_tail()}")
            self.assertIsNone(self.enricher.process.poll(), self.enricher.log_tail())
            time.sleep(0.1)

    def wait_ready_or_refused(self, status, seconds_max, word):
        """The same right after a start, when nobody may listen yet."""
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            try:
                return self.wait_ready(status, deadline - time.monotonic(), word)
            except OSError:
                time.sleep(0.1)
        self.fail(self.enricher.log_tail())

    def assert_stays_and_stops(self):
        self.assertIsNone(self.enricher.process.poll(), self.enricher.log_tail())
        self.assertEqual(self.enricher.stop(PATIENCE), 0, self.enricher.log_tail())

    def schema_of(self, row):
        return row["schema"].split("/")[1]

    def test_an_event_above_its_topics_limit_is_one_size_violation_and_the_others_go_on(self):
        self.bed("size", good={"max_message_bytes": 100_000}, bad={"max_message_bytes": 100_000})
        self.send(range(10))
        self.send([99], user="x" * 300_000)
        self.send(range(10, 400))
        self.assertEqual(self.good(400), list(range(400)))
        rows = self.read("bad", 1)
        self.assertEqual([self.schema_of(json.loads(row.value())) for row in rows], ["size_violation"])
        self.assertLess(len(rows[0].value()), 100_000)
        self.assertEqual(dict(rows[0].headers())["snowline-origin-offset"], b"10")
        self.assertEqual(self.metric("enrich_restarts_total"), 0)
        self.assertEqual(self.wait_ready(200, PATIENCE), "OK\n")
        self.assert_stays_and_stops()

    def test_a_limit_that_is_lowered_is_learned_and_batches_become_smaller(self):
        self.bed("lower")
        self.send(range(500))
        self.assertEqual(self.good(500), list(range(500)))
        limit = ConfigResource(ConfigResource.Type.TOPIC, "lower-good", incremental_configs=[
            ConfigEntry("max.message.bytes", "5000", incremental_operation=AlterConfigOpType.SET)])
        self.client.incremental_alter_configs([limit])[limit].result(20)
        self.send(range(500, 1000))
        self.send([5000], user="x" * 8000)
        self.send(range(1000, 1010))
        self.assertEqual(self.good(1010), list(range(1010)))
        self.assertEqual([self.schema_of(row) for row, _ in self.bad(1)], ["size_violation"])
        self.assert_stays_and_stops()

    def test_without_the_right_to_see_settings_refusals_teach(self):
        self.bed("blind", good={"max_message_bytes": 20_000}, rules=(AclOperation.WRITE, AclOperation.READ, AclOperation.DESCRIBE))
        self.send(range(300))
        self.send([5000], user="x" * 30_000)
        self.send(range(300, 320))
        self.assertEqual(self.good(320), list(range(320)))
        self.assertEqual([self.schema_of(row) for row, _ in self.bad(1)], ["size_violation"])
        self.assert_stays_and_stops()

    def test_a_topic_that_is_gone_is_waited_for(self):
        self.bed("wait")
        self.send(range(100))
        self.assertEqual(self.good(100), list(range(100)))
        self.delete("wait-good")
        body = self.wait_ready(503, PATIENCE, "wait-good")
        self.assertIn("kafka-topics.sh", body)
        self.assertIn("--create --topic wait-good", body)
        self.send(range(100, 300))
        time.sleep(3)
        self.assertEqual(self.metric('enrich_output_writable{topic="wait-good"}'), 0)
        self.create("wait-good")
        self.assertEqual(self.good(200), list(range(100, 300)))
        self.wait_ready(200, PATIENCE)
        self.assertEqual(self.bad(0), [])
        self.delete("wait-good")
        self.send([300])
        self.wait_ready(503, PATIENCE, "wait-good")
        self.assert_stays_and_stops()
        # Again after a start.
        self.enricher.start()
        self.wait_ready_or_refused(503, PATIENCE, "wait-good")
        self.create("wait-good")
        self.assertEqual(self.good(1), [300])
        self.assert_stays_and_stops()

    def test_rows_of_a_topic_that_is_gone_are_parked_in_bad(self):
        self.bed("park", good_options=", onUnavailable = park")
        self.send(range(100))
        self.assertEqual(self.good(100), list(range(100)))
        self.delete("park-good")
        self.wait_ready(503, PATIENCE, "park-good")
        self.send(range(100, 150))
        rows = self.bad(50)
        self.assertEqual(sorted(int(headers["snowline-origin-offset"]) for _, headers in rows), list(range(100, 150)))
        self.assertEqual({headers["snowline-parked"] for _, headers in rows}, {b"good"})
        self.assertEqual({self.schema_of(row) for row, _ in rows}, {"generic_error"})
        copies = [row["data"]["payload"].split("\t")[EVENT_ID_COLUMN] for row, _ in rows]
        self.assertEqual(sorted(copies), [event_id(number) for number in range(100, 150)])
        self.create("park-good")
        self.wait_ready(200, PATIENCE)
        self.send(range(150, 200))
        self.assertEqual(self.good(50), list(range(150, 200)))
        self.assertEqual(len(self.bad(50)), 50)
        self.assert_stays_and_stops()

    def test_a_right_that_is_lost_is_waited_for(self):
        self.bed("right", rules=(AclOperation.WRITE, AclOperation.READ, AclOperation.DESCRIBE))
        self.send(range(50))
        self.assertEqual(self.good(50), list(range(50)))
        self.disallow("right-good", AclOperation.WRITE)
        self.producer.produce("right-raw", b"no request", partition=0)  # a row of the other topic is in the same transaction
        self.send(range(50, 10_050))  # many: the transaction fails while rows are still handed over
        body = self.wait_ready(503, PATIENCE, "right-good")
        self.assertIn("kafka-acls.sh", body)
        time.sleep(2)
        self.assertIsNone(self.enricher.process.poll(), self.enricher.log_tail())
        self.assertIn("right-good: ", self.ready()[1])
        self.assertNotIn("right-bad: ", self.ready()[1])
        self.allow("right-good", [AclOperation.WRITE])
        self.assertEqual(self.good(10_050), list(range(10_050)))
        self.assertEqual(len(self.bad(1)), 1)
        self.wait_ready(200, PATIENCE)
        self.disallow("right-good", AclOperation.WRITE)
        self.send([10_050])
        self.wait_ready(503, PATIENCE, "right-good")
        self.assert_stays_and_stops()

    def test_a_transaction_that_may_not_be_begun_is_waited_for(self):
        rule = AclBinding(ResourceType.TRANSACTIONAL_ID, "begin-begin", ResourcePatternType.LITERAL, "User:ANONYMOUS", "*",
                          AclOperation.ALL, AclPermissionType.DENY)
        self.client.create_acls([rule])[rule].result(20)
        self.bed("begin", is_ready=False)
        body = self.wait_ready_or_refused(503, PATIENCE, "transactions cannot be begun")
        self.assertIn("--transactional-id begin-begin", body)
        self.assert_stays_and_stops()
        self.enricher.start()
        self.send(range(5))
        rules = AclBindingFilter(ResourceType.TRANSACTIONAL_ID, "begin-begin", ResourcePatternType.LITERAL, None, None, AclOperation.ALL,
                                 AclPermissionType.ANY)
        self.client.delete_acls([rules])[rules].result(20)
        self.assertEqual(self.good(5), list(range(5)))
        self.assert_stays_and_stops()

    def test_letting_go_of_a_raw_topic_that_was_made_again_with_fewer_partitions_has_an_end(self):
        self.bed("fewer", raw_partitions=3)
        self.send(range(10), partition=2)
        self.assertEqual(self.good(10), list(range(10)))
        self.delete("fewer-raw")
        self.create("fewer-raw", 1)
        self.producer = self.new_producer()  # the other one knows the topic as it was
        self.send(range(10, 20))
        # librdkafka 2.0.2 does not let go then; a later one may, and then the enricher reads on.
        deadline = time.monotonic() + 40
        while self.enricher.process.poll() is None and len(self.read("good", 20, seconds_max=1)) < 20:
            self.assertLess(time.monotonic(), deadline, self.enricher.log_tail())
        if self.enricher.process.poll() is not None:
            self.assertEqual(self.enricher.process.returncode, 1)
            self.assertRegex(self.enricher.log_tail(), "the log failed reason=.*made again with fewer(.|\n)*does not let go")
            self.enricher.start()
        self.assertEqual(sorted(self.good(20)), list(range(20)), self.enricher.log_tail(30))
        self.assert_stays_and_stops()


if __name__ == "__main__":
    unittest.main()
