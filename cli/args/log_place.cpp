#include "cli/args/log_place.h"

#include "cli/args/data_directory.h"
#include "common/log/kafka/kafka.h"
#include "common/log/sqlite/embedded.h"

#include <fmt/format.h>

namespace snowline::cli {

LogPlace::LogPlace() : data(default_data_directory().string()) {}

Result<std::unique_ptr<log::Reader>, log::Failure> open_reader(const LogPlace& place,
                                                               const log::Range& range,
                                                               const std::string& command) {
    if (place.brokers.empty()) return log::sqlite::open_reader(place.data, range);
    log::kafka::Options kafka{.brokers = place.brokers, .topics = {}};
    for (const std::string& setting : place.settings) {
        const auto equals = setting.find('=');
        const std::string value = equals == std::string::npos ? "" : setting.substr(equals + 1);
        kafka.settings[setting.substr(0, equals)] = value;
    }
    kafka.reports = [command](const std::string& line) {
        fmt::print(stderr, "snowline {}: {}\n", command, line);
    };
    return log::kafka::open_reader(kafka, range);
}

}  // namespace snowline::cli
