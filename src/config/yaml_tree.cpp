#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace rm {
namespace {

// Ends the parse; caught in parse_yaml. The parser reports its own errors by exception too.
struct Refused {
  Place place;
  std::string message;
};

Place place_of(const YAML::Mark& mark) {
  return {.variable = {}, .line = mark.line + 1, .column = mark.column + 1};
}

constexpr std::size_t kMaxAliasBytes = 1024 * 1024;  // of text that aliases may add to a document

struct Extent {
  std::size_t nodes = 1;
  std::size_t bytes = 0;
  std::size_t depth = 1;
};

Extent measure(const Node& node) {
  Extent whole{.nodes = 1, .bytes = node.text.size(), .depth = 1};
  const auto include = [&](const Node& part) {
    const Extent extent = measure(part);
    whole.nodes += extent.nodes;
    whole.bytes += extent.bytes;
    whole.depth = std::max(whole.depth, extent.depth + 1);
  };
  for (const Node& item : node.items) include(item);
  for (const NodeEntry& entry : node.entries) {
    whole.bytes += entry.key.size();
    include(entry.value);
  }
  return whole;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  [[nodiscard]] Node take_root() { return root_ ? std::move(*root_) : Node{}; }

  // The innermost "[" or "{" that waits for its end.
  [[nodiscard]] const Place* open_bracket() const {
    const auto open = std::ranges::find(open_.rbegin(), open_.rend(), true, &Open::bracket);
    return open == open_.rend() ? nullptr : &open->node.place;
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(make_node(Node::Kind::Null, place_of(mark)), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    finish(make_node(Node::Kind::Scalar, place_of(mark), value), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto named = anchors_.find(anchor);
    if (named == anchors_.end()) throw Refused{place_of(mark), "an alias inside of what it stands for"};
    const Extent extent = measure(named->second);
    alias_bytes_ += extent.bytes;
    if (alias_bytes_ > kMaxAliasBytes) throw Refused{place_of(mark), "aliases that stand for too much text"};
    spend(extent.nodes, place_of(mark));
    if (open_.size() + extent.depth > kMaxDepth) too_deep(mark);
    Node copy = named->second;
    copy.place = place_of(mark);
    add(std::move(copy));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    begin(Node::Kind::List, mark, tag, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    begin(Node::Kind::Map, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    bool bracket;                    // written with brackets, so it needs an end
    std::optional<NodeEntry> entry;  // of a Map: the key is read, its value is awaited
  };

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      throw Refused{place_of(mark), "found the tag '" + printable(tag) + "', allowed values without a tag"};
  }

  [[noreturn]] static void too_deep(const YAML::Mark& mark) {
    throw Refused{place_of(mark), "nested more than " + std::to_string(kMaxDepth) + " levels deep"};
  }

  void spend(std::size_t nodes, const Place& place) {
    spent_ += nodes;
    if (spent_ > kMaxNodes)
      throw Refused{place, "more than " + std::to_string(kMaxNodes) + " values (aliases counted in full)"};
  }

  void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             YAML::EmitterStyle::value style) {
    refuse_tag(mark, tag);
    if (open_.size() + 1 > kMaxDepth) too_deep(mark);
    if (awaits_key())
      throw Refused{place_of(mark),
                    "found a list or mapping as a key, allowed a word (or its bracket is not closed)"};
    open_.push_back({.node = make_node(kind, place_of(mark)),
                     .anchor = anchor,
                     .bracket = style == YAML::EmitterStyle::Flow,
                     .entry = {}});
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor);
  }

  // A complete node: remembered if it has an anchor, then put where it belongs.
  void finish(Node node, YAML::anchor_t anchor) {
    spend(1, node.place);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    add(std::move(node));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.is_list()) {
      open_.back().node.items.push_back(std::move(node));
    } else if (awaits_key()) {
      if (!node.is_scalar() || node.text.empty())
        throw Refused{node.place, "found " + describe(node) + " as a key, allowed a word"};
      open_.back().entry = NodeEntry{.key = std::move(node.text), .place = std::move(node.place), .value = {}};
    } else {
      // Of "key:" with nothing behind it the parser names the place of whatever comes next; people look at the key.
      if (node.is_null()) node.place = open_.back().entry->place;
      open_.back().entry->value = std::move(node);
      open_.back().node.entries.push_back(std::move(*open_.back().entry));
      open_.back().entry.reset();
    }
  }

  [[nodiscard]] bool awaits_key() const {
    return !open_.empty() && open_.back().node.is_map() && !open_.back().entry;
  }

  std::optional<Node> root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t spent_ = 0;  // nodes so far, those that aliases copy included
  std::size_t alias_bytes_ = 0;
};

Problem problem_at(const Place& place, std::string message) {
  return {.source = {}, .line = place.line, .column = place.column, .key = {}, .message = std::move(message)};
}

// The parser notices what is never closed at the end of the text only, and the place where it opened is the one to
// look at.
Problem explain(const YAML::Exception& error, std::string_view text, const Place* open_bracket) {
  const auto lines = static_cast<int>(std::ranges::count(text, '\n'));
  if (error.mark.line < lines) return problem_at(place_of(error.mark), "not YAML: " + printable(error.msg, 200));
  if (error.msg == YAML::ErrorMsg::DOC_IN_SCALAR)
    return problem_at({.line = lines + (text.ends_with('\n') ? 0 : 1)}, "not YAML: a quote is never closed");
  if (open_bracket != nullptr)
    return problem_at(*open_bracket, "not YAML: the bracket that opens here is never closed");
  return problem_at(place_of(error.mark), "not YAML: " + printable(error.msg, 200));
}

}  // namespace

Node make_node(Node::Kind kind, Place place, std::string text) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  node.place = std::move(place);
  return node;
}

std::expected<Node, Problem> parse_yaml(std::string_view text) {
  TreeBuilder builder;
  try {
    // A quote that is never closed is noticed only before an end mark, not before the end of the text.
    std::istringstream stream{std::string{text} + "\n...\n"};
    YAML::Parser parser{stream};
    if (!parser.HandleNextDocument(builder)) return Node{};
    Node root = builder.take_root();
    TreeBuilder second;
    if (parser.HandleNextDocument(second)) {
      const Node extra = second.take_root();
      return std::unexpected{problem_at(extra.place, "found a second document, allowed one")};
    }
    return root;
  } catch (const Refused& refused) {
    return std::unexpected{problem_at(refused.place, refused.message)};
  } catch (const YAML::Exception& error) {
    return std::unexpected{explain(error, text, builder.open_bracket())};
  }
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return "nothing";
    case Node::Kind::Scalar:
      return "'" + printable(node.text) + "'";
    case Node::Kind::List:
      return "a list";
    case Node::Kind::Map:
      return "a mapping";
  }
  return "nothing";
}

}  // namespace rm
