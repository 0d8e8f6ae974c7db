#include "enricher/enrich_record.h"

#include "common/text/base64.h"
#include "common/text/time.h"
#include "common/text/utf8.h"
#include "enricher/adapt/adapter.h"
#include "enricher/event/column_lengths.h"
#include "enricher/event/entities.h"
#include "enricher/event/set_up.h"
#include "enricher/failed_schema.h"
#include "enricher/load/load.h"
#include "enricher/record_observer.h"
#include "enricher/rows/bad_row.h"
#include "enricher/rows/failed_event.h"
#include "enricher/rows/tsv.h"
#include "enricher/rows/typed_json.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::string_view kContextsValidation = "enrichments-contexts-validation";
constexpr std::string_view kPiiReads = "contexts and the self-describing event";

std::string generic_error(std::string_view error, std::string_view record, std::int64_t now_ms,
                          const CoreSettings& settings) {
    return model::generic_error_json({.timestamp_ms = now_ms,
                                      .errors = {std::string(error)},
                                      .payload = text::encode_base64(record)},
                                     settings.processor);
}

// `vendor/name/format/version`
std::string_view schema_path(const EnrichedEvent& event, json::Arena& arena) {
    const std::array parts{event[Field::kEventVendor], event[Field::kEventName],
                           event[Field::kEventFormat], event[Field::kEventVersion]};
    std::size_t size = parts.size() - 1;
    for (const std::string_view part : parts) size += part.size();
    char* const path = arena.allocate_array<char>(size);
    char* end = path;
    for (const std::string_view part : parts) {
        if (end != path) *end++ = '/';
        end = std::copy(part.begin(), part.end(), end);
    }
    return {path, static_cast<std::size_t>(end - path)};
}

/// The way of one record to its rows.
class Run {
public:
    Run(std::string_view record, std::int64_t now_ms, Worker& worker)
        : record_(record), now_ms_(now_ms), worker_(worker) {}

    std::vector<Row> run();

private:
    void make_rows();
    void enrich_event(const RawEvent& raw);
    Work work_on(const RawEvent& raw, EnrichedEvent& event);
    std::vector<EnrichmentFailure> enrich(Work& work);
    void show_derived(EnrichedEvent& event);
    std::vector<EnrichmentFailure> check_derived(EnrichedEvent& event);
    void apply(EnrichmentKind kind, Work& work, std::string_view reads_besides = {});

    void add_good(const EnrichedEvent& event, std::optional<std::string_view> pii);
    void add_pii(const EnrichedEvent& parent, std::string_view pii);
    void add_bad(std::string row, EventFacts facts);
    void add_bad_event(std::string row, const FailedEvent& failed, EventFacts facts);
    void add_too_large(const std::string& row, std::size_t units_kept, std::string expectation,
                       EventFacts facts);
    EventFacts bad_facts(std::string_view type, std::string_view schema = {}) const {
        return {.verdict = Verdict::kBad, .schema = schema, .bad_type = type};
    }
    void add_failed(const RawEvent& raw);
    std::string concealed(std::string row, const BadRowOrigin& origin);
    OldSchemas old_schemas() const {
        return OldSchemas(worker_.settings.old_schemas.get(), now_ms_);
    }
    BadRowSource source() const { return {worker_.settings.processor, now_ms_}; }

    std::string_view record_;
    std::int64_t now_ms_;
    Worker& worker_;
    Payload payload_;
    EventStart start_;
    std::vector<Row> rows_;
    std::uint32_t index_ = 0;  // of the event in its request
    std::optional<std::string> fault_;
};

std::vector<Row> Run::run() {
    make_rows();
    if (worker_.observer != nullptr) worker_.observer->rows_made(rows_);
    return std::move(rows_);
}

void Run::make_rows() {
    json::Arena& arena = worker_.arena;
    RecordObserver* observer = worker_.observer;
    if (observer != nullptr) observer->begins();
    const Base64 base64 = worker_.settings.try_base64 ? Base64::kMaybe : Base64::kNever;
    auto payload = load(record_, arena, base64);
    if (observer != nullptr) observer->loaded(payload);
    if (!payload) {
        for (const LoadFailure& failure : payload.error()) {
            add_bad(payload_format_violation(source(), failure, record_),
                    bad_facts("collector_payload_format_violation"));
        }
        return;
    }
    payload_ = std::move(*payload);
    worker_.facts.collected_ms = payload_.sender.timestamp_ms;

    if (observer != nullptr) observer->begins();
    const Parameters querystring(payload_.querystring);
    const auto events = adapt({.payload = payload_,
                               .querystring = querystring,
                               .schemas = worker_.schemas,
                               .arena = arena,
                               .remote = worker_.remote,
                               .replaced_schemas = &worker_.settings.replaced_schemas});
    if (observer != nullptr) observer->adapted(payload_, events);
    if (!events) {
        add_bad(concealed(adapter_failures(source(), events.error(), payload_),
                          {.parameters = payload_.querystring,
                           .sender = payload_.sender,
                           .body = payload_.body}),
                bad_facts(adapter_failures_type(payload_),
                          first_schema(events.error(), worker_.arena)));
        return;
    }
    const model::Artifact& processor = worker_.settings.processor;
    start_.etl_tstamp = arena.copy(text::format_tstamp(now_ms_));
    start_.v_etl = arena.copy(fmt::format("{}-{}", processor.name, processor.version));
    for (const RawEvent& raw : *events) {
        enrich_event(raw);
        if (fault_) break;
        ++index_;
    }
    if (fault_) {
        rows_.clear();
        index_ = 0;
        worker_.facts.events.clear();
        worker_.facts.old_schemas.clear();
        add_bad(generic_error(*fault_, record_, now_ms_, worker_.settings),
                bad_facts("generic_error"));
    }
}

// Set up, check the tracker's JSONs, enrich: the first stage that fails makes the bad row.
void Run::enrich_event(const RawEvent& raw) {
    json::Arena& arena = worker_.arena;
    RecordObserver* observer = worker_.observer;
    if (observer != nullptr) observer->begins();
    start_.event_id = arena.copy(worker_.ids.next());
    EventSetUp set_up = set_up_event(raw, payload_, start_, arena);
    if (observer != nullptr) observer->set_up(raw, set_up);
    EnrichedEvent& event = set_up.event;
    const FailedEvent failed{event, raw, payload_};
    if (!set_up.failures.empty()) {
        show_unchecked(set_up, arena);
        return add_bad_event(enrichment_failures(source(), set_up.failures, failed), failed,
                             bad_facts("enrichment_failures"));
    }
    if (observer != nullptr) observer->begins();
    CheckedEntities checked = check_entities(set_up, worker_.schemas, old_schemas(), arena);
    if (observer != nullptr) observer->entities_checked(set_up, checked);
    for (const std::string_view schema : checked.old_schemas) {
        worker_.facts.old_schemas.push_back({.schema = schema, .app_id = event[Field::kAppId]});
    }
    if (!checked.violations.empty()) {
        show_unchecked(set_up, arena);
        return add_bad_event(
            schema_violations(source(), checked.violations, failed), failed,
            bad_facts("schema_violations", first_schema(checked.violations, arena)));
    }
    event.derived_contexts = std::move(checked.validation_infos);
    Work work = work_on(raw, event);
    work.times = &worker_.facts.steps;
    work.observer = observer;
    const auto failures = enrich(work);
    fault_ = work.fault;
    if (fault_) return;
    if (!failures.empty()) {
        return add_bad_event(enrichment_failures(source(), failures, failed), failed,
                             bad_facts("enrichment_failures", first_schema(failures, arena)));
    }
    add_good(event, work.pii);
}

Work Run::work_on(const RawEvent& raw, EnrichedEvent& event) {
    return {.raw = raw,
            .event = event,
            .schemas = worker_.schemas,
            .arena = worker_.arena,
            .now_ms = now_ms_,
            .charset = payload_.charset};
}

// All that comes after validation; failures in the order of bad rows.
std::vector<EnrichmentFailure> Run::enrich(Work& work) {
    auto failures = run_steps(work, worker_.enrichments);
    if (!failures.empty() || work.fault) return failures;
    show_derived(work.event);
    failures = observed_step({"derived_contexts"}, work, [&] { return check_derived(work.event); });
    if (!failures.empty()) return failures;
    apply(EnrichmentKind::kAnonIp, work);
    apply(EnrichmentKind::kPiiPseudonymization, work, kPiiReads);
    failures = observed_step({"column_lengths", "all columns"}, work,
                             [&] { return check_lengths(work.event); });
    if (!failures.empty() && worker_.settings.accept_invalid) {
        failures.clear();
        ++worker_.facts.accepted_invalid;
    }
    return failures;
}

void Run::show_derived(EnrichedEvent& event) {
    event.clear(Field::kDerivedContexts);
    if (event.derived_contexts.empty()) return;
    event.set(Field::kDerivedContexts, contexts_text(event.derived_contexts, worker_.arena));
}

// The failed event beside the bad row: the same stages once more, and each takes what fails out of
// the event and goes on. Twice the work, for bad events only.
void Run::add_failed(const RawEvent& raw) {
    json::Arena& arena = worker_.arena;
    const FailureContexts contexts{
        .component = worker_.settings.processor,
        .now_ms = now_ms_,
        .schemas = worker_.schemas,
        .arena = arena,
        .values = worker_.settings.hide_pii ? Values::kHidden : Values::kShown};
    std::vector<Entity> told;
    const auto tell = [&](const auto& failed) {
        const auto found = contexts.of(failed);
        told.insert(told.end(), found.begin(), found.end());
    };
    EventSetUp set_up = set_up_event(raw, payload_, start_, arena);
    tell(set_up.failures);
    EnrichedEvent& event = set_up.event;
    CheckedEntities checked = check_entities(set_up, worker_.schemas, old_schemas(), arena);
    tell(checked);
    event.derived_contexts = std::move(checked.validation_infos);
    Work work = work_on(raw, event);
    tell(run_steps(work, worker_.enrichments));
    if (work.fault) return;
    tell(check_derived(event));
    show_derived(event);
    apply(EnrichmentKind::kAnonIp, work);
    apply(EnrichmentKind::kPiiPseudonymization, work, kPiiReads);
    tell(check_lengths(event));
    clear_too_long(event);
    event.derived_contexts.insert(event.derived_contexts.end(), told.begin(), told.end());
    show_derived(event);
    std::string tsv = tsv_row(event);
    // The bad row tells of an event that is too large for this.
    if (tsv.size() > worker_.settings.row_bytes_max) return;
    rows_.push_back({.kind = RowKind::kFailed, .value = std::move(tsv), .index = index_});
}

void Run::apply(EnrichmentKind kind, Work& work, std::string_view reads_besides) {
    const StepFacts facts{.name = name_of(kind), .reads_besides = reads_besides};
    for (const auto& enrichment : worker_.enrichments[kind]) {
        observed_step(facts, work, [&] {
            enricher::apply(kind, *enrichment, work);
            return std::vector<EnrichmentFailure>();
        });
    }
}

// Contexts that do not conform leave the event.
std::vector<EnrichmentFailure> Run::check_derived(EnrichedEvent& event) {
    std::vector<EnrichmentFailure> failures;
    std::erase_if(event.derived_contexts, [&](const Entity& context) {
        auto checked = check(context, worker_.schemas);
        if (checked) return false;
        failures.push_back({.enrichment = EnrichmentId{std::string(context.schema->uri),
                                                       std::string(kContextsValidation)},
                            .message = std::move(checked.error())});
        return true;
    });
    return failures;
}

void Run::add_good(const EnrichedEvent& event, std::optional<std::string_view> pii) {
    const std::size_t bytes_max = worker_.settings.row_bytes_max;
    const EventFacts facts{.app_id = event[Field::kAppId],
                           .schema = schema_path(event, worker_.arena)};
    std::string tsv = tsv_row(event);
    std::string typed;
    if (worker_.settings.good_json) {
        auto json = typed_json(tsv);
        if (!json) {
            return add_bad(generic_error(json.error(), record_, now_ms_, worker_.settings),
                           bad_facts("generic_error"));
        }
        typed = *std::move(json);
    }
    const std::string& largest = typed.size() > tsv.size() ? typed : tsv;
    if (largest.size() > bytes_max) {
        return add_too_large(largest, bytes_max * 8 / 10,
                             fmt::format("event passed enrichment but then exceeded the maximum "
                                         "allowed size {} bytes",
                                         bytes_max),
                             facts);
    }
    worker_.facts.events.push_back(facts);
    Row row{.kind = RowKind::kGood, .value = std::move(tsv), .index = index_};
    if (worker_.settings.key) row.key = event.get(*worker_.settings.key);
    for (const Field field : worker_.settings.headers) {
        if (!event.has(field)) continue;
        row.headers.push_back({std::string(facts_of(field).name), std::string(event[field])});
    }
    if (worker_.settings.good_json) {
        Row json = row;
        json.kind = RowKind::kGoodJson;
        json.value = std::move(typed);
        rows_.push_back(std::move(json));
    }
    if (worker_.settings.good_tsv) rows_.push_back(std::move(row));
    if (pii) add_pii(event, *pii);
}

// The event that tells which values of another one were replaced.
void Run::add_pii(const EnrichedEvent& parent, std::string_view pii) {
    json::Arena& arena = worker_.arena;
    EnrichedEvent event;
    event.set(Field::kAppId, parent.get(Field::kAppId));
    event.set(Field::kPlatform, "srv");
    event.set(Field::kEtlTstamp, parent.get(Field::kEtlTstamp));
    event.set(Field::kCollectorTstamp, parent.get(Field::kCollectorTstamp));
    event.set(Field::kEvent, "pii_transformation");
    event.set(Field::kEventId, arena.copy(worker_.ids.next()));
    event.set(Field::kDerivedTstamp, parent.get(Field::kEtlTstamp));
    event.set(Field::kTrueTstamp, parent.get(Field::kEtlTstamp));
    event.set(Field::kEventVendor, "com.snowplowanalytics.snowplow");
    event.set(Field::kEventName, "pii_transformation");
    event.set(Field::kEventFormat, "jsonschema");
    event.set(Field::kEventVersion, "1-0-0");
    event.set(Field::kVEtl, parent.get(Field::kVEtl));
    event.set(Field::kUnstructEvent, pii);
    event.set(Field::kContexts,
              arena.copy(fmt::format(
                  R"({{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",)"
                  R"("data":[{{"schema":)"
                  R"("iglu:com.snowplowanalytics.snowplow/parent_event/jsonschema/1-0-0",)"
                  R"("data":{{"parentEventId":"{}"}}}}]}})",
                  parent[Field::kEventId])));
    rows_.push_back({.kind = RowKind::kPii, .value = tsv_row(event), .index = index_});
}

void Run::add_bad_event(std::string row, const FailedEvent& failed, EventFacts facts) {
    facts.app_id = failed.event[Field::kAppId];
    const Parameters& parameters = failed.raw.parameters;
    add_bad(concealed(std::move(row), {.parameters = {parameters.begin(), parameters.end()},
                                       .sender = failed.raw.sender,
                                       .event = &failed.event}),
            facts);
    if (!worker_.settings.failed) return;
    worker_.schemas.observe(nullptr);
    add_failed(failed.raw);
    worker_.schemas.observe(worker_.observer);
}

std::string Run::concealed(std::string row, const BadRowOrigin& origin) {
    if (!worker_.settings.hide_pii) return row;
    for (const auto& pii : worker_.enrichments[EnrichmentKind::kPiiPseudonymization]) {
        row = pii->conceal(std::move(row), origin, worker_.arena);
    }
    return row;
}

void Run::add_bad(std::string text, EventFacts facts) {
    const std::size_t bytes_max = worker_.settings.row_bytes_max;
    if (text.size() > bytes_max) {
        return add_too_large(
            text, bytes_max / 10,
            fmt::format("event failed enrichment, but resulting bad row exceeds allowed size {}",
                        bytes_max),
            facts);
    }
    worker_.facts.events.push_back(facts);
    if (!worker_.settings.bad) return;
    rows_.push_back({.kind = RowKind::kBad, .value = std::move(text), .index = index_});
}

// A size_violation with the beginning of the row. Escapes and characters of several bytes may make
// it too large itself: then less of the row is kept.
void Run::add_too_large(const std::string& row, std::size_t units_kept, std::string expectation,
                        EventFacts facts) {
    facts.verdict = Verdict::kBad;
    facts.bad_type = "size_violation";
    facts.schema = {};
    worker_.facts.events.push_back(facts);
    if (!worker_.settings.bad) return;
    const std::size_t bytes_max = worker_.settings.row_bytes_max;
    model::SizeViolation violation{.timestamp_ms = now_ms_,
                                   .maximum_bytes = static_cast<std::int64_t>(bytes_max),
                                   .actual_bytes = static_cast<std::int64_t>(row.size()),
                                   .expectation = std::move(expectation),
                                   .payload = {}};
    std::string text;
    do {
        violation.payload = row.substr(0, text::utf8_prefix_of_utf16(row, units_kept));
        text = model::size_violation_json(violation, worker_.settings.processor);
        units_kept /= 2;
    } while (text.size() > bytes_max && units_kept > 0);
    rows_.push_back({.kind = RowKind::kBad, .value = std::move(text), .index = index_});
}

}  // namespace

std::vector<Row> enrich_record(std::string_view record, std::int64_t now_ms, Worker& worker) {
    worker.arena.reset();
    worker.schemas.trim();
    worker.facts.clear();
    return Run(record, now_ms, worker).run();
}

Row broken_record(std::string_view record, std::string_view error, std::int64_t now_ms,
                  const CoreSettings& settings) {
    return {.kind = RowKind::kBad, .value = generic_error(error, record, now_ms, settings)};
}

}  // namespace snowline::enricher
