#include "observe/redactor.h"

#include <algorithm>
#include <mutex>

namespace rm {
namespace {

constexpr std::size_t kShortest = 4;

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view{"-._~"}.find(c) != std::string_view::npos;
    const auto value = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out.append(1, '%').append(1, kHex[value >> 4]).append(1, kHex[value & 0xf]);
  }
  return out;
}

}  // namespace

void Redactor::add(std::string_view secret) {
  if (secret.size() < kShortest) return;
  const std::unique_lock lock{mutex_};
  insert(std::string{secret});
  insert(percent_encoded(secret));
  empty_.store(false, std::memory_order_release);
}

void Redactor::insert(std::string secret) {
  if (std::ranges::find(secrets_, secret) != secrets_.end()) return;
  const auto before =
      std::ranges::find_if(secrets_, [&](const std::string& other) { return other.size() < secret.size(); });
  secrets_.insert(before, std::move(secret));
}

std::string Redactor::apply(std::string_view text) const {
  std::string out{text};
  if (empty()) return out;
  constexpr std::string_view kStars = "***";
  const std::shared_lock lock{mutex_};
  for (const std::string& secret : secrets_) {
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at + kStars.size()))
      out.replace(at, secret.size(), kStars);
  }
  return out;
}

Redactor& redactor() {
  static Redactor instance;
  return instance;
}

}  // namespace rm
