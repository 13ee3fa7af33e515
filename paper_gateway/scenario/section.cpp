#include "paper_gateway/scenario/section.h"

#include <algorithm>
#include <charconv>

namespace paper {
namespace {

// Letters to insert, delete or replace to get from one word to the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string quoted(std::string_view word) {
  return "'" + std::string{word} + "'";
}

}  // namespace

std::vector<std::string> Problems::sorted() const {
  auto lines = lines_;
  std::ranges::stable_sort(lines, {}, [](const auto& line) { return line.first; });
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (auto& [line, text] : lines) out.push_back(std::move(text));
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string did_you_mean(std::string_view found, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t closest = found.size() / 3 + 2;
  for (const auto candidate : candidates) {
    const std::size_t steps = distance(found, candidate);
    if (steps < closest) closest = steps, best = candidate;
  }
  return best.empty() ? std::string{} : ", did you mean " + quoted(best) + "?";
}

const Contract* find_contract(const Catalogue& catalogue, const std::string& word, std::size_t line,
                              Problems& problems) {
  const Contract* found = catalogue.find_symbol(word);
  if (found != nullptr) return found;
  std::vector<std::string_view> roots;
  for (const auto& contract : catalogue.available()) roots.emplace_back(contract.root);
  problems.add(line, "unknown symbol " + quoted(word) + did_you_mean(word, roots));
  return nullptr;
}

Section::Section(const YamlNode& node, std::string what, Problems& problems)
    : node_{node}, what_{std::move(what)}, problems_{problems} {
  if (node.kind != YamlNode::Kind::Map) problems_.add(node.line, what_ + " must be a map of keys and values");
}

const YamlNode* Section::take(std::string_view key) {
  taken_.emplace(key);
  const auto found = std::ranges::find(node_.members, key, &YamlNode::Member::key);
  if (found == node_.members.end() || found->value.kind == YamlNode::Kind::Null) return nullptr;
  return &found->value;
}

const YamlNode* Section::scalar(std::string_view key) {
  const YamlNode* node = take(key);
  if (node == nullptr || node->kind == YamlNode::Kind::Scalar) return node;
  not_a(*node, key, "a single value");
  return nullptr;
}

void Section::not_a(const YamlNode& node, std::string_view key, std::string_view allowed) {
  const std::string found = node.kind == YamlNode::Kind::Scalar ? quoted(node.text) : std::string{"a list or map"};
  problems_.add(node.line, what_ + ": " + std::string{key} + " is " + found + ", must be " + std::string{allowed});
}

std::optional<std::string> Section::text(std::string_view key) {
  const YamlNode* node = scalar(key);
  return node == nullptr ? std::nullopt : std::optional{node->text};
}

std::optional<bool> Section::boolean(std::string_view key) {
  return choice<bool>(key, {{"true", true}, {"false", false}, {"yes", true}, {"no", false}});
}

std::optional<std::int64_t> Section::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const YamlNode* node = scalar(key);
  if (node == nullptr) return std::nullopt;
  const auto value = parse_integer(node->text);
  if (value && *value >= low && *value <= high) return value;
  not_a(*node, key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return std::nullopt;
}

std::optional<Decimal> Section::decimal(std::string_view key) {
  const YamlNode* node = scalar(key);
  if (node == nullptr) return std::nullopt;
  const auto value = Decimal::parse(node->text);
  if (value) return *value;
  not_a(*node, key, "a number: " + value.error());
  return std::nullopt;
}

std::optional<Decimal> Section::price(std::string_view key, const Contract* contract) {
  const auto value = decimal(key);
  if (!value) return std::nullopt;
  const YamlNode& node = *take(key);
  if (*value <= Decimal{}) {
    not_a(node, key, "above 0");
  } else if (contract != nullptr && !contract->on_tick(*value)) {
    not_a(node, key, "a multiple of the tick size " + contract->tick_size.text() + " of " + contract->root);
  }
  return value;
}

std::optional<Nanos> Section::seconds(std::string_view key) {
  const auto value = decimal(key);
  if (!value) return std::nullopt;
  if (*value < Decimal{}) not_a(*take(key), key, "0 seconds or more");
  return Nanos{value->nanos()};
}

const Contract* Section::contract(std::string_view key, const Catalogue& catalogue) {
  const YamlNode* node = scalar(key);
  return node == nullptr ? nullptr : find_contract(catalogue, node->text, node->line, problems_);
}

void Section::missing(std::string_view key) {
  problems_.add(node_.line, what_ + ": " + quoted(key) + " is missing");
}

void Section::finish() {
  const std::vector<std::string_view> known{taken_.begin(), taken_.end()};
  for (const auto& member : node_.members) {
    if (taken_.contains(member.key)) continue;
    problems_.add(member.line, what_ + ": unknown key " + quoted(member.key) + did_you_mean(member.key, known));
  }
}

}  // namespace paper
