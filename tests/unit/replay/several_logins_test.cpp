// Several logins of one program in one journal: each is replayed in a book and an engine of its own.
#include <gmock/gmock.h>

#include <fstream>

#include "evidence/trace.h"
#include "recorded_login.h"
#include "replay/comparison.h"
#include "replay/what_if.h"
#include "store/codec.h"
#include "support/temp_dir.h"
#include "unit/store/raw_journal.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct SeveralLoginsReplay : ::testing::Test {
  // "1 two: 36001234" for each decision that is recorded, in order.
  std::vector<std::string> decisions() {
    std::vector<std::string> all;
    const auto replay = Replay::open(dir.path()).value();
    for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
      if (step->kind != ReplayStep::Kind::Decision) continue;
      all.push_back(std::to_string(step->recorded->id.value()) + " " + std::string{step->login} + ": " +
                    std::to_string(step->recorded->account.value()));
      EXPECT_NE(replay->book().find(step->recorded->account), nullptr) << "the book is the one of the login";
    }
    return all;
  }
  // "1 two" for each decision that another configuration takes, in order.
  std::vector<std::string> decisions_with(const std::string& yaml) {
    std::vector<std::string> all;
    const auto replay = Replay::open(dir.path(), config_of(yaml)).value();
    for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
      for (const Decision& decision : step->replayed)
        all.push_back(std::to_string(decision.id.value()) + " " + std::string{step->login});
    }
    return all;
  }
  void expect_identical(std::uint64_t decisions, std::uint64_t runs) {
    const auto replay = Replay::open(dir.path()).value();
    const auto comparison = compare(*replay);
    ASSERT_TRUE(comparison) << comparison.error().message;
    EXPECT_FALSE(comparison->first) << "the event in record " << comparison->first->record;
    EXPECT_EQ(comparison->decisions, decisions);
    EXPECT_EQ(comparison->cut_off, 0U);
    EXPECT_EQ(replay->runs(), runs);
  }
  std::size_t turns() {
    std::size_t count = 0;
    for (const SegmentFile& file : list_segments(dir.path())) {
      std::ifstream in{file.path, std::ios::binary};
      const std::string text{std::istreambuf_iterator<char>{in}, {}};
      const auto bytes = std::as_bytes(std::span{text});
      for (std::size_t at = kSegmentHeader; at < bytes.size();) {
        const ReadRecord read = read_record(bytes.subspan(at));
        if (read.kind != ReadRecord::Kind::Record) break;
        if (read.record.type == RecordType::LoginTurn) ++count;
        at += read.bytes;
      }
    }
    return count;
  }
  // Both hold, at prices of their own; 50 points of two contracts are 200 $.
  void live_a_day() {
    Program program{dir.path()};
    Login one{program, 0, "one", kOne, loss_of(1000)}, two{program, 1, "two", kTwo, loss_of(200)};
    one.fill(Side::Buy, 2, 21'000);
    two.fill(Side::Buy, 2, 20'500);
    for (int down = 0; down <= 265; down += 5) {
      one.quote(21'000 - down);
      two.quote(20'500 - down);
      if (down % 20 == 0) one.time_passes();
    }
    ASSERT_THAT(one.decided, SizeIs(1));
    ASSERT_THAT(two.decided, SizeIs(1));
    ASSERT_LT(two.decided.front().id, one.decided.front().id);
    program.store->close();
  }
  TempDir dir;
};

TEST_F(SeveralLoginsReplay, EachHasItsOwnPricesRulesAndDecisionsInOneRowOfNumbers) {
  live_a_day();
  expect_identical(2, 1);
  EXPECT_THAT(decisions(), ElementsAre("1 two: 36001234", "2 one: 26001234"));
}

TEST_F(SeveralLoginsReplay, TheSameContractHasThePriceOfItsOwnGateway) {
  live_a_day();
  const auto replay = Replay::open(dir.path()).value();
  int seen = 0;
  for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
    if (!step->event || !std::holds_alternative<QuoteUpdated>(step->event->body)) continue;
    const auto& quote = std::get<QuoteUpdated>(step->event->body);
    const bool above = *quote.last > Price::from_nanos(20'600 * kNanosPerUnit);
    ASSERT_EQ(step->login, above ? "one" : "two");
    ASSERT_EQ(replay->book().market().mark(quote.contract, Lots{1})->price, *quote.last);
    ASSERT_EQ(replay->config().rules_for(above ? kOne : kTwo, "PRACTICE").size(),
              config_of(loss_of(1)).rules_for(kOne, "PRACTICE").size());
    ++seen;
  }
  EXPECT_GT(seen, 100);
}

TEST_F(SeveralLoginsReplay, AReceiptInTheTurnOfAnotherLoginEndsItsEnforcement) {
  Program program{dir.path()};
  Login one{program, 0, "one", kOne, loss_of(1000)}, two{program, 1, "two", kTwo, loss_of(200)};
  two.fill(Side::Buy, 2, 20'500);
  two.quote(20'440);
  two.fill(Side::Sell, 2, 20'440, Money::from_units(-240));
  one.time_passes();
  two.verified();
  two.fill(Side::Buy, 1, 20'440);  // while locked
  ASSERT_THAT(two.decided, SizeIs(2));
  program.store->close();
  expect_identical(2, 1);
}

TEST_F(SeveralLoginsReplay, OtherRulesAreThoseOfTheirLogin) {
  Program program{dir.path()};
  Login one{program, 0, "one", kOne, loss_of(1000)}, two{program, 1, "two", kTwo, loss_of(1000)};
  one.fill(Side::Buy, 2, 21'000);
  two.fill(Side::Buy, 2, 20'500);
  one.other_rules(loss_of(100));
  two.quote(20'400);
  one.quote(20'970);
  ASSERT_THAT(one.decided, SizeIs(1));
  ASSERT_THAT(two.decided, IsEmpty());
  program.store->close();
  expect_identical(1, 1);
}

TEST_F(SeveralLoginsReplay, ARestartInWhichTheSecondComesFirstAndTheFirstMuchLater) {
  {
    Program program{dir.path()};
    Login one{program, 0, "one", kOne, loss_of(1000)}, two{program, 1, "two", kTwo, loss_of(200)};
    two.fill(Side::Buy, 2, 20'500);
    two.quote(20'440);
    two.enforced(2, 20'440, Money::from_units(-240));
    one.fill(Side::Buy, 2, 21'000);
    program.store->close();
  }
  Program program{dir.path()};
  Login two{program, 0, "two", kTwo, loss_of(200)};  // and as the first of the configuration
  two.fill(Side::Buy, 1, 20'440);                    // the lock of before the restart holds
  two.enforced(1, 20'440, Money{});
  program.contracts.learn("CON.F.US.EP.U26", "ESU6", 250'000'000, Money::from_cents(1250), true);
  Login one{program, 1, "one", kOne, loss_of(1000)};
  one.fill(Side::Buy, 2, 21'000);
  two.fill(Side::Buy, 1, 20'440);
  one.quote(20'700);
  ASSERT_THAT(two.decided, SizeIs(2));
  ASSERT_THAT(one.decided, SizeIs(1));
  program.store->close();
  expect_identical(4, 2);
  EXPECT_THAT(decisions(), ElementsAre("1 two: 36001234", "2 two: 36001234", "3 two: 36001234", "4 one: 26001234"));
}

TEST_F(SeveralLoginsReplay, ADecisionThatIsMissingIsADifferenceAlsoWhereAnotherLoginComesUpNext) {
  Program program{dir.path()};
  Login one{program, 0, "one", kOne, loss_of(1000)};
  one.fill(Side::Buy, 2, 21'000);
  one.forgets = true;
  one.quote(20'700);
  ASSERT_THAT(one.decided, SizeIs(1));
  const Login two{program, 1, "two", kTwo, loss_of(200)};
  program.store->close();
  const auto comparison = compare(*Replay::open(dir.path()).value());
  ASSERT_TRUE(comparison->first);
  EXPECT_EQ(comparison->first->replayed->account, kOne);
}

TEST_F(SeveralLoginsReplay, WhenThereIsOnlyOneAgainThoseOfBeforeAreGone) {
  live_a_day();
  Program program{dir.path()};
  Login only{program, 0, "", kTwo, loss_of(200)};
  only.fill(Side::Buy, 1, 20'440);
  ASSERT_THAT(only.decided, SizeIs(1)) << "it is locked";
  program.store->close();
  expect_identical(3, 2);
  const auto replay = Replay::open(dir.path()).value();
  while (replay->step().value() != nullptr) continue;
  EXPECT_THAT(replay->accounts(), ElementsAre(kTwo));
}

TEST_F(SeveralLoginsReplay, TurnsAreWrittenWhereTheyChangeAndNoneForTheOnlyLogin) {
  {
    Program program{dir.path()};
    Login only{program, 0, "", kOne, loss_of(1000)};
    only.time_passes();
    program.store->close();
  }
  EXPECT_EQ(turns(), 0U);
  Program program{dir.path()};
  Login one{program, 0, "one", kOne, loss_of(1000)}, two{program, 1, "two", kTwo, loss_of(200)};
  EXPECT_EQ(turns(), 2U);
  two.time_passes();
  for (int i = 0; i < 10; ++i) one.time_passes();
  two.time_passes();
  one.quote(21'000);  // that nobody holds
  EXPECT_EQ(turns(), 4U);
}

// The oldest files of a journal are removed: the beginning of "one" is gone, that of "two" is there.
TEST_F(SeveralLoginsReplay, ALoginWithoutABeginningInTheJournalIsLeftOutAndItsNumbersAreNot) {
  StoreOptions options;
  options.segment_bytes = 4096;
  Program program{dir.path(), options};
  Login one{program, 0, "one", kOne, loss_of(1000)};
  one.fill(Side::Buy, 2, 21'000);
  const auto with_its_beginning = list_segments(dir.path()).front().path;
  while (list_segments(dir.path()).size() < 4) one.time_passes();
  Login two{program, 1, "two", kTwo, loss_of(200)};
  two.fill(Side::Buy, 2, 20'500);
  one.quote(20'700);
  two.quote(20'440);
  ASSERT_EQ(two.decided.at(0).id, EnforcementId{2});
  program.store->close();
  std::filesystem::remove(with_its_beginning);

  expect_identical(1, 1);
  EXPECT_THAT(decisions(), ElementsAre("2 two: 36001234"));
  const auto replay = Replay::open(dir.path()).value();
  while (replay->step().value() != nullptr) continue;
  EXPECT_GT(replay->before().records, 1U);
}

TEST_F(SeveralLoginsReplay, AnotherConfigurationChangesBothAndItsLocksHoldOnForBoth) {
  live_a_day();
  {
    Program program{dir.path()};
    Login two{program, 0, "two", kTwo, loss_of(200)}, one{program, 1, "one", kOne, loss_of(1000)};
    program.store->close();
  }
  const auto looser = what_if(dir.path(), config_of(loss_of(9000)));
  ASSERT_TRUE(looser) << looser.error().message;
  EXPECT_THAT(looser->fallen_away, SizeIs(2));
  EXPECT_THAT(looser->days, SizeIs(2));
  const auto stricter = what_if(dir.path(), config_of(loss_of(100)));
  ASSERT_TRUE(stricter) << stricter.error().message;
  EXPECT_THAT(stricter->moved, SizeIs(2)) << "both earlier";

  const auto replay = Replay::open(dir.path(), config_of(loss_of(100))).value();
  while (replay->step().value() != nullptr) continue;
  for (const AccountId account : {kOne, kTwo}) {
    ASSERT_TRUE(replay->look_at(account));
    const auto& locks = replay->book().find(account)->locks().all();
    ASSERT_THAT(locks, SizeIs(1)) << account.value();
    EXPECT_EQ(std::get<LossAtLimit>(locks.front().reason).limit, Money::from_units(-100)) << "its own, not recorded";
  }
}

constexpr const char* kOneContract = "rules: {max_contracts: {max_contracts: 1}}\n";

// Then nobody had decided anything yet when "two" came up: its start says that number 1 is the next.
TEST_F(SeveralLoginsReplay, AnotherConfigurationNumbersInOneRowThoughASecondLoginComesUpBehindItsFirstDecision) {
  Program program{dir.path()};
  Login one{program, 0, "one", kOne, loss_of(1000)};
  one.fill(Side::Buy, 2, 21'000);
  Login two{program, 1, "two", kTwo, loss_of(1000)};
  two.fill(Side::Buy, 2, 20'500);
  program.store->close();
  expect_identical(0, 1);
  EXPECT_THAT(decisions_with(kOneContract), ElementsAre("1 one", "2 two"));
}

TEST_F(SeveralLoginsReplay, ADecisionOfAnotherConfigurationIsOverWhenTheRecordedEventsShowItsGoal) {
  Program program{dir.path()};
  Login one{program, 0, "one", kOne, loss_of(1000)}, two{program, 1, "two", kTwo, loss_of(1000)};
  one.fill(Side::Buy, 2, 21'000);
  two.fill(Side::Buy, 2, 20'500);
  one.fill(Side::Sell, 1, 21'000, Money{});
  one.fill(Side::Buy, 1, 21'000);
  two.fill(Side::Buy, 1, 20'500);  // three, and the goal of its first one is not reached yet
  program.store->close();
  EXPECT_THAT(decisions_with(kOneContract), ElementsAre("1 one", "2 two", "3 one"));
}

TEST_F(SeveralLoginsReplay, WhyAnswersForTheAccountOfEachAndForBoth) {
  live_a_day();
  for (const auto& [account, limit] : {std::pair{kOne, "-1000.00"}, {kTwo, "-200.00"}}) {
    const auto because = why(dir.path(), account, {});
    ASSERT_TRUE(because) << because.error().message;
    ASSERT_THAT(because->moment.accounts, SizeIs(1));
    EXPECT_EQ(because->moment.accounts.front().account, account);
    EXPECT_EQ(because->moment.accounts.front().rules.front().limit, limit);
    EXPECT_EQ(because->enforced->account, account);
    EXPECT_THAT(because->at_decision->accounts.front().rules.front().broken, HasSubstr(limit));
    EXPECT_THAT(because->moment.text, HasSubstr(account == kOne ? "20735" : "20235")) << "its own gateway's price";
  }
  EXPECT_THAT(why(dir.path(), {}, {})->moment.accounts, SizeIs(2));
}

TEST_F(SeveralLoginsReplay, WhyAnswersForALoginThatDidNotComeUpAgain) {
  live_a_day();
  {
    Program program{dir.path()};
    Login one{program, 0, "one", kOne, loss_of(1000)};
    program.store->close();
  }
  const auto because = why(dir.path(), kTwo, {});
  ASSERT_TRUE(because) << because.error().message;
  EXPECT_EQ(because->moment.run, 1U);
  ASSERT_THAT(because->moment.accounts, SizeIs(1));
  EXPECT_THAT(because->moment.accounts.front().locks, SizeIs(1));
}

// What no program writes.
TEST_F(SeveralLoginsReplay, ATurnThatCannotBeReadOrALoginThatBeginsTwiceIsRefused) {
  const ContractTable contracts;
  const samples::Bytes begins = encoded(RunBegins{"0.1.0", kBegin}, contracts);
  const samples::Bytes first = encoded(LoginTurn{true, 0, "one"}, contracts),
                       again = encoded(LoginTurn{false, 0, "one"}, contracts);
  const auto refusal = [&](const samples::Bytes& turn) {
    const TempDir journal;
    samples::write_segment(
        journal.path(),
        {samples::sealed(RecordType::RunBegins, 1, 1, begins), samples::sealed(RecordType::LoginTurn, 1, 2, first),
         samples::sealed(RecordType::RunBegins, 1, 3, begins), samples::sealed(RecordType::LoginTurn, 1, 4, turn)});
    const auto step = Replay::open(journal.path()).value()->step();
    return step ? std::string{} : step.error().message;
  };
  const char* sentence = "record 4 of the journal (login_turn) cannot be read by this version";
  EXPECT_THAT(refusal(again), HasSubstr(sentence));
  EXPECT_THAT(refusal(samples::Bytes(3, std::byte{0xff})), HasSubstr(sentence));
}

}  // namespace
}  // namespace rm::test
