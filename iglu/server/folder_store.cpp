#include "iglu/server/folder_store.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/self_describing.h"
#include "iglu/resolve/folder_registry.h"
#include "iglu/server/schema_body.h"

#include <algorithm>
#include <chrono>

namespace snowline::iglu::server {
namespace {

std::int64_t written_ms(const std::filesystem::path& file) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(file, error);
    if (error) return 0;
    const auto system = std::chrono::file_clock::to_sys(time).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(system).count();
}

class FolderStore final : public Store {
public:
    explicit FolderStore(std::filesystem::path folder)
        : registry_(folder_registry({.name = "folder"}, std::move(folder))) {}

    Result<std::vector<StoredSchema>> schemas(const Selection& selection) override {
        auto keys = registry_->list();
        std::sort(keys.begin(), keys.end());
        std::vector<StoredSchema> found;
        for (const model::SchemaKey& key : keys) {
            const bool is_asked = (!selection.vendor || key.vendor == *selection.vendor) &&
                                  (!selection.name || key.name == *selection.name);
            if (!is_asked) continue;
            if (auto schema = read(key)) found.push_back(*std::move(schema));
        }
        settle(found);
        if (selection.model) {
            std::erase_if(found, [&](const StoredSchema& schema) {
                return schema.key.version.model != *selection.model;
            });
        }
        return found;
    }

    Result<PublicationOutcome, PublicationFailure> publish(const Publication&, Patches) override {
        return unexpected(
            PublicationFailure{PublicationFailure::Kind::kReadOnly, std::string(kReadOnly)});
    }
    Result<void> remove(const model::SchemaKey&) override {
        return unexpected(std::string(kReadOnly));
    }
    Result<std::vector<StoredDraft>> drafts() override { return std::vector<StoredDraft>(); }
    Result<std::optional<StoredDraft>> find_draft(const DraftKey&) override {
        return std::optional<StoredDraft>();
    }
    Result<void, PublicationFailure> put_draft(const DraftKey&, Access, std::string_view) override {
        return unexpected(
            PublicationFailure{PublicationFailure::Kind::kReadOnly, std::string(kReadOnly)});
    }
    Result<std::optional<Permission>> find_key(std::string_view) override {
        return std::optional<Permission>();
    }
    Result<void> add_key(std::string_view, const Permission&) override {
        return unexpected(std::string(kReadOnly));
    }
    Result<void> remove_key(std::string_view) override {
        return unexpected(std::string(kReadOnly));
    }
    std::string_view name() const override { return "folder"; }

private:
    static constexpr std::string_view kReadOnly = "This registry is a folder and read-only";

    std::optional<StoredSchema> read(const model::SchemaKey& key) const {
        const auto text = registry_->fetch(key);
        if (!text) return std::nullopt;
        json::Arena arena;
        const auto parsed = json::parse(*text, arena);
        if (!parsed) return std::nullopt;
        const auto schema = model::SelfDescribingSchema::parse(*parsed);
        if (!schema || schema->self != key) return std::nullopt;
        const std::int64_t time = written_ms(registry_->location(key));
        return StoredSchema{
            .key = key,
            .access = Access::kPublic,
            .created_ms = time,
            .updated_ms = time,
            .supersedes = supersedes_of(*parsed).value_or(std::vector<model::SchemaVer>{}),
            .superseded_by = std::nullopt,
            .body = json::print(body_of(*parsed, arena))};
    }

    std::unique_ptr<Registry> registry_;
};

}  // namespace

std::unique_ptr<Store> folder_store(std::filesystem::path folder) {
    return std::make_unique<FolderStore>(std::move(folder));
}

}  // namespace snowline::iglu::server
