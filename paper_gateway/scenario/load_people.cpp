#include <algorithm>
#include <limits>

#include "paper_gateway/scenario/loading.h"

namespace paper {
namespace {

void load_user(Section& section, Loading& loading) {
  ScenarioUser user;
  const auto name = section.text("name");
  const auto key = section.text("api_key");
  if (!name) section.missing("name");
  if (!key) section.missing("api_key");
  user.name = name.value_or("");
  user.api_key = key.value_or("");
  user.login_refusal = static_cast<int>(section.integer("login_refusal", 0, 10).value_or(0));
  section.finish();
  const auto same = [&](const ScenarioUser& other) { return other.name == user.name; };
  if (std::ranges::any_of(loading.scenario.users, same))
    section.wrong(section.line(), "user '" + user.name + "' twice");
  loading.scenario.users.push_back(std::move(user));
}

void load_flags(Section& section, Account& account) {
  account.can_trade = section.boolean("can_trade").value_or(true);
  account.visible = section.boolean("visible").value_or(true);
  account.active = section.boolean("active").value_or(true);
  account.simulated = section.boolean("simulated").value_or(true);
  account.follower = section.boolean("follower").value_or(false);
  account.bracket_mode = section
                             .choice<BracketMode>("bracket_mode", {{"position", BracketMode::Position},
                                                                   {"auto_oco", BracketMode::AutoOco}})
                             .value_or(BracketMode::Position);
  account.max_size = static_cast<int>(section.integer("max_size", 0, 1'000'000).value_or(0));
}

void load_account(Section& section, Loading& loading) {
  const auto& users = loading.scenario.users;
  ScenarioAccount entry;
  const auto id = section.integer("id", 1, std::numeric_limits<std::int32_t>::max());
  if (!id) section.missing("id");
  entry.account.id = AccountId{id.value_or(0)};
  entry.account.name = section.text("name").value_or("PRAC-V2-600001-" + std::to_string(id.value_or(0)));
  entry.account.balance = section.decimal("balance").value_or(Decimal::from_units(150'000));
  load_flags(section, entry.account);
  entry.user = section.text("user").value_or(users.empty() ? "" : users.front().name);
  section.finish();
  const auto is_owner = [&](const ScenarioUser& user) { return user.name == entry.user; };
  if (std::ranges::none_of(users, is_owner)) section.wrong(section.line(), "unknown user '" + entry.user + "'");
  const auto same = [&](const ScenarioAccount& other) { return other.account.id == entry.account.id; };
  if (id && std::ranges::any_of(loading.scenario.accounts, same)) {
    section.wrong(section.line(), "account " + std::to_string(*id) + " twice");
  }
  loading.scenario.accounts.push_back(std::move(entry));
}

}  // namespace

void load_people(Section& top, Loading& loading) {
  Scenario standard = default_scenario("paper", "paper-key");
  if (!for_each_section(top, "users", "user", [&](Section& section) { load_user(section, loading); })) {
    loading.scenario.users = std::move(standard.users);
  }
  if (!for_each_section(top, "accounts", "account", [&](Section& section) { load_account(section, loading); })) {
    loading.scenario.accounts = std::move(standard.accounts);
    for (auto& entry : loading.scenario.accounts) {
      if (!loading.scenario.users.empty()) entry.user = loading.scenario.users.front().name;
    }
  }
}

}  // namespace paper
