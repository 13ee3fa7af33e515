#pragma once
// A named value: two ids of different kinds cannot be swapped, compared or added by accident.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace rm {

template <class Tag, class Rep>
class Strong {
 public:
  constexpr Strong() = default;
  explicit constexpr Strong(Rep value) : value_{value} {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

}  // namespace rm

template <class Tag, class Rep>
struct std::hash<rm::Strong<Tag, Rep>> {
  std::size_t operator()(const rm::Strong<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value()); }
};
