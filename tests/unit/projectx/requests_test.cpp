#include "projectx/rest/requests.h"

#include <gtest/gtest.h>

#include <array>

#include "projectx/wire/body_writer.h"
#include "projectx/wire/json_reader.h"
#include "unit/projectx/wire_text.h"

namespace rm::projectx {
namespace {

constexpr AccountId kAccount{26001234};
Price price(std::string_view text) {
  return Price::parse(text).value();
}

TEST(Requests, EveryBody) {
  std::array<char, 1024> out;
  EXPECT_EQ(body::login(out, "trader", "key=="), R"({"userName":"trader","apiKey":"key=="})");
  EXPECT_EQ(body::validate(out), "{}");
  EXPECT_EQ(body::account_search(out, true), R"({"onlyActiveAccounts":true})");
  EXPECT_EQ(body::contract_available(out, false), R"({"live":false})");
  EXPECT_EQ(body::contract_search(out, "MNQ", false), R"({"searchText":"MNQ","live":false})");
  EXPECT_EQ(body::contract_by_id(out, "CON.F.US.MNQ.U26"), R"({"contractId":"CON.F.US.MNQ.U26"})");
  EXPECT_EQ(body::account_only(out, kAccount), R"({"accountId":26001234})");
  EXPECT_EQ(
      body::working_orders_page(out, kAccount, 50, 100),
      R"({"filter":{"accountId":26001234,"statuses":[1,6,7,8]},"pageSize":50,"pageOffset":100,"sortBy":1,"sortDirection":0,"includeTotalCount":true})");
  EXPECT_EQ(body::since(out, kAccount, parse_timestamp("2026-08-19T20:49:25.5Z").value()),
            R"({"accountId":26001234,"startTimestamp":"2026-08-19T20:49:25.5Z"})");
  EXPECT_EQ(body::cancel(out, kAccount, OrderId{3500000002}), R"({"accountId":26001234,"orderId":3500000002})");
  EXPECT_EQ(body::modify_stop(out, kAccount, OrderId{3500000002}, price("29490.25")),
            R"({"accountId":26001234,"orderId":3500000002,"stopPrice":29490.25})");
  EXPECT_EQ(body::close_contract(out, kAccount, "CON.F.US.MNQ.U26"),
            R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26"})");
  EXPECT_EQ(body::partial_close(out, kAccount, "CON.F.US.MNQ.U26", Lots{3}),
            R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","size":3})");
}

TEST(Requests, ABracketEntry) {
  std::array<char, 1024> out;
  body::PlaceOrder order;
  order.account = kAccount;
  order.contract = "CON.F.US.MNQ.U26";
  order.size = Lots{2};
  order.custom_tag = "t-17";
  order.stop_loss = {-40, 4};
  order.take_profit = {80, 1};
  EXPECT_EQ(body::place(out, order),
            R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":2,"customTag":"t-17",)"
            R"("stopLossBracket":{"ticks":-40,"type":4},"takeProfitBracket":{"ticks":80,"type":1}})");
}

TEST(Requests, ABufferTooSmallGivesNothing) {
  std::array<char, 1024> enough;
  const std::string whole{body::close_contract(enough, kAccount, "CON.F.US.MNQ.U26")};
  std::vector<char> out;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    out.assign(size, 'x');
    EXPECT_EQ(body::close_contract(out, kAccount, "CON.F.US.MNQ.U26"), "") << size;
  }
  out.assign(whole.size(), 'x');
  EXPECT_EQ(body::close_contract(out, kAccount, "CON.F.US.MNQ.U26"), whole);
}

TEST(BodyWriter, PricesAreExactAndMinimal) {
  const char* const prices[] = {"0",
                                "1",
                                "-1",
                                "0.25",
                                "-0.25",
                                "29490.25",
                                "0.0000005",
                                "0.000000001",
                                "-37.63",
                                "113.46875",
                                "999999999.999999999",
                                "-0.000000001",
                                "100"};
  for (const char* text : prices) {
    SCOPED_TRACE(text);
    std::array<char, 64> out;
    EXPECT_EQ(BodyWriter{out}.price("p", price(text)).finish(), std::string{"{\"p\":"} + text + "}");
  }
  std::array<char, 64> out;
  EXPECT_EQ(BodyWriter{out}.price("p", Price::from_nanos(INT64_MIN)).finish(), "{\"p\":-9223372036.854775808}");
}

TEST(BodyWriter, WhatItWritesReadsBack) {
  const std::string awkward{"quote \" backslash \\ newline \n bell \x07 \xc3\xa9"};
  std::array<char, 256> out;
  const std::string_view json = BodyWriter{out}.text("t", awkward).number("n", INT64_MIN).boolean("b", true).finish();
  WireTexts wire;
  JsonReader reader;
  const auto members = reader.members(wire(json));
  ASSERT_TRUE(members) << json;
  ASSERT_EQ(members->size(), 3U);
  EXPECT_EQ((*members)[0].value.text, awkward);
  EXPECT_EQ((*members)[1].value.text, "-9223372036854775808");
}

}  // namespace
}  // namespace rm::projectx
