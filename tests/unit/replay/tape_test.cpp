// What the tape leaves out must not be able to change anything, and what it writes costs the loop no allocation.
#include "replay/tape.h"

#include <gmock/gmock.h>

#include "bench/count_allocations.h"
#include "replay/replay.h"
#include "support/temp_dir.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr AccountId kAccount{26'001'234};
const BrokerTime kBegin = BrokerTime::from_seconds(1'788'273'000);

Price price(std::int64_t units) {
  return Price::from_nanos(units * kNanosPerUnit);
}

struct TapeTest : ::testing::Test {
  TapeTest() {
    mnq = contracts.learn("CON.F.US.MNQ.U26", "MNQU6", 250'000'000, Money::from_cents(50), true);
    es = contracts.learn("CON.F.US.EP.U26", "ESU6", 250'000'000, Money::from_cents(1250), true);
    book.add_account(kAccount);
    tape.set_book(book);
    RunStart start;
    start.at = start.computer_time = kBegin;
    start.yaml = {"rules: {daily_loss: {max_loss: -1000}}\n"};
    start.accounts = {{kAccount, "PRACTICE"}};
    tape.on_run_started(start);
    auto snapshot = std::make_shared<AccountSnapshot>();
    snapshot->info = {kAccount, Money::from_units(50'000), true};
    see(SnapshotTaken{kAccount, std::move(snapshot)});
  }
  void see(RiskEventBody body) {
    const RiskEvent event{std::move(body), kBegin + std::chrono::seconds{++events}, 0,
                          static_cast<std::uint64_t>(events)};
    ASSERT_TRUE(tape.on_event(event));
    ASSERT_TRUE(book.on_event(event));
  }
  void fill(ContractId contract, Side side) {
    Trade trade;
    trade.id = TradeId{events + 1};
    trade.account = kAccount;
    trade.contract = contract;
    trade.order = OrderId{events + 1};
    trade.side = side;
    trade.size = Lots{1};
    trade.price = price(100);
    trade.time = kBegin + std::chrono::seconds{events + 1};
    see(TradeExecuted{trade});
  }
  // Behind the snapshot: "quote MNQU6 100/-/101", "trade", …
  std::vector<std::string> recorded() {
    store->record_gathered_quotes();
    std::vector<std::string> all;
    const auto replay = Replay::open(dir.path()).value();
    for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
      if (step->kind != ReplayStep::Kind::Event) continue;
      const auto* quote = std::get_if<QuoteUpdated>(&step->event->body);
      if (!quote) {
        all.emplace_back(name_of(step->event->body));
        continue;
      }
      const auto text = [](const std::optional<Price>& p) { return p ? p->text() : std::string{"-"}; };
      all.push_back(replay->contracts().at(quote->contract).name + " " + text(quote->last) + " " + text(quote->bid) +
                    " " + text(quote->ask));
    }
    all.erase(all.begin());
    return all;
  }

  TempDir dir;
  ContractTable contracts;
  ContractId mnq, es;
  TradingCalendar calendar{{BrokerTime::from_seconds(1'788'200'000), BrokerTime::from_seconds(1'888'286'400)}};
  Book book{contracts, calendar, MarkKind::Last};
  std::unique_ptr<Store> store =
      Store::open(dir.path(), contracts, [](std::string_view) { return std::string_view{}; }).value();
  Tape tape{*store, contracts};
  std::int64_t events = 0;
};

TEST_F(TapeTest, EveryQuoteOfWhatIsHeldIsRecordedInItsPlace) {
  fill(mnq, Side::Buy);
  for (const int last : {101, 102, 103}) see(QuoteUpdated{mnq, price(last), {}, {}});
  fill(mnq, Side::Sell);
  EXPECT_THAT(recorded(), ElementsAre("trade", "MNQU6 101 - -", "MNQU6 102 - -", "MNQU6 103 - -", "trade"));
}

// The first fill is valued at prices of before it: they are there, and at the time of the last of them.
TEST_F(TapeTest, OfWhatNobodyHoldsTheNewestPricesStandBeforeTheNextEvent) {
  for (const int last : {101, 102, 103}) see(QuoteUpdated{mnq, price(last), price(last - 1), {}});
  see(QuoteUpdated{es, {}, price(6300), {}});
  see(QuoteUpdated{mnq, {}, {}, price(104)});
  const auto quoted_at = book.market().mark(mnq, Lots{1})->at;
  fill(mnq, Side::Buy);
  EXPECT_THAT(recorded(), ElementsAre("MNQU6 103 102 104", "ESU6 - 6300 -", "trade"));
  const auto replay = Replay::open(dir.path()).value();
  for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
    if (!step->event || !std::holds_alternative<TradeExecuted>(step->event->body)) continue;
    EXPECT_EQ(replay->book().market().mark(mnq, Lots{1})->at, quoted_at);
  }
}

TEST_F(TapeTest, WhatIsHeldByAnyAccountCounts) {
  book.add_account(AccountId{7});
  fill(mnq, Side::Sell);
  see(QuoteUpdated{mnq, price(99), {}, {}});
  see(QuoteUpdated{es, price(6300), {}, {}});
  EXPECT_THAT(recorded(), ElementsAre("trade", "MNQU6 99 - -"));
}

TEST_F(TapeTest, AContractThatBecomesKnownIsKnownToTheReplayFromThereOn) {
  const ContractId old = contracts.intern("CON.F.US.MNQ.M26");
  fill(old, Side::Buy);
  contracts.learn("CON.F.US.MNQ.M26", "MNQM6", 250'000'000, Money::from_cents(50), false);
  see(QuoteUpdated{old, price(101), {}, {}});
  store->record_gathered_quotes();
  const auto replay = Replay::open(dir.path()).value();
  std::vector<bool> valued;
  for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
    if (step->event) valued.push_back(replay->book().find(kAccount)->open_profit().complete);
  }
  EXPECT_THAT(valued, ElementsAre(true, false, true));
}

TEST_F(TapeTest, NothingIsAllocatedForQuotesNorForFills) {
  fill(mnq, Side::Buy);
  see(QuoteUpdated{mnq, price(99), {}, {}});
  see(QuoteUpdated{es, price(99), {}, {}});
  fill(mnq, Side::Buy);
  const RiskEvent held{QuoteUpdated{mnq, price(100), price(99), price(101)}, kBegin, 5, 9};
  const RiskEvent other{QuoteUpdated{es, price(100), price(99), price(101)}, kBegin, 5, 9};
  const RiskEvent time{TimePassed{}, kBegin, 0, 9};
  (void)tape.on_event(time);
  const std::uint64_t before = allocations_so_far();
  for (int i = 0; i < 5'000; ++i) {
    (void)tape.on_event(held);
    (void)tape.on_event(other);
    if (i % 10 == 0) (void)tape.on_event(time);
  }
  EXPECT_EQ(allocations_so_far() - before, 0U);
}

}  // namespace
}  // namespace rm::test
