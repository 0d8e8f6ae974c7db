"""Requests of every webhook, as the vendors document them, through `snowline enrich` with the schemas of Iglu Central: good rows
of the right event. And raw records that the reference's collector wrote: each one becomes rows.

The webhooks need the schemas of SNOWLINE_SHARED (default: shared beside the source folder)."""
import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test'))
from support import golden
from support.raw_payload import request

BIN = os.environ.get('SNOWLINE_BIN', os.path.join(ROOT, 'build', 'release', 'bin'))
CENTRAL = os.path.join(golden.SHARED, 'iglu-central')
FORM = 'application/x-www-form-urlencoded'
JSON = 'application/json'
COLUMNS = {'app_id': 0, 'platform': 1, 'event': 5, 'v_tracker': 9, 'unstruct_event': 58, 'event_vendor': 125,
           'event_name': 126, 'event_version': 128}
TOKEN = 't' * 50


def enrich(records):
    """What the program prints for each record."""
    schemas = ['--iglu', CENTRAL] if os.path.isdir(CENTRAL) else []
    with tempfile.NamedTemporaryFile('w', suffix='.b64') as file:
        file.writelines(base64.b64encode(record).decode() + '\n' for record in records)
        file.flush()
        done = subprocess.run([os.path.join(BIN, 'snowline'), 'enrich', *schemas, file.name],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    if done.returncode != 0:
        raise AssertionError(f'exit {done.returncode}: {done.stderr.decode()[-2000:]}')
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def rows_of(bad):
    return [json.loads(row) if isinstance(row, str) else row for row in bad]


def failures(result):
    return [row['data']['failure'] for row in rows_of(result['bad'])]


def form(**fields):
    return urllib.parse.urlencode(fields)


def vero(kind, **fields):
    return ('/com.getvero/v1', None, JSON, json.dumps({'type': kind, 'user': {'id': 'u1', 'email': 'ada@example.com'}} | fields))


def mailgun(kind, **fields):
    event = {'event': kind, 'timestamp': 1700000000.25, 'recipient': 'ada@example.com'} | fields
    signature = {'timestamp': '1700000000', 'token': TOKEN, 'signature': 'a1b2'}
    return ('/com.mailgun/v1', None, JSON, json.dumps({'signature': signature, 'event-data': event}))


def mandrill(kind, **fields):
    message = {'ts': 1699999999, 'subject': 'Hello', 'email': 'ada@example.com', 'sender': 'shop@example.com', 'tags': [],
               'state': 'sent', 'metadata': {}, '_id': 'm1', '_version': 'v1'} | fields
    event = {'event': kind, 'ts': 1700000000, '_id': 'm1', 'msg': message}
    return ('/com.mandrill/v1', None, FORM, form(mandrill_events=json.dumps([event])))


def hubspot(kind, **fields):
    event = {'subscriptionType': kind, 'eventId': 1, 'subscriptionId': 2, 'portalId': 3, 'appId': 4, 'objectId': 5,
             'occurredAt': 1700000000123, 'attemptNumber': 0, 'changeSource': 'CRM'} | fields
    return ('/com.hubspot/v1', None, JSON, json.dumps([event]))


def urban_airship(kind, **fields):
    event = {'id': 'f2d6b8a0-0000-4000-8000-000000000001', 'type': kind, 'offset': '1', 'occurred': '2026-05-06T07:08:09.123Z',
             'processed': '2026-05-06T07:08:10.000Z', 'device': {}, 'body': {}} | fields
    return ('/com.urbanairship.connect/v1', None, None, json.dumps(event))


def cloudfront(fields):
    line = ['2026-03-04', '05:06:07', 'FRA2', '512', '198.51.100.7', 'GET', 'd1.cloudfront.net', '/a.js', '200',
            'https://acme.example/', 'Agent%2520One', '-', '-', 'Hit', 'r3qu3st==', 'cdn.acme.example', 'https', '421', '0.001',
            '-', 'TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'Hit', 'HTTP/2.0', '-', '-']
    return ('/com.amazon.aws.cloudfront/wd_access_log', None, None, '\t'.join(line[:fields]))


# The request, and the event that it is: vendor, name.
CASES = [
    (vero('bounced', bounced_at=1700000000, bounce_type='hard'), 'com.getvero', 'bounced'),
    (vero('clicked', clicked_at=1700000000, campaign={'id': 'c1', '_tags': 'a, b'}), 'com.getvero', 'clicked'),
    (vero('delivered', delivered_at=1700000000), 'com.getvero', 'delivered'),
    (vero('opened', opened_at='1700000000', user_agent='Agent'), 'com.getvero', 'opened'),
    (vero('sent', sent_at=1700000000), 'com.getvero', 'sent'),
    (vero('unsubscribed', unsubscribed_at=1700000000), 'com.getvero', 'unsubscribed'),
    (vero('user_created', firstname='Ada'), 'com.getvero', 'created'),
    (vero('user_updated', changes={'_tags': {'add': ['x'], 'remove': ['y']}}), 'com.getvero', 'updated'),
    (mailgun('bounced', **{'attachment-count': '2', 'code': '550'}), 'com.mailgun', 'message_bounced'),
    (mailgun('clicked', **{'user-agent': 'Agent', 'ip': '198.51.100.9'}), 'com.mailgun', 'message_clicked'),
    (mailgun('complained'), 'com.mailgun', 'message_complained'),
    (mailgun('delivered', **{'message-id': '<1@example.com>'}), 'com.mailgun', 'message_delivered'),
    (mailgun('dropped', reason='old'), 'com.mailgun', 'message_dropped'),
    (mailgun('opened', **{'client-os': 'Linux'}), 'com.mailgun', 'message_opened'),
    (mailgun('unsubscribed', country='DE'), 'com.mailgun', 'recipient_unsubscribed'),
    (mandrill('send'), 'com.mandrill', 'message_sent'),
    (mandrill('deferral'), 'com.mandrill', 'message_delayed'),
    (mandrill('hard_bounce', bounce_description='bad_mailbox'), 'com.mandrill', 'message_bounced'),
    (mandrill('soft_bounce', diag='smtp;552 full'), 'com.mandrill', 'message_soft_bounced'),
    (mandrill('open'), 'com.mandrill', 'message_opened'),
    (mandrill('click'), 'com.mandrill', 'message_clicked'),
    (mandrill('spam'), 'com.mandrill', 'message_marked_as_spam'),
    (mandrill('unsub'), 'com.mandrill', 'recipient_unsubscribed'),
    (mandrill('reject'), 'com.mandrill', 'message_rejected'),
    (hubspot('contact.propertyChange', propertyName='name', propertyValue='Ada'), 'com.hubspot', 'contact_change'),
    (hubspot('company.propertyChange', propertyName='name', propertyValue='Acme'), 'com.hubspot', 'company_change'),
    (hubspot('deal.propertyChange', propertyName='stage', propertyValue='won'), 'com.hubspot', 'deal_change'),
    (urban_airship('OPEN', body={'session_id': 'f2d6b8a0-0000-4000-8000-000000000002'}), 'com.urbanairship.connect', 'OPEN'),
    (urban_airship('SEND'), 'com.urbanairship.connect', 'SEND'),
    (('/com.marketo/v1', None, JSON,
      json.dumps({'name': 'signed up', 'step': 1, 'datetime': '2026-02-28 23:59:58', 'campaign': {'id': 7, 'name': 'spring'},
                  'lead': {'created_at': '2026-01-02 03:04:05', 'first_name': 'Ada', 'black_listed': False}})),
     'com.marketo', 'event'),
    (('/com.olark/v1', None, FORM,
      form(data=json.dumps({'kind': 'Conversation', 'id': 'E1', 'visitor': {'id': 'v', 'full_name': 'Ada', 'kind': 'Visitor'},
                            'items': [{'kind': 'OfflineMessage', 'timestamp': '1700000000.5', 'body': 'Hello'}]}))),
     'com.olark', 'offline_message'),
    (('/com.olark/v1', None, FORM,
      form(data=json.dumps({'kind': 'Conversation', 'id': 'E2', 'operators': {'64': {'username': 'ann', 'id': '64'}},
                            'items': [{'kind': 'MessageToVisitor', 'timestamp': '1700000000', 'body': 'Hi',
                                       'operator_id': '64'}]}))),
     'com.olark', 'transcript'),
    (cloudfront(18), 'com.amazon.aws.cloudfront', 'wd_access_log'),
    (cloudfront(19), 'com.amazon.aws.cloudfront', 'wd_access_log'),
    (cloudfront(23), 'com.amazon.aws.cloudfront', 'wd_access_log'),
    (cloudfront(24), 'com.amazon.aws.cloudfront', 'wd_access_log'),
    (cloudfront(26), 'com.amazon.aws.cloudfront', 'wd_access_log'),
    (('/com.callrail/v1', form(id='1', datetime='2026-01-05 10:20:30', answered='true', duration='187', callername=''), None,
      None), 'com.callrail', 'call_complete'),
    (('/com.mailchimp/v1', None, FORM,
      form(**{'type': 'upemail', 'fired_at': '2026-03-01 07:08:09', 'data[new_id]': '5', 'data[old_email]': 'a@example.com',
              'data[new_email]': 'b@example.com', 'data[list_id]': 'l'})), 'com.mailchimp', 'email_address_change'),
    (('/com.sendgrid/v3', None, 'application/json; charset=utf-8',
      json.dumps([{'event': 'click', 'email': 'ada@example.com', 'timestamp': 1700000000, 'url': 'https://acme.example/',
                   'sg_event_id': 'c2VuZGdyaWRldmVudGlkMDAx', 'ip': '198.51.100.9'}])), 'com.sendgrid', 'click'),
    (('/com.google.analytics/v1', None, None, 't=event&ec=video&ea=play&ev=42&v=1&tid=UA-1-1&cid=5'),
     'com.google.analytics.measurement-protocol', 'event'),
    (('/com.google.analytics/v1', None, None, 't=pageview&dp=%2Fa&pr1id=P1&pr1nm=Shoe&pr1pr=19.90&cu=EUR&cd3=gold&cm4=1.5'),
     'com.google.analytics.measurement-protocol', 'page_view'),
]


@unittest.skipUnless(os.path.isdir(CENTRAL), f'{CENTRAL} is not there')
class Webhooks(unittest.TestCase):
    def test_documented_requests_become_good_events(self):
        results = enrich([request(path, query, content_type, body) for (path, query, content_type, body), _, _ in CASES])
        self.assertEqual(len(results), len(CASES))
        for result, (sent, vendor, name) in zip(results, CASES):
            with self.subTest(path=sent[0], name=name, body=sent[3]):
                self.assertEqual(failures(result), [])
                self.assertEqual(len(result['good']), 1)
                row = result['good'][0].split('\t')
                self.assertEqual((row[COLUMNS['event']], row[COLUMNS['platform']]), ('unstruct', 'srv'))
                self.assertEqual((row[COLUMNS['event_vendor']], row[COLUMNS['event_name']]), (vendor, name))
                self.assertTrue(row[COLUMNS['v_tracker']].startswith(('com.', 'iglu')))

    def test_parameters_of_the_tracker_protocol_in_the_querystring_count(self):
        result, = enrich([request('/com.getvero/v1', 'aid=shop&p=mob', JSON, '{"type":"sent","sent_at":1}')])
        row = result['good'][0].split('\t')
        self.assertEqual((row[COLUMNS['app_id']], row[COLUMNS['platform']]), ('shop', 'mob'))
        self.assertIn('"sent_at":"1970-01-01T00:00:01.000Z"', row[COLUMNS['unstruct_event']])


def recorded():
    """Raw records that the reference's collector wrote, by the recording they are in."""
    vectors = golden.folder('collector')
    for name in golden.names(vectors):
        for exchange in golden.read(vectors, name):
            for good in exchange.get('good') or []:
                if 'raw_b64' in good:
                    yield name, base64.b64decode(good['raw_b64'])


class CollectorRecords(unittest.TestCase):
    def test_each_record_of_the_reference_collector_becomes_rows(self):
        records = list(recorded())
        self.assertGreater(len(records), 100)
        results = enrich([record for _, record in records])
        self.assertEqual([result['in'] for result in results], list(range(1, len(records) + 1)))
        good = 0
        for (name, _), result in zip(records, results):
            with self.subTest(recording=name, record=result['in']):
                self.assertGreater(len(result['good']) + len(result['bad']), 0)
                self.assertFalse([row for row in rows_of(result['bad']) if 'generic_error' in row['schema']])
            good += len(result['good'])
        self.assertGreater(good, 0)


if __name__ == '__main__':
    unittest.main()
