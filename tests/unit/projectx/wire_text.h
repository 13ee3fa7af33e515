#pragma once
// Texts as they come from the wire, with exactly the padding that is promised and not a byte more: an over-read shows
// under ASan.

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "projectx/wire/padded.h"

namespace rm::projectx {

class WireTexts {
 public:
  // Valid as long as this object. `behind` fills the padding: by default a number that runs on would be noticed.
  PaddedSpan operator()(std::string_view text, char behind = '7') {
    auto bytes = std::make_unique<char[]>(text.size() + kPadding);
    std::memcpy(bytes.get(), text.data(), text.size());
    std::memset(bytes.get() + text.size(), behind, kPadding);
    kept_.push_back(std::move(bytes));
    return {kept_.back().get(), text.size()};
  }

 private:
  std::deque<std::unique_ptr<char[]>> kept_;
};

}  // namespace rm::projectx
