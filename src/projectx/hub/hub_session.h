#pragma once
// One SignalR hub connection as a pure state machine: handshake, subscriptions, keep-alive, loss. It outlives its
// sockets: after a loss the next on_open() starts afresh with the same subscriptions. `now_ns` is monotonic time and
// never goes back.

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.h"
#include "projectx/hub/hub_output.h"
#include "projectx/wire/record_splitter.h"

namespace rm::projectx {

class HubSession {
 public:
  static constexpr std::int64_t kSecond = 1'000'000'000;
  static constexpr std::int64_t kPingEvery = 15 * kSecond;  // after the last thing we sent; the server gives us 30 s
  static constexpr std::int64_t kAnswerWithin = 15 * kSecond;  // handshake answer, subscription confirmations

  // After `silence_ns` without any record the server is gone.
  explicit HubSession(std::int64_t silence_ns = 30 * kSecond) : silence_ns_{silence_ns} {}

  using Outputs = std::span<const HubOutput>;  // in the order in which they are to be carried out

  // What is to be subscribed, from the next connection on and, when connected, at once. Saying it twice changes
  // nothing.
  Outputs subscribe_accounts(std::int64_t now_ns);                              // user hub: balances of all accounts
  Outputs subscribe_account(AccountId account, std::int64_t now_ns);            // user hub: orders, positions, trades
  Outputs subscribe_contract(std::string_view broker_id, std::int64_t now_ns);  // market hub: quotes and prints

  Outputs on_open(std::int64_t now_ns);
  Outputs on_text(PaddedSpan message, std::int64_t now_ns);  // a whole WebSocket message
  Outputs on_closed(std::string_view why);  // the socket is gone; says nothing when the session was over already
  Outputs on_deadline(std::int64_t now_ns);
  [[nodiscard]] std::optional<std::int64_t> next_deadline() const;

  [[nodiscard]] bool connected() const { return state_ == State::Ready; }
  [[nodiscard]] std::int64_t last_record_ns() const {
    return last_record_ns_;
  }  // of this or the last connection; 0: never

 private:
  enum class State { Down, Handshaking, Subscribing, Ready };
  enum class Answer { None, Confirmed, Refused };
  struct Subscription {
    std::string method, arguments;
    Answer answer = Answer::None;
    bool asked = false;
  };

  void add(std::string_view method, std::string arguments, std::int64_t now_ns);
  void ask(std::size_t index, std::int64_t now_ns);
  void send(std::string_view text, std::int64_t now_ns);
  void lose(HubLoss loss, bool allow_reconnect, std::string text);
  void begin();

  void take_handshake(PaddedSpan record, std::int64_t now_ns);
  void take_record(PaddedSpan record);
  void handle(const Invocation& invocation);
  void handle(Completion& completion);
  void handle(Close& close);
  void handle(const Ping&) {}
  void handle(const Ignored&) {}
  void settle_if_all_answered();

  std::int64_t silence_ns_;
  State state_ = State::Down;
  std::deque<Subscription> subscriptions_;  // the index + 1 is the invocation id
  std::size_t unanswered_ = 0;
  std::int64_t last_record_ns_ = 0, last_sent_ns_ = 0, last_asked_ns_ = 0;

  RecordSplitter splitter_;
  JsonReader reader_;
  std::vector<HubOutput> out_;
  std::deque<std::string> texts_;  // what SendText outputs point to; reused
  std::size_t texts_used_ = 0;
};

}  // namespace rm::projectx
