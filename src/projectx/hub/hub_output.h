#pragma once
// What one SignalR connection makes of what it hears. All views are valid until the next call on the session, and as
// long as the message that carried them.

#include <string>
#include <string_view>
#include <variant>

#include "domain/result.h"
#include "projectx/wire/hub_record.h"

namespace rm::projectx {

// Why a connection is over. Each is followed by a new attempt, whatever the server says about reconnecting.
enum class HubLoss : std::uint8_t {
  Transport,         // the socket closed, or never opened
  ServerClose,       // the server said Close
  HandshakeRefused,  // the server answered the handshake with an error
  NoHandshake,       // no handshake answer in 15 s
  NoConfirmation,    // a subscription was not answered in 15 s
  Silence,           // too long without any record
  Protocol,          // what came cannot be a hub's: no JSON as handshake answer, a record without end
  LoggedOut,         // GatewayLogout: another program of the same user took over, or the session ended
};
[[nodiscard]] std::string_view name_of(HubLoss loss);  // "silence", ...: stable, for logs and metrics

struct SendText {
  std::string_view text;
};
// The handshake is done and every subscription has been answered. `refused` of them are not in force.
struct Connected {
  int confirmed = 0, refused = 0;
};
// One subscription is in force (said before Connected, and for those added later).
struct SubscriptionConfirmed {
  std::string_view method, arguments;
};
struct SubscriptionRefused {
  std::string_view method, arguments, text;
};
// The server called us.
struct Invoked {
  HubTarget target{};
  PaddedSpan arguments;  // JSON array
};
// A record that cannot be read; those after it still are.
struct BadRecord {
  Error error;
  std::string_view record;
};
struct LoggedOut {
  std::string_view arguments;
};
// Said once for each connection, last. The socket, if still there, is to be closed.
struct HubClosed {
  HubLoss loss{};
  bool allow_reconnect = false;  // the server's word; for the log
  std::string text;
};

using HubOutput = std::variant<SendText, Connected, SubscriptionConfirmed, SubscriptionRefused, Invoked, BadRecord,
                               LoggedOut, HubClosed>;

}  // namespace rm::projectx
