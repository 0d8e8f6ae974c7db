"""Three times what the collector can take: how much of what it can take does it still take?

  script/faults overload [--seconds 60] [--body 1000] [--times 3] [--narrow network|broker|collector] [--mb N] [--cores N]

Something is narrow, so that the load has enough of the machine to be the greater one: the network to the Kafka broker (so
many megabytes a second go through); or the broker or the collector itself has a share of one core (a control group's quota,
as a container has; needs root). First the peak: as many connections as keep it busy. Then so many times the peak's requests
a second, at a rate that waits for nobody. Exit code 0: nearly all of them could be sent, at least 90 % of the peak was
answered with 200, the rest with 429 or 503, memory stayed bounded, and it goes on afterwards. Where the collector itself is
narrow nobody asks that all could be sent: to refuse a request costs it half as much as to serve one, so it lets all who have
a connection wait for their turn, and what this machine can open are not enough connections to send more meanwhile.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import BIN, CollectorProcess, free_port  # noqa: E402
from kafka_node import KafkaNode  # noqa: E402
from kafka_proxy import KafkaProxy  # noqa: E402

BUSY = 1000
MEMORY_MAX_MB = 200
GROUPS = '/sys/fs/cgroup'
PERIOD_US = 20_000


@contextlib.contextmanager
def quota(pid, cores):
    """A control group of either version with so much of a core."""
    new = os.path.exists(f'{GROUPS}/cgroup.controllers')
    group = f'{GROUPS}/{"" if new else "cpu/"}snowline-overload-{pid}'
    quota_us = int(PERIOD_US * cores)
    try:
        os.mkdir(group)
    except OSError as error:
        print(f'skipped: no control group can be made here: {error}')
        sys.exit(77)
    try:
        values = ({'cpu.max': f'{quota_us} {PERIOD_US}'} if new
                  else {'cpu.cfs_period_us': PERIOD_US, 'cpu.cfs_quota_us': quota_us})
        for name, value in {**values, 'cgroup.procs': pid}.items():
            with open(f'{group}/{name}', 'w') as file:
                file.write(str(value))
        yield
    finally:
        with open(f'{os.path.dirname(group)}/cgroup.procs', 'w') as file:
            file.write(str(pid))
        os.rmdir(group)


def request(body_bytes):
    body = ('{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{"e":"pv","x":"'
            + 'x' * body_bytes + '"}]}')
    return (f'POST /com.snowplowanalytics.snowplow/tp2 HTTP/1.1\r\nHost: collector.example.com\r\n'
            f'Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}').encode()


def flood(port, rate, seconds, connections, body_bytes):
    done = subprocess.run([os.path.join(BIN, 'bench_flood'), str(port), str(rate), str(seconds), str(connections)],
                          input=request(body_bytes), stdout=subprocess.PIPE, check=True, timeout=seconds + 60)
    return json.loads(done.stdout)


def not_stored(admin):
    """By the collector's own counters: turned away because the log is behind, too late, and without a place."""
    names = {'collector_requests_turned_away_total': 'turned away', 'collector_events_not_durable_total': 'too late',
             'collector_http_connections_rejected_total{reason="full"}': 'no place'}
    with urllib.request.urlopen(f'http://127.0.0.1:{admin}/metrics', timeout=10) as answer:
        lines = [line.rsplit(' ', 1) for line in answer.read().decode().splitlines()]
    return {names[line[0]]: int(float(line[1])) for line in lines if line[0] in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seconds', type=int, default=60)
    parser.add_argument('--body', type=int, default=1000)
    parser.add_argument('--times', type=float, default=3)
    parser.add_argument('--cores', type=float, help='0.05 of the broker, 0.25 of the collector')
    parser.add_argument('--narrow', choices=['network', 'broker', 'collector'], default='network')
    parser.add_argument('--mb', type=float, default=2, help='a second, of a narrow network')
    parser.add_argument('--connections', type=int, default=10_000)
    parser.add_argument('--networking', default='', help='more settings of snowline.networking')
    options = parser.parse_args()
    options.cores = options.cores or {'network': 0, 'broker': 0.05, 'collector': 0.25}[options.narrow]
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        admin = free_port()
        own = f'snowline {{ admin.port = {admin}, data = "{directory}/log", networking {{ {options.networking} }} }}'
        sink = 'embedded'
        if options.narrow != 'collector':
            proxy = KafkaProxy(free_port(), free_port())
            proxy.start()
            stack.callback(proxy.stop)
            node = KafkaNode(pathlib.Path(directory) / 'kafka', proxy.broker_port, free_port(), advertised_port=proxy.port)
            stack.callback(node.kill)
            node.start()
            for topic in ('good', 'bad'):
                node.topics('--create', '--topic', topic, '--partitions', '4')
            sink = f'kafka, brokers = "{node.brokers}"'
        collector = stack.enter_context(CollectorProcess('', own, sink=sink))

        def goodput(seconds):
            return flood(collector.port, 1e5, seconds, BUSY, options.body)['answers'].get('200', 0) / seconds

        goodput(10)   # the broker compiles itself
        if options.narrow == 'network':
            proxy.bytes_per_second = options.mb * 1e6
            narrow = f'{options.mb:g} MB go to Kafka a second'
        else:
            pid = collector.process.pid if options.narrow == 'collector' else node.pid()
            stack.enter_context(quota(pid, options.cores))
            narrow = f'the {options.narrow} has {options.cores} of a core'
        goodput(3)
        peak = goodput(10)
        before = not_stored(admin)
        said = flood(collector.port, options.times * peak, options.seconds, options.connections, options.body)
        why = {name: count - before.get(name, 0) for name, count in not_stored(admin).items()}
        time.sleep(3)
        afterwards = goodput(10)
        with open(f'/proc/{collector.process.pid}/status') as status:
            memory = int(re.search(r'VmHWM:\s+(\d+) kB', status.read()).group(1)) / 1000
    kept = said['answers'].get('200', 0) / options.seconds
    print(f'peak: {peak:.0f} a second, and {afterwards:.0f} afterwards, with {BUSY} connections, where {narrow}')
    if peak == 0:
        sys.exit('NOT ok: nothing goes through')
    print(f'{options.times:g} times as many, {options.seconds} s long: goodput {kept / peak:.0%} of the peak; {json.dumps(said)}')
    print(f'not stored: {json.dumps(why)}')
    print(f'memory at most {memory:.0f} MB')
    due = said['sent'] + said['found_all_busy']
    print(f'sent: {said["sent"] / due:.0%} of what was due, {said["given_up"] + said["broken"]} of it without an answer')
    good = ((said['sent'] >= 0.9 * due or options.narrow == 'collector') and said['given_up'] + said['broken'] == 0
            and kept >= 0.9 * peak and set(said['answers']) <= {'200', '429', '503'} and memory < MEMORY_MAX_MB
            and afterwards >= 0.5 * peak)
    print('ok' if good else 'NOT ok')
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
