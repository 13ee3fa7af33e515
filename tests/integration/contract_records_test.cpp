// What a tick is worth is each gateway's own word.

#include "runtime/contract_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

projectx::ContractRecord mnq(std::string_view tick_value) {
  projectx::ContractRecord record;
  record.id = "CON.F.US.MNQ.U26";
  record.name = "MNQU6";
  record.tick_size_nanos = 250'000'000;
  record.tick_value = Money::parse(tick_value).value();
  record.active = true;
  return record;
}

TEST(ContractRecords, TwoLoginsThatTellTheSameShareTheContract) {
  ContractTable table;
  ContractRecords records{table};
  EXPECT_TRUE(records.learn("a", mnq("0.5")));
  EXPECT_TRUE(records.learn("b", mnq("0.50")));
  EXPECT_EQ(table.size(), 1U);
}

TEST(ContractRecords, ADifferenceIsSaidWithBothWordsAndTheFirstStays) {
  ContractTable table;
  ContractRecords records{table};
  ASSERT_TRUE(records.learn("a", mnq("0.5")));
  const auto other = records.learn("b", mnq("5"));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, AllOf(HasSubstr("MNQU6"), HasSubstr("0.5"), HasSubstr("login 'a'"),
                                           HasSubstr("worth 5"), HasSubstr("login 'b'"), HasSubstr("WRONG")));
  EXPECT_EQ(table.at(*table.find("CON.F.US.MNQ.U26")).tick_value, Money::parse("0.5").value());
}

TEST(ContractRecords, WhatAStreamOnlyNamedIsLearnedFromWhoeverTellsIt) {
  ContractTable table;
  const ContractId named = table.intern("CON.F.US.MNQ.U26");
  ContractRecords records{table};
  EXPECT_TRUE(records.learn("b", mnq("0.5")));
  EXPECT_TRUE(table.at(named).valuable());
}

TEST(ContractRecords, AGatewayMayChangeItsOwnWord) {
  ContractTable table;
  ContractRecords records{table};
  ASSERT_TRUE(records.learn("a", mnq("0.5")));
  EXPECT_TRUE(records.learn("a", mnq("0.6")));
  EXPECT_EQ(table.at(*table.find("CON.F.US.MNQ.U26")).tick_value, Money::parse("0.6").value());
}

}  // namespace
}  // namespace rm::test
