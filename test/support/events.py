"""Events to post to a collector."""
import json
import urllib.request

UNSTRUCT = 'iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0'
PAYLOAD = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4'


def self_describing(schema, data, app_id='shop'):
    """A tracker's event that is data of a schema."""
    own = {'schema': UNSTRUCT, 'data': {'schema': schema, 'data': data}}
    return {'e': 'ue', 'p': 'web', 'tv': 'test-1', 'aid': app_id, 'ue_pr': json.dumps(own)}


def post(port, events):
    """As trackers do it; raises where the answer is no 200."""
    request = urllib.request.Request(f'http://127.0.0.1:{port}/com.snowplowanalytics.snowplow/tp2',
                                     json.dumps({'schema': PAYLOAD, 'data': events}).encode(), {'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
