#include "support/scenario_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace rm::test {
namespace {

struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos
             ? std::string{}
             : std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

class Words {
 public:
  explicit Words(const std::string& text) : in_{text} {}
  [[nodiscard]] std::optional<std::string> maybe() {
    std::string word;
    return in_ >> word ? std::optional{word} : std::nullopt;
  }
  std::string need(const char* what) {
    if (auto word = maybe()) return *word;
    throw Wrong{std::string{what} + " is missing"};
  }
  void need_word(const char* expected) {
    if (const std::string word = need(expected); word != expected)
      throw Wrong{"'" + word + "' where '" + expected + "' belongs"};
  }
  std::string one_of(const char* what, std::initializer_list<std::string_view> allowed) {
    std::string word = need(what);
    for (const auto candidate : allowed) {
      if (word == candidate) return word;
    }
    throw Wrong{"'" + word + "' is no " + what};
  }
  void end() {
    if (const auto word = maybe()) throw Wrong{"'" + *word + "' is one word too many"};
  }

 private:
  std::istringstream in_;
};

int whole_number(std::string_view text, bool signed_number) {
  const std::string_view digits = signed_number && text.starts_with('+') ? text.substr(1) : text;
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || (!signed_number && value <= 0))
    throw Wrong{"'" + std::string{text} + "' is no number of contracts"};
  return value;
}

std::string price(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.-") != std::string::npos)
    throw Wrong{"'" + text + "' is no price"};
  return text;
}

bool is_time(std::string_view word) {
  constexpr std::string_view kShape = "dd:dd:dd.ddd";
  if (word.size() < 8 || word.size() > kShape.size() || word.size() == 9) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (kShape[i] == 'd' ? word[i] < '0' || word[i] > '9' : word[i] != kShape[i]) return false;
  }
  return true;
}

Expectation expectation(const std::string& text) {
  using Kind = Expectation::Kind;
  const auto because = text.find(" because ");
  Expectation made;
  made.words = trimmed(text.substr(0, because));
  Words words{made.words};
  const std::string first = words.need("an expectation");
  if (first == "nothing" || first == "flat") {
    made.kind = first == "flat" ? Kind::Flat : Kind::Nothing;
  } else if (first == "flatten") {
    made.kind = Kind::Action;
  } else if (first == "close") {
    made.kind = Kind::Action;
    words.need("a symbol");
  } else if (first == "reduce") {
    made.kind = Kind::Action;
    words.need("a symbol");
    words.need_word("to");
    whole_number(words.need("a size"), false);
  } else if (first == "leave") {
    made.kind = Kind::Action;
    words.need_word("open");
  } else if (first == "cancel") {
    made.kind = Kind::Action;
    words.need_word("order");
  } else if (first == "lock") {
    made.kind = Kind::Lock;
    words.need("a scope");
    words.one_of("kind of lock", {"hard", "entry"});
    const bool until = words.one_of("word about a lock's end", {"until", "for"}) == "until";
    const std::string end = words.need("the end of a lock");
    if (!until) {
      if (!end.ends_with('s')) throw Wrong{"'" + end + "' is no number of seconds, like 300s"};
      whole_number(std::string_view{end}.substr(0, end.size() - 1), false);
    } else if (end == "the") {
      words.need_word("broker");
      words.need_word("allows");
    } else if (end != "reset" && !is_time(end)) {
      throw Wrong{"'" + end + "' is no end of a lock"};
    }
  } else if (first == "unlock") {
    made.kind = Kind::Unlock;
    words.need("a rule");
  } else if (first == "warn") {
    made.kind = Kind::Warn;
    const std::string percent = words.need("a percentage");
    if (!percent.ends_with('%')) throw Wrong{"'" + percent + "' is no percentage"};
    whole_number(std::string_view{percent}.substr(0, percent.size() - 1), false);
  } else if (first == "position") {
    made.kind = Kind::Position;
    made.words = words.need("a symbol");
    made.lots = whole_number(words.need("a size"), true);
  } else if (first == "stop") {
    made.kind = Kind::Stop;
    made.words = words.need("a symbol");
    made.price = price(words.need("a price"));
  } else {
    throw Wrong{"'" + first + "' is nothing that can be expected"};
  }
  words.end();
  if (because == std::string::npos) return made;
  if (made.kind != Kind::Action) throw Wrong{"only an action has a reason"};
  made.reasons = trimmed(text.substr(because + 9));
  return made;
}

void read_quote(Words& words, ScenarioStep& step) {
  while (const auto side = words.maybe()) {
    std::string* const place = *side == "last"  ? &step.last
                               : *side == "bid" ? &step.bid
                               : *side == "ask" ? &step.ask
                                                : nullptr;
    if (!place) throw Wrong{"'" + *side + "' is no side of a quote"};
    *place = price(words.need("a price"));
  }
  if (step.last.empty() && step.bid.empty() && step.ask.empty()) throw Wrong{"a quote without a price"};
}

void read_action(const std::string& text, ScenarioStep& step) {
  using Verb = ScenarioStep::Verb;
  Words words{text};
  const std::string verb = words.need("what happens");
  if (verb == "fill") {
    step.verb = Verb::Fill;
    step.symbol = words.need("a symbol");
    step.lots = whole_number(words.need("a size"), true);
    if (step.lots == 0) throw Wrong{"a fill of nothing"};
    words.need_word("@");
    step.price = price(words.need("a price"));
  } else if (verb == "order") {
    step.verb = Verb::Order;
    step.symbol = words.need("a symbol");
    const bool buy = words.one_of("side", {"buy", "sell"}) == "buy";
    step.lots = whole_number(words.need("a size"), false) * (buy ? 1 : -1);
    step.stop = words.one_of("type of order", {"limit", "stop"}) == "stop";
    step.price = price(words.need("a price"));
  } else if (verb == "quote") {
    step.verb = Verb::Quote;
    step.symbol = words.need("a symbol");
    read_quote(words, step);
  } else if (verb == "close") {
    step.verb = Verb::Close;
    step.symbol = words.need("a symbol");
    words.need_word("@");
    step.price = price(words.need("a price"));
  } else if (verb == "cancel") {
    step.verb = Verb::Cancel;
    step.symbol = words.need("a symbol");
  } else if (verb == "can_trade") {
    step.verb = Verb::CanTrade;
    step.allowed = words.one_of("verdict", {"true", "false"}) == "true";
  } else if (verb == "wait") {
    step.verb = Verb::Wait;
  } else {
    throw Wrong{"'" + verb + "' is nothing that happens"};
  }
  words.end();
}

ScenarioStep read_step(const std::string& line) {
  ScenarioStep step;
  const auto space = line.find_first_of(" \t");
  step.time = line.substr(0, space);
  if (!is_time(step.time)) throw Wrong{"'" + step.time + "' is neither a time nor 'rules'"};
  const std::string rest = space == std::string::npos ? std::string{} : line.substr(space);
  const auto expect = rest.find(" expect ");
  read_action(rest.substr(0, expect), step);
  if (expect == std::string::npos) return step;
  std::istringstream parts{rest.substr(expect + 8)};
  for (std::string part; std::getline(parts, part, ';');) step.expect.push_back(expectation(trimmed(part)));
  if (step.expect.empty()) throw Wrong{"nothing stands behind 'expect'"};
  return step;
}

void read_line(const std::string& line, int number, Scenario& scenario) {
  if (line.starts_with("#")) {
    if (scenario.title.empty()) scenario.title = trimmed(std::string_view{line}.substr(1));
    return;
  }
  if (line.starts_with("rules ")) {
    if (!scenario.steps.empty()) throw Wrong{"rules stand before the first step"};
    scenario.rules += (scenario.rules.empty() ? "" : ", ") + trimmed(std::string_view{line}.substr(6));
    if (scenario.rules_line == 0) scenario.rules_line = number;
    return;
  }
  ScenarioStep step = read_step(line);
  step.line = number;
  if (!scenario.steps.empty() && step.time < scenario.steps.back().time)
    throw Wrong{step.time + " comes after " + scenario.steps.back().time};
  scenario.steps.push_back(std::move(step));
}

bool is_action(std::string_view heard) {
  return heard.starts_with("flatten") || heard.starts_with("close ") || heard.starts_with("reduce ") ||
         heard.starts_with("cancel ") || heard.starts_with("leave ");
}

// "cancel order 3400000001 because X" -> {"cancel order", "X"}.
std::pair<std::string, std::string> action_and_reasons(const std::string& heard) {
  const auto because = heard.find(" because ");
  std::string action = heard.substr(0, because);
  if (action.starts_with("cancel order")) action = "cancel order";
  return {action, because == std::string::npos ? "" : heard.substr(because + 9)};
}

}  // namespace

namespace {

// Heard is "lock account hard until 09:36:10 (300s)". How long it holds may differ by the second that a clock needs.
bool lock_matches(const std::string& expected, const std::string& heard) {
  const auto end_of = [](const std::string& text) { return text.substr(text.rfind(' ') + 1); };
  const auto heard_until = heard.find(" until ");
  if (const auto held_for = expected.find(" for "); held_for != std::string::npos) {
    if (heard_until == std::string::npos || !heard.ends_with("s)")) return false;
    const int wanted = std::stoi(expected.substr(held_for + 5));
    const int held = std::stoi(end_of(heard).substr(1));
    return heard.substr(0, heard_until) == expected.substr(0, held_for) && std::abs(held - wanted) <= 1;
  }
  return heard == expected || heard.starts_with(expected + " (");
}

}  // namespace

bool matches(const Expectation& expected, const std::string& heard) {
  if (expected.kind == Expectation::Kind::Lock) return lock_matches(expected.words, heard);
  if (expected.kind != Expectation::Kind::Action) return heard == expected.words;
  if (!is_action(heard)) return false;
  const auto [action, reasons] = action_and_reasons(heard);
  return action == expected.words && (expected.reasons.empty() || expected.reasons == reasons);
}

std::expected<Scenario, std::string> parse_scenario(std::string_view text, const std::string& file) {
  Scenario scenario;
  scenario.file = file;
  std::istringstream in{std::string{text}};
  int number = 0;
  try {
    for (std::string raw; std::getline(in, raw);) {
      ++number;
      if (const std::string line = trimmed(raw); !line.empty()) read_line(line, number, scenario);
    }
    if (scenario.rules.empty()) throw Wrong{"no rules"};
    if (scenario.steps.empty()) throw Wrong{"nothing happens"};
  } catch (const Wrong& wrong) {
    return std::unexpected{file + ":" + std::to_string(number) + ": " + wrong.what()};
  }
  return scenario;
}

std::expected<Scenario, std::string> read_scenario(const std::string& path) {
  std::ifstream in{path};
  if (!in) return std::unexpected{path + ":0: cannot be read"};
  std::stringstream text;
  text << in.rdbuf();
  return parse_scenario(text.str(), path);
}

std::vector<std::string> scenario_names(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".scn") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace rm::test
