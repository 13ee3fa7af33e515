#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rm::net {

// Internal: one HTTP/1.x answer out of hostile bytes, cut anywhere. At most 16 KiB of header and `max_body` of body.
class HttpResponseReader {
 public:
  enum class State { Incomplete, Complete, TooLarge, Malformed };

  explicit HttpResponseReader(std::size_t max_body);
  ~HttpResponseReader();
  HttpResponseReader(const HttpResponseReader&) = delete;
  HttpResponseReader& operator=(const HttpResponseReader&) = delete;

  void start();                        // forgets everything; the next byte begins an answer
  State feed(std::string_view bytes);  // interim answers (100, 103, ...) are passed over; call no more after anything
                                       // but Incomplete
  State end_of_stream();               // the peer closed properly: that ends an answer without a length

  [[nodiscard]] bool header_done() const;  // status() and header() are known, of a final answer
  // When complete:
  [[nodiscard]] int status() const;
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] std::string_view header(std::string_view name) const;  // empty: there is none
  [[nodiscard]] std::string take_body();
  [[nodiscard]] std::string_view leftover() const;  // what came after the answer

  [[nodiscard]] bool begun() const;  // any byte since start()

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm::net
