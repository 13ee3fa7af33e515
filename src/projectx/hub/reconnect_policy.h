#pragma once
// When to try again after a hub connection is lost. Never gives up. Pure: the caller arms the timer.

#include <array>
#include <chrono>
#include <cstdint>

#include "projectx/hub/hub_output.h"

namespace rm::projectx {

class ReconnectPolicy {
 public:
  // The seed spreads the delays of several connections; the same seed gives the same delays.
  explicit ReconnectPolicy(std::uint64_t seed) : random_{seed} {}

  // A connection was lost or could not be made: how long to wait. The first time at once, then 0.5, 1, 2, 4, 8, 15,
  // 15 ... s, less up to a quarter by chance; after a logout 2, 4, 6 ... 15 s, so as not to push the other program
  // out in turn.
  [[nodiscard]] std::chrono::nanoseconds on_lost(HubLoss loss, std::int64_t now_ns);
  // The session said Connected. Only a connection that then lasts 30 s (after logouts: two minutes) starts the delays
  // over.
  void on_connected(std::int64_t now_ns) { connected_since_ns_ = now_ns; }

  // Five logouts within two minutes: somebody else uses this login, and a person has to decide.
  [[nodiscard]] bool pushed_out(std::int64_t now_ns) const;

 private:
  std::chrono::nanoseconds shortened(std::chrono::nanoseconds delay);

  std::uint64_t random_;
  std::int64_t connected_since_ns_ = -1;  // < 0: not connected
  int attempts_ = 0;
  int logouts_ = 0;
  std::array<std::int64_t, 5> logout_times_{};  // ring
  std::uint64_t logouts_ever_ = 0;
};

}  // namespace rm::projectx
