#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>

namespace rm::net {

// The one thread on which everything that waits for the outside world runs. Everything in this folder is called on,
// and calls back on, the thread that is inside run(); only post() and stop() may be called from other threads. The
// loop must outlive every object that was made with it. An exception thrown by a callback leaves run().
// The first Loop makes the process ignore SIGPIPE: a peer that is gone is an error value.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();                             // until stop(); may be called again afterwards
  void stop();                            // from any thread; before run() too: that run() then returns at once
  void post(std::function<void()> task);  // from any thread; runs later, in order, never inside this call
  // Waits for one callback and runs it; false: none came, or stopped.
  bool run_one_for(std::chrono::milliseconds at_most);

  [[nodiscard]] std::int64_t monotonic_ns() const;  // CLOCK_MONOTONIC, nanoseconds

  // Calls back on the loop for each arrival of one of these signals (until the loop is destroyed).
  void on_signal(std::initializer_list<int> signals, std::function<void(int)> callback);

  // One shot, armed as often as needed; arming never allocates. An armed timer that is armed again forgets its
  // earlier time. The callback may arm, cancel or destroy its own timer. A time that has passed fires on the next
  // turn of the loop.
  class Timer {
   public:
    Timer(Loop& loop, std::function<void()> callback);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    void arm_at(std::int64_t monotonic_ns);
    void cancel();
    [[nodiscard]] bool armed() const;

   private:
    friend class Loop;
    struct State;
    std::shared_ptr<State> state_;
  };

  struct Impl;  // asio lives in there; for the .cpp files of this folder only
  [[nodiscard]] Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm::net
