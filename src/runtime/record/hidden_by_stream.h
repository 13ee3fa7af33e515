#pragma once
// A stream that is up and tells nothing looks healthy; only what reads find beside it shows that it is not. Counted
// and said.

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "book/account_book.h"
#include "enforcement/told_by_stream.h"
#include "observe/metrics.h"

namespace rm {

class HiddenByStream {
 public:
  explicit HiddenByStream(Metrics& metrics) : metrics_{metrics} {}  // which must outlive this
  // `book` is the event's account's, and has the event.
  void on_event(const RiskEvent& event, const AccountBook& book);
  // Fills that only a read has told so far: said when the stream has had its time.
  void settle(BrokerTime now);
  // Fills, orders, positions and account changes of this run.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  void say(std::string_view kind, std::uint64_t count);

  Metrics& metrics_;
  FoundByReads found_by_reads_;
  std::unordered_map<AccountId, ToldByStream> told_by_stream_;
  std::uint64_t count_ = 0;
};

}  // namespace rm
