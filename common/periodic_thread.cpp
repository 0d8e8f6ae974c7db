#include "common/periodic_thread.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

namespace snowline {

PeriodicThread::PeriodicThread(std::chrono::milliseconds period, std::function<void()> work)
    : thread_([period, work = std::move(work)](const std::stop_token& stop) noexcept {
          std::mutex mutex;
          std::condition_variable_any stopping;  // only the stop token wakes it
          std::unique_lock lock(mutex);
          while (true) {
              stopping.wait_for(lock, stop, period, [] { return false; });
              if (stop.stop_requested()) return;
              work();
          }
      }) {}

}  // namespace snowline
