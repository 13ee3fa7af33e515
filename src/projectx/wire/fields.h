#pragma once
// Takes typed values out of the members of one object. The first thing that is wrong is kept and everything after it
// is moot: take all, then ask for the error once. A null member is an absent one; PascalCase names are accepted;
// unknown members are ignored.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "domain/money.h"
#include "domain/price.h"
#include "domain/time.h"
#include "projectx/wire/json_reader.h"

namespace rm::projectx {

inline constexpr std::int64_t kMaxPrice = 1'000'000'000;  // exclusive, in units of the quotation, either sign
inline constexpr std::int64_t kMaxMoney = 1'000'000'000;  // inclusive, dollars, either sign
inline constexpr std::int32_t kMaxLots = 1'000'000;       // inclusive
inline constexpr std::int64_t kMaxTickSize = 1'000'000;   // inclusive, in units of the quotation
inline constexpr std::size_t kMaxContractIdLength = 64;   // bytes

class Fields {
 public:
  // `what` names the object in errors: "order", "position", ...
  Fields(std::span<const JsonMember> members, const char* what) : members_{members}, what_{what} {}

  // The member, or null when it is absent or null.
  [[nodiscard]] const JsonValue* find(std::string_view name) const;

  // Each "required" one fails with MissingField when absent; the others give what is said here.
  std::int64_t id(std::string_view name);           // required; a number or a string of digits, > 0
  std::int64_t optional_id(std::string_view name);  // 0 when absent
  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);  // required
  std::int64_t optional_integer(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t otherwise);
  std::uint8_t known(std::string_view name,
                     std::uint8_t highest);  // required; an enum number 0 - highest, else UnknownValue
  bool boolean(std::string_view name);       // required
  bool optional_boolean(std::string_view name, bool otherwise);
  Price price(std::string_view name);          // required
  Price average_price(std::string_view name);  // required; digits beyond the ninth decimal are rounded away
  std::optional<Price> optional_price(std::string_view name);
  Money money(std::string_view name);  // required
  std::optional<Money> optional_money(std::string_view name);
  std::int64_t tick_size(std::string_view name);          // required; nanos, > 0
  std::string_view text(std::string_view name);           // required; may be empty
  std::string_view optional_text(std::string_view name);  // empty when absent
  std::string_view contract_id(std::string_view name);    // required; 1 - 64 printable characters without spaces
  BrokerTime time(std::string_view name);                 // required
  std::optional<BrokerTime> optional_time(std::string_view name);

  void reject(ErrorCode code, std::string_view name, std::string_view why);  // kept if nothing was wrong before
  [[nodiscard]] bool ok() const { return !error_; }
  [[nodiscard]] std::unexpected<Error> error() {
    return std::unexpected<Error>{std::move(*error_)};
  }  // only if not ok()

 private:
  const JsonValue* require(std::string_view name);
  std::int64_t to_integer(const JsonValue& value, std::string_view name, std::int64_t min, std::int64_t max,
                          bool string_too);
  std::int64_t to_nanos(const JsonValue& value, std::string_view name, std::int64_t limit_units);
  Price to_price(const JsonValue& value, std::string_view name);
  Money to_money(const JsonValue& value, std::string_view name);
  BrokerTime to_time(const JsonValue& value, std::string_view name);
  bool to_boolean(const JsonValue& value, std::string_view name);
  std::string_view to_text(const JsonValue& value, std::string_view name);

  std::span<const JsonMember> members_;
  const char* what_;
  std::optional<Error> error_;
};

// camelCase `expected` against a name that may be PascalCase.
[[nodiscard]] bool same_name(std::string_view name, std::string_view expected);

}  // namespace rm::projectx
