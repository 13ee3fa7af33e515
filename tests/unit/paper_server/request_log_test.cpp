#include "paper_gateway/server/request_log.h"

#include "bench.h"

namespace paper {
namespace {

TEST(Redacted, HidesSecretsAtAnyDepthAndWhatIsNotJson) {
  EXPECT_EQ(redacted(R"({"userName":"u","ApiKey":"secret","a":[{"token":"t","newToken":null}]})"),
            R"({"userName":"u","ApiKey":"[redacted]","a":[{"token":"[redacted]","newToken":null}]})");
  EXPECT_EQ(redacted(""), "");
  EXPECT_EQ(redacted("apiKey=secret"), "[13 bytes]");
  EXPECT_EQ(redacted("\"secret\""), "[8 bytes]");
}

TEST(RequestLog, HoldsRequestsAnswersAndTimes) {
  Bench bench;
  bench.mono_ns += 5'000'000;
  bench.post("/api/Account/search?x=secret", R"({"onlyActiveAccounts":true})");
  const auto view = bench.view("/paper/requests");
  const auto& rows = view.find("requests")->items();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].find("path")->as_string(), "/api/Auth/loginKey");
  EXPECT_EQ(rows[1].find("path")->as_string(), "/api/Account/search");
  EXPECT_EQ(rows[1].find("method")->as_string(), "POST");
  EXPECT_EQ(rows[1].find("monotonicNs")->as_integer(), 1'005'000'000);
  EXPECT_EQ(rows[1].find("answeredNs")->as_integer(), 1'005'000'000);
  EXPECT_EQ(rows[1].find("paperTime")->as_string(), "2026-09-01T14:30:00.005+00:00");
  EXPECT_EQ(rows[1].find("body")->as_string(), R"({"onlyActiveAccounts":true})");
  EXPECT_EQ(rows[1].find("status")->as_integer(), 200);
  EXPECT_TRUE(rows[1].find("response")->as_string().starts_with(R"({"accounts":[)"));
}

TEST(RequestLog, NeverShowsKeyOrToken) {
  Bench bench;
  bench.answer("/api/Auth/validate", "{}");
  bench.connect_hub("user");
  const auto text = bench.view("/paper/requests").dump();
  EXPECT_EQ(text.find("paper-key"), std::string::npos);
  EXPECT_EQ(text.find(bench.token), std::string::npos);
  EXPECT_EQ(text.find("eyJ"), std::string::npos);
  for (const auto& line : bench.story) {
    EXPECT_EQ(line.find("paper-key"), std::string::npos);
    EXPECT_EQ(line.find("eyJ"), std::string::npos);
  }
}

TEST(RequestLog, GoesOnFromASequenceNumberAndCanBeCleared) {
  Bench bench;
  bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})");
  EXPECT_EQ(bench.view("/paper/requests?since=1").find("requests")->items().size(), 1U);
  EXPECT_EQ(bench.view("/paper/requests?since=2").find("requests")->items().size(), 0U);
  EXPECT_EQ(bench.request("GET", "/paper/requests?since=x").status, 400);
  bench.control("/paper/requests/clear");
  EXPECT_TRUE(bench.view("/paper/requests").find("requests")->items().empty());
  bench.post("/api/Account/search", R"({"onlyActiveAccounts":true})");
  EXPECT_EQ(bench.view("/paper/requests").find("requests")->items().at(0).find("seq")->as_integer(), 3);
}

TEST(RequestLog, ForgetsTheOldest) {
  RequestLog log{2};
  for (const auto* path : {"a", "b", "c"}) {
    LoggedRequest entry;
    entry.path = path;
    log.add(std::move(entry));
  }
  EXPECT_EQ(log.find(1), nullptr);
  ASSERT_NE(log.find(2), nullptr);
  EXPECT_EQ(log.find(3)->path, "c");
  EXPECT_EQ(log.find(4), nullptr);
}

TEST(EventLog, HoldsEveryRecordThatWasSent) {
  Bench bench;
  bench.price(mnq, "29500");
  auto client = bench.watch_all();
  bench.control("/paper/requests/clear");
  bench.control("/paper/trade", R"({"accountId":26001234,"symbol":"MNQ","side":"buy","size":1})");
  bench.pass(100);
  const auto view = bench.view("/paper/events");
  const auto& rows = view.find("events")->items();
  ASSERT_EQ(rows.size(), client->records.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].find("record")->as_string(), client->records[i] + "\x1e");
    EXPECT_EQ(rows[i].find("hub")->as_string(), "user");
    EXPECT_GT(*rows[i].find("monotonicNs")->as_integer(), 0);
  }
}

}  // namespace
}  // namespace paper
