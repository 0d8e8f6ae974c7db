#include "collector/net/delivery.h"

#include "common/ops/logging.h"

#include <memory>
#include <mutex>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace snowline::collector::net {
namespace {

namespace asio = boost::asio;

/// The records of one reply that the log has not reported on yet. Reports come from any thread,
/// maybe long after the request was answered with 503 and its connection and event loop are gone;
/// they touch the loop only while the request waits.
class Pending {
public:
    explicit Pending(std::size_t records) : open_(records) {}

    void report(const log::Failure* failure) {
        const std::lock_guard lock(mutex_);
        if (failure != nullptr && failure_.empty()) failure_ = failure->message + ".";
        if (--open_ > 0 || waiting_ == nullptr) return;
        asio::post(waiting_->get_executor(), [self = self_, timer = waiting_] {
            const std::lock_guard relock(self->mutex_);
            if (self->waiting_ == timer) timer->cancel();
        });
    }

    /// `timer` is cancelled, on its own thread, when the last report comes. False: it has come.
    static bool wait_with(const std::shared_ptr<Pending>& self, asio::steady_timer& timer) {
        const std::lock_guard lock(self->mutex_);
        if (self->open_ == 0) return false;
        self->self_ = self;
        self->waiting_ = &timer;
        return true;
    }

    /// Why the records are not durable; empty where they are. All that are not reported by now
    /// count as lost, unless `fast`.
    std::string finish(bool fast) {
        const std::lock_guard lock(mutex_);
        waiting_ = nullptr;
        self_.reset();
        if (!failure_.empty() || fast || open_ == 0) return failure_;
        return "no report within snowline.delivery.ackTimeout";
    }

private:
    std::mutex mutex_;
    std::size_t open_;
    std::string failure_;  // the first one's words
    asio::steady_timer* waiting_ = nullptr;
    std::shared_ptr<Pending> self_;  // while waiting
};

void send_all(log::Producer& producer, const std::string& topic, std::vector<std::string>& values,
              const std::string& key, const std::shared_ptr<Pending>& pending) {
    for (std::string& value : values) {
        log::Record record;
        record.topic = topic;
        record.key = key;
        record.value = std::move(value);
        producer.send(std::move(record),
                      [pending](const Result<log::Position, log::Failure>& result) {
                          pending->report(result ? nullptr : &result.error());
                      });
    }
}

}  // namespace

asio::awaitable<bool> deliver(Shared& shared, Records records, std::string partition_key) {
    const std::size_t count = records.good.size() + records.bad.size();
    if (count == 0) co_return true;
    const auto pending = std::make_shared<Pending>(count);
    const auto& settings = shared.settings();
    send_all(shared.sinks.good, settings.streams.good.name, records.good, partition_key, pending);
    send_all(shared.sinks.bad, settings.streams.bad.name, records.bad, partition_key, pending);

    const bool fast = settings.snowline.delivery.mode == DeliveryMode::kFast;
    if (!fast) {
        const auto executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor);
        timer.expires_after(settings.snowline.delivery.ack_timeout);
        if (Pending::wait_with(pending, timer)) {
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        // Before the timer goes: nobody may know of it any longer.
        pending->finish(false);
    }
    const std::string failure = pending->finish(fast);
    const bool durable = failure.empty();
    if (shared.sinks_healthy.exchange(durable) != durable) {
        if (durable) {
            ops::log(ops::Level::kInfo, "the log takes records again");
        } else {
            ops::log(ops::Level::kError, "the log takes no records; requests are answered with 503",
                     {{"reason", failure}});
        }
    }
    co_return durable;
}

}  // namespace snowline::collector::net
