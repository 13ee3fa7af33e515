#include "drill/interrupt.h"

#include <signal.h>

#include <csignal>

namespace rm::drill {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // or a signal handler must not touch it

void on_interrupt(int) {
  interrupted = true;
}

}  // namespace

const std::atomic<bool>& note_interrupts() {
  for (const int number : {SIGINT, SIGTERM}) std::signal(number, on_interrupt);
  if (std::signal(SIGHUP, on_interrupt) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup
  return interrupted;
}

}  // namespace rm::drill
