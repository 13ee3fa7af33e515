#include "chaos/drawn_rules.h"

namespace rm::test {
namespace {

constexpr Nanos kDollar = 1'000'000'000;

struct Variant {
  Counted counted;
  std::string count, others;
  std::optional<int> most_of_others;
  std::string block;
};

// Beside the days' own dice, so that a seed keeps its story.
Variant draw_variant(Dice dice) {
  Dice own{static_cast<std::uint64_t>(dice.below(1'000'000'007))};
  Variant drawn{Counted::Gross, "", "", {}, "RTY"};
  const int count = own.below(10);
  if (count < 3) drawn = {Counted::Net, ", count: net", "", {}, "'R*'"};
  if (count >= 8) drawn = {Counted::Mini, ", count: mini_equivalent", "", {}, "'F.US.R?Y'"};
  const int others = own.below(4);
  if (others == 0) {
    drawn.most_of_others = own.between(0, 3);
    drawn.others = ", default: " + std::to_string(*drawn.most_of_others);
  } else if (others == 1) {
    drawn.most_of_others = 0;
    drawn.others = ", unknown_symbol: block";
  }
  return drawn;
}

}  // namespace

DrawnRules draw_rules(Dice& dice) {
  const Variant variant = draw_variant(dice);
  DrawnRules drawn;
  Demands& must = drawn.demands;
  const auto rule = [&](const std::string& text) { drawn.yaml += (drawn.yaml.empty() ? "" : ", ") + text; };
  const auto dollars = [&](int low, int high, std::optional<Nanos>& limit, int sign) {
    const int amount = sign * dice.between(low, high);
    limit = amount * kDollar;
    return std::to_string(amount);
  };
  if (dice.percent(75)) rule("daily_loss: {max_loss: " + dollars(150, 1500, must.day_loss, -1) + "}");
  if (dice.percent(60)) {
    must.most_contracts = dice.between(0, 6);
    must.counted = variant.counted;
    rule("max_contracts: {max_contracts: " + std::to_string(*must.most_contracts) + variant.count +
         (dice.percent(50) ? "" : ", on_breach: flatten") +
         (dice.percent(70) ? "}" : ", include_working_orders: true}"));
  }
  if (dice.percent(30)) {
    must.most_of_others = variant.most_of_others;
    must.most_of_symbol = {{"MNQ", dice.between(1, 4)}, {"ES", dice.between(0, 2)}};
    rule("max_contracts_per_instrument: {limits: {MNQ: " + std::to_string(must.most_of_symbol["MNQ"]) +
         ", ES: " + std::to_string(must.most_of_symbol["ES"]) + "}" + variant.others +
         (dice.percent(50) ? "}" : ", on_breach: close}"));
  }
  if (dice.percent(20)) rule("daily_realized_profit: {target: " + dollars(200, 900, must.day_profit, +1) + "}");
  if (dice.percent(25)) rule("daily_unrealized_loss: {limit: " + dollars(60, 500, must.position_loss, -1) + "}");
  if (dice.percent(20)) rule("max_unrealized_profit: {target: " + dollars(60, 500, must.position_profit, +1) + "}");
  if (dice.percent(20)) {
    must.blocked = {"RTY"};
    rule("symbol_blocks: {symbols: [" + variant.block + "]}");
  }
  if (dice.percent(12)) {
    must.stops_for_everything = true;
    rule("no_stop_loss_grace: {grace: 10s}");
  }
  if (dice.percent(15)) rule("cooldown_after_loss: {tiers: [{loss: -50.00, cooldown: 2m}]}");
  if (dice.percent(15))
    rule(
        "trade_management: {auto_breakeven: {trigger_ticks: 8, offset_ticks: 1}, trailing_stop: {distance_ticks: "
        "12}}");
  if (dice.percent(10)) {
    drawn.reduces_entries = true;
    rule("trade_frequency_limit: {per_minute: 4}");
  }
  if (drawn.yaml.empty() || dice.percent(30)) {
    must.only_while_allowed = true;
    rule("auth_loss_guard: {}");
  }
  return drawn;
}

}  // namespace rm::test
