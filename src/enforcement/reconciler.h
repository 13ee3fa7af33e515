#pragma once
// Keeps one account's book honest: a snapshot after every (re)connection, polling while the stream is down, a look
// every now and then while it is up, because a stream can hide events and look healthy.

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "book/account_book.h"
#include "enforcement/request_ids.h"
#include "projectx/suite/broker_api.h"

namespace rm {

struct ReconcilerOutput {
  std::vector<BrokerRequest> requests;
  std::vector<RiskEventBody> events;   // for the bus, in this order
  std::optional<std::string> problem;  // a round that failed: the broker's or transport's words
  void clear() {
    requests.clear();
    events.clear();
    problem.reset();
  }
};

class Reconciler {
 public:
  struct Pace {
    Duration stream_up = std::chrono::seconds{45};
    // Times the number of accounts that share the request budget. Four reads a round: what is left of the budget has
    // to pay for the snapshots of a stream that comes and goes.
    Duration stream_down = std::chrono::seconds{4};
    Duration without_stream_at_start = std::chrono::seconds{3};
  };
  // `book` and `ids` must outlive the reconciler. Nothing is read before `now`.
  Reconciler(const AccountBook& book, RequestIds& ids, Pace pace, BrokerTime now);

  // Up: every subscription of the new connection is confirmed; a snapshot of `generation` follows.
  void on_stream(bool up, Generation generation, BrokerTime now, ReconcilerOutput& out);
  // True when the reply was to a request of this reconciler.
  bool on_reply(const BrokerReply& reply, BrokerTime now, ReconcilerOutput& out);
  void pulse(BrokerTime now, ReconcilerOutput& out);
  // A round that begins now or later, soon: next_deadline() says so.
  void look_soon(BrokerTime now);
  [[nodiscard]] std::optional<BrokerTime> next_deadline() const;

 private:
  enum Read : std::size_t { Account, Trades, Positions, Orders, kReads };
  void start_round(BrokerTime now, ReconcilerOutput& out);
  void end_round(BrokerTime now, ReconcilerOutput& out);
  void emit_snapshot(ReconcilerOutput& out);
  void emit_differences(BrokerTime now, ReconcilerOutput& out);
  [[nodiscard]] static std::size_t payload_of(std::size_t read);
  [[nodiscard]] Duration pace_now() const;
  [[nodiscard]] bool round_under_way() const { return unanswered_ > 0; }

  const AccountBook& book_;
  RequestIds& ids_;
  Pace pace_;
  bool stream_up_ = false;
  Generation generation_;
  bool snapshot_wanted_ = true;
  bool again_ = false;  // the connection changed under the round: its answers are of the old one
  std::uint32_t tries_ = 0, failures_ = 0;
  BrokerTime next_round_;
  BrokerTime round_at_;
  std::optional<BrokerTime> wanted_;  // a round that begins then or later
  std::uint64_t version_at_start_ = 0;
  std::array<RequestId, kReads> asked_{};
  std::array<std::optional<BrokerReply>, kReads> answers_;
  std::size_t unanswered_ = 0;
};

}  // namespace rm
