// Our WebSocket client against somebody else's server: Beast's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <future>
#include <thread>

#include "ws_fixture.h"

namespace rm::net {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using Stream = websocket::stream<tcp::socket>;

// Serves one connection on a thread of its own.
class BeastServer {
 public:
  explicit BeastServer(std::function<void(Stream&)> session)
      : thread_{[this, session = std::move(session)] {
          Stream stream{acceptor_.accept()};
          stream.accept();
          session(stream);
        }} {}
  ~BeastServer() { thread_.join(); }
  [[nodiscard]] std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/hub";
  }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

void echo_until_closed(Stream& stream) {
  boost::beast::flat_buffer buffer;
  boost::system::error_code error;
  for (;;) {
    stream.read(buffer, error);
    if (error) break;
    stream.text(true);
    stream.write(buffer.data());
    buffer.clear();
  }
  EXPECT_EQ(stream.reason().code, websocket::close_code::normal) << error.message();
}

TEST(WsInterop, TextsOfEveryLengthClassComeBackAsTheyWere) {
  BeastServer server{[](Stream& stream) {
    stream.write_buffer_bytes(5'000);  // fragments whatever is longer
    echo_until_closed(stream);
  }};
  test::Listening listening;
  listening.connect(server.url());
  ASSERT_TRUE(listening.until([&] { return listening.opened == 1; }));
  std::size_t count = 0;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 4'999U, 5'000U, 65'535U, 65'536U, 1'048'576U}) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 31 % 26);
    listening.client->send_text(text);
    ASSERT_TRUE(listening.until_texts(++count)) << size;
    ASSERT_EQ(listening.texts.back(), text) << size;
  }
  listening.client->close();
}

TEST(WsInterop, PingsAreAnswered) {
  std::promise<std::string> pong;
  BeastServer server{[&](Stream& stream) {
    stream.control_callback([&](websocket::frame_type kind, auto payload) {
      if (kind == websocket::frame_type::pong) pong.set_value({payload.data(), payload.size()});
    });
    stream.ping("there?");
    echo_until_closed(stream);
  }};
  test::Listening listening;
  listening.connect(server.url());
  auto heard = pong.get_future();
  ASSERT_TRUE(listening.until([&] { return heard.wait_for(std::chrono::seconds{0}) == std::future_status::ready; }));
  EXPECT_EQ(heard.get(), "there?");
  listening.client->close();
}

TEST(WsInterop, TheServersCloseIsOneCleanEnd) {
  BeastServer server{[](Stream& stream) {
    boost::system::error_code error;
    stream.close({websocket::close_code::going_away, "maintenance"}, error);
    EXPECT_FALSE(error) << error.message();  // our close frame came back
  }};
  test::Listening listening;
  listening.connect(server.url());
  ASSERT_TRUE(listening.until_closed());
  EXPECT_THAT(listening.closed[0].why, testing::EndsWith("closed the WebSocket with code 1001: maintenance"));
}

}  // namespace
}  // namespace rm::net
