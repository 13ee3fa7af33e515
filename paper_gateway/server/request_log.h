// What was asked of the gateway and what it answered, and every event it put on a hub: for assertions and latencies.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "paper_gateway/exchange/paper_time.h"
#include "paper_gateway/server/json.h"

namespace paper {

// One REST request or hub upgrade. Times are nanoseconds of CLOCK_MONOTONIC, comparable between processes of one
// host.
struct LoggedRequest {
  std::int64_t seq = 0;
  std::int64_t received_ns = 0;
  std::int64_t answered_ns = 0;  // 0: not answered (yet)
  PaperTime paper_time;          // of arrival
  std::string method;
  std::string path;  // without the query, it may hold a token
  std::string body;  // secrets replaced
  int status = 0;
  std::string response;  // secrets replaced
};

struct LoggedEvent {
  std::int64_t seq = 0;
  std::int64_t sent_ns = 0;
  PaperTime paper_time;
  std::string hub;     // "user" or "market"
  std::string target;  // "GatewayUserTrade"
  std::string record;  // as sent
};

// Keys, passwords and tokens become "[redacted]"; text that is not JSON or longer than 64 KiB is told by its length.
std::string redacted(std::string_view body);

// Keeps the newest entries; sequence numbers start at 1, are never reused and go on after clear().
template <class Entry>
class Log {
 public:
  explicit Log(std::size_t capacity) : capacity_{capacity} {}
  std::int64_t add(Entry entry) {
    entry.seq = ++last_seq_;
    entries_.push_back(std::move(entry));
    if (entries_.size() > capacity_) entries_.pop_front();
    return last_seq_;
  }
  Entry* find(std::int64_t seq) {  // null pointer: forgotten
    if (entries_.empty() || seq < entries_.front().seq || seq > last_seq_) return nullptr;
    return &entries_[static_cast<std::size_t>(seq - entries_.front().seq)];
  }
  void clear() { entries_.clear(); }
  const std::deque<Entry>& entries() const { return entries_; }

 private:
  std::size_t capacity_;
  std::int64_t last_seq_ = 0;
  std::deque<Entry> entries_;
};

using RequestLog = Log<LoggedRequest>;
using EventLog = Log<LoggedEvent>;

Json to_json(const LoggedRequest& entry);
Json to_json(const LoggedEvent& entry);

}  // namespace paper
