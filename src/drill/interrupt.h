#pragma once
// Ctrl-C, SIGTERM or the end of the terminal ends a run in order: what it started is ended, what it wrote is removed.

#include <atomic>

namespace rm::drill {

// From now on those signals are only noted here.
[[nodiscard]] const std::atomic<bool>& note_interrupts();

}  // namespace rm::drill
