#include "paper_gateway/transport/connection.h"
#include "paper_gateway/transport/http_session.h"

namespace paper {

void serve_plain(boost::asio::ip::tcp::socket socket, WebHandler& handler) {
  std::make_shared<HttpSession<beast::tcp_stream>>(beast::tcp_stream{std::move(socket)}, handler)->read();
}

}  // namespace paper
