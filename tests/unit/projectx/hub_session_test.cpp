#include "projectx/hub/hub_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/projectx/wire_text.h"

namespace rm::projectx {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kSecond = HubSession::kSecond;

// Drives one session and writes down what it says, one line an output.
class Line {
 public:
  explicit Line(std::int64_t silence_ns = 30 * kSecond) : session{silence_ns} {}
  HubSession session;
  std::int64_t now = 1000 * kSecond;

  using Said = std::vector<std::string>;
  Said open() { return say(session.on_open(now)); }
  Said hear(std::string_view text) { return say(session.on_text(wire_(text), now)); }
  Said drop() { return say(session.on_closed("reset by peer")); }
  Said account(std::int64_t id) { return say(session.subscribe_account(AccountId{id}, now)); }
  Said accounts() { return say(session.subscribe_accounts(now)); }
  Said contract(const char* id) { return say(session.subscribe_contract(id, now)); }
  // Lets time go to the next deadline.
  Said wait() {
    now = session.next_deadline().value();
    return say(session.on_deadline(now));
  }

 private:
  static Said say(HubSession::Outputs outputs) {
    struct Speak {
      std::string operator()(const SendText& o) const {
        return "send " + std::string{o.text.substr(0, o.text.size() - 1)} + (o.text.ends_with('\x1e') ? "" : "?");
      }
      std::string operator()(const Connected& o) const {
        return "connected " + std::to_string(o.confirmed) + "/" + std::to_string(o.refused);
      }
      std::string operator()(const SubscriptionConfirmed& o) const {
        return "confirmed " + std::string{o.method} + std::string{o.arguments};
      }
      std::string operator()(const SubscriptionRefused& o) const {
        return "refused " + std::string{o.method} + std::string{o.arguments} + " " + std::string{o.text};
      }
      std::string operator()(const Invoked& o) const {
        return std::string{name_of(o.target)} + std::string{text_of(o.arguments)};
      }
      std::string operator()(const BadRecord& o) const { return "bad " + std::string{o.record}; }
      std::string operator()(const LoggedOut& o) const { return "logged out " + std::string{o.arguments}; }
      std::string operator()(const HubClosed& o) const {
        return "closed " + std::string{name_of(o.loss)} + (o.allow_reconnect ? " reconnect: " : ": ") + o.text;
      }
    };
    Said said;
    for (const HubOutput& output : outputs) said.push_back(std::visit(Speak{}, output));
    return said;
  }
  WireTexts wire_;
};

const std::string kHandshake = R"(send {"protocol":"json","version":1})";
const std::string kPing = R"(send {"type":6})";
std::string invocation(int id, const std::string& method, const std::string& arguments) {
  return R"(send {"type":1,"invocationId":")" + std::to_string(id) + R"(","target":")" + method +
         R"(","arguments":)" + arguments + "}";
}

// A user hub that is up, with one account.
Line connected_line() {
  Line line;
  line.accounts();
  line.account(26);
  line.open();
  line.hear("{}\x1e");
  line.hear(
      "{\"type\":3,\"invocationId\":\"1\"}\x1e{\"type\":3,\"invocationId\":\"2\"}\x1e{\"type\":3,\"invocationId\":"
      "\"3\"}\x1e{\"type\":3,\"invocationId\":\"4\"}\x1e");
  EXPECT_TRUE(line.session.connected());
  return line;
}

TEST(HubSession, SaysNothingBeforeTheHandshakeIsAnswered) {
  Line line;
  EXPECT_THAT(line.accounts(), IsEmpty());
  EXPECT_THAT(line.account(26), IsEmpty());
  EXPECT_EQ(line.session.next_deadline(), std::nullopt);
  EXPECT_THAT(line.open(), ElementsAre(kHandshake));
  EXPECT_THAT(line.account(27), IsEmpty());
  EXPECT_THAT(line.hear("{}\x1e"),
              ElementsAre(invocation(1, "SubscribeAccounts", "[]"), invocation(2, "SubscribeOrders", "[26]"),
                          invocation(3, "SubscribePositions", "[26]"), invocation(4, "SubscribeTrades", "[26]"),
                          invocation(5, "SubscribeOrders", "[27]"), invocation(6, "SubscribePositions", "[27]"),
                          invocation(7, "SubscribeTrades", "[27]")));
  EXPECT_FALSE(line.session.connected());
}

TEST(HubSession, IsConnectedWhenTheLastSubscriptionIsAnswered) {
  Line line;
  line.contract("CON.F.US.MNQ.U26");
  line.open();
  EXPECT_THAT(line.hear("{}\x1e"), ElementsAre(invocation(1, "SubscribeContractQuotes", "[\"CON.F.US.MNQ.U26\"]"),
                                               invocation(2, "SubscribeContractTrades", "[\"CON.F.US.MNQ.U26\"]")));
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"2\"}\x1e"),
              ElementsAre("confirmed SubscribeContractTrades[\"CON.F.US.MNQ.U26\"]"));
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"2\"}\x1e"), IsEmpty()) << "said twice counts once";
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"9\"}\x1e{\"type\":3,\"invocationId\":\"0\"}\x1e"), IsEmpty())
      << "not ours";
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"1\",\"result\":null}\x1e"),
              ElementsAre("confirmed SubscribeContractQuotes[\"CON.F.US.MNQ.U26\"]", "connected 2/0"));
}

TEST(HubSession, EventsMayComeInTheHandshakeFrameAndBeforeTheConfirmations) {
  Line line;
  line.accounts();
  line.open();
  EXPECT_THAT(line.hear("{}\x1e{\"type\":1,\"target\":\"GatewayUserAccount\",\"arguments\":[{\"id\":1}]}\x1e{"
                        "\"type\":3,\"invocationId\":\"1\"}\x1e"),
              ElementsAre(invocation(1, "SubscribeAccounts", "[]"), "GatewayUserAccount[{\"id\":1}]",
                          "confirmed SubscribeAccounts[]", "connected 1/0"));
}

TEST(HubSession, WithNothingToSubscribeTheHandshakeIsEnough) {
  Line line;
  line.open();
  EXPECT_THAT(line.hear("{}\x1e"), ElementsAre("connected 0/0"));
}

TEST(HubSession, ARefusedSubscriptionIsNamed) {
  Line line;
  line.contract("CON.F.US.MNQ.U26");
  line.open();
  line.hear("{}\x1e");
  const std::string error = "Failed to invoke 'SubscribeContractQuotes' due to an error on the server.";
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"1\",\"error\":\"" + error +
                        "\"}\x1e{\"type\":3,\"invocationId\":\"2\"}\x1e"),
              ElementsAre("refused SubscribeContractQuotes[\"CON.F.US.MNQ.U26\"] " + error,
                          "confirmed SubscribeContractTrades[\"CON.F.US.MNQ.U26\"]", "connected 1/1"));
}

TEST(HubSession, SubscriptionsCanBeAddedWhileConnected) {
  Line line = connected_line();
  EXPECT_THAT(line.account(27),
              ElementsAre(invocation(5, "SubscribeOrders", "[27]"), invocation(6, "SubscribePositions", "[27]"),
                          invocation(7, "SubscribeTrades", "[27]")));
  EXPECT_THAT(line.account(27), IsEmpty());
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"5\"}\x1e"), ElementsAre("confirmed SubscribeOrders[27]"));
  EXPECT_TRUE(line.session.connected());
}

TEST(HubSession, ARefusedHandshakeEndsTheConnection) {
  Line line;
  line.open();
  EXPECT_THAT(line.hear("{\"error\":\"no such protocol\"}\x1e{\"type\":6}\x1e"),
              ElementsAre("closed handshake_refused: no such protocol"));
  EXPECT_THAT(line.drop(), IsEmpty()) << "told once";
  EXPECT_THAT(line.hear("{\"type\":6}\x1e"), IsEmpty());
}

TEST(HubSession, AHandshakeAnswerThatIsNoJsonEndsTheConnection) {
  Line line;
  line.open();
  const auto said = line.hear("<html>\x1e");
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("closed protocol")) << said[0];
}

TEST(HubSession, CloseEndsItWhateverItSaysAboutReconnecting) {
  Line line = connected_line();
  EXPECT_THAT(
      line.hear(
          "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\x1e{\"type\":6}\x1e"),
      ElementsAre("closed server_close reconnect: Connection closed with an error."));
  EXPECT_EQ(line.session.next_deadline(), std::nullopt);
  Line other = connected_line();
  EXPECT_THAT(other.hear("{\"type\":7}\x1e"), ElementsAre("closed server_close: "));
}

TEST(HubSession, LogoutIsToldApart) {
  Line line = connected_line();
  EXPECT_THAT(line.hear("{\"type\":1,\"target\":\"GatewayLogout\",\"arguments\":[\"Logged in elsewhere\"]}\x1e"),
              ElementsAre("logged out [\"Logged in elsewhere\"]",
                          "closed logged_out reconnect: the gateway ended the session"));
}

TEST(HubSession, ABadRecordDoesNotHideTheNext) {
  Line line = connected_line();
  EXPECT_THAT(
      line.hear("{\"type\":1\x1e{\"type\":1,\"target\":\"GatewayUserOrder\",\"arguments\":[5]}\x1e{\"type\":42}\x1e"),
      ElementsAre("bad {\"type\":1", "GatewayUserOrder[5]"));
}

TEST(HubSession, ARecordOverTwoMessagesIsOneRecord) {
  Line line = connected_line();
  EXPECT_THAT(line.hear("{\"type\":1,\"target\":\"GatewayUser"), IsEmpty());
  EXPECT_THAT(
      line.hear("Order\",\"arguments\":[5]}\x1e{\"type\":1,\"target\":\"GatewayUserTrade\",\"arguments\":[6]}\x1e"),
      ElementsAre("GatewayUserOrder[5]", "GatewayUserTrade[6]"));
}

TEST(HubSession, ARecordWithoutEndEndsTheConnection) {
  Line line = connected_line();
  const std::string megabyte(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 8; ++i) EXPECT_THAT(line.hear(megabyte), IsEmpty());
  EXPECT_THAT(line.hear("x"), ElementsAre("closed protocol: a record is longer than 8 MiB"));
}

TEST(HubSession, PingsFifteenSecondsAfterTheLastThingItSent) {
  Line line = connected_line();
  const std::int64_t start = line.now;
  EXPECT_EQ(line.session.next_deadline(), start + 15 * kSecond);
  line.now = start + 15 * kSecond - 1;
  EXPECT_THAT(line.wait(), ElementsAre(kPing));
  EXPECT_EQ(line.now, start + 15 * kSecond);
}

TEST(HubSession, GivesUpAfterThirtySecondsWithoutARecord) {
  Line line = connected_line();
  const std::int64_t start = line.now;
  EXPECT_THAT(line.wait(), ElementsAre(kPing));
  line.now = start + 30 * kSecond - 1;
  EXPECT_THAT(line.hear("{\"type\":6}\x1e"), IsEmpty());
  EXPECT_THAT(line.wait(), ElementsAre(kPing)) << "any record is a sign of life";
  EXPECT_THAT(line.wait(), ElementsAre(kPing));
  EXPECT_THAT(line.wait(), ElementsAre("closed silence: 30 s without any record"));
  EXPECT_EQ(line.now, start + 60 * kSecond - 1);
  EXPECT_EQ(line.session.next_deadline(), std::nullopt);
}

TEST(HubSession, GivesUpAsSoonAsItIsTold) {
  Line line{5 * kSecond};
  line.open();
  line.hear("{}\x1e");
  const std::int64_t start = line.now;
  EXPECT_THAT(line.wait(), ElementsAre("closed silence: 5 s without any record"));
  EXPECT_EQ(line.now, start + 5 * kSecond);
}

TEST(HubSession, HalfARecordIsNoSignOfLife) {
  Line line = connected_line();
  line.wait();
  line.hear("{\"type\":");
  EXPECT_THAT(line.wait(), ElementsAre("closed silence: 30 s without any record"));
}

TEST(HubSession, WaitsFifteenSecondsForTheHandshakeAnswer) {
  Line line;
  line.open();
  const std::int64_t start = line.now;
  line.now = start + 15 * kSecond - 1;
  EXPECT_THAT(line.session.on_deadline(line.now), IsEmpty());
  EXPECT_THAT(line.wait(), ElementsAre("closed no_handshake: no handshake answer in 15 s"));
}

TEST(HubSession, WaitsFifteenSecondsForTheConfirmations) {
  Line line;
  line.accounts();
  line.open();
  line.hear("{}\x1e");
  EXPECT_THAT(line.wait(), ElementsAre("closed no_confirmation: a subscription was not answered in 15 s"));
  Line later = connected_line();
  later.account(27);
  EXPECT_THAT(later.wait(), ElementsAre("closed no_confirmation: a subscription was not answered in 15 s"));
}

TEST(HubSession, TheNextConnectionSubscribesEverythingAgain) {
  Line line = connected_line();
  EXPECT_THAT(line.drop(), ElementsAre("closed transport: reset by peer"));
  EXPECT_FALSE(line.session.connected());
  EXPECT_THAT(line.open(), ElementsAre(kHandshake));
  EXPECT_EQ(line.hear("{}\x1e").size(), 4U);
  for (int id = 1; id < 4; ++id) line.hear("{\"type\":3,\"invocationId\":\"" + std::to_string(id) + "\"}\x1e");
  EXPECT_FALSE(line.session.connected());
  EXPECT_THAT(line.hear("{\"type\":3,\"invocationId\":\"4\"}\x1e"),
              ElementsAre("confirmed SubscribeTrades[26]", "connected 4/0"));
}

TEST(HubSession, HalfARecordOfTheOldConnectionIsForgotten) {
  Line line = connected_line();
  line.hear("{\"type\":1,\"target\":");
  line.drop();
  line.open();
  EXPECT_EQ(line.hear("{}\x1e").size(), 4U);
}

TEST(HubSession, TheSameStreamCutAnywhereGivesTheSameOutputs) {
  const std::string stream =
      "{}\x1e{\"type\":3,\"invocationId\":\"1\"}\x1e{\"type\":1,\"target\":\"GatewayUserOrder\",\"arguments\":[{"
      "\"id\":5}]}\x1e{\"type\":7}\x1e";
  const auto run = [&](std::size_t cut) {
    Line line;
    line.accounts();
    line.open();
    auto said = line.hear(stream.substr(0, cut));
    for (auto& more : line.hear(stream.substr(cut))) said.push_back(more);
    return said;
  };
  const auto whole = run(stream.size());
  ASSERT_EQ(whole.size(), 5U);
  for (std::size_t cut = 0; cut < stream.size(); ++cut) EXPECT_EQ(run(cut), whole) << "cut at " << cut;
}

}  // namespace
}  // namespace rm::projectx
