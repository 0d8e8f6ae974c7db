#include "enricher/adapt/schema_settings.h"

#include "common/config/reader.h"
#include "common/model/schema_key.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

struct Key {
    std::string_view adapter, event, schema;
};

constexpr Key kKeys[] = {
    {"callrail", "call_complete", "iglu:com.callrail/call_complete/jsonschema/1-0-2"},
    {"cloudfrontAccessLog", "with_12_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-0"},
    {"cloudfrontAccessLog", "with_15_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-1"},
    {"cloudfrontAccessLog", "with_18_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-2"},
    {"cloudfrontAccessLog", "with_19_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-3"},
    {"cloudfrontAccessLog", "with_23_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-4"},
    {"cloudfrontAccessLog", "with_24_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-5"},
    {"cloudfrontAccessLog", "with_26_fields",
     "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-6"},
    {"googleAnalytics", "page_view",
     "iglu:com.google.analytics.measurement-protocol/page_view/jsonschema/1-0-0"},
    {"googleAnalytics", "screen_view",
     "iglu:com.google.analytics.measurement-protocol/screen_view/jsonschema/1-0-0"},
    {"googleAnalytics", "event",
     "iglu:com.google.analytics.measurement-protocol/event/jsonschema/1-0-0"},
    {"googleAnalytics", "transaction",
     "iglu:com.google.analytics.measurement-protocol/transaction/jsonschema/1-0-0"},
    {"googleAnalytics", "item",
     "iglu:com.google.analytics.measurement-protocol/item/jsonschema/1-0-0"},
    {"googleAnalytics", "social",
     "iglu:com.google.analytics.measurement-protocol/social/jsonschema/1-0-0"},
    {"googleAnalytics", "exception",
     "iglu:com.google.analytics.measurement-protocol/exception/jsonschema/1-0-0"},
    {"googleAnalytics", "timing",
     "iglu:com.google.analytics.measurement-protocol/timing/jsonschema/1-0-0"},
    {"googleAnalytics", "undocumented", "iglu:com.google.analytics/undocumented/jsonschema/1-0-0"},
    {"googleAnalytics", "private", "iglu:com.google.analytics/private/jsonschema/1-0-0"},
    {"googleAnalytics", "general",
     "iglu:com.google.analytics.measurement-protocol/general/jsonschema/1-0-0"},
    {"googleAnalytics", "user",
     "iglu:com.google.analytics.measurement-protocol/user/jsonschema/1-0-0"},
    {"googleAnalytics", "session",
     "iglu:com.google.analytics.measurement-protocol/session/jsonschema/1-0-0"},
    {"googleAnalytics", "traffic_source",
     "iglu:com.google.analytics.measurement-protocol/traffic_source/jsonschema/1-0-0"},
    {"googleAnalytics", "system_info",
     "iglu:com.google.analytics.measurement-protocol/system_info/jsonschema/1-0-0"},
    {"googleAnalytics", "link",
     "iglu:com.google.analytics.measurement-protocol/link/jsonschema/1-0-0"},
    {"googleAnalytics", "app",
     "iglu:com.google.analytics.measurement-protocol/app/jsonschema/1-0-0"},
    {"googleAnalytics", "product_action",
     "iglu:com.google.analytics.measurement-protocol/product_action/jsonschema/1-0-0"},
    {"googleAnalytics", "content_experiment",
     "iglu:com.google.analytics.measurement-protocol/content_experiment/jsonschema/1-0-0"},
    {"googleAnalytics", "hit",
     "iglu:com.google.analytics.measurement-protocol/hit/jsonschema/1-0-0"},
    {"googleAnalytics", "promotion_action",
     "iglu:com.google.analytics.measurement-protocol/promotion_action/jsonschema/1-0-0"},
    {"googleAnalytics", "product",
     "iglu:com.google.analytics.measurement-protocol/product/jsonschema/1-0-0"},
    {"googleAnalytics", "product_custom_dimension",
     "iglu:com.google.analytics.measurement-protocol/product_custom_dimension/jsonschema/1-0-0"},
    {"googleAnalytics", "product_custom_metric",
     "iglu:com.google.analytics.measurement-protocol/product_custom_metric/jsonschema/1-0-0"},
    {"googleAnalytics", "product_impression_list",
     "iglu:com.google.analytics.measurement-protocol/product_impression_list/jsonschema/1-0-0"},
    {"googleAnalytics", "product_impression",
     "iglu:com.google.analytics.measurement-protocol/product_impression/jsonschema/1-0-0"},
    {"googleAnalytics", "product_impression_custom_dimension",
     "iglu:com.google.analytics.measurement-protocol/product_impression_custom_dimension/"
     "jsonschema/1-0-0"},
    {"googleAnalytics", "product_impression_custom_metric",
     "iglu:com.google.analytics.measurement-protocol/product_impression_custom_metric/jsonschema/"
     "1-0-0"},
    {"googleAnalytics", "promotion",
     "iglu:com.google.analytics.measurement-protocol/promotion/jsonschema/1-0-0"},
    {"googleAnalytics", "custom_dimension",
     "iglu:com.google.analytics.measurement-protocol/custom_dimension/jsonschema/1-0-0"},
    {"googleAnalytics", "custom_metric",
     "iglu:com.google.analytics.measurement-protocol/custom_metric/jsonschema/1-0-0"},
    {"googleAnalytics", "content_group",
     "iglu:com.google.analytics.measurement-protocol/content_group/jsonschema/1-0-0"},
    {"hubspot", "contact_creation", "iglu:com.hubspot/contact_creation/jsonschema/1-0-0"},
    {"hubspot", "contact_deletion", "iglu:com.hubspot/contact_deletion/jsonschema/1-0-0"},
    {"hubspot", "contact_change", "iglu:com.hubspot/contact_change/jsonschema/1-0-0"},
    {"hubspot", "company_creation", "iglu:com.hubspot/company_creation/jsonschema/1-0-0"},
    {"hubspot", "company_deletion", "iglu:com.hubspot/company_deletion/jsonschema/1-0-0"},
    {"hubspot", "company_change", "iglu:com.hubspot/company_change/jsonschema/1-0-0"},
    {"hubspot", "deal_creation", "iglu:com.hubspot/deal_creation/jsonschema/1-0-0"},
    {"hubspot", "deal_deletion", "iglu:com.hubspot/deal_deletion/jsonschema/1-0-0"},
    {"hubspot", "deal_change", "iglu:com.hubspot/deal_change/jsonschema/1-0-0"},
    {"mailchimp", "subscribe", "iglu:com.mailchimp/subscribe/jsonschema/1-0-0"},
    {"mailchimp", "unsubscribe", "iglu:com.mailchimp/unsubscribe/jsonschema/1-0-0"},
    {"mailchimp", "campaign_sending_status",
     "iglu:com.mailchimp/campaign_sending_status/jsonschema/1-0-0"},
    {"mailchimp", "cleaned_email", "iglu:com.mailchimp/cleaned_email/jsonschema/1-0-0"},
    {"mailchimp", "email_address_change",
     "iglu:com.mailchimp/email_address_change/jsonschema/1-0-0"},
    {"mailchimp", "profile_update", "iglu:com.mailchimp/profile_update/jsonschema/1-0-0"},
    {"mailgun", "message_bounced", "iglu:com.mailgun/message_bounced/jsonschema/1-0-0"},
    {"mailgun", "message_clicked", "iglu:com.mailgun/message_clicked/jsonschema/1-0-0"},
    {"mailgun", "message_complained", "iglu:com.mailgun/message_complained/jsonschema/1-0-0"},
    {"mailgun", "message_delivered", "iglu:com.mailgun/message_delivered/jsonschema/1-0-0"},
    {"mailgun", "message_dropped", "iglu:com.mailgun/message_dropped/jsonschema/1-0-0"},
    {"mailgun", "message_opened", "iglu:com.mailgun/message_opened/jsonschema/1-0-0"},
    {"mailgun", "recipient_unsubscribed",
     "iglu:com.mailgun/recipient_unsubscribed/jsonschema/1-0-0"},
    {"mandrill", "message_bounced", "iglu:com.mandrill/message_bounced/jsonschema/1-0-1"},
    {"mandrill", "message_clicked", "iglu:com.mandrill/message_clicked/jsonschema/1-0-1"},
    {"mandrill", "message_delayed", "iglu:com.mandrill/message_delayed/jsonschema/1-0-1"},
    {"mandrill", "message_marked_as_spam",
     "iglu:com.mandrill/message_marked_as_spam/jsonschema/1-0-1"},
    {"mandrill", "message_opened", "iglu:com.mandrill/message_opened/jsonschema/1-0-1"},
    {"mandrill", "message_rejected", "iglu:com.mandrill/message_rejected/jsonschema/1-0-0"},
    {"mandrill", "message_sent", "iglu:com.mandrill/message_sent/jsonschema/1-0-0"},
    {"mandrill", "message_soft_bounced", "iglu:com.mandrill/message_soft_bounced/jsonschema/1-0-1"},
    {"mandrill", "recipient_unsubscribed",
     "iglu:com.mandrill/recipient_unsubscribed/jsonschema/1-0-1"},
    {"marketo", "event", "iglu:com.marketo/event/jsonschema/2-0-0"},
    {"olark", "transcript", "iglu:com.olark/transcript/jsonschema/1-0-0"},
    {"olark", "offline_message", "iglu:com.olark/offline_message/jsonschema/1-0-0"},
    {"pagerduty", "incident", "iglu:com.pagerduty/incident/jsonschema/1-0-0"},
    {"pingdom", "incident_assign", "iglu:com.pingdom/incident_assign/jsonschema/1-0-0"},
    {"pingdom", "incident_notify_user", "iglu:com.pingdom/incident_notify_user/jsonschema/1-0-0"},
    {"pingdom", "incident_notify_of_close",
     "iglu:com.pingdom/incident_notify_of_close/jsonschema/1-0-0"},
    {"sendgrid", "processed", "iglu:com.sendgrid/processed/jsonschema/3-0-0"},
    {"sendgrid", "dropped", "iglu:com.sendgrid/dropped/jsonschema/3-0-0"},
    {"sendgrid", "delivered", "iglu:com.sendgrid/delivered/jsonschema/3-0-0"},
    {"sendgrid", "deferred", "iglu:com.sendgrid/deferred/jsonschema/3-0-0"},
    {"sendgrid", "bounce", "iglu:com.sendgrid/bounce/jsonschema/3-0-0"},
    {"sendgrid", "open", "iglu:com.sendgrid/open/jsonschema/3-0-0"},
    {"sendgrid", "click", "iglu:com.sendgrid/click/jsonschema/3-0-0"},
    {"sendgrid", "spamreport", "iglu:com.sendgrid/spamreport/jsonschema/3-0-0"},
    {"sendgrid", "unsubscribe", "iglu:com.sendgrid/unsubscribe/jsonschema/3-0-0"},
    {"sendgrid", "group_unsubscribe", "iglu:com.sendgrid/group_unsubscribe/jsonschema/3-0-0"},
    {"sendgrid", "group_resubscribe", "iglu:com.sendgrid/group_resubscribe/jsonschema/3-0-0"},
    {"statusgator", "status_change", "iglu:com.statusgator/status_change/jsonschema/1-0-0"},
    {"unbounce", "form_post", "iglu:com.unbounce/form_post/jsonschema/1-0-0"},
    {"urbanAirship", "close", "iglu:com.urbanairship.connect/CLOSE/jsonschema/1-0-0"},
    {"urbanAirship", "custom", "iglu:com.urbanairship.connect/CUSTOM/jsonschema/1-0-0"},
    {"urbanAirship", "first_open", "iglu:com.urbanairship.connect/FIRST_OPEN/jsonschema/1-0-0"},
    {"urbanAirship", "in_app_message_display",
     "iglu:com.urbanairship.connect/IN_APP_MESSAGE_DISPLAY/jsonschema/1-0-0"},
    {"urbanAirship", "in_app_message_expiration",
     "iglu:com.urbanairship.connect/IN_APP_MESSAGE_EXPIRATION/jsonschema/1-0-0"},
    {"urbanAirship", "in_app_message_resolution",
     "iglu:com.urbanairship.connect/IN_APP_MESSAGE_RESOLUTION/jsonschema/1-0-0"},
    {"urbanAirship", "location", "iglu:com.urbanairship.connect/LOCATION/jsonschema/1-0-0"},
    {"urbanAirship", "open", "iglu:com.urbanairship.connect/OPEN/jsonschema/1-0-0"},
    {"urbanAirship", "push_body", "iglu:com.urbanairship.connect/PUSH_BODY/jsonschema/1-0-0"},
    {"urbanAirship", "region", "iglu:com.urbanairship.connect/REGION/jsonschema/1-0-0"},
    {"urbanAirship", "rich_delete", "iglu:com.urbanairship.connect/RICH_DELETE/jsonschema/1-0-0"},
    {"urbanAirship", "rich_delivery",
     "iglu:com.urbanairship.connect/RICH_DELIVERY/jsonschema/1-0-0"},
    {"urbanAirship", "rich_head", "iglu:com.urbanairship.connect/RICH_HEAD/jsonschema/1-0-0"},
    {"urbanAirship", "send", "iglu:com.urbanairship.connect/SEND/jsonschema/1-0-0"},
    {"urbanAirship", "tag_change", "iglu:com.urbanairship.connect/TAG_CHANGE/jsonschema/1-0-0"},
    {"urbanAirship", "uninstall", "iglu:com.urbanairship.connect/UNINSTALL/jsonschema/1-0-0"},
    {"vero", "bounced", "iglu:com.getvero/bounced/jsonschema/1-0-0"},
    {"vero", "clicked", "iglu:com.getvero/clicked/jsonschema/1-0-0"},
    {"vero", "delivered", "iglu:com.getvero/delivered/jsonschema/1-0-0"},
    {"vero", "opened", "iglu:com.getvero/opened/jsonschema/1-0-0"},
    {"vero", "sent", "iglu:com.getvero/sent/jsonschema/1-0-0"},
    {"vero", "unsubscribed", "iglu:com.getvero/unsubscribed/jsonschema/1-0-0"},
    {"vero", "created", "iglu:com.getvero/created/jsonschema/1-0-0"},
    {"vero", "updated", "iglu:com.getvero/updated/jsonschema/1-0-0"},
};

}  // namespace

std::optional<std::string_view> replaceable_schema(std::string_view adapter,
                                                   std::string_view event) {
    for (const Key& key : kKeys) {
        if (key.adapter == adapter && key.event == event) return key.schema;
    }
    return std::nullopt;
}

void read_adapters_schemas(const config::Reader& schemas, AdaptersSchemas& settings) {
    for (const auto& [adapter, value] : schemas.value().members) {
        config::StringMap keys;
        schemas.read_flat(adapter, keys);
        for (const auto& [event, uri] : keys) {
            if (!replaceable_schema(adapter, event)) {
                schemas.warning(adapter, fmt::format("unknown key {}", event));
            } else if (!model::SchemaKey::parse(uri)) {
                schemas.error(adapter, fmt::format("{}: \"{}\" is no Iglu URI", event, uri));
            }
        }
        settings.emplace_back(adapter, std::move(keys));
    }
}

SchemaReplacements replacements_of(const AdaptersSchemas& settings) {
    SchemaReplacements out;
    for (const auto& [adapter, keys] : settings) {
        for (const auto& [event, uri] : keys) {
            if (const auto ours = replaceable_schema(adapter, event)) out.emplace(*ours, uri);
        }
    }
    return out;
}

}  // namespace snowline::enricher
