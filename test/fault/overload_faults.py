"""Far more than the collector can take: how much of what it can take does it still take?

  script/faults overload [--seconds 20] [--body 20000] [--sink embedded]

First the peak: as many connections as keep it busy. Then many times as many, all of which try again at once when they are
turned away. Exit code 0: memory stayed bounded, and nothing but 200, 429 and 503 was answered. The share of the peak is
printed; on a machine that does other things as well it says little.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port  # noqa: E402

BUSY, FLOODS = 32, (320, 1000, 3000)
BYTES_IN_FLIGHT = 8_000_000
MEMORY_MAX_MB = 200

LUA = '''
local body = '{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{"e":"pv","x":"' .. string.rep("x", %d) .. '"}]}'
wrk.method, wrk.body, wrk.headers["Content-Type"] = "POST", body, "application/json"
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() counts = {} end
function response(status) counts[status] = (counts[status] or 0) + 1; packed = "" for s, n in pairs(counts) do packed = packed .. s .. "=" .. n .. " " end end
function done() for _, thread in ipairs(threads) do io.write("STATUS ", thread:get("packed") or "", "\\n") end end
'''


def load(connections, port, seconds, body):
    """Answers a second, by status code."""
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as script:
        script.write(LUA % body)
        script.flush()
        out = subprocess.run(['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--timeout', '10s', '-s', script.name,
                              f'http://127.0.0.1:{port}/com.snowplowanalytics.snowplow/tp2'],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 60).stdout
    counts = {}
    for status, count in re.findall(r'(\d{3})=(\d+)', out):
        counts[int(status)] = counts.get(int(status), 0) + int(count)
    return {status: count / seconds for status, count in counts.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seconds', type=int, default=20)
    parser.add_argument('--body', type=int, default=20_000)
    parser.add_argument('--sink', default='embedded')
    options = parser.parse_args()
    if not shutil.which('wrk'):
        sys.exit('wrk is not installed: script/bootstrap --full')
    with tempfile.TemporaryDirectory() as directory:
        own = f'snowline {{ admin.port = {free_port()}, data = "{directory}/log", networking.maxBytesInFlight = {BYTES_IN_FLIGHT} }}'
        with CollectorProcess('networking.maxConnections = 4000', own, sink=options.sink) as collector:
            load(BUSY, collector.port, 3, options.body)
            peak = load(BUSY, collector.port, options.seconds, options.body)
            floods = [load(connections, collector.port, options.seconds, options.body) for connections in FLOODS]
            with open(f'/proc/{collector.process.pid}/status') as status:
                memory = int(re.search(r'VmHWM:\s+(\d+) kB', status.read()).group(1)) / 1000
            goes_on = load(BUSY, collector.port, 2, options.body).get(200, 0) > 0
    print(f'peak: {peak[200]:.0f} a second with {BUSY} connections')
    for connections, flood in zip(FLOODS, floods):
        answers = ', '.join(f'{status}: {count:.0f}' for status, count in sorted(flood.items()))
        print(f'{connections} connections: goodput {flood.get(200, 0) / peak[200]:.0%} of the peak; answers a second: {answers}')
    print(f'memory at most {memory:.0f} MB')
    good = all(set(flood) <= {200, 429, 503} for flood in floods) and memory < MEMORY_MAX_MB and goes_on
    print('ok' if good else 'NOT ok')
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
