#include "store/store.h"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <numeric>
#include <thread>

#include "desk.h"
#include "raw_journal.h"
#include "store/codec.h"
#include "store/quote_batch.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using samples::at;
using samples::kAccount;
using samples::kEs;
using samples::kMnq;
using samples::OpenStore;
using samples::query;
using samples::TempDir;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kPatience = 20s;

TEST(Store, ANewDirectoryIsForItsOwnerOnlyAndKnowsNothing) {
  const TempDir dir;
  OpenStore desk{dir.path() / "deeper" / "state"};
  ASSERT_TRUE(desk.store) << desk.store.error().message;
  struct stat status{};
  ::stat((dir.path() / "deeper" / "state").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  for (const auto& entry : std::filesystem::directory_iterator{dir.path() / "deeper" / "state"}) {
    ::stat(entry.path().c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
  }
  const Recovered& known = desk->recovered();
  EXPECT_THAT(known.locks, IsEmpty());
  EXPECT_THAT(known.enforcements, IsEmpty());
  EXPECT_EQ(known.next_enforcement, EnforcementId{1});
  EXPECT_EQ(known.next_request, RequestId{1});
  EXPECT_TRUE(desk->health().good());
  EXPECT_EQ(desk->schema_version(), 4);
}

TEST(Store, LocksHoldAfterRestartExactlyAsTheyWereSet) {
  const TempDir dir;
  std::vector<Lock> set;
  {
    OpenStore desk{dir.path()};
    const Decision decision = samples::decision(7, desk.contracts);
    set = decision.locks;
    EXPECT_GT(desk->record_decision(decision), 0U);
  }
  OpenStore desk{dir.path()};
  const auto& locks = desk->recovered().locks;
  ASSERT_THAT(locks, SizeIs(2));
  EXPECT_EQ(locks[0], set[0]);
  EXPECT_EQ(desk.contracts.symbol_text(*locks[1].symbol), "ES");
  EXPECT_EQ(locks[1].kind, LockKind::Entry);
  EXPECT_EQ(locks[1].until, LockEnd{UntilBrokerAllows{}});
  EXPECT_EQ(desk->recovered().next_enforcement, EnforcementId{8});
}

TEST(Store, AnEndedLockStaysEndedAndTheOthersHold) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    const Decision decision = samples::decision(1, desk.contracts);
    desk->record_decision(decision);
    desk->record_lock_ended(decision.locks[0], at(3600));
  }
  OpenStore desk{dir.path()};
  ASSERT_THAT(desk->recovered().locks, SizeIs(1));
  EXPECT_EQ(desk->recovered().locks[0].rule, "auth_loss_guard");
  EXPECT_EQ(query(dir.path(), "SELECT ended_at_ns FROM locks WHERE rule = 'daily_loss'"),
            std::to_string(at(3600).nanos()));
}

TEST(Store, AnOpenEnforcementComesBackWithGoalReasonsAndUnansweredRequests) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    const Decision decision = samples::decision(5, desk.contracts);
    const ContractId mnq = desk.contracts.intern(samples::kMnq);
    desk->record_decision(decision);
    desk->record_request({RequestId{21}, kAccount, ClosePosition{mnq}}, decision.id, at(1));
    desk->record_request({RequestId{22}, kAccount, CancelOrder{OrderId{11}}}, decision.id, at(1));
    desk->record_request({RequestId{23}, kAccount, ReadPositions{}}, decision.id, at(2));
    desk->record_reply({RequestId{22}, kAccount, Outcome::Accepted, 0, "", {}, at(1), at(2), 1, 2});
  }
  OpenStore desk{dir.path()};
  ASSERT_THAT(desk->recovered().enforcements, SizeIs(1));
  const OpenEnforcement& open = desk->recovered().enforcements[0];
  ContractTable& table = desk.contracts;
  const Decision expected = samples::decision(5, table);
  EXPECT_EQ(open.decision.id, expected.id);
  EXPECT_EQ(open.decision.goal, expected.goal);
  ASSERT_THAT(open.decision.violations, SizeIs(2));
  EXPECT_EQ(open.decision.violations[1].reason, expected.violations[1].reason);
  ASSERT_THAT(open.unanswered, SizeIs(1));
  EXPECT_EQ(open.unanswered[0].id, RequestId{21});
  EXPECT_EQ(open.unanswered[0].endpoint, name_of(BrokerAsk{ClosePosition{}}));
  EXPECT_EQ(open.unanswered[0].subject, samples::kMnq);
  EXPECT_EQ(desk->recovered().next_request, RequestId{24});  // a read's number is not used again either
}

TEST(Store, AVerifiedEnforcementIsClosedAndKeepsItsReceipt) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    desk->record_decision(samples::decision(5, desk.contracts));
    desk->record_receipt(samples::receipt(5, desk.contracts));
  }
  OpenStore desk{dir.path()};
  EXPECT_THAT(desk->recovered().enforcements, IsEmpty());
  EXPECT_THAT(desk->recovered().locks, SizeIs(2));  // verified is not unlocked
  EXPECT_EQ(
      query(dir.path(), "SELECT receipt ->> '$.trigger_to_verified_us' FROM enforcements WHERE state = 'verified'"),
      "250000");
}

TEST(Store, RecordsTheReasonsOfAViolationForPeople) {
  const TempDir dir;
  OpenStore desk{dir.path()};
  desk->record_decision(samples::decision(5, desk.contracts));
  ASSERT_TRUE(desk->flush(kPatience));
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM violations WHERE enforcement = 5"), "2");
  EXPECT_EQ(query(dir.path(), "SELECT code FROM violations WHERE rule = 'daily_loss'"), "LOSS_AT_LIMIT");
  EXPECT_THAT(query(dir.path(), "SELECT sentence FROM violations WHERE rule = 'max_contracts'"),
              HasSubstr(samples::kEs));
  EXPECT_EQ(query(dir.path(), "SELECT rules FROM enforcements"), R"(["daily_loss","max_contracts"])");
}

TEST(Store, TheSameDecisionRecordedTwiceMakesItsRowsOnce) {
  const TempDir dir;
  OpenStore desk{dir.path()};
  for (int i = 0; i < 2; ++i) desk->record_decision(samples::decision(5, desk.contracts));
  ASSERT_TRUE(desk->flush(kPatience));
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM locks"), "2");
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM violations"), "2");
}

TEST(Store, TradesFromEventsSnapshotsRepliesAndOnTheirOwnAreOneRowEach) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    const ContractId mnq = desk.contracts.intern(samples::kMnq);
    auto snapshot = std::make_shared<AccountSnapshot>();
    snapshot->trades = {samples::trade(2, mnq, at(2)), samples::trade(1, mnq, at(1))};
    desk->record_event({TradeExecuted{samples::trade(1, mnq, at(1))}, at(1), 0, 1});
    desk->record_event({TradeExecuted{samples::trade(1, mnq, at(1))}, at(1), 0, 2});  // the gateway sends it again
    desk->record_event({SnapshotTaken{kAccount, snapshot}, at(3), 0, 3});
    desk->record_reply({RequestId{1}, kAccount, Outcome::Accepted, 0, "",
                        std::vector<Trade>{samples::trade(3, mnq, at(3))}, at(3), at(3), 1, 1});
    desk->record_trade(samples::trade(4'294'967'297, mnq, at(4)));
  }
  OpenStore desk{dir.path()};
  const ContractId mnq = desk.contracts.intern(samples::kMnq);
  EXPECT_THAT(desk->recovered().trades,
              ::testing::ElementsAre(samples::trade(1, mnq, at(1)), samples::trade(2, mnq, at(2)),
                                     samples::trade(3, mnq, at(3)), samples::trade(4'294'967'297, mnq, at(4))));
}

TEST(Store, AVoidedTradeReplacesWhatWasKnownOfIt) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    Trade trade = samples::trade(1, desk.contracts.intern(samples::kMnq));
    trade.profit_and_loss.reset();
    desk->record_trade(trade);
    trade.voided = true;
    desk->record_trade(trade);
  }
  OpenStore desk{dir.path()};
  ASSERT_THAT(desk->recovered().trades, SizeIs(1));
  EXPECT_TRUE(desk->recovered().trades[0].voided);
  EXPECT_EQ(desk->recovered().trades[0].profit_and_loss, std::nullopt);
}

TEST(Store, TheDaysResultAndOnlyTheDaysTradesComeBack) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    const ContractId mnq = desk.contracts.intern(samples::kMnq);
    desk->record_trade(samples::trade(1, mnq, at(-1)));
    desk->record_trade(samples::trade(2, mnq, at(0)));
    desk->record_day(kAccount, at(-86'400), Money::from_cents(5), Money{}, 9);
    desk->record_day(kAccount, at(0), Money::from_cents(1), Money{}, 1);
    desk->record_day(kAccount, at(0), Money::from_cents(-12'345), Money::from_cents(333), 2);
  }
  OpenStore desk{dir.path()};
  EXPECT_THAT(desk->recovered().days,
              ::testing::ElementsAre(DayRow{kAccount, at(0), Money::from_cents(-12'345), Money::from_cents(333), 2}));
  ASSERT_THAT(desk->recovered().trades, SizeIs(1));
  EXPECT_EQ(desk->recovered().trades[0].id, TradeId{2});
}

TEST(Store, RunningClocksComeBackUntilTheyHaveEnded) {
  const TempDir dir;
  const AccountId other{7};
  {
    OpenStore desk{dir.path()};
    const ContractId mnq = desk.contracts.intern(kMnq), es = desk.contracts.intern(kEs);
    const RunningClock first[]{{mnq, at(1)}, {es, at(2)}}, second[]{{es, at(5)}};
    EXPECT_GT(desk->record_clocks(kAccount, "max_contracts", first), 0U);
    desk->record_clocks(kAccount, "daily_loss", first);
    desk->record_clocks(other, "daily_loss", first);
    desk->record_clocks(kAccount, "daily_loss", second);  // in place of those before
    desk->record_clocks(kAccount, "max_contracts", {});   // ended
  }
  for (int start = 0; start < 2; ++start) {
    OpenStore desk{dir.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    const ContractId mnq = *desk.contracts.find(kMnq), es = *desk.contracts.find(kEs);
    EXPECT_THAT(desk->recovered().clocks,
                ::testing::UnorderedElementsAre(ClockRow{kAccount, "daily_loss", {es, at(5)}},
                                                ClockRow{other, "daily_loss", {mnq, at(1)}},
                                                ClockRow{other, "daily_loss", {es, at(2)}}));
    EXPECT_TRUE(desk->health().good());
  }
}

TEST(Store, ADatabaseOfTheFirstVersionLearnsOfClocksAndKeepsItsLocks) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    desk->record_decision(samples::decision(7, desk.contracts));
  }
  query(dir.path(), "DROP TABLE clocks");
  query(dir.path(), "DROP TABLE config_in_force");
  query(dir.path(), "DROP TABLE journal_chain");
  query(dir.path(), "UPDATE schema_version SET version = 1");
  {
    OpenStore desk{dir.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    EXPECT_THAT(desk->recovered().locks, SizeIs(2));
    const RunningClock clock[]{{desk.contracts.intern(kMnq), at(1)}};
    desk->record_clocks(kAccount, "daily_loss", clock);
  }
  EXPECT_EQ(query(dir.path(), "SELECT version FROM schema_version"), "4");
  OpenStore desk{dir.path()};
  EXPECT_THAT(desk->recovered().clocks, SizeIs(1));
}

TEST(Store, ADecisionIsDurableOnlyOnceItIsInTheDatabase) {
  const TempDir dir;
  std::atomic<int> woken = 0;
  auto options = samples::small_store();
  options.wake_loop = [&] { ++woken; };
  OpenStore desk{dir.path(), std::move(options)};
  EXPECT_EQ(desk->poll_durable(), std::nullopt);
  desk->record_decision(samples::decision(1, desk.contracts));
  desk->record_decision(samples::decision(2, desk.contracts));
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::vector<EnforcementId> durable;
  while (durable.size() < 2 && std::chrono::steady_clock::now() < until) {
    if (const auto id = desk->poll_durable()) {
      durable.push_back(*id);
      EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM locks WHERE enforcement = " + std::to_string(id->value())),
                "2");
    }
  }
  EXPECT_THAT(durable, ::testing::ElementsAre(EnforcementId{1}, EnforcementId{2}));
  EXPECT_EQ(desk->poll_durable(), std::nullopt);
  desk->close();
  EXPECT_GE(woken, 1);
}

TEST(Store, EventsWithoutRowsCountAsCommitted) {
  const TempDir dir;
  OpenStore desk{dir.path()};
  const ContractId mnq = desk.contracts.intern(samples::kMnq);
  EXPECT_EQ(desk->record_event({QuoteUpdated{mnq, Price::from_nanos(1), {}, {}}, at(0), 0, 1}), 0U);
  const auto sequence = desk->record_event({OrderUpdated{samples::order(1, mnq)}, at(0), 0, 2});
  EXPECT_GT(sequence, 0U);
  ASSERT_TRUE(desk->flush(kPatience));
  EXPECT_GE(desk->committed_sequence(), sequence);
  EXPECT_EQ(desk->health().records_lost, 0U);
}

TEST(Store, QuotesAreGatheredAndStandBeforeWhatCameAfterThem) {
  const TempDir dir;
  const auto quote = [](std::uint64_t sequence) {
    return RiskEvent{QuoteUpdated{ContractId{0}, Price::from_nanos(static_cast<std::int64_t>(sequence)), {}, {}},
                     at(0), 0, sequence};
  };
  {
    OpenStore desk{dir.path()};
    desk.contracts.intern(samples::kMnq);
    for (std::uint64_t i = 1; i <= 200; ++i) EXPECT_EQ(desk->record_event(quote(i)), 0U);
    desk->record_event({TimePassed{}, at(0), 0, 201});
    desk->record_event(quote(202));
    desk->record_gathered_quotes();
    desk->record_gathered_quotes();  // nothing is left
    desk->record_event(quote(203));  // the end of the store takes care of it
    EXPECT_EQ(desk->health().records_skipped + desk->health().records_lost, 0U);
  }
  ContractTable contracts;
  contracts.intern(samples::kMnq);
  std::vector<std::uint64_t> events;
  std::size_t records = 0;
  ASSERT_TRUE(read_journal(dir.path(), 0, [&](const JournalRecord& record) {
    ++records;
    if (record.type == RecordType::Event) return events.push_back(decode_event(record, contracts, {})->sequence);
    QuotePrices prices;
    std::vector<RiskEvent> quotes;
    EXPECT_TRUE(read_quotes(record.payload, 1, prices, quotes));
    for (const RiskEvent& one : quotes) events.push_back(one.sequence);
  }));
  std::vector<std::uint64_t> all(203);
  std::iota(all.begin(), all.end(), 1U);
  EXPECT_EQ(events, all);
  EXPECT_LT(records, 12U);
}

// A fill in the journal of a version that wrote its events in another layout, and was killed before it was a row.
TEST(Store, AnEventOfTheFirstLayoutBecomesItsRow) {
  const TempDir dir;
  ContractTable contracts;
  const Trade trade = samples::trade(7, contracts.intern(samples::kMnq), at(1));
  samples::write_segment(
      dir.path(),
      {samples::sealed(RecordType::Event, 1, 1, encoded(RiskEvent{TradeExecuted{trade}, at(1), 0, 1}, contracts))});
  OpenStore desk{dir.path()};
  ASSERT_TRUE(desk.store) << desk.store.error().message;
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM trades WHERE id = 7"), "1");
  EXPECT_EQ(desk->health().records_skipped, 0U);
}

TEST(Store, NotificationsAreRows) {
  const TempDir dir;
  OpenStore desk{dir.path()};
  desk->record_notification({at(0), kAccount, EnforcementId{3}, "violation", "daily_loss", "it's over"});
  desk->record_note("reconnect", "user hub", at(0));
  ASSERT_TRUE(desk->flush(kPatience));
  EXPECT_EQ(query(dir.path(), "SELECT sentence FROM notifications WHERE kind = 'violation' AND enforcement = 3"),
            "it's over");
}

TEST(Store, ManySegmentsAndRestartsLoseNothing) {
  const TempDir dir;
  constexpr int kRounds = 4, kTrades = 3'000;
  for (int round = 0; round < kRounds; ++round) {
    OpenStore desk{dir.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    const ContractId mnq = desk.contracts.intern(samples::kMnq);
    for (int i = 0; i < kTrades; ++i) {
      while (desk->record_trade(samples::trade(round * kTrades + i + 1, mnq)) == 0) std::this_thread::yield();
    }
  }
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM trades"), std::to_string(kRounds * kTrades));
}

// ── what is refused, each with a sentence ──

std::string refusal(const std::filesystem::path& dir) {
  OpenStore desk{dir};
  return desk.store ? "opened" : desk.store.error().message;
}

TEST(StoreRefuses, ASecondProcessOnTheSameDirectory) {
  const TempDir dir;
  OpenStore first{dir.path()};
  EXPECT_THAT(refusal(dir.path()), HasSubstr("in use by process " + std::to_string(::getpid())));
  first.store->reset();
  EXPECT_EQ(refusal(dir.path()), "opened");
}

TEST(StoreRefuses, ADirectoryThatCannotBeMade) {
  const TempDir dir;
  std::ofstream{dir.path() / "file"} << "x";
  EXPECT_THAT(refusal(dir.path() / "file"), HasSubstr("cannot be created"));
  EXPECT_THAT(refusal("/proc/risk-manager"), HasSubstr("cannot be created"));
}

TEST(Store, TheLatestConfigurationInForceComesBackWhole) {
  const TempDir dir;
  // Longer than one stored text may be.
  const std::string yaml = "rules: {}  # " + std::string(150'000, 'x') + "end\n";
  {
    OpenStore desk{dir.path(), StoreOptions{}};
    EXPECT_FALSE(desk->recovered().config);
    EXPECT_GT(desk->record_config(at(0), at(10), "rules: {old: {}}\n"), 0U);
    EXPECT_GT(desk->record_config(at(10), at(20), yaml), 0U);
  }
  for (int start = 0; start < 2; ++start) {
    OpenStore desk{dir.path(), StoreOptions{}};
    ASSERT_TRUE(desk->recovered().config);
    EXPECT_EQ(*desk->recovered().config, (ConfigRow{at(10), at(20), {yaml}}));
  }
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM config_in_force"), "1");
}

TEST(Store, AnOlderDatabaseLearnsWhereTheConfigurationIsKept) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    desk->record_decision(samples::decision(1, desk.contracts));
  }
  query(dir.path(), "DROP TABLE config_in_force");
  query(dir.path(), "DROP TABLE journal_chain");
  query(dir.path(), "UPDATE schema_version SET version = 2");
  OpenStore desk{dir.path()};
  ASSERT_TRUE(desk.store) << desk.store.error().message;
  EXPECT_THAT(desk->recovered().locks, SizeIs(2));
  EXPECT_GT(desk->record_config(at(0), at(10), "x"), 0U);
}

TEST(StoreRefuses, ADatabaseOfANewerVersion) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
  }
  query(dir.path(), "UPDATE schema_version SET version = 99");
  EXPECT_THAT(refusal(dir.path()), HasSubstr("has schema version 99, made by a newer version"));
}

TEST(StoreRefuses, AnotherProgramsDatabase) {
  const TempDir dir;
  std::ofstream{dir.path() / "risk-manager.db"};
  query(dir.path(), "CREATE TABLE recipes (soup TEXT)");
  EXPECT_THAT(refusal(dir.path()), HasSubstr("belongs to another program"));
}

TEST(StoreRefuses, AFileThatIsNoDatabase) {
  const TempDir dir;
  std::ofstream{dir.path() / "risk-manager.db"} << std::string(4096, 'x');
  EXPECT_THAT(refusal(dir.path()), HasSubstr("is damaged or not a database"));
}

TEST(StoreRefuses, ADamagedDatabase) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    for (int i = 0; i < 500; ++i) desk->record_trade(samples::trade(i + 1, desk.contracts.intern(samples::kMnq)));
  }
  std::fstream file{dir.path() / "risk-manager.db", std::ios::in | std::ios::out | std::ios::binary};
  for (int page = 3; page < 30; page += 2) file.seekp(page * 4096) << std::string(2048, '\x5a');
  file.close();
  EXPECT_THAT(refusal(dir.path()), HasSubstr("damaged"));
}

TEST(StoreRefuses, ALockThatCannotBeRead) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    desk->record_decision(samples::decision(1, desk.contracts));
  }
  query(dir.path(), "UPDATE locks SET reason = x'ff' WHERE id = 1");
  EXPECT_THAT(refusal(dir.path()), HasSubstr("lock 1 in the database cannot be read"));
}

TEST(Store, ADeletedDatabaseIsMadeAgainFromTheJournal) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    desk->record_decision(samples::decision(3, desk.contracts));
  }
  std::filesystem::remove(dir.path() / "risk-manager.db");
  OpenStore desk{dir.path()};
  EXPECT_THAT(desk->recovered().locks, SizeIs(2));
  EXPECT_EQ(desk->recovered().next_enforcement, EnforcementId{4});
}

TEST(Store, ADeletedJournalLeavesTheLocksInTheDatabase) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    desk->record_decision(samples::decision(3, desk.contracts));
  }
  for (const auto& entry : std::filesystem::directory_iterator{dir.path()}) {
    if (entry.path().extension() == ".seg") std::filesystem::remove(entry.path());
  }
  OpenStore desk{dir.path()};
  EXPECT_THAT(desk->recovered().locks, SizeIs(2));
  const auto sequence = desk->record_decision(samples::decision(4, desk.contracts));
  EXPECT_GT(sequence, 1U);  // goes on behind what the database has seen, so that it is not passed over
  ASSERT_TRUE(desk->flush(kPatience));
  EXPECT_EQ(query(dir.path(), "SELECT count(*) FROM locks"), "4");
}

TEST(Store, ARuleThatIsGoneStillHoldsItsLock) {
  const TempDir dir;
  {
    OpenStore desk{dir.path()};
    Decision decision = samples::decision(3, desk.contracts);
    decision.locks = {samples::account_lock(decision.id)};
    decision.locks[0].rule = "a_rule_of_last_year";
    desk->record_decision(decision);
  }
  OpenStore desk{dir.path()};
  ASSERT_THAT(desk->recovered().locks, SizeIs(1));
  EXPECT_EQ(desk->recovered().locks[0].rule, "a_rule_of_last_year");
}

}  // namespace
}  // namespace rm
