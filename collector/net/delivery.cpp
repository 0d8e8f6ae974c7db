#include "collector/net/delivery.h"

#include <algorithm>
#include <chrono>
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
using std::chrono::milliseconds;

// Trackers give up after 5 s and send again: every answer comes within 4 s, scheduling included.
constexpr milliseconds kAnswerWithin{3500};
constexpr milliseconds kSpoolWithinMin{500};

/// Wakes a waiting request. `ring` is called on any thread, maybe long after the request was
/// answered and its connection and event loop are gone; it touches the loop only while the request
/// waits.
class Completion {
public:
    static void ring(const std::shared_ptr<Completion>& self) {
        const std::lock_guard lock(self->mutex_);
        self->has_rung_ = true;
        if (self->timer_ == nullptr) return;
        asio::post(self->timer_->get_executor(), [self, timer = self->timer_] {
            const std::lock_guard relock(self->mutex_);
            if (self->timer_ == timer) timer->cancel();
        });
    }

    /// `ring` will cancel `timer`, on the timer's thread. False: it has been called already.
    bool set(asio::steady_timer& timer) {
        const std::lock_guard lock(mutex_);
        if (!has_rung_) timer_ = &timer;
        return !has_rung_;
    }

    /// Forgets the timer. True: `ring` was called.
    bool unset() {
        const std::lock_guard lock(mutex_);
        timer_ = nullptr;
        return has_rung_;
    }

private:
    std::mutex mutex_;
    bool has_rung_ = false;
    asio::steady_timer* timer_ = nullptr;
};

/// Waits for `ring`, `at_most` so long. True: it was called.
asio::awaitable<bool> wait(std::shared_ptr<Completion> completion, milliseconds at_most) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    timer.expires_after(at_most);
    if (completion->set(timer)) co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return completion->unset();
}

}  // namespace

asio::awaitable<bool> deliver(Shared& shared, Records records, Envelope envelope) {
    if (records.good.empty() && records.bad.empty()) co_return true;
    const auto& settings = shared.settings.delivery.delivery;
    const auto completion = std::make_shared<Completion>();
    const auto delivery = shared.delivery.send(std::move(records), envelope,
                                               [completion] { Completion::ring(completion); });
    if (settings.mode == DeliveryMode::kFast) co_return true;

    bool is_settled = co_await wait(completion, settings.ack_timeout);
    if (!is_settled && shared.delivery.overdue(delivery)) {
        const auto left = std::max(kAnswerWithin - settings.ack_timeout, kSpoolWithinMin);
        is_settled = co_await wait(completion, left);
    }
    co_return shared.delivery.finish(delivery);
}

}  // namespace snowline::collector::net
