"""`snowline schema rehearse` and `snowline tail` on rows that lie in Kafka, written there by Kafka's own producer."""
import datetime
import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.events import UNSTRUCT
from support.kafka_node import KafkaNode, free_port
from support.pipeline import BIN, scratch_directory

METASCHEMA = 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#'
COLUMNS, APP_ID, EVENT_ID, UNSTRUCT_EVENT = 131, 0, 6, 58


def row(number):
    columns = [''] * COLUMNS
    columns[APP_ID] = 'shop' if number % 3 else 'app'
    columns[EVENT_ID] = f'id-{number}'
    columns[UNSTRUCT_EVENT] = json.dumps({'schema': UNSTRUCT, 'data': {
        'schema': 'iglu:com.acme/event/jsonschema/1-0-0', 'data': {'a': 'x' * (number % 10)}}})
    return '\t'.join(columns)


class RehearseOnKafka(unittest.TestCase):
    def produce(self, numbers):
        node = self.node
        subprocess.run(node.java('org.apache.kafka.tools.ConsoleProducer', '--bootstrap-server', node.brokers, '--topic', 'enriched'),
                       input='\n'.join(map(row, numbers)).encode() + b'\n', check=True, timeout=120)

    def seen(self, *options):
        """Ids of the rows that are printed, in order."""
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'tail', 'good', '--topic', 'enriched', '--brokers', self.node.brokers, '--tsv',
                               '--until-idle', '3s', *options], stdout=subprocess.PIPE, check=True, timeout=120)
        return sorted(int(line.split('\t')[EVENT_ID].removeprefix('id-')) for line in done.stdout.decode().splitlines())

    def test_topics_are_read_from_where_it_is_said(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        node = self.node = KafkaNode(scratch.name, port=free_port(), controller_port=free_port())
        node.start()
        self.addCleanup(node.stop)
        node.topics('--create', '--topic', 'enriched', '--partitions', '3', '--replication-factor', '1')
        self.produce(range(300))
        new = os.path.join(scratch.name, 'new')
        with open(new, 'w', encoding='utf-8') as file:
            json.dump({'$schema': METASCHEMA, 'self': {'vendor': 'com.acme', 'name': 'event', 'format': 'jsonschema', 'version': '1-1-0'},
                       'type': 'object', 'properties': {'a': {'type': 'string', 'maxLength': 7}}}, file)
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'schema', 'rehearse', new, '--topic', 'enriched', '--brokers', node.brokers,
                               '--since', '1h', '--json'], stdout=subprocess.PIPE, timeout=120)
        self.assertEqual(done.returncode, 1)
        told = json.loads(done.stdout)
        self.assertEqual((told['rows'], told['instances'], told['refused']), (300, 300, 60))
        self.assertEqual(told['apps'], {'app': {'instances': 100, 'refused': 20}, 'shop': {'instances': 200, 'refused': 40}})

        time.sleep(0.1)
        between = datetime.datetime.now(datetime.timezone.utc).isoformat()
        self.produce(range(300, 330))
        self.assertEqual(self.seen('--since', '1h'), list(range(330)))
        self.assertEqual(self.seen('--from', between), list(range(300, 330)))
        self.assertEqual(self.seen('--from', 'end'), [])
        parts = [self.seen('--partition', str(partition)) for partition in range(3)]
        self.assertEqual(sorted(sum(parts, [])), list(range(330)))
        filled = max(range(3), key=lambda partition: len(parts[partition]))
        count = len(parts[filled])
        self.assertEqual(len(self.seen('--from', str(count - 2), '--partition', str(filled))), 2)

        def refused(*options):
            done = subprocess.run([os.path.join(BIN, 'snowline'), 'tail', 'good', '--topic', 'enriched', '--brokers', node.brokers, *options],
                                  stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 1)
            return done.stderr.decode()
        self.assertIn('an offset counts within one partition, and there are 3 of topic enriched', refused('--from', '10'))
        self.assertIn('topic enriched has no partition 3', refused('--partition', '3'))
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'schema', 'rehearse', new, '--topic', 'enriched', '--brokers', node.brokers,
                               '--from', between, '--json'], stdout=subprocess.PIPE, timeout=120)
        self.assertEqual(json.loads(done.stdout)['rows'], 30)
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'schema', 'rehearse', new, '--topic', 'enriched', '--brokers', node.brokers,
                               '--partition', str(filled), '--json'], stdout=subprocess.PIPE, timeout=120)
        self.assertEqual(json.loads(done.stdout)['rows'], count)


if __name__ == '__main__':
    unittest.main()
