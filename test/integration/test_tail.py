"""`snowline tail`: which part of a topic it prints, on the embedded log of a pipeline that runs."""
import datetime
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support import events
from support.pipeline import BIN, Pipeline, scratch_directory, tail

URI = 'iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1'


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Tail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch_directory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.data = os.path.join(cls.scratch.name, 'data')
        pipeline = Pipeline(cls.data).start()
        cls.addClassCleanup(pipeline.kill)

        def send(numbers):
            events.post(pipeline.port, [events.self_describing(URI, {'targetUrl': f'https://a.example/{i}'}) for i in numbers])
            deadline = time.monotonic() + 20
            while len(tail(cls.data, 'good')) <= max(numbers):
                assert time.monotonic() < deadline, 'the rows have not come'

        send(range(3))
        cls.between = now()
        time.sleep(0.01)
        send(range(3, 5))
        pipeline.stop()

    def run_tail(self, topic, *options):
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'tail', topic, '--data', self.data, '--tsv', '--until-idle', '300ms', *options],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def seen(self, *options):
        """The numbers of the events whose rows are printed."""
        code, out, err = self.run_tail('good', *options)
        self.assertEqual((code, err), (0, ''))
        return [int(line.split('https://a.example/')[1].split('"')[0]) for line in out.splitlines()]

    def test_where_it_begins(self):
        self.assertEqual(self.seen(), [0, 1, 2, 3, 4])
        self.assertEqual(self.seen('--from', 'start'), [0, 1, 2, 3, 4])
        self.assertEqual(self.seen('--from', 'end'), [])
        self.assertEqual(self.seen('--since', '1h'), [0, 1, 2, 3, 4])
        self.assertEqual(self.seen('--from', self.between.isoformat()), [3, 4])
        east = self.between.astimezone(datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
        self.assertEqual(self.seen('--from', east.isoformat(sep=' ')), [3, 4])
        self.assertEqual(self.seen('--from', str(now().date() - datetime.timedelta(days=1))), [0, 1, 2, 3, 4])
        self.assertEqual(self.seen('--from', str(now().date() + datetime.timedelta(days=1))), [])
        # By now a while has passed since the second lot.
        since = (now() - self.between).total_seconds()
        self.assertEqual(self.seen('--since', f'{int(since) + 3600}s'), [0, 1, 2, 3, 4])
        time.sleep(1.1)
        self.assertEqual(self.seen('--since', '1s'), [])

    def test_offsets_and_partitions(self):
        # Only the enricher writes good rows: one partition, which need not be named.
        self.assertEqual(self.seen('--from', '3'), [3, 4])
        self.assertEqual(self.seen('--from', '3', '--partition', '1'), [3, 4])
        self.assertEqual(self.seen('--from', '99', '--partition', '1'), [])
        self.assertEqual(self.seen('--partition', '0', '--partition', '2'), [])
        self.assertEqual(self.seen('--partition', '0', '--partition', '1'), [0, 1, 2, 3, 4])
        code, out, err = self.run_tail('good', '--partition', '9')
        self.assertEqual((code, out, err), (1, '', 'snowline tail: topic good has no partition 9\n'))
        code, out, err = self.run_tail('good', '--from', '0', '--partition', '0', '--partition', '1')
        self.assertEqual((code, out), (1, ''))
        self.assertIn('an offset counts within one partition', err)

    def test_a_wrong_command_line_is_told_in_one_line(self):
        for options in (['--since', '1h', '--from', 'start'], ['--since', '5'], ['--since', '-1h'], ['--since', '1y'], ['--from', 'yesterday'],
                        ['--from', '-1'], ['--from', '2026-02-30'], ['--partition', '-1'], ['--partition', 'x']):
            with self.subTest(options=options):
                code, out, err = self.run_tail('good', *options)
                self.assertEqual((code, out), (2, ''))
                self.assertEqual(err.count('\n'), 1, err)
                self.assertTrue(err.startswith('snowline tail: ') and options[0] in err, err)


if __name__ == '__main__':
    unittest.main()
