#pragma once

// Internal: the asio side of Loop. Included by loop.cpp, channel.cpp and unix_server.cpp alone.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <utility>

#include "net/loop.h"
#include "net/timer_heap.h"

namespace rm::net {

struct Loop::Timer::State : TimerHeap::Entry, std::enable_shared_from_this<State> {
  Loop::Impl* loop = nullptr;
  std::function<void()> callback;
};

struct Loop::Impl {
  Impl();
  ~Impl();
  void timers_changed();  // sets the kernel timer to the earliest deadline
  void wait_for_timers();
  void fire_due_timers();

  struct SignalWatch {
    SignalWatch(boost::asio::io_context& io, std::function<void(int)> call) : set{io}, callback{std::move(call)} {}
    boost::asio::signal_set set;
    std::function<void(int)> callback;
  };
  void wait_for_signal(SignalWatch& watch);

  TimerHeap timers;  // before `io`: handlers that die with it may own timers
  std::int64_t kernel_deadline = -1;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  // One kernel timer for all: setting it again is one system call, no allocation, and leaves the pending wait alone.
  boost::asio::posix::stream_descriptor kernel_timer;
  std::list<SignalWatch> signals;
};

}  // namespace rm::net
