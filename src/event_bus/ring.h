#pragma once
// First in, first out, on one thread. Grows when full and never shrinks, so steady state allocates nothing.

#include <cstddef>
#include <utility>
#include <vector>

namespace rm {

template <class T>
class Ring {
 public:
  explicit Ring(std::size_t capacity) : slots_(capacity) {}
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }

  void push(T value) {
    if (count_ == slots_.size()) grow();
    slots_[(first_ + count_++) % slots_.size()] = std::move(value);
  }
  // Precondition: not empty.
  T pop() {
    T value = std::move(slots_[first_]);
    first_ = (first_ + 1) % slots_.size();
    --count_;
    return value;
  }

 private:
  void grow() {
    std::vector<T> larger(slots_.size() * 2 + 1);
    for (std::size_t i = 0; i < count_; ++i) larger[i] = std::move(slots_[(first_ + i) % slots_.size()]);
    slots_ = std::move(larger);
    first_ = 0;
  }
  std::vector<T> slots_;
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace rm
