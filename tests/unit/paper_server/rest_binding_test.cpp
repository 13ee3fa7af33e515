#include "bench.h"

namespace paper {
namespace {

struct Case {
  const char* path;
  const char* good;                // binds: answered 200
  std::vector<const char*> wrong;  // do not bind: answered 400
};

const std::vector<Case> cases{
    {"/api/Account/search",
     R"({"onlyActiveAccounts":true})",
     {"{}", R"({"onlyActiveAccounts":"true"})", R"({"onlyActiveAccounts":1})"}},
    {"/api/Contract/available", R"({"live":false})", {"{}", R"({"live":null})", R"({"live":0})"}},
    {"/api/Contract/search",
     R"({"searchText":"NQ","live":false})",
     {R"({"searchText":"NQ"})", R"({"searchText":5,"live":false})"}},
    {"/api/Contract/searchById", R"({"contractId":"CON.F.US.MNQ.U26"})", {"{}", R"({"contractId":5})"}},
    {"/api/History/retrieveBars",
     R"({"contractId":"CON.F.US.MNQ.U26","live":false,"startTime":"2026-09-01T00:00:00Z","endTime":"2026-09-02T00:00:00+02:00","unit":2,"unitNumber":1,"limit":10,"includePartialBar":true})",
     {R"({"contractId":"CON.F.US.MNQ.U26"})",
      R"({"contractId":"CON.F.US.MNQ.U26","live":false,"startTime":"yesterday","endTime":"2026-09-02T00:00:00Z","unit":2,"unitNumber":1,"limit":10,"includePartialBar":true})"}},
    {"/api/Order/place",
     R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1,"limitPrice":null,"extra":[1]})",
     {"{}", R"({"accountId":"26001234","contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1})",
      R"({"accountId":26001234,"contractId":5,"type":2,"side":0,"size":1})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":"Market","side":0,"size":1})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":2,"size":1})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1.5})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":99999999999})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":1,"side":0,"size":1,"limitPrice":"29500"})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":1,"side":0,"size":1,"limitPrice":1e300})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1,"stopLossBracket":5})",
      R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":2,"side":0,"size":1,"stopLossBracket":{"ticks":-10}})",
      R"([{"accountId":26001234}])", "null", "5", "", "{\"accountId\":26001234"}},
    {"/api/Order/modify",
     R"({"accountId":26001234,"orderId":3500000001,"size":null})",
     {R"({"accountId":26001234})", R"({"accountId":26001234,"orderId":"5"})"}},
    {"/api/Order/cancel",
     R"({"accountId":26001234,"orderId":3500000001})",
     {R"({"orderId":1})", R"({"accountId":26001234,"orderId":1.0})"}},
    {"/api/Order/search",
     R"({"accountId":26001234,"startTimestamp":"2026-09-01T00:00:00"})",
     {R"({"accountId":26001234})", R"({"accountId":26001234,"startTimestamp":5})"}},
    {"/api/Order/searchOpen",
     R"({"accountId":26001234})",
     {"{}", R"({"accountId":"26001234"})", R"({"accountId":null})"}},
    {"/api/Order/searchById", R"({"accountId":26001234,"orderId":5})", {R"({"accountId":26001234})"}},
    {"/api/Order/v2/query",
     R"({"filter":{"accountId":26001234,"statuses":[1,6,7,8]},"pageSize":50,"pageOffset":0,"sortBy":1,"sortDirection":1})",
     {"{}", R"({"filter":5})", R"({"filter":{}})", R"({"filter":{"accountId":26001234,"statuses":[99]}})",
      R"({"filter":{"accountId":26001234,"statuses":["1"]}})", R"({"filter":{"accountId":26001234},"pageSize":0})",
      R"({"filter":{"accountId":26001234},"pageSize":501})", R"({"filter":{"accountId":26001234},"pageOffset":-1})",
      R"({"filter":{"accountId":26001234},"sortBy":7})"}},
    {"/api/Position/searchOpen", R"({"accountId":26001234})", {"{}", R"({"accountId":26001234.5})"}},
    {"/api/Position/closeContract",
     R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26"})",
     {R"({"accountId":26001234})", R"({"accountId":true,"contractId":"x"})"}},
    {"/api/Position/partialCloseContract",
     R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","size":1})",
     {R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","closeSize":1})"}},
    {"/api/Trade/search",
     R"({"accountId":26001234,"startTimestamp":"2026-09-01T00:00:00Z","endTimestamp":null})",
     {"{}", R"({"accountId":26001234,"startTimestamp":"2026-13-01T00:00:00Z"})"}},
};

class Binding : public testing::TestWithParam<Case> {};

TEST_P(Binding, AnswersWhatBindsAndRefusesTheRestWith400) {
  Bench bench;
  const auto& endpoint = GetParam();
  EXPECT_EQ(bench.post(endpoint.path, endpoint.good).status, 200);
  for (const auto* body : endpoint.wrong) {
    const auto response = bench.post(endpoint.path, body);
    EXPECT_EQ(response.status, 400) << body << " -> " << response.body;
    EXPECT_TRUE(response.content_type.starts_with("application/problem+json"));
  }
}

TEST_P(Binding, NeedsATokenAPostAndAJsonMediaType) {
  Bench bench;
  const auto& endpoint = GetParam();
  const std::pair<std::string, std::string> bearer{"Authorization", "Bearer " + bench.token};
  const std::pair<std::string, std::string> json_type{"Content-Type", "application/json"};
  EXPECT_EQ(bench.request("POST", endpoint.path, endpoint.good, {json_type}).status, 401);
  EXPECT_EQ(bench.request("GET", endpoint.path, "", {bearer}).status, 405);
  EXPECT_EQ(bench.request("POST", endpoint.path, endpoint.good, {bearer}).status, 415);
  EXPECT_EQ(bench.request("POST", endpoint.path, endpoint.good, {bearer, {"content-type", "text/plain"}}).status,
            415);
  for (const auto* type :
       {"application/json; charset=utf-8", "text/json", "APPLICATION/JSON", "application/x+json"}) {
    EXPECT_EQ(bench.request("POST", endpoint.path, endpoint.good, {bearer, {"content-type", type}}).status, 200);
  }
}

// Every prefix of a good body and every byte of it replaced: never anything but 200 and 400, and never a crash.
TEST_P(Binding, SurvivesTornAndDamagedBodies) {
  Bench bench;
  bench.control("/paper/settings", R"({"rateLimit":false})");
  const std::string good = GetParam().good;
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_EQ(bench.post(GetParam().path, good.substr(0, i)).status, 400) << good.substr(0, i);
    for (const char c : {'\0', '"', '{', '9', '\xff', '-'}) {
      auto damaged = good;
      damaged[i] = c;
      const auto status = bench.post(GetParam().path, damaged).status;
      EXPECT_TRUE(status == 200 || status == 400) << damaged << " -> " << status;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryEndpoint, Binding, testing::ValuesIn(cases), [](const auto& param) {
  std::string name = param.param.path;
  std::erase_if(name, [](char c) { return c == '/'; });
  return name;
});

TEST(Routing, UnknownPathsAre404) {
  Bench bench;
  for (const auto* path :
       {"/api/Position/close", "/api/Position/partialClose", "/api/Position/search", "/api/Account/settings", "/api/",
        "/", "", "/nothing", "/hubs/other/negotiate", "/negotiate"}) {
    const auto response = bench.post(path, "{}");
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_TRUE(response.body.empty());
  }
}

TEST(Routing, PingAnswersInTheFormThatIsAccepted) {
  Bench bench;
  EXPECT_EQ(bench.request("GET", "/api/Status/ping").body, "pong");
  EXPECT_EQ(bench.request("GET", "/api/Status/ping", "", {{"Accept", "*/*"}}).body, "pong");
  EXPECT_EQ(bench.request("GET", "/api/Status/ping", "", {{"Accept", "application/json"}}).body, "\"pong\"");
  EXPECT_EQ(bench.request("GET", "/api/Status/ping", "", {{"Accept", "text/plain, application/json"}}).body, "pong");
  EXPECT_EQ(bench.request("POST", "/api/Status/ping", "{}").status, 405);
}

}  // namespace
}  // namespace paper
