// What the venue refuses with code 2, and in which words.
#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "paper_gateway/exchange/core.h"
#include "paper_gateway/exchange/limits.h"

namespace paper {
namespace {

using Refusal = std::optional<std::string>;

const char* type_name(OrderType type) {
  static constexpr std::array kNames{"Unknown", "Limit",        "Market",  "StopLimit",
                                     "Stop",    "TrailingStop", "JoinBid", "JoinAsk"};
  const auto index = static_cast<std::size_t>(type);
  return index < kNames.size() ? kNames[index] : "Unknown";
}

Refusal check_level(const std::optional<Decimal>& price, const char* name, const Contract& contract) {
  if (!price) return fmt::format("Invalid {} price. Price is not set.", name);
  return price_problem(*price, name, contract);
}

Refusal check_stop_side(const PlaceRequest& r, std::optional<Decimal> last) {
  if (!last || (r.side == Side::Buy ? *r.stop_price > *last : *r.stop_price < *last)) return std::nullopt;
  return fmt::format("Invalid stop price. Price should be {} the last price when {}.",
                     r.side == Side::Buy ? "above" : "below", r.side == Side::Buy ? "buying" : "selling");
}

Refusal check_stop_loss(const BracketLeg& leg, Side entry) {
  if (leg.type != OrderType::Stop && leg.type != OrderType::TrailingStop) {
    return fmt::format("Invalid stop loss type ({})", type_name(leg.type));
  }
  if (leg.ticks * sign(entry) >= 0) {
    return fmt::format("Invalid stop loss ticks ({}). Ticks should be {}.", leg.ticks,
                       entry == Side::Buy ? "less than zero when longing" : "greater than zero when going short");
  }
  if (std::abs(leg.ticks) < kMinStopTicks) {
    return fmt::format("Invalid stop loss ticks ({}). Stop loss tick value should be at least {} ticks.", leg.ticks,
                       kMinStopTicks);
  }
  return std::nullopt;
}

Refusal check_take_profit(const BracketLeg& leg, Side entry) {
  if (leg.type != OrderType::Limit) return fmt::format("Invalid take profit type ({})", type_name(leg.type));
  if (leg.ticks * sign(entry) <= 0) {
    return fmt::format("Invalid take profit ticks ({}). Ticks should be {}.", leg.ticks,
                       entry == Side::Buy ? "greater than zero when longing" : "less than zero when going short");
  }
  return std::nullopt;
}

Refusal check_brackets(const PlaceRequest& r, const Account& account) {
  if (!r.stop_loss && !r.take_profit) return std::nullopt;
  if (account.bracket_mode != BracketMode::AutoOco) {
    return "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.";
  }
  for (const auto& leg : {r.stop_loss, r.take_profit}) {
    if (leg && (leg->ticks > kMaxBracketTicks || leg->ticks < -kMaxBracketTicks)) return "Invalid bracket ticks.";
  }
  if (r.stop_loss) {
    if (auto no = check_stop_loss(*r.stop_loss, r.side)) return no;
  }
  return r.take_profit ? check_take_profit(*r.take_profit, r.side) : std::nullopt;
}

Refusal check_trail(const PlaceRequest& r, const Contract& contract, std::optional<Decimal> last) {
  if (!r.trail_price) return "Trail Distance not set.";
  if (!last) return "Cannot trail without a last price";
  if (auto no = price_problem(*r.trail_price, "trail", contract)) return no;
  // The request names a level. Who sends a distance is far away from the market.
  if (trail_ticks(*last, *r.trail_price, contract) > kMaxTrailTicks) {
    return fmt::format("Trail Distance exceeds maximum ({})", kMaxTrailTicks);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> price_problem(Decimal price, const char* what, const Contract& contract) {
  if (!possible_price(price)) return fmt::format("Invalid {} price.", what);
  if (!contract.on_tick(price)) return fmt::format("Invalid {} price. Price is not aligned to tick size.", what);
  return std::nullopt;
}

std::optional<std::string> Exchange::Core::refusal(const PlaceRequest& r, const Contract& contract) const {
  const auto last_price = last(contract.id);
  const auto by_type = [&]() -> Refusal {
    switch (r.type) {
      case OrderType::Market:
      case OrderType::JoinBid:
      case OrderType::JoinAsk:
        return std::nullopt;
      case OrderType::Limit:
        return check_level(r.limit_price, "limit", contract);
      case OrderType::StopLimit:
        if (!settings.accept_stop_limit) break;
        if (auto no = check_level(r.limit_price, "limit", contract)) return no;
        [[fallthrough]];
      case OrderType::Stop:
        if (auto no = check_level(r.stop_price, "stop", contract)) return no;
        return check_stop_side(r, last_price);
      case OrderType::TrailingStop:
        return check_trail(r, contract, last_price);
      case OrderType::Unknown:
        break;
    }
    return fmt::format("Order rejected: invalid order type ({}).", static_cast<int>(r.type));
  };

  if (closed(contract.id)) return kClosedWindowText;
  if (r.size <= 0 || r.size > kMaxOrderSize) return fmt::format("Order rejected: invalid order size ({}).", r.size);
  if (!touch(contract.id, r.side)) return "Invalid symbol";
  if (auto no = by_type()) return no;
  const Account& owner = accounts.at(r.account);
  if (auto no = check_brackets(r, owner)) return no;
  if (r.custom_tag && tags.contains({r.account, *r.custom_tag}))
    return settings.null_text_for_duplicate_tag ? "" : "An order with this custom tag already exists.";
  const int position = held(r.account, contract.id);
  const int after = std::abs(position + sign(r.side) * r.size);
  if (owner.max_size > 0 && after > owner.max_size && after > std::abs(position)) return "Not enough margin.";
  return std::nullopt;
}

}  // namespace paper
