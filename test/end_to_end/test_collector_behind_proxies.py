"""Debian's nginx and HAProxy in front of the collector, with TLS: the recorded exchanges pass through them unchanged."""
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get('SNOWLINE_SHARED', os.path.join(ROOT, '..', 'shared'))
GOLDEN = os.path.join(SHARED, 'golden')
BIN = os.environ.get('SNOWLINE_BIN', os.path.join(ROOT, 'build', 'release', 'bin'))
sys.path.insert(0, os.path.join(ROOT, 'test', 'support'))
from collector_process import free_port  # noqa: E402

FILES = ('default', 'cookie_domains', 'redirect_on', 'redirect_domains')
GROUPS = ('get', 'post', 'cookie', 'cookie-domain', 'cors', 'redirect')
COLLECTOR_PORT = 29180   # the recorded configurations' own

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


def load_replay():
    spec = importlib.util.spec_from_file_location('replay_collector', os.path.join(GOLDEN, 'replay_collector.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def known():
    with open(os.path.join(ROOT, 'docs', 'compatibility', 'collector.known')) as lines:
        return {line.split(None, 1)[0] for line in lines if line.strip() and not line.startswith('#')}


class BehindProxies(unittest.TestCase):
    def proxy(self, name, directory, port):
        cert, key = os.path.join(GOLDEN, 'tls', 'cert.pem'), os.path.join(GOLDEN, 'tls', 'key.pem')
        pem, conf = os.path.join(directory, 'both.pem'), os.path.join(directory, name + '.conf')
        with open(pem, 'w') as out, open(cert) as first, open(key) as second:
            out.write(first.read() + second.read())
        text = (NGINX if name == 'nginx' else HAPROXY).format(dir=directory, backend=COLLECTOR_PORT, port=port, cert=cert, key=key, pem=pem)
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
        if not os.path.isdir(GOLDEN):
            self.skipTest('the recorded exchanges are not there')
        if not shutil.which(name, path='/usr/sbin:/usr/bin'):
            self.skipTest(name + ' is not installed')
        replay, differs, passed, port = load_replay(), known(), 0, free_port()
        with tempfile.TemporaryDirectory() as directory:
            self.proxy(name, directory, port)
            for file in FILES:
                conf = os.path.join(directory, file + '.hocon')
                with open(os.path.join(GOLDEN, 'collector', file + '.hocon')) as recorded, open(conf, 'w') as out:
                    out.write(recorded.read() + '\ncollector { streams.sink.enabled = stdout, preTerminationPeriod = 0 ms }\n')
                coll = replay.Collector(os.path.join(BIN, 'snowline-collector') + ' --config {config}', conf, '127.0.0.1',
                                        COLLECTOR_PORT, None, os.path.join(directory, file + '.log'))
                try:
                    coll.records()
                    passed += self.replay_file(replay, coll, file, port, differs)
                finally:
                    coll.stop()
                    coll.p.stdout.close(), coll.p.stderr.close(), coll.log.close()
        print(f'{name}: {passed} exchanges pass', file=sys.stderr)
        self.assertGreater(passed, 100)

    def replay_file(self, replay, coll, file, port, differs):
        passed = 0
        with open(os.path.join(GOLDEN, 'collector', file + '.jsonl')) as lines:
            for line in lines:
                case = replay.json.loads(line)
                # What is no valid request does not pass a proxy.
                if case.get('group') not in GROUPS or case['id'] in differs or case['desc'].startswith('GET (empty)') \
                        or any(replay.status(r) in ('400', '501', '505') and r.get('body') for r in case['responses']):
                    continue
                front = type('Front', (), {'host': '127.0.0.1', 'port': port, 'tls_port': port})
                responses, closed = replay.play(front, dict(case, tls=True))
                good, bad = coll.records(len(case['bad']))
                core, _ = replay.compare(case, responses, closed, good, bad)
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
