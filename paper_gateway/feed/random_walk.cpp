#include "paper_gateway/feed/random_walk.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "paper_gateway/feed/random.h"
#include "paper_gateway/feed/session_shape.h"

namespace paper {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr Nanos kLongestGap = std::chrono::seconds{10};
constexpr std::int64_t kQuotesPerDayPerHertz = 60'000;  // 23 hours of the session shape with its bursts
constexpr std::int64_t kBurstEvery = 45 * kSecond;
constexpr std::int64_t kBurstRate = 6;
constexpr std::int64_t kMillion = 1'000'000;

std::uint64_t stream_of(std::string_view symbol, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a, so that the stream depends on the symbol alone
  for (const char c : symbol) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash ^ (seed * 0x9E3779B97F4A7C15ULL);
}

class Walk {
 public:
  Walk(WalkContract contract, std::uint64_t seed, PaperTime start)
      : contract_{std::move(contract)}, random_{stream_of(contract_.contract, seed)} {
    recentre(contract_.start_price);
    next_ = start.ns + random_.waiting_time(mean_wait(start.ns));
    next_burst_ = start.ns + random_.waiting_time(kBurstEvery);
    set_step();
  }

  PaperTime next() const { return {next_}; }
  const std::string& contract() const { return contract_.contract; }
  void recentre(Decimal price) { bid_ = std::max(price.nanos() / contract_.tick.nanos(), kFloor); }

  // One quote, in a burst up to four: each but a bare change of the touch with a print.
  void emit(std::vector<FeedEvent>& out) {
    start_or_end_burst(next_);
    step();
    if (random_.chance(120'000)) spread_ = 1 + random_.below(2);
    const std::int64_t count = next_ < burst_until_ ? 1 + random_.below(4) : 1;
    const bool traded = random_.chance(500'000);
    for (std::int64_t i = 0; i < (traded ? count : 1); ++i) out.push_back(traded ? with_print(quote()) : quote());
    next_ += random_.waiting_time(mean_wait(next_));
  }

  // Nobody watched: the market moved as far as it would have, in one step.
  void cross_gap(PaperTime now) {
    const std::int64_t quotes = (now.ns - next_) / mean_wait(now.ns) + 1;
    std::int64_t root = 0;
    for (std::int64_t bit = std::int64_t{1} << 31U; bit > 0; bit >>= 1U) {
      if ((root + bit) * (root + bit) <= quotes) root += bit;
    }
    std::int64_t bell = 0;  // twelve dice: mean 0, standard deviation 1000
    for (int i = 0; i < 12; ++i) bell += random_.below(1000) - 500;
    const std::int64_t distance = bell * root / 1000 * step_ * step_chance_ / kMillion;
    bid_ = std::max(bid_ + distance, kFloor);
    next_ = now.ns;
    burst_until_ = 0;
    next_burst_ = now.ns + random_.waiting_time(kBurstEvery);
  }

 private:
  static constexpr std::int64_t kFloor = 10;  // ticks: a price never walks to zero

  std::int64_t mean_wait(std::int64_t at) const {
    const std::int64_t base = kSecond / std::clamp<std::int64_t>(contract_.quotes_per_second, 1, 1000);
    const std::int64_t shaped = base * 1000 / session_intensity_permille(chicago_second_of_day(at));
    return std::max<std::int64_t>(1, at < burst_until_ ? shaped / kBurstRate : shaped);
  }

  // Chosen so that a day of single steps spreads as far as the contract is meant to move in a day.
  void set_step() {
    const std::int64_t day_ticks =
        contract_.start_price.nanos() / contract_.tick.nanos() * contract_.daily_move_permille / 1000;
    const std::int64_t quotes = kQuotesPerDayPerHertz * contract_.quotes_per_second;
    while (step_ < 10'000 && quotes * step_ * step_ < day_ticks * day_ticks) ++step_;
    step_chance_ = std::min(kMillion, day_ticks * day_ticks * kMillion / (quotes * step_ * step_));
  }

  void start_or_end_burst(std::int64_t at) {
    if (at < next_burst_) return;
    burst_until_ = at + kSecond + random_.below(2 * kSecond);
    next_burst_ = burst_until_ + random_.waiting_time(kBurstEvery);
    burst_up_percent_ = random_.chance(500'000) ? 54 : 46;
  }

  void step() {
    if (!random_.chance(step_chance_)) return;
    const std::int64_t up_percent = next_ < burst_until_ ? burst_up_percent_ : 50;
    const bool up = random_.below(100) < up_percent;
    bid_ = std::max(bid_ + (up ? step_ : -step_), kFloor);
  }

  FeedEvent quote() const {
    PriceUpdate price;
    price.contract = contract_.contract;
    price.bid = contract_.tick * bid_;
    price.ask = contract_.tick * (bid_ + spread_);
    return {.at = {next_}, .price = std::move(price)};
  }

  FeedEvent with_print(FeedEvent event) {
    const bool buyer = random_.chance(500'000);
    event.price.last = buyer ? event.price.ask : event.price.bid;
    event.price.aggressor = buyer ? Side::Buy : Side::Sell;
    event.price.volume = static_cast<int>(1 + (random_.chance(200'000) ? random_.below(20) : random_.below(3)));
    return event;
  }

  WalkContract contract_;
  Random random_;
  std::int64_t bid_ = 0;          // ticks
  std::int64_t spread_ = 1;       // ticks
  std::int64_t step_ = 1;         // ticks
  std::int64_t step_chance_ = 0;  // per million
  std::int64_t next_ = 0;
  std::int64_t burst_until_ = 0;
  std::int64_t next_burst_ = 0;
  std::int64_t burst_up_percent_ = 50;
};

class RandomWalk final : public PriceFeed {
 public:
  RandomWalk(std::vector<WalkContract> contracts, std::uint64_t seed, PaperTime start) {
    for (auto& contract : contracts) walks_.emplace_back(std::move(contract), seed, start);
  }

  std::optional<PaperTime> next_deadline() const override {
    if (walks_.empty()) return std::nullopt;
    return std::ranges::min_element(walks_, {}, &Walk::next)->next();
  }

  void on_time(PaperTime now, std::vector<FeedEvent>& out) override {
    if (walks_.empty()) return;
    for (auto& walk : walks_) {
      if (now - walk.next() > kLongestGap) walk.cross_gap(now);
    }
    for (auto earliest = std::ranges::min_element(walks_, {}, &Walk::next); earliest->next() <= now;
         earliest = std::ranges::min_element(walks_, {}, &Walk::next)) {
      earliest->emit(out);
    }
  }

  void recentre(const std::string& contract, Decimal price) override {
    for (auto& walk : walks_) {
      if (walk.contract() == contract) walk.recentre(price);
    }
  }

 private:
  std::vector<Walk> walks_;
};

}  // namespace

std::unique_ptr<PriceFeed> make_random_walk(std::vector<WalkContract> contracts, std::uint64_t seed,
                                            PaperTime start) {
  return std::make_unique<RandomWalk>(std::move(contracts), seed, start);
}

}  // namespace paper
