"""The collector as a process: what only sockets, signals and clocks can show."""
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port, read_all, statuses  # noqa: E402

GET = b'GET /i?e=pv HTTP/1.1\r\nHost: a\r\n\r\n'


def post(lines, body=b''):
    return b'POST /a/b HTTP/1.1\r\nHost: a\r\n' + lines + b'\r\n' + body


class Framing(unittest.TestCase):
    """No byte of one request is ever read as another."""

    @classmethod
    def setUpClass(cls):
        cls.collector = CollectorProcess().start()
        cls.addClassCleanup(cls.collector.__exit__)

    def test_what_hides_a_request_is_refused_once_and_the_connection_is_closed(self):
        hidden = b'GET /hidden/x HTTP/1.1\r\nHost: a\r\n\r\n'
        for lines in (b'Transfer-Encoding: gzip\r\n', b'Transfer-Encoding: xchunked\r\n',
                      b'Transfer-Encoding: chunked, chunked\r\n', b'Transfer-Encoding: ,chunked\r\n',
                      b'Transfer-Encoding: identity\r\nContent-Length: 0\r\n',
                      b'Transfer-Encoding: chunked\r\nContent-Length: 0\r\n',
                      b'Content-Length: 0\r\nContent-Length: 5\r\n', b'Content-Length: 0, 0\r\n',
                      b'Content-Length : 0\r\n', b'Content-Length: +0\r\n', b'X: a\rContent-Length: 5\r\n'):
            with self.subTest(lines=lines):
                answer = self.collector.exchange(post(lines, b'0\r\n\r\n' + hidden))
                self.assertEqual(statuses(answer), [400])
                self.assertIn(b'Connection: close', answer)
        self.assertFalse([r for r in self.collector.records(0) if b'hidden' in r])

    def test_pipelined_requests_are_answered_in_their_order(self):
        answer = self.collector.exchange(
            b'GET /a/b?n=1 HTTP/1.1\r\nHost: a\r\n\r\n' + post(b'Transfer-Encoding: chunked\r\n', b'2\r\n{}\r\n0\r\nHost: evil\r\n\r\n')
            + b'GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /' + b'GET /nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        self.assertEqual(statuses(answer), [200, 200, 200, 404])
        self.assertFalse([r for r in self.collector.records(0) if b'evil' in r])

    def test_100_continue_is_sent_for_a_body_that_is_wanted(self):
        with self.collector.connect() as sock:
            sock.sendall(post(b'Expect: 100-continue\r\nContent-Length: 2\r\n'))
            self.assertIn(b'100 Continue', sock.recv(4096))
            sock.sendall(b'{}')
            self.assertIn(b'200 OK', sock.recv(4096))
        answer = self.collector.exchange(b'PUT /a/b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
        self.assertEqual(statuses(answer), [404])

    def test_a_body_beyond_the_limit_is_answered_and_dropped(self):
        answer = self.collector.exchange(post(b'Content-Length: 8388609\r\n', b'x' * 100000))
        self.assertEqual(statuses(answer), [400])

    def test_bytes_may_come_one_by_one(self):
        with self.collector.connect() as sock:
            for byte in post(b'Transfer-Encoding: chunked\r\n', b'2\r\n{}\r\n0\r\n\r\n'):
                sock.sendall(bytes([byte]))
            self.assertIn(b'200 OK', sock.recv(4096))


class Limits(unittest.TestCase):
    def test_3x_limits_have_3x_codes(self):
        with CollectorProcess('networking { maxRequestLineLength = 200, maxHeadersLength = 300, '
                              'maxPayloadSize = 50, dropPayloadSize = 100 }') as collector:
            for request, status in ((b'GET /i?' + b'x' * 300 + b' HTTP/1.1\r\nHost: a\r\n\r\n', 400),
                                    (b'GET /i HTTP/1.1\r\nHost: a\r\nX: ' + b'x' * 600 + b'\r\n\r\n', 400),
                                    (post(b'Content-Length: 50\r\n', b'x' * 50), 200),
                                    (post(b'Content-Length: 51\r\n', b'x' * 51), 200),
                                    (post(b'Content-Length: 101\r\n', b'x' * 101), 413)):
                self.assertEqual(statuses(collector.exchange(request)), [status], request[:40])
            self.assertEqual(len(collector.records(1)), 1)

    def test_who_is_slow_is_cut_off(self):
        with CollectorProcess('networking { idleTimeout = 500 ms, responseHeaderTimeout = 700 ms, bodyReadTimeout = 700 ms }') as collector:
            for request, expected in ((b'', []), (b'GET /i HTTP/1.1\r\nHo', [408]), (post(b'Content-Length: 9\r\n', b'x'), [408])):
                with collector.connect() as sock:
                    sock.sendall(request)
                    began = time.monotonic()
                    self.assertEqual(statuses(read_all(sock)), expected, request)
                    self.assertLess(time.monotonic() - began, 3)

    def test_connections_beyond_the_limit_wait_for_others_to_end(self):
        with CollectorProcess('networking { maxConnections = 2 }') as collector:
            # A loop that waits in accept takes one more than the limit.
            held = [collector.connect() for _ in range(6)]
            time.sleep(0.3)
            with collector.connect() as late:
                late.sendall(GET)
                late.settimeout(0.5)
                self.assertRaises(socket.timeout, late.recv, 100)
                for sock in held:
                    sock.close()
                late.settimeout(5)
                self.assertIn(b'200 OK', late.recv(100))


class Stopping(unittest.TestCase):
    def test_what_has_begun_is_answered_and_the_exit_code_is_0(self):
        with CollectorProcess('preTerminationPeriod = 300 ms') as collector:
            begun, idle = collector.connect(), collector.connect()
            idle.sendall(GET)
            self.assertIn(b'200 OK', idle.recv(4096))
            begun.sendall(post(b'Content-Length: 4\r\n', b'{"'))
            collector.terminate()
            time.sleep(0.15)
            self.assertEqual(statuses(collector.exchange(GET)), [200])   # still served, for load balancers
            time.sleep(0.5)
            self.assertRaises(OSError, collector.connect)
            begun.sendall(b'":')
            answer = read_all(begun)
            self.assertEqual(statuses(answer), [200])
            self.assertIn(b'Connection: close', answer)
            self.assertEqual(idle.recv(100), b'')
            self.assertEqual(collector.process.wait(10), 0)
            self.assertEqual(len(collector.records(3)), 3)
            begun.close()
            idle.close()

    def test_health_turns_bad_first_where_so_configured(self):
        with CollectorProcess('preTerminationPeriod = 5 seconds, preTerminationUnhealthy = true') as collector:
            health = b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n'
            self.assertEqual(statuses(collector.exchange(health)), [200])
            collector.terminate()
            time.sleep(0.3)
            self.assertEqual(statuses(collector.exchange(health)), [503])
            began = time.monotonic()
            collector.terminate()   # enough
            self.assertEqual(collector.process.wait(10), 0)
            self.assertLess(time.monotonic() - began, 3)

    def test_a_port_in_use_is_an_error_that_names_it(self):
        with CollectorProcess() as first:
            second = CollectorProcess()
            second.config = first.config
            with self.assertRaises(AssertionError) as failure:
                second.start()
            self.assertIn(f'cannot listen on 127.0.0.1 port {first.port}: Address already in use', str(failure.exception))
            self.assertEqual(second.process.wait(5), 1)
            second.__exit__()


class Delivery(unittest.TestCase):
    def test_without_a_log_the_answer_is_503_in_time(self):
        with CollectorProcess(f'streams.sink.brokers = "127.0.0.1:{free_port()}"', sink='kafka') as collector:
            with collector.connect() as sock:
                began = time.monotonic()
                sock.sendall(GET)
                answer = sock.recv(4096)
                self.assertLess(time.monotonic() - began, 4)
            self.assertEqual(statuses(answer), [503])
            self.assertIn(b'\r\nRetry-After: ', answer)
            self.assertEqual(statuses(collector.exchange(b'GET /sink-health HTTP/1.1\r\nHost: a\r\n\r\n')), [503])
            self.assertEqual(statuses(collector.exchange(b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')), [200])


class Tls(unittest.TestCase):
    def make(self, name):
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', f'/CN={name}',
                        '-keyout', self.key + '.new', '-out', self.certificate + '.new'], check=True, stderr=subprocess.DEVNULL)
        os.replace(self.key + '.new', self.key)
        os.replace(self.certificate + '.new', self.certificate)

    def test_certificates_are_read_again_when_they_change(self):
        with tempfile.TemporaryDirectory() as directory:
            self.key, self.certificate = directory + '/key.pem', directory + '/cert.pem'
            self.make('first.example')
            tls_port = free_port()
            with CollectorProcess(f'ssl {{ enable = true, port = {tls_port} }}',
                                  f'snowline.tls {{ certificate = "{self.certificate}", privateKey = "{self.key}" }}') as collector:
                def subject():
                    with collector.connect(tls_port, tls=True) as sock:
                        return sock.getpeercert(binary_form=True)
                first = subject()
                self.assertIn(b'first.example', first)
                self.assertEqual(statuses(collector.exchange(GET, tls_port, tls=True)), [200])
                kept = collector.connect(tls_port, tls=True)
                self.make('second.example')
                deadline = time.monotonic() + 8
                while b'second.example' not in subject() and time.monotonic() < deadline:
                    time.sleep(0.2)
                self.assertIn(b'second.example', subject())
                kept.sendall(GET)   # what is open goes on
                self.assertIn(b'200 OK', kept.recv(4096))
                kept.close()
                with open(self.certificate, 'w') as broken:
                    broken.write('no certificate')
                time.sleep(2.5)
                self.assertIn(b'second.example', subject())

    def test_only_what_is_safe_is_spoken(self):
        with tempfile.TemporaryDirectory() as directory:
            self.key, self.certificate = directory + '/key.pem', directory + '/cert.pem'
            self.make('collector.example')
            tls_port = free_port()
            with CollectorProcess(f'ssl {{ enable = true, port = {tls_port} }}',
                                  f'snowline.tls {{ certificate = "{self.certificate}", privateKey = "{self.key}" }}'):
                def spoken(*options):
                    """Protocol and cipher, or None where there is no agreement."""
                    done = subprocess.run(['openssl', 's_client', '-connect', f'127.0.0.1:{tls_port}', '-brief', *options],
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                    found = re.search(r'Protocol version: (\S+)\nCiphersuite: (\S+)', done.stdout)
                    return found.groups() if found else None
                weak = ('-cipher', 'ALL:@SECLEVEL=0')
                self.assertIsNone(spoken('-tls1', *weak))
                self.assertIsNone(spoken('-tls1_1', *weak))
                for cipher in ('AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-SHA384', 'NULL'):
                    self.assertIsNone(spoken('-tls1_2', '-cipher', cipher + ':@SECLEVEL=0'), cipher)
                for curve in ('secp521r1', 'secp256k1', 'X448'):
                    self.assertIsNone(spoken('-curves', curve), curve)
                for curve in ('X25519', 'P-256', 'P-384'):
                    self.assertEqual(spoken('-curves', curve)[0], 'TLSv1.3')
                for cipher in ('ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-CHACHA20-POLY1305'):
                    self.assertEqual(spoken('-tls1_2', '-cipher', cipher), ('TLSv1.2', cipher))

    def test_a_handshake_has_its_time(self):
        with tempfile.TemporaryDirectory() as directory:
            self.key, self.certificate = directory + '/key.pem', directory + '/cert.pem'
            self.make('collector.example')
            tls_port = free_port()
            with CollectorProcess(f'ssl {{ enable = true, port = {tls_port} }}',
                                  f'snowline {{ tls {{ certificate = "{self.certificate}", privateKey = "{self.key}" }}, '
                                  'networking.handshakeTimeout = 300 ms }') as collector:
                with collector.connect(tls_port) as sock:
                    sock.sendall(b'\x16\x03\x01')   # and no more
                    self.assertEqual(sock.recv(100), b'')   # closed, and not after the 10 s of `connect`


class Statsd(unittest.TestCase):
    """The same requests as were recorded at the reference, and the same lines."""

    def test_lines_are_the_references(self):
        agent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        agent.bind(('127.0.0.1', 0))
        agent.settimeout(0.2)
        lines, stop = [], threading.Event()

        def receive():
            while not stop.is_set():
                try:
                    lines.extend(agent.recv(65536).decode().splitlines())
                except socket.timeout:
                    pass

        receiver = threading.Thread(target=receive)
        receiver.start()
        with CollectorProcess('monitoring.metrics.statsd { enabled = true, hostname = "127.0.0.1", port = %d, '
                              'period = 1 second, tags = { app = collector, env = test } }' % agent.getsockname()[1]) as collector:
            for request in [GET] * 3 + [post(b'Content-Length: 5\r\n', b'12345'),
                                        b'GET /nope HTTP/1.1\r\nHost: a\r\n\r\n', b'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n',
                                        b'OPTIONS /a/b HTTP/1.1\r\nHost: a\r\n\r\n', b'HEAD /i HTTP/1.1\r\nHost: a\r\n\r\n',
                                        b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n']:
                with collector.connect() as sock:
                    sock.sendall(request)
                    sock.recv(65536)
            time.sleep(1.3)
            self.assertEqual(collector.stop(), 0)
        stop.set()
        receiver.join()
        agent.close()
        tags = '#app:collector,env:test'
        sums = {}
        for line in lines:
            name, rest = line.split(':', 1)
            value, kind, labels = rest.split('|')
            if name.endswith('_duration'):
                value = '0'
            sums[(name, kind, labels)] = sums.get((name, kind, labels), 0) + int(value)
        prefix = 'snowplow.collector.'
        for (name, kind, labels), value in {
                ('requests_count', 'c', 'method:GET'): 5, ('requests_count', 'c', 'method:POST'): 1,
                ('requests_count', 'c', 'method:OPTIONS'): 1, ('requests_count', 'c', 'method:HEAD'): 1,
                ('requests_active', 'c', 'method:GET'): 0, ('requests_bytes', 'd', 'method:POST'): 5,
                ('responses_count', 'c', 'status:2xx,method:GET'): 4, ('responses_count', 'c', 'status:4xx,method:GET'): 1,
                ('responses_bytes', 'd', 'status:2xx,method:HEAD'): 43, ('responses_bytes', 'd', 'status:4xx,method:GET'): 13,
                ('responses_duration', 'd', 'status:2xx,method:POST'): 0}.items():
            self.assertEqual(sums.get((prefix + name, kind, f'{tags},{labels}')), value, (name, labels))


class Admin(unittest.TestCase):
    def test_the_private_port_counts(self):
        port = free_port()
        with CollectorProcess('', f'snowline.admin.port = {port}') as collector:
            collector.exchange(GET + b'BREW / HTTP/1.1\r\nHost: a\r\n\r\n')
            collector.exchange(b'BREW / HTTP/1.1\r\nHost: a\r\n\r\n')
            metrics = collector.exchange(b'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', port)
            self.assertIn(b'collector_http_requests_total{endpoint="pixel",method="GET",code="200"} 1', metrics)
            self.assertIn(b'collector_http_rejected_total{code="501",reason="malformed"} 2', metrics)
            self.assertEqual(statuses(collector.exchange(b'GET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', port)), [200])


if __name__ == '__main__':
    unittest.main()
