#include "paper_gateway/exchange/exchange.h"

#include <algorithm>
#include <cctype>

#include "paper_gateway/exchange/core.h"

namespace paper {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

Exchange::Exchange(Settings settings) : core_{std::make_unique<Core>(settings)} {}
Exchange::~Exchange() = default;

void Exchange::add_listener(ExchangeListener& listener) {
  core_->listeners.push_back(&listener);
}
void Exchange::remove_listener(ExchangeListener& listener) {
  std::erase(core_->listeners, &listener);
}

Settings& Exchange::settings() {
  return core_->settings;
}
Catalogue& Exchange::catalogue() {
  return core_->catalogue;
}
const Catalogue& Exchange::catalogue() const {
  return core_->catalogue;
}

UserId Exchange::add_user(std::string name, std::string api_key, int login_refusal) {
  for (const auto& known : core_->users) {
    if (!same_name(known->name, name)) continue;
    *known = User{known->id, std::move(name), std::move(api_key), login_refusal};
    return known->id;
  }
  const UserId id{static_cast<std::int64_t>(core_->users.size()) + 600'001};
  core_->users.push_back(std::make_unique<User>(User{id, std::move(name), std::move(api_key), login_refusal}));
  return id;
}

const User* Exchange::find_user(std::string_view name) const {
  const auto found = std::ranges::find_if(core_->users, [&](const auto& u) { return same_name(u->name, name); });
  return found == core_->users.end() ? nullptr : found->get();
}

const User* Exchange::user(UserId id) const {
  const auto found = std::ranges::find_if(core_->users, [&](const auto& u) { return u->id == id; });
  return found == core_->users.end() ? nullptr : found->get();
}

bool Exchange::add_account(Account account) {
  if (user(account.user) == nullptr) return false;
  const AccountId id = account.id;
  return core_->accounts.emplace(id, std::move(account)).second;
}

const Account* Exchange::account(AccountId id) const {
  return core_->account(id);
}

bool Exchange::owns(UserId user, AccountId id) const {
  const Account* found = account(id);
  return found != nullptr && found->user == user;
}

std::vector<Account> Exchange::accounts(UserId user, bool only_active) const {
  std::vector<Account> found;
  for (const auto& [id, account] : core_->accounts) {
    if (account.user == user && (account.active || !only_active)) found.push_back(account);
  }
  return found;
}

std::vector<Account> Exchange::accounts() const {
  std::vector<Account> all;
  for (const auto& [id, account] : core_->accounts) all.push_back(account);
  return all;
}

Outcome Exchange::set_account(AccountId id, const AccountChange& change, PaperTime now) {
  core_->enter(now);
  Account* changed = core_->account(id);
  if (changed == nullptr) return {1, std::nullopt};
  const auto set = [](auto& member, const auto& value) {
    if (value) member = *value;
  };
  set(changed->can_trade, change.can_trade);
  set(changed->visible, change.visible);
  set(changed->active, change.active);
  set(changed->simulated, change.simulated);
  set(changed->follower, change.follower);
  set(changed->balance, change.balance);
  set(changed->bracket_mode, change.bracket_mode);
  set(changed->max_size, change.max_size);
  core_->tell_account(id);
  return {};
}

PlaceOutcome Exchange::place(const PlaceRequest& request, PaperTime now) {
  core_->enter(now);
  return core_->place(request);
}

Outcome Exchange::modify(const ModifyRequest& request, PaperTime now) {
  core_->enter(now);
  return core_->modify(request);
}

Outcome Exchange::cancel(AccountId account, OrderId order, PaperTime now) {
  core_->enter(now);
  return core_->cancel(account, order);
}

Outcome Exchange::close_contract(AccountId account, std::string_view contract, PaperTime now) {
  core_->enter(now);
  return core_->close_contract(account, contract);
}

Outcome Exchange::partial_close(AccountId account, std::string_view contract, int size, PaperTime now) {
  core_->enter(now);
  return core_->partial_close(account, contract, size);
}

Outcome Exchange::void_trade(AccountId account, TradeId trade, PaperTime now) {
  core_->enter(now);
  return core_->void_trade(account, trade);
}

std::expected<void, std::string> Exchange::halt(const HaltRequest& request, PaperTime now) {
  core_->enter(now);
  return core_->halt(request);
}

std::expected<void, std::string> Exchange::set_price(const PriceUpdate& update, PaperTime now) {
  core_->enter(now);
  return core_->set_price(update);
}

const Quote* Exchange::quote(std::string_view contract) const {
  const MarketState* found = core_->market(contract);
  return found == nullptr ? nullptr : &found->quote;
}

std::vector<DepthRow> Exchange::depth_snapshot(std::string_view contract, PaperTime now) const {
  return core_->depth_snapshot(contract, now);
}

std::optional<PaperTime> Exchange::next_deadline() const {
  return core_->next_due();
}
void Exchange::on_time(PaperTime now) {
  core_->enter(now);
}

Account* Exchange::Core::account(AccountId id) {
  const auto found = accounts.find(id);
  return found == accounts.end() ? nullptr : &found->second;
}

OrderState* Exchange::Core::order_of(AccountId account_id, OrderId id) {
  const auto found = orders.find(id);
  return found == orders.end() || found->second.order.account != account_id ? nullptr : &found->second;
}

int Exchange::Core::held(AccountId account_id, const std::string& contract) const {
  const auto found = holdings.find({account_id, contract});
  return found == holdings.end() ? 0 : found->second.size();
}

}  // namespace paper
