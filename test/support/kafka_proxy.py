"""A TCP proxy in front of a broker, as a slow network: it can hold one commit back, or let only so many bytes through."""

import asyncio
import struct
import threading
import time

END_TXN = 26  # the request that commits or aborts a transaction


class KafkaProxy:
    """Listens on `port` for the broker on `broker_port`. Clients come through it where the broker advertises it."""

    def __init__(self, port, broker_port):
        self.port, self.broker_port = port, broker_port
        self.held = 0
        self.bytes_per_second = None  # of requests, on all connections; may be set at any time
        self._hold_next = 0.0
        self._free_at = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def start(self):
        self._thread.start()
        self._ready.wait(10)

    def stop(self):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        self._thread.join()

    def hold_next_commit(self, seconds):
        """The next EndTxn reaches the broker so much later, even if its sender has gone meanwhile."""
        self._hold_next = seconds

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._ready.set()
        self._loop.run_forever()

    async def _end(self):
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        self._loop.stop()

    async def _serve(self, reader, writer):
        try:
            broker_reader, broker_writer = await asyncio.open_connection("127.0.0.1", self.broker_port)
        except OSError:  # the broker is down
            writer.close()
            return
        answers = asyncio.ensure_future(self._copy(broker_reader, writer))
        try:
            while True:
                size = await reader.readexactly(4)
                frame = await reader.readexactly(struct.unpack(">i", size)[0])
                if struct.unpack_from(">h", frame)[0] == END_TXN and self._hold_next:
                    seconds, self._hold_next = self._hold_next, 0.0
                    self.held += 1
                    await asyncio.sleep(seconds)
                await self._transfer(len(size + frame))
                broker_writer.write(size + frame)
                await broker_writer.drain()
        except (asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            pass
        try:
            # Time for the broker to work on what was held, before the connection goes.
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            pass
        broker_writer.close()
        answers.cancel()
        writer.close()

    async def _transfer(self, size):
        """Waits as long as so many bytes take, behind those that came before."""
        if self.bytes_per_second:
            self._free_at = max(self._free_at, time.monotonic()) + size / self.bytes_per_second
            await asyncio.sleep(self._free_at - time.monotonic())

    @staticmethod
    async def _copy(reader, writer):
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()  # the broker has closed, or died: so do we
