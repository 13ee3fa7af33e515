#include "net/ws_inbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "support/net_test_server.h"

namespace rm::net {
namespace {

using Kind = WsInbox::Kind;
using test::server_frame;
using testing::ElementsAre;

// Takes everything there is and, as a caller may, writes over the padding behind each message.
std::vector<std::string> take_all(WsInbox& inbox) {
  std::vector<std::string> out;
  for (auto item = inbox.next(); item.kind != Kind::Nothing; item = inbox.next()) {
    const std::string payload{item.payload.begin(), item.payload.end()};
    switch (item.kind) {
      case Kind::Message:
        out.push_back(payload);
        std::fill_n(item.payload.data() + item.payload.size(), ws_padding, '#');
        break;
      case Kind::Ping:
        out.push_back("ping " + payload);
        break;
      case Kind::Close:
        out.push_back("close " + payload);
        break;
      case Kind::TooLarge:
        out.emplace_back("too large");
        return out;
      default:
        out.push_back("breach: " + std::string{item.problem});
        return out;
    }
  }
  return out;
}

const std::string conversation = server_frame(0x81, "one") + server_frame(0x81, "") + server_frame(0x01, "fra") +
                                 server_frame(0x89, "p") + server_frame(0x8A, "pong") + server_frame(0x00, "gmen") +
                                 server_frame(0x80, "ted") + server_frame(0x82, std::string(200, 'b')) +
                                 server_frame(0x88, "bye");
const auto is_the_conversation = ElementsAre("one", "", "ping p", "fragmented", std::string(200, 'b'), "close bye");

TEST(WsInbox, ReadsAConversationCutAtEveryByte) {
  for (std::size_t cut = 0; cut <= conversation.size(); ++cut) {
    WsInbox inbox{1000};
    inbox.append(conversation.substr(0, cut));
    auto heard = take_all(inbox);
    inbox.append(conversation.substr(cut));
    for (auto& item : take_all(inbox)) heard.push_back(std::move(item));
    ASSERT_THAT(heard, is_the_conversation) << cut;
  }
}

TEST(WsInbox, AMessageOfTheLargestSizeAmongThousandsOfSmallOnes) {
  constexpr std::size_t largest = 3'000'000;
  WsInbox inbox{largest};
  std::size_t heard = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5'000; ++i) {
      inbox.append(server_frame(0x81, std::to_string(i)));
      if (i % 7 == 0) heard += take_all(inbox).size();
    }
    inbox.append(server_frame(0x81, std::string(largest, 'x')));
    const auto rest = take_all(inbox);
    heard += rest.size();
    ASSERT_EQ(rest.back().size(), largest);
  }
  EXPECT_EQ(heard, 3U * 5'001U);
}

TEST(WsInbox, TheLimitHoldsForAFrameForItsPromiseAndForTheSumOfFragments) {
  const std::string cases[] = {server_frame(0x81, std::string(11, 'x')),
                               server_frame(0x81, std::string(11, 'x')).substr(0, 2),
                               std::string("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10),
                               server_frame(0x01, "123456") + server_frame(0x80, "12345")};
  for (const auto& wire : cases) {
    WsInbox inbox{10};
    inbox.append(wire);
    EXPECT_THAT(take_all(inbox), ElementsAre("too large"));
  }
  WsInbox inbox{10};
  inbox.append(server_frame(0x01, "12345") + server_frame(0x89, "a ping") + server_frame(0x80, "12345"));
  EXPECT_THAT(take_all(inbox), ElementsAre("ping a ping", "1234512345"));
}

TEST(WsInbox, FragmentsOutOfOrderAreABreach) {
  for (const auto& wire :
       {server_frame(0x80, "x"), server_frame(0x00, "x"), server_frame(0x01, "x") + server_frame(0x81, "y"),
        server_frame(0x01, "x") + server_frame(0x02, "y")}) {
    WsInbox inbox{1000};
    inbox.append(wire);
    EXPECT_THAT(take_all(inbox), ElementsAre("breach: a fragment out of order"));
  }
}

TEST(WsInbox, ANewConnectionBeginsCleanWhereverTheOldOneEnded) {
  for (std::size_t cut = 0; cut <= conversation.size(); ++cut) {
    WsInbox inbox{1000};
    inbox.append(conversation.substr(0, cut));
    take_all(inbox);
    inbox.clear();
    inbox.append(conversation);
    ASSERT_THAT(take_all(inbox), is_the_conversation) << cut;
  }
}

// A handler that reconnects keeps its message until it returns.
TEST(WsInbox, ClearLeavesTheMessageInHandAlone) {
  WsInbox inbox{1000};
  for (const auto& wire : {server_frame(0x81, "in hand"), server_frame(0x01, "in ") + server_frame(0x80, "hand")}) {
    inbox.append(wire);
    const auto item = inbox.next();
    inbox.clear();
    EXPECT_EQ((std::string{item.payload.begin(), item.payload.end()}), "in hand");
  }
}

TEST(WsInbox, SurvivesAnyBytes) {
  std::mt19937 random{11};
  for (int round = 0; round < 5'000; ++round) {
    std::string wire = conversation;
    for (unsigned i = 0; i <= random() % 5; ++i) wire[random() % wire.size()] = static_cast<char>(random() % 256);
    WsInbox inbox{300};
    for (const auto& item : take_all(inbox)) ADD_FAILURE() << item;
    inbox.append(wire);
    for (const auto& item : take_all(inbox)) EXPECT_LE(item.size(), 400U);
  }
}

}  // namespace
}  // namespace rm::net
