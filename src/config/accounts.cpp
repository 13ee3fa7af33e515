#include <fmt/format.h>

#include <algorithm>

#include "config/scalars.h"
#include "config/sections.h"
#include "config/yaml_text.h"

namespace rm {
namespace {

constexpr std::string_view kAllowed =
    "all, or a list of {id: NUMBER} and {name: NAME}, each with rules of its own if wanted";

bool is_all(const Node& node) {
  return node.is_scalar() && node.text == "all";
}

void read_id(const Node& node, const std::string& path, AccountConfig& account, Report& report) {
  if (const auto id = node.is_scalar() ? scan_id(node.text) : std::nullopt) {
    account.id = AccountId{*id};
  } else {
    report.wrong(node, path, "the broker's number of the account, above 0");
  }
}

void read_name(const Node& node, const std::string& path, AccountConfig& account, Report& report) {
  if (node.is_scalar() && !node.text.empty() && is_plain_text(node.text)) {
    account.name = node.text;
  } else {
    report.wrong(node, path, "the name of the account as the broker shows it");
  }
}

AccountConfig read_account(const Node& node, const std::string& path, const std::vector<RuleConfig>& common,
                           std::span<const RuleSpec> registry, const ReadContext& context, bool& any_rule_section) {
  AccountConfig account;
  Section section{&node, path, context.report};
  const Node* id = section.take("id");
  const Node* name = section.take("name");
  if (id != nullptr) read_id(*id, section.path_of("id"), account, context.report);
  if (name != nullptr) read_name(*name, section.path_of("name"), account, context.report);
  if ((id == nullptr) == (name == nullptr))
    context.report.add(
        node.place, path,
        fmt::format("found {}, allowed one of the two", id == nullptr ? "neither id nor name" : "both id and name"));
  if (const Node* own = section.take("rules")) {
    Rules rules = read_rules(own, section.path_of("rules"), &common, registry, context);
    any_rule_section = any_rule_section || rules.any_section;
    if (rules.any_section) account.rules = std::move(rules.list);
  }
  section.finish();
  return account;
}

bool same_account(const AccountConfig& a, const AccountConfig& b) {
  return a.id == b.id && a.name == b.name;
}

}  // namespace

Accounts read_accounts(const Node* node, const std::vector<RuleConfig>& common, std::span<const RuleSpec> registry,
                       const ReadContext& context, const std::string& list_path) {
  Accounts accounts;
  if (node == nullptr || is_all(*node)) return accounts;
  if (!node->is_list() || node->items.empty()) {
    context.report.add(
        node->place, list_path,
        fmt::format("found {}, allowed {}", node->is_list() ? "an empty list" : describe(*node), kAllowed));
    return accounts;
  }
  accounts.all = false;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    const std::string path = fmt::format("{}[{}]", list_path, i);
    if (is_all(item)) {
      accounts.all = true;
    } else if (!item.is_map()) {
      context.report.wrong(item, path, "{id: NUMBER}, {name: NAME} or all");
    } else {
      const AccountConfig account = read_account(item, path, common, registry, context, accounts.any_rule_section);
      const bool chosen = account.id.has_value() || !account.name.empty();
      if (chosen && std::ranges::any_of(accounts.list,
                                        [&](const AccountConfig& other) { return same_account(account, other); }))
        context.report.add(item.place, path, "the account is listed twice, allowed once");
      accounts.list.push_back(account);
    }
  }
  return accounts;
}

}  // namespace rm
