#pragma once
// Speaks for one login: its log lines and what a person has to hear carry its name and its broker's time. Loop
// thread.

#include <string>
#include <string_view>

#include "net/loop.h"
#include "observe/log.h"
#include "observe/notify.h"
#include "runtime/broker_clock.h"

namespace rm {

class LoginVoice {
 public:
  // All must outlive the voice. `login` is empty: the only one.
  LoginVoice(std::string_view login, const net::Loop& loop, const BrokerClock& clock, Notifier& notifier)
      : login_{login}, loop_{loop}, clock_{clock}, notifier_{notifier} {}

  // Log lines are about this login while the object lives.
  [[nodiscard]] LogLogin say_of_it() const;
  // A person has to hear of it; loudly: the log says it as an error, too.
  void tell(std::string sentence) const;
  void tell_loudly(std::string_view event, std::string sentence) const;

 private:
  [[nodiscard]] BrokerTime now() const { return clock_.at(loop_.monotonic_ns()); }

  std::string_view login_;
  const net::Loop& loop_;
  const BrokerClock& clock_;
  Notifier& notifier_;
};

}  // namespace rm
