#include "bench/enricher/parsing_floor.h"

#include <array>
#include <cstdint>
#include <cstring>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace snowline::bench {
namespace {

constexpr std::size_t kColumns = 131;
constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag |
                            rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

constexpr std::array<std::int8_t, 256> make_base64() {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    const std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::size_t i = 0; i < 64; ++i) {
        values[static_cast<unsigned char>(plain[i])] = static_cast<std::int8_t>(i);
    }
    values['+'] = 62;
    values['/'] = 63;
    return values;
}

constexpr auto kBase64 = make_base64();

int hex(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

// Where a parameter goes: by its name's hash, so that a row has about as many columns as a real
// one.
std::size_t column_of(std::string_view name) {
    std::size_t hash = 0;
    for (const char c : name) hash = hash * 31 + static_cast<unsigned char>(c);
    return hash % kColumns;
}

}  // namespace

class ParsingFloor::Loop {
public:
    Loop() : pool_(buffer_.data(), buffer_.size()) {}

    std::size_t run(std::string_view record) {
        fields_ = {};
        std::size_t at = 0;
        read_struct(record, at);
        if (!body_.empty()) return run_body();
        begin_row();
        run_querystring();
        end_row();
        return 1;
    }
    std::size_t bytes() const { return bytes_; }

private:
    template <class Integer>
    static Integer integer(std::string_view record, std::size_t& at) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Integer); ++i) {
            value = value << 8 | static_cast<unsigned char>(record[at++]);
        }
        return static_cast<Integer>(value);
    }

    void read_struct(std::string_view record, std::size_t& at) {
        body_ = query_ = {};
        while (record[at] != 0) {
            const int type = record[at++];
            const auto id = integer<std::int16_t>(record, at);
            if (type == 10) {
                at += 8;
            } else if (type == 11) {
                const auto size = static_cast<std::size_t>(integer<std::int32_t>(record, at));
                const std::string_view text = record.substr(at, size);
                at += size;
                if (id == 330)
                    query_ = text;
                else if (id == 340)
                    body_ = text;
                else if (fields_count_ < fields_.size())
                    fields_[fields_count_++] = text;
            } else {  // headers
                ++at;
                auto left = integer<std::int32_t>(record, at);
                for (; left > 0; --left) {
                    at += 4 + static_cast<std::size_t>(peek(record, at));
                }
            }
        }
        fields_count_ = 0;
    }
    static std::int32_t peek(std::string_view record, std::size_t at) {
        return integer<std::int32_t>(record, at);
    }

    std::size_t run_body() {
        text_.assign(body_);
        pool_.Clear();
        rapidjson::GenericDocument<rapidjson::UTF8<>, Pool> document(&pool_);
        document.ParseInsitu<kFlags>(text_.data());
        const auto& events = document["data"];
        for (const auto& event : events.GetArray()) {
            begin_row();
            for (const auto& member : event.GetObject()) {
                parameter({member.name.GetString(), member.name.GetStringLength()},
                          {member.value.GetString(), member.value.GetStringLength()});
            }
            end_row();
        }
        return events.Size();
    }

    void run_querystring() {
        std::string_view rest = query_;
        decoded_.resize(rest.size());
        char* put = decoded_.data();
        while (!rest.empty()) {
            const std::string_view pair = rest.substr(0, rest.find('&'));
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
            const std::size_t equals = pair.find('=');
            char* const start = put;
            for (std::size_t i = equals + 1; i < pair.size(); ++i) {
                if (pair[i] == '%') {
                    *put++ = static_cast<char>(hex(pair[i + 1]) << 4 | hex(pair[i + 2]));
                    i += 2;
                } else {
                    *put++ = pair[i] == '+' ? ' ' : pair[i];
                }
            }
            parameter(pair.substr(0, equals), {start, static_cast<std::size_t>(put - start)});
        }
    }

    void parameter(std::string_view name, std::string_view value) {
        if (name == "co" || name == "ue_pr") return print_json(name, std::string(value));
        if (name == "cx" || name == "ue_px") return print_json(name, decode_base64(value));
        columns_[column_of(name)] = value;
    }

    static std::string decode_base64(std::string_view text) {
        std::string out(text.size() * 3 / 4 + 3, '\0');
        std::size_t size = 0;
        std::uint32_t bits = 0;
        int count = 0;
        for (const char c : text) {
            const auto value = kBase64[static_cast<unsigned char>(c)];
            if (value < 0) continue;
            bits = bits << 6 | static_cast<std::uint32_t>(value);
            if (++count % 4 == 0) {
                out[size++] = static_cast<char>(bits >> 16);
                out[size++] = static_cast<char>(bits >> 8);
                out[size++] = static_cast<char>(bits);
            }
        }
        if (count % 4 == 3) {
            out[size++] = static_cast<char>(bits >> 10);
            out[size++] = static_cast<char>(bits >> 2);
        } else if (count % 4 == 2) {
            out[size++] = static_cast<char>(bits >> 4);
        }
        out.resize(size);
        return out;
    }

    void print_json(std::string_view name, std::string text) {
        json_pool_.Clear();
        rapidjson::GenericDocument<rapidjson::UTF8<>, Pool> document(&json_pool_);
        document.ParseInsitu<kFlags>(text.data());
        auto& out = printed_[name[0] == 'c' ? 0 : 1];
        out.Clear();
        rapidjson::Writer<rapidjson::StringBuffer> writer(out);
        document.Accept(writer);
        columns_[name[0] == 'c' ? 52 : 58] = {out.GetString(), out.GetSize()};
    }

    void begin_row() {
        columns_ = {};
        std::size_t column = 0;
        for (const std::string_view field : fields_) columns_[column++] = field;
    }
    void end_row() {
        std::string row;
        std::size_t size = kColumns;
        for (const std::string_view column : columns_) size += column.size();
        row.reserve(size);
        for (const std::string_view column : columns_) {
            row += column;
            row += '\t';
        }
        bytes_ += row.size();
    }

    using Pool = rapidjson::MemoryPoolAllocator<>;
    std::array<char, 256 * 1024> buffer_;
    Pool pool_;
    Pool json_pool_;
    std::string text_, decoded_;
    std::string_view query_, body_;
    std::array<std::string_view, 10> fields_{};
    std::size_t fields_count_ = 0;
    std::array<std::string_view, kColumns> columns_{};
    rapidjson::StringBuffer printed_[2];
    std::size_t bytes_ = 0;
};

ParsingFloor::ParsingFloor() : loop_(std::make_unique<Loop>()) {}
ParsingFloor::~ParsingFloor() = default;
std::size_t ParsingFloor::run(std::string_view record) {
    return loop_->run(record);
}
std::size_t ParsingFloor::bytes_written() const {
    return loop_->bytes();
}

}  // namespace snowline::bench
