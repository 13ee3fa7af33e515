#pragma once
// A mapping of the file whose keys are consumed one by one; what is left over at the end is an unknown key.

#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_tree.h"

namespace rm {

// Collects problems: fills in the source, and stops listing (not counting) when a file is wrong everywhere.
class Report {
 public:
  explicit Report(std::string file_name) : file_name_{std::move(file_name)} {}

  void add(const Place& place, std::string_view key, std::string message);
  // "found …, allowed …"; the value found is shown, so not for keys that may hold a secret.
  void wrong(const Node& node, std::string_view key, std::string_view allowed, std::string_view hint = {});
  void file_problem(std::string message) { add({}, {}, std::move(message)); }

  [[nodiscard]] bool empty() const { return problems_.empty(); }
  [[nodiscard]] std::size_t count() const { return problems_.size() + left_out_; }
  [[nodiscard]] Problems take();

 private:
  std::string file_name_;
  Problems problems_;
  std::size_t left_out_ = 0;
};

class Section {
 public:
  // `node` may be nullptr (the section is absent) or empty ("log:" with nothing behind it): both have no keys.
  // Anything but a mapping is a problem. `path` is the key path, empty for the whole file. The node and the report
  // must outlive the section.
  Section(const Node* node, std::string path, Report& report);

  // The value of `key`, nullptr when absent. Asked for means known.
  [[nodiscard]] const Node* take(std::string_view key);
  // The place to name when something is missing.
  [[nodiscard]] const Place& place() const;
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool present() const { return node_ != nullptr; }

  // Reports every key that was not taken, with a suggestion from those that were.
  void finish();

 private:
  const Node* node_;
  std::string path_;
  Report& report_;
  std::vector<std::string_view> known_;
};

// Whether a key of this name would hold a login: "api_key", "PROJECT_X_USERNAME", "accessToken" …
[[nodiscard]] bool is_credential_key(std::string_view key);

// Keys that are written twice, anywhere below `node`.
void report_duplicates(const Node& node, const std::string& path, Report& report);

}  // namespace rm
