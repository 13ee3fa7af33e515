#include "recorded_day.h"

#include <gtest/gtest.h>

#include "config/load.h"
#include "replay/tape.h"
#include "store/codec.h"

namespace rm::test {
namespace {

std::string_view name_of(MarkKind mark) {
  return mark == MarkKind::Last ? "last" : mark == MarkKind::Mid ? "mid" : "exit";
}

// What the daemon writes down of what the engine says.
class Clerk final : public EngineListener {
 public:
  explicit Clerk(Store& store) : store_{store} {}
  void on_decision(const Decision& decision) override {
    store_.record_decision(decision);
    decisions.push_back(decision);
  }
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_clocks(AccountId account, const RuleClocks& clocks) override {
    store_.record_clocks(account, clocks.rule, clocks.clocks);
  }
  void on_lock_ended(const Lock& lock, BrokerTime now) override { store_.record_lock_ended(lock, now); }
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}
  std::vector<Decision> decisions;

 private:
  Store& store_;
};

}  // namespace

std::filesystem::path quick_folder() {
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

std::string config_of(const LivedDay& day) {
  return "valuation: {mark: " + std::string{name_of(day.options.mark)} + ", stale_after: 30s}\nrules: {" +
         day.rules.yaml + "}\n";
}

std::size_t record_day(const LivedDay& day, const std::filesystem::path& dir) {
  const Desk& desk = *day.desk;
  const AccountId account = desk.main_account();
  auto store = Store::open(dir, day.desk->contracts, [](std::string_view) { return std::string_view{}; });
  if (!store) throw std::runtime_error{store.error().message};
  Tape tape{**store, desk.contracts};
  Clerk clerk{**store};
  Book book{desk.contracts, desk.calendar(), day.options.mark};
  RiskEngine engine{book, clerk, day.options.stale_after, EnforcementId{1}};
  tape.set_book(book);
  engine.guard(account, rules_from(day.rules.yaml, day.options.begin));
  RunStart start;
  start.version = "of the test";
  start.at = start.computer_time = day.options.begin;
  start.yaml = in_parts(config_of(day));
  start.accounts = {{account, "PRACTICE"}};
  tape.on_run_started(start);
  auto over = day.witness->finished().begin();
  for (const RiskEvent& event : desk.events) {
    for (; over != day.witness->finished().end() && over->second < event.sequence; ++over) {
      Receipt receipt;
      receipt.enforcement = over->first;
      receipt.account = account;
      (*store)->record_receipt(receipt);
      engine.on_finished(account, over->first);
    }
    for (EventHandler* handler : std::initializer_list<EventHandler*>{&tape, &book, &engine})
      EXPECT_TRUE(handler->on_event(event));
  }
  EXPECT_EQ(clerk.decisions.size(), desk.decisions.size());
  for (std::size_t i = 0; i < clerk.decisions.size() && i < desk.decisions.size(); ++i)
    EXPECT_EQ(encoded(clerk.decisions[i], desk.contracts), encoded(desk.decisions[i], desk.contracts));
  return clerk.decisions.size();
}

}  // namespace rm::test
