#pragma once

#include "common/model/ip_address.h"
#include "common/result.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// A MaxMind DB file, mapped into memory. Immutable; shared by threads.
class MaxmindFile {
public:
    /// The error says what is wrong with the file.
    static Result<std::shared_ptr<const MaxmindFile>> open(const std::string& path);
    ~MaxmindFile();

    /// The file's own type, e.g. `GeoIP2-City`.
    std::string_view type() const;

    /// The position of an address's data.
    struct Entry {
        std::uint32_t offset;
    };
    std::optional<Entry> find(const model::IpAddress& address) const;

    /// The value at a path of names and indices (`-1` is a list's last item); nullopt where it is
    /// absent or of another type. The text points into the file.
    using Path = std::initializer_list<const char*>;
    std::optional<std::string_view> text(Entry entry, Path path) const;
    std::optional<double> number(Entry entry, Path path) const;

private:
    struct Handle;
    explicit MaxmindFile(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> handle_;
};

}  // namespace snowline::enricher
