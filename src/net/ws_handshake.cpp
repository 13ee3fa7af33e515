#include "net/ws_handshake.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <span>
#include <stdexcept>

namespace rm::net {
namespace {

void fill_random(std::span<std::uint8_t> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
}

std::string base64(std::span<const std::uint8_t> bytes) {
  std::array<std::uint8_t, 64> text{};  // 4 for every 3, and an end
  const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

}  // namespace

std::string new_ws_key() {
  std::array<std::uint8_t, 16> bytes{};
  fill_random(bytes);
  return base64(bytes);
}

std::string ws_accept_for(std::string_view key) {
  std::string text{key};
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<std::uint8_t, 20> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) return {};
  return base64(digest);
}

std::string ws_upgrade_request(const Url& url, std::string_view key, std::string_view bearer) {
  std::string out;
  out.append("GET ").append(url.target).append(" HTTP/1.1\r\nHost: ").append(url.authority());
  out.append("\r\nUser-Agent: risk-manager\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ")
      .append(key);
  out.append("\r\nSec-WebSocket-Version: 13\r\n");
  if (!bearer.empty()) out.append("Authorization: Bearer ").append(bearer).append("\r\n");
  return out.append("\r\n");
}

std::array<std::uint8_t, 4> WsMasks::next() {
  if (used_ == pool_.size()) {
    fill_random(pool_);
    used_ = 0;
  }
  std::array<std::uint8_t, 4> mask{};
  std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(used_), 4, mask.begin());
  used_ += 4;
  return mask;
}

}  // namespace rm::net
