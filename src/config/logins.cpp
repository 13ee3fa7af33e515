#include "config/logins.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/sections.h"
#include "config/yaml_text.h"

namespace rm {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::string_view kAllowed =
    "a list of logins, each with a name, a firm or a gateway, and accounts if not all of them are meant";

bool is_login_name(std::string_view text) {
  const auto usable = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, usable);
}

void check_name(const Node& node, const std::string& path, const std::vector<LoginConfig>& before, Report& report) {
  if (!node.is_scalar() || !is_login_name(node.text))
    return report.wrong(node, path, fmt::format("up to {} letters, digits, '-' and '_'", kLongestName));
  for (const LoginConfig& other : before) {
    // Both would be asked for by the same environment variables.
    if (variable_suffix(other.name) == variable_suffix(node.text))
      report.add(node.place, path,
                 fmt::format("found '{}' beside '{}', allowed names that differ in more than case and '-'", node.text,
                             other.name));
  }
}

// Two logins that would be one session: the gateway ends the older of two streams of one user.
void check_credentials(const Place& place, const std::string& path, const LoginConfig& login,
                       const std::vector<LoginConfig>& before, Report& report) {
  for (const LoginConfig& other : before) {
    if (!login.credentials_file.empty() && login.credentials_file == other.credentials_file &&
        login.gateway.api_url == other.gateway.api_url)
      report.add(
          place, path,
          fmt::format("found the credentials file of login '{}' at the same gateway, allowed once: its accounts "
                      "belong into one login",
                      other.name));
  }
}

bool same_account(const AccountConfig& a, const GatewayConfig& at, const AccountConfig& b, const GatewayConfig& bt) {
  if (a.id || b.id) return a.id == b.id;
  return a.name == b.name && at.api_url == bt.api_url;
}

void check_accounts(const Node& node, const std::string& path, const LoginConfig& login,
                    const std::vector<LoginConfig>& before, Report& report) {
  for (const AccountConfig& account : login.accounts) {
    for (const LoginConfig& other : before) {
      const bool twice = std::ranges::any_of(other.accounts, [&](const AccountConfig& there) {
        return same_account(account, login.gateway, there, other.gateway);
      });
      if (!twice || (!account.id && account.name.empty())) continue;
      report.add(node.place, path,
                 fmt::format("found account {}, which login '{}' lists too, allowed in one login",
                             account.id ? std::to_string(account.id->value()) : "'" + printable(account.name) + "'",
                             other.name));
    }
  }
}

LoginConfig read_login(const Node& node, const std::string& path, const std::vector<LoginConfig>& before,
                       const std::vector<RuleConfig>& common, std::span<const RuleSpec> registry,
                       const ReadContext& context, bool& any_rule_section) {
  LoginConfig login;
  Section section{&node, path, context.report};
  const Node* firm = section.take("firm");
  const Node* gateway = section.take("gateway");
  login.gateway = read_gateway(gateway, firm, context, path + ".");
  // A forgotten gateway would send a login, and an account's closing orders, to the default firm.
  if (firm == nullptr && (gateway == nullptr || gateway->is_null()))
    context.report.add(node.place, path, "found neither firm nor gateway, allowed one of the two");
  const Node* list = section.take("accounts");
  Accounts accounts = read_accounts(list, common, registry, context, section.path_of("accounts"));
  login.all_accounts = accounts.all;
  login.accounts = std::move(accounts.list);
  any_rule_section = any_rule_section || accounts.any_rule_section;
  if (list != nullptr) check_accounts(*list, section.path_of("accounts"), login, before, context.report);
  if (const Node* name = section.take("name")) {
    check_name(*name, section.path_of("name"), before, context.report);
    login.name = name->text;
  }
  const RuleConfig plain = read_table(section, "logins", context);
  login.credentials_file = read_path(section, "credentials_file", plain, context);
  if (const Node* file = section.take("credentials_file"))
    check_credentials(file->place, section.path_of("credentials_file"), login, before, context.report);
  return login;
}

}  // namespace

Logins read_logins(const Node& node, const std::vector<RuleConfig>& common, std::span<const RuleSpec> registry,
                   const ReadContext& context) {
  Logins logins;
  if (!node.is_list() || node.items.empty()) {
    context.report.add(
        node.place, "logins",
        fmt::format("found {}, allowed {}", node.is_list() ? "an empty list" : describe(node), kAllowed));
    return logins;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    const std::string path = fmt::format("logins[{}]", i);
    if (!item.is_map()) {
      context.report.wrong(item, path, "{name: NAME, firm: FIRM}, with credentials_file and accounts if wanted");
      continue;
    }
    logins.list.push_back(read_login(item, path, logins.list, common, registry, context, logins.any_rule_section));
  }
  return logins;
}

std::vector<Login> logins_of(const Config& config) {
  if (config.logins.empty()) return {Login{{}, config}};
  std::vector<Login> logins;
  for (const LoginConfig& login : config.logins) {
    Config own;
    own.gateway = login.gateway;
    own.credentials_file = login.credentials_file;
    own.all_accounts = login.all_accounts;
    own.accounts = login.accounts;
    logins.push_back(Login{login.name, continued(config, own)});
  }
  return logins;
}

Config continued(const Config& file, const Config& login) {
  Config out = file;
  out.logins.clear();
  out.gateway = login.gateway;
  out.credentials_file = login.credentials_file;
  out.all_accounts = login.all_accounts;
  out.accounts = login.accounts;
  return out;
}

std::string variable_suffix(std::string_view login) {
  std::string out;
  for (const char c : login) out += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

}  // namespace rm
