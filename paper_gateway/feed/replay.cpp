#include "paper_gateway/feed/replay.h"

#include <map>
#include <utility>

#include "paper_gateway/feed/replay_reader.h"

namespace paper {
namespace {

constexpr Nanos kLongestGap = std::chrono::seconds{10};
constexpr Nanos kBetweenRounds = std::chrono::seconds{1};

class Replay final : public PriceFeed {
 public:
  Replay(std::vector<FeedEvent> events, PaperTime start, bool loop)
      : events_{std::move(events)}, shift_{start - events_.front().at}, loop_{loop} {}

  std::optional<PaperTime> next_deadline() const override {
    if (position_ == events_.size()) return std::nullopt;
    return events_[position_].at + shift_;
  }

  void on_time(PaperTime now, std::vector<FeedEvent>& out) override {
    if (loop_) skip_whole_rounds(now);
    while (play_round(now, out) && loop_) {
      shift_ += round();
      position_ = 0;
    }
  }

  void recentre(const std::string&, Decimal) override {}  // what happened, happened

 private:
  Nanos round() const { return events_.back().at - events_.front().at + kBetweenRounds; }

  // True when the last row has been played and more rounds may be due.
  bool play_round(PaperTime now, std::vector<FeedEvent>& out) {
    const auto first = next_deadline();
    if (!first || *first > now) return false;
    const std::size_t begin = position_;
    while (position_ < events_.size() && events_[position_].at + shift_ <= now) ++position_;
    const bool jumped = now - *first > kLongestGap;
    std::map<std::string, std::size_t> newest;  // of a stretch that was jumped over only the end counts
    for (std::size_t i = begin; jumped && i < position_; ++i) newest[events_[i].price.contract] = i;
    for (std::size_t i = begin; i < position_; ++i) {
      if (jumped && newest[events_[i].price.contract] != i) continue;
      out.push_back({.at = events_[i].at + shift_, .price = events_[i].price});
    }
    return position_ == events_.size();
  }

  void skip_whole_rounds(PaperTime now) {
    const Nanos behind = now - (events_.front().at + shift_);
    if (behind < round() * 2) return;
    shift_ += round() * (behind / round() - 1);
    position_ = 0;
  }

  std::vector<FeedEvent> events_;
  Nanos shift_;
  bool loop_;
  std::size_t position_ = 0;
};

}  // namespace

std::expected<std::unique_ptr<PriceFeed>, std::vector<std::string>> make_replay(std::string_view csv_text,
                                                                                const std::string& name,
                                                                                const ReplayOptions& options,
                                                                                const Catalogue& catalogue) {
  auto events = read_recording(csv_text, name, options.default_symbol, catalogue);
  if (!events) return std::unexpected{std::move(events.error())};
  return std::make_unique<Replay>(std::move(*events), options.start, options.loop);
}

}  // namespace paper
