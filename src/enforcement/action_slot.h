#pragma once
// One thing to be done at the broker (close this contract, cancel this order) and where it stands.

#include <cstdint>

#include "domain/ids.h"
#include "domain/price.h"
#include "domain/time.h"

namespace rm {

struct ActionSlot {
  enum class State : std::uint8_t {
    Ready,     // may be sent
    InFlight,  // sent, no answer yet
    Accepted,  // the broker said yes: its effect is awaited until `until`, then a read decides
    InDoubt,   // may have been executed, or be about to: likewise
    Waiting    // refused or not sent: again at `until`
  };
  State state = State::Ready;
  RequestId request;
  BrokerTime until;
  Duration patience{};  // from the answer until a read is believed that does not show the effect
  std::uint32_t attempts = 0;
  BrokerTime refused_at;  // zero: the last answer was no refusal
  bool gone = false;      // of a refused cancel: a read since then does not list the order
  bool whole = false;     // of a close: the whole position, not a part of it
  // Of a close whose market order works and is waited for:
  std::uint32_t waits_for_fill = 0;  // how often in a row
  Lots awaited;                      // what it had yet to fill when it was looked at last
  BrokerTime awaited_since;          // since when it stands at that

  void sent(RequestId id) {
    state = State::InFlight;
    refused_at = BrokerTime{};
    gone = false;
    request = id;
    ++attempts;
  }
  // A part of it filled, or it is waited for since now.
  void note_awaited(Lots left, BrokerTime now) {
    if (waits_for_fill > 0 && awaited == left) return;
    awaited = left;
    awaited_since = now;
  }
  // Nothing is sent: a read looks at `deadline` whether the order that is waited for is still there.
  void await_fill(BrokerTime deadline) {
    state = State::Accepted;
    until = deadline;
  }
  // The order is gone: filled, which shows soon, or ended without that.
  void fill_ended(BrokerTime now) {
    waits_for_fill = 0;
    state = State::Accepted;
    until = now + patience;
  }
  [[nodiscard]] bool may_send(BrokerTime now) const {
    return state == State::Ready || (state == State::Waiting && now >= until);
  }
  [[nodiscard]] bool answered() const { return state == State::InDoubt || state == State::Accepted; }
  // Whether a read that is asked for now can tell what became of it.
  [[nodiscard]] bool needs_read(BrokerTime now) const { return answered() && now >= until; }
};

}  // namespace rm
