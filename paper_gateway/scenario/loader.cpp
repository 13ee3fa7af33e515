#include <filesystem>
#include <fstream>
#include <sstream>

#include "paper_gateway/scenario/loading.h"

namespace paper {

bool for_each_section(Section& section, std::string_view key, const std::string& what,
                      const std::function<void(Section&)>& each) {
  const YamlNode* node = section.take(key);
  if (node == nullptr) return false;
  if (node->kind != YamlNode::Kind::List) {
    section.wrong(node->line, std::string{key} + " must be a list");
    return true;
  }
  for (const auto& item : node->items) {
    Section part{item, what, section.problems()};
    if (item.kind == YamlNode::Kind::Map) each(part);
  }
  return true;
}

std::expected<Scenario, std::vector<std::string>> parse_scenario(const std::string& yaml, const std::string& name,
                                                                 const std::string& directory) {
  const auto tree = parse_yaml(yaml);
  if (!tree) {
    const auto& error = tree.error();
    return std::unexpected{std::vector{name + ":" + std::to_string(error.line) + ": " + error.message}};
  }
  Problems problems{name};
  Scenario scenario;
  scenario.name = std::filesystem::path{name}.stem().string();
  Loading loading{
      .scenario = scenario, .problems = problems, .directory = directory, .catalogue = {}, .rehearsal = nullptr};
  Section top{*tree, "scenario", problems};
  load_general(top, loading);
  load_people(top, loading);
  load_market(top, loading);
  Rehearsal rehearsal{scenario};
  loading.rehearsal = &rehearsal;
  load_controls(top, loading);
  load_story(top, loading);
  top.finish();
  if (!problems.none()) return std::unexpected{problems.sorted()};
  return scenario;
}

std::expected<Scenario, std::vector<std::string>> load_scenario(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return std::unexpected{std::vector{path + ":1: cannot be read, or is empty"}};
  return parse_scenario(text.str(), path, std::filesystem::path{path}.parent_path().string());
}

}  // namespace paper
