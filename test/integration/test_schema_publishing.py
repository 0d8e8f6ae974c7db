"""`snowline schema push`, `pull` and `rehearse`, as authors call them."""
import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support import events
from support.pipeline import BIN, Pipeline, scratch_directory, tail
from support.registry_server import RegistryServer

METASCHEMA = 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#'


def schema(version, name='event', **keywords):
    return {'$schema': METASCHEMA, 'self': {'vendor': 'com.acme', 'name': name, 'format': 'jsonschema', 'version': version},
            'description': 'An event', 'type': 'object', 'additionalProperties': False,
            'properties': {'a': {'type': 'string', 'maxLength': 9, 'description': 'A text'}}, **keywords}


class Commands(unittest.TestCase):
    def setUp(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def snowline(self, *arguments, given=''):
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'schema', *arguments], input=given.encode(), timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def put(self, value, folder='schemas'):
        self_of = value['self']
        path = os.path.join(self.directory, folder, self_of['vendor'], self_of['name'], self_of['format'], self_of['version'])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(value, file)
        return path


class PushAndPull(Commands):
    def registry(self, *options):
        directory = os.path.join(self.directory, 'registry')
        os.makedirs(directory, exist_ok=True)
        return RegistryServer(directory, *options)

    def test_a_folder_goes_there_and_back(self):
        for addition in range(12):
            self.put(schema(f'1-0-{addition}'))
        self.put(schema('1-0-12', **{'$supersedes': ['1-0-11']}))
        with self.registry() as server:
            to = ('--to', server.url + '/api/', '--apikey-file', server.key_file)
            code, out, err = self.snowline('push', 'schemas', *to)
            self.assertEqual((code, err), (0, ''), out)
            order = [line.split()[1].rsplit('/', 1)[1] for line in out.splitlines() if line.startswith('created')]
            self.assertEqual(order, [f'1-0-{addition}' for addition in range(13)], 'as numbers, not as texts')
            self.assertIn('13 created, 0 updated, 0 unchanged, 0 refused', out)
            code, out, _ = self.snowline('push', 'schemas', *to)
            self.assertEqual(code, 0)
            self.assertIn('0 created, 0 updated, 13 unchanged, 0 refused', out)

            code, out, err = self.snowline('pull', 'pulled', '--from', server.url, '--apikey-file', server.key_file)
            self.assertEqual((code, err), (0, ''))
            self.assertIn('13 written, 0 unchanged, 0 refused', out)
            code, out, _ = self.snowline('pull', 'pulled', '--from', server.url, '--apikey-file', server.key_file)
            self.assertIn('0 written, 13 unchanged, 0 refused', out)
            with open(os.path.join(self.directory, 'pulled', 'com.acme', 'event', 'jsonschema', '1-0-11'), encoding='utf-8') as file:
                text = file.read()
            self.assertEqual(json.loads(text), {**schema('1-0-11'), '$supersededBy': '1-0-12'})
            self.assertIn('\n  "$supersededBy": "1-0-12",\n', text)
            # What was pulled is what is there.
            code, out, _ = self.snowline('push', 'pulled', *to)
            self.assertIn('13 unchanged', out)
            code, out, _ = self.snowline('pull', 'public', '--from', server.url)
            self.assertIn('0 written', out)

    def test_check_against_private_schemas(self):
        self.put(schema('1-0-0'))
        with self.registry() as server:
            self.assertEqual(self.snowline('push', 'schemas', '--to', server.url, '--apikey-file', server.key_file)[0], 0)
            self.put(schema('1-0-0', properties={}))
            check = ('check', '.', '--against', server.url + '/api')
            self.assertEqual(self.snowline(*check)[0], 0, 'it cannot see what it may not')
            code, out, _ = self.snowline(*check, '--apikey-file', server.key_file)
            self.assertEqual(code, 1)
            self.assertIn('is published and has changed', out)

    def test_what_is_refused_is_said(self):
        path = self.put(schema('1-0-0'))
        with self.registry() as server:
            code, out, _ = self.snowline('push', path, '--to', server.url)
            self.assertEqual(code, 1)
            self.assertIn('refused    iglu:com.acme/event/jsonschema/1-0-0: Authentication error: not authorized', out)
            key = ('--to', server.url, '--apikey-file', server.key_file)
            self.assertEqual(self.snowline('push', path, *key)[0], 0)
            self.put(schema('1-0-0', description='Another'))
            code, out, _ = self.snowline('push', path, *key)
            self.assertEqual(code, 1)
            self.assertIn('Schema already exists', out)
            self.put(schema('1-0-0', 'other', type='thing'))
            code, out, _ = self.snowline('push', 'schemas/com.acme/other', *key)
            self.assertIn('$.type: string found, array expected', out)

    def test_a_folder_that_is_not_in_order_is_not_begun(self):
        self.put(schema('1-0-0'))
        self.put(schema('1-0-2'))
        with self.registry() as server:
            code, out, err = self.snowline('push', 'schemas', '--to', server.url, '--apikey-file', server.key_file)
            self.assertEqual((code, out), (1, ''))
            self.assertIn('iglu:com.acme/event/jsonschema/1-0-2 has no predecessor', err)
            self.assertEqual(server.call('GET', '/api/schemas', key=server.super_key)[1], [])

    def test_no_registry(self):
        path = self.put(schema('1-0-0'))
        code, _, err = self.snowline('push', path, '--to', 'http://127.0.0.1:1')
        self.assertEqual(code, 1)
        self.assertIn('http://127.0.0.1:1', err)
        self.assertEqual(self.snowline('pull', 'x', '--from', 'http://127.0.0.1:1')[0], 1)
        self.assertEqual(self.snowline('push', path)[0], 2)

    def test_a_registry_cannot_write_elsewhere(self):
        from support.registry import Registry
        evil = [schema('1-0-0'), schema('1-0-0', '..'), {**schema('1-0-0'), 'self': {**schema('1-0-0')['self'], 'vendor': '../../x'}},
                {**schema('1-0-0'), 'self': {**schema('1-0-0')['self'], 'vendor': '..'}}]
        with Registry({'/api/schemas?repr=canonical': json.dumps(evil)}) as registry:
            code, out, _ = self.snowline('pull', 'pulled', '--from', registry.url)
        self.assertEqual(code, 1)
        self.assertIn('1 written, 0 unchanged, 3 refused', out)
        written = [os.path.join(folder, name) for folder, _, names in os.walk(self.directory) for name in names]
        self.assertEqual(written, [os.path.join(self.directory, 'pulled', 'com.acme', 'event', 'jsonschema', '1-0-0')])


class Rehearse(Commands):
    def test_files_of_every_kind_of_row(self):
        new = self.put(schema('1-1-0', properties={'a': {'type': 'string', 'maxLength': 3}}))
        described = {'schema': 'iglu:com.acme/event/jsonschema/1-0-0', 'data': {'a': 'too long'}}
        wrapped = {'schema': 'iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0', 'data': [
            {'schema': 'iglu:com.acme/event/jsonschema/1-0-1', 'data': {'a': 'ok'}},
            {'schema': 'iglu:com.acme/another/jsonschema/1-0-1', 'data': {'a': 'too long'}}]}
        flat = {'app_id': 'shop', 'event_id': 'e1', 'contexts_com_acme_event_1': [{'a': 'ok'}, {'a': 'longer'}],
                'unstruct_event_com_acme_event_stream_1': {'a': 'too long'}, 'contexts_com_acme_event_2': [{'b': 1}]}
        rows = '\n'.join([json.dumps(row) for row in (described, wrapped, flat, {'a': 'bare one'})] + ['nothing', ''])
        code, out, err = self.snowline('rehearse', new, '--file', '-', '--json', given=rows)
        self.assertEqual((code, err), (1, ''))
        told = json.loads(out)
        self.assertEqual((told['rows'], told['unreadable'], told['rowsWithIt'], told['instances'], told['refused']), (5, 1, 4, 6, 4))
        self.assertEqual(told['versions'], {'1-0-0': {'instances': 1, 'refused': 1}, '1-0-1': {'instances': 1, 'refused': 0},
                                            '1-?-?': {'instances': 2, 'refused': 1}, '2-?-?': {'instances': 1, 'refused': 1},
                                            '?': {'instances': 1, 'refused': 1}})
        self.assertEqual([(cause['pointer'], cause['keyword'], cause['instances']) for cause in told['causes']],
                         [('/a', 'maxLength', 3), ('/b', 'additionalProperties', 1)])
        self.assertEqual(told['causes'][0]['example'], {'version': '1-0-0', 'appId': '', 'eventId': '', 'data': {'a': 'too long'}})
        code, out, _ = self.snowline('rehearse', new, '--file', '-', given=rows)
        self.assertIn('would refuse 4 of them, 66.7 %', out)
        self.assertIn('3 instances  /a  maxLength', out)
        self.assertEqual(self.snowline('rehearse', self.put(schema('1-0-5')), '--file', '-', given='{"a":"x"}')[0], 0)

    def test_what_cannot_be_rehearsed(self):
        self.assertEqual(self.snowline('rehearse', self.put(schema('1-0-0')))[0], 2)
        self.assertEqual(self.snowline('rehearse', 'nothing', '--file', '-')[0], 1)
        code, _, err = self.snowline('rehearse', self.put(schema('1-0-0', type='thing')), '--file', '-')
        self.assertEqual(code, 1)
        self.assertIn('cannot be used', err)

    def test_the_log_of_a_running_pipeline(self):
        self.put(schema('1-0-0'))
        new = self.put(schema('1-1-0', properties={'a': {'type': 'string', 'enum': ['x', 'y']}}), 'new')
        data = os.path.join(self.directory, 'data')
        with Pipeline(data, '--iglu', self.directory) as pipeline:
            events.post(pipeline.port, [events.self_describing('iglu:com.acme/event/jsonschema/1-0-0', {'a': text}) for text in 'xyz'])
            self.assertEqual(len(tail(data, 'good')), 3)
            code, out, err = self.snowline('rehearse', new, '--topic', 'good', '--data', data, '--since', '1h', '--json')
        self.assertEqual((code, err), (1, ''))
        told = json.loads(out)
        self.assertEqual((told['rows'], told['instances'], told['refused']), (3, 3, 1))
        self.assertEqual(told['apps'], {'shop': {'instances': 3, 'refused': 1}})
        self.assertEqual(told['causes'][0]['example']['data'], {'a': 'z'})
        time.sleep(1.1)  # all rows are older than a second now
        code, out, _ = self.snowline('rehearse', new, '--topic', 'good', '--data', data, '--since', '1s')
        self.assertEqual(code, 0)
        self.assertIn('0 rows', out)


class OldSchemas(Commands):
    def run_with(self, *options):
        """Good and bad rows of an event whose schema is sunset."""
        data = os.path.join(self.directory, 'data' + '-'.join(options))
        with Pipeline(data, '--iglu', self.directory, '--life-cycles', self.directory, *options) as pipeline:
            events.post(pipeline.port, [events.self_describing('iglu:com.acme/event/jsonschema/1-0-0', {'a': 'x'})])
            return tail(data, 'good', '--tsv'), tail(data, 'bad', '--json')

    def test_what_is_sunset_is_marked_or_quarantined(self):
        self.put(schema('1-0-0'))
        with open(os.path.join(self.directory, 'schemas', 'com.acme', 'event', 'life-cycle.json'), 'w', encoding='utf-8') as file:
            json.dump({'status': 'deprecated', 'sunset': '2026-01-31', 'successor': '2-0-0'}, file)
        good, bad = self.run_with()
        self.assertEqual((len(good), bad), (1, []))
        self.assertIn('"schema":"iglu:io.snowline/schema_sunset/jsonschema/1-0-0","data":{"schema":"iglu:com.acme/event/jsonschema/1-0-0",'
                      '"sunset":"2026-01-31","successor":"2-0-0"}', good[0])
        good, bad = self.run_with('--quarantine')
        self.assertEqual((good, len(bad)), ([], 1))
        self.assertIn('$: the schema is sunset since 2026-01-31, 2-0-0 takes its place', bad[0])

    def test_a_life_cycle_comes_into_force_without_a_restart(self):
        self.put(schema('1-0-0'))
        data = os.path.join(self.directory, 'data')
        with Pipeline(data, '--iglu', self.directory, '--life-cycles', self.directory) as pipeline:
            self.marked(pipeline, data, False)
            self.live('{"status": "sunset", "successor": "2-0-0"}')
            self.marked(pipeline, data, True)
            self.live('{"status": ')  # half of a file: what was in force stays
            time.sleep(6)
            self.marked(pipeline, data, True)
            self.live('{"status": "active"}')
            self.marked(pipeline, data, False)

    def live(self, text):
        with open(os.path.join(self.directory, 'schemas', 'com.acme', 'event', 'life-cycle.json'), 'w', encoding='utf-8') as file:
            file.write(text)

    def marked(self, pipeline, data, wanted):
        """Sends events until one is marked, or one is not."""
        deadline = time.monotonic() + 60
        is_marked = None
        while is_marked is not wanted:
            self.assertLess(time.monotonic(), deadline)
            events.post(pipeline.port, [events.self_describing('iglu:com.acme/event/jsonschema/1-0-0', {'a': 'x'})])
            is_marked = 'schema_sunset' in tail(data, 'good', '--tsv')[-1]


class NewAndDocs(Commands):
    def test_a_schema_from_examples_and_its_page(self):
        rows = '\n'.join(json.dumps({'orderId': f'o-{number}', 'amount': number * 1.5, **({'note': 'x'} if number == 2 else {})})
                         for number in range(3))
        code, out, err = self.snowline('new', 'com.acme/checkout', '--file', '-', '-o', 'schemas', given=rows)
        self.assertEqual((code, out), (0, 'schemas/com.acme/checkout/jsonschema/1-0-0\n'), err)
        self.assertEqual(self.snowline('lint', 'schemas')[0], 0)
        path = os.path.join(self.directory, out.strip())
        self.assertEqual(self.snowline('rehearse', path, '--file', '-', given=rows)[0], 0)
        self.assertEqual(self.snowline('rehearse', path, '--file', '-', given='{"orderId":1}')[0], 1)
        code, _, err = self.snowline('new', 'com.acme/checkout', '--file', '-', '-o', 'schemas', given=rows)
        self.assertEqual(code, 1)
        self.assertIn('is there already', err)
        code, out, _ = self.snowline('new', 'iglu:com.acme/checkout/jsonschema/2-0-0', '--file', '-', given=rows)
        self.assertEqual(json.loads(out)['self']['version'], '2-0-0')
        self.assertEqual(self.snowline('new', 'com.acme/checkout', '--file', '-', given='')[0], 1)
        self.assertEqual(self.snowline('new', 'com acme', '--file', '-', given='{}')[0], 2)

        with open(os.path.join(self.directory, 'schemas', 'com.acme', 'checkout', 'life-cycle.json'), 'w', encoding='utf-8') as file:
            json.dump({'owner': 'team@acme.com', 'domain': 'shop', 'status': 'deprecated', 'sunset': '2126-01-31', 'successor': '2-0-0'}, file)
        code, out, err = self.snowline('docs', 'schemas', '-o', 'out', '--title', 'Acme <events>')
        self.assertEqual((code, err), (0, ''))
        with open(os.path.join(self.directory, 'out', 'index.html'), encoding='utf-8') as file:
            index = file.read()
        for text in ('Acme &lt;events&gt;', 'href="com.acme/checkout.html"', 'team@acme.com', 'deprecated'):
            self.assertIn(text, index)
        with open(os.path.join(self.directory, 'out', 'com.acme', 'checkout.html'), encoding='utf-8') as file:
            page = file.read()
        for text in ('href="../index.html"', 'orderId', 'sunset 2126-01-31', 'use 2-0-0 instead'):
            self.assertIn(text, page)

    def test_docs_of_a_folder_with_something_broken(self):
        self.put(schema('1-0-0'))
        with open(os.path.join(self.directory, 'schemas', 'com.acme', 'event', 'life-cycle.json'), 'w', encoding='utf-8') as file:
            file.write('{"status": "old"}')
        code, _, err = self.snowline('docs', 'schemas', '-o', 'out')
        self.assertEqual(code, 1)
        self.assertIn('life-cycle.json: /status: "old" is none of draft, active, deprecated, sunset', err)
        self.assertFalse(os.path.exists(os.path.join(self.directory, 'out')))


if __name__ == '__main__':
    unittest.main()
