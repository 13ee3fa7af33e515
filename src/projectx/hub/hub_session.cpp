#include "projectx/hub/hub_session.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rm::projectx {

std::string_view name_of(HubLoss loss) {
  constexpr std::array<std::string_view, 8> kNames{"transport",    "server_close",    "handshake_refused",
                                                   "no_handshake", "no_confirmation", "silence",
                                                   "protocol",     "logged_out"};
  return kNames[static_cast<std::size_t>(loss)];
}

void HubSession::begin() {
  out_.clear();
  texts_used_ = 0;
}

void HubSession::send(std::string_view text, std::int64_t now_ns) {
  last_sent_ns_ = now_ns;
  out_.emplace_back(SendText{text});
}

void HubSession::lose(HubLoss loss, bool allow_reconnect, std::string text) {
  if (state_ == State::Down) return;
  state_ = State::Down;
  out_.emplace_back(HubClosed{loss, allow_reconnect, std::move(text)});
}

// ── subscriptions ──────────────────────────────────────────────────────────────────────────────────────────────────

void HubSession::add(std::string_view method, std::string arguments, std::int64_t now_ns) {
  for (const Subscription& known : subscriptions_) {
    if (known.method == method && known.arguments == arguments) return;
  }
  subscriptions_.push_back({std::string{method}, std::move(arguments)});
  if (state_ == State::Subscribing || state_ == State::Ready) ask(subscriptions_.size() - 1, now_ns);
}

void HubSession::ask(std::size_t index, std::int64_t now_ns) {
  Subscription& subscription = subscriptions_[index];
  subscription.answer = Answer::None;
  subscription.asked = true;
  ++unanswered_;
  last_asked_ns_ = now_ns;
  if (texts_used_ == texts_.size()) texts_.emplace_back();
  std::string& text = texts_[texts_used_++];
  write_invocation(text, index + 1, subscription.method, subscription.arguments);
  send(text, now_ns);
}

HubSession::Outputs HubSession::subscribe_accounts(std::int64_t now_ns) {
  begin();
  add("SubscribeAccounts", "[]", now_ns);
  return out_;
}

HubSession::Outputs HubSession::subscribe_account(AccountId account, std::int64_t now_ns) {
  begin();
  const std::string arguments = std::string{"["}.append(std::to_string(account.value())).append("]");
  for (const char* method : {"SubscribeOrders", "SubscribePositions", "SubscribeTrades"})
    add(method, arguments, now_ns);
  return out_;
}

HubSession::Outputs HubSession::subscribe_contract(std::string_view broker_id, std::int64_t now_ns) {
  begin();
  const std::string arguments = std::string{"[\""}.append(broker_id).append("\"]");
  for (const char* method : {"SubscribeContractQuotes", "SubscribeContractTrades"}) add(method, arguments, now_ns);
  return out_;
}

void HubSession::settle_if_all_answered() {
  if (state_ != State::Subscribing || unanswered_ > 0) return;
  state_ = State::Ready;
  Connected connected;
  for (const Subscription& subscription : subscriptions_)
    ++(subscription.answer == Answer::Confirmed ? connected.confirmed : connected.refused);
  out_.emplace_back(connected);
}

// ── the connection ─────────────────────────────────────────────────────────────────────────────────────────────────

HubSession::Outputs HubSession::on_open(std::int64_t now_ns) {
  begin();
  splitter_.reset();
  state_ = State::Handshaking;
  unanswered_ = 0;
  last_record_ns_ = last_asked_ns_ = now_ns;
  for (Subscription& subscription : subscriptions_) subscription.asked = false;
  send(kHandshakeText, now_ns);
  return out_;
}

HubSession::Outputs HubSession::on_text(PaddedSpan message, std::int64_t now_ns) {
  begin();
  if (state_ == State::Down) return out_;
  if (!splitter_.feed(message)) lose(HubLoss::Protocol, false, "a record is longer than 8 MiB");
  while (state_ != State::Down) {
    const auto record = splitter_.next();
    if (!record) break;
    last_record_ns_ = now_ns;
    if (state_ == State::Handshaking) {
      take_handshake(*record, now_ns);
    } else {
      take_record(*record);
    }
  }
  return out_;
}

HubSession::Outputs HubSession::on_closed(std::string_view why) {
  begin();
  lose(HubLoss::Transport, false, std::string{why});
  return out_;
}

void HubSession::take_handshake(PaddedSpan record, std::int64_t now_ns) {
  const auto answer = read_handshake_answer(reader_, record);
  if (!answer) {
    const bool refused = answer.error().code == ErrorCode::Refused;
    return lose(refused ? HubLoss::HandshakeRefused : HubLoss::Protocol, false, answer.error().message);
  }
  state_ = State::Subscribing;
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) ask(i, now_ns);
  settle_if_all_answered();
}

void HubSession::take_record(PaddedSpan record) {
  auto read = read_hub_record(reader_, record);
  if (!read) {
    out_.emplace_back(BadRecord{std::move(read.error()), text_of(record)});
    return;
  }
  std::visit([this](auto& content) { handle(content); }, *read);
}

void HubSession::handle(const Invocation& invocation) {
  if (invocation.target != HubTarget::Logout) {
    out_.emplace_back(Invoked{invocation.target, invocation.arguments});
    return;
  }
  // The connection drops right after. Closing it ourselves spares us one that stays open and says nothing.
  out_.emplace_back(LoggedOut{text_of(invocation.arguments)});
  lose(HubLoss::LoggedOut, true, "the gateway ended the session");
}

void HubSession::handle(Completion& completion) {
  if (completion.invocation == 0 || completion.invocation > subscriptions_.size()) return;
  Subscription& subscription = subscriptions_[completion.invocation - 1];
  if (!subscription.asked || subscription.answer != Answer::None) return;
  --unanswered_;
  subscription.answer = completion.error ? Answer::Refused : Answer::Confirmed;
  if (completion.error) {
    if (texts_used_ == texts_.size()) texts_.emplace_back();
    std::string& text = texts_[texts_used_++];
    text = *completion.error;
    out_.emplace_back(SubscriptionRefused{subscription.method, subscription.arguments, text});
  } else {
    out_.emplace_back(SubscriptionConfirmed{subscription.method, subscription.arguments});
  }
  settle_if_all_answered();
}

void HubSession::handle(Close& close) {
  lose(HubLoss::ServerClose, close.allow_reconnect, std::move(close.error));
}

// ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

std::optional<std::int64_t> HubSession::next_deadline() const {
  switch (state_) {
    case State::Down:
      return std::nullopt;
    case State::Handshaking:
      return last_asked_ns_ + kAnswerWithin;
    case State::Subscribing:
    case State::Ready:
      break;
  }
  const std::int64_t alive = std::min(last_record_ns_ + silence_ns_, last_sent_ns_ + kPingEvery);
  return unanswered_ > 0 ? std::min(alive, last_asked_ns_ + kAnswerWithin) : alive;
}

HubSession::Outputs HubSession::on_deadline(std::int64_t now_ns) {
  begin();
  if (state_ == State::Down) return out_;
  const bool answer_due = now_ns >= last_asked_ns_ + kAnswerWithin;
  if (state_ == State::Handshaking) {
    if (answer_due) lose(HubLoss::NoHandshake, false, "no handshake answer in 15 s");
    return out_;
  }
  if (now_ns >= last_record_ns_ + silence_ns_) {
    lose(HubLoss::Silence, false, std::to_string(silence_ns_ / kSecond) + " s without any record");
  } else if (unanswered_ > 0 && answer_due) {
    lose(HubLoss::NoConfirmation, false, "a subscription was not answered in 15 s");
  } else if (now_ns >= last_sent_ns_ + kPingEvery) {
    send(kPingText, now_ns);
  }
  return out_;
}

}  // namespace rm::projectx
