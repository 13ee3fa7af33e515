#pragma once
// C++ source as lines of code: comments and the insides of literals are blanked, #include lines are kept whole.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rm::test {

struct Include {
  std::string path;
  bool quoted = false;  // "..." rather than <...>
  int line = 0;
};

struct SourceText {
  std::vector<std::string> code;  // by line, from 0; no comments, no literals
  std::vector<Include> includes;
};

SourceText read_source(const std::filesystem::path& file);
// Whether `word` stands in `line` as a word of its own.
bool has_word(std::string_view line, std::string_view word);

}  // namespace rm::test
