#include "source_text.h"

#include <cctype>
#include <fstream>
#include <optional>
#include <sstream>

namespace rm::test {
namespace {

std::optional<Include> include_of(std::string_view line, int number) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return std::nullopt;
  const auto word = line.find("include", hash);
  if (word == std::string_view::npos) return std::nullopt;
  const auto open = line.find_first_of("<\"", word);
  if (open == std::string_view::npos) return std::nullopt;
  const bool quoted = line[open] == '"';
  const auto close = line.find(quoted ? '"' : '>', open + 1);
  if (close == std::string_view::npos) return std::nullopt;
  return Include{std::string{line.substr(open + 1, close - open - 1)}, quoted, number};
}

// Blanks comments and literals, keeping line ends. Raw strings end at their delimiter.
class Blanker {
 public:
  explicit Blanker(std::string text) : text_{std::move(text)} {}
  std::string run() {
    while (i_ < text_.size()) step();
    return text_;
  }

 private:
  [[nodiscard]] bool at(std::string_view what) const { return text_.compare(i_, what.size(), what) == 0; }
  void blank_to(std::size_t end) {
    for (end = std::min(end, text_.size()); i_ < end; ++i_) {
      if (text_[i_] != '\n') text_[i_] = ' ';
    }
  }
  void step() {
    if (at("//")) return blank_to(text_.find('\n', i_));
    if (at("/*")) {
      const auto end = text_.find("*/", i_ + 2);
      return blank_to(end == std::string::npos ? end : end + 2);
    }
    if (at("R\"")) {
      const auto open = text_.find('(', i_);
      const std::string close = ")" + text_.substr(i_ + 2, open - i_ - 2) + "\"";
      const auto end = text_.find(close, open);
      return blank_to(end == std::string::npos ? end : end + close.size());
    }
    const bool digit_separator =
        text_[i_] == '\'' && i_ > 0 && std::isalnum(static_cast<unsigned char>(text_[i_ - 1])) != 0;
    if (text_[i_] == '"' || (text_[i_] == '\'' && !digit_separator)) return blank_to(end_of_literal());
    ++i_;
  }
  [[nodiscard]] std::size_t end_of_literal() const {
    const char quote = text_[i_];
    for (std::size_t j = i_ + 1; j < text_.size() && text_[j] != '\n'; ++j) {
      if (text_[j] == '\\') {
        ++j;
      } else if (text_[j] == quote) {
        return j + 1;
      }
    }
    return i_ + 1;
  }
  std::string text_;
  std::size_t i_ = 0;
};

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

SourceText read_source(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::stringstream all;
  all << in.rdbuf();
  SourceText source;
  std::istringstream raw{all.str()};
  int number = 0;
  for (std::string line; std::getline(raw, line);) {
    if (const auto include = include_of(line, ++number)) source.includes.push_back(*include);
  }
  std::istringstream blanked{Blanker{all.str()}.run()};
  for (std::string line; std::getline(blanked, line);) source.code.push_back(line);
  return source;
}

bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool begins = at == 0 || !is_word_char(line[at - 1]);
    const bool ends = at + word.size() == line.size() || !is_word_char(line[at + word.size()]);
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace rm::test
