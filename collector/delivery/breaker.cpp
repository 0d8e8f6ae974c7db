#include "collector/delivery/breaker.h"

namespace snowline::collector {

void Breaker::succeeded(Time now) {
    state_ = State::kClosed;
    last_success_ = now;
}

void Breaker::failed(Time sent, Time now) {
    if (last_success_ > sent) return;
    if (state_ == State::kClosed) next_probe_ = now + kProbePeriod;
    state_ = State::kOpen;
}

bool Breaker::take_probe(Time now) {
    if (state_ == State::kClosed || now < next_probe_) return false;
    next_probe_ = now + kProbePeriod;
    state_ = State::kHalfOpen;
    return true;
}

}  // namespace snowline::collector
