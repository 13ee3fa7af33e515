#include "observe/log_line.h"

#include <fmt/format.h>

#include <iterator>

#include "observe/redactor.h"
#include "observe/text.h"

namespace rm {
namespace {

void json_text(std::string& out, std::string_view text) {
  if (redactor().empty())
    append_json_string(out, text);
  else
    append_json_string(out, redactor().apply(text));
}

void plain_text(std::string& out, std::string_view text) {
  if (redactor().empty())
    append_plain(out, text);
  else
    append_plain(out, redactor().apply(text));
}

struct JsonValue {
  std::string& out;
  void operator()(std::string_view text) const { json_text(out, text); }
  void operator()(std::int64_t number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(std::uint64_t number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(Money money) const { fmt::format_to(std::back_inserter(out), "\"{}\"", money.text()); }
  void operator()(Price price) const { fmt::format_to(std::back_inserter(out), "\"{}\"", price.text()); }
  void operator()(BrokerTime time) const {
    fmt::format_to(std::back_inserter(out), "\"{}\"", format_timestamp(time));
  }
};

struct PlainValue {
  std::string& out;
  void operator()(std::string_view text) const {
    const bool quoted = text.empty() || text.find_first_of(" =\"") != std::string_view::npos;
    if (quoted) out += '"';
    plain_text(out, text);
    if (quoted) out += '"';
  }
  void operator()(std::int64_t number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(std::uint64_t number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
  void operator()(Money money) const { out += money.text(); }
  void operator()(Price price) const { out += price.text(); }
  void operator()(BrokerTime time) const { out += format_timestamp(time); }
};

std::string_view padded_name(Level level) {
  switch (level) {
    case Level::Trace:
      return "TRACE";
    case Level::Debug:
      return "DEBUG";
    case Level::Info:
      return "INFO ";
    case Level::Warning:
      return "WARN ";
    default:
      return "ERROR";
  }
}

}  // namespace

void append_json_line(std::string& out, const LogEntry& entry) {
  fmt::format_to(std::back_inserter(out), "{{\"time\":\"{}\"", format_timestamp(entry.wall));
  if (entry.broker)
    fmt::format_to(std::back_inserter(out), ",\"broker_time\":\"{}\"", format_timestamp(*entry.broker));
  fmt::format_to(std::back_inserter(out), ",\"level\":\"{}\",\"event\":", name_of(entry.level));
  json_text(out, entry.event);
  out += ",\"message\":";
  json_text(out, entry.message);
  if (!entry.login.empty()) {
    out += ",\"login\":";
    json_text(out, entry.login);
  }
  for (const Field& field : entry.fields) {
    out += ',';
    append_json_string(out, field.name);
    out += ':';
    std::visit(JsonValue{out}, field.value);
  }
  out += '}';
}

void append_text_line(std::string& out, const LogEntry& entry) {
  fmt::format_to(std::back_inserter(out), "{} {} ", format_timestamp(entry.wall), padded_name(entry.level));
  plain_text(out, entry.event);
  out += ": ";
  plain_text(out, entry.message);
  if (!entry.login.empty()) fmt::format_to(std::back_inserter(out), " login={}", entry.login);
  for (const Field& field : entry.fields) {
    fmt::format_to(std::back_inserter(out), " {}=", field.name);
    std::visit(PlainValue{out}, field.value);
  }
}

}  // namespace rm
