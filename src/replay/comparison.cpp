#include "replay/comparison.h"

#include <algorithm>
#include <deque>

#include "store/codec.h"

namespace rm {
namespace {

class Comparing {
 public:
  explicit Comparing(Replay& replay) : replay_{replay} {}

  // False: there is a difference.
  bool take(const ReplayStep& step) {
    switch (step.kind) {
      case ReplayStep::Kind::RunStarted:  // of one more login: nothing was cut off
        if (!step.program_started) return waiting_.empty() || differ({}, waiting_.front());
        cut_off();
        return true;
      case ReplayStep::Kind::Event:
        if (!waiting_.empty()) return differ({}, waiting_.front());
        note(*step.event);
        if (!step.replayed.empty()) waiting_.assign(step.replayed.begin(), step.replayed.end());
        record_ = step.record.sequence;
        return true;
      case ReplayStep::Kind::Decision:
        return decided(*step.recorded);
      default:
        return true;
    }
  }
  void cut_off() {
    result.cut_off += waiting_.size();
    waiting_.clear();
  }

  Comparison result;

 private:
  bool decided(const Decision& recorded) {
    if (waiting_.empty()) return differ(recorded, {});
    const Decision now = std::move(waiting_.front());
    waiting_.pop_front();
    const ContractTable& contracts = replay_.contracts();
    if (encoded(recorded, contracts) != encoded(now, contracts)) return differ(recorded, now);
    ++result.decisions;
    return true;
  }
  bool differ(std::optional<Decision> recorded, std::optional<Decision> replayed) {
    result.first = Comparison::Difference{std::move(recorded), std::move(replayed), record_};
    return false;
  }
  void note(const RiskEvent& event) {
    if (result.begin == BrokerTime{}) result.begin = event.at;
    result.end = std::max(result.end, event.at);
  }

  Replay& replay_;
  std::deque<Decision> waiting_;  // decided now, on the event before
  std::uint64_t record_ = 0;
};

}  // namespace

Result<Comparison> compare(Replay& replay) {
  Comparing comparing{replay};
  while (true) {
    const auto step = replay.step();
    if (!step) return std::unexpected{step.error()};
    if (*step == nullptr) break;
    if (!comparing.take(**step)) return comparing.result;
  }
  comparing.cut_off();
  return comparing.result;
}

}  // namespace rm
