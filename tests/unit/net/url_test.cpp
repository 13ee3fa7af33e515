#include "net/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Url, ReadsWhatAGatewayConfigurationHolds) {
  struct Case {
    const char* text;
    bool tls;
    const char* host;
    int port;
    const char* target;
    const char* authority;
  };
  const Case cases[] = {
      {"https://api.topstepx.com", true, "api.topstepx.com", 443, "/", "api.topstepx.com"},
      {"wss://rtc.topstepx.com/hubs/user?access_token=a.b-c_d", true, "rtc.topstepx.com", 443,
       "/hubs/user?access_token=a.b-c_d", "rtc.topstepx.com"},
      {"HTTPS://API.Example.COM:8443/x", true, "api.example.com", 8443, "/x", "api.example.com:8443"},
      {"https://example.com?x=1", true, "example.com", 443, "/?x=1", "example.com"},
      {"https://[2001:db8::1]:444/", true, "2001:db8::1", 444, "/", "[2001:db8::1]:444"},
      {"http://127.0.0.1:5000/api", false, "127.0.0.1", 5000, "/api", "127.0.0.1:5000"},
      {"http://localhost", false, "localhost", 80, "/", "localhost"},
      {"ws://127.1.2.3:80/", false, "127.1.2.3", 80, "/", "127.1.2.3"},
      {"ws://[::1]:9/", false, "::1", 9, "/", "[::1]:9"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto url = parse_url(c.text);
    ASSERT_TRUE(url) << url.error();
    EXPECT_EQ(url->tls, c.tls);
    EXPECT_EQ(url->host, c.host);
    EXPECT_EQ(url->port, c.port);
    EXPECT_EQ(url->target, c.target);
    EXPECT_EQ(url->authority(), c.authority);
  }
}

TEST(Url, PlainTransportIsForThisMachineAlone) {
  for (const char* text :
       {"http://api.topstepx.com", "ws://10.0.0.1/", "http://127.evil.example/", "http://localhost.evil.example/",
        "http://0.0.0.0/", "ws://[::2]/", "http://127.0.0.1.nip.io/", "http://0x7f000001/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error(), HasSubstr("without encryption only this machine")) << text;
  }
}

TEST(Url, RefusesWhatIsNotAnAddress) {
  struct Case {
    const char* text;
    const char* says;
  };
  const Case cases[] = {{"", "https://"},
                        {"api.topstepx.com", "https://"},
                        {"ftp://example.com", "'ftp://'"},
                        {"https://", "no host"},
                        {"https://:443", "no host"},
                        {"https://exa mple.com", "space"},
                        {"https://example.com/\r\nX: y", "space or a character"},
                        {"https://ex\xC3\xA4mple.com", "not ASCII"},
                        {"https://exa%6dple.com", "not a host name"},
                        {"https://example.com:0", "not a port"},
                        {"https://example.com:65536", "not a port"},
                        {"https://example.com:", "not a port"},
                        {"https://example.com:4x3", "not a port"},
                        {"https://[::1", "']'"},
                        {"https://[nonsense]/", "IPv6"},
                        {"https://[::1]x/", "not a port"},
                        {"https://user:secret@example.com", "user name"},
                        {"https://example.com/#there", "'#'"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto url = parse_url(c.text);
    ASSERT_FALSE(url);
    EXPECT_THAT(url.error(), HasSubstr(c.says));
    EXPECT_THAT(url.error(), Not(HasSubstr("secret")));
  }
}

TEST(Url, AnErrorNeverRepeatsTheQuery) {
  for (const char* text : {"http://example.com/hub?access_token=SECRET", "https://example.com:x/?access_token=SECRET",
                           "nonsense?access_token=SECRET", "https://example.com?access_token=SECRET#x"})
    EXPECT_THAT(parse_url(text).error(), Not(HasSubstr("SECRET"))) << text;
}

}  // namespace
}  // namespace rm::net
