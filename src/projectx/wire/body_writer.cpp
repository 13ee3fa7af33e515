#include "projectx/wire/body_writer.h"

#include <array>
#include <charconv>
#include <cstring>

namespace rm::projectx {

void BodyWriter::put(char c) {
  put(std::string_view{&c, 1});
}

void BodyWriter::put(std::string_view chars) {
  if (overflow_ || chars.size() > buffer_.size() - used_) {
    overflow_ = true;
    return;
  }
  std::memcpy(buffer_.data() + used_, chars.data(), chars.size());
  used_ += chars.size();
}

void BodyWriter::put_quoted(std::string_view value) {
  put('"');
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      put('\\');
      put(c);
    } else if (byte < 0x20) {
      constexpr std::string_view kHex = "0123456789abcdef";
      put("\\u00");
      put(kHex[byte >> 4]);
      put(kHex[byte & 0xf]);
    } else {
      put(c);
    }
  }
  put('"');
}

void BodyWriter::put_name(std::string_view name) {
  if (!first_) put(',');
  first_ = false;
  put('"');
  put(name);
  put("\":");
}

void BodyWriter::put_number(std::int64_t value) {
  std::array<char, 20> digits{};
  put({digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr});
}

BodyWriter& BodyWriter::number(std::string_view name, std::int64_t value) {
  put_name(name);
  put_number(value);
  return *this;
}

BodyWriter& BodyWriter::numbers(std::string_view name, std::span<const std::int64_t> values) {
  put_name(name);
  put('[');
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) put(',');
    put_number(values[i]);
  }
  put(']');
  return *this;
}

BodyWriter& BodyWriter::price(std::string_view name, Price value) {
  put_name(name);
  const std::int64_t units = value.nanos() / kNanosPerUnit;
  std::int64_t fraction = value.nanos() % kNanosPerUnit;
  if (value.nanos() < 0) put('-');
  put_number(units < 0 ? -units : units);
  if (fraction < 0) fraction = -fraction;
  if (fraction == 0) return *this;
  std::array<char, 10> decimals{'.'};
  std::size_t used = decimals.size();
  for (std::size_t i = used - 1; i > 0; --i, fraction /= 10) decimals[i] = static_cast<char>('0' + fraction % 10);
  while (decimals[used - 1] == '0') --used;
  put({decimals.data(), used});
  return *this;
}

BodyWriter& BodyWriter::text(std::string_view name, std::string_view value) {
  put_name(name);
  put_quoted(value);
  return *this;
}

BodyWriter& BodyWriter::time(std::string_view name, BrokerTime value) {
  return text(name, format_timestamp(value));
}

BodyWriter& BodyWriter::boolean(std::string_view name, bool value) {
  put_name(name);
  put(value ? "true" : "false");
  return *this;
}

BodyWriter& BodyWriter::open(std::string_view name) {
  put_name(name);
  put('{');
  first_ = true;
  return *this;
}

BodyWriter& BodyWriter::close() {
  put('}');
  first_ = false;
  return *this;
}

std::string_view BodyWriter::finish() {
  put('}');
  return overflow_ ? std::string_view{} : std::string_view{buffer_.data(), used_};
}

}  // namespace rm::projectx
