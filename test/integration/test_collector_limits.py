"""What one stranger may take: each limit with its code and its counter."""
import collections
import ctypes
import gzip
import os
import re
import resource
import socket
import sys
import tempfile
import time
import unittest
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port, statuses  # noqa: E402

GET = b'GET /i?e=pv HTTP/1.1\r\nHost: a\r\n\r\n'
JSON = b'{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{"e":"pv"}]}'


def post(body, *lines):
    return (b'POST /com.snowplowanalytics.snowplow/tp2 HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n' % len(body)
            + b''.join(line + b'\r\n' for line in lines) + b'\r\n' + body)


def only(request):
    return request.replace(b'Host: a\r\n', b'Host: a\r\nConnection: close\r\n', 1)


class Counted:
    """A collector with a private port, whose counters are asked for."""

    def __init__(self, networking='', own=''):
        self.admin = free_port()
        self.collector = CollectorProcess(f'networking {{ {networking} }}',
                                          f'snowline {{ admin.port = {self.admin}, networking {{ {own} }} }}')

    def __enter__(self):
        self.collector.start()
        return self

    def __exit__(self, *what):
        self.collector.__exit__(*what)

    def __getattr__(self, name):
        return getattr(self.collector, name)

    def count(self, name):
        text = self.collector.exchange(b'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', self.admin, quiet=10)
        found = re.search(re.escape(name.encode()) + rb' (\d+)\n', text)
        return int(found.group(1)) if found else 0

    def memory_peak(self):
        """The most that it ever had, in MiB."""
        with open(f'/proc/{self.collector.process.pid}/status') as status:
            return int(re.search(r'VmHWM:\s+(\d+) kB', status.read()).group(1)) / 1024


def is_served(sock):
    try:
        sock.sendall(GET)
        return b'200 OK' in sock.recv(4096)
    except (ConnectionResetError, BrokenPipeError):
        return False


class Connections(unittest.TestCase):
    def test_an_address_has_so_many_and_no_more(self):
        with Counted(own='maxConnectionsPerAddress = 2') as collector:
            with collector.connect() as first, collector.connect() as second, collector.connect() as third:
                # Which of them is the third one, the kernel decides.
                self.assertEqual(sorted(is_served(sock) for sock in (first, second, third)), [False, True, True])
            deadline, served = time.monotonic() + 10, False
            while not served and time.monotonic() < deadline:   # until the first ones are gone
                with collector.connect() as sock:
                    served = is_served(sock)
            self.assertTrue(served)
            self.assertGreaterEqual(collector.count('collector_http_connections_rejected_total{reason="address_limit"}'), 1)

    def test_those_that_say_nothing_make_room_for_others(self):
        with Counted('maxConnections = 4, idleTimeout = 1 hour') as collector:
            silent = [collector.connect() for _ in range(4)]
            for sock in silent:
                self.assertTrue(is_served(sock))   # so each of them has a place, and is idle from now on
            self.assertEqual(statuses(collector.exchange(only(GET), quiet=9)), [200])
            self.assertGreaterEqual(collector.count('collector_http_connections_rejected_total{reason="made_room"}'), 1)
            for sock in silent:
                sock.close()

    def test_where_nobody_leaves_newcomers_are_told(self):
        with Counted('maxConnections = 2, responseHeaderTimeout = 1 hour') as collector:
            busy = [collector.connect() for _ in range(2)]
            for sock in busy:
                self.assertTrue(is_served(sock))
                sock.sendall(GET[:-2])   # a request on its way makes no room
            for _ in range(3):
                answer = collector.exchange(GET, quiet=9)
                self.assertEqual(statuses(answer), [503])
                self.assertIn(b'\r\nRetry-After: 5\r\n', answer)
                self.assertIn(b'\r\nConnection: close\r\n', answer)
            self.assertEqual(collector.count('collector_http_connections_rejected_total{reason="full"}'), 3)
            for sock in busy:
                sock.sendall(b'\r\n')
                self.assertIn(b'200 OK', sock.recv(4096))
                sock.close()
            self.assertEqual(statuses(collector.exchange(only(GET), quiet=9)), [200])

    def test_who_has_left_while_it_waited_for_a_place_is_forgotten(self):
        with Counted('maxConnections = 1, responseHeaderTimeout = 1 hour') as collector:
            busy = collector.connect()
            self.assertTrue(is_served(busy))
            busy.sendall(GET[:-2])
            for _ in range(100):
                with collector.connect() as sock:
                    sock.sendall(GET)

            def ended(reason):
                return collector.count('collector_http_connections_rejected_total{reason="%s"}' % reason)
            until = time.monotonic() + 30
            while ended('left') + ended('full') < 100 and time.monotonic() < until:
                time.sleep(0.1)
            self.assertEqual(ended('left') + ended('full'), 100)
            self.assertGreater(ended('left'), 0)
            busy.sendall(b'\r\n')
            self.assertIn(b'200 OK', busy.recv(4096))
            while len(collector.good) < 2 and time.monotonic() < until:
                time.sleep(0.01)
            self.assertEqual(len(collector.good), 2)   # the two that were answered
            busy.close()

    def test_with_few_descriptors_everybody_gets_an_answer(self):
        class Few(CollectorProcess):
            wrapper = ('sh', '-c', 'ulimit -n 64; exec "$0" "$@"')
        brokers = ','.join(f'127.0.0.1:{free_port()}' for _ in range(3))  # which nobody is; each takes descriptors
        spool = tempfile.TemporaryDirectory()
        self.addCleanup(spool.cleanup)
        with Few(f'networking {{ idleTimeout = 1 hour }}, streams.sink.brokers = "{brokers}"\n'
                 'preTerminationPeriod = 0 seconds, terminationDeadline = 1 second',
                 f'snowline.spool.path = "{spool.name}"', sink='kafka') as collector:
            slow = [collector.connect() for _ in range(40)]
            for sock in slow:
                sock.sendall(GET[:20])
            socks = []
            for _ in range(200):
                socks.append(collector.connect())
                socks[-1].settimeout(10)  # 4 s are promised; without room for all some had none after 40 s
                socks[-1].sendall(GET)
            answers = collections.Counter(sock.recv(4096)[9:12] for sock in socks)
            self.assertEqual(set(answers) - {b'200', b'503'}, set())
            for sock in slow + socks:
                sock.close()
            until = time.monotonic() + 20
            while statuses(collector.exchange(only(GET), quiet=5)) != [200]:
                self.assertLess(time.monotonic(), until, 'it never serves again')

    def test_without_descriptors_it_waits_and_goes_on(self):
        with Counted('idleTimeout = 1 hour') as collector:
            pid = collector.process.pid
            self.assertEqual(statuses(collector.exchange(GET)), [200])
            used = len(os.listdir(f'/proc/{pid}/fd'))
            _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 3, hard))
            socks = [collector.connect() for _ in range(8)]
            time.sleep(1)
            with open(f'/proc/{pid}/stat') as stat:
                before = sum(map(int, stat.read().split()[13:15]))
            time.sleep(1)
            with open(f'/proc/{pid}/stat') as stat:
                ticks = sum(map(int, stat.read().split()[13:15])) - before
            self.assertLess(ticks, os.sysconf('SC_CLK_TCK') // 2, 'it spins')
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (hard, hard))
            for sock in socks:
                sock.close()
            self.assertEqual(statuses(collector.exchange(only(GET), quiet=5)), [200])
            self.assertGreaterEqual(collector.count('collector_http_connections_rejected_total{reason="accept_error"}'), 1)

    def test_a_connection_serves_so_many_requests(self):
        with Counted(own='maxRequestsPerConnection = 2') as collector:
            answer = collector.exchange(GET * 3)
            self.assertEqual(statuses(answer), [200, 200])
            self.assertEqual(answer.count(b'Connection: close'), 1)

    def test_who_does_not_read_is_cut_off(self):
        with Counted(own='writeTimeout = 500 ms') as collector:
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(('127.0.0.1', collector.port))
            sock.settimeout(10)
            try:
                while True:
                    sock.sendall(GET * 1000)
            except (ConnectionResetError, BrokenPipeError):
                pass   # TimeoutError would be: neither read nor cut
            sock.close()


class Requests(unittest.TestCase):
    def test_headers_are_counted(self):
        with Counted(own='maxHeaderCount = 100') as collector:
            def headers(count):
                return b'GET /i HTTP/1.1\r\nHost: a\r\n' + b'X: y\r\n' * (count - 1) + b'\r\n'
            self.assertEqual(statuses(collector.exchange(headers(100))), [200])
            self.assertEqual(statuses(collector.exchange(headers(101))), [400])
            self.assertEqual(collector.count('collector_http_rejected_total{code="400",reason="headers"}'), 1)

    def test_a_body_that_trickles_is_cut(self):
        with Counted('bodyReadTimeout = 1 hour', 'minBodyRate = 100') as collector, collector.connect() as sock:
            sock.sendall(post(b'')[:-2].replace(b'Length: 0', b'Length: 1000000') + b'\r\n')
            sock.settimeout(0.2)
            answer, deadline = b'', time.monotonic() + 15
            while b'\r\n\r\n' not in answer and time.monotonic() < deadline:
                try:
                    sock.sendall(b'x')
                    answer += sock.recv(4096)
                except TimeoutError:
                    pass
            self.assertEqual(statuses(answer), [408])
            self.assertEqual(collector.count('collector_http_rejected_total{code="408",reason="body_timeout"}'), 1)

    def test_bodies_share_so_many_bytes(self):
        with Counted(own='maxBytesInFlight = 100000') as collector:
            with collector.connect() as first:
                begun = post(b'x' * 150000)
                first.sendall(begun[:-60000])   # 90,000 bytes of its body
                time.sleep(0.3)
                answer = collector.exchange(post(b'x' * 50000), quiet=8)   # it waits a second for room
                self.assertEqual(statuses(answer), [503])
                self.assertIn(b'Retry-After: ', answer)
            time.sleep(0.3)
            self.assertEqual(statuses(collector.exchange(only(post(b'x' * 50000)), quiet=8)), [200])
            self.assertEqual(collector.count('collector_http_rejected_total{code="503",reason="overload"}'), 1)


    def test_who_finds_no_room_waits_a_little(self):
        with Counted(own='maxBytesInFlight = 100000') as collector:
            with collector.connect() as first, collector.connect() as second:
                body = post(b'x' * 95000)
                first.sendall(body[:-5000])
                time.sleep(0.3)
                second.sendall(post(b'y' * 50000))
                time.sleep(0.2)
                first.sendall(body[-5000:])
                for sock in (first, second):
                    sock.settimeout(5)
                    self.assertIn(b'200 OK', sock.recv(4096))


def zstd(data):
    library = ctypes.CDLL('libzstd.so.1')
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    library.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
    library.ZSTD_compress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    out = ctypes.create_string_buffer(library.ZSTD_compressBound(len(data)))
    size = library.ZSTD_compress(out, len(out), data, len(data), 3)
    return out.raw[:size]


class Compression(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.collector = Counted().__enter__()
        cls.addClassCleanup(cls.collector.__exit__)

    def test_bodies_are_stored_as_what_they_stand_for(self):
        for coding, body in ((b'gzip', gzip.compress(JSON)), (b'x-gzip', gzip.compress(JSON)), (b'deflate', zlib.compress(JSON)),
                             (b'deflate', zlib.compress(JSON)[2:-4]), (b'zstd', zstd(JSON)), (b'GZIP', gzip.compress(JSON))):
            with self.subTest(coding=coding):
                before = len(self.collector.good)
                self.assertEqual(statuses(self.collector.exchange(only(post(body, b'Content-Encoding: ' + coding, b'Content-Type: application/json')))), [200])
                record = self.collector.records(before + 1)[-1]
                self.assertIn(JSON, record)
                self.assertNotIn(b'content-encoding', record.lower())

    def test_a_chunked_body_may_be_compressed(self):
        body = gzip.compress(JSON)
        request = (b'POST /com.snowplowanalytics.snowplow/tp2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n'
                   b'%x\r\n' % len(body) + body + b'\r\n0\r\n\r\n')
        self.assertEqual(statuses(self.collector.exchange(request)), [200])

    def test_what_nobody_can_decode_stays_as_it_came(self):
        for coding in (b'br', b'identity', b''):
            self.assertEqual(statuses(self.collector.exchange(only(post(JSON, b'Content-Encoding: ' + coding)))), [200])

    def test_bombs_and_lies_end_in_a_code_that_trackers_drop(self):
        zeros = bytes(8 << 20)
        dense, twice = gzip.compress(zeros), gzip.compress(gzip.compress(bytes(64 << 20)))
        lying = bytearray(gzip.compress(JSON))
        lying[-1] ^= 1
        quiet = self.collector.memory_peak()
        for name, body, coding, reason in (
                ('1000:1', dense, b'gzip', 'decompression_ratio'), ('1000:1, zlib', zlib.compress(zeros), b'deflate', 'decompression_ratio'),
                ('zstd', zstd(zeros), b'zstd', 'decompression_ratio'), ('nested', twice, b'gzip, gzip', 'decoding'),
                ('beyond the limit of a body', gzip.compress(os.urandom(5 << 20).hex().encode(), 1), b'gzip', 'body'),
                ('a lying length', bytes(lying), b'gzip', 'decoding'), ('cut short', dense[:-9], b'gzip', 'decompression_ratio'),
                ('no gzip', JSON, b'gzip', 'decoding'), ('two headers', JSON, b'gzip\r\nContent-Encoding: gzip', 'decoding')):
            with self.subTest(name=name):
                counter = f'collector_http_rejected_total{{code="400",reason="{reason}"}}'
                before = self.collector.count(counter)
                self.assertEqual(statuses(self.collector.exchange(post(body, b'Content-Encoding: ' + coding))), [400])
                self.assertEqual(self.collector.count(counter), before + 1)
        self.assertLess(self.collector.memory_peak(), quiet + 64)

    def test_a_nested_bomb_with_one_coding_is_a_small_body(self):
        nested = gzip.compress(gzip.compress(bytes(64 << 20)))
        self.assertEqual(statuses(self.collector.exchange(only(post(nested, b'Content-Encoding: gzip')))), [200])

    def test_it_can_be_switched_off(self):
        with Counted(own='decompress = false') as collector:
            self.assertEqual(statuses(collector.exchange(post(b'no gzip', b'Content-Encoding: gzip'))), [200])


if __name__ == '__main__':
    unittest.main()
