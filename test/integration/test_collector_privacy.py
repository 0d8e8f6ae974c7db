"""What identifies someone stays out of what the operator, or the visitor, wants it out of: seeded identifiers, and a search of
every output."""
import base64
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port, statuses  # noqa: E402

ADDRESS_HEADERS = ('X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP', 'X-Cluster-Client-IP',
                   'Fastly-Client-IP', 'X-Azure-ClientIP', 'X-Original-Forwarded-For')
PERSON_HEADERS = ('Cookie', 'Authorization', 'Proxy-Authorization', 'tracestate', 'baggage')
OTHER_HEADERS = ('X-User', 'X-Device', 'User-Agent', 'Referer')
PATHS = ('/i', '/com.snowplowanalytics.snowplow/tp2', '/com.snowplowanalytics.iglu/v1', '/r/tp2', '/ice.png', '/custom/path', '/nope', '/health')


class Seeds:
    """An identifier of its own for each header and request; the readable and the unreadable kind of each."""

    def __init__(self):
        self.number, self.of = 0, {}

    def word(self, kind):
        self.number += 1
        word = f'seed{self.number:05d}x'
        self.of.setdefault(kind, []).append(word.encode())
        return word

    def address(self):
        self.number += 1
        address = f'198.51.{self.number // 250 % 250 + 1}.{self.number % 250 + 1}'
        self.of.setdefault('address', []).append(address.encode())
        return address

    def header(self, name, readable):
        if name in ADDRESS_HEADERS:
            address = self.address() if readable else self.word('address')
            return f'{name}: for={address}' if name == 'Forwarded' else f'{name}: {address}'
        kind = 'person' if name in PERSON_HEADERS else name
        word = self.word(kind)
        if name == 'Cookie':
            value = f'sp={self.word("id")}; other={word}; kept=keepme' if readable else f'{word} \x01'.replace('\x01', '"')
        elif name == 'Referer':
            value = f'https://a.example/{word}'
        else:
            value = f'Bearer {word}' if 'uthorization' in name and readable else word
        return f'{name}: {value}'


def request(seeds, path, readable, extra):
    headers = [seeds.header(name, readable) for name in ADDRESS_HEADERS + PERSON_HEADERS + OTHER_HEADERS] + list(extra)
    target = path + ('?u=https://a.example/' if path == '/r/tp2' else '')
    is_post = path.startswith('/com.')
    body = '{"schema":"iglu:com.acme/a/jsonschema/1-0-0","data":{"large":"%s"}}' % ('y' * 3000) if is_post else ''
    return ('%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n%s\r\n%s' % (
        'POST' if is_post else 'GET', target, '\r\n'.join(headers), f'Content-Length: {len(body)}\r\n' if is_post else '', body)).encode()


class Outputs:
    """All that a collector gave away: records, bad rows, logs, metrics, answers."""

    def __init__(self, privacy='', extra=(), inside=''):
        self.seeds, admin = Seeds(), free_port()
        # A small record, so that bad rows that show payloads are among the outputs.
        settings = f'enableDefaultRedirect = true, streams.sink.maxBytes = 2500\n{inside}'
        with CollectorProcess(settings, f'snowline {{ admin.port = {admin}, log.level = trace, privacy {{ {privacy} }} }}') as collector:
            self.answers, self.codes = b'', []
            for path in PATHS:
                for readable in (True, False):
                    answer = collector.exchange(request(self.seeds, path, readable, extra))
                    self.answers += answer
                    self.codes += statuses(answer)
            collector.exchange(b'BREW /' + self.seeds.word('target').encode() + b' HTTP/1.1\r\nHost: a\r\n\r\n')
            self.metrics = collector.exchange(b'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', admin)
            self.records = b'\n'.join(collector.records(1))
            collector.stop()
        # With the sink `stdout`, bad rows are among the lines of the log, in base64.
        self.log = b'\n'.join(as_text(line) for line in collector.log)
        self.is_bad_row = b'size_violation' in self.log

    def found(self, kind, where):
        return [seed for seed in self.seeds.of[kind] if seed in where]

    def count(self, rule, action):
        found = re.search(rb'collector_privacy_requests_total\{rule="%s",action="%s"\} (\d+)' % (rule.encode(), action.encode()), self.metrics)
        return int(found.group(1)) if found else 0


def as_text(line):
    try:
        return base64.b64decode(line, validate=True)
    except ValueError:
        return line.encode()


ALL = ('address', 'person', 'id', *OTHER_HEADERS)


class Anonymity(unittest.TestCase):
    def check_nothing_of(self, outputs, kinds):
        for kind in kinds:
            for where in ('records', 'log', 'metrics'):
                with self.subTest(kind=kind, where=where):
                    self.assertEqual(outputs.found(kind, getattr(outputs, where)), [])

    def test_by_default_events_have_it_and_logs_and_metrics_have_not(self):
        outputs = Outputs()
        self.assertTrue(outputs.is_bad_row)
        for kind in ALL:   # or the search would find nothing anywhere
            self.assertNotEqual(outputs.found(kind, outputs.records), [], kind)
        self.assertNotEqual(outputs.found('address', outputs.log), [])   # of the bad rows
        plain = b'\n'.join(line for line in outputs.log.splitlines() if b'size_violation' not in line)
        for kind in (*ALL, 'target'):
            self.assertEqual(outputs.found(kind, plain + outputs.metrics), [], kind)
        self.assertEqual(sorted(set(outputs.codes)), [200, 302, 404])

    def test_sp_anonymous(self):
        outputs = Outputs(extra=('SP-Anonymous: *',))
        self.assertTrue(outputs.is_bad_row)
        self.check_nothing_of(outputs, ('address', 'person', 'id'))
        self.assertNotIn(b'127.0.0.1', outputs.records)
        self.assertNotIn(b'Set-Cookie', outputs.answers)
        self.assertEqual(outputs.found('person', outputs.answers), [])
        self.assertGreater(outputs.count('sp_anonymous', 'anonymise'), 0)

    def test_signals_anonymise(self):
        for signal, header in (('gpc', 'Sec-GPC: 1'), ('dnt', 'DNT: 1')):
            outputs = Outputs(f'{signal} = anonymise', (header,))
            self.assertTrue(outputs.is_bad_row)
            self.check_nothing_of(outputs, ('address', 'person', 'id'))
            self.assertNotIn(b'127.0.0.1', outputs.records)
            self.assertNotIn(b'Set-Cookie', outputs.answers)
            self.assertGreater(outputs.count(signal, 'anonymise'), 0)

    def test_signals_drop(self):
        for signal, header in (('gpc', 'Sec-GPC: 1'), ('dnt', 'DNT: 1')):
            outputs = Outputs(f'{signal} = drop', (header,))
            self.assertEqual(outputs.records, b'')
            self.check_nothing_of(outputs, (*ALL, 'target'))
            self.assertNotIn(b'Set-Cookie', outputs.answers)
            self.assertEqual(sorted(set(outputs.codes)), [200, 302, 404])   # as ever
            self.assertGreater(outputs.count(signal, 'drop'), 0)

    def test_signals_that_are_not_given_or_ignored_change_nothing(self):
        for privacy, extra in (('gpc = drop, dnt = drop', ()), ('gpc = drop', ('Sec-GPC: 0', 'DNT: 1')), ('', ('Sec-GPC: 1',))):
            outputs = Outputs(privacy, extra)
            self.assertNotEqual(outputs.found('person', outputs.records), [])
        self.assertGreater(outputs.count('gpc', 'ignore'), 0)

    def test_addresses_are_cut_or_dropped(self):
        for policy, left, action in (('truncate', b'198.51.1.0', 'truncate'), ('drop', b'unknown', 'drop')):
            outputs = Outputs(f'ip = {policy}')
            self.assertTrue(outputs.is_bad_row)
            self.check_nothing_of(outputs, ('address',))
            self.assertIn(left, outputs.records)
            self.assertNotIn(b'127.0.0.1', outputs.records)
            self.assertGreater(outputs.count('ip', action), 0)
            self.assertNotEqual(outputs.found('person', outputs.records), [])

    def test_an_address_is_no_partition_key_either(self):
        outputs = Outputs('ip = drop', inside='streams.useIpAddressAsPartitionKey = true')
        self.check_nothing_of(outputs, ('address',))

    def test_headers_that_are_not_listed_are_nowhere(self):
        outputs = Outputs('headers = [x-device, Content-Type]')
        self.assertTrue(outputs.is_bad_row)
        self.check_nothing_of(outputs, ('person', 'X-User', 'User-Agent', 'Referer'))
        self.assertNotEqual(outputs.found('X-Device', outputs.records), [])
        self.assertGreater(outputs.count('headers', 'remove'), 0)

    def test_a_mark_stays(self):
        outputs = Outputs('headers = [], gpc = mark', ('Sec-GPC: 1',))
        self.assertIn(b'Sec-GPC: 1', outputs.records)
        self.check_nothing_of(outputs, ('person', *OTHER_HEADERS))
        self.assertGreater(outputs.count('gpc', 'mark'), 0)

    def test_cookies_that_are_not_listed_are_nowhere(self):
        outputs = Outputs('cookies = [kept]')
        self.assertIn(b'Cookie: kept=keepme', outputs.records)
        lines = b'\n'.join(re.findall(rb'[Cc]ookie: [^\n\x00]*', outputs.records + outputs.log))
        self.assertEqual(outputs.found('person', lines), [])
        self.assertGreater(outputs.count('cookies', 'remove'), 0)


class Statement(unittest.TestCase):
    def test_it_is_there_where_it_is_switched_on(self):
        get = b'GET /.well-known/gpc.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
        with CollectorProcess('', 'snowline.privacy { gpc = drop, gpcLastUpdate = "2026-01-31" }') as collector:
            answer = collector.exchange(get)
            self.assertIn(b'Content-Type: application/json', answer)
            self.assertTrue(answer.endswith(b'\r\n\r\n{"gpc":true,"lastUpdate":"2026-01-31"}'))
            self.assertEqual(collector.records(0), [])
        with CollectorProcess() as collector:   # an event, as at the reference
            self.assertIn(b'image/gif', collector.exchange(get))


if __name__ == '__main__':
    unittest.main()
