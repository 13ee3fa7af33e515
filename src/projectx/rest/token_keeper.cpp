#include "projectx/rest/token_keeper.h"

#include <algorithm>

#include "projectx/wire/replies.h"

namespace rm::projectx {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kBeforeExpiry = minutes{45};
constexpr Duration kLifetime = hours{24};
constexpr Duration kLongestWait = seconds{60};

}  // namespace

TokenKeeper::Action TokenKeeper::begin(Action action) {
  renewing_ = action;
  due_.reset();
  return action;
}

TokenKeeper::Action TokenKeeper::start(BrokerTime) {
  return renewing() ? Action::None : begin(Action::Login);
}

std::optional<BrokerTime> TokenKeeper::next_deadline() const {
  return due_;
}

TokenKeeper::Action TokenKeeper::on_deadline(BrokerTime now) {
  if (renewing() || !due_ || now < *due_) return Action::None;
  return begin(next_);
}

void TokenKeeper::on_token(std::string_view token, BrokerTime now) {
  renewing_ = Action::None;
  failures_ = 0;
  refused_ = false;
  if (!token.empty()) {
    token_ = token;
    ++generation_;
    const auto written = read_token_expiry(token);
    expires_ = written ? *written : now + kLifetime;
  }
  // A token that is nearly over is validated in a minute, not in a busy loop.
  due_ = std::max(expires_ - kBeforeExpiry, now + kLongestWait);
  next_ = Action::Validate;
}

void TokenKeeper::on_failure(bool refused, BrokerTime now) {
  if (renewing_ == Action::Login) refused_ = refused;
  const bool hopeless = refused && renewing_ == Action::Login;
  renewing_ = Action::None;
  next_ = Action::Login;
  failures_ = std::min(failures_ + 1, 6);
  due_ = now + (hopeless ? kLongestWait : std::min<Duration>(seconds{1LL << failures_}, kLongestWait));
}

TokenKeeper::Action TokenKeeper::on_unauthorised(std::uint32_t generation, BrokerTime) {
  if (renewing() || generation != generation_) return Action::None;
  if (next_ == Action::Login && due_) return Action::None;  // a login failed a moment ago and has its next try
  return begin(Action::Login);
}

}  // namespace rm::projectx
