#include "paper_gateway/server/hub_session.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace paper {

std::string failed_to_invoke(std::string_view target, std::string_view hub_exception) {
  std::string text = "Failed to invoke '" + std::string{target} + "' due to an error on the server.";
  if (!hub_exception.empty()) text += " HubException: " + std::string{hub_exception};
  return text;
}

HubSession::HubSession(HubMethods& methods, std::shared_ptr<Socket> socket, std::int64_t now_ns,
                       std::int64_t keep_alive_ns)
    : methods_{methods},
      socket_{std::move(socket)},
      keep_alive_ns_{keep_alive_ns},
      opened_ns_{now_ns},
      last_received_ns_{now_ns},
      last_sent_ns_{now_ns} {}

void HubSession::on_message(std::string_view bytes, std::int64_t now_ns) {
  if (closed()) return;
  last_received_ns_ = now_ns;
  std::vector<std::string> records;
  const bool within_limit = splitter_.feed(bytes, records);
  for (const auto& record : records) {
    if (closed()) return;
    on_record(record, now_ns);
  }
  if (!within_limit && !closed()) close(close_text, false, now_ns);
}

void HubSession::on_record(std::string_view record, std::int64_t now_ns) {
  if (state_ == State::handshake) return shake_hands(record, now_ns);
  const auto message = parse_hub_message(record);
  if (!message) return close(close_text, false, now_ns);
  switch (static_cast<HubMessageType>(message->type)) {
    case HubMessageType::invocation:
      return on_invocation(*message, now_ns);
    case HubMessageType::stream_invocation:
      if (message->invocation_id) {
        const auto error = "The client attempted to invoke the non-streaming '" + message->target +
                           "' method with a streaming invocation.";
        send(completion_record(*message->invocation_id, error), now_ns);
      }
      return;
    case HubMessageType::close:
      return end();
    case HubMessageType::stream_item:
    case HubMessageType::completion:
    case HubMessageType::cancel_invocation:
    case HubMessageType::ping:
      return;
  }
}

void HubSession::shake_hands(std::string_view record, std::int64_t now_ns) {
  const auto problem = handshake_problem(record);
  write(handshake_record(problem), now_ns);
  last_sent_ns_ = now_ns;
  if (problem) return end();
  state_ = State::ready;
  methods_.on_ready();
}

void HubSession::on_invocation(const HubMessage& message, std::int64_t now_ns) {
  const auto error = methods_.invoke(message.target, message.arguments);
  if (error == HubMethods::never_completed) return;
  if (message.invocation_id) send(completion_record(*message.invocation_id, error), now_ns);
  if (!error) methods_.after_invoke();
}

void HubSession::on_time(std::int64_t now_ns) {
  thaw(now_ns);
  if (state_ == State::handshake && now_ns >= opened_ns_ + handshake_timeout_ns) {
    write(handshake_record("Handshake was canceled."), now_ns);
    return end();
  }
  if (state_ != State::ready) return;
  if (now_ns >= last_received_ns_ + client_timeout_ns) return close(close_text, true, now_ns);
  if (now_ns >= last_sent_ns_ + keep_alive_ns_) send(ping_record(), now_ns);
}

std::int64_t HubSession::next_deadline() const {
  constexpr auto never = std::numeric_limits<std::int64_t>::max();
  const auto thawed = frozen_.empty() ? never : frozen_until_ns_;
  if (state_ == State::handshake) return std::min(thawed, opened_ns_ + handshake_timeout_ns);
  if (state_ != State::ready) return never;
  return std::min({thawed, last_received_ns_ + client_timeout_ns, last_sent_ns_ + keep_alive_ns_});
}

void HubSession::send(std::string text, std::int64_t now_ns) {
  if (!ready()) return;
  last_sent_ns_ = now_ns;
  write(std::move(text), now_ns);
}

void HubSession::freeze(std::int64_t until_ns, bool lose) {
  frozen_until_ns_ = until_ns;
  lose_ = lose;
}

void HubSession::write(std::string text, std::int64_t now_ns) {
  thaw(now_ns);
  if (now_ns >= frozen_until_ns_) return socket_->send(std::move(text));
  if (!lose_) frozen_.push_back(std::move(text));
}

void HubSession::thaw(std::int64_t now_ns) {
  if (frozen_.empty() || now_ns < frozen_until_ns_ || closed()) return;
  for (auto& text : std::exchange(frozen_, {})) socket_->send(std::move(text));
}

void HubSession::close(const std::optional<std::string>& error, bool allow_reconnect, std::int64_t now_ns) {
  send(close_record(error, allow_reconnect), now_ns);
  end();
}

void HubSession::end() {
  state_ = State::closed;
  socket_->close();
}

}  // namespace paper
