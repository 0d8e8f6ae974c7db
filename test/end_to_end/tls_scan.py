"""testssl.sh looks at the collector's TLS and finds nothing that it calls LOW or worse. About two minutes, so only in full tests:

  .deps/venv/bin/python test/end_to_end/tls_scan.py
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
from collector_process import CollectorProcess, free_port  # noqa: E402

# What is no matter of TLS, or of this machine: DNS has no CAA record of localhost, answers to trackers are no pages that
# need Content-Security-Policy and its like.
NOT_OURS = {'DNS_CAArecord', 'security_headers'}
BAD = {'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'}


def make_certificate(directory):
    """A CA of its own, and a certificate as a public one has it."""
    def openssl(*arguments):
        subprocess.run(['openssl', *arguments], check=True, cwd=directory, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    key = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes')
    openssl('req', '-x509', *key, '-days', '365', '-subj', '/CN=ca.example', '-keyout', 'ca.key', '-out', 'ca.pem')
    openssl('req', *key, '-subj', '/CN=localhost', '-keyout', 'key.pem', '-out', 'request.pem')
    with open(directory + '/extensions', 'w') as out:
        out.write('subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n'
                  'crlDistributionPoints=URI:http://ca.example/list\n')
    openssl('x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '90',
            '-extfile', 'extensions', '-out', 'cert.pem')


class TlsScan(unittest.TestCase):
    @unittest.skipUnless(shutil.which('testssl'), 'testssl.sh is not installed')
    def test_nothing_of_low_or_above(self):
        with tempfile.TemporaryDirectory() as directory:
            make_certificate(directory)
            port, found = free_port(), directory + '/found.json'
            with CollectorProcess(f'ssl {{ enable = true, port = {port} }}, hsts.enable = true',
                                  f'snowline.tls {{ certificate = "{directory}/cert.pem", privateKey = "{directory}/key.pem" }}'):
                subprocess.run(['testssl', '--add-ca', directory + '/ca.pem', '--quiet', '--color', '0', '--warnings', 'batch',
                                '--jsonfile', found, f'https://localhost:{port}/health'],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=800)
            with open(found) as report:
                findings = {(f['id'], f['severity'], f['finding']) for f in json.load(report)}
        self.assertIn(('TLS1_3', 'OK', 'offered with final'), findings)   # it was there, and was looked at
        self.assertEqual(sorted(f for f in findings if f[1] in BAD and f[0] not in NOT_OURS), [])


if __name__ == '__main__':
    unittest.main()
