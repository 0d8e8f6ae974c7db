"""Exchanges with a collector, recorded and played again: exact request bytes in; responses, good records and bad rows out.
What is compared, and what is not, is said in test/golden/README.md."""
import base64
import json
import os
import re
import shlex
import socket
import ssl
import struct
import subprocess
import threading
import time

UUID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')
PAYLOAD_FIELDS = {31337: 'schema', 100: 'ipAddress', 200: 'timestamp', 210: 'encoding', 220: 'collector', 300: 'userAgent',
                  310: 'refererUri', 320: 'path', 330: 'querystring', 340: 'body', 350: 'headers', 360: 'contentType',
                  400: 'hostname', 410: 'networkUserId'}
OWN_FIELDS = ('timestamp', 'collector')  # of a run, not of a request
CORE_HEADERS = ('set-cookie', 'location', 'cache-control', 'p3p', 'content-type')
RECORD = re.compile(rb'[A-Za-z0-9+/=]{41,}')
HUNG_SECONDS, RESPONSE_SECONDS, CLOSE_SECONDS, SETTLE_SECONDS = 1.0, 5.0, 0.12, 0.03


def read_payload(data):
    """The fields of a Thrift struct in the binary protocol by name; text that is no UTF-8 as {'b64': …}."""
    def value(kind, at):
        if kind == 11:
            size, = struct.unpack_from('>i', data, at)
            text, end = data[at + 4:at + 4 + size], at + 4 + size
            try:
                return text.decode(), end
            except UnicodeDecodeError:
                return {'b64': base64.b64encode(text).decode()}, end
        if kind == 10:
            return struct.unpack_from('>q', data, at)[0], at + 8
        if kind == 8:
            return struct.unpack_from('>i', data, at)[0], at + 4
        if kind != 15:
            raise ValueError(f'Thrift type {kind}')
        item_kind, size = struct.unpack_from('>bi', data, at)
        items, at = [], at + 5
        for _ in range(size):
            item, at = value(item_kind, at)
            items.append(item)
        return items, at

    fields, at = {}, 0
    while data[at]:
        kind, number = struct.unpack_from('>bh', data, at)
        fields[PAYLOAD_FIELDS.get(number, str(number))], at = value(kind, at + 3)
    return fields


class Connection:
    """A client that is no library's. `timeout` bounds each read, in seconds."""

    def __init__(self, host, port, tls):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket, server_hostname='localhost')
        self.buffer, self.is_closed = b'', False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False when the other side takes no more."""
        self.socket.settimeout(10)
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def fill(self, deadline):
        left = deadline - time.monotonic()
        if self.is_closed or left <= 0:
            return False
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(65536)
        except (socket.timeout, ssl.SSLWantReadError):
            return False
        except OSError:
            data = b''
        self.is_closed = not data
        self.buffer += data
        return bool(data)

    def response(self, method, timeout):
        deadline = time.monotonic() + timeout
        while b'\r\n\r\n' not in self.buffer:
            if not self.fill(deadline):
                return None
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        status_line, *lines = head.decode('latin-1').split('\r\n')
        headers = [line.split(': ', 1) if ': ' in line else [line, ''] for line in lines]
        code, body = int(status_line.split(' ')[1]), b''
        if code >= 200 and code not in (204, 304) and method != 'HEAD':
            length = int({name.lower(): value for name, value in headers}.get('content-length', -1))
            while (len(self.buffer) < length or length < 0) and self.fill(deadline):
                pass
            if length >= 0:
                body, self.buffer = self.buffer[:length], self.buffer[length:]
        response = {'status_line': status_line, 'headers': headers}
        try:
            return {**response, 'body': body.decode('ascii')}
        except UnicodeDecodeError:
            return {**response, 'body_b64': base64.b64encode(body).decode()}

    def wait_for_close(self, seconds):
        deadline = time.monotonic() + seconds
        while not self.is_closed and time.monotonic() < deadline:
            self.fill(deadline)
        return self.is_closed


class Collector:
    """A collector with the sink `stdout`: base64 lines, good ones on standard output, bad ones on standard error, between its log.
    `command` has `{config}` for the file of its configuration."""

    def __init__(self, command, config, log, port, tls_port=None, host='127.0.0.1'):
        self.host, self.port, self.tls_port = host, port, tls_port
        self.good, self.bad, self.marks, self.seen = [], [], 0, [0, 0]
        self.log_path = log
        self.log = open(log, 'ab')
        self.process = subprocess.Popen(shlex.split(command.format(config=config)), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.readers = [threading.Thread(target=self.read, args=pipe, daemon=True)
                        for pipe in ((self.process.stdout, self.good), (self.process.stderr, self.bad))]
        for reader in self.readers:
            reader.start()

    def __enter__(self):
        try:
            self.wait_until_it_listens()
            self.records()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_until_it_listens(self, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f'the collector does not listen (exit code {self.process.poll()}):\n{self.log_tail()}')

    def read(self, stream, records):
        for line in stream:
            text = line.strip()
            if RECORD.fullmatch(text) and len(text) % 4 == 0:
                records.append(base64.b64decode(text))
            else:
                self.log.write(line)
                self.log.flush()

    def log_tail(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return ''.join(log.readlines()[-20:])

    def records(self, bad_rows=0):
        """(good, bad) since the last call. An event with a mark is sent, and all is there once it has come out."""
        self.marks += 1
        mark, deadline = f'sentinel-{self.marks}-g'.encode(), time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                with Connection(self.host, self.tls_port or self.port, self.tls_port is not None) as connection:
                    connection.send(b'GET /i?nuid=sent&' + mark + b' HTTP/1.1\r\nHost: sentinel\r\n\r\n')
                    if connection.response('GET', RESPONSE_SECONDS):
                        break
            except OSError:
                time.sleep(0.1)
        end = None
        while end is None:
            if time.monotonic() > deadline:
                raise AssertionError(f'the marked event did not come out (exit code {self.process.poll()}):\n{self.log_tail()}')
            end = next((place for place in range(self.seen[0], len(self.good)) if mark in self.good[place]), None)
            time.sleep(0.005)
        late = time.monotonic() + 2
        while len(self.bad) - self.seen[1] < bad_rows and time.monotonic() < late:
            time.sleep(0.005)
        time.sleep(SETTLE_SECONDS)  # a bad row that nobody expects comes on another pipe
        good = [record for record in self.good[self.seen[0]:end] if b'sentinel-' not in record]
        bad = self.bad[self.seen[1]:]
        self.seen = [end + 1, self.seen[1] + len(bad)]
        return good, bad

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for reader in self.readers:
            reader.join()
        for file in (self.process.stdout, self.process.stderr, self.log):
            file.close()


def play(case, host, port, tls):
    """Sends the steps of a case. Returns (responses, whether the server closed the connection)."""
    responses, methods = [], case['methods']
    timeout = RESPONSE_SECONDS if case['responses'] else HUNG_SECONDS
    answered = 0  # a `100 Continue` answers no request

    def receive(connection):
        nonlocal answered
        response = connection.response(methods[min(answered, len(methods) - 1)], timeout)
        responses.append(response)
        answered += response is not None and status(response) != '100'
        return response is not None

    with Connection(host, port, tls) as connection:
        for step in case['request']:
            is_taken = True
            if 'b64' in step:
                is_taken = connection.send(base64.b64decode(step['b64']))
            elif 'repeat' in step:
                character, left = step['repeat']
                while left > 0 and is_taken:
                    is_taken = connection.send(character.encode() * min(left, 65536))
                    left -= 65536
            elif 'sleep' in step:
                time.sleep(step['sleep'][0])
            elif 'read' in step:
                for _ in range(step['read'][0]):
                    receive(connection)
            if not is_taken:
                break
        while answered < len(methods) and receive(connection):
            pass
        return [response for response in responses if response], connection.wait_for_close(CLOSE_SECONDS)


def status(response):
    return response['status_line'].split(' ')[1]


def body(response):
    return response.get('body', response.get('body_b64'))


def compare(case, responses, is_closed, good, bad):
    """(differences that a consumer sees, all others)"""
    core, full = [], []
    compare_responses(case, responses, core, full)
    if is_closed != case['server_closed']:
        full.append(f'connection closed: expected {case["server_closed"]}, found {is_closed}')
    for kind, found, compare_one in (('good records', good, compare_payload), ('bad rows', bad, compare_bad_row)):
        expected = case[kind.split(' ')[0]]
        if len(expected) != len(found):
            core.append(f'{len(expected)} {kind} expected, {len(found)} found')
            continue
        for wanted, raw in zip(expected, found):
            compare_one(wanted, raw, core, full)
    return core, full


def compare_responses(case, responses, core, full):
    expected = [response for response in case['responses'] if response]
    wanted_codes, codes = [status(r) for r in expected], [status(r) for r in responses]
    if wanted_codes != codes:
        core.append(f'status {wanted_codes} expected, {codes} found')
        return
    request = b''.join(base64.b64decode(step['b64']) for step in case['request'] if 'b64' in step)
    for wanted, got in zip(expected, responses):
        seen = core if int(status(wanted)) < 400 else full
        for kept, differences, order in ((is_core_header, seen, sorted), (is_header_of_exchange, full, list)):
            a, b = (order(headers(response, kept, request)) for response in (wanted, got))
            if a != b:
                differences.append(f'headers: expected {[x for x in a if x not in b]}, found {[x for x in b if x not in a]}'
                                   + (' (order)' if sorted(a) == sorted(b) else ''))
        if body(wanted) != body(got):
            seen.append(f'body: expected {str(body(wanted))[:120]!r}, found {str(body(got))[:120]!r}')


def is_core_header(name):
    return name in CORE_HEADERS or name.startswith('access-control-')


def is_header_of_exchange(name):
    return name not in ('server', 'date')


def headers(response, kept, request):
    """Names are lower case; a generated id and a time are replaced. An id that came with the request has to come back."""
    def without_run(value):
        value = re.sub(r'Expires=[^;]+', 'Expires=<EXPIRES>', value)
        return UUID.sub(lambda found: found.group(0) if found.group(0).encode() in request else '<UUID>', value)

    return [[name.lower(), without_run(value)] for name, value in response['headers'] if kept(name.lower())]


def compare_payload(wanted, raw, core, full):
    if wanted.get('payload') is None:
        return
    try:
        got = read_payload(raw)
    except (ValueError, IndexError, struct.error) as error:
        core.append(f'payload is not Thrift: {error!r}')
        return
    for field in PAYLOAD_FIELDS.values():
        if field in OWN_FIELDS or field in wanted.get('volatile', []) and got.get(field):
            continue
        a, b = wanted['payload'].get(field), got.get(field)
        if isinstance(a, dict) and 'long_string' in a:
            a, b = a['bytes'], len((b or '').encode())
        if field == 'headers':  # the first one is an artefact of the reference's HTTP library
            a, b = ([x for x in value or [] if not str(x).startswith('Timeout-Access')] for value in (a, b))
        if a != b:
            (full if field == 'headers' else core).append(f'payload {field}: expected {str(a)[:200]!r}, found {str(b)[:200]!r}')


def compare_bad_row(wanted, raw, core, _):
    def compared(row):
        data = {name: value for name, value in row['data'].items() if name != 'processor'}
        data['failure'] = {name: value for name, value in data['failure'].items() if name != 'timestamp'}
        if 'size_violation' in row['schema']:  # its payload is cut where the reference's representation ends
            data['payload'] = None
            data['failure'].pop('actualSizeBytes', None)
        return [row['schema'], data]

    if 'json' not in wanted:
        return
    try:
        got = json.loads(raw)
    except ValueError as error:
        core.append(f'bad row is not JSON: {error!r}')
        return
    a, b = compared(wanted['json']), compared(got)
    if a != b:
        core.append(f'bad row: expected {str(a)[:300]}, found {str(b)[:300]}')


def make_certificate(folder):
    """Paths of a certificate of `localhost` and its key, made in `folder`."""
    certificate, key = os.path.join(folder, 'cert.pem'), os.path.join(folder, 'key.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-keyout', key, '-out', certificate], check=True, stderr=subprocess.DEVNULL)
    return certificate, key
