// Entries and round trips, counted fill by fill, are those that a rebuild finds, and those of a slow reference.
#include <rapidcheck.h>

#include <map>
#include <set>

#include "book_fixture.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;

struct Stream : BookFixture {
  void TestBody() override {}
};

// Lot by lot, contract by contract, with nothing kept from one question to the next.
struct Reference {
  std::vector<Entry> entries;
  std::vector<Outturn> trips;

  Reference(std::vector<Trade> fills, const std::map<ContractId, int>& open_before) {
    std::erase_if(fills, [](const Trade& t) { return t.voided; });
    std::sort(fills.begin(), fills.end(),
              [](const Trade& a, const Trade& b) { return std::pair{a.time, a.id} < std::pair{b.time, b.id}; });
    std::set<OrderId> counted;
    for (std::size_t i = 0; i < fills.size(); ++i) {
      const Trade& fill = fills[i];
      const int before = size_before(fills, i, open_before);
      int lots = before;
      bool opened = false, was_flat = false;
      for (int lot = 0; lot < fill.size.value(); ++lot) {
        const int next = lots + (fill.side == Side::Buy ? 1 : -1);
        opened = opened || std::abs(next) > std::abs(lots);
        was_flat = was_flat || next == 0;
        lots = next;
      }
      if (opened && counted.insert(fill.order).second) entries.push_back(Entry{fill.time, fill.order, fill.contract});
      if (was_flat) trips.push_back(Outturn{fill.time, fill.contract, trip_until(fills, i, open_before)});
    }
  }

  static int size_before(const std::vector<Trade>& fills, std::size_t end, const std::map<ContractId, int>& before) {
    int size = before.at(fills[end].contract);
    for (std::size_t i = 0; i < end; ++i) {
      if (fills[i].contract == fills[end].contract) size += fills[i].signed_size().value();
    }
    return size;
  }
  // Backwards to where the contract was flat or changed sides.
  static Money trip_until(const std::vector<Trade>& fills, std::size_t end, const std::map<ContractId, int>& before) {
    Money sum;
    for (std::size_t i = end + 1; i-- > 0;) {
      if (fills[i].contract != fills[end].contract) continue;
      const int was = size_before(fills, i, before), is = was + fills[i].signed_size().value();
      const bool passed_flat = was != 0 && (is == 0 || (was > 0) != (is > 0));
      if (i != end && passed_flat) break;
      sum += fills[i].profit_and_loss.value_or(Money{});
    }
    return sum;
  }
};

// Fills of a day in two contracts; several of one order, some at the same instant; a result where one is closed.
std::vector<Trade> some_day(Stream& s, std::map<ContractId, int> size) {
  std::vector<Trade> fills;
  std::int64_t order = 3'400'000'000;
  const int count = *rc::gen::inRange(1, 40);
  for (int i = 0; i < count; ++i) {
    const ContractId contract = *rc::gen::arbitrary<bool>() ? s.mnq : s.es;
    const int lots = *rc::gen::inRange(1, 4) * (*rc::gen::arbitrary<bool>() ? 1 : -1);
    if (*rc::gen::inRange(0, 3) != 0) order += *rc::gen::inRange(1, 5);
    s.now = s.now + *rc::gen::element<Duration>(0ms, 1ms, 7ms, 1s);
    Trade trade = s.trade(i + 1, contract, lots, "21000");
    trade.order = OrderId{order};
    const int held = size.at(contract);
    if (held != 0 && (held > 0) != (lots > 0))
      trade.profit_and_loss = Money::from_cents(*rc::gen::inRange(-500, 500));
    size[contract] += lots;
    fills.push_back(trade);
  }
  return fills;
}

std::map<ContractId, int> some_start(const Stream& s) {
  return {{s.mnq, *rc::gen::inRange(-3, 4)}, {s.es, *rc::gen::inRange(-3, 4)}};
}

std::vector<Position> positions_of(Stream& s, std::map<ContractId, int> size, const std::vector<Trade>& fills) {
  for (const Trade& fill : fills) {
    if (!fill.voided) size[fill.contract] += fill.signed_size().value();
  }
  std::vector<Position> open;
  for (const auto& [contract, lots] : size) open.push_back(s.position(contract, lots, "21000"));
  return open;
}

template <class T>
std::vector<T> list(std::span<const T> items) {
  return {items.begin(), items.end()};
}

void check_equal(const DayActivity& activity, const Reference& reference) {
  RC_ASSERT(list(activity.entries()) == reference.entries);
  RC_ASSERT(list(activity.round_trips()) == reference.trips);
}

TEST(ActivityProperty, FillByFillNothingHasToBeCountedAgain) {
  EXPECT_TRUE(rc::check("add() in the order of time equals rebuild() and the reference", [] {
    Stream s;
    const std::map<ContractId, int> start{{s.mnq, 0}, {s.es, 0}};
    const auto fills = some_day(s, start);
    DayLedger ledger;
    DayActivity step_by_step, at_once;
    std::map<ContractId, Holding> held;
    for (const Trade& fill : fills) {
      Holding& holding = held[fill.contract];
      holding.contract = fill.contract;
      holding.apply_fill(fill.signed_size(), fill.price, fill.time);
      RC_ASSERT(ledger.record(fill));
      RC_ASSERT(step_by_step.add(fill, holding.size));
    }
    std::vector<Holding> holdings;
    for (const auto& [contract, holding] : held) holdings.push_back(holding);
    at_once.rebuild(ledger, holdings);
    const Reference reference{fills, start};
    check_equal(step_by_step, reference);
    check_equal(at_once, reference);
    RC_ASSERT(step_by_step.latest_trip() == at_once.latest_trip());
    RC_ASSERT(step_by_step.latest_fill() == at_once.latest_fill());
    RC_ASSERT(list(step_by_step.closing_fills()) == list(at_once.closing_fills()));
    RC_ASSERT(step_by_step.agrees(holdings));
  }));
}

TEST(ActivityProperty, LateFillsVoidsRepetitionsAndARestartChangeNothing) {
  EXPECT_TRUE(rc::check("the book on the stream, and a fresh one with a snapshot, equal the reference", [] {
    Stream s;
    const auto start = some_start(s);
    s.synchronise(positions_of(s, start, {}));
    auto fills = some_day(s, start);
    std::vector<std::size_t> order(fills.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (*rc::gen::inRange(0, 4) == 0) std::swap(order[i], order[i - 1]);  // overtaken by the next one
    }
    for (const std::size_t i : order) {
      RC_ASSERT(s.publish(TradeExecuted{fills[i]}).has_value());
      if (*rc::gen::arbitrary<bool>()) RC_ASSERT(s.publish(TradeExecuted{fills[i]}).has_value());
    }
    for (Trade& fill : fills) {
      if (*rc::gen::inRange(0, 6) != 0) continue;
      fill.voided = true;
      RC_ASSERT(s.publish(TradeExecuted{fill}).has_value());
    }
    s.pass(10s);
    const auto now_open = positions_of(s, start, fills);
    for (const Position& position : now_open) RC_ASSERT(s.publish(PositionUpdated{position}).has_value());
    s.pass(1s);
    const Reference reference{fills, start};
    check_equal(s.account.activity(), reference);

    Stream restarted;
    restarted.now = s.now;
    restarted.snapshot(now_open, {}, {fills.rbegin(), fills.rend()});
    check_equal(restarted.account.activity(), reference);
  }));
}

}  // namespace
}  // namespace rm::test
