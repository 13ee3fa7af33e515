#include "net/ws_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "http_fixture.h"
#include "ws_fixture.h"

namespace rm::net {
namespace {

using test::Listening;
using test::NetTestServer;
using test::TestCertificates;
using test::TestPeer;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

// The server's side after the upgrade; the connection stays until the client leaves.
NetTestServer::Session upgraded(std::function<void(TestPeer&)> then) {
  return [then = std::move(then)](TestPeer& peer, int) {
    peer.accept_websocket();
    then(peer);
    for (;;) peer.read_some();
  };
}

TEST(WsClient, UpgradesWithTheTokenAndExchangesTexts) {
  for (const bool tls : {false, true}) {
    SCOPED_TRACE(tls);
    const auto& certificates = TestCertificates::instance();
    NetTestServer server{[](TestPeer& peer, int) {
                           peer.write(test::server_frame(0x81, peer.accept_websocket()));
                           const auto frame = test::read_client_frame(peer);
                           EXPECT_EQ(frame.first_byte, 0x81);
                           EXPECT_TRUE(frame.masked);
                           peer.write(test::server_frame(0x81, "echo " + frame.payload));
                           peer.read_some();
                         },
                         tls ? certificates.good : std::string{}};
    Listening listening{{.ca_file = tls ? certificates.ca : std::string{}}};
    listening.connect(server.url(tls ? "wss" : "ws", "/hubs/user?access_token=abc"), "a.b.c");
    EXPECT_EQ(listening.opened, 0);
    ASSERT_TRUE(listening.until_texts(1));
    EXPECT_EQ(listening.opened, 1);
    EXPECT_THAT(listening.texts[0], StartsWith("GET /hubs/user?access_token=abc HTTP/1.1\r\n"));
    EXPECT_THAT(listening.texts[0], HasSubstr("\r\nAuthorization: Bearer a.b.c\r\n"));
    EXPECT_THAT(listening.texts[0], HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
    listening.client->send_text("hello");
    ASSERT_TRUE(listening.until_texts(2));
    EXPECT_EQ(listening.texts[1], "echo hello");
    EXPECT_GE(listening.received[1], listening.received[0]);
    EXPECT_LE(listening.received[1], listening.loop.monotonic_ns());
  }
}

TEST(WsClient, AMessageInTheSamePacketAsTheUpgradeIsNotLost) {
  NetTestServer server{[](TestPeer& peer, int) {
    struct Together final : TestPeer {
      explicit Together(TestPeer& p) : peer{p} {}
      std::string read_some() override { return peer.read_some(); }
      void write(std::string_view bytes) override {
        peer.write(std::string{bytes} + test::server_frame(0x81, "first"));
      }
      void hang_up() override {}
      [[nodiscard]] bool tls_session_resumed() const override { return false; }
      TestPeer& peer;
    } together{peer};
    together.accept_websocket();
    peer.read_some();
  }};
  Listening listening;
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_texts(1));
  EXPECT_EQ(listening.texts[0], "first");
}

TEST(WsClient, JoinsFragmentsAndAnswersPingsBetweenThem) {
  std::atomic<bool> ponged{false};
  NetTestServer server{upgraded([&](TestPeer& peer) {
    peer.write(test::server_frame(0x01, "frag") + test::server_frame(0x89, "are you there") +
               test::server_frame(0x00, "men"));
    const auto pong = test::read_client_frame(peer);
    EXPECT_EQ(pong.first_byte, 0x8A);
    EXPECT_EQ(pong.payload, "are you there");
    ponged = true;
    peer.write(test::server_frame(0x8A, "unasked") + test::server_frame(0x80, "ted") +
               test::server_frame(0x82, "binary"));
  })};
  Listening listening;
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_texts(2));
  EXPECT_TRUE(ponged);
  EXPECT_THAT(listening.texts, ElementsAre("fragmented", "binary"));
}

TEST(WsClient, ReadsAMessageOfAMebibyteAndManySmallOnesAfterIt) {
  std::string large;
  for (std::size_t i = 0; large.size() < std::size_t{1} << 20; ++i) large += std::to_string(i) + ',';
  NetTestServer server{upgraded([&](TestPeer& peer) {
    peer.write(test::server_frame(0x81, large));
    std::string burst;
    for (int i = 0; i < 5'000; ++i) burst += test::server_frame(0x81, std::to_string(i));
    peer.write(burst);
  })};
  Listening listening;
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_texts(5'001));
  EXPECT_EQ(listening.texts[0], large);
  for (std::size_t i = 0; i < 5'000; ++i) ASSERT_EQ(listening.texts[i + 1], std::to_string(i));
}

// The handler of this test writes over the padding behind each message, where the next one begins.
TEST(WsClient, TwoMessagesInOnePacketAndOneMessageInManyPackets) {
  NetTestServer server{upgraded([](TestPeer& peer) {
    peer.write(test::server_frame(0x81, "one") + test::server_frame(0x81, "") + test::server_frame(0x81, "three"));
    const std::string slow = test::server_frame(0x81, std::string(300, 's'));
    for (const char c : slow) peer.write({&c, 1});
  })};
  Listening listening;
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_texts(4));
  EXPECT_THAT(listening.texts, ElementsAre("one", "", "three", std::string(300, 's')));
}

TEST(WsClient, SendsALargeTextWhole) {
  std::atomic<std::size_t> got{0};
  NetTestServer server{upgraded([&](TestPeer& peer) { got = test::read_client_frame(peer).payload.size(); })};
  Listening listening;
  listening.when_open = [&] { listening.client->send_text(std::string(3'000'000, 'x')); };
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until([&] { return got == 3'000'000; }));
  EXPECT_TRUE(listening.closed.empty());
}

TEST(WsClient, ARefusedUpgradeGivesItsHttpStatus) {
  struct Case {
    const char* answer;
    int status;
  };
  const Case cases[] = {
      {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 401},
      {"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n<html>", 503},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200},
      {"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", 302}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.status);
    NetTestServer server{[&](TestPeer& peer, int) {
      peer.read_request();
      peer.write(c.answer);
      for (;;) peer.read_some();
    }};
    Listening listening;
    listening.connect(server.url("ws", "/?access_token=SECRET"), "SECRET");
    ASSERT_TRUE(listening.until_closed());
    EXPECT_EQ(listening.opened, 0);
    EXPECT_EQ(listening.closed[0].http_status, c.status);
    EXPECT_THAT(listening.closed[0].why,
                AllOf(HasSubstr("127.0.0.1:"), HasSubstr(std::to_string(c.status)), Not(HasSubstr("SECRET"))));
  }
}

TEST(WsClient, AWrongOrEndlessUpgradeAnswerIsRefused) {
  const std::string good = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  const std::pair<std::string, const char*> cases[] = {
      {good + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", "not a WebSocket server"},
      {good + "\r\n", "not a WebSocket server"},
      {"nonsense nonsense nonsense\r\n\r\n", "not HTTP"},
      {"HTTP/1.1 101 Switching Protocols\r\nX: " + std::string(20'000, 'x'), "not HTTP"},
      {"HTTP/1.1 101 Switching Proto", "closed the connection"}};
  for (const auto& [answer, says] : cases) {
    NetTestServer server{[&](TestPeer& peer, int) {
      peer.read_request();
      peer.write(answer);
      peer.hang_up();
      peer.read_some();
    }};
    Listening listening;
    listening.connect(server.url("ws"));
    ASSERT_TRUE(listening.until_closed());
    EXPECT_THAT(listening.closed[0].why, HasSubstr(says));
    EXPECT_EQ(listening.closed[0].http_status, 0);
    EXPECT_EQ(listening.opened, 0);
  }
}

TEST(WsClient, ASilentServerIsGivenUp) {
  test::Gate done;
  NetTestServer server{[&](TestPeer&, int) { done.pass(); }};
  const test::OpenAtEnd at_end{done};
  for (const char* scheme : {"ws", "wss"}) {
    Listening listening{{.ca_file = {}, .connect_timeout = 100ms}};
    listening.connect(server.url(scheme));
    ASSERT_TRUE(listening.until_closed());
    EXPECT_THAT(listening.closed[0].why, HasSubstr("within 100 ms"));
  }
}

TEST(WsClient, BreachesOfTheProtocolEndTheConnection) {
  struct Case {
    const char* name;
    std::string frames;
    const char* says;
    int close_code;
  };
  const Case cases[] = {
      {"reserved bits", test::server_frame(0xC1, "x"), "reserved bits", 1002},
      {"stray continuation", test::server_frame(0x80, "x"), "fragment out of order", 1002},
      {"text inside a message", test::server_frame(0x01, "x") + test::server_frame(0x81, "y"),
       "fragment out of order", 1002},
      {"too long", test::server_frame(0x81, std::string(1001, 'x')), "larger than 1000 bytes", 1009},
      {"too long in pieces",
       test::server_frame(0x01, std::string(600, 'x')) + test::server_frame(0x80, std::string(600, 'x')),
       "larger than 1000 bytes", 1009},
      {"promises too much", std::string("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10), "larger than 1000 bytes",
       1009},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::atomic<int> code{0};
    NetTestServer server{upgraded([&](TestPeer& peer) {
      peer.write(c.frames);
      const auto close = test::read_client_frame(peer);
      EXPECT_EQ(close.first_byte, 0x88);
      code = static_cast<unsigned char>(close.payload.at(0)) << 8 | static_cast<unsigned char>(close.payload.at(1));
    })};
    Listening listening{{.ca_file = {}, .max_message = 1000}};
    listening.connect(server.url("ws"));
    ASSERT_TRUE(listening.until_closed());
    EXPECT_THAT(listening.closed[0].why, HasSubstr(c.says));
    EXPECT_TRUE(listening.texts.empty());
    EXPECT_TRUE(listening.until([&] { return code == c.close_code; })) << code;
  }
}

TEST(WsClient, AMessageOfExactlyTheLimitIsFine) {
  NetTestServer server{
      upgraded([](TestPeer& peer) { peer.write(test::server_frame(0x81, std::string(1000, 'x'))); })};
  Listening listening{{.ca_file = {}, .max_message = 1000}};
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_texts(1));
  EXPECT_EQ(listening.texts[0].size(), 1000U);
}

TEST(WsClient, TheServersCloseIsAnsweredAndItsWordsPassedOn) {
  std::atomic<bool> answered{false};
  NetTestServer server{upgraded([&](TestPeer& peer) {
    peer.write(test::server_frame(0x81, "last words") + test::server_frame(0x88, "\x03\xF3going\naway"));
    answered = test::read_client_frame(peer).first_byte == 0x88;
  })};
  Listening listening;
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_closed());
  EXPECT_THAT(listening.texts, ElementsAre("last words"));
  EXPECT_THAT(listening.closed[0].why, EndsWith("closed the WebSocket with code 1011: going?away"));
  EXPECT_TRUE(listening.until([&] { return answered.load(); }));
}

TEST(WsClient, ALostConnectionIsToldOnceAndMayBeReplacedAtOnce) {
  NetTestServer server{[](TestPeer& peer, int number) {
    peer.accept_websocket();
    if (number == 0) return;
    peer.write(test::server_frame(0x81, "back"));
    peer.read_some();
  }};
  Listening listening;
  listening.when_closed = [&] { listening.connect(server.url("ws")); };
  listening.connect(server.url("ws"));
  ASSERT_TRUE(listening.until_texts(1));
  EXPECT_EQ(listening.opened, 2);
  EXPECT_EQ(listening.closed.size(), 1U);
}

TEST(WsClient, TlsFailuresNameHostAndCause) {
  const auto& certificates = TestCertificates::instance();
  const std::pair<std::string, const char*> cases[] = {{certificates.wrong_host, "is for another host name"},
                                                       {certificates.expired, "expired at 20"},
                                                       {certificates.stranger, "unknown CA"}};
  for (const auto& [certificate, says] : cases) {
    NetTestServer server{upgraded([](TestPeer&) {}), certificate};
    Listening listening{{.ca_file = certificates.ca}};
    listening.connect(server.url("wss"), "SECRET");
    ASSERT_TRUE(listening.until_closed());
    EXPECT_THAT(listening.closed[0].why, AllOf(HasSubstr("127.0.0.1"), HasSubstr(says)));
    EXPECT_EQ(listening.opened, 0);
  }
}

TEST(WsClient, MayBeClosedReplacedOrDestroyedInsideItsHandler) {
  NetTestServer server{upgraded(
      [](TestPeer& peer) { peer.write(test::server_frame(0x81, "one") + test::server_frame(0x81, "two")); })};
  {
    Listening listening;
    listening.when_text = [&] { listening.client.reset(); };
    listening.connect(server.url("ws"));
    ASSERT_TRUE(listening.until_texts(1));
    for (int i = 0; i < 20; ++i) listening.loop.run_one_for(1ms);
    EXPECT_THAT(listening.texts, ElementsAre("one"));
    EXPECT_TRUE(listening.closed.empty());
  }
  {
    Listening listening;
    listening.when_text = [&] { listening.client->close(); };
    listening.connect(server.url("ws"));
    ASSERT_TRUE(listening.until_texts(1));
    for (int i = 0; i < 20; ++i) listening.loop.run_one_for(1ms);
    EXPECT_THAT(listening.texts, ElementsAre("one"));
    EXPECT_TRUE(listening.closed.empty());
  }
  {
    Listening listening;
    listening.when_open = [&] {
      if (listening.opened == 1) listening.connect(server.url("ws"));
    };
    listening.connect(server.url("ws"));
    ASSERT_TRUE(listening.until_texts(2));
    EXPECT_EQ(listening.opened, 2);
    EXPECT_TRUE(listening.closed.empty());
  }
}

TEST(WsClient, WithoutAConnectionATextIsDropped) {
  Listening listening;
  listening.client->send_text("nobody hears this");
  NetTestServer server{upgraded(
      [](TestPeer& peer) { peer.write(test::server_frame(0x81, "got " + test::read_client_frame(peer).payload)); })};
  listening.connect(server.url("ws"));
  listening.client->send_text("too early");
  listening.when_open = [&] { listening.client->send_text("now"); };
  ASSERT_TRUE(listening.until_texts(1));
  EXPECT_EQ(listening.texts[0], "got now");
}

TEST(WsClient, ATokenThatHttpCannotCarryIsNeverSent) {
  NetTestServer server{upgraded([](TestPeer&) {})};
  Listening listening;
  listening.connect(server.url("ws"), "SECRET\r\nX: y");
  EXPECT_TRUE(listening.closed.empty());
  ASSERT_TRUE(listening.until_closed());
  EXPECT_THAT(listening.closed[0].why, AllOf(HasSubstr("HTTP cannot carry"), Not(HasSubstr("SECRET"))));
  EXPECT_EQ(server.accepted(), 0);
}

}  // namespace
}  // namespace rm::net
