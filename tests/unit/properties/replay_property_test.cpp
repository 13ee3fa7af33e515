// The same events give the same decisions, byte for byte as they are stored.
#include "random_days.h"
#include "store/codec.h"

namespace rm::test {
namespace {

using Bytes = std::vector<std::vector<std::byte>>;

Bytes stored(const Desk& desk) {
  Bytes bytes;
  for (const Decision& decision : desk.decisions) bytes.push_back(encoded(decision, desk.contracts));
  return bytes;
}

// Book and engine alone, fed with what the desk's bus delivered and told when each enforcement was over.
class Recorded final : public EngineListener {
 public:
  explicit Recorded(const ContractTable& contracts) : contracts_{contracts} {}
  void on_decision(const Decision& decision) override { decisions.push_back(encoded(decision, contracts_)); }
  void on_warning(AccountId, const Warning&, BrokerTime) override {}
  void on_tightening(AccountId, const Tightening&, BrokerTime) override {}
  void on_clocks(AccountId, const RuleClocks&) override {}
  void on_lock_ended(const Lock&, BrokerTime) override {}
  void on_alarm(const ValuationAlarm&, BrokerTime) override {}
  Bytes decisions;

 private:
  const ContractTable& contracts_;
};

TEST(ReplayProperty, TheSameDayTwiceGivesTheSameBytes) {
  std::size_t decisions = 0;
  EXPECT_TRUE(rc::check("decisions and transcripts are equal", [&] {
    const RandomDay day = any_day();
    const LivedDay first{day}, second{day};
    decisions += first.desk->decisions.size();
    RC_ASSERT(stored(*first.desk) == stored(*second.desk));
    RC_ASSERT(first.desk->transcript == second.desk->transcript);
  }));
  EXPECT_GT(decisions, 20U);
}

TEST(ReplayProperty, TheRecordedEventsAloneGiveTheSameBytes) {
  std::size_t decisions = 0;
  EXPECT_TRUE(rc::check("book and engine, fed with the record", [&] {
    const LivedDay day{any_day()};
    const Desk& desk = *day.desk;
    Recorded listener{desk.contracts};
    Book book{desk.contracts, desk.calendar(), day.options.mark};
    RiskEngine engine{book, listener, day.options.stale_after, EnforcementId{1}};
    engine.guard(desk.main_account(), rules_from(day.rules.yaml, day.options.begin));
    auto over = day.witness->finished().begin();
    for (const RiskEvent& event : desk.events) {
      for (; over != day.witness->finished().end() && over->second < event.sequence; ++over)
        engine.on_finished(desk.main_account(), over->first);
      RC_ASSERT(book.on_event(event).has_value());
      RC_ASSERT(engine.on_event(event).has_value());
    }
    decisions += listener.decisions.size();
    RC_ASSERT(listener.decisions == stored(desk));
  }));
  EXPECT_GT(decisions, 20U);
}

}  // namespace
}  // namespace rm::test
