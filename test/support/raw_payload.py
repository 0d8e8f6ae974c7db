"""Raw records as a collector writes them: a Thrift struct in the binary protocol."""

import struct


def _text(field, value):
    data = value.encode()
    return struct.pack(">bhi", 11, field, len(data)) + data


def page_view(event_id, timestamp_ms, user="somebody"):
    """The bytes of a request that a tracker's GET would have made."""
    query = f"e=pv&p=web&tv=faults&aid=faults&uid={user}&eid={event_id}&url=https%3A%2F%2Fshop.example%2F"
    return b"".join([
        _text(100, "198.51.100.7"),
        struct.pack(">bhq", 10, 200, timestamp_ms),
        _text(210, "UTF-8"),
        _text(220, "faults-0"),
        _text(320, "/i"),
        _text(330, query),
        _text(31337, "iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0"),
        b"\0",
    ])


def request(path, querystring=None, content_type=None, body=None, timestamp_ms=1_700_000_000_000):
    """The bytes of any request, as a webhook makes it."""
    fields = [_text(100, "198.51.100.7"), struct.pack(">bhq", 10, 200, timestamp_ms), _text(210, "UTF-8"),
              _text(220, "webhooks-0"), _text(320, path)]
    for field, value in ((330, querystring), (340, body), (360, content_type)):
        if value is not None:
            fields.append(_text(field, value))
    fields.append(_text(31337, "iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0"))
    return b"".join(fields) + b"\0"
