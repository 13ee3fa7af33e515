#pragma once
// Stops that this program placed must not outlive what they protect: one that is left over when its position is
// closed is cancelled, one that is larger than what other stops leave of its position is made smaller. Either would
// open a new position. It does not matter which run of the program placed them: the tag tells. Pure: requests go into
// the stop mover's output.

#include <cstdint>
#include <optional>
#include <vector>

#include "book/book.h"
#include "enforcement/enforcement_executor.h"
#include "enforcement/request_ids.h"

namespace rm {

class OwnStops {
 public:
  // All must outlive it.
  OwnStops(const Book& book, const EnforcementExecutor& executor, RequestIds& ids,
           std::vector<BrokerRequest>& output);

  // The account's book changed; empty: every account's may have.
  void on_book_changed(std::optional<AccountId> account, BrokerTime now);
  // True when it had asked it. A ReadBack made of a read is in the book already.
  bool on_reply(const BrokerReply& reply, BrokerTime now);
  [[nodiscard]] bool is_read(const BrokerReply& reply) const;
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;

 private:
  enum class State : std::uint8_t {
    Idle,      // may be asked for at `until`
    InFlight,  // asked, no answer yet
    Awaiting,  // done, or perhaps done: the order is to show it until `until`, then a read tells
    Reading    // the working orders are being read
  };
  struct Excess {  // an order that is more than its position needs
    AccountId account;
    OrderId order;
    State state = State::Idle;
    RequestId request;
    BrokerTime until;
    std::uint32_t failures = 0;
  };

  void find_new(const AccountBook& account, BrokerTime now);
  void pulse(Excess& excess, BrokerTime now);
  void send(Excess& excess, State state, BrokerAsk what);
  [[nodiscard]] bool gone(const Excess& excess) const;
  [[nodiscard]] static std::optional<BrokerAsk> needed(const AccountBook& account, const Order& order);
  [[nodiscard]] bool unsure(const AccountBook& account, const Order& order) const;
  [[nodiscard]] const Order* order_of(const Excess& excess) const;

  const Book& book_;
  const EnforcementExecutor& executor_;
  RequestIds& ids_;
  std::vector<BrokerRequest>& output_;
  std::vector<Excess> excess_;
  BrokerTime pulsed_at_;  // deadlines up to here have been dealt with
};

}  // namespace rm
