#pragma once
// Places the stop that a position lacks, where a rule wants one: one placement at a time in a contract, none while a
// lock or an enforcement stands against it, and never blindly again: an order whose answer is lost is looked for by
// its tag first. Pure: requests go into the stop mover's output.

#include <cstdint>
#include <optional>
#include <vector>

#include "book/book.h"
#include "enforcement/enforcement_executor.h"
#include "enforcement/request_ids.h"

namespace rm {

class StopPlacer {
 public:
  // All must outlive the placer.
  StopPlacer(const Book& book, const EnforcementExecutor& executor, RequestIds& ids,
             std::vector<BrokerRequest>& output);

  // True: it begins to wait until it may be placed. The same wish again is no news.
  bool on_missing(AccountId account, ContractId contract, Price stop, BrokerTime now);
  // The account's book changed; empty: every account's may have.
  void on_book_changed(std::optional<AccountId> account, BrokerTime now);
  // True when the placer had asked it. A ReadBack made of a read is in the book already.
  bool on_reply(const BrokerReply& reply, BrokerTime now);
  [[nodiscard]] bool is_read(const BrokerReply& reply) const;
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;

 private:
  enum class State : std::uint8_t {
    Idle,             // may be placed at `until`
    Looking,          // reading the working orders before the first placement since the account was synchronised
    InFlight,         // asked, no answer yet
    Awaiting,         // done, or perhaps done: the order is to show itself until `until`, then reads tell
    ReadingOrders,    // is it there?
    ReadingPositions  // it is not: has it been filled?
  };
  // A wish is for the position as it was then.
  struct Wish {
    Price tightest, newest;
    Lots size;
    PriceSum paid;
  };
  struct Placement {
    AccountId account;
    ContractId contract;
    State state = State::Idle;
    std::optional<Wish> wanted;
    StopTag tag;  // of the last that was asked for
    RequestId request;
    BrokerTime until;
    Generation looked_in, looking_in;  // 0: not yet
    std::uint32_t failures = 0;        // in a row
  };
  enum class Verdict : std::uint8_t { Place, Wait, Forget };

  Placement& placement_of(AccountId account, ContractId contract);
  void pulse(Placement& placement, BrokerTime now);
  void settle(Placement& placement) const;
  void try_place(Placement& placement, BrokerTime now);
  void place(Placement& placement, Price stop, BrokerTime now);
  bool look_first(Placement& placement, BrokerTime now);
  void send(Placement& placement, State state, BrokerAsk what);
  void on_reply(Placement& placement, const BrokerReply& reply, BrokerTime now);
  static void again_later(Placement& placement, State state, RequestId request, BrokerTime now);
  [[nodiscard]] Verdict judge(const Placement& placement, Price stop) const;
  [[nodiscard]] bool forbidden(const AccountBook& account, ContractId contract) const;
  StopTag take_tag(BrokerTime now);

  const Book& book_;
  const EnforcementExecutor& executor_;
  RequestIds& ids_;
  std::vector<BrokerRequest>& output_;
  std::vector<Placement> placements_;  // one for each contract that a stop was ever wanted in
  StopTag last_tag_;
  BrokerTime pulsed_at_;  // deadlines up to here have been dealt with
};

}  // namespace rm
