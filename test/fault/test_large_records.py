"""One record of a megabyte that would become gigabytes of rows: what it becomes is bounded, so is memory, and what is behind it comes."""
import json
import os
import re
import sys
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support import large_records
from support.pipeline import Pipeline, scratch_directory, tail_json

MEMORY_MAX = 200_000_000
ROWS_BYTES = 64_000_000  # snowline.recordLimits.bytes
ROW_BYTES = 1_000_000  # of one row, at most
GOOD = 20  # events behind it
PATIENT_S = 300  # for a machine that does other things


def totals(pipeline):
    with urllib.request.urlopen(f'http://127.0.0.1:{pipeline.admin_port}/metrics', timeout=10) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r'^(\w+(?:\{[^}]*\})?) (\S+)$', text, re.M)}


def wait_for_records(pipeline, count):
    began = time.monotonic()
    while totals(pipeline)['enrich_records_total'] < count:
        if pipeline.process.poll() is not None:
            raise AssertionError('snowline up ended: ' + '\n'.join(pipeline.output[-5:]))
        if time.monotonic() - began > PATIENT_S:
            raise AssertionError(f'{count} records are not committed')
        time.sleep(0.05)
    return time.monotonic() - began


class LargeRecords(unittest.TestCase):
    def enrich(self, path, body, headers):
        """Sends it and good events behind it; the rows of both streams, without those of the good events behind it."""
        with scratch_directory() as directory, Pipeline(directory, '--quiet') as pipeline:
            self.assertEqual(large_records.post(pipeline.port, path, body, headers), 200)
            for i in range(GOOD):
                event = {'e': 'pv', 'p': 'web', 'tv': 't', 'aid': 'behind', 'tna': str(i)}
                large_records.post(pipeline.port, large_records.TP2, large_records.body_of(event, 1))
            seconds = wait_for_records(pipeline, 1 + GOOD)
            memory = large_records.peak_memory_bytes(pipeline.process.pid)
            left_out = totals(pipeline)['enrich_events_left_out_total']
            self.assertEqual(pipeline.stop(60), 0)
            good, bad = tail_json(directory, 'good'), tail_json(directory, 'bad')
        print(f'\n{len(body) / 1e3:.0f} kB of body: {seconds:.1f} s, {memory / 1e6:.0f} MB of memory at most, {len(good) - GOOD} good rows, '
              f'{len(bad)} bad rows, {left_out:.0f} events left out', flush=True)
        behind = [row for row in good if row.get('app_id') == 'behind']
        self.assertEqual(sorted(int(row['name_tracker']) for row in behind), list(range(GOOD)))
        self.assertLessEqual(memory, MEMORY_MAX)
        violations = [row for row in bad if '/size_violation/' in row['schema']]
        self.assertEqual(len(violations), 1)
        failure = violations[0]['data']['failure']
        self.assertIn('were not enriched', failure['expectation'])
        self.assertGreaterEqual(failure['actualSizeBytes'], ROWS_BYTES)
        self.assertLessEqual(failure['actualSizeBytes'], ROWS_BYTES + ROW_BYTES)
        return [row for row in good if row.get('app_id') != 'behind'], [row for row in bad if row not in violations], left_out

    def test_failing_events_with_much_of_headers(self):
        count = 25_000
        good, bad, left_out = self.enrich(*large_records.failing_events(count))
        self.assertEqual(good, [])
        self.assertGreater(len(bad), ROWS_BYTES // ROW_BYTES)
        self.assertEqual(len(bad) + left_out, count)

    def test_good_events_with_contexts_in_the_querystring(self):
        count = 22_000
        good, bad, left_out = self.enrich(*large_records.contexts_in_querystring(count))
        self.assertEqual(bad, [])
        self.assertGreater(len(good), ROWS_BYTES // ROW_BYTES)
        self.assertEqual(len(good) + left_out, count)

    def test_a_record_of_small_good_events_is_not_cut(self):
        event = {'e': 'pv', 'p': 'web', 'tv': 'js-3.0.0', 'eid': '8d2f3c5e-3b0c-4b3a-9a51-6f0e8a4f2b11', 'dtm': '1767323045678'}
        body = large_records.body_of(event, 9_000)
        self.assertGreater(len(body), 900_000)
        with scratch_directory() as directory, Pipeline(directory, '--quiet') as pipeline:
            self.assertEqual(large_records.post(pipeline.port, large_records.TP2, body), 200)
            wait_for_records(pipeline, 1)
            self.assertEqual(totals(pipeline)['enrich_events_left_out_total'], 0)
            memory = large_records.peak_memory_bytes(pipeline.process.pid)
            self.assertEqual(pipeline.stop(60), 0)
            self.assertEqual(len(tail_json(directory, 'good')), 9_000)
        self.assertLessEqual(memory, MEMORY_MAX)


if __name__ == '__main__':
    unittest.main()
