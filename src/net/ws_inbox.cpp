#include "net/ws_inbox.h"

#include <algorithm>
#include <cstring>

namespace rm::net {
namespace {

constexpr std::size_t first_buffer = 256 * 1024;
constexpr std::size_t least_space = 16 * 1024;

}  // namespace

WsInbox::WsInbox(std::size_t max_message)
    : max_message_{max_message}, buffer_(std::min(first_buffer, max_message + least_space) + ws_padding) {}

std::span<char> WsInbox::space() {
  take_padding_back();
  if (begin_ == end_) begin_ = end_ = 0;
  if (free_space() < least_space && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Grows with what really came, not with what a header promised, and next() refuses a frame above the limit before
  // it has come.
  if (free_space() < least_space) buffer_.resize(std::max(2 * buffer_.size(), end_ + least_space + ws_padding));
  return std::span{buffer_}.subspan(end_, free_space());
}

void WsInbox::added(std::size_t bytes) {
  end_ += bytes;
}

void WsInbox::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto room = space();
    const std::size_t part = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), part);
    added(part);
    bytes.remove_prefix(part);
  }
}

void WsInbox::clear() {
  begin_ = end_ = 0;
  in_message_ = false;
  joined_done_ = true;
  kept_from_ = nullptr;
}

void WsInbox::take_padding_back() {
  if (kept_from_ != nullptr) std::memcpy(kept_from_, kept_.data(), kept_.size());
  kept_from_ = nullptr;
  if (joined_done_) joined_.clear();
  joined_done_ = false;
}

WsInbox::Item WsInbox::next() {
  take_padding_back();
  for (;;) {
    const auto header = parse_ws_frame_header({buffer_.data() + begin_, end_ - begin_});
    if (!header) return {.kind = Kind::Breach, .payload = {}, .problem = header.error()};
    if (!*header) return {};
    const WsFrameHeader& frame = **header;
    const std::size_t before = is_control(frame.opcode) ? 0 : joined_.size();
    if (frame.length > max_message_ || before + frame.length > max_message_)
      return {.kind = Kind::TooLarge, .payload = {}, .problem = {}};
    if (end_ - begin_ < frame.size + frame.length) return {};
    const Item item = take(frame);
    if (item.kind != Kind::Nothing) return item;
  }
}

// Nothing: a pong, or a fragment that is not the last.
WsInbox::Item WsInbox::take(const WsFrameHeader& header) {
  const std::span<char> payload = std::span{buffer_}.subspan(begin_ + header.size, header.length);
  begin_ += header.size + header.length;
  switch (header.opcode) {
    case WsOpcode::Pong:
      return {};
    case WsOpcode::Ping:
      return {.kind = Kind::Ping, .payload = payload, .problem = {}};
    case WsOpcode::Close:
      return {.kind = Kind::Close, .payload = payload, .problem = {}};
    default:
      return take_data(header, payload);
  }
}

WsInbox::Item WsInbox::take_data(const WsFrameHeader& header, std::span<char> payload) {
  const bool continues = header.opcode == WsOpcode::Continuation;
  if (continues != in_message_) return {.kind = Kind::Breach, .payload = {}, .problem = "a fragment out of order"};
  in_message_ = !header.final;
  if (!continues && header.final) {
    kept_from_ = payload.data() + payload.size();
    std::memcpy(kept_.data(), kept_from_, kept_.size());
    return {.kind = Kind::Message, .payload = payload, .problem = {}};
  }
  joined_.insert(joined_.end(), payload.begin(), payload.end());
  if (!header.final) return {};
  const std::size_t size = joined_.size();
  joined_.resize(size + ws_padding);
  joined_done_ = true;
  return {.kind = Kind::Message, .payload = std::span{joined_}.first(size), .problem = {}};
}

}  // namespace rm::net
