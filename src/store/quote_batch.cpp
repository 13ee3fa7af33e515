#include "store/quote_batch.h"

#include <bit>
#include <string>

#include "store/bytes.h"

namespace rm {
namespace {

constexpr std::size_t kLargestQuote = 80;  // eight numbers of at most ten bytes
constexpr std::size_t kHead = 24;
constexpr std::uint8_t kThousandths = 8;  // the bits below say which prices there are
constexpr std::int64_t kNanosPerThousandth = 1'000'000;

// Differences wrap: what wraps on the way in comes back on the way out.
constexpr std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
constexpr std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0));
}

using Three = std::array<const std::optional<Price>*, 3>;
Three prices_of(const QuoteUpdated& quote) {
  return {&quote.last, &quote.bid, &quote.ask};
}

class In {
 public:
  explicit In(std::span<const std::byte> bytes) : bytes_{bytes} {}
  [[nodiscard]] bool done() const { return at_ == bytes_.size(); }
  [[nodiscard]] bool ok() const { return ok_; }
  std::uint64_t take() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(bytes_[at_++]);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t take_signed() { return unzigzag(take()); }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

void QuoteBatch::put(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_[size_++] = static_cast<std::byte>(value | 0x80);
  bytes_[size_++] = static_cast<std::byte>(value);
}

void QuoteBatch::put_signed(std::int64_t value) {
  put(zigzag(value));
}

bool QuoteBatch::add(const RiskEvent& event) {
  const auto& quote = std::get<QuoteUpdated>(event.body);
  if (empty()) {
    sequence_ = event.sequence;
    at_ = event.at.nanos();
    received_ns_ = event.received_ns;
    ByteWriter head{bytes_};
    head.put(sequence_);
    head.put(at_);
    head.put(received_ns_);
    size_ = head.size();
    prices_.start_again();
  } else if (bytes_.size() - size_ < kLargestQuote) {
    return false;
  }
  auto& before = prices_.of(quote.contract.value());
  std::array<std::int64_t, 3> difference{};
  std::uint8_t flags = 0;
  bool thousandths = true;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& price = *prices_of(quote)[i];
    if (!price) continue;
    flags |= static_cast<std::uint8_t>(1U << i);
    difference[i] = minus(price->nanos(), before[i]);
    before[i] = price->nanos();
    thousandths = thousandths && difference[i] % kNanosPerThousandth == 0;
  }
  put(quote.contract.value());
  put(flags | (thousandths ? kThousandths : 0U));
  put(event.sequence - sequence_);
  const std::int64_t later = minus(event.at.nanos(), at_);
  put_signed(later);
  put_signed(minus(minus(event.received_ns, received_ns_), later));
  for (std::size_t i = 0; i < 3; ++i) {
    if (prices_of(quote)[i]->has_value())
      put_signed(thousandths ? difference[i] / kNanosPerThousandth : difference[i]);
  }
  sequence_ = event.sequence;
  at_ = event.at.nanos();
  received_ns_ = event.received_ns;
  return true;
}

void QuoteBatch::clear() {
  size_ = 0;
}

Result<void> read_quotes(std::span<const std::byte> record, std::size_t contracts, QuotePrices& prices,
                         std::vector<RiskEvent>& quotes) {
  const auto refuse = [&] {
    return fail(ErrorCode::Malformed,
                "a stored record of quotes of " + std::to_string(record.size()) + " bytes cannot be read");
  };
  if (record.size() <= kHead) return refuse();
  ByteReader head{record.first(kHead)};
  auto sequence = head.take<std::uint64_t>();
  auto at = head.take<std::int64_t>();
  auto received_ns = head.take<std::int64_t>();
  prices.start_again();
  In in{record.subspan(kHead)};
  while (!in.done()) {
    const std::uint64_t number = in.take(), flags = in.take();
    if (!in.ok() || number >= contracts || flags > (kThousandths | 7U)) return refuse();
    sequence += in.take();
    const std::int64_t later = in.take_signed();
    at = plus(at, later);
    received_ns = plus(received_ns, plus(later, in.take_signed()));
    QuoteUpdated quote;
    quote.contract = ContractId{static_cast<std::uint32_t>(number)};
    auto& before = prices.of(quote.contract.value());
    const std::array<std::optional<Price>*, 3> into{&quote.last, &quote.bid, &quote.ask};
    for (std::size_t i = 0; i < 3; ++i) {
      if ((flags >> i & 1U) == 0) continue;
      const auto difference = static_cast<std::uint64_t>(in.take_signed());
      const std::uint64_t unit = (flags & kThousandths) != 0 ? kNanosPerThousandth : 1;
      before[i] = plus(before[i], static_cast<std::int64_t>(difference * unit));
      *into[i] = Price::from_nanos(before[i]);
    }
    if (!in.ok()) return refuse();
    quotes.push_back(RiskEvent{quote, BrokerTime::from_nanos(at), received_ns, sequence});
  }
  return {};
}

}  // namespace rm
