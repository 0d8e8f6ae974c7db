#!/usr/bin/env python3
"""Validations side by side: instructions (callgrind) and CPU time, ours, plain valijson and the reference.

  compare.py [--program build/release/bin/bench_validate] [--schemas FOLDER] [--instances FILE] [--many]

The reference's CPU time was recorded once (speed.txt beside the instances); the other figures are measured here and now.
--many: what an entity costs with 10 to 10,000 schemas in use instead. README.md has more.
"""
import argparse
import json
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.environ.get('SNOWLINE_SHARED', os.path.join(ROOT, '..', 'shared'))


def instructions(command, times):
    """Of one validation: the difference of two runs, so that loading and compiling fall out."""
    counts = []
    for repeat in (times, 2 * times):
        with tempfile.NamedTemporaryFile() as out:
            run = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=' + out.name,
                                  *command, str(repeat)], stderr=subprocess.PIPE, text=True, check=True)
        counts.append(int(re.search(r'refs: *([\d,]+)', run.stderr).group(1).replace(',', '')))
    return (counts[1] - counts[0]) / times


def counts_of_many(command, times):
    """Instructions, and cache lines that come from beyond a second cache of 1 MiB, of one entity: the constructor, which
    compiles, does not count."""
    with tempfile.NamedTemporaryFile() as out:
        run = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=' + out.name,
                              '--toggle-collect=ManySchemas::check*', '--cache-sim=yes', '--D1=32768,8,64',
                              '--LL=1048576,16,64', *command, str(times)],
                             stderr=subprocess.PIPE, text=True, check=True)
    return [int(re.search(what + r': *([\d,]+)', run.stderr).group(1).replace(',', '')) / times
            for what in ('I +refs', 'LLd misses')]


def many(options):
    print('%-8s %8s %22s %16s %10s %12s' %
          ('use', 'schemas', 'instructions an entity', 'lines an entity', 'CPU ns', 'KiB a schema'))
    for use in ('in-turn', 'zipf'):
        for count in (10, 100, 1_000, 10_000):
            command = [options.program, 'many', options.schemas, options.instances, str(count), use]
            _, ns, kib = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
            instructions, lines = counts_of_many(command, 20_000)
            print('%-8s %8d %22.0f %16.1f %10s %12s' % (use, count, instructions, lines, ns, kib), flush=True)


def events(options):
    command = [options.program, 'events', options.schemas, options.instances, '15']
    print('%-8s %22s %10s' % ('schemas', 'CPU ns an event', 'best'))
    for line in subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines():
        print('%-8s %22s %10s' % tuple(line.split()))


def reference_us(path):
    lines = [line for line in open(path) if line.startswith('validate ') and 'iglu:' in line]
    return {line.split()[1]: float(re.search(r'cpu_us_best= *([\d.]+)', line).group(1)) for line in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default=os.path.join(ROOT, 'build/release/bin/bench_validate'))
    parser.add_argument('--schemas', default=os.path.join(SHARED, 'iglu-central'))
    parser.add_argument('--instances', default=os.path.join(SHARED, 'golden/iglu/speed_instances.jsonl'))
    parser.add_argument('--many', action='store_true')
    options = parser.parse_args()
    if options.many:
        many(options)
        return events(options)

    reference = reference_us(os.path.join(os.path.dirname(options.instances), 'speed.txt'))
    timed = subprocess.run([options.program, 'time', options.schemas, options.instances],
                           stdout=subprocess.PIPE, text=True, check=True).stdout
    times = {line.split()[0]: [float(x) for x in line.split()[1:]] for line in timed.splitlines()}
    print('%-26s %30s %30s' % ('', 'instructions', 'CPU ns'))
    print('%-26s %9s %11s %8s %9s %9s %10s %8s' %
          ('schema', 'ours', 'valijson', 'fewer', 'ours', 'valijson', 'reference', 'less'))
    for number, line in enumerate(open(options.instances)):
        uri = json.loads(line)['schema_uri']
        command = [options.program, 'run', options.schemas, options.instances, str(number)]
        ours = instructions([*command, 'ours'], 2000)
        valijson = instructions([*command, 'valijson'], 20)
        ns, valijson_ns = times[uri]
        print('%-26s %9.0f %11.0f %7.1fx %9.0f %9.0f %10.0f %7.1fx' %
              (uri.split('/')[1], ours, valijson, valijson / ours, ns, valijson_ns,
               reference[uri] * 1000, reference[uri] * 1000 / ns), flush=True)


if __name__ == '__main__':
    main()
