"""Strangers name schemas that nobody has, thousands at a time, to a registry that takes its time: what that may cost is bounded, good
events behind them come, and a stop signal is heard meanwhile. No event is lost."""
import itertools
import json
import os
import sys
import tempfile
import threading
import time
import unittest
import urllib.request
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.pipeline import Pipeline, scratch_directory, tail_json
from support.registry import Registry

ENVELOPE = 'iglu:com.snowplowanalytics.snowplow/'
STRANGERS = 2000  # schemas that nobody has, in one request
GOOD = 50  # events behind it
ANSWER_S = 0.15  # of the registry
UNKNOWN_A_RECORD = 50  # snowline.iglu.lookups.unknownPerRecord
VENDORS = 25  # of strangers, in one request of those that come all the time; no two requests have one in common
KEYS = 2  # schemas of each of them
GOOD_MEANWHILE = 10  # schemas that are new to the process, one after the other
PATIENT_S = 300  # for a machine that does other things


def schema(version):
    return json.dumps({'$schema': 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#',
                       'self': {'vendor': 'com.acme', 'name': 'event', 'format': 'jsonschema', 'version': version},
                       'type': 'object', 'properties': {'n': {'type': 'integer'}}, 'additionalProperties': False})


def post(pipeline, versions, vendors=('com.acme',)):
    """One request with an event for each version of the schema of each vendor; their ids."""
    events = []
    for vendor, version in itertools.product(vendors, versions):
        inner = {'schema': f'iglu:{vendor}/event/jsonschema/{version}', 'data': {'n': 1}}
        events.append({'e': 'ue', 'p': 'web', 'tv': 'test', 'eid': str(uuid.uuid4()),
                       'ue_pr': json.dumps({'schema': ENVELOPE + 'unstruct_event/jsonschema/1-0-0', 'data': inner})})
    body = json.dumps({'schema': ENVELOPE + 'payload_data/jsonschema/1-0-4', 'data': events}).encode()
    request = urllib.request.Request(f'http://127.0.0.1:{pipeline.port}/com.snowplowanalytics.snowplow/tp2', body,
                                     {'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
    return [event['eid'] for event in events]


def count(pipeline, marks):
    return sum(line.startswith(marks) for line in list(pipeline.output))


def wait_until(is_true, what, seconds_max=PATIENT_S):
    began = time.monotonic()
    while not is_true():
        if time.monotonic() - began > seconds_max:
            raise AssertionError(what)
        time.sleep(0.02)
    return time.monotonic() - began


class Strangers(unittest.TestCase):
    def test_good_events_behind_them_come(self):
        schemas = {'/schemas/com.acme/event/jsonschema/1-0-0': schema('1-0-0')}
        with scratch_directory() as directory, Registry(schemas, ANSWER_S) as registry, \
                Pipeline(directory, '--iglu', registry.url) as pipeline:
            strangers = post(pipeline, [f'7-0-{i}' for i in range(STRANGERS)])
            good = [post(pipeline, ['1-0-0'])[0] for _ in range(GOOD)]
            seconds = wait_until(lambda: count(pipeline, ('good', '✓')) >= GOOD, 'good events do not come')
            wait_until(lambda: count(pipeline, ('bad', '✗')) >= STRANGERS, 'bad rows do not come')
            asked = registry.requests
            self.assertEqual(pipeline.stop(60), 0)
            self.assertEqual(sorted(row['event_id'] for row in tail_json(directory, 'good')), sorted(good))
            bad = tail_json(directory, 'bad')
        print(f'\n{GOOD} good events behind {STRANGERS} unknown schemas: {seconds:.1f} s, {asked} requests to the registry', flush=True)
        self.assertEqual(len(bad), len(strangers))
        errors = [row['data']['failure']['messages'][0]['error'] for row in bad]
        self.assertEqual({error['error'] for error in errors}, {'ResolutionError'})
        told = [[one for entry in error['lookupHistory'] for one in entry['errors']] for error in errors]
        refused = [one for one in told if any('Not asked' in error.get('message', '') for error in one)]
        self.assertEqual(len(refused), STRANGERS - UNKNOWN_A_RECORD)
        # One request a schema: of the strangers, the good event, the envelopes (asked of a registry that is for every vendor).
        self.assertLess(asked, UNKNOWN_A_RECORD + 10)

    def test_good_events_come_while_strangers_come_all_the_time(self):
        """Of a registry without a vendor prefix: to begin with, its vendor is a stranger's like the others."""
        schemas = {f'/schemas/com.acme/event/jsonschema/1-0-{i}': schema(f'1-0-{i}') for i in range(GOOD_MEANWHILE)}
        over = threading.Event()
        strangers = []

        def come(pipeline):
            for request in itertools.count():
                strangers.extend(post(pipeline, [f'7-0-{i}' for i in range(KEYS)],
                                      [f'org.stranger{request}-{i}' for i in range(VENDORS)]))
                if over.wait(0.5):
                    return

        with scratch_directory() as directory, Registry(schemas, ANSWER_S) as registry, \
                tempfile.NamedTemporaryFile('w', suffix='.json') as resolver:
            json.dump({'schema': 'iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3', 'data': {
                'cacheSize': 500, 'repositories': [{'name': 'open', 'priority': 0, 'vendorPrefixes': [],
                                                    'connection': {'http': {'uri': registry.url}}}]}}, resolver)
            resolver.flush()
            with Pipeline(directory, '--iglu-config', resolver.name) as pipeline:
                thread = threading.Thread(target=come, args=(pipeline,))
                thread.start()
                try:
                    wait_until(lambda: strangers, 'no stranger comes')
                    good, behind = [], []
                    for i in range(GOOD_MEANWHILE):
                        good += post(pipeline, [f'1-0-{i}'])
                        wait_until(lambda: count(pipeline, ('good', '✓')) >= len(good), f'good event {i} does not come')
                        behind.append(len(strangers) - count(pipeline, ('bad', '✗')))
                finally:
                    over.set()
                    thread.join()
                wait_until(lambda: count(pipeline, ('bad', '✗')) >= len(strangers), 'bad rows do not come')
                self.assertEqual(pipeline.stop(60), 0)
                self.assertEqual(sorted(row['event_id'] for row in tail_json(directory, 'good')), sorted(good))
                bad = tail_json(directory, 'bad')
        print(f'\n{len(good)} good events among {len(strangers)} of {len(strangers) // KEYS} unknown vendors; these were behind by '
              f'{behind} events', flush=True)
        self.assertEqual(len(bad), len(strangers))

    def test_a_stop_signal_is_heard_meanwhile(self):
        schemas = {'/schemas/com.acme/event/jsonschema/1-0-0': schema('1-0-0')}
        with scratch_directory() as directory, Registry(schemas) as registry, \
                Pipeline(directory, '--iglu', registry.url) as pipeline:
            good = post(pipeline, ['1-0-0'])
            wait_until(lambda: count(pipeline, ('good', '✓')) >= 1, 'the first event does not come')
            asked = registry.requests
            registry.delay_s = 1
            strangers = post(pipeline, [f'7-0-{i}' for i in range(STRANGERS)])
            wait_until(lambda: registry.requests > asked, 'nothing is looked up')
            began = time.monotonic()
            self.assertEqual(pipeline.stop(PATIENT_S), 0)
            print(f'\nstopped in {time.monotonic() - began:.1f} s while look-ups run', flush=True)
            # What was not committed is read again.
            registry.delay_s = 0
            pipeline.start()
            good += post(pipeline, ['1-0-0'])
            wait_until(lambda: count(pipeline, ('bad', '✗')) >= STRANGERS, 'bad rows do not come')
            wait_until(lambda: count(pipeline, ('good', '✓')) >= 2, 'the last event does not come')
            self.assertEqual(pipeline.stop(60), 0)
            self.assertEqual(sorted(row['event_id'] for row in tail_json(directory, 'good')), sorted(good))
            self.assertEqual(len(tail_json(directory, 'bad')), len(strangers))


if __name__ == '__main__':
    unittest.main()
