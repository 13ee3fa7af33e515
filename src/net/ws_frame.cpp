#include "net/ws_frame.h"

namespace rm::net {
namespace {

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

bool known(unsigned opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

}  // namespace

std::expected<std::optional<WsFrameHeader>, std::string_view> parse_ws_frame_header(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  if ((first & 0x70) != 0) return std::unexpected("a frame with reserved bits");
  if (!known(first & 0x0F)) return std::unexpected("a frame of an unknown kind");
  if ((second & 0x80) != 0) return std::unexpected("a masked frame");

  WsFrameHeader header{
      .opcode = static_cast<WsOpcode>(first & 0x0F), .final = (first & 0x80) != 0, .size = 2, .length = 0};
  const unsigned short_length = second & 0x7F;
  if (is_control(header.opcode) && (!header.final || short_length > 125))
    return std::unexpected("a control frame that is cut or too long");
  const std::size_t extended = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  if (bytes.size() < 2 + extended) return std::nullopt;
  header.size += extended;
  header.length = extended == 0 ? short_length : big_endian(bytes.substr(2, extended));
  if ((header.length >> 63) != 0) return std::unexpected("a frame of impossible length");
  return header;
}

void append_ws_frame(std::string& out, WsOpcode opcode, std::string_view payload, std::array<std::uint8_t, 4> mask) {
  out.push_back(static_cast<char>(0x80 | static_cast<unsigned>(opcode)));
  const int extended = payload.size() < 126 ? 0 : payload.size() <= 0xFFFF ? 2 : 8;
  const std::uint64_t short_length = extended == 0 ? payload.size() : extended == 2 ? 126 : 127;
  out.push_back(static_cast<char>(0x80 | short_length));
  append_big_endian(out, payload.size(), extended);
  for (const std::uint8_t byte : mask) out.push_back(static_cast<char>(byte));
  const std::size_t start = out.size();
  out.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out[start + i] = static_cast<char>(static_cast<std::uint8_t>(out[start + i]) ^ mask[i % 4]);
}

}  // namespace rm::net
