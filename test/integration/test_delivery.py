"""The collector's promise with a real Kafka that goes away: a 200 comes within 4 s, and its event is in the topic afterwards."""
import base64
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import BIN, statuses  # noqa: E402
from delivery_bed import DeliveryBed, PARTITIONS, Sender  # noqa: E402
from raw_topic import count_events, read_raw, without_twins  # noqa: E402

ANSWER_SECONDS_MAX = 4
TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'


class WithKafka(DeliveryBed):
    def test_what_was_answered_while_kafka_was_away_is_there_once_afterwards(self):
        process = self.collector('away')
        sender = Sender(process)
        for number in range(20):
            self.assertEqual(sender.send(f'before-{number}', b'traceparent: ' + TRACEPARENT.encode() + b'\r\n'), 200)
        self.assertEqual(self.ready(), (200, 'OK: log'))
        self.kafka.kill()
        for number in range(30):
            self.assertEqual(sender.send(f'away-{number}'), 200)
        self.assertLess(sender.slowest, ANSWER_SECONDS_MAX)
        self.assertEqual(self.where(), (200, 'OK: spool'))
        self.assertGreater(self.metric('collector_spool_records'), 0)
        self.kafka.start()
        self.wait_until(lambda: self.metric('collector_spool_records') == 0)
        self.wait_until(lambda: self.ready() == (200, 'OK: log'))
        for number in range(20):
            self.assertEqual(sender.send(f'after-{number}'), 200)

        records = without_twins(read_raw(self.kafka.brokers, 'away-raw', PARTITIONS, wanted=70))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in sender.answered})
        self.assertEqual(len({record.snowline_id[0] for record in records}), 1)
        sequences = {}
        for record in records:
            self.assertEqual(record.snowline_id[1], record.partition)
            sequences.setdefault(record.partition, []).append(record.snowline_id[2])
        for numbers in sequences.values():
            self.assertEqual(sorted(numbers), list(range(len(numbers))))
        before = [record for record in records if record.event_ids[0].startswith('before')]
        self.assertEqual({record.headers['traceparent'].decode() for record in before}, {TRACEPARENT})

    def test_without_a_spool_nobody_waits_for_a_kafka_that_is_known_to_be_away(self):
        process = self.collector('bare', spool=False)
        sender = Sender(process)
        self.assertEqual(sender.send('before'), 200)
        self.kafka.kill()
        self.addCleanup(self.kafka.start)
        self.assertEqual(sender.send('overdue'), 503)
        self.assertEqual(self.ready()[0], 503)
        with process.connect() as sock:   # the answer comes though the body never does
            sock.sendall(b'POST /com.snowplowanalytics.snowplow/tp2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n'
                         b'Content-Type: application/json\r\nOrigin: https://shop.example\r\n\r\n')
            answer = sock.recv(4096)
        self.assertEqual(statuses(answer), [503])
        for header in (b'\r\nRetry-After: ', b'\r\nConnection: close', b'\r\nAccess-Control-Allow-Origin: https://shop.example'):
            self.assertIn(header, answer)
        self.kafka.start()
        self.wait_until(lambda: self.ready() == (200, 'OK: log'))
        self.assertEqual(sender.send('after'), 200)
        self.assertLess(sender.slowest, ANSWER_SECONDS_MAX)

    @unittest.skipUnless(shutil.which('strace'), 'strace is not installed')
    def test_answers_come_in_time_while_the_disk_of_the_spool_hangs_or_fails(self):
        process = self.collector('hang')
        sender = Sender(process)
        self.kafka.kill()
        self.addCleanup(self.kafka.start)
        self.assertEqual(sender.send('first'), 200)
        for name, what in (('hangs', 'delay_enter=6000000'), ('fails', 'error=EIO')):
            with subprocess.Popen(['strace', '-f', '-qq', '-o', '/dev/null', '-p', str(process.process.pid),
                                   '-e', 'trace=fdatasync', '-e', f'inject=fdatasync:{what}']) as strace:
                time.sleep(1)
                for number in range(4):
                    self.assertEqual(sender.send(f'{name}-{number}'), 503)
                self.assertEqual(self.ready()[0], 503)
                strace.terminate()
            self.wait_until(lambda: self.where() == (200, 'OK: spool'))
            self.assertEqual(sender.send(f'after-{name}'), 200)
        self.assertLess(sender.slowest, ANSWER_SECONDS_MAX)
        self.kafka.start()
        self.wait_until(lambda: self.metric('collector_spool_records') == 0)
        found = count_events(without_twins(read_raw(self.kafka.brokers, 'hang-raw', PARTITIONS, wanted=3)))
        self.assertEqual({event_id: found[event_id] for event_id in sender.answered}, {event_id: 1 for event_id in sender.answered})

    def test_a_record_that_kafka_finds_too_large_becomes_a_bad_row(self):
        process = self.collector('large', raw_options=('--config', 'max.message.bytes=20000'))
        sender = Sender(process)
        self.assertEqual(sender.send('small'), 200)
        body = b'{"eid":"' + b'x' * 40000 + b'"}'
        answer = process.exchange(b'POST /a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' % len(body) + body, quiet=10)
        self.assertEqual(statuses(answer), [200])
        rows = [json.loads(record.value) for record in read_raw(self.kafka.brokers, 'large-bad', 1, wanted=1)]
        self.assertEqual([row['schema'] for row in rows],
                         ['iglu:com.snowplowanalytics.snowplow.badrows/size_violation/jsonschema/1-0-0'])
        self.assertGreater(rows[0]['data']['failure']['actualSizeBytes'], 40000)
        self.assertEqual(self.metric('collector_records_refused_total{reason="too_large"}'), 1)
        self.assertTrue([line for line in process.log if 'too large' in line])

    def test_a_batch_that_kafka_finds_too_large_goes_again_in_smaller_ones(self):
        process = self.collector('batch', raw_options=('--config', 'max.message.bytes=20000'))
        self.assertEqual(Sender(process).send('first'), 200)
        wanted = ['first']
        for round_ in range(3):
            names = [f'event-{round_}-{number}' for number in range(150)]
            with concurrent.futures.ThreadPoolExecutor(150) as pool:
                answers = list(pool.map(lambda name: Sender(process).send(name + '&p=' + 'x' * 600), names))
            self.assertEqual(answers, [200] * 150)
            wanted += names
        self.wait_until(lambda: self.metric('collector_spool_records') == 0)
        records = without_twins(read_raw(self.kafka.brokers, 'batch-raw', PARTITIONS, wanted=len(wanted)))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in wanted})
        self.assertEqual(self.metric('collector_events_bad_total{type="size_violation"}'), 0)
        self.assertEqual(read_raw(self.kafka.brokers, 'batch-bad', 1), [])
        # One that is too large by itself still is, and its neighbours are not.
        body = b'{"eid":"' + b'x' * 40000 + b'"}'
        request = b'POST /a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' % len(body) + body
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            large = pool.submit(lambda: statuses(process.exchange(request, quiet=10)))
            answers = list(pool.map(lambda number: Sender(process).send(f'beside-{number}'), range(19)))
        self.assertEqual((large.result(), answers), ([200], [200] * 19))
        self.assertEqual(self.metric('collector_events_bad_total{type="size_violation"}'), 1)

    def test_events_of_a_topic_that_is_gone_are_in_the_bad_stream(self):
        process = self.collector('gone', spool=False)
        sender = Sender(process)
        self.assertEqual(sender.send('before'), 200)
        self.kafka.topics('--delete', '--topic', 'gone-raw')

        def refused():
            self.assertIn(sender.send('lost-topic'), (200, 503))
            return self.metric('collector_records_refused_total{reason="unknown_topic"}') > 0
        self.wait_until(refused)
        self.wait_until(lambda: sender.send('last') == 200 and self.metric('collector_events_bad_total{type="generic_error"}') > 0)
        rows = [json.loads(record.value) for record in read_raw(self.kafka.brokers, 'gone-bad', 1, wanted=1)]
        self.assertEqual({row['schema'].split('/')[1] for row in rows}, {'generic_error'})
        self.assertIn(b'eid=last', b''.join(base64.b64decode(row['data']['payload']) for row in rows))

    def test_what_a_killed_collector_left_in_its_spool_is_listed_and_drained(self):
        process = self.collector('orphan')
        sender = Sender(process)
        self.assertEqual(sender.send('before'), 200)
        self.kafka.kill()
        self.addCleanup(self.kafka.start)
        for number in range(15):
            self.assertEqual(sender.send(f'away-{number}'), 200)
        drain = [os.path.join(BIN, 'snowline'), 'spool', 'drain', self.spool, '--brokers', self.kafka.brokers]
        self.assertIn('writes here', subprocess.run(drain, capture_output=True, text=True).stderr)
        process.process.kill()
        process.process.wait()
        listed = subprocess.run([os.path.join(BIN, 'snowline'), 'spool', 'ls', self.spool], capture_output=True, text=True)
        self.assertRegex(listed.stdout, r'^orphan-raw: 15 records, \d+ bytes, arrived ', listed.stderr)
        self.kafka.start()
        done = subprocess.run(drain, capture_output=True, text=True, timeout=90)
        self.assertEqual((done.returncode, done.stdout), (0, '15 records sent\n'), done.stderr)
        self.assertEqual(subprocess.run([os.path.join(BIN, 'snowline'), 'spool', 'ls', self.spool], capture_output=True, text=True).stdout, 'empty\n')
        records = without_twins(read_raw(self.kafka.brokers, 'orphan-raw', PARTITIONS, wanted=16))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in sender.answered})


if __name__ == '__main__':
    unittest.main()
