"""Debian's nginx and HAProxy in front of the collector, with TLS: the recorded exchanges pass through them unchanged."""
import fnmatch
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test'))
from support import collector_exchanges, golden  # noqa: E402
from support.collector_process import BIN, free_port  # noqa: E402

VECTORS = golden.folder('collector')
RECORDINGS = ('default', 'cookie_domains', 'redirect_on', 'redirect_domains')
GROUPS = ('get', 'post', 'cookie', 'cookie-domain', 'cors', 'redirect')

NGINX = '''
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1; user root;
events {{ worker_connections 256; }}
http {{
  access_log off; client_max_body_size 16m; large_client_header_buffers 4 64k; merge_slashes off;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  upstream collector {{ server 127.0.0.1:{backend}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {cert}; ssl_certificate_key {key};
    location / {{
      proxy_pass http://collector; proxy_http_version 1.1; proxy_redirect off;
      proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
'''

HAPROXY = '''
global
  tune.bufsize 65536
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  option forwardfor
  option accept-invalid-http-request
frontend trackers
  bind 127.0.0.1:{port} ssl crt {pem}
  default_backend collector
backend collector
  server one 127.0.0.1:{backend}
'''


def known():
    return golden.read_known(os.path.join(ROOT, 'docs', 'compatibility', 'collector.known'))


class BehindProxies(unittest.TestCase):
    def proxy(self, name, directory, port, backend):
        cert, key = collector_exchanges.make_certificate(directory)
        pem, conf = os.path.join(directory, 'both.pem'), os.path.join(directory, name + '.conf')
        with open(pem, 'w') as out, open(cert) as first, open(key) as second:
            out.write(first.read() + second.read())
        text = (NGINX if name == 'nginx' else HAPROXY).format(dir=directory, backend=backend, port=port, cert=cert, key=key, pem=pem)
        with open(conf, 'w') as out:
            out.write(text)
        command = [shutil.which(name, path='/usr/sbin:/usr/bin'), *(('-p', directory, '-c', conf) if name == 'nginx' else ('-f', conf))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        for _ in range(100):
            if process.poll() is not None:
                self.fail(process.stderr.read().decode())
            try:
                socket.create_connection(('127.0.0.1', port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.fail(name + ' does not listen')

    def replay_through(self, name):
        if not shutil.which(name, path='/usr/sbin:/usr/bin'):
            self.skipTest(name + ' is not installed')
        passed, port, backend = 0, free_port(), free_port()
        with tempfile.TemporaryDirectory() as directory:
            self.proxy(name, directory, port, backend)
            for recording in RECORDINGS:
                config = os.path.join(directory, recording + '.hocon')
                with open(os.path.join(VECTORS, recording + '.hocon')) as recorded, open(config, 'w') as out:
                    out.write(recorded.read() + f'\ncollector {{ port = {backend}, streams.sink.enabled = stdout, '
                                                'preTerminationPeriod = 0 ms }\n')
                command = os.path.join(BIN, 'snowline-collector') + ' --config {config}'
                with collector_exchanges.Collector(command, config, config + '.log', backend) as collector:
                    passed += self.replay(collector, recording, port)
        print(f'{name}: {passed} exchanges pass', file=sys.stderr)
        self.assertGreater(passed, 100)

    def replay(self, collector, recording, port):
        passed, differs = 0, known()
        for case in map(json.loads, golden.read_lines(VECTORS, recording)):
            # What is no valid request does not pass a proxy.
            if case.get('group') not in GROUPS or any(fnmatch.fnmatch(case['id'], pattern) for pattern in differs) \
                    or case['desc'].startswith('GET (empty)') \
                    or any(collector_exchanges.status(r) in ('400', '501', '505') and r.get('body') for r in case['responses'] if r):
                continue
            responses, is_closed = collector_exchanges.play(case, '127.0.0.1', port, tls=True)
            good, bad = collector.records(len(case['bad']))
            core, _ = collector_exchanges.compare(case, responses, is_closed, good, bad)
            with self.subTest(case=case['id'], desc=case['desc']):
                self.assertEqual(core, [])
                passed += 1
        return passed

    def test_nginx(self):
        self.replay_through('nginx')

    def test_haproxy(self):
        self.replay_through('haproxy')


if __name__ == '__main__':
    unittest.main()
