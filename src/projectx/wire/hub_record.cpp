#include "projectx/wire/hub_record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "projectx/wire/fields.h"
#include "projectx/wire/record_splitter.h"

namespace rm::projectx {
namespace {

enum RecordType : std::int64_t { kInvocation = 1, kCompletion = 3, kPing = 6, kClose = 7 };

constexpr std::array<std::pair<HubTarget, std::string_view>, 8> kTargets{
    {{HubTarget::Account, "GatewayUserAccount"},
     {HubTarget::Order, "GatewayUserOrder"},
     {HubTarget::Position, "GatewayUserPosition"},
     {HubTarget::Trade, "GatewayUserTrade"},
     {HubTarget::Quote, "GatewayQuote"},
     {HubTarget::Print, "GatewayTrade"},
     {HubTarget::Depth, "GatewayDepth"},
     {HubTarget::Logout, "GatewayLogout"}}};

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Result<HubRecord> read_invocation(Fields& take) {
  const std::string_view target = take.text("target");
  const JsonValue* arguments = take.find("arguments");
  if (arguments == nullptr) {
    take.reject(ErrorCode::MissingField, "arguments", "is missing");
  } else if (arguments->kind != JsonKind::Array) {
    take.reject(ErrorCode::Malformed, "arguments", "is no array");
  }
  if (arguments == nullptr || !take.ok()) return take.error();
  return Invocation{target_of(target), arguments->nested()};
}

// Ours are decimal numbers; servers repeat them as text.
std::uint64_t invocation_id(const JsonValue* value) {
  if (value == nullptr || (value->kind != JsonKind::String && value->kind != JsonKind::Number)) return 0;
  std::uint64_t id = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [stop, error] = std::from_chars(value->text.data(), end, id);
  return error == std::errc{} && stop == end ? id : 0;
}

Result<HubRecord> read_completion(Fields& take) {
  Completion completion{.invocation = invocation_id(take.find("invocationId")), .error = std::nullopt};
  if (take.find("error") != nullptr) completion.error = std::string{take.text("error")};
  if (!take.ok()) return take.error();
  return completion;
}

Result<HubRecord> read_close(Fields& take) {
  Close close{.error = std::string{take.optional_text("error")},
              .allow_reconnect = take.optional_boolean("allowReconnect", false)};
  if (!take.ok()) return take.error();
  return close;
}

}  // namespace

std::string_view name_of(Hub hub) {
  return hub == Hub::User ? "user" : "market";
}

std::string_view name_of(HubTarget target) {
  for (const auto& [known, name] : kTargets) {
    if (known == target) return name;
  }
  return "unknown";
}

HubTarget target_of(std::string_view name) {
  for (const auto& [target, known] : kTargets) {
    if (same_letters(name, known)) return target;
  }
  return HubTarget::Unknown;
}

Result<HubRecord> read_hub_record(JsonReader& reader, PaddedSpan record) {
  const auto members = reader.members(record);
  if (!members) return std::unexpected{members.error()};
  Fields take{*members, "record"};
  const std::int64_t type = take.integer("type", 0, 1000);
  if (!take.ok()) return take.error();
  switch (type) {
    case kInvocation:
      return read_invocation(take);
    case kCompletion:
      return read_completion(take);
    case kPing:
      return Ping{};
    case kClose:
      return read_close(take);
    default:
      return Ignored{};
  }
}

Result<void> read_handshake_answer(JsonReader& reader, PaddedSpan record) {
  const auto members = reader.members(record);
  if (!members) return std::unexpected{members.error()};
  Fields take{*members, "handshake"};
  if (take.find("error") != nullptr) return fail(ErrorCode::Refused, std::string{take.text("error")});
  if (take.find("type") != nullptr) return fail(ErrorCode::Malformed, "a record came before the handshake answer");
  return {};
}

void write_invocation(std::string& out, std::uint64_t id, std::string_view method, std::string_view arguments) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), id).ptr;
  out.assign(R"({"type":1,"invocationId":")").append(digits.data(), end).append(R"(","target":")").append(method);
  out.append(R"(","arguments":)").append(arguments).append("}").append(1, kRecordEnd);
}

}  // namespace rm::projectx
