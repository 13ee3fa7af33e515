// Switches of the wire side of the gateway: where the real one is not known or varies. Defaults are what was seen
// most.
#pragma once
#include <cstdint>

#include "paper_gateway/server/rate_limit.h"

namespace paper {

enum class DepthShape { array, object, keyed };   // one array with nulls · a row an event · {"0": row, "1": row}
enum class EventShape { envelope, bare, array };  // {action,data} · the entity alone · an array of envelopes

struct ServerSettings {
  RateLimits rate_limits;
  int streams_per_user = 1;             // connections of one user on one hub; the oldest is logged out. 0 = unlimited
  std::int64_t ping_every_ms = 15'000;  // of hub connections that begin from here on, since their last record
  std::int64_t token_lifetime_s = 24 * 60 * 60;
  bool close_hubs_at_expiry = false;        // hub connections whose token has expired are closed
  bool expired_validate_is_code_3 = false;  // validate with an expired token: HTTP 200 with code 3 instead of 401
  EventShape user_event_shape = EventShape::envelope;
  bool null_members_on_hub = false;    // explicit nulls instead of leaving the members out
  bool ids_as_strings_on_hub = false;  // numeric ids of user events as JSON strings
  bool pascal_case_on_hub = false;     // "AccountId" instead of "accountId" in user events
  DepthShape depth_shape = DepthShape::array;
  bool frozen_quote_time = false;      // `timestamp` of quotes stands at the session's open, `lastUpdated` goes on
  bool snapshot_on_subscribe = false;  // positions and orders there are, after SubscribePositions and SubscribeOrders
  std::int64_t user_event_delay_ms = 0;  // > 0: REST is first, the user hub tells it so much later
  std::uint64_t seed = 1;                // of everything that is drawn at random
  bool fixed_decimals_in_rest = false;   // 6335.250000000 instead of 6335.25
};

}  // namespace paper
