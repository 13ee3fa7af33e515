#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace rm::net {

// Internal: the frames of RFC 6455, as a client sends and receives them. Pure.
enum class WsOpcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

[[nodiscard]] constexpr bool is_control(WsOpcode opcode) {
  return (static_cast<unsigned>(opcode) & 8U) != 0;
}

struct WsFrameHeader {
  WsOpcode opcode = WsOpcode::Text;
  bool final = true;
  std::size_t size = 0;      // bytes of the header itself
  std::uint64_t length = 0;  // bytes of payload that follow it
};

// Reads the header at the start of `bytes`; nothing: more bytes are needed. The error says what the server did wrong.
[[nodiscard]] std::expected<std::optional<WsFrameHeader>, std::string_view> parse_ws_frame_header(
    std::string_view bytes);

// Appends one final frame, masked as a client's frames must be.
void append_ws_frame(std::string& out, WsOpcode opcode, std::string_view payload, std::array<std::uint8_t, 4> mask);

}  // namespace rm::net
