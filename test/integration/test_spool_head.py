"""What Kafka refuses stays by itself: a wrong clock, a topic and a partition that are gone keep no other event in the spool."""
import os
import sqlite3
import subprocess
import sys
import time
import unittest

from confluent_kafka.admin import AdminClient

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import BIN, statuses  # noqa: E402
from delivery_bed import DeliveryBed, PARTITIONS, Sender  # noqa: E402
from raw_topic import count_events, read_raw, without_twins  # noqa: E402

HOUR_MS = 3_600_000


def snowline(*arguments):
    return subprocess.run([os.path.join(BIN, 'snowline'), *arguments], capture_output=True, text=True, timeout=120)


class SpoolHead(DeliveryBed):
    def left_by_a_killed_collector(self, name, events):
        """A spool with events of a collector that is gone; Kafka is there again. Gives what was answered."""
        process = self.collector(name)
        sender = Sender(process)
        self.assertEqual(sender.send('before'), 200)
        self.kafka.kill()
        for number in range(events):
            self.assertEqual(sender.send(f'away-{number}'), 200)
        process.process.kill()
        process.process.wait()
        self.kafka.start()
        return process, sender.answered

    def spooled(self):
        database = sqlite3.connect(os.path.join(self.spool, 'spool.db'))
        self.addCleanup(database.close)
        return database

    def fewer_partitions(self, name):
        self.kafka.topics('--delete', '--topic', f'{name}-raw')
        admin = AdminClient({'bootstrap.servers': self.kafka.brokers, 'log_level': 0})
        self.wait_until(lambda: f'{name}-raw' not in admin.list_topics(timeout=10).topics)
        self.kafka.topics('--create', '--topic', f'{name}-raw', '--partitions', '1')

    def assert_once_in_partition_0(self, name, answered):
        records = without_twins(read_raw(self.kafka.brokers, f'{name}-raw', 1, wanted=len(answered)))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in answered})
        self.assertEqual({record.snowline_id[1] for record in records}, {0})

    def test_events_of_a_clock_two_hours_ahead_go_with_another_time_and_the_others_at_once(self):
        process, answered = self.left_by_a_killed_collector('clock', 30)
        with self.spooled() as database:
            wrong = database.execute('UPDATE record SET time=time+? WHERE number%3=0', [2 * HOUR_MS]).rowcount
        self.assertGreater(wrong, 5)
        process.log.clear()
        process.start()
        sender = Sender(process)
        self.wait_until(lambda: self.metric('collector_spool_records') == 0, 30)
        self.assertEqual(sender.send('after'), 200)
        self.assertEqual(self.ready(), (200, 'OK: log'))
        self.assertGreaterEqual(self.metric('collector_records_refused_total{reason="timestamp"}'), wrong)
        records = without_twins(read_raw(self.kafka.brokers, 'clock-raw', PARTITIONS, wanted=len(answered) + 1))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in [*answered, 'after']})
        late = [record for record in records if int(record.headers.get('snowline-arrival', b'0')) > time.time() * 1000 + HOUR_MS]
        self.assertEqual(len(late), wrong)

    def test_events_of_a_clock_that_stays_wrong_are_acknowledged_without_a_time(self):
        # For this topic every clock is wrong.
        process = self.collector('always', raw_options=('--config', 'message.timestamp.before.max.ms=0',
                                                        '--config', 'message.timestamp.after.max.ms=0'))
        sender = Sender(process)
        for number in range(20):
            self.assertEqual(sender.send(f'event-{number}'), 200)
        self.assertEqual(self.ready(), (200, 'OK: log'))
        self.assertGreater(self.metric('collector_records_refused_total{reason="timestamp"}'), 0)
        records = without_twins(read_raw(self.kafka.brokers, 'always-raw', PARTITIONS, wanted=20))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in sender.answered})
        restamped = [record for record in records if 'snowline-arrival' in record.headers]
        self.assertGreater(len(restamped), 10)
        for record in restamped:
            self.assertLess(abs(int(record.headers['snowline-arrival']) - time.time() * 1000), HOUR_MS)

    def test_a_drain_by_hand_gives_another_time_too(self):
        _, answered = self.left_by_a_killed_collector('hand', 12)
        with self.spooled() as database:
            database.execute('UPDATE record SET time=time+? WHERE number%2=0', [2 * HOUR_MS])
        done = snowline('spool', 'drain', self.spool, '--brokers', self.kafka.brokers)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('12 records sent', done.stdout)
        self.assertRegex(done.stdout, r'\d+ of them got another time')
        records = without_twins(read_raw(self.kafka.brokers, 'hand-raw', PARTITIONS, wanted=len(answered)))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in answered})

    def test_a_bad_topic_that_is_missing_keeps_no_good_event_in_the_spool(self):
        process = self.collector('nobad', raw_options=('--config', 'max.message.bytes=20000'))
        sender = Sender(process)
        self.assertEqual(sender.send('before'), 200)
        self.kafka.topics('--delete', '--topic', 'nobad-bad')
        body = b'{"eid":"' + b'x' * 40000 + b'"}'
        request = b'POST /a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' % len(body) + body
        for _ in range(40):
            self.assertEqual(statuses(process.exchange(request, quiet=10)), [200])
        self.wait_until(lambda: self.parked('nobad-bad') > 0)
        # Good ones that wait behind them: Kafka goes for a moment.
        self.kafka.kill()
        for number in range(20):
            self.assertEqual(sender.send(f'away-{number}'), 200)
        self.kafka.start()
        records = without_twins(read_raw(self.kafka.brokers, 'nobad-raw', PARTITIONS, wanted=21))
        self.assertEqual(count_events(records), {event_id: 1 for event_id in sender.answered})
        self.wait_until(lambda: self.where() == (200, 'OK: log'), 20)
        self.wait_until(lambda: 'cannot be written: nobad-bad: ' in self.ready()[1], 30)
        self.wait_until(lambda: self.parked('nobad-bad') == 40, 20)
        self.assertEqual(sender.send('during'), 200)
        self.kafka.topics('--create', '--topic', 'nobad-bad', '--partitions', '1')
        self.wait_until(lambda: self.metric('collector_spool_records') == 0, 90)
        self.wait_until(lambda: self.ready() == (200, 'OK: log'))
        rows = {record.value for record in read_raw(self.kafka.brokers, 'nobad-bad', 1, wanted=40)}
        self.assertEqual(len(rows), 40)

    def test_a_drain_by_hand_skips_what_kafka_has_no_place_for_and_readdresses_when_told(self):
        _, answered = self.left_by_a_killed_collector('fewer', 40)
        with self.spooled() as database:
            stranded = database.execute('SELECT count(*) FROM record WHERE partition>0').fetchone()[0]
            database.execute('INSERT INTO record SELECT number+1000, time, ?, -1, key, value, NULL FROM record LIMIT 1', ['nowhere'])
        self.assertGreater(stranded, 0)
        self.fewer_partitions('fewer')
        drain = ['spool', 'drain', self.spool, '--brokers', self.kafka.brokers]
        skipping = snowline(*drain)
        self.assertEqual((skipping.returncode, skipping.stdout.splitlines()[0]), (1, f'{40 - stranded} records sent'), skipping.stderr)
        self.assertRegex(skipping.stderr, r'topic fewer-raw, partition \d: \d+ records stay in the spool: .*--readdress')
        self.assertRegex(skipping.stderr, r'topic nowhere: 1 records stay in the spool')
        done = snowline(*drain, '--readdress')
        self.assertEqual(done.stdout.splitlines()[0], f'{stranded} records sent', done.stderr)
        self.assertEqual(done.returncode, 1)   # there is still no such topic
        self.assertIn('another partition and another snowline-id', done.stdout)
        self.assertRegex(snowline('spool', 'ls', self.spool).stdout, r'\Anowhere: 1 records.*\n\Z')
        self.assert_once_in_partition_0('fewer', [one for one in answered if one != 'before'])

    def test_a_collector_gives_what_is_for_a_partition_that_is_gone_another_one(self):
        process, answered = self.left_by_a_killed_collector('gone', 40)
        self.fewer_partitions('gone')
        process.log.clear()
        process.start()
        sender = Sender(process)
        self.assertEqual(sender.send('after'), 200)
        self.assertEqual(self.where(), (200, 'OK: log'))
        self.wait_until(lambda: self.metric('collector_spool_records') == 0, 90)
        self.assertGreater(self.metric('collector_records_changed_total{what="partition"}'), 0)
        self.assert_once_in_partition_0('gone', [*[one for one in answered if one != 'before'], 'after'])

    def parked(self, topic):
        try:
            return self.metric(f'collector_spool_parked_records{{topic="{topic}",reason="unknown_topic"}}')
        except AssertionError:
            return 0


if __name__ == '__main__':
    unittest.main()
