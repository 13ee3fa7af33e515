// Random days against a model of thirty obvious lines, and against themselves.
#include <fmt/format.h>

#include <random>

#include "desk.h"

namespace paper {
namespace {

// One day of a careless trader: prices wander, orders of every type come and go.
struct Day {
  explicit Day(std::uint64_t seed, Settings settings) : random{seed}, desk{settings, auto_oco()} {}

  static Account auto_oco() {
    Account account;
    account.bracket_mode = BracketMode::AutoOco;
    return account;
  }
  int draw(int low, int high) { return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1)); }

  void step() {
    desk.pass(Nanos{draw(0, 30'000'000)});
    const Side side = draw(0, 1) == 0 ? Side::Buy : Side::Sell;
    const Decimal near = last + 0.25_d * draw(-40, 40);
    switch (draw(0, 9)) {
      case 0:
        desk.market(side, draw(1, 4));
        break;
      case 1:
        desk.limit(side, draw(1, 4), near);
        break;
      case 2:
        desk.stop(side, draw(1, 4), near);
        break;
      case 3:
        desk.close();
        break;
      case 4:
        desk.exchange.partial_close(desk.id, kMnq, draw(0, 3), desk.now);
        break;
      case 5:
        desk.cancel(OrderId{3'500'000'000 + draw(1, 300)});
        break;
      case 6:
        desk.exchange.modify({.account = desk.id,
                              .order = OrderId{3'500'000'000 + draw(1, 300)},
                              .size = draw(1, 4),
                              .limit_price = near},
                             desk.now);
        break;
      case 7:
        desk.place({.side = side,
                    .size = draw(1, 3),
                    .stop_loss = BracketLeg{-sign(side) * draw(4, 30), OrderType::Stop},
                    .take_profit = BracketLeg{sign(side) * draw(1, 30), OrderType::Limit}});
        break;
      default:
        desk.price(kMnq, last = last + 0.25_d * draw(-20, 20));
    }
  }

  std::mt19937_64 random;
  Desk desk;
  Decimal last = 29500_d;
};

// The account from its trades alone: what was paid, what was received, what is held at the end.
void expect_conserved(const Desk& desk) {
  Decimal cash, costs, realised;
  int held = 0;
  for (const Trade& t : desk.exchange.trades(desk.id, {}, {})) {
    cash -= t.price * (2 * t.size * sign(t.side));  // MNQ: 2 USD a point
    held += t.size * sign(t.side);
    costs += t.fees + t.commissions;
    realised += t.profit_and_loss.value_or(0_d);
  }
  EXPECT_EQ(held, desk.position());
  EXPECT_EQ(costs, [&] {
    Decimal sum;
    for (const Trade& t : desk.exchange.trades(desk.id, {}, {})) sum += 0.61_d * t.size;
    return sum;
  }());
  EXPECT_EQ(desk.balance(), 150000_d + realised - costs);
  if (held == 0) {
    EXPECT_EQ(realised, cash);
  }
}

void expect_sound_orders(const Desk& desk) {
  const OrderPage page = desk.exchange.query({.account = desk.id, .page_size = 500}).value();
  ASSERT_EQ(static_cast<std::size_t>(page.total), page.orders.size());
  for (const Order& o : page.orders) {
    SCOPED_TRACE(o.id.value);
    EXPECT_LE(o.fill_volume, o.size);
    EXPECT_EQ(o.status == OrderStatus::Filled, o.fill_volume == o.size && o.status != OrderStatus::Rejected);
    int traded = 0;
    for (const Trade& t : desk.exchange.trades(desk.id, {}, {})) traded += t.order == o.id ? t.size : 0;
    EXPECT_EQ(traded, o.fill_volume);
  }
}

TEST(Model, EveryDollarAndContractIsAccountedFor) {
  using Lots = Settings::ClosedLots;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Day day{
        seed,
        {.max_fill_size = static_cast<int>(seed % 3), .closed_lots = seed % 2 == 0 ? Lots::Fifo : Lots::AverageCost}};
    for (int i = 0; i < 150; ++i) day.step();
    expect_conserved(day.desk);
    expect_sound_orders(day.desk);
    if (day.desk.position() != 0) {
      ASSERT_TRUE(day.desk.close().ok());
    }
    expect_conserved(day.desk);
  }
}

TEST(Model, TheSameCallsMakeTheSameDay) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Day one{seed, {}}, two{seed, {}}, other{seed + 100, {}};
    for (int i = 0; i < 150; ++i) {
      one.step();
      two.step();
      other.step();
    }
    EXPECT_EQ(one.desk.lines, two.desk.lines) << "seed " << seed;
    EXPECT_NE(one.desk.lines, other.desk.lines) << "seed " << seed;
  }
}

}  // namespace
}  // namespace paper
