#pragma once
// The login: which token is in force, and when to ask for the next. One renewal at a time. Pure: says what to do,
// does nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.h"

namespace rm::projectx {

class TokenKeeper {
 public:
  enum class Action : std::uint8_t { None, Login, Validate };  // POST this, then say how it ended

  // What to do at start-up.
  [[nodiscard]] Action start(BrokerTime now);
  // A renewal that is due: validation 45 min before the token expires, or another try after a failure.
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;
  [[nodiscard]] Action on_deadline(BrokerTime now);

  // A new token came (from login or validation; an empty one after a validation keeps the old). Its expiry is read
  // from it; an unreadable one is taken to last 24 h.
  void on_token(std::string_view token, BrokerTime now);
  // The renewal failed. Next try after 2, 4, 8 ... 60 s, by login. `refused`: the gateway said no (wrong key ...),
  // else it was not reached: wait 60 s at once, a wrong key does not become right.
  void on_failure(bool refused, BrokerTime now);
  // HTTP 401 on a request sent with the token of `generation`. Login, unless a renewal is under way or there is a
  // newer token.
  [[nodiscard]] Action on_unauthorised(std::uint32_t generation, BrokerTime now);

  [[nodiscard]] bool usable(BrokerTime now) const { return !token_.empty() && now < expires_; }
  [[nodiscard]] const std::string& token() const { return token_; }       // empty: none. Never log it.
  [[nodiscard]] std::uint32_t generation() const { return generation_; }  // grows with each token
  [[nodiscard]] BrokerTime expires() const { return expires_; }
  [[nodiscard]] bool renewing() const { return renewing_ != Action::None; }
  // The gateway refused the login itself: the person has to act.
  [[nodiscard]] bool refused() const { return refused_; }

 private:
  Action begin(Action action);

  std::string token_;
  BrokerTime expires_;
  std::optional<BrokerTime> due_;
  Action renewing_ = Action::None;
  Action next_ = Action::Login;
  int failures_ = 0;
  std::uint32_t generation_ = 0;
  bool refused_ = false;
};

}  // namespace rm::projectx
