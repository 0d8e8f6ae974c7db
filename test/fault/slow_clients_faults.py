"""Ten thousand connections that say nothing, two thousand that say it slowly (slowhttptest), and one client in between.

  script/faults slow_clients [--idle 10000] [--slow 2000] [--seconds 30]

Exit code 0: memory stayed below 400 MB, all of them were cut at their time-outs, and the client in between always had its
answer. Its times are printed, and judged by nobody: the load runs on the same machine.
"""
import argparse
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port, read_all, statuses  # noqa: E402

TIMEOUT = 10         # of idle connections, heads and bodies
MEMORY_MAX_MB = 400
GET = b'GET /i?e=pv HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'


def memory_peak_mb(pid):
    with open(f'/proc/{pid}/status') as status:
        return int(re.search(r'VmHWM:\s+(\d+) kB', status.read()).group(1)) / 1000


def ask(port):
    """Milliseconds until a new connection has its answer."""
    began = time.monotonic()
    with socket.create_connection(('127.0.0.1', port), timeout=TIMEOUT) as sock:
        sock.sendall(GET)
        if statuses(read_all(sock)) != [200]:
            raise AssertionError('no 200')
    return (time.monotonic() - began) * 1000


def ask_for(seconds, port):
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        times.append(ask(port))
        time.sleep(0.01)
    return sorted(times)


def shown(times):
    return f'{len(times)} answers, p50 {times[len(times) // 2]:.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms, most {times[-1]:.1f} ms'


def slow(kind, count, port, seconds):
    """slowhttptest: -H heads, -B bodies, a few bytes every three seconds."""
    return subprocess.Popen(['slowhttptest', kind, '-c', str(count), '-r', '500', '-i', '3', '-l', str(seconds), '-x', '10', '-s', '100000',
                             '-p', '60', '-u', f'http://127.0.0.1:{port}/com.snowplowanalytics.snowplow/tp2', '-t', 'POST'],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def metric(collector, admin, name):
    text = collector.exchange(b'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', admin)
    found = re.search(re.escape(name.encode()) + rb' (\d+)\n', text)
    return int(found.group(1)) if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--idle', type=int, default=10_000)
    parser.add_argument('--slow', type=int, default=2_000)
    parser.add_argument('--seconds', type=int, default=30)
    options = parser.parse_args()
    if not shutil.which('slowhttptest'):
        sys.exit('slowhttptest is not installed: script/bootstrap --full')
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    admin = free_port()
    limits = (f'networking {{ maxConnections = {options.idle + options.slow + 1000}, idleTimeout = {TIMEOUT} s, '
              f'responseHeaderTimeout = {TIMEOUT} s, bodyReadTimeout = {TIMEOUT} s }}')
    with CollectorProcess(limits, f'snowline.admin.port = {admin}') as collector:
        print('alone:', shown(ask_for(5, collector.port)))
        before = memory_peak_mb(collector.process.pid)
        idle = [socket.create_connection(('127.0.0.1', collector.port), timeout=TIMEOUT) for _ in range(options.idle)]
        opened = time.monotonic()
        attacks = [slow('-H', options.slow // 2, collector.port, options.seconds), slow('-B', options.slow // 2, collector.port, options.seconds)]
        times, most = [], 0
        while time.monotonic() - opened < options.seconds:
            times += ask_for(1, collector.port)
            most = max(most, metric(collector, admin, 'collector_http_connections{state="open"}'))
        for attack in attacks:
            attack.wait(timeout=60)
        print('among them:', shown(sorted(times)))
        peak = memory_peak_mb(collector.process.pid)
        uncut = 0
        for sock in idle:
            sock.settimeout(0.01)
            try:
                uncut += sock.recv(1) != b''
            except TimeoutError:
                uncut += 1
            except ConnectionResetError:
                pass
            sock.close()
        time.sleep(TIMEOUT + 2)
        left = metric(collector, admin, 'collector_http_connections{state="open"}')
        heads = metric(collector, admin, 'collector_http_rejected_total{code="408",reason="head_timeout"}')
        bodies = metric(collector, admin, 'collector_http_rejected_total{code="408",reason="body_timeout"}')
        print(f'connections at most: {most}; idle ones not cut: {uncut}; heads cut: {heads}, bodies cut: {bodies}; left: {left}')
        print(f'memory: {before:.0f} MB before, {peak:.0f} MB at most')
    good = peak < MEMORY_MAX_MB and uncut == 0 and heads > 0 and bodies > 0 and left < 10 and most > options.idle
    print('ok' if good else 'NOT ok')
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
