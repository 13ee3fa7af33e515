#include "projectx/wire/record_splitter.h"

#include <utility>

namespace rm::projectx {

bool RecordSplitter::feed(PaddedSpan message) {
  rest_ = message;
  const auto end = text_of(message).find(kRecordEnd);
  return pending_.size() + (end == std::string_view::npos ? message.size() : end) <= kMaxRecord;
}

std::optional<PaddedSpan> RecordSplitter::next() {
  const std::string_view rest = text_of(rest_);
  const auto end = rest.find(kRecordEnd);
  if (end == std::string_view::npos) {
    pending_.append(rest);
    rest_ = {};
    return std::nullopt;
  }
  const PaddedSpan head = rest_.first(end);
  rest_ = rest_.subspan(end + 1);
  if (pending_.empty()) return head;
  pending_.append(text_of(head));
  joined_.clear();
  std::swap(joined_, pending_);
  const std::size_t size = joined_.size();
  joined_.append(kPadding, '\0');
  return PaddedSpan{joined_.data(), size};
}

void RecordSplitter::reset() {
  rest_ = {};
  pending_.clear();
}

}  // namespace rm::projectx
