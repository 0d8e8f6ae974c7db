"""The Python tracker sends 10,000 events of every kind to `snowline up`, which is killed on the way; each answered request's
events come out exactly once, and the Python analytics SDK reads what was sent."""
import json
import logging
import os
import random
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from snowplow_analytics_sdk.event_transformer import transform
from snowplow_tracker import (Emitter, PagePing, PageView, ScreenView, SelfDescribing, SelfDescribingJson,
                              StructuredEvent, Subject, Tracker)

from support.ledger import Ledger
from support.pipeline import Pipeline, scratch_directory, tail

logging.disable(logging.WARNING)
EVENTS = int(os.environ.get('SNOWLINE_E2E_EVENTS', '10000'))
KILLS = 5
WEB_PAGE = 'iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0'
LINK_CLICK = 'iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1'


def event_ids(sent):
    if isinstance(sent, dict):
        return [sent['eid']]
    return [event['eid'] for event in json.loads(sent)['data']]


def kinds(number):
    """One event of each kind that the tracker has, told apart by `number`; each says what its row must hold."""
    text = f'n{number} é "quoted" 日本'
    context = [SelfDescribingJson(WEB_PAGE, {'id': '5e4f0c06-0000-4000-8000-%012d' % number})]
    return [
        (PageView(page_url=f'https://shop.example/p/{number}?q=1#f', page_title=text, referrer='https://ref.example/',
                  context=context),
         {'event': 'page_view', 'page_title': text, 'page_urlhost': 'shop.example'}),
        (PagePing(page_url=f'https://shop.example/p/{number}', min_x=0, max_x=number, min_y=1, max_y=2),
         {'event': 'page_ping', 'pp_xoffset_max': number}),
        (StructuredEvent(category=text, action='act', label='lab', property_='prop', value=number + 0.5),
         {'event': 'struct', 'se_category': text, 'se_action': 'act', 'se_property': 'prop'}),
        (ScreenView(id_='00000000-0000-4000-8000-%012d' % number, name=text),
         {'event': 'unstruct', 'event_name': 'screen_view'}),
        (SelfDescribing(SelfDescribingJson(LINK_CLICK, {'targetUrl': f'https://x.example/{number}', 'elementId': text}),
                        context=context),
         {'event': 'unstruct', 'event_name': 'link_click'}),
    ]


class Killer(threading.Thread):
    """kill -9 and start again, KILLS times, at moments that the sender does not know."""

    def __init__(self, pipeline):
        super().__init__(daemon=True)
        self.pipeline, self.killed, self.chooser = pipeline, 0, random.Random(20261123)

    def run(self):
        while self.killed < KILLS:
            time.sleep(self.chooser.uniform(0.3, 1.5))
            self.pipeline.kill()
            self.killed += 1
            time.sleep(self.chooser.uniform(0, 0.3))
            self.pipeline.start()


class PythonTracker(unittest.TestCase):
    def send(self, tracker, expected):
        chooser = random.Random(1)
        for number in range(EVENTS):
            event, columns = chooser.choice(kinds(number))
            event.event_subject = Subject().set_user_id(f'user-{number}')
            expected[f'user-{number}'] = columns
            tracker.track(event)

    def test_every_answered_request_comes_out_once(self):
        ledger, expected = Ledger(event_ids), {}
        with scratch_directory() as directory, Pipeline(directory) as pipeline:
            emitters = [Emitter('127.0.0.1', protocol='http', port=pipeline.port, method='post', batch_size=10,
                                max_retry_delay_seconds=1, session=ledger, request_timeout=5)]
            tracker = Tracker('test', emitters, app_id='e2e', encode_base64=True)
            killer = Killer(pipeline)
            killer.start()
            self.send(tracker, expected)
            killer.join()
            deadline = time.monotonic() + 120
            while len(ledger.answered) < EVENTS and time.monotonic() < deadline:
                tracker.flush()
                time.sleep(0.1)
            rows = tail(directory, 'good', '--tsv')
            while len(rows) < sum(ledger.answered.values()) and time.monotonic() < deadline:
                rows = tail(directory, 'good', '--tsv')   # the enricher may be behind
            bad = tail(directory, 'bad', '--json')
            self.assertEqual(pipeline.stop(), 0)

        self.assertEqual(bad[:3], [])
        self.assertEqual(killer.killed, KILLS)
        events = [transform(row) for row in rows]
        self.assertEqual(ledger.disagreements([event['event_id'] for event in events])[:5], [])
        self.assertEqual(len(ledger.answered), EVENTS)
        self.assertEqual({event['user_id'] for event in events}, set(expected))
        for event in events:
            wanted = expected[event['user_id']]
            self.assertEqual({name: event[name] for name in wanted}, wanted)
        print(f'{EVENTS} events, {killer.killed} kills, statuses {dict(ledger.statuses)}, {len(events)} rows')


if __name__ == '__main__':
    unittest.main()
