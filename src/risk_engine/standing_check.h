#pragma once
// R40: whether what the broker says satisfies the locks in force, the limits of sizes and symbols, and the goals of
// enforcements that were called done; asked again with every message and read. It works from the broker's own words
// and shares nothing with rules, lock police and the positions of the book, so that a mistake there does not hide
// itself. What stands for longer than the grace, by a read that is newer than it, is an incident.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "book/account_book.h"
#include "risk_engine/broker_words.h"
#include "risk_engine/size_check.h"
#include "risk_engine/under_way.h"
#include "rules/rule.h"

namespace rm {

class StandingCheck {
 public:
  static constexpr std::string_view kName = "standing_check";  // as which it stands in decisions, beside the rules
  // Longer than reads lag, and than rules and locks need to act by themselves.
  static constexpr Duration kGrace = std::chrono::seconds{5};

  void set_limits(SizeLimits limits) { sizes_.set_limits(std::move(limits)); }
  // Adds an incident to `findings`, like a rule, until something under way undoes it. Of `book` only the locks, the
  // contracts' names and the fills are asked. Not for quotes.
  void look(const AccountBook& book, const RiskEvent& event, const UnderWay& under_way, Findings& findings);
  // The broker was said to show this goal.
  void on_finished(const Goal& goal, BrokerTime decided, BrokerTime now);

  // Once for each mismatch: what was heard stands for the grace, and a read is to say whether it is so.
  [[nodiscard]] bool take_read_wish() { return std::exchange(read_wanted_, false); }
  [[nodiscard]] std::optional<BrokerTime> next_look() const { return next_look_; }
  [[nodiscard]] std::uint32_t incidents() const { return incidents_; }

 private:
  // Neither contract nor order: nothing of the account may be open or ordered.
  struct Mismatch {
    std::optional<ContractId> contract;
    OrderId order;
    Lots held, allowed;
    std::uint32_t orders = 0;  // that work although none may
    BrokerTime due;            // when it is an incident, if a read of from then on still shows it
    bool seen = false, wished = false, counted = false, left_to_rules = false;
  };
  struct Finished {
    Goal goal;
    BrokerTime covers;  // what is of before was to be gone; what came later may be new
    BrokerTime at;
  };

  void look_at_locks(const AccountBook& book);
  void look_at_entry_locks(const AccountBook& book);
  void look_at_entry_orders(const AccountBook& book);
  void look_at_sizes(const AccountBook& book, const UnderWay& under_way);
  void look_at_finished(const AccountBook& book);
  void look_at_finished(const AccountBook& book, const Finished& finished);
  void judge(Findings& findings);
  void note(Mismatch found, BrokerTime since);
  void at_most(ContractId contract, Lots allowed, BrokerTime since);
  void may_not_work(const Order& order);
  [[nodiscard]] bool opens_or_adds(const Order& order) const;
  [[nodiscard]] static bool undone_by(const UnderWay& under_way, const Mismatch& mismatch);
  [[nodiscard]] static bool undone_by(const Goal& goal, const Mismatch& mismatch);
  [[nodiscard]] static Goal goal_of(const Mismatch& mismatch);

  BrokerWords words_;
  SizeCheck sizes_;
  std::vector<BrokerWords::Shown> entry_base_;  // what was open under an entry lock; it only shrinks
  std::vector<Finished> finished_;
  std::vector<Mismatch> mismatches_;
  BrokerTime now_;
  std::optional<BrokerTime> next_look_;
  bool read_wanted_ = false;
  std::uint32_t incidents_ = 0;
};

}  // namespace rm
