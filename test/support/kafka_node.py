"""A real Apache Kafka on loopback: one KRaft node, for tests and for trying (script/kafka)."""

import fcntl
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import time

KAFKA_VERSION = "4.1.1"
ROOT = pathlib.Path(__file__).resolve().parents[2]

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>snowline</groupId><artifactId>kafka-node</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
      <version>{version}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId>
      <version>{version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version></dependency>
  </dependencies>
</project>
"""

# A broker that was killed is waited for until its session has ended, so that it should be short. On a busy machine a broker
# of a too short one is fenced while it loads its coordinators' topics, and never loads them again: Kafka 4.1's single node
# then gives no committed offsets until it is restarted.
SETTINGS = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised_port}
inter.broker.listener.name=PLAINTEXT
log.dirs={directory}/data
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=500
"""

class KafkaError(Exception):
    pass


def download_jars(version=KAFKA_VERSION):
    """Kafka's jars from Maven Central into .deps/, once; about 15 seconds. Their folder."""
    jars = ROOT / ".deps" / f"kafka-{version}"
    jars.parent.mkdir(exist_ok=True)
    with open(jars.parent / "kafka.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (jars / "complete").exists():
            return jars
        jars.mkdir(exist_ok=True)
        (jars / "pom.xml").write_text(POM.format(version=version))
        print(f"kafka: fetching Apache Kafka {version} from Maven Central", file=sys.stderr)
        subprocess.run(
            ["mvn", "-q", "-B", "-Dstyle.color=never", "-f", jars / "pom.xml", "dependency:copy-dependencies",
             f"-DoutputDirectory={jars}"],
            check=True, timeout=600, stdout=sys.stderr,
        )
        (jars / "complete").touch()
    return jars


def answers(port):
    """The broker answers requests: ApiVersions, version 0."""
    request = struct.pack(">hhih", 18, 0, 1, -1)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.settimeout(1)
            connection.sendall(struct.pack(">i", len(request)) + request)
            return len(connection.recv(8)) == 8
    except OSError:
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class KafkaNode:
    """A node whose data, settings, log and pid are in `directory`; it outlives this object."""

    def __init__(self, directory, port=9092, controller_port=None, advertised_port=None, settings="", format_options=(),
                 version=KAFKA_VERSION):
        self.directory = pathlib.Path(directory).absolute()
        self.port = port
        self.controller_port = controller_port or port + 1
        self.advertised_port = advertised_port or port  # of a proxy in front of it
        self.version = version
        self.settings = settings              # more of server.properties; the last of a name counts
        self.format_options = format_options  # of the storage tool, such as --add-scram
        self.brokers = f"127.0.0.1:{self.advertised_port}"
        self._child = None

    def java(self, *arguments, heap="256m"):
        return ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp", f"{ROOT}/.deps/kafka-{self.version}/*", *map(str, arguments)]

    def pid(self):
        """Of the running node, or None."""
        if self._child is not None:
            if self._child.poll() is None:
                return self._child.pid
            self._child = None
        try:
            pid = int((self.directory / "pid").read_text())
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if b"kafka.Kafka" in command and str(self.directory).encode() in command else None

    def is_ready(self):
        return self.pid() is not None and answers(self.port)

    def start(self, patience=180):
        """Starts it, unless it runs, and waits until it answers. What was stored stays."""
        download_jars(self.version)
        if self.pid() is None:
            self._prepare()
            with open(self.directory / "kafka.log", "ab") as log:
                self._child = subprocess.Popen(
                    self.java("kafka.Kafka", self.directory / "server.properties", heap="512m"),
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )
            (self.directory / "pid").write_text(f"{self._child.pid}\n")
        self.wait_ready(patience)

    def wait_ready(self, patience=180):
        deadline = time.monotonic() + patience
        while not self.is_ready():
            if self.pid() is None:
                raise KafkaError(f"Kafka ended; see {self.directory}/kafka.log")
            if time.monotonic() > deadline:
                raise KafkaError(f"no answer after {patience} s; see {self.directory}/kafka.log")
            time.sleep(0.1)

    def stop(self, patience=30):
        """Ends it in order; after `patience` with force."""
        self._end(signal.SIGTERM, patience)

    def kill(self):
        self._end(signal.SIGKILL, 10)

    def pause(self, seconds):
        """Answers nothing for so long, and goes on as if nothing had been."""
        pid = self.pid()
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)

    def topics(self, *arguments):
        """kafka-topics.sh against this node."""
        return subprocess.run(
            self.java("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.brokers,
                      *arguments),
            check=True, timeout=180,
        )

    def _prepare(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        settings = self.directory / "server.properties"
        settings.write_text(SETTINGS.format(
            directory=self.directory, port=self.port, controller_port=self.controller_port,
            advertised_port=self.advertised_port) + self.settings)
        if not (self.directory / "data" / "meta.properties").exists():
            subprocess.run(
                self.java("kafka.tools.StorageTool", "format", "-t", "c25vd2xpbmUtbm9kZS0xMQ",
                          "-c", settings, *self.format_options),
                check=True, timeout=180, stdout=subprocess.DEVNULL,
            )

    def _end(self, how, patience):
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, how)
        deadline = time.monotonic() + patience
        while self.pid() is not None:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                deadline += 10
            time.sleep(0.05)
        (self.directory / "pid").unlink(missing_ok=True)
