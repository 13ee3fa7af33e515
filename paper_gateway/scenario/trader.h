#pragma once
// Does at the exchange what a step says, and tells the story of it.
#include <map>
#include <string>

#include "paper_gateway/scenario/runner.h"

namespace paper {

class Trader {
 public:
  Trader(Exchange& exchange, Story story) : exchange_{exchange}, story_{std::move(story)} {}

  void play(const TradeStep& step, PaperTime now);
  void play(const CancelStep& step, PaperTime now);
  void play(const CloseStep& step, PaperTime now);
  void play(const FlagStep& step, PaperTime now);
  void play(const SayStep& step, PaperTime now);
  void tell(PaperTime now, const std::string& line) const;

 private:
  std::optional<Decimal> resolve(const std::optional<StepPrice>& price, const std::string& contract) const;
  std::string root(const std::string& contract) const;
  std::string wish(const TradeStep& step, const PlaceRequest& request) const;

  Exchange& exchange_;
  Story story_;
  std::map<std::string, OrderId> labelled_;
};

}  // namespace paper
