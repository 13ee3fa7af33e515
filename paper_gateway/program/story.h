// The story of the day for a person who watches: "09:31:04.120 26001234 bought 2 MNQU26 @ 29500.25".
#pragma once
#include <string>
#include <vector>

#include "paper_gateway/exchange/exchange.h"
#include "paper_gateway/scenario/runner.h"

namespace paper {

void print_story(PaperTime when, const std::string& line);  // one line on standard error

// Where shipped scenarios are looked for: beside the binary (../share/paper-gateway/scenarios, and the checkout above
// a build tree), then the working directory's paper_gateway/scenarios.
std::vector<std::string> scenario_directories();

// Tells every fill, with what a closing one gained or lost.
class FillStory final : public ExchangeListener {
 public:
  FillStory(Exchange& exchange, Story tell);  // listens as long as it lives
  ~FillStory() override;
  FillStory(const FillStory&) = delete;
  FillStory& operator=(const FillStory&) = delete;
  void on_trade(const Trade& trade, Action action) override;

 private:
  Exchange& exchange_;
  Story tell_;
};

}  // namespace paper
