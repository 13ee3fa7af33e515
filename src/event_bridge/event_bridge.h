#pragma once
// R2, R3: what the gateway said becomes typed risk events. Checks everything, guesses nothing: what does not fit is
// refused and counted. Pure; in steady state nothing is allocated.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "domain/contract_table.h"
#include "event_bridge/refusals.h"
#include "event_bus/risk_event.h"
#include "projectx/suite/broker_api.h"
#include "projectx/wire/hub_record.h"
#include "projectx/wire/payload.h"

namespace rm {

class EventBridge {
 public:
  using Events = std::span<const RiskEvent>;  // valid until the next call; `sequence` is the bus's to give

  explicit EventBridge(ContractTable& contracts);  // must outlive the bridge

  void watch(AccountId account);  // events of other accounts are refused
  [[nodiscard]] bool watches(AccountId account) const;

  // One server call on a hub. `arguments` is the padded JSON array of the call; `now` the broker time of receipt;
  // `received_ns` the monotonic time of its bytes. User entities become one event each, market prints and quotes one
  // QuoteUpdated each.
  Events on_hub_record(projectx::Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments, BrokerTime now,
                       std::int64_t received_ns);

  // An accepted read outside a snapshot: positions and working orders become a ReadBack, the account an
  // AccountUpdated, trades one TradeExecuted each. Anything else becomes nothing.
  Events on_reply(const BrokerReply& reply, BrokerTime now);

  // What REST said of one account in one quiet stretch.
  Events on_snapshot(std::shared_ptr<const AccountSnapshot> snapshot, BrokerTime now, std::int64_t received_ns);

  // The newest stamp that the gateway put on an event so far, for the broker clock. Stamps more than a minute ahead
  // of `now` are not believed.
  [[nodiscard]] std::optional<BrokerTime> newest_stamp() const { return newest_stamp_; }
  [[nodiscard]] const Refusals& refusals() const { return refusals_; }

 private:
  void on_user(projectx::HubTarget target, projectx::PaddedSpan arguments);
  void on_market(projectx::HubTarget target, projectx::PaddedSpan arguments);
  [[nodiscard]] Result<void> take_user(projectx::HubTarget target, projectx::Members members);
  [[nodiscard]] Result<void> take_market(projectx::HubTarget target, ContractId contract, projectx::Members members);
  [[nodiscard]] Result<ContractId> contract_of(AccountId account, std::string_view broker_id);
  void emit(RiskEventBody body);
  void stamp(BrokerTime time);

  ContractTable& contracts_;
  std::vector<AccountId> watched_;
  projectx::PayloadReader payload_;
  std::vector<RiskEvent> out_;
  Refusals refusals_;
  BrokerTime now_;
  std::int64_t received_ns_ = 0;
  std::optional<BrokerTime> newest_stamp_;
};

}  // namespace rm
