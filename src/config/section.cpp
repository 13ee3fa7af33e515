#include "config/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "config/suggest.h"

namespace rm {
namespace {

constexpr std::size_t kMostListed = 50;

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? printable(key) : path + "." + printable(key);
}

}  // namespace

void Report::add(const Place& place, std::string_view key, std::string message) {
  if (problems_.size() >= kMostListed) {
    ++left_out_;
    return;
  }
  const bool variable = !place.variable.empty();
  Problem problem{.source = variable ? "environment variable " + printable(place.variable, 120) : file_name_,
                  .line = variable ? 0 : place.line,
                  .column = variable ? 0 : place.column,
                  .key = std::string{key},
                  .message = std::move(message)};
  // In the order of the file; what the environment says comes first, being the nearer cause.
  const auto position = [](const Problem& p) { return std::pair{p.line, p.column}; };
  problems_.insert(std::ranges::upper_bound(problems_, position(problem), {}, position), std::move(problem));
}

void Report::wrong(const Node& node, std::string_view key, std::string_view allowed, std::string_view hint) {
  add(node.place, key, fmt::format("found {}, allowed {}{}", describe(node), allowed, hint));
}

Problems Report::take() {
  if (left_out_ > 0)
    problems_.push_back({.source = file_name_,
                         .line = 0,
                         .column = 0,
                         .key = {},
                         .message = fmt::format("and {} more problems", left_out_)});
  return std::move(problems_);
}

Section::Section(const Node* node, std::string path, Report& report)
    : node_{node}, path_{std::move(path)}, report_{report} {
  if (node_ == nullptr || node_->is_map() || node_->is_null()) return;
  // The value is not shown: a file that holds nothing but an API key is not a mapping either.
  report_.add(
      node_->place, path_,
      fmt::format("found {}, allowed a mapping of keys to values", node_->is_list() ? "a list" : "a plain value"));
}

const Node* Section::take(std::string_view key) {
  known_.push_back(key);
  if (node_ == nullptr) return nullptr;
  const auto entry = std::ranges::find(node_->entries, key, &NodeEntry::key);
  return entry == node_->entries.end() ? nullptr : &entry->value;
}

const Place& Section::place() const {
  static const Place nowhere;
  return node_ == nullptr ? nowhere : node_->place;
}

std::string Section::path_of(std::string_view key) const {
  return join(path_, key);
}

void Section::finish() {
  if (node_ == nullptr) return;
  for (const NodeEntry& entry : node_->entries) {
    if (std::ranges::find(known_, entry.key) != known_.end()) continue;
    if (is_credential_key(entry.key)) {
      report_.add(entry.place, path_of(entry.key),
                  "found a login, allowed only outside of this file: PROJECT_X_USERNAME and PROJECT_X_API_KEY in the "
                  "environment, or "
                  "credentials_file naming a file that only its owner can read");
    } else {
      report_.add(entry.place, path_of(entry.key), "unknown key" + did_you_mean(entry.key, known_));
    }
  }
}

bool is_credential_key(std::string_view key) {
  std::string word;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  constexpr std::array words{"username", "apikey", "password", "passwd", "secret", "token", "jwt", "credentials"};
  return std::ranges::any_of(words, [&](std::string_view w) { return word.ends_with(w); });
}

void report_duplicates(const Node& node, const std::string& path, Report& report) {
  std::map<std::string_view, const NodeEntry*> first;
  for (const NodeEntry& entry : node.entries) {
    const auto [seen, is_new] = first.emplace(entry.key, &entry);
    if (!is_new)
      report.add(entry.place, join(path, entry.key),
                 fmt::format("written twice, first in line {}", seen->second->place.line));
    report_duplicates(entry.value, join(path, entry.key), report);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i)
    report_duplicates(node.items[i], fmt::format("{}[{}]", path, i), report);
}

}  // namespace rm
