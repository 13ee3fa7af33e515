#include "projectx/rest/http_result.h"

#include <algorithm>

namespace rm::projectx {
namespace {

constexpr std::size_t kMaxText = 300;
constexpr std::size_t kLongestWord = 64;  // longer than any contract id, tag or time stamp

Verdict without_answer(const HttpResult& result) {
  return {result.maybe_sent ? Outcome::Ambiguous : Outcome::NotSent, 0, clean_text(result.failure), {}};
}

Verdict not_understood(Endpoint endpoint, std::string text) {
  return {info_of(endpoint).mutation ? Outcome::Ambiguous : Outcome::Refused, 0, std::move(text), {}};
}

bool is_plain_refusal(int status) {
  return status == 400 || status == 404 || status == 405 || status == 413 || status == 415 || status == 422;
}

Verdict by_status(Endpoint endpoint, int status) {
  const std::string text = std::string{"HTTP "}.append(std::to_string(status));
  if (status == 401 || status == 403) return {Outcome::Unauthorised, 0, text, {}};
  if (status == 429) return {Outcome::RateLimited, 0, text, {}};
  if (is_plain_refusal(status)) return {Outcome::Refused, 0, text, {}};
  return not_understood(endpoint, text);
}

Verdict by_envelope(Endpoint endpoint, const Envelope& envelope) {
  if (envelope.accepted()) return {Outcome::Accepted, 0, {}, envelope};
  if (envelope.success || envelope.error_code == 0)
    return not_understood(endpoint, "success and errorCode contradict each other");
  std::string text{error_name(endpoint, envelope.error_code)};
  if (!envelope.text.empty()) text.append(": ").append(clean_text(envelope.text));
  return {outcome_of(endpoint, envelope.error_code), envelope.error_code, std::move(text), {}};
}

}  // namespace

Verdict classify(Endpoint endpoint, const HttpResult& result, ReplyReader& reader) {
  if (result.status == 0) return without_answer(result);
  if (result.status != 200) return by_status(endpoint, result.status);
  const auto envelope = reader.open(result.body);
  if (!envelope)
    return not_understood(endpoint, "an answer that cannot be read: " + clean_text(envelope.error().message));
  return by_envelope(endpoint, *envelope);
}

std::string clean_text(std::string_view text) {
  std::string out;
  std::size_t word = 0;  // where the current word begins in `out`
  const auto end_word = [&] {
    if (out.size() - word > kLongestWord) out.replace(word, std::string::npos, "[removed]");
  };
  for (const char c : text.substr(0, 16 * kMaxText)) {
    const bool printable = c > ' ' && c < '\x7f';
    if (printable) {
      out.push_back(c);
      continue;
    }
    end_word();
    if (!out.empty() && out.back() != ' ') out.push_back(' ');
    word = out.size();
    if (out.size() > kMaxText) break;
  }
  end_word();
  if (out.size() > kMaxText) out.resize(kMaxText);
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace rm::projectx
