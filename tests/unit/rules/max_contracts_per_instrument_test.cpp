// max_contracts_per_instrument: each symbol for itself, all its months together, however it is spelled.
#include "support/desk.h"

namespace rm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string cancelled(OrderId id) {
  return "cancel order " + std::to_string(id.value()) + " because ORDER_WOULD_BREACH";
}

ContractId december(Desk& desk) {
  return desk.contracts.learn("CON.F.US.MNQ.Z26", "MNQZ6", Price::parse("0.25").value().nanos(),
                              Money::parse("0.5").value(), true);
}

TEST(MaxContractsPerInstrument, AtTheLimitNothingAboveItTheExcess) {
  for (const int sign : {+1, -1}) {
    Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 3, 6J: 1}}"};
    desk.fill(desk.mnq, 3 * sign, "21000");
    desk.fill(desk.jpy, 1 * sign, "0.0068400");
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.fill(desk.mnq, 2 * sign, "21000");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce MNQ to 3 because SIZE_ABOVE_MAX"));
    EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{SizeAboveMax{desk.mnq, Lots{5}, Lots{3}}}));
    EXPECT_TRUE(desk.settle());
    desk.fill(desk.jpy, 1 * sign, "0.0068400");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce 6J to 1 because SIZE_ABOVE_MAX"));
    EXPECT_TRUE(desk.settle());
    EXPECT_EQ(desk.account().held(desk.mnq), Lots{3 * sign});
    EXPECT_EQ(desk.account().held(desk.jpy), Lots{1 * sign});
    EXPECT_THAT(desk.book().locks().all(), IsEmpty());
  }
}

TEST(MaxContractsPerInstrument, OtherSymbolsAndTheirOrdersAreNotTouched) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 3}, on_breach: close}"};
  desk.fill(desk.es, 9, "6300");
  desk.order(desk.es, OrderType::Stop, Side::Sell, 9, "6200");
  desk.fill(desk.mnq, 3, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Sell, 3, "20000");
  EXPECT_THAT(desk.heard(), IsEmpty()) << "the limit itself is allowed";
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("close MNQ because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{});
  EXPECT_EQ(desk.account().held(desk.es), Lots{9});
  EXPECT_EQ(desk.account().working_orders().size(), 1U) << "the stop of ES";
}

TEST(MaxContractsPerInstrument, EverySpellingMeansTheSameSymbol) {
  for (const char* spelling : {"ES", "es", "EP", "F.US.EP", "CON.F.US.EP.U26", "CON.F.US.EP.Z26"}) {
    SCOPED_TRACE(spelling);
    Desk desk{"max_contracts_per_instrument: {limits: {" + std::string{spelling} + ": 1}}"};
    desk.fill(desk.es, 1, "6300");
    EXPECT_THAT(desk.heard(), IsEmpty());
    desk.fill(desk.es, 1, "6300");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 1 because SIZE_ABOVE_MAX"));
  }
}

TEST(MaxContractsPerInstrument, OfTwoLimitsOfOneSymbolTheLowerHolds) {
  for (const char* limits : {"{ES: 1, EP: 3}", "{ES: 3, EP: 1}"}) {
    Desk desk{"max_contracts_per_instrument: {limits: " + std::string{limits} + "}"};
    desk.fill(desk.es, 2, "6300");
    EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 1 because SIZE_ABOVE_MAX"));
  }
}

TEST(MaxContractsPerInstrument, ASymbolIsRecognisedWhenItsRecordComesLate) {
  Desk desk{"max_contracts_per_instrument: {limits: {RTY: 1}}"};
  const ContractId late = desk.contracts.intern("CON.F.US.RTYX.U26");
  const auto hold = [&](int lots) {
    desk.publish(
        PositionUpdated{Position{desk.main_account(), late, Lots{lots}, Price::parse("2000").value(), desk.now}});
    desk.pass(1s);
  };
  hold(2);
  EXPECT_THAT(desk.decisions, IsEmpty()) << "nobody knows yet that this is RTY";
  desk.contracts.learn("CON.F.US.RTYX.U26", "RTYU6", Price::parse("0.1").value().nanos(), Money::from_units(5), true);
  hold(2);
  ASSERT_FALSE(desk.decisions.empty());
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{SizeAboveMax{late, Lots{2}, Lots{1}}}));
}

TEST(MaxContractsPerInstrument, MonthsOfOneSymbolCountTogetherAndTheNewestIsCut) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 3}}"};
  const ContractId z = december(desk);
  desk.fill(desk.mnq, 2, "21000");
  desk.pass(1s);
  desk.fill(z, -1, "21200");
  EXPECT_THAT(desk.heard(), IsEmpty()) << "a spread of three legs";
  desk.pass(1s);
  desk.fill(z, -2, "21200");
  EXPECT_THAT(desk.decisions, ::testing::SizeIs(1));
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.account().held(desk.mnq), Lots{2});
  EXPECT_EQ(desk.account().held(z), Lots{-1});
}

TEST(MaxContractsPerInstrument, AnExcessOverSeveralMonthsIsOneDecision) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 1}}"};
  const ContractId z = december(desk);
  desk.disconnect();
  desk.broker.act(desk.main_account(), desk.now, [&](FakeAccount& account, FakeAccount::Told& told) {
    for (const ContractId contract : {desk.mnq, z}) {
      account.set_last(contract, Price::parse("21000").value());
      account.market_order(contract, Lots{2}, desk.now, told);
    }
  });
  desk.connect();
  desk.pass(1s);
  EXPECT_TRUE(desk.settle());
  EXPECT_EQ(desk.decisions.size(), 1U);
  EXPECT_EQ(desk.account().held(desk.mnq).value() + desk.account().held(z).value(), 1);
}

TEST(MaxContractsPerInstrument, CloseTakesAllMonths) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 3}, on_breach: close}"};
  const ContractId z = december(desk);
  desk.fill(desk.mnq, 3, "21000");
  desk.fill(z, 1, "21200");
  EXPECT_TRUE(desk.settle());
  EXPECT_TRUE(desk.account().flat());
}

TEST(MaxContractsPerInstrument, TheDefaultIsForSymbolsWithoutALimit) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 5}, default: 1, unknown_symbol: block}"};
  desk.fill(desk.mnq, 5, "21000");
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(desk.heard(), IsEmpty()) << "a default makes every symbol a known one";
  desk.fill(desk.es, 1, "6300");
  EXPECT_THAT(desk.heard(), ElementsAre("reduce ES to 1 because SIZE_ABOVE_MAX"));
}

TEST(MaxContractsPerInstrument, WithoutADefaultUnknownSymbolsAreAllowedOrBlocked) {
  Desk allows{"max_contracts_per_instrument: {limits: {MNQ: 5}}"};
  allows.fill(allows.es, 50, "6300");
  EXPECT_THAT(allows.heard(), IsEmpty());

  Desk none{"max_contracts_per_instrument: {limits: {MNQ: 5}, default: none}"};
  none.fill(none.es, 50, "6300");
  EXPECT_THAT(none.heard(), IsEmpty());

  Desk blocks{"max_contracts_per_instrument: {limits: {MNQ: 5}, unknown_symbol: block}"};
  blocks.fill(blocks.mnq, 5, "21000");
  EXPECT_THAT(blocks.heard(), IsEmpty());
  blocks.fill(blocks.es, 1, "6300");
  EXPECT_THAT(blocks.heard(), ElementsAre("close ES because SIZE_ABOVE_MAX"));
  EXPECT_TRUE(blocks.settle());
  EXPECT_EQ(blocks.account().held(blocks.mnq), Lots{5});
}

const char* const kWithOrders = "max_contracts_per_instrument: {limits: {MNQ: 3}, include_working_orders: true}";

TEST(MaxContractsPerInstrument, AWorkingOrderIsOfNoConcernByDefault) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 3}}"};
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 4, "20000");
  EXPECT_THAT(desk.heard(), IsEmpty());
}

TEST(MaxContractsPerInstrument, WithWorkingOrdersTheyCountTogetherOverTheMonthsOfTheirSymbol) {
  Desk desk{kWithOrders};
  const ContractId z = december(desk);
  desk.order(desk.es, OrderType::Limit, Side::Buy, 50, "6000");
  desk.fill(desk.mnq, 1, "21000");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 1, "20000");
  desk.order(z, OrderType::Limit, Side::Sell, 1, "22000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  const OrderId fourth = desk.order(z, OrderType::Limit, Side::Sell, 1, "22000");
  EXPECT_THAT(desk.heard(), ElementsAre(cancelled(fourth)));
  EXPECT_EQ(desk.decisions.at(0).violations.at(0).reason, (Reason{OrderWouldBreach{fourth, Lots{4}, Lots{3}}}));
}

TEST(MaxContractsPerInstrument, WithWorkingOrdersExitsAndReversalsWithinTheLimitStay) {
  Desk desk{kWithOrders};
  desk.fill(desk.mnq, -3, "21000");
  desk.order(desk.mnq, OrderType::Stop, Side::Buy, 3, "22000");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 3, "20000");
  desk.order(desk.mnq, OrderType::Limit, Side::Buy, 6, "20000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  const OrderId seven = desk.order(desk.mnq, OrderType::Limit, Side::Buy, 7, "20000");
  EXPECT_THAT(desk.heard(), ElementsAre(cancelled(seven)));
}

TEST(MaxContractsPerInstrument, WithWorkingOrdersOneThatDoesNotRaiseTheSizeStaysWhileAPositionIsCut) {
  Desk desk{kWithOrders};
  desk.broker.halted = true;
  desk.fill(desk.mnq, 5, "21000");
  const OrderId back = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 6, "22000");  // 1 short
  EXPECT_THAT(desk.heard(), ::testing::Not(::testing::Contains(cancelled(back))));
  const OrderId over = desk.order(desk.mnq, OrderType::Limit, Side::Sell, 6, "22000");  // with it 7 short
  EXPECT_THAT(desk.heard(), ::testing::Contains(cancelled(over)));
}

TEST(MaxContractsPerInstrument, WarnsForEachSymbolAndNamesIt) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 4, ES: 2}, warn_at: [50]}"};
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), IsEmpty());
  desk.fill(desk.mnq, 1, "21000");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%"));
  desk.fill(desk.es, -1, "6300");
  EXPECT_THAT(desk.heard(), ElementsAre("warn 50%")) << "of its own limit";
}

TEST(MaxContractsPerInstrument, StatusShowsTheFullestSymbol) {
  Desk desk{"max_contracts_per_instrument: {limits: {MNQ: 4, ES: 2}}"};
  const auto status = [&] { return desk.guard().rules().front().rule->status(desk.book()); };
  EXPECT_EQ(status().used_percent, 0);
  desk.fill(desk.mnq, 3, "21000");
  desk.fill(desk.es, 1, "6300");
  EXPECT_EQ(status().limit, "4 MNQ");
  EXPECT_EQ(status().value, "3");
  EXPECT_EQ(status().used_percent, 75);
}

}  // namespace
}  // namespace rm::test
