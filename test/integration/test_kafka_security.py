"""Kafka as it is run: SASL (PLAIN, SCRAM, OAUTHBEARER), TLS and client certificates, against a real broker configured so. What
a 200 was answered for is read back; secrets are searched for in everything that was printed.

The broker is of Kafka 3.9: librdkafka before 2.6.1, so Debian's, cannot do SCRAM with 4.0 and later."""

import base64
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "support"))
from confluent_kafka import Consumer, TopicPartition  # noqa: E402
from collector_process import CollectorProcess, statuses  # noqa: E402
from kafka_node import KafkaNode, free_port  # noqa: E402

BROKER_VERSION = "3.9.1"
SECRETS = {"plain": "secret-of-plain-4711", "scram": "secret-of-scram-4712", "client": "secret-of-client-4713", "wrong": "secret-wrong-4714",
           "store": "secret-of-store-4715"}

BROKER = """
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},SASL://127.0.0.1:{sasl},MTLS://127.0.0.1:{mtls}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl},MTLS://127.0.0.1:{mtls}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,MTLS:SSL
ssl.keystore.type=PEM
ssl.keystore.location={directory}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={directory}/ca.pem
listener.name.mtls.ssl.client.auth=required
listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="{plain}";
listener.name.sasl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
"""


def openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], check=True, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(directory):
    """A CA, and of it broker.pem and client.pem (key and certificates in one file), client.p12."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem", cwd=directory)
    (directory / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("broker", "client"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr", cwd=directory)
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "names", "-out", f"{name}.crt", cwd=directory)
        (directory / f"{name}.pem").write_text("".join((directory / part).read_text() for part in (f"{name}.key", f"{name}.crt", "ca.pem")))
    openssl("pkcs12", "-export", "-in", "client.pem", "-out", "client.p12", "-passout", f"pass:{SECRETS['store']}", cwd=directory)


def token(subject):
    """An unsecured JWT, which Kafka takes where no keys are configured."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    return f'{part({"alg": "none"})}.{part({"sub": subject, "iat": int(time.time()), "exp": int(time.time()) + 60})}.'


class TokenEndpoint:
    def __enter__(self):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked.append((self.headers["Authorization"], body))
                good = self.headers["Authorization"] == "Basic " + base64.b64encode(f"id:{SECRETS['client']}".encode()).decode()
                answer = json.dumps({"access_token": token("id"), "expires_in": 60} if good else {"error": "invalid_client"}).encode()
                self.send_response(200 if good else 401)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class KafkaSecurity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.directory = pathlib.Path(folder.name)
        make_certificates(cls.directory)
        ports = {name: free_port() for name in ("port", "controller", "sasl", "mtls")}
        cls.sasl, cls.mtls = (f"127.0.0.1:{ports[name]}" for name in ("sasl", "mtls"))
        scram = [option for hash_name in ("SCRAM-SHA-256", "SCRAM-SHA-512")
                 for option in ("--add-scram", f"{hash_name}=[name=alice,password={SECRETS['scram']}]")]
        cls.node = KafkaNode(cls.directory / "node", ports["port"], ports["controller"], format_options=scram, version=BROKER_VERSION,
                             settings=BROKER.format(directory=cls.directory, plain=SECRETS["plain"], **ports))
        cls.addClassCleanup(cls.node.kill)
        cls.node.start()
        for topic in ("good", "bad"):
            cls.node.topics("--create", "--topic", topic, "--partitions", "1")

    def tls(self):
        return {"ssl.truststore.type": "PEM", "ssl.truststore.location": f"{self.directory}/ca.pem"}

    def sasl_settings(self, mechanism, jaas=None, **more):
        out = {"security.protocol": "SASL_SSL", "sasl.mechanism": mechanism, **self.tls(), **more}
        if jaas:
            module = {"PLAIN": "plain.PlainLoginModule", "OAUTHBEARER": "oauthbearer.OAuthBearerLoginModule"}.get(mechanism, "scram.ScramLoginModule")
            out["sasl.jaas.config"] = f"org.apache.kafka.common.security.{module} required {jaas};"
        return out

    def deliver(self, brokers, settings, patience=20):
        """Sends an event through a collector with these settings: (status, all that it printed)."""
        conf = ", ".join(f'"{name}" = {json.dumps(value)}' for name, value in settings.items())
        collector = CollectorProcess(f'terminationDeadline = 1 s, streams.sink {{ brokers = "{brokers}", producerConf {{ {conf} }} }}', "snowline.log.level = trace", sink="kafka")
        mark = f"mark{time.time_ns()}"
        try:
            collector.start(seconds_max=20)
            deadline, answers = time.monotonic() + patience, []
            while answers[-1:] != [200] and time.monotonic() < deadline:
                answers = statuses(collector.exchange(f"GET /i?e=pv&p={mark} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(), quiet=8))
            collector.stop()
        finally:
            collector.__exit__()
        printed = "\n".join(collector.log + collector.good)
        for secret in SECRETS.values():
            self.assertNotIn(secret, printed)
        self.assertFalse(re.search(r"eyJ[\w-]{10,}\.eyJ", printed), "a token was printed")
        return answers[-1], mark, printed

    def check(self, brokers, settings):
        status, mark, printed = self.deliver(brokers, settings)
        self.assertEqual(status, 200, printed[-3000:])
        consumer = Consumer({"bootstrap.servers": self.node.brokers, "group.id": "x", "enable.auto.commit": False})
        consumer.assign([TopicPartition("good", 0, 0)])
        deadline, found = time.monotonic() + 20, False
        while not found and time.monotonic() < deadline:
            message = consumer.poll(1)
            found = message is not None and message.error() is None and mark.encode() in message.value()
        consumer.close()
        self.assertTrue(found)

    def test_plain(self):
        self.check(self.sasl, self.sasl_settings("PLAIN", f'username="alice" password="{SECRETS["plain"]}"'))

    def test_scram_with_secrets_from_files(self):
        (self.directory / "password").write_text(SECRETS["scram"] + "\n")
        (self.directory / "kafka.properties").write_text(f"user=alice\nscram = {SECRETS['scram']}\n")
        self.check(self.sasl, self.sasl_settings("SCRAM-SHA-256", f'username="alice" password="${{directory:{self.directory}:password}}"'))
        properties = f"{self.directory}/kafka.properties"
        self.check(self.sasl, self.sasl_settings("SCRAM-SHA-512", f'username="${{file:{properties}:user}}" password="${{file:{properties}:scram}}"'))

    def test_a_secret_from_the_environment(self):
        os.environ["SNOWLINE_TEST_PASSWORD"] = SECRETS["plain"]
        self.addCleanup(os.environ.pop, "SNOWLINE_TEST_PASSWORD")
        self.check(self.sasl, self.sasl_settings("PLAIN", 'username="alice" password="${env:SNOWLINE_TEST_PASSWORD}"'))

    def test_a_wrong_password_is_told_and_not_shown(self):
        settings = self.sasl_settings("SCRAM-SHA-256", f'username="alice" password="{SECRETS["wrong"]}"')
        status, _, printed = self.deliver(self.sasl, {**settings, "reconnect.backoff.max.ms": "500"}, patience=3)
        self.assertEqual(status, 503)
        self.assertRegex(printed, "(?i)authentication failed")

    def test_oauthbearer_with_client_credentials(self):
        with TokenEndpoint() as endpoint:
            more = {"sasl.oauthbearer.token.endpoint.url": endpoint.url}
            self.check(self.sasl, self.sasl_settings("OAUTHBEARER", f'clientId="id" clientSecret="{SECRETS["client"]}" scope="a b"', **more))
            self.assertEqual(endpoint.asked[0][1], "grant_type=client_credentials&scope=a%20b")
            status, _, printed = self.deliver(self.sasl, self.sasl_settings("OAUTHBEARER", f'clientId="id" clientSecret="{SECRETS["wrong"]}"', **more), patience=3)
            self.assertEqual(status, 503)
            self.assertIn("the token endpoint answers with status 401", printed)

    def test_oauthbearer_with_a_token_command(self):
        script = self.directory / "token"
        script.write_text(token("alice"))
        self.check(self.sasl, self.sasl_settings("OAUTHBEARER", **{"sasl.oauthbearer.token.command": f"cat {script}"}))

    def test_client_certificates(self):
        self.check(self.mtls, {"security.protocol": "SSL", **self.tls(), "ssl.keystore.type": "PEM",
                               "ssl.keystore.location": f"{self.directory}/client.pem"})
        self.check(self.mtls, {"security.protocol": "SSL", **self.tls(), "ssl.keystore.type": "PKCS12",
                               "ssl.keystore.location": f"{self.directory}/client.p12", "ssl.keystore.password": SECRETS["store"]})
        status, _, _ = self.deliver(self.mtls, {"security.protocol": "SSL", **self.tls()}, patience=3)
        self.assertEqual(status, 503)

    def test_an_unknown_setting_is_named(self):
        with self.assertRaisesRegex(AssertionError, "sasl.jaas.confog: neither Kafka's Java clients nor librdkafka"):
            CollectorProcess(f'streams.sink {{ brokers = "{self.sasl}", producerConf {{ "sasl.jaas.confog" = "password={SECRETS["wrong"]}" }} }}',
                             sink="kafka").start()


if __name__ == "__main__":
    unittest.main()
