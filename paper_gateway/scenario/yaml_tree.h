#pragma once
// A YAML document as plain values with line numbers, so that whatever reads it can say where a problem is.
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

namespace paper {

struct YamlNode {
  enum class Kind { Null, Scalar, List, Map };
  struct Member;

  Kind kind = Kind::Null;
  std::size_t line = 1;         // from 1
  std::string text;             // Scalar
  std::vector<YamlNode> items;  // List
  std::vector<Member> members;  // Map, in the order of the file
};

struct YamlNode::Member {
  std::string key;
  std::size_t line = 1;
  YamlNode value;
};

struct YamlError {
  std::size_t line = 1;
  std::string message;
};

// Hostile text is safe: depth is limited to 32 and the number of nodes, aliases expanded, to 20 000.
std::expected<YamlNode, YamlError> parse_yaml(const std::string& text);

}  // namespace paper
