#include "collector/delivery/delivery.h"

#include "collector/delivery/drainer.h"
#include "collector/delivery/ladder.h"

namespace snowline::collector {

Delivery::Delivery(const Settings& settings, const Sinks& sinks)
    : ladder_(std::make_shared<Ladder>(settings, sinks)) {
    if (sinks.kafka_good != nullptr) {
        drainer_ = std::make_unique<Drainer>(ladder_, settings.snowline.delivery.ack_timeout);
    }
}

Delivery::~Delivery() {
    stop();
}

void Delivery::stop() {
    drainer_.reset();
    ladder_->stop();
}

std::shared_ptr<Parcel> Delivery::send(Records records, const Envelope& envelope,
                                       std::function<void()> settled) {
    return ladder_->send(std::move(records), envelope, std::move(settled));
}

bool Delivery::overdue(const std::shared_ptr<Parcel>& parcel) {
    return ladder_->overdue(parcel);
}

bool Delivery::finish(const std::shared_ptr<Parcel>& parcel) {
    return ladder_->finish(parcel);
}

Readiness Delivery::readiness() const {
    return ladder_->readiness();
}

bool Delivery::takes_nothing() const {
    // Without the drainer nobody but the next event finds out that the log is back.
    return drainer_ != nullptr && ladder_->readiness() == Readiness::kNowhere;
}

bool Delivery::is_behind() {
    return ladder_->is_behind();
}

void Delivery::count_turned_away() {
    ladder_->count_turned_away();
}

DeliveryCounts Delivery::counts() const {
    return ladder_->counts();
}

}  // namespace snowline::collector
