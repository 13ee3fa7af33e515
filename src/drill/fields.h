#pragma once
// Evidence as it is read: a JSON object with everything in it under flat names, and numbers with the digits they were
// written with, so that amounts are compared exactly.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rm::drill {

// {"data": {"id": 7, "price": 29500.25}, "list": [1]} becomes data.id 7, data.price 29500.25, list.0 1.
using Fields = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] Fields flatten(std::string_view json);  // empty when it is not a JSON object

[[nodiscard]] const std::string& text(const Fields& fields, std::string_view name);  // empty: absent, or null
[[nodiscard]] std::int64_t number(const Fields& fields, std::string_view name);      // 0: absent, or not whole

// The objects of a list: elements(flatten(R"({"a": [{"b": 1}, {"b": 2}]})"), "a") has b 1 and b 2.
[[nodiscard]] std::vector<Fields> elements(const Fields& fields, std::string_view list);

// One JSON object a line; a last line that is half written is left out.
[[nodiscard]] std::vector<Fields> lines(std::string_view text);

}  // namespace rm::drill
