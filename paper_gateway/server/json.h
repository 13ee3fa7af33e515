// JSON in and out with the exact text of every number. A price that travels as 29500.25 is never a double here.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace paper {

// One JSON value. Objects keep the order in which members were added. Numbers are text that is a valid JSON number.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  static Json boolean(bool value);
  static Json integer(std::int64_t value);
  static Json number(std::string text);  // text must already be a JSON number, it is printed as it is
  static Json string(std::string_view text);
  static Json array(Array items = {});
  static Json object(Object members = {});

  // Untrusted text; at most `max_depth` nested arrays and objects. The error says what is wrong and where.
  static std::expected<Json, std::string> parse(std::string_view text);
  static constexpr int max_depth = 64;

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_number() const { return std::holds_alternative<Number>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  bool as_bool() const { return std::get<bool>(value_); }                           // requires is_bool()
  const std::string& as_string() const { return std::get<std::string>(value_); }    // requires is_string()
  const std::string& number_text() const { return std::get<Number>(value_).text; }  // requires is_number()
  const Array& items() const { return std::get<Array>(value_); }                    // requires is_array()
  Array& items() { return std::get<Array>(value_); }
  const Object& members() const { return std::get<Object>(value_); }  // requires is_object()
  Object& members() { return std::get<Object>(value_); }
  std::optional<std::int64_t> as_integer() const;  // only numbers written without fraction and exponent

  // The member of that name, case ignored as the gateway does; the last one wins. Null pointer: absent or not an
  // object.
  const Json* find(std::string_view name) const;

  Json& add(std::string_view name, Json value);  // appends to an object
  void push(Json value);                         // appends to an array
  std::string dump() const;                      // compact

 private:
  struct Number {
    std::string text;
  };
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
  void dump_to(std::string& out) const;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII only

}  // namespace paper
