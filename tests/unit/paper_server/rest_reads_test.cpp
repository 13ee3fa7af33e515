#include "bench.h"

namespace paper {
namespace {

TEST(Accounts, AreThoseOfTheUser) {
  Bench bench;
  const auto body = bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})").body;
  EXPECT_EQ(body, R"({"accounts":[{"id":26001234,"name":"PRAC-V2-600001-26001234","balance":150000,"canTrade":true,)"
                  R"("isVisible":true,"simulated":true},{"id":26001235,"name":"PRAC-V2-600001-26001235",)"
                  R"("balance":150000,"canTrade":true,"isVisible":true,"simulated":true}],)"
                  R"("success":true,"errorCode":0,"errorMessage":null})");
}

TEST(Accounts, OfOthersAreNotFoundByAnyEndpoint) {
  Bench bench;
  const auto id = std::to_string(foreign);
  const std::string account = R"({"accountId":)" + id;
  for (const auto& [path, rest] :
       Pairs{{"/api/Order/place", R"(,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})"},
             {"/api/Order/modify", R"(,"orderId":1})"},
             {"/api/Order/cancel", R"(,"orderId":1})"},
             {"/api/Order/search", R"(,"startTimestamp":"2026-09-01T00:00:00Z"})"},
             {"/api/Order/searchOpen", "}"},
             {"/api/Order/searchById", R"(,"orderId":1})"},
             {"/api/Position/searchOpen", "}"},
             {"/api/Position/closeContract", R"(,"contractId":"CON.F.US.MNQ.U26"})"},
             {"/api/Position/partialCloseContract", R"(,"contractId":"CON.F.US.MNQ.U26","size":1})"},
             {"/api/Trade/search", R"(,"startTimestamp":"2026-09-01T00:00:00Z"})"}}) {
    const auto answer = bench.answer(path, account + rest);
    EXPECT_FALSE(answer.find("success")->as_bool()) << path;
    EXPECT_EQ(answer.find("errorCode")->as_integer(), 1) << path;
  }
  const auto answer = bench.answer("/api/Order/v2/query", R"({"filter":{"accountId":)" + id + "}}");
  EXPECT_EQ(answer.find("errorCode")->as_integer(), 1);
}

TEST(Contracts, OneOfEachProductWithExactTicks) {
  Bench bench;
  const auto answer = bench.answer("/api/Contract/available", R"({"live":false})");
  EXPECT_EQ(answer.find("contracts")->items().size(), bench.exchange.catalogue().available().size());
  EXPECT_GT(answer.find("contracts")->items().size(), 50U);
  const auto yen = bench.post("/api/Contract/searchById", R"({"contractId":"CON.F.US.JY6.U26"})").body;
  EXPECT_NE(yen.find(R"("tickSize":0.0000005,"tickValue":6.25,"activeContract":true,"symbolId":"F.US.JY6")"),
            std::string::npos)
      << yen;
}

TEST(Contracts, LiveSubscriptionsHaveNothingForPaperAccounts) {
  Bench bench;
  EXPECT_TRUE(bench.answer("/api/Contract/available", R"({"live":true})").find("contracts")->items().empty());
  EXPECT_TRUE(
      bench.answer("/api/Contract/search", R"({"searchText":"NQ","live":true})").find("contracts")->items().empty());
}

TEST(Contracts, SearchIsByPartOfNameOrVendorSymbol) {
  Bench bench;
  const auto answer = bench.answer("/api/Contract/search", R"({"searchText":"NQ","live":false})");
  std::vector<std::string> names;
  for (const auto& row : answer.find("contracts")->items()) names.push_back(row.find("name")->as_string());
  EXPECT_THAT(names, testing::UnorderedElementsAre("NQU6", "MNQU6", "QGU6", "QMV6"));
}

TEST(Contracts, ExpiredMonthsResolveAndUnknownOnesDoNot) {
  Bench bench;
  const auto old = bench.answer("/api/Contract/searchById", R"({"contractId":"CON.F.US.MNQ.M26"})");
  EXPECT_FALSE(old.find("contract")->find("activeContract")->as_bool());
  const auto none = bench.post("/api/Contract/searchById", R"({"contractId":"CON.F.US.XYZ.U26"})").body;
  EXPECT_EQ(none, R"({"contract":null,"success":false,"errorCode":1,"errorMessage":null})");
}

TEST(Bars, AreMadeOfPrintsNewestFirst) {
  Bench bench;
  bench.price(mnq, "29500");
  bench.pass(1);
  bench.control("/paper/time", R"({"advance_seconds":60})");
  bench.price(mnq, "29501.25");
  const auto answer = bench.answer(
      "/api/History/retrieveBars",
      R"({"contractId":"CON.F.US.MNQ.U26","live":false,"startTime":"2026-09-01T00:00:00Z","endTime":"2026-09-02T00:00:00Z","unit":2,"unitNumber":1,"limit":10,"includePartialBar":true})");
  const auto& bars = answer.find("bars")->items();
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_EQ(bars[0].dump(),
            R"({"t":"2026-09-01T14:31:00+00:00","o":29501.25,"h":29501.25,"l":29501.25,"c":29501.25,"v":1})");
}

TEST(Bars, SayWhichPartOfTheQuestionIsWrong) {
  Bench bench;
  const auto code = [&](const std::string& contract, int unit, int number, int limit) {
    return bench
        .answer("/api/History/retrieveBars",
                R"({"contractId":")" + contract +
                    R"(","live":false,"startTime":"2026-09-01T00:00:00Z","endTime":"2026-09-02T00:00:00Z","unit":)" +
                    std::to_string(unit) + R"(,"unitNumber":)" + std::to_string(number) + R"(,"limit":)" +
                    std::to_string(limit) + R"(,"includePartialBar":true})")
        .find("errorCode")
        ->as_integer();
  };
  EXPECT_EQ(code("CON.F.US.XYZ.U26", 2, 1, 10), 1);
  EXPECT_EQ(code(std::string{mnq}, 0, 1, 10), 2);
  EXPECT_EQ(code(std::string{mnq}, 2, 0, 10), 3);
  EXPECT_EQ(code(std::string{mnq}, 2, 1, 20'001), 4);
}

}  // namespace
}  // namespace paper
