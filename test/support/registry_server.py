"""`snowline registry serve` for tests, and a client of it that is no library's: exact bytes out, the answer in."""
import json
import os
import re
import signal
import socket
import subprocess

from support.pipeline import BIN


class RegistryServer:
    """A registry on a free port with its file in `directory`. `super_key` None: the one that it makes itself."""

    def __init__(self, directory, *options, super_key=None, program=None):
        self.directory, self.options = directory, options
        self.key_file = os.path.join(directory, 'super-key')
        if super_key:
            with open(self.key_file, 'w', encoding='ascii') as file:
                file.write(super_key + '\n')
        self.program = program or os.path.join(BIN, 'snowline')
        self.port, self.process = 0, None

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, 'registry', 'serve', '--port', str(self.port), '--data', self.directory, *self.options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        seen = b''
        for line in iter(self.process.stdout.readline, b''):
            seen += line
            match = re.search(rb'registry +http://127\.0\.0\.1:(\d+)/api', line)
            if match:
                self.port = int(match.group(1))
            if line == b'\n' and self.port:  # the greeting's paragraphs
                return self
        raise AssertionError('registry serve ended: ' + seen.decode())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process.stdout.close()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}'

    @property
    def super_key(self):
        with open(self.key_file, encoding='ascii') as file:
            return file.read().strip()

    def send(self, raw, seconds=30):
        """Bytes to the server, the answer as (status, headers in their order, body)."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=seconds) as connection:
            try:
                connection.sendall(raw)
            except OSError:
                pass  # it may answer, and close, before it has read everything
            answer = b''
            while True:
                try:
                    part = connection.recv(65536)
                except ConnectionResetError:
                    break
                if not part:
                    break
                answer += part
        return parse_answer(answer)

    def request(self, method, path, body=None, headers=()):
        lines = [f'{method} {path} HTTP/1.1', f'Host: 127.0.0.1:{self.port}', 'Connection: close']
        lines += [f'{name}: {value}' for name, value in headers]
        if body is not None:
            lines.append(f'Content-Length: {len(body)}')
        return self.send('\r\n'.join(lines).encode() + b'\r\n\r\n' + (body or b''))

    def call(self, method, path, value=None, key=None):
        """JSON in, (status, JSON) out."""
        headers = [('apikey', key)] if key else []
        status, _, body = self.request(method, path, None if value is None else json.dumps(value).encode(), headers)
        return status, json.loads(body) if body[:1] in (b'{', b'[', b'"') else body.decode()


def parse_answer(raw):
    while raw.startswith(b'HTTP/1.1 100'):
        raw = raw[raw.index(b'\r\n\r\n') + 4:]
    head, _, body = raw.partition(b'\r\n\r\n')
    lines = head.decode('latin-1').split('\r\n')
    if not lines[0].startswith('HTTP/1.'):
        return 0, [], raw
    headers = [tuple(line.split(': ', 1)) for line in lines[1:] if ': ' in line]
    return int(lines[0].split(' ')[1]), headers, body
