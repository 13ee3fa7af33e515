// What a restart of the daemon brought back is there in the replay too: locks, running clocks, unfinished
// enforcements.
#include "replay/replay.h"

#include "config/load.h"
#include "sample.h"
#include "store/codec.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const BrokerTime kBegin = BrokerTime::from_seconds(1'788'273'000);

// A journal by hand: a start, the snapshot of an account that holds two MNQ, and three seconds later the time.
struct Restored : ::testing::Test {
  Restored() {
    mnq = contracts.learn(samples::kMnq, "MNQU6", 250'000'000, Money::from_cents(50), true);
    start.at = start.computer_time = kBegin;
    start.yaml = {"rules: {no_stop_loss_grace: {grace: 10s}, daily_loss: {max_loss: -1000}}\n"};
    start.accounts = {{samples::kAccount, "PRACTICE"}};
    hard_lock = samples::account_lock(EnforcementId{5});
    hard_lock.since = kBegin - 60s;
    hard_lock.until = UntilTime{kBegin + 1h};
  }
  // The rules of what is decided, a text each.
  std::vector<std::string> decided() {
    auto snapshot = std::make_shared<AccountSnapshot>();
    snapshot->info = {samples::kAccount, Money::from_units(50'000), true};
    snapshot->positions = {
        {samples::kAccount, mnq, Lots{2}, Price::from_nanos(21'000 * kNanosPerUnit), kBegin - 1min}};
    snapshot->requested_at = kBegin;
    std::vector<std::pair<RecordType, Bytes>> journal{
        {RecordType::RunBegins, encoded(RunBegins{"0.1.0", kBegin}, contracts)},
        {RecordType::Contract,
         encoded(ContractKnown{0, samples::kMnq, "MNQU6", 250'000'000, Money::from_cents(50), true}, contracts)},
        {RecordType::RunStart, encoded(start, contracts)},
        {RecordType::Event,
         encoded(seen({StreamChanged{samples::kAccount, true, Generation{1}}, kBegin, 0, 1}), contracts)},
        {RecordType::Event, encoded(seen({SnapshotTaken{samples::kAccount, snapshot}, kBegin, 0, 2}), contracts)}};
    if (over) journal.emplace_back(RecordType::Receipt, encoded(*over, contracts));
    journal.emplace_back(RecordType::Event, encoded(seen({TimePassed{}, kBegin + 3s, 0, 3}), contracts));
    std::vector<Bytes> records;
    for (const auto& [type, payload] : journal)
      records.push_back(samples::sealed(type, version_of(type), records.size() + 1, payload));
    const TempDir dir;
    samples::write_segment(dir.path(), records);
    const auto replay = Replay::open(dir.path(), other).value();
    std::vector<std::string> all;
    for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
      for (const Decision& decision : step->replayed)
        all.push_back(std::to_string(decision.id.value()) + " " + std::string{decision.violations.front().rule});
    }
    return all;
  }

  ContractTable contracts;
  ContractId mnq;
  RunStart start;
  Lock hard_lock;
  std::optional<Receipt> over;  // before the time
  std::optional<Config> other;
};

TEST_F(Restored, WithoutAnythingNothingIsDueYet) {
  EXPECT_THAT(decided(), IsEmpty());
}

TEST_F(Restored, ARunningClockGoesOn) {
  start.clocks = {{samples::kAccount, "no_stop_loss_grace", {mnq, kBegin - 8s}}};
  EXPECT_THAT(decided(), ElementsAre("1 no_stop_loss_grace"));
}

TEST_F(Restored, ALockHoldsAndNumbersGoOn) {
  start.locks = {hard_lock};
  start.next_enforcement = EnforcementId{6};
  EXPECT_THAT(decided(), ElementsAre("6 daily_loss"));
}

TEST_F(Restored, AnEnforcementThatGoesOnIsNotDecidedOnceMore) {
  start.locks = {hard_lock};
  Goal flat;
  flat.account_flat = true;
  start.resumed = {{EnforcementId{5}, samples::kAccount, flat}};
  EXPECT_THAT(decided(), IsEmpty());
}

TEST_F(Restored, AnEnforcementThatGoesOnIsOverWithItsReceiptAlsoUnderAnotherConfiguration) {
  start.locks = {hard_lock};
  start.next_enforcement = EnforcementId{6};
  Goal flat;
  flat.account_flat = true;
  start.resumed = {{EnforcementId{5}, samples::kAccount, flat}};
  over.emplace();
  over->enforcement = EnforcementId{5};
  over->account = samples::kAccount;
  EXPECT_THAT(decided(), ElementsAre("6 daily_loss"));
  other = load_config_text("rules: {daily_loss: {max_loss: -2000}}\n", "test", {}, rule_registry(), kBegin).value();
  EXPECT_THAT(decided(), ElementsAre("6 daily_loss"));
}

}  // namespace
}  // namespace rm::test
