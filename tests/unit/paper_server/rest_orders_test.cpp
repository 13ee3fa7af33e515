#include "bench.h"

namespace paper {
namespace {

std::string order(std::string_view rest, std::int64_t account = guarded) {
  return R"({"accountId":)" + std::to_string(account) + R"(,"contractId":"CON.F.US.MNQ.U26",)" + std::string{rest} +
         "}";
}

std::string of_account(std::string_view rest = "") {
  return R"({"accountId":)" + std::to_string(guarded) + std::string{rest} + "}";
}

struct Desk : testing::Test {
  Desk() { bench.price(mnq, "29500"); }
  Json place(std::string_view rest, std::int64_t account = guarded) {
    return bench.answer("/api/Order/place", order(rest, account));
  }
  std::vector<Json> rows(std::string_view path, std::string_view body, std::string_view member) {
    return bench.answer(path, body).find(member)->items();
  }
  Bench bench;
};

TEST_F(Desk, AMarketOrderBecomesAPositionAndATrade) {
  EXPECT_TRUE(place(R"("type":2,"side":0,"size":2)").find("success")->as_bool());
  bench.pass(50);
  const auto positions = rows("/api/Position/searchOpen", of_account(), "positions");
  ASSERT_EQ(positions.size(), 1U);
  EXPECT_EQ(positions[0].find("type")->as_integer(), 1);
  EXPECT_EQ(positions[0].find("size")->as_integer(), 2);
  EXPECT_EQ(positions[0].find("averagePrice")->number_text(), "29500");
  EXPECT_EQ(positions[0].find("contractDisplayName")->as_string(), "MNQU26");
  const auto trades = rows("/api/Trade/search", of_account(R"(,"startTimestamp":"2026-09-01T00:00:00Z")"), "trades");
  ASSERT_EQ(trades.size(), 1U);
  EXPECT_TRUE(trades[0].find("profitAndLoss")->is_null()) << "an opening half-turn says so with a null";
  EXPECT_EQ(trades[0].find("fees")->number_text(), "0.72");
  EXPECT_EQ(trades[0].find("commissions")->number_text(), "0.5");
}

TEST_F(Desk, NullMembersOfAnOrderAreWrittenOut) {
  place(R"("type":1,"side":0,"size":1,"limitPrice":29490.25)");
  bench.pass(50);
  const auto open = rows("/api/Order/searchOpen", of_account(), "orders");
  ASSERT_EQ(open.size(), 1U);
  for (const auto* name :
       {"stopPrice", "filledPrice", "customTag", "parentOrderId", "linkedOrderId", "trailDistance", "trailPrice"}) {
    ASSERT_NE(open[0].find(name), nullptr) << name;
    EXPECT_TRUE(open[0].find(name)->is_null()) << name;
  }
  EXPECT_EQ(open[0].find("limitPrice")->number_text(), "29490.25");
  EXPECT_EQ(open[0].find("status")->as_integer(), 1);
}

TEST_F(Desk, ARejectedOrderHasAnIdAndIsFoundAgain) {
  const auto answer = place(R"("type":2,"side":0,"size":1,"stopLossBracket":{"ticks":-40,"type":4})", second);
  EXPECT_FALSE(answer.find("success")->as_bool());
  EXPECT_EQ(answer.find("errorCode")->as_integer(), 2);
  EXPECT_EQ(answer.find("errorMessage")->as_string(),
            "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.");
  const auto id = answer.find("orderId")->number_text();
  bench.pass(50);
  const auto found = bench.answer("/api/Order/searchById", R"({"accountId":26001235,"orderId":)" + id + "}");
  EXPECT_EQ(found.find("order")->find("status")->as_integer(), 5);
}

TEST_F(Desk, ModifyAndCancelWorkOnARestingOrder) {
  const auto id =
      place(R"("type":1,"side":0,"size":1,"limitPrice":29490,"customTag":"t-1")").find("orderId")->number_text();
  bench.pass(50);
  const auto target = of_account(R"(,"orderId":)" + id + R"(,"limitPrice":29480.5)");
  EXPECT_TRUE(bench.answer("/api/Order/modify", target).find("success")->as_bool());
  bench.pass(50);
  EXPECT_EQ(rows("/api/Order/searchOpen", of_account(), "orders").at(0).find("limitPrice")->number_text(), "29480.5");
  const auto cancel = of_account(R"(,"orderId":)" + id);
  EXPECT_TRUE(bench.answer("/api/Order/cancel", cancel).find("success")->as_bool());
  bench.pass(100);
  EXPECT_TRUE(rows("/api/Order/searchOpen", of_account(), "orders").empty());
  EXPECT_EQ(bench.post("/api/Order/cancel", cancel).body, R"({"success":false,"errorCode":2,"errorMessage":null})");
  EXPECT_FALSE(place(R"("type":1,"side":0,"size":1,"limitPrice":29490,"customTag":"t-1")").find("success")->as_bool())
      << "a tag is used once";
}

TEST_F(Desk, SuspendedChildrenAreSeenByTheQueryAlone) {
  place(
      R"("type":1,"side":0,"size":1,"limitPrice":29400,"customTag":"b","stopLossBracket":{"ticks":-40,"type":4},"takeProfitBracket":{"ticks":80,"type":1})");
  bench.pass(50);
  EXPECT_EQ(rows("/api/Order/searchOpen", of_account(), "orders").size(), 1U);
  EXPECT_EQ(rows("/api/Order/search", of_account(R"(,"startTimestamp":"2026-09-01T00:00:00Z")"), "orders").size(),
            1U);
  const auto body = R"({"filter":{"accountId":26001234,"statuses":[1,6,7,8]},"includeTotalCount":true,"sortBy":1})";
  EXPECT_EQ(rows("/api/Order/v2/query", body, "orders").size(), 3U);
  EXPECT_EQ(bench.answer("/api/Order/v2/query", body).find("totalCount")->as_integer(), 3);
}

TEST_F(Desk, ClosingLeavesWorkingOrdersAlone) {
  place(R"("type":2,"side":1,"size":3)");
  place(R"("type":1,"side":0,"size":1,"limitPrice":29400)");
  bench.pass(50);
  const auto contract = of_account(R"(,"contractId":"CON.F.US.MNQ.U26")");
  const auto part = of_account(R"(,"contractId":"CON.F.US.MNQ.U26","size":2)");
  EXPECT_TRUE(bench.answer("/api/Position/partialCloseContract", part).find("success")->as_bool());
  bench.pass(50);
  const auto left = rows("/api/Position/searchOpen", of_account(), "positions");
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].find("type")->as_integer(), 2);
  EXPECT_EQ(left[0].find("size")->as_integer(), 1);
  EXPECT_EQ(bench.answer("/api/Position/partialCloseContract", part).find("errorCode")->as_integer(), 5);
  EXPECT_TRUE(bench.answer("/api/Position/closeContract", contract).find("success")->as_bool());
  bench.pass(50);
  EXPECT_TRUE(rows("/api/Position/searchOpen", of_account(), "positions").empty());
  EXPECT_EQ(rows("/api/Order/searchOpen", of_account(), "orders").size(), 1U);
  EXPECT_EQ(bench.answer("/api/Position/closeContract", contract).find("errorCode")->as_integer(), 2);
}

TEST_F(Desk, DecimalsCanBePrintedWithAFixedScale) {
  bench.control("/paper/settings", R"({"fixedDecimalsInRest":true})");
  place(R"("type":2,"side":0,"size":1)");
  bench.pass(50);
  EXPECT_EQ(rows("/api/Position/searchOpen", of_account(), "positions").at(0).find("averagePrice")->number_text(),
            "29500.000000000");
}

}  // namespace
}  // namespace paper
