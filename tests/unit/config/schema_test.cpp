// The schema that comes with the program, and that it takes what the loader takes.
#include "config/schema.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "config/print.h"
#include "config/scalars.h"
#include "config/yaml_tree.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using Json = nlohmann::json;

// As much of JSON Schema as the schema uses. A word it does not know fails the test.
class Validator {
 public:
  explicit Validator(Json root) : root_(std::move(root)) {}
  [[nodiscard]] bool takes(const Node& node) const { return fits(root_, node); }

 private:
  [[nodiscard]] static bool is_type(const std::string& type, const Node& node) {
    if (type == "object") return node.is_map();
    if (type == "array") return node.is_list();
    if (type == "null") return node.is_null();
    if (!node.is_scalar()) return false;
    if (type == "boolean") return scan_bool(node.text).has_value();
    if (type == "integer") return scan_id(node.text) || scan_int(node.text);
    if (type == "number") return scan_money(node.text).has_value();
    EXPECT_EQ(type, "string");
    return true;
  }
  [[nodiscard]] static bool is_value(const Json& value, const Node& node) {
    if (value.is_null()) return node.is_null();
    return node.is_scalar() && node.text == (value.is_string() ? value.get<std::string>() : value.dump());
  }

  [[nodiscard]] bool keys_fit(const Json& schema, const Node& node) const {
    for (const NodeEntry& entry : node.entries) {
      const bool named = schema.contains("properties") && schema.at("properties").contains(entry.key);
      if (named && !fits(schema.at("properties").at(entry.key), entry.value)) return false;
      if (named || !schema.contains("additionalProperties")) continue;
      const Json& other = schema.at("additionalProperties");
      if (other.is_boolean() || !fits(other, entry.value)) return false;
    }
    return true;
  }
  [[nodiscard]] static bool has_keys(const Json& required, const Node& node) {
    return std::ranges::all_of(required, [&](const Json& key) {
      return std::ranges::find(node.entries, key.get<std::string>(), &NodeEntry::key) != node.entries.end();
    });
  }
  [[nodiscard]] std::ptrdiff_t fitting(const Json& choices, const Node& node) const {
    return std::ranges::count_if(choices, [&](const Json& one) { return fits(one, node); });
  }

  [[nodiscard]] bool fits(const Json& schema, const Node& node) const {
    const auto number = [&] { return node.is_scalar() ? scan_money(node.text).value_or(Money{}) : Money{}; };
    const auto limit = [](const Json& value) { return Money::from_units(value.get<std::int64_t>()); };
    for (const auto& [word, value] : schema.items()) {
      bool good = true;
      if (word == "type") {
        const Json types = value.is_array() ? value : Json::array({value});
        good = std::ranges::any_of(types, [&](const Json& type) { return is_type(type.get<std::string>(), node); });
      } else if (word == "enum") {
        good = std::ranges::any_of(value, [&](const Json& one) { return is_value(one, node); });
      } else if (word == "anyOf") {
        good = fitting(value, node) > 0;
      } else if (word == "oneOf") {
        good = fitting(value, node) == 1;
      } else if (word == "allOf") {
        good = fitting(value, node) == static_cast<std::ptrdiff_t>(value.size());
      } else if (word == "$ref") {
        good = fits(root_.at(Json::json_pointer{value.get<std::string>().substr(1)}), node);
      } else if (word == "required") {
        good = has_keys(value, node);
      } else if (word == "properties") {
        good = keys_fit(schema, node);
      } else if (word == "items") {
        good = std::ranges::all_of(node.items, [&](const Node& item) { return fits(value, item); });
      } else if (word == "minItems") {
        good = node.items.size() >= value.get<std::size_t>();
      } else if (word == "exclusiveMaximum") {
        good = number() < limit(value);
      } else if (word == "exclusiveMinimum") {
        good = number() > limit(value);
      } else if (word == "minimum") {
        good = number() >= limit(value);
      } else if (word == "maximum") {
        good = number() <= limit(value);
      } else if (word == "pattern") {
        good = std::regex_match(node.text, std::regex{value.get<std::string>()});
      } else if (word == "minLength") {
        good = node.text.size() >= value.get<std::size_t>();
      } else if (word == "additionalProperties") {
        good = schema.contains("properties") || keys_fit(schema, node);
      } else {
        EXPECT_TRUE(word == "$schema" || word == "title" || word == "description" || word == "definitions" ||
                    word == "uniqueItems")
            << word;
      }
      if (!good) return false;
    }
    return true;
  }

  Json root_;
};

bool takes(const std::string& yaml, std::span<const RuleSpec> registry = table()) {
  const auto tree = parse_yaml(yaml);
  if (!tree) {
    ADD_FAILURE() << yaml;
    return false;
  }
  return Validator{Json::parse(schema_json(registry))}.takes(*tree);
}

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

// RM_WRITE_REFERENCE=1 writes the file instead of comparing it.
TEST(Schema, IsTheFileThatComesWithTheProgram) {
  const std::string path = std::string{RM_SOURCE_DIR} + "/config/risk-manager.schema.json";
  const std::string expected = schema_json(rule_registry());
  if (std::getenv("RM_WRITE_REFERENCE") != nullptr) std::ofstream{path} << expected;
  EXPECT_EQ(read(path), expected) << "write it anew: RM_WRITE_REFERENCE=1 config_test --gtest_filter='Schema.*'";
}

TEST(Schema, TakesWhatTheLoaderTakes) {
  const char* texts[] = {
      "rules: {alpha: {}}",
      "rules: {alpha: }\nlog:\n",
      "rules: {alpha: {enabled: false}, beta: {enabled: false}}",
      "rules: {alpha: {flag: true, count: 0, above: 2, signed: -4, loss: -0.5, gain: none, basis: realized, warn_at: "
      "[], grace: 90s, note: x, symbols: [MNQ, 6E], limits: {ES: 1, MNQ: 0}}}",
      "firm: e8\ncredentials_file: ./login\nrules: {beta: {limit: -1}}\naccounts: [all, {id: 26001234, rules: {beta: "
      "{enabled: false}}}, {name: A}]",
      "rules: {beta: {limit: -1}}\naccounts: all\nnotify: {command: [x, y]}\ntrading_day: {reset: \"16:00\"}\n"
      "valuation: {mark: mid, stale_after: 1500ms}\nlog: {dir: none, keep: 1}",
  };
  for (const char* text : texts) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(takes(text));
    EXPECT_TRUE(takes(to_yaml(valid(text)))) << "every key, spelled out";
  }
}

TEST(Schema, TakesTheShippedFiles) {
  for (const char* name : {"risk.yaml", "four-rules.yaml"})
    EXPECT_TRUE(takes(read(std::string{RM_SOURCE_DIR} + "/config/" + name), rule_registry())) << name;
}

TEST(Schema, RefusesWhatTheLoaderRefuses) {
  const char* texts[] = {
      "rules: {alpha: {cuont: 1}}",
      "rules: {gamma: {}}",
      "rulse: {alpha: {}}",
      "rules: {alpha: {count: -1}}",
      "rules: {alpha: {count: ten}}",
      "rules: {alpha: {count: 1000001}}",
      "rules: {alpha: {above: 0}}",
      "rules: {alpha: {loss: 0}}",
      "rules: {alpha: {loss: lots}}",
      "rules: {alpha: {basis: both}}",
      "rules: {alpha: {warn_at: [100]}}",
      "rules: {alpha: {warn_at: 50}}",
      "rules: {alpha: {grace: 10}}",
      "rules: {alpha: {limits: {ES: -1}}}",
      "rules: {beta: {scope: account}}",
      "rules: {beta: {enabled: true}}",
      "rules: {beta: }",
      "rules: [alpha]",
      "rules: {alpha: {}}\nfirm: nobody",
      "rules: {alpha: {}}\naccounts: [{}]",
      "rules: {alpha: {}}\naccounts: [{id: 1, name: A}]",
      "rules: {alpha: {}}\naccounts: [one]",
      "rules: {alpha: {}}\nlog: {level: loud}",
      "rules: {alpha: {flag: maybe}}",
      "rules: {alpha: {}}\naccounts: []",
  };
  for (const char* text : texts) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(problems(text).empty());
    EXPECT_FALSE(takes(text));
  }
}

}  // namespace
}  // namespace rm::test
