#include "net/loop.h"

#include <sys/timerfd.h>
#include <time.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "net/loop_impl.h"

namespace rm::net {
namespace asio = boost::asio;

namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;

std::int64_t clock_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * ns_per_s + now.tv_nsec;
}

int make_kernel_timer() {
  const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  return fd;
}

}  // namespace

Loop::Impl::Impl() : kernel_timer{io, make_kernel_timer()} {
  wait_for_timers();
}

Loop::Impl::~Impl() = default;

void Loop::Impl::timers_changed() {
  const TimerHeap::Entry* next = timers.earliest();
  const std::int64_t wanted = next == nullptr ? -1 : std::max<std::int64_t>(next->deadline_ns, 1);
  if (wanted == kernel_deadline) return;
  kernel_deadline = wanted;
  itimerspec spec{};  // all zero: disarmed
  if (wanted > 0) spec.it_value = {.tv_sec = wanted / ns_per_s, .tv_nsec = wanted % ns_per_s};
  timerfd_settime(kernel_timer.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

void Loop::Impl::wait_for_timers() {
  kernel_timer.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (error) return;
    std::uint64_t expirations = 0;
    // Whether it had expired is asked of the clock below; a spurious wake-up costs one look.
    [[maybe_unused]] const ssize_t got = ::read(kernel_timer.native_handle(), &expirations, sizeof expirations);
    wait_for_timers();  // before the callbacks: one of them may throw
    fire_due_timers();
  });
}

void Loop::Impl::fire_due_timers() {
  const std::int64_t now = clock_ns();
  // A callback that arms a timer for the past waits for the next turn, so that sockets are never starved.
  const std::uint64_t last = timers.last_armed();
  kernel_deadline = -1;
  struct SetAgain {
    Impl& loop;
    ~SetAgain() { loop.timers_changed(); }
  } set_again{*this};
  for (TimerHeap::Entry* next = timers.earliest(); next != nullptr && next->deadline_ns <= now && next->order <= last;
       next = timers.earliest()) {
    timers.remove(*next);
    const auto keep = static_cast<Timer::State*>(next)->shared_from_this();  // the callback may destroy its timer
    keep->callback();
  }
}

void Loop::Impl::wait_for_signal(SignalWatch& watch) {
  watch.set.async_wait([this, &watch](const boost::system::error_code& error, int signal) {
    if (error) return;
    wait_for_signal(watch);
    watch.callback(signal);
  });
}

Loop::Loop() : impl_{std::make_unique<Impl>()} {
  // OpenSSL writes to sockets with write(2): a peer that is gone must be an error value, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}
Loop::~Loop() = default;

void Loop::run() {
  impl_->io.run();
  impl_->io.restart();
}

void Loop::stop() {
  impl_->io.stop();
}

bool Loop::run_one_for(std::chrono::milliseconds at_most) {
  const bool ran = impl_->io.run_one_for(at_most) > 0;
  if (!ran) impl_->io.restart();
  return ran;
}

void Loop::post(std::function<void()> task) {
  asio::post(impl_->io, std::move(task));
}

std::int64_t Loop::monotonic_ns() const {
  return clock_ns();
}

void Loop::on_signal(std::initializer_list<int> signals, std::function<void(int)> callback) {
  auto& watch = impl_->signals.emplace_back(impl_->io, std::move(callback));
  for (const int signal : signals) watch.set.add(signal);
  impl_->wait_for_signal(watch);
}

Loop::Timer::Timer(Loop& loop, std::function<void()> callback) : state_{std::make_shared<State>()} {
  state_->loop = loop.impl_.get();
  state_->callback = std::move(callback);
  state_->loop->timers.make_room();
}

Loop::Timer::~Timer() {
  cancel();
  state_->loop->timers.give_room_back();
}

void Loop::Timer::arm_at(std::int64_t monotonic_ns) {
  state_->loop->timers.arm(*state_, monotonic_ns);
  state_->loop->timers_changed();
}

void Loop::Timer::cancel() {
  if (!armed()) return;
  state_->loop->timers.remove(*state_);
  state_->loop->timers_changed();
}

bool Loop::Timer::armed() const {
  return state_->place != 0;
}

}  // namespace rm::net
