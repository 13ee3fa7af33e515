#pragma once
// Moves working stop orders to where rules want them: only ever tighter, by a tick at least, at most once a second
// each, and never while an enforcement flattens the contract. Has stops placed that are wanted and missing, and looks
// after those. Pure: requests come out of output().

#include <cstdint>
#include <optional>
#include <vector>

#include "book/book.h"
#include "enforcement/enforcement_executor.h"
#include "enforcement/own_stops.h"
#include "enforcement/request_ids.h"
#include "enforcement/stop_placer.h"

namespace rm {

class StopMover {
 public:
  // All must outlive the mover.
  StopMover(const Book& book, const EnforcementExecutor& executor, RequestIds& ids);

  // True: it is taken up, and something is asked for, or waited for until it may be. A rule wants the same at every
  // price.
  bool on_tightening(AccountId account, const Tightening& tightening, BrokerTime now);
  // The account's book changed; empty: every account's may have.
  void on_book_changed(std::optional<AccountId> account, BrokerTime now);
  // True when the mover had asked it. A ReadBack made of a read is in the book already.
  bool on_reply(const BrokerReply& reply, BrokerTime now);
  [[nodiscard]] bool is_read(const BrokerReply& reply) const;  // of orders whose move is in doubt
  void on_deadline(BrokerTime now) { on_book_changed(std::nullopt, now); }
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;

  // What is to be sent; the caller clears it after sending.
  [[nodiscard]] std::vector<BrokerRequest>& output() { return output_; }

 private:
  enum class State : std::uint8_t {
    Idle,      // may be moved at `until`
    InFlight,  // asked, no answer yet
    Awaiting,  // done, or perhaps done: the order's message is to show it until `until`, then a read tells
    Reading    // the working orders are being read
  };
  struct Move {
    AccountId account;
    OrderId order;
    ContractId contract;
    State state = State::Idle;
    std::optional<Price> wanted;  // the tightest that was asked for: a rule speaks of this instant only
    Price newest;                 // the last that was asked for
    Price sent;
    RequestId request;
    BrokerTime sent_at, until;
    std::uint32_t failures = 0;  // in a row
  };
  enum class Verdict : std::uint8_t { Move, Wait, Forget };

  Move& move_of(AccountId account, OrderId order, ContractId contract);
  void pulse(Move& move, BrokerTime now);
  void settle(Move& move) const;
  void try_send(Move& move, BrokerTime now);
  void send(Move& move, State state, BrokerAsk what);
  void want(Move& move, Price stop) const;
  void on_action_reply(Move& move, const BrokerReply& reply, BrokerTime now) const;
  void on_read_reply(Move& move, const BrokerReply& reply, BrokerTime now) const;
  void again_later(Move& move, RequestId request, BrokerTime now) const;
  [[nodiscard]] Verdict judge(const Move& move, Price target) const;
  [[nodiscard]] bool flattens(const Move& move) const;
  [[nodiscard]] const Order* order_of(const Move& move) const;

  const Book& book_;
  const EnforcementExecutor& executor_;
  RequestIds& ids_;
  std::vector<Move> moves_;
  std::vector<BrokerRequest> output_;
  StopPlacer placer_;
  OwnStops own_stops_;
  BrokerTime pulsed_at_;  // deadlines up to here have been dealt with
};

}  // namespace rm
