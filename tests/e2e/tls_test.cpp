// Whoever answers in the broker's place learns nothing and gets no order: over REST nothing starts, on the hubs the
// stream stays away and the reads stand in. Each certificate is made here; the sockets are real.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"
#include "support/net_test_server.h"

namespace rm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kFailed = 1;

struct BadCertificate {
  const char* name;
  std::string TestCertificates::* certificate;
  const char* wrong;
  const char* to_do;
};

std::unique_ptr<PaperGatewayProcess> gateway_showing(const std::string& certificate) {
  return std::make_unique<PaperGatewayProcess>(
      std::vector<std::string>{"--tls-cert", certificate + ".pem", "--tls-key", certificate + ".key"});
}

class Tls : public EndToEnd, public testing::WithParamInterface<BadCertificate> {
 protected:
  // The risk manager trusts the authority that signed all but one of the certificates.
  void start(const std::string& api_url, const std::string& hubs_url) {
    daemon_ = std::make_unique<DaemonProcess>(DaemonOptions{
        .config = fmt::format("{}gateway: {{api_url: '{}', user_hub_url: '{}/hubs/user', market_hub_url: "
                              "'{}/hubs/market', frozen_feed_after: 1h, ca_file: '{}'}}\n",
                              kTwoRules, api_url, hubs_url, hubs_url, TestCertificates::instance().ca)});
    daemon().start();
  }
  [[nodiscard]] std::string bad() const { return TestCertificates::instance().*GetParam().certificate; }
  [[nodiscard]] bool lost_for_it(const char* hub) {
    return std::ranges::any_of(daemon().logged("hub_lost"), [&](const Json& line) {
      const auto text = line.at("message").get<std::string>();
      return line.at("hub") == hub && text.find(GetParam().wrong) != std::string::npos &&
             text.find(GetParam().to_do) != std::string::npos && text.find("127.0.0.1") != std::string::npos;
    });
  }
};

std::string https(const PaperGatewayProcess& gateway) {
  return fmt::format("https://127.0.0.1:{}", gateway.port());
}

TEST_P(Tls, OverRestItDoesNotStartAndSaysHostCauseAndRemedy) {
  const auto gateway = gateway_showing(bad());
  start(https(*gateway), https(*gateway));
  EXPECT_EQ(daemon().wait_end().exit_code, kFailed);
  const std::string said = daemon().standard_error();
  EXPECT_THAT(said.substr(said.rfind("risk-manager: ")),
              AllOf(HasSubstr("127.0.0.1"), HasSubstr(GetParam().wrong), HasSubstr(GetParam().to_do)));
}

TEST_P(Tls, OnTheHubsItSaysHostCauseAndRemedyAndGuardsOverRest) {
  const auto hubs = gateway_showing(bad());
  start_paper();
  start(fmt::format("http://127.0.0.1:{}", paper().port()), https(*hubs));
  EXPECT_TRUE(eventually([&] { return lost_for_it("user") && lost_for_it("market"); }));
  paper().buy(kAccount, "MNQ", 6);
  EXPECT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  EXPECT_EQ(paper().position(kAccount, kMnq), 5);
  EXPECT_EQ(daemon().status().at("gateway").at("user_hub"), false);
}

INSTANTIATE_TEST_SUITE_P(Refuses, Tls,
                         testing::Values(BadCertificate{"WrongHostName", &TestCertificates::wrong_host,
                                                        "is for another host name", "check the address in 'gateway'"},
                                         BadCertificate{"Expired", &TestCertificates::expired, "expired at 20",
                                                        "check the clock of this computer"},
                                         BadCertificate{"UnknownAuthority", &TestCertificates::stranger,
                                                        "(unknown CA)", "'gateway.ca_file' only if you trust it"}),
                         [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(Tls, AnAuthorityNamedInTheConfigurationIsTrusted) {
  const auto gateway = gateway_showing(TestCertificates::instance().good);
  start(https(*gateway), https(*gateway));
  EXPECT_TRUE(daemon().wait_protecting());
  EXPECT_EQ(daemon().status().at("gateway").at("user_hub"), true);
  EXPECT_EQ(daemon().terminate().exit_code, 0);
}

}  // namespace
}  // namespace rm::test
