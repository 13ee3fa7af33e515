#pragma once
// Secrets that no line may show. Any thread.

#include <atomic>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace rm {

class Redactor {
 public:
  void add(std::string_view secret);  // and its percent-encoded form; texts shorter than four characters are ignored
  [[nodiscard]] bool empty() const { return empty_.load(std::memory_order_acquire); }
  // `text` with *** in place of every secret.
  [[nodiscard]] std::string apply(std::string_view text) const;

 private:
  void insert(std::string secret);

  mutable std::shared_mutex mutex_;
  std::vector<std::string> secrets_;  // longest first: a secret inside another does not leave the rest of it readable
  std::atomic<bool> empty_ = true;
};

Redactor& redactor();  // of the process

}  // namespace rm
