"""`snowline up` with enrichments and a configuration: one engine with the service's enrichments, metrics and restarts."""
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.pipeline import BIN, ROOT, Pipeline, scratch_directory, tail_json

PATIENCE = 30
SNOWPLOW = 'com.snowplowanalytics.snowplow'
ENRICHMENTS = {
    'anon_ip': {'schema': f'iglu:{SNOWPLOW}/anon_ip/jsonschema/1-0-1',
                'data': {'name': 'anon_ip', 'vendor': SNOWPLOW, 'enabled': True,
                         'parameters': {'anonOctets': 2, 'anonSegments': 2}}},
    'campaign_attribution': {
        'schema': f'iglu:{SNOWPLOW}/campaign_attribution/jsonschema/1-0-1',
        'data': {'name': 'campaign_attribution', 'vendor': SNOWPLOW, 'enabled': True,
                 'parameters': {'mapping': 'static', 'fields': {
                     'mktMedium': ['utm_medium'], 'mktSource': ['utm_source'], 'mktTerm': [], 'mktContent': [],
                     'mktCampaign': ['utm_campaign']}}}},
    'cookie_extractor': {'schema': f'iglu:{SNOWPLOW}/cookie_extractor_config/jsonschema/1-0-0',
                         'data': {'name': 'cookie_extractor_config', 'vendor': SNOWPLOW, 'enabled': True,
                                  'parameters': {'cookies': ['theme']}}}}
BAD = {'schema': f'iglu:{SNOWPLOW}/unstruct_event/jsonschema/1-0-0',
       'data': {'schema': f'iglu:{SNOWPLOW}/link_click/jsonschema/1-0-1', 'data': {'elementId': 'buy'}}}


def post(pipeline, *events, **headers):
    body = {'schema': f'iglu:{SNOWPLOW}/payload_data/jsonschema/1-0-4', 'data': list(events)}
    request = urllib.request.Request(f'http://127.0.0.1:{pipeline.port}/{SNOWPLOW}/tp2', json.dumps(body).encode(),
                                     {'Content-Type': 'application/json', **headers})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer


def page_view(number, url='https://shop.example/'):
    return {'e': 'pv', 'p': 'web', 'tv': 'test', 'aid': 'shop', 'url': url,
            'eid': f'00000000-0000-4000-8000-{number:012d}'}


def admin(pipeline, path):
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{pipeline.admin_port}{path}', timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def samples(pipeline):
    page = admin(pipeline, '/metrics')[1]
    return {name: float(value) for name, value in re.findall(r'^([^#\s].*) (\S+)$', page, re.M)}


def families(page):
    return re.findall(r'^# TYPE (\S+) ', page, re.M)


class Up(unittest.TestCase):
    def setUp(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name
        self.data = os.path.join(self.directory, 'data')

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def eventually(self, question):
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = question()
            if answer or time.monotonic() > deadline:
                self.assertTrue(answer)
                return answer
            time.sleep(0.05)

    def test_the_enrichments_of_a_folder_are_at_work(self):
        for name, enrichment in ENRICHMENTS.items():
            self.write(f'enrichments/{name}.json', json.dumps(enrichment))
        with Pipeline(self.data, '--enrichments', os.path.join(self.directory, 'enrichments')) as pipeline:
            url = 'https://shop.example/?utm_source=letter&utm_medium=mail&utm_campaign=spring'
            post(pipeline, page_view(1, url), Cookie='theme=dark')
            self.eventually(lambda: samples(pipeline).get('enrich_rows_total{output="good"}') == 1)
            counted = samples(pipeline)
            for name in ENRICHMENTS:
                self.assertEqual(counted[f'enrich_enrichment_duration_seconds_count{{enrichment="{name}"}}'], 1)
            self.assertEqual(pipeline.stop(), 0)
        event, = tail_json(self.data, 'good')
        self.assertEqual([event[column] for column in ('mkt_source', 'mkt_medium', 'mkt_campaign')], ['letter', 'mail', 'spring'])
        self.assertEqual(event['user_ipaddress'], '127.0.x.x')
        self.assertEqual(event['contexts_org_ietf_http_cookie_1'], [{'name': 'theme', 'value': 'dark'}])

    def test_a_folder_that_is_wrong_is_told_before_anybody_is_served(self):
        folder = os.path.dirname(self.write('enrichments/anon_ip.json', '{"schema": 1'))
        for arguments, why in (((folder,), 'anon_ip.json'), ((os.path.join(self.directory, 'absent'),), 'absent')):
            done = subprocess.run([os.path.join(BIN, 'snowline'), 'up', '--data', self.data, '--port', '0', '--admin-port', '0',
                                   '--enrichments', *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (1, b''))
            self.assertIn(why, done.stderr.decode())

    def test_one_file_configures_both_programs(self):
        config = self.write('up.hocon', f'''
            collector {{
              cookie.name = mine
              paths {{ "/acme/track" = "/{SNOWPLOW}/tp2" }}
              cookei = 1
            }}
            featureFlags.acceptInvalid = true
            output.failed {{}}
            snowline {{ data = "{self.data}", access.appIds = [ shop ], pii.hideInBadRows = true }}''')
        with Pipeline(self.data, '--config', config) as pipeline:
            answer = post(pipeline, page_view(1), {**page_view(2), 'tv': 'x' * 200})
            self.assertTrue(answer.headers['Set-Cookie'].startswith('mine='))
            with self.assertRaises(urllib.error.HTTPError) as refused:
                post(pipeline, {**page_view(3), 'aid': 'other'})
            self.assertEqual(refused.exception.code, 403)
            post(pipeline, {'e': 'ue', 'p': 'web', 'tv': 'test', 'aid': 'shop', 'ue_pr': json.dumps(BAD)})
            self.eventually(lambda: samples(pipeline)['enrich_records_total'] == 2)
            counted = samples(pipeline)
            self.assertEqual(counted['enrich_invalid_accepted_total'], 1)
            self.assertEqual(counted['enrich_rows_total{output="failed"}'], 1)
            self.assertEqual(counted['collector_http_requests_total{endpoint="post",method="POST",code="200"}'], 2)
            self.assertEqual(pipeline.stop(), 0)
            warnings = [line for line in pipeline.output if 'unknown key' in line or 'warning' in line]
            self.assertEqual(len(warnings), 1, warnings)
            self.assertIn('unknown key collector.cookei; is cookie meant?', warnings[0])
            self.assertEqual(len([line for line in pipeline.output if line.startswith('good ')]), 2)
            self.assertEqual(len([line for line in pipeline.output if line.startswith('bad ')]), 1)
        self.assertEqual({event['event_id'] for event in tail_json(self.data, 'good')},
                         {page_view(1)['eid'], page_view(2)['eid']})

    def test_a_file_that_is_wrong_is_told_with_all_its_errors(self):
        config = self.write('up.hocon', 'collector.port = many\n')
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'up', '--data', self.data, '--config', config],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn('up.hocon:1:18: collector.port: "many"', done.stderr.decode())

    def test_the_metrics_page_has_what_both_services_have(self):
        with Pipeline(self.data) as pipeline:
            post(pipeline, page_view(1))
            self.eventually(lambda: samples(pipeline)['enrich_records_total'] == 1)
            page = admin(pipeline, '/metrics')[1]
            counted = samples(pipeline)
            self.assertEqual(pipeline.stop(), 0)
        named = families(page)
        self.assertEqual(len(named), len(set(named)), 'no family twice')
        self.assertEqual(counted['collector_events_received_total'], 1)
        self.assertEqual(counted['collector_events_acked_total{path="embedded"}'], 1)
        self.assertEqual(counted['collector_log_healthy'], 1)
        self.assertEqual(counted['enrich_log_connected'], 1)
        self.assertEqual(counted['enrich_restarts_total'], 0)
        self.assertIn('kafka_consumergroup_group_lag{group="enrich",topic="raw",partition="0"}', counted)
        self.assertEqual([name for name in counted if name.startswith('snowline_build_info')],
                         [name for name in counted if name.startswith('snowline_build_info{program="up"')])
        with open(os.path.join(ROOT, 'docs', 'metrics.md'), encoding='utf-8') as docs:
            told = set(re.findall(r'`([a-z]+_[a-z_]+)`', docs.read()))
        self.assertEqual([name for name in named if name not in told], [])

    def test_the_enricher_starts_again_after_its_log_failed(self):
        with Pipeline(self.data) as pipeline:
            post(pipeline, page_view(1))
            self.eventually(lambda: samples(pipeline)['enrich_rows_total{output="good"}'] == 1)
            # A row in the place of the next one: each commit fails until it is gone, and not in passing.
            rows = sqlite3.connect(os.path.join(self.data, 'rows.db'), timeout=10, isolation_level=None)
            topic, offset = rows.execute("SELECT id, next_offset FROM topic WHERE name = 'good'").fetchone()
            rows.execute(f'INSERT INTO record_{topic}(offset, time, value) VALUES(?, 0, ?)', (offset, b''))
            post(pipeline, page_view(2))
            self.eventually(lambda: samples(pipeline)['enrich_restarts_total'] >= 2)
            self.eventually(lambda: admin(pipeline, '/ready')[0] == 503)
            post(pipeline, page_view(3))   # the collector serves all the while
            self.assertIsNone(pipeline.process.poll())
            rows.execute(f'DELETE FROM record_{topic} WHERE offset = ?', (offset,))
            rows.close()
            self.eventually(lambda: samples(pipeline)['enrich_rows_total{output="good"}'] == 3)
            self.eventually(lambda: admin(pipeline, '/ready')[0] == 200)
            self.assertEqual(pipeline.stop(), 0)
        self.assertEqual([event['event_id'] for event in tail_json(self.data, 'good')],
                         [page_view(number)['eid'] for number in (1, 2, 3)])

    def test_another_enricher_in_the_same_directory_is_told_at_once(self):
        with Pipeline(self.data) as pipeline:
            done = subprocess.run([os.path.join(BIN, 'snowline'), 'up', '--data', self.data, '--port', '0', '--admin-port', '0'],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (1, b''))
            self.assertIn(str(pipeline.process.pid), done.stderr.decode())


if __name__ == '__main__':
    unittest.main()
