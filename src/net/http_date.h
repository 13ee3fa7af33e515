#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rm::net {

// "Sun, 06 Nov 1994 08:49:37 GMT" as Unix seconds; nothing for any other form (servers have to send this one).
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text);

// The value of Retry-After: seconds, or a date that is then counted from `answered_unix_s` (the Date of the same
// answer).
[[nodiscard]] std::optional<int> parse_retry_after(std::string_view text,
                                                   std::optional<std::int64_t> answered_unix_s);

}  // namespace rm::net
