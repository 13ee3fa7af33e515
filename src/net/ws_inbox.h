#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "net/ws_client.h"
#include "net/ws_frame.h"

namespace rm::net {

// Internal: whole messages and control frames out of a server's hostile bytes, cut anywhere. One buffer, reused; a
// message that came in one frame is handed out where it lies. Pure.
class WsInbox {
 public:
  explicit WsInbox(std::size_t max_message);

  std::span<char> space();              // where the next bytes go; not empty
  void added(std::size_t bytes);        // so many were put there
  void append(std::string_view bytes);  // or copies these
  void clear();                         // a new connection; leaves the bytes handed out last as they are

  enum class Kind { Nothing /* until more bytes come */, Message, Ping, Close, Breach, TooLarge };
  struct Item {
    Kind kind = Kind::Nothing;
    std::span<char> payload;  // of Message, Ping and Close; until the next call; ws_padding bytes after a message may
                              // be written to
    std::string_view problem;  // of Breach
  };
  Item next();  // pongs are passed over

 private:
  void take_padding_back();
  Item take(const WsFrameHeader& header);
  Item take_data(const WsFrameHeader& header, std::span<char> payload);
  [[nodiscard]] std::size_t free_space() const { return buffer_.size() - ws_padding - end_; }

  std::size_t max_message_;
  std::vector<char> buffer_;  // [begin_, end_) is not yet taken; ws_padding bytes are always left after end_
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::vector<char> joined_;  // the fragments so far
  bool in_message_ = false;
  bool joined_done_ = false;  // joined_ was handed out
  // What lies behind a message handed out in place is the next one: kept here while the caller may write over it.
  std::array<char, ws_padding> kept_{};
  char* kept_from_ = nullptr;
};

}  // namespace rm::net
