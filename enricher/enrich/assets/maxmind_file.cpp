#include "enricher/enrich/assets/maxmind_file.h"

#include "common/check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace snowline::enricher {

struct MaxmindFile::Handle {
    MMDB_s mmdb{};
    bool open = false;

    ~Handle() {
        if (open) MMDB_close(&mmdb);
    }
};

namespace {

constexpr std::size_t kPathMax = 7;

std::optional<MMDB_entry_data_s> value_at(const MMDB_s& mmdb, MaxmindFile::Entry entry,
                                          MaxmindFile::Path path) {
    SNOWLINE_CHECK(path.size() <= kPathMax);
    std::array<const char*, kPathMax + 1> names{};  // ends with a null
    std::copy(path.begin(), path.end(), names.begin());
    MMDB_entry_s at{.mmdb = &mmdb, .offset = entry.offset};
    MMDB_entry_data_s data{};
    if (MMDB_aget_value(&at, &data, names.data()) != MMDB_SUCCESS || !data.has_data) {
        return std::nullopt;
    }
    return data;
}

}  // namespace

MaxmindFile::MaxmindFile(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
MaxmindFile::~MaxmindFile() = default;

Result<std::shared_ptr<const MaxmindFile>> MaxmindFile::open(const std::string& path) {
    auto handle = std::make_unique<Handle>();
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &handle->mmdb);
    if (status != MMDB_SUCCESS) {
        return unexpected(std::string("no MaxMind DB: ") + MMDB_strerror(status));
    }
    handle->open = true;
    return std::shared_ptr<const MaxmindFile>(new MaxmindFile(std::move(handle)));
}

std::string_view MaxmindFile::type() const {
    const char* type = handle_->mmdb.metadata.database_type;
    return type != nullptr ? type : "";
}

std::optional<MaxmindFile::Entry> MaxmindFile::find(const model::IpAddress& address) const {
    sockaddr_storage storage{};
    if (address.is_v4()) {
        auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
        v4->sin_family = AF_INET;
        std::memcpy(&v4->sin_addr, address.bytes().data(), 4);
    } else {
        auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
        v6->sin6_family = AF_INET6;
        std::memcpy(&v6->sin6_addr, address.bytes().data(), 16);
    }
    int status = MMDB_SUCCESS;
    const MMDB_lookup_result_s found =
        MMDB_lookup_sockaddr(&handle_->mmdb, reinterpret_cast<const sockaddr*>(&storage), &status);
    if (status != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    return Entry{found.entry.offset};
}

std::optional<std::string_view> MaxmindFile::text(Entry entry, Path path) const {
    const auto data = value_at(handle_->mmdb, entry, path);
    if (!data || data->type != MMDB_DATA_TYPE_UTF8_STRING) return std::nullopt;
    return std::string_view(data->utf8_string, data->data_size);
}

std::optional<double> MaxmindFile::number(Entry entry, Path path) const {
    const auto data = value_at(handle_->mmdb, entry, path);
    if (!data) return std::nullopt;
    if (data->type == MMDB_DATA_TYPE_DOUBLE) return data->double_value;
    if (data->type == MMDB_DATA_TYPE_FLOAT) return data->float_value;
    return std::nullopt;
}

}  // namespace snowline::enricher
