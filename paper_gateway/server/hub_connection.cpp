#include "paper_gateway/server/hub.h"

namespace paper {

HubConnection::HubConnection(Hub& hub, std::string id, TokenClaims claims)
    : hub_{hub}, id_{std::move(id)}, claims_{std::move(claims)} {}

void HubConnection::on_open(std::shared_ptr<Socket> socket) {
  opened_ns = hub_.context().monotonic_ns();
  session_ = std::make_unique<HubSession>(*this, std::move(socket), opened_ns,
                                          hub_.context().settings.ping_every_ms * 1'000'000);
  session_->freeze(hub_.frozen_until_ns_, hub_.frost_loses_);
}

void HubConnection::on_message(std::string_view bytes) {
  if (session_) session_->on_message(bytes, hub_.context().monotonic_ns());
}

void HubConnection::on_closed() {
  hub_.closed(*this);
}

bool HubConnection::subscribed(std::string_view topic, std::string_view key) const {
  return subscriptions.contains({std::string{topic}, std::string{key}});
}

void HubConnection::on_ready() {
  hub_.on_ready(*this);
}

std::optional<std::string> HubConnection::invoke(std::string_view target, const Json::Array& arguments) {
  just_subscribed_.reset();
  const auto verdict = hub_.on_method(*this, target);
  if (verdict == FaultAction::drop) return std::string{never_completed};
  if (verdict == FaultAction::refusal) return failed_to_invoke(target);
  auto error = hub_.invoke(*this, target, arguments, just_subscribed_);
  if (verdict != FaultAction::close) return error;
  session_->close(HubSession::close_text, true, hub_.context().monotonic_ns());
  return std::string{never_completed};
}

void HubConnection::after_invoke() {
  if (just_subscribed_) hub_.on_subscribed(*this, just_subscribed_->first, just_subscribed_->second);
}

}  // namespace paper
