#pragma once
// A YAML document as a tree that knows where each part was written. Built from parser events, so that duplicate keys,
// deep nesting and aliases that multiply are seen before anything is expanded.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace rm {

struct Place {
  std::string variable = {};  // the environment variable that said it; empty: the file
  int line = 0;               // from 1
  int column = 0;             // from 1
};

struct NodeEntry;

struct Node {
  enum class Kind : std::uint8_t { Null, Scalar, List, Map };
  Kind kind = Kind::Null;
  std::string text = {};           // of a Scalar; quotes removed, otherwise as written
  std::vector<Node> items;         // of a List
  std::vector<NodeEntry> entries;  // of a Map, in the order of the file; keys may repeat
  Place place = {};

  [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::Scalar; }
  [[nodiscard]] bool is_list() const { return kind == Kind::List; }
  [[nodiscard]] bool is_map() const { return kind == Kind::Map; }
};

struct NodeEntry {
  std::string key;
  Place place;
  Node value;
};

[[nodiscard]] Node make_node(Node::Kind kind, Place place, std::string text = {});

inline constexpr std::size_t kMaxDepth = 16;
inline constexpr std::size_t kMaxNodes = 20'000;

// One document. The error has a line, a column and a sentence; the file name and key are the caller's to fill in.
[[nodiscard]] std::expected<Node, Problem> parse_yaml(std::string_view text);

// What a person would say was found: "'ten'", "nothing", "a list", "a mapping".
[[nodiscard]] std::string describe(const Node& node);

}  // namespace rm
