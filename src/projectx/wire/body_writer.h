#pragma once
// Writes one JSON request body into a caller's buffer: no allocation, prices in their shortest exact decimal form.

#include <cstdint>
#include <span>
#include <string_view>

#include "domain/price.h"
#include "domain/time.h"

namespace rm::projectx {

class BodyWriter {
 public:
  explicit BodyWriter(std::span<char> buffer) : buffer_{buffer} { put('{'); }

  BodyWriter& number(std::string_view name, std::int64_t value);
  BodyWriter& numbers(std::string_view name, std::span<const std::int64_t> values);
  BodyWriter& price(std::string_view name, Price value);
  BodyWriter& text(std::string_view name, std::string_view value);  // escaped; UTF-8 goes through as it is
  BodyWriter& time(std::string_view name, BrokerTime value);        // "2026-08-19T20:49:25.3938333Z"
  BodyWriter& boolean(std::string_view name, bool value);
  BodyWriter& open(std::string_view name);  // a nested object, until close()
  BodyWriter& close();

  // Closes the outer object. Empty when the buffer was too small. Nothing may be written afterwards.
  [[nodiscard]] std::string_view finish();

 private:
  void put(char c);
  void put(std::string_view chars);
  void put_name(std::string_view name);
  void put_number(std::int64_t value);
  void put_quoted(std::string_view value);

  std::span<char> buffer_;
  std::size_t used_ = 0;
  bool overflow_ = false;
  bool first_ = true;
};

}  // namespace rm::projectx
