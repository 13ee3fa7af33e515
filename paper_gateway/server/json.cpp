#include "paper_gateway/server/json.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace paper {
namespace {

// Builds our value from the parser's events. Numbers with a fraction arrive with their own text; whole numbers arrive
// as 64 bit integers, and those that do not fit arrive as a "float" with its own text again.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put(Json{}); }
  bool boolean(bool value) override { return put(Json::boolean(value)); }
  bool number_integer(number_integer_t value) override { return put(Json::integer(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(Json::number(std::to_string(value))); }
  bool number_float(number_float_t, const string_t& text) override { return put(Json::number(text)); }
  bool string(string_t& value) override { return put(Json::string(value)); }
  bool binary(binary_t&) override { return fail("binary value"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    keys_.back() = value;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) override {
    return fail(problem.what());
  }

  Json result;
  std::string error;

 private:
  bool fail(std::string what) {
    if (error.empty()) error = std::move(what);
    return false;
  }
  bool open(Json value) {
    if (open_.size() >= Json::max_depth) return fail("nested too deeply");
    open_.push_back(std::move(value));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    Json value = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return put(std::move(value));
  }
  bool put(Json value) {
    if (open_.empty()) {
      result = std::move(value);
    } else if (open_.back().is_array()) {
      open_.back().push(std::move(value));
    } else {
      open_.back().add(keys_.back(), std::move(value));
    }
    return true;
  }

  std::vector<Json> open_;
  std::vector<std::string> keys_;  // the pending member name of each open value
};

void quote(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else {
      constexpr std::string_view hex = "0123456789abcdef";
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 0xF];
    }
  }
  out += '"';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

Json Json::boolean(bool value) {
  Json json;
  json.value_ = value;
  return json;
}

Json Json::integer(std::int64_t value) {
  return number(std::to_string(value));
}

Json Json::number(std::string text) {
  Json json;
  json.value_ = Number{std::move(text)};
  return json;
}

Json Json::string(std::string_view text) {
  Json json;
  json.value_ = std::string{text};
  return json;
}

Json Json::array(Array items) {
  Json json;
  json.value_ = std::move(items);
  return json;
}

Json Json::object(Object members) {
  Json json;
  json.value_ = std::move(members);
  return json;
}

std::expected<Json, std::string> Json::parse(std::string_view text) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return std::unexpected(builder.error.empty() ? "not JSON" : builder.error);
  }
  return std::move(builder.result);
}

std::optional<std::int64_t> Json::as_integer() const {
  if (!is_number()) return std::nullopt;
  const auto& text = number_text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const Json* Json::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  const auto& all = members();
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (equal_ignoring_case(it->first, name)) return &it->second;
  }
  return nullptr;
}

Json& Json::add(std::string_view name, Json value) {
  std::get<Object>(value_).emplace_back(std::string{name}, std::move(value));
  return *this;
}

void Json::push(Json value) {
  std::get<Array>(value_).push_back(std::move(value));
}

void Json::dump_to(std::string& out) const {
  if (is_null()) {
    out += "null";
  } else if (is_bool()) {
    out += as_bool() ? "true" : "false";
  } else if (is_number()) {
    out += number_text();
  } else if (is_string()) {
    quote(as_string(), out);
  } else if (is_array()) {
    out += '[';
    for (const auto& item : items()) {
      if (&item != &items().front()) out += ',';
      item.dump_to(out);
    }
    out += ']';
  } else {
    out += '{';
    for (const auto& member : members()) {
      if (&member != &members().front()) out += ',';
      quote(member.first, out);
      out += ':';
      member.second.dump_to(out);
    }
    out += '}';
  }
}

std::string Json::dump() const {
  std::string out;
  dump_to(out);
  return out;
}

}  // namespace paper
