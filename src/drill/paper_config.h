#pragma once
// The user's configuration led to the paper gateway: the same rules, days and accounts, and no address, login, path
// or command of the user's left in it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "drill/paper.h"

namespace rm::drill {

// One login with every account that is named, whichever login it belongs to; "all" becomes one account that stands
// for them. Still without addresses.
[[nodiscard]] Config on_paper(Config config);

// Those of a configuration that is on paper: one that is chosen by its name gets a number that nobody has.
[[nodiscard]] std::vector<PaperAccount> paper_accounts(const Config& on_paper);

// As YAML, for a daemon that connects to `gateway` ("http://127.0.0.1:1234") and writes below `dir`.
[[nodiscard]] std::string yaml_for(Config on_paper, const std::string& gateway, const std::filesystem::path& dir);

// With this rule of this account (its place in the list) alone.
[[nodiscard]] Config with_rule_alone(Config on_paper, std::size_t account, std::string_view rule);

// What is replaced, in words.
[[nodiscard]] const std::vector<std::string_view>& replaced_settings();

}  // namespace rm::drill
