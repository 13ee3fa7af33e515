#include "runtime/kept_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>

#include "config/load.h"
#include "config/trading_day_table.h"
#include "config/yaml_text.h"
#include "config/yaml_tree.h"
#include "config/zone.h"

namespace rm {
namespace {

// Several logins are kept as a list under this key, each with its configuration as a text of its own.
constexpr std::string_view kList = "kept_logins";

std::string scalar_of(const Node& map, std::string_view key) {
  const auto entry = std::ranges::find(map.entries, key, &NodeEntry::key);
  return entry == map.entries.end() ? std::string{} : entry->value.text;
}

Result<KeptConfig> read_one(std::string login, std::string yaml, BrokerTime until) {
  // What the environment said then is part of it; what it says now belongs to the file.
  auto config = load_config_text(yaml, "the configuration kept in the data directory", {}, rule_registry());
  if (!config) return fail(ErrorCode::Malformed, config.error().front().text());
  TradingCalendar calendar = calendar_of(config->trading_day);
  return KeptConfig{std::move(login), std::move(*config), std::move(calendar), until, std::move(yaml)};
}

Result<std::vector<KeptConfig>> read_list(const Node& list) {
  std::vector<KeptConfig> kept;
  for (const Node& item : list.items) {
    const std::string until = scalar_of(item, "until");
    std::int64_t nanos = 0;
    if (std::from_chars(until.data(), until.data() + until.size(), nanos).ec != std::errc{})
      return fail(ErrorCode::Malformed, "a kept configuration has no end");
    auto one = read_one(scalar_of(item, "name"), scalar_of(item, "config"), BrokerTime::from_nanos(nanos));
    if (!one) return std::unexpected{one.error()};
    kept.push_back(std::move(*one));
  }
  return kept;
}

// The lines of a text as a block of YAML.
std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t line = std::min(text.find('\n'), text.size() - 1) + 1;
    out.append("      ").append(text.substr(0, line));
    text.remove_prefix(line);
  }
  return out;
}

bool names(const Config& config, AccountId id) {
  return std::ranges::any_of(config.accounts, [&](const AccountConfig& a) { return a.id == id; });
}

}  // namespace

TradingCalendar calendar_of(const TradingDayConfig& day) {
  using namespace std::chrono;
  const auto today =
      BrokerTime::from_nanos(duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count());
  // Ten years each way: the computer's clock, which alone is known here, may be wrong by years.
  constexpr hours kReach{24 * 3653};
  const auto last = BrokerTime::from_seconds(Zone::kEndSecond - 1);
  auto resets = trading_day_resets(day.timezone, day.reset, today - kReach, std::min(today + kReach, last));
  if (!resets) throw std::runtime_error{resets.error().message};
  return TradingCalendar{std::move(*resets)};
}

Result<std::vector<KeptConfig>> kept_configs(const Recovered& recovered) {
  std::vector<KeptConfig> kept;
  if (!recovered.config) return kept;
  std::string yaml;
  for (const std::string& part : recovered.config->yaml) yaml += part;
  if (yaml.starts_with(kList)) {
    const auto root = parse_yaml(yaml);
    if (!root) return fail(ErrorCode::Malformed, root.error().text());
    return read_list(root->entries.front().value);
  }
  auto one = read_one({}, std::move(yaml), recovered.config->until);
  if (!one) return std::unexpected{one.error()};
  kept.push_back(std::move(*one));
  return kept;
}

std::optional<KeptConfig> kept_for(const std::vector<KeptConfig>& kept, std::string_view login, BrokerTime now) {
  const auto runs = [&](const KeptConfig& k) { return now < k.until; };
  auto own = std::ranges::find(kept, login, &KeptConfig::login);
  // Its day is over: it begins the new one by the file, whatever the day of the others.
  if (own != kept.end() && !runs(*own)) return std::nullopt;
  if (own == kept.end()) own = std::ranges::find_if(kept, runs);
  if (own == kept.end()) return std::nullopt;
  KeptConfig out = *own;
  for (const KeptConfig& other : kept) {
    if (&other == &*own || !runs(other)) continue;
    for (const AccountConfig& account : other.config.accounts) {
      if (account.id && !names(out.config, *account.id)) out.config.accounts.push_back(account);
    }
  }
  return out;
}

ConfigArchive::ConfigArchive(Store& store, const std::vector<KeptConfig>& before) : store_{store} {
  for (const KeptConfig& kept : before) parts_.push_back(Part{kept.login, kept.until, kept.yaml});
}

void ConfigArchive::keep(std::string_view login, BrokerTime day, BrokerTime until, std::string yaml) {
  std::erase_if(parts_, [&](const Part& part) { return part.login == login || part.until <= day; });
  parts_.push_back(Part{std::string{login}, until, std::move(yaml)});
  const bool alone = parts_.size() == 1 && login.empty();
  store_.record_config(day, until, alone ? parts_.front().yaml : together());
}

std::string ConfigArchive::together() const {
  std::string text = fmt::format("{}:\n", kList);
  for (const Part& part : parts_) {
    text += fmt::format("  - name: {}\n    until: {}\n    config: |\n{}", yaml_scalar(part.login), part.until.nanos(),
                        indented(part.yaml));
  }
  return text;
}

}  // namespace rm
