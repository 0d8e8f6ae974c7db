#!/usr/bin/env python3
"""What an event costs in instructions (callgrind), of ours and of the parsing floor.

  instructions.py FILE [--program build/release/bin/bench_enricher] [--records 600] [--enrichments DIR]
                       [--format tsv|json|both]

FILE is as for bench_enricher. Two runs of one and of four rounds over the same payloads: their difference is three rounds of
events and nothing else, neither reading the file nor compiling schemas.
"""
import argparse
import os
import re
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROUNDS = (1, 4)


def run(command, rounds):
    """All instructions, the events of a round, and the allocations of an event."""
    with tempfile.NamedTemporaryFile() as out:
        ran = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=' + out.name, *command,
                              '--rounds', str(rounds)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             check=True)
    counted = int(re.search(r'refs: *([\d,]+)', ran.stderr).group(1).replace(',', ''))
    said = re.search(r'([\d.]+) allocations an event, (\d+) events a round', ran.stdout)
    return counted, int(said.group(2)), float(said.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('file')
    parser.add_argument('--program', default=os.path.join(ROOT, 'build/release/bin/bench_enricher'))
    parser.add_argument('--records', default=600, type=int)
    parser.add_argument('--enrichments')
    parser.add_argument('--format', choices=['tsv', 'json', 'both'], default='tsv')
    options = parser.parse_args()

    counts = {}
    for who in ('floor', 'snowline'):
        command = [options.program, options.file, '--only', who, '--records', str(options.records)]
        if options.enrichments and who == 'snowline':
            command += ['--enrichments', options.enrichments]
        if who == 'snowline' and options.format != 'tsv':
            command += ['--format', options.format]
        few, events, allocations = run(command, ROUNDS[0])
        many, _, _ = run(command, ROUNDS[1])
        counts[who] = (many - few) / ((ROUNDS[1] - ROUNDS[0]) * events)
        print('%-10s %8.0f instructions an event, %.1f allocations (%d events a round)'
              % (who, counts[who], allocations, events), flush=True)
    print('ratio      %8.2f' % (counts['snowline'] / counts['floor']))


if __name__ == '__main__':
    main()
