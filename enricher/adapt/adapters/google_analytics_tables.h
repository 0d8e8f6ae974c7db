#pragma once

#include <span>
#include <string_view>

/// The Measurement Protocol's parameters, their types, and the schemas whose data they go to.
/// https://developers.google.com/analytics/devguides/collection/protocol/v1/parameters
namespace snowline::enricher::google_analytics {

enum class Kind { kText, kInteger, kTwoDecimals, kDouble, kBoolean };

struct Field {
    std::string_view parameter;  // of the Measurement Protocol
    std::string_view name;       // in the data
    Kind kind = Kind::kText;
};

struct Table {
    std::string_view vendor, name;  // of the schema, whose version is 1-0-0
    std::string_view schema;        // its Iglu URI
    std::span<const Field> fields;
};

inline constexpr Field kPageViewFields[] = {
    {"dl", "documentLocationUrl"},
    {"dh", "documentHostName"},
    {"dp", "documentPath"},
    {"dt", "documentTitle"},
};
inline constexpr Field kScreenViewFields[] = {
    {"cd", "screenName"},
};
inline constexpr Field kEventFields[] = {
    {"ec", "category"},
    {"ea", "action"},
    {"el", "label"},
    {"ev", "value", Kind::kInteger},
};
inline constexpr Field kTransactionFields[] = {
    {"ti", "id"},
    {"ta", "affiliation"},
    {"tr", "revenue", Kind::kTwoDecimals},
    {"ts", "shipping", Kind::kTwoDecimals},
    {"tt", "tax", Kind::kTwoDecimals},
    {"tcc", "couponCode"},
    {"cu", "currencyCode"},
};
inline constexpr Field kItemFields[] = {
    {"ti", "transactionId"},
    {"in", "name"},
    {"ip", "price", Kind::kTwoDecimals},
    {"iq", "quantity", Kind::kInteger},
    {"ic", "code"},
    {"iv", "category"},
    {"cu", "currencyCode"},
};
inline constexpr Field kSocialFields[] = {
    {"sn", "network"},
    {"sa", "action"},
    {"st", "actionTarget"},
};
inline constexpr Field kExceptionFields[] = {
    {"exd", "description"},
    {"exf", "isFatal", Kind::kBoolean},
};
inline constexpr Field kTimingFields[] = {
    {"utc", "userTimingCategory"},
    {"utv", "userTimingVariableName"},
    {"utt", "userTimingTime", Kind::kInteger},
    {"utl", "userTimingLabel"},
    {"plt", "pageLoadTime", Kind::kInteger},
    {"dns", "dnsTime", Kind::kInteger},
    {"pdt", "pageDownloadTime", Kind::kInteger},
    {"rrt", "redirectResponseTime", Kind::kInteger},
    {"tcp", "tcpConnectTime", Kind::kInteger},
    {"srt", "serverResponseTime", Kind::kInteger},
    {"dit", "domInteractiveTime", Kind::kInteger},
    {"clt", "contentLoadTime", Kind::kInteger},
};

struct HitType {
    std::string_view type;  // the parameter `t`
    Table table;
};

/// The event for each hit type.
inline constexpr HitType kHitTypes[] = {
    {"pageview",
     {"com.google.analytics.measurement-protocol", "page_view",
      "iglu:com.google.analytics.measurement-protocol/page_view/jsonschema/1-0-0",
      kPageViewFields}},
    {"screenview",
     {"com.google.analytics.measurement-protocol", "screen_view",
      "iglu:com.google.analytics.measurement-protocol/screen_view/jsonschema/1-0-0",
      kScreenViewFields}},
    {"event",
     {"com.google.analytics.measurement-protocol", "event",
      "iglu:com.google.analytics.measurement-protocol/event/jsonschema/1-0-0", kEventFields}},
    {"transaction",
     {"com.google.analytics.measurement-protocol", "transaction",
      "iglu:com.google.analytics.measurement-protocol/transaction/jsonschema/1-0-0",
      kTransactionFields}},
    {"item",
     {"com.google.analytics.measurement-protocol", "item",
      "iglu:com.google.analytics.measurement-protocol/item/jsonschema/1-0-0", kItemFields}},
    {"social",
     {"com.google.analytics.measurement-protocol", "social",
      "iglu:com.google.analytics.measurement-protocol/social/jsonschema/1-0-0", kSocialFields}},
    {"exception",
     {"com.google.analytics.measurement-protocol", "exception",
      "iglu:com.google.analytics.measurement-protocol/exception/jsonschema/1-0-0",
      kExceptionFields}},
    {"timing",
     {"com.google.analytics.measurement-protocol", "timing",
      "iglu:com.google.analytics.measurement-protocol/timing/jsonschema/1-0-0", kTimingFields}},
};

inline constexpr Field kUndocumentedFields[] = {
    {"a", "a"},
    {"jid", "jid"},
    {"gjid", "gjid"},
};
inline constexpr Field kPrivateFields[] = {
    {"_v", "v"},
    {"_u", "u"},
    {"_gid", "gid"},
    {"_s", "s", Kind::kInteger},
    {"_r", "r", Kind::kInteger},
};
inline constexpr Field kGeneralFields[] = {
    {"v", "protocolVersion"},
    {"tid", "trackingId"},
    {"aip", "anonymizeIp", Kind::kBoolean},
    {"ds", "dataSource"},
    {"qt", "queueTime", Kind::kInteger},
    {"z", "cacheBuster"},
};
inline constexpr Field kUserFields[] = {
    {"cid", "clientId"},
    {"uid", "userId"},
};
inline constexpr Field kSessionFields[] = {
    {"sc", "sessionControl"},
    {"uip", "ipOverride"},
    {"ua", "userAgentOverride"},
    {"geoid", "geographicalOverride"},
};
inline constexpr Field kTrafficSourceFields[] = {
    {"dr", "documentReferrer"}, {"cn", "campaignName"},       {"cs", "campaignSource"},
    {"cm", "campaignMedium"},   {"ck", "campaignKeyword"},    {"cc", "campaignContent"},
    {"ci", "campaignId"},       {"gclid", "googleAdwordsId"}, {"dclid", "googleDisplayAdsId"},
};
inline constexpr Field kSystemInfoFields[] = {
    {"sr", "screenResolution"}, {"vp", "viewportSize"}, {"de", "documentEncoding"},
    {"sd", "screenColors"},     {"ul", "userLanguage"}, {"je", "javaEnabled", Kind::kBoolean},
    {"fl", "flashVersion"},
};
inline constexpr Field kLinkFields[] = {
    {"linkid", "id"},
};
inline constexpr Field kAppFields[] = {
    {"an", "name"},
    {"aid", "id"},
    {"av", "version"},
    {"aiid", "installerId"},
};
inline constexpr Field kProductActionFields[] = {
    {"pa", "productAction"},
    {"pal", "productActionList"},
    {"cos", "checkoutStep", Kind::kInteger},
    {"col", "checkoutStepOption"},
};
inline constexpr Field kContentExperimentFields[] = {
    {"xid", "id"},
    {"xvar", "variant"},
};
inline constexpr Field kHitFields[] = {
    {"t", "type"},
    {"ni", "nonInteractionHit", Kind::kBoolean},
};
inline constexpr Field kPromotionActionFields[] = {
    {"promoa", "promotionAction"},
};

/// Contexts of a hit. A page view is a context of hits of other types.
inline constexpr Table kContexts[] = {
    kHitTypes[0].table,
    {"com.google.analytics", "undocumented",
     "iglu:com.google.analytics/undocumented/jsonschema/1-0-0", kUndocumentedFields},
    {"com.google.analytics", "private", "iglu:com.google.analytics/private/jsonschema/1-0-0",
     kPrivateFields},
    {"com.google.analytics.measurement-protocol", "general",
     "iglu:com.google.analytics.measurement-protocol/general/jsonschema/1-0-0", kGeneralFields},
    {"com.google.analytics.measurement-protocol", "user",
     "iglu:com.google.analytics.measurement-protocol/user/jsonschema/1-0-0", kUserFields},
    {"com.google.analytics.measurement-protocol", "session",
     "iglu:com.google.analytics.measurement-protocol/session/jsonschema/1-0-0", kSessionFields},
    {"com.google.analytics.measurement-protocol", "traffic_source",
     "iglu:com.google.analytics.measurement-protocol/traffic_source/jsonschema/1-0-0",
     kTrafficSourceFields},
    {"com.google.analytics.measurement-protocol", "system_info",
     "iglu:com.google.analytics.measurement-protocol/system_info/jsonschema/1-0-0",
     kSystemInfoFields},
    {"com.google.analytics.measurement-protocol", "link",
     "iglu:com.google.analytics.measurement-protocol/link/jsonschema/1-0-0", kLinkFields},
    {"com.google.analytics.measurement-protocol", "app",
     "iglu:com.google.analytics.measurement-protocol/app/jsonschema/1-0-0", kAppFields},
    {"com.google.analytics.measurement-protocol", "product_action",
     "iglu:com.google.analytics.measurement-protocol/product_action/jsonschema/1-0-0",
     kProductActionFields},
    {"com.google.analytics.measurement-protocol", "content_experiment",
     "iglu:com.google.analytics.measurement-protocol/content_experiment/jsonschema/1-0-0",
     kContentExperimentFields},
    {"com.google.analytics.measurement-protocol", "hit",
     "iglu:com.google.analytics.measurement-protocol/hit/jsonschema/1-0-0", kHitFields},
    {"com.google.analytics.measurement-protocol", "promotion_action",
     "iglu:com.google.analytics.measurement-protocol/promotion_action/jsonschema/1-0-0",
     kPromotionActionFields},
};

/// Contexts of which a hit may have several, from parameters with numbers in their names: `pr2id`
/// is the sku of product 2, and the numbers are data, too. `indices` are the names' parts before a
/// number, joined with all the parts behind them.
struct CompositeTable {
    Table table;
    std::span<const Field> indices;
    bool has_currency;  // `cu` applies to all of them
};

inline constexpr Field kProductFields[] = {
    {"prid", "sku"},
    {"prnm", "name"},
    {"prbr", "brand"},
    {"prca", "category"},
    {"prva", "variant"},
    {"prpr", "price", Kind::kTwoDecimals},
    {"prqt", "quantity", Kind::kInteger},
    {"prcc", "couponCode"},
    {"prps", "position", Kind::kInteger},
};
inline constexpr Field kProductIndices[] = {
    {"pr", "index", Kind::kInteger},
};
inline constexpr Field kProductCustomDimensionFields[] = {
    {"prcd", "value"},
};
inline constexpr Field kProductCustomDimensionIndices[] = {
    {"prcd", "productIndex", Kind::kInteger},
    {"cd", "dimensionIndex", Kind::kInteger},
};
inline constexpr Field kProductCustomMetricFields[] = {
    {"prcm", "value", Kind::kInteger},
};
inline constexpr Field kProductCustomMetricIndices[] = {
    {"prcm", "productIndex", Kind::kInteger},
    {"cm", "metricIndex", Kind::kInteger},
};
inline constexpr Field kProductImpressionListFields[] = {
    {"ilnm", "name"},
};
inline constexpr Field kProductImpressionListIndices[] = {
    {"il", "index", Kind::kInteger},
};
inline constexpr Field kProductImpressionFields[] = {
    {"ilpiid", "sku"},
    {"ilpinm", "name"},
    {"ilpibr", "brand"},
    {"ilpica", "category"},
    {"ilpiva", "variant"},
    {"ilpips", "position", Kind::kInteger},
    {"ilpipr", "price", Kind::kTwoDecimals},
};
inline constexpr Field kProductImpressionIndices[] = {
    {"ilpi", "listIndex", Kind::kInteger},
    {"pi", "productIndex", Kind::kInteger},
};
inline constexpr Field kProductImpressionCustomDimensionFields[] = {
    {"ilpicd", "value"},
};
inline constexpr Field kProductImpressionCustomDimensionIndices[] = {
    {"ilpicd", "listIndex", Kind::kInteger},
    {"picd", "productIndex", Kind::kInteger},
    {"cd", "customDimensionIndex", Kind::kInteger},
};
inline constexpr Field kProductImpressionCustomMetricFields[] = {
    {"ilpicm", "value", Kind::kInteger},
};
inline constexpr Field kProductImpressionCustomMetricIndices[] = {
    {"ilpicm", "listIndex", Kind::kInteger},
    {"picm", "productIndex", Kind::kInteger},
    {"cm", "customMetricIndex", Kind::kInteger},
};
inline constexpr Field kPromotionFields[] = {
    {"promoid", "id"},
    {"promonm", "name"},
    {"promocr", "creative"},
    {"promops", "position"},
};
inline constexpr Field kPromotionIndices[] = {
    {"promo", "index", Kind::kInteger},
};
inline constexpr Field kCustomDimensionFields[] = {
    {"cd", "value"},
};
inline constexpr Field kCustomDimensionIndices[] = {
    {"cd", "index", Kind::kInteger},
};
inline constexpr Field kCustomMetricFields[] = {
    {"cm", "value", Kind::kDouble},
};
inline constexpr Field kCustomMetricIndices[] = {
    {"cm", "index", Kind::kInteger},
};
inline constexpr Field kContentGroupFields[] = {
    {"cg", "value"},
};
inline constexpr Field kContentGroupIndices[] = {
    {"cg", "index", Kind::kInteger},
};

inline constexpr CompositeTable kComposites[] = {
    {{"com.google.analytics.measurement-protocol", "product",
      "iglu:com.google.analytics.measurement-protocol/product/jsonschema/1-0-0", kProductFields},
     kProductIndices,
     true},
    {{"com.google.analytics.measurement-protocol", "product_custom_dimension",
      "iglu:com.google.analytics.measurement-protocol/product_custom_dimension/jsonschema/1-0-0",
      kProductCustomDimensionFields},
     kProductCustomDimensionIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "product_custom_metric",
      "iglu:com.google.analytics.measurement-protocol/product_custom_metric/jsonschema/1-0-0",
      kProductCustomMetricFields},
     kProductCustomMetricIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "product_impression_list",
      "iglu:com.google.analytics.measurement-protocol/product_impression_list/jsonschema/1-0-0",
      kProductImpressionListFields},
     kProductImpressionListIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "product_impression",
      "iglu:com.google.analytics.measurement-protocol/product_impression/jsonschema/1-0-0",
      kProductImpressionFields},
     kProductImpressionIndices,
     true},
    {{"com.google.analytics.measurement-protocol", "product_impression_custom_dimension",
      "iglu:com.google.analytics.measurement-protocol/product_impression_custom_dimension/"
      "jsonschema/1-0-0",
      kProductImpressionCustomDimensionFields},
     kProductImpressionCustomDimensionIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "product_impression_custom_metric",
      "iglu:com.google.analytics.measurement-protocol/product_impression_custom_metric/jsonschema/"
      "1-0-0",
      kProductImpressionCustomMetricFields},
     kProductImpressionCustomMetricIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "promotion",
      "iglu:com.google.analytics.measurement-protocol/promotion/jsonschema/1-0-0",
      kPromotionFields},
     kPromotionIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "custom_dimension",
      "iglu:com.google.analytics.measurement-protocol/custom_dimension/jsonschema/1-0-0",
      kCustomDimensionFields},
     kCustomDimensionIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "custom_metric",
      "iglu:com.google.analytics.measurement-protocol/custom_metric/jsonschema/1-0-0",
      kCustomMetricFields},
     kCustomMetricIndices,
     false},
    {{"com.google.analytics.measurement-protocol", "content_group",
      "iglu:com.google.analytics.measurement-protocol/content_group/jsonschema/1-0-0",
      kContentGroupFields},
     kContentGroupIndices,
     false},
};

/// Parameters that also fill columns of the event.
struct DirectMapping {
    std::string_view parameter, column_parameter;
    std::string_view of_transaction = {};  // the column for transactions, where it differs
};

inline constexpr DirectMapping kDirectMappings[] = {
    {"uip", "ip"},
    {"dr", "refr"},
    {"de", "cs"},
    {"sd", "cd"},
    {"ul", "lang"},
    {"je", "f_java"},
    {"dl", "url"},
    {"dt", "page"},
    {"ti", "ti_id", "tr_id"},
    {"ta", "tr_af"},
    {"tr", "tr_tt"},
    {"ts", "tr_sh"},
    {"tt", "tr_tx"},
    {"in", "ti_nm"},
    {"ip", "ti_pr"},
    {"iq", "ti_qu"},
    {"ic", "ti_sk"},
    {"iv", "ti_ca"},
    {"cu", "ti_cu", "tr_cu"},
    {"ua", "ua"},
};

}  // namespace snowline::enricher::google_analytics
