#include "config/schema.h"

#include <nlohmann/json.hpp>

#include "config/firms.h"
#include "config/param_value.h"
#include "config/settings.h"

namespace rm {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kAccounts =
    "The accounts that are guarded; an entry may have rules of its own, whose keys replace those of the common "
    "rules.";

Json texts(std::span<const std::string_view> words) {
  Json list = Json::array();
  for (const std::string_view word : words) list.push_back(word);
  return list;
}

void bound(Json& schema, Bound bound) {
  switch (bound) {
    case Bound::Any:
      return;
    case Bound::BelowZero:
      schema["exclusiveMaximum"] = 0;
      return;
    case Bound::AboveZero:
      schema["exclusiveMinimum"] = 0;
      return;
    case Bound::AtLeastZero:
      schema["minimum"] = 0;
      return;
  }
}

Json whole_number(Bound allowed) {
  Json schema{{"type", "integer"}};
  bound(schema, allowed);
  if (allowed == Bound::Any) schema["minimum"] = -kMaxInt;
  if (allowed != Bound::BelowZero) schema["maximum"] = kMaxInt;
  return schema;
}

constexpr const char* kTimeSpan = "^[0-9]+(ms|s|m|h)$";

// [{days: [mon, fri], start: "08:30", end: "15:00"}]
Json sessions_schema() {
  const Json time{{"type", "string"}, {"pattern", "^[0-2][0-9]:[0-5][0-9]$"}};
  const Json days{
      {"type", "array"}, {"items", {{"enum", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}}}, {"minItems", 1}};
  return {{"type", "array"},
          {"items",
           {{"type", "object"},
            {"properties", {{"days", days}, {"start", time}, {"end", time}}},
            {"required", {"days", "start", "end"}},
            {"additionalProperties", false}}}};
}

// The value itself, without what is said about it. A new kind does not compile until it is here.
Json value_schema(const Param& param) {
  switch (param.kind) {
    case ParamKind::Bool:
      return {{"type", "boolean"}};
    case ParamKind::Int:
      return whole_number(param.bound);
    case ParamKind::Money: {
      Json schema{{"type", "number"}};
      bound(schema, param.bound);
      return schema;
    }
    case ParamKind::Choice:
      return {{"enum", texts(split_choices(param.choices))}};
    case ParamKind::PercentList:
      return {{"type", "array"},
              {"items", {{"type", "integer"}, {"minimum", 1}, {"maximum", 99}}},
              {"uniqueItems", true}};
    case ParamKind::TimeSpan:
      return {{"type", "string"}, {"pattern", kTimeSpan}};
    case ParamKind::Text:
      return {{"type", "string"}, {"minLength", 1}};
    case ParamKind::SymbolList:
      return {{"type", "array"}, {"items", {{"type", "string"}}}, {"uniqueItems", true}};
    case ParamKind::SymbolLimits:
      return {{"type", "object"}, {"additionalProperties", whole_number(param.bound)}};
    case ParamKind::SymbolWeights:
      return {{"type", "object"}, {"additionalProperties", {{"type", "number"}, {"exclusiveMinimum", 0}}}};
    case ParamKind::TimeZone:
    case ParamKind::HolidayFile:
      return {{"type", "string"}, {"minLength", 1}};
    case ParamKind::Sessions:
      return sessions_schema();
    case ParamKind::SymbolSessions:
      return {{"type", "object"}, {"additionalProperties", sessions_schema()}};
    case ParamKind::Cooldown:
      return {{"type", "string"}, {"pattern", "^([0-9]+(ms|s|m|h)|until_reset)$"}};
    case ParamKind::LossTiers:
      return {{"type", "array"},
              {"minItems", 1},
              {"items",
               {{"type", "object"},
                {"properties",
                 {{"loss", {{"type", "number"}, {"exclusiveMaximum", 0}}},
                  {"cooldown", {{"type", "string"}, {"pattern", kTimeSpan}}}}},
                {"required", {"loss", "cooldown"}},
                {"additionalProperties", false}}}};
  }
  return {};
}

Json param_schema(const Param& param) {
  Json schema = param.name == "firm" ? Json{{"enum", texts(known_firms())}} : value_schema(param);
  const bool optional = !param.required && param.default_text.empty();
  if (optional) schema = {{"anyOf", Json::array({std::move(schema), {{"enum", {"none", nullptr}}}})}};
  std::string description{param.sentence};
  if (param.required) description += " Required.";
  if (!param.default_text.empty()) description += " Default: " + std::string{param.default_text};
  schema["description"] = std::move(description);
  return schema;
}

Json mapping(std::string_view description) {
  return {{"type", {"object", "null"}},
          {"description", description},
          {"properties", Json::object()},
          {"additionalProperties", false}};
}

// "cooldown.per_minute" is the key per_minute of the mapping `cooldown`.
void add_params(Json& section, std::span<const Param> params) {
  for (const Param& param : params) {
    const auto dot = param.name.find('.');
    if (dot == std::string_view::npos) {
      section["properties"][std::string{param.name}] = param_schema(param);
      continue;
    }
    Json& group = section["properties"][std::string{param.name.substr(0, dot)}];
    if (group.is_null()) {
      group = mapping("");
      group.erase("description");
    }
    group["properties"][std::string{param.name.substr(dot + 1)}] = param_schema(param);
  }
}

Json rule_schema(const RuleSpec& spec) {
  Json schema = mapping(spec.sentence);
  schema["properties"][std::string{enabled_param().name}] = param_schema(enabled_param());
  add_params(schema, spec.params);
  return schema;
}

// The common rules need their required keys unless they are off; an account's own only say what is different.
Json common_rule(const RuleSpec& spec) {
  Json required = Json::array();
  for (const Param& param : spec.params) {
    if (param.required) required.push_back(param.name);
  }
  Json reference{{"$ref", "#/definitions/" + std::string{spec.name}}};
  if (required.empty()) return reference;
  const Json off{{"type", "object"}, {"required", {"enabled"}}, {"properties", {{"enabled", {{"enum", {false}}}}}}};
  return {{"allOf", Json::array({std::move(reference),
                                 {{"anyOf", Json::array({off, {{"type", "object"}, {"required", required}}})}}})}};
}

Json rules_schema(std::span<const RuleSpec> registry, bool common) {
  Json schema = mapping(common ? "What the accounts are guarded by; a rule without a section is not enforced."
                               : "What is different for this account.");
  for (const RuleSpec& spec : registry) {
    schema["properties"][std::string{spec.name}] =
        common ? common_rule(spec) : Json{{"$ref", "#/definitions/" + std::string{spec.name}}};
  }
  return schema;
}

Json accounts_schema() {
  Json entry = mapping("One account, by the broker's number or by its name.");
  entry["type"] = "object";
  entry["properties"]["id"] = {{"type", "integer"}, {"exclusiveMinimum", 0}};
  entry["properties"]["name"] = {{"type", "string"}, {"minLength", 1}};
  entry["properties"]["rules"] = {{"$ref", "#/definitions/own_rules"}};
  entry["oneOf"] = Json::array({{{"required", {"id"}}}, {{"required", {"name"}}}});
  const Json all{{"enum", {"all"}}};
  const Json list{{"type", "array"}, {"minItems", 1}, {"items", {{"anyOf", Json::array({all, std::move(entry)})}}}};
  return {{"description", kAccounts}, {"anyOf", Json::array({all, list})}};
}

Json logins_schema(const SettingsTable& table) {
  Json entry = mapping("One login.");
  entry["type"] = "object";
  add_params(entry, table.params);
  entry["properties"]["gateway"] = {{"$ref", "#/properties/gateway"}};
  entry["properties"]["accounts"] = {{"$ref", "#/properties/accounts"}};
  entry["required"] = {"name"};
  entry["anyOf"] = Json::array({{{"required", {"firm"}}}, {{"required", {"gateway"}}}});
  return {{"description", table.sentence}, {"type", "array"}, {"minItems", 1}, {"items", std::move(entry)}};
}

}  // namespace

std::string schema_json(std::span<const RuleSpec> registry) {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "Risk Manager configuration"},
              {"type", "object"},
              {"properties", Json::object()},
              {"additionalProperties", false}};
  for (const SettingsTable& table : settings_tables()) {
    if (table.section.empty()) {
      add_params(schema, table.params);
      schema["properties"]["accounts"] = accounts_schema();
      continue;
    }
    if (table.section == "logins") {
      schema["properties"]["logins"] = logins_schema(table);
      continue;
    }
    Json section = mapping(table.sentence);
    add_params(section, table.params);
    schema["properties"][std::string{table.section}] = std::move(section);
  }
  Json notify = mapping("A program that is run with a sentence for a person as its last argument.");
  notify["properties"]["command"] = {{"type", "array"}, {"items", {{"type", "string"}}}};
  schema["properties"]["notify"] = std::move(notify);
  schema["properties"]["rules"] = rules_schema(registry, true);
  schema["definitions"]["own_rules"] = rules_schema(registry, false);
  for (const RuleSpec& spec : registry) schema["definitions"][std::string{spec.name}] = rule_schema(spec);
  return schema.dump(2) + "\n";
}

}  // namespace rm
