#pragma once
// The JSON body of each request, written into the caller's buffer. A body is empty when the buffer was too small: 1
// KiB is enough for everything but a login with a very long key. Only login and trade reads allocate.

#include <optional>
#include <span>
#include <string_view>

#include "domain/ids.h"
#include "domain/price.h"
#include "domain/time.h"

namespace rm::projectx::body {

using Buffer = std::span<char>;

std::string_view login(Buffer out, std::string_view user_name, std::string_view api_key);
std::string_view validate(Buffer out);  // identified by the bearer token alone
std::string_view account_search(Buffer out, bool only_active);
std::string_view contract_available(Buffer out,
                                    bool live);  // simulated accounts: live = false, else the list is empty
std::string_view contract_search(Buffer out, std::string_view text, bool live);
std::string_view contract_by_id(Buffer out, std::string_view contract);

std::string_view account_only(Buffer out, AccountId account);  // Position/searchOpen, Order/searchOpen
// The complete working set, suspended bracket children included, a page of it.
std::string_view working_orders_page(Buffer out, AccountId account, int page_size, int page_offset);
std::string_view since(Buffer out, AccountId account, BrokerTime start);  // Order/search, Trade/search

struct Bracket {
  std::int32_t ticks = 0;  // signed, from the fill price; 0: none
  int type = 0;            // order type on the wire
};
struct PlaceOrder {
  AccountId account;
  std::string_view contract;
  int type = 2;  // order type and side on the wire
  int side = 0;
  Lots size;
  std::optional<Price> limit_price, stop_price;
  std::string_view custom_tag;  // empty: none; never reused within an account
  Bracket stop_loss, take_profit;
};
std::string_view place(Buffer out, const PlaceOrder& order);
std::string_view cancel(Buffer out, AccountId account, OrderId order);
std::string_view modify_stop(Buffer out, AccountId account, OrderId order, Price stop_price);
std::string_view resize(Buffer out, AccountId account, OrderId order, Lots size);
std::string_view close_contract(Buffer out, AccountId account, std::string_view contract);
std::string_view partial_close(Buffer out, AccountId account, std::string_view contract, Lots size);

}  // namespace rm::projectx::body
