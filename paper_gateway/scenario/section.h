#pragma once
// A map of a scenario file is consumed key by key: what is wrong is noted with its line and reading goes on, and what
// nobody took is an unknown key.
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/exchange/paper_time.h"
#include "paper_gateway/scenario/yaml_tree.h"

namespace paper {

// Everything that is wrong with one file.
class Problems {
 public:
  explicit Problems(std::string file) : file_{std::move(file)} {}
  void add(std::size_t line, const std::string& sentence) {
    lines_.push_back({line, file_ + ":" + std::to_string(line) + ": " + sentence});
  }
  void add_foreign(std::size_t line, std::string whole) { lines_.push_back({line, std::move(whole)}); }
  bool none() const { return lines_.empty(); }
  std::vector<std::string> sorted() const;  // by line

 private:
  std::string file_;
  std::vector<std::pair<std::size_t, std::string>> lines_;
};

// Where each word stands for one value.
template <class T>
using Words = std::initializer_list<std::pair<std::string_view, T>>;

class Section {
 public:
  // `what` names the section in messages. A node that is no map is a problem (none for an absent one).
  Section(const YamlNode& node, std::string what, Problems& problems);

  const YamlNode* take(std::string_view key);  // nullptr: absent or null
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<Decimal> decimal(std::string_view key);
  std::optional<Decimal> price(std::string_view key, const Contract* contract);  // > 0, on tick
  std::optional<Nanos> seconds(std::string_view key);                            // ≥ 0, fractions allowed
  const Contract* contract(std::string_view key, const Catalogue& catalogue);    // nullptr: absent or noted
  template <class T>
  std::optional<T> choice(std::string_view key, Words<T> words);

  void missing(std::string_view key);  // notes that the section needs this key
  void wrong(std::size_t line, const std::string& sentence) { problems_.add(line, sentence); }
  void finish();  // every key that was not taken is unknown
  std::size_t line() const { return node_.line; }
  Problems& problems() { return problems_; }

 private:
  const YamlNode* scalar(std::string_view key);
  void not_a(const YamlNode& node, std::string_view key, std::string_view allowed);

  const YamlNode& node_;
  std::string what_;
  Problems& problems_;
  std::set<std::string, std::less<>> taken_;
};

std::optional<std::int64_t> parse_integer(std::string_view text);
// ", did you mean 'x'?" with the closest of the candidates; empty when none is close.
std::string did_you_mean(std::string_view found, std::span<const std::string_view> candidates);
// The contract a person's word means; notes an unknown one with a suggestion.
const Contract* find_contract(const Catalogue& catalogue, const std::string& word, std::size_t line,
                              Problems& problems);

template <class T>
std::optional<T> Section::choice(std::string_view key, Words<T> words) {
  const YamlNode* node = scalar(key);
  if (node == nullptr) return std::nullopt;
  std::string allowed;
  for (const auto& [word, value] : words) {
    if (node->text == word) return value;
    allowed += (allowed.empty() ? "" : ", ") + std::string{word};
  }
  not_a(*node, key, "one of " + allowed);
  return std::nullopt;
}

}  // namespace paper
