"""`snowline schema rehearse` on rows that lie in Kafka, written there by Kafka's own producer."""
import json
import os
import subprocess
import sys
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
    def test_all_partitions_are_read_once(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        node = KafkaNode(scratch.name, port=free_port(), controller_port=free_port())
        node.start()
        self.addCleanup(node.stop)
        node.topics('--create', '--topic', 'enriched', '--partitions', '3', '--replication-factor', '1')
        subprocess.run(node.java('org.apache.kafka.tools.ConsoleProducer', '--bootstrap-server', node.brokers, '--topic', 'enriched'),
                       input='\n'.join(map(row, range(300))).encode() + b'\n', check=True, timeout=120)
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


if __name__ == '__main__':
    unittest.main()
