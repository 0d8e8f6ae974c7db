#!/usr/bin/env python3
"""The collector beside a raw epoll loop and a bare librdkafka producer, in one run, on a real Kafka.

  bench/collector/compare.py [--seconds 10] [--rounds 3] [--only kafka|stdout|paced|start]

Needs `script/build release`, `script/bootstrap --full` (wrk, Java, Maven) and the requests of ../shared/bench/collector.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'test' / 'support'))
from kafka_node import KafkaNode, free_port  # noqa: E402

SHARED = pathlib.Path(os.environ.get('SNOWLINE_SHARED', ROOT.parent / 'shared')) / 'bench' / 'collector'
CONNECTIONS = 512
PACED_RATE, PACED_CONNECTIONS = 3000, 64
TICKS = os.sysconf('SC_CLK_TCK')
WORKS = {'get': 'GET', 'post1': 'POST, 1 event', 'post10': 'POST, 10 events'}
KAFKA_MOST = {'get': 5, 'post1': 6, 'post10': 10}   # times the floor's GET
STDOUT_GET_MOST, PACED_MOST, RSS_MB_MOST, START_MS_MOST = 3, 2, 60, 50


class Server:
    def __init__(self, command, port, **streams):
        self.port = port
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **streams)

    def wait(self, seconds_max=20):
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            try:
                socket.create_connection(('127.0.0.1', self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.001)
        raise SystemExit('the server does not listen')

    def cpu_s(self):
        fields = pathlib.Path(f'/proc/{self.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_mb(self):
        """The most that it ever had."""
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        return int(status.split('VmHWM:')[1].split()[0]) / 1024

    def stop(self):
        for _ in range(2):   # the second one cuts the pause for load balancers short
            self.process.send_signal(signal.SIGTERM)
            time.sleep(0.1)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Bench:
    def __init__(self, options, directory):
        self.options, self.directory = options, pathlib.Path(directory)
        self.bin = pathlib.Path(options.bin)
        self.missed = []

    def floor(self):
        port = free_port()
        return Server([self.bin / 'bench_epoll_floor', str(port)], port).wait()

    def collector(self, sink, settings=''):
        port = free_port()
        config = self.directory / f'{port}.hocon'
        config.write_text(f'''collector {{
            interface = "127.0.0.1", port = {port}, preTerminationPeriod = 0 seconds
            networking.maxConnections = 2048
            streams {{ good = raw, bad = bad, sink {{ {sink} }} }}
        }}
        {settings}''')
        log = open(self.directory / f'{port}.log', 'wb')
        return Server([self.bin / 'snowline-collector', '--config', config], port, stdout=subprocess.DEVNULL, stderr=log)

    def wrk(self, server, work):
        """Closed loop. CPU seconds of the server for 100,000 requests, and what wrk says."""
        before = server.cpu_s()
        done = subprocess.run(
            ['wrk', '-t1', f'-c{CONNECTIONS}', f'-d{self.options.seconds}s', '--timeout', '10s', '-s', SHARED / 'bench.lua',
             f'http://127.0.0.1:{server.port}'],
            env={**os.environ, 'MODE': work, 'BENCHDIR': f'{SHARED}/'}, stdout=subprocess.PIPE, text=True, check=True)
        said = json.loads(done.stdout.split('JSON ')[1])
        wrong = said['status'] + said['connect'] + said['read'] + said['write'] + said['timeout']
        if wrong:
            self.missed.append(f'{work}: {wrong} requests were not answered with 200')
        return (server.cpu_s() - before) / said['requests'] * 100_000, said

    def judge(self, what, value, most, unit=''):
        verdict = 'ok' if value <= most else f'MISSED (≤ {most}{unit})'
        if value > most:
            self.missed.append(f'{what}: {value:.2f}{unit} > {most}{unit}')
        return verdict

    def closed_loop(self, name, sink, most):
        floor, collector = self.floor(), self.collector(sink).wait()
        print(f'\n{name}, {CONNECTIONS} connections, closed loop: CPU s / 100k requests, the best of {self.options.rounds} rounds')
        print(f'{"":18}{"floor":>8}{"Snowline":>10}{"x floor":>9}{"x GET floor":>13}{"req/s":>9}{"p50/p99/p99.9 ms":>24}{"RSS MB":>8}')
        get_floor = None
        try:
            for work in WORKS:
                self.wrk(collector, work)   # connections, topics and memory are warm then
                rounds = [(self.wrk(floor, work), self.wrk(collector, work)) for _ in range(self.options.rounds)]
                least = min(r[0][0] for r in rounds)
                ours, said = min((r[1] for r in rounds), key=lambda r: r[0])
                get_floor = get_floor or least
                ratio = ours / get_floor
                verdict = self.judge(f'{name} {work}', ratio, most[work]) if work in most else ''
                print(f'{WORKS[work]:18}{least:>8.2f}{ours:>10.2f}{ours / least:>9.2f}{ratio:>13.2f}'
                      f'{said["requests"] / said["duration_us"] * 1e6:>9.0f}'
                      f'{said["p50_us"] / 1e3:>10.1f} /{said["p99_us"] / 1e3:>6.1f} /{said["p999_us"] / 1e3:>6.1f}'
                      f'{collector.rss_mb():>8.1f}  {verdict}', flush=True)
            print(f'RSS at most {collector.rss_mb():.1f} MB  {self.judge(name + " RSS", collector.rss_mb(), RSS_MB_MOST, " MB")}')
        finally:
            floor.stop()
            collector.stop()

    def paced(self, brokers, sink):
        """At a rate that both take: from when a request or record is due until it is answered or reported."""
        collector = self.collector(sink).wait()
        path = (SHARED / 'get.path').read_text()
        request = (f'GET {path} HTTP/1.1\r\nHost: collector.example.com\r\n'
                   'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n'
                   'Cookie: sp=8f2c1a52-1111-4222-8333-444455556666\r\n\r\n').encode()
        record_bytes = len(path) + 400
        seconds, results = self.options.seconds, {'bare librdkafka producer': [], 'Snowline': []}
        try:
            for round_number in range(self.options.rounds + 1):
                bare = subprocess.run([self.bin / 'bench_bare_producer', brokers, 'bare', str(PACED_RATE), str(seconds),
                                       str(record_bytes)], stdout=subprocess.PIPE, check=True)
                before = collector.cpu_s()
                ours = subprocess.run([self.bin / 'bench_paced_load', str(collector.port), str(PACED_RATE), str(seconds),
                                       str(PACED_CONNECTIONS)], input=request, stdout=subprocess.PIPE, check=True)
                if round_number == 0:
                    continue   # warm then
                results['bare librdkafka producer'].append(json.loads(bare.stdout))
                results['Snowline'].append({**json.loads(ours.stdout), 'cpu_s': collector.cpu_s() - before})
            print(f'\nKafka, {PACED_RATE} GET/s or records/s for {seconds} s: milliseconds until acknowledged, '
                  f'the median of {self.options.rounds} rounds')
            print(f'{"":28}{"p50":>8}{"p99":>8}{"p99.9":>8}{"max":>9}{"CPU s/100k":>12}')
            for name, rounds in results.items():
                middle = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
                print(f'{name:28}{middle["p50_ms"]:>8.2f}{middle["p99_ms"]:>8.2f}{middle["p999_ms"]:>8.2f}'
                      f'{middle["max_ms"]:>9.2f}{middle["cpu_s"] / (PACED_RATE * seconds) * 1e5:>12.2f}')
            ratio = (statistics.median(r['p99_ms'] for r in results['Snowline'])
                     / statistics.median(r['p99_ms'] for r in results['bare librdkafka producer']))
            print(f'p99 is {ratio:.2f} times the bare producer\'s  {self.judge("p99", ratio, PACED_MOST)}', flush=True)
        finally:
            collector.stop()

    def start(self, name, sink):
        """From exec to the first answer."""
        times = []
        for _ in range(10):
            began = time.monotonic()
            server = self.collector(sink)
            while True:
                try:
                    with socket.create_connection(('127.0.0.1', server.port), timeout=1) as sock:
                        sock.sendall(b'GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
                        if sock.recv(4096).startswith(b'HTTP/1.1 200'):
                            break
                except OSError:
                    time.sleep(0.0005)
            times.append((time.monotonic() - began) * 1000)
            server.stop()
        print(f'\nfirst answer after exec, {name}: {statistics.median(times):.1f} ms (median of 10; '
              f'{min(times):.1f} to {max(times):.1f})  {self.judge("start " + name, statistics.median(times), START_MS_MOST, " ms")}',
              flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--bin', default=ROOT / 'build' / 'release' / 'bin')
    parser.add_argument('--seconds', type=int, default=10)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--only', default='')
    options = parser.parse_args()
    if not shutil.which('wrk'):
        sys.exit('wrk is missing: script/bootstrap --full')
    stdout = 'enabled = stdout'
    with tempfile.TemporaryDirectory(prefix='snowline-bench-') as directory:
        bench = Bench(options, directory)
        print('load average before:', os.getloadavg()[0], flush=True)
        if options.only in ('', 'stdout'):
            bench.closed_loop('stdout sink to /dev/null', stdout, {'get': STDOUT_GET_MOST})
        if options.only in ('', 'start'):
            bench.start('stdout', stdout)
        if options.only != 'stdout':
            node = KafkaNode(pathlib.Path(directory) / 'kafka', free_port(), free_port())
            node.start()
            try:
                for topic in ('raw', 'bad', 'bare'):
                    node.topics('--create', '--topic', topic, '--partitions', '4')
                kafka = f'enabled = kafka, brokers = "{node.brokers}"'
                if options.only in ('', 'kafka'):
                    bench.closed_loop('Kafka, acknowledged', kafka, KAFKA_MOST)
                if options.only in ('', 'paced'):
                    bench.paced(node.brokers, kafka)
                if options.only in ('', 'start'):
                    bench.start('Kafka', kafka)
            finally:
                node.kill()
    print()
    for line in bench.missed:
        print('missed:', line)
    print('all figures are met' if not bench.missed else f'{len(bench.missed)} missed')
    return 1 if bench.missed else 0


if __name__ == '__main__':
    sys.exit(main())
