"""A registry that is stopped, slow, failing or hanging: what was resolved goes on without a pause, what is new waits for a bounded
time and is good if the registry comes back by then, a bad row that can be replayed if not. No event is lost."""
import json
import os
import sys
import tempfile
import time
import unittest
import urllib.request
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.pipeline import Pipeline, scratch_directory, tail_json
from support.registry import Registry

ENVELOPE = 'iglu:com.snowplowanalytics.snowplow/'
OUTAGE_WAIT_S = 5  # of `snowline up`
# For what is to recover: how fast this machine is does not decide whether it does.
PATIENT = 'snowline { iglu.outage.wait = 5 minutes }'


def schema(version):
    return json.dumps({'$schema': 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#',
                       'self': {'vendor': 'com.acme', 'name': 'event', 'format': 'jsonschema', 'version': version},
                       'type': 'object', 'properties': {'n': {'type': 'integer'}}, 'additionalProperties': False})


def post(pipeline, version, vendor='com.acme'):
    inner = {'schema': f'iglu:{vendor}/event/jsonschema/{version}', 'data': {'n': 1}}
    event = {'e': 'ue', 'p': 'web', 'tv': 'test', 'eid': str(uuid.uuid4()),
             'ue_pr': json.dumps({'schema': ENVELOPE + 'unstruct_event/jsonschema/1-0-0', 'data': inner})}
    body = json.dumps({'schema': ENVELOPE + 'payload_data/jsonschema/1-0-4', 'data': [event]}).encode()
    request = urllib.request.Request(f'http://127.0.0.1:{pipeline.port}/com.snowplowanalytics.snowplow/tp2', body,
                                     {'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    return event['eid']


class Rows:
    """The rows of a pipeline, counted as it prints them."""

    def __init__(self, pipeline):
        self.pipeline, self.seen, self.last = pipeline, len(pipeline.output), []

    def wait(self, count, seconds_max=30):
        """Seconds until `count` more rows were printed."""
        began = time.monotonic()
        while time.monotonic() - began < seconds_max:
            printed = [line for line in self.pipeline.output[self.seen:] if line.startswith(('good', 'bad', '✓', '✗'))]
            if len(printed) >= count:
                self.seen, self.last = len(self.pipeline.output), printed[-1].split()
                return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError('\n'.join(self.pipeline.output[-20:]))


class RegistryOutage(unittest.TestCase):
    def run_mode(self, mode, comes_back_after, longest_wait, config=''):
        versions = {f'/schemas/com.acme/event/jsonschema/1-0-{n}': schema(f'1-0-{n}') for n in range(4)}
        with scratch_directory() as directory, Registry(versions) as registry, \
                tempfile.NamedTemporaryFile('w', suffix='.hocon') as file:
            file.write(config)
            file.flush()
            pipeline = Pipeline(directory, '--iglu', registry.url, *(['--config', file.name] if config else []))
            pipeline.start()
            self.addCleanup(pipeline.__exit__)
            rows = Rows(pipeline)
            sent = [post(pipeline, '1-0-0')]
            rows.wait(1)
            registry.fail(mode)
            sent.append(post(pipeline, '1-0-0'))
            known = rows.wait(1)
            # What was resolved does not wait: its row is there while the registry is out, and is good.
            self.assertEqual((registry.mode, rows.last[0] in ('good', '✓')), (mode, True))
            sent.append(post(pipeline, '1-0-1'))
            if comes_back_after is not None:
                time.sleep(comes_back_after)
                registry.recover()
            new = rows.wait(1, longest_wait)  # since it came back
            self.assertEqual(pipeline.stop(), 0)
            good = [row['event_id'] for row in tail_json(directory, 'good')]
            bad = tail_json(directory, 'bad')
        self.assertEqual(len(good) + len(bad), len(sent))
        print(f'\n{mode}: known schema {known:.2f} s, new schema {new:.2f} s, {len(good)} good, {len(bad)} bad', flush=True)
        return sent, good, bad

    def check_recovered(self, mode, comes_back_after=1.0):
        sent, good, _ = self.run_mode(mode, comes_back_after, 200, PATIENT)
        self.assertEqual(sorted(good), sorted(sent))

    def test_stopped_for_a_moment(self):
        self.check_recovered('stopped')

    def test_failing_for_a_moment(self):
        self.check_recovered('error')

    def test_hanging_for_a_moment(self):
        self.check_recovered('hanging')

    def test_stopped_for_longer(self):
        self.check_recovered('stopped', 35)

    def test_slow(self):
        sent, good, _ = self.run_mode('slow', None, 90, PATIENT)
        self.assertEqual(sorted(good), sorted(sent))

    def check_gave_up(self, mode, message):
        sent, good, bad = self.run_mode(mode, None, OUTAGE_WAIT_S + 85)
        self.assertEqual(good, sent[:2])
        failure = bad[0]['data']['failure']['messages'][0]['error']
        self.assertEqual(failure['error'], 'ResolutionError')
        errors = {entry['repository']: entry['errors'] for entry in failure['lookupHistory']}
        self.assertEqual(errors['Iglu Client Embedded'], [{'error': 'NotFound'}])
        [told] = [error for name, error in errors.items() if name != 'Iglu Client Embedded']
        self.assertEqual(told, [{'error': 'RepoFailure', 'message': message}])

    def test_stopped_for_good(self):
        self.check_gave_up('stopped', 'Connection refused or host unreachable')

    def test_failing_for_good(self):
        self.check_gave_up('error', 'Unexpected server response: down')


if __name__ == '__main__':
    unittest.main()
