#include "event_bridge/refusals.h"

namespace rm {
namespace {

constexpr std::size_t kMaxSample = 200;
constexpr std::size_t kKeptDigits = 2;
constexpr std::size_t kLongestWord = 40;

RefusalKind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::MissingField:
      return RefusalKind::MissingField;
    case ErrorCode::OutOfRange:
      return RefusalKind::OutOfRange;
    case ErrorCode::UnknownValue:
      return RefusalKind::UnknownValue;
    case ErrorCode::UnknownAccount:
      return RefusalKind::NotWatched;
    case ErrorCode::UnknownContract:
      return RefusalKind::UnknownContract;
    default:
      return RefusalKind::Malformed;
  }
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

std::string_view name_of(RefusalKind kind) {
  constexpr std::array<std::string_view, kRefusalKinds> kNames{"malformed",     "missing_field", "out_of_range",
                                                               "unknown_value", "not_watched",   "unknown_contract",
                                                               "unknown_target"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string masked(std::string_view text) {
  std::string out;
  std::size_t digits = 0;
  std::size_t word = 0;  // length of the current word in `out`
  for (const char c : text.substr(0, 4 * kMaxSample)) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    word = is_word(c) ? word + 1 : 0;
    if (word > kLongestWord) {
      if (word == kLongestWord + 1) out.replace(out.size() - kLongestWord, kLongestWord, "[removed]");
      continue;
    }
    if (out.size() >= kMaxSample) break;
    out.push_back(c < ' ' || c >= '\x7f' ? '?' : digits > kKeptDigits ? '#' : c);
  }
  return out;
}

Refusals::Refusals() {
  for (std::size_t i = 0; i < refusals_.size(); ++i) {
    refusals_[i].kind = static_cast<RefusalKind>(i);
    refusals_[i].sample.reserve(2 * kMaxSample);
  }
}

void Refusals::add(RefusalKind kind, std::string_view why, std::string_view text) {
  Refusal& refusal = refusals_[static_cast<std::size_t>(kind)];
  ++refusal.count;
  refusal.sample.assign(masked(why)).append(": ").append(masked(text));
}

void Refusals::add(const Error& error, std::string_view text) {
  add(kind_of(error.code), error.message, text);
}

}  // namespace rm
