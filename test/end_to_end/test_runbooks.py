"""A collector and an enricher on a real Kafka, as the runbooks' reader has them: every command of docs/runbooks/ that only looks
is run, and every metric that rules and dashboard name is served."""
import base64
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest
import urllib.request
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from kafka_node import KafkaNode, free_port

from raw_payload import page_view
from support import monitoring
from support.pipeline import scratch_directory
from support.services import BIN, collector, enricher, wait_http

KAFKA_TOOLS = {
    'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
    'kafka-configs.sh': 'kafka.admin.ConfigCommand',
    'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
    'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
    'kafka-get-offsets.sh': 'org.apache.kafka.tools.GetOffsetShell',
}
ANON_IP = {'schema': 'iglu:com.snowplowanalytics.snowplow/anon_ip/jsonschema/1-0-1',
           'data': {'vendor': 'com.snowplowanalytics.snowplow', 'name': 'anon_ip', 'enabled': True,
                    'parameters': {'anonOctets': 1, 'anonSegments': 1}}}
RESOLVER = {'schema': 'iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-1', 'data': {'cacheSize': 500, 'repositories': []}}
CLICK = {'schema': 'iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0',
         'data': {'schema': 'iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1', 'data': {'elementId': 'buy'}}}


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode('utf-8', 'replace')


class Runbooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = scratch_directory()
        cls.addClassCleanup(scratch.cleanup)
        cls.directory = pathlib.Path(scratch.name)
        cls.node = KafkaNode(cls.directory / 'kafka', port=free_port(), controller_port=free_port())
        cls.addClassCleanup(cls.node.kill)
        cls.node.start()
        for topic in 'raw', 'good', 'bad':
            cls.node.topics('--create', '--topic', topic, '--partitions', '2' if topic == 'raw' else '1')
        cls.start_pair()
        cls.environment = {**os.environ, **cls.addresses, 'PATH': f'{cls.tools()}:{BIN}:{os.environ["PATH"]}'}

    @classmethod
    def start_pair(cls):
        (cls.directory / 'enrichments').mkdir()
        (cls.directory / 'enrichments' / 'anon_ip.json').write_text(json.dumps(ANON_IP))
        (cls.directory / 'resolver.json').write_text(json.dumps(RESOLVER))
        archived = [base64.b64encode(page_view(str(uuid.uuid4()), 1_700_000_000_000)) + b'\n' for _ in range(3)]
        (cls.directory / 'archive.b64.gz').write_bytes(gzip.compress(b''.join(archived)))
        port, of_collector, of_enricher = free_port(), free_port(), free_port()
        admin = 'snowline.admin {{ port = {} }}'
        spool = f'snowline.spool.path = "{cls.directory}/spool"'
        services = [collector(cls.directory, cls.node.brokers, port, admin.format(of_collector) + '\n' + spool),
                    enricher(cls.directory, cls.node.brokers, 'one', admin.format(of_enricher))]
        services[1].command += ['--iglu-config', cls.directory / 'resolver.json', '--enrichments', cls.directory / 'enrichments']
        for service in services:
            cls.addClassCleanup(service.kill)
            service.start()
        cls.addresses = {'COLLECTOR': f'http://127.0.0.1:{port}', 'COLLECTOR_ADMIN': f'http://127.0.0.1:{of_collector}',
                         'ENRICHER_ADMIN': f'http://127.0.0.1:{of_enricher}', 'BROKERS': cls.node.brokers,
                         'RESOLVER': str(cls.directory / 'resolver.json'), 'ENRICHMENTS': str(cls.directory / 'enrichments'),
                         'ARCHIVE': str(cls.directory / 'archive.b64.gz')}
        for name in 'COLLECTOR_ADMIN', 'ENRICHER_ADMIN':
            wait_http(cls.addresses[name] + '/ready', 60)
        cls.send_events()

    @classmethod
    def send_events(cls):
        """So many that both partitions have some, then a bad one."""
        for number in range(20):
            get(f'{cls.addresses["COLLECTOR"]}/i?e=pv&p=web&tv=test&aid=shop&url=https%3A%2F%2Fshop.example%2F{number}')
        body = {'schema': 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4',
                'data': [{'e': 'ue', 'p': 'web', 'tv': 'test', 'ue_pr': json.dumps(CLICK)}]}
        request = urllib.request.Request(cls.addresses['COLLECTOR'] + '/com.snowplowanalytics.snowplow/tp2', json.dumps(body).encode(),
                                         {'Content-Type': 'application/json'})
        urllib.request.urlopen(request, timeout=10).close()
        deadline = time.monotonic() + 60
        while 'enrich_events_total{result="bad"} 1' not in get(cls.addresses['ENRICHER_ADMIN'] + '/metrics'):
            if time.monotonic() > deadline:
                raise AssertionError('the bad event is not counted:\n' + get(cls.addresses['ENRICHER_ADMIN'] + '/metrics'))
            time.sleep(0.1)

    @classmethod
    def tools(cls):
        """Kafka's command line tools, as its distribution names them."""
        folder = cls.directory / 'tools'
        folder.mkdir()
        for name, program in KAFKA_TOOLS.items():
            command = ' '.join(f"'{word}'" for word in cls.node.java(program))
            (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (folder / name).chmod(0o755)
        return folder

    def run_block(self, commands):
        done = subprocess.run(['bash', '-euo', 'pipefail', '-c', commands], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, cwd=self.directory)
        return done.returncode, done.stdout.decode('utf-8', 'replace'), done.stderr.decode('utf-8', 'replace')

    def test_commands_of_the_runbooks(self):
        blocks = dict.fromkeys(commands for _, commands in monitoring.runbook_commands())   # several pages have the same
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as threads:
            blocks = dict(zip(blocks, threads.map(self.run_block, blocks)))
        self.assertGreater(len(blocks), 25)
        for page, commands in monitoring.runbook_commands():
            with self.subTest(page=page, commands=commands):
                code, out, err = blocks[commands]
                self.assertEqual(code, 0, out + err)
                self.assertTrue(out.strip(), err)
                self.assertNotRegex(out + err, r'no such option|Missing required|Exception|\b404\b')

        def printed(page):
            return '\n'.join(blocks[commands][1] for of, commands in monitoring.runbook_commands() if of == page)
        self.assertIn('$.targetUrl: is missing but it is required', printed('SnowlineBadRows'))
        self.assertRegex(printed('SnowlineStuck'), r'event 1 of 1\n')
        self.assertRegex(printed('SnowlineStuck'), r'CURRENT-OFFSET')
        self.assertRegex(printed('SnowlineLag'), r'retention\.ms=\d+')
        self.assertRegex(printed('SnowlineLoss'), r'min\.insync\.replicas=1')
        self.assertRegex(printed('SnowlineLoss'), r'(?m)^3 rows\.tsv$')
        self.assertRegex(printed('SnowlineLoss'), r'(?m)^raw:0:\d+$')
        self.assertRegex(printed('SnowlineCollectorAvailability'), r'(?m)^200 after')

    def test_metrics_that_rules_and_dashboard_name_are_served(self):
        served = get(self.addresses['COLLECTOR_ADMIN'] + '/metrics') + get(self.addresses['ENRICHER_ADMIN'] + '/metrics')
        names = set(re.findall(r'^([a-z_0-9]+)[ {]', served, re.M))
        documented = (monitoring.ROOT / 'docs' / 'metrics.md').read_text()
        for metric in sorted(monitoring.metrics_used()):
            self.assertTrue(metric in names or f'# TYPE {monitoring.base_name(metric)} ' in served, f'{metric} is not served')
            self.assertIn(monitoring.base_name(metric), documented)
        for edge in '0.25', '5':
            self.assertIn(f'_bucket{{le="{edge}"}}', served)

    def test_promtool_takes_what_is_served(self):
        for name in 'COLLECTOR_ADMIN', 'ENRICHER_ADMIN':
            done = subprocess.run(['promtool', 'check', 'metrics'], input=get(self.addresses[name] + '/metrics').encode(),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
            self.assertEqual(done.returncode, 0, name + ': ' + done.stdout.decode())


if __name__ == '__main__':
    unittest.main()
