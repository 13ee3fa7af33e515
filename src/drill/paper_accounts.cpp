#include "drill/paper_accounts.h"

#include <algorithm>

namespace rm::drill {
namespace {

constexpr std::int64_t kUsual = 26001234;

}  // namespace

std::vector<PaperAccount> paper_accounts(const Config& config) {
  std::vector<PaperAccount> accounts;
  for (const AccountConfig& account : config.accounts)
    accounts.push_back({account.id ? account.id->value() : 0, account.name});
  if (accounts.empty()) accounts.push_back({kUsual, {}});
  std::int64_t next = kUsual;
  for (PaperAccount& account : accounts) {  // one that is chosen by its name gets a number that nobody has
    if (account.id != 0) continue;
    while (std::ranges::find(accounts, next, &PaperAccount::id) != accounts.end()) ++next;
    account.id = next;
  }
  return accounts;
}

}  // namespace rm::drill
