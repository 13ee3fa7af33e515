#include <nlohmann/json.hpp>

#include "drill/paper_config.h"
#include "drill/report.h"

namespace rm::drill {
namespace {

using Json = nlohmann::ordered_json;

Json microseconds(std::optional<std::int64_t> at_ns) {
  return at_ns ? Json(*at_ns / 1000) : Json(nullptr);
}

Json link_json(const LinkName& name, const Evidence& evidence) {
  return {{"link", name.id},           {"name", name.name},
          {"proven", evidence.proven}, {"at_us", microseconds(evidence.at_ns)},
          {"evidence", evidence.text}, {"where", evidence.where}};
}

Json rule_json(const RuleResult& rule) {
  Json links = Json::array(), story = Json::array();
  for (std::size_t i = 0; i < kLinks; ++i) links.push_back(link_json(link_names()[i], rule.judgement.links[i]));
  for (const StoryLine& line : rule.judgement.story)
    story.push_back({{"at_us", line.at_ns / 1000}, {"who", line.who}, {"text", line.text}});
  return {{"rule", rule.rule},
          {"account", rule.account},
          {"proven", rule.proven()},
          {"problem", rule.problem.empty() ? Json(nullptr) : Json(rule.problem)},
          {"note", rule.note.empty() ? Json(nullptr) : Json(rule.note)},
          {"alone", rule.alone},
          {"steps", rule.steps},
          {"sentence", rule.judgement.sentence},
          {"broken_before", rule.judgement.earlier},
          {"broken_with_it", rule.judgement.together},
          {"took_ms", rule.took_ms},
          {"links", std::move(links)},
          {"story", std::move(story)}};
}

}  // namespace

std::string report_json(const Report& report) {
  Json rules = Json::array();
  for (const RuleResult& rule : report.rules) rules.push_back(rule_json(rule));
  const Json all{{"version", report.version},       {"config", report.config_file}, {"began", report.began},
                 {"took_ms", report.took_ms},       {"proven", report.proven()},    {"verdict", report.verdict()},
                 {"replaced", replaced_settings()}, {"rules", std::move(rules)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace rm::drill
