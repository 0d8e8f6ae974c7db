#!/usr/bin/env python3
"""Plays the recorded exchanges with the reference's collector against a collector, and compares. Standard library only.

  test/golden/check_collector.py --command 'build/release/bin/snowline-collector --config {config}'
                                 [--groups 'get,post,…' or '!f-*'] [--known FILE] [--vectors DIR] [--show N] [--json OUT] [NAME…]

Each recording NAME.jsonl has its configuration NAME.hocon beside it. Ports are free ones, the sink is `stdout`, a certificate is
made for those with TLS. Several collectors run beside each other, since an exchange mostly waits. What is compared:
test/golden/README.md. The last line is `N passed, N failed`, by what a consumer sees.
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import socket
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test'))
from support import collector_exchanges, golden  # noqa: E402

RECORDED_TLS_PORT = 29443  # stands in redirects to https
CASES_OF_A_PROCESS, PROCESSES = 50, 6


def is_chosen(group, wanted):
    """`wanted`: patterns with commas between them; `!pattern` leaves out."""
    patterns = wanted.split(',')
    left_out = [pattern[1:] for pattern in patterns if pattern.startswith('!')]
    taken = [pattern for pattern in patterns if not pattern.startswith('!')] or ['*']
    return any(fnmatch.fnmatch(group, p) for p in taken) and not any(fnmatch.fnmatch(group, p) for p in left_out)


class FreePorts:
    """Ports that nobody listens on, each given once: a collector that shares its port with another one would not notice."""

    def __init__(self):
        self.given, self.lock = set(), threading.Lock()

    def take(self, host):
        """None where the machine has no such address."""
        with self.lock:
            while True:
                try:
                    with socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET) as listener:
                        listener.bind((host, 0))
                        port = listener.getsockname()[1]
                except OSError:
                    return None
                if port not in self.given:
                    self.given.add(port)
                    return port


class Player:
    def __init__(self, options, vectors, scratch):
        self.options, self.vectors, self.scratch = options, vectors, scratch
        self.report, self.ports, self.certificate = golden.Report(options), FreePorts(), None

    def read(self, name):
        """(what the recording says of itself, its cases)"""
        first, *lines = golden.read_lines(self.vectors, name)
        cases = [case for case in map(json.loads, lines) if is_chosen(case['group'], self.options.groups)]
        return json.loads(first)['meta'], cases

    def configuration(self, name, meta, port, tls_port, number):
        with open(os.path.join(self.vectors, name + '.hocon'), encoding='utf-8') as file:
            text = file.read()
        text += f'\ncollector {{ port = {port}, streams.sink.enabled = stdout, preTerminationPeriod = 0 ms }}\n'
        if meta['tls_port']:
            certificate, key = self.certificate
            text += f'collector.ssl.port = {tls_port}\n'
            text += f'snowline.tls {{ certificate = "{certificate}", privateKey = "{key}" }}\n'
        path = os.path.join(self.scratch, f'{name}-{number}.hocon')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def play_some(self, name, meta, cases, number):
        """Verdicts of some cases of a recording, in a process of their own."""
        host, counts = meta['listen'][0], collections.Counter()
        port, tls_port = self.ports.take(host), self.ports.take(host) if meta['tls_port'] else None
        config = self.configuration(name, meta, port, tls_port, number)
        with collector_exchanges.Collector(self.options.command, config, config + '.log', port, tls_port, host) as collector:
            for case in cases:
                core, full = self.play(collector, case)
                counts[self.report.judge(case['id'], (), case['desc'], core, full)] += 1
        self.report.judge_exit(name, collector.process.returncode, counts)
        return counts

    def play(self, collector, case):
        try:
            port = collector.tls_port if case['tls'] else collector.port
            responses, is_closed = collector_exchanges.play(case, collector.host, port, case['tls'])
            good, bad = collector.records(len(case['bad']))
        except OSError as error:
            return [f'connection: {error!r}'], []
        if collector.tls_port:
            responses = [with_recorded_port(response, collector.tls_port) for response in responses]
        return collector_exchanges.compare(case, responses, is_closed, good, bad)

    def play_all(self, names):
        recordings = {name: self.read(name) for name in names}
        if any(meta['tls_port'] for meta, _ in recordings.values()):
            self.certificate = collector_exchanges.make_certificate(self.scratch)
        jobs = collections.defaultdict(list)
        with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
            for name, (meta, cases) in sorted(recordings.items(), key=lambda item: -len(item[1][1])):
                if self.ports.take(meta['listen'][0]) is None:
                    print(f'{name}: absent: this machine has no address {meta["listen"][0]}, {len(cases)} cases were not run')
                    continue
                for start in range(0, len(cases), CASES_OF_A_PROCESS):
                    some = cases[start:start + CASES_OF_A_PROCESS]
                    jobs[name].append(pool.submit(self.play_some, name, meta, some, start))
            for name in sorted(jobs):
                self.report.line(name, sum((job.result() for job in jobs[name]), collections.Counter()))
        return self.report.end()


def with_recorded_port(response, tls_port):
    """A response as it would be if TLS had the port of the recording. Free ports have five digits, as that one: lengths hold."""
    def replaced(text):
        return text.replace(f':{tls_port}/', f':{RECORDED_TLS_PORT}/')

    changed = {**response, 'headers': [[name, replaced(value)] for name, value in response['headers']]}
    return {**changed, 'body': replaced(response['body'])} if 'body' in response else changed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    golden.add_options(parser)
    parser.add_argument('--groups', default='*')
    parser.add_argument('names', nargs='*', metavar='NAME', help='recordings (default: all)')
    options = parser.parse_args()
    vectors = options.vectors or golden.folder('collector')
    with tempfile.TemporaryDirectory(prefix='snowline-golden-') as scratch:
        return Player(options, vectors, scratch).play_all(options.names or golden.names(vectors))


if __name__ == '__main__':
    sys.exit(main())
