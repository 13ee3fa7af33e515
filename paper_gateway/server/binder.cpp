#include "paper_gateway/server/binder.h"

#include <algorithm>
#include <limits>

#include "paper_gateway/server/jwt.h"

namespace paper {
namespace {

std::optional<int> int32_of(const Json& value) {
  const auto number = value.as_integer();
  if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

constexpr std::string_view type_of_status(int status) {
  switch (status) {
    case 400:
      return "https://tools.ietf.org/html/rfc9110#section-15.5.1";
    case 413:
      return "https://tools.ietf.org/html/rfc9110#section-15.5.14";
    case 415:
      return "https://tools.ietf.org/html/rfc9110#section-15.5.16";
    default:
      return "about:blank";
  }
}

}  // namespace

HttpResponse problem_details(int status, std::string_view title, const Pairs& errors) {
  auto json = Json::object()
                  .add("type", Json::string(type_of_status(status)))
                  .add("title", Json::string(title))
                  .add("status", Json::integer(status));
  if (!errors.empty()) {
    auto list = Json::object();
    for (const auto& [name, text] : errors) list.add(name, Json::array({Json::string(text)}));
    json.add("errors", std::move(list));
  }
  json.add("traceId", Json::string("00-" + random_uuid()));
  return {status, "application/problem+json; charset=utf-8", json.dump(), {}, false};
}

Binder::Binder(const Json& object) : object_{object} {
  if (!object.is_object()) note("$", "The JSON value could not be converted to an object.");
}

void Binder::note(std::string_view name, std::string_view problem) {
  notes_.emplace_back(std::string{name}, std::string{problem});
}

void Binder::wrong(std::string_view name, std::string_view wanted) {
  note("$." + std::string{name}, "The JSON value could not be converted to " + std::string{wanted} + ".");
}

const Json* Binder::present(std::string_view name) {
  const auto* member = object_.find(name);
  return member == nullptr || member->is_null() ? nullptr : member;
}

const Json* Binder::required(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) note(name, "The " + std::string{name} + " field is required.");
  return member;
}

bool Binder::boolean(std::string_view name) {
  const auto* member = required(name);
  if (member == nullptr) return false;
  return optional_boolean(name).value_or(false);
}

std::string Binder::string(std::string_view name) {
  if (required(name) == nullptr) return {};
  return optional_string(name).value_or("");
}

int Binder::int32(std::string_view name) {
  if (required(name) == nullptr) return 0;
  return optional_int32(name).value_or(0);
}

std::int64_t Binder::int64(std::string_view name) {
  const auto* member = required(name);
  if (member == nullptr) return 0;
  const auto value = member->as_integer();
  if (!value) wrong(name, "System.Int64");
  return value.value_or(0);
}

PaperTime Binder::time(std::string_view name) {
  if (required(name) == nullptr) return {};
  return optional_time(name).value_or(PaperTime{});
}

std::optional<bool> Binder::optional_boolean(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_bool()) return member->as_bool();
  wrong(name, "System.Boolean");
  return std::nullopt;
}

std::optional<std::string> Binder::optional_string(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_string()) return member->as_string();
  wrong(name, "System.String");
  return std::nullopt;
}

std::optional<int> Binder::optional_int32(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) return std::nullopt;
  const auto value = int32_of(*member);
  if (!value) wrong(name, "System.Int32");
  return value;
}

std::optional<Decimal> Binder::optional_decimal(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_number()) {
    if (const auto value = Decimal::parse(member->number_text())) return *value;
  }
  wrong(name, "System.Decimal");
  return std::nullopt;
}

std::optional<PaperTime> Binder::optional_time(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_string()) {
    if (const auto value = parse_time(member->as_string())) return *value;
  }
  wrong(name, "System.DateTimeOffset");
  return std::nullopt;
}

const Json* Binder::optional_object(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr || member->is_object()) return member;
  wrong(name, "an object");
  return nullptr;
}

const Json* Binder::object(std::string_view name) {
  return required(name) == nullptr ? nullptr : optional_object(name);
}

std::optional<std::vector<int>> Binder::optional_int32s(std::string_view name) {
  const auto* member = present(name);
  if (member == nullptr) return std::nullopt;
  std::vector<int> values;
  if (member->is_array()) {
    for (const auto& item : member->items()) {
      if (const auto value = int32_of(item)) values.push_back(*value);
    }
    if (values.size() == member->items().size()) return values;
  }
  wrong(name, "a list of System.Int32");
  return std::nullopt;
}

void Binder::adopt(const Binder& inner, std::string_view name) {
  for (const auto& [member, text] : inner.notes_) note(std::string{name} + "." + member, text);
}

void Binder::refuse_others(std::span<const std::string_view> names) {
  if (!object_.is_object()) return;
  for (const auto& [member, value] : object_.members()) {
    if (std::ranges::any_of(names, [&](auto name) { return equal_ignoring_case(name, member); })) continue;
    std::string known;
    for (const auto name : names) known.append(known.empty() ? "" : ", ").append(name);
    note(member, "Not known here. There is: " + known + ".");
  }
}

HttpResponse Binder::problem() const {
  return problem_details(400, "One or more validation errors occurred.", notes_);
}

std::string Binder::sentence() const {
  std::string out;
  for (const auto& [name, text] : notes_) out.append(out.empty() ? "" : " ").append(name).append(": ").append(text);
  return out;
}

}  // namespace paper
