#include "common/log/sqlite/embedded.h"
#include "test/integration/common/log/log_under_test.h"
#include "test/integration/common/log/temporary_directory.h"

#include <catch2/catch.hpp>

namespace snowline::log::test {
namespace {

class EmbeddedLog final : public LogUnderTest {
public:
    EmbeddedLog(std::string name, std::shared_ptr<sqlite::Wakeup> wakeup) : name_(std::move(name)) {
        options_.wakeup = std::move(wakeup);
    }

    std::string name() const override { return name_; }
    std::string new_topic() override { return "topic-" + std::to_string(++topics_); }
    std::unique_ptr<DurableProducer> producer() override {
        return take(sqlite::open_producer(directory_.path(), sqlite::kCollector, options_));
    }
    std::unique_ptr<GroupMember> join_group(const std::string& input_topic) override {
        return take(sqlite::join_group(directory_.path(), "group", {input_topic}, options_));
    }
    Result<std::unique_ptr<Reader>, Failure> try_reader(const Range& range) override {
        return sqlite::open_reader(directory_.path(), range, options_.wakeup);
    }

private:
    template <class T>
    static T take(Result<T, Failure> opened) {
        if (!opened) FAIL(opened.error().message);
        return std::move(*opened);
    }

    std::string name_;
    TemporaryDirectory directory_;
    sqlite::WriterOptions options_;
    int topics_ = 0;
};

}  // namespace

std::unique_ptr<LogUnderTest> embedded_log() {
    return std::make_unique<EmbeddedLog>("embedded", nullptr);
}

std::unique_ptr<LogUnderTest> embedded_log_in_process() {
    return std::make_unique<EmbeddedLog>("embedded, one process",
                                         std::make_shared<sqlite::Wakeup>());
}

}  // namespace snowline::log::test
