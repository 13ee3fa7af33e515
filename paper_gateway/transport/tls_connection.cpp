#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "paper_gateway/transport/connection.h"
#include "paper_gateway/transport/http_session.h"

namespace paper {

void serve_tls(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, WebHandler& handler) {
  using Stream = beast::ssl_stream<beast::tcp_stream>;
  auto session = std::make_shared<HttpSession<Stream>>(Stream{beast::tcp_stream{std::move(socket)}, tls}, handler);
  beast::get_lowest_layer(session->stream()).expires_after(std::chrono::seconds{15});
  session->stream().async_handshake(boost::asio::ssl::stream_base::server, [session](beast::error_code error) {
    if (!error) session->read();
  });
}

}  // namespace paper
