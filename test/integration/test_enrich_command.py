"""`snowline enrich` as a back-fill tool and as a way to ask why an event became what it is."""
import base64
import gzip
import json
import os
import pty
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support import raw_payload
from support.pipeline import BIN, scratch_directory

LINK = 'iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1'
ANON_IP = {'schema': 'iglu:com.snowplowanalytics.snowplow/anon_ip/jsonschema/1-0-1',
           'data': {'vendor': 'com.snowplowanalytics.snowplow', 'name': 'anon_ip', 'enabled': True,
                    'parameters': {'anonOctets': 2, 'anonSegments': 3}}}


def page_view(number):
    return base64.b64encode(raw_payload.page_view(f'00000000-0000-4000-8000-{number:012d}', 1_700_000_000_000)).decode()


def click(data):
    event = {'schema': 'iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0',
             'data': {'schema': LINK, 'data': data}}
    events = [{'e': 'pv', 'p': 'web', 'tv': 'test', 'url': 'https://shop.example/a?utm_source=x'},
              {'e': 'ue', 'p': 'web', 'tv': 'test', 'ue_pr': json.dumps(event)}]
    body = {'schema': 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4', 'data': events}
    return base64.b64encode(raw_payload.request('/com.snowplowanalytics.snowplow/tp2', content_type='application/json',
                                                body=json.dumps(body))).decode()


class EnrichCommand(unittest.TestCase):
    def setUp(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def write(self, name, lines, opener=open):
        path = os.path.join(self.directory, name)
        with opener(path, 'wt', encoding='utf-8') as file:
            file.write(lines)
        return path

    def run_it(self, *arguments, **options):
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'enrich', *arguments], timeout=120, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, **options)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_files_plain_gzip_and_standard_input_give_the_same(self):
        lines = page_view(1) + '\r\n' + page_view(2) + '\n' + page_view(3)   # the last without a line end
        plain, packed = self.write('a.b64', lines), self.write('a.b64.gz', lines, gzip.open)
        for arguments, given in ((plain,), b''), ((packed,), b''), (('-',), lines.encode()), (('-',), gzip.compress(lines.encode())):
            code, out, err = self.run_it(*arguments, input=given)
            self.assertEqual((code, err), (0, ''))
            answers = [json.loads(line) for line in out.splitlines()]
            self.assertEqual([answer['in'] for answer in answers], [1, 2, 3])
            self.assertEqual([len(answer['good']) for answer in answers], [1, 1, 1])

    def test_an_empty_line_is_a_record_of_no_bytes(self):
        path = self.write('a.b64', '\n' + page_view(2) + '\n\r\n' + page_view(4) + '\n')
        code, out, err = self.run_it(path)
        self.assertEqual((code, err), (0, ''))
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([answer['in'] for answer in answers], [1, 2, 3, 4])
        self.assertEqual([(len(answer['good']), len(answer['bad'])) for answer in answers], [(0, 1), (1, 0), (0, 1), (1, 0)])
        bad = answers[0]['bad'][0]
        self.assertIn('collector_payload_format_violation', bad['schema'])
        self.assertEqual(bad['data']['payload'], '')
        steps = self.explain('--line', '3', path)
        self.assertEqual([step['step'] for step in steps], ['load', 'rows'])
        self.assertTrue(steps[0]['failed'])
        self.assertEqual(self.explain('--line', '4', path)[-1]['set'][0]['name'], 'good')

    def test_the_time_of_the_run_is_given_and_so_the_bytes_are_the_same(self):
        path = self.write('a.b64', page_view(1) + '\nAAAA\n\n' + page_view(4) + '\n')
        runs = [self.run_it(path, '--as-of', at, '--format', form)
                for form in ('json', 'rows') for at in ('2026-11-23T05:19:58.187Z', '2026-11-23T06:19:58.187+01:00')]
        self.assertEqual([(code, err) for code, _, err in runs], [(0, '')] * 4)
        self.assertEqual(runs[0], runs[1])
        self.assertEqual(runs[2], runs[3])
        answers = [json.loads(line) for line in runs[0][1].splitlines()]
        self.assertEqual(answers[0]['good'][0].split('\t')[2], '2026-11-23 05:19:58.187')
        self.assertEqual(answers[1]['bad'][0]['data']['failure']['timestamp'], '2026-11-23T05:19:58.187Z')
        now = json.loads(self.run_it(path)[1].splitlines()[0])['good'][0].split('\t')[2]
        self.assertNotEqual(now, '2026-11-23 05:19:58.187')
        code, _, err = self.run_it(path, '--as-of', 'yesterday')
        self.assertEqual(code, 2)
        self.assertIn('yesterday is no instant', err)

    def test_several_gzip_members_are_one_file(self):
        path = os.path.join(self.directory, 'members.gz')
        with open(path, 'wb') as file:
            for number in 1, 2:
                file.write(gzip.compress((page_view(number) + '\n').encode()))
        code, out, _ = self.run_it(path)
        self.assertEqual((code, len(out.splitlines())), (0, 2))

    def test_a_gzip_file_that_is_cut_off_is_an_error_behind_its_rows(self):
        path = os.path.join(self.directory, 'cut.gz')
        whole = gzip.compress('\n'.join(page_view(n) for n in range(4_000)).encode())
        with open(path, 'wb') as file:
            file.write(whole[:len(whole) // 2])
        code, out, err = self.run_it(path, '--format', 'rows')
        self.assertEqual(code, 1)
        self.assertIn('cut off', err)
        self.assertGreater(len(out.splitlines()), 100)

    def test_a_line_that_is_none_costs_that_line_only(self):
        path = self.write('a.b64', page_view(1) + '\nno base64!\n' + 'A' * (17 << 20) + '\n' + page_view(4) + '\n')
        code, out, err = self.run_it(path)
        self.assertEqual(code, 1)
        self.assertIn('line 2 is not base64', err)
        self.assertIn('line 3 is longer than', err)
        self.assertEqual([json.loads(line)['in'] for line in out.splitlines()], [1, 4])

    def test_memory_does_not_grow_with_the_file(self):
        line = b'A' * 100_000 + b'\n'   # a bad row
        peaks = []
        with open(os.devnull, 'wb') as nowhere:
            process = subprocess.Popen([os.path.join(BIN, 'snowline'), 'enrich', '-'], stdin=subprocess.PIPE, stdout=nowhere)
            for lines in 20, 800:
                for _ in range(lines):
                    process.stdin.write(line)
                with open(f'/proc/{process.pid}/status', encoding='ascii') as status:
                    peaks += [int(row.split()[1]) for row in status if row.startswith('VmHWM')]
            process.stdin.close()
            self.assertEqual(process.wait(60), 0)
        self.assertLess(peaks[1], peaks[0] + 20_000, 'kB of 80 MB')

    def test_a_full_disk_is_an_error(self):
        path = self.write('a.b64', page_view(1) + '\n')
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([os.path.join(BIN, 'snowline'), 'enrich', path], stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'standard output', done.stderr)

    def test_progress_where_it_is_asked_for(self):
        path = self.write('a.b64', page_view(1) + '\nAAAA\n')
        code, _, err = self.run_it(path)
        self.assertEqual((code, err), (0, ''))
        code, out, err = self.run_it(path, '--progress')
        self.assertEqual(code, 0)
        self.assertRegex(err, r'^2 lines \(100\.0 %\), [\d,]+/s, 1 good, 1 bad\n$')
        self.assertEqual(len(out.splitlines()), 2)

    def test_progress_on_a_terminal_without_being_asked(self):
        path = self.write('a.b64', page_view(1) + '\n')
        ours, theirs = pty.openpty()
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'enrich', path], stdout=subprocess.PIPE, stderr=theirs, timeout=60)
        os.close(theirs)
        shown = os.read(ours, 4096).decode()
        os.close(ours)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(shown, '^\r1 lines \\(100\\.0 %\\).*1 good, 0 bad\x1b\\[K\r?\n$')

    def test_what_is_sunset_is_marked_or_a_bad_row(self):
        folder = os.path.join(self.directory, 'schemas', 'com.snowplowanalytics.snowplow', 'link_click')
        os.makedirs(folder)
        path = self.write('a.b64', click({'targetUrl': 'https://acme.example/'}))
        life = self.write(os.path.join(folder, 'life-cycle.json'), '{"status": "sunset", "successor": "2-0-0"}')
        _, out, _ = self.run_it(path)
        self.assertNotIn('schema_sunset', out)
        code, out, err = self.run_it(path, '--life-cycles', self.directory)
        self.assertEqual((code, err), (0, ''))
        answer = json.loads(out)
        self.assertEqual(['schema_sunset' in row for row in answer['good']], [False, True])
        code, out, err = self.run_it(path, '--life-cycles', self.directory, '--quarantine')
        self.assertEqual((code, err), (0, ''))
        answer = json.loads(out)
        self.assertEqual((len(answer['good']), len(answer['bad'])), (1, 1))
        self.assertIn('$: the schema is sunset, 2-0-0 takes its place', json.dumps(answer['bad']))
        self.write(life, '{')
        code, _, err = self.run_it(path, '--life-cycles', self.directory)
        self.assertEqual(code, 1)
        self.assertIn('life-cycle.json', err)
        self.assertEqual(self.run_it(path, '--quarantine')[0], 2)

    def explain(self, *arguments):
        code, out, err = self.run_it('--explain', '--format', 'json', *arguments)
        self.assertEqual((code, err), (0, ''))
        return [json.loads(line) for line in out.splitlines()]

    def test_explain_tells_each_step_of_each_event(self):
        os.mkdir(os.path.join(self.directory, 'enrichments'))
        self.write('enrichments/anon_ip.json', json.dumps(ANON_IP))
        path = self.write('a.b64', page_view(1) + '\n' + click({'targetUrl': 'https://acme.example/'}) + '\n')
        steps = self.explain('--line', '2', '--enrichments', os.path.join(self.directory, 'enrichments'), path)
        of_request = [step['step'] for step in steps if step['event'] is None and step['depth'] == 0]
        self.assertEqual(of_request, ['load', 'adapt', 'rows'])
        for event in 0, 1:
            own = [step['step'] for step in steps if step['event'] == event and step['depth'] == 0]
            self.assertEqual(own[:3], ['set_up', 'entities', 'enrichment'])
        self.assertFalse([step for step in steps if step['failed']])

        lookups = [step for step in steps if step['step'] == 'lookup']
        self.assertIn(LINK, [step['name'] for step in lookups])
        self.assertTrue(all(step['set'][0]['name'] == 'registry' for step in lookups))
        self.assertIn(LINK, [step['name'] for step in steps if step['step'] == 'schema'])

        page_uri = next(step for step in steps if step['name'] == 'page_uri')
        self.assertIn({'name': 'page_urlhost', 'before': None, 'after': 'shop.example'}, page_uri['set'])
        self.assertIn({'name': 'page_url', 'value': 'https://shop.example/a?utm_source=x'}, page_uri['read'])
        anon_ip = [step for step in steps if step['name'] == 'anon_ip']
        self.assertEqual(len(anon_ip), 2)
        self.assertEqual(anon_ip[0]['set'], [{'name': 'user_ipaddress', 'before': '198.51.100.7', 'after': '198.51.x.x'}])
        self.assertEqual(anon_ip[0]['read'], [{'name': 'user_ipaddress', 'value': '198.51.100.7'}])
        self.assertTrue(all(step['took_us'] > 0 for step in steps if step['step'] in ('load', 'adapt', 'set_up')))
        self.assertEqual([change['name'] for change in steps[-1]['set']], ['good', 'good'])

    def test_explain_gives_the_rows_that_enrich_gives(self):
        path = self.write('a.b64', page_view(1) + '\n')
        rows = json.loads(self.run_it(path)[1])['good']
        explained = self.explain(path)[-1]['set'][0]['after']
        own = lambda row: [column for index, column in enumerate(row.split('\t')) if index != 2]   # but etl_tstamp
        self.assertEqual(own(explained), own(rows[0]))

    def test_explain_names_what_fails_in_words_and_as_bad_rows_do(self):
        payload = click({'elementId': 'buy'})   # itself, in the place of a file
        failed = [step for step in self.explain(payload) if step['failed']]
        self.assertEqual([step['step'] for step in failed], ['entities', 'schema'])
        self.assertEqual(failed[1]['failed'][0]['schemaKey'], LINK)
        code, out, _ = self.run_it('--explain', payload)
        self.assertEqual(code, 0)
        self.assertRegex(out, r'checked: com\.snowplowanalytics\.snowplow/link_click\S* +\d+\.\d+ ms  FAILED')
        self.assertIn('$.targetUrl: is missing but it is required', out)
        self.assertIn('event 2 of 2', out)
        self.assertNotIn('\x1b', out)

    def test_explain_shows_no_control_characters(self):
        path = self.write('a.b64', base64.b64encode(raw_payload.request('/i', 'e=pv&p=web&tv=a&aid=%1B%5B31mred&page=%C3%A9')).decode())
        out = self.run_it('--explain', path)[1]
        self.assertNotIn('\x1b', out)
        self.assertIn('é', out)

    def test_explain_of_what_is_no_payload(self):
        path = self.write('a.b64', 'AAAA\n')
        steps = self.explain(path)
        self.assertEqual([step['step'] for step in steps], ['load', 'rows'])
        self.assertTrue(steps[0]['failed'])
        code, _, err = self.run_it('--explain', '--line', '2', path)
        self.assertEqual(code, 1)
        self.assertIn('there is no line 2, only 1', err)

    def test_options_that_do_not_go_together(self):
        path = self.write('a.b64', page_view(1))
        for arguments in (('--format', 'text'), ('--explain', '--format', 'rows'), ('--line', '2'), ('--explain', '--line', '0'),
                          ('--explain', '--progress')):
            self.assertEqual(self.run_it(*arguments, path)[0], 2, arguments)
        self.assertEqual(self.run_it(os.path.join(self.directory, 'absent'))[0], 1)
        self.assertEqual(self.run_it(self.directory)[0], 1)


if __name__ == '__main__':
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main()
