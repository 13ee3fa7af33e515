#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "http_fixture.h"

namespace rm::net {
namespace {

using test::Asking;
using test::NetTestServer;
using test::TestPeer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

HttpOptions one_connection() {
  return {.ca_file = {}, .connections = 1};
}

void echo(TestPeer& peer, int /*number*/) {
  for (;;) peer.answer(peer.read_request());
}

TEST(HttpClient, SendsARequestAndReadsItsAnswer) {
  NetTestServer server{[](TestPeer& peer, int) {
    const std::string request = peer.read_request();
    peer.answer(request, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: 7\r\n", "429 Slow down");
    peer.read_request();
  }};
  Asking asking{server.url("http"), one_connection()};
  asking.post("/api/Order/place?x=1", R"({"size":1})", Priority::Urgent, "a.b.c");
  ASSERT_TRUE(asking.until_heard(1));
  const auto& [path, reply, body] = asking.heard[0];
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.reason, NoAnswer::None);
  EXPECT_EQ(reply.error, "");
  EXPECT_EQ(reply.date_unix_s, 784111777);
  EXPECT_EQ(reply.retry_after_s, 7);
  EXPECT_GT(reply.sent_ns, 0);
  EXPECT_GE(reply.answered_ns, reply.sent_ns);
  EXPECT_THAT(body, StartsWith("POST /api/Order/place?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(body, HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
  EXPECT_THAT(body, HasSubstr("\r\nAuthorization: Bearer a.b.c\r\n"));
  EXPECT_THAT(body, HasSubstr("\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"size\":1}"));
}

TEST(HttpClient, GetHasNoBodyAndAnEmptyTokenIsNotSent) {
  NetTestServer server{echo};
  Asking asking{server.url("http"), one_connection()};
  asking.client->get("/api/Status/ping", "", Priority::Normal, asking.heard_from("ping"));
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_THAT(asking.heard[0].body, AllOf(StartsWith("GET /api/Status/ping HTTP/1.1\r\n"),
                                          Not(HasSubstr("Authorization")), Not(HasSubstr("Content-Length"))));
}

TEST(HttpClient, UsesOneConnectionForManyRequests) {
  NetTestServer server{echo};
  Asking asking{server.url("http"), one_connection()};
  for (std::size_t i = 1; i <= 20; ++i) {
    asking.post("/" + std::to_string(i));
    ASSERT_TRUE(asking.until_heard(i));
    EXPECT_EQ(asking.heard.back().reply.status, 200);
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClient, HonoursConnectionClose) {
  NetTestServer server{[](TestPeer& peer, int) {
    peer.read_request();
    peer.answer("x", "Connection: close\r\n");
  }};
  Asking asking{server.url("http"), one_connection()};
  for (std::size_t i = 1; i <= 5; ++i) {
    asking.post("/");
    ASSERT_TRUE(asking.until_heard(i));
    EXPECT_EQ(asking.heard.back().reply.status, 200) << asking.heard.back().reply.error;
  }
  // One for each, and the next one is warm already.
  EXPECT_TRUE(
      test::run_until(asking.loop, [&] { return server.accepted() == 6 && asking.client->connected() == 1; }));
}

TEST(HttpClient, ReadsChunksAndABodyThatTheEndOfTheConnectionEnds) {
  NetTestServer server{[](TestPeer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nchun\r\n");
    peer.write("2\r\nks\r\n0\r\n\r\n");
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
  }};
  Asking asking{server.url("http"), one_connection()};
  asking.post("/1");
  asking.post("/2");
  ASSERT_TRUE(asking.until_heard(2));
  EXPECT_EQ(asking.heard[0].body, "chunks");
  EXPECT_EQ(asking.heard[1].body, "until the end");
}

TEST(HttpClient, CarriesALargeRequestAndALargeAnswer) {
  NetTestServer server{echo};
  Asking asking{server.url("http"), one_connection()};
  const std::string large(5'000'000, 'x');
  asking.post("/large", large);
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.status, 200);
  EXPECT_THAT(asking.heard[0].body.size(), testing::Gt(large.size()));
  EXPECT_TRUE(asking.heard[0].body.ends_with(large));
}

struct Failure {
  const char* name;
  const char* answer;  // what the server says before it hangs up
  NoAnswer reason;
  const char* says;
};

class HttpFailure : public testing::TestWithParam<Failure> {};

TEST_P(HttpFailure, IsToldWithItsReasonAndTheRequestIsNotRepeated) {
  std::atomic<int> requests{0};
  NetTestServer server{[&](TestPeer& peer, int) {
    peer.read_request();
    ++requests;
    peer.write(GetParam().answer);
  }};
  auto options = one_connection();
  options.max_body = 100;
  Asking asking{server.url("http"), options};
  asking.post("/", "{}", Priority::Urgent, "SECRET");
  ASSERT_TRUE(asking.until_heard(1));
  ASSERT_TRUE(asking.until_connected(1));  // and the connection is replaced
  EXPECT_EQ(requests, 1);
  const auto& reply = asking.heard[0].reply;
  EXPECT_EQ(reply.status, 0);
  EXPECT_EQ(reply.reason, GetParam().reason);
  EXPECT_TRUE(reply.request_may_have_been_sent);
  EXPECT_GT(reply.sent_ns, 0);
  EXPECT_THAT(reply.error, AllOf(HasSubstr("127.0.0.1:"), HasSubstr(GetParam().says), Not(HasSubstr("SECRET"))));
  EXPECT_EQ(asking.heard.size(), 1U);
}

const Failure failures[] = {
    {"NoAnswer", "", NoAnswer::ClosedBeforeAnswer, "before it answered"},
    {"CutInTheHead", "HTTP/1.1 200 OK\r\nContent-Le", NoAnswer::ClosedBeforeAnswer, "in the middle of its answer"},
    {"CutInTheBody", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", NoAnswer::ClosedBeforeAnswer,
     "in the middle"},
    {"CutInAChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf", NoAnswer::ClosedBeforeAnswer,
     "in the middle"},
    {"Oversize", "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", NoAnswer::TooLarge, "larger than 100 bytes"},
    {"Garbage", "\x16\x03\x01 this is not HTTP\r\n\r\n", NoAnswer::Malformed, "not an HTTP answer"},
};
INSTANTIATE_TEST_SUITE_P(All, HttpFailure, testing::ValuesIn(failures),
                         [](const auto& p) { return std::string{p.param.name}; });

TEST(HttpClient, ASilentServerIsATimeoutAndItsConnectionIsReplaced) {
  test::Gate done;
  NetTestServer server{[&](TestPeer& peer, int number) {
    if (number == 0) return done.pass();
    echo(peer, number);
  }};
  const test::OpenAtEnd at_end{done};
  auto options = one_connection();
  options.request_timeout = 100ms;
  Asking asking{server.url("http"), options};
  ASSERT_TRUE(asking.until_connected(1));
  asking.post("/silent");
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.reason, NoAnswer::Timeout);
  EXPECT_TRUE(asking.heard[0].reply.request_may_have_been_sent);
  EXPECT_THAT(asking.heard[0].reply.error, HasSubstr("did not answer within 100 ms"));
  asking.post("/second");
  ASSERT_TRUE(asking.until_heard(2));
  EXPECT_EQ(asking.heard[1].reply.status, 200);
}

TEST(HttpClient, ARequestThatWaitsInLineTooLongWasNeverSent) {
  std::mutex mutex;
  std::vector<std::string> seen;
  test::Gate done;
  NetTestServer server{[&](TestPeer& peer, int) {
    const std::string request = peer.read_request();
    {
      const std::scoped_lock lock{mutex};
      seen.push_back(request.substr(0, request.find(" HTTP")));
    }
    done.pass();
  }};
  const test::OpenAtEnd at_end{done};
  auto options = one_connection();
  options.request_timeout = 150ms;
  Asking asking{server.url("http"), options};
  ASSERT_TRUE(asking.until_connected(1));
  asking.post("/first");
  asking.post("/behind");
  ASSERT_TRUE(asking.until_heard(2));
  for (const auto& heard : asking.heard) EXPECT_EQ(heard.reply.reason, NoAnswer::Timeout) << heard.path;
  const auto& behind = asking.heard[asking.heard[0].path == "/behind" ? 0 : 1].reply;
  const std::scoped_lock lock{mutex};
  if (std::ranges::find(seen, "POST /behind") == seen.end()) {
    EXPECT_FALSE(behind.request_may_have_been_sent);
    EXPECT_EQ(behind.sent_ns, 0);
    EXPECT_THAT(behind.error, HasSubstr("no connection to 127.0.0.1:"));
  }
}

TEST(HttpClient, ARefusedConnectionFailsTheRequestSoonAndItWasNotSent) {
  std::string url;
  {
    url = NetTestServer{echo}.url("http");
  }  // a port where nobody listens any more
  Asking asking{url};
  asking.post("/");
  ASSERT_TRUE(asking.until_heard(1));
  asking.post("/again", "{}", Priority::Urgent);  // during the back-off: tried at once
  ASSERT_TRUE(asking.until_heard(2));
  for (const auto& heard : asking.heard) {
    EXPECT_EQ(heard.reply.reason, NoAnswer::ConnectFailed);
    EXPECT_FALSE(heard.reply.request_may_have_been_sent);
    EXPECT_THAT(heard.reply.error, AllOf(HasSubstr("no connection to 127.0.0.1:"), HasSubstr("refused")));
  }
}

TEST(HttpClient, AnUnknownHostNameIsTold) {
  Asking asking{"https://no-such-host.invalid"};
  asking.post("/");
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.reason, NoAnswer::ConnectFailed);
  EXPECT_THAT(asking.heard[0].reply.error, HasSubstr("'no-such-host.invalid' could not be resolved"));
}

TEST(HttpClient, AServerThatNeverShakesHandsIsAConnectTimeout) {
  test::Gate done;
  NetTestServer server{[&](TestPeer&, int) { done.pass(); }};
  const test::OpenAtEnd at_end{done};
  auto options = one_connection();
  options.connect_timeout = 100ms;
  Asking asking{server.url("https"), options};
  asking.post("/");
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.reason, NoAnswer::ConnectFailed);
  EXPECT_THAT(asking.heard[0].reply.error, HasSubstr("TLS handshake did not end within 100 ms"));
}

TEST(HttpClient, TheTimeToConnectBeginsWhenTheLoopRuns) {
  NetTestServer server{echo};
  auto options = one_connection();
  options.connect_timeout = 20ms;
  Asking asking{server.url("http"), options};
  asking.post("/");
  std::this_thread::sleep_for(2 * options.connect_timeout);  // the rest of the process is still being made
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.status, 200) << asking.heard[0].reply.error;
}

TEST(HttpClient, WhatHttpCannotCarryIsNeverSent) {
  std::atomic<int> requests{0};
  NetTestServer server{[&](TestPeer& peer, int) {
    peer.read_some();
    ++requests;
  }};
  Asking asking{server.url("http"), one_connection()};
  ASSERT_TRUE(asking.until_connected(1));
  asking.post("/a\r\nX-Injected: 1");
  asking.post("no-slash");
  asking.post("/a b");
  asking.post("/token", "{}", Priority::Urgent, "SECRET\r\nX-Injected: 1");
  EXPECT_TRUE(asking.heard.empty());  // nobody is called inside the call
  ASSERT_TRUE(asking.until_heard(4));
  for (const auto& heard : asking.heard) {
    EXPECT_EQ(heard.reply.reason, NoAnswer::Malformed);
    EXPECT_FALSE(heard.reply.request_may_have_been_sent);
    EXPECT_THAT(heard.reply.error, Not(HasSubstr("SECRET")));
  }
  EXPECT_EQ(requests, 0);
}

TEST(HttpClient, DestroyedWithRequestsInFlightItCallsNobody) {
  NetTestServer server{echo};
  Asking asking{server.url("http"), one_connection()};
  ASSERT_TRUE(asking.until_connected(1));
  asking.post("/in flight");  // refused: posted to the loop
  asking.post("/in-flight");
  asking.post("/in-line");
  asking.client.reset();
  bool later = false;
  Loop::Timer timer{asking.loop, [&] { later = true; }};
  timer.arm_at(asking.loop.monotonic_ns() + 50'000'000);
  ASSERT_TRUE(test::run_until(asking.loop, [&] { return later; }));
  EXPECT_TRUE(asking.heard.empty());
}

TEST(HttpClient, MayBeDestroyedInACallback) {
  NetTestServer server{echo};
  Asking asking{server.url("http"), one_connection()};
  std::string body;
  asking.client->post("/", "", "{}", Priority::Normal, [&](const HttpReply& reply) {
    asking.client.reset();
    body = reply.body;  // still valid
  });
  asking.post("/in-line");
  ASSERT_TRUE(test::run_until(asking.loop, [&] { return asking.client == nullptr; }));
  EXPECT_THAT(body, StartsWith("POST / HTTP/1.1"));
  EXPECT_TRUE(asking.heard.empty());
}

TEST(HttpClient, AnUnusableAuthorityFileEndsTheStart) {
  Loop loop;
  EXPECT_THROW((HttpClient{loop, parse_url("https://localhost").value(), {.ca_file = "/no/such/file.pem"}}),
               std::runtime_error);
}

}  // namespace
}  // namespace rm::net
