#include "net/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace rm::net {
namespace {

struct Scheme {
  std::string_view name;
  bool tls;
};
constexpr std::array schemes{Scheme{"https", true}, Scheme{"wss", true}, Scheme{"http", false}, Scheme{"ws", false}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = lower(c);
  return out;
}

bool is_visible(char c) {
  return c > ' ' && c < '\x7f';
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// By address, not by spelling: "127.evil.example" is not loopback.
bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// "name", "name:port", "[v6]" or "[v6]:port" into url; an error sentence if it is none of them.
std::optional<std::string> take_authority(std::string_view text, Url& url) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return "the address has '[' without ']'";
    url.host = lower(text.substr(1, close - 1));
    if (!is_ipv6(url.host)) return fmt::format("'{}' is not an IPv6 address", url.host);
    rest = text.substr(close + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    url.host = lower(text.substr(0, colon));
    if (url.host.empty()) return "the address names no host";
    if (!std::ranges::all_of(url.host, is_name_char)) return fmt::format("'{}' is not a host name", url.host);
    rest = text.substr(colon);
  }
  if (rest.empty()) return std::nullopt;
  const auto port = rest.starts_with(':') ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) return fmt::format("'{}' is not a port (1 to 65535)", rest);
  url.port = *port;
  return std::nullopt;
}

}  // namespace

std::string Url::authority() const {
  const std::string out = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == (tls ? 443 : 80) ? out : fmt::format("{}:{}", out, port);
}

std::expected<Url, std::string> parse_url(std::string_view text) {
  if (!std::ranges::all_of(text, is_visible))
    return std::unexpected("the address holds a space or a character that is not ASCII");
  const auto separator = text.find("://");
  if (separator == std::string_view::npos)
    return std::unexpected("the address does not begin with https:// or wss://");
  const std::string name = lower(text.substr(0, separator));
  const auto* const scheme = std::ranges::find(schemes, std::string_view{name}, &Scheme::name);
  if (scheme == schemes.end())
    return std::unexpected(
        fmt::format("the address begins with '{}://'; https, wss, http and ws are understood", name));

  const std::string_view rest = text.substr(separator + 3);
  const auto path = std::min(rest.find_first_of("/?#"), rest.size());
  // A user name and password in an address end up in logs.
  if (rest.substr(0, path).find('@') != std::string_view::npos)
    return std::unexpected("the address holds a user name; credentials do not belong there");
  if (rest.find('#') != std::string_view::npos)
    return std::unexpected("the address holds '#', which means nothing here");

  Url url{.tls = scheme->tls, .host = {}, .port = static_cast<std::uint16_t>(scheme->tls ? 443 : 80), .target = {}};
  if (auto error = take_authority(rest.substr(0, path), url)) return std::unexpected(*std::move(error));
  const std::string_view target = rest.substr(path);
  url.target = fmt::format("{}{}", target.starts_with('/') ? "" : "/", target);
  if (!url.tls && !is_loopback(url.host))
    return std::unexpected(
        fmt::format("'{}' is reached over plain {}; without encryption only this machine (127.0.0.1, ::1, "
                    "localhost) is allowed",
                    url.host, name));
  return url;
}

}  // namespace rm::net
