// One accepted connection: HTTP requests one after the other, and perhaps a WebSocket. Internal to this folder:
// included by the .cpp files that name Asio and Beast, by nothing else.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "paper_gateway/server/web.h"

namespace paper {

// Both return at once; the connection lives until it is closed.
void serve_plain(boost::asio::ip::tcp::socket socket, WebHandler& handler);
void serve_tls(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, WebHandler& handler);

}  // namespace paper
