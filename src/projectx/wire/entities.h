#pragma once
// What the gateway says of accounts, orders, positions, trades and quotes, checked: every number is within its range
// when it leaves here. The same readers serve hub messages and REST answers. Views point into the message.

#include <optional>
#include <span>
#include <string_view>

#include "domain/position.h"
#include "projectx/wire/json_reader.h"

namespace rm::projectx {

using Members = std::span<const JsonMember>;

// `contract` is the broker's id text; the ContractId inside the entity is not set yet (interning is for whoever owns
// the table).
struct OrderRow {
  Order order;
  std::string_view contract;
};
struct PositionRow {
  Position position;
  std::string_view contract;
};
struct TradeRow {
  Trade trade;
  std::string_view contract;
};
struct AccountRow {
  AccountInfo info;
  std::string_view name;
  bool visible = true;
  bool simulated = true;  // also true for simulated funded accounts
};
// Partial: absent = unchanged. A zero price means "none yet" on this feed and is absent too.
struct QuoteRow {
  std::optional<Price> last, bid, ask;
  std::optional<BrokerTime> updated;  // wall clock of the update; the exchange's own stamp freezes after hours
};
struct PrintRow {
  Price price;
  std::optional<BrokerTime> time;
};
struct ContractRow {
  std::string_view id, name, description;
  std::int64_t tick_size_nanos = 0;  // > 0
  Money tick_value;                  // > 0
  bool active = false;
};

// Errors: MissingField, Malformed, OutOfRange, UnknownValue; the message names the member.
[[nodiscard]] Result<OrderRow> read_order(Members members);
[[nodiscard]] Result<PositionRow> read_position(Members members);
[[nodiscard]] Result<TradeRow> read_trade(Members members);
[[nodiscard]] Result<AccountRow> read_account(Members members);
[[nodiscard]] Result<QuoteRow> read_quote(Members members);
[[nodiscard]] Result<PrintRow> read_print(Members members);
[[nodiscard]] Result<ContractRow> read_contract(Members members);

}  // namespace rm::projectx
