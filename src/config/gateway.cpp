#include <fmt/format.h>

#include <algorithm>

#include "config/firms.h"
#include "config/sections.h"
#include "config/suggest.h"
#include "net/url.h"

namespace rm {
namespace {

// An address may carry a token in its query or a password before '@': neither is repeated in a problem.
std::string shown(std::string_view address) {
  if (address.find_first_of("@?#") != std::string_view::npos) return "an address";
  return "'" + printable(address) + "'";
}

void check_address(const Node& node, const std::string& path, std::string_view schemes, std::string& address,
                   Report& report) {
  const auto url = net::parse_url(address);
  if (!url) {
    report.add(node.place, path, fmt::format("found {}: {}", shown(address), printable(url.error(), 200)));
    return;
  }
  const std::string_view scheme = std::string_view{address}.substr(0, address.find(':'));
  if (schemes == "https" && (scheme.starts_with('w') || scheme.starts_with('W'))) {
    report.add(node.place, path, fmt::format("found {}, allowed an https address", shown(address)));
  } else if (url->target.find('?') != std::string::npos) {
    report.add(node.place, path,
               fmt::format("found {} with '?', allowed an address without a query", shown(address)));
  }
  while (address.ends_with('/')) address.pop_back();
}

void apply_firm(const Node& firm, bool has_addresses, GatewayConfig& config, const std::string& path,
                Report& report) {
  if (!firm.is_scalar() || firm.text.empty() || firm.text == "none")
    return;  // read, and reported, with the plain keys of the file
  const auto firms = known_firms();
  if (std::ranges::find(firms, std::string_view{firm.text}) == firms.end()) {
    const std::vector<std::string_view> names{firms.begin(), firms.end()};
    report.wrong(
        firm, path,
        fmt::format("one of {}; for any other firm write its addresses under gateway", fmt::join(names, ", ")),
        did_you_mean(firm.text, names));
  } else if (has_addresses) {
    report.add(firm.place, path, "found beside addresses under gateway, allowed one of the two");
  } else {
    const GatewayConfig given = config;
    config = firm_gateway(firm.text);
    config.ca_file = given.ca_file;
    config.frozen_feed_after = given.frozen_feed_after;
    config.hub_timeout = given.hub_timeout;
  }
}

void check_hub_timeout(Section& section, const GatewayConfig& config, Report& report) {
  using namespace std::chrono_literals;
  const Node* node = section.take("hub_timeout");
  if (node != nullptr && node->is_scalar() && (config.hub_timeout < 5s || config.hub_timeout > 2min))
    report.wrong(*node, section.path_of("hub_timeout"), "a duration from 5s to 2m");
}

}  // namespace

GatewayConfig read_gateway(const Node* gateway, const Node* firm, const ReadContext& context,
                           const std::string& prefix) {
  Section section{gateway, prefix + "gateway", context.report};
  const RuleConfig values = read_table(section, "gateway", context);
  GatewayConfig config{.api_url = text_of(values, "api_url"),
                       .user_hub_url = text_of(values, "user_hub_url"),
                       .market_hub_url = text_of(values, "market_hub_url"),
                       .ca_file = read_path(section, "ca_file", values, context),
                       .frozen_feed_after = values.get<Duration>("frozen_feed_after"),
                       .hub_timeout = values.get<Duration>("hub_timeout")};
  check_hub_timeout(section, config, context.report);
  struct Address {
    std::string_view key, schemes;
    std::string& text;
  };
  const Address addresses[] = {{"api_url", "https", config.api_url},
                               {"user_hub_url", "any", config.user_hub_url},
                               {"market_hub_url", "any", config.market_hub_url}};
  int given = 0;
  for (const auto& [key, schemes, text] : addresses) {
    const Node* node = section.take(key);
    if (node == nullptr) continue;
    ++given;
    if (node->is_scalar() && !node->text.empty())
      check_address(*node, section.path_of(key), schemes, text, context.report);
  }
  // Half of one gateway and half of another would log in here and listen there.
  for (const auto& [key, schemes, text] : addresses) {
    if (given > 0 && section.take(key) == nullptr)
      context.report.add(section.place(), section.path_of(key),
                         "found nothing, allowed an address: the three addresses belong together");
  }
  if (firm != nullptr) apply_firm(*firm, given > 0, config, prefix + "firm", context.report);
  return config;
}

}  // namespace rm
