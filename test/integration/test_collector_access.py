"""Who may write: rates, allow-lists, and whose word on a client's address counts."""
import os
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port, read_all, statuses  # noqa: E402


def get(*lines, target='/i?e=pv'):
    return f'GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{"".join(line + chr(13) + chr(10) for line in lines)}\r\n'.encode()


def post(aid, *lines):
    body = '{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{"e":"pv","aid":"%s"}]}' % aid
    head = ''.join(line + '\r\n' for line in lines)
    return (f'POST /com.snowplowanalytics.snowplow/tp2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{head}'
            f'Content-Length: {len(body)}\r\n\r\n{body}').encode()


def collector_with(access):
    return CollectorProcess('', f'snowline.access {{ {access} }}')


def answers_to_a_stranger(collector, request):
    """Closed with unread bytes, a connection may be reset."""
    try:
        return statuses(collector.exchange(request))
    except (ConnectionResetError, BrokenPipeError):
        return []


class Rates(unittest.TestCase):
    def test_an_address_that_writes_too_much_waits(self):
        with collector_with('rate.perAddress { requestsPerSecond = 1, burst = 3 }') as collector:
            answers = [collector.exchange(post('shop', 'Origin: https://shop.example')) for _ in range(6)]
            codes = [statuses(answer)[0] for answer in answers]
            self.assertEqual(codes[:3], [200, 200, 200])
            self.assertIn(429, codes[3:])
            late = answers[codes.index(429)]
            self.assertIn(b'Retry-After: 1\r\n', late)
            self.assertIn(b'Access-Control-Allow-Origin: https://shop.example\r\n', late)   # the page may read it
            self.assertEqual(statuses(collector.exchange(get(target='/health'))), [200])

    def test_a_body_is_not_read_before_the_rate_is_known(self):
        with collector_with('rate.perAddress { requestsPerSecond = 1, burst = 1 }') as collector:
            collector.exchange(get())
            unfinished = b'POST /a/b HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n'
            self.assertEqual(statuses(collector.exchange(unfinished)), [429])

    def test_an_app_that_writes_too_much_waits_alone(self):
        with collector_with('rate.perAppId { requestsPerSecond = 1, burst = 2 }') as collector:
            codes = [statuses(collector.exchange(post('shop')))[0] for _ in range(5)]
            self.assertEqual(codes[:2], [200, 200])
            self.assertIn(429, codes[2:])
            self.assertEqual(statuses(collector.exchange(post('other'))), [200])


class AllowLists(unittest.TestCase):
    def test_who_is_not_listed_is_refused_for_good(self):
        with collector_with('origins = ["shop.example"], appIds = [shop], paths = ["/com.snowplowanalytics.snowplow/tp2"]') as collector:
            self.assertEqual(statuses(collector.exchange(post('shop', 'Origin: https://www.shop.example'))), [200])
            refused = collector.exchange(post('shop', 'Origin: https://evil.example'))
            self.assertEqual(statuses(refused), [403])
            self.assertIn(b'Access-Control-Allow-Origin: https://evil.example\r\n', refused)   # or its tracker sends it for ever
            self.assertEqual(statuses(collector.exchange(post('other'))), [403])
            self.assertEqual(statuses(collector.exchange(get(target='/wp-admin/setup.php'))), [404])
            self.assertEqual(statuses(collector.exchange(get(target='/i?e=pv&aid=shop'))), [200])
            self.assertEqual(len(collector.records(2)), 2)

    def test_scanners_leave_nothing(self):
        with CollectorProcess('', f'snowline.admin.port = {(admin := free_port())}') as collector:
            for target in ('/.env', '/wp-login.php', '/cgi-bin/luci/;stok=/x', '/a/b/c', '/vendor/phpunit/phpunit/src/x.php', '//x', '/x/'):
                self.assertEqual(statuses(collector.exchange(get(target=target))), [404])
            metrics = collector.exchange(b'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', admin)
            self.assertIn(b'collector_http_requests_total{endpoint="none",method="GET",code="404"} 7', metrics)
            self.assertEqual(collector.records(0), [])
            self.assertEqual([line for line in collector.log if not line.startswith('20')], [])   # no bad row among the log's lines


class Proxies(unittest.TestCase):
    def address(self, collector, request):
        """What the event says of its client."""
        before = len(collector.good)
        self.assertEqual(statuses(collector.exchange(request)), [200])
        return collector.records(before + 1)[-1][7:].split(b'\n')[0].split(b'\x0a\x00\xc8')[0].decode()

    def test_nobody_named_is_as_the_reference(self):
        with collector_with('') as collector:
            self.assertEqual(self.address(collector, get('X-Forwarded-For: 6.6.6.6, 1.1.1.1')), '6.6.6.6')

    def test_a_named_proxy_is_believed_and_nobody_else(self):
        with collector_with('proxies = ["127.0.0.0/8"]') as collector:
            self.assertEqual(self.address(collector, get('X-Forwarded-For: 6.6.6.6, 1.1.1.1, 127.0.0.9')), '1.1.1.1')
            self.assertEqual(self.address(collector, get()), '127.0.0.1')
        with collector_with('proxies = ["10.0.0.0/8"]') as collector:
            self.assertEqual(self.address(collector, get('X-Forwarded-For: 6.6.6.6', 'X-Real-Ip: 6.6.6.6')), '127.0.0.1')
        with collector_with('proxies = ["127.0.0.1"], addressHeader = CF-Connecting-IP') as collector:
            self.assertEqual(self.address(collector, get('X-Forwarded-For: 6.6.6.6', 'CF-Connecting-IP: 1.1.1.1')), '1.1.1.1')

    def test_the_proxy_protocol_is_asked_for(self):
        v2 = b'\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c' + socket.inet_aton('1.1.1.1') + socket.inet_aton('2.2.2.2') + b'\x10\x00\x00\x50'
        with collector_with('proxies = ["127.0.0.1"], proxyProtocol = true') as collector:
            self.assertEqual(self.address(collector, b'PROXY TCP4 1.1.1.1 2.2.2.2 4096 80\r\n' + get()), '1.1.1.1')
            self.assertEqual(self.address(collector, v2 + get()), '1.1.1.1')
            self.assertEqual(self.address(collector, b'PROXY UNKNOWN\r\n' + get()), '127.0.0.1')
            for first in (b'', b'PROXY NOTHING\r\n', b'GET / HTTP/1.1\r\n'):
                self.assertEqual(answers_to_a_stranger(collector, first + get()), [])
            with collector.connect() as sock:   # byte by byte
                for byte in v2 + get():
                    sock.sendall(bytes([byte]))
                sock.settimeout(5)
                self.assertEqual(statuses(read_all(sock)), [200])
        with collector_with('proxies = ["10.0.0.1"], proxyProtocol = true') as collector:
            self.assertEqual(answers_to_a_stranger(collector, b'PROXY TCP4 1.1.1.1 2.2.2.2 4096 80\r\n' + get()), [])


if __name__ == '__main__':
    unittest.main()
