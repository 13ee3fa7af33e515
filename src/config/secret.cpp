#include "config/secret.h"

#include <cstring>
#include <utility>

namespace rm {

Secret::Secret(Secret&& other) noexcept : text_{std::move(other.text_)} {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  // The whole buffer: short texts stay inside the object when moved from, and a longer text may have stood there
  // before.
  text_.resize(text_.capacity());
  explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace rm
