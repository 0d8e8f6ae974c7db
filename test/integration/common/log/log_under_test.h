#pragma once

#include "common/log/log.h"

#include <memory>
#include <string>
#include <vector>

/// The log's contract is tested once (log_contract_test.cpp), on every log there is.
namespace snowline::log::test {

class LogUnderTest {
public:
    virtual ~LogUnderTest() = default;
    virtual std::string name() const = 0;
    /// Topics of one partition, used by this test only.
    virtual std::string new_topic() = 0;
    virtual std::unique_ptr<DurableProducer> producer() = 0;
    /// Opening it again after the last one is gone continues the same group.
    virtual std::unique_ptr<GroupMember> join_group(const std::string& input_topic) = 0;
    virtual Result<std::unique_ptr<Reader>, Failure> try_reader(const Range& range) = 0;
    /// Of a range that is known to be good.
    std::unique_ptr<Reader> reader(const Range& range);
};

std::unique_ptr<LogUnderTest> embedded_log();
std::unique_ptr<LogUnderTest> embedded_log_in_process();  // readers are woken, they do not look
/// On the brokers that SNOWLINE_KAFKA names; nullptr, and a line that says so, without it.
std::unique_ptr<LogUnderTest> kafka_log();

}  // namespace snowline::log::test
