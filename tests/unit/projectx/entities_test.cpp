#include "projectx/wire/entities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/projectx/wire_text.h"

namespace rm::projectx {
namespace {

using MemberTexts = std::vector<std::pair<std::string, std::string>>;

std::string object(const MemberTexts& members) {
  std::string json = "{";
  for (const auto& [name, value] : members)
    json.append(json.size() > 1 ? "," : "").append("\"" + name + "\":" + value);
  return json + "}";
}

MemberTexts with(MemberTexts members, const std::string& name, const std::string& value) {
  for (auto& [known, text] : members) {
    if (known == name) {
      text = value;
      return members;
    }
  }
  members.emplace_back(name, value);
  return members;
}

MemberTexts without(MemberTexts members, const std::string& name) {
  std::erase_if(members, [&](const auto& member) { return member.first == name; });
  return members;
}

// Reads with a reader that is thrown away: strings inside the result must not be used, the entity itself may.
template <class Row>
Result<Row> read(Result<Row> (*reader)(Members), const std::string& json) {
  JsonReader objects;
  WireTexts wire;
  const auto members = objects.members(wire(json));
  if (!members) return std::unexpected{members.error()};
  return reader(*members);
}

template <class Row>
void expect_error(Result<Row> (*reader)(Members), const MemberTexts& members, ErrorCode code,
                  const std::string& what) {
  SCOPED_TRACE(what);
  const auto row = read(reader, object(members));
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, code) << row.error().message;
}

BrokerTime at(std::string_view text) {
  return parse_timestamp(text).value();
}

const MemberTexts kOrder{{"id", "3420000123"},
                         {"accountId", "26001234"},
                         {"contractId", "\"CON.F.US.MNQ.U26\""},
                         {"symbolId", "\"F.US.MNQ\""},
                         {"creationTimestamp", "\"2026-08-19T20:49:25.3938333+00:00\""},
                         {"updateTimestamp", "\"2026-08-19T20:49:26+00:00\""},
                         {"status", "1"},
                         {"type", "4"},
                         {"side", "1"},
                         {"size", "3"},
                         {"fillVolume", "1"},
                         {"limitPrice", "30203.5"},
                         {"stopPrice", "30196.75"},
                         {"parentOrderId", "3420000122"}};

Order the_order() {
  Order order;
  order.id = OrderId{3420000123};
  order.account = AccountId{26001234};
  order.status = OrderStatus::Open;
  order.type = OrderType::Stop;
  order.side = Side::Sell;
  order.size = Lots{3};
  order.filled = Lots{1};
  order.limit_price = Price::parse("30203.5").value();
  order.stop_price = Price::parse("30196.75").value();
  order.parent = OrderId{3420000122};
  order.created = at("2026-08-19T20:49:25.3938333Z");
  order.updated = at("2026-08-19T20:49:26Z");
  return order;
}

TEST(ReadOrder, TakesEveryMemberInAnyOrderBesideUnknownOnes) {
  MemberTexts members = kOrder;
  members.emplace_back("fills", R"([{"price":1}])");
  members.emplace_back("customTag", "\"t-17-SL\"");
  std::ranges::sort(members);
  do {
    const auto row = read(read_order, object(members));
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(row->order, the_order());
    std::ranges::rotate(members, members.begin() + 1);
  } while (!std::ranges::is_sorted(members));
}

TEST(ReadOrder, KnowsAStopOfOursByItsTagAndNoOther) {
  const std::pair<const char*, std::int64_t> tags[] = {
      {R"("rm-stop-1788273005123456789")", 1'788'273'005'123'456'789},
      {R"("rm-stop-1")", 1},
      {R"("rm-stop-")", 0},
      {R"("rm-stop-0")", 0},
      {R"("rm-stop--5")", 0},
      {R"("rm-stop-1-SL")", 0},
      {R"("rm-stop-99999999999999999999")", 0},
      {R"("t-17")", 0},
      {R"("")", 0},
      {"null", 0},
      {"17", 0},
  };
  for (const auto& [text, number] : tags) {
    SCOPED_TRACE(text);
    const auto row = read(read_order, object(with(kOrder, "customTag", text)));
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(row->order.tag, StopTag{number});
  }
}

TEST(ReadOrder, AcceptsIdsAsTextAndPascalCaseNames) {
  MemberTexts members;
  for (auto [name, value] : kOrder) {
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    members.emplace_back(name, name.ends_with("Id") && value.front() != '"' ? "\"" + value + "\"" : value);
  }
  const auto row = read(read_order, object(members));
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->order, the_order());
}

TEST(ReadOrder, AcceptsOrderIdInPlaceOfId) {
  const auto row = read(read_order, object(with(without(kOrder, "id"), "orderId", "3420000123")));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->order, the_order());
}

TEST(ReadOrder, AbsentAndNullAreTheSame) {
  for (const char* name : {"limitPrice", "stopPrice", "parentOrderId", "updateTimestamp", "fillVolume"}) {
    SCOPED_TRACE(name);
    const auto absent = read(read_order, object(without(kOrder, name)));
    const auto null = read(read_order, object(with(kOrder, name, "null")));
    ASSERT_TRUE(absent && null);
    EXPECT_EQ(absent->order, null->order);
    EXPECT_NE(absent->order, the_order());
  }
  for (const char* name : {"id", "accountId", "contractId", "status", "type", "side", "size", "creationTimestamp"}) {
    expect_error(read_order, without(kOrder, name), ErrorCode::MissingField, name);
    expect_error(read_order, with(kOrder, name, "null"), ErrorCode::MissingField, name);
  }
}

TEST(ReadOrder, RefusesWhatIsOutOfRangeOrOfTheWrongType) {
  const struct {
    const char *name, *value;
    ErrorCode code;
  } cases[] = {{"id", "0", ErrorCode::OutOfRange},
               {"id", "-3", ErrorCode::OutOfRange},
               {"id", "1.5", ErrorCode::Malformed},
               {"id", "\"12x\"", ErrorCode::Malformed},
               {"id", "\"\"", ErrorCode::Malformed},
               {"id", "99999999999999999999", ErrorCode::OutOfRange},
               {"id", "true", ErrorCode::Malformed},
               {"accountId", "{}", ErrorCode::Malformed},
               {"contractId", "5", ErrorCode::Malformed},
               {"contractId", "\"\"", ErrorCode::Malformed},
               {"contractId", "\"CON F\"", ErrorCode::Malformed},
               {"contractId", "\"CON\\u0000\"", ErrorCode::Malformed},
               {"status", "9", ErrorCode::UnknownValue},
               {"status", "-1", ErrorCode::UnknownValue},
               {"status", "\"Open\"", ErrorCode::Malformed},
               {"type", "8", ErrorCode::UnknownValue},
               {"side", "2", ErrorCode::UnknownValue},
               {"size", "0", ErrorCode::OutOfRange},
               {"size", "-1", ErrorCode::OutOfRange},
               {"size", "1000001", ErrorCode::OutOfRange},
               {"size", "1e2", ErrorCode::Malformed},
               {"fillVolume", "4", ErrorCode::OutOfRange},
               {"fillVolume", "-1", ErrorCode::OutOfRange},
               {"limitPrice", "1000000000", ErrorCode::OutOfRange},
               {"limitPrice", "-1000000000", ErrorCode::OutOfRange},
               {"stopPrice", "\"5\"", ErrorCode::Malformed},
               {"stopPrice", "1e400", ErrorCode::OutOfRange},
               {"stopPrice", "0.0000000001", ErrorCode::OutOfRange},
               {"creationTimestamp", "\"yesterday\"", ErrorCode::Malformed},
               {"creationTimestamp", "1755636565", ErrorCode::Malformed},
               {"updateTimestamp", "\"2026-13-01T00:00:00Z\"", ErrorCode::Malformed}};
  for (const auto& c : cases)
    expect_error(read_order, with(kOrder, c.name, c.value), c.code, std::string{c.name} + "=" + c.value);
}

TEST(ReadOrder, TakesTheExtremesThatAreAllowed) {
  EXPECT_TRUE(read(read_order, object(with(kOrder, "size", "1000000"))));
  EXPECT_TRUE(read(read_order, object(with(kOrder, "id", "9223372036854775807"))));
  const auto row = read(read_order, object(with(kOrder, "stopPrice", "-999999999.999999999")));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->order.stop_price->nanos(), -999'999'999'999'999'999);
}

const MemberTexts kPosition{{"id", "900000001"},
                            {"accountId", "26001234"},
                            {"contractId", "\"CON.F.US.MNQ.U26\""},
                            {"contractDisplayName", "\"MNQU26\""},
                            {"creationTimestamp", "\"2026-09-01T14:30:00.1361111+00:00\""},
                            {"type", "1"},
                            {"size", "2"},
                            {"averagePrice", "29500"}};

TEST(ReadPosition, DirectionComesFromTheTypeAlone) {
  EXPECT_EQ(read(read_position, object(kPosition))->position.size, Lots{2});
  EXPECT_EQ(read(read_position, object(with(kPosition, "type", "2")))->position.size, Lots{-2});
  expect_error(read_position, with(kPosition, "size", "-2"), ErrorCode::OutOfRange, "the size has no sign");
  expect_error(read_position, with(kPosition, "type", "3"), ErrorCode::UnknownValue, "no such type");
  expect_error(read_position, with(kPosition, "type", "0"), ErrorCode::UnknownValue, "two lots of nothing");
}

TEST(ReadPosition, ClosedIsTypeZeroAndSizeZero) {
  const auto row = read(read_position, object(with(with(kPosition, "type", "0"), "size", "0")));
  ASSERT_TRUE(row);
  EXPECT_TRUE(row->position.size.is_zero());
  EXPECT_EQ(row->position.average_price.text(), "29500");
}

TEST(ReadPosition, RoundsTheAverageToNineDecimals) {
  const struct {
    const char *wire, *price;
  } cases[] = {{"28446.375", "28446.375"},
               {"28446.33333333333333", "28446.333333333"},
               {"28446.66666666666667", "28446.666666667"},
               {"-37.66666666666667", "-37.666666667"},
               {"28446.9999999999", "28447"},
               {"28446.375000000000", "28446.375"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.wire);
    const auto row = read(read_position, object(with(kPosition, "averagePrice", c.wire)));
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(row->position.average_price.text(), c.price);
  }
}

const MemberTexts kTrade{{"id", "3100000002"},
                         {"accountId", "26001234"},
                         {"contractId", "\"CON.F.US.MNQ.U26\""},
                         {"creationTimestamp", "\"2026-09-01T14:30:00.1301111+00:00\""},
                         {"price", "29489.75"},
                         {"profitAndLoss", "-41"},
                         {"fees", "0.72"},
                         {"commissions", "0.5"},
                         {"side", "1"},
                         {"size", "2"},
                         {"voided", "false"},
                         {"orderId", "3500000002"}};

TEST(ReadTrade, TakesEveryMember) {
  const auto row = read(read_trade, object(kTrade));
  ASSERT_TRUE(row);
  Trade expected;
  expected.id = TradeId{3100000002};
  expected.account = AccountId{26001234};
  expected.order = OrderId{3500000002};
  expected.side = Side::Sell;
  expected.size = Lots{2};
  expected.price = Price::parse("29489.75").value();
  expected.profit_and_loss = Money::from_units(-41);
  expected.fees = Money::from_cents(72);
  expected.commissions = Money::from_cents(50);
  expected.time = at("2026-09-01T14:30:00.1301111Z");
  EXPECT_EQ(row->trade, expected);
  EXPECT_TRUE(read(read_trade, object(with(kTrade, "voided", "true")))->trade.voided);
}

TEST(ReadTrade, AnOpeningFillHasNoResultAndAScratchHasZero) {
  EXPECT_EQ(read(read_trade, object(without(kTrade, "profitAndLoss")))->trade.profit_and_loss, std::nullopt);
  EXPECT_EQ(read(read_trade, object(with(kTrade, "profitAndLoss", "null")))->trade.profit_and_loss, std::nullopt);
  EXPECT_EQ(read(read_trade, object(with(kTrade, "profitAndLoss", "0")))->trade.profit_and_loss, Money{});
}

TEST(ReadTrade, CommissionsMayBeAbsentFeesMayNot) {
  EXPECT_EQ(read(read_trade, object(without(kTrade, "commissions")))->trade.costs(), Money::from_cents(72));
  for (const char* name : {"id", "accountId", "contractId", "creationTimestamp", "price", "fees", "side", "size"}) {
    expect_error(read_trade, without(kTrade, name), ErrorCode::MissingField, name);
  }
  expect_error(read_trade, with(kTrade, "profitAndLoss", "1000000001"), ErrorCode::OutOfRange,
               "a billion is the most");
  expect_error(read_trade, with(kTrade, "profitAndLoss", "\"5\""), ErrorCode::Malformed, "money is a number");
  expect_error(read_trade, with(kTrade, "voided", "0"), ErrorCode::Malformed, "voided is true or false");
  EXPECT_EQ(read(read_trade, object(with(kTrade, "profitAndLoss", "-1000000000")))->trade.profit_and_loss,
            Money::from_units(-1'000'000'000));
}

TEST(ReadAccount, TakesBalanceAndTheRightToTrade) {
  const MemberTexts account{{"id", "26001234"},
                            {"name", "\"PRAC-1\""},
                            {"balance", "149871.36"},
                            {"canTrade", "false"},
                            {"simulated", "true"}};
  const auto row = read(read_account, object(account));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->info, (AccountInfo{AccountId{26001234}, Money::from_cents(14987136), false}));
  for (const char* name : {"id", "balance", "canTrade"})
    expect_error(read_account, without(account, name), ErrorCode::MissingField, name);
}

TEST(ReadQuote, IsPartialAndZeroMeansNotKnown) {
  const auto full = read(
      read_quote,
      R"({"symbol":"F.US.MNQ","lastPrice":29547.25,"bestBid":29547,"bestAsk":29547.5,"volume":0,)"
      R"("changePercent":0.14,"lastUpdated":"2026-08-19T20:51:31.4347534+00:00","timestamp":"2026-08-19T13:30:00+00:00"})");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->last->text(), "29547.25");
  EXPECT_EQ(full->bid->text(), "29547");
  EXPECT_EQ(full->ask->text(), "29547.5");
  EXPECT_EQ(full->updated, at("2026-08-19T20:51:31.4347534Z"));
  const auto partial = read(read_quote, R"({"symbol":"F.US.MNQ","bestAsk":29547.5,"bestBid":null,"lastPrice":0})");
  ASSERT_TRUE(partial);
  EXPECT_FALSE(partial->last || partial->bid || partial->updated);
  EXPECT_TRUE(read(read_quote, R"({"symbol":"F.US.CLE","lastPrice":-37.63})"));
  EXPECT_FALSE(read(read_quote, R"({"symbol":"F.US.MNQ","lastPrice":"29547.25"})"));
}

TEST(ReadContract, RefusesOneThatCannotBeValued) {
  const MemberTexts contract{
      {"id", "\"CON.F.US.JY6.U26\""}, {"name", "\"6JU6\""},  {"description", "\"Japanese Yen\""},
      {"tickSize", "5e-7"},           {"tickValue", "6.25"}, {"activeContract", "true"},
      {"symbolId", "\"F.US.JY6\""}};
  const auto row = read(read_contract, object(contract));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->tick_size_nanos, 500);
  EXPECT_EQ(row->tick_value, Money::from_cents(625));
  EXPECT_TRUE(row->active);
  for (const char* value : {"0", "-0.25", "1000000.5"})
    expect_error(read_contract, with(contract, "tickSize", value), ErrorCode::OutOfRange, value);
  for (const char* value : {"0", "-5", "138"})
    expect_error(read_contract, with(contract, "tickValue", value), ErrorCode::OutOfRange, value);
  for (const char* name : {"id", "name", "tickSize", "tickValue", "activeContract"}) {
    expect_error(read_contract, without(contract, name), ErrorCode::MissingField, name);
  }
}

TEST(ReadContract, EveryTickOfTheCatalogueIsExact) {
  const struct {
    const char* text;
    std::int64_t nanos;
  } ticks[] = {{"0.25", 250'000'000},   {"0.0078125", 7'812'500}, {"0.00390625", 3'906'250}, {"0.015625", 15'625'000},
               {"0.03125", 31'250'000}, {"5e-07", 500},           {"0.0000005", 500},        {"5E-7", 500},
               {"5", 5'000'000'000},    {"0.00005", 50'000}};
  for (const auto& tick : ticks) {
    SCOPED_TRACE(tick.text);
    const auto row = read(
        read_contract, std::string{R"({"id":"C","name":"N","tickValue":7.8125,"activeContract":true,"tickSize":)"} +
                           tick.text + "}");
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(row->tick_size_nanos, tick.nanos);
    EXPECT_EQ(row->tick_value.nanos(), 7'812'500'000);
  }
}

}  // namespace
}  // namespace rm::projectx
