#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <system_error>

#include "paper_gateway/scenario/scenario.h"

namespace paper {

Scenario default_scenario(std::string user, std::string api_key) {
  Scenario scenario;
  for (const std::int64_t id : {26001234, 26001235}) {
    ScenarioAccount entry{.user = user, .account = {}};
    entry.account.id = AccountId{id};
    entry.account.name = "PRAC-V2-600001-" + std::to_string(id);
    entry.account.balance = Decimal::from_units(150'000);
    scenario.accounts.push_back(std::move(entry));
  }
  scenario.users.push_back({.name = std::move(user), .api_key = std::move(api_key), .login_refusal = 0});
  const Catalogue catalogue;
  for (const auto& contract : catalogue.available()) {
    PriceUpdate price;
    price.contract = contract.id;
    price.last = contract.typical_price;
    scenario.prices.push_back(std::move(price));
  }
  return scenario;
}

void set_up(const Scenario& scenario, Exchange& exchange, PaperTime now) {
  exchange.settings() = scenario.settings;
  exchange.settings().seed = scenario.seed;
  for (const auto& [root, month] : scenario.months) exchange.catalogue().roll(root, month);
  for (const auto& user : scenario.users) exchange.add_user(user.name, user.api_key, user.login_refusal);
  for (const auto& entry : scenario.accounts) {
    Account account = entry.account;
    const User* owner = exchange.find_user(entry.user);
    if (owner == nullptr) continue;  // cannot be: the loader refuses an account without an owner
    account.user = owner->id;
    exchange.add_account(std::move(account));
  }
  for (const auto& price : scenario.prices) {
    const auto done = exchange.set_price(price, now);
    if (!done) throw std::invalid_argument("start price of " + price.contract + ": " + done.error());
  }
}

std::expected<std::string, std::string> find_scenario(std::string_view file_or_name,
                                                      std::vector<std::string> directories) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_regular_file(fs::path{file_or_name}, ignored)) return std::string{file_or_name};
  std::set<std::string> names;
  directories.emplace_back(PAPER_SCENARIO_DIR);
  for (const auto& directory : directories) {
    for (const auto& entry : fs::directory_iterator{directory, ignored}) {
      if (entry.path().extension() != ".yaml") continue;
      if (entry.path().stem() == fs::path{file_or_name}) return entry.path().string();
      names.insert(entry.path().stem().string());
    }
  }
  std::string sentence = "no scenario file or name '" + std::string{file_or_name} + "'; shipped are:";
  for (const auto& name : names) sentence += " " + name;
  return std::unexpected{sentence};
}

}  // namespace paper
