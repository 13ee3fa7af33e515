// The book's figures equal those of an independent, slow and obvious model, to the nano, whatever the stream does.
#include <rapidcheck.h>

#include <deque>

#include "book_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

// A day in whole ticks. Every lot is a number of its own: no averages, no sums of products. Prices are whole ticks,
// lots are closed at average cost, so the model only closes whole positions (where average cost and
// first-in-first-out give the same).
struct Fill {
  int signed_lots;
  std::int64_t tick;
  bool closing;
};

struct Model {
  std::vector<std::int64_t> open_ticks;  // one entry a lot
  int direction = 0;
  std::int64_t realised_half_dollars = 0;  // MNQ: a tick is half a dollar
  int half_turns = 0;

  std::int64_t close_all(std::int64_t tick) {
    std::int64_t gain = 0;
    for (const std::int64_t entry : open_ticks) gain += (tick - entry) * direction;
    open_ticks.clear();
    direction = 0;
    realised_half_dollars += gain;
    return gain;
  }
  void open(int lots, std::int64_t tick) {
    direction = lots > 0 ? 1 : -1;
    for (int i = 0; i < std::abs(lots); ++i) open_ticks.push_back(tick);
  }
  [[nodiscard]] std::int64_t open_half_dollars(std::int64_t mark) const {
    std::int64_t gain = 0;
    for (const std::int64_t entry : open_ticks) gain += (mark - entry) * direction;
    return gain;
  }
};

struct Stream : BookFixture {
  void TestBody() override {}
};

constexpr std::int64_t kTick = 250'000'000, kHalfDollar = 500'000'000, kCost = 610'000'000;

TEST(ProfitProperty, EqualsTheSlowReferenceToTheNano) {
  EXPECT_TRUE(rc::check("realised, costs and open result", [] {
    Stream s;
    s.synchronise();
    Model model;
    std::int64_t id = 0;
    std::vector<Trade> resent;
    const int steps = *rc::gen::inRange(1, 60);
    for (int step = 0; step < steps; ++step) {
      const std::int64_t tick = *rc::gen::inRange(80'000, 90'000);
      const bool closing = !model.open_ticks.empty() && *rc::gen::inRange(0, 3) == 0;
      const int lots = closing
                           ? -static_cast<int>(model.open_ticks.size()) * model.direction
                           : *rc::gen::inRange(1, 6) *
                                 (model.direction != 0 ? model.direction : (*rc::gen::arbitrary<bool>() ? 1 : -1));
      Trade trade = s.trade(++id, s.mnq, lots, "1");
      trade.price = Price::from_nanos(tick * kTick);
      if (closing) {
        trade.profit_and_loss = Money::from_nanos(model.close_all(tick) * kHalfDollar);
      } else {
        model.open(lots, tick);
      }
      ++model.half_turns;
      RC_ASSERT(s.publish(TradeExecuted{trade}).has_value());
      resent.push_back(trade);
      if (*rc::gen::arbitrary<bool>())
        RC_ASSERT(s.publish(TradeExecuted{resent[*rc::gen::inRange<std::size_t>(0, resent.size())]}).has_value());
      s.now = s.now + Duration{*rc::gen::inRange(1, 1'000'000)};

      const std::int64_t mark = *rc::gen::inRange(80'000, 90'000);
      RC_ASSERT(
          s.publish(QuoteUpdated{s.mnq, Price::from_nanos(mark * kTick), std::nullopt, std::nullopt}).has_value());
      RC_ASSERT(s.account.day().result().realised.nanos() == model.realised_half_dollars * kHalfDollar);
      RC_ASSERT(s.account.day().result().costs.nanos() == model.half_turns * kCost);
      RC_ASSERT(s.account.open_profit().total.nanos() == model.open_half_dollars(mark) * kHalfDollar);
    }
  }));
}

// What the broker holds after the fills so far, as it tells it: size and average.
struct Broker {
  int size = 0;
  Wide paid = 0;
  void apply(int lots, std::int64_t nanos) {
    size += lots;
    paid += Wide{nanos} * lots;
    if (size == 0) paid = 0;
  }
  [[nodiscard]] Price average() const { return size == 0 ? Price{} : PriceSum::from_raw(paid).average(Lots{size}); }
};

TEST(ProfitProperty, InWhateverOrderMessagesComeAndWhicheverFillsAreLostTheBookEndsWhereTheBrokerIs) {
  EXPECT_TRUE(rc::check("fills and position messages shuffled, fills lost, found later", [] {
    Stream s;
    s.synchronise();
    Broker broker;
    std::vector<Trade> hidden;
    const int steps = *rc::gen::inRange(1, 25);
    for (int step = 0; step < steps; ++step) {
      const int lots =
          *rc::gen::inRange(1, 5);  // the account only grows: average cost leaves no room for two opinions
      const std::int64_t nanos = *rc::gen::inRange(80'000, 90'000) * kTick;
      Trade trade = s.trade(step + 1, s.mnq, lots, "1");
      trade.price = Price::from_nanos(nanos);
      broker.apply(lots, nanos);
      const Position position{Stream::kAccount, s.mnq, Lots{broker.size}, broker.average(), s.now};
      const int fate = *rc::gen::inRange(0, 4);  // fill first, position first, fill lost for now, fill late
      if (fate == 0) RC_ASSERT(s.publish(TradeExecuted{trade}).has_value());
      s.pass(Duration{*rc::gen::inRange(0, 15'000'000)});
      RC_ASSERT(s.publish(PositionUpdated{position}).has_value());
      s.pass(Duration{*rc::gen::inRange(0, 15'000'000)});
      if (fate == 1) RC_ASSERT(s.publish(TradeExecuted{trade}).has_value());
      if (fate == 2) hidden.push_back(trade);
      s.pass(*rc::gen::element<Duration>(1ms, 100ms, 499ms, 501ms, 700ms));
      if (fate == 3) RC_ASSERT(s.publish(TradeExecuted{trade}).has_value());
    }
    s.pass(1s);
    RC_ASSERT(s.held(s.mnq) == broker.size);
    s.pass(45s);
    for (const Trade& found : hidden) RC_ASSERT(s.publish(TradeExecuted{found}).has_value());
    s.pass(1s);
    RC_ASSERT(s.held(s.mnq) == broker.size);
    RC_ASSERT(s.account.day().result().trade_count == static_cast<std::uint32_t>(steps));
  }));
}

}  // namespace
}  // namespace rm::test
