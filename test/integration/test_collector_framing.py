"""No byte of one request is ever read as another: the table of framing cases over a raw socket."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, read_all, statuses  # noqa: E402
from framing_cases import CASES, HIDDEN, NEXT, REMAINS, Case, get  # noqa: E402


def read_answers(sock, case):
    """(bytes, whether the server closed): reads to the end, or until a connection that stays open is silent."""
    data = b''
    while True:
        sock.settimeout(0.04 if case.open and len(statuses(data)) >= len(case.answers) else 3)
        try:
            more = sock.recv(65536)
        except TimeoutError:
            return data, False
        except ConnectionResetError:   # closed while more of the request came
            return data, True
        if not more:
            return data, True
        data += more


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.collector = CollectorProcess().start()
        cls.addClassCleanup(cls.collector.__exit__)

    def play(self, case, pieces):
        size = max(1, len(case.request) // pieces)
        with self.collector.connect() as sock:
            for begin in range(0, len(case.request), size):
                try:
                    sock.sendall(case.request[begin:begin + size])
                except OSError:   # it has heard enough
                    break
            return read_answers(sock, case)

    def check(self, case, pieces):
        data, closed = self.play(case, pieces)
        self.assertEqual(statuses(data), case.answers, data[:400])
        self.assertEqual(closed, not case.open)
        if not case.open:
            self.assertIn(b'Connection: close', data.rsplit(b'HTTP/1.1 ', 1)[-1])

    def test_the_table(self):
        self.assertGreater(len(CASES), 150)
        for pieces in (1, 7):
            for case in CASES:
                with self.subTest(case=case.name, pieces=pieces):
                    self.check(case, pieces)
        records = self.collector.records(0)
        nexts = sum(NEXT in case.request for case in CASES)
        self.assertEqual(sum(b'/next/x' in record for record in records), 2 * nexts)
        for record in records:   # bodies hold the hidden request; no path, no header does
            self.assertNotIn(b'/hidden/x\x0b', record)
            self.assertNotIn(b'hidden.example', record)

    def test_an_unknown_method_is_answered_on_a_connection_that_was_kept(self):
        for line, status in ((b'FOO / HTTP/1.1', 501), (b'get /i HTTP/1.1', 501), (b'M' * 17 + b' / HTTP/1.1', 400)):
            with self.subTest(line=line), self.collector.connect() as sock:
                sock.sendall(get())
                self.assertTrue(sock.recv(65536).startswith(b'HTTP/1.1 200 '))
                sock.sendall(line + b'\r\nHost: a\r\n\r\n')
                answer = read_all(sock)
                self.assertEqual(statuses(answer), [status])
                self.assertIn(b'\r\nConnection: close\r\n', answer)
                self.assertTrue(answer.endswith(b'\r\n\r\nUnsupported HTTP method'))

    def test_the_rest_of_a_body_behind_its_request_is_not_answered(self):
        for rest in REMAINS:
            for pieces in (1, 40):
                case = Case('rest', get() + rest + HIDDEN, [200], False)
                with self.subTest(rest=rest, pieces=pieces):
                    data, closed = self.play(case, pieces)
                    self.assertEqual((statuses(data), closed), ([200], True))
            with self.subTest(rest=rest, place='first'):   # nobody is left to guess whose it is
                self.assertIn(statuses(self.collector.exchange(rest + HIDDEN)), ([400], [501]))


if __name__ == '__main__':
    unittest.main()
