// What a scenario asks of the control API. The API itself says what is wrong with it: there is one reader of faults
// and settings, not two.
#include <algorithm>
#include <array>

#include "paper_gateway/scenario/loading.h"
#include "paper_gateway/server/gateway.h"
#include "paper_gateway/server/json.h"

namespace paper {
namespace {

struct Verb {
  std::string_view word;
  std::string_view control;
};
constexpr std::array verbs{Verb{"fault", "fault"},
                           Verb{"clear_faults", "fault/clear"},
                           Verb{"settings", "settings"},
                           Verb{"halt", "halt"},
                           Verb{"void_trade", "void"},
                           Verb{"hub_close", "hub/close"},
                           Verb{"hub_refuse", "hub/refuse"},
                           Verb{"hub_freeze", "hub/freeze"},
                           Verb{"hub_storm", "hub/storm"},
                           Verb{"hub_logout", "hub/logout"},
                           Verb{"expire_tokens", "tokens/expire"}};

// Numbers, true and false are what they look like; everything else is text.
Json scalar(const std::string& text) {
  const auto parsed = Json::parse(text);
  return parsed && (parsed->is_number() || parsed->is_bool()) ? *parsed : Json::string(text);
}

Json to_json(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null:
      return Json{};
    case YamlNode::Kind::Scalar:
      return scalar(node.text);
    case YamlNode::Kind::List: {
      auto list = Json::array();
      for (const auto& item : node.items) list.push(to_json(item));
      return list;
    }
    case YamlNode::Kind::Map:
      break;
  }
  auto object = Json::object();
  for (const auto& member : node.members) object.add(member.key, to_json(member.value));
  return object;
}

}  // namespace

struct Rehearsal::Stage {
  Exchange exchange;
  PaperClock clock{PaperTime{}, 0};
  Gateway gateway{exchange, clock, {}, [] { return std::int64_t{0}; }, {}};
};

Rehearsal::Rehearsal(const Scenario& scenario) : stage_{std::make_unique<Stage>()} {
  Scenario cast;
  cast.months = scenario.months;
  cast.users = scenario.users;
  cast.accounts = scenario.accounts;
  cast.settings = scenario.settings;
  set_up(cast, stage_->exchange, PaperTime{});
}

Rehearsal::~Rehearsal() = default;

std::optional<std::string> Rehearsal::problem_with(const ControlStep& step) {
  return use_control(stage_->gateway, step.name, step.body);
}

std::span<const std::string_view> control_verbs() {
  static const auto words = [] {
    std::array<std::string_view, verbs.size()> list;
    std::ranges::transform(verbs, list.begin(), &Verb::word);
    return list;
  }();
  return words;
}

ControlStep read_control(std::string_view word, const YamlNode& node, Loading& loading) {
  const auto verb = std::ranges::find(verbs, word, &Verb::word);
  ControlStep step{std::string{verb->control}, to_json(node).dump()};
  if (const auto problem = loading.rehearsal->problem_with(step)) {
    loading.problems.add(node.line, std::string{word} + ": " + *problem);
  }
  return step;
}

void load_controls(Section& top, Loading& loading) {
  auto& controls = loading.scenario.controls;
  if (const YamlNode* node = top.take("settings")) controls.push_back(read_control("settings", *node, loading));
  const YamlNode* faults = top.take("faults");
  if (faults == nullptr) return;
  if (faults->kind != YamlNode::Kind::List) return top.wrong(faults->line, "faults must be a list");
  for (const auto& fault : faults->items) controls.push_back(read_control("fault", fault, loading));
}

}  // namespace paper
