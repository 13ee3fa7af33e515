#include "bench.h"

namespace paper {
namespace {

constexpr std::string_view any_accounts = R"({"onlyActiveAccounts":true})";
const Pairs json_type{{"Content-Type", "application/json"}};

HttpResponse with_token(Bench& bench, const std::string& path, const std::string& token, std::string_view body) {
  return bench.request("POST", path, body,
                       {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}});
}

TEST(Login, GivesATokenWhateverTheCaseOfTheName) {
  Bench bench;
  const auto response =
      bench.request("POST", "/api/Auth/loginKey", R"({"userName":"PaPeR","apiKey":"paper-key"})", json_type);
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.body.starts_with(R"({"token":"eyJ)")) << response.body;
  EXPECT_TRUE(response.body.ends_with(R"(","success":true,"errorCode":0,"errorMessage":null})")) << response.body;
}

TEST(Login, RefusalsAreTwoHundredWithACode) {
  Bench bench;
  bench.exchange.add_user("unsigned", "k", 7);
  bench.exchange.add_user("unsubscribed", "k", 9);
  const auto refusal = [&](const std::string& body) {
    const auto response = bench.request("POST", "/api/Auth/loginKey", body, json_type);
    EXPECT_EQ(response.status, 200);
    return response.body;
  };
  EXPECT_EQ(refusal(R"({"userName":"paper","apiKey":"wrong"})"),
            R"({"token":null,"success":false,"errorCode":3,"errorMessage":null})");
  EXPECT_EQ(refusal(R"({"userName":"nobody","apiKey":"paper-key"})"),
            R"({"token":null,"success":false,"errorCode":3,"errorMessage":null})");
  EXPECT_EQ(refusal(R"({"userName":"unsigned","apiKey":"k"})"),
            R"({"token":null,"success":false,"errorCode":7,"errorMessage":)"
            R"("Please log into the ProjectX platform and complete the required agreements"})");
  EXPECT_EQ(refusal(R"({"userName":"unsubscribed","apiKey":"k"})"),
            R"({"token":null,"success":false,"errorCode":9,"errorMessage":null})");
}

TEST(Login, IncompleteOrWrongBodiesAre400) {
  Bench bench;
  for (const auto* body : {"{}", R"({"userName":"paper"})", R"({"apiKey":"k"})", R"({"userName":1,"apiKey":"k"})",
                           R"({"userName":null,"apiKey":"k"})", "[]", "7", "\"x\"", "{", ""}) {
    const auto response = bench.request("POST", "/api/Auth/loginKey", body, json_type);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(response.content_type, "application/problem+json; charset=utf-8");
    const auto problem = json(response.body);
    EXPECT_EQ(problem.find("status")->as_integer(), 400);
    EXPECT_NE(problem.find("errors"), nullptr);
  }
}

TEST(Login, TheApplicationLoginFindsNoApplication) {
  Bench bench;
  const auto response =
      bench.request("POST", "/api/Auth/loginApp",
                    R"({"userName":"a","password":"b","deviceId":"c","appId":"d","verifyKey":"e"})", json_type);
  EXPECT_EQ(response.body, R"({"token":null,"success":false,"errorCode":4,"errorMessage":null})");
}

TEST(Token, MissingMalformedAndExpiredAre401WithoutBody) {
  Bench bench;
  const auto expect_401 = [](const HttpResponse& response) {
    EXPECT_EQ(response.status, 401);
    EXPECT_TRUE(response.body.empty());
    EXPECT_EQ(response.headers, (Pairs{{"WWW-Authenticate", "Bearer"}}));
  };
  expect_401(bench.request("POST", "/api/Account/search", any_accounts, json_type));
  expect_401(with_token(bench, "/api/Account/search", "garbage", any_accounts));
  expect_401(with_token(bench, "/api/Account/search", bench.token + "x", any_accounts));
  expect_401(bench.request("POST", "/api/Account/search", any_accounts,
                           {{"Content-Type", "application/json"}, {"Authorization", "Basic cGFwZXI="}}));
  bench.control("/paper/time", R"({"advance_seconds":86399})");
  EXPECT_EQ(bench.post("/api/Account/search", any_accounts).status, 200);
  bench.control("/paper/time", R"({"advance_seconds":1})");
  expect_401(bench.post("/api/Account/search", any_accounts));
  expect_401(bench.post("/api/Auth/validate", ""));
}

TEST(Validate, GivesAFreshTokenWithAndWithoutABody) {
  Bench bench;
  bench.control("/paper/time", R"({"advance_seconds":80000})");
  const auto first = bench.answer("/api/Auth/validate", "{}");
  const auto bare = bench.request("POST", "/api/Auth/validate", "", {{"Authorization", "Bearer " + bench.token}});
  EXPECT_EQ(bare.status, 200);
  const auto renewed = first.find("newToken")->as_string();
  EXPECT_NE(renewed, bench.token);
  bench.control("/paper/time", R"({"advance_seconds":80000})");
  EXPECT_EQ(bench.post("/api/Account/search", any_accounts).status, 401);
  EXPECT_EQ(with_token(bench, "/api/Account/search", renewed, any_accounts).status, 200);
}

TEST(Logout, EndsTheTokenAndItsHubConnections) {
  Bench bench;
  const auto other_token = bench.log_in("other", "other-key");
  auto mine = bench.connect_hub("user");
  const auto ended = bench.answer("/api/Auth/logout", "");
  EXPECT_EQ(ended.dump(), R"({"success":true,"errorCode":0,"errorMessage":null})");
  EXPECT_EQ(mine->events("GatewayLogout").size(), 1U);
  EXPECT_TRUE(mine->closed);
  EXPECT_EQ(bench.post("/api/Account/search", any_accounts).status, 401);
  EXPECT_EQ(with_token(bench, "/api/Account/search", other_token, any_accounts).status, 200);
}

}  // namespace
}  // namespace paper
