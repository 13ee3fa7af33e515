#pragma once
// The records of the hub protocol (SignalR, JSON, version 1), as far as a client meets them.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "projectx/wire/json_reader.h"

namespace rm::projectx {

enum class Hub : std::uint8_t { User, Market };
[[nodiscard]] std::string_view name_of(Hub hub);

// What the gateway calls on us.
enum class HubTarget : std::uint8_t { Unknown, Account, Order, Position, Trade, Quote, Print, Depth, Logout };
[[nodiscard]] std::string_view name_of(HubTarget target);  // "GatewayUserOrder", ...; "unknown"
[[nodiscard]] HubTarget target_of(std::string_view name);  // letters of either case

struct Invocation {
  HubTarget target{};
  PaddedSpan arguments;  // the JSON array, inside the record
};
struct Completion {
  std::uint64_t invocation = 0;  // the id we gave; 0 when it is not one of ours
  std::optional<std::string> error;
};
struct Ping {};
struct Close {
  std::string error;  // may be empty
  bool allow_reconnect = false;
};
struct Ignored {};  // a type that clients must pass over

using HubRecord = std::variant<Invocation, Completion, Ping, Close, Ignored>;

// Errors: Malformed, MissingField.
[[nodiscard]] Result<HubRecord> read_hub_record(JsonReader& reader, PaddedSpan record);
// The first record of a connection: {} or {"error":"..."}. Errors: Refused with the server's words; Malformed.
[[nodiscard]] Result<void> read_handshake_answer(JsonReader& reader, PaddedSpan record);

// What we say, each with its end byte.
inline constexpr std::string_view kHandshakeText = "{\"protocol\":\"json\",\"version\":1}\x1e";
inline constexpr std::string_view kPingText = "{\"type\":6}\x1e";
// `arguments` is a JSON array. Overwrites `out`.
void write_invocation(std::string& out, std::uint64_t id, std::string_view method, std::string_view arguments);

}  // namespace rm::projectx
