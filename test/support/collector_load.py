#!/usr/bin/env python3
"""Requests to a collector at a steady rate, whatever it answers, and a ledger of every one: a process of its own, so that
nothing else delays what it measures.

  collector_load.py --port N --rate N --seed N --first N --ledger FILE     until SIGTERM

Ledger: a line a request: number of its first event, how many events, outcome (a status, or what came in its place), and
seconds until the answer. An event is sent once; its id is event_id(seed, number).
"""

import argparse
import asyncio
import json
import signal
import time

PATIENCE_S = 20        # longer than any tracker waits
CONNECTIONS_MAX = 2000
TICK_S = 0.005
POST_EVENTS = 3


def event_id(seed, number):
    return f"{seed & 0xffffffff:08x}-0000-4000-8000-{number:012x}"


def request(seed, number):
    """Two page views in three, and a batch of three events."""
    if number % 5 < 2:
        return number, 1, (f"GET /i?e=pv&p=web&tv=faults&aid=faults&eid={event_id(seed, number)}"
                           "&url=https%3A%2F%2Fshop.example%2F HTTP/1.1\r\nHost: localhost\r\n\r\n").encode()
    events = [{"e": "pv", "p": "web", "tv": "faults", "aid": "faults", "eid": event_id(seed, number + i),
               "url": "https://shop.example/"} for i in range(POST_EVENTS)]
    body = json.dumps({"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", "data": events})
    return number, POST_EVENTS, ("POST /com.snowplowanalytics.snowplow/tp2 HTTP/1.1\r\nHost: localhost\r\n"
                                 f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


class Connection(asyncio.Protocol):
    def __init__(self, load):
        self.load, self.transport, self.waiting, self.data = load, None, None, b""

    def connection_made(self, transport):
        self.transport = transport

    def send(self, number, events, data):
        self.waiting, self.data = (number, events, time.monotonic()), b""
        self.transport.write(data)

    def data_received(self, data):
        self.data += data
        head, end, body = self.data.partition(b"\r\n\r\n")
        if not end or self.waiting is None:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        if len(body) < length:
            return
        self.finish(head[9:12].decode())
        if b"connection: close" in lines:
            self.transport.close()
        else:
            self.load.free.append(self)

    def finish(self, outcome):
        number, events, began = self.waiting
        self.waiting = None
        self.load.note(number, events, outcome, time.monotonic() - began)

    def connection_lost(self, _):
        self.load.open.discard(self)
        if self in self.load.free:
            self.load.free.remove(self)
        if self.waiting is not None:
            self.finish("closed")


class Load:
    def __init__(self, options, ledger):
        self.options, self.ledger = options, ledger
        self.open, self.free = set(), []
        self.number = options.first
        self.stopping = asyncio.Event()

    def note(self, number, events, outcome, seconds):
        self.ledger.write(f"{number} {events} {outcome} {seconds:.4f}\n")

    async def send_one(self, number, events, data):
        """A new connection for a request that found none free."""
        try:
            _, connection = await asyncio.wait_for(
                asyncio.get_running_loop().create_connection(lambda: Connection(self), "127.0.0.1", self.options.port), 3)
        except (OSError, asyncio.TimeoutError):
            self.note(number, events, "refused", 0)
            return
        if connection.transport.is_closing():  # killed in between
            self.note(number, events, "closed", 0)
            return
        self.open.add(connection)
        connection.send(number, events, data)

    async def run(self):
        started, sent, tasks = time.monotonic(), 0, set()
        while not self.stopping.is_set():
            due = int((time.monotonic() - started) * self.options.rate) - sent
            for _ in range(due):
                sent += 1
                if not self.free and len(self.open) + len(tasks) >= CONNECTIONS_MAX:
                    continue
                number, events, data = request(self.options.seed, self.number)
                self.number += events
                if self.free:
                    self.free.pop().send(number, events, data)
                else:
                    task = asyncio.create_task(self.send_one(number, events, data))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
            now = time.monotonic()
            for connection in [c for c in self.open if c.waiting and now - c.waiting[2] > PATIENCE_S]:
                connection.finish("nothing")
                connection.transport.abort()
            await asyncio.sleep(TICK_S)
        deadline = time.monotonic() + PATIENCE_S
        while any(c.waiting for c in self.open) or tasks:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.02)
        for connection in self.open:
            if connection.waiting:
                connection.finish("nothing")


async def main(options):
    with open(options.ledger, "w") as ledger:
        load = Load(options, ledger)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, load.stopping.set)
        await load.run()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("port", "rate", "seed", "first"):
        parser.add_argument("--" + name, type=int, required=True)
    parser.add_argument("--ledger", required=True)
    asyncio.run(main(parser.parse_args()))
