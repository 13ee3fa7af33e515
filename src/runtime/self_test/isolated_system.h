#pragma once
// The path of one account, from the gateway's text to the request, put together once more beside the real one: real
// bridge, bus, book, engine, executor and suites, with a broker of its own and a clock that is a variable. Nothing of
// it reaches the gateway, the store or the log.

#include <optional>
#include <span>
#include <string>

#include "event_bridge/event_bridge.h"
#include "projectx/suite/suite_manager.h"
#include "runtime/guardian.h"
#include "runtime/self_test/isolated_broker.h"
#include "runtime/self_test/reached_links.h"

namespace rm {

class IsolatedSystem {
 public:
  struct Place {  // all must outlive the system
    ContractTable& contracts;
    const TradingCalendar& calendar;
    AccountId account;
    Guardian::Settings settings;
  };
  // Guards the account by these rules; the broker trades in `contract`.
  IsolatedSystem(Place place, std::span<const RuleConfig> rules, ContractId contract, BrokerTime now);

  void connect();  // the stream comes up, and the account is read
  void take(const Breach::Step& step);
  // Steps that the broker alone sees: before the account is watched.
  void take_unseen(const Breach::Step& step);
  // On through what is due, for a short time of the broker's, until `reached`.
  template <class Reached>
  void go_on_until(Reached reached) {
    const BrokerTime end = now_ + kShortTime;
    for (int i = 0; i < kMostDeadlines && !reached(); ++i) {
      const auto due = guardian_.next_deadline();
      if (!due || *due > end) return;
      to(*due);
    }
  }

  [[nodiscard]] BrokerTime now() const { return now_; }
  [[nodiscard]] const IsolatedBroker& broker() const { return broker_; }
  [[nodiscard]] const ReachedLinks& reached() const { return reached_; }
  [[nodiscard]] const Guardian& guardian() const { return guardian_; }
  [[nodiscard]] const AccountBook& book() const { return *guardian_.book().find(place_.account); }
  // What the gateway called and no event was made of; empty: none.
  [[nodiscard]] const std::optional<IsolatedBroker::HubText>& unbridged() const { return unbridged_; }
  [[nodiscard]] const EventBridge& bridge() const { return bridge_; }
  [[nodiscard]] std::uint64_t bridged() const { return bridged_; }  // events that went on to the bus

 private:
  static constexpr int kMostDeadlines = 50;  // a link that is missing may leave one that never moves on
  static constexpr Duration kShortTime = std::chrono::seconds{10};

  void to(BrokerTime time);
  void pass_until(BrokerTime time);
  void hear();
  void answer();

  Place place_;
  BrokerTime now_;
  IsolatedBroker broker_;
  projectx::SuiteManager suites_;
  EventBridge bridge_;
  ReachedLinks reached_;
  Guardian guardian_;
  projectx::PaddedBuffer text_;
  std::optional<IsolatedBroker::HubText> unbridged_;
  std::uint64_t bridged_ = 0;
};

}  // namespace rm
