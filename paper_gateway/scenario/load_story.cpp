#include <algorithm>
#include <limits>

#include "paper_gateway/scenario/loading.h"

namespace paper {
namespace {

class StepReader {
 public:
  StepReader(Section& section, Loading& loading) : section_{section}, loading_{loading} {}

  // The account a step names; the first one when it names none.
  AccountId account() {
    const auto& accounts = loading_.scenario.accounts;
    const auto id = section_.integer("account", 1, std::numeric_limits<std::int32_t>::max());
    if (!id) return accounts.empty() ? AccountId{} : accounts.front().account.id;
    const auto same = [&](const ScenarioAccount& entry) { return entry.account.id == AccountId{*id}; };
    if (std::ranges::none_of(accounts, same))
      section_.wrong(section_.line(), "unknown account " + std::to_string(*id));
    return AccountId{*id};
  }

  const Contract* symbol() {
    if (section_.take("symbol") == nullptr) section_.missing("symbol");
    return contract_ = section_.contract("symbol", loading_.catalogue);
  }

  TradeStep trade() {
    TradeStep step;
    step.account = account();
    if (const Contract* contract = symbol()) step.contract = contract->id;
    const auto side = section_.choice<Side>("side", {{"buy", Side::Buy}, {"sell", Side::Sell}});
    if (section_.take("side") == nullptr) section_.missing("side");
    step.side = side.value_or(Side::Buy);
    step.size = static_cast<int>(section_.integer("size", 1, 1'000'000).value_or(1));
    step.type = section_
                    .choice<OrderType>("type", {{"market", OrderType::Market},
                                                {"limit", OrderType::Limit},
                                                {"stop", OrderType::Stop},
                                                {"stop_limit", OrderType::StopLimit},
                                                {"trailing_stop", OrderType::TrailingStop},
                                                {"join_bid", OrderType::JoinBid},
                                                {"join_ask", OrderType::JoinAsk}})
                    .value_or(OrderType::Market);
    order_prices(step);
    step.stop_loss = leg("stop_loss_ticks", OrderType::Stop);
    step.take_profit = leg("take_profit_ticks", OrderType::Limit);
    step.tag = section_.text("tag");
    step.label = section_.text("label").value_or("");
    return step;
  }

  CancelStep cancel() {
    CancelStep step{.account = account(), .label = section_.text("label").value_or(""), .contract = {}};
    if (section_.take("symbol") != nullptr && symbol() != nullptr) step.contract = contract_->id;
    return step;
  }

  CloseStep close() {
    const AccountId id = account();
    return {.account = id, .contract = symbol() == nullptr ? "" : contract_->id};
  }

  PriceStep price() {
    PriceStep step;
    if (symbol() != nullptr) step.price.contract = contract_->id;
    step.price.last = section_.price("last", contract_);
    step.price.bid = section_.price("bid", contract_);
    step.price.ask = section_.price("ask", contract_);
    if (!step.price.last && !step.price.bid && !step.price.ask) section_.missing("last");
    if (step.price.bid && step.price.ask && *step.price.bid >= *step.price.ask) {
      section_.wrong(section_.line(), "price: bid must be below ask");
    }
    return step;
  }

  MoveStep move() {
    MoveStep step;
    if (symbol() != nullptr) step.contract = contract_->id;
    const auto to = section_.price("to", contract_);
    const auto by = distance("by");
    if (to.has_value() == by.has_value()) section_.wrong(section_.line(), "move: needs either 'to' or 'by'");
    step.relative = by.has_value();
    step.to = by.value_or(to.value_or(Decimal{}));
    step.over = section_.seconds("over_seconds").value_or(Nanos{0});
    return step;
  }

  FlagStep flag() {
    FlagStep step{.account = account(), .change = {}};
    AccountChange& change = step.change;
    change.can_trade = section_.boolean("can_trade");
    change.visible = section_.boolean("visible");
    change.active = section_.boolean("active");
    change.simulated = section_.boolean("simulated");
    change.follower = section_.boolean("follower");
    change.balance = section_.decimal("balance");
    change.bracket_mode = section_.choice<BracketMode>(
        "bracket_mode", {{"position", BracketMode::Position}, {"auto_oco", BracketMode::AutoOco}});
    if (const auto most = section_.integer("max_size", 0, 1'000'000)) change.max_size = static_cast<int>(*most);
    const bool nothing = !change.can_trade && !change.visible && !change.active && !change.simulated &&
                         !change.follower && !change.balance && !change.bracket_mode && !change.max_size;
    if (nothing) section_.missing("can_trade");
    return step;
  }

 private:
  std::optional<Decimal> distance(std::string_view key) {
    const auto value = section_.decimal(key);
    if (value && contract_ != nullptr && !contract_->on_tick(*value)) {
      section_.wrong(section_.line(), std::string{key} + " is not a multiple of the tick size " +
                                          contract_->tick_size.text() + " of " + contract_->root);
    }
    return value;
  }

  std::optional<StepPrice> step_price(const std::string& name, bool needed) {
    const auto absolute = section_.price(name + "_price", contract_);
    const auto relative = distance(name + "_from_last");
    if (absolute && relative) section_.wrong(section_.line(), name + "_price or " + name + "_from_last, not both");
    if (needed && !absolute && !relative) section_.missing(name + "_price");
    if (relative) return StepPrice{.value = *relative, .from_last = true};
    return absolute ? std::optional{StepPrice{.value = *absolute, .from_last = false}} : std::nullopt;
  }

  void order_prices(TradeStep& step) {
    const bool stop_limit = step.type == OrderType::StopLimit;
    step.limit = step_price("limit", step.type == OrderType::Limit || stop_limit);
    step.stop = step_price("stop", step.type == OrderType::Stop || stop_limit);
    step.trail = step_price("trail", step.type == OrderType::TrailingStop);
  }

  std::optional<BracketLeg> leg(std::string_view key, OrderType type) {
    const auto ticks = section_.integer(key, -1'000'000, 1'000'000);
    return ticks ? std::optional{BracketLeg{.ticks = static_cast<int>(*ticks), .type = type}} : std::nullopt;
  }

  Section& section_;
  Loading& loading_;
  const Contract* contract_ = nullptr;
};

constexpr std::string_view kVerbs[] = {"trade", "cancel", "close", "price", "move", "flag", "say"};

void read_action(std::string_view verb, const YamlNode& node, Loading& loading, Step& step) {
  if (verb == "say") {
    if (node.kind != YamlNode::Kind::Scalar) loading.problems.add(node.line, "say must be a text");
    step.action = SayStep{node.text};
    return;
  }
  if (std::ranges::find(control_verbs(), verb) != control_verbs().end()) {
    step.action = read_control(verb, node, loading);
    return;
  }
  Section section{node, std::string{verb}, loading.problems};
  StepReader reader{section, loading};
  if (verb == "trade") step.action = reader.trade();
  if (verb == "cancel") step.action = reader.cancel();
  if (verb == "close") step.action = reader.close();
  if (verb == "price") step.action = reader.price();
  if (verb == "move") step.action = reader.move();
  if (verb == "flag") step.action = reader.flag();
  section.finish();
}

void load_step(Section& section, Loading& loading) {
  Step step;
  const auto& steps = loading.scenario.steps;
  const auto at = section.seconds("at");
  const auto after = section.seconds("after");
  if (at.has_value() == after.has_value())
    section.wrong(section.line(), "step: needs either 'at' or 'after' seconds");
  step.at = at ? *at : (steps.empty() ? Nanos{0} : steps.back().at) + after.value_or(Nanos{0});
  int found = 0;
  std::string all;
  for (const auto verbs : {std::span<const std::string_view>{kVerbs}, control_verbs()}) {
    for (const auto verb : verbs) {
      const YamlNode* node = section.take(verb);
      if (node != nullptr && ++found == 1) read_action(verb, *node, loading, step);
      all.append(all.empty() ? "" : ", ").append(verb);
    }
  }
  if (found != 1) section.wrong(section.line(), "step: needs exactly one of " + all);
  section.finish();
  loading.scenario.steps.push_back(std::move(step));
}

void load_loop(const YamlNode& node, Loading& loading) {
  Section section{node, "loop", loading.problems};
  Loop loop;
  loop.from = section.seconds("from").value_or(Nanos{0});
  const auto every = section.seconds("every");
  section.finish();
  if (!every) return section.missing("every");
  loop.every = *every;
  if (loop.every < std::chrono::seconds{1}) section.wrong(section.line(), "loop: every must be 1 second or more");
  const auto& steps = loading.scenario.steps;
  if (steps.empty() || steps.back().at < loop.from) {
    section.wrong(section.line(), "loop: no step happens at or after 'from'");
  } else if (steps.back().at > loop.from + loop.every) {
    section.wrong(section.line(), "loop: the last step happens after 'from' + 'every'");
  }
  loading.scenario.loop = loop;
}

}  // namespace

void load_story(Section& top, Loading& loading) {
  loading.scenario.wait_for_client = top.choice<bool>("begin", {{"client", true}, {"start", false}}).value_or(true);
  for_each_section(top, "steps", "step", [&](Section& section) { load_step(section, loading); });
  std::ranges::stable_sort(loading.scenario.steps, {}, &Step::at);
  if (const YamlNode* loop = top.take("loop")) load_loop(*loop, loading);
}

}  // namespace paper
