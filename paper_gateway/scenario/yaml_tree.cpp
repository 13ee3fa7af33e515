#include "paper_gateway/scenario/yaml_tree.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace paper {
namespace {

constexpr int kDeepest = 32;
constexpr int kMostNodes = 20'000;

std::size_t line_of(const YAML::Mark& mark) {
  return static_cast<std::size_t>(std::max(mark.line, 0)) + 1;
}

class Converter {
 public:
  YamlNode convert(const YAML::Node& node, std::size_t parent_line, int depth) {
    YamlNode out;
    out.line = node.Mark().is_null() ? parent_line : line_of(node.Mark());
    if (depth > kDeepest) throw YamlError{out.line, "nested too deeply"};
    if (++nodes_ > kMostNodes) throw YamlError{out.line, "too much: more than 20000 values"};
    if (node.IsScalar()) {
      out.kind = YamlNode::Kind::Scalar;
      out.text = node.Scalar();
    } else if (node.IsSequence()) {
      out.kind = YamlNode::Kind::List;
      for (const auto& item : node) out.items.push_back(convert(item, out.line, depth + 1));
    } else if (node.IsMap()) {
      out.kind = YamlNode::Kind::Map;
      for (const auto& member : node) out.members.push_back(convert_member(member.first, member.second, out, depth));
    }
    return out;
  }

 private:
  YamlNode::Member convert_member(const YAML::Node& key, const YAML::Node& value, const YamlNode& map, int depth) {
    const std::size_t line = key.Mark().is_null() ? map.line : line_of(key.Mark());
    if (!key.IsScalar()) throw YamlError{line, "a key must be a plain word"};
    const auto same = [&](const YamlNode::Member& other) { return other.key == key.Scalar(); };
    if (std::ranges::any_of(map.members, same)) throw YamlError{line, "'" + key.Scalar() + "' stands here twice"};
    return {.key = key.Scalar(), .line = line, .value = convert(value, line, depth + 1)};
  }

  int nodes_ = 0;
};

}  // namespace

std::expected<YamlNode, YamlError> parse_yaml(const std::string& text) {
  try {
    return Converter{}.convert(YAML::Load(text), 1, 0);
  } catch (const YamlError& error) {
    return std::unexpected{error};
  } catch (const YAML::Exception& error) {
    return std::unexpected{YamlError{line_of(error.mark), error.msg}};
  }
}

}  // namespace paper
