#include "paper_gateway/scenario/loading.h"

#include <limits>

namespace paper {
namespace {

template <class T, class U>
void assign(T& target, const std::optional<U>& value) {
  if (value) target = static_cast<T>(*value);
}

std::optional<Nanos> milliseconds(Section& section, std::string_view key) {
  const auto ms = section.integer(key, 0, 3'600'000);
  return ms ? std::optional<Nanos>{std::chrono::milliseconds{*ms}} : std::nullopt;
}

void load_switches(Section& section, Settings& settings) {
  assign(settings.account_copies, section.integer("account_copies", 1, 10));
  assign(settings.account_duplicate_delay, milliseconds(section, "account_duplicate_ms"));
  assign(settings.sibling_cancel_delay, milliseconds(section, "sibling_cancel_ms"));
  assign(settings.resend_opening_trade,
         section.choice<Settings::Resend>("resend_opening_trade", {{"off", Settings::Resend::Off},
                                                                   {"create", Settings::Resend::AsCreate},
                                                                   {"update", Settings::Resend::AsUpdate}}));
  assign(settings.children_on_partial_close,
         section.choice<Settings::ChildrenOnPartialClose>(
             "children_on_partial_close", {{"keep", Settings::ChildrenOnPartialClose::Keep},
                                           {"cancel_group", Settings::ChildrenOnPartialClose::CancelGroup},
                                           {"rescale", Settings::ChildrenOnPartialClose::Rescale}}));
  assign(settings.cancel_sibling_on_manual_cancel, section.boolean("cancel_sibling_on_manual_cancel"));
  assign(settings.close_contract_cancels_orders, section.boolean("close_contract_cancels_orders"));
  assign(settings.close_when_blocked, section.boolean("close_when_blocked"));
  assign(settings.accept_stop_limit, section.boolean("accept_stop_limit"));
  assign(settings.max_fill_size, section.integer("max_fill_size", 0, 1'000'000));
  assign(settings.closed_lots,
         section.choice<Settings::ClosedLots>(
             "closed_lots", {{"average", Settings::ClosedLots::AverageCost}, {"fifo", Settings::ClosedLots::Fifo}}));
  assign(settings.closed_window_code, section.choice<int>("closed_window_code", {{"2", 2}, {"5", 5}}));
  assign(settings.at_flat_time,
         section.choice<Settings::AtFlatTime>("at_flat_time", {{"cancel", Settings::AtFlatTime::Cancel},
                                                               {"expire", Settings::AtFlatTime::Expire},
                                                               {"keep", Settings::AtFlatTime::Keep}}));
  section.finish();
}

void load_speed(Section& top, Scenario& scenario) {
  const auto speed = top.decimal("speed");
  if (!speed) return;
  if (*speed < Decimal::from_nanos(1'000'000) || *speed > Decimal::from_units(1000)) {
    top.wrong(top.take("speed")->line, "speed must be from 0.001 to 1000");
  }
  scenario.speed = static_cast<double>(speed->nanos()) / 1e9;
}

}  // namespace

void load_general(Section& top, Loading& loading) {
  Scenario& scenario = loading.scenario;
  assign(scenario.name, top.text("name"));
  assign(scenario.about, top.text("about"));
  if (const auto text = top.text("start_time")) {
    const auto time = parse_time(*text);
    if (time) scenario.start_time = *time;
    if (!time) top.wrong(top.take("start_time")->line, "start_time '" + *text + "': " + time.error());
  }
  load_speed(top, scenario);
  assign(scenario.seed, top.integer("seed", 0, std::numeric_limits<std::int64_t>::max()));
  assign(scenario.settings.firm_window, top.boolean("firm_window"));
  assign(scenario.settings.latency, milliseconds(top, "latency_ms"));
  if (const YamlNode* node = top.take("switches")) {
    Section switches{*node, "switches", loading.problems};
    load_switches(switches, scenario.settings);
  }
}

}  // namespace paper
