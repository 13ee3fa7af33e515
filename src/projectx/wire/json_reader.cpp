#include "projectx/wire/json_reader.h"

#include <simdjson.h>

#include <vector>

namespace rm::projectx {

static_assert(kPadding >= simdjson::SIMDJSON_PADDING);

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kMaxMembers = 4096;

std::unexpected<Error> malformed(simdjson::error_code code) {
  return fail(ErrorCode::Malformed, std::string{"not JSON: "} + simdjson::error_message(code));
}
std::unexpected<Error> malformed(const char* what) {
  return fail(ErrorCode::Malformed, std::string{"not JSON: "} + what);
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

// The grammar of a JSON number; whether it fits is for whoever reads it.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('+') || exponent.starts_with('-')) exponent.remove_prefix(1);
    if (!all_digits(exponent)) return false;
    text = text.substr(0, e);
  }
  if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    if (!all_digits(text.substr(dot + 1))) return false;
    text = text.substr(0, dot);
  }
  return all_digits(text) && (text.size() == 1 || text.front() != '0');
}

Result<JsonValue> scalar(std::string_view token) {
  if (token == "null") return JsonValue{JsonKind::Null, token};
  if (token == "true" || token == "false") return JsonValue{JsonKind::Bool, token};
  if (is_number(token)) return JsonValue{JsonKind::Number, token};
  return malformed("neither a number nor true, false or null");
}

// Without escapes the content is where it is; with them the parser writes it out, into its own buffer.
Result<JsonValue> string(ondemand::value& value, std::string_view token) {
  if (token.size() >= 2 && token.back() == '"' && token.find('\\') == std::string_view::npos) {
    return JsonValue{JsonKind::String, token.substr(1, token.size() - 2)};
  }
  std::string_view content;
  if (const auto error = value.get_string().get(content)) return malformed(error);
  return JsonValue{JsonKind::String, content};
}

// The parser counts brackets without telling their kinds apart.
Result<JsonValue> bracketed(JsonKind kind, std::string_view text, char end) {
  if (text.size() < 2 || text.back() != end) return malformed("brackets do not match");
  return JsonValue{kind, text};
}

// Where the text breaks off inside a container, the parser goes on into the bytes behind it: a comma there makes it
// offer one more value, whose length it takes from an index that was never filled.
bool inside(std::string_view token, const char* end) {
  return token.data() < end && token.size() <= static_cast<std::size_t>(end - token.data());
}

Result<JsonValue> read(ondemand::value& value, const char* end) {
  std::string_view token = value.raw_json_token();
  if (!inside(token, end)) return malformed("the text breaks off");
  token = trimmed(token);
  if (token.empty()) return malformed("a value is missing");
  std::string_view nested;
  if (token.front() == '{') {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return malformed(error);
    if (const auto error = object.raw_json().get(nested)) return malformed(error);
    return bracketed(JsonKind::Object, trimmed(nested), '}');
  }
  if (token.front() == '[') {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return malformed(error);
    if (const auto error = array.raw_json().get(nested)) return malformed(error);
    return bracketed(JsonKind::Array, trimmed(nested), ']');
  }
  return token.front() == '"' ? string(value, token) : scalar(token);
}

Result<std::string_view> name_of(ondemand::field& field, const char* end) {
  const char* begin = field.key().raw();
  const std::string_view rest{begin, static_cast<std::size_t>(end - begin)};
  const auto stop = rest.find_first_of("\"\\");
  if (stop != std::string_view::npos && rest[stop] == '"') return rest.substr(0, stop);
  std::string_view name;
  if (const auto error = field.unescaped_key().get(name)) return malformed(error);
  return name;
}

}  // namespace

struct JsonReader::Impl {
  Impl() {
    members.reserve(64);
    elements.reserve(64);
    if (parser.allocate(16 * 1024) != simdjson::SUCCESS) throw std::bad_alloc{};
  }

  Result<void> open(PaddedSpan json) {
    const simdjson::padded_string_view text{json.data(), json.size(), json.size() + kPadding};
    if (const auto error = parser.iterate(text).get(document)) return malformed(error);
    return {};
  }

  bool at_end() {
    const char* where = nullptr;
    return document.current_location().get(where) == simdjson::OUT_OF_BOUNDS;
  }

  ondemand::parser parser;
  ondemand::document document;
  std::vector<JsonMember> members;
  std::vector<JsonValue> elements;
};

JsonReader::JsonReader() : impl_{std::make_unique<Impl>()} {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Result<std::span<const JsonMember>> JsonReader::members(PaddedSpan json) {
  impl_->members.clear();
  if (auto opened = impl_->open(json); !opened) return std::unexpected{std::move(opened.error())};
  ondemand::object object;
  if (const auto error = impl_->document.get_object().get(object)) return malformed(error);
  const char* const end = json.data() + json.size();
  for (auto next : object) {
    ondemand::field field;
    if (const auto error = std::move(next).get(field)) return malformed(error);
    const auto name = name_of(field, end);
    if (!name) return std::unexpected{name.error()};
    auto value = read(field.value(), end);
    if (!value) return std::unexpected{std::move(value.error())};
    if (impl_->members.size() == kMaxMembers)
      return fail(ErrorCode::OutOfRange, "an object has more than 4096 members");
    impl_->members.push_back({*name, *value});
  }
  if (!impl_->at_end()) return malformed("text after the object");
  return std::span<const JsonMember>{impl_->members};
}

Result<std::span<const JsonValue>> JsonReader::elements(PaddedSpan json) {
  impl_->elements.clear();
  if (auto opened = impl_->open(json); !opened) return std::unexpected{std::move(opened.error())};
  ondemand::array array;
  if (const auto error = impl_->document.get_array().get(array)) return malformed(error);
  const char* const end = json.data() + json.size();
  for (auto next : array) {
    ondemand::value element;
    if (const auto error = std::move(next).get(element)) return malformed(error);
    auto value = read(element, end);
    if (!value) return std::unexpected{std::move(value.error())};
    impl_->elements.push_back(*value);
  }
  if (!impl_->at_end()) return malformed("text after the array");
  return std::span<const JsonValue>{impl_->elements};
}

}  // namespace rm::projectx
