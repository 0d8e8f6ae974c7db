"""The schema commands of `snowline`, as authors and their CI call them: what they print and how they exit."""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.pipeline import BIN, scratch_directory
from support.registry import Registry

METASCHEMA = 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#'
PATH = 'com.acme/event/jsonschema/'
URI = 'iglu:' + PATH


def schema(version, **keywords):
    return {'$schema': METASCHEMA, 'description': 'An event', 'type': 'object', 'additionalProperties': False,
            'self': {'vendor': 'com.acme', 'name': 'event', 'format': 'jsonschema', 'version': version}, **keywords}


def text(longest):
    return {'a': {'type': 'string', 'description': 'A text', 'maxLength': longest}}


class SchemaCommands(unittest.TestCase):
    def setUp(self):
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name
        self.put('1-0-0', properties=text(9))

    def put(self, version, **keywords):
        path = os.path.join(self.directory, 'schemas', PATH, version)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(schema(version, **keywords), file)
        return path

    def write(self, name, content):
        path = os.path.join(self.directory, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content)
        return path

    def snowline(self, *arguments, given=''):
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'schema', *arguments], input=given.encode(), timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_validate_names_place_and_rule(self):
        event = self.write('event.json', '{"schema": "%s1-0-0",\n "data": {"a":\n 5}}' % URI)
        code, out, _ = self.snowline('validate', '--iglu', self.directory, event)
        self.assertEqual(code, 1)
        self.assertIn(f'{event}:3:2: $.data.a: integer found, string expected', out)
        self.assertIn('/properties/a/type', out)

    def test_validate_lines(self):
        lines = [{'schema': URI + '1-0-0', 'instance': {'a': 'x'}}, {'schema': {'type': 'integer'}, 'instance': 'x'},
                 {'schema': {'type': 'nothing'}, 'instance': 1}, {'schema': URI + '9-0-0', 'instance': 1}, {'schema': 5}]
        code, out, _ = self.snowline('validate', '--iglu', self.directory, '--jsonl', '-',
                                     given=''.join(json.dumps(line) + '\n' for line in lines) + 'no JSON\n')
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 0)
        self.assertEqual(answers[0], {'valid': True, 'reports': []})
        self.assertEqual(answers[1]['reports'], [{'message': '$: string found, integer expected', 'path': '$', 'keyword': 'type',
                                                  'targets': ['string', 'integer']}])
        self.assertTrue(answers[2]['schemaIssues'])
        self.assertEqual(answers[3]['error'], 'ResolutionError')
        self.assertIn('error', answers[4])
        self.assertIn('error', answers[5])

    def test_explain_says_what_was_meant(self):
        code, out, _ = self.snowline('explain', '--iglu', self.directory, URI.replace('event', 'evnet') + '1-0-0')
        self.assertEqual(code, 1)
        self.assertIn(f'probably meant: {URI}1-0-0', out)

    def test_explain_follows_superseding_over_http(self):
        schemas = {f'/schemas/{PATH}1-0-0': json.dumps(schema('1-0-0', **{'$supersededBy': '1-0-1'})),
                   f'/schemas/{PATH}1-0-1': json.dumps(schema('1-0-1'))}
        with Registry(schemas) as registry:
            code, out, _ = self.snowline('explain', '--iglu', registry.url, URI + '1-0-0')
        self.assertEqual(code, 0)
        self.assertIn('data is judged by 1-0-1', out)

    def test_a_bundle_needs_no_registry(self):
        bundle = os.path.join(self.directory, 'schemas.bundle')
        code, out, _ = self.snowline('bundle', '--iglu', self.directory, '-o', bundle)
        self.assertEqual((code, out), (0, f'{bundle}: 1 schemas\n'))
        event = json.dumps({'schema': URI + '1-0-0', 'data': {'a': 'x'}})
        self.assertEqual(self.snowline('validate', '--iglu', bundle, given=event)[0], 0)
        with open(bundle, 'r+b') as file:
            file.seek(-9, os.SEEK_END)
            file.write(b'!')
        code, _, err = self.snowline('validate', '--iglu', bundle, given=event)
        self.assertEqual(code, 1)
        self.assertIn('its hash is another', err)

    def test_lint(self):
        self.assertEqual(self.snowline('lint', 'schemas')[0], 0)
        self.put('1-0-1', properties={'a': {'type': 'string'}})
        code, out, _ = self.snowline('lint', 'schemas')
        self.assertEqual(code, 1)
        self.assertIn('TOTAL: 1 valid schemas\nTOTAL: 1 schemas didn\'t pass validation\n', out)
        self.assertEqual(self.snowline('lint', 'schemas', '--skip-checks', 'description,stringLength')[0], 0)
        code, out, _ = self.snowline('lint', 'schemas', '--format', 'json')
        found = [issue['linter'] for file in json.loads(out)['schemas'] for issue in file['issues']]
        self.assertEqual(sorted(found), ['description', 'stringLength'])
        self.assertEqual(self.snowline('lint', 'schemas', '--skip-checks', 'schemaUri')[0], 2)

    def test_diff_and_check_find_a_bump_that_is_too_small(self):
        before = os.path.join(self.directory, 'schemas', PATH, '1-0-0')
        after = self.put('1-0-1', properties=text(5))
        code, out, _ = self.snowline('diff', before, after)
        self.assertEqual(code, 1)
        self.assertIn('needed: REVISION, declared: ADDITION (1-0-0 to 1-0-1): too small', out)
        code, out, _ = self.snowline('check', '.')
        self.assertEqual(code, 1)
        example = json.loads(out.split('refused now: ')[1].split('\n')[0])
        self.assertTrue(5 < len(example['a']) <= 9)
        self.put('1-0-1', properties=text(10))
        self.assertEqual(self.snowline('check', '.')[0], 0)

    def test_check_against_a_revision(self):
        def git(*arguments):
            subprocess.run(['git', '-c', 'user.name=t', '-c', 'user.email=t@example.com', *arguments], check=True,
                           cwd=self.directory, stdout=subprocess.DEVNULL)
        git('init', '-q')
        git('add', '.')
        git('commit', '-q', '-m', 'published')
        self.assertEqual(self.snowline('check', '.', '--against', 'HEAD')[0], 0)
        self.put('1-0-0', properties=text(8))
        code, out, _ = self.snowline('check', '.', '--against', 'HEAD')
        self.assertEqual(code, 1)
        self.assertIn('is published and has changed', out)

    def test_lint_by_the_team_s_conventions(self):
        self.write('schemas.yaml', 'vendors: [com.acme]\nnames: snake_case\nproperties: camelCase\nowner: required\n'
                                   'domain: [shop, search]  # ours\ndescription: 5\nadditionalProperties: false\n')
        code, out, _ = self.snowline('lint', '.')
        self.assertEqual(code, 1)
        self.assertIn('no owner in life-cycle.json', out)
        side = self.write('schemas/com.acme/event/life-cycle.json', '{"owner": "team@acme.com", "domain": "shop"}')
        code, out, _ = self.snowline('lint', '.')
        self.assertEqual(code, 0, out)
        self.put('1-0-1', properties={'a_b': {'type': 'string', 'description': 'abc', 'maxLength': 5}})
        code, out, _ = self.snowline('lint', '.', '--format', 'json')
        told = {(issue['linter'], issue['pointer']) for file in json.loads(out)['schemas'] for issue in file['issues']}
        self.assertEqual(told, {('conventions.properties', '/'), ('conventions.description', '/properties/a_b')})
        with open(side, 'w', encoding='utf-8') as file:
            file.write('{"owner": 5}')
        code, out, _ = self.snowline('lint', '.')
        self.assertIn('life-cycle.json: /owner: it is no text', out)

    def test_conventions_that_are_wrong_name_their_line(self):
        for text, wanted in (('names: snake_case\nowners: required\n', 'schemas.yaml:2: no such key: owners'),
                             ('names: shouting\n', 'schemas.yaml:1: names: "shouting" is none of'),
                             ('a: [\n', 'schemas.yaml:'), ('- a\n', 'keys with values'), ('vendors: com.acme\n', 'a list is expected'),
                             ('description: many\n', 'a number of characters'), ('[' * 5000, 'schemas.yaml:')):
            self.write('schemas.yaml', text)
            code, out, err = self.snowline('lint', 'schemas')
            self.assertEqual((code, out), (1, ''), text[:20])
            self.assertIn(wanted, err)
        self.write('schemas.yaml', '# nothing\n')
        self.assertEqual(self.snowline('lint', 'schemas')[0], 0)

    def test_what_is_sunset_gets_no_new_version(self):
        published = os.path.join(self.directory, 'published')
        subprocess.run(['cp', '-r', os.path.join(self.directory, 'schemas'), published], check=True)
        self.put('1-0-1', properties=text(20))
        self.write('schemas/com.acme/event/life-cycle.json',
                   '{"status": "deprecated", "sunset": "2126-01-31", "successor": "iglu:com.acme/order/jsonschema/1-0-0"}')
        check = ('check', '.', '--against', published)
        self.assertEqual(self.snowline(*check)[0], 0, 'deprecated is a warning to users, not a ban')
        self.write('schemas/com.acme/event/life-cycle.json',
                   '{"status": "deprecated", "sunset": "2026-01-31", "successor": "iglu:com.acme/order/jsonschema/1-0-0"}')
        code, out, _ = self.snowline(*check)
        self.assertEqual(code, 1)
        self.assertIn(f'ERROR {URI}1-0-1 is new, and sunset since 2026-01-31: use iglu:com.acme/order/jsonschema/1-0-0', out)
        self.write('schemas/com.acme/event/life-cycle.json', '{"status": "sunset", "versions": {"1-0-1": {"status": "active"}}}')
        self.assertEqual(self.snowline(*check)[0], 0)


if __name__ == '__main__':
    unittest.main()
