#include "common/log/arrival.h"
#include "common/log/kafka/client.h"

namespace snowline::log::kafka {
namespace {

std::string text_of(const void* bytes, std::size_t size) {
    return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

rd_kafka_vu_t bytes_of(rd_kafka_vtype_t kind, const std::string& bytes) {
    rd_kafka_vu_t item{};
    item.vtype = kind;
    item.u.mem.ptr = const_cast<char*>(bytes.data());
    item.u.mem.size = bytes.size();
    return item;
}

Handle<rd_kafka_headers_t> headers_of(const Record& record) {
    if (record.headers.empty()) return nullptr;
    Handle<rd_kafka_headers_t> headers(rd_kafka_headers_new(record.headers.size()));
    for (const Header& header : record.headers) {
        rd_kafka_header_add(headers.get(), header.name.data(),
                            static_cast<ssize_t>(header.name.size()), header.value.data(),
                            static_cast<ssize_t>(header.value.size()));
    }
    return headers;
}

}  // namespace

Record record_of(const rd_kafka_message_t& message) {
    Record record{.topic = rd_kafka_topic_name(message.rkt)};
    if (message.key) record.key = text_of(message.key, message.key_len);
    record.value = text_of(message.payload, message.len);
    record.partition = message.partition;
    record.offset = message.offset;
    record.timestamp_ms = rd_kafka_message_timestamp(&message, nullptr);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
        record.headers.push_back({.name = name, .value = text_of(value, size)});
    }
    if (record.timestamp_ms == kNoTimestamp) record.timestamp_ms = arrival_ms(record).value_or(0);
    return record;
}

rd_kafka_resp_err_t produce(rd_kafka_t* client, const Record& record, void* opaque) {
    std::vector<rd_kafka_vu_t> items(3);
    items.reserve(7);
    items[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    items[0].u.cstr = record.topic.c_str();
    items[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    items[1].u.i32 = record.partition == kAnyPartition ? RD_KAFKA_PARTITION_UA : record.partition;
    items[2].vtype = RD_KAFKA_VTYPE_OPAQUE;
    items[2].u.ptr = opaque;
    if (!record.is_tombstone) items.push_back(bytes_of(RD_KAFKA_VTYPE_VALUE, record.value));
    if (record.key) items.push_back(bytes_of(RD_KAFKA_VTYPE_KEY, *record.key));
    if (record.timestamp_ms != 0) {
        rd_kafka_vu_t time{};
        time.vtype = RD_KAFKA_VTYPE_TIMESTAMP;
        time.u.i64 = record.timestamp_ms;
        items.push_back(time);
    }
    auto headers = headers_of(record);
    if (headers) {
        rd_kafka_vu_t item{};
        item.vtype = RD_KAFKA_VTYPE_HEADERS;
        item.u.headers = headers.get();
        items.push_back(item);
    }
    const Handle<rd_kafka_error_t> error(rd_kafka_produceva(client, items.data(), items.size()));
    const auto code = error ? rd_kafka_error_code(error.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
    // Ours again where it is not taken. Given one by one librdkafka 2.0.2 frees them twice where it
    // does not know the topic or the partition (its issue 4627).
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) (void)headers.release();
    return code;
}

}  // namespace snowline::log::kafka
