#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "http_fixture.h"

namespace rm::net {
namespace {

using test::Asking;
using test::NetTestServer;
using test::TestCertificates;
using test::TestPeer;
using testing::AllOf;
using testing::HasSubstr;

void echo(TestPeer& peer, int /*number*/) {
  for (;;) peer.answer(peer.read_request());
}

HttpOptions trusting(const std::string& ca) {
  return {.ca_file = ca, .connections = 1};
}

TEST(Tls, ATrustedServerIsSpokenToByAddressAndByName) {
  const auto& certificates = TestCertificates::instance();
  NetTestServer server{echo, certificates.good};
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    Asking asking{"https://" + host + ":" + std::to_string(server.port()), trusting(certificates.ca)};
    const std::string large(300'000, 'x');
    asking.post("/", large);
    ASSERT_TRUE(asking.until_heard(1));
    EXPECT_EQ(asking.heard[0].reply.status, 200) << asking.heard[0].reply.error;
    EXPECT_TRUE(asking.heard[0].body.ends_with(large));
  }
}

struct Refusal {
  const char* name;
  const char* host;
  std::string TestCertificates::* certificate;
  bool trusts_authority;
  const char* says;
  const char* to_do;
};

class TlsRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(TlsRefusal, NamesHostCauseAndRemedyAndSendsNothing) {
  const auto& certificates = TestCertificates::instance();
  std::atomic<int> requests{0};
  NetTestServer server{[&](TestPeer& peer, int) {
                         peer.read_some();
                         ++requests;
                       },
                       certificates.*GetParam().certificate};
  const std::string url = "https://" + std::string{GetParam().host} + ":" + std::to_string(server.port());
  Asking asking{url, trusting(GetParam().trusts_authority ? certificates.ca : std::string{})};
  asking.post("/", "{}", Priority::Urgent, "SECRET");
  ASSERT_TRUE(asking.until_heard(1));
  const auto& reply = asking.heard[0].reply;
  EXPECT_EQ(reply.reason, NoAnswer::TlsFailed);
  EXPECT_FALSE(reply.request_may_have_been_sent);
  EXPECT_THAT(reply.error,
              AllOf(HasSubstr(GetParam().host), HasSubstr(GetParam().says), HasSubstr(GetParam().to_do)));
  EXPECT_EQ(requests, 0);
}

const Refusal refusals[] = {
    {"WrongAddress", "127.0.0.1", &TestCertificates::wrong_host, true, "is for another host name",
     "check the address"},
    {"WrongName", "localhost", &TestCertificates::wrong_host, true, "is for another host name", "check the address"},
    {"Expired", "127.0.0.1", &TestCertificates::expired, true, "expired at 20", "check the clock"},
    {"UnknownAuthority", "127.0.0.1", &TestCertificates::stranger, true, "unknown CA", "gateway.ca_file"},
    {"AuthorityNotGiven", "127.0.0.1", &TestCertificates::good, false, "unknown CA", "gateway.ca_file"},
};
INSTANTIATE_TEST_SUITE_P(All, TlsRefusal, testing::ValuesIn(refusals),
                         [](const auto& p) { return std::string{p.param.name}; });

TEST(Tls, AServerThatSpeaksNoTlsIsToldApart) {
  NetTestServer server{[](TestPeer& peer, int) {
    peer.read_some();
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  }};
  Asking asking{server.url("https"), trusting({})};
  asking.post("/");
  ASSERT_TRUE(asking.until_heard(1));
  EXPECT_EQ(asking.heard[0].reply.reason, NoAnswer::TlsFailed);
  EXPECT_THAT(asking.heard[0].reply.error, HasSubstr("TLS with 127.0.0.1 failed"));
}

TEST(Tls, TheNextConnectionResumesTheSession) {
  const auto& certificates = TestCertificates::instance();
  std::atomic<int> resumed{0};
  NetTestServer server{[&](TestPeer& peer, int) {
                         if (peer.tls_session_resumed()) ++resumed;
                         peer.read_request();
                         peer.answer("x", "Connection: close\r\n");
                       },
                       certificates.good};
  Asking asking{server.url("https"), trusting(certificates.ca)};
  for (std::size_t i = 1; i <= 4; ++i) {
    asking.post("/");
    ASSERT_TRUE(asking.until_heard(i));
    EXPECT_EQ(asking.heard.back().reply.status, 200) << asking.heard.back().reply.error;
  }
  EXPECT_GE(resumed, 3);
}

// Without the proper end of TLS an answer that only the end of the connection ends may have been cut by anybody.
TEST(Tls, ACutConnectionDoesNotEndAnAnswer) {
  const auto& certificates = TestCertificates::instance();
  for (const bool properly : {true, false}) {
    NetTestServer server{[&](TestPeer& peer, int) {
                           peer.read_request();
                           peer.write("HTTP/1.1 200 OK\r\n\r\nall of it?");
                           if (properly) peer.hang_up();
                         },
                         certificates.good};
    Asking asking{server.url("https"), trusting(certificates.ca)};
    asking.post("/");
    ASSERT_TRUE(asking.until_heard(1));
    EXPECT_EQ(asking.heard[0].reply.reason, properly ? NoAnswer::None : NoAnswer::ClosedBeforeAnswer);
  }
}

}  // namespace
}  // namespace rm::net
