#include "projectx/wire/fields.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

namespace rm::projectx {
namespace {

constexpr std::int64_t kMaxId = std::numeric_limits<std::int64_t>::max();

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// "28446.33333333333" -> "28446.333333333" and whether the tenth decimal rounds it away from zero. Averages are
// quotients, and the gateway's own decimal type has more digits than nine. Text with an exponent is left as it is.
struct Shortened {
  std::string_view text;
  bool up = false;
};
Shortened nine_decimals(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || text.size() <= dot + 10 || text.find_first_of("eE") != std::string_view::npos)
    return {text};
  return {text.substr(0, dot + 10), text[dot + 10] >= '5'};
}

}  // namespace

bool same_name(std::string_view name, std::string_view expected) {
  return name.size() == expected.size() && !name.empty() && lower(name.front()) == lower(expected.front()) &&
         name.substr(1) == expected.substr(1);
}

const JsonValue* Fields::find(std::string_view name) const {
  for (const JsonMember& member : members_) {
    if (same_name(member.name, name)) return member.value.kind == JsonKind::Null ? nullptr : &member.value;
  }
  return nullptr;
}

void Fields::reject(ErrorCode code, std::string_view name, std::string_view why) {
  if (error_) return;
  std::string message{what_};
  message.append(".").append(name).append(" ").append(why);
  error_ = Error{code, std::move(message)};
}

const JsonValue* Fields::require(std::string_view name) {
  if (error_) return nullptr;
  const JsonValue* value = find(name);
  if (value == nullptr) reject(ErrorCode::MissingField, name, "is missing");
  return value;
}

std::int64_t Fields::to_integer(const JsonValue& value, std::string_view name, std::int64_t min, std::int64_t max,
                                bool string_too) {
  if (value.kind != JsonKind::Number && !(string_too && value.kind == JsonKind::String)) {
    reject(ErrorCode::Malformed, name, "is not a number");
    return 0;
  }
  std::int64_t number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  const bool too_large = error == std::errc::result_out_of_range;
  if (!too_large && (error != std::errc{} || stop != end)) {
    reject(ErrorCode::Malformed, name, "is not a whole number");
  } else if (too_large || number < min || number > max) {
    reject(ErrorCode::OutOfRange, name, "is out of range");
  }
  return error_ ? 0 : number;
}

std::int64_t Fields::to_nanos(const JsonValue& value, std::string_view name, std::int64_t limit_units) {
  if (value.kind != JsonKind::Number) {
    reject(ErrorCode::Malformed, name, "is not a number");
    return 0;
  }
  const auto nanos = parse_nanos(value.text);
  if (!nanos) {
    reject(nanos.error().code, name, nanos.error().message);
    return 0;
  }
  if (*nanos > limit_units * kNanosPerUnit || *nanos < -limit_units * kNanosPerUnit) {
    reject(ErrorCode::OutOfRange, name, "is out of range");
    return 0;
  }
  return *nanos;
}

Price Fields::to_price(const JsonValue& value, std::string_view name) {
  const std::int64_t nanos = to_nanos(value, name, kMaxPrice);
  if (nanos == kMaxPrice * kNanosPerUnit || nanos == -kMaxPrice * kNanosPerUnit) {
    reject(ErrorCode::OutOfRange, name, "is out of range");
    return Price{};
  }
  return Price::from_nanos(nanos);
}

Money Fields::to_money(const JsonValue& value, std::string_view name) {
  return Money::from_nanos(to_nanos(value, name, kMaxMoney));
}

BrokerTime Fields::to_time(const JsonValue& value, std::string_view name) {
  if (value.kind != JsonKind::String) {
    reject(ErrorCode::Malformed, name, "is not a timestamp");
    return BrokerTime{};
  }
  const auto time = parse_timestamp(value.text);
  if (!time) {
    reject(ErrorCode::Malformed, name, "is not a timestamp");
    return BrokerTime{};
  }
  return *time;
}

bool Fields::to_boolean(const JsonValue& value, std::string_view name) {
  if (value.kind != JsonKind::Bool) reject(ErrorCode::Malformed, name, "is neither true nor false");
  return value.text == "true";
}

std::string_view Fields::to_text(const JsonValue& value, std::string_view name) {
  if (value.kind == JsonKind::String) return value.text;
  reject(ErrorCode::Malformed, name, "is not a text");
  return {};
}

std::int64_t Fields::id(std::string_view name) {
  const JsonValue* value = require(name);
  return value == nullptr ? 0 : to_integer(*value, name, 1, kMaxId, true);
}

std::int64_t Fields::optional_id(std::string_view name) {
  const JsonValue* value = find(name);
  return value == nullptr ? 0 : to_integer(*value, name, 1, kMaxId, true);
}

std::int64_t Fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const JsonValue* value = require(name);
  return value == nullptr ? 0 : to_integer(*value, name, min, max, false);
}

std::int64_t Fields::optional_integer(std::string_view name, std::int64_t min, std::int64_t max,
                                      std::int64_t otherwise) {
  const JsonValue* value = find(name);
  return value == nullptr ? otherwise : to_integer(*value, name, min, max, false);
}

std::uint8_t Fields::known(std::string_view name, std::uint8_t highest) {
  const std::int64_t number = integer(name, std::numeric_limits<std::int64_t>::min(), kMaxId);
  if (ok() && (number < 0 || number > highest)) reject(ErrorCode::UnknownValue, name, "is no number we know");
  return ok() ? static_cast<std::uint8_t>(number) : std::uint8_t{0};
}

bool Fields::boolean(std::string_view name) {
  const JsonValue* value = require(name);
  return value != nullptr && to_boolean(*value, name);
}

bool Fields::optional_boolean(std::string_view name, bool otherwise) {
  const JsonValue* value = find(name);
  return value == nullptr ? otherwise : to_boolean(*value, name);
}

Price Fields::price(std::string_view name) {
  const JsonValue* value = require(name);
  return value == nullptr ? Price{} : to_price(*value, name);
}

Price Fields::average_price(std::string_view name) {
  const JsonValue* value = require(name);
  if (value == nullptr) return Price{};
  const Shortened shortened = nine_decimals(value->text);
  const Price price = to_price({value->kind, shortened.text}, name);
  if (!shortened.up) return price;
  return Price::from_nanos(price.nanos() + (value->text.starts_with('-') ? -1 : 1));
}

std::optional<Price> Fields::optional_price(std::string_view name) {
  const JsonValue* value = find(name);
  return value == nullptr ? std::nullopt : std::optional{to_price(*value, name)};
}

Money Fields::money(std::string_view name) {
  const JsonValue* value = require(name);
  return value == nullptr ? Money{} : to_money(*value, name);
}

std::optional<Money> Fields::optional_money(std::string_view name) {
  const JsonValue* value = find(name);
  return value == nullptr ? std::nullopt : std::optional{to_money(*value, name)};
}

std::int64_t Fields::tick_size(std::string_view name) {
  const JsonValue* value = require(name);
  if (value == nullptr) return 0;
  const std::int64_t nanos = to_nanos(*value, name, kMaxTickSize);
  if (ok() && nanos <= 0) reject(ErrorCode::OutOfRange, name, "is not above zero");
  return nanos;
}

std::string_view Fields::text(std::string_view name) {
  const JsonValue* value = require(name);
  return value == nullptr ? std::string_view{} : to_text(*value, name);
}

std::string_view Fields::optional_text(std::string_view name) {
  const JsonValue* value = find(name);
  return value == nullptr ? std::string_view{} : to_text(*value, name);
}

std::string_view Fields::contract_id(std::string_view name) {
  const std::string_view id = text(name);
  const auto printable = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
  if (ok() && (id.empty() || id.size() > kMaxContractIdLength || !std::ranges::all_of(id, printable))) {
    reject(ErrorCode::Malformed, name, "is no contract id");
  }
  return id;
}

BrokerTime Fields::time(std::string_view name) {
  const JsonValue* value = require(name);
  return value == nullptr ? BrokerTime{} : to_time(*value, name);
}

std::optional<BrokerTime> Fields::optional_time(std::string_view name) {
  const JsonValue* value = find(name);
  return value == nullptr ? std::nullopt : std::optional{to_time(*value, name)};
}

}  // namespace rm::projectx
