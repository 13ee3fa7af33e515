#include "store/sha256.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace rm {

struct Sha256Maker::Context {
  Context() : method{EVP_MD_fetch(nullptr, "SHA256", nullptr)}, state{EVP_MD_CTX_new()} {}
  ~Context() {
    EVP_MD_CTX_free(state);
    EVP_MD_free(method);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  EVP_MD* method;
  EVP_MD_CTX* state;
};

Sha256Maker::Sha256Maker() : context_{std::make_unique<Context>()} {
  if (context_->method == nullptr || context_->state == nullptr)
    throw std::runtime_error{"this machine's OpenSSL offers no SHA-256: the journal cannot be chained"};
}

Sha256Maker::~Sha256Maker() = default;

Sha256 Sha256Maker::operator()(std::span<const std::byte> first, std::span<const std::byte> second) {
  Sha256 hash{};
  EVP_DigestInit_ex2(context_->state, context_->method, nullptr);
  EVP_DigestUpdate(context_->state, first.data(), first.size());
  EVP_DigestUpdate(context_->state, second.data(), second.size());
  EVP_DigestFinal_ex(context_->state, reinterpret_cast<unsigned char*>(hash.data()), nullptr);
  return hash;
}

std::string hex(const Sha256& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte b : hash) {
    text += kDigits[std::to_integer<std::size_t>(b >> 4)];
    text += kDigits[std::to_integer<std::size_t>(b & std::byte{15})];
  }
  return text;
}

std::optional<Sha256> sha256_from_hex(std::string_view text) {
  Sha256 hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    hash[i / 2] = (hash[i / 2] << 4) | static_cast<std::byte>(digit);
  }
  return hash;
}

}  // namespace rm
