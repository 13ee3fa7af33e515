#include "net/ws_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::net {
namespace {

std::string bytes(std::initializer_list<unsigned> values) {
  std::string out;
  for (const unsigned value : values) out.push_back(static_cast<char>(value));
  return out;
}

TEST(WsFrame, ReadsEveryHeaderCutAtEveryByte) {
  struct Case {
    const char* name;
    std::string wire;
    WsOpcode opcode;
    bool final;
    std::uint64_t length;
  };
  const Case cases[] = {
      {"empty text", bytes({0x81, 0}), WsOpcode::Text, true, 0},
      {"short", bytes({0x81, 125}), WsOpcode::Text, true, 125},
      {"first fragment", bytes({0x01, 5}), WsOpcode::Text, false, 5},
      {"middle fragment", bytes({0x00, 5}), WsOpcode::Continuation, false, 5},
      {"last fragment", bytes({0x80, 5}), WsOpcode::Continuation, true, 5},
      {"binary", bytes({0x82, 126, 0x01, 0x02}), WsOpcode::Binary, true, 0x0102},
      {"long", bytes({0x81, 127, 0, 0, 0, 1, 2, 3, 4, 5}), WsOpcode::Text, true, 0x0102030405},
      {"close", bytes({0x88, 2}), WsOpcode::Close, true, 2},
      {"ping", bytes({0x89, 125}), WsOpcode::Ping, true, 125},
      {"pong", bytes({0x8A, 0}), WsOpcode::Pong, true, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    for (std::size_t cut = 0; cut < c.wire.size(); ++cut) {
      const auto partial = parse_ws_frame_header(std::string_view{c.wire}.substr(0, cut));
      ASSERT_TRUE(partial);
      EXPECT_FALSE(partial->has_value());
    }
    const auto header = parse_ws_frame_header(c.wire + "payload");
    ASSERT_TRUE(header && header->has_value());
    EXPECT_EQ((*header)->opcode, c.opcode);
    EXPECT_EQ((*header)->final, c.final);
    EXPECT_EQ((*header)->length, c.length);
    EXPECT_EQ((*header)->size, c.wire.size());
  }
}

TEST(WsFrame, RefusesWhatAServerMayNotSend) {
  const std::pair<const char*, std::string> cases[] = {
      {"reserved", bytes({0xC1, 0})},        {"reserved", bytes({0x91, 0})},
      {"unknown kind", bytes({0x83, 0})},    {"unknown kind", bytes({0x8B, 0})},
      {"masked", bytes({0x81, 0x80})},       {"control frame", bytes({0x09, 0})},
      {"control frame", bytes({0x88, 126})}, {"impossible length", bytes({0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0})},
  };
  for (const auto& [says, wire] : cases) {
    const auto header = parse_ws_frame_header(wire);
    ASSERT_FALSE(header) << says;
    EXPECT_THAT(std::string{header.error()}, testing::HasSubstr(says));
  }
}

TEST(WsFrame, WritesMaskedFramesOfEveryLength) {
  // The example of RFC 6455, section 5.7.
  std::string out;
  append_ws_frame(out, WsOpcode::Text, "Hello", {0x37, 0xfa, 0x21, 0x3d});
  EXPECT_EQ(out, bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));

  struct Case {
    std::size_t size;
    std::string head;
  };
  const Case cases[] = {{0, bytes({0x81, 0x80})},
                        {125, bytes({0x81, 0xFD})},
                        {126, bytes({0x81, 0xFE, 0, 126})},
                        {0xFFFF, bytes({0x81, 0xFE, 0xFF, 0xFF})},
                        {0x10000, bytes({0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0})}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.size);
    out.clear();
    append_ws_frame(out, WsOpcode::Text, std::string(c.size, 'x'), {0, 0, 0, 0});
    EXPECT_EQ(out, c.head + bytes({0, 0, 0, 0}) + std::string(c.size, 'x'));
  }
}

}  // namespace
}  // namespace rm::net
