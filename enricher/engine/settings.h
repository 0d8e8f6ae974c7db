#pragma once

#include "common/log/kafka/topic_settings.h"
#include "enricher/adapt/schema_settings.h"
#include "enricher/dedupe/settings.h"
#include "enricher/enrich/assets/settings.h"
#include "enricher/event/settings.h"
#include "enricher/load/settings.h"
#include "enricher/lookups/settings.h"
#include "enricher/metrics/settings.h"
#include "enricher/outputs/settings.h"
#include "enricher/pipeline/settings.h"
#include "enricher/run/settings.h"

#include <string>

namespace snowline::enricher {

/// What an engine is composed by: the slices of its rooms.
struct EngineSettings : InputSettings, OutputsSettings, AssetsSettings, ReportSettings {
    FeatureFlags feature_flags;
    RemoteAdaptersSettings remote_adapters;
    AdaptersSchemas adapters_schemas;
    DedupeSettings dedupe;
    LifeCycleSettings life_cycles;
    PiiHiding pii_hiding;
    RecordLimits record_limits;
    TransactionSettings transaction;
    log::kafka::TopicSettings kafka;
    std::string instance;  // the process among its twins; empty: no static membership
};

}  // namespace snowline::enricher
