#pragma once
// What book and engine are about to see, into the journal, before they see it: a replay reads it in the same order.
// First subscriber of the bus; only the daemon has one, each of its logins. Loop thread.

#include <string>
#include <vector>

#include "book/book.h"
#include "event_bus/event_bus.h"
#include "store/store.h"

namespace rm {

class Tape final : public EventHandler {
 public:
  // Both must outlive the tape.
  Tape(Store& store, const ContractTable& contracts) : store_{store}, contracts_{contracts} {}
  // Of several logins that have one store and one table: before the first event.
  void set_login(std::uint32_t number, std::string name) { login_ = {false, number, std::move(name)}; }
  void set_book(const Book& book) { book_ = &book; }

  // Before the first event.
  void on_run_started(const RunStart& start);
  // Before the engine has the rules.
  void on_rules_changed(const RulesChanged& change);

  [[nodiscard]] std::string_view handler_name() const override { return "tape"; }
  Result<void> on_event(const RiskEvent& event) override;

 private:
  void take_turn();
  void tell_contracts();
  void keep_back(const RiskEvent& quote);
  void tell_kept_back();
  [[nodiscard]] bool held(ContractId contract) const;

  Store& store_;
  const ContractTable& contracts_;
  const Book* book_ = nullptr;
  std::vector<ContractKnown> told_;  // by number
  std::uint64_t told_version_ = 0;
  std::vector<RiskEvent> kept_back_;
  LoginTurn login_;  // without a name: the only one
};

}  // namespace rm
