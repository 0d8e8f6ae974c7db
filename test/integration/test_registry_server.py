"""`snowline registry serve`: Iglu Server's API as recorded, keys, many writers, crashes, limits, and the clients that people have."""
import base64
import collections
import concurrent.futures
import http.server
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support import golden, registry_differences, registry_replay
from support.pipeline import BIN, ROOT, scratch_directory
from support.registry_server import RegistryServer

RECORDED = golden.folder('registry')
METASCHEMA = 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#'


def schema(version, name='event', **keywords):
    return {'$schema': METASCHEMA, 'self': {'vendor': 'com.acme', 'name': name, 'format': 'jsonschema', 'version': version},
            'description': 'An event', 'type': 'object', 'additionalProperties': False,
            'properties': {'a': {'type': 'string', 'maxLength': 9, 'description': 'A text'}}, **keywords}


def snowline(*arguments, given=b'', cwd=None):
    done = subprocess.run([os.path.join(BIN, 'snowline'), *arguments], input=given, timeout=60, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=cwd)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Exchanges(unittest.TestCase):
    def replay(self, vectors):
        """How many exchanges were answered otherwise, by rule."""
        found = registry_replay.replay(golden.read(vectors, 'registry'))
        rules = {key: registry_differences.rule_of(item.step, item.answer) for key, item in found.items()}
        self.assertEqual([f'{key}: {found[key].text}' for key, rule in sorted(rules.items()) if rule is None], [])
        return collections.Counter(rule.reason for rule in rules.values())

    def test_own_vectors(self):
        self.assertEqual(self.replay(os.path.join(ROOT, 'test', 'golden', 'registry')), {})

    def test_recorded_exchanges(self):
        used = self.replay(RECORDED)
        stale = [rule.reason for rule in registry_differences.RULES if rule.reason not in used]
        self.assertEqual(stale, [], 'these are answered as recorded now')

    def test_what_the_reference_client_sends(self):
        """The recorded requests of igluctl, command by command, with the keys that our registry made."""
        commands = golden.read(RECORDED, 'igluctl_client')
        with scratch_directory() as directory, RegistryServer(directory, super_key=registry_replay.SUPER_KEY) as server:
            for command in commands:
                for exchange in command['exchanges']:
                    lines = [exchange['request_line']] + [f'{name}: {value}' for name, value in exchange['headers']
                                                          if name.lower() != 'connection']
                    head = '\r\n'.join(lines + ['Connection: close']) + '\r\n\r\n'
                    status, _, body = server.send(head.encode() + exchange['body'].encode())
                    self.assertEqual(f'HTTP/1.1 {status} ', exchange['status_line'][:13], exchange['request_line'])
                    if 'keygen' in exchange['request_line'] and status == 200:
                        self.assertEqual(set(json.loads(body)), {'read', 'write'})
                    elif exchange['request_line'].startswith('GET') and status == 200:
                        listed = lambda text: sorted(json.dumps(item, sort_keys=True) for item in json.loads(text))
                        self.assertEqual(listed(body), listed(exchange['response_body']))
                    else:
                        self.assertEqual(json.loads(body), json.loads(exchange['response_body']))

    def test_a_folder_that_the_reference_client_publishes_for_everybody(self):
        """Its requests with --public, to an empty registry; then what anybody pulls. It goes by the text of versions."""
        push = next(command for command in golden.read(RECORDED, 'igluctl_client') if command['command'].endswith(' --public'))
        with scratch_directory() as directory, RegistryServer(directory, super_key=registry_replay.SUPER_KEY) as server:
            refused = []
            for exchange in push['exchanges']:
                method, path, _ = exchange['request_line'].split(' ')
                headers = [(name, value) for name, value in exchange['headers'] if name.lower() in ('apikey', 'content-type')]
                status, _, body = server.request(method, path, exchange['body'].encode(), headers)
                if status == 409:
                    refused.append(path)
                else:
                    self.assertEqual((status, json.loads(body)['message']), (201, 'Schema created'), path)
            self.assertEqual(refused, ['/api/schemas/com.acme/event/jsonschema/1-0-10?isPublic=true'])
            status, pulled = server.call('GET', '/api/schemas?repr=canonical')
        self.assertEqual((status, len(pulled)), (200, len(push['exchanges']) - 1))

    def test_webhooks_are_told_as_recorded(self):
        steps = [step for step in golden.read(RECORDED, 'registry') if step['scenario'] == 'webhooks']
        with Hooks() as hooks, scratch_directory() as directory:
            file = hooks.file(directory, 'iglu { repoServer.port = 1, webhooks.schemaPublished = ['
                                         '{ uri = "URL/hook-get", vendorPrefixes = ["com.hook"] },'
                                         '{ uri = "URL/hook-post", vendorPrefixes = ["com.hook"], usePost = true }] }')
            self.assertEqual(registry_replay.replay(steps, options=['--webhooks', file]), {})
            wanted = [(call['method'], call['path'], call['body']) for call in golden.read(RECORDED, 'webhooks')]
            self.assertEqual(hooks.wait_for(len(wanted)), wanted)

    def test_reports_on_recorded_schemas(self):
        """What is told of each of the hand-made schemas, and of Iglu Central's where ../shared is, line by line."""
        cases = golden.read(RECORDED, 'lint')
        checked, wrong = 0, []
        with scratch_directory() as directory, RegistryServer(directory) as server:
            for case in cases:
                text = case.get('schema_text')
                if text is None and case['kind'] == 'iglu-central':
                    with open(os.path.join(golden.SHARED, case['path']), encoding='utf-8') as file:
                        text = file.read()
                if text is None or 'schema_ddl' not in case:
                    continue
                _, _, body = server.request('POST', '/api/validation/validate/schema/jsonschema', text.encode())
                try:
                    told = json.loads(body).get('report', [])
                except ValueError:
                    continue
                got = {(item['level'], item['pointer'], item['message']) for item in told}
                wanted = {(item['level'], item['pointer'], item['message'])
                          for part in ('syntax', 'sanity') for item in case['schema_ddl'][part] or []}
                got = {item for item in got if item[2] not in ('JSON Schema is not self-describing', 'Cannot extract JSON Schema')}
                checked += 1
                if got != wanted:
                    wrong.append((case['path'], sorted(got - wanted), sorted(wanted - got)))
        unexplained = [item for item in wrong if not is_named_bug(item)]
        self.assertGreater(checked, 500 if golden.is_whole(RECORDED) else 100)
        self.assertEqual(unexplained[:5], [], f'{len(unexplained)} of {checked} differ')


def is_named_bug(item):
    """The reference's linter takes ipv6 for unknown, and ivp6 for known; an integer beyond 64 bits is none to its validator."""
    texts = [text for _, _, text in item[1] + item[2]]
    return all('format' in text or text.endswith('maxLength: number found, integer expected') for text in texts)


class Hooks:
    """A server that is told of publications. What is asked for at /slow is never answered."""

    def __enter__(self):
        self.calls, hooks = [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0))).decode()
                hooks.calls.append((self.command, self.path, body))
                if self.path == '/slow':
                    hooks.ended.wait(30)
                if self.path == '/late':
                    hooks.ended.wait(0.2)
                self.send_response(500 if self.path == '/broken' else 204)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.ended = threading.Event()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def file(self, directory, text):
        path = os.path.join(directory, 'hooks.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace('URL', f'http://127.0.0.1:{self.server.server_port}'))
        return path

    def wait_for(self, count, seconds=30):
        deadline = time.monotonic() + seconds
        while len(self.calls) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.calls


class Registry(unittest.TestCase):
    def setUp(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def publish(self, server, version, key=None, **keywords):
        text = schema(version, **keywords)
        path = f"/api/schemas/com.acme/{text['self']['name']}/jsonschema/{version}"
        return server.call('PUT', path, text, key or server.super_key)[0]

    def test_keys_are_hashed_at_rest(self):
        with RegistryServer(self.directory) as server:
            _, keys = server.call('POST', '/api/auth/keygen', {'vendorPrefix': 'com.acme'}, server.super_key)
            self.assertEqual(self.publish(server, '1-0-0', keys['write']), 201)
            super_key = server.super_key
        self.assertEqual(os.stat(server.key_file).st_mode & 0o777, 0o600)
        stored = b''
        for name in os.listdir(self.directory):
            if name.startswith('registry.db'):
                with open(os.path.join(self.directory, name), 'rb') as file:
                    stored += file.read()
        self.assertIn(b'com.acme', stored)
        for key in (keys['read'], keys['write'], super_key):
            self.assertNotIn(key.encode(), stored)
        with RegistryServer(self.directory) as server:  # they hold over a restart
            self.assertEqual(server.call('GET', '/api/schemas', key=keys['read'])[1], ['iglu:com.acme/event/jsonschema/1-0-0'])

    def test_eight_writers_keep_the_order(self):
        """Each of eight pushes all versions, and a draft before each; what one has published the others find published."""
        versions = [f'1-{revision}-{addition}' for revision in range(4) for addition in range(6)]
        with RegistryServer(self.directory) as server:
            key = server.super_key
            created, seen, drafted, gate = [], set(), set(), threading.Barrier(8)

            def write(writer):
                gate.wait()
                for number, version in enumerate(versions):
                    draft = server.call('PUT', f'/api/drafts/com.acme/event/jsonschema/{number % 5}', {'by': writer, 'of': number}, key)
                    drafted.add(draft)
                    status = self.publish(server, version, key)
                    seen.add(status)
                    if status == 201:
                        created.append(version)

            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                list(pool.map(write, range(8)))
            listed = server.call('GET', '/api/schemas/com.acme/event/jsonschema/1', key=key)[1]
            drafts = registry_replay.json_values(server.request('GET', '/api/drafts', headers=[('apikey', key)])[2].decode())
        self.assertEqual([uri.rsplit('/', 1)[1] for uri in listed], versions)
        self.assertEqual(sorted(created), sorted(versions), 'each version was created once')
        self.assertEqual(seen, {201, 409})
        self.assertEqual(drafted, {(501, 'TODO')})
        self.assertEqual(sorted(draft['schemaMap']['version'] for draft in drafts), list(range(5)), 'one of each number')
        self.assertEqual([draft['body']['of'] % 5 for draft in drafts], [draft['schemaMap']['version'] for draft in drafts])

    def test_what_was_answered_survives_a_kill(self):
        answered = []
        for round_number in range(3):
            with RegistryServer(self.directory) as server:
                key, stop = server.super_key, threading.Event()

                def write():
                    for number in range(1000):
                        name = f'round{round_number}_{number}'
                        try:
                            if self.publish(server, '1-0-0', key, name=name) == 201:
                                answered.append(f'iglu:com.acme/{name}/jsonschema/1-0-0')
                        except (OSError, ValueError):
                            pass
                        if stop.is_set():
                            return

                writer = threading.Thread(target=write)
                writer.start()
                time.sleep(0.3)
                server.process.kill()
                stop.set()
                writer.join()
        with RegistryServer(self.directory) as server:
            stored = server.call('GET', '/api/schemas', key=server.super_key)[1]
        self.assertGreater(len(answered), 0)
        self.assertEqual(set(answered) - set(stored), set())

    def test_a_file_of_the_version_without_drafts_is_taken_along(self):
        with RegistryServer(self.directory) as server:
            self.assertEqual(self.publish(server, '1-0-0'), 201)
        with sqlite3.connect(os.path.join(self.directory, 'registry.db')) as file:
            file.executescript('DROP TABLE draft; PRAGMA user_version = 1')
        file.close()
        for _ in range(2):
            with RegistryServer(self.directory) as server:
                key = server.super_key
                self.assertEqual(server.call('PUT', '/api/drafts/com.acme/event/jsonschema/1', {}, key)[0], 501)
                self.assertEqual(server.call('GET', '/api/drafts/com.acme/event/jsonschema/1', key=key)[0], 200)
                self.assertEqual(server.call('GET', '/api/schemas', key=key)[1], ['iglu:com.acme/event/jsonschema/1-0-0'])

    def test_webhooks_that_hang_or_fail_hold_nobody_up(self):
        with Hooks() as hooks:
            file = hooks.file(self.directory, 'webhooks { schemaPublished = [{ uri = "URL/slow", usePost = true },'
                                              '{ uri = "URL/broken" }, { uri = "URL/all" }, { uri = "URL/other", vendorPrefixes = [org] }] }')
            with RegistryServer(self.directory, '--webhooks', file) as server:
                for version in ('1-0-0', '1-0-1'):
                    self.assertEqual(self.publish(server, version), 201)
                self.assertEqual(self.publish(server, '1-0-1'), 409)
                self.assertEqual(len(hooks.wait_for(1)), 1, 'the first one hangs, and all has been answered')
                calls = hooks.wait_for(6)
        told = '{"schemaKey":"iglu:com.acme/event/jsonschema/%s","updated":false}'
        self.assertEqual(calls, [(method, path, told % version) for version in ('1-0-0', '1-0-1')
                                 for method, path in (('POST', '/slow'), ('GET', '/broken'), ('GET', '/all'))])

    def test_a_registry_that_ends_tells_its_webhooks_first(self):
        with Hooks() as hooks:
            file = hooks.file(self.directory, 'webhooks.schemaPublished = [{ uri = "URL/late" }, { uri = "URL/later" }]')
            with RegistryServer(self.directory, '--webhooks', file) as server:
                self.assertEqual([self.publish(server, f'1-0-{version}') for version in range(3)], [201] * 3)
            self.assertEqual([path for _, path, _ in hooks.calls], ['/late', '/later'] * 3)

    def test_a_file_without_webhooks_is_an_error(self):
        for text, told in (('a = 1', 'there is no webhooks.schemaPublished'), ('webhooks.schemaPublished = [{}]', 'uri'),
                           ('webhooks.schemaPublished = [{ uri = "ftp://x" }]', 'an http or https URL')):
            path = os.path.join(self.directory, 'hooks.conf')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            code, _, err = snowline('registry', 'serve', '--port', '0', '--data', self.directory, '--webhooks', path)
            self.assertEqual(code, 1)
            self.assertIn(told, err)

    def test_a_second_process_is_refused(self):
        with RegistryServer(self.directory) as server:
            code, _, err = snowline('registry', 'serve', '--port', '0', '--data', self.directory)
        self.assertEqual(code, 1)
        self.assertIn(f'process {server.process.pid}', err)

    def test_another_program_s_file_is_left_alone(self):
        path = os.path.join(self.directory, 'registry.db')
        subprocess.run([sys.executable, '-c', f'import sqlite3; sqlite3.connect({path!r}).execute("CREATE TABLE t(a)")'], check=True)
        code, _, err = snowline('registry', 'serve', '--port', '0', '--data', self.directory)
        self.assertEqual(code, 1)
        self.assertIn("no registry's file", err)

    def test_limits(self):
        with RegistryServer(self.directory, '--body-max', '100000') as server:
            key = [('apikey', server.super_key)]
            status, _, body = server.request('POST', '/api/schemas', b'{"a":"' + b'x' * 200_000 + b'"}', key)
            self.assertEqual((status, json.loads(body)), (413, {'message': 'The request body is too large'}))
            chunks = b'1000\r\n' + b'x' * 4096 + b'\r\n'
            head = b'POST /api/schemas HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
            self.assertEqual(server.send(head + chunks * 50 + b'0\r\n\r\n')[0], 413)
            self.assertEqual(server.request('GET', '/api/schemas', headers=[('X', 'y' * 20_000)])[0], 400)
            self.assertEqual(server.request('GET', '/api/schemas/' + 'a' * 9000)[0], 400)
            two_lengths = b'POST /api/schemas HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}'
            self.assertEqual(server.send(two_lengths)[0], 400)
            deep = b'[' * 100_000
            self.assertEqual(server.request('POST', '/api/validation/validate/schema/jsonschema', deep[:90_000])[0], 422)
            idle = [socket.create_connection(('127.0.0.1', server.port)) for _ in range(600)]
            for connection in idle:
                connection.close()
            self.wait_for(lambda: server.request('GET', '/api/meta/health')[2] == b'OK')

    def wait_for(self, condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_one_connection_many_requests(self):
        with RegistryServer(self.directory) as server:
            request = b'GET /api/meta/health HTTP/1.1\r\nHost: x\r\n\r\n'
            last = b'GET /api/meta/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
            with socket.create_connection(('127.0.0.1', server.port), timeout=20) as connection:
                connection.sendall(request * 3 + last)
                answer = b''
                while part := connection.recv(65536):
                    answer += part
            self.assertEqual(answer.count(b'HTTP/1.1 200 OK'), 4)

    def test_our_resolver_reads_it(self):
        event = os.path.join(self.directory, 'event.json')
        with open(event, 'w', encoding='utf-8') as file:
            json.dump({'schema': 'iglu:com.acme/event/jsonschema/1-0-0', 'data': {'a': 5}}, file)
        with RegistryServer(self.directory) as server:
            key = server.super_key
            self.assertEqual(self.publish(server, '1-0-0'), 201)
            public = schema('1-0-0', 'open')
            server.call('POST', '/api/schemas?isPublic=true', public, key)
            code, out, err = snowline('schema', 'explain', '--iglu', server.url + '/api', 'iglu:com.acme/open/jsonschema/1-0-0')
            self.assertEqual(code, 0, out + err)
            # What is private needs the key, from a resolver's configuration.
            code, out, err = snowline('schema', 'validate', '--iglu', server.url + '/api', event)
            self.assertNotEqual(code, 0)
            self.assertNotIn('integer found', out)
            config = os.path.join(self.directory, 'resolver.json')
            with open(config, 'w', encoding='utf-8') as file:
                json.dump({'schema': 'iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3', 'data': {
                    'cacheSize': 10, 'repositories': [{
                        'name': 'ours', 'priority': 0, 'vendorPrefixes': ['com.acme'],
                        'connection': {'http': {'uri': server.url + '/api', 'apikey': key}}}]}}, file)
            code, out, err = snowline('schema', 'validate', '--iglu-config', config, event)
            self.assertEqual(code, 1, out + err)
            self.assertIn('integer found, string expected', out)

    @unittest.skipUnless(shutil.which('curl'), 'no curl here')
    def test_curl(self):
        path = os.path.join(self.directory, 'schema.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(schema('1-0-0', padding='x' * 2000), file)  # curl asks `Expect: 100-continue` from 1 MB on, or told to
        with RegistryServer(self.directory) as server:
            out = subprocess.run(['curl', '-sS', '--max-time', '20', '-H', f'apikey: {server.super_key}', '-H', 'Expect: 100-continue', '-T',
                                  path, server.url + '/api/schemas/com.acme/event/jsonschema/1-0-0'],
                                 stdout=subprocess.PIPE, check=True).stdout
            self.assertEqual(json.loads(out)['message'], 'Schema created')

    def test_a_folder_is_read_only(self):
        folder = os.path.join(self.directory, 'schemas', 'com.acme', 'event', 'jsonschema')
        os.makedirs(folder)
        for version, keywords in (('1-0-0', {}), ('1-0-1', {'$supersedes': ['1-0-0']})):
            with open(os.path.join(folder, version), 'w', encoding='utf-8') as file:
                json.dump(schema(version, **keywords), file)
        with open(os.path.join(folder, '1-0-2'), 'w', encoding='utf-8') as file:
            file.write('no schema')
        with RegistryServer(self.directory, '--folder', self.directory) as server:
            self.assertEqual(server.call('GET', '/api/schemas')[1],
                             ['iglu:com.acme/event/jsonschema/1-0-0', 'iglu:com.acme/event/jsonschema/1-0-1'])
            self.assertEqual(server.call('GET', '/api/schemas/com.acme/event/jsonschema/1-0-0')[1]['$supersededBy'], '1-0-1')
            self.assertEqual(server.call('POST', '/api/schemas', schema('1-0-2'), registry_replay.SUPER_KEY)[0], 403)
            self.assertEqual(server.request('GET', '/api/drafts')[2], b'')
            self.assertFalse(os.path.exists(server.key_file))

    def test_the_catalogue_shows_what_the_asker_may_see(self):
        with RegistryServer(self.directory) as server:
            key = server.super_key
            self.publish(server, '1-0-0', description='<script>alert(1)</script>')
            self.publish(server, '1-0-1', properties={**schema('')['properties'], 'b': {'type': ['string', 'null'], 'maxLength': 3,
                                                                                       'description': 'B & more'}})
            login = [('Authorization', 'Basic ' + base64.b64encode(b'me:' + key.encode()).decode())]
            status, headers, page = server.request('GET', '/catalogue')
            self.assertEqual(status, 200)
            self.assertNotIn(b'com.acme', page)
            self.assertEqual(server.request('GET', '/catalogue/com.acme/event/jsonschema')[0], 404)
            self.assertEqual(server.request('GET', '/catalogue/login')[0], 401)
            page = server.request('GET', '/', headers=[*login, ('Accept', 'text/html,*/*')])[2].decode()
            self.assertIn('/catalogue/com.acme/event/jsonschema', page)
            status, headers, page = server.request('GET', '/catalogue/com.acme/event/jsonschema', headers=login)
            page = page.decode()
            self.assertIn(('content-type', 'text/html; charset=utf-8'), [(name.lower(), value) for name, value in headers])
            self.assertIn('B &amp; more', page)
            self.assertIn('ADDITION', page)
            self.assertNotIn('<script', page)


if __name__ == '__main__':
    unittest.main()
