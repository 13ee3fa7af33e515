#include "net/http_response.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <optional>
#include <utility>

namespace rm::net {
namespace http = boost::beast::http;

namespace {
constexpr std::uint32_t max_header = 16 * 1024;
}

struct HttpResponseReader::Impl {
  std::size_t max_body;
  std::optional<http::response_parser<http::string_body>> parser;
  std::string bytes;  // not yet parsed: the parser wants a header in one piece
  bool begun = false;

  void next_answer() {
    parser.emplace();
    parser->header_limit(max_header);
    parser->body_limit(max_body);
    parser->eager(true);
  }

  [[nodiscard]] bool interim() const {
    const unsigned status = parser->get().result_int();
    return status < 200 && status != 101;  // 101 ends HTTP: the upgrade has its answer
  }

  State parse() {
    while (!bytes.empty() && !parser->is_done()) {
      boost::system::error_code error;
      const std::size_t used = parser->put(boost::asio::buffer(bytes), error);
      bytes.erase(0, used);
      if (error == http::error::need_more) return State::Incomplete;
      if (error == http::error::body_limit || error == http::error::header_limit) return State::TooLarge;
      if (error) return State::Malformed;
      if (parser->is_done() && interim()) {
        next_answer();
      } else if (used == 0) {
        break;
      }
    }
    return parser->is_done() ? State::Complete : State::Incomplete;
  }
};

HttpResponseReader::HttpResponseReader(std::size_t max_body) : impl_{std::make_unique<Impl>()} {
  impl_->max_body = max_body;
  start();
}

HttpResponseReader::~HttpResponseReader() = default;

void HttpResponseReader::start() {
  impl_->bytes.clear();
  impl_->begun = false;
  impl_->next_answer();
}

HttpResponseReader::State HttpResponseReader::feed(std::string_view bytes) {
  if (!bytes.empty()) impl_->begun = true;
  impl_->bytes.append(bytes);
  return impl_->parse();
}

HttpResponseReader::State HttpResponseReader::end_of_stream() {
  if (!impl_->parser->is_header_done()) return State::Incomplete;
  boost::system::error_code error;
  impl_->parser->put_eof(error);
  return !error && impl_->parser->is_done() ? State::Complete : State::Incomplete;
}

bool HttpResponseReader::header_done() const {
  return impl_->parser->is_header_done() && !impl_->interim();
}
int HttpResponseReader::status() const {
  return static_cast<int>(impl_->parser->get().result_int());
}
bool HttpResponseReader::keep_alive() const {
  return impl_->parser->keep_alive();
}

std::string_view HttpResponseReader::header(std::string_view name) const {
  const auto value = impl_->parser->get()[boost::beast::string_view{name.data(), name.size()}];
  return {value.data(), value.size()};
}

std::string HttpResponseReader::take_body() {
  return std::move(impl_->parser->get().body());
}
std::string_view HttpResponseReader::leftover() const {
  return impl_->bytes;
}
bool HttpResponseReader::begun() const {
  return impl_->begun;
}

}  // namespace rm::net
