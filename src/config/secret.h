#pragma once
// A text that must not be seen: it cannot be streamed, formatted, compared or converted, and its memory is wiped at
// its end.

#include <iosfwd>
#include <string>
#include <string_view>

namespace rm {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_{text} {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  // The text itself; the one place to look for when asking where a secret goes.
  [[nodiscard]] std::string_view reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  void wipe() noexcept;
  std::string text_;
};

}  // namespace rm
