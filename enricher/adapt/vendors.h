#pragma once

#include "enricher/adapt/adapter.h"

/// The adapters, one file each; their paths are in adapters.cpp.
namespace snowline::enricher {

/// The pixel's first protocol: one event in the querystring.
Adapted adapt_tracker_protocol_1(const AdapterInput& input);

/// One event in the querystring, or an array of events in a self-describing JSON body.
Adapted adapt_tracker_protocol_2(const AdapterInput& input);

/// A click on a redirect of the collector: `u` is its target; becomes an event, or a context of
/// one.
Adapted adapt_redirect(const AdapterInput& input);

/// Self-describing events from any sender of a querystring, a form or a JSON.
Adapted adapt_iglu(const AdapterInput& input);

/// CallRail: a finished call, in the querystring.
Adapted adapt_callrail(const AdapterInput& input);

/// A line of Amazon CloudFront's access log.
Adapted adapt_cloudfront(const AdapterInput& input);

/// Google Analytics' Measurement Protocol: one hit a line.
Adapted adapt_google_analytics(const AdapterInput& input);

/// HubSpot: a JSON array of changes to contacts, companies and deals.
Adapted adapt_hubspot(const AdapterInput& input);

/// Mailchimp: a form with brackets in its names.
Adapted adapt_mailchimp(const AdapterInput& input);

/// Mailgun: a signed JSON about one message.
Adapted adapt_mailgun(const AdapterInput& input);

/// Mandrill: a form whose one field is a JSON array of events about messages.
Adapted adapt_mandrill(const AdapterInput& input);

/// Marketo: one JSON object.
Adapted adapt_marketo(const AdapterInput& input);

/// Olark: a chat's transcript, or a message that nobody answered.
Adapted adapt_olark(const AdapterInput& input);

/// PagerDuty: a JSON with an array of messages about incidents.
Adapted adapt_pagerduty(const AdapterInput& input);

/// Pingdom: an incident as a JSON in the querystring.
Adapted adapt_pingdom(const AdapterInput& input);

/// SendGrid: a JSON array of events about mails.
Adapted adapt_sendgrid(const AdapterInput& input);

/// StatusGator: a service's new status, in a form.
Adapted adapt_statusgator(const AdapterInput& input);

/// Unbounce: a landing page's form.
Adapted adapt_unbounce(const AdapterInput& input);

/// Urban Airship Connect: one JSON event of an app.
Adapted adapt_urban_airship(const AdapterInput& input);

/// Vero: one JSON event about a mail or a user.
Adapted adapt_vero(const AdapterInput& input);

}  // namespace snowline::enricher
