// The exact value of an open position, for the tick sizes that exist and for records that cannot be trusted.
#include <limits>

#include "domain/contract_table.h"

namespace rm {
namespace {

Contract contract(const char* tick, const char* value) {
  Contract made;
  made.tick_size_nanos = Price::parse(tick)->nanos();
  made.tick_value = Money::parse(value).value();
  return made;
}

std::string profit(const Contract& c, int lots, const char* entry, const char* mark) {
  const auto result =
      open_profit(c, Lots{lots}, PriceSum::of(Price::parse(entry).value(), Lots{lots}), Price::parse(mark).value());
  return result ? result->text() : "unknown";
}

TEST(OpenProfit, IsExactForEveryTickThereIs) {
  EXPECT_EQ(profit(contract("0.25", "0.5"), 10, "21000.00", "20950.00"), "-1000.00") << "MNQ, 2 dollars a point";
  EXPECT_EQ(profit(contract("0.25", "0.5"), -10, "21000.00", "20950.00"), "1000.00");
  EXPECT_EQ(profit(contract("0.25", "12.5"), 2, "6335.25", "6335.50"), "25.00") << "ES";
  EXPECT_EQ(profit(contract("0.0000005", "6.25"), 3, "0.0068345", "0.0068340"), "-18.75") << "6J, tick 5e-7";
  EXPECT_EQ(profit(contract("5e-7", "6.25"), -7, "0.0068345", "0.0068350"), "-43.75");
  EXPECT_EQ(profit(contract("0.00390625", "7.8125"), 1, "103.75", "103.75390625"), "7.8125")
      << "ZT, tick value 7.8125";
  EXPECT_EQ(profit(contract("0.5", "0.05"), 1, "3200", "3200.5"), "0.05") << "MET";
  EXPECT_EQ(profit(contract("0.01", "10"), 1, "1.00", "-37.63"), "-38630.00") << "prices below zero";
}

// A whole point value spares the division; what is not whole is divided.
TEST(OpenProfit, IsTheSameWithAndWithoutTheDivision) {
  const struct {
    const char *tick, *value;
    std::int64_t whole;
  } records[] = {{"0.25", "0.5", 2},      {"0.25", "12.5", 50},   {"0.0000005", "6.25", 12'500'000},
                 {"0.5", "0.05", 0},      {"0.3", "1", 0},        {"0.00390625", "7.8125", 2000},
                 {"0.25", "0.500001", 0}, {"0.25", "0.249999", 0}};
  for (const auto& record : records) {
    SCOPED_TRACE(std::string{record.tick} + " " + record.value);
    const Contract divided = contract(record.tick, record.value);
    ContractTable table;
    const ContractId id = table.learn("CON.F.US.X.U26", "XU6", divided.tick_size_nanos, divided.tick_value, true);
    EXPECT_EQ(table.at(id).whole_point_value, record.whole);
    for (const int lots : {1, -1, 7, -999'999}) {
      for (const char* mark : {"0.0000005", "20999.75", "21000.333333333"})
        EXPECT_EQ(profit(table.at(id), lots, "21000.1", mark), profit(divided, lots, "21000.1", mark));
    }
  }
}

TEST(OpenProfit, RoundsOnceAtTheEnd) {
  const Contract mnq = contract("0.25", "0.5");
  const PriceSum paid = PriceSum::of(Price::parse("21000.00").value(), Lots{1}) +
                        PriceSum::of(Price::parse("21000.25").value(), Lots{2});
  EXPECT_EQ(open_profit(mnq, Lots{3}, paid, Price::parse("21000.00").value())->text(), "-1.00")
      << "an average between ticks loses nothing";
}

TEST(OpenProfit, NotKnownIsNeverZero) {
  EXPECT_EQ(profit(contract("0", "0.5"), 1, "1", "1"), "unknown");
  EXPECT_EQ(profit(contract("0.25", "0"), 1, "1", "1"), "unknown");
  EXPECT_EQ(profit(contract("-0.25", "0.5"), 1, "1", "1"), "unknown");
  EXPECT_EQ(profit(contract("0.25", "-0.5"), 1, "1", "1"), "unknown");
}

TEST(OpenProfit, WhatDoesNotFitIsUnknownNotWrapped) {
  EXPECT_EQ(profit(contract("0.000000001", "1000"), 1'000'000, "-9000000000", "9000000000"), "unknown");
  EXPECT_EQ(profit(contract("0.25", "9000000000"), 1'000'000, "-9000000000", "9000000000"), "unknown")
      << "an absurd tick value";
  EXPECT_EQ(profit(contract("0.25", "9000000000"), 1, "1", "2"), "unknown");
  EXPECT_EQ(profit(contract("0.25", "2000"), 1, "1", "2"), "8000.00");
}

}  // namespace
}  // namespace rm
