#pragma once
// Quotes are most of what happens: they go into the journal some dozens to a record, each as its difference from the
// one before, in about 13 bytes. Every field comes back exactly. Little-endian variable-length numbers, 7 bits a
// byte; signed ones zigzag.
//   u64 sequence, i64 at, i64 received_ns of what comes before the first
//   a quote: contract's number, flags (which prices; whether in thousandths), sequence +, at ±, received_ns ± beyond
//   the difference of `at`, a price ± for each (from the contract's last such price in this record, else from zero)

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "domain/result.h"
#include "event_bus/risk_event.h"

namespace rm {

inline constexpr std::size_t kQuoteBatchBytes = 512;

// The prices that differences start from, by contract; those of an earlier record do not count.
class QuotePrices {
 public:
  using Prices = std::array<std::int64_t, 3>;  // last, bid, ask
  void start_again() { ++batch_; }
  [[nodiscard]] Prices& of(std::uint32_t contract) {
    if (contract >= known_.size()) known_.resize(contract + std::size_t{1});
    Known& known = known_[contract];
    if (known.batch != batch_) known = Known{batch_, {}};
    return known.prices;
  }

 private:
  struct Known {
    std::uint64_t batch = 0;
    Prices prices{};
  };
  std::vector<Known> known_;
  std::uint64_t batch_ = 1;
};

// Allocates only for a contract with a higher number than any before.
class QuoteBatch {
 public:
  // False: no room, the batch is to be stored first.
  bool add(const RiskEvent& quote);
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.data(), size_}; }
  void clear();

 private:
  void put(std::uint64_t value);
  void put_signed(std::int64_t value);

  std::array<std::byte, kQuoteBatchBytes> bytes_{};
  std::size_t size_ = 0;
  std::uint64_t sequence_ = 0;
  std::int64_t at_ = 0, received_ns_ = 0;
  QuotePrices prices_;
};

// Appends the quotes of a record to `quotes`. `contracts` is how many contracts are known: a number beyond it is
// refused. Error: Malformed.
[[nodiscard]] Result<void> read_quotes(std::span<const std::byte> record, std::size_t contracts, QuotePrices& prices,
                                       std::vector<RiskEvent>& quotes);

}  // namespace rm
