#include "common/log/log.h"

namespace snowline::log {

std::size_t record_bytes(const Record& record) {
    std::size_t bytes = record.value.size() + (record.key ? record.key->size() : 0);
    for (const Header& header : record.headers) bytes += header.name.size() + header.value.size();
    return bytes;
}

}  // namespace snowline::log
