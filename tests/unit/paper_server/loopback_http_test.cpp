#include "loopback.h"

namespace paper {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string bearer(const Loopback& loopback) {
  return "Authorization: Bearer " + loopback.token() + "\r\n";
}

constexpr std::string_view accounts = R"({"onlyActiveAccounts":true})";

TEST(LoopbackHttp, ServesRequestsOneAfterTheOtherOnOneConnection) {
  Loopback loopback;
  RawClient client{loopback.port()};
  const auto login =
      client.ask(RawClient::post("/api/Auth/loginKey", R"({"userName":"paper","apiKey":"paper-key"})"));
  EXPECT_THAT(login, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(login, HasSubstr("Content-Type: application/json; charset=utf-8\r\n"));
  EXPECT_THAT(login, HasSubstr("Date: Tue, 01 Sep 2026 "));
  EXPECT_THAT(client.ask(RawClient::post("/api/Account/search", accounts)),
              AllOf(StartsWith("HTTP/1.1 401 Unauthorized\r\n"), HasSubstr("WWW-Authenticate: Bearer\r\n"),
                    HasSubstr("Content-Length: 0\r\n")));
  EXPECT_THAT(client.ask(RawClient::post("/api/Account/search", accounts, bearer(loopback))), HasSubstr("26001234"));
}

TEST(LoopbackHttp, AnswersPipelinedRequestsInOrder) {
  Loopback loopback;
  RawClient client{loopback.port()};
  client.send("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\nGET /api/Nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.ask(""), EndsWith("pong"));
  EXPECT_THAT(client.ask(""), StartsWith("HTTP/1.1 404 "));
}

TEST(LoopbackHttp, TakesARequestInSmallPieces) {
  Loopback loopback;
  RawClient client{loopback.port()};
  const auto request = RawClient::post("/api/Account/search", accounts, bearer(loopback));
  for (const char byte : request) client.send({&byte, 1});
  EXPECT_THAT(client.ask(""), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(LoopbackHttp, RefusesGarbageAndGoesOnServingOthers) {
  Loopback loopback;
  RawClient good{loopback.port()};
  for (const std::string& bytes :
       {std::string{"garbage\r\n\r\n"}, std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11} + "\r\n\r\n",
        std::string(300, '\xff') + "\r\n\r\n", std::string{"GET / HTTP/9.9\r\n\r\n"},
        std::string{"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"},
        std::string{"GET / HTTP/1.1\r\nbad header\r\n\r\n"}}) {
    RawClient client{loopback.port()};
    EXPECT_THAT(client.ask(bytes), StartsWith("HTTP/1.1 400 ")) << bytes;
    EXPECT_TRUE(client.ended()) << bytes;
    EXPECT_THAT(good.ask("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("pong"));
  }
}

TEST(LoopbackHttp, LimitsBodiesAndHeaders) {
  Loopback loopback;
  RawClient body{loopback.port()};
  EXPECT_THAT(body.ask("POST /api/Order/place HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  RawClient header{loopback.port()};
  EXPECT_THAT(header.ask("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  RawClient deep{loopback.port()};
  EXPECT_THAT(deep.ask(RawClient::post("/api/Order/place", std::string(900'000, '['), bearer(loopback))),
              StartsWith("HTTP/1.1 400 "));
}

TEST(LoopbackHttp, ClientsMayLeaveAtAnyByteOfARequest) {
  Loopback loopback;
  const auto request = RawClient::post("/api/Account/search", accounts, bearer(loopback));
  for (std::size_t cut = 0; cut < request.size(); cut += 7) RawClient{loopback.port()}.send(request.substr(0, cut));
  RawClient client{loopback.port()};
  EXPECT_THAT(client.ask(request), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(LoopbackHttp, ClosesWhenTheClientWantsThat) {
  Loopback loopback;
  RawClient client{loopback.port()};
  EXPECT_THAT(client.ask("GET /api/Status/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.ended());
}

TEST(LoopbackHttp, ADroppedResponseEndsTheConnectionWithoutAnAnswer) {
  Loopback loopback;
  RawClient control{loopback.port()};
  control.ask(RawClient::post("/paper/fault", R"({"path":"/api/Account/search","action":"drop_response"})"));
  RawClient client{loopback.port()};
  EXPECT_EQ(client.ask(RawClient::post("/api/Account/search", accounts, bearer(loopback))), "");
  EXPECT_THAT(control.ask("GET /paper/requests HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("/api/Account/search"));
}

TEST(LoopbackHttp, ADelayedAnswerHoldsNobodyElseUp) {
  Loopback loopback;
  RawClient control{loopback.port()};
  control.ask(RawClient::post("/paper/fault", R"({"path":"/api/Account/search","action":"delay","ms":300})"));
  RawClient slow{loopback.port()};
  slow.send(RawClient::post("/api/Account/search", accounts, bearer(loopback)));
  EXPECT_THAT(control.ask(RawClient::post("/api/Account/search", accounts, bearer(loopback))), HasSubstr("26001234"));
  EXPECT_THAT(slow.ask(""), HasSubstr("26001234"));
}

TEST(LoopbackHttp, AClientMayLeaveWhileItsAnswerIsHeldBack) {
  Loopback loopback;
  RawClient control{loopback.port()};
  control.ask(RawClient::post("/paper/fault", R"({"path":"/api/Account/search","action":"delay","ms":50})"));
  RawClient{loopback.port()}.send(RawClient::post("/api/Account/search", accounts, bearer(loopback)));
  std::string log;
  while (log.find("onlyActiveAccounts") == std::string::npos ||
         log.find("\"answeredNs\":null") != std::string::npos) {
    log = control.ask("GET /paper/requests?since=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  EXPECT_THAT(log, HasSubstr("\"status\":200")) << "the request was received and is executed";
}

TEST(LoopbackHttp, APortInUseIsAnErrorThatNamesIt) {
  Loopback loopback;
  try {
    WebServer again{{loopback.port(), "", ""}};
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(loopback.port())));
  }
}

}  // namespace
}  // namespace paper
