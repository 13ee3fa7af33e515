#pragma once
// Broker time: what the broker's messages and HTTP Date say, carried forward by the monotonic clock. The computer's
// own clock is used before the first answer only, so moving it ends no lock.

#include <algorithm>
#include <cstdint>

#include "domain/time.h"

namespace rm {

class BrokerClock {
 public:
  BrokerClock(BrokerTime computer_clock, std::int64_t mono_ns) : base_{computer_clock}, base_ns_{mono_ns} {}

  [[nodiscard]] BrokerTime at(std::int64_t mono_ns) const { return base_ + Duration{mono_ns - base_ns_}; }
  [[nodiscard]] std::int64_t monotonic_of(BrokerTime t) const { return base_ns_ + (t - base_).count(); }
  [[nodiscard]] bool known() const { return known_; }

  // The Date of an HTTP answer: whole seconds, rounded down. The first one sets the clock; later ones only move it
  // forward, and a leap of more than a few seconds only when a second answer confirms it: one wrong Date must not end
  // a lock.
  void on_http_date(std::int64_t unix_seconds, std::int64_t mono_ns) {
    const BrokerTime date = BrokerTime::from_seconds(unix_seconds);
    if (known_ && date > at(mono_ns) + kLeap && !confirms(date, mono_ns)) {
      suspect_ = date;
      suspect_ns_ = mono_ns;
      return;
    }
    suspect_ns_ = 0;
    if (!known_ || date > at(mono_ns)) set(date, mono_ns);
    if (!known_ || date + kDateGrain > ceiling_at(mono_ns)) {
      ceiling_ = date + kDateGrain;
      ceiling_ns_ = mono_ns;
    }
    known_ = true;
  }

  // A Date leapt ahead and waits for a second answer to confirm it.
  [[nodiscard]] bool in_doubt() const { return suspect_ns_ != 0; }

  // The stamp of a message. Moves the clock forward, but never beyond what the last HTTP Date allows: one wrong stamp
  // must not end a lock.
  void on_stamp(BrokerTime stamp, std::int64_t mono_ns) {
    if (known_ && stamp > at(mono_ns) && stamp <= ceiling_at(mono_ns)) set(stamp, mono_ns);
  }

 private:
  // A Date is cut to the second, and its answer was under way: the true time may be this much later.
  static constexpr Duration kLeap = std::chrono::seconds{5};
  static constexpr std::int64_t kConfirmAfterNs = 500'000'000;  // a later answer, not another one of the same burst
  [[nodiscard]] bool confirms(BrokerTime date, std::int64_t mono_ns) const {
    if (suspect_ns_ == 0 || mono_ns - suspect_ns_ < kConfirmAfterNs) return false;
    const Duration off = date - (suspect_ + Duration{mono_ns - suspect_ns_});
    return off < kLeap && off > -kLeap;
  }
  static constexpr Duration kDateGrain = std::chrono::seconds{2};
  [[nodiscard]] BrokerTime ceiling_at(std::int64_t mono_ns) const {
    return ceiling_ + Duration{mono_ns - ceiling_ns_};
  }
  void set(BrokerTime t, std::int64_t mono_ns) {
    base_ = t;
    base_ns_ = mono_ns;
  }

  BrokerTime base_, ceiling_, suspect_;
  std::int64_t base_ns_ = 0, ceiling_ns_ = 0, suspect_ns_ = 0;
  bool known_ = false;
};

}  // namespace rm
