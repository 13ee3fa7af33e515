#include "paper_gateway/program/story.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace paper {

namespace fs = std::filesystem;

void print_story(PaperTime when, const std::string& line) {
  fmt::print(stderr, "{} {}\n", clock_text(when), line);
}

std::vector<std::string> scenario_directories() {
  std::vector<std::string> found;
  std::error_code problem;
  const auto binary = fs::read_symlink("/proc/self/exe", problem);
  if (!problem) {
    found.push_back((binary.parent_path() / "../share/paper-gateway/scenarios").lexically_normal().string());
    for (auto above = binary.parent_path(); above.has_relative_path(); above = above.parent_path()) {
      found.push_back((above / "paper_gateway/scenarios").string());
    }
  }
  found.push_back("paper_gateway/scenarios");
  return found;
}

FillStory::FillStory(Exchange& exchange, Story tell) : exchange_{exchange}, tell_{std::move(tell)} {
  exchange_.add_listener(*this);
}

FillStory::~FillStory() {
  exchange_.remove_listener(*this);
}

void FillStory::on_trade(const Trade& trade, Action action) {
  if (!tell_ || action != Action::Create) return;  // an opening trade told again is no new fill
  const auto contract = exchange_.catalogue().by_id(trade.contract);
  auto line = fmt::format("{} {} {} {} @ {}", trade.account.value, trade.side == Side::Buy ? "bought" : "sold",
                          trade.size, contract ? contract->display_name : trade.contract, trade.price.text());
  if (trade.profit_and_loss) {
    line += fmt::format(", {} {} USD", *trade.profit_and_loss < Decimal{} ? "lost" : "gained",
                        trade.profit_and_loss->text());
  }
  tell_(trade.created, line);
}

}  // namespace paper
