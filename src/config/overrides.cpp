#include "config/overrides.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "config/load.h"

namespace rm {
namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// "RULES__DAILY_LOSS" -> {"rules", "daily_loss"}; empty when a name is missing between "__".
std::vector<std::string> split_path(std::string_view name) {
  std::vector<std::string> path;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t next = std::min(name.find("__", from), name.size());
    if (next == from) return {};
    path.push_back(lower(name.substr(from, next - from)));
    from = next + 2;
  }
  return path;
}

void place_all(Node& node, const Place& place) {
  node.place = place;
  for (Node& item : node.items) place_all(item, place);
  for (NodeEntry& entry : node.entries) {
    entry.place = place;
    place_all(entry.value, place);
  }
}

std::expected<Node, Problem> read_variable(std::string_view value) {
  if (value.starts_with('[') || value.starts_with('{')) return parse_yaml(value);
  if (value.empty() || value == "null" || value == "~") return Node{};
  return make_node(Node::Kind::Scalar, {}, std::string{value});
}

std::optional<std::size_t> list_index(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return index;
}

// The part of `node` that one name of the path leads to, created if absent; nullptr when the node has no parts.
Node* descend(Node& node, const std::string& name, const Place& place) {
  const auto index = list_index(name);
  if (node.is_null()) node.kind = index == 0U ? Node::Kind::List : Node::Kind::Map;
  if (node.is_list()) {
    if (!index || *index > node.items.size()) return nullptr;
    if (*index == node.items.size()) node.items.push_back(make_node(Node::Kind::Null, place));
    return &node.items[*index];
  }
  if (!node.is_map()) return nullptr;
  const auto entry = std::ranges::find_if(node.entries, [&](const NodeEntry& e) { return lower(e.key) == name; });
  if (entry != node.entries.end()) return &entry->value;
  node.entries.push_back({.key = name, .place = place, .value = make_node(Node::Kind::Null, place)});
  return &node.entries.back().value;
}

void apply(Node& root, const std::string& name, std::string_view value, Report& report) {
  const Place place{.variable = name, .line = 0, .column = 0};
  const auto path = split_path(std::string_view{name}.substr(kOverridePrefix.size()));
  if (path.empty() || path.size() > kMaxDepth) {
    report.add(place, {},
               "names no key, allowed the names of the keys with two underscores between them, like "
               "RISK_MANAGER__LOG__LEVEL");
    return;
  }
  auto parsed = read_variable(value);
  if (!parsed) {
    report.add(place, {}, parsed.error().message);
    return;
  }
  place_all(*parsed, place);
  Node* node = &root;
  std::string walked;
  for (const std::string& part : path) {
    Node* next = descend(*node, part, place);
    if (next == nullptr) {
      report.add(place, walked,
                 "has no part '" + printable(part) + "'" +
                     (node->is_list() ? ", allowed the number of an entry, from 0" : ""));
      return;
    }
    walked += (walked.empty() ? "" : ".") + printable(part);
    node = next;
  }
  *node = *std::move(parsed);
}

}  // namespace

void apply_overrides(Node& root, Environment environment, Report& report) {
  // By name: RISK_MANAGER__RULES (the whole section) comes before RISK_MANAGER__RULES__DAILY_LOSS (a part of it),
  // whatever the order of the environment. Of a variable that is there twice the first counts, as for everybody else.
  std::map<std::string, std::string_view> variables;
  for (const std::string_view variable : environment) {
    const std::size_t equals = variable.find('=');
    if (variable.starts_with(kOverridePrefix) && equals != std::string_view::npos)
      variables.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  for (const auto& [name, value] : variables) apply(root, name, value, report);
}

}  // namespace rm
