"""Starts and stops `snowline-collector` for tests, with the sink `stdout`, and reads its records."""
import base64
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get('SNOWLINE_BIN', os.path.join(ROOT, 'build', 'release', 'bin'))


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class CollectorProcess:
    """`settings`: more lines of configuration, below `collector` and at the top."""

    wrapper = ()  # a command that becomes the collector's

    def __init__(self, inside='', outside='', sink='stdout'):
        self.port = free_port()
        self.config = (f'collector {{ interface = "127.0.0.1", port = {self.port}\n'
                       f'streams {{ good = good, bad = bad, sink {{ enabled = {sink} }} }}\n{inside}\n}}\n{outside}\n')
        self.good, self.log = [], []
        self.process, self.readers = None, []

    def start(self, seconds_max=10):
        self.file = tempfile.NamedTemporaryFile('w', suffix='.hocon')
        self.file.write(self.config)
        self.file.flush()
        self.process = subprocess.Popen([*self.wrapper, os.path.join(BIN, 'snowline-collector'), '--config', self.file.name],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for stream, lines in ((self.process.stdout, self.good), (self.process.stderr, self.log)):
            self.readers.append(threading.Thread(target=self._read, args=(stream, lines), daemon=True))
            self.readers[-1].start()
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError('the collector ended: ' + '\n'.join(self.log))
            if any('the collector is listening' in line for line in self.log):
                return self
            time.sleep(0.02)
        raise AssertionError('the collector does not listen: ' + '\n'.join(self.log))

    @staticmethod
    def _read(stream, lines):
        for line in iter(stream.readline, b''):
            lines.append(line.decode('utf-8', 'replace').rstrip('\n'))

    def records(self, count, seconds_max=5):
        """The good records, decoded, as soon as there are so many."""
        deadline = time.monotonic() + seconds_max
        while len(self.good) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return [base64.b64decode(line) for line in self.good]

    def connect(self, port=None, tls=False):
        sock = socket.create_connection(('127.0.0.1', port or self.port), timeout=10)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            sock = context.wrap_socket(sock)
        return sock

    def exchange(self, request, port=None, tls=False, quiet=1):
        """Sends bytes and reads until the server closes or nothing comes for `quiet` seconds."""
        with self.connect(port, tls) as sock:
            sock.sendall(request)
            sock.settimeout(quiet)
            return read_all(sock)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self, seconds_max=20):
        """SIGTERM, twice: the second cuts the pause for load balancers short. Returns the exit code."""
        self.terminate()
        time.sleep(0.1)
        if self.process.poll() is None:
            self.terminate()
        return self.process.wait(timeout=seconds_max)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self.readers:
            reader.join(5)
        for stream in (self.process.stdout, self.process.stderr, self.file):
            stream.close()


def read_all(sock):
    data = b''
    try:
        while True:
            more = sock.recv(65536)
            if not more:
                break
            data += more
    except socket.timeout:
        pass
    return data


def statuses(answer):
    """The status of each answer in a stream of them."""
    return [int(part.split(b' ', 1)[0]) for part in answer.split(b'HTTP/1.1 ')[1:]]
