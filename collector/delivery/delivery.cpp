#include "collector/delivery/delivery.h"

#include "collector/delivery/delivery_coordinator.h"
#include "collector/delivery/drainer.h"

namespace snowline::collector {

Delivery::Delivery(const DeliverySettings& settings, const Sinks& sinks)
    : coordinator_(std::make_shared<DeliveryCoordinator>(settings, sinks)),
      drainer_(std::make_unique<Drainer>(
          coordinator_, Drainer::Options{.patience = settings.delivery.ack_timeout})) {}

Delivery::~Delivery() {
    stop();
}

void Delivery::stop() {
    drainer_.reset();
    coordinator_->stop();
}

std::shared_ptr<PendingDelivery> Delivery::send(Records records, const Envelope& envelope,
                                                std::function<void()> settled) {
    return coordinator_->send(std::move(records), envelope, std::move(settled));
}

bool Delivery::overdue(const std::shared_ptr<PendingDelivery>& delivery) {
    return coordinator_->overdue(delivery);
}

bool Delivery::finish(const std::shared_ptr<PendingDelivery>& delivery) {
    return coordinator_->finish(delivery);
}

Readiness Delivery::readiness() const {
    return coordinator_->readiness();
}

std::vector<StreamState> Delivery::streams() const {
    return coordinator_->streams();
}

bool Delivery::takes_nothing() const {
    return coordinator_->takes_nothing();
}

bool Delivery::is_behind() {
    return coordinator_->is_behind();
}

void Delivery::count_turned_away() {
    coordinator_->count_turned_away();
}

DeliveryCounts Delivery::counts() const {
    return coordinator_->counts();
}

}  // namespace snowline::collector
