// One client's conversation on a hub, from handshake to close. Pure: times are nanoseconds of a monotonic clock.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/server/hub_protocol.h"
#include "paper_gateway/server/web.h"

namespace paper {

// Runs one call of the client. The error text of the completion, or nothing when it went well.
class HubMethods {
 public:
  virtual ~HubMethods() = default;
  virtual void on_ready() = 0;  // the handshake is done
  virtual std::optional<std::string> invoke(std::string_view target, const Json::Array& arguments) = 0;
  static constexpr std::string_view never_completed{"\0", 1};  // as an error text: the client gets no answer at all
  virtual void after_invoke() = 0;                             // the completion has been sent
};

std::string failed_to_invoke(std::string_view target, std::string_view hub_exception = {});

class HubSession {
 public:
  static constexpr std::int64_t handshake_timeout_ns = 15'000'000'000;
  static constexpr std::int64_t client_timeout_ns = 30'000'000'000;  // since the client's last record
  static constexpr const char* close_text = "Connection closed with an error.";

  // `methods` must outlive the session.
  // It pings `keep_alive_ns` after its last record.
  HubSession(HubMethods& methods, std::shared_ptr<Socket> socket, std::int64_t now_ns,
             std::int64_t keep_alive_ns = 15'000'000'000);

  void on_message(std::string_view bytes, std::int64_t now_ns);
  void on_time(std::int64_t now_ns);
  std::int64_t next_deadline() const;

  bool ready() const { return state_ == State::ready; }  // handshake done and not closed
  // Nothing is written until then, pings and completions included: it is sent afterwards or, with `lose`, never.
  void freeze(std::int64_t until_ns, bool lose);
  bool closed() const { return state_ == State::closed; }  // we have ended it; the socket follows
  void send(std::string text, std::int64_t now_ns);        // any text; dropped unless ready
  void close(const std::optional<std::string>& error, bool allow_reconnect, std::int64_t now_ns);

 private:
  enum class State { handshake, ready, closed };
  void on_record(std::string_view record, std::int64_t now_ns);
  void shake_hands(std::string_view record, std::int64_t now_ns);
  void on_invocation(const HubMessage& message, std::int64_t now_ns);
  void write(std::string text, std::int64_t now_ns);
  void thaw(std::int64_t now_ns);
  void end();

  HubMethods& methods_;
  std::shared_ptr<Socket> socket_;
  RecordSplitter splitter_;
  State state_ = State::handshake;
  std::int64_t keep_alive_ns_;
  std::int64_t opened_ns_;
  std::int64_t last_received_ns_;
  std::int64_t last_sent_ns_;
  std::int64_t frozen_until_ns_ = 0;
  bool lose_ = false;
  std::vector<std::string> frozen_;  // to be sent when the frost is over
};

}  // namespace paper
