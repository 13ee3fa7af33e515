#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "paper_gateway/feed/replay.h"
#include "paper_gateway/scenario/loading.h"

namespace paper {
namespace {

// The members of a map whose keys are symbols.
template <class Each>
void for_each_symbol(Section& top, std::string_view key, Loading& loading, Each each) {
  const YamlNode* node = top.take(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::Map) {
    return loading.problems.add(node->line, std::string{key} + " must be a map of symbols");
  }
  for (const auto& member : node->members) {
    const Contract* contract = find_contract(loading.catalogue, member.key, member.line, loading.problems);
    if (contract != nullptr) each(*contract, member);
  }
}

void load_months(Section& top, Loading& loading) {
  for_each_symbol(top, "months", loading, [&](const Contract& contract, const YamlNode::Member& member) {
    const std::string root = contract.root;  // `contract` itself is what roll() replaces
    if (loading.catalogue.roll(root, member.value.text)) {
      loading.scenario.months.emplace_back(root, member.value.text);
    } else {
      loading.problems.add(member.line, "'" + member.value.text + "' is no contract month, such as Z26");
    }
  });
}

PriceUpdate read_price(const Contract& contract, const YamlNode::Member& member, Loading& loading) {
  PriceUpdate price;
  price.contract = contract.id;
  YamlNode whole = member.value;
  if (whole.kind == YamlNode::Kind::Scalar) {  // "MNQ: 29500" is short for "MNQ: {last: 29500}"
    whole = {.kind = YamlNode::Kind::Map,
             .line = member.line,
             .text = {},
             .items = {},
             .members = {{.key = "last", .line = member.line, .value = member.value}}};
  }
  Section section{whole, "price of " + contract.root, loading.problems};
  price.last = section.price("last", &contract);
  price.bid = section.price("bid", &contract);
  price.ask = section.price("ask", &contract);
  section.finish();
  if (!price.last && !price.bid && !price.ask) section.missing("last");
  if (price.bid && price.ask && *price.bid >= *price.ask) section.wrong(member.line, "bid must be below ask");
  return price;
}

void load_prices(Section& top, Loading& loading) {
  auto& prices = loading.scenario.prices;
  for_each_symbol(top, "prices", loading, [&](const Contract& contract, const YamlNode::Member& member) {
    prices.push_back(read_price(contract, member, loading));
  });
  if (!top.boolean("price_all").value_or(true)) return;
  for (const auto& contract : loading.catalogue.available()) {
    if (std::ranges::find(prices, contract.id, &PriceUpdate::contract) != prices.end()) continue;
    PriceUpdate typical;
    typical.contract = contract.id;
    typical.last = contract.typical_price;
    prices.push_back(std::move(typical));
  }
}

Decimal start_price(const Contract& contract, const std::vector<PriceUpdate>& prices) {
  const auto found = std::ranges::find(prices, contract.id, &PriceUpdate::contract);
  if (found == prices.end()) return contract.typical_price;
  return found->last ? *found->last : found->bid ? *found->bid : *found->ask;
}

void load_random_walk(const YamlNode& node, Loading& loading) {
  Section section{node, "random_walk", loading.problems};
  const auto rate = section.integer("quotes_per_second", 1, 1000).value_or(40);
  const auto percent = section.decimal("daily_move_percent").value_or(Decimal::from_units(1));
  const std::int64_t permille = percent.nanos() / 100'000'000;
  if (percent < Decimal{} || permille > 200) section.wrong(section.line(), "daily_move_percent must be from 0 to 20");
  const YamlNode* symbols = section.take("symbols");
  section.finish();
  if (symbols == nullptr || symbols->kind != YamlNode::Kind::List) return section.missing("symbols");
  for (const auto& item : symbols->items) {
    const Contract* contract = find_contract(loading.catalogue, item.text, item.line, loading.problems);
    if (contract == nullptr) continue;
    loading.scenario.feed.walk.push_back({.contract = contract->id,
                                          .tick = contract->tick_size,
                                          .start_price = start_price(*contract, loading.scenario.prices),
                                          .quotes_per_second = static_cast<int>(rate),
                                          .daily_move_permille = static_cast<int>(permille)});
  }
  loading.scenario.feed.kind = FeedPlan::Kind::RandomWalk;
}

void load_csv(const YamlNode& node, Loading& loading) {
  Section section{node, "csv", loading.problems};
  FeedPlan& feed = loading.scenario.feed;
  const auto file = section.text("file");
  const Contract* contract = section.contract("symbol", loading.catalogue);
  feed.csv_loop = section.boolean("loop").value_or(false);
  section.finish();
  if (!file) return section.missing("file");
  feed.csv_name = (std::filesystem::path{loading.directory} / *file).string();
  feed.csv_symbol = contract == nullptr ? "" : contract->root;
  std::ifstream in{feed.csv_name, std::ios::binary};
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return section.wrong(section.line(), "cannot read '" + feed.csv_name + "'");
  feed.csv_text = text.str();
  feed.kind = FeedPlan::Kind::Csv;
  const auto replay =
      make_replay(feed.csv_text, feed.csv_name, {.default_symbol = feed.csv_symbol, .start = {}}, loading.catalogue);
  if (replay) return;
  for (const auto& problem : replay.error()) loading.problems.add_foreign(section.line(), problem);
}

void load_feed(Section& top, Loading& loading) {
  const YamlNode* node = top.take("feed");
  if (node == nullptr || node->text == "none") return;
  if (node->kind == YamlNode::Kind::Scalar) {
    return loading.problems.add(node->line,
                                "feed is '" + node->text + "', must be none, random_walk: {…} or csv: {…}");
  }
  Section section{*node, "feed", loading.problems};
  const YamlNode* walk = section.take("random_walk");
  const YamlNode* csv = section.take("csv");
  section.finish();
  if (walk != nullptr && csv != nullptr) section.wrong(node->line, "feed: random_walk or csv, not both");
  if (walk != nullptr) load_random_walk(*walk, loading);
  if (csv != nullptr) load_csv(*csv, loading);
}

}  // namespace

void load_market(Section& top, Loading& loading) {
  load_months(top, loading);
  load_prices(top, loading);
  load_feed(top, loading);
}

}  // namespace paper
