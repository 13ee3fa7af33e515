#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "allocation_counter.h"
#include "http_fixture.h"

namespace rm::net {
namespace {

using test::Asking;
using test::Gate;
using test::NetTestServer;
using test::TestPeer;
using testing::ElementsAre;
using testing::IsEmpty;

std::string path_of(const std::string& request) {
  const auto from = request.find(' ') + 1;
  return request.substr(from, request.find(' ', from) - from);
}

// Answers each request at once, except "/hold": that one when the gate opens. Remembers what came, in order.
class Desk {
 public:
  void serve(TestPeer& peer) {
    for (;;) {
      const std::string path = path_of(peer.read_request());
      {
        const std::scoped_lock lock{mutex_};
        seen_.push_back(path);
      }
      if (path == "/hold") gate.pass();
      peer.answer(path);
    }
  }
  std::vector<std::string> seen() {
    const std::scoped_lock lock{mutex_};
    return seen_;
  }
  Gate gate;

 private:
  std::mutex mutex_;
  std::vector<std::string> seen_;
};

TEST(HttpPool, OpensItsConnectionsBeforeTheyAreNeeded) {
  Desk desk;
  NetTestServer server{[&](TestPeer& peer, int) { desk.serve(peer); }};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 3}};
  ASSERT_TRUE(asking.until_connected(3));
  EXPECT_TRUE(test::run_until(asking.loop, [&] { return server.accepted() == 3; }));
}

TEST(HttpPool, UrgentRequestsOvertakeNormalOnes) {
  Desk desk;
  NetTestServer server{[&](TestPeer& peer, int) { desk.serve(peer); }};
  const test::OpenAtEnd at_end{desk.gate};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 1}};
  asking.post("/hold");
  ASSERT_TRUE(test::run_until(asking.loop, [&] { return desk.seen().size() == 1; }));
  asking.post("/normal1");
  asking.post("/urgent1", "{}", Priority::Urgent);
  asking.post("/normal2");
  asking.post("/urgent2", "{}", Priority::Urgent);
  desk.gate.open();
  ASSERT_TRUE(asking.until_heard(5));
  EXPECT_THAT(desk.seen(), ElementsAre("/hold", "/urgent1", "/urgent2", "/normal1", "/normal2"));
}

TEST(HttpPool, TheLastIdleConnectionIsKeptForUrgentRequests) {
  Desk desk;
  NetTestServer server{[&](TestPeer& peer, int) { desk.serve(peer); }};
  const test::OpenAtEnd at_end{desk.gate};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 3}};
  ASSERT_TRUE(asking.until_connected(3));
  for (const char* path : {"/hold", "/hold", "/normal"}) asking.post(path);
  ASSERT_TRUE(test::run_until(asking.loop, [&] { return desk.seen().size() == 2; }));
  asking.post("/urgent", "{}", Priority::Urgent);
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_THAT(asking.paths(), ElementsAre("/urgent"));
  EXPECT_THAT(desk.seen(), ElementsAre("/hold", "/hold", "/urgent"));
  desk.gate.open();
  ASSERT_TRUE(asking.until_heard(4));
  EXPECT_EQ(desk.seen().back(), "/normal");
}

TEST(HttpPool, ButNormalRequestsUseItWhenNoOtherCanBeHad) {
  Desk desk;
  NetTestServer server{[&](TestPeer& peer, int number) {
    if (number == 0) desk.serve(peer);  // the others are hung up on
  }};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 3}};
  // A request may still fall into the moment between the connection and the hanging up; one that waits for good does
  // not come back.
  for (std::size_t i = 1; i <= 20; ++i) {
    asking.post("/normal");
    ASSERT_TRUE(asking.until_heard(i));
    if (asking.heard.back().reply.status == 200) return;
    EXPECT_EQ(asking.heard.back().reply.reason, NoAnswer::ClosedBeforeAnswer);
  }
  ADD_FAILURE() << "no normal request was carried";
}

TEST(HttpPool, AConnectionClosedByTheServerIsReplacedBeforeItIsNeeded) {
  Desk desk;
  Gate hang_up;
  NetTestServer server{[&](TestPeer& peer, int number) {
    if (number > 0) return desk.serve(peer);
    hang_up.pass();
    peer.hang_up();
    peer.read_some();
  }};
  const test::OpenAtEnd at_end{hang_up};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 1}};
  ASSERT_TRUE(asking.until_connected(1));
  hang_up.open();
  ASSERT_TRUE(
      test::run_until(asking.loop, [&] { return server.accepted() == 2 && asking.client->connected() == 1; }));
  asking.post("/after");
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.status, 200);
}

// The FIN is there, the loop has not seen it: the request must not go down a dead connection when a live one is idle.
TEST(HttpPool, ARequestIsNotWrittenToAConnectionThatWasClosedMeanwhile) {
  Desk desk;
  std::atomic<int> closed{0};
  Gate hang_up;
  NetTestServer server{[&](TestPeer& peer, int number) {
    if (number > 0) return desk.serve(peer);
    hang_up.pass();
    peer.hang_up();
    ++closed;
    peer.read_some();
  }};
  const test::OpenAtEnd at_end{hang_up};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 2}};
  ASSERT_TRUE(asking.until_connected(2));
  hang_up.open();
  while (closed == 0) std::this_thread::yield();
  asking.post("/urgent", "{}", Priority::Urgent);  // the loop did not run in between
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.status, 200) << asking.heard[0].reply.error;
  EXPECT_THAT(desk.seen(), ElementsAre("/urgent"));
}

TEST(HttpPool, UnaskedForBytesEndAnIdleConnection) {
  Desk desk;
  NetTestServer server{[&](TestPeer& peer, int number) {
    if (number > 0) return desk.serve(peer);
    peer.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    peer.read_some();
  }};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 1}};
  ASSERT_TRUE(
      test::run_until(asking.loop, [&] { return server.accepted() == 2 && asking.client->connected() == 1; }));
  asking.post("/mine");
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].body, "/mine");
}

TEST(HttpPool, AServerThatClosesEveryConnectionIsNotHammered) {
  NetTestServer server{[](TestPeer&, int) {}};
  Asking asking{server.url("http"), {.ca_file = {}, .connections = 1}};
  bool later = false;
  Loop::Timer timer{asking.loop, [&] { later = true; }};
  timer.arm_at(asking.loop.monotonic_ns() + 400'000'000);
  ASSERT_TRUE(test::run_until(asking.loop, [&] { return later; }));
  EXPECT_GE(server.accepted(), 2);
  EXPECT_LE(server.accepted(), 6);  // 0, 0, 50, 100, 200 ms
}

class EnforcementPath : public testing::TestWithParam<bool> {};

// The loop does not run between post() and the arrival at the server: the request left inside the call.
TEST_P(EnforcementPath, AnUrgentRequestLeavesInsideTheCallAndAllocatesNothing) {
  Desk desk;
  const bool tls = GetParam();
  NetTestServer server{[&](TestPeer& peer, int) { desk.serve(peer); },
                       tls ? test::TestCertificates::instance().good : std::string{}};
  HttpOptions options;
  if (tls) options.ca_file = test::TestCertificates::instance().ca;
  Asking asking{server.url(tls ? "https" : "http"), options};
  ASSERT_TRUE(asking.until_connected(3));
  int answers = 0;
  const std::string token(900, 't');
  for (int i = 1; i <= 5; ++i) {
    HttpClient::OnReply on_reply = [&answers](const HttpReply& reply) { answers += reply.status == 200; };
    const long before = test::allocations_of_this_thread();
    asking.client->post("/api/Position/closeContract", token, R"({"accountId":1,"contractId":"CON.F.US.MNQ.U26"})",
                        Priority::Urgent, std::move(on_reply));
    const long made = test::allocations_of_this_thread() - before;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (desk.seen().size() < static_cast<std::size_t>(i) && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    ASSERT_EQ(desk.seen().size(), static_cast<std::size_t>(i));
    EXPECT_EQ(answers, i - 1);
    EXPECT_EQ(made, 0) << "request " << i;
    ASSERT_TRUE(test::run_until(asking.loop, [&] { return answers == i; }));
  }
}
INSTANTIATE_TEST_SUITE_P(All, EnforcementPath, testing::Bool(),
                         [](const auto& p) { return p.param ? "Tls" : "Plain"; });

}  // namespace
}  // namespace rm::net
