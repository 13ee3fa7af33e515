#pragma once
// A registry with one parameter of every kind and bound, and short ways to load a text with it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "config/load.h"

namespace rm::test {

// Rules `alpha` (no required parameter, one of each kind) and `beta` (`limit` is required).
[[nodiscard]] std::span<const RuleSpec> table();

// What loading said: the texts of all problems. Empty when the text is valid.
[[nodiscard]] std::vector<std::string> problems(const std::string& text,
                                                std::initializer_list<const char*> environment = {});

// The configuration of a text that must be valid; with problems the test fails and says them.
[[nodiscard]] Config valid(const std::string& text, std::initializer_list<const char*> environment = {});

// The rule of that name among the common rules.
[[nodiscard]] const RuleConfig& rule(const Config& config, std::string_view name);

// An `alpha` section with this one line, as a whole file.
[[nodiscard]] std::string alpha(const std::string& line);

// A folder of its own that is removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  // Writes a file with these permission bits and returns its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rm::test
