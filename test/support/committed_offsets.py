"""Where a consumer group is, asked of a broker that may have started a moment ago."""
import time

from confluent_kafka import KafkaError, KafkaException


def committed_of(consumer, partitions, seconds_max=30):
    """A group that is new has no coordinator for a moment."""
    deadline = time.monotonic() + seconds_max
    while True:
        try:
            return consumer.committed(partitions, timeout=10)
        except KafkaException as error:
            passes = error.args[0].code() in (KafkaError.NOT_COORDINATOR, KafkaError.COORDINATOR_NOT_AVAILABLE,
                                              KafkaError.COORDINATOR_LOAD_IN_PROGRESS)
            if not passes or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
